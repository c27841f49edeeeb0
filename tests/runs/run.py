#!/usr/bin/env python3
"""Whole runs of the program: interrupted, repeated, on both stores, on hostile input.

run.py BINARY [-k WORDS] [--jobs N]. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
"""
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from harness import Suite, same  # noqa: E402

suite = Suite("runs")
BINARY, POSTGRES, WORK, ENVIRONMENT = suite.binary, suite.postgres, suite.work, suite.environment
test, new_store, dump = suite.test, suite.new_store, suite.dump


def resident(*arguments, check=True, **more):
    return suite.resident(*arguments, code=0 if check else None, **more)


def add_all(db, project="demo"):
    resident("add", "git", DEMO / "repository.git", "--project", project, "--db", db)
    resident("add", "jsonl", DEMO / "project.jsonl", "--project", project, "--db", db)


DEMO = WORK / "demo"
resident("simulate", DEMO, "--seed", 7, "--issues", 250, "--years", 3)
REFERENCE = {}


def reference(store):
    if store not in REFERENCE:
        db = new_store(store)
        add_all(db)
        REFERENCE[store] = (db, dump(db))
    return REFERENCE[store]


@test
def a_second_sync_changes_nothing(store):
    db, once = reference(store)
    done = resident("sync", "--db", db)
    assert "nothing new" in done.stderr, done.stderr
    same(once, dump(db), "after a second sync")
    add_all(db)
    same(once, dump(db), "after adding the sources again")


@test
def both_stores_hold_the_same():
    if not POSTGRES:
        return
    one, other = reference("sqlite")[1], reference("postgresql")[1]
    assert set(one) == set(other), f"tables of one store only: {set(one) ^ set(other)}"
    same(one, other, "SQLite and PostgreSQL")


@test
def what_is_compared_holds_all_that_is_kept(store):
    tables = reference(store)[1]
    for table in ("item", "event", "git_commit", "file_change", "head_file", "line_owner", "line_death", "identity_link"):
        assert tables[table], f"{table} is empty or not exported"
    for table in ("planned_action", "triage_mark", "accuracy_figure", "item_tombstone"):
        assert table in tables, f"{table} is not exported"
    assert not {"identity_email", "source_record", "migration"} & set(tables), "what must not be exported is"


@test
def cells_of_csv_are_no_formulas(store):
    db, path = new_store(store), WORK / f"{suite.new_name('formulas')}.jsonl"
    titles = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "plain", "\t=1"]
    path.write_text("".join(json.dumps({"record": "issue", "number": n, "title": title, "author": "ada", "created_at": 1700000000 + n}) + "\n" for n, title in enumerate(titles, 1)))
    resident("add", "jsonl", path, "--project", "p", "--db", db)
    exported = resident("export", "--table", "item", "--format", "csv", "--db", db).stdout
    asked = resident("sql", "SELECT title, 0 - number AS below FROM item ORDER BY number", "--format", "csv", "--db", db).stdout
    for text in (exported, asked):
        for title in titles:
            assert title == "plain" or ("," + title not in text and "\n" + title not in text), f"{title!r} begins a cell: {text}"
    assert "'=1+1" in exported and "'@SUM(A1)" in exported and "plain" in exported, exported
    assert asked.splitlines()[1] == "'=1+1,-1", asked


@test
def both_stores_give_the_same_answers():
    if not POSTGRES:
        return
    for command in (["today"], ["review"], ["triage"], ["measures"], ["modules"], ["people"], ["report", "--week", "2026-06-03"],
                    ["hotspots"], ["coupling"], ["reverts"], ["backports"], ["merges"], ["ownership", "--by", "module"], ["knowledge"],
                    ["survival"], ["burndown"], ["search", "crash input"], ["search", "is:open", "-crash"], ["search", "foo.bar #12 naïve"]):
        answers = []
        for store in ("sqlite", "postgresql"):
            data = json.loads(resident(*command, "--json", "--db", reference(store)[0], "--project", "demo").stdout)
            answers.append(json.loads(json.dumps(data), parse_float=lambda text: round(float(text), 6)))
        for a, b in zip(*(answer if isinstance(answer, list) else [answer] for answer in answers)):
            assert a == b, f"{command}: {a['name']} differs: " + str([(x, y) for x, y in zip(a["rows"], b["rows"]) if x != y][:2] or (a["claim"], b["claim"]))


@test
def killed_at_any_point_and_run_again_is_as_if_uninterrupted(store):
    _, whole = reference(store)
    steps = (["add", "git", DEMO / "repository.git", "--project", "demo"], ["add", "jsonl", DEMO / "project.jsonl", "--project", "demo"])
    db = new_store(store)
    durations = []
    for step in steps:
        begin = time.time()
        resident(*step, "--db", db)
        durations.append(time.time() - begin)
    generator = random.Random(4)
    kills = rounds = 0
    # Until enough were still going when they were to be killed, however quick this machine is.
    while rounds < (12 if suite.often else 5 if store == "sqlite" else 3) or (kills <= 10 and rounds < 40):
        rounds += 1
        db = new_store(store, fresh=True)
        for step, duration in zip(steps, durations):
            # Killed several times over, at moments over the whole of the run, then left to finish.
            for _ in range(3):
                process = subprocess.Popen([BINARY, *map(str, step), "--db", db], env=ENVIRONMENT, cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=generator.uniform(0.005, duration))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    kills += 1
            for attempt in range(20):
                # The server may need a moment to notice that its client is gone.
                if resident(*step, "--db", db, check=attempt == 19).returncode == 0:
                    break
                time.sleep(0.2)
        same(whole, dump(db), f"after {kills} kills")
    assert kills > 10, f"only {kills} runs were still going when they were to be killed"


@test
def new_commits_and_items_come_in_by_a_second_sync(store):
    db, whole = new_store(store), reference(store)[1]
    clone, part = WORK / f"{suite.new_name('clone')}.git", WORK / f"{suite.new_name('part')}.jsonl"
    subprocess.run(["git", "clone", "-q", "--bare", str(DEMO / "repository.git"), str(clone)], check=True)
    git = ["git", "-C", str(clone)]
    for reference_name in subprocess.run([*git, "for-each-ref", "--format=%(refname)"], check=True, capture_output=True, text=True).stdout.split():
        if reference_name != "refs/heads/main":
            subprocess.run([*git, "update-ref", "-d", reference_name], check=True)
    subprocess.run([*git, "update-ref", "refs/heads/main", "refs/heads/main~40"], check=True)
    lines = (DEMO / "project.jsonl").read_text().splitlines()
    part.write_text("\n".join(lines[: len(lines) // 2]) + "\n")
    resident("add", "git", clone, "--project", "demo", "--db", db)
    resident("add", "jsonl", part, "--project", "demo", "--db", db)
    subprocess.run([*git, "fetch", "-q", str(DEMO / "repository.git"), "+refs/*:refs/*"], check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"})
    part.write_text("\n".join(lines) + "\n")
    resident("sync", "--db", db)
    now = dump(db)
    for table in ("item", "event", "comment", "review", "git_commit", "file_change", "item_interval", "git_ref", "ci_run"):
        assert len(now[table]) == len(whole[table]), f"{table}: {len(now[table])} rows instead of {len(whole[table])}"
    flags = lambda rows: sorted((row["sha"], row["on_default"], row["in_history"]) for row in map(json.loads, rows))
    assert flags(now["git_commit"]) == flags(whole["git_commit"]), "what the branches reach differs"


@test
def a_history_that_was_rewritten_leaves_the_default_branch(store):
    db, clone = new_store(store), WORK / f"{suite.new_name('clone')}.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(DEMO / "repository.git"), str(clone)], check=True)
    resident("add", "git", clone, "--project", "demo", "--db", db)
    count = lambda: json.loads(resident("sql", "SELECT count(*) AS n FROM git_commit WHERE on_default = 1", "--json", "--db", db).stdout)[0]["n"]
    before = count()
    subprocess.run(["git", "-C", str(clone), "update-ref", "refs/heads/main", "refs/heads/main~10"], check=True)
    resident("sync", "--db", db)
    expected = int(subprocess.run(["git", "-C", str(clone), "rev-list", "--count", "refs/heads/main"], check=True, capture_output=True, text=True).stdout)
    assert count() == expected < before, (before, count(), expected)


@test
def documentation_is_found_and_follows_the_branch(store):
    db, clone = new_store(store), WORK / f"{suite.new_name('docs')}"
    subprocess.run(["git", "init", "-q", "-b", "main", str(clone)], check=True)
    moments = iter(range(1700000000, 1800000000, 86400))
    def commit(**files):
        for name, text in files.items():
            path = clone / "doc" / f"{name}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text) if text is not None else path.unlink()
        at = f"{next(moments)} +0000"
        person = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"), ("DATE", at))}
        for command in (["add", "-A"], ["commit", "-q", "-m", "change"]):
            subprocess.run(["git", "-C", str(clone), *command], check=True, env={**os.environ, **person, "GIT_CONFIG_GLOBAL": "/dev/null"})
    def find(*words):
        return sorted(row["title"] for row in json.loads(resident("search", *words, "--json", "--db", db).stdout)["rows"] if row["kind"] == "doc")
    long = "".join(f"word{i} " for i in range(30000)) + "haystack"
    commit(install="Build with the zebra toolchain", old="An old zebra", long=long)
    resident("add", "git", clone, "--project", "docs", "--db", db)
    assert find("zebra") == ["doc/install.md", "doc/old.md"]
    assert find("haystack", "word29999") == ["doc/long.md"], "a word far down a long file"
    assert find('"zebra toolchain"') == ["doc/install.md"]
    commit(install="Build with the giraffe toolchain", old=None)
    resident("sync", "--db", db)
    assert find("zebra") == [] and find("is:doc", "giraffe") == ["doc/install.md"]
    assert find("giraffe", "--as-of", "2023-11-15") == [], "a text newer than the moment"
    assert find("haystack", "--as-of", "2023-11-15") == ["doc/long.md"]
    answer = json.loads(resident("ask", "how do I build with a giraffe?", "--json", "--db", db).stdout)
    assert [row["path"] for row in answer[1]["rows"]] == ["doc/install.md"], answer
    once = dump(db)
    assert "nothing new" in resident("sync", "--db", db).stderr
    same(once, dump(db), "after a second sync")


def answers_of(db, project="demo"):
    """What is found for titles of the project, their words, phrases and beginnings, in order and with scores."""
    titles = [row["title"] for row in json.loads(resident("sql", "SELECT title FROM item WHERE number <= 60 ORDER BY number", "--json", "--db", db).stdout)]
    queries = [["fix"], ["in:title", "fix"], ["is:pr", "crash"], ["absent"]]
    for title in titles[::7]:
        words = re.findall(r"[A-Za-z_]{5,}", title)  # not so short that all may be words that are in every text: those alone are no query
        if not words:
            continue
        queries += [[title.replace('"', " ").replace(":", " ").replace("-", " ")], words[:1], words[:2], ['"' + " ".join(words[:2]) + '"'], [words[-1][:3] + "*", "is:issue"]]
    found = {}
    for query in filter(None, queries):
        rows = json.loads(resident("search", "--json", "--limit", 100, "--project", project, "--db", db, "--", *query).stdout)["rows"]
        found[" ".join(query)] = [(row["kind"], row["number"], row["title"], round(row["score"], 6)) for row in rows]
    assert sum(map(len, found.values())) > 200, found
    return found


def same_answers(a, b, what):
    for query in a:
        assert a[query] == b[query], f"{what}: {query}: " + str([pair for pair in zip(a[query], b[query]) if pair[0] != pair[1]][:2] or (len(a[query]), len(b[query])))


@test
def both_stores_rank_what_they_find_the_same():
    if POSTGRES:
        same_answers(answers_of(reference("sqlite")[0]), answers_of(reference("postgresql")[0]), "SQLite and PostgreSQL")


def change(db, *statements):
    if db.startswith("postgresql:"):
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", db, *(part for each in statements for part in ("-c", each))], check=True, capture_output=True)
        return
    with sqlite3.connect(db) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


@test
def a_search_index_killed_in_the_making_counts_as_if_uninterrupted(store):
    db = new_store(store)
    add_all(db)
    whole = answers_of(db)
    search = [BINARY, "search", "fix", "--project", "demo", "--db", db]
    # Made anew; and a third of the documents written again, which takes them out of the lists they are in.
    unmade = (["UPDATE search_state SET version = 'earlier'"], ["UPDATE item SET updated_at = COALESCE(updated_at, 0) + 1 WHERE number % 3 = 1", "UPDATE source SET synced_at = synced_at + 1"])
    generator, kills = random.Random(9), 0
    for statements in unmade:
        change(db, *statements)
        begin = time.time()
        resident(*search[1:])
        duration = time.time() - begin
        for _ in range(6 if suite.often else 4):
            change(db, *statements)
            for _ in range(2):
                process = subprocess.Popen(search, env=ENVIRONMENT, cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=generator.uniform(0.2, 0.9) * duration)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    kills += 1
            resident(*search[1:])
        same_answers(whole, answers_of(db), f"after {kills} kills")
    assert kills > 5, f"only {kills} runs were still going when they were to be killed"


@test
def several_that_search_at_once_make_one_index(store):
    db = new_store(store)
    resident("add", "jsonl", DEMO / "project.jsonl", "--project", "demo", "--db", db)
    command = [BINARY, "search", "--json", "--project", "demo", "--db", db, "--", "fix"]
    for _ in range(2):
        searches = [subprocess.Popen(command, env=ENVIRONMENT, cwd=WORK, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        outputs = [process.communicate() for process in searches]
        assert not any(process.returncode for process in searches), [error for _, error in outputs]
        assert len({output for output, _ in outputs}) == 1 and '"rows"' in outputs[0][0]
        change(db, "UPDATE search_state SET version = 'earlier'")
    counts = json.loads(resident("sql", "SELECT count(*) AS n, count(DISTINCT parent_key) AS m FROM search_document WHERE kind = 'issue'", "--json", "--db", db).stdout)[0]
    assert counts["n"] == counts["m"] > 100, counts


def issue(number, /, **more):
    user = {"login": "ada", "id": 17, "type": "User"}
    base = {"number": number, "title": "t", "user": user, "state": "open", "created_at": "2024-01-01T00:00:00Z", "html_url": f"https://github.com/o/r/issues/{number}"}
    return {"type": "issue", "issue": {**base, **more}, "events": [{"event": "commented", "id": number * 10, "user": user, "actor": user, "created_at": "2024-01-02T00:00:00Z", "body": "b"}]}


def hostile_folder():
    folder = WORK / f"{suite.new_name('hostile')}"
    issues, pulls = folder / "issues", folder / "pulls"
    issues.mkdir(parents=True)
    pulls.mkdir()
    write = lambda name, content: (folder / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    for number in range(1, 21):
        write(f"issues/{number}.json", issue(number))
    bad = {}
    def add_bad(name, content, reason):
        write(name, content)
        bad[name] = reason
    whole = json.dumps(issue(30)).encode()
    add_bad("issues/30.json", whole[: len(whole) // 2], "not valid JSON")
    add_bad("issues/31.json", b"", "not valid JSON")
    add_bad("issues/32.json", b"\x00" * 100, "not valid JSON")
    add_bad("issues/33.json", b'"\xff\xfe"', "not valid JSON")
    add_bad("issues/34.json", issue(34, number="thirty-four"), "expected a whole number, found text")
    add_bad("issues/35.json", issue(35, created_at="yesterday"), "expected a time")
    add_bad("issues/36.json", issue(36, state="ajar"), "neither open nor closed")
    add_bad("issues/37.json", [1, 2, 3], "expected an object, found a list")
    add_bad("issues/38.json", {"type": "discussion"}, "neither issue nor pull")
    add_bad("issues/39.json", issue(1), "named 39 but holds number 1")
    add_bad("issues/40.json", issue(40, user="ada"), "expected an object, found text")
    add_bad("issues/41.json", b"[" * 100000, "not valid JSON")
    add_bad("issues/42.json", issue(42, number=-5), "cannot be")
    add_bad("pulls/43.json", issue(43), "in the folder pulls")
    add_bad("issues/readme.pdf", b"%PDF-1.4", "not a file of a metadata backup")
    add_bad("program.bin", bytes(range(256)), "not a file of a metadata backup")
    # Readable, if odd: these are imported.
    write("issues/50.json", issue(50, user=None, body=None))
    write("issues/51.json", issue(51, title="nul \x00, \u202e right to left, \x1b[31mred", body="x" * 100_000_000))
    write("issues/52.json", {**issue(52), "events": [{"event": "labeled", "id": 1, "created_at": "2024-01-02T00:00:00Z", "label": "no object"}, {"event": None}, {"event": "closed", "id": 2, "created_at": None, "actor": None}]})
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    bad["loop"] = "links are not followed"
    return folder, bad


@test
def hostile_files_are_set_aside_with_the_reason_and_the_rest_is_imported(store):
    folder, bad = hostile_folder()
    db = new_store(store)
    resident("add", "github-metadata", folder, "--project", "hostile", "--db", db)
    rows = {row["record"]: row["reason"] for row in json.loads(resident("sql", "SELECT record, reason FROM quarantine", "--json", "--db", db).stdout)}
    for name, reason in bad.items():
        assert name in rows, f"{name} is not in quarantine: {sorted(rows)}"
        assert reason in rows[name], f"{name}: {rows[name]}"
    assert "issues/52.json#events/0" in rows and "issues/52.json#events/1" in rows, rows
    assert len(rows) == len(bad) + 2, f"unexpected: {sorted(set(rows) - set(bad))}"
    status = json.loads(resident("status", "--json", "--db", db).stdout)[0]
    assert status["issues"] == 23 and status["quarantined"] == len(rows), status
    for command in ("today", "triage", "measures", "people", "doctor"):
        output = resident(command, "--db", db).stdout
        assert "\x1b" not in output and "\u202e" not in output, f"{command} prints control characters"
    # A record that was mended comes out of quarantine.
    (folder / "issues/30.json").write_text(json.dumps(issue(30)))
    resident("sync", "--db", db)
    assert json.loads(resident("sql", "SELECT count(*) AS n FROM quarantine WHERE record = 'issues/30.json'", "--json", "--db", db).stdout)[0]["n"] == 0


@test
def damaged_archives_give_what_stands_before_the_damage():
    folder, _ = hostile_folder()
    archive = WORK / "whole.tar"
    subprocess.run(["tar", "-cf", str(archive), "-C", str(folder), "issues"], check=True)
    (folder / "issues/51.json").unlink()
    subprocess.run(["tar", "-cf", str(archive), "-C", str(folder), "--sort=name", "issues"], check=True)
    cut = WORK / "cut.tar"
    cut.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    db = new_store("sqlite")
    resident("add", "github-metadata", cut, "--project", "cut", "--db", db)
    status = json.loads(resident("status", "--json", "--db", db).stdout)[0]
    assert 5 <= status["issues"] < 22, status
    reasons = resident("sql", "SELECT reason FROM quarantine WHERE reason LIKE '%damaged%'", "--db", db).stdout
    assert "damaged" in reasons, reasons
    for content in (b"", b"not an archive at all", os.urandom(5000)):
        cut.write_bytes(content)
        done = resident("add", "github-metadata", cut, "--project", "none", "--db", db, check=False)
        assert done.returncode == 1 and "resident:" in done.stderr and "terminate" not in done.stderr, done.stderr


@test
def folders_without_rights_are_named():
    if os.geteuid() != 0:
        run_as = []
    elif shutil.which("runuser"):
        run_as = ["runuser", "-u", "nobody", "--"]
    else:
        return
    folder = WORK / "rights"
    (folder / "issues").mkdir(parents=True)
    (folder / "issues/1.json").write_text(json.dumps(issue(1)))
    (folder / "issues/2.json").write_text(json.dumps(issue(2)))
    (folder / "issues/2.json").chmod(0)
    (folder / "pulls").mkdir()
    (folder / "pulls").chmod(0)
    for path in (WORK, folder, folder / "issues"):
        path.chmod(0o755)
    place = WORK / "rights-store"
    place.mkdir()
    place.chmod(0o777)
    program = place / "resident"
    shutil.copy(BINARY, program)
    program.chmod(0o755)
    db = place / "x.db"
    done = subprocess.run([*run_as, str(program), "add", "github-metadata", str(folder), "--project", "rights", "--db", str(db)], capture_output=True, text=True, cwd=place)
    (folder / "pulls").chmod(0o755)
    assert done.returncode == 0, done.stderr
    reasons = resident("sql", "SELECT record, reason FROM quarantine ORDER BY record", "--json", "--db", db).stdout
    assert "issues/2.json" in reasons and "cannot read the folder" in reasons, reasons


@test
def exports_hold_no_email_addresses(store):
    db, tables = reference(store)
    for table, rows in tables.items():
        for row in rows:
            assert "@example.org" not in row and "@example.com" not in row and "noreply.github.com" not in row, f"{table}: {row[:300]}"
    for command in (["people"], ["people", "why", "person:1"], ["page", "--output", "-"], ["report"]):
        output = resident(*command, "--db", db, "--project", "demo").stdout
        for line in output.splitlines():
            assert "@example.org" not in line.replace(" …@example.org", ""), f"{command}: {line[:200]}"


@test
def sql_cannot_write(store):
    db, before = reference(store)
    for query in ("DELETE FROM item", "DROP TABLE item", "UPDATE item SET title = 'x'", "INSERT INTO project VALUES (9, 'x', NULL, 0)", "SELECT 1; DELETE FROM item",
                  "PRAGMA writable_schema = 1", "ATTACH 'x.db' AS y", "WITH x AS (SELECT 1) DELETE FROM item", "CREATE TABLE t (a INTEGER)"):
        resident("sql", query, "--db", db, check=False)
    same(before, dump(db), "after queries that try to write")
    assert not (WORK / "x.db").exists()


@test
def merges_of_people_are_undone_exactly(store):
    db = new_store(store)
    resident("add", "jsonl", DEMO / "project.jsonl", "--project", "demo", "--db", db)
    before = dump(db)
    people = json.loads(resident("sql", "SELECT person_id, name FROM person WHERE is_bot = 0 ORDER BY person_id LIMIT 6", "--json", "--db", db).stdout)
    a, b = f"person:{people[2]['person_id']}", f"person:{people[5]['person_id']}"
    resident("people", "merge", a, b, "--db", db)
    merged = dump(db)
    assert len(merged["person"]) == len(before["person"]) - 1
    link = max(json.loads(row)["link_id"] for row in merged["identity_link"])
    resident("people", "undo", str(link), "--db", db)
    after = dump(db)
    assert after["person"] == before["person"] and after["person_identity"] == before["person_identity"], "the undo is not exact"
    assert len(after["identity_link"]) == len(before["identity_link"]) + 2, "the ledger is not append-only"


def people_of(db):
    """Each person as the keys of their identities, with what they are called and whether they are a bot."""
    rows = json.loads(resident("sql", "SELECT i.identity_key, pi.person_id, p.name, p.is_bot FROM identity i JOIN person_identity pi ON "
                               "pi.project_id = i.project_id AND pi.identity_id = i.identity_id JOIN person p ON p.project_id = pi.project_id AND "
                               "p.person_id = pi.person_id", "--json", "--db", db).stdout)
    people = {}
    for row in rows:
        people.setdefault((row["person_id"], row["name"], row["is_bot"]), set()).add(row["identity_key"])
    return {(name, is_bot, frozenset(keys)) for (_, name, is_bot), keys in people.items()}


@test
def people_do_not_depend_on_where_a_sync_stopped(store):
    # One laptop wrote the commits of everybody's pull requests: a half of them looks as if it were one account's.
    pulls = [{"record": "pull", "number": n, "title": "t", "author": {"login": f"dev{n // 2}", "id": n // 2 + 1}, "created_at": "2024-01-01T00:00:00Z",
              "timeline": [{"event": "committed", "at": "2024-01-01T00:00:00Z", "sha": f"{n:040d}", "actor": {"name": "Lab Laptop", "email": "laptop@corp.org"}}]}
             for n in range(2, 12)]
    def file(some):
        path = WORK / f"{suite.new_name('people')}.jsonl"
        path.write_text("".join(json.dumps(each) + "\n" for each in some))
        return path
    whole, halves = new_store(store), new_store(store)
    growing = file(pulls)
    resident("add", "jsonl", growing, "--project", "p", "--db", whole)
    growing.write_text("".join(json.dumps(each) + "\n" for each in pulls[:2]))
    resident("add", "jsonl", growing, "--project", "p", "--db", halves)
    assert people_of(whole) != people_of(halves), "the half says nothing of its own: the test tests nothing"
    joined = len(people_of(halves))
    growing.write_text("".join(json.dumps(each) + "\n" for each in pulls))
    resident("sync", "--db", halves)
    assert people_of(halves) == people_of(whole), f"{joined} people after the half; {people_of(halves) ^ people_of(whole)}"


@test
def who_is_a_bot_is_decided_by_the_settings_of_the_command(store):
    db = new_store(store)
    source = WORK / f"{suite.new_name('bots')}.jsonl"
    source.write_text(json.dumps({"record": "issue", "number": 1, "title": "t", "author": {"login": "jan-bot", "id": 1}, "created_at": "2024-01-01T00:00:00Z"}) + "\n")
    resident("add", "jsonl", source, "--project", "p", "--db", db)
    config = WORK / f"{suite.new_name('settings')}.toml"
    def taken(settings):
        config.write_text("[project.p]\n" + settings)
        table = json.loads(resident("people", "--json", "--config", config, "--db", db).stdout)
        results = table if isinstance(table, list) else [table]
        return sorted(row["account"] for each in results if each["name"] == "bots" for row in each["rows"])
    assert taken("") == ["jan-bot"]
    assert taken('not_bots = ["Jan-Bot"]\n') == []
    assert taken("") == ["jan-bot"], "taken back, it counts no more"


@test
def a_past_week_is_reported_byte_for_byte_the_same(store):
    db, _ = reference(store)
    arguments = ["report", "--week", "2026-03-04", "--db", db, "--project", "demo"]
    first = resident(*arguments).stdout
    assert "## Reviewed" in first, first[:500]
    later = subprocess.run([BINARY, *arguments], capture_output=True, text=True, env={**ENVIRONMENT, "RESIDENT_NOW": "2031-01-01T00:00:00Z"}).stdout
    assert first == later
    html = resident(*arguments, "--format", "html").stdout
    assert html == resident(*arguments, "--format", "html").stdout and "<h" in html


@test
def two_at_once_wait_for_each_other(store):
    for names_of_projects in (("one", "two"), ("same", "same")) * (6 if suite.often else 2 if store == "sqlite" else 1):
        db = new_store(store, fresh=True)
        sources = [WORK / f"{suite.new_name('part')}.jsonl" for _ in range(2)]
        for source in sources:
            shutil.copy(DEMO / "project.jsonl", source)
        both = [subprocess.Popen([BINARY, "add", "jsonl", str(source), "--project", name, "--db", db], env=ENVIRONMENT, stderr=subprocess.PIPE)
                for name, source in zip(names_of_projects, sources)]
        for process in both:
            _, err = process.communicate(timeout=120)
            # Of two syncs of one project, one may be told to come again, and then resumes.
            told = names_of_projects[0] == names_of_projects[1] and process.returncode == 5 and b"run the same command again" in err
            assert process.returncode == 0 or told, err.decode()
        resident("sync", "--db", db)
        doubled = json.loads(resident("sql", "SELECT (SELECT count(*) FROM identity) - (SELECT count(*) FROM (SELECT DISTINCT project_id, identity_key FROM identity) k) AS n", "--json", "--db", db).stdout)
        assert doubled[0]["n"] == 0
        counts = json.loads(resident("status", "--json", "--db", db).stdout)
        assert len(counts) == len(set(names_of_projects)) and counts[0]["issues"] == counts[-1]["issues"] > 0, counts


@test
def jsonl_through_a_pipe_is_as_from_a_file(store):
    lines = [json.dumps({"record": "issue", "number": n, "title": f"report {n}", "author": "ada", "created_at": 1700000000 + n}) + "\n" for n in (1, 2, 3)]
    db, path = new_store(store), WORK / "three.jsonl"
    path.write_text("".join(lines))

    def through_a_pipe(text, *more):
        read, write = os.pipe()
        os.write(write, text.encode())
        os.close(write)
        done = resident("add", "jsonl", f"/dev/fd/{read}", "--db", db, *more, check=False, pass_fds=(read,))
        os.close(read)
        return done

    refused = through_a_pipe(lines[0])
    assert refused.returncode == 2 and "--project" in refused.stderr, refused.stderr
    assert through_a_pipe("".join(lines[:2]), "--project", "p").returncode == 0
    assert "nothing new" in resident("sync", "--db", db, stdin=subprocess.DEVNULL).stderr
    assert through_a_pipe(lines[2], "--project", "p").returncode == 0
    counted = lambda: resident("sql", "SELECT number, title FROM item ORDER BY number", "--db", db, "--format", "csv").stdout
    first, db = counted(), new_store(store)
    resident("add", "jsonl", path, "--db", db, "--project", "p")
    assert first == counted() and "report 3" in first, first
    done = resident("add", "mbox", "/dev/null", "--db", db, "--project", "p", check=False)
    assert done.returncode == 2 and "neither a file nor a folder" in done.stderr, done.stderr


suite.finish()
