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
    pull = timed("sql", "SELECT max(number) AS n FROM item JOIN item_interval USING (project_id, item_id) WHERE kind = 'pull' AND "
                 "item_interval.closed_at IS NULL", "--format", "csv")[1].split()[-1]
    # What a day brings: new issues, with the words of old ones.
    fresh = []
    for row in json.loads(timed("sql", "SELECT title, body FROM item WHERE kind = 'issue' AND length(body) > 300 ORDER BY item_id "
                                "DESC LIMIT 40", "--json")[1]):
        moment = f"2026-10-01T00:{len(fresh):02d}:00Z"
        fresh.append({"record": "issue", "number": 900000 + len(fresh), "title": row["title"], "body": row["body"], "author":
                      {"login": "newcomer", "id": 987654}, "created_at": moment, "updated_at": moment, "state": "open"})
    pathlib.Path(folder, "fresh.jsonl").write_text("".join(json.dumps(record) + "\n" for record in fresh))
    print(f"import of {len(fresh)} new issues: {timed('add', 'jsonl', 'fresh.jsonl', '--project', 'big')[0]:.1f} s")
    for what in (["triage", "show", "900000"], ["triage", "show", "900000"], ["triage", "proposals", "--format", "csv"],
                 ["triage", "proposals", "--format", "csv"], ["triage"], ["review", "next"], ["review", "next"], ["review", "show", pull]):
        print(f"{' '.join(what)}: {timed(*what)[0]:.2f} s")
