#!/usr/bin/env python3
"""Messages of commits: trailers in the store are those that git log --format=%(trailers) tells, for random messages.

    messages.py BINARY [--count N] [--seed S]
"""
import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--count", type=int, default=2000)
parser.add_argument("--seed", type=int, default=20261129)
arguments = parser.parse_args()
binary = str(pathlib.Path(arguments.binary).resolve())

SHA = "0123456789abcdef0123456789abcdef01234567"
PIECES = ["Signed-off-by: A <a@x.org>", "Co-authored-by: B <b@x.org>", "Reviewed-by : C", "free text here", "  indented",
          "\tTabbed: x", f"(cherry picked from commit {SHA})", "# comment", "", "", "", "---", "--- ", "Conflicts:",
          "\tfile.c", "# ------------------------ >8 ------------------------", "https://example.org/x", "Key=value",
          "Empty:", "a-b: c", "Grüße: x", "signed-off-by: D", " ", "\r", "Key: v\r", ": x", "-: y", "Acked-by:E",
          f"This reverts commit {SHA}.", "diff --git a/x b/x", "Word two: three", "x:"]


def messages():
    source = random.Random(arguments.seed)
    made = {}
    while len(made) < arguments.count:
        lines = [source.choice(PIECES) for _ in range(source.randint(0, 14))]
        if source.random() < 0.8:
            lines = ["subject", ""] + lines
        made["\n".join(lines) + source.choice(["\n", "", "\n\n"])] = None
    return list(made)


def normal(token, value):
    """As the store has it: tokens in lower case, addresses blanked, control characters cleaned."""
    return token.strip().lower(), re.sub(r"<?[\w.]+@[\w.]+>?", "@", re.sub(r"\s+", " ", value).strip()).replace("<e-mail>", "@").replace("<@>", "@")


with tempfile.TemporaryDirectory() as folder:
    environment = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null", HOME=folder,
                       XDG_CONFIG_HOME=folder)

    def run(*command, data=None):
        done = subprocess.run(command, input=data, capture_output=True, env=environment, cwd=folder)
        if done.returncode:
            sys.exit(f"{' '.join(command[:3])}: {done.stderr.decode()[:500]}")
        return done.stdout

    run("git", "init", "-q", "-b", "main", "clone")
    stream = b""
    for number, message in enumerate(messages()):
        data = message.encode()
        stream += b"commit refs/heads/main\ncommitter A <a@x.org> %d +0000\ndata %d\n%s\n" % (
            1700000000 + number, len(data), data)
    run("git", "-C", "clone", "fast-import", "--quiet", data=stream)
    told = run("git", "-C", "clone", "log", "--format=%H%x02%(trailers:only=true,unfold=true,separator=%x01)%x00", "main")
    expected = {}
    for entry in told.decode().split("\0"):
        if "\x02" in entry:
            sha, trailers = entry.strip("\n").split("\x02", 1)
            expected[sha] = [normal(*each.split(":", 1)) for each in trailers.split("\x01") if each]
    store = ["--db", folder + "/store.db"]
    run(binary, *store, "add", "git", folder + "/clone", "--project", "p")
    rows = run(binary, *store, "sql", "--json", "SELECT c.sha, t.token, t.value FROM git_commit c JOIN trailer t ON "
               "t.project_id = c.project_id AND t.commit_id = c.commit_id ORDER BY c.commit_id, t.position")
    came = {sha: [] for sha in expected}
    for row in json.loads(rows):
        came[row["sha"]].append(normal(row["token"], row["value"]))
    wrong = [sha for sha in expected if expected[sha] != came[sha]]
    for sha in wrong[:5]:
        print(f"{sha}: git says {expected[sha]}, the store {came[sha]}")
        print(repr(run("git", "-C", "clone", "log", "-1", "--format=%B", sha).decode()))
    count = sum(map(len, expected.values()))
    print(f"{count} trailers in {len(expected)} messages")
    print(f"{len(expected) - len(wrong)} passed, {len(wrong)} failed, 0 skipped")
    sys.exit(1 if wrong or count < 100 else 0)
