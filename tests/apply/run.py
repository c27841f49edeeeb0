#!/usr/bin/env python3
"""Plans that are sent to a forge on loopback: never without a yes, never beyond the allow-list, never twice.

run.py BINARY
"""
import http.server
import json
import os
import pathlib
import signal
import socket
import ssl
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from harness import Suite  # noqa: E402

suite = Suite("apply", dict(os.environ))
BINARY, WORK, test = suite.binary, suite.work, suite.test
TOKEN = "token-of-the-apply-test"
KINDS = ["label", "unlabel", "comment", "request_review", "assign", "unassign", "close", "reopen", "milestone"]


class Forge:
    """Three items as GitHub and Gitea (and, under /projects, GitLab) show them; remembers every write."""

    def __init__(self, certificate=None):
        self.items = {n: {"number": n, "iid": n, "state": "open", "labels": [], "assignees": [], "milestone": None, "user": {"login": "ada"},
                          "author": {"username": "ada"}, "requested_reviewers": [], "reviewers": [], "comments": []} for n in (1, 2, 3)}
        self.writes, self.tokens, self.faults = [], set(), []
        self.on_write = None
        # After a write that was carried out: "vanish" ends the connection without a word, a number is the answer's status.
        self.after_write = []
        self.lists = None  # the answer to every list of comments: (status, headers), instead of the list
        forge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, code, body, headers=()):
                data = json.dumps(body).encode()
                self.send_response(code)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def serve(self):
                forge.tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN"))
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or b"{}")
                if self.command != "GET":
                    if forge.faults:
                        code, headers = forge.faults.pop(0)
                        return self.answer(code, {"message": "rate limit"}, headers)
                    forge.writes.append((self.command, self.path, body))
                parts = self.path.split("?")[0].strip("/").split("/")
                if self.command == "GET" and forge.lists and parts[-1] in ("comments", "notes"):
                    return self.answer(forge.lists[0], [], forge.lists[1])
                code, result = forge.route(self.command, parts, body)
                if self.command != "GET" and forge.on_write:
                    forge.on_write()
                if self.command != "GET" and forge.after_write:
                    fault = forge.after_write.pop(0)
                    if fault == "vanish":
                        self.close_connection = True
                        return self.connection.shutdown(socket.SHUT_RDWR)
                    code, result = fault, {"message": "a gateway's"}
                self.answer(code, result)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = serve

        http.server.ThreadingHTTPServer.handle_error = lambda *_: None  # a client that was killed
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
            self.address = self.address.replace("http:", "https:")
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def route(self, method, parts, body):
        if parts == ["user"]:
            return 200, {"login": "resident"}
        if parts[0] == "users":
            return 200, [{"id": 7, "username": "bea"}]
        if parts[0] == "projects":
            return self.gitlab(method, parts[2:], body)
        parts = parts[3:]
        if parts == ["milestones"]:
            return 200, [{"id": 40, "number": 4, "title": "3.14"}]
        if parts == ["labels"]:
            return 200, [{"id": 11, "name": "bug"}]
        item = self.items.get(int(parts[1]))
        if item is None:
            return 404, {"message": "Not Found"}
        if len(parts) == 2 and method == "GET":
            return 200, item
        if len(parts) == 2:
            if "state" in body:
                item["state"] = body["state"]
            if "milestone" in body:
                item["milestone"] = {"title": "3.14"}
            if "assignees" in body:
                item["assignees"] = [{"login": name} for name in body["assignees"]]
            return 200, item
        if parts[2] == "comments":
            if method == "POST":
                item["comments"].append({"body": body["body"]})
            return (201, {}) if method == "POST" else (200, item["comments"])
        if parts[2] == "labels":
            if method == "POST":
                item["labels"] += [{"name": "bug" if label == 11 else label} for label in body["labels"]]
            else:
                item["labels"] = []
        if parts[2] == "assignees":
            item["assignees"] = [{"login": name} for name in body["assignees"]] if method == "POST" else []
        if parts[2] == "requested_reviewers":
            item["requested_reviewers"] += [{"login": name} for name in body["reviewers"]]
        return 201, {}

    def gitlab(self, method, parts, body):
        if parts == ["milestones"]:
            return 200, [{"id": 40, "title": "3.14"}]
        item = self.items[int(parts[1])]
        if len(parts) > 2:
            if method == "POST":
                item["comments"].append({"body": body["body"]})
            return (201, {}) if method == "POST" else (200, item["comments"])
        if method == "PUT":
            if "state_event" in body:
                item["state"] = "closed" if body["state_event"] == "close" else "open"
            if "add_labels" in body:
                item["labels"].append(body["add_labels"])
            if "assignee_ids" in body:
                item["assignees"] = [{"id": i, "username": "bea"} for i in body["assignee_ids"] if i]
            if "reviewer_ids" in body:
                item["reviewers"] = [{"id": i, "username": "bea"} for i in body["reviewer_ids"]]
            if "milestone_id" in body:
                item["milestone"] = {"title": "3.14"}
        return 200, {**item, "state": "opened" if item["state"] == "open" else item["state"]}

    def close(self):
        self.server.shutdown()


class Case:
    """A store with three items of a forge, and actions collected in the plan."""

    def __init__(self, kind, allowed=KINDS, certificate=None, settings=""):
        self.folder = WORK / suite.new_name()
        self.folder.mkdir()
        self.forge = Forge(certificate)
        records = [{"record": "issue" if n == 1 else "pull", "number": n, "title": f"Item {n}", "author": "ada", "created_at": "2024-01-01T00:00:00Z"} for n in (1, 2, 3)]
        (self.folder / "p.jsonl").write_text("\n".join(map(json.dumps, records)))
        (self.folder / "resident.toml").write_text(
            f'[project.p.write]\nallowed = {json.dumps(allowed)}\n[forge."forge.example.org"]\napi_url = "{self.forge.address}"\n{settings}')
        self.run("add", "jsonl", "p.jsonl", "--project", "p")
        self.sql("UPDATE source SET kind = ?, location = ?", (kind, f"{kind}:https://forge.example.org/o/n"))

    def run(self, *arguments, check=True, **more):
        environment = {**os.environ, "RESIDENT_TOKEN_FORGE_EXAMPLE_ORG": TOKEN, "RESIDENT_WAIT_SCALE": "0.001"}
        done = subprocess.run([BINARY, *arguments, "--db", "s.db"], cwd=self.folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, **more)
        assert TOKEN not in done.stdout + done.stderr, "the token was printed"
        if check and done.returncode:
            raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
        return done

    def sql(self, query, values=()):
        with sqlite3.connect(self.folder / "s.db") as database:
            return database.execute(query, values).fetchall()

    def collect(self, *actions):
        for number, kind, content in actions:
            item = number * 2 + (number > 1)
            self.sql("INSERT INTO planned_action VALUES (1, ?, ?, ?, ?, 'why', 'terminal', ?, 'planned', NULL, '')",
                     (f"{item}/{kind}/{content}", item, kind, content, number))

    def apply(self, *more, check=True):
        return self.run("plan", "--collected", "--apply", *more, check=check)


EVERYTHING = [(1, "label", "bug"), (1, "comment", "Hello"), (2, "request_review", "bea"), (1, "assign", "bea"), (1, "milestone", "3.14"), (3, "close", "not_planned")]


def every_kind_arrives_once(kind):
    case = Case(kind)
    case.collect(*EVERYTHING)
    assert not case.forge.writes
    case.apply("--yes")
    items = case.forge.items
    text = json.dumps(items)
    assert len(case.forge.writes) == len(EVERYTHING), case.forge.writes
    assert items[3]["state"] == "closed" and "bug" in text and "bea" in json.dumps(items[2]) and "bea" in json.dumps(items[1]["assignees"]), text
    assert items[1]["comments"][0]["body"].startswith("Hello\n\n<!-- resident:"), items[1]["comments"]
    assert items[1]["milestone"], text
    case.apply("--yes")
    assert len(case.forge.writes) == len(EVERYTHING), "something was sent twice"
    prefix = {"github": "Bearer ", "gitea": "token ", "gitlab": ""}[kind]
    assert case.forge.tokens == {prefix + TOKEN}, case.forge.tokens
    assert not case.sql("SELECT 1 FROM action_log WHERE state <> 'sent'")
    assert TOKEN.encode() not in (case.folder / "s.db").read_bytes(), "the token is in the store"
    case.forge.close()


@test
def every_kind_arrives_once_at_github():
    every_kind_arrives_once("github")


@test
def every_kind_arrives_once_at_gitlab():
    every_kind_arrives_once("gitlab")


@test
def every_kind_arrives_once_at_gitea():
    every_kind_arrives_once("gitea")


@test
def nothing_without_a_yes():
    case = Case("github")
    case.collect((1, "comment", "Hello"))
    assert "Hello" in case.run("plan", "--collected").stdout
    done = case.apply(check=False)
    assert done.returncode == 2 and "--yes" in done.stderr, done.stderr
    assert not case.forge.writes


@test
def nothing_beyond_the_allow_list():
    case = Case("github", allowed=["label"])
    case.collect((1, "comment", "Hello"), (1, "label", "bug"))
    done = case.apply("--yes")
    assert [path for _, path, _ in case.forge.writes] == ["/repos/o/n/issues/1/labels"], case.forge.writes
    assert "not among what may be sent" in done.stderr
    closed = Case("github", allowed=[])
    closed.collect((1, "label", "bug"))
    done = closed.apply("--yes", check=False)
    assert done.returncode == 1 and "allowed" in done.stderr and not closed.forge.writes, done.stderr


@test
def what_is_so_already_or_overtaken_is_not_sent():
    case = Case("github")
    case.forge.items[1]["labels"] = [{"name": "bug"}]
    case.forge.items[2]["state"] = "closed"
    del case.forge.items[3]
    case.collect((1, "label", "bug"), (2, "request_review", "bea"), (3, "comment", "Hello"), (1, "close", "completed"))
    done = case.apply("--yes")
    assert case.forge.writes == [("PATCH", "/repos/o/n/issues/1", {"state": "closed", "state_reason": "completed"})], case.forge.writes
    assert "overtaken" in done.stderr


@test
def limits_are_waited_for_and_max_wait_ends_with_5():
    case = Case("github")
    case.collect((1, "comment", "Hello"))
    case.forge.faults = [(429, [("Retry-After", "30")])]
    case.apply("--yes")
    assert len(case.forge.writes) == 1
    case.collect((2, "comment", "Hello"))
    case.forge.faults = [(403, [("Retry-After", "3000")])]
    assert case.apply("--yes", "--max-wait", "10", check=False).returncode == 5
    assert len(case.forge.writes) == 1
    case.apply("--yes")
    assert len(case.forge.writes) == 2


@test
def a_run_killed_between_sending_and_logging_sends_nothing_twice():
    for victim in range(1, 5):
        case = Case("github")
        case.collect(*EVERYTHING)
        process = subprocess.Popen([BINARY, "plan", "--collected", "--apply", "--yes", "--db", "s.db"], cwd=case.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "RESIDENT_TOKEN_FORGE_EXAMPLE_ORG": TOKEN, "RESIDENT_WAIT_SCALE": "0.001"})

        def kill():
            if len(case.forge.writes) == victim:
                process.send_signal(signal.SIGKILL)  # the write has arrived; its answer never does
                time.sleep(0.05)

        case.forge.on_write = kill
        process.wait(timeout=20)
        case.forge.on_write = None
        assert process.returncode == -signal.SIGKILL, process.returncode
        case.apply("--yes")
        seen = [json.dumps(write) for write in case.forge.writes]
        assert len(seen) == len(set(seen)) == len(EVERYTHING), seen
        assert len(case.forge.items[1]["comments"]) == 1
        case.forge.close()


def a_comment_survives(kind, fault):
    case = Case(kind)
    case.collect((1, "comment", "Hello"))
    case.forge.after_write = [fault]
    done = case.apply("--yes", check=False)
    assert len(case.forge.items[1]["comments"]) == 1, f"{kind}, {fault}: {len(case.forge.items[1]['comments'])} comments after the first run"
    assert "sent" not in [state for (state,) in case.sql("SELECT state FROM action_log")], f"{kind}, {fault}: said to be sent: {done.stderr}"
    case.apply("--yes")
    assert len(case.forge.writes) == 1, f"{kind}, {fault}: {case.forge.writes}"
    assert case.sql("SELECT state FROM action_log") == [("sent",)]
    case.forge.close()


@test
def a_kept_connection_that_ends_after_the_write_posts_once():
    for kind in ("github", "gitlab", "gitea"):
        a_comment_survives(kind, "vanish")


@test
def whatever_is_answered_after_the_write_it_is_posted_once():
    for kind in ("github", "gitlab", "gitea"):
        for status in (400, 404, 408, 409, 410, 422, 500, 502, 503, 504):
            a_comment_survives(kind, status)


@test
def a_gateway_that_gave_up_may_have_passed_it_on():
    case = Case("github")
    case.collect((1, "label", "bug"))
    case.forge.after_write = [408]
    done = case.apply("--yes", check=False)
    assert "the next run looks whether it arrived" in done.stdout + done.stderr, done.stderr
    case.apply("--yes")
    assert len(case.forge.writes) == 1, case.forge.writes


@test
def comments_that_cannot_be_read_are_not_taken_for_none():
    elsewhere = {"Link": '<http://127.0.0.1:1/next>; rel="next"'}
    for kind in ("github", "gitlab", "gitea"):
        for answer in ((404, ()), (410, ()), (403, ()), (200, tuple(elsewhere.items()))):
            case = Case(kind)
            case.collect((1, "comment", "Hello"))
            case.forge.after_write = ["vanish"]
            case.apply("--yes", check=False)
            case.forge.lists = answer
            case.apply("--yes", check=False)
            assert len(case.forge.writes) == 1, f"{kind}, {answer}: written again"
            case.forge.lists = None
            case.apply("--yes")
            assert len(case.forge.writes) == 1, f"{kind}, {answer}: written again at last"
            case.forge.close()


@test
def a_label_named_like_a_folder_leads_nowhere_else():
    for name in (".", "..", "a/../b", "../../2", "%2e%2e", "a?b#c"):
        case = Case("github")
        case.forge.items[1]["labels"] = [{"name": name}]
        case.collect((1, "unlabel", name))
        case.apply("--yes", check=False)
        paths = [path for _, path, _ in case.forge.writes]
        wanted = [] if name in (".", "..") else ["/repos/o/n/issues/1/labels/" + urllib.parse.quote(name, safe="")]
        assert paths == wanted, f"{name}: {paths}"
        case.forge.close()


def authority(name):
    """A certificate authority of our own: the file that says so, and a function that makes it sign one for a host."""
    folder = WORK / name
    folder.mkdir()

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", f"/CN={name}")

    def sign(host, days="2"):
        file = host.replace(":", "-") + days
        (folder / f"{file}.ext").write_text(f"subjectAltName={host}\nbasicConstraints=CA:FALSE\n")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{file}.key", "-out", f"{file}.csr", "-subj", "/CN=forge")
        openssl("x509", "-req", "-in", f"{file}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", days, "-extfile", f"{file}.ext", "-out", f"{file}.pem")
        return folder / f"{file}.pem", folder / f"{file}.key"

    return folder / "ca.pem", sign


@test
def a_forge_is_only_spoken_to_when_its_certificate_is_right():
    ours, sign = authority("ours")
    theirs, _ = authority("theirs")
    trust = f'ca_file = "{ours}"\n'
    good = sign("IP:127.0.0.1")
    for what, certificate, settings in (
        ("signed by nobody who is known", good, ""),
        ("signed by another authority", good, f'ca_file = "{theirs}"\n'),
        ("of another host", sign("DNS:elsewhere.example"), trust),
        ("expired", sign("IP:127.0.0.1", "0"), trust),  # at once; newer releases of openssl refuse a day of the past
        ("an authority's file that is not there", good, 'ca_file = "/nowhere.pem"\n'),
    ):
        case = Case("github", certificate=certificate, settings=settings)
        case.collect((1, "comment", "Hello"))
        done = case.apply("--yes", check=False)
        said = done.stdout + done.stderr
        assert done.returncode != 0 and ("certificate" in said.lower() or "trust anchor" in said) and "ca_file" in said, f"{what}: {said}"
        assert not case.forge.tokens and not case.forge.writes, f"{what}: it was spoken to"
        case.forge.close()
    case = Case("github", certificate=good, settings=trust)
    case.collect(*EVERYTHING)
    case.apply("--yes")
    assert len(case.forge.writes) == len(EVERYTHING), case.forge.writes
    assert case.forge.tokens == {"Bearer " + TOKEN}
    case.forge.close()


@test
def auth_shows_the_source_and_never_the_value():
    case = Case("github")
    done = case.run("auth")
    assert "RESIDENT_TOKEN_FORGE_EXAMPLE_ORG" in done.stdout and "resident" in done.stdout, done.stdout
    assert TOKEN not in done.stdout + done.stderr


suite.finish()
