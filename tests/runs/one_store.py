#!/usr/bin/env python3
"""A project whose work is in five places, in one store: pull requests on GitHub (a backup of its metadata), tickets on a Trac, a forum, a
mailing list with patches, a chat; and its clone. What a resident looks at over all of it says of each thing what it is and where, counts a
person once, and names a duplicate once. Everybody here is made up.

one_store.py BINARY [-k WORDS] [--keep FOLDER]. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
"""
import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fake_channels"))
sys.path.insert(0, str(HERE.parent))
import discourse  # noqa: E402
import trac  # noqa: E402
from harness import Suite  # noqa: E402
from server import Answer, Server  # noqa: E402

suite = Suite("one_store", {**{key: value for key, value in os.environ.items() if not key.startswith("GIT_") and not key.endswith(("TOKEN", "_KEY"))}, "RESIDENT_WAIT_SCALE": "0.001", "RESIDENT_NOW": "2024-04-08T09:00:00Z",
                            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}, lambda parser: parser.add_argument("--keep", type=pathlib.Path, help="keep the store and its sources there"))
resident, rows, test, WORK = suite.resident, suite.rows, suite.test, suite.work
# The same people everywhere, by other names: GitHub, Trac, forum, mail, chat.
PEOPLE = {"ann": ("annarden", "Ann Arden"), "bob": ("bobberg", "Bob Berg"), "cy": ("cycole", "Cy Cole"), "dee": ("deedorn", "Dee Dorn"), "eve": ("eveek", "Eve Ek")}
REPOSITORY = "https://github.com/widget/widget"


def at(day, hour=10, minute=0):
    """A moment of March 2024, on into April."""
    return datetime.datetime(2024, 3, 1, hour, minute) + datetime.timedelta(days=day - 1)


def iso(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def account(who):
    return {"login": PEOPLE[who][0], "id": 100 + list(PEOPLE).index(who), "type": "User"}


def git(place, *words, who="ann", when=None):
    """Bob brings all changes in."""
    dated = iso(when) if when else None
    person = {f"GIT_{role}_{part}": value for role, each in (("AUTHOR", who), ("COMMITTER", "bob")) for part, value in (("NAME", PEOPLE[each][1]), ("EMAIL", f"{each}@example.org"), ("DATE", dated)) if value}
    return subprocess.run(["git", "-C", str(place), *words], check=True, capture_output=True, text=True, env={**suite.environment, **person}).stdout.strip()


def clone(place):
    """What pull request 2 brought, a patch of the list's, and a commit that refers to ticket 1 and is of no request."""
    place.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(place)], check=True, env=suite.environment)
    (place / "cache.py").write_text("def fetch(key):\n    return None\n")
    (place / "render.py").write_text("def render(page):\n    return page\n")
    git(place, "add", "-A")
    git(place, "commit", "-qm", "Begin", who="bob", when=at(1))
    (place / "cache.py").write_text("def fetch(key):\n    return STORE.get(key)\n")
    git(place, "commit", "-qam", "Fixed #3 -- Made the cache keep what it was given. (#2)", who="ann", when=at(12))
    (place / "render.py").write_text("def render(page):\n    return page.strip()\n")
    git(place, "commit", "-qam", "render: strip blanks at the ends", who="cy", when=at(20))
    (place / "colour.py").write_text("COLOUR = 'blue'\n")
    git(place, "add", "-A")
    git(place, "commit", "-qm", "Refs #1 -- Chose a colour.", who="bob", when=at(34))
    return place


def pulls(folder):
    """Pull requests 1 to 5; ticket 1 to 5 are other things."""
    (folder / "pulls").mkdir(parents=True)
    (folder / "issues").mkdir()

    def pull(number, title, body, who, day, state="open", merged=None, reviews=(), comments=()):
        sha = hashlib.sha1(str(number).encode()).hexdigest()
        events = [{"event": "reviewed", "id": 1000 * number + index, "user": account(each), "submitted_at": iso(at(when)), "state": verdict, "body": text, "commit_id": sha} for index, (each, when, verdict, text) in enumerate(reviews)]
        if merged:
            events += [{"event": "merged", "id": 1000 * number + 90, "actor": account("bob"), "created_at": iso(at(merged))}, {"event": "closed", "id": 1000 * number + 91, "actor": account("bob"), "created_at": iso(at(merged))}]
        said = [{"id": 1000 * number + 50 + index, "user": account(each), "created_at": iso(at(when)), "updated_at": iso(at(when)), "body": text} for index, (each, when, text) in enumerate(comments)]
        last = max([day] + [when for _, when, *_ in reviews] + [when for _, when, _ in comments] + ([merged] if merged else []))
        ended = iso(at(merged)) if merged else None
        record = {"number": number, "title": title, "body": body, "user": account(who), "state": state, "created_at": iso(at(day)), "updated_at": iso(at(last)), "closed_at": ended, "merged_at": ended, "html_url": f"{REPOSITORY}/pull/{number}",
                  "labels": [], "head": {"sha": sha}, "base": {"ref": "main"}, "draft": False, "author_association": "CONTRIBUTOR", "assignees": [], "requested_reviewers": []}
        (folder / "pulls" / f"{number}.json").write_text(json.dumps({"type": "pull", "pull": record, "events": events, "comments": said}))

    pull(1, "Fixed #5 -- Named the page in the error", "See ticket 5.", "dee", 6, reviews=[("bob", 9, "CHANGES_REQUESTED", "Please add a test.")], comments=[("dee", 30, "Done, please look again.")])
    pull(2, "Fixed #3 -- Made the cache keep what it was given", "The cache forgot.", "ann", 10, "closed", 12, reviews=[("bob", 11, "APPROVED", "Thank you.")])
    pull(3, "Refs #7 -- Documented how pages are rendered", "Words.", "eve", 25)
    pull(4, "Faster rendering of long pages", "It takes half the time.", "ann", 33, reviews=[("bob", 34, "APPROVED", "Good.")])
    pull(5, "Fixed #9 -- Read the cache's size from the settings", "As asked.", "cy", 36)
    return folder


class Tickets(trac.Project):
    def __init__(self):
        self.issues, self.history = {}, {}
        for number, (title, who, day) in enumerate([
                ("Widgets have no colour", "cy", 1), ("Install on Windows fails", "dee", 2), ("The cache forgets what it was given", "eve", 3), ("Pages with blanks are rendered with blanks", "cy", 4), ("An error does not name the page", "dee", 5),
                ("Cache forgets values that it was given", "bob", 13), ("How pages are rendered is not documented", "eve", 14), ("Crash when rendering an empty page", "eve", 28), ("The size of the cache cannot be set", "cy", 29), ("Crash: rendering of an empty page fails", "dee", 37)], 1):
            self.ticket(number, who, 1)
            self.issues[number].update(summary=title, description=f"What happens: {title.lower()}. Seen in version 2 by {who}@example.org.", time=at(day), changetime=at(day))
        self.change(1, 2, "bob", "Good idea.", ("stage", "Unreviewed", "Accepted"))
        self.change(3, 4, "bob", "I can reproduce it.", ("stage", "Unreviewed", "Accepted"))
        self.change(3, 12, "ann", "", ("status", "new", "closed"), ("resolution", "", "fixed"))
        self.change(5, 6, "bob", "", ("stage", "Unreviewed", "Accepted"), ("has_patch", "0", "1"))
        self.change(6, 15, "ann", "That is #3.", ("status", "new", "closed"), ("resolution", "", "duplicate"))
        self.change(8, 29, "bob", "Which page?")
        self.change(8, 30, "eve", "Any page without text.")

    def change(self, number, day, author, comment, *changes):
        self.step(number, 1, author, comment, *changes)
        when, author, comment, changes = self.history[number].pop()
        self.history[number].append((at(day), author, comment, changes))
        self.issues[number]["changetime"] = at(day)


class Forum(discourse.Project):
    def __init__(self):
        self.topics, self.next_post = {}, 1000
        self.told = {}
        self.talk(1, "How do I set the size of the cache?", 27, [("eve", 27, "I cannot find how the size of the cache can be set."), ("cy", 28, "It cannot; see ticket 9.")])
        self.talk(2, "Rendering an empty page crashes", 35, [("dee", 35, "Rendering an empty page crashes for me. Is it known?")])
        self.talk(3, "Show your widgets", 5, [("ann", 5, "Here are mine."), ("dee", 6, "Nice!")])

    def talk(self, number, title, day, said):
        self.topic(number, title, 1, [who for who, _, _ in said], 5)
        topic = self.topics[number]
        topic["created_at"] = iso(at(day)).replace("Z", ".000Z")
        for post, (who, when, text) in zip(topic["posts"], said):
            post.update(username=PEOPLE[who][0], name=PEOPLE[who][1], user_id=30 + list(PEOPLE).index(who), created_at=iso(at(when)).replace("Z", ".000Z"), updated_at=iso(at(when)).replace("Z", ".000Z"), raw=text, cooked=f"<p>{text}</p>")


def archive(path, place):
    """A question without an answer, a thread, and a patch of two versions that was applied."""
    texts = []

    def mail(key, who, day, subject, body, answers=None, hour=10):
        texts.append(f"From {who}@example.org {at(day, hour):%a %b %d %H:%M:%S %Y}\nMessage-ID: <{key}@example.org>\nFrom: {PEOPLE[who][1]} <{who}@example.org>\nDate: {at(day, hour):%d %b %Y %H:%M:%S} +0000\nSubject: {subject}\nList-Id: <widget-dev.example.org>\n"
                     + (f"In-Reply-To: <{answers}@example.org>\nReferences: <{answers}@example.org>\n" if answers else "") + f"\n{body}\n\n")

    diff = lambda line: f"Blanks stood at the ends.\n---\n render.py | 2 +-\n\ndiff --git a/render.py b/render.py\n--- a/render.py\n+++ b/render.py\n@@ -1,2 +1,2 @@\n def render(page):\n-    return page\n+    return {line}\n-- \n2.39.5\n"
    mail("q1", "dee", 31, "Does the cache survive a restart?", "I could not find out whether what the cache was given survives a restart. Does it?")
    mail("t1", "bob", 7, "Release 2.1", "I would release in May.")
    mail("t2", "ann", 8, "Re: Release 2.1", "> I would release in May.\n\nFine with me.", "t1")
    mail("p1", "cy", 16, "[PATCH] render: strip blanks at the ends", diff("page.rstrip()"))
    mail("p1a", "bob", 17, "Re: [PATCH] render: strip blanks at the ends", "> +    return page.rstrip()\n\nWhy only at one end?", "p1")
    mail("p2", "cy", 18, "[PATCH v2] render: strip blanks at the ends", diff("page.strip()"), "p1")
    mail("p2a", "bob", 19, "Re: [PATCH v2] render: strip blanks at the ends", "Reviewed-by: Bob Berg <bob@example.org>", "p2")
    mail("p3", "eve", 34, "[PATCH] cache: read its size from the settings", diff("page  # settings").replace("render.py", "cache.py"))
    path.write_text("".join(texts))
    return path


def chat(folder):
    """Logs of IRC, a file a day."""
    folder.mkdir(parents=True)
    for day, lines in {26: ["[09:00:00] <eve> how do I clear the cache?", "[09:02:00] <bob> eve: call cache.clear()", "[09:03:00] <eve> bob: thanks, that works"],
                       38: ["[14:00:00] <dee> does anybody know why rendering an empty page crashes?"]}.items():
        (folder / f"#widget_{at(day):%Y%m%d}.log").write_text("\n".join(lines) + "\n")
    return folder


servers = {"trac": Server(Tickets()), "discourse": Server(Forum())}


def fill(db, folder):
    folder.mkdir(parents=True)
    (folder / "resident.toml").write_text(f'[project.widget]\nurl = "{REPOSITORY}"\n')
    place = clone(folder / "clone")
    for kind in (("github-metadata", str(pulls(folder / "github"))), (f"trac:http://127.0.0.1:{servers['trac'].port}",), (f"discourse:http://127.0.0.1:{servers['discourse'].port}",),
                 ("mbox", str(archive(folder / "widget-dev.mbox", place))), ("chat", str(chat(folder / "irc"))), ("git", str(place))):
        resident("add", *kind, "--project", "widget", "--db", db, cwd=folder)
    return folder


STORES = {}


def filled(store):
    """One store an engine; where its configuration is."""
    if store not in STORES:
        folder = (suite.given.keep or WORK) / suite.new_name("widget")
        db = str(folder.with_suffix(".db")) if store == "sqlite" and suite.given.keep else suite.new_store(store)
        STORES[store] = (db, fill(db, folder))
    return STORES[store]


def asked(store, *words):
    """What a command prints as JSON: its results, a list."""
    db, folder = filled(store)
    answer = json.loads(resident(*words, "--json", "--db", db, cwd=folder).stdout)
    return answer if isinstance(answer, list) else [answer]


def names(links):
    """Each address is of what it says: a ticket's on the Trac, a pull request's on the forge."""
    for number, kind, url in links:
        if kind == "pull" and number and number >= 100_000_000:
            assert not url, f"a patch has no page on the forge: {url}"
        elif kind == "pull":
            assert url == f"{REPOSITORY}/pull/{number}", (number, url)
        elif kind == "issue":
            assert url.endswith(f"/ticket/{number}") and url.startswith(f"http://127.0.0.1:{servers['trac'].port}"), (number, url)
        else:
            assert not number, f"a thread has no number: {number} {url}"


@test
def the_day_names_each_thing_once_and_links_it_where_it_is(store):
    today, = asked(store, "today")
    rows_of = {(row["kind"], row["number"]): row for row in today["rows"]}
    assert len(rows_of) == len(today["rows"]), "each once"
    names((number, kind, row["url"]) for (kind, number), row in rows_of.items())
    patches = [row for (kind, number), row in rows_of.items() if kind == "pull" and number >= 100_000_000]
    assert [row["title"] for row in patches] == ["cache: read its size from the settings"], "the one that was applied waits for nobody, though the clone came last"
    assert {number for kind, number in rows_of if kind == "pull" and number < 100} == {1, 3, 4, 5} and rows_of["pull", 4]["action"] == "merge"
    assert {number for kind, number in rows_of if kind == "issue"} == {2, 4, 5, 7, 8, 9, 10}, rows_of.keys()
    # Pull request 5 and ticket 5 are two things.
    assert rows_of["pull", 5]["title"].startswith("Fixed #9") and rows_of["issue", 5]["title"] == "An error does not name the page"


@test
def the_inbox_has_questions_of_forum_list_and_chat(store):
    inbox, = asked(store, "inbox")
    waiting = {row["title"]: row for row in inbox["rows"]}
    assert set(waiting) == {"Does the cache survive a restart?", "Rendering an empty page crashes", "does anybody know why rendering an empty page crashes?"}, set(waiting)
    names((row["number"], "thread", row["url"]) for row in waiting.values())
    assert waiting["Rendering an empty page crashes"]["url"].endswith("/t/topic-2/2") or "/t/" in waiting["Rendering an empty page crashes"]["url"]


@test
def search_tells_tickets_pull_requests_patches_and_threads_apart(store):
    found, = asked(store, "search", "empty page crash")
    hits = [(row["kind"], row["number"], row["title"], row["url"] or "") for row in found["rows"]]
    assert len({hit[:3] for hit in hits}) == len(hits), "each once"
    assert {hit[:2] for hit in hits[:4]} == {("thread", None), ("issue", 8), ("issue", 10)}, hits[:4]
    names((number, kind, url) for kind, number, _, url in hits if kind in ("issue", "pull"))
    found, = asked(store, "search", "size of the cache")
    assert {(row["kind"], row["number"]) for row in found["rows"]} >= {("issue", 9), ("pull", 5), ("thread", None)}


@test
def a_ticket_knows_its_duplicates_and_what_is_open_for_it(store):
    first, *_ = asked(store, "triage", "show", "10")
    told = [(row["what"], row["answer"]) for row in first["rows"]]
    assert any(what in ("like it", "probable duplicate") and answer.startswith("#8 ") for what, answer in told), told
    ninth, *_ = asked(store, "triage", "show", "9")
    assert ("open pull request", "#5 Fixed #9 -- Read the cache's size from the settings") in [(row["what"], row["answer"]) for row in ninth["rows"]], ninth["rows"]
    third, *_ = asked(store, "triage", "show", "7")
    assert ("open pull request", "#3 Refs #7 -- Documented how pages are rendered") in [(row["what"], row["answer"]) for row in third["rows"]]
    known = asked(store, "accuracy", "duplicates")[0]
    assert [(case["item"], case["truth"]) for case in known["cases"]] == [("#6", ["#3"])], "one duplicate, counted once"


@test
def the_week_counts_each_thing_once(store):
    summary, *lists = asked(store, "report", "--week", "2024-04-03")
    counted = {row["section"]: row["count"] for row in summary["rows"]}
    assert counted == {"Triaged": 0, "Reviewed": 1, "Merged": 0, "Authored": 4, "Answered": 0}, counted
    db, folder = filled(store)
    text = resident("report", "--week", "2024-04-03", "--db", db, cwd=folder).stdout
    assert "/pull/1000" not in text and not re.search(r"/pull/\d{9}", text), text
    assert "Refs \\#1 -- Chose a colour." in text, "a commit that refers to a ticket is somebody's work"
    text = resident("report", "--week", "2024-03-13", "--db", db, cwd=folder).stdout
    line, = (line for line in text.splitlines() if line.startswith("- [#3]") and "closed" in line)
    assert "status:" not in line and "resolution:" not in line, f"a closing is told once: {line}"
    assert f"](http://127.0.0.1:{servers['trac'].port}/ticket/3)" in line, line


@test
def people_stand_once_after_a_word(store):
    before = asked(store, "people")[0]
    everybody = [(row["person"], row.get("where", "")) for row in before["rows"]]
    assert len(set(everybody)) == len(everybody), f"names that stand twice say where they are: {sorted(everybody)}"
    assert any("people pairs" in note for note in before["notes"]), before.get("notes")
    db, folder = filled(store)
    for pair in asked(store, "people", "pairs"):
        resident("people", "merge", f"person:{pair['a_person']}", f"person:{pair['b_person']}", "--db", db, cwd=folder, code=None)
    for nick, (login, name) in PEOPLE.items():
        accounts = rows(db, f"SELECT n.person_id, count(*) FROM identity i JOIN person_identity n USING (project_id, identity_id) WHERE lower(i.login) IN ('{nick}', '{login}') OR i.name = '{name}' GROUP BY n.person_id ORDER BY n.person_id")
        for other, _ in accounts[1:]:
            resident("people", "merge", f"person:{accounts[0][0]}", f"person:{other}", "--db", db, cwd=folder)
    after = asked(store, "people")[0]
    assert len(after["rows"]) == 5, [row["person"] for row in after["rows"]]
    assert "where" not in after["rows"][0]
    bob, = (row for row in after["rows"] if row["role"] == "maintainer")
    assert (bob["reviews"], bob["commits"], bob["issues"]) == (4, 2, 1), bob
    suggested = asked(store, "review", "show", "5")[1]
    who = [row["person"] for row in suggested["rows"]]
    assert len(set(who)) == len(who), f"nobody is asked twice: {who}"


suite.finish()
