"""A real kill in a unit with a limit, as the daemon, the journal and the history tell it."""
import json

from client import ask, do, expect, say, wait_for
from machine import journal, run

EATER = "python3 -c 'import time; print(len(bytearray(200 << 20))); time.sleep(60)'"
LIMIT = 48 << 20


def of_a_unit():
    say("--- a kill in a unit with MemoryMax=")
    known = {event["id"] for event in do("GET", "/oom-kills")["events"]}
    run(f"systemd-run --wait --collect -p MemoryMax=48M -p MemorySwapMax=0 {EATER}", status=1)
    event = wait_for("its event", lambda: new_event(known), 20)
    say(json.dumps(event, indent=1))
    unit = event["victim_cgroup"].rsplit("/", 1)[-1]
    expect("whether the unit is one that systemd-run named", unit.startswith("run-") and unit.endswith(".service"), True)
    expect("the unit of the victim", event["victim"].get("unit", event.get("unit")), unit)
    expect("the limit's cgroup", event["limit_cgroup"], f"/system.slice/{unit}")
    expect("its scope", event["scope"], "memcg")
    expect("the cause", (event["diagnosis"]["cause"], event["diagnosis"]["confidence"]), ("memcg_limit", "certain"))
    whole = do("GET", f"/oom-kills/{event['id']}")
    expect("the limit in bytes", str(LIMIT) in json.dumps(whole), True)
    run(f"curl -s -H 'Accept: text/plain' localhost:10137/oom-kills/{event['id']}")
    run(f"curl -s 'localhost:10137/oom-kills/stats?pretty' | head -n 20")


def new_event(known):
    status, text = ask("GET", "/oom-kills")
    events = json.loads(text)["events"] if status == 200 else []
    return next((event for event in events if event["id"] not in known), None)


def in_the_journal():
    say("--- the journal")
    entries = journal("MESSAGE_ID=b5f9d83c1c0e4f0a9a6d4e7721c8a35d")
    told = [entry for entry in entries if entry["OOMWARDEN_VERB"] == "protect" and entry["OOMWARDEN_RESULT"] == "done"]
    say(json.dumps(told[0], indent=1))
    entry = next(each for each in told if each.get("OOMWARDEN_REASON") == "lab")
    expect("its fields", [entry[f"OOMWARDEN_{name}"] for name in ("WHO", "BEFORE", "AFTER", "COMM")], ["admin", "0", "-900", "sleep"])
    expect("what systemd adds", (entry["_SYSTEMD_UNIT"], entry["SYSLOG_IDENTIFIER"], entry["PRIORITY"]), ("oomwarden.service", "oomwarden", "5"))
    expect("by who", {each["OOMWARDEN_WHO"] for each in journal("OOMWARDEN_WHO=night")}, {"night"})
    expect("what root's commands did", {each["OOMWARDEN_VERB"] for each in journal("OOMWARDEN_WHO=uid 0")}, {"create_token"})
    policy = journal("OOMWARDEN_POLICY=postgres-main", "OOMWARDEN_VERB=apply_policy", "OOMWARDEN_RESULT=done")
    say("\n".join(each["MESSAGE"] for each in policy))
    expect("whether the policy is told", len(policy) > 0, True)
    listed = do("GET", "/audit?limit=1000")["entries"]
    ids = {int(each["OOMWARDEN_ENTRY"]) for each in entries}
    expect("entries of the audit that the journal has not", [each for each in listed if each["id"] not in ids], [])
    into_a_new_history()


def into_a_new_history():
    say("--- the journal, imported")
    run("rm -rf /tmp/new && journalctl -k -o json | oomwarden import --state-dir /tmp/new -")
    again = run("journalctl -k -o json | oomwarden import --state-dir /tmp/new -")
    expect("whether the second time adds nothing", "0 new" in again, True)
    found = json.loads(run("oomwarden kills --json --since 1d --state-dir /tmp/new"))["events"]
    groups = [each["limit_cgroup"] for each in found]
    expect("whose limits they were, newest first", [each.split("/")[2].split("-")[0] for each in groups], ["run", "system"])
    known = {event["id"] for event in do("GET", "/oom-kills")["events"]}
    run("journalctl -k -o json | oomwarden import -")
    expect("events of the daemon then", {event["id"] for event in do("GET", "/oom-kills")["events"]}, known)
