#!/usr/bin/env python3
"""Who wrote the lines that stand: the program against git blame --first-parent.

    lines.py BINARY CLONE [--files 300] [--seed 1] [--least 98] [--no-store] [--list 50]

Takes files of the default branch's newest tree at random and compares line for line
(`resident mine CLONE --blame PATH…`) and, through a store, lines a commit and file
(line_owner). Disagreements are listed with both commits, so that each can be explained.
"""
import argparse
import collections
import os
import pathlib
import random
import re
import sqlite3

from tools import ENVIRONMENT, Results, Skip, git, run, work_folder

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("clone")
parser.add_argument("--files", type=int, default=300)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--least", type=float, default=98.0, help="per cent of lines given to the same commit, at least")
parser.add_argument("--list", type=int, default=50, help="how many disagreements to list")
parser.add_argument("--no-store", action="store_true")
arguments = parser.parse_args()
binary, clone = str(pathlib.Path(arguments.binary).resolve()), arguments.clone
results, work = Results(), work_folder("lines")


def sample():
    """Regular files that git takes for text."""
    listed = run(["git", "-C", clone, "ls-tree", "-r", "-z", "HEAD"]).out.split(b"\0")
    paths = [line.split(b"\t", 1)[1] for line in listed if line.startswith(b"100")]
    random.Random(arguments.seed).shuffle(paths)
    for path in paths:
        head = run(["git", "-C", clone, "cat-file", "blob", b"HEAD:" + path]).out
        if head and b"\0" not in head[:8000]:
            yield path


def blamed(path):
    """The commit of every line, as git says."""
    done = run(["git", "-C", clone, "blame", "--first-parent", "--porcelain", "HEAD", "--", path], 600)
    if done.code != 0:
        raise RuntimeError(f"git blame {os.fsdecode(path)}: {done.told()}")
    # A line of content begins with a tab, so that it is never taken for a heading.
    return [match[1].decode() for match in re.finditer(rb"^([0-9a-f]{40,64}) \d+ \d+(?: \d+)?$", done.out, re.M)]


def ours(path):
    done = run([binary, "mine", clone, "--blame", path], 600)
    assert done.code in (0, 5), done.told()
    return [line.split()[0].decode() for line in done.out.splitlines()]


def owners():
    """path → lines by commit, of the store."""
    db = work / "lines.db"
    done = run([binary, "add", "git", clone, "--project", "p", "--db", db], 3600, env={**ENVIRONMENT, "RESIDENT_NOW": "2026-10-02T00:00:00Z"})
    assert done.code in (0, 5), done.told()
    print(f"   stored in {done.seconds:.1f} s, {done.megabytes:.0f} MB")
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    found = collections.defaultdict(collections.Counter)
    for path, sha, count in connection.execute("SELECT p.path, coalesce(g.sha, 'unknown'), o.lines FROM line_owner o JOIN path p USING (project_id, path_id) LEFT JOIN git_commit g USING (project_id, commit_id)"):
        found[path][sha] += count
    return found


def when(sha):
    return git(clone, "log", "-1", "--format=%h %cs %s", sha, check=False)[:90] if re.fullmatch("[0-9a-f]{40,64}", sha) else sha


def listed(disagreements):
    for text, count in disagreements[:arguments.list]:
        print(f"   {count} lines: {text}")
    if len(disagreements) > arguments.list:
        print(f"   and {len(disagreements) - arguments.list} more")


def share(right, total):
    percent = 100 * right / total if total else 100.0
    told = f"{right:,} of {total:,} lines ({percent:.2f} %) are given to the same commit"
    assert percent >= arguments.least, told
    return told


def line_for_line():
    if b"--blame" not in run([binary, "mine", "--help"]).out:
        raise Skip("this program has no `mine --blame`")
    right = total = 0
    disagreements = collections.Counter()
    problems = []
    for path, truth in TRUTH.items():
        answer = ours(path)
        if len(answer) != len(truth):
            problems.append(f"{os.fsdecode(path)}: {len(answer)} lines instead of {len(truth)}")
        total += len(truth)
        for a, b in zip(truth, answer):
            right += a == b
            if a != b:
                disagreements[(path, a, b)] += 1
    listed([(f"{os.fsdecode(path)!r}: git says {when(a)}; ours {when(b)}", count) for (path, a, b), count in disagreements.most_common()])
    assert not problems, problems[:5]
    return share(right, total)


def added_up():
    if arguments.no_store:
        raise Skip("--no-store")
    found = owners()
    right = total = 0
    disagreements = []
    for path, truth in TRUTH.items():
        wanted = collections.Counter(truth)
        try:
            given = found.get(path.decode(), collections.Counter())
        except UnicodeDecodeError:
            continue  # the store has such names in another spelling
        total += len(truth)
        right += (wanted & given).total()
        if wanted != given:
            more, less = (given - wanted).most_common(2), (wanted - given).most_common(2)
            disagreements.append((f"{os.fsdecode(path)!r}: too few of {[when(sha) for sha, _ in less]}, too many of {[when(sha) for sha, _ in more]}", (wanted - given).total()))
    listed(sorted(disagreements, key=lambda pair: -pair[1]))
    return share(right, total)


if not pathlib.Path(clone).exists():
    results.skip("owners of lines", f"{clone} is not here")
    results.finish()
TRUTH = {}
for chosen in sample():
    TRUTH[chosen] = blamed(chosen)
    if len(TRUTH) == arguments.files:
        break
print(f"{len(TRUTH)} files of {clone}, seed {arguments.seed}, {sum(map(len, TRUTH.values())):,} lines", flush=True)
results.test("lines and git blame --first-parent, line for line", line_for_line)
results.test("lines and git blame --first-parent, added up in the store", added_up)
results.finish()
