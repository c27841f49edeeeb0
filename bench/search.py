#!/usr/bin/env python3
"""Search: how fast over a million comments, and how well it ranks beside plain FTS5.

search.py BINARY --comments 1000000 [--db FILE|postgresql://…]    median and 95th percentile over 120 queries
search.py BINARY --gitbugs FOLDER/PROJECT                         recall and MRR of known duplicates, asked by their titles
"""
import argparse
import csv
import json
import os
import pathlib
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def run(*arguments, **more):
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{arguments}: {done.stderr}")
    return done.stdout


def words_of(chooser, vocabulary, weights, count):
    return " ".join(chooser.choices(vocabulary, cum_weights=weights, k=count))


def generate(path, comments, seed=1):
    """Items with seven comments each; words by Zipf's law, identifiers among them."""
    chooser = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["".join(chooser.choices(letters, k=chooser.randint(3, 10))) for _ in range(40000)]
    for i in range(0, len(vocabulary), 7):
        vocabulary[i] = f"{vocabulary[i]}_{vocabulary[i - 1]}" if i % 2 else vocabulary[i].title() + vocabulary[i - 1].title()
    weights, total = [], 0.0
    for rank in range(1, len(vocabulary) + 1):
        total += 1 / (rank + 2.7)
        weights.append(total)
    per_item, start = 7, 1262304000
    with open(path, "w") as file:
        for number in range(1, comments // per_item + 1):
            at = start + number * 3000
            timeline = [{"event": "commented", "id": f"{number}-{i}", "at": at + 60 * i, "actor": f"u{chooser.randint(1, 5000)}",
                         "body": words_of(chooser, vocabulary, weights, chooser.randint(10, 60))} for i in range(per_item)]
            file.write(json.dumps({"record": "issue", "number": number, "title": words_of(chooser, vocabulary, weights, 8), "author": f"u{number % 5000}",
                                   "body": words_of(chooser, vocabulary, weights, 60), "created_at": at, "timeline": timeline}) + "\n")
    return chooser, vocabulary, weights


def speed(binary, comments, db):
    with tempfile.TemporaryDirectory(prefix="resident-search-") as folder:
        path = pathlib.Path(folder, "sim.jsonl")
        chooser, vocabulary, weights = generate(path, comments)
        db = db or str(pathlib.Path(folder, "s.db"))
        begin = time.time()
        run(binary, "add", "jsonl", path, "--project", "sim", "--db", db)
        print(f"import of {comments:,} comments: {time.time() - begin:.1f} s")
        begin = time.time()
        run(binary, "search", "nothing", "--project", "sim", "--db", db)
        print(f"index: {time.time() - begin:.1f} s")
        shapes = [lambda: words_of(chooser, vocabulary, weights, 1), lambda: words_of(chooser, vocabulary, weights, 2), lambda: words_of(chooser, vocabulary, weights, 4),
                  lambda: '"' + words_of(chooser, vocabulary[:300], weights[:300], 2) + '"', lambda: chooser.choice(vocabulary[::7]), lambda: "is:open " + chooser.choice(vocabulary[:2000]) + " after:2015-01-01"]
        times = []
        for i in range(120):
            query = shapes[i % len(shapes)]()
            begin = time.time()
            run(binary, "search", "--project", "sim", "--db", db, "--", query)
            times.append((time.time() - begin) * 1000)
        times.sort()
        print(f"120 queries, whole processes: median {statistics.median(times):.0f} ms, 95 % below {times[113]:.0f} ms, longest {times[-1]:.0f} ms")
        if os.path.exists(db):
            print(f"store with index: {os.path.getsize(db) / 1e6:.0f} MB")


def ranking(binary, folder):
    lines = run(sys.executable, HERE / "gitbugs_to_jsonl.py", folder).splitlines()
    items = {record["number"]: record for record in map(json.loads, lines)}
    truth = {n: {int(e["detail"][1:]) for e in r.get("timeline", []) if e["event"] == "marked_as_duplicate"} for n, r in items.items()}
    plain = sqlite3.connect(":memory:")
    plain.execute("CREATE VIRTUAL TABLE t USING fts5(title, body)")
    plain.executemany("INSERT INTO t (rowid, title, body) VALUES (?, ?, ?)", ((n, r["title"], r["body"]) for n, r in items.items()))
    figures = {"plain FTS5": [], "resident search": []}
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work, "p.jsonl")
        path.write_text("\n".join(lines))
        run(binary, "add", "jsonl", path, "--project", "p", "--db", f"{work}/s.db")
        for number, wanted in truth.items():
            if not wanted:
                continue
            record = items[number]
            query = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", record["title"]))
            rows = [n for (n,) in plain.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 400", (query,)) if items[n]["created_at"] < record["created_at"]]
            ours = json.loads(run(binary, "search", "--json", "--limit", 50, "--db", f"{work}/s.db", "--", "is:issue before:" + record["created_at"], record["title"].replace('"', " ").replace(":", " ").replace("-", " ")))
            for name, ranked in (("plain FTS5", rows), ("resident search", [row["number"] for row in ours["rows"]])):
                place = next((i + 1 for i, n in enumerate(ranked) if n in wanted), 0)
                figures[name].append((1 / place if place else 0, *[len(set(ranked[:k]) & wanted) / len(wanted) for k in (1, 5, 10)]))
    print(f"{len(figures['plain FTS5'])} queries by title")
    for name, rows in figures.items():
        mrr, *recalls = [statistics.mean(column) for column in zip(*rows)]
        print(f"{name}: MRR {mrr:.3f}, recall@1/5/10 {' '.join(f'{r:.3f}' for r in recalls)}")
    differences = [b[0] - a[0] for a, b in zip(figures["plain FTS5"], figures["resident search"])]
    chooser = random.Random(1)
    means = sorted(statistics.mean(chooser.choices(differences, k=len(differences))) for _ in range(2000))
    print(f"MRR above plain FTS5 by {statistics.mean(differences):.3f} (95 % interval {means[50]:.3f} to {means[1949]:.3f}, paired bootstrap)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("--comments", type=int)
    parser.add_argument("--db")
    parser.add_argument("--gitbugs", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.comments:
        speed(arguments.binary, arguments.comments, arguments.db)
    if arguments.gitbugs:
        ranking(arguments.binary, arguments.gitbugs)


main()
