#!/usr/bin/env python3
"""A real Redmine's recorded answers, served on loopback, with the truth of every row beside them (expected.tsv): each must be in
the store as it was. Skips where the recordings are not there.

    run.py BINARY [FOLDER]        # ../shared/data/producers/redmine without it
"""
import csv
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = str(pathlib.Path(sys.argv[1]).resolve())
DATA = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT.parent / "shared/data/producers/redmine"
KEY = "0123456789-key-of-the-recordings"
asked = []
newest_first = False


def load(name):
    return json.loads((DATA / f"{name}.json").read_text())


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, path, query):
        """What the recorded server would say: an object, or None for 404."""
        names = {"groups": "groups", "custom_fields": "custom-fields", "issue_statuses": "statuses", "trackers": "trackers",
                 "enumerations/issue_priorities": "priorities", "projects": "projects",
                 "projects/widget/issue_categories": "categories-widget", "projects/widget/versions": "versions-widget"}
        if path == "users/current":
            return {"user": {"id": 1, "login": "admin", "admin": True, "firstname": "Root", "lastname": "Admin"}}
        if path in names:
            return load(names[path])
        if path == "users":
            return load("users" if query.get("status") == "" else "users-default")
        if path == "projects/widget":
            return {"project": next(each for each in load("projects")["projects"] if each["identifier"] == "widget")}
        if path == "projects/widget/memberships":
            return {"memberships": [], "total_count": 0, "offset": 0, "limit": 100}
        if path == "time_entries":
            found = [each for each in load("time-entries")["time_entries"] if str(each["issue"]["id"]) == query["issue_id"]]
            return {"time_entries": found, "total_count": len(found), "offset": 0, "limit": 100}
        listed = load("issues-all-0")["issues"] + load("issues-all-25")["issues"]
        if path == "issues":
            first, size = int(query["offset"]), int(query["limit"])
            if "updated_on" in query:
                listed = [each for each in listed if each["updated_on"] >= query["updated_on"].removeprefix(">=")]
            return {"issues": listed[first:first + size], "total_count": len(listed), "offset": first, "limit": size}
        one = re.fullmatch(r"issues/(\d+)", path)
        if not one:
            return None
        name = f"issue-{one[1]}" + ("-newest-first" if newest_first and one[1] == "3" else "")
        if (DATA / f"{name}.json").exists():
            recorded = load(name)
            return None if recorded.get("_status") == 404 else recorded
        # Not recorded by itself: as the list shows it.
        found = [each for each in listed if each["id"] == int(one[1])]
        return {"issue": {**found[0], "journals": [], "changesets": []}} if found else None

    def do_GET(self):
        address = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True))
        path = address.path.removeprefix("/tracker/").removesuffix(".json")
        asked.append(self.path)
        given = self.headers.get("X-Redmine-API-Key")
        if given != KEY and path == "users/current":
            return self.reply(401, b"")
        body = load("issues-wrong-key") if given != KEY and path == "issues" else self.answer(path, query)
        self.reply(404 if body is None else 200, b"" if body is None else json.dumps(body).encode())

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Store:
    def __init__(self, binary, file, place):
        self.binary, self.file, self.place = binary, file, place

    def run(self, *arguments, key=KEY, code=0, now="2026-11-29T12:00:00Z"):
        import os
        environment = {**os.environ, "RESIDENT_REDMINE_KEY": key, "RESIDENT_NOW": now}
        done = subprocess.run([self.binary, *arguments, "--db", self.file], capture_output=True, text=True, timeout=120, env=environment)
        if done.returncode != code:
            raise SystemExit(f"resident {' '.join(arguments)}: exit code {done.returncode}: {done.stderr[-800:]}")
        return done

    def rows(self, sql):
        return [tuple(row.values()) for row in json.loads(self.run("sql", "--json", sql).stdout)]


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds)) if seconds is not None else None


def day(seconds):
    return stamp(seconds)[:10]


class Truth:
    """What the store says, in the words of expected.tsv."""

    def __init__(self, store):
        self.store = store
        self.events = {}
        for number, kind, label, at, detail, login, subject, derived in store.rows(
                "SELECT i.number, e.kind, e.label, e.occurred_at, e.detail, a.login AS actor, s.login AS subject, e.is_derived FROM event e JOIN item i ON i.item_id = e.item_id "
                "LEFT JOIN identity a ON a.identity_id = e.actor_id LEFT JOIN identity s ON s.identity_id = e.subject_id ORDER BY i.number, e.position"):
            self.events.setdefault(number, []).append({"kind": kind, "label": label, "at": at, "detail": detail, "actor": login, "subject": subject, "derived": derived})
        self.labels = {}
        for number, name in store.rows("SELECT i.number, l.name FROM item_label l JOIN item i ON i.item_id = l.item_id"):
            self.labels.setdefault(number, []).append(name)
        self.items = {row[0]: row[1:] for row in store.rows(
            "SELECT i.number, i.title, i.state, i.created_at, i.updated_at, i.body, a.login FROM item i LEFT JOIN identity a ON a.identity_id = i.author_id")}

    def of(self, number, *kinds, told=None):
        return [each for each in self.events.get(number, []) if each["kind"] in kinds and (told is None or each["derived"] == (not told))]

    def field(self, number, name):
        """[(value, at)] of a field that stands as a label: from its beginning, by events that a journal told."""
        prefix, changes = name + ": ", []
        for each in self.of(number, "labeled", "unlabeled", told=True):
            if each["label"].startswith(prefix):
                changes.append((each["kind"], each["label"][len(prefix):], each["at"]))
        created = self.items[number][2]
        now = [each[len(prefix):] for each in self.labels.get(number, []) if each.startswith(prefix)]
        first = changes[0][1] if changes and changes[0][0] == "unlabeled" else None if changes else now[0] if now else None
        result = [(first, created)]
        for index, (kind, value, at) in enumerate(changes):
            if kind == "labeled":
                result.append((value, at))
            elif index + 1 == len(changes) or changes[index + 1][0] != "labeled" or changes[index + 1][2] != at:
                result.append((None, at))
        return result

    def assigned(self, number):
        created, changes = self.items[number][2], self.of(number, "assigned", "unassigned", told=True)
        who = lambda each: each["subject"] or (each["detail"] or "").removeprefix("group ") + " (group)"
        now = self.store.rows(f"SELECT a.login FROM assignee s JOIN identity a ON a.identity_id = s.assignee_id WHERE s.item_id = {number * 2}")
        first = who(changes[0]) if changes and changes[0]["kind"] == "unassigned" else "-" if changes else now[0][0] if now else "-"
        result = [(first, created)]
        for index, each in enumerate(changes):
            if each["kind"] == "assigned":
                result.append((who(each), each["at"]))
            elif index + 1 == len(changes) or changes[index + 1]["kind"] != "assigned" or changes[index + 1]["at"] != each["at"]:
                result.append(("-", each["at"]))
        return result

    def relations(self, number):
        result = {}
        for each in self.of(number, "relation_added", "relation_removed", "marked_as_duplicate", "unmarked_as_duplicate"):
            duplicate = each["kind"].endswith("duplicate")
            words = f"duplicates {each['detail']}" if duplicate else each["detail"]
            name = words.replace("duplicated #", "duplicated by #").replace("#", "")
            if each["kind"] in ("relation_added", "marked_as_duplicate"):
                result[name] = [each["at"] and day(each["at"]), None]
            else:
                result[name][1] = day(each["at"])
        return result

    def check(self, number, field, expected):
        """Whether it is so."""
        if field == "exists":
            return (number in self.items) == (expected == "yes")
        title, state, created, updated, body, author = self.items[number]
        if field == "author":
            return (author or "anonymous") == expected
        if field == "created":
            return stamp(created) == expected
        if field == "updated":
            return stamp(updated) == expected
        if field == "open_now":
            return (state == "open") == (expected == "yes")
        if field == "subject_now":
            return title == expected
        if field == "category_now":
            return f"category: {expected}" in self.labels[number]
        if field in ("status_history", "tracker_history", "project_history", "priority_history", "category_history"):
            name = field.removesuffix("_history")
            found = self.field(number, name)
            wanted = [tuple(part.rsplit(" @", 1)) for part in expected.split(" > ")]
            return len(found) == len(wanted) and all(same_value(value or ("Widget" if name == "project" else None), text) and stamp(at) == when
                                                     for (value, at), (text, when) in zip(found, wanted))
        if field == "assigned_history":
            return " > ".join(f"{who} @{stamp(at)}" for who, at in self.assigned(number)) == expected
        if field == "closings":
            return ",".join(stamp(each["at"]) for each in self.of(number, "closed")) == expected
        if field == "first_close":
            return stamp(self.of(number, "closed")[0]["at"]) == expected
        if field == "closed_by":
            return (self.of(number, "closed")[-1]["actor"] or "unknown person") == expected
        if field == "comments":
            return self.store.rows(f"SELECT count(*) FROM comment WHERE item_id = {number * 2}") == [(int(expected),)]
        if field == "descriptions":
            texts = [each["detail"] or "" for each in self.of(number, "description_edited")] + [body]
            wanted = expected.split(" > ")
            return len(texts) == len(wanted) and all((text == "") if want == "(empty)" else text.startswith(want.rstrip("…")) for text, want in zip(texts, wanted))
        if field == "relations":
            found = self.relations(number)
            for part in expected.split("; "):
                form = re.fullmatch(r"(.+? \d+)(?: since (\S+)| from (\S+) to (\S+))?", part)
                if form[1] not in found:
                    return False
                begin, end = found[form[1]]
                if (form[2] or form[3]) and (begin, end) != (form[2] or form[3], form[4]):
                    return False
            return len(found) >= len(expected.split("; "))
        if field == "copied_from":
            return f"copied from {expected}" in self.relations(number)
        if field == "severity_history":  # the field has another name since
            values = [value or "(empty)" for value, _ in self.field(number, "Gravity")]
            if " until " in expected:
                value, until = re.fullmatch(r"(\S+) until (\S+), then none", expected).groups()
                return values == [value, "(empty)"] and day(self.field(number, "Gravity")[1][1]) == until
            return " > ".join(values) == expected
        if field == "browsers_history":
            states, standing = [], {each["label"] for each in self.of(number, "unlabeled") if each["label"].startswith("Browsers: ")}
            changes = [each for each in self.of(number, "labeled", "unlabeled") if each["label"].startswith("Browsers: ")]
            for each in changes:
                if each["kind"] == "labeled":
                    standing.discard(each["label"])
            states.append(sorted(standing))
            for at in sorted({each["at"] for each in changes}):
                for each in changes:
                    if each["at"] == at:
                        (standing.add if each["kind"] == "labeled" else standing.discard)(each["label"])
                states.append(sorted(standing))
            return " > ".join(",".join(each.removeprefix("Browsers: ") for each in state) or "none" for state in states) == expected
        if field == "attachments_history":
            spans = {}
            for each in self.of(number, "attachment_added", "attachment_removed"):
                if each["kind"] == "attachment_added":
                    spans[each["detail"]] = [each["at"], None]
                else:
                    spans[each["detail"]][1] = each["at"]
            told = []
            for name, (begin, end) in spans.items():
                told.append(f"{name} from creation to {day(end)}" if begin == created and end else f"{name} since {day(begin)}")
            return "; ".join(told) == expected
        if field == "due_history":
            values = [each["detail"].removeprefix("due_date: ").split(" → ") for each in self.of(number, "field_changed") if each["detail"].startswith("due_date: ")]
            return " > ".join([values[0][0]] + [after for _, after in values]) == expected and all(each["actor"] == "bob" for each in self.of(number, "field_changed"))
        if field == "hours":
            return sum(float(each["detail"].split(" ")[0]) for each in self.of(number, "time_spent")) == float(expected)
        if field == "activity_after_creation":
            return not [each for each in self.events.get(number, []) if each["kind"] != "time_spent"]
        if field == "in_project_list":
            return number in self.items
        raise AssertionError(f"nothing says how {field} is checked")


def same_value(value, expected):
    """Names are those of now: "Feedback (now Waiting)"; of what is deleted the number alone is left: "Core (deleted)"."""
    now = re.fullmatch(r".*\(now (.+)\)", expected)
    if expected.endswith("(deleted)"):
        return value is not None and value.endswith("(deleted)")
    return value == (now[1] if now else expected)


def main():
    global newest_first
    if not (DATA / "expected.tsv").exists():
        print(f"skip recorded answers of Redmine: {DATA.name} is not there")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"redmine:http://127.0.0.1:{server.server_address[1]}/tracker/projects/widget"
    passed, failures = 0, []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(BINARY, folder + "/store.db", place)
        store.run("add", place, "--project", "demo")
        truth = Truth(store)
        other = Store(BINARY, folder + "/other.db", place)
        newest_first = True
        other.run("add", place, "--project", "demo")
        newest_first = False
        refused = Store(BINARY, folder + "/refused.db", place)
        refused.run("add", place, "--project", "demo", key="a-wrong-key", code=4)
        begun = len(asked)
        later = store.run("sync", now="2026-11-29T13:00:00Z")
        filters = [path for path in asked[begun:] if "updated_on" in path]
        with open(DATA / "expected.tsv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        logins = {row[0] for row in store.rows("SELECT login FROM identity WHERE login IS NOT NULL")}
        for row in rows:
            name, field, expected = row["file"], row["field"], row["value"]
            try:
                if row["item"] == "list":
                    if field == "total_count":
                        condition = {"issues-default.json": "state = 'open'", "issues-all-0.json": "1 = 1",
                                     "issues-without-subprojects.json": "item_id NOT IN (SELECT item_id FROM item_label WHERE name LIKE 'project: %')"}[name]
                        right = store.rows(f"SELECT count(*) FROM item WHERE {condition}") == [(int(expected),)]
                    elif field == "logged_in":  # told, and nothing of the public part taken
                        right = refused.rows("SELECT count(*) FROM item") == [(0,)]
                    elif field == "ids":  # never asked for by a day, which means another one to each account
                        right = bool(filters) and all(re.search(r"updated_on=%3E%3D\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", path) for path in filters)
                    else:  # accounts that are locked are asked for, too; those that are gone are nobody's logins
                        gone = {each.split(" ")[1] for each in expected.split(", ")}
                        right = gone <= logins if name == "users-default.json" else not gone & logins
                elif field == "journal_order":
                    sql = "SELECT e.kind, e.label, e.occurred_at, e.detail, e.position FROM event e WHERE e.item_id = 6 ORDER BY e.position"
                    right = store.rows(sql) == other.rows(sql)
                else:
                    right = truth.check(int(row["item"]), field, expected)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
                right, expected = False, f"{expected} ({error!r})"
            passed += right
            if not right:
                failures.append(f"{name} {row['item']} {field}: {expected}")
        for what, right in {"a second sync changes nothing": "nothing new" in later.stderr,
                            "no key is kept": KEY.encode() not in pathlib.Path(store.file).read_bytes(),
                            "no address is exported": "@example.org" not in store.run("sql", "--json", "SELECT * FROM identity").stdout}.items():
            passed += right
            if not right:
                failures.append(what)
    for failure in failures:
        print("FAIL", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
