"""The guest as its administrator sees it: systemctl, the journal, /proc."""
import json
import pathlib
import subprocess
import threading

from client import expect, say, wait_for

UNIT = "oomwarden.service"
DROP_INS = pathlib.Path("/etc/systemd/system/oomwarden.service.d")
STATE = "/var/lib/oomwarden"


def run(command, status=0, env=None):
    """What a shell prints, where it must end with that status."""
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=300, env=env)
    say(f"$ {command}\n{done.stdout}{done.stderr}".rstrip())
    expect("its exit status", done.returncode, status)
    return done.stdout


def show(name, unit=UNIT):
    return subprocess.run(["systemctl", "show", "-P", name, unit], capture_output=True, text=True, check=True).stdout.strip()


def main_pid(unit=UNIT):
    return int(show("MainPID", unit))


def adjustment(pid):
    """By the kernel's word alone; None for a process that is gone."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/oom_score_adj").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return None


def status(pid, field):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split(":", 1)[1].strip() for line in lines if line.startswith(field + ":"))


def write_as(user, pid, value):
    """Whether the kernel takes it from a user without capabilities."""
    done = subprocess.run(
        ["setpriv", f"--reuid={user}", "--clear-groups", "--bounding-set=-all", "sh", "-c", f"echo {value} > /proc/{pid}/oom_score_adj"],
        capture_output=True, text=True)
    return done.returncode == 0


def journal(*arguments):
    """Entries of this boot; where --grep finds none, the exit status is 1."""
    done = subprocess.run(["journalctl", "-q", "-b", "-o", "json", *arguments], capture_output=True, text=True)
    if done.stderr:
        raise AssertionError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def messages(*arguments):
    return [entry["MESSAGE"] for entry in journal(*arguments) if isinstance(entry.get("MESSAGE"), str)]


def drop_in(name, text):
    DROP_INS.mkdir(parents=True, exist_ok=True)
    (DROP_INS / name).write_text(text)
    run("systemctl daemon-reload")


def wait_for_state(state, unit=UNIT, seconds=60):
    wait_for(f"{unit} to be {state}", lambda: show("ActiveState", unit) == state or None, seconds)


class Watch:
    """Every value that a process had while it was looked at, in their order."""

    def __init__(self, pid):
        self.pid, self.seen, self.looks = pid, [], 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def look(self):
        while not self.over.wait(0.002):
            value = adjustment(self.pid)
            self.looks += 1
            if not self.seen or self.seen[-1] != value:
                self.seen.append(value)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        say(f"looked {self.looks} times at oom_score_adj of {self.pid}: {self.seen}")
