#!/usr/bin/env python3
"""Incremental runs: the store after a change and `resident sync`, and after kills, is that of a fresh run.

    sync.py BINARY [--seed N] [--rounds 12] [--kills 15]

Stores are compared by ids of commits, paths and keys of identities, never by the
store's own numbers. Commits that nothing reaches any more may stay, marked as such.
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import time

from shapes import fill, initialise
from synthetic import FILE, History, STEPS, add_some, edit_some, put, random_history, remove_some, rename_edited, rename_exact
from tools import ENVIRONMENT, Results, git, run, work_folder

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--rounds", type=int, default=12)
parser.add_argument("--kills", type=int, default=15)
parser.add_argument("--commits", type=int, default=3000)
arguments = parser.parse_args()
binary = str(pathlib.Path(arguments.binary).resolve())
results, work = Results(), work_folder("sync")
stores = iter(range(10**6))
environment = {**ENVIRONMENT, "RESIDENT_NOW": "2026-10-02T00:00:00Z"}

COMMIT = "JOIN git_commit g ON g.project_id = t.project_id AND g.commit_id = t.commit_id"
PATH = "JOIN path p ON p.project_id = t.project_id AND p.path_id = t.path_id"
who = lambda column: f"(SELECT identity_key FROM identity i WHERE i.project_id = t.project_id AND i.identity_id = t.{column})"
# The first column of the first four is the commit.
TABLES = {
    "git_commit": f"SELECT t.sha, {who('author_id')}, {who('committer_id')}, authored_at, authored_zone, committed_at, committed_zone, parent_count, on_default, in_history, subject, body FROM git_commit t",
    "commit_parent": f"SELECT g.sha, t.position, t.parent_sha FROM commit_parent t {COMMIT}",
    "trailer": f"SELECT g.sha, t.position, t.token, t.value, {who('identity_id')} FROM trailer t {COMMIT}",
    "commit_mark": f"SELECT g.sha, t.position, t.kind, t.value, {who('identity_id')} FROM commit_mark t {COMMIT}",
    "file_change": f"SELECT g.sha, p.path, t.status, o.path, t.additions, t.deletions, t.old_mode, t.mode, t.similarity, t.is_binary FROM file_change t {COMMIT} {PATH} "
                   "LEFT JOIN path o ON o.project_id = t.project_id AND o.path_id = t.old_path_id",
    "item_commit": "SELECT t.sha, t.item_id, t.relation FROM item_commit t",
    "git_ref": "SELECT t.name, t.sha, t.tagged_at FROM git_ref t",
    "head_file": f"SELECT p.path, t.bytes, t.lines, t.code_lines, t.indentation_total, t.indentation_max FROM head_file t {PATH}",
    "in_head": "SELECT path FROM path WHERE in_head = 1",
    "line_owner": f"SELECT p.path, coalesce(g.sha, 'unknown'), {who('author_id')}, t.born_at, t.lines FROM line_owner t {PATH} LEFT {COMMIT}",
    "line_death": f"SELECT p.path, {who('author_id')}, t.born_month, t.died_month, t.lines FROM line_death t {PATH}",
    "identity": "SELECT t.identity_key, t.name FROM identity t WHERE EXISTS (SELECT 1 FROM git_commit g WHERE g.project_id = t.project_id AND g.in_history = 1 AND t.identity_id IN (g.author_id, g.committer_id))",
    "quarantine": "SELECT t.record, t.reason FROM quarantine t",
}
BY_COMMIT = ("git_commit", "commit_parent", "trailer", "commit_mark", "file_change", "item_commit")


def contents(db):
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    connection.text_factory = bytes
    found = {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in TABLES.items()}
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == b"ok", "the store is damaged"
    connection.close()
    return found


def same(wanted, found, when):
    known = {row[0] for row in wanted["git_commit"]}
    for row in found["git_commit"]:
        assert row[0] in known or (row[8], row[9]) == (0, 0), f"{when}: {row[0].decode()} is reached by nothing, and marked as if it were"
    for table in TABLES:
        a, b = wanted[table], found[table]
        if table in BY_COMMIT:
            b = [row for row in b if row[0] in known]
        if a != b:
            only_a, only_b = sorted(set(a) - set(b), key=repr), sorted(set(b) - set(a), key=repr)
            raise AssertionError(f"{when}: {table}: {len(a)} rows in a fresh store, {len(b)} here; {len(only_a)} only in the fresh one, e.g. {only_a[:2]}; {len(only_b)} only here, e.g. {only_b[:2]}")


def resident(*command, timeout=120):
    done = run([binary, *command], timeout, env=environment)
    assert done.code == 0, f"resident {' '.join(map(str, command))}: {done.told()}"
    return done


def new_store():
    return work / f"{next(stores)}.db"


def fresh(place, db=None):
    db = db or new_store()
    resident("add", "git", place, "--project", "p", "--db", db)
    return contents(db)


# Changes of a repository between two runs.

def refs(place, kind="refs/heads"):
    return [name for name in git(place, "for-each-ref", "--format=%(refname)", kind).split("\n") if name]


def grow(place, rng, branch=None, count=None):
    """New commits on a branch, as one goes on working."""
    h = History(rng)
    branch = branch or rng.choice(refs(place))
    tip = git(place, "rev-parse", branch)
    tree = {}
    for line in git(place, "ls-tree", "-r", "-z", tip).split("\0"):
        if line:
            head, path = line.split("\t", 1)
            mode, kind, sha = head.split()
            data = sha.encode() if kind == "commit" else run(["git", "-C", place, "cat-file", "blob", sha]).out
            tree[os.fsencode(path)] = (mode.encode(), data)
    h.names = iter(range(rng.randrange(10**6) * 1000, 10**12))
    h.branches[branch.encode()] = (0, tree)
    start = len(h.out)
    for _ in range(count or rng.choice([1, 3, 20])):
        tree = dict(h.branches[branch.encode()][1])
        for step in rng.choices([add_some, edit_some, edit_some, rename_exact, rename_edited, remove_some], k=2):
            step(h, tree)
        h.commit(branch.encode(), tree, [h.branches[branch.encode()]])
    stream = b"".join(h.out[start:]).replace(b"from :0\n", b"from %s\n" % tip.encode(), 1) + b"done\n"
    git(place, "fast-import", "--quiet", "--done", "--force", stdin=stream)


def wind_back(place, rng):
    branch = rng.choice(refs(place))
    line = git(place, "rev-list", "--first-parent", branch).split("\n")
    git(place, "update-ref", branch, rng.choice(line[:8]))


def rewrite(place, rng):
    """A force-push: the last commits of a branch made anew with another message."""
    branch = rng.choice(refs(place))
    line = git(place, "rev-list", "--first-parent", branch).split("\n")[:rng.randint(1, 6)]
    tip = git(place, "rev-parse", f"{line[-1]}^", check=False) if len(git(place, "rev-list", "-1", "--parents", line[-1]).split()) > 1 else ""
    for sha in reversed(line):
        tip = git(place, "commit-tree", *(["-p", tip] if tip else []), "-m", f"rewritten {rng.random()}\n\nCo-authored-by: B <b@example.org>", f"{sha}^{{tree}}")
    git(place, "update-ref", branch, tip)


def other_default(place, rng):
    git(place, "symbolic-ref", "HEAD", rng.choice(refs(place)))


def new_tag(place, rng):
    for name in refs(place, "refs/tags")[:1]:
        git(place, "update-ref", "-d", name)
    target = rng.choice(git(place, "rev-list", "--all").split("\n"))
    git(place, "tag", *rng.choice([[], ["-a", "-m", "tag"]]), f"new-{rng.randrange(10**6)}", target)


def drop_branch(place, rng):
    head = git(place, "symbolic-ref", "HEAD")
    for name in rng.sample(refs(place), 1):
        if name != head:
            git(place, "update-ref", "-d", name)


def new_branch(place, rng):
    name = f"refs/heads/new-{rng.randrange(10**6)}"
    git(place, "update-ref", name, rng.choice(git(place, "rev-list", "--all").split("\n")))
    grow(place, rng, name)


def pull_head(place, rng):
    tip = git(place, "commit-tree", "-p", rng.choice(refs(place)), "-m", "in a pull request, fixes #3", "refs/heads/main^{tree}")
    git(place, "update-ref", f"refs/pull/{rng.randrange(1, 50)}/head", tip)


def merge_pull(place, rng):
    heads = refs(place, "refs/pull")
    if heads:
        head = rng.choice(heads)
        tip = git(place, "commit-tree", "-p", "refs/heads/main", "-p", head, "-m", f"Merge pull request #{head.split('/')[2]} from x/y", f"{head}^{{tree}}")
        git(place, "update-ref", "refs/heads/main", tip)


def tidy(place, rng):
    git(place, "gc", "-q", "--prune=now")


def orphan(place, rng):
    """The default branch begins anew."""
    git(place, "update-ref", "refs/heads/main", git(place, "commit-tree", "-m", "anew", "refs/heads/main^{tree}"))


CHANGES = [grow, grow, grow, wind_back, rewrite, rewrite, other_default, new_tag, drop_branch, new_branch, pull_head, merge_pull, tidy, orphan]


def plain_history(rng, commits):
    """Without what a grown history is not: mostly edits, with merges."""
    return random_history(rng, commits)


def incremental(number):
    rng = random.Random(f"{arguments.seed}/{number}")
    place = initialise(work / f"repository-{number}")
    fill(place, plain_history(rng, rng.choice([10, 40])).stream())
    db, done = new_store(), []
    fresh(place, db)
    for _ in range(3):
        for change in rng.sample(CHANGES, rng.choice([1, 1, 2, 3])):
            change(place, rng)
            done.append(change.__name__)
        resident("sync", "--db", db)
        same(fresh(place), contents(db), f"seed {arguments.seed}, round {number} in {work}, after {', '.join(done)}")
        before = contents(db)
        resident("sync", "--db", db)
        assert contents(db) == before, f"a sync with nothing new changes something (seed {arguments.seed}, round {number})"
        done.append("sync")
    shutil.rmtree(place)
    return ", ".join(done)


def one_change(change):
    rng = random.Random(f"{arguments.seed}/{change.__name__}")
    place = initialise(work / f"repository-{change.__name__}")
    fill(place, plain_history(rng, 40).stream())
    pull_head(place, rng)
    db = new_store()
    fresh(place, db)
    change(place, rng)
    resident("sync", "--db", db)
    same(fresh(place), contents(db), f"after {change.__name__} in {place}")


def long_history(rng, commits):
    """Some thousand commits of ordinary work, quick to make."""
    h = History(rng)
    h.dates = "rising"
    main, tree = b"refs/heads/main", {}
    for i in range(40):
        put(tree, b"src/d%d/file%d.c" % (i % 7, i), FILE, h.content.join(h.content.lines(60)))
    h.commit(main, dict(tree), [])
    while len(h.commits) < commits:
        branch = main
        tip = h.branches[main]
        if rng.random() < 0.1:
            branch = b"refs/heads/topic-%d" % (len(h.commits) % 20)
            tip = h.branches.get(branch, tip) if rng.random() < 0.5 else tip
        parents = [tip]
        tree = dict(tip[1])
        if rng.random() < 0.05 and len(h.branches) > 1:
            other = h.branches[rng.choice([name for name in h.branches if name != branch] or [branch])]
            parents += [other] if other[0] != tip[0] else []
        for step in rng.choices([edit_some, add_some, rename_exact, remove_some], [30, 1, 1, 1], k=1):
            step(h, tree)
        h.commit(branch, tree, parents, b"change\n\nFixes #%d\nReviewed-by: R%d <r%d@example.org>\n" % (rng.randrange(1, 90), rng.randrange(5), rng.randrange(5)))
    return h


def kills():
    rng = random.Random(arguments.seed)
    place = initialise(work / "long")
    fill(place, long_history(rng, arguments.commits).stream())
    begin = time.time()
    whole = fresh(place)
    duration = time.time() - begin
    killed = 0
    for number in range(arguments.kills):
        db = new_store()
        for _ in range(rng.choice([1, 1, 2, 4])):
            command = [binary, "add", "git", str(place), "--project", "p", "--db", str(db)]
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(timeout=rng.uniform(0.005, duration * 1.05))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
        done = run([binary, "sync", "--db", db], 120, env=environment)
        if done.code != 0:  # killed before the source was declared
            assert "no source" in done.err or "nothing at" in done.err or "there is no" in done.err, done.told()
            resident("add", "git", place, "--project", "p", "--db", db)
        same(whole, contents(db), f"after kills, round {number}, store {db}")
        db.unlink()
    assert killed >= arguments.kills // 2, f"only {killed} runs were still going when they were to be killed"
    return f"{killed} kills over {duration:.1f} s, {len(whole['git_commit'])} commits, {len(whole['file_change'])} changes, {len(whole['line_owner'])} line owners, {len(whole['line_death'])} deaths"


print(f"seed {arguments.seed}, in {work}", flush=True)
for change in dict.fromkeys(CHANGES):
    results.test(f"sync after {change.__name__.replace('_', ' ')}", lambda change=change: one_change(change))
for number in range(arguments.rounds):
    results.test(f"syncs after random changes, round {number}", lambda number=number: incremental(number))
results.test("killed during add git, then sync", kills)
if not results.failed:
    shutil.rmtree(work)
results.finish()
