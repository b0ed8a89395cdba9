#!/usr/bin/env python3
"""What the README and Deploy/systemd promise of a machine with systemd. The first start makes the token that the client needs."""
import subprocess

subprocess.run(["systemctl", "enable", "--now", "oomwarden"], check=True)

import client  # noqa: E402
import failure  # noqa: E402
import kills  # noqa: E402
import leases  # noqa: E402
import night  # noqa: E402
import unit  # noqa: E402


def scene():
    unit.plain()
    unit.with_actions()
    leases.outlive_a_restart()
    leases.end_with_the_daemon()
    failure.is_started_again()
    failure.gives_up()
    night.of_the_readme()
    kills.of_a_unit()
    kills.in_the_journal()


client.run(scene)
