#!/usr/bin/env python3
"""Webhooks: how many deliveries `resident serve` takes a second on loopback, with what memory, and whether each is kept once.

webhooks.py BINARY [--deliveries 1000000] [--replays 0.05] [--forged 0.05] [--senders 4] [--connections 2] [--db postgresql://…]

The fake forge of tests/fake_forge is read anew by the server meanwhile. A delivery is as GitHub sends it: a random id, a body
of 10 kB or so, signed. Some are sent again under their id, some are forged: by another secret, or with a body that was changed.
In the end every genuine one must be in the store, once, and done with; and no other. The database of --db is to be empty, and
is asked by psql; without it the store is a file of SQLite's.
"""
import argparse
import hashlib
import hmac
import json
import multiprocessing
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "forge"))
from forge import FAKE, Forge, Run  # noqa: E402

SECRET = b"secret-of-the-webhook-bench"


def identifier(sender, index):
    """Like the forge's: without order. Known by its number, so that the end can be checked."""
    text = hashlib.md5(f"{sender}/{index}".encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def bodies(numbers):
    """A comment on each item, as the forge's own example says it."""
    events = json.loads((FAKE / "node_modules/@octokit/webhooks-examples/api.github.com/index.json").read_text())
    payload = next(event for event in events if event["name"] == "issue_comment")["examples"][0]
    made = []
    for number in numbers:
        payload["issue"]["number"] = number
        made.append(json.dumps(payload).encode())
    return made


def signed(body, secret=SECRET):
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


class Connection:
    def __init__(self, port):
        self.port, self.socket = port, None

    def send(self, message):
        self.message = message
        if not self.socket:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(message)

    def receive(self):
        """The status; a connection that the server ended before it answered is made anew."""
        while True:
            data = b""
            try:
                while b"\r\n\r\n" not in data:
                    more = self.socket.recv(65536)
                    if not more:
                        raise ConnectionError
                    data += more
                head, _, rest = data.partition(b"\r\n\r\n")
                length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
                while len(rest) < length:
                    rest += self.socket.recv(65536)
                if b"connection: close" in head.lower():
                    self.socket.close()
                    self.socket = None
                return int(head[9:12])
            except OSError:
                self.socket.close()
                self.socket = None
                self.send(self.message)


def send_all(sender, count, options, port, numbers, done, results):
    chooser = random.Random(sender)
    ready = [(body, signed(body)) for body in bodies(numbers)]
    strange = [(body, signed(body, b"guess")) for body, _ in ready] + [(body.replace(b"Codertocat", b"Codertoc4t", 1), right) for body, right in ready]
    connections = [Connection(port) for _ in range(options.connections)]
    told = {"genuine": 0, "replayed": 0, "forged": 0, "again": 0, "wrong": 0}

    def message(name, body, signature):
        return (f"POST /webhooks/p HTTP/1.1\r\nHost: hooks.example.org\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nX-GitHub-Event: issue_comment\r\n"
                f"X-GitHub-Delivery: {name}\r\nX-Hub-Signature-256: sha256={signature}\r\n\r\n").encode() + body

    sent = 0
    while sent < count:
        round_ = []
        for connection in connections[: count - sent]:
            luck = chooser.random()
            if luck < options.forged:
                kind, wanted, made = "forged", 403, message(f"forged-{sender}-{told['forged']}", *chooser.choice(strange))
            elif luck < options.forged + options.replays and told["genuine"] > 0:
                kind, wanted, made = "replayed", 202, message(identifier(sender, chooser.randrange(told["genuine"])), *chooser.choice(ready))
            else:
                kind, wanted, made = "genuine", 202, message(identifier(sender, told["genuine"]), *chooser.choice(ready))
            told[kind] += 1
            sent += 1
            connection.send(made)
            round_.append((connection, wanted))
        for connection, wanted in round_:
            status = connection.receive()
            while status == 503:  # too many at once: again
                told["again"] += 1
                connection.send(connection.message)
                status = connection.receive()
            told["wrong"] += status != wanted
        done[sender] = sent
    results.put((sender, told))


def memory_of(process):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())[1]) / 1024


def is_postgres(db):
    return str(db).startswith("postgresql://")


def rows_of(db, sql):
    """Of few columns, none of which holds a tab or a new line; as text."""
    if is_postgres(db):
        lines = subprocess.run(["psql", "-qXAt", "-F", "\t", db, "-c", sql], check=True, capture_output=True, text=True).stdout.splitlines()
        return [tuple(line.split("\t")) for line in lines]
    with sqlite3.connect(db) as store:
        return [tuple(map(str, row)) for row in store.execute(sql)]


def waiting_in(db):
    return int(rows_of(db, "SELECT count(*) FROM webhook_delivery WHERE state IN ('queued', 'reading')")[0][0])


def size_of(run):
    if is_postgres(run.db):
        return int(rows_of(run.db, "SELECT pg_database_size(current_database())")[0][0])
    return sum(file.stat().st_size for file in run.folder.glob("store.db*"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--deliveries", type=int, default=1_000_000)
    parser.add_argument("--replays", type=float, default=0.05)
    parser.add_argument("--forged", type=float, default=0.05)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--connections", type=int, default=2)
    parser.add_argument("--db")
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="resident-webhooks-", dir=os.environ.get("TMPDIR")))
    subprocess.run(["node", str(FAKE / "make_project.mjs"), str(work / "small")], check=True, stdout=subprocess.DEVNULL)
    forge = Forge(work / "small")
    forge.control(limits={"core": 10**9, "graphql": 10**9, "search": 10**6, "anonymous_core": 10**6, "anonymous_search": 10**6})
    run = Run(str(pathlib.Path(options.binary).resolve()), forge, work / "run", settings='[project.p.webhook]\nsecret_env = "HOOK_SECRET"\n')
    del run.environment["RESIDENT_NOW"]
    run.db = options.db or run.db
    if run.add():
        sys.exit(run.outputs[-1])
    run.environment["HOOK_SECRET"] = SECRET.decode()
    server = subprocess.Popen(run.command("serve", "--port", "0"), cwd=run.folder, env=run.environment, stderr=subprocess.PIPE, text=True)
    port = int(re.search(r":(\d+)/", server.stderr.readline())[1])
    forge.control(clear_statistics=True)
    numbers = forge.project()["numbers"]
    count = options.deliveries
    shares = [count // options.senders + (i < count % options.senders) for i in range(options.senders)]
    done = multiprocessing.Array("q", options.senders, lock=False)
    results = multiprocessing.Queue()
    start_memory = memory_of(server)
    print(f"{count:,} deliveries of {len(bodies(numbers[:1])[0]):,} bytes about {len(numbers)} items, {options.senders} senders with {options.connections} connections each; memory at the start {start_memory:.0f} MB", flush=True)
    begin = last = time.time()
    senders = [multiprocessing.Process(target=send_all, args=(i, share, options, port, numbers, done, results)) for i, share in enumerate(shares)]
    for sender in senders:
        sender.start()
    memories, last_done = [], 0
    for tenth in range(1, 11):
        while sum(done) < count * tenth // 10 and any(sender.is_alive() for sender in senders):
            time.sleep(0.02)
        now, so_far = time.time(), sum(done)
        memories.append(memory_of(server))
        print(f"{so_far:>10,} {(so_far - last_done) / (now - last):8,.0f}/s  memory {memories[-1]:5.0f} MB  waiting {waiting_in(run.db):,}", flush=True)
        last, last_done = time.time(), so_far
    told = {}
    for _ in senders:
        sender, one = results.get(timeout=60)
        told[sender] = one
    seconds = time.time() - begin
    for sender in senders:
        sender.join()
    total = {key: sum(one[key] for one in told.values()) for key in told[0]}
    print(f"{count / seconds:,.0f} deliveries a second over {seconds:.0f} s: {total}")
    while waiting_in(run.db) and time.time() - begin - seconds < 300:
        time.sleep(0.05)
    drained = time.time() - begin - seconds
    statistics = forge.stats()
    print(f"all read {drained:.1f} s after the last; the forge was asked {statistics['requests']:,} times; store {size_of(run) / 1e6:.0f} MB")
    server.send_signal(signal.SIGTERM)
    failed = []
    if server.wait(30):
        failed.append(f"the server ended with {server.returncode}")
    errors = server.stderr.read()
    if errors.strip():
        failed.append("the server said: " + errors[:300])
    wanted = {identifier(sender, i) for sender, one in told.items() for i in range(one["genuine"])}
    stored = rows_of(run.db, "SELECT delivery_id, state FROM webhook_delivery")
    kept = {row[0] for row in stored}
    if len(kept) != len(stored):
        failed.append("some are there twice")
    if kept != wanted:
        failed.append(f"{len(wanted - kept)} lost, {len(kept - wanted)} that were not sent or forged")
    if {row[1] for row in stored} != {"applied"}:
        failed.append(f"states {({row[1] for row in stored})}")
    if memories[-1] > memories[0] * 1.25 + 8:
        failed.append(f"memory grew from {memories[0]:.0f} to {memories[-1]:.0f} MB")
    if total["wrong"]:
        failed.append(f"{total['wrong']} answers other than they should be")
    print(f"memory {start_memory:.0f} MB at the start, {memories[0]:.0f} MB after a tenth, {memories[-1]:.0f} MB at the end, most {max(memories):.0f} MB")
    print("FAIL " + "; ".join(failed) if failed else f"ok {len(kept):,} kept, each once, and read; {total['replayed']:,} replays changed nothing, {total['forged']:,} forged refused")
    forge.stop()
    shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
