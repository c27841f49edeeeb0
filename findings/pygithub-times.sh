#!/bin/sh
# PyGithub's created_at, closed_at and merged_at have no zone: GitHub says "2026-01-05T09:15:00Z", and the library cuts
# the Z off. .timestamp() of it takes it for the machine's local time, so in New York it is five hours later than it was,
# in summer four; a difference from datetime.now() has the same hours, or, with a zone, raises TypeError. One would guess
# UTC, since the forge tells it. Ages of issues, and what a stale bot closes, depend on where the script runs, and agree
# only on servers that are set to UTC. Seen with PyGithub 1.55 (Debian 12).
# Needs apt-get; installs Debian's package python3-github where it is missing; asks no forge. Exits non-zero where it
# behaves otherwise.
set -eu
/usr/bin/python3 -c 'import github' 2>/dev/null || apt-get install -y --no-install-recommends python3-github >/dev/null
/usr/bin/python3 - <<'PY'
import datetime
import os
import sys
import time

from github.Issue import Issue

os.environ["TZ"] = "America/New_York"
time.tzset()
text = "2026-01-05T09:15:00Z"
issue = Issue(None, {}, {"number": 1, "created_at": text}, completed=True)
true = datetime.datetime(2026, 1, 5, 9, 15, tzinfo=datetime.timezone.utc).timestamp()
print("forge:", text, " PyGithub:", repr(issue.created_at), " hours too late:", (issue.created_at.timestamp() - true) / 3600)
sys.exit(0 if issue.created_at.tzinfo is None and issue.created_at.timestamp() - true == 5 * 3600 else 1)
PY
