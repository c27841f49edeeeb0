#!/usr/bin/env python3
"""A real Redmine, from Debian's packages, on loopback: what is synced from it is what its database says by SQL, also when it is killed
and started again in the middle of a sync, and after all that changes without being "updated". Skips where the packages are not
there and cannot be installed.

    redmine.py BINARY
"""
import calendar
import http.client
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
BINARY = str(pathlib.Path(sys.argv[1]).resolve())
PROGRAM = pathlib.Path("/usr/share/redmine")
TEMPLATE = pathlib.Path("/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default")
INSTALL_SECONDS, START_SECONDS = 300, 90
passed, failures = 0, []


def check(what, right, more=""):
    global passed
    passed += bool(right)
    if not right:
        failures.append(f"{what}{': ' if more else ''}{more}")


def skip(why):
    print(f"skip a real Redmine: {why}")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)


def installed():
    if not (TEMPLATE.exists() and shutil.which("puma")) and os.geteuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends", "redmine", "redmine-sqlite", "puma"]
        try:
            subprocess.run(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, capture_output=True, timeout=INSTALL_SECONDS)
        except subprocess.TimeoutExpired:
            pass
    return PROGRAM.exists() and TEMPLATE.exists() and shutil.which("ruby") and shutil.which("puma")


class Redmine:
    """An instance of its own: configuration, database and logs in one folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for name in ("config", "log", "tmp/cache", "tmp/pids", "files"):
            (self.folder / name).mkdir(parents=True)
        self.database = self.folder / "redmine.db"
        shutil.copy(TEMPLATE, self.database)
        (self.folder / "config/database.yml").write_text(f"production:\n  adapter: sqlite3\n  database: {self.database}\n  encoding: utf8\n  timeout: 20000\n")
        (self.folder / "config/secret_key.txt").write_text("5" * 64 + "\n")
        # Debian's package takes an instance by its name below /var/lib/redmine, which a way out of there is, too.
        self.environment = {**os.environ, "RAILS_ENV": "production", "REDMINE_INSTANCE": "../../../.." + str(self.folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        self.process, self.port = None, free_port()

    def ruby(self, script):
        """Runs a script inside of Redmine."""
        path = script if isinstance(script, pathlib.Path) else self.folder / "script.rb"
        if path is not script:
            path.write_text(script)
        done = subprocess.run(["ruby", "bin/rails", "runner", str(path)], cwd=PROGRAM, env=self.environment, capture_output=True, text=True, timeout=180)
        if done.returncode != 0:
            raise SystemExit(f"rails runner: {done.stderr[:600]}")
        return done.stdout

    def start(self):
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(["puma", "-e", "production", "-b", f"tcp://127.0.0.1:{self.port}", "-t", "1:4", "config.ru"],
                                        cwd=PROGRAM, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        for _ in range(START_SECONDS * 5):
            time.sleep(0.2)
            try:
                self.ask("GET", "/issues.json?limit=1")
                return True
            except OSError:
                if self.process.poll() is not None:
                    return False
        return False

    def kill(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ask(self, method, path, body=None, key=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", **({"X-Redmine-API-Key": key} if key else {})}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text

    def rows(self, sql):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            return connection.execute(sql).fetchall()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Between(http.server.BaseHTTPRequestHandler):
    """Stands between the program and Redmine, counts, and kills Redmine when it is told to."""
    redmine, requests, kill_at = None, [], 0

    def log_message(self, *_):
        pass

    def do_GET(self):
        Between.requests.append(self.path)
        if Between.kill_at and len(Between.requests) == Between.kill_at:
            Between.redmine.kill()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", Between.redmine.port, timeout=60)
            connection.request("GET", self.path, headers={key: value for key, value in self.headers.items() if key.lower() not in ("host", "accept-encoding", "connection")})
            answer = connection.getresponse()
            body = answer.read()
        except OSError:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for key, value in answer.getheaders():
            if key.lower() in ("content-type", "retry-after"):
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Store:
    def __init__(self, folder, key):
        self.file, self.key = str(pathlib.Path(folder) / "store.db"), key

    def run(self, *arguments, code=0, now="2024-06-01T00:00:00Z", key=None):
        environment = {**os.environ, "RESIDENT_REDMINE_KEY": key or self.key, "RESIDENT_NOW": now, "RESIDENT_WAIT_SCALE": "0.001"}
        done = subprocess.run([BINARY, *arguments, "--db", self.file], capture_output=True, text=True, timeout=300, env=environment)
        if code is not None and done.returncode != code:
            raise SystemExit(f"resident {' '.join(arguments)}: exit code {done.returncode}: {done.stderr[:600]}")
        return done

    def rows(self, sql):
        return [tuple(row.values()) for row in json.loads(self.run("sql", "--json", sql).stdout)]


def seconds(text):
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%d %H:%M:%S"))


def by_database(redmine):
    """{number: what must be known of it} of the project and its subprojects."""
    closes = dict(redmine.rows("SELECT id, is_closed FROM issue_statuses"))
    logins = dict(redmine.rows("SELECT id, login FROM users WHERE type = 'User'"))
    steps, notes, edits = {}, {}, {}
    for issue, status_before, status_after, at in redmine.rows(
            "SELECT j.journalized_id, d.old_value, d.value, j.created_on FROM journals j JOIN journal_details d ON d.journal_id = j.id "
            "WHERE j.journalized_type = 'Issue' AND d.property = 'attr' AND d.prop_key = 'status_id' ORDER BY j.created_on, j.id"):
        steps.setdefault(issue, []).append((int(status_before), int(status_after), seconds(at)))
    # Closing an original closes its duplicates with a copy of the note, which is nobody's comment.
    copied = {row[0] for row in redmine.rows(
        "SELECT c.id FROM issue_relations r JOIN journals c ON c.journalized_id = r.issue_from_id JOIN journals o ON o.journalized_id = r.issue_to_id "
        "WHERE r.relation_type = 'duplicates' AND c.notes <> '' AND c.notes = o.notes AND c.user_id = o.user_id AND substr(c.created_on, 1, 19) = substr(o.created_on, 1, 19)")}
    for journal, issue, note in redmine.rows("SELECT id, journalized_id, notes FROM journals WHERE journalized_type = 'Issue' AND notes <> '' AND private_notes = 0 ORDER BY created_on, id"):
        if journal not in copied:
            notes.setdefault(issue, []).append(note)
    result = {}
    for number, title, created, status, name, author, assigned, version, private in redmine.rows(
            "SELECT i.id, i.subject, i.created_on, i.status_id, s.name, i.author_id, i.assigned_to_id, v.name, i.is_private FROM issues i JOIN issue_statuses s ON s.id = i.status_id "
            "LEFT JOIN versions v ON v.id = i.fixed_version_id JOIN projects p ON p.id = i.project_id WHERE p.identifier IN ('widget', 'widget-parts') AND p.status = 1"):
        closings = [at for before, after, at in steps.get(number, []) if closes[after] and not closes[before]]
        reopenings = [at for before, after, at in steps.get(number, []) if closes[before] and not closes[after]]
        result[number] = {"title": title, "created": seconds(created), "status": name, "is_open": not closes[status], "author": logins.get(author), "assigned": logins.get(assigned),
                          "milestone": version, "closings": closings, "reopenings": reopenings, "notes": sorted(notes.get(number, []))}
    return result


def by_store(store):
    result = {}
    for number, title, created, state, author, assigned, milestone in store.rows(
            "SELECT i.number, i.title, i.created_at, i.state, a.login AS author, b.login AS assigned, i.milestone FROM item i LEFT JOIN identity a ON a.identity_id = i.author_id LEFT JOIN assignee s ON s.item_id = i.item_id "
            "LEFT JOIN identity b ON b.identity_id = s.assignee_id WHERE i.item_id NOT IN (SELECT item_id FROM item_tombstone)"):
        result[number] = {"title": title, "created": created, "is_open": state == "open", "author": author, "assigned": assigned, "milestone": milestone, "closings": [], "reopenings": [], "notes": []}
    for number, name in store.rows("SELECT i.number, l.name FROM item_label l JOIN item i ON i.item_id = l.item_id WHERE l.name LIKE 'status: %'"):
        if number in result:
            result[number]["status"] = name.removeprefix("status: ")
    for number, kind, at in store.rows("SELECT i.number, e.kind, e.occurred_at FROM event e JOIN item i ON i.item_id = e.item_id WHERE e.kind IN ('closed', 'reopened') AND e.is_derived = 0 ORDER BY e.position"):
        if number in result:
            result[number]["closings" if kind == "closed" else "reopenings"].append(at)
    for number, body in store.rows("SELECT i.number, c.body FROM comment c JOIN item i ON i.item_id = c.item_id"):
        if number in result:
            result[number]["notes"] = sorted(result[number]["notes"] + [body])
    return result


def equal(what, redmine, store):
    wanted, found = by_database(redmine), by_store(store)
    check(f"{what}: the same issues", wanted.keys() == found.keys(), f"{sorted(wanted.keys() ^ found.keys())}")
    different = [(number, key, wanted[number][key], found[number].get(key)) for number in wanted.keys() & found.keys() for key in wanted[number] if wanted[number][key] != found[number].get(key)]
    check(f"{what}: each as the database has it", not different, str(different[:3]))


def main():
    if not installed():
        skip("its packages (redmine, redmine-sqlite, puma) are not installed and cannot be")
    folder = tempfile.mkdtemp(prefix="resident-redmine-")
    redmine = Redmine(folder)
    try:
        keys = {login: (int(number), key) for login, number, key in (line.split(" ") for line in redmine.ruby(HERE / "redmine_fill.rb").splitlines() if line.count(" ") == 2)}
        if not redmine.start():
            skip(f"it does not start in {START_SECONDS} s: " + (redmine.folder / "server.log").read_text()[-300:])
        run(redmine, keys, folder)
    finally:
        redmine.kill()
        shutil.rmtree(folder, ignore_errors=True)
    for failure in failures:
        print("FAIL", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


def run(redmine, keys, folder):
    Between.redmine = redmine
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"redmine:http://127.0.0.1:{server.server_address[1]}/projects/widget"
    admin = keys["admin"][1]
    store = Store(folder, admin)
    wrong = store.run("add", place, "--project", "demo", code=4, key="0" * 40)
    check("a wrong key is refused and nothing is taken", "key" in wrong.stderr or "token" in wrong.stderr, wrong.stderr)
    Between.requests.clear()
    Between.kill_at = 45
    store.run("add", place, "--project", "demo", code=5)
    check("Redmine died in the middle", redmine.process is None and len(store.rows("SELECT number FROM item")) in range(1, 60))
    Between.kill_at = 0
    check("it starts again", redmine.start())
    before = len(Between.requests)
    store.run("sync")
    check("what was read is not asked for again", len([path for path in Between.requests[before:] if path.startswith("/issues/")]) < 60)
    equal("killed and resumed", redmine, store)
    check("no key is kept", all(key.encode() not in pathlib.Path(store.file).read_bytes() for _, key in keys.values()))
    check("keys go in headers alone", not any("key=" in path for path in Between.requests))
    check("private notes are left out", store.rows("SELECT count(*) FROM comment WHERE body LIKE '%for the team%'") == [(0,)])
    check("time spent", store.rows("SELECT detail FROM event WHERE kind = 'time_spent'") == [("1.5 h, Design, on 2024-05-01",)], str(store.rows("SELECT detail FROM event WHERE kind = 'time_spent'")))
    Between.requests.clear()
    quiet = store.run("sync", now="2024-06-01T01:00:00Z")
    check("a second sync finds nothing", "nothing new" in quiet.stderr, quiet.stderr)
    check("and asks little", not any(path.startswith("/issues/") for path in Between.requests), str(Between.requests))
    changes(redmine, keys, store, admin)
    one_who_sees_less(redmine, keys, folder, place)


def changes(redmine, keys, store, admin):
    """What moves, with and without being "updated"."""
    for path, body in (("/issues/3.json", {"issue": {"status_id": 5, "notes": "Done."}}), ("/issues/12.json", {"issue": {"project_id": "other"}}), ("/issues/14.json", {"issue": {"subject": "Another title", "assigned_to_id": keys["ann"][0]}})):
        check(f"PUT {path}", redmine.ask("PUT", path, body, admin)[0] in (200, 204))
    check("DELETE an issue", redmine.ask("DELETE", "/issues/20.json", None, admin)[0] in (200, 204))
    # Redmine's own clock is of today: so is ours.
    store.run("sync", now="2030-01-01T00:00:00Z")
    equal("after changes", redmine, store)
    check("what is gone and what moved is told", store.rows("SELECT item_id, reason FROM item_tombstone ORDER BY item_id") == [(24, "transferred"), (40, "deleted")], str(store.rows("SELECT item_id, reason FROM item_tombstone")))
    updated = dict(redmine.rows("SELECT id, updated_on FROM issues"))
    (relation,), = redmine.rows("SELECT id FROM issue_relations WHERE relation_type = 'blocks'")
    check("DELETE a relation", redmine.ask("DELETE", f"/relations/{relation}.json", None, admin)[0] in (200, 204))
    check("DELETE an account", redmine.ask("DELETE", f"/users/{keys['cy'][0]}.json", None, admin)[0] in (200, 204))
    (journal, issue), = redmine.rows("SELECT id, journalized_id FROM journals WHERE notes LIKE 'Note 1 %' AND journalized_id NOT IN (12, 20) ORDER BY id LIMIT 1")
    redmine.ruby(f"Journal.find({journal}).update!(notes: 'Edited since')")
    check("none of it moves updated_on", dict(redmine.rows("SELECT id, updated_on FROM issues")) == updated)
    store.run("sync", now="2030-01-01T01:00:00Z")
    check("within a day nothing of it is seen", store.rows("SELECT count(*) FROM event WHERE kind = 'relation_removed'") == [(0,)])
    store.run("sync", now="2030-01-02T02:00:00Z")
    check("a day later the whole list shows the relation", store.rows("SELECT count(*) FROM event WHERE kind = 'relation_removed' AND item_id = 10") == [(1,)])
    check("and who is gone", store.rows("SELECT count(*) FROM assignee s JOIN identity a ON a.identity_id = s.assignee_id WHERE a.login = 'cy'") == [(0,)])
    store.run("sync", now="2030-01-16T02:00:00Z")
    check("two weeks later every item was read again", store.rows(f"SELECT count(*) FROM comment WHERE item_id = {issue * 2} AND body = 'Edited since'") == [(1,)])
    equal("in the end", redmine, store)


def one_who_sees_less(redmine, keys, folder, place):
    """An account without rights: names are those of the answers, private issues are hidden."""
    redmine.ruby("Issue.find(15).update_columns(is_private: true)")
    (pathlib.Path(folder) / "other").mkdir()
    store = Store(pathlib.Path(folder) / "other", keys["eve"][1])
    store.run("add", place, "--project", "demo", now="2030-02-01T00:00:00Z")
    check("a private issue is not seen", store.rows("SELECT count(*) FROM item WHERE number = 15") == [(0,)])
    redmine.ruby("Issue.find(15).update_columns(is_private: false); Issue.find(16).update_columns(is_private: true)")
    store.run("sync", now="2030-02-03T00:00:00Z")
    check("one that is shown comes, one that is hidden goes", store.rows("SELECT item_id, reason FROM item_tombstone") == [(32, "hidden")] and store.rows("SELECT count(*) FROM item WHERE number = 15") == [(1,)],
          str(store.rows("SELECT item_id, reason FROM item_tombstone")))
    redmine.ruby("Issue.find(16).update_columns(is_private: false)")
    store.run("sync", now="2030-02-05T00:00:00Z")
    check("what is back has no tombstone", store.rows("SELECT count(*) FROM item_tombstone") == [(0,)])
    wanted, found = by_database(redmine), by_store(store)
    check("logins and titles are the same", all((wanted[number]["title"], wanted[number]["author"], wanted[number]["is_open"]) == (found[number]["title"], found[number]["author"], found[number]["is_open"]) for number in wanted), "")


sys.exit(main())
