"""The README's "A night with PostgreSQL", on a real one: the commands are taken from it, letter by letter."""
import json
import os
import pathlib
import re
import subprocess
import time

from client import TOKEN, do, event_of, expect, say, wait_for
from machine import adjustment, main_pid, run

CLUSTER = "postgresql@15-main.service"
SLICE = "system-postgresql.slice"
SETTINGS = pathlib.Path("/etc/systemd/system/postgresql@.service.d/scene.conf")
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--clear-groups", "psql", "-q", "-c"]
# Debian's package protects the main process by itself, in the unit and in pg_ctlcluster, and its backends reset themselves. This is a
# PostgreSQL that knows nothing of the OOM killer, as one started by hand.
UNPROTECTED = """[Service]
User=postgres
OOMScoreAdjust=0
ExecStart=
ExecStart=/usr/lib/postgresql/15/bin/pg_ctl start -D /var/lib/postgresql/15/main -l /var/log/postgresql/scene.log -o "-c config_file=/etc/postgresql/15/main/postgresql.conf"
ExecStop=
ExecStop=/usr/lib/postgresql/15/bin/pg_ctl stop -m fast -D /var/lib/postgresql/15/main
"""


def blocks():
    """What is indented in that section, block by block, each as a text of shell."""
    section = re.search(r"^## A night with PostgreSQL\n(.*?)^## ", pathlib.Path("/scene/README.md").read_text(), re.M | re.S).group(1)
    return [re.sub(r"^    ", "", block, flags=re.M).strip() for block in re.findall(r"(?:^    .*\n)+", section, re.M)]


def start():
    """The main process of a PostgreSQL that has just been started, and answers."""
    run(f"systemctl restart {CLUSTER}")
    wait_for("a session", lambda: subprocess.run([*AS_POSTGRES, "select 1"], cwd="/", capture_output=True).returncode == 0 or None, 60)
    return main_pid(CLUSTER)


def values(main):
    """Of the main process, and those that its children have."""
    children = subprocess.run(["pgrep", "-P", str(main)], capture_output=True, text=True).stdout.split()
    return adjustment(main), {adjustment(int(pid)) for pid in children} - {None}


def settle(main, seconds=30):
    began = time.monotonic()
    wait_for("the main process to be protected, its children not", lambda: values(main) == (-900, {0}) or None, seconds)
    say(f"ok: main process {main} has -900 and all its children 0 after {time.monotonic() - began:.1f} s")


def of_the_readme():
    say("--- a night with PostgreSQL")
    SETTINGS.parent.mkdir(parents=True)
    SETTINGS.write_text(UNPROTECTED)
    run("systemctl daemon-reload")
    main = start()
    expect("values of a PostgreSQL that knows nothing", values(main), (0, {0}))
    evening, shift, morning = blocks()
    night = put_policy(main, evening)
    session_is_killable(main)
    memory_runs_out(main, shift, night)
    run(morning, env={**os.environ, "TOKEN": TOKEN})
    report = do("GET", "/policies/postgres-main")
    expect("whom it holds, and who contests it", (report["matched"], report["applied"], report["contested"]), (report["matched"], 1, []))
    is_caught_again(main)
    beside_the_packages_own()


def put_policy(main, evening):
    # The secret stays in a variable of that shell.
    lines = run(evening + '\necho "$NIGHT"', env={**os.environ, "TOKEN": TOKEN}).splitlines()
    put = re.search(r"^curl (?:.*\\\n)*.*", evening, re.M).group(0)
    run(put.replace("?dry_run", ""), env={**os.environ, "TOKEN": TOKEN})
    settle(main)
    secret = next(line for line in lines if line.startswith("oomw_"))
    return secret


def session_is_killable(main):
    """A backend that is forked from the protected main process."""
    session = subprocess.Popen([*AS_POSTGRES, "select pg_sleep(600)"], cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    backend = wait_for("its backend", lambda: backend_of(main), 20)
    wait_for("its old value", lambda: adjustment(backend) == 0 or None, 10)
    ranks = [each["pid"] for each in do("GET", "/victims?limit=100")["victims"]]
    expect("whether the backend dies before the main process", ranks.index(backend) < ranks.index(main), True)
    run("oomwarden victims --cgroup /system.slice/system-postgresql.slice")
    session.kill()


def backend_of(main):
    done = subprocess.run(["pgrep", "-P", str(main), "-f", "SELECT"], capture_output=True, text=True).stdout.split()
    return int(done[0]) if done else None


def beside(program, **options):
    """In a scope of PostgreSQL's slice; unlike the scene itself, which is exempt, with the value that all have."""
    return subprocess.Popen(
        ["systemd-run", "--scope", "--quiet", f"--slice={SLICE}", *program],
        preexec_fn=lambda: pathlib.Path("/proc/self/oom_score_adj").write_text("0"), **options)


def memory_runs_out(main, shift, night):
    """The import protects itself and takes half of what there is; then another asks for more than the rest.

    Of the slice, not of the machine: that one would first read its programs from the disk again and again, for minutes.
    """
    run(f"systemctl set-property --runtime {SLICE} MemoryMax=400M MemorySwapMax=0")
    hog = "import time; kept = bytearray(b'x') * (%d << 20); print('ready', flush=True); time.sleep(600)"
    program = f'{shift}\necho\nexec python3 -c "{hog % 200}"'
    job = beside(
        ["bash", "-c", program], env={**os.environ, "NIGHT": night}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    say(f"$ {shift}")
    for line in job.stdout:
        say(line.strip())
        if line == "ready\n":
            break
    expect("value of the import", adjustment(job.pid), -600)
    eater = beside(["python3", "-c", hog % 350])
    expect("how the other ended", eater.wait(timeout=120), -9)
    event = wait_for("the event of the kill", lambda: event_of(eater.pid), 30)
    say(json.dumps(event))
    expect("whose limit it was", (event["scope"], event["limit_cgroup"]), ("memcg", f"/system.slice/{SLICE}"))
    expect("whether import and main process live", (job.poll(), main_pid(CLUSTER)), (None, main))
    job.kill()
    run(f"systemctl set-property --runtime {SLICE} MemoryMax=infinity")


def is_caught_again(main):
    again = start()
    expect("whether it is another process", again != main, True)
    settle(again)


def beside_the_packages_own():
    """As Debian has it: OOMScoreAdjust=-900 in the unit, and each backend sets itself to 0."""
    SETTINGS.unlink()
    run("systemctl daemon-reload")
    main = start()
    settle(main)
    expect("who contests it", do("GET", "/policies/postgres-main")["contested"], [])
    run(f"curl -s -X DELETE -H 'Authorization: Bearer {TOKEN}' localhost:10137/policies/postgres-main")
    expect("its own values, without the policy", values(main), (-900, {0}))
