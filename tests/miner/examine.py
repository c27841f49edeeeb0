"""The promises about damaged repositories, checked for one of them.

Never a signal, never a hang; exit code 0 or 5, or 1 with a message where nothing at all
can be read; what git can still give is equal to the byte; what is missing is named.
"""
import re
import tempfile
from pathlib import Path

from tools import LOGS, blocks, first_difference, git_log, run

# What does not end would take years; on a busy machine the largest that does takes more than a minute.
LIMIT_SECONDS, LIMIT_MEGABYTES = 240, 2000


def named(lost, text):
    """Whether an id (or its beginning) or another name is told."""
    return any((name[:7] if re.fullmatch("[0-9a-f]{40}", name) else name) in text for name in lost)


def sane(done, what):
    assert done.code is not None, f"{what}: not done after {LIMIT_SECONDS} s"
    assert done.code >= 0, f"{what}: ended by signal {-done.code}: {done.err[-800:]}"
    for word in ("terminate called", "Assertion", "Sanitizer", "runtime error:", "std::"):
        assert word not in done.err, f"{what}: {done.err[-800:]}"
    assert done.code in (0, 5) or (done.code == 1 and done.err.strip() and not done.out), f"{what}: {done.told()}"
    assert done.megabytes < LIMIT_MEGABYTES, f"{what}: {done.megabytes:.0f} MB"


class Truth:
    """What git can still say of a repository, commit by commit."""

    def __init__(self, place, references, prefix, options, patience):
        self.patience = patience
        self.git = [*prefix, "git", *[part for option in options for part in ("-c", option)], "-C", place]
        self.commits = []
        waiting = []
        for name in references or run([*self.git, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags"]).out.decode(errors="replace").split():
            done = run([*self.git, "rev-parse", "-q", "--verify", f"{name}^{{commit}}"], 20)
            waiting += [done.out.decode().strip()] if done.code == 0 else []
        seen = set()
        while waiting:
            sha = waiting.pop()
            if sha in seen:
                continue
            seen.add(sha)
            done = run([*self.git, "cat-file", "commit", sha], 20)
            if done.code == 0:
                self.commits.append(sha)
                waiting += re.findall(r"^parent ([0-9a-f]{40,64})$", done.out.split(b"\n\n")[0].decode(errors="replace"), re.M)

    def block(self, what, sha):
        """None where git fails."""
        done = run([*self.git, "log", "-1", "--format=%H", *LOGS[what], sha, "--"], self.patience)
        return blocks(done.out).get(sha) if done.code == 0 else None


def examine(binary, place, references=(), lost=(), lenient=False, whole=None, prefix=(), options=(), truth=True, store=True, patience=20):
    """lost: ids or names of which one has to be told. lenient: git does not notice, and counts what is wrong.
    whole: blocks by output before the damage. options: settings with which git finds its way. patience: how many seconds git gets.
    Returns a note."""
    note = ""
    oracle = None
    incomplete = False
    for what in LOGS:
        theirs = git_log(place, what, references, patience, prefix) if truth and not options else None
        ours = run([*prefix, binary, "mine", place, what, *references], LIMIT_SECONDS)
        sane(ours, f"mine {what}")
        note = f"mine: exit {ours.code}, {ours.seconds:.1f} s, {ours.megabytes:.0f} MB"
        if theirs and theirs.code == 0 and not lenient:
            difference = first_difference(theirs.out, ours.out)
            # Of a damaged copy git may take a wrong size for true, and miss a rename; what was there before the damage is right, too.
            undamaged = whole and blocks(ours.out) == whole[what]
            assert not difference or undamaged, f"{what} differs, though git reads all of it, at {difference}\n     {ours.told()}"
            # What git does not mind may still be told.
            assert ours.code == 0 or ours.err.strip(), f"{what}: exit {ours.code} without a word"
            continue
        incomplete = True
        given = blocks(ours.out)
        if truth:
            oracle = oracle or Truth(place, references, prefix, options, patience / 2)
            for sha in oracle.commits:
                expected = oracle.block(what, sha)
                touched = lenient and whole and any(name in line.decode(errors="replace") for line in whole["--raw"].get(sha, []) for name in lost)
                if ours.code == 1:
                    assert expected is None, f"{what}: exit 1, though git can read {sha}: {ours.told()}"
                    continue
                assert sha in given, f"{what}: commit {sha} is absent, though git can read it: {ours.told()}"
                if expected is not None and not touched:
                    assert given[sha] == expected, f"{what}: commit {sha}: git can say {expected[:4]}, ours {given[sha][:4]}; {ours.told()}"
                if whole and what == "--numstat":
                    rows_beside_the_damage(sha, whole, given[sha], lost)
        else:
            expected_all = whole or {}
            for sha in expected_all.get(what, {}):
                assert sha in given, f"{what}: commit {sha} is absent: {ours.told()}"
        if ours.code == 0 and not lenient and truth:
            assert whole and given == whole[what], f"{what}: exit 0, though something is missing: {ours.told()}"
        if ours.code != 0:
            assert ours.err.strip(), f"{what}: exit {ours.code} without a word"
            if lost:
                assert named(lost, ours.err), f"{what}: none of {[name[:12] for name in lost][:5]} is named: {ours.err[-600:]!r}"
    if store:
        note += "; " + into_store(binary, place, prefix, oracle, lost if incomplete and not lenient else ())
    return note


def rows_beside_the_damage(sha, whole, rows, lost):
    """Other files of a commit keep their rows, where no rename is in doubt."""
    raw = whole["--raw"].get(sha, [])
    if not lost or not raw or any(re.search(rb" [RAD]\d*\t", line) for line in raw):
        return
    if not any(name.encode() in line for line in raw for name in lost):
        return
    beside = {line.split(b"\t", 1)[1] for line in raw if not any(name.encode() in line for name in lost)}
    for row in whole["--numstat"][sha]:
        if row.split(b"\t", 2)[2] in beside:
            assert row in rows, f"commit {sha}: the row {row!r} of an undamaged file is not given: {rows[:5]}"


def into_store(binary, place, prefix, oracle, lost):
    with tempfile.TemporaryDirectory(prefix="resident-damage-store-") as folder:
        Path(folder).chmod(0o777)
        db = f"{folder}/x.db"
        added = run([*prefix, binary, "add", "git", place, "--project", "p", "--db", db], LIMIT_SECONDS)
        sane(added, "add git")
        note = f"add: exit {added.code}, {added.seconds:.1f} s, {added.megabytes:.0f} MB"
        if added.code == 1:
            return note
        doctor = run([*prefix, binary, "doctor", "--db", db], LIMIT_SECONDS)
        sane(doctor, "doctor")
        if oracle:
            found = run([*prefix, binary, "sql", "SELECT sha FROM git_commit WHERE in_history = 1", "--format", "csv", "--db", db]).out.decode().split()
            absent = set(oracle.commits) - set(found)
            assert not absent, f"add git: {len(absent)} commits are absent that git can read, e.g. {min(absent)}; {doctor.out.decode()[-500:]}"
        if lost:
            reasons = run([*prefix, binary, "sql", "SELECT record, reason FROM quarantine", "--format", "csv", "--db", db]).out.decode(errors="replace")
            told = added.err + doctor.out.decode(errors="replace") + reasons
            assert named(lost, told), f"add git, doctor, quarantine: none of {[name[:12] for name in lost][:5]} is named: {told[-700:]!r}"
        return note
