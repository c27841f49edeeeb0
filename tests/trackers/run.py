#!/usr/bin/env python3
"""Redmine, Trac, Bugzilla, Jira, Gerrit, Launchpad, and bugs by mail, whole runs against fakes on loopback that answer in the forms of real ones.

run.py BINARY [--all] [-k WORDS]. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
Bars: an import under every fault, and one that was killed anywhere and resumed, is the import without; what was synced in
steps is what a fresh import gives; a Trac read by its pages and by its database is the same.
"""
import base64
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fake_channels"))
import bugzilla  # noqa: E402
import gerrit  # noqa: E402
import jira  # noqa: E402
import launchpad  # noqa: E402
import redmine  # noqa: E402
import trac  # noqa: E402
from server import FAULTS, Answer, Server  # noqa: E402

sys.path.insert(0, str(HERE.parent))
from harness import Suite, same  # noqa: E402

suite = Suite("trackers", {**{key: value for key, value in os.environ.items() if not key.endswith(("TOKEN", "_KEY"))}, "RESIDENT_NOW": "2024-06-01T00:00:00Z", "RESIDENT_WAIT_SCALE": "0.001"},
              lambda parser: parser.add_argument("--all", action="store_true", help="every fault with every tracker"))
BINARY, POSTGRES, WORK, ENVIRONMENT = suite.binary, suite.postgres, suite.work, suite.environment
resident, test, new_store, rows = suite.resident, suite.test, suite.new_store, suite.rows
LEFT_OUT = {"source_stream", "person", "person_identity", "identity_link", "migration", "http_validator", "source", "source_record"}
PEOPLE = ("author_id", "actor_id", "subject_id", "assignee_id", "reviewer_id", "merged_by", "closed_by")
NEXT_DAY = {"RESIDENT_NOW": "2024-06-02T01:00:00Z"}


def by_keys(tables):
    """People by their keys, as their numbers depend on the order in which they came."""
    keys = {row["identity_id"]: row["identity_key"] for row in tables["identity"]}
    for table in tables.values():
        for row in table:
            for column in PEOPLE:
                if row.get(column) is not None:
                    row[column] = keys.get(row[column], row[column])
            row.pop("identity_id", None)
    last_of_attention(tables.get("event", []))


def last_of_attention(events):
    """Gerrit tells of each account its last coming or going alone; what earlier readings saw stays, and is left out here."""
    newest = {}
    for row in events:
        if row["kind"].startswith("attention_"):
            key = (row["item_id"], row["subject_id"])
            newest[key] = max(newest.get(key, 0), row["occurred_at"])
    events[:] = [row for row in events if not row["kind"].startswith("attention_") or row["occurred_at"] == newest[row["item_id"], row["subject_id"]]]
    places = {}
    for row in sorted(events, key=lambda row: (row["item_id"], row["position"])):
        row["position"] = places[row["item_id"]] = places.get(row["item_id"], -1) + 1


def has_no_address(text):
    for line in text.splitlines():
        if '"identity_key"' in line or '"login"' in line or '"display"' in line:
            assert "@example.org" not in line, "an e-mail address is in the export: " + line[:300]


def dump(db):
    return suite.dump(db, LEFT_OUT, by_keys, has_no_address)


class Place:
    def __init__(self, kind, module, path, made="Project"):
        self.kind, self.make = kind, getattr(module, made)
        self.server = Server(self.make())
        self.location = f"{kind}:http://127.0.0.1:{self.server.port}{path}"

    def item(self, number):
        return number * 2 + (self.kind == "gerrit")

    def fresh(self):
        self.server.project = self.make()
        self.server.reset()

    def add(self, db, **more):
        return resident("add", self.location, "--project", "demo", "--db", db, **more)


PLACES = [Place("redmine", redmine, "/projects/demo"), Place("trac", trac, ""), Place("bugzilla", bugzilla, "?product=Demo"), Place("gerrit", gerrit, "/demo/app"), Place("jira", jira, "/jira/projects/DEMO"), Place("jira", jira, "/jira/projects/DEMO", "Cloud"), Place("trac", trac, "", "WithCalls"), Place("launchpad-live", launchpad, "/demo")]
REDMINE, TRAC, BUGZILLA, GERRIT, JIRA, CLOUD, CALLS, LAUNCHPAD = PLACES
EXPECTED = {}


def whole(place, store="sqlite"):
    """The import without faults, once a store."""
    if (place, store) not in EXPECTED:
        place.fresh()
        db = new_store(store)
        place.add(db)
        EXPECTED[place, store] = (db, dump(db), place.server.requests)
    return EXPECTED[place, store]


def labels(db, number):
    return {name for name, in rows(db, f"SELECT name FROM item_label WHERE item_id = {number * 2}")}


def kinds(db, number):
    return dict(rows(db, f"SELECT kind, count(*) FROM event WHERE item_id = {number * 2} GROUP BY kind"))


@test
def a_redmine_is_read_as_it_is(store):
    db = whole(REDMINE, store)[0]
    assert rows(db, "SELECT count(*) FROM item WHERE kind = 'issue'") == [(12,)]
    assert rows(db, "SELECT state, closed_at FROM item WHERE number = 1") == [("closed", 1711011600)]
    assert labels(db, 1) == {"status: Closed", "tracker: Bug", "priority: Normal"}, labels(db, 1)
    assert kinds(db, 1) == {"commented": 1, "labeled": 2, "unlabeled": 2, "assigned": 1, "closed": 1}, kinds(db, 1)
    assert rows(db, "SELECT count(*) FROM item WHERE author_id IS NULL") == [(1,)], "Anonymous is nobody"
    assert rows(db, "SELECT detail FROM event WHERE kind = 'relation_added' ORDER BY detail") == [("blocked #4",), ("blocks #5",)]
    assert sorted(rows(db, "SELECT DISTINCT login, name FROM identity")) == [("ann", "Ann Arden"), ("bob", "Bob Berg"), ("eve", "Eve Ek")]
    assert rows(db, "SELECT count(*) FROM quarantine") == [(0,)]


@test
def a_trac_is_read_as_it_is(store):
    db = whole(TRAC, store)[0]
    assert rows(db, "SELECT count(*) FROM item WHERE kind = 'issue'") == [(12,)]
    assert rows(db, "SELECT state, title FROM item WHERE number = 4") == [("open", 'With "quotes", commas\nand lines')]
    assert labels(db, 1) == {"status: reopened", "type: defect", "priority: major", "component: core", "stage: Accepted", "needs tests"}, labels(db, 1)
    got = rows(db, "SELECT kind, label FROM event WHERE item_id = 2 AND label IS NOT NULL ORDER BY position, label")
    wanted = [("unlabeled", "stage: Unreviewed"), ("labeled", "stage: Accepted"), ("labeled", "has patch"), ("unlabeled", "status: new"), ("labeled", "status: assigned"), ("unlabeled", "status: assigned"), ("labeled", "status: closed"), ("labeled", "resolution: fixed"),
              ("unlabeled", "status: closed"), ("labeled", "status: reopened"), ("unlabeled", "resolution: fixed"), ("unlabeled", "has patch"), ("labeled", "needs tests")]
    assert sorted(got) == sorted(wanted), got
    assert rows(db, "SELECT opened_at, closed_at FROM item_interval WHERE item_id = 2 ORDER BY opened_at") == [(1709287200, 1711101600), (1711188000, None)]
    assert labels(db, 2) >= {"keyword: a", "keyword: b"} or rows(db, "SELECT count(*) FROM event WHERE label = 'keyword: a'") == [(1,)], labels(db, 2)
    assert rows(db, "SELECT count(*) FROM item WHERE author_id IS NULL") == [(1,)], "anonymous is nobody"
    assert rows(db, "SELECT login, provider LIKE '%/named' FROM identity WHERE login = 'Eve Ek'")[0][0] == "Eve Ek"
    assert [body.splitlines()[0] for body, in rows(db, "SELECT body FROM comment WHERE item_id = 2 ORDER BY created_at")] == ["I agree, [https://forge.example/pull/12 PR] by <e-mail>", "Fixed", "no"]
    assert rows(db, "SELECT a.login FROM assignee s JOIN identity a ON a.identity_id = s.assignee_id") == [("bob",)]
    assert rows(db, "SELECT count(*) FROM quarantine") == [(0,)]


@test
def a_bugzilla_is_read_as_it_is(store):
    db = whole(BUGZILLA, store)[0]
    assert rows(db, "SELECT count(*) FROM item WHERE kind = 'issue'") == [(12,)]
    assert rows(db, "SELECT state, state_reason, closed_at FROM item WHERE number = 1") == [("closed", "duplicate", 1711098000)]
    assert labels(db, 1) == {"status: RESOLVED", "resolution: DUPLICATE", "severity: major", "component: Core", "platform: All", "op sys: All", "area: tools", "keyword: crash", "flag: approval?"}, labels(db, 1)
    assert rows(db, "SELECT kind, detail FROM event WHERE kind LIKE 'marked%' OR kind LIKE 'review_%' ORDER BY occurred_at, kind") == [("review_requested", "needinfo"), ("marked_as_duplicate", "#2"), ("review_request_removed", "needinfo"), ("review_requested", "review")], \
        rows(db, "SELECT kind, detail FROM event WHERE kind LIKE 'marked%' OR kind LIKE 'review_%' ORDER BY occurred_at, kind")
    assert rows(db, "SELECT r.item_id, a.name FROM review_request r JOIN identity a ON a.identity_id = r.reviewer_id") == [(6, "bob")]
    assert rows(db, "SELECT body FROM comment WHERE item_id = 2 ORDER BY created_at") == [("I look",), ("Seen before.",)], "Bugzilla's own sentences are no comments"
    assert rows(db, "SELECT count(*) FROM comment WHERE item_id IN (4, 8)") == [(0,)], "nor are private ones"
    assert rows(db, "SELECT body FROM item WHERE number = 2") == [("As seen, <e-mail>",)]
    assert sorted(rows(db, "SELECT detail FROM event WHERE item_id = 4 AND kind = 'relation_added'")) == [("blocks #4",), ("blocks #5",), ("see also https://forge.example/pull/12",)]
    assert rows(db, "SELECT count(*) FROM assignee") == [(1,)], "nobody@ is nobody"
    assert rows(db, "SELECT message FROM source")[0][0].startswith("read without a key")
    assert rows(db, "SELECT count(*) FROM quarantine") == [(0,)]


@test
def a_jira_is_read_as_it_is_server_and_cloud_alike(store):
    for place in (JIRA, CLOUD):
        db = whole(place, store)[0]
        assert rows(db, "SELECT count(*) FROM item WHERE kind = 'issue'") == [(12,)] and rows(db, "SELECT count(*) FROM quarantine") == [(0,)], rows(db, "SELECT record, reason FROM quarantine")
        assert rows(db, "SELECT state, state_reason, closed_at, milestone FROM item WHERE number = 1") == [("closed", "fixed", jira.at(23), "4.0")]
        assert rows(db, "SELECT opened_at, closed_at FROM item_interval WHERE item_id = 2 ORDER BY opened_at") == [(jira.at(1), jira.at(21)), (jira.at(22), jira.at(23))]
        assert labels(db, 1) == {"status: Closed", "resolution: Fixed", "priority: Major", "type: Bug"}, labels(db, 1)
        assert kinds(db, 1) == {"labeled": 6, "unlabeled": 5, "closed": 2, "reopened": 1, "assigned": 1, "milestoned": 1}, kinds(db, 1)
        assert rows(db, "SELECT a.name FROM assignee s JOIN identity a ON a.identity_id = s.assignee_id") == [("Bob Berg",)] == rows(db, "SELECT DISTINCT s.name FROM event e JOIN identity s ON s.identity_id = e.subject_id WHERE e.kind = 'assigned'")
        # More comments than the issue shows; one for a role alone is left out.
        assert [body for body, in rows(db, "SELECT body FROM comment WHERE item_id = 4 ORDER BY created_at")] == [f"Word {day}" for day in range(13, 18)]
        assert rows(db, "SELECT count(*) FROM comment WHERE item_id = 8") == [(0,)]
        assert labels(db, 2) == {"status: Open", "priority: Major", "type: Bug", "newbie", "docs", "component: core"}, labels(db, 2)
        assert rows(db, "SELECT kind, detail, is_derived FROM event WHERE item_id IN (6, 10) AND (kind LIKE 'relation%' OR kind LIKE 'marked%') ORDER BY item_id, occurred_at, kind, detail") == \
            [("relation_added", "blocks #5", 1), ("marked_as_duplicate", "#2", 0), ("relation_added", "duplicates #2", 0), ("relation_added", "is blocked by OTHER-9", 0), ("relation_added", "part of #4", 1)], rows(db, "SELECT kind, detail, is_derived FROM event WHERE item_id IN (6, 10)")
        assert rows(db, "SELECT count(*) FROM item WHERE author_id IS NULL") == [(1,)]
        assert labels(db, 7) == {"status: Open", "priority: Major", "type: Bug", "difficulty: Hard", "sprint: Sprint 1", "sprint: Sprint 2"}, labels(db, 7)
        assert rows(db, "SELECT label FROM event WHERE item_id = 14 AND kind = 'labeled' ORDER BY label") == [("difficulty: Hard",), ("sprint: Sprint 1",), ("sprint: Sprint 2",)]
        assert rows(db, "SELECT url FROM item WHERE number = 2")[0][0].endswith("/jira/browse/DEMO-2")
    assert rows(whole(JIRA, store)[0], "SELECT e.email FROM identity_email e") == [("ann@…",)]
    assert rows(whole(CLOUD, store)[0], "SELECT account_type FROM identity WHERE name = 'ASF GitHub Bot'") == [("Bot",)]


@test
def a_launchpad_is_read_as_it_is(store):
    db = whole(LAUNCHPAD, store)[0]
    assert rows(db, "SELECT count(*) FROM item WHERE kind = 'issue'") == [(12,)] and rows(db, "SELECT count(*) FROM quarantine") == [(0,)], rows(db, "SELECT record, reason FROM quarantine")
    march = lambda seconds: seconds and (seconds - 1709251200) // 86400 + 1
    states = {number: (state, reason, march(closed)) for number, state, reason, closed in rows(db, "SELECT number, state, state_reason, closed_at FROM item")}
    opened = ("open", None, None)
    assert states == {1: ("closed", "fix released", 16), 2: opened, 3: ("closed", "duplicate", 13), 4: ("closed", "expired", 20), 5: opened, 6: opened, 7: opened, 8: opened,
                      9: ("closed", "invalid", 20), 10: ("closed", "opinion", 13), 11: opened, 12: opened}, states
    assert labels(db, 1) == {"status: Fix Released", "importance: High"} and rows(db, "SELECT milestone FROM item WHERE number = 1") == [("1.0",)], labels(db, 1)
    assert labels(db, 2) == {"status: Incomplete", "incomplete: with response", "importance: Undecided", "regression"}, labels(db, 2)
    assert labels(db, 5) == {"status: New", "importance: Undecided", "status in pump (ubuntu): Fix Released", "importance in pump (ubuntu): Undecided"}, labels(db, 5)
    assert labels(db, 8) == {"status: New", "importance: Undecided", "security vulnerability"}, labels(db, 8)
    assert labels(db, 12) == {"status: New", "importance: Undecided", "status in other: Fix Released", "importance in other: Undecided"}, "another project's task decides nothing"
    told = lambda number: [(kind, label or detail or "", march(moment)) for kind, label, detail, moment in rows(db, f"SELECT kind, label, detail, occurred_at FROM event WHERE item_id = {number * 2} ORDER BY position")]
    assert told(4) == [("unlabeled", "status: New", 13), ("labeled", "status: Incomplete", 13), ("labeled", "incomplete: without response", 13), ("closed", "", 20), ("unlabeled", "status: Incomplete", 20), ("labeled", "status: Expired", 20), ("unlabeled", "incomplete: without response", 20)] or sorted(told(4)) == sorted([("unlabeled", "status: New", 13), ("labeled", "status: Incomplete", 13), ("labeled", "incomplete: without response", 13), ("closed", "", 20), ("unlabeled", "status: Incomplete", 20), ("labeled", "status: Expired", 20), ("unlabeled", "incomplete: without response", 20)]), told(4)
    assert rows(db, "SELECT k.login, k.account_type FROM event e JOIN identity k ON k.identity_id = e.actor_id WHERE e.item_id = 8 AND e.kind = 'closed'") == [("janitor", "Bot")]
    assert kinds(db, 6)["closed"] == 1 and kinds(db, 6)["reopened"] == 1 and ("assigned", "team The Pumpers", 15) in told(6), told(6)
    assert rows(db, "SELECT a.login FROM assignee s JOIN identity a ON a.identity_id = s.assignee_id") == [("bob",)], "a team is no person"
    assert {("renamed", "Thing 7 braeks → Thing 7 breaks", 13), ("description_edited", "", 13), ("attachment_added", "a.log", 14), ("nominated", "for demo/1.0", 15), ("relation_added", "reported as https://bugs.example.org/9", 16)} <= set(told(7)), told(7)
    assert [each for each in told(8) if each[0] in ("labeled", "unlabeled")] == [("labeled", "visibility: private", 13), ("labeled", "security vulnerability", 13), ("unlabeled", "visibility: private", 14)], told(8)
    assert ("closed", "", 20) in told(9) and rows(db, "SELECT is_derived FROM event WHERE item_id = 18 AND kind = 'closed'") == [(1,)]
    assert ("field_changed", "from other to demo", 12) in told(11) and ("labeled", "status: Triaged", 11) in told(11), told(11)
    assert rows(db, "SELECT body FROM comment WHERE item_id = 4") == [("Here it is, write to <email address hidden>",)], "neither the description nor what is hidden"
    assert sorted(rows(db, "SELECT DISTINCT login, name, provider FROM identity")) == sorted((login, name, "launchpad") for login, (name, is_team) in launchpad.PEOPLE.items() if not is_team)
    assert rows(db, "SELECT reaction_count, url FROM item WHERE number = 3") == [(2, "https://bugs.launchpad.net/bugs/3")]
    # As of an earlier day, and what is asked for when the statuses of today are not known there.
    was = json.loads(resident("triage", "--project", "demo", "--db", db, "--as-of", "2024-03-14", "--json").stdout)
    assert "Thing 4" in json.dumps(was), "it had not expired"


@test
def a_comment_that_no_row_shows_is_read_at_the_next_sync(store):
    """Rows are of tasks, and tell of no comment: what was touched is asked for, too, beside the whole list of each day."""
    for now in ({"RESIDENT_NOW": "2024-06-01T14:00:00Z"}, NEXT_DAY):
        LAUNCHPAD.fresh()
        db = new_store(store)
        LAUNCHPAD.add(db)
        LAUNCHPAD.server.project.later()
        resident("sync", "--db", db, environment=now)
        assert rows(db, "SELECT count(*) FROM comment WHERE body = 'And more'") == [(1,)] and rows(db, "SELECT count(*) FROM item") == [(13,)], now


@test
def a_jira_s_export_as_json_and_as_csv(store):
    project = jira.Project()
    everything = [project.answer(f"/jira/rest/api/2/issue/DEMO-{number}", {}, "").body for number in project.issues]
    path = WORK / f"{suite.new_name('jira')}.json"
    path.write_text(json.dumps({"total": 12, "issues": everything, "names": {each["id"]: each["name"] for each in jira.FIELDS}}))
    db = new_store(store)
    resident("add", "jira-export", path, "--project", "demo", "--db", db)
    live = whole(JIRA, store)[0]
    for sql in ("SELECT item_id, title, state, created_at, updated_at, closed_at, state_reason, milestone FROM item ORDER BY item_id", "SELECT item_id, name FROM item_label ORDER BY item_id, name",
                "SELECT item_id, kind, label, occurred_at, is_derived FROM event ORDER BY item_id, position", "SELECT item_id, comment_key, created_at, body FROM comment ORDER BY item_id, comment_key"):
        assert rows(db, sql) == rows(live, sql), sql
    assert "nothing new" in resident("sync", "--db", db).stderr
    path = WORK / f"{suite.new_name('jira')}.csv"
    path.write_text("\ufeffSummary,Issue key,Issue id,Issue Type,Status,Priority,Resolution,Assignee,Reporter,Created,Updated,Resolved,Labels,Labels,Component/s,Description,Comment,Comment,Outward issue link (Duplicate)\r\n"
                    'Thing 1 breaks,DEMO-1,10001,Bug,Closed,Major,Fixed,bob,ann,01/Mar/24 9:00 AM,23/Mar/24 9:00 AM,23/Mar/24 9:00 AM,,,,"As seen, ann@example.org",,,\r\n'
                    'Thing 2 breaks,DEMO-2,10002,Bug,Open,Major,Unresolved,,bob,02/Mar/24 9:00 AM,18/Mar/24 12:30 PM,,newbie,docs,core,"Lines\nof it","13/Mar/24 9:00 AM;bob;Word 13; and more","14/Mar/24 12:05 AM;ann;Word 14",\r\n'
                    "Thing 3 breaks,DEMO-3,10003,Bug,Open,Major,,,eve,03/Mar/24 9:00 AM,19/Mar/24 9:00 AM,,,,,,,,DEMO-2\r\n")
    db = new_store(store)
    resident("add", "jira-export", path, "--project", "demo", "--db", db)
    assert rows(db, "SELECT number, state, created_at, closed_at FROM item ORDER BY number") == [(1, "closed", jira.at(1), jira.at(23)), (2, "open", jira.at(2), None), (3, "open", jira.at(3), None)]
    assert rows(db, "SELECT body, created_at FROM comment ORDER BY created_at") == [("Word 13; and more", jira.at(13)), ("Word 14", jira.at(14, 0, 5))]
    assert labels(db, 2) == {"status: Open", "priority: Major", "type: Bug", "newbie", "docs", "component: core"}, labels(db, 2)
    assert rows(db, "SELECT detail FROM event WHERE kind = 'marked_as_duplicate'") == [("#2",)]
    assert "has no history" in rows(db, "SELECT message FROM source")[0][0]
    # Logins that are addresses are told apart by all of it, and one odd row or comment is set aside alone.
    path.write_text("Summary,Issue key,Created,Reporter,Resolved,Comment\nA,DEMO-1,01/Mar/24 9:00 AM,john@alpha.example,,note; with; semicolons\nB,DEMO-2,02/Mar/24 9:00 AM,john@beta.example,,\nC,DEMO-3,02/Mar/24 9:00 AM,ann,some day,\n")
    db = new_store(store)
    resident("add", "jira-export", path, "--project", "demo", "--db", db)
    assert rows(db, "SELECT count(*) AS items, count(DISTINCT author_id) AS authors FROM item") == [(2, 2)]
    assert rows(db, "SELECT count(*) FROM person") == [(2,)], "two people of one short login"
    assert sorted(record for record, in rows(db, "SELECT record FROM quarantine")) == ["DEMO-3", "issue/1#comments/0"]
    path.write_text("Summary,Issue key,Created\nA,DEMO-1,03/04/2024 10:00\n")
    assert "day or with the month" in resident("add", "jira-export", path, "--project", "other", "--db", new_store(store), code=1).stderr


def told_of(db, number, kinds=None):
    """What happened to a change: (kind, label or detail, day of March)."""
    return [(kind, label or detail or "", (at - gerrit.at(1, 0)) // 86400 + 1) for kind, label, detail, at in rows(db, f"SELECT kind, label, detail, occurred_at FROM event WHERE item_id = {GERRIT.item(number)} ORDER BY position") if (kind != "built_on" if kinds is None else kind in kinds)]


@test
def a_gerrit_is_read_as_it_is(store):
    db = whole(GERRIT, store)[0]
    project = gerrit.Project()
    change = lambda number: project.issues[number]
    assert rows(db, "SELECT count(*) FROM item WHERE kind = 'pull'") == [(12,)] and rows(db, "SELECT count(*) FROM quarantine") == [(0,)], rows(db, "SELECT record, reason FROM quarantine")
    states = {number: state for number, state in rows(db, "SELECT number, state FROM item")}
    assert states == {number: "closed" if each["status"] in ("MERGED", "ABANDONED") else "open" for number, each in project.issues.items()}, states
    # A patch set is a push; the one that submitting made is none.
    for number, each in project.issues.items():
        pushed = [sha for sha, in rows(db, f"SELECT sha FROM event WHERE item_id = {GERRIT.item(number)} AND kind IN ('committed', 'head_ref_force_pushed') ORDER BY position")]
        assert pushed == [set["sha"] for set in each.revisions if set["sha"] != gerrit.sha(number, "submitted")], (number, pushed)
    assert rows(db, "SELECT head_sha, merge_sha FROM item WHERE number = 1") == [(change(1).revisions[2]["sha"], change(1).revisions[3]["sha"])]
    # Who is in the attention set, and who was taken out last.
    for number, each in project.issues.items():
        logins = lambda kind: {name for name, in rows(db, f"SELECT s.name FROM event e JOIN identity s ON s.identity_id = e.subject_id WHERE e.kind = '{kind}' AND e.item_id = {GERRIT.item(number)}")}
        names = lambda place: {gerrit.PEOPLE[who][1] for who in place}
        assert (logins("attention_added"), logins("attention_removed")) == (names(each.attention), names(each.removed)), (number, logins("attention_added"), logins("attention_removed"))
    # Votes: a veto goes along, what is no veto falls with a rework, a rebase takes all along.
    assert told_of(db, 1, ("reviewed", "review_copied", "review_dismissed", "merged")) == [("reviewed", "", 13), ("reviewed", "", 13), ("review_copied", change(1).messages[1]["id"], 14), ("reviewed", "", 14), ("reviewed", "", 15), ("review_copied", change(1).messages[5]["id"], 16), ("merged", "", 17)], told_of(db, 1)
    assert rows(db, "SELECT state, is_official FROM review WHERE item_id = 3 ORDER BY submitted_at") == [("changes_requested", 1), ("commented", None), ("commented", None), ("approved", 1)]
    assert ("labeled", "Code-Review+1", 13) in told_of(db, 1) and ("unlabeled", "Code-Review+1", 14) in told_of(db, 1)
    assert ("unlabeled", "Workflow+1", 16) in told_of(db, 1) and labels_of(db, 1) == set(), (told_of(db, 1), labels_of(db, 1))
    # CI.
    assert rows(db, "SELECT name, sha, conclusion FROM ci_run ORDER BY started_at") == [("Verified (Zuul)", change(2).revisions[0]["sha"], "failure"), ("Verified (Zuul)", change(2).revisions[1]["sha"], "success")]
    assert rows(db, "SELECT account_type FROM identity WHERE login = 'zuul'") == [("Bot",)]
    # Remarks, resolved or not.
    assert labels_of(db, 2) == {"unresolved comments", "needs: Code-Review"}, labels_of(db, 2)
    threads = told_of(db, 2, ("thread_unresolved", "thread_resolved"))
    assert sorted(threads) == sorted([("thread_unresolved", change(2).comments[0]["id"], 16), ("thread_unresolved", change(2).comments[2]["id"], 16), ("thread_resolved", change(2).comments[0]["id"], 17)]), threads
    assert rows(db, "SELECT path, line, body FROM comment WHERE item_id = 5 AND kind = 'inline' AND reply_to IS NULL ORDER BY path") == [("COMMIT_MSG", 1, "A typo"), ("src/a.c", 9, "Is it tested?")]
    assert rows(db, "SELECT body FROM review WHERE item_id = 5 ORDER BY submitted_at LIMIT 1") == [("Nice, <e-mail>",)]
    # Work in progress, abandoned, topics, hashtags, private.
    assert told_of(db, 3, ("convert_to_draft", "ready_for_review")) == [("convert_to_draft", "", 13), ("ready_for_review", "", 14), ("convert_to_draft", "", 15)] and rows(db, "SELECT is_draft FROM item WHERE number = 3") == [(1,)]
    assert told_of(db, 4, ("closed", "reopened")) == [("closed", "", 13), ("reopened", "", 14), ("closed", "", 15)] and rows(db, "SELECT body FROM comment WHERE item_id = 9") == [("Not now",)]
    assert told_of(db, 5, ("labeled", "unlabeled"))[:-1] == [("labeled", "topic: parser", 13), ("labeled", "hashtag: alpha", 14), ("labeled", "hashtag: beta", 14), ("unlabeled", "topic: parser", 15), ("labeled", "topic: lexer", 15), ("unlabeled", "hashtag: beta", 16), ("labeled", "private", 16), ("unlabeled", "private", 16)], told_of(db, 5)
    assert labels_of(db, 5) == {"topic: lexer", "hashtag: alpha", "needs: Code-Review"}
    # Votes that were taken back.
    assert told_of(db, 6, ("review_dismissed",)) == [("review_dismissed", "approved", day) for day in (14, 15)] and ("unlabeled", "Code-Review+1", 16) in told_of(db, 6), told_of(db, 6)
    assert told_of(db, 7, ("relation_added",)) == [("relation_added", "cherry-pick of #1", 7)] and told_of(db, 8, ("relation_added",)) == [("relation_added", "reverts #1", 8)] and "status: staged" in labels_of(db, 8)
    assert rows(db, "SELECT a.name FROM event e JOIN identity a ON a.identity_id = e.actor_id WHERE e.item_id = 15 AND e.kind = 'head_ref_force_pushed'") == [("Dan Dahl",)]
    assert "Workflow-1" not in labels_of(db, 9) and ("labeled", "Workflow-1", 13) in told_of(db, 9) and rows(db, "SELECT count(*) FROM identity WHERE name = 'Gerrit account 99'") == [(1,)]
    assert rows(db, "SELECT body FROM item WHERE number = 1")[0][0].startswith("For <e-mail>.\n\nChange-Id: I") and rows(db, "SELECT additions, deletions, changed_files FROM item WHERE number = 1") == [(12, 3, 1)]


def labels_of(db, number):
    return {name for name, in rows(db, f"SELECT name FROM item_label WHERE item_id = {GERRIT.item(number)}")}


def attention(db, **more):
    differences, turns = json.loads(resident("attention", "--all", "--json", "--db", db, **more).stdout)
    return {row["number"]: row for row in differences["rows"]}, differences, turns


@test
def the_turn_is_the_attention_sets_and_ours_stands_beside_it(store):
    """Changes that were made at random by Gerrit's published rules: what is shown is the set's, and where nobody edited it our own judgement,
    which knows nothing of sets, names somebody of it in nine of ten."""
    own, all = 0, 0
    for seed in (1, 2, 3):
        changes = gerrit.history(seed, 120)
        GERRIT.fresh()
        GERRIT.server.project = gerrit.Project(changes)
        db = new_store(store)
        GERRIT.add(db)
        got, differences, turns = attention(db)
        wanted = {number: change for number, change in changes.items() if change["status"] == "NEW" and change.attention}
        assert set(got) == set(wanted), set(got) ^ set(wanted)
        for number, change in wanted.items():
            row = got[number]
            assert set(row["attention"].split(", ")) == {gerrit.PEOPLE[who][0] for who in change.attention}, (number, row)
            newest = max(moment for moment, _, _ in change.attention.values())
            last = {who for who, (moment, _, _) in change.attention.items() if moment == newest}
            # Who is in it to bring the change in is a committer, whoever that is.
            assert row["turn"] != ("reviewer" if change["owner"] in last else "author"), (number, row)
            # By hand, in or out: whoever's last coming or going was a click.
            clicks = ["hovercard" in reason or "icon" in reason for place in (change.attention, change.removed) for _, reason, _ in place.values()]
            assert row["edited"] == ("yes" if any(clicks) else "no"), (number, row)
            assert row["reason"] and row["own_why"]
        untouched = [row for row in got.values() if row["edited"] == "no"]
        own, all = own + sum(row["same"] == "yes" for row in untouched), all + len(untouched)
        shown = json.loads(resident("attention", "--json", "--db", db).stdout)[0]["rows"]
        assert {row["number"] for row in shown} == {number for number, row in got.items() if row["same"] == "no"}
        assert f"{sum(row['same'] == 'yes' for row in untouched)} of {len(untouched)}" in differences["claim"], differences["claim"]
    print(f"    our own judgement names somebody of the attention set for {own} of {all} ({100 * own / all:.1f} %) that nobody edited")
    assert own >= 0.9 * all, (own, all)


@test
def a_change_waits_for_what_it_is_built_on(store):
    """Gerrit submits a change with or after its parents; on an older patch set, or an abandoned change, it cannot be."""
    changes = {number: gerrit.Change(number, gerrit.ANN, gerrit.at(1)) for number in range(1, 10)}
    changes[1].upload(gerrit.ANN, "REWORK", gerrit.at(2))
    changes[5].abandon(gerrit.ANN, gerrit.at(2))
    changes[7].submit(gerrit.BOB, gerrit.at(2))
    changes[9].submittable = True
    newest = lambda number: changes[number].revisions[-1]["sha"]
    for number, parent in ((2, newest(1)), (3, changes[1].revisions[0]["sha"]), (4, newest(5)), (6, newest(7)), (8, newest(9))):
        changes[number].parent = parent
        changes[number].reply(gerrit.BOB, gerrit.at(3), "", {"Code-Review": 2})
    changes[5].parent = newest(2)
    changes[9].parent = newest(2)
    for change in changes.values():  # their sets say nothing: our own judgement is shown
        change.attention.clear()
        change.removed.clear()
    GERRIT.fresh()
    GERRIT.server.project = gerrit.Project(changes)
    db = new_store(store)
    GERRIT.add(db)
    turns = lambda: {row["number"]: (row["turn"], row["why"]) for row in json.loads(resident("review", "--json", "--db", db).stdout.splitlines()[0])["rows"]}
    got = turns()
    assert got[2] == ("nobody", "waits for #1, which it is built on"), got
    assert got[3] == ("author", "to be rebased: built on an older patch set of #1"), got
    assert got[4] == ("author", "to be rebased: built on #5, which was abandoned"), got
    assert got[6][0] == "committer" and "built on" not in got[6][1], got
    assert got[8][0] == "committer" and got[8][1].endswith("; built on #9, which is submitted with it"), got
    assert got[9][0] == "reviewer" and got[9][1].endswith("; built on #2"), got
    changes[1].submit(gerrit.BOB, gerrit.at(4))
    resident("sync", "--db", db, environment=NEXT_DAY)
    assert turns()[2][0] == "committer", turns()


@test
def what_earlier_readings_saw_of_the_attention_set_stays(store):
    GERRIT.fresh()
    db = new_store(store)
    GERRIT.add(db)
    GERRIT.server.project.issues[6].reply(gerrit.ANN, gerrit.at(25), "Thanks")
    resident("sync", "--db", db, environment=NEXT_DAY)
    places = rows(db, "SELECT e.kind, e.occurred_at FROM event e JOIN identity s ON s.identity_id = e.subject_id WHERE e.item_id = 13 AND s.login = 'ann' AND e.kind LIKE 'attention%' ORDER BY e.position")
    assert [kind for kind, _ in places] == ["attention_added", "attention_removed"], places
    before = json.loads(resident("attention", "--all", "--json", "--db", db, "--as-of", "2024-03-24").stdout)[0]["rows"]
    assert "ann" in next(row["attention"] for row in before if row["number"] == 6)
    now = attention(db)[0]
    assert "ann" not in now.get(6, {"attention": ""})["attention"]


@test
def both_stores_hold_the_same():
    for place in PLACES if POSTGRES else []:
        same(whole(place)[1], whole(place, "postgresql")[1], place.kind)


@test
def a_second_sync_changes_nothing_and_asks_little(store):
    for place in PLACES:
        db, before, requests = whole(place, store)
        place.fresh()
        for now in ({}, NEXT_DAY):
            begun = place.server.requests
            done = resident("sync", "--db", db, environment=now)
            assert "nothing new" in done.stderr, place.kind + done.stderr
            same(before, dump(db), place.kind)
            assert place.server.requests - begun < requests * 0.6, f"{place.kind}: {place.server.requests - begun} requests after {requests}"


@test
def every_fault_singly_leaves_no_trace():
    for place in PLACES:
        before = whole(place)[1]
        # In ./check a few of each, others for each; all with --all.
        for fault in FAULTS if suite.given.all else FAULTS[PLACES.index(place)::len(PLACES)]:
            place.fresh()
            place.server.fault = lambda number, path: fault if number % 3 == 1 else None
            db = new_store()
            place.add(db)
            same(before, dump(db), f"{place.kind} under {fault}")


@test
def killed_anywhere_and_resumed_is_whole(store):
    for place in PLACES:
        before, requests = whole(place, store)[1:]
        chosen = random.Random(place.kind)
        for _ in range(20 if suite.given.all else 1):
            place.fresh()
            db = new_store(store)
            kill_at = chosen.randrange(2, requests)
            process = subprocess.Popen([BINARY, "add", place.location, "--project", "demo", "--db", db], env=ENVIRONMENT, cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            place.server.hook = lambda number, path: process.kill() if number == kill_at else None
            process.wait()
            place.server.reset()
            place.add(db)
            same(before, dump(db), f"{place.kind}, killed at request {kill_at}")


@test
def a_server_that_stays_down_is_told_and_resumed():
    for place in PLACES:
        place.fresh()
        db = new_store()
        place.server.fault = lambda number, path, most=6 if place is CALLS else 12: "502" if number > most else None
        done = place.add(db, code=5)
        assert "502" in done.stderr, done.stderr
        place.server.reset()
        place.add(db)
        same(whole(place)[1], dump(db), place.kind)


@test
def what_is_of_another_shape_is_trouble_and_never_empty():
    for place in PLACES:
        for fault in ("another shape", "null", "not JSON", "empty"):
            place.fresh()
            db = new_store()
            place.server.fault = lambda number, path: fault if any(mark in path for mark in ("limit=100", "max=100", "n=500", "maxResults=100", "ws.size=100")) else None
            done = place.add(db, code=None)
            assert done.returncode in (4, 5), f"{place.kind} under {fault}: exit {done.returncode} {done.stderr}"
            assert rows(db, "SELECT count(*) FROM item_tombstone") == [(0,)]
            place.server.reset()
            place.add(db)
            same(whole(place)[1], dump(db), f"{place.kind} after {fault}")


@test
def in_steps_is_what_a_fresh_import_gives(store):
    for place in PLACES:
        place.fresh()
        stepped, fresh = new_store(store), new_store(store)
        place.add(stepped)
        place.server.project.later()
        begun = place.server.requests
        resident("sync", "--db", stepped, environment=NEXT_DAY)
        steps = place.server.requests - begun
        begun = place.server.requests
        place.add(fresh)
        assert steps < place.server.requests - begun, f"{place.kind}: {steps} requests"
        same(dump(fresh), dump(stepped), place.kind)


@test
def changes_while_paging_lose_nothing():
    for place in PLACES:
        place.fresh()
        happened = []

        def hook(number, path):
            if number == 14 and not happened:
                happened.append(number)
                place.server.project.later()

        place.server.hook = hook
        moving, fresh = new_store(), new_store()
        place.add(moving)
        place.server.reset()
        resident("sync", "--db", moving, environment=NEXT_DAY)
        place.add(fresh)
        same(dump(fresh), dump(moving), place.kind)


@test
def what_is_deleted_becomes_a_tombstone_and_what_is_back_loses_it(store):
    for place in PLACES:
        place.fresh()
        db = new_store(store)
        place.add(db)
        kept = place.server.project.issues[4]
        place.server.project.forget(4)
        resident("sync", "--db", db, environment=NEXT_DAY)
        assert rows(db, "SELECT item_id, reason FROM item_tombstone") == [(place.item(4), "deleted")], place.kind
        assert rows(db, f"SELECT count(*) FROM item_interval WHERE item_id = {place.item(4)} AND closed_at IS NULL") == [(0,)], place.kind
        assert "nothing new" in resident("sync", "--db", db, environment={"RESIDENT_NOW": "2024-06-03T02:00:00Z"}).stderr
        place.server.project.issues[4] = kept
        resident("sync", "--db", db, environment={"RESIDENT_NOW": "2024-06-04T03:00:00Z"})
        same(whole(place)[1], dump(db), place.kind)


@test
def what_moves_elsewhere_is_told():
    for place, move in ((REDMINE, {"project": 2}), (BUGZILLA, {"product": "Other"}), (JIRA, {"key": "OTHER-5"}), (LAUNCHPAD, {"target": "other"})):
        place.fresh()
        db = new_store()
        place.add(db)
        place.server.project.issues[5].update(move)
        resident("sync", "--db", db, environment=NEXT_DAY)
        (item, reason, target), = rows(db, "SELECT item_id, reason, target FROM item_tombstone")
        assert (item, reason) == (10, "transferred") and target.endswith(("/issues/5", "id=5", "/browse/OTHER-5", "/other/+bug/5")), (place.kind, reason, target)


@test
def what_no_list_shows_is_read_again_within_two_weeks():
    for place in PLACES:
        place.fresh()
        db = new_store()
        place.add(db)
        project = place.server.project
        if place is REDMINE:
            project.journals[2][0]["notes"] = "Edited since"
        elif place in (TRAC, CALLS):
            when, author, _, changes = project.history[2][0]
            project.history[2][0] = (when, author, "Edited since", changes)
        elif place is GERRIT:
            project.comments[2][0]["message"] = "Edited since"
        elif place is LAUNCHPAD:
            project.messages[2][1].update(text="Edited since", edited=launchpad.at(30))
        elif place in (JIRA, CLOUD):
            project.comments[2][0]["body"] = project.text("Edited since")
        else:
            project.comments[2].append({**project.comments[2][0], "id": 999, "count": 9, "text": "Edited since"})
        resident("sync", "--db", db, environment=NEXT_DAY)
        begun = place.server.requests
        resident("sync", "--db", db, environment={"RESIDENT_NOW": "2024-06-04T00:00:00Z"})
        assert place.server.requests - begun < 30, f"{place.kind}: {place.server.requests - begun} requests for two days"
        resident("sync", "--db", db, environment={"RESIDENT_NOW": "2024-06-20T00:00:00Z"})
        assert rows(db, "SELECT count(*) FROM comment WHERE body = 'Edited since'") == [(1,)], place.kind


@test
def a_few_items_by_their_numbers():
    for place in PLACES:
        place.fresh()
        db = new_store()
        place.add(db)
        place.server.project.issues[2][place.server.project.title_key] = "another title"
        place.server.project.forget(4)
        done = resident("sync", "--db", db, "--items", "2,4,4711")
        assert "3 items asked for again" in done.stderr, done.stderr
        assert "4, 4711" in done.stderr, done.stderr
        assert rows(db, "SELECT count(*) FROM item WHERE title = 'another title'") == [(1,)], place.kind
        assert rows(db, "SELECT item_id, reason FROM item_tombstone") == [(place.item(4), "deleted")], place.kind


@test
def a_token_that_expires_on_the_way_buries_nothing():
    """What is hidden from an account and what its token is refused for look alike; who asks decides."""
    password = "ann:secret-4711"
    for place, name, token, header, shown in ((JIRA, "RESIDENT_JIRA_TOKEN", "secret-4711-token", "Bearer secret-4711-token", "/issue/DEMO-3"), (CLOUD, "RESIDENT_JIRA_TOKEN", "secret-4711-token", "Bearer secret-4711-token", "/issue/DEMO-3"),
                                              (GERRIT, "RESIDENT_GERRIT_PASSWORD", password, "Basic " + base64.b64encode(password.encode()).decode(), "~3/detail")):
        expected = whole(place)[1]
        place.fresh()
        db = new_store()
        given = {name: token}
        place.server.token = header
        good = place.server.project.answer
        try:
            place.add(db, environment=given)
            same(expected, dump(db), place.kind)

            def expire(number, path):
                if path.split("?")[0].endswith(shown):
                    place.server.token = "another"
            place.server.hook = expire
            done = resident("sync", "--db", db, "--items", "3", environment=given, code=4)
            assert "expired" in done.stderr, done.stderr
            assert rows(db, "SELECT item_id FROM item_tombstone") == [], f"{place.kind}: it is not gone"
            place.server.hook = lambda number, path: None
            place.server.token = header
            place.server.project.answer = lambda path, query, base: Answer({"errorMessages": ["no"]}, status=403) if path.endswith(shown) else good(path, query, base)
            resident("sync", "--db", db, "--items", "3", environment=given)
            assert [item for item, in rows(db, "SELECT item_id FROM item_tombstone")] == [place.item(3)], f"{place.kind}: hidden"
        finally:
            place.server.token, place.server.hook, place.server.project.answer = None, lambda number, path: None, good


@test
def since_leaves_out_and_a_later_sync_fills_in():
    for place in PLACES:
        place.fresh()
        db = new_store()
        resident("add", place.location, "--project", "demo", "--db", db, "--since", "2024-03-10")
        assert rows(db, "SELECT count(*) FROM item") < [(12,)], place.kind
        resident("sync", "--db", db)
        same(whole(place)[1], dump(db), place.kind)


@test
def a_bad_record_is_set_aside_and_healed():
    for place, key in ((REDMINE, "created_on"), (BUGZILLA, "creation_time")):
        place.fresh()
        entry = place.server.project.issues[2]
        good, entry[key] = entry[key], "no such moment"
        db = new_store()
        place.add(db)
        assert rows(db, "SELECT count(*) FROM quarantine WHERE record = 'issue/2'") == [(1,)], place.kind
        entry[key] = good
        resident("sync", "--db", db)
        same(whole(place)[1], dump(db), place.kind)


@test
def two_trackers_with_the_same_numbers_do_not_share_a_project(store):
    for first, second in ((REDMINE, TRAC), (TRAC, BUGZILLA)):
        first.fresh()
        second.fresh()
        db = new_store(store)
        first.add(db)
        before = dump(db)
        done = second.add(db, code=2)
        assert "two trackers cannot share a project" in done.stderr and "--project" in done.stderr, done.stderr
        same(before, dump(db), "nothing of the first was changed")


@test
def tickets_and_pull_requests_share_a_project():
    """As Django's: tickets on a Trac, pull requests on a forge, both from 1 on."""
    TRAC.fresh()
    db = new_store()
    TRAC.add(db)
    file = WORK / "pulls.jsonl"
    file.write_text("".join(json.dumps({"record": "pull", "number": number, "title": f"Fixed #{number}", "author": "ann", "state": "open", "created_at": "2024-03-21T00:00:00Z", "url": f"https://forge.example/demo/demo/pull/{number}"}) + "\n" for number in (1, 2)))
    resident("add", "jsonl", file, "--project", "demo", "--db", db)
    assert rows(db, "SELECT kind, count(*) FROM item GROUP BY kind ORDER BY kind") == [("issue", 12), ("pull", 2)]
    found = json.loads(resident("triage", "--project", "demo", "--db", db, "--json").stdout)
    assert "Thing" in json.dumps(found), "tickets are triaged as issues"


@test
def what_is_no_address_is_refused():
    for place in ("redmine:https://host.example", "redmine:https://host.example/issues/1", "bugzilla:https://host.example", "trac:nonsense", "trac-db:/no/such/file.db", "launchpad-live:https://bugs.launchpad.net", "launchpad-live:https://launchpad.net/~ann"):
        done = resident("add", place, "--db", new_store(), code=None)
        assert done.returncode in (1, 2) and done.stderr, place


def trac_database(path):
    """The tables of a Trac 1.6 on SQLite, with what the fake has."""
    project = trac.Project()
    micro = lambda when: int((when - trac.datetime.datetime(1970, 1, 1)).total_seconds()) * 1_000_000
    columns = ["type", "component", "severity", "priority", "owner", "reporter", "cc", "version", "milestone", "status", "resolution", "summary", "description", "keywords"]
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE ticket (id integer PRIMARY KEY, type text, time integer, changetime integer, component text, severity text, priority text, owner text, reporter text, cc text, version text, milestone text, status text, resolution text, summary text, description text, keywords text);"
            "CREATE TABLE ticket_change (ticket integer, time integer, author text, field text, oldvalue text, newvalue text, UNIQUE (ticket, time, field));"
            "CREATE TABLE ticket_custom (ticket integer, name text, value text, UNIQUE (ticket, name));"
            "CREATE TABLE attachment (type text, id text, filename text, size integer, time integer, description text, author text, UNIQUE (type, id, filename));"
            "CREATE TABLE session_attribute (sid text, authenticated integer, name text, value text, UNIQUE (sid, authenticated, name));")
        connection.execute("INSERT INTO session_attribute VALUES ('ann', 1, 'name', 'Ann Arden'), ('ann', 1, 'email', 'ann@example.org')")
        for number, ticket in project.issues.items():
            connection.execute(f"INSERT INTO ticket (id, time, changetime, {', '.join(columns)}) VALUES (?, ?, ?{', ?' * len(columns)})", [number, micro(ticket["time"]), micro(ticket["changetime"])] + [ticket.get(name, "") for name in columns])
            connection.executemany("INSERT INTO ticket_custom VALUES (?, ?, ?)", [(number, name, ticket[name]) for name in ("stage", "has_patch", "needs_tests")])
            for index, (when, author, comment, changes) in enumerate(project.history[number], 1):
                connection.executemany("INSERT INTO ticket_change VALUES (?, ?, ?, ?, ?, ?)", [(number, micro(when), author, *change) for change in changes] + [(number, micro(when), author, "comment", str(index), comment)])
    return project


@test
def a_trac_by_its_database_is_the_one_by_its_pages(store):
    path = WORK / f"{suite.new_name('trac')}.db"
    trac_database(path)
    db = new_store(store)
    resident("add", "trac-db", path, "--project", "demo", "--db", db)
    live = whole(TRAC, store)[0]
    for sql in ("SELECT item_id, title, state, created_at, updated_at, closed_at, state_reason, milestone FROM item ORDER BY item_id",
                "SELECT item_id, name FROM item_label ORDER BY item_id, name", "SELECT item_id, opened_at, closed_at FROM item_interval ORDER BY item_id, opened_at",
                "SELECT item_id, kind, label, occurred_at, is_derived FROM event ORDER BY item_id, occurred_at, kind, label", "SELECT item_id, comment_key, created_at FROM comment ORDER BY item_id, comment_key"):
        assert rows(db, sql) == rows(live, sql), sql
    assert rows(db, "SELECT e.email FROM identity_email e JOIN identity i ON i.identity_id = e.identity_id WHERE i.login = 'ann'") == [("ann@…",)]
    assert "nothing new" in resident("sync", "--db", db).stderr
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM ticket WHERE id = 12")
        connection.execute("UPDATE ticket_change SET newvalue = 'Words, edited' WHERE ticket = 2 AND field = 'comment'")
        connection.execute("INSERT INTO ticket_change VALUES (2, (SELECT time FROM ticket_change WHERE ticket = 2 LIMIT 1), 'ann', '_comment0', 'Words', '1711800000000000')")
    resident("sync", "--db", db)
    assert rows(db, "SELECT item_id, reason FROM item_tombstone") == [(24, "deleted")]
    assert rows(db, "SELECT body, updated_at FROM comment WHERE item_id = 4") == [("Words, edited", 1711800000)]
    with sqlite3.connect(path) as connection:  # SQLite gives the number again
        connection.execute("INSERT INTO ticket (id, time, changetime, reporter, status, summary) VALUES (12, 1711900000000000, 1711900000000000, 'bob', 'new', 'Another thing')")
    resident("sync", "--db", db)
    assert rows(db, "SELECT count(*) FROM item_tombstone") == [(0,)] and rows(db, "SELECT title FROM item WHERE number = 12") == [("Another thing",)]


@test
def a_trac_by_its_plugin_s_calls_is_the_one_of_its_database(store):
    path = WORK / f"{suite.new_name('trac')}.db"
    trac_database(path)
    db = new_store(store)
    resident("add", "trac-db", path, "--project", "demo", "--db", db)
    live = whole(CALLS, store)[0]
    for sql in ("SELECT item_id, title, body, state, created_at, updated_at, closed_at, state_reason, milestone FROM item ORDER BY item_id", "SELECT item_id, name FROM item_label ORDER BY item_id, name",
                "SELECT item_id, kind, label, detail, occurred_at, is_derived FROM event ORDER BY item_id, occurred_at, kind, label", "SELECT item_id, comment_key, created_at, body FROM comment ORDER BY item_id, comment_key"):
        assert rows(db, sql) == rows(live, sql), (sql, rows(db, sql), rows(live, sql))
    assert rows(live, "SELECT count(*) FROM comment WHERE body LIKE '%[https://forge.example/pull/12 PR]%'") == [(1,)], "texts are as they were written"
    CALLS.fresh()
    CALLS.add(new_store(store))
    asked = CALLS.server.paths
    assert not any("format=rss" in path for path in asked), [path for path in asked if "rss" in path][:3]
    # Where nobody is allowed to call, pages tell.
    CALLS.fresh()
    CALLS.server.project.post = lambda path, body: trac.Answer({"id": 0, "result": None, "error": {"name": "JSONRPCError", "code": 403, "message": "XML_RPC privileges are required"}})
    db = new_store(store)
    CALLS.add(db)
    by_pages = "SELECT item_id, kind, label, occurred_at, is_derived FROM event ORDER BY item_id, occurred_at, kind, label"
    assert rows(db, by_pages) == rows(whole(TRAC, store)[0], by_pages), "without the right to call"
    assert any("format=rss" in path for path in CALLS.server.paths)
    CALLS.fresh()


@test
def hostile_databases_are_read_or_refused():
    for name, script in (("no.db", None), ("empty.db", "CREATE TABLE t (a)"), ("views.db", "CREATE VIEW ticket AS SELECT 1 AS id; CREATE TABLE ticket_change (a); CREATE TABLE ticket_custom (a)"),
                         ("columns.db", "CREATE TABLE ticket (id); CREATE TABLE ticket_change (a); CREATE TABLE ticket_custom (a)")):
        path = WORK / name
        if script:
            with sqlite3.connect(path) as connection:
                connection.executescript(script)
        else:
            path.write_bytes(b"no database\x00" * 100)
        done = resident("add", "trac-db", path, "--db", new_store(), code=1)
        assert "Trac" in done.stderr, done.stderr
    path = WORK / "odd.db"
    trac_database(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE ticket SET summary = CAST(x'ff00fe' AS TEXT), reporter = NULL, time = 'when?' WHERE id = 1")
        connection.execute("INSERT INTO ticket (id, time, status) VALUES (-5, 9223372036854775807, NULL)")
        connection.execute("INSERT INTO ticket_change VALUES (1, -1, NULL, NULL, NULL, NULL), (777, 1, 'x', 'status', 'a', 'b')")
    db = new_store()
    resident("add", "trac-db", path, "--db", db)
    assert rows(db, "SELECT count(*) FROM item") == [(12,)] and rows(db, "SELECT count(*) FROM quarantine") == [(1,)]


def letters(kind, until=99):
    """Archives of bugs by mail, made up: of a debbugs the log of one bug, and a list that the system writes to; of Launchpad notifications."""
    texts = []

    def add(day, headers, body):
        if day <= until:
            texts.append("From x@example.org Mon Jan  1 00:00:00 2024\n" + "\n".join(headers) + "\n\n" + body + "\n\n")

    if kind == "launchpad":
        def notice(day, who, status, subject, body):
            login = who.split()[0].lower()
            add(day, [f"Date: {day:02} Mar 2024 10:00:00 +0000", f"From: {who} <30@bugs.launchpad.net>", f"X-Launchpad-Bug: product=pump; status={status}; importance=Low; assignee=None;", "X-Launchpad-Bug-Reporter: Ann Arden (ann)",
                      f"X-Launchpad-Bug-Modifier: {who} ({login})", "X-Launchpad-Bug-Private: no", f"Message-Id: <n{day}.malone@host>", f"Subject: [Bug 30] {subject}"],
                body + "\n\n-- \nYou received this bug notification because you are subscribed.\nhttps://bugs.launchpad.net/bugs/30\n\nTitle:\n  pump drips\n")
        notice(1, "Ann Arden", "New", "[NEW] pump drips", "Public bug reported:\n\nIt drips; write to ann@example.org.\n\n** Affects: pump\n     Importance: Low\n         Status: New")
        notice(2, "Bob Berg", "Confirmed", "Re: pump drips", "So it does.\n\n** Changed in: pump\n       Status: New => Confirmed")
        notice(9, "Bob Berg", "Fix Released", "Re: pump drips", "** Changed in: pump\n       Status: Confirmed => Fix Released")
        return "".join(texts)

    def mail(day, address, who, subject, body, *more):
        name = who.split()[0].lower()
        add(day, [f"Received: (at {address}) by bugs.debian.org; {day} Mar 2024 10:00:00 +0000", f"From: {who} <{name}@example.org>", f"Date: {day:02} Mar 2024 09:00:00 +0000", f"Message-ID: <{kind}{day}{address}@host>", f"Subject: {subject}", *more], body)

    if kind == "log":
        mail(1, "submit", "Ann Arden", "pump: drips", "Package: pump\nVersion: 1.2-1\nTags: patch\n\nIt drips; write to ann@example.org.")
        mail(2, "12", "Bob Berg", "Re: Bug#12: pump: drips", "Control: severity -1 important\n\nSo it does.")
        mail(9, "12-done", "Bob Berg", "Re: Bug#12: pump: drips", "Version: 1.3-1\n\nTight.")
    else:
        mail(3, "submit", "Cy Cole", "Bug#14: pump: wet", "Package: pump\nSeverity: important\nTags: patch\nVersion: 1.2-1\n\nWet.", "X-Debian-PR-Message: report 14")
        mail(4, "control", "Bob Berg", "merging", "merge 14 12\nthanks")
    return "".join(texts)


@test
def bugs_by_mail_are_played_as_the_archive_grows(store):
    places = {"debbugs": WORK / suite.new_name("bugs"), "launchpad": WORK / suite.new_name("launchpad")}
    for kind, folder in places.items():
        folder.mkdir()

        def write(until):
            if kind == "debbugs":
                (folder / "bug_12.mbox").write_text(letters("log", until))
                (folder / "list.mbox").write_text(letters("list", until))
            else:
                (folder / "list.mbox").write_text(letters("launchpad", until))

        db = new_store(store)
        write(5)
        resident("add", kind, folder, "--project", "demo", "--db", db)
        before = rows(db, "SELECT number, state, state_reason FROM item ORDER BY number")
        assert before == ([(12, "open", None), (14, "closed", "duplicate")] if kind == "debbugs" else [(30, "open", None)]), before
        assert "nothing new" in resident("sync", "--db", db).stderr
        write(99)
        resident("sync", "--db", db)
        fresh = new_store(store)
        resident("add", kind, folder, "--project", "demo", "--db", fresh)
        same(dump(fresh), dump(db), f"{kind}: in steps")
        number = 12 if kind == "debbugs" else 30
        assert rows(db, f"SELECT state FROM item WHERE number = {number}") == [("closed",)]
        was = json.loads(resident("triage", "--project", "demo", "--db", db, "--as-of", "2024-03-03", "--json").stdout)
        assert "pump" in json.dumps(was), "as of an earlier day it is open"
        if kind == "debbugs":
            assert rows(db, "SELECT detail FROM event WHERE kind = 'marked_as_duplicate'") == [("#12",)]
            assert labels(db, 12) == {"severity: important", "package: pump", "found in: 1.2-1", "fixed in: 1.3-1", "patch"}, labels(db, 12)
        empty = WORK / f"{suite.new_name('none')}.mbox"
        empty.write_text("From a@example.org Mon Jan  1 00:00:00 2024\nFrom: a@example.org\nDate: 1 Mar 2024 10:00:00 +0000\nSubject: words\n\nNo bug.\n")
        assert "holds no bug" in resident("add", kind, empty, "--project", "none", "--db", new_store(), code=1).stderr


suite.finish()
