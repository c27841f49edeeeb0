#!/usr/bin/env python3
"""Whole runs over a clone whose commits were measured: commits and releases compared by name, a change confirmed by reruns and one
that was none, what to measure next, a month's report, sizes from file to page.

speed.py BINARY [-k WORDS] [--jobs N]. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
"""
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from harness import Suite  # noqa: E402

suite = Suite("speed", {key: value for key, value in os.environ.items() if not key.startswith("GIT_")})
suite.environment |= {"RESIDENT_NOW": "2026-10-02T00:00:00Z", "HOME": str(suite.work), "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
CLONE, RESULTS = suite.work / "clone", suite.work / "results"
COMMITS, SLOWER = 60, 40  # from commit 40 on it takes an eighth longer
SHAS = []


def git(*arguments):
    return subprocess.run(["git", "-C", CLONE, *map(str, arguments)], check=True, capture_output=True, text=True, env={**suite.environment, "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org", **DATED}).stdout.strip()


DATED = {}
CLONE.mkdir()
RESULTS.mkdir()
git("init", "-q", "-b", "main")
for number in range(COMMITS):
    DATED = {key: f"2026-0{1 + number // 28}-{1 + number % 28:02}T12:00:00Z" for key in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")}
    # Every fifth touches documentation alone.
    if number % 5 == 4:
        (CLONE / "notes.md").write_text(f"{number}\n")
    else:
        (CLONE / "cost").write_text(f"{9.0 if number >= SLOWER else 8.0}\nof commit {number}\n")
    git("add", "-A")
    git("commit", "-q", "-m", f"change {number}")
    SHAS.append(git("rev-parse", "HEAD"))
git("tag", "v1", SHAS[20])
git("tag", "v2", SHAS[57])
git("tag", "v1.0", SHAS[20])
git("tag", "v2.0", SHAS[57])
for number in range(COMMITS - 2):
    if SLOWER - 3 <= number < SLOWER:
        continue  # in the dark
    waver = 1 + 0.002 * ((number * 7) % 5 - 2)
    value = (9.0 if number >= SLOWER else 8.0) * waver
    (RESULTS / f"{SHAS[number]}.json").write_text(json.dumps([{"name": "parse", "unit": "s", "values": [value * 0.99, value, value * 1.01], "better": "lower"},
                                                              {"name": "print", "unit": "s", "values": [waver, waver * 1.01, waver * 0.99], "better": "lower"}]))


def filled(kind):
    db = suite.new_store(kind)
    suite.resident("add", "git", CLONE, "--project", "demo", "--db", db)
    suite.resident("add", "benchmarks", RESULTS, "--project", "demo", "--machine", "ci-1", "--db", db)
    return db


@suite.test
def commits_are_compared_by_name(store):
    db = filled(store)
    told = json.loads(suite.resident("bench", "compare", "v1", "main", "--json", "--db", db).stdout)
    verdicts = {row["name"].split(" ")[0]: row["verdict"] for row in told["benchmarks"]}
    assert verdicts == {"parse": "worse", "print": "same"}, told
    assert "2 commits before it" in told["stands_for"][0], told
    assert suite.resident("bench", "gate", "v1", "v2", "--db", db, code=3).stderr.startswith("1 benchmark is surely worse")
    assert "did you mean v1" in suite.resident("bench", "compare", "v1", "v11", "--db", db, code=2).stderr
    assert "there is nothing at before.json" in suite.resident("bench", "compare", "before.json", "v1", "--db", db, code=2).stderr


@suite.test
def an_event_is_confirmed(store):
    db = filled(store)
    speed = json.loads(suite.resident("speed", "--json", "--db", db).stdout)[0]
    [event] = speed["rows"]
    assert event["commit"] == SHAS[SLOWER][:12], event
    assert any(note.startswith("Placebo: ") and "no event was found" in note for note in speed["notes"]), speed["notes"]
    following = json.loads(suite.resident("bench", "next", "--minutes", "600", "--json", "--db", db).stdout)["rows"]
    assert {("measure", SHAS[SLOWER - 2]), ("confirm", SHAS[SLOWER]), ("measure", SHAS[-1])} == {(row["verb"], row["sha"]) for row in following}, following
    command = ["bench", "confirm", "--commit", SHAS[SLOWER][:10], "--repo", CLONE, "--series", "parse", "--db", db]
    told = json.loads(suite.resident(*command, "--json", "--", "head", "-n1", "cost").stdout)
    assert told["verdict"] == "confirmed" and told["kept"] and told["low"] < 1.125 < told["high"], told
    [event] = json.loads(suite.resident("speed", "--json", "--db", db).stdout)[0]["rows"]
    assert f"{told['runs']} reruns confirm it" in event["note"], event
    following = json.loads(suite.resident("bench", "next", "--minutes", "600", "--json", "--db", db).stdout)["rows"]
    assert "confirm" not in {row["verb"] for row in following}, following


@suite.test
def what_was_none_is_refuted(store):
    db = filled(store)
    commit = SHAS[30]
    told = json.loads(suite.resident("bench", "confirm", "--commit", commit, "--repo", CLONE, "--db", db, "--json", "--", "head", "-n1", "cost").stdout)
    assert told["verdict"] == "refuted", told
    # Not sure after so few, and the next one goes on where it stood.
    unsure = SHAS[31 if store == "sqlite" else 32]
    few = suite.resident("bench", "confirm", "--commit", unsure, "--repo", CLONE, "--db", db, "--most-runs", "4", "--change", "0.001", "--json", "--", "head", "-n1", "cost", code=5)
    assert json.loads(few.stdout)["verdict"] == "open", few.stdout
    more = suite.resident("bench", "confirm", "--commit", unsure, "--repo", CLONE, "--db", db, "--most-runs", "6", "--change", "0.001", "--json", "--", "head", "-n1", "cost", code=None)
    assert "4 runs are known from before" in more.stderr, more.stderr
    assert suite.rows(db, "SELECT count(*) FROM speed_confirmation")[0][0] == 2  # of one moment, the last word
    assert git("status", "--porcelain") == "" and git("worktree", "list").count("\n") == 0


@suite.test
def releases_are_held_against_each_other(store):
    db = filled(store)
    told = json.loads(suite.resident("releases", "--json", "--db", db).stdout)
    assert "v2.0 against v1.0: 0.94 × [" in told["claim"] and "1 worse: parse" in told["claim"], told["claim"]
    [row] = told["rows"]
    assert row["low"] < (8 / 9) ** 0.5 < row["high"] and row["n"] == 2 and row["size"] is None, row
    one = json.loads(suite.resident("releases", "--release", "2.0", "--json", "--db", db).stdout)
    assert [(each["name"].split(" ")[0], each["verdict"]) for each in one["rows"]] == [("parse", "worse"), ("print", "same")], one["rows"]
    assert "did you mean v2.0" in suite.resident("releases", "--release", "v2.1", "--db", db, code=2).stderr
    suite.resident("releases", "--release", "1.0", "--db", db, code=1)  # there is none before it


@suite.test
def a_month_tells_what_became_slower(store):
    db = filled(store)
    month = suite.resident("report", "--month", "2026-02", "--format", "md", "--db", db).stdout
    assert "## Speed" in month and "1 event, 1 of them to the worse" in month and SHAS[SLOWER][:12] in month, month
    month = suite.resident("report", "--month", "2026-01", "--format", "md", "--db", db).stdout
    assert "nothing became faster or slower" in month, month


@suite.test
def sizes_go_from_file_to_page(store):
    db, folder = filled(store), suite.work / suite.new_name("sizes")
    folder.mkdir()
    for number in range(COMMITS - 2):
        text = (4000 if number < 30 else 5000) + number % 6
        (folder / f"{SHAS[number]}-size.txt").write_text(f"   text\t   data\t    bss\t    dec\t    hex\tfilename\n{text:7}\t    600\t      8\t{text + 608:7}\t   {text + 608:x}\tbin/tool\n")
    suite.resident("add", "benchmarks", folder, "--project", "demo", "--machine", "ci-1", "--db", db)
    rows = json.loads(suite.resident("speed", "--json", "--db", db).stdout)[0]["rows"]
    [event] = [row for row in rows if row["name"].startswith("bin/tool")]
    assert event["commit"] == SHAS[30][:12] and event["verdict"] == "worse" and event["series"] == 2, event  # text and total
    [row] = json.loads(suite.resident("releases", "--json", "--db", db).stdout)["rows"]
    assert 1.05 < row["size"] < 1.25 and row["size_low"] < row["size"] < row["size_high"], row
    page = suite.work / suite.new_name("page.html")
    suite.resident("page", "--output", page, "--db", db)
    assert "bin/tool total" in page.read_text()


suite.finish()
