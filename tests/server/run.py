#!/usr/bin/env python3
"""The dashboard's server from outside: limits that hold before anything is read, slow and many clients, long forms, a
store that goes away and comes back, stopping. Everything on loopback and bounded; only our own guards are tried.

run.py BINARY [-k WORD]. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
"""
import concurrent.futures
import hashlib
import hmac
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from harness import Suite  # noqa: E402

SECRET = "secret-of-the-server-test"
suite = Suite("server", {**os.environ, "HOOK_SECRET": SECRET})
BINARY, WORK, ENVIRONMENT = suite.binary, suite.work, suite.environment
test, psql = suite.test, suite.psql

(WORK / "resident.toml").write_text('[project.p.webhook]\nsecret_env = "HOOK_SECRET"\n')
ITEMS = [{"record": kind, "number": number, "title": f"Number {number}", "author": "ada", "created_at": f"2024-01-{number:02}T00:00:00Z"} for number, kind in enumerate(["issue", "pull"] * 10, 1)]
(WORK / "p.jsonl").write_text("\n".join(map(json.dumps, ITEMS)))


def new_store(store):
    """The place of a store with a project, and the name of its file or database."""
    location = suite.new_store(store)
    suite.resident("add", "jsonl", "p.jsonl", "--project", "p", "--db", location)
    return location, location if store == "sqlite" else location.rsplit("/", 1)[1]


class Served:
    """A dashboard in a process of its own."""

    def __init__(self, store="sqlite", patience=600_000):
        self.location, self.name = new_store(store)
        self.process = subprocess.Popen([BINARY, "serve", "--db", self.location, "--port", "0", "--patience", str(patience)], cwd=WORK, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stderr.readline())[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def connect(self, timeout=20):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def memory(self):
        """Resident memory in bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024

    def ask(self, request, timeout=20):
        """Sends bytes, reads until the server closes; status, head and body of the answer."""
        with self.connect(timeout) as connection:
            try:
                connection.sendall(request)
            except OSError:
                pass  # refused before all was sent
            return answer_of(read_all(connection))

    def get(self, path, headers="", method="GET"):
        return self.ask(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{headers}Connection: close\r\n\r\n".encode())

    def post(self, fields, headers="", path="/plan", kind="application/x-www-form-urlencoded"):
        body = urllib.parse.urlencode(fields).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{headers}Connection: close\r\n\r\n"
        return self.ask(head.encode() + body)

    def token(self):
        return re.search(r'name="token" value="([0-9a-f]+)"', self.get("/triage").body)[1]

    def note(self, content, item=2, kind="note", token=None):
        return self.post({"token": token or self.token(), "project": "p", "item": item, "kind": kind, "content": content, "back": "/triage?project=p"})

    def webhook(self, delivery, body=b'{"action":"edited","issue":{"number":1}}'):
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        head = f"POST /webhooks/p HTTP/1.1\r\nHost: hooks.example\r\nX-GitHub-Delivery: {delivery}\r\nX-GitHub-Event: issues\r\nX-Hub-Signature-256: {signature}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return self.ask(head.encode() + body)


class Answer:
    def __init__(self, status, head, body):
        self.status, self.head, self.body = status, head, body


def answer_of(data):
    head, _, body = data.partition(b"\r\n\r\n")
    status = int(head.split(b" ")[1]) if head.startswith(b"HTTP/") else None
    return Answer(status, head.decode("latin-1"), body.decode("utf-8", "replace"))


def read_all(connection):
    data = b""
    try:
        while chunk := connection.recv(65536):
            data += chunk
    except (ConnectionError, TimeoutError):
        pass
    return data


def require(is_so, said):
    if not is_so:
        raise AssertionError(said)


def equal(one, other, said=""):
    require(one == other, f"{said}: {one!r} instead of {other!r}")


def head(lines, method="POST", path="/plan", host="127.0.0.1", keeps=False):
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{'' if keeps else 'Connection: close' + chr(13) + chr(10)}{lines}\r\n".encode()


@test
def what_is_too_large_is_refused_before_it_is_read():
    with Served() as served:
        megabyte = b"x" * (1 << 20)
        before = served.memory()

        def pour(start, piece, count, expected, said):
            begin = time.time()
            with served.connect(10) as connection:
                sent = 0
                try:
                    connection.sendall(start)
                    for _ in range(count):
                        connection.sendall(piece)
                        sent += len(piece)
                except OSError:
                    pass
                status = answer_of(read_all(connection)).status
            # What was on its way when the server closed takes the answer with it; then at least nothing more was taken.
            require(status == expected or (status is None and sent < 40 << 20), f"{said}: {status} after {sent >> 20} MB instead of {expected}")
            require(time.time() - begin < 10, f"{said}: {time.time() - begin:.1f} s")

        # The head alone decides: no byte of the body is sent, and the answer comes.
        for lines, path, status in (
            (f"Content-Length: {(1 << 20) + 1}\r\n", "/plan", 413), ("Content-Length: 27000000\r\n", "/webhooks/p", 413), ("Content-Length: 99999999999999999999\r\n", "/plan", 400),
            ("Content-Length: 5\r\nContent-Encoding: gzip\r\n", "/plan", 415), ("Content-Length: 5\r\nContent-Encoding: br\r\n", "/webhooks/p", 415),
            ("Transfer-Encoding: gzip, chunked\r\n", "/webhooks/p", 501), ("Content-Length: 5\r\n", "/review", 405), ("Transfer-Encoding: chunked\r\n", "/", 405),
            ("Content-Length: 27000000\r\nExpect: 100-continue\r\n", "/webhooks/p", 413), ("Content-Length: 5\r\nExpect: wonders\r\n", "/plan", 417),
        ):
            equal(served.ask(head(lines, path=path)).status, status, f"{path} {lines!r}")
        equal(served.ask(head("Content-Length: 5\r\n", "GET", "/")).status, 413, "a body where none is taken")
        equal(served.ask(head("Transfer-Encoding: chunked\r\n", "GET", "/")).status, 413, "a body in pieces where none is taken")
        equal(served.ask(head("Content-Length: 900000\r\n", host="elsewhere.example")).status, 421, "another host, body not sent")
        equal(served.ask(head("Content-Length: 900000\r\nOrigin: http://elsewhere.example\r\n")).status, 403, "another origin, body not sent")
        # A piece by its length, before it is there; many pieces, once they are too many.
        equal(served.ask(head("Transfer-Encoding: chunked\r\n", path="/webhooks/p") + b"2000000\r\n").status, 413, "one large piece")
        pour(head("Transfer-Encoding: chunked\r\n", path="/webhooks/p"), b"100000\r\n" + megabyte + b"\r\n", 60, 413, "pieces of a megabyte")
        pour(head("Transfer-Encoding: chunked\r\n"), b"10000\r\n" + b"x" * 65536 + b"\r\n", 60, 413, "pieces of a form")
        pour(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"X: " + b"x" * 4000 + b"\r\n", 10_000, 431, "lines of a head")
        pour(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", megabyte, 40, 431, "one line of a head")
        pour(b"GET /", megabyte, 40, 431, "an address")
        equal(served.get("/?x=" + "x" * 9000).status, 414, "a long address")
        require(served.memory() - before < 60 << 20, f"memory grew by {(served.memory() - before) >> 20} MB")
        equal(served.get("/").status, 200, "afterwards")


@test
def many_large_bodies_at_once_leave_the_memory_bounded():
    with Served() as served:
        served.get("/")
        before, statuses = served.memory(), []

        def sender(_):
            with served.connect(30) as connection:
                try:
                    connection.sendall(head(f"Content-Length: {25 << 20}\r\n", path="/webhooks/p"))
                    for _ in range(24):
                        connection.sendall(b"x" * (1 << 20))
                    time.sleep(1)
                    connection.sendall(b"x" * (1 << 20))
                except OSError:
                    pass
                statuses.append(answer_of(read_all(connection)).status)

        most = 0
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            runs = [pool.submit(sender, i) for i in range(16)]
            while not all(run.done() for run in runs):
                most = max(most, served.memory())
                time.sleep(0.02)
        require(set(statuses) <= {403, 503, None} and 403 in statuses, f"{statuses}")
        require(most - before < 260 << 20, f"memory grew by {(most - before) >> 20} MB for 400 MB sent")


@test
def what_a_request_may_be():
    with Served() as served:
        page = served.get("/")
        equal(page.status, 200, "a page")
        for method, status in (("HEAD", 200), ("OPTIONS", 405), ("PUT", 405), ("DELETE", 405), ("TRACE", 405), ("CONNECT", 405), ("BREW", 405)):
            answer = served.get("/", method=method)
            equal(answer.status, status, method)
        answer = served.get("/", method="HEAD")
        equal(answer.body, "", "the body of HEAD")
        require(f"Content-Length: {len(page.body.encode())}" in answer.head, answer.head)
        equal(served.ask(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n").status, 200, "HTTP/1.0")
        for bytes_, status in ((b"GET / HTTP/1.0\r\n\r\n", 421), (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n", 421), (b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                               (b"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", 400), (b"nonsense\r\n\r\n", 400), (b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                               (b"POST /plan HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400), (b"GET / HTTP/1.1\nHost: localhost\n\n", 400)):
            equal(served.ask(bytes_).status, status, repr(bytes_))
        # Two requests at once on one connection, answered in their order.
        both = served.ask(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        equal((both.status, both.body.count("HTTP/1.1 404")), (200, 1), "two at once")
        # A body that is waited for.
        body = urllib.parse.urlencode({"token": served.token(), "project": "p", "item": 2, "kind": "note", "content": "waited"}).encode()
        with served.connect() as connection:
            connection.sendall(head(f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n"))
            equal(connection.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n", "told to go on")
            connection.sendall(body)
            equal(answer_of(read_all(connection)).status, 303, "the form")
        for header in ("Content-Security-Policy: default-src 'none'; script-src 'self'", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer", "Cache-Control: no-store",
                       "Cross-Origin-Resource-Policy: same-origin", "Cross-Origin-Opener-Policy: same-origin"):
            require(header in page.head, f"{header} is not in {page.head}")


@test
def script_and_style_are_sent_once():
    with Served() as served:
        page = served.get("/").body
        for kind, pattern in (("javascript", r'<script src="(/resident-[\w-]{16}\.js)"></script>'), ("css", r'<link rel="stylesheet" href="(/resident-[\w-]{16}\.css)">')):
            address = re.search(pattern, page)[1]
            file = served.get(address)
            equal(file.status, 200, address)
            require(kind in file.head and "max-age=31536000, immutable" in file.head and "nosniff" in file.head, file.head)
            tag = re.search(r'ETag: ("[^"]+")', file.head)[1]
            again = served.get(address, f"If-None-Match: {tag}\r\n")
            equal((again.status, again.body), (304, ""), "known already")
            equal(served.get(address.replace("resident-", "resident-x")).status, 404, "another version")
            equal(served.ask(head("", "GET", address, "elsewhere.example")).status, 421, "by another name")
        require("<style" not in page, "a style in the page")
        for path, status in (("/nowhere", 404), ("/item/404", 404), ("/?as_of=x", 400)):
            answer = served.get(path)
            equal(answer.status, status, path)
            require(len(answer.body) < 8000, f"{path}: {len(answer.body)} bytes")
        require(len(served.ask(head("", "GET", "/", "elsewhere.example")).body) < 8000, "a misdirected page is large")


@test
def long_texts_are_taken_in_any_script(store):
    with Served(store) as served:
        token = served.token()
        for kind, most in (("comment", 60_000), ("note", 10_000)):
            for letter in ("a", "ж", "漢", "😀", "&"):
                text = letter * (most // len(letter.encode()))
                answer = served.note(text, kind=kind, token=token)
                equal(answer.status, 303, f"{kind} of {most} bytes of {letter}")
        equal(served.get("/triage").status, 200, "the page with it")
        stored = subprocess.run([BINARY, "sql", "SELECT max(length(content)) AS most, count(*) AS n FROM planned_action WHERE kind = 'comment'", "--json", "--db", served.location], cwd=WORK, capture_output=True, text=True, check=True).stdout
        row = json.loads(stored)
        row = row["rows"][0] if isinstance(row, dict) else row[0]
        equal((row["most"], row["n"]), (60_000, 5), "what is in the plan")


@test
def what_is_too_long_is_said_and_not_lost():
    with Served() as served:
        token = served.token()
        for kind, text in (("comment", "a" * 60_001), ("comment", "ж" * 30_001), ("note", "漢" * 3_334), ("comment", "<script>\n" * 10_000)):
            answer = served.note(text, kind=kind, token=token)
            equal(answer.status, 400, f"{kind} of {len(text.encode())} bytes")
            require("has at most" in answer.body and f"{len(text.encode())}" in answer.body, answer.body[-300:])
            shown = text.replace("<", "&lt;").replace(">", "&gt;")
            require(shown in answer.body, "what was typed is not shown")
            require(token in answer.body and "Send it again" in answer.body and "/triage?project=p" in answer.body, "it cannot be sent again")
        # What cannot be read at all is told apart.
        answer = served.note("a" * (1 << 20), token=token)
        equal(answer.status, 413, "more than a megabyte")
        require("go back in your browser" in answer.body, answer.body[-300:])
        # A note for what is not there.
        equal(served.note("x", item=999_999, token=token).status, 400, "a note of an item that is not there")
        equal(served.note("5", item=0, kind="snooze", token=token).status, 400, "a snooze of none")


@test
def what_is_noted_shows_at_once(store):
    with Served(store) as served:
        token = served.token()
        for i in range(3):
            equal(served.note(f"remember {i}", token=token).status, 303, "the note")
            require(f"remember {i}" in served.get("/item/1").body, f"note {i} is not shown")
        # Written by another program.
        connection = None
        if store == "sqlite":
            connection = sqlite3.connect(served.location)
            connection.execute("UPDATE triage_mark SET note = 'from elsewhere'")
            connection.commit()
            connection.close()
        else:
            psql("UPDATE triage_mark SET note = 'from elsewhere'", served.name)
        require("from elsewhere" in served.get("/item/1").body, "what another program noted is not shown")


@test
def slow_clients_keep_nobody_waiting():
    with Served() as served:
        for path in ("/", "/review", "/triage", "/flow", "/people"):
            served.get(path)
        silent = [served.connect() for _ in range(200)]
        dripping = [served.connect() for _ in range(64)]
        slow_readers = [served.connect() for _ in range(20)]
        for connection in slow_readers:
            connection.sendall(head("", "GET", "/", keeps=True))
        request = head("X: " + "x" * 200 + "\r\n", "GET", "/")
        stop = threading.Event()

        def drip():
            for at in range(len(request)):
                for connection in dripping:
                    try:
                        connection.send(request[at : at + 1])
                    except OSError:
                        pass
                if stop.wait(1):
                    return

        dripper = threading.Thread(target=drip)
        dripper.start()
        try:
            time.sleep(1)
            slowest = 0
            for i in range(60):
                begin = time.time()
                equal(served.get(("/", "/review", "/triage", "/flow", "/health")[i % 5]).status, 200, "a page meanwhile")
                slowest = max(slowest, time.time() - begin)
            require(slowest < 2, f"the slowest of 60 took {slowest:.1f} s")
            # A request that takes too long as a whole is ended, however steadily it comes.
            begin = time.time()
            connection = dripping[0]
            connection.settimeout(25)
            status = answer_of(read_all(connection)).status
            require(status in (408, None) and time.time() - begin < 20, f"{status} after {time.time() - begin:.0f} s")
        finally:
            stop.set()
            dripper.join()
            for connection in silent + dripping + slow_readers:
                connection.close()


@test
def more_connections_than_there_is_room_for():
    with Served() as served:
        served.get("/")
        many = []
        try:
            for i in range(700):
                many.append(served.connect())
                if i % 100 == 99:
                    equal(served.get("/health").status, 200, f"beside {i + 1} silent connections")
        finally:
            for connection in many:
                connection.close()


@test
def many_clients_are_served_in_turn():
    with Served() as served:
        for path in ("/", "/review", "/triage", "/flow", "/people", "/modules"):
            served.get(path)
        times = []

        def client(number, keeps):
            connection = served.connect() if keeps else None
            for i in range(20):
                path = ("/", "/review", "/triage", "/flow", "/people", "/modules")[(number + i) % 6]
                begin = time.time()
                if keeps:
                    connection.sendall(head("", "GET", path, keeps=True))
                    data = b""
                    while b"\r\n\r\n" not in data:
                        data += connection.recv(65536)
                    length = int(re.search(rb"Content-Length: (\d+)", data)[1])
                    rest = length - (len(data) - data.index(b"\r\n\r\n") - 4)
                    while rest > 0:
                        rest -= len(connection.recv(65536))
                    equal(answer_of(data).status, 200, path)
                else:
                    equal(served.get(path).status, 200, path)
                times.append(time.time() - begin)
            if connection:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            for run in [pool.submit(client, i, i % 2 == 0) for i in range(64)]:
                run.result()
        times.sort()
        require(times[-1] < 5, f"the slowest of {len(times)} took {times[-1]:.1f} s")


@test
def a_slow_client_does_not_keep_it_from_stopping():
    for number in (signal.SIGTERM, signal.SIGINT):
        with Served() as served:
            half = served.connect()
            half.sendall(b"GET / HTTP/1.1\r\nHost: loc")
            reading = served.connect()
            reading.sendall(head("Content-Length: 1000\r\n") + b"x")
            begin = time.time()
            served.process.send_signal(number)
            equal(served.process.wait(6), 0, "the exit code")
            require(time.time() - begin < 5, f"it took {time.time() - begin:.1f} s")


@test
def a_second_signal_ends_it_at_once():
    with Served() as served:
        token = served.token()
        for path in ("/", "/review", "/triage", "/health"):
            served.get(path)
        lock = sqlite3.connect(served.location, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        writer = threading.Thread(target=lambda: served.note("waits", token=token))
        writer.start()
        time.sleep(0.5)
        # While one waits to write, others read.
        begin = time.time()
        for path in ("/", "/review", "/triage", "/health"):
            equal(served.get(path).status, 200, path)
        require(time.time() - begin < 10, "pages wait for a form")
        served.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        require(served.process.poll() is None, "it does not finish what it took")
        begin = time.time()
        served.process.send_signal(signal.SIGTERM)
        equal(served.process.wait(3), 128 + signal.SIGTERM, "the exit code")
        require(time.time() - begin < 1, "not at once")
        lock.execute("ROLLBACK")
        lock.close()
        writer.join()


@test
@suite.needs_postgres
def the_dashboard_comes_back_with_its_database():
    with Served("postgresql") as served:
        paths = ("/", "/review", "/triage", "/item/1", "/flow", "/health")
        for path in paths:
            equal(served.get(path).status, 200, path)
        equal(served.webhook("one").status, 202, "a delivery")
        end = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{served.name}'"
        require(int(psql(end)) > 0, "it has no connection")
        for path in paths:
            equal(served.get(path).status, 200, f"{path} after its connections were ended")
        require(int(psql(end)) > 0, "it has no connection")
        equal(served.webhook("two").status, 202, "a delivery after its connections were ended")
        equal(served.note("kept", token=served.token()).status, 303, "a form")
        # Away for a while.
        psql(f"ALTER DATABASE {served.name} WITH ALLOW_CONNECTIONS false")
        psql(end)
        equal(served.get("/health").status, 503, "/health while the store is away")
        equal(served.get("/review").status, 500, "a page while the store is away")
        equal(served.webhook("three").status, 503, "a delivery while the store is away")
        psql(f"ALTER DATABASE {served.name} WITH ALLOW_CONNECTIONS true")
        for path in paths:
            equal(served.get(path).status, 200, f"{path} after the store was away")
        equal(served.webhook("three").status, 202, "the delivery, sent again")
        equal(psql("SELECT count(*) FROM webhook_delivery", served.name), "3", "deliveries")


suite.finish()
