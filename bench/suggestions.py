#!/usr/bin/env python3
"""All suggestions from nothing, on a simulated project of CPython's size: labels, duplicates, missing information and the
rest for every open issue, and reviewers in a planned session.

suggestions.py BINARY [--issues 60000]
"""
import argparse
import json
import pathlib
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("binary", type=lambda path: str(pathlib.Path(path).resolve()))
parser.add_argument("--issues", type=int, default=60000)
options = parser.parse_args()


def timed(*arguments):
    begin = time.time()
    done = subprocess.run([options.binary, *arguments], capture_output=True, text=True, cwd=folder, check=True)
    return time.time() - begin, done.stdout


with tempfile.TemporaryDirectory(prefix="resident-suggestions-") as folder:
    timed("simulate", "big", "--seed", "3", "--issues", str(options.issues), "--years", "20", "--no-repository")
    print(f"import: {timed('add', 'jsonl', 'big/project.jsonl', '--project', 'big')[0]:.1f} s")
    counts = json.loads(timed("sql", "SELECT kind, count(*) AS n FROM item_interval JOIN item USING (project_id, item_id) WHERE "
                              "item_interval.closed_at IS NULL GROUP BY kind ORDER BY kind", "--json")[1])
    print("open:", ", ".join(f"{row['n']} {row['kind']}s" for row in counts))
    seconds, out = timed("triage", "proposals", "--format", "csv")
    print(f"triage proposals: {seconds:.1f} s, {out.count(chr(10)) - 1} rows")
    print(f"review next: {timed('review', 'next')[0]:.1f} s")
