#!/usr/bin/env python3
"""Times the program on real input, beside what one would otherwise use, in the same run.

    bench/run.py BINARY --clone CLONE [--branch REF] [--metadata PLACE] [--as-of DATE] [--rounds 3] [--serve]

Prints one table as Markdown (docs/performance.md holds such tables). Each line is run in
turn with its yardstick, as often as --rounds says; the median counts.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import tempfile
import time
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--clone")
parser.add_argument("--branch", default="HEAD")
parser.add_argument("--metadata")
parser.add_argument("--as-of")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--serve", action="store_true")
arguments = parser.parse_args()
binary = str(pathlib.Path(arguments.binary).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="resident-bench-"))
db = str(work / "bench.db")
as_of = ["--as-of", arguments.as_of] if arguments.as_of else []


def run(command, **more):
    """Seconds and peak memory in MB of one command."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    return seconds, usage.ru_maxrss / 1024, status


def line(what, ours, yardstick=None, prepare=None, rounds=None):
    mine, theirs, memory = [], [], 0
    for _ in range(rounds or arguments.rounds):
        if prepare:
            prepare()
        seconds, peak, status = run(ours)
        if status:
            print(f"| {what} | failed | | |")
            return
        mine.append(seconds)
        memory = max(memory, peak)
        if yardstick:
            theirs.append(run(yardstick[1], shell=isinstance(yardstick[1], str))[0])
    middle = statistics.median(mine)
    other = f"{yardstick[0]}: {statistics.median(theirs):.2f} s, ratio {statistics.median(theirs) / middle:.1f}" if yardstick else ""
    print(f"| {what} | {middle:.2f} s | {memory:.0f} MB | {other} |", flush=True)


def forget():
    for path in work.glob("bench.db*"):
        path.unlink()


print("| what | time (median) | peak memory | beside it |\n|---|---:|---:|---|")
if arguments.metadata:
    place = pathlib.Path(arguments.metadata)
    beside = ("jq over all files, counting events", f"find {place} -name '*.json' -print0 | xargs -0 jq '.events | length' >/dev/null") if place.is_dir() else None
    line("import of the metadata, cold", [binary, "add", "github-metadata", str(place), "--project", "p", "--db", db], beside, forget)
    line("again, nothing new", [binary, "add", "github-metadata", str(place), "--project", "p", "--db", db])
if arguments.clone:
    git = ["git", "-C", arguments.clone, "log", "--numstat", "-M", "--format=%H", arguments.branch]
    clone = [binary, "add", "git", arguments.clone, "--project", "p", "--db", db]
    if not arguments.metadata:
        line("mining the clone into the store, cold", clone, ("git log --numstat -M " + arguments.branch, git), forget)
    else:
        line("mining the clone into the store", clone, rounds=1)
    line("again, nothing new", clone)
for command in ("today", "review", "triage", "measures", "modules", "people", "report"):
    line(f"resident {command}", [binary, command, "--db", db, *as_of])
if arguments.serve:
    server = subprocess.Popen([binary, "serve", "--db", db, "--port", "0"], stderr=subprocess.PIPE, text=True)
    address = re.search(r"http://\S+/", server.stderr.readline()).group(0)
    query = f"?as_of={arguments.as_of}" if arguments.as_of else ""
    for page in ("", "flow", "people", "modules", "report"):
        times = []
        for _ in range(10):
            begin = time.perf_counter()
            urllib.request.urlopen(address + page + query).read()
            times.append(time.perf_counter() - begin)
        print(f"| page /{page} | first {times[0] * 1000:.0f} ms, then {statistics.median(times[1:]) * 1000:.0f} ms | | |", flush=True)
    server.terminate()
    server.wait()
forget()
