#!/usr/bin/env python3
"""Times `resident serve` under load: many clients over all pages from the first moment on (cold pages), with and without keep-alive,
beside silent and very slow clients; and its memory.

dashboard.py BINARY --db STORE [--clients 64] [--requests 5000 | --seconds N] [--slow] [--wait SECONDS] [--patience MS]
dashboard.py BINARY --db STORE --first
Everything on loopback. --slow: beside 200 silent connections and 64 that send a byte a second.
--first: one client asks for each page in turn, from the server's start on: when the first answer is there and what it is,
when the page itself is there with all its parts, when it is there again; the server's processor time and memory.
--seconds: so long instead of so many requests, each way. --wait: seconds after the start before the first request (0: cold). --patience: as `resident serve` takes it. Answers are
counted by their status, or, where the page is of before or is still being made, by that.
"""
import argparse
import concurrent.futures
import http.client
import os
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
parser.add_argument("--first", action="store_true")
parser.add_argument("--seconds", type=float)
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
        for i in range(10**9 if options.seconds else requests // options.clients):
            if options.seconds and time.time() - begin_of_all > options.seconds:
                break
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

    begin = begin_of_all = time.time()
    with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
        for run in [pool.submit(client, number) for number in range(options.clients)]:
            run.result()
    took = time.time() - begin
    times.sort()
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))] * 1000
    print(f"{name}: {len(times)} requests, {len(times) / took:.0f}/s, p50 {at(.5):.0f} ms, p90 {at(.9):.0f}, p99 {at(.99):.0f}, max {times[-1] * 1000:.0f}; {statuses}; {memory(process)} MB", flush=True)


def processor(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(process):
    return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())[1]) // 1024


def ask(port, path):
    begin = time.time()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    # A part that is still being learnt is said in the page.
    lacks = b"being learnt; they stand here" in body or b"is being read; it stands here" in body
    return time.time() - begin, answer.getheader("X-Resident-Page") or ("in part" if lacks else answer.status), len(body)


def first_pages(port, process):
    print("| page | first answer | | the page itself | again | kB | processor time so far | memory, peak |\n|---|---:|---|---:|---:|---:|---:|---:|")
    for path in PATHS:
        begin = time.time()
        first, kind, size = ask(port, path)
        what = kind
        while what != 200:
            time.sleep(0.05)
            _, what, size = ask(port, path)
        whole = time.time() - begin
        again = ask(port, path)[0]
        print(f"| {path} | {first * 1000:.0f} ms | {'' if kind == 200 else kind} | {whole:.2f} s | {again * 1000:.0f} ms | {size // 1000} | {processor(process):.1f} s | {memory(process)}, {peak(process)} MB |", flush=True)


process = subprocess.Popen([options.binary, "serve", "--db", options.db, "--port", "0", "--patience", str(options.patience)], stderr=subprocess.PIPE, text=True)
try:
    port = int(re.search(r":(\d+)/", process.stderr.readline())[1])
    time.sleep(options.wait)
    stop = threading.Event()
    if options.slow:
        threading.Thread(target=drip, args=(port, stop)).start()
        time.sleep(2)
    print(f"start: {memory(process)} MB")
    if options.first:
        first_pages(port, process)
    else:
        measure("cold, keep-alive", port, process, True, options.requests)
        measure("a connection each", port, process, False, options.requests)
        measure("keep-alive", port, process, True, options.requests)
    stop.set()
finally:
    process.kill()
    process.wait()
