"""A lease on another user's process, over what systemd does to the daemon."""
import json

from client import ask, change, do, expect, say, wait_for
from machine import STATE, Watch, adjustment, main_pid, run, show, write_as


def sleeper(name):
    """A process of nobody's, in a unit of its own."""
    run(f"systemd-run --unit={name} --uid=nobody -p KillMode=mixed sleep infinity")
    pid = main_pid(f"{name}.service")
    expect("its value", adjustment(pid), 0)
    return pid


def the_floor_is_kept(pid):
    """oom_score_adj_min has no file: what the kernel takes from the process's own user tells where it is."""
    expect("whether its user may lower it below 0", write_as("nobody", pid, -1), False)
    change(f"/processes/{pid}/protect", {"oom_score_adj": 300}, 0, 300)
    expect("whether its user may go back to its floor, 0", write_as("nobody", pid, 0), True)
    do("POST", f"/processes/{pid}/unprotect")
    change(f"/processes/{pid}/protect", {"oom_score_adj": -900}, 0, -900)
    expect("whether its user may raise it, and go back to the floor that moved down", [write_as("nobody", pid, v) for v in (-500, -900)], [True, True])
    do("POST", f"/processes/{pid}/unprotect")
    expect("its value after the lease", adjustment(pid), 0)
    expect("whether its user may go below it now", write_as("nobody", pid, -1), False)


def outlive_a_restart():
    say("--- a lease, and systemctl restart")
    pid = sleeper("sleeper")
    the_floor_is_kept(pid)
    lease = change(f"/processes/{pid}/protect", {"oom_score_adj": -900, "ttl_seconds": 3600, "reason": "lab"}, 0, -900)["lease"]["id"]
    expect("its value by /proc", adjustment(pid), -900)
    before = main_pid()
    with Watch(pid) as watch:
        run("systemctl restart oomwarden")
        wait_for("its leases", lambda: ask("GET", "/leases")[0] == 200 or None, 10)
    expect("whether it is another process", main_pid() != before, True)
    expect("values during the restart", watch.seen, [-900])
    expect("the leases", [(each["id"], each["pid"]) for each in do("GET", "/leases")["leases"]], [(lease, pid)])


def end_with_the_daemon():
    say("--- systemctl stop, and start")
    pid = main_pid("sleeper.service")
    with Watch(pid) as watch:
        run("systemctl stop oomwarden")
    expect("values during the stop", watch.seen, [-900, 0])
    expect("the result of the unit", (show("ActiveState"), show("Result")), ("inactive", "success"))
    kept = json.loads(run(f"oomwarden leases --json --state-dir {STATE}"))["leases"]
    expect("whom the leases are for that have not run out", [each["pid"] for each in kept], [pid])
    with Watch(pid) as watch:
        run("systemctl start oomwarden")
        wait_for("the value again", lambda: adjustment(pid) == -900 or None, 10)
    expect("values during the start", watch.seen, [0, -900])
    do("DELETE", f"/leases/{kept[0]['id']}")
    expect("its value after the lease", adjustment(pid), 0)
    run("systemctl restart oomwarden")
    expect("leases that are left", do("GET", "/leases")["leases"], [])
    expect("its value then", adjustment(pid), 0)
