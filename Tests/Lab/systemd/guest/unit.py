"""The unit as it is installed, and with the drop-in for actions."""
import shutil

from client import TOKEN, ask, do, expect, say, wait_for
from machine import DROP_INS, adjustment, journal, main_pid, run, show, status


def abilities():
    return {each["what"]: each for each in do("GET", "/capabilities?pretty")["can"]}


def is_well(capabilities):
    """Active since READY, as nobody's user, and no system call was refused with a signal."""
    expect("its state", (show("ActiveState"), show("SubState"), show("Type")), ("active", "running", "notify"))
    pid = main_pid()
    expect("its own oom_score_adj", adjustment(pid), -900)
    expect("whether its user is one of DynamicUser=", 61184 <= int(status(pid, "Uid").split()[0]) <= 65519, True)
    expect("its capabilities", do("GET", "/capabilities")["capabilities"], capabilities)
    expect("CapEff of the kernel", status(pid, "CapEff"), f"{sum(1 << NUMBERS[name] for name in capabilities):016x}")
    expect("its filter of system calls", status(pid, "Seccomp"), "2")
    expect("messages of seccomp and of audit", [each["MESSAGE"] for each in journal("-k", "--grep=type=1326|sig=31")], [])
    # The ring of the kernel's log is read beside the first answers.
    wait_for("/-/ready", lambda: ask("GET", "/-/ready")[0] == 200 or None, 20)


NUMBERS = {"CAP_DAC_OVERRIDE": 1, "CAP_SYS_RESOURCE": 24, "CAP_SYSLOG": 34}


def plain():
    say("--- the unit without its drop-in")
    is_well(["CAP_SYSLOG"])
    can = abilities()
    expect("whether it reads the kernel's log", can["read_kernel_log"]["possible"], True)
    expect("whether it can lower", can["lower_oom_score_adj"]["possible"], False)
    found, text = ask("POST", "/processes/1/protect")
    expect("status of a protect", found, 403)
    say(text)
    expect("how long the token is", len(TOKEN), 64)


def with_actions():
    say("--- the unit with actions.conf")
    DROP_INS.mkdir(parents=True)
    shutil.copy("/usr/local/share/doc/oomwarden/actions.conf", DROP_INS)
    run("systemctl daemon-reload && systemctl restart oomwarden")
    is_well(["CAP_DAC_OVERRIDE", "CAP_SYS_RESOURCE", "CAP_SYSLOG"])
    can = abilities()
    for what in "lower_oom_score_adj", "adjust_other_users", "read_kernel_log":
        expect(f"whether it can {what}", can[what]["possible"], True)
    run("systemctl status --no-pager oomwarden; systemd-analyze security --no-pager oomwarden | tail -n 1")
