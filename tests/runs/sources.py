#!/usr/bin/env python3
"""Whole runs over sources that change, collide or are odd: what arrives later is read, what is there is not replaced.

sources.py BINARY [-k WORDS] [--jobs N]. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from harness import Suite  # noqa: E402

suite = Suite("sources", {key: value for key, value in os.environ.items() if not key.startswith("GIT_")})
BINARY, WORK, ENVIRONMENT, test = suite.binary, suite.work, suite.environment, suite.test
ENVIRONMENT |= {"RESIDENT_NOW": "2026-10-02T00:00:00Z", "HOME": str(WORK), "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class Store:
    def __init__(self, kind, fresh=False):
        self.place = suite.new_store(kind, fresh)

    def run(self, *arguments, code=0):
        return suite.resident(*arguments, "--db", self.place, code=code, timeout=120)

    def rows(self, sql):
        return suite.rows(self.place, sql)

    def doctor(self):
        return "\n".join(row["what"] for row in json.loads(self.run("doctor", "--json").stdout)["rows"])

    def code(self):
        """All that a clone gives, by ids and names."""
        commit = "JOIN git_commit g ON g.project_id = t.project_id AND g.commit_id = t.commit_id"
        path = "JOIN path p ON p.project_id = t.project_id AND p.path_id = t.path_id"
        author = "LEFT JOIN identity i ON i.project_id = t.project_id AND i.identity_id = t.author_id"
        return {
            "commits": self.rows("SELECT sha, on_default, in_history, parent_count FROM git_commit ORDER BY sha"),
            "changes": self.rows(f"SELECT g.sha, p.path, t.status, t.additions, t.deletions, t.mode, t.similarity, t.is_binary FROM file_change t {commit} {path} ORDER BY g.sha, p.path"),
            "owners": self.rows(f"SELECT p.path, g.sha, i.name, t.born_at, t.lines FROM line_owner t {path} LEFT {commit} {author} ORDER BY 1, 2, 3"),
            "deaths": self.rows(f"SELECT p.path, i.name, t.born_month, t.died_month, t.lines FROM line_death t {path} {author} ORDER BY 1, 2, 3, 4"),
            "files": self.rows(f"SELECT p.path, t.blob, t.bytes, t.lines FROM head_file t {path} ORDER BY 1"),
            "documents": self.rows(f"SELECT p.path, t.state, t.sha, t.changed_at FROM doc_file t {path} ORDER BY 1"),
            "pulls": self.rows(f"SELECT t.item_id, p.path, t.additions, t.deletions FROM item_file t {path} ORDER BY 1, 2"),
            "links": self.rows("SELECT item_id, sha, relation FROM item_commit ORDER BY 1, 2, 3"),
            "set aside": self.rows("SELECT record, reason FROM quarantine ORDER BY 1, 2"),
        }


def equal(fresh, lived, what):
    for part, wanted in fresh.items():
        found = lived[part]
        assert wanted == found, f"{what}: {part}: only fresh {[row for row in wanted if row not in found][:3]}, only lived {[row for row in found if row not in wanted][:3]}"


def git(place, *arguments, who="Ada", at=None, **more):
    dated = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {}
    people = {f"GIT_{role}_{part}": who if part == "NAME" else f"{who.lower()}@one.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    return subprocess.run(["git", "-C", str(place), *map(str, arguments)], check=True, capture_output=True, text=True, env={**ENVIRONMENT, **people, **dated}, **more).stdout.strip()


def history(commits=8):
    """A history with renames, a merge, a text file that documents it, and a pull request's head."""
    place = WORK / f"{suite.new_name('history')}"
    subprocess.run(["git", "init", "-q", "-b", "main", str(place)], check=True, env=ENVIRONMENT)
    for setting in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git(place, "config", setting, "true")
    shared = []
    for n in range(1, commits + 1):
        who = ("Ada", "Bea", "Cyd")[n % 3]
        shared.insert(n // 2, f"{who} {n}\n")
        (place / "shared.txt").write_text("".join(shared))
        (place / f"own{n}.txt").write_text("".join(f"{who} {n} line {i}\n" for i in range(10)))
        if n == 2:
            (place / "README.md").write_text("# How it is used\n")
        if n == 4:
            git(place, "mv", "own1.txt", "moved1.txt")
            (place / "picture.bin").write_bytes(bytes(range(256)))
        git(place, "add", "-A")
        git(place, "commit", "-qm", f"change {n}", who=who, at=f"2024-01-{n // 24 + 1:02}T{n % 24:02}:00:00Z")
    git(place, "checkout", "-q", "-b", "side", f"HEAD~{min(3, commits - 1)}")
    (place / "side.txt").write_text("side\n" * 5)
    git(place, "add", "-A")
    git(place, "commit", "-qm", "aside", who="Dee", at="2024-01-20T00:00:00Z")
    git(place, "update-ref", "refs/pull/7/head", "HEAD")
    git(place, "checkout", "-q", "main")
    git(place, "merge", "-q", "--no-ff", "-m", "Merge pull request #7", "side", who="Ada", at="2024-01-21T00:00:00Z")
    return place


def lived_as_fresh(store, clone, change, what):
    """The store after the change and a sync, against one that saw the clone only then."""
    lived = Store(store)
    lived.run("add", "git", clone, "--project", "p")
    before = lived.code()
    # Nothing has come: what is absent stays told.
    said = lived.doctor()
    lived.run("sync")
    assert lived.doctor() == said, f"{what}: doctor forgets: {said} {lived.doctor()}"
    change()
    lived.run("sync")
    fresh = Store(store)
    fresh.run("add", "git", clone, "--project", "p")
    equal(fresh.code(), lived.code(), what)
    assert before != lived.code(), f"{what}: nothing was absent before"
    return said, lived.doctor()


@test
def a_shallow_clone_made_deep_is_as_a_whole_one(store):
    origin = history()
    clone = WORK / f"{suite.new_name('shallow')}"
    git(WORK, "clone", "-q", "--no-single-branch", "--depth", "2", f"file://{origin}", clone)
    git(clone, "fetch", "-q", "--depth", "2", "origin", "+refs/pull/*/head:refs/pull/*/head")
    before, after = lived_as_fresh(store, clone, lambda: git(clone, "fetch", "-q", "--unshallow", "origin", "+refs/pull/*/head:refs/pull/*/head"), "unshallow")
    assert "the clone is shallow here" in before and "is shallow here" not in after, (before, after)
    assert "clone ends before its base" in before and "before its base" not in after, (before, after)


@test
def a_shallow_clone_deepened_step_by_step(store):
    origin = history()
    clone = WORK / f"{suite.new_name('steps')}"
    git(WORK, "clone", "-q", "--depth", "2", f"file://{origin}", clone)
    for _ in range(3):
        lived_as_fresh(store, clone, lambda: git(clone, "fetch", "-q", "--deepen", "2"), "deepen")


@test
def blobs_that_a_partial_clone_fetches_later_are_counted_then(store):
    origin = history()
    clone = WORK / f"{suite.new_name('blobless')}"
    git(WORK, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{origin}", clone)

    def some():
        git(clone, "log", "-2", "-p", "--first-parent", "-m")

    def all_of_it():
        git(clone, "log", "--all", "-p", "-m")
        git(clone, "checkout", "-q", "main")
    before, _ = lived_as_fresh(store, clone, some, "some blobs")
    assert "the content is missing" in before, before
    _, after = lived_as_fresh(store, clone, all_of_it, "all blobs")
    assert "missing" not in after.replace("missing blobs)", ""), after


@test
def trees_that_a_partial_clone_fetches_later_are_read_then(store):
    origin = history()
    clone = WORK / f"{suite.new_name('treeless')}"
    git(WORK, "clone", "-q", "--no-checkout", "--filter=tree:0", f"file://{origin}", clone)
    before, after = lived_as_fresh(store, clone, lambda: (git(clone, "log", "--all", "-p", "-m"), git(clone, "checkout", "-q", "main")), "trees")
    assert "is missing" in before and "is missing" not in after, (before, after)


@test
def the_sync_of_what_came_may_be_killed(store):
    origin = history(40)
    clone = WORK / f"{suite.new_name('killed')}"
    git(WORK, "clone", "-q", "--depth", "3", f"file://{origin}", clone)
    lived = Store(store)
    lived.run("add", "git", clone, "--project", "p")
    git(clone, "fetch", "-q", "--unshallow")
    for milliseconds in (5, 10, 15, 20, 30, 40, 50):
        process = subprocess.Popen([BINARY, "sync", "--db", lived.place], env=ENVIRONMENT, cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(milliseconds / 1000)
        process.kill()
        process.wait()
    lived.run("sync")
    fresh = Store(store)
    fresh.run("add", "git", clone, "--project", "p")
    equal(fresh.code(), lived.code(), "killed")


@test
def heads_that_name_no_branch_are_told_and_mended(store):
    origin = history()
    mirror = WORK / f"{suite.new_name('mirror')}.git"
    git(WORK, "clone", "-q", "--mirror", origin, mirror)
    git(mirror, "branch", "-m", "main", "trunk")
    git(mirror, "symbolic-ref", "HEAD", "refs/heads/master")
    lived = Store(store)
    lived.run("add", "git", mirror, "--project", "p")
    assert lived.rows("SELECT count(*) FROM git_commit WHERE on_default = 1") == [(10,)]
    for _ in range(2):
        assert "names refs/heads/master, which the clone lacks" in lived.doctor(), lived.doctor()
        lived.run("sync")
    git(mirror, "symbolic-ref", "HEAD", "refs/heads/trunk")
    lived.run("sync")
    assert "which the clone lacks" not in lived.doctor(), lived.doctor()
    empty = WORK / f"{suite.new_name('empty')}"
    subprocess.run(["git", "init", "-q", str(empty)], check=True, env=ENVIRONMENT)
    none = Store(store)
    none.run("add", "git", empty, "--project", "p")
    for _ in range(2):
        assert "no commit on any branch yet" in none.doctor(), none.doctor()
        none.run("sync")


@test
def a_project_has_one_clone(store):
    first, second = history(3), history(4)
    lived = Store(store)
    lived.run("add", "git", first, "--project", "p")
    before = lived.code()
    refused = lived.run("add", "git", second, "--project", "p", code=2)
    assert str(first) in refused.stderr and "--project" in refused.stderr, refused.stderr
    assert lived.rows("SELECT count(*) FROM source") == [(1,)]
    equal(before, lived.code(), "refused")
    moved = WORK / f"{suite.new_name('moved')}"
    first.rename(moved)
    said = lived.run("add", "git", moved, "--project", "p").stderr
    assert "takes its place" in said, said
    assert lived.rows("SELECT location FROM source") == [(str(moved),)]
    equal(before, lived.code(), "moved")


def lines(name, records):
    path = WORK / f"{suite.new_name(name)}.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def issue(number, title, repository="o/app", **more):
    return {"record": "issue", "number": number, "title": title, "author": "ann", "created_at": f"2024-01-{number:02}T00:00:00Z",
            "url": f"https://github.com/{repository}/issues/{number}", **more}


def applied_patch():
    """A clone with one commit beside the mail that brought it, and a benchmark's file that names the commit in short."""
    place = WORK / suite.new_name("applied")
    subprocess.run(["git", "init", "-q", "-b", "main", str(place)], check=True, env=ENVIRONMENT)
    (place / "a.c").write_text("one\n")
    git(place, "add", "-A")
    git(place, "commit", "-qm", "begin", at="2024-02-01T09:00:00Z")
    (place / "a.c").write_text("one\ntwo\n")
    git(place, "commit", "-qam", "pump: count to two\n\nFixes https://github.com/o/app/issues/2", at="2024-02-02T09:00:00Z")
    shown = git(place, "format-patch", "--stdout", "-1")
    archive = WORK / f"{suite.new_name('list')}.mbox"
    archive.write_text(shown.replace("Subject: [PATCH]", "Message-ID: <p1@host>\nSubject: [PATCH]").replace("Date: Fri, 2 Feb", "Date: Thu, 1 Feb"))
    measured = WORK / suite.new_name("measured")
    measured.mkdir()
    sha = git(place, "rev-parse", "HEAD")
    (measured / f"{sha[:12]}.json").write_text(json.dumps({"context": {"num_cpus": 2}, "benchmarks": [{"name": "BM_two", "run_type": "iteration", "iterations": 9, "real_time": 5.0, "cpu_time": 5.0, "time_unit": "ns"}]}))
    return place, archive, measured, lines("app", [{"record": "project", "url": "https://github.com/o/app"}, issue(2, "slow")]), sha


def told(store):
    return {"patches": store.rows("SELECT state, applied FROM patch_series"),
            "found": store.rows("SELECT found_by, commit_sha, applied_at FROM patch_mail"),
            "links": store.rows("SELECT item_id, relation FROM item_commit WHERE relation <> 'merge' ORDER BY 1"),
            "measured": store.rows("SELECT sha, measured_at FROM benchmark_run")}


@test
def sources_that_speak_of_one_another_may_come_in_any_order(store):
    clone, archive, measured, tracker, sha = applied_patch()
    places = {"git": clone, "mbox": archive, "benchmarks": measured, "jsonl": tracker}
    wanted = None
    for order in (("jsonl", "git", "benchmarks", "mbox"), ("mbox", "benchmarks", "git", "jsonl"), ("benchmarks", "git", "mbox", "jsonl")):
        added = Store(store)
        for kind in order:
            added.run("add", kind, places[kind], "--project", "p", code=None)  # of a benchmark without its commit nobody knows the moment
        found = told(added)
        wanted = wanted or found
        assert found == wanted, f"added as {order}: {found}, not {wanted}"
        assert all("nothing new" in line for line in added.run("sync").stderr.splitlines() if ": " in line and not line.startswith("  ")), "a further sync has news"
        declared = Store(store)
        for kind in order:
            declared.run("add", kind, places[kind], "--project", "p", "--no-sync")
        declared.run("sync")
        assert told(declared) == wanted, f"declared as {order}: {told(declared)}, not {wanted}"
    assert wanted["measured"] == [(sha, 1706864400)] and (4, "fixes") in wanted["links"], wanted


@test
def a_source_that_speaks_of_a_clone_may_be_gone(store):
    clone, archive, _, _, _ = applied_patch()
    lived = Store(store)
    lived.run("add", "mbox", archive, "--project", "p")
    archive.unlink()
    said = lived.run("add", "git", clone, "--project", "p").stderr
    assert str(archive) in said, said


@test
def two_trackers_are_kept_apart_or_refused(store):
    app = lines("app", [issue(1, "crash"), issue(2, "slow")])
    docs = lines("docs", [issue(1, "typo", "o/docs")])
    lived = Store(store)
    lived.run("add", "jsonl", app, "--project", "p")
    refused = lived.run("add", "jsonl", docs, "--project", "p", code=2)
    assert "github.com/o/docs" in refused.stderr and "two trackers" in refused.stderr, refused.stderr
    assert lived.rows("SELECT title FROM item ORDER BY 1") == [("crash",), ("slow",)]
    assert lived.rows("SELECT count(*) FROM source") == [(1,)], "a source that was refused is none"
    assert lived.rows("SELECT count(*) FROM quarantine") == [(0,)]
    # Numbers that do not meet yet: kept, and told.
    other = lines("other", [issue(9, "elsewhere", "o/other")])
    lived.run("add", "jsonl", other, "--project", "p")
    assert "items come from 2 addresses: github.com/o/app, github.com/o/other" in lived.doctor(), lived.doctor()
    # The same item from another file: the later word counts, and it is said.
    again = lines("again", [issue(1, "crash, edited")])
    said = lived.run("add", "jsonl", again, "--project", "p").stderr
    assert "1 item had come from jsonl " + str(app) in said, said


def word(number):
    """Another one for each: what differs in numbers alone is one reason to the doctor."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(3))


@test
def a_file_of_broken_lines_leaves_a_short_list(store):
    path = WORK / f"{suite.new_name('broken')}.jsonl"
    path.write_text(json.dumps(issue(1, "good")) + "\n" + "x\n" * 30_000 + "".join(json.dumps({"record": f"kind {word(n)}"}) + "\n" for n in range(3000)))
    lived = Store(store)
    lived.run("add", "jsonl", path, "--project", "p")
    status = json.loads(lived.run("status", "--json").stdout)[0]
    assert status["quarantined"] == 33_000 and status["issues"] == 1, status
    assert lived.rows("SELECT count(*) FROM quarantine")[0][0] < 2500
    doctor = lived.doctor()
    assert "30,000 records" in doctor and "more reasons" in doctor, doctor
    path.write_text(json.dumps(issue(1, "good")) + "\n" + json.dumps(issue(2, "good, too")) + "\n")
    lived.run("sync")
    assert json.loads(lived.run("status", "--json").stdout)[0]["quarantined"] == 0


@test
def two_syncs_at_once_set_nothing_aside(store):
    folder = WORK / f"{suite.new_name('backup')}"
    (folder / "issues").mkdir(parents=True)
    for number in range(1, 400):
        (folder / f"issues/{number}.json").write_text(json.dumps({"type": "issue", "issue": {
            "number": number, "title": f"t{number}", "state": "open", "created_at": "2024-01-01T00:00:00Z", "user": {"login": f"u{number}", "id": number}}, "events": []}))
    for _ in range(4):
        lived = Store(store, fresh=True)
        lived.run("status", code=1)
        both = [subprocess.Popen([BINARY, "add", "github-metadata", str(folder), "--project", "p", "--db", lived.place], env=ENVIRONMENT, cwd=WORK, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        ends = [(process.communicate()[1], process.returncode) for process in both]
        assert {code for _, code in ends} <= {0, 5}, ends
        lived.run("sync")
        assert lived.rows("SELECT count(*) FROM item") == [(399,)]
        assert lived.rows("SELECT record, reason FROM quarantine") == []


@test
def a_sparse_entry_of_an_archive_is_set_aside_by_where_it_ends():
    folder = WORK / f"{suite.new_name('sparse')}"
    (folder / "issues").mkdir(parents=True)
    with open(folder / "issues/1.json", "wb") as file:
        file.truncate(8 << 30)
        file.seek(0, os.SEEK_END)
        file.write(b"x")
    (folder / "issues/2.json").write_text(json.dumps({"type": "issue", "issue": {"number": 2, "title": "t", "state": "open", "created_at": "2024-01-01T00:00:00Z"}, "events": []}))
    archive = WORK / "sparse.tar"
    subprocess.run(["tar", "--sparse", "--format=gnu", "-C", str(folder), "-cf", str(archive), "issues"], check=True)
    lived = Store("sqlite")
    done = subprocess.run(["bash", "-c", 'ulimit -v 3000000; exec "$@"', "-", BINARY, "add", "github-metadata", str(archive), "--project", "p", "--db", lived.place], env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert lived.rows("SELECT record, reason FROM quarantine") == [("issues/1.json", "larger than 512 MiB")]
    assert lived.rows("SELECT number FROM item") == [(2,)]


@test
def a_store_that_may_not_be_written_is_read():
    place = WORK / f"{suite.new_name('readonly')}"
    place.mkdir()
    program = place / "resident"
    shutil.copy(BINARY, program)
    lived = Store("sqlite")
    lived.place = str(place / "x.db")
    lived.run("add", "jsonl", lines("readonly", [issue(1, "crash")]), "--project", "p")
    lived.run("search", "crash")  # makes the index, without which there is no search
    for path in (WORK, place):
        path.chmod(0o755)
    (place / "x.db").chmod(0o644)
    place.chmod(0o555)
    run_as = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 and shutil.which("runuser") else []
    for command in (["today"], ["status"], ["doctor"], ["search", "crash"]):
        done = subprocess.run([*run_as, str(program), *command, "--db", lived.place], env={**ENVIRONMENT, "HOME": "/nonexistent"}, capture_output=True, text=True, cwd="/")
        assert done.returncode == 0, (command, done.stderr)
    done = subprocess.run([*run_as, str(program), "sync", "--db", lived.place], env={**ENVIRONMENT, "HOME": "/nonexistent"}, capture_output=True, text=True, cwd="/")
    assert done.returncode == 1 and "may only be read" in done.stderr, done.stderr
    place.chmod(0o755)


@test
def addresses_are_cleaned_on_import(store):
    path = lines("urls", [issue(1, "a", url="javascript:alert(1)"), issue(2, "b", url="https://github.com@evil.example/"),
                          issue(3, "c", url="https://github.com/o/app/\u202eissues/3")])
    lived = Store(store)
    lived.run("add", "jsonl", path, "--project", "p")
    assert lived.rows("SELECT url FROM item ORDER BY number") == [(None,), (None,), ("https://github.com/o/app/issues/3",)]


@test
def a_store_of_a_newer_program_is_named():
    lived = Store("sqlite")
    lived.run("add", "jsonl", lines("newer", [issue(1, "crash")]), "--project", "p")
    import sqlite3
    connection = sqlite3.connect(lived.place)
    connection.execute("INSERT INTO migration (version, name) VALUES (9000, 'later')")
    connection.commit()
    connection.close()
    assert "newer Resident" in lived.run("today").stderr
    assert "newer Resident" in lived.doctor()


suite.finish()
