#!/bin/sh
# The greatest memory that Linux tells of a child (ru_maxrss, by wait4, getrusage and GNU time) begins with what its PARENT
# held when it was started: exec keeps the mark. `true`, measured by a harness that holds 300 MiB, "needs" 300 MiB. One
# would guess the child's own. A benchmark of memory that a large program drives measures the driver: all children below
# that mark are equal, and a harness that grows looks like a regression of what it tests. A small program in between, which
# starts the child and measures it, gives the child's own. Seen with Linux 6.18 and Python 3.11.
# Needs python3 on Linux; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
uname -sr
python3 --version
python3 - <<'PYTHON'
import os, subprocess, sys

MEASURE = "import os, subprocess; print(os.wait4(subprocess.Popen(['true']).pid, 0)[2].ru_maxrss // 1024)"

def greatest(command):
    return os.wait4(subprocess.Popen(command).pid, 0)[2].ru_maxrss // 1024

small = greatest(["true"])
held = b"x" * (300 << 20)
large = greatest(["true"])
between = int(subprocess.check_output([sys.executable, "-c", MEASURE]))
print(f"true, measured by a small program:                       {small} MiB")
print(f"true, measured by a program that holds 300 MiB:          {large} MiB")
print(f"true, measured by a small program that this one starts:  {between} MiB")
sys.exit(not (small < 60 and large >= 300 and between < 60))
PYTHON
