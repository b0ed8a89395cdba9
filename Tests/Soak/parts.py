"""What the soaks share: a control group in which processes are killed, and the daemon that tells of it."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

LIMIT = 16 << 20


class Group:
    """A memory cgroup of our own, v1 or v2."""

    def __init__(self):
        v1 = pathlib.Path("/sys/fs/cgroup/memory")
        self.path = (v1 if v1.is_dir() else pathlib.Path("/sys/fs/cgroup")) / f"oomwarden-soak-{os.getpid()}"
        self.path.mkdir()
        for name, value in [("memory.limit_in_bytes", LIMIT), ("memory.max", LIMIT), ("memory.swap.max", 0)]:
            if (self.path / name).exists():
                (self.path / name).write_text(str(value))

    def kill(self):
        """Lets a process eat until the kernel ends it; its pid in the pid namespace of the log."""
        eater = subprocess.Popen(["/bin/sh", "-c", f"echo $$ > {self.path}/cgroup.procs && exec tail /dev/zero"],
                                 stdout=subprocess.DEVNULL)
        eater.wait()
        if eater.returncode != -signal.SIGKILL:
            sys.exit(f"soak: the eater ended with {eater.returncode} instead of being killed")
        return eater.pid

    def remove(self):
        for _ in range(100):
            try:
                return self.path.rmdir()
            except OSError:
                time.sleep(0.02)


class Daemon:
    """`oomwarden serve` on a port that it keeps over restarts."""

    def __init__(self, binary, state):
        self.binary, self.state, self.port = binary, state, 0
        self.start()

    def start(self):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [self.binary, "serve", "--no-import", "--state-dir", self.state, "--web.listen-address", f"127.0.0.1:{self.port}",
             "--log.format", "text"], stderr=self.log)
        for _ in range(400):
            self.log.seek(0)
            if found := re.search(r"serving on (http://127\.0\.0\.1:\d+)", self.log.read()):
                self.url = found[1]
                self.port = int(self.url.rsplit(":", 1)[1])
                break
            time.sleep(0.05)
        else:
            sys.exit("soak: the daemon does not serve")
        for _ in range(400):
            try:
                urllib.request.urlopen(self.url + "/-/ready").close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("soak: the daemon never is ready")

    def end(self, number):
        self.process.send_signal(number)
        self.process.wait()

    def get(self, target):
        with urllib.request.urlopen(self.url + target) as answer:
            return answer.read().decode()

    def events(self):
        found, cursor = [], ""
        while True:
            page = json.loads(self.get("/oom-kills?limit=500" + cursor))
            found += page["events"]
            if not page["next_cursor"]:
                return found
            cursor = "&cursor=" + page["next_cursor"]

    def counted(self):
        return sum(float(value) for value in re.findall(r'^oomwarden_oom_kills_total\{.*\} (\S+)$', self.get("/metrics"), re.M))
