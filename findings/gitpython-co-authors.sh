#!/bin/sh
# GitPython's commit.co_authors finds "Co-authored-by: Bea <bea@example.org>" written with these very capitals, and no
# blank or carriage return behind it. "Co-Authored-By:", which programs that write code and many people put, and
# "co-authored-by:" give an empty list, as does a trailing blank; git itself reads all four as one trailer (tokens have
# no case to it). It takes any line of the message too, in the middle of the text.
# One would guess git's own trailers. Co-authors counted with it are those of one way of writing. Seen with GitPython
# 3.1.30 and git 2.39.5 (Debian 12).
# Needs git and apt-get; installs Debian's package python3-git where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import git' 2>/dev/null || apt-get install -y --no-install-recommends python3-git >/dev/null
/usr/bin/python3 - <<'PY'
import os
import subprocess
import sys
import tempfile

os.environ.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
for role in ("AUTHOR", "COMMITTER"):
    os.environ.update({f"GIT_{role}_NAME": "Ada", f"GIT_{role}_EMAIL": "ada@example.org"})
import git

print("GitPython", git.__version__, "with", git.Git().version())
texts = ("Co-authored-by: Bea <bea@example.org>", "Co-Authored-By: Bea <bea@example.org>", "co-authored-by: Bea <bea@example.org>", "Co-authored-by: Bea <bea@example.org> ",
         "Co-authored-by: Bea <bea@example.org>\nis what I would write.\n\nReviewed-by: Cyd <cyd@example.org>")
found = []
with tempfile.TemporaryDirectory() as folder:
    repository = git.Repo.init(folder)
    for text in texts:
        subprocess.check_call(["git", "-C", folder, "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", "Work\n\n" + text])
        by_git = subprocess.check_output(["git", "-C", folder, "log", "-1", "--format=%(trailers:key=Co-authored-by,valueonly)"], text=True).strip()
        found.append((len(repository.head.commit.co_authors), 1 if by_git else 0))
        print(f"{text!r}: GitPython {found[-1][0]}, git {found[-1][1]}")
sys.exit(0 if found == [(1, 1), (0, 1), (0, 1), (0, 1), (1, 0)] else 1)
PY
