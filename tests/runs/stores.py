#!/usr/bin/env python3
"""Whole runs of what moves and shares stores: copies between engines, workers that share projects; killed in the making.

stores.py BINARY [-k WORDS] [--jobs N]. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
"""
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from harness import Suite, same  # noqa: E402

suite = Suite("stores")
test, new_store, dump, resident, rows = suite.test, suite.new_store, suite.dump, suite.resident, suite.rows
DEMO = suite.work / "demo"
resident("simulate", DEMO, "--seed", 7, "--issues", 250, "--years", 3)


def copy(start, end, **more):
    return resident("store", "copy", start, end, "--json", **more)


def table(done):
    return {row["table"]: row for row in json.loads(done.stdout)["rows"]}


@test
def a_copy_on_the_other_engine_and_back_is_the_same_though_killed(store):
    db = new_store(store)
    for project in ("one", "two"):
        resident("add", "git", DEMO / "repository.git", "--project", project, "--db", db)
        resident("add", "jsonl", DEMO / "project.jsonl", "--project", project, "--db", db)
    resident("search", "crash", "--project", "one", "--db", db)  # its index is of its engine
    whole = dump(db)
    other = "postgresql" if store == "sqlite" and suite.postgres else "sqlite"
    begin = time.time()
    copy(db, new_store(other, fresh=True))
    duration = time.time() - begin
    generator, kills, resumed = random.Random(19), 0, 0
    for _ in range(8):
        there = new_store(other, fresh=True)
        for _ in range(3):
            process = subprocess.Popen([suite.binary, "store", "copy", db, there], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=suite.environment)
            time.sleep(generator.uniform(0.2, 0.8) * duration)
            process.kill()
            if process.wait() == -signal.SIGKILL:
                kills += 1
            else:
                duration *= 0.7  # it was measured while others had the processors
        for attempt in range(20):
            # The server may need a moment to notice that its client is gone.
            done = copy(db, there, code=0 if attempt == 19 else None)
            if done.returncode == 0:
                break
            time.sleep(0.2)
        first = table(done)
        same(whole, dump(there), f"after {kills} kills")
        resumed += sum(row["brought"] for row in first.values()) < sum(row["rows"] for row in first.values())
        if kills > 4 and resumed > 1:
            break
    assert kills > 4 and resumed > 1, f"only {kills} copies were still going when they were to be killed, {resumed} went on where they were"
    assert not any(row["brought"] for row in table(copy(db, there)).values()), "what was there was brought again"
    back = new_store(store)
    second = table(copy(there, back))
    assert {name: row["digest"] for name, row in first.items()} == {name: row["digest"] for name, row in second.items()}
    same(whole, dump(back), "there and back")
    for command in (["today"], ["measures"], ["search", "crash input"]):
        answers = [resident(*command, "--project", "one", "--json", "--db", each).stdout for each in (db, back)]
        assert answers[0] == answers[1], command
    refused = copy(there, db, code=2)
    assert "a store already" in refused.stderr, refused.stderr


@test
def a_copy_made_again_brings_only_what_is_new():
    db, there = new_store(), new_store()
    for project in ("one", "two"):
        resident("add", "jsonl", DEMO / "project.jsonl", "--project", project, "--db", db)
    copy(db, there)
    line = {"record": "issue", "number": 99999, "title": "new", "author": "ada", "created_at": "2026-09-01T00:00:00Z"}
    path = suite.work / "more.jsonl"
    path.write_text(json.dumps(line) + "\n")
    resident("add", "jsonl", path, "--project", "two", "--db", db)
    brought = table(copy(db, there))
    assert brought["item"]["rows"] / 2 <= brought["item"]["brought"] + 1 < brought["item"]["rows"], brought["item"]
    assert brought["comment"]["brought"] == 0, brought["comment"]
    same(dump(db), dump(there), "after a second copy")


PROJECTS = [f"p{i}" for i in range(5)]


def declared(store):
    db = new_store(store)
    for project in PROJECTS:
        resident("add", "git", DEMO / "repository.git", "--project", project, "--no-sync", "--db", db)
        resident("add", "jsonl", DEMO / "project.jsonl", "--project", project, "--no-sync", "--db", db)
    return db


@test
def workers_share_projects_and_one_that_is_killed_loses_nothing(store):
    db = declared(store)
    begin = time.time()
    resident("sync", "--db", db)
    duration, whole = time.time() - begin, dump(db)
    generator, kills = random.Random(5), 0
    for _ in range(6):
        db = declared(store)
        command = [suite.binary, "sync", "--worker", "--once", "--lease", "3", "--db", db]
        workers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=suite.environment, cwd=suite.work) for _ in range(2)]
        time.sleep(generator.uniform(0.1, 0.5) * duration)
        workers[0].kill()
        if workers[0].wait() == -signal.SIGKILL:
            kills += 1
        else:
            duration *= 0.7  # it was measured while others had the processors
        said = workers[1].communicate(timeout=120)[1]
        # A sync that met what the dead one still held says so, and the next worker goes on.
        again = resident("sync", "--worker", "--once", "--lease", "3", "--db", db, code=None) if workers[1].returncode else None
        if again or workers[1].returncode:
            resident("sync", "--db", db)
        same(whole, dump(db), f"after {kills} kills: {said[-500:]}")
        if kills >= (3 if suite.often else 2):
            break
    assert kills >= 2, f"only {kills} workers were still going when they were to be killed"


@suite.needs_postgres
@test
def two_workers_both_work_and_take_no_project_twice():
    db = declared("postgresql")
    command = [suite.binary, "sync", "--worker", "--once", "--db", db]
    workers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=suite.environment, cwd=suite.work) for _ in range(2)]
    said = [worker.communicate(timeout=120)[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    lines = [[line for line in text.splitlines() if "new or changed" in line or "nothing new" in line] for text in said]
    assert all(lines), f"one of them had nothing to do: {said}"
    assert sorted(line.split(":")[0] for each in lines for line in each) == sorted(PROJECTS * 2), said
    assert not any("nothing new" in line for each in lines for line in each), said
    turns = suite.psql("SELECT count(*), max(turn), count(holder) FROM sync_lease", db.rsplit("/", 1)[1])
    assert turns == f"{len(PROJECTS)}|1|0", turns


def three_servers():
    """Of our own, on loopback; what ends them comes with them."""
    script = pathlib.Path(__file__).resolve().parent.parent / "postgres.sh"
    place = pathlib.Path(tempfile.mkdtemp(prefix="resident-servers-"))
    place.chmod(0o755)  # the server may run as another user
    folders = [place / str(number) for number in range(3)]
    starting = [subprocess.Popen([script, "start", folder], stdout=subprocess.PIPE, text=True) for folder in folders]
    urls = [process.communicate(timeout=120)[0].strip() for process in starting]
    assert all(urls), "a server did not start"

    def stop():
        for folder in folders:
            subprocess.run([script, "stop", folder], check=True)
        shutil.rmtree(place)

    return urls, stop


SMALL = suite.work / "small"


def asked(db, project, *command):
    return resident(*command, "--project", project, "--db", db, "--json").stdout


@suite.needs_postgres
@test
def a_store_over_three_servers_says_what_one_server_says():
    base, front = new_store("postgresql"), new_store("postgresql")
    resident("simulate", SMALL, "--seed", 8, "--issues", 60, "--years", 2, "--no-repository")
    projects = [f"project-{number}" for number in range(3)]
    for project in projects:
        resident("add", "jsonl", SMALL / "project.jsonl", "--project", project, "--db", base)
    servers, stop = three_servers()
    try:
        command = ["store", "distribute", front, *[word for url in servers for word in ("--server", url)], "--partitions", 4, "--from", base]
        printed = resident(*command, "--dry-run").stdout
        for words in ("-- Foreign keys: none", "-- Sequences: none", "project: project_name_key", "item_move.first_project_id", "MODULUS 4, REMAINDER 3", "batch_size"):
            assert words in printed, words
        citus = resident("store", "distribute", front, "--server", servers[0], "--engine", "citus", "--dry-run").stdout
        for words in ("SELECT create_reference_table('project');", "SELECT create_distributed_table('item', 'project_id', colocate_with =>", "SELECT citus_add_node('127.0.0.1', "):
            assert words in citus, words
        assert citus.count("create_distributed_table") > 60 and "create_distributed_table('project'" not in citus and "create_distributed_table('migration'" not in citus
        partitions = resident(*command).stdout.split()
        assert len(partitions) == 4 and partitions[3].startswith(servers[0]), partitions
        same(dump(base), dump(front), "of the front and of one server")
        homes = {row[0]: url for url in partitions for row in rows(url, "SELECT name FROM project")}
        assert sorted(homes) == projects and len(set(homes.values())) > 1, homes
        for project in projects[:1]:
            for words in ("today", "measures"):
                one = asked(base, project, words)
                assert one == asked(homes[project], project, words), f"{words} at the partition"
                assert one == asked(front, project, words), f"{words} at the front"
        # Several times: what servers send side by side came together wrongly now and then.
        fleet = json.loads(resident("fleet", "--db", base, "--json").stdout)["rows"]
        assert len(fleet) == len(projects), fleet
        for _ in range(6):
            at_front = json.loads(resident("fleet", "--db", front, "--json").stdout)["rows"]
            differs = [(name, mine[name], theirs[name]) for mine, theirs in zip(fleet, at_front) for name in mine if mine[name] != theirs[name]]
            assert not differs, differs
        # Projects that are added at a partition get numbers of its own, and the front sees them.
        for name, url in (("new-0", partitions[0]), ("new-2", partitions[2]), ("newer-2", partitions[2])):
            resident("add", "jsonl", SMALL / "project.jsonl", "--project", name, "--db", url)
        ids = rows(front, "SELECT project_id FROM project ORDER BY project_id")
        assert len({row[0] for row in ids}) == len(projects) + 3, ids
        assert asked(front, "new-2", "measures") == asked(partitions[2], "new-2", "measures")
        refused = resident("add", "jsonl", DEMO / "project.jsonl", "--project", "at-the-front", "--db", front, code=1)
        assert "read-only" in refused.stderr, refused.stderr
        again = new_store("postgresql")
        resident("store", "distribute", again, *command[3:-2], "--front-only")
        assert rows(again, "SELECT name FROM project ORDER BY name") == rows(front, "SELECT name FROM project ORDER BY name"), "a front that was made anew"
        taken = resident("store", "distribute", base, "--server", servers[0], "--dry-run", code=2)
        assert "has projects of its own" in taken.stderr, taken.stderr
        secret = resident("store", "distribute", front, "--server", "postgresql://me:hush@127.0.0.1/x", "--dry-run", code=2)
        assert "hush" not in secret.stderr + secret.stdout
    finally:
        stop()


suite.finish()
