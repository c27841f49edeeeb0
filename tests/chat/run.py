#!/usr/bin/env python3
"""Chats, whole runs: a Zulip organization on loopback, exports of Zulip, Slack, Discord and Matrix, logs of IRC; and items with two lives.

run.py BINARY [--all] [-k WORDS] [--jobs N]. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
"""
import base64
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tarfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fake_channels"))
sys.path.insert(0, str(HERE.parent))
import zulip  # noqa: E402
from harness import Suite, same  # noqa: E402
from server import FAULTS, Server  # noqa: E402

KEY = "helper-bot@example.org:key-4711-abcdefghijklmnop"
suite = Suite("chat", {**{key: value for key, value in os.environ.items() if not key.endswith(("TOKEN", "_KEY"))}, "RESIDENT_NOW": "2024-03-20T00:00:00Z", "RESIDENT_WAIT_SCALE": "0.001", "RESIDENT_ZULIP_KEY": KEY},
              lambda parser: parser.add_argument("--all", action="store_true", help="every fault"))
POSTGRES, WORK = suite.postgres, suite.work
resident, rows, test, new_store = suite.resident, suite.rows, suite.test, suite.new_store
LEFT_OUT = {"source_stream", "person", "person_identity", "identity_link", "migration", "http_validator", "source"}


def no_address(text):
    assert "@example.org" not in text, "an e-mail address is in the export: " + text[max(0, text.index("@example.org") - 80):][:160]


def by_keys(tables):
    keys = {row["identity_id"]: row["identity_key"] for row in tables["identity"]}
    for table in tables.values():
        for row in table:
            if row.get("author_id") is not None:
                row["author_id"] = keys[row["author_id"]]
            row.pop("identity_id", None)
            row.pop("source_id", None)


def dump(db):
    return suite.dump(db, LEFT_OUT, by_keys, no_address)


def told(db):
    return {table: lines for table, lines in dump(db).items() if table in ("thread", "post", "identity")}


server = Server(zulip.Project())
server.token = "Basic " + base64.b64encode(KEY.encode()).decode()
PLACE = f"zulip:http://127.0.0.1:{server.port}"


def fresh():
    server.project = zulip.Project()
    server.reset()


def add(db, *more, code=0, **options):
    return resident("add", *more, "--project", "demo", "--db", db, code=code, **options)


@test
def a_zulip_is_read_as_it_is(store):
    fresh()
    db = new_store(store)
    done = add(db, PLACE)
    assert "1 private channel left out" in done.stderr and "1 message by bots left out" in done.stderr, done.stderr
    count = lambda sql: rows(db, sql)[0][0]
    assert count("SELECT count(*) FROM thread") == 32, rows(db, "SELECT channel, title FROM thread")
    assert count("SELECT count(*) FROM thread WHERE channel = '#core'") == 0
    assert count("SELECT count(*) FROM post WHERE body LIKE '%bot%'") == 0, "bots write no posts"
    assert count("SELECT count(*) FROM post p JOIN thread t ON t.thread_key = p.thread_key WHERE t.title = 'long'") == 2500, "messages beyond the first page"
    assert rows(db, "SELECT title FROM thread WHERE closed_at = 1709380000") == [("How do I do thing 1?",)], "resolved topics are closed"
    assert rows(db, "SELECT count(*) FROM thread WHERE title = '(no topic)'") == [(1,)], rows(db, "SELECT title, url FROM thread WHERE channel = '#builds'")
    assert rows(db, "SELECT url FROM thread WHERE title = '(no topic)'")[0][0].endswith("/#narrow/channel/6-x/topic//with/2648"), "as Zulip's own links name it"
    assert rows(db, "SELECT url FROM thread WHERE title = 'long'")[0][0].startswith(f"http://127.0.0.1:{server.port}/#narrow/channel/6-x/topic/long/with/")
    names = rows(db, "SELECT DISTINCT p.name FROM post o JOIN person_identity i ON i.identity_id = o.author_id JOIN person p ON p.person_id = i.person_id ORDER BY 1")
    assert names == [("Ann",), ("Bob",), ("Cat",)], names
    assert KEY.split(":")[1] not in json.dumps(server.paths)
    dump(db)


@test
def questions_enter_the_inbox_and_helpers_are_seen(store):
    fresh()
    db = new_store(store)
    add(db, PLACE)
    inbox = json.loads(resident("inbox", "--db", db, "--json", "--as-of", "2024-03-04").stdout)
    waiting = {row["title"] for row in (inbox[0] if isinstance(inbox, list) else inbox)["rows"]}
    assert "How do I do thing 0?" in waiting and "How do I do thing 5?" not in waiting and "How do I do thing 1?" not in waiting, waiting
    people = resident("people", "--db", db, "--json", "--as-of", "2024-03-04").stdout
    assert "Bob" in people and "example.org" not in people


@test
def a_zulip_goes_on_where_it_was(store):
    fresh()
    db = new_store(store)
    add(db, PLACE)
    first = server.requests
    done = resident("sync", "--db", db)
    assert "nothing new" in done.stderr, done.stderr
    assert server.requests - first <= 4, "an unchanged organization costs its lists"
    server.project.later()
    before = server.requests
    resident("sync", "--db", db)
    assert server.requests - before <= 4 + 4, f"{server.requests - before} requests for four topics"
    anew = new_store(store)
    add(anew, PLACE)
    same(told(anew), told(db), "in steps and at once")


@test
def an_edited_message_is_seen_within_the_week(store):
    fresh()
    db = new_store(store)
    add(db, PLACE)
    message = next(iter(server.project.messages.values()))
    message.update(text="What I meant was something else, is it there?", edited=300_000)
    assert "nothing new" in resident("sync", "--db", db).stderr, "the list of topics does not tell"
    resident("sync", "--db", db, environment={"RESIDENT_NOW": "2024-03-28T00:00:00Z"})
    assert rows(db, "SELECT count(*) FROM post WHERE body LIKE 'What I meant%' AND updated_at = 1709580000") == [(1,)]


@test
def faults_leave_no_trace_and_killed_is_resumed(store):
    fresh()
    db = new_store(store)
    add(db, PLACE)
    before, requests = told(db), server.requests
    for fault in FAULTS if suite.given.all else FAULTS[::4]:
        fresh()
        server.fault = lambda number, path: fault if number % 3 == 1 else None
        db = new_store()
        add(db, PLACE)
        same(before, told(db), f"under {fault}")
    for kill_at in random.Random(7).sample(range(2, requests), 3):
        fresh()
        db = new_store(store)
        process = subprocess.Popen([suite.binary, "add", PLACE, "--project", "demo", "--db", db], env=suite.environment, cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server.hook = lambda number, path: process.kill() if number == kill_at else None
        process.wait()
        server.reset()
        add(db, PLACE)
        same(before, told(db), f"killed at request {kill_at}")


@test
def a_zulip_without_a_key_says_so():
    fresh()
    db = new_store()
    done = add(db, PLACE, code=4, environment={"RESIDENT_ZULIP_KEY": ""})
    assert "RESIDENT_ZULIP_KEY" in done.stderr, done.stderr
    done = add(db, PLACE, code=4, environment={"RESIDENT_ZULIP_KEY": "a@example.org:key-0815-qrstuvwxyz"})
    assert "401" in done.stderr and "0815" not in done.stderr, done.stderr


@test
def an_export_is_what_the_organization_says(store):
    fresh()
    folder = WORK / suite.new_name("export") / "zulip-export-1"
    server.project.export(folder)
    db = new_store(store)
    done = add(db, "chat", folder)
    assert "1 private channel with 1 message left out" in done.stderr and "1 direct message between few left out" in done.stderr, done.stderr
    live = new_store(store)
    add(live, PLACE)
    plain = lambda db, sql: sorted(rows(db, sql))
    for sql in ("SELECT channel, title, created_at, closed_at FROM thread", "SELECT post_key, created_at, body, reply_to FROM post"):
        assert plain(db, sql) == plain(live, sql), sql
    packed = WORK / f"{folder.parent.name}.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(folder, "zulip-export-1")
    again = new_store(store)
    add(again, "chat", packed)
    same(told(db), told(again), "as a folder and as it is downloaded")
    # The same export again, under another name, doubles nothing.
    done = add(again, "chat", folder)
    assert rows(again, "SELECT count(*) FROM thread") == rows(db, "SELECT count(*) FROM thread")


def slack(folder, messages):
    folder.mkdir(parents=True)
    write = lambda path, value: ((folder / path).parent.mkdir(exist_ok=True), (folder / path).write_text(json.dumps(value)))
    write("users.json", [{"id": "U1", "team_id": "T1", "name": "ann", "profile": {"real_name": "Ann", "email": "ann@example.org"}}, {"id": "U2", "team_id": "T1", "name": "bob", "profile": {"real_name": "Bob", "email": "bob@example.org"}}])
    write("channels.json", [{"id": "C1", "name": "general"}])
    write("groups.json", [{"id": "G1", "name": "secret"}])
    write("dms.json", [{"id": "D1", "members": ["U1", "U2"]}])
    write("general/2024-03-01.json", messages)
    write("secret/2024-03-01.json", [{"type": "message", "user": "U1", "text": "hush", "ts": "1709280000.000001"}])
    write("D1/2024-03-01.json", [{"type": "message", "user": "U1", "text": "psst", "ts": "1709280000.000002"}])


def message(user, second, text, **more):
    return {"type": "message", "user": user, "text": text, "ts": f"{1709280000 + second}.000100", **more}


@test
def a_slack_that_is_exported_again_updates(store):
    folder = WORK / suite.new_name("slack")
    begin = [message("U1", 0, "How do I <https://a.example|build> it?"), message("U2", 60, "<@U1> with ninja", thread_ts="1709280000.000100"), message("U2", 70, "joined", subtype="channel_join"),
             message("U1", 90_000, "is it out yet?")]
    slack(folder, begin)
    packed = WORK / f"{folder.name}.zip"

    def pack():
        with zipfile.ZipFile(packed, "w") as archive:
            for path in sorted(folder.rglob("*.json")):
                archive.write(path, path.relative_to(folder))
    pack()
    db = new_store(store)
    done = add(db, "chat", packed)
    assert "1 private channel with 1 message left out; 1 direct message between few left out; 1 notice of the chat's own left out" in done.stderr, done.stderr
    assert sorted(rows(db, "SELECT title, channel FROM thread")) == [("How do I build (https://a.example) it?", "#general"), ("is it out yet?", "#general")]
    assert sorted(rows(db, "SELECT body FROM post")) == [("@bob with ninja".replace("bob", "ann"),), ("How do I build (https://a.example) it?",), ("is it out yet?",)]
    assert "nothing new" in resident("sync", "--db", db).stderr
    shutil.rmtree(folder)
    begin[3].update(text="is 2.0 out yet?", edited={"user": "U1", "ts": "1709380000.000000"})
    slack(folder, begin + [message("U2", 91_000, "<@U1> tomorrow")])
    pack()
    resident("sync", "--db", db)
    assert sorted(rows(db, "SELECT title FROM thread")) == [("How do I build (https://a.example) it?",), ("is 2.0 out yet?",)]
    anew = new_store(store)
    add(anew, "chat", folder)
    same(told(anew), told(db), "updated and read at once")
    (WORK / "resident.toml").write_text('[project.demo.chat]\nprivate_channels = ["secret"]\n')
    resident("sync", "--db", db)
    assert rows(db, "SELECT count(*) FROM thread WHERE channel = '#secret'") == [(1,)]
    (WORK / "resident.toml").unlink()
    resident("sync", "--db", db)
    assert rows(db, "SELECT count(*) FROM thread WHERE channel = '#secret'") == [(0,)], "what is private again goes"


@test
def a_damaged_file_takes_nothing_away(store):
    folder = WORK / suite.new_name("slack")
    slack(folder, [message("U1", 0, "How do I build it?"), message("U1", 90_000, "is it out yet?")])
    write = lambda day, messages: (folder / "general" / f"2024-03-0{day}.json").write_text(json.dumps(messages))
    write(2, [message("U2", 86_400, "with ninja", thread_ts="1709280000.000100")])
    write(3, [message("U2", 172_800, "and who knows it?")])
    db = new_store(store)
    add(db, "chat", folder)
    before = told(db)
    assert len(before["post"]) == 4
    whole = {path: path.read_text() for path in folder.rglob("*.json")}
    for damaged in ("channels.json", "users.json", "general/2024-03-02.json", "general/2024-03-01.json"):
        (folder / damaged).write_text(whole[folder / damaged][:-5])
        done = resident("sync", "--db", db)
        assert "1 file could not be read: what earlier syncs stored stays" in done.stderr, done.stderr
        assert [line for line in told(db)["post"]] == before["post"], damaged
        assert told(db)["thread"] == before["thread"], damaged
        (folder / damaged).write_text(whole[folder / damaged])
    # What is new is read all the same, and what is whole again is as if nothing had been.
    (folder / "general" / "2024-03-02.json").write_text("[{")
    write(4, [message("U1", 260_000, "a new one?")])
    resident("sync", "--db", db)
    assert rows(db, "SELECT count(*) FROM post WHERE body = 'a new one?'") == [(1,)] and rows(db, "SELECT count(*) FROM post") == [(5,)]
    assert rows(db, "SELECT count(*) FROM quarantine") == [(1,)]
    (folder / "general" / "2024-03-02.json").write_text(whole[folder / "general" / "2024-03-02.json"])
    (folder / "general" / "2024-03-03.json").unlink()
    resident("sync", "--db", db)
    assert rows(db, "SELECT count(*) FROM post WHERE body = 'and who knows it?'") == [(0,)], "what is taken out of a whole export goes"
    anew = new_store(store)
    add(anew, "chat", folder)
    same({table: told(anew)[table] for table in ("thread", "post")}, {table: told(db)[table] for table in ("thread", "post")}, "in steps and at once")


@test
def a_zulip_whose_answers_have_odd_entries_is_read_on(store):
    fresh()
    db = new_store(store)
    add(db, PLACE)
    before = told(db)
    good = server.project.answer

    def odd(path, query, base):
        answer = good(path, query, base)
        if path.endswith("/streams"):
            answer.body["streams"][1]["stream_id"] = "six"
        if path.endswith("/messages"):
            answer.body["messages"].insert(1, {"id": None, "content": "x"})
        if path.endswith("/users"):
            answer.body["members"].append({"user_id": None})
        return answer
    server.project.answer = odd
    resident("sync", "--db", db, environment={"RESIDENT_NOW": "2024-03-28T00:00:00Z"})
    assert told(db)["post"] == before["post"] and told(db)["thread"] == before["thread"], "nothing is gone"
    aside = [record for record, in rows(db, "SELECT record FROM quarantine ORDER BY record")]
    assert any(each.startswith("message/after ") for each in aside) and "streams/1" in aside and any(each.startswith("members/") for each in aside), aside
    server.project.answer = good
    resident("sync", "--db", db, environment={"RESIDENT_NOW": "2024-04-06T00:00:00Z"})
    assert told(db)["post"] == before["post"]


@test
def logs_of_irc_have_a_zone_and_no_queries(store):
    folder = WORK / suite.new_name("irc")
    (folder / "libera" / "#demo").mkdir(parents=True)
    (folder / "libera" / "bob").mkdir()
    (folder / "libera" / "#demo" / "2024-03-01.log").write_text("[10:00:00] *** Joins: ann (a@host)\n[10:00:05] <ann> hi\n[10:00:09] <ann> how do I build it?\n[10:01:00] <bob> ann: with ninja\n[10:02:00] * ann thanks you\n")
    (folder / "libera" / "#demo" / "2024-03-02.log").write_text("[09:00:00] <cat> is anybody here?\n")
    (folder / "libera" / "bob" / "2024-03-01.log").write_text("[10:00:00] <ann> psst\n")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (WORK / "resident.toml").write_text('[project.demo.chat]\ntime_zone = "Europe/Berlin"\n')
    db = new_store(store)
    done = add(db, "chat", folder)
    assert "1 direct message between few left out" in done.stderr, done.stderr
    assert sorted(rows(db, "SELECT title, created_at FROM thread")) == [("how do I build it?", 1709283605), ("is anybody here?", 1709366400)], rows(db, "SELECT title, created_at FROM thread")
    assert rows(db, "SELECT count(*) FROM post") == [(4,)]
    (WORK / "resident.toml").write_text('[project.demo.chat]\ntime_zone = "Europe/Nowhere"\n')
    done = resident("sync", "--db", db, code=None)
    assert "chat.time_zone takes a time zone" in done.stderr, done.stderr
    (WORK / "resident.toml").unlink()


@test
def what_is_no_chat_or_broken_is_told():
    empty = WORK / "nothing.txt"
    empty.write_text("# A readme\n\nwords\n")
    assert "holds no chat" in add(new_store(), "chat", empty, code=1).stderr
    folder = WORK / suite.new_name("broken")
    slack(folder, [message("U1", 0, "is it good?")])
    (folder / "general" / "2024-03-02.json").write_text('[{"ts": 7}, {"ts": ')
    (folder / "general" / "2024-03-03.json").write_text(json.dumps([message("U1", 300_000, "and this?"), {"type": "message", "ts": [1]}]))
    db = new_store()
    add(db, "chat", folder)
    assert rows(db, "SELECT count(*) FROM thread") == [(2,)], "the rest goes in"
    broken = rows(db, "SELECT record FROM quarantine ORDER BY record")
    assert [each[0].rsplit("/", 1)[1] for each in broken] == ["2024-03-02.json", "2024-03-03.json#message 2"], broken
    (folder / "general" / "2024-03-02.json").write_text("[]")
    (folder / "general" / "2024-03-03.json").unlink()
    resident("sync", "--db", db)
    assert rows(db, "SELECT count(*) FROM quarantine") == [(0,)]


# Items with two lives

def issue(number, title, body, day, url, **more):
    return {"record": "issue", "number": number, "title": title, "body": body, "author": "ann", "created_at": f"{day}T10:00:00Z", "updated_at": f"{day}T10:00:00Z", "url": url + str(number), **more}


def jsonl(name, records, provider):
    path = WORK / f"{suite.new_name(name)}.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in [{"record": "project", "provider": provider, "data_until": "2024-03-20T00:00:00Z"}, *records]))
    return path


def old_tracker():
    """A Trac that was left: ticket 7 was answered, 8 is a duplicate of 7, 9 nobody answered."""
    comment = lambda day, who, key: {"event": "commented", "id": key, "at": f"{day}T10:00:00Z", "actor": who, "body": "I see"}
    place = "https://trac.example.org/ticket/"
    return [issue(7, "It crashes", "x", "2010-01-01", place, timeline=[comment("2010-01-03", "bob", 1)]),
            issue(8, "Crash again", "x", "2011-01-01", place, duplicate_of=7),
            issue(9, "It is slow", "x", "2012-01-01", place)]


def new_tracker(forms):
    place = "https://github.com/o/demo/issues/"
    line = lambda number: f"Text.\n\n_Imported from Trac: https://trac.example.org/ticket/{number}_"
    items = [issue(100 + number, title, line(number), "2024-01-01", place) for number, title in ((7, "It crashes"), (8, "Crash again"), (9, "It is slow"))]
    items += [issue(200 + each, f"Other {each}", line(1000 + each), "2024-01-01", place) for each in range(forms)]
    items.append(issue(300, "Named in passing", "Originally reported at https://bugs.other.example/show_bug.cgi?id=5 by somebody.", "2024-01-02", place))
    return items


def state(db, number):
    return rows(db, f"SELECT m.is_joined, m.opened_at, m.responded_at, m.why FROM item_move m JOIN item i ON i.project_id = m.project_id AND i.item_id = m.item_id WHERE i.number = {number}")


@test
def two_lives_are_joined_by_strong_evidence_alone(store):
    db = new_store(store)
    resident("add", "jsonl", jsonl("new", new_tracker(5), "github"), "--project", "demo", "--db", db)
    assert state(db, 107)[0][0] == 0 and "stands in 8 items alone" in state(db, 107)[0][3], state(db, 107)
    resident("add", "jsonl", jsonl("old", old_tracker(), "trac:trac.example.org"), "--project", "demo-trac", "--db", db)
    assert state(db, 107) == [(1, 1262340000, 1262512800, "it names the number, and that item has the same title")], state(db, 107)
    assert state(db, 204)[0][0] == 0 and state(db, 300)[0][0] == 0
    many = new_store(store)
    resident("add", "jsonl", jsonl("new", new_tracker(30), "github"), "--project", "demo", "--db", many)
    assert state(many, 205)[0][0] == 1 and state(many, 300)[0][0] == 0, (state(many, 205), state(many, 300))
    text = resident("moves", "--project", "demo", "--db", db, "--state", "joined").stdout
    assert "trac.example.org #7" in text and "Imported from Trac" in text, text


@test
def ages_answers_and_duplicates_go_through(store):
    db = new_store(store)
    resident("add", "jsonl", jsonl("new", new_tracker(5), "github"), "--project", "demo", "--db", db)
    alone = json.loads(resident("triage", "--project", "demo", "--db", db, "--json").stdout)
    resident("add", "jsonl", jsonl("old", old_tracker(), "trac:trac.example.org"), "--project", "demo-trac", "--db", db)
    queue = lambda answer: {row["number"]: row for row in (answer[0] if isinstance(answer, list) else answer)["rows"]}
    joined = queue(json.loads(resident("triage", "--project", "demo", "--db", db, "--json").stdout))
    assert queue(alone)[107]["state"] == "unanswered" and joined[107]["state"] == "in discussion", joined[107]
    # Only the first answer there is known, not the last word: the import counts as activity, until stale_days after it.
    (WORK / "resident.toml").write_text("[project.demo.triage]\nstale_days = 60\n")
    assert queue(json.loads(resident("triage", "--project", "demo", "--db", db, "--json").stdout))[107]["state"] == "stale"
    (WORK / "resident.toml").unlink()
    assert joined[109]["state"] == "unanswered"
    years = (joined[107]["age"] - queue(alone)[107]["age"]) / 31556952
    assert 13.9 < years < 14.1, years
    # One of the nine was answered: after two days, there.
    first = lambda: {row["kind"]: (row["n"], row["happened"], row["median_happened"]) for result in json.loads(resident("measures", "--project", "demo", "--db", db, "--json", "--metric", "time_to_first_response").stdout)
                     for row in result["rows"] if "median_happened" in row}
    assert first() == {"issues": (9, 1, 172_800)}, first()
    duplicates = json.loads(resident("accuracy", "duplicates", "--project", "demo", "--db", db, "--json").stdout)
    assert [(each["item"], each["truth"]) for each in duplicates["cases"]] == [("#108", ["#107"])], duplicates
    known = rows(db, "SELECT count(*) FROM item_move WHERE first_project_id IS NOT NULL AND is_joined = 1")
    assert known == [(3,)], known
    resident("moves", "undo", "107", "--project", "demo", "--db", db)
    assert state(db, 107)[0][0] == 0 and state(db, 107)[0][3] == "somebody took the join back"
    undone = queue(json.loads(resident("triage", "--project", "demo", "--db", db, "--json").stdout))
    assert first() == {"issues": (9, 0, None)}, first()
    assert undone[107]["state"] == "unanswered" and undone[107]["age"] == queue(alone)[107]["age"]
    resident("moves", "join", "107", "https://trac.example.org/ticket/7", "--project", "demo", "--db", db)
    assert state(db, 107)[0][:3] == (1, 1262340000, 1262512800)
    resident("sync", "--db", db)
    assert state(db, 107)[0][0] == 1, "a decision stays"
    assert "#204 is joined to no first life" in resident("moves", "undo", "204", "--project", "demo", "--db", db, code=2).stderr
    assert "there is no issue or pull request 999" in resident("moves", "undo", "999", "--project", "demo", "--db", db, code=2).stderr


@test
def what_is_older_and_comes_later_is_searched_too(store):
    """Items come in any order: an older batch, or one that was set aside."""
    moves = lambda db: rows(db, "SELECT item_id, tracker, first_number, is_joined, why, evidence_at, joined_at FROM item_move ORDER BY item_id")
    items = new_tracker(30)
    items[0].update(created_at="2012-05-01T10:00:00Z", updated_at="2012-05-02T10:00:00Z")
    path = jsonl("new", items[1:], "github")
    db = new_store(store)
    resident("add", "jsonl", path, "--project", "demo", "--db", db)
    assert state(db, 107) == []
    path.write_text(jsonl("all", items, "github").read_text())
    resident("sync", "--db", db)
    anew = new_store(store)
    resident("add", "jsonl", path, "--project", "demo", "--db", anew)
    assert state(db, 107)[0][0] == 1 and moves(db) == moves(anew), (state(db, 107), state(anew, 107))


@test
def no_past_day_hears_of_a_later_move(store):
    """One project that moved: its Trac's tickets, and what they became in 2024."""
    (WORK / "resident.toml").write_text("[[project.demo.link]]\npattern = 'old ticket ([0-9]+)'\ntracker = \"our Trac\"\nproject = \"demo\"\n")
    items = [issue(7, "It crashes", "x", "2010-01-01", "https://tracker.example/issues/"), issue(9, "It is slow", "x", "2012-01-01", "https://tracker.example/issues/"),
             issue(107, "It crashes", "This was old ticket 7.", "2024-01-01", "https://tracker.example/issues/"),
             issue(200, "Named", "Originally reported at https://bugs.other.example/show_bug.cgi?id=5 on 2011-01-01.", "2024-01-02", "https://tracker.example/issues/")]
    db = new_store(store)
    resident("add", "jsonl", jsonl("both", items, "github"), "--project", "demo", "--db", db)
    (WORK / "resident.toml").unlink()
    count = lambda day: {row["kind"]: row["n"] for result in json.loads(resident("measures", "--project", "demo", "--db", db, "--json", "--metric", "time_to_first_response", "--as-of", day).stdout) for row in result["rows"] if "median_happened" in row}
    assert state(db, 107)[0][0] == 1, state(db, 107)
    assert count("2013-01-01") == {"issues": 2}, ("then 7 went on as nothing else", count("2013-01-01"))
    assert count("2024-03-01") == {"issues": 3}, count("2024-03-01")
    age = lambda day: next(row["age"] for row in (lambda answer: answer[0] if isinstance(answer, list) else answer)(json.loads(resident("triage", "--project", "demo", "--db", db, "--json", "--as-of", day).stdout))["rows"] if row["number"] == 200)
    before = age("2024-03-01")
    resident("moves", "join", "200", "https://bugs.other.example/show_bug.cgi?id=5", "--project", "demo", "--db", db)
    assert age("2024-03-01") == before, "decided on 20 March"
    assert age("2024-03-20") > before + 300 * 86400 * 12, (age("2024-03-20"), before)


@test
def pull_requests_have_first_lives_too(store):
    old_place, new_place = "https://gitlab.example.org/o/demo/-/merge_requests/", "https://github.com/o/demo/pull/"
    pull = lambda number, title, body, day, place, **more: {**issue(number, title, body, day, place, **more), "record": "pull"}
    review = {"event": "reviewed", "id": 9, "at": "2010-01-04T10:00:00Z", "actor": "bob", "state": "commented", "body": "Why?"}
    old = [pull(7, "Mend the crash", "x", "2010-01-01", old_place, timeline=[review]), issue(7, "It crashes", "x", "2009-01-01", "https://gitlab.example.org/o/demo/-/issues/")]
    new = [pull(107, "Mend the crash", "Migrated from https://gitlab.example.org/o/demo/-/merge_requests/7, closes https://gitlab.example.org/o/demo/-/issues/7", "2024-01-01", new_place),
           pull(108, "Mend it again (Trac #8)", "Imported from https://gitlab.example.org/o/demo/-/issues/7", "2024-01-02", new_place)]
    db = new_store(store)
    resident("add", "jsonl", jsonl("new", new, "github"), "--project", "demo", "--db", db)
    resident("add", "jsonl", jsonl("old", old, "gitlab"), "--project", "demo-old", "--db", db)
    assert state(db, 107) == [(1, 1262340000, 1262599200, "it names the number, and that item has the same title")], state(db, 107)
    assert state(db, 108) == [], "an issue is no first life of a pull request"
    first, = (row for result in json.loads(resident("measures", "--project", "demo", "--db", db, "--json", "--metric", "time_to_first_response").stdout) for row in result["rows"] if row.get("kind") == "pull requests" and "median_happened" in row)
    assert (first["n"], first["happened"], first["median_happened"]) == (2, 1, 259_200), first
    resident("moves", "undo", "107", "--project", "demo", "--db", db)
    assert state(db, 107)[0][0] == 0
    resident("moves", "join", "107", old_place + "7", "--project", "demo", "--db", db)
    assert state(db, 107)[0][:3] == (1, 1262340000, 1262599200)


@test
def what_another_tracker_points_to_joins_under_the_same_title(store):
    see = lambda number, kind="relation_added", at="2024-01-05": {"event": kind, "at": f"{at}T10:00:00Z", "actor": "bob", "detail": f"see also https://github.com/o/demo/issues/{number}"}
    place = "https://bugs.example.org/show_bug.cgi?id="
    old = [issue(7, "It crashes", "x", "2010-01-01", place, timeline=[see(107)]), issue(8, "Something else", "x", "2010-01-01", place, timeline=[see(108)]),
           issue(9, "It is slow", "x", "2010-01-01", place, timeline=[see(109), see(109, "relation_removed", "2024-01-06")])]
    new = [issue(100 + number, title, "Text.", "2024-01-01", "https://github.com/o/demo/issues/") for number, title in ((7, "It crashes"), (8, "Crash again"), (9, "It is slow"))]
    for order in ((old, new), (new, old)):
        db = new_store(store)
        for records in order:
            is_old = records is old
            resident("add", "jsonl", jsonl("old" if is_old else "new", records, "bugzilla:bugs.example.org" if is_old else "github"), "--project", "demo-old" if is_old else "demo", "--db", db)
        assert state(db, 107) == [(1, 1262340000, None, "that item points here, and has the same title")], state(db, 107)
        assert state(db, 108)[0][0] == 0 and state(db, 108)[0][3] == "that item points here, under another title", state(db, 108)
        assert state(db, 109) == [], "a pointer that was taken back is none"


@test
def rules_of_the_configuration_join(store):
    db = new_store(store)
    (WORK / "resident.toml").write_text("[[project.demo.link]]\npattern = 'old ticket ([0-9]+)'\ntracker = \"our Trac\"\nproject = \"demo-trac\"\n")
    items = [issue(107, "Renamed since", "This was old ticket 7.", "2024-01-01", "https://github.com/o/demo/issues/"), issue(108, "From the future", "old ticket 8", "2009-01-01", "https://github.com/o/demo/issues/")]
    resident("add", "jsonl", jsonl("old", old_tracker(), "trac:trac.example.org"), "--project", "demo-trac", "--db", db)
    resident("add", "jsonl", jsonl("new", items, "github"), "--project", "demo", "--db", db)
    assert state(db, 107) == [(1, 1262340000, 1262512800, "a link rule of the configuration")], state(db, 107)
    assert state(db, 108)[0][0] == 0 and "began later" in state(db, 108)[0][3]
    (WORK / "resident.toml").unlink()
    resident("sync", "--db", db)
    assert state(db, 107) == [], "a rule that is gone joins nothing"
    (WORK / "resident.toml").write_text("[[project.demo.link]]\npattern = 'no group'\ntracker = \"x\"\n")
    assert "has no group for the number" in resident("sync", "--db", db, code=2).stderr
    (WORK / "resident.toml").unlink()


suite.finish()
