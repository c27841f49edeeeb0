#!/usr/bin/env python3
"""GitLab, Gitea, Discourse and mail archives, whole runs against fakes on loopback.

run.py BINARY [--all] [-k WORDS] [--jobs N]. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
Bars: an import under every fault, and one that was killed anywhere and resumed, is
the import without; what was synced in steps is what a fresh import gives.
"""
import gzip
import json
import os
import pathlib
import random
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fake_channels"))
import discourse  # noqa: E402
import gitea  # noqa: E402
import gitlab  # noqa: E402
from server import FAULTS, Server  # noqa: E402

sys.path.insert(0, str(HERE.parent))
from harness import Suite, same  # noqa: E402

suite = Suite("channels", {**{key: value for key, value in os.environ.items() if not key.endswith("TOKEN")}, "RESIDENT_NOW": "2024-06-01T00:00:00Z", "RESIDENT_WAIT_SCALE": "0.001"},
              lambda parser: parser.add_argument("--all", action="store_true", help="every fault at every request"))
BINARY, POSTGRES, WORK, ENVIRONMENT = suite.binary, suite.postgres, suite.work, suite.environment
resident, test, new_store = suite.resident, suite.test, suite.new_store
# What numbers people and moments of syncing, not what is known of the project.
LEFT_OUT = {"source_stream", "person", "person_identity", "identity_link", "migration", "http_validator", "source"}
PEOPLE = ("author_id", "actor_id", "subject_id", "assignee_id", "reviewer_id", "merged_by", "closed_by")


def query(db, sql):
    return json.loads(resident("sql", "--db", db, "--json", sql).stdout)


def rows(db, sql):
    answer = query(db, sql)
    answer = answer[0] if isinstance(answer, list) and answer and isinstance(answer[0], dict) and "rows" in answer[0] else answer
    found = answer["rows"] if isinstance(answer, dict) else answer
    return [tuple(each.values()) if isinstance(each, dict) else tuple(each) for each in found]


def by_keys(tables):
    """People by their keys, as their numbers depend on the order in which they came."""
    keys = {row["identity_id"]: row["identity_key"] for row in tables["identity"]}
    for table in tables.values():
        for row in table:
            for column in PEOPLE:
                if row.get(column) is not None:
                    row[column] = keys.get(row[column], row[column])  # 0: cannot be known
            row.pop("identity_id", None)


def has_no_address(text):
    assert "@example.org" not in text, "an e-mail address is in the export: " + text[text.index("@example.org") - 80:][:120]


def dump(db):
    """All that is known of the project."""
    return suite.dump(db, LEFT_OUT, by_keys, has_no_address)


class Forge:
    def __init__(self, kind, module, path, items):
        self.kind, self.module, self.items = kind, module, items
        self.server = Server(module.Project())
        self.location = f"{kind}:http://127.0.0.1:{self.server.port}{path}"

    def fresh(self):
        self.server.project = self.module.Project()
        self.server.reset()

    def add(self, db, **more):
        return resident("add", self.location, "--project", "demo", "--db", db, **more)


FORGES = [Forge("gitlab", gitlab, "/group/sub/demo", 9), Forge("gitea", gitea, "/team/demo", 6), Forge("discourse", discourse, "", 10)]
EXPECTED = {}


def whole(forge, store="sqlite"):
    """The import without faults, once a store."""
    if (forge.kind, store) not in EXPECTED:
        forge.fresh()
        db = new_store(store)
        forge.add(db)
        EXPECTED[forge.kind, store] = (db, dump(db), forge.server.requests)
    return EXPECTED[forge.kind, store]


@test
def a_gitlab_project_is_read_as_it_is(store):
    db = whole(FORGES[0], store)[0]
    count = lambda sql: rows(db, sql)[0][0]
    assert count("SELECT count(*) FROM item") == 9
    assert count("SELECT count(*) FROM comment WHERE kind = 'conversation'") == 2
    assert rows(db, "SELECT path, line FROM comment WHERE kind = 'inline' ORDER BY comment_key") == [("src/a.c", 12)] * 2
    kinds = dict(rows(db, "SELECT kind, count(*) FROM event WHERE item_id = 2 GROUP BY kind"))
    assert kinds == {"commented": 2, "assigned": 1, "unassigned": 1, "renamed": 1, "cross-referenced": 1, "labeled": 1, "unlabeled": 1, "milestoned": 1, "closed": 1}, kinds
    assert rows(db, "SELECT detail FROM event WHERE kind = 'renamed'") == [("Crash old → Crash new",)]
    assert sorted(rows(db, "SELECT item_id, state, CASE WHEN dismissed_at IS NULL THEN 0 ELSE 1 END FROM review")) == [(3, "approved", 0), (7, "approved", 1)]
    assert rows(db, "SELECT i.login FROM review_request r JOIN identity i ON i.identity_id = r.reviewer_id WHERE r.item_id = 3") == [("cat",)]
    assert rows(db, "SELECT state, merged_at IS NOT NULL, merge_sha FROM item WHERE item_id = 3") in ([("closed", 1, "e" * 40)], [("closed", True, "e" * 40)])
    assert count("SELECT count(*) FROM item WHERE is_draft = 1") == 1
    assert count("SELECT count(*) FROM item WHERE author_id IS NULL") == 2, "deleted accounts are nobody"
    assert sorted(rows(db, "SELECT kind, count(*) FROM ci_run GROUP BY kind")) == [("job", 9), ("workflow_run", 3)]
    assert count("SELECT count(*) FROM ci_run WHERE item_id IS NOT NULL") == 12, "runs know their merge request"
    assert rows(db, "SELECT c.name, r.tests, r.failed, r.incomplete FROM test_run r JOIN ci_configuration c ON c.project_id = r.project_id AND c.configuration_id = r.configuration_id ORDER BY r.run_key") == [
        ("test", 3, 0, None), ("test", 2, 2, None), ("test mac", 0, 0, "JUnit XML parsing failed: 1:1: FATAL: Document is empty")], "tests of pipelines, a run a job"
    assert rows(db, "SELECT t.name, f.attempts FROM test_failure f JOIN ci_test t ON t.project_id = f.project_id AND t.test_id = f.test_id ORDER BY 1") == [
        ("test_flaky", "fail pass"), ("test_seek", "fail"), ("test_tell", "error")]
    assert count("SELECT count(*) FROM quarantine WHERE record = 'label/4'") == 1
    assert count("SELECT count(*) FROM quarantine") == 1
    assert count("SELECT count(*) FROM forge_release") == 1 and count("SELECT count(*) FROM milestone") == 1
    assert rows(db, "SELECT DISTINCT provider FROM identity WHERE login = 'ann'")[0][0].startswith("gitlab:127.0.0.1")


@test
def tests_of_more_pipelines_than_one_sync_asks_for_come_later():
    forge = FORGES[0]
    forge.fresh()
    project = forge.server.project
    newest = project.pipelines[0]
    project.pipelines += [{**newest, "id": 1000 + number, "iid": 10 + number, "sha": f"{number:040x}", "ref": "main"} for number in range(520)]
    report = project.test_report(501)
    project.test_report = lambda number: report
    db = new_store()
    done = forge.add(db)
    assert "the tests of 2" in done.stderr and "pipelines wait for the next sync" in done.stderr, done.stderr
    runs = lambda: rows(db, "SELECT count(*) FROM test_run")[0][0]
    first = runs()
    assert first == 500, first
    forge.server.hook = lambda number, path: None
    done = resident("sync", "--db", db)
    assert runs() == 522 and "wait for" not in rows(db, "SELECT COALESCE(message, '') FROM source")[0][0], (runs(), done.stderr)
    before = forge.server.requests
    resident("sync", "--db", db)
    assert runs() == 522 and not [path for path in forge.server.paths[before:] if path.endswith("/test_report")], "each once"


@test
def what_is_for_members_alone_is_not_read():
    """Confidential issues and internal notes of GitLab, topics of a forum's restricted categories: pages and sites would show them to others."""
    forge = FORGES[0]
    forge.fresh()
    project = forge.server.project
    project.issue(11, "A hole in the parser", "ann")["confidential"] = True
    project.talk("issues", 2, "bob", gitlab.at(12), "For members: the customer waits")
    project.details["issues", 2]["discussions"][-1]["notes"][0].update({"internal": True})
    db = new_store()
    forge.add(db)
    assert rows(db, "SELECT count(*) FROM item WHERE title LIKE 'A hole%'") == [(0,)]
    assert rows(db, "SELECT count(*) FROM comment WHERE body LIKE 'For members%'") == [(0,)]
    assert any("/issues?" in path and "confidential=false" in path for path in forge.server.paths)
    resident("sync", "--items", "7", "--db", db)
    assert rows(db, "SELECT count(*) FROM item WHERE title LIKE 'A hole%'") == [(0,)], "nor by its number"
    forum = FORGES[2]
    forum.fresh()
    answer = forum.server.project.answer

    def restricted(path, query, base):
        given = answer(path, query, base)
        if path == "/site.json":
            given.body["categories"][1]["read_restricted"] = True
        return given

    forum.server.project.answer = restricted
    db = new_store()
    done = forum.add(db)
    assert rows(db, "SELECT DISTINCT channel FROM thread") == [("Users",)], rows(db, "SELECT DISTINCT channel FROM thread")
    assert "in categories that not everybody may read left out" in done.stderr, done.stderr


@test
def oddities_of_gitlab_are_read_as_they_are_meant():
    forge = FORGES[0]
    forge.fresh()
    project, at = forge.server.project, gitlab.at
    project.merge(11, "Imported", "ann").update({"state": "merged"})
    project.touch("merge_requests", 4, at(12))
    project.merge(11, "assigned to @bob", "ann")
    project.system("merge_requests", 5, "ann", at(12), "changed title from **Fix** to **assigned to @bob**")
    old = project.issue(11, "Closed twice before there were events", "cat")
    for hour, words in ((1, "closed"), (2, "reopened"), (3, "closed via merge request !1")):
        project.system("issues", old["iid"], "bob", at(13, hour), words)
    old.update({"state": "closed", "closed_at": at(13, 3)})
    project.system("issues", 1, "bob", at(3), "closed")  # told twice: by its event as well
    project.merges[2]["state"] = "locked"
    project.touch("merge_requests", 3, at(14))
    db = new_store()
    forge.add(db)
    assert rows(db, "SELECT CASE WHEN merged_at IS NULL THEN 0 ELSE 1 END FROM item WHERE title = 'Imported'") == [(1,)], "merged without a moment"
    events = lambda title: rows(db, f"SELECT e.kind, d.login FROM event e JOIN item i ON i.project_id = e.project_id AND i.item_id = e.item_id LEFT JOIN identity d ON d.identity_id = e.actor_id "
                                    f"WHERE i.title LIKE '{title}%' AND e.kind IN ('assigned', 'renamed', 'closed', 'reopened') ORDER BY e.position")
    assert events("assigned to") == [("renamed", "ann")], "a title is no note on people"
    assert events("Closed twice") == [("closed", "bob"), ("reopened", "bob"), ("closed", "bob")], events("Closed twice")
    assert [kind for kind, _ in events("Crash number 1")].count("closed") == 1, "once"
    assert rows(db, "SELECT state FROM item WHERE title = 'Docs'") == [("open",)], "being merged is open"


@test
def oddities_of_gitea_are_read_as_they_are_meant():
    forge = FORGES[1]
    forge.fresh()
    project, at = forge.server.project, gitea.at
    project.pull(10, "Merged without a moment", "ann")
    merged = len(project.items)
    project.close(merged, "bob", at(11))
    project.items[merged - 1]["pull_request"].update({"merged": True})
    project.pulls[merged].update({"merged": True})
    project.item(10, "Closed without a moment", "ann")
    project.items[-1].update({"state": "closed", "updated_at": at(12)})
    project.pull(10, "Depends on the second", "ann")
    waiting = len(project.items)
    home = {"full_name": "team/demo"}
    project.entry(waiting, "add_dependency", "ann", at(12), dependent_issue={"number": 2, "repository": home})
    project.entry(2, "add_dependency", "ann", at(12), dependent_issue={"number": waiting, "repository": home})  # the forge tells both sides the same
    answer = project.answer

    def with_dependencies(path, query, base):
        if path.endswith("/dependencies"):
            number = int(path.split("/")[-2])
            return gitea.Answer([{"number": 2, "repository": home}] if number == waiting else [])
        return answer(path, query, base)

    project.answer = with_dependencies
    db = new_store()
    forge.add(db)
    number = lambda sql: rows(db, sql)[0][0]
    assert number("SELECT CASE WHEN merged_at IS NULL THEN 0 ELSE 1 END FROM item WHERE title = 'Merged without a moment'") == 1
    assert number("SELECT CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END FROM item WHERE title = 'Closed without a moment'") == 1
    assert rows(db, "SELECT i.number, e.detail FROM event e JOIN item i ON i.project_id = e.project_id AND i.item_id = e.item_id WHERE e.kind = 'blocked_by_added'") == [(waiting, "#2")]
    queue = json.loads(resident("review", "--json", "--as-of", "2024-05-01", "--db", db).stdout)
    why = [row["why"] for part in (queue if isinstance(queue, list) else [queue]) for row in part["rows"] if row.get("number") == waiting and "turn" in row]
    assert forge.server.paths and why, why


@test
def a_gitea_repository_is_read_as_it_is(store):
    db = whole(FORGES[1], store)[0]
    count = lambda sql: rows(db, sql)[0][0]
    assert sorted(rows(db, "SELECT kind, count(*) FROM item GROUP BY kind")) == [("issue", 4), ("pull", 2)]
    kinds = dict(rows(db, "SELECT kind, count(*) FROM event WHERE item_id = 2 GROUP BY kind"))
    assert kinds == {"commented": 1, "labeled": 1, "renamed": 1, "milestoned": 1, "assigned": 1, "referenced": 1, "cross-referenced": 1, "closed": 1}, kinds
    kinds = dict(rows(db, "SELECT kind, count(*) FROM event WHERE item_id = 11 GROUP BY kind"))
    assert kinds == {"committed": 1, "head_ref_force_pushed": 1, "review_requested": 1, "reviewed": 2, "merged": 1, "closed": 1}, kinds
    assert sorted(rows(db, "SELECT state FROM review")) == [("approved",), ("changes_requested",)]
    assert rows(db, "SELECT kind, path, line FROM comment WHERE item_id = 11") == [("inline", "src/a.c", 3)]
    assert rows(db, "SELECT kind FROM event WHERE item_id = 13 ORDER BY position") == [("convert_to_draft",), ("renamed",), ("pinned",), ("some_future_type",)]
    assert count("SELECT count(*) FROM item WHERE author_id IS NULL") == 2
    assert count("SELECT count(*) FROM ci_run") == 5 and count("SELECT count(*) FROM quarantine") == 0


@test
def a_forum_is_read_as_it_is(store):
    db = whole(FORGES[2], store)[0]
    count = lambda sql: rows(db, sql)[0][0]
    assert count("SELECT count(*) FROM thread") == 10
    assert count("SELECT count(*) FROM post WHERE thread_key LIKE '%/9'") == 135, "posts beyond the first page"
    assert sorted(rows(db, "SELECT DISTINCT channel FROM thread")) == [("Users",), ("Users / Builds",)]
    assert rows(db, "SELECT number FROM thread WHERE answered_at IS NOT NULL") == [(1,)]
    assert rows(db, "SELECT p.position FROM thread t JOIN post p ON p.thread_key = t.thread_key AND p.post_key = t.answer_key") == [(1,)]
    assert count("SELECT count(*) FROM post WHERE thread_key LIKE '%/3'") == 2, "the forum's own notices are no posts"
    assert count("SELECT count(*) FROM post WHERE author_id IS NULL") == 1
    assert rows(db, "SELECT body FROM post WHERE thread_key LIKE '%/4'") == [("Post 1, write to <e-mail> & more",)], "without raw, the HTML"
    assert rows(db, "SELECT number FROM thread WHERE closed_at IS NOT NULL") == [(2,)]


@test
def both_stores_hold_the_same():
    for forge in FORGES if POSTGRES else []:
        same(whole(forge)[1], whole(forge, "postgresql")[1], forge.kind)


@test
def a_second_sync_changes_nothing_and_asks_little(store):
    for forge in FORGES:
        db, before, requests = whole(forge, store)
        forge.fresh()
        done = resident("sync", "--db", db)
        assert "nothing new" in done.stderr, forge.kind + done.stderr
        same(before, dump(db), forge.kind)
        assert forge.server.requests < requests * 0.75, f"{forge.kind}: {forge.server.requests} requests after {requests}"


@test
def every_fault_singly_leaves_no_trace():
    for forge in FORGES:
        before = whole(forge)[1]
        # In ./check a few of each forge, others for each; all with --all.
        for fault in FAULTS if suite.given.all else FAULTS[FORGES.index(forge)::len(FORGES)]:
            forge.fresh()
            forge.server.fault = lambda number, path: fault if number % 3 == 1 else None
            db = new_store()
            forge.add(db)
            same(before, dump(db), f"{forge.kind} under {fault}")


@test
def killed_anywhere_and_resumed_is_whole(store):
    for forge in FORGES:
        before, requests = whole(forge, store)[1:]
        chosen = random.Random(forge.kind)
        for _ in range(20 if suite.given.all else 1):
            forge.fresh()
            db = new_store(store)
            kill_at = chosen.randrange(2, requests)
            process = subprocess.Popen([BINARY, "add", forge.location, "--project", "demo", "--db", db], env=ENVIRONMENT, cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            forge.server.hook = lambda number, path: process.kill() if number == kill_at else None
            process.wait()
            forge.server.reset()
            forge.add(db)
            same(before, dump(db), f"{forge.kind}, killed at request {kill_at}")


@test
def a_server_that_stays_down_is_told_and_resumed():
    for forge in FORGES:
        forge.fresh()
        db = new_store()
        forge.server.fault = lambda number, path: "502" if number > 12 else None
        done = forge.add(db, code=5)
        assert "502" in done.stderr, done.stderr
        forge.server.reset()
        forge.add(db)
        same(whole(forge)[1], dump(db), forge.kind)


@test
def what_is_of_another_shape_is_trouble_and_never_empty():
    for forge in FORGES:
        before = whole(forge)[1]
        for fault in ("another shape", "null", "a number"):
            forge.fresh()
            db = new_store()
            forge.server.fault = lambda number, path: fault if number > 5 else None
            done = forge.add(db, code=5)
            assert "no list" in done.stderr or "no object" in done.stderr, f"{forge.kind} under {fault}: {done.stderr}"
            forge.server.reset()
            forge.add(db)
            same(before, dump(db), f"{forge.kind} after {fault}")


@test
def a_list_that_ends_in_the_middle_is_not_whole():
    for forge in FORGES:
        before = whole(forge)[1]
        forge.fresh()
        db = new_store()
        second = "page=1" if forge.kind == "discourse" else "page=2"
        met = []
        forge.server.fault = lambda number, path: met.append(path) or "404" if re.search(rf"[?&]{second}\b", path) and not met else None
        # Of the list of items it ends the sync; of what belongs to one item that item is set aside, and read again where the counts differ.
        done = subprocess.run([BINARY, "add", forge.location, "--project", "demo", "--db", db], env=ENVIRONMENT, cwd=WORK, capture_output=True, text=True)
        assert met and (done.returncode == 0 or (done.returncode == 5 and "is not there" in done.stderr)), f"{forge.kind}: {met} exit {done.returncode}: {done.stderr}"
        if done.returncode == 0:
            reasons = json.dumps(query(db, "SELECT reason FROM quarantine"))
            assert "is not there" in reasons or dump(db) == before, f"{forge.kind}: taken for whole: {reasons}"
        forge.server.reset()
        forge.add(db)
        same(before, dump(db), f"{forge.kind} after a second page that was not there")


@test
def in_steps_is_what_a_fresh_import_gives(store):
    for forge in FORGES:
        forge.fresh()
        stepped, fresh = new_store(store), new_store(store)
        forge.add(stepped)
        forge.server.project.later()
        before = forge.server.requests
        resident("sync", "--db", stepped)
        steps = forge.server.requests - before
        before = forge.server.requests
        forge.add(fresh)
        assert steps < forge.server.requests - before, f"{forge.kind}: {steps} requests"
        a, b = dump(stepped), dump(fresh)
        same(b, a, forge.kind)


@test
def changes_while_paging_lose_nothing():
    for forge in FORGES:
        forge.fresh()
        happened = []

        def hook(number, path):
            if number == 9 and not happened:
                happened.append(number)
                forge.server.project.later()

        forge.server.hook = hook
        moving = new_store()
        forge.add(moving)
        forge.server.reset()
        resident("sync", "--db", moving)
        fresh = new_store()
        forge.add(fresh)
        same(dump(fresh), dump(moving), forge.kind)


@test
def what_is_deleted_becomes_a_tombstone(store):
    for forge, arguments in ((FORGES[0], ("issues", 4)), (FORGES[1], (4,))):
        forge.fresh()
        db = new_store(store)
        forge.add(db)
        forge.server.project.forget(*arguments)
        resident("sync", "--db", db)
        assert rows(db, "SELECT item_id, reason FROM item_tombstone") == [(8, "deleted")], forge.kind
        # Its row stays as it was last seen; it is open no longer.
        assert rows(db, "SELECT count(*) FROM item_interval WHERE item_id = 8 AND closed_at IS NULL") == [(0,)], forge.kind
        assert rows(db, "SELECT state FROM item WHERE item_id = 8") == [("open",)], forge.kind
        done = resident("sync", "--db", db)
        assert "nothing new" in done.stderr, forge.kind + done.stderr
    forum = FORGES[2]
    forum.fresh()
    db = new_store(store)
    forum.add(db)
    forum.server.project.forget(7)
    resident("sync", "--db", db, environment={"RESIDENT_NOW": "2024-06-20T00:00:00Z"})
    closed = rows(db, "SELECT number FROM thread WHERE closed_at IS NOT NULL ORDER BY number")
    assert closed == [(2,), (7,)], closed


@test
def a_few_items_by_their_numbers(store):
    for forge, entry, where in ((FORGES[0], lambda project: project.issues[1], ("issues", 4)), (FORGES[1], lambda project: project.items[1], (4,))):
        forge.fresh()
        db = new_store(store)
        forge.add(db)
        listed = entry(forge.server.project)
        number = listed.get("iid", listed.get("number"))
        # The forge itself says that nothing has changed: what it shows is written all the same.
        listed["title"] = "another title"
        forge.server.project.forget(*where)
        done = resident("sync", "--db", db, "--items", f"{number},{where[-1]},4711")
        assert "3 items asked for again" in done.stderr, done.stderr
        assert "has nothing of the numbers 4, 4711" in done.stderr or "has nothing of the number 4711" in done.stderr, done.stderr
        assert rows(db, f"SELECT count(*) FROM item WHERE title = 'another title' AND number = {number}") == [(1,)], forge.kind
        assert rows(db, "SELECT item_id, reason FROM item_tombstone") == [(8, "deleted")], forge.kind
        resident("sync", "--db", db, "--items", str(number))
    forum = FORGES[2]
    forum.fresh()
    db = new_store(store)
    forum.add(db)
    done = resident("sync", "--db", db, "--items", "1", code=2)
    assert "cannot be asked for single items" in done.stderr, done.stderr


@test
def a_bad_record_is_set_aside_and_healed():
    for forge, spoil in ((FORGES[0], lambda project: project.issues[1]), (FORGES[1], lambda project: project.items[1])):
        forge.fresh()
        entry = spoil(forge.server.project)
        good, entry["state"] = entry["state"], "no such state"
        db = new_store()
        forge.add(db)
        assert rows(db, "SELECT count(*) FROM quarantine WHERE record = 'issue/2'") == [(1,)], forge.kind
        entry["state"] = good
        resident("sync", "--db", db)
        same(whole(forge)[1], dump(db), forge.kind)


@test
def since_leaves_out_and_a_later_sync_fills_in():
    forge = FORGES[0]
    forge.fresh()
    db = new_store()
    resident("add", forge.location, "--project", "demo", "--db", db, "--since", "2024-01-05")
    assert rows(db, "SELECT count(*) FROM item WHERE updated_at < 1704412800") == [(0,)]
    assert rows(db, "SELECT count(*) FROM item") == [(5,)], rows(db, "SELECT number, kind, updated_at FROM item")
    resident("sync", "--db", db)
    same(whole(forge)[1], dump(db), "filled in")


@test
def tokens_are_used_and_never_kept():
    for forge, name in ((FORGES[0], "GITLAB_TOKEN"), (FORGES[1], "GITEA_TOKEN")):
        forge.fresh()
        forge.server.token = "secret-4711-token"
        db = new_store()
        try:
            done = forge.add(db, code=4)
            assert "token" in done.stderr, done.stderr
            done = forge.add(db, environment={name: forge.server.token})
            assert forge.server.token not in done.stderr + done.stdout
            assert forge.server.token.encode() not in pathlib.Path(db).read_bytes()
            assert all(forge.server.token not in path for path in forge.server.paths)
            same(whole(forge)[1], dump(db), forge.kind)
        finally:
            forge.server.token = None


@test
def an_address_of_another_machine_can_be_overridden():
    forge = FORGES[0]
    forge.fresh()
    (WORK / "resident.toml").write_text(f'[forge."forge.example"]\napi_url = "http://127.0.0.1:{forge.server.port}/api/v4"\n')
    db = new_store()
    resident("add", "gitlab", "https://Forge.example/group/sub/demo/-/issues/3", "--db", db)
    assert rows(db, "SELECT name, (SELECT count(*) FROM item) FROM project") == [("demo", 9)]
    assert rows(db, "SELECT location FROM source") == [("https://forge.example/group/sub/demo",)]
    (WORK / "resident.toml").unlink()


def mails(count, seed=3):
    chosen, result = random.Random(seed), []
    for number in range(count):
        parent = chosen.randrange(number) if number and chosen.random() < 0.7 else None
        reply = f"References: <{parent}@host>\nIn-Reply-To: <{parent}@host>\n" if parent is not None else ""
        result.append(f"From ann@example.org Mon Jan  1 00:00:00 2024\nMessage-ID: <{number}@host>\nFrom: Person {number % 9} <p{number % 9}@example.org>\nDate: Mon, 1 Jan 2024 {number // 60 % 24:02}:{number % 60:02}:00 +0000\n"
                      f"Subject: {'Re: ' if reply else ''}Topic {parent or number}\n{reply}List-Id: <dev.example.org>\n\nHello, mail p@example.org\n>From here\n\n")
    return result


@test
def archives_in_any_order_and_form_are_the_same(store):
    text = mails(300)
    one = WORK / "dev.mbox"
    one.write_text("".join(text) + text[5])
    db = new_store(store)
    done = resident("add", "mbox", one, "--project", "demo", "--db", db)
    known = {table: lines for table, lines in dump(db).items() if table in ("thread", "post", "identity")}
    assert len(known["post"]) == 300
    assert "stood there more than once" in rows(db, "SELECT message FROM source")[0][0]
    assert "nothing new" in resident("sync", "--db", db).stderr
    folder = WORK / f"{suite.new_name('archive')}"
    folder.mkdir()
    (folder / "2024-February.txt.gz").write_bytes(gzip.compress("".join(text[150:]).encode()))
    stepped = new_store(store)
    resident("add", "mbox", folder, "--project", "demo", "--db", stepped)
    (folder / "2024-January.txt").write_text("".join(text[:150]).replace("\n", "\r\n"))
    resident("sync", "--db", stepped)
    again = {table: lines for table, lines in dump(stepped).items() if table in known}
    same(known, again, "in two parts, the later first")


@test
def a_damaged_archive_takes_nothing_away(store):
    text = mails(300)
    patch = lambda number, title: (f"From ann@example.org Mon Jan  1 00:00:00 2024\nMessage-ID: <patch-{number}@host>\nFrom: Ann <ann@example.org>\nDate: Tue, 2 Jan 2024 0{number}:00:00 +0000\nSubject: [PATCH {number}/2] {title}\nList-Id: <dev.example.org>\n"
                                   + (f"In-Reply-To: <patch-1@host>\nReferences: <patch-1@host>\n" if number > 1 else "") + "\nIt is better.\n\nSigned-off-by: Ann <ann@example.org>\n---\n a.c | 1 +\n 1 file changed, 1 insertion(+)\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1,2 @@\n a\n+b\n\n")
    folder = WORK / suite.new_name("archive")
    folder.mkdir()
    packed = {"2024-January.txt.gz": gzip.compress("".join([*text[:150], patch(1, "One")]).encode()), "2024-February.txt.gz": gzip.compress("".join([*text[150:], patch(2, "Two")]).encode())}
    for name, data in packed.items():
        (folder / name).write_bytes(data)
    db = new_store(store)
    resident("add", "mbox", folder, "--project", "demo", "--db", db)
    known = lambda: {table: lines for table, lines in dump(db).items() if table in ("thread", "post", "item", "patch_mail", "item_tombstone")}
    before = known()
    assert len(before["post"]) == 300 and len(before["patch_mail"]) == 2, {table: len(lines) for table, lines in before.items()}
    for name, data in packed.items():
        (folder / name).write_bytes(data[:len(data) // 2])
        done = resident("sync", "--db", db)
        assert "could not be read to the end: what earlier syncs stored stays" in done.stderr, done.stderr
        same(before, known(), f"{name} is damaged")
        (folder / name).write_bytes(data)
    resident("sync", "--db", db)
    same(before, known(), "whole again")
    assert rows(db, "SELECT count(*) FROM quarantine") == [(0,)]
    (folder / "2024-February.txt.gz").unlink()
    resident("sync", "--db", db)
    assert len(known()["post"]) == 150, "what is taken out of the archive goes"


@test
def hostile_mails_are_read_or_set_aside():
    file = WORK / "hostile.mbox"
    head = "From a@b Mon Jan  1 00:00:00 2024\n"
    file.write_bytes((head + "Subject: no date, no sender\n\nx\n\n" + head + "Message-ID: <1@x>\nReferences: <2@x>\nDate: never\nFrom: =?utf-8?b?//8=?= <\x1b[31m>\n\ny\n\n"
                      + head + "Message-ID: <2@x>\nReferences: <1@x>\nDate: Mon, 1 Jan 2099 00:00:00 +0000\nSubject: " + "s" * 200000 + "\n\nz\n\n"
                      + head + "X: " + "y" * 3000000 + "\n" + "h: v\n" * 50000 + "\nbody\n").encode() + b"\nFrom a@b Mon Jan  1 00:00:00 2024\nSubject: \xff\xfe\n\n\x00\xff\n")
    db = new_store()
    resident("add", "mbox", file, "--project", "demo", "--db", db)
    assert rows(db, "SELECT count(*), min(created_at), max(created_at) FROM post") == [(5, 1704067200, 1704067200)]
    assert rows(db, "SELECT count(*) FROM thread") == [(4,)]
    empty = WORK / "empty.mbox"
    empty.write_text("")
    assert "holds no mail" in resident("add", "mbox", empty, "--db", new_store(), code=1).stderr


@test
def what_is_no_address_is_refused():
    for place in ("gitlab:", "gitlab:https://host.example", "gitea:https://host.example/one", "discourse:https://host.example/t/1", "gitlab:https://user@host.example/a/b", "discourse:nonsense"):
        assert resident("add", place, "--db", new_store(), code=2).stderr, place


suite.finish()
