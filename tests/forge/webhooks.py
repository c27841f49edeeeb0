#!/usr/bin/env python3
"""Webhooks: forged ones refused, replays kept once, none lost when the server is killed, and the items as a sync has them.

webhooks.py BINARY [--deliveries 3000]
"""
import concurrent.futures
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

BINARY = str(pathlib.Path(sys.argv[1]).resolve())
COUNT = int(sys.argv[3]) if "--deliveries" in sys.argv else 3000
SECRET = "secret-of-the-webhook-test"
WORK = pathlib.Path(tempfile.mkdtemp(prefix="resident-webhooks-"))
ENVIRONMENT = {**os.environ, "HOOK_SECRET": SECRET}
passed = failed = 0


def check(name, is_so, more=""):
    global passed, failed
    passed, failed = passed + bool(is_so), failed + (not is_so)
    print(f"{'ok' if is_so else 'FAIL'} {name} {more}")


def serve():
    server = subprocess.Popen([BINARY, "serve", "--db", "s.db", "--port", "0"], cwd=WORK, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    line = server.stderr.readline()
    return server, int(re.search(r":(\d+)/", line)[1])


def post(connection, number, delivery, secret=SECRET, body=None, path="/webhooks/p"):
    body = body or json.dumps({"action": "edited", "issue": {"number": number}}).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    connection.request("POST", path, body, {"Content-Type": "application/json", "X-GitHub-Delivery": delivery, "X-GitHub-Event": "issues",
                                            "X-Hub-Signature-256": signature, "Host": "hooks.example.org"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


(WORK / "resident.toml").write_text('[project.p.webhook]\nsecret_env = "HOOK_SECRET"\n')
(WORK / "p.jsonl").write_text(json.dumps({"record": "issue", "number": 1, "title": "One", "author": "ada", "created_at": "2024-01-01T00:00:00Z"}))
subprocess.run([BINARY, "add", "jsonl", "p.jsonl", "--project", "p", "--db", "s.db"], cwd=WORK, check=True, capture_output=True)
server, port = serve()
connection = http.client.HTTPConnection("127.0.0.1", port)
check("a delivery is kept", post(connection, 1, "first") == 202)
check("a replay is answered and kept once", post(connection, 1, "first") == 202)
check("a forged one is refused", post(connection, 1, "forged", secret="guess") == 403)
check("nobody learns which projects there are", post(connection, 1, "x", path="/webhooks/other") == 403)
check("nonsense is refused", post(connection, 1, "x2", body=b"{") == 400 and post(connection, 1, "../../x") == 400)
connection.request("GET", "/")
page = connection.getresponse()
page.read()
check("pages are still read", page.status == 200)
connection.request("POST", "/")
page = connection.getresponse()
page.read()
check("pages still take no POST", page.status == 405)

# Several senders; the server is killed in the middle; what was not answered is sent again, as forges do.
accepted = set()


def sender(part):
    mine = http.client.HTTPConnection("127.0.0.1", port)
    for i in range(part, COUNT, 4):
        try:
            if post(mine, i % 50 + 1, f"d{i}") == 202:
                accepted.add(i)
        except (OSError, http.client.HTTPException):
            return


begin = time.time()
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    runs = [pool.submit(sender, part) for part in range(4)]
    while len(accepted) < COUNT // 2 and time.time() - begin < 60:
        time.sleep(0.01)
    server.send_signal(signal.SIGKILL)
    for each in runs:
        each.result()
server.wait()
before = set(accepted)
rows = lambda: [row[0] for row in sqlite3.connect(WORK / "s.db").execute("SELECT delivery_id FROM webhook_delivery")]
kept = set(rows())
check("what was answered before the kill is there", all(f"d{i}" in kept for i in before), f"({len(before)} answered)")
server, port = serve()
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    list(pool.map(sender, range(4)))
seconds = time.time() - begin
final = rows()
check("all are there, each once", len(final) == len(set(final)) == COUNT + 1 and len(accepted) == COUNT, f"({COUNT} in {seconds:.1f} s)")
server.send_signal(signal.SIGTERM)
check("it stops when told", server.wait(20) == 0)
stored = sqlite3.connect(WORK / "s.db").execute("SELECT state, count(*) FROM webhook_delivery GROUP BY state").fetchall()
check("they wait for a forge to be read", dict(stored) == {"queued": COUNT + 1}, str(stored))
check("the secret is nowhere in the store", SECRET.encode() not in (WORK / "s.db").read_bytes())
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
