#!/usr/bin/env python3
"""Times `resident serve` under load: many clients over all pages from the first moment on (cold pages), with and without keep-alive,
beside silent and very slow clients; and its memory.

dashboard.py BINARY --db STORE [--clients 64] [--requests 5000] [--slow] [--wait SECONDS] [--patience MS]
Everything on loopback. --slow: beside 200 silent connections and 64 that send a byte a second.
--wait: seconds after the start before the first request (0: cold). --patience: as `resident serve` takes it. Answers are
counted by their status, or, where the page is of before or is still being made, by that.
"""
import argparse
import concurrent.futures
import http.client
import pathlib
import re
import socket
import subprocess
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--db", required=True)
parser.add_argument("--clients", type=int, default=64)
parser.add_argument("--requests", type=int, default=5000)
parser.add_argument("--slow", action="store_true")
parser.add_argument("--patience", type=int, default=400)
parser.add_argument("--wait", type=float, default=0)
options = parser.parse_args()
PATHS = ["/", "/review", "/triage", "/inbox", "/plan", "/flow", "/people", "/modules", "/report"]


def memory(process):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())[1]) // 1024


def drip(port, stop):
    request = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 500
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(264)]
    for at in range(len(request)):
        for place in range(64):
            try:
                connections[place].send(request[at : at + 1])
            except OSError:
                connections[place] = socket.create_connection(("127.0.0.1", port))
        if stop.wait(1):
            return


def measure(name, port, process, keeps, requests):
    times, statuses, lock = [], {}, threading.Lock()

    def client(number):
        connection = None
        for i in range(requests // options.clients):
            path = PATHS[(number + i) % len(PATHS)]
            begin = time.time()
            if connection is None or not keeps:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            try:
                connection.request("GET", path, headers={} if keeps else {"Connection": "close"})
                answer = connection.getresponse()
                answer.read()
                status = answer.getheader("X-Resident-Page") or answer.status
            except OSError as error:
                status, connection = type(error).__name__, None
            with lock:
                times.append(time.time() - begin)
                statuses[status] = statuses.get(status, 0) + 1

    begin = time.time()
    with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
        for run in [pool.submit(client, number) for number in range(options.clients)]:
            run.result()
    took = time.time() - begin
    times.sort()
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))] * 1000
    print(f"{name}: {len(times)} requests, {len(times) / took:.0f}/s, p50 {at(.5):.0f} ms, p90 {at(.9):.0f}, p99 {at(.99):.0f}, max {times[-1] * 1000:.0f}; {statuses}; {memory(process)} MB", flush=True)


process = subprocess.Popen([options.binary, "serve", "--db", options.db, "--port", "0", "--patience", str(options.patience)], stderr=subprocess.PIPE, text=True)
try:
    port = int(re.search(r":(\d+)/", process.stderr.readline())[1])
    time.sleep(options.wait)
    stop = threading.Event()
    if options.slow:
        threading.Thread(target=drip, args=(port, stop)).start()
        time.sleep(2)
    print(f"start: {memory(process)} MB")
    measure("cold, keep-alive", port, process, True, options.requests)
    measure("a connection each", port, process, False, options.requests)
    measure("keep-alive", port, process, True, options.requests)
    stop.set()
finally:
    process.kill()
    process.wait()
