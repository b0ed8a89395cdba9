"""What the scenes' clients share: they run beside a virtual machine and speak to the daemon in it.

PORT and OUT are the lab's, TOKEN_FILE is ours. What was asked and answered goes to OUT/hook.log; its last line is `passed` or the failure.
"""
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

BASE = f"http://127.0.0.1:{os.environ['PORT']}"
TOKEN = pathlib.Path(os.environ["TOKEN_FILE"]).read_text().strip()
LOG = open(pathlib.Path(os.environ["OUT"]) / "hook.log", "w", buffering=1, encoding="utf-8")


def say(*words):
    print(*words, file=LOG)


def ask(method, path, body=None):
    """Status and text; (0, reason) while nobody answers."""
    request = urllib.request.Request(BASE + path, method=method, data=None if body is None else json.dumps(body).encode())
    if body is not None:
        request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", f"Bearer {TOKEN}")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def do(method, path, body=None, status=200):
    """What is answered, where it must be answered with that status."""
    found, text = ask(method, path, body)
    say(f"{method} {path} {json.dumps(body)}: {found} {text.strip()}")
    expect(f"status of {method} {path}", found, status)
    return json.loads(text) if text.strip() else None


def expect(what, found, expected):
    if found != expected:
        raise AssertionError(f"{what}: expected {expected!r}, found {found!r}")
    say(f"ok: {what} is {found!r}")


def wait_for(what, look, seconds=150):
    """The first answer of `look` that is not None."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(0.2)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


def wait_for_daemon():
    wait_for("the daemon", lambda: ask("GET", "/-/healthy")[0] == 200 or None)


def processes():
    """By name the processes that are listed; None while they are not."""
    status, text = ask("GET", "/processes?limit=1000")
    if status != 200:
        return None
    listed = {}
    for process in json.loads(text)["processes"]:
        listed.setdefault(process["comm"], []).append(process)
    return listed


def pids(*names):
    """The pids of these, when all of them are listed."""
    listed = processes()
    return [listed[name][0]["pid"] for name in names] if listed and set(names) <= listed.keys() else None


def grown(*names):
    """The pids of these, when all of them have the memory that they are to have: none has grown since the look before."""
    before = {}

    def look():
        listed = processes() or {}
        now = {name: listed[name][0]["rss_bytes"] for name in names if name in listed}
        is_grown = len(now) == len(names) and now == before
        before.clear()
        before.update(now)
        time.sleep(0.5)
        return [listed[name][0]["pid"] for name in names] if is_grown else None

    return wait_for(f"{' and '.join(names)} to have their memory", look)


def adjustment(pid):
    status, text = ask("GET", f"/processes/{pid}")
    return json.loads(text)["oom_score_adj"] if status == 200 else None


def event_of(pid):
    status, text = ask("GET", "/oom-kills")
    events = json.loads(text)["events"] if status == 200 else []
    return next((event for event in events if event["victim"]["pid"] == pid), None)


def change(path, body, before, after):
    answer = do("POST", path, body)
    expect("before", answer["before"]["oom_score_adj"], before)
    expect("after", answer["after"]["oom_score_adj"], after)
    return answer


def run(scene):
    try:
        scene()
    except Exception as error:  # whatever it is, the runner reads it in the log
        say(f"FAILED: {error!r}")
        sys.exit(1)
    say("passed")
