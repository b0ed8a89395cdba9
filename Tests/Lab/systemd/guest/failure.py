"""The daemon dies, and at last for good."""
import time

from client import change, do, expect, say, wait_for
from machine import DROP_INS, Watch, adjustment, drop_in, main_pid, messages, run, show, wait_for_state


def is_started_again():
    say("--- kill -9")
    pid = main_pid("sleeper.service")
    lease = change(f"/processes/{pid}/protect", {"oom_score_adj": -700, "ttl_seconds": 3600}, 0, -700)["lease"]["id"]
    killed = main_pid()
    with Watch(pid) as watch:
        run(f"kill -9 {killed}")
        wait_for("another daemon", lambda: (main_pid() not in (0, killed) and show("ActiveState") == "active") or None, 60)
    expect("values meanwhile", watch.seen, [-700])
    expect("how often it was started again", show("NRestarts"), "1")
    expect("the leases", [each["id"] for each in do("GET", "/leases")["leases"]], [lease])
    expect("whether oomwarden-restore ran", messages("-u", "oomwarden-restore.service"), [])


def gives_up():
    say("--- it cannot be started any more")
    pid = main_pid("sleeper.service")
    began = time.monotonic()
    drop_in("zz-broken.conf", "[Service]\nExecStart=\nExecStart=/usr/local/bin/oomwarden serve --no-such-flag\n")
    with Watch(pid) as watch:
        run("systemctl reset-failed oomwarden; systemctl restart oomwarden", status=1)
        wait_for_state("failed", seconds=200)
        wait_for("the value of before", lambda: adjustment(pid) == 0 or None, 30)
    say(f"given up after {time.monotonic() - began:.1f} s, with {show('NRestarts')} starts: {show('Result')}")
    expect("values meanwhile", watch.seen, [-700, 0])
    told = messages("-u", "oomwarden-restore.service")
    expect("whether oomwarden-restore says so", any(f"{pid}" in each and "-700" in each for each in told), True)
    say("\n".join(told))
    (DROP_INS / "zz-broken.conf").unlink()
    run("systemctl daemon-reload && systemctl reset-failed oomwarden && systemctl start oomwarden")
    wait_for("the lease again", lambda: adjustment(pid) == -700 or None, 10)
    do("DELETE", f"/leases/{do('GET', '/leases')['leases'][0]['id']}")
    expect("its value at the end", adjustment(pid), 0)
