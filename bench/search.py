#!/usr/bin/env python3
"""Search: how fast over a million comments, and how well it ranks beside plain FTS5.

search.py BINARY --comments 1000000 [--db FILE|postgresql://…] [--folder DIR] [--each 20]
                                                                  times of many kinds of queries, each as a process of its own,
                                                                  in one warm process (resident mcp), and in plain FTS5 over the
                                                                  same texts; what is in DIR from an earlier run is used again
search.py BINARY --gitbugs FOLDER/PROJECT [--db postgresql://…]   recall and MRR of known duplicates, asked by their titles; the database
                                                                  is to be empty
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
                                   "body": words_of(chooser, vocabulary, weights, 60), "created_at": at, "labels": [f"area-{number % 20}"], "timeline": timeline}) + "\n")
    return chooser, vocabulary, weights


def shapes_of(chooser, vocabulary, weights):
    """Kinds of queries, each a function that makes one. vocabulary[0] is the commonest word."""
    some = lambda count: words_of(chooser, vocabulary, weights, count)
    plain = [word for word in vocabulary if "_" not in word and word.islower()]
    common, rare = plain[:30], plain[5000:]
    return {
        "commonest words": lambda: chooser.choice(common),
        "one word": lambda: some(1),
        "rare word": lambda: chooser.choice(rare),
        "two words": lambda: some(2),
        "four words": lambda: some(4),
        "ten words": lambda: some(10),
        "two commonest": lambda: " ".join(chooser.sample(common, 2)),
        "phrase": lambda: '"' + words_of(chooser, vocabulary[:300], weights[:300], 2) + '"',
        "identifier": lambda: chooser.choice(vocabulary[::7]),
        "prefix": lambda: chooser.choice(plain[:3000])[:3] + "*",
        "is: and after:": lambda: "is:open " + chooser.choice(vocabulary[:2000]) + " after:2015-01-01",
        "label:": lambda: f"label:area-{chooser.randint(0, 19)} " + chooser.choice(plain[:300]),
        "author:": lambda: f"author:u{chooser.randint(1, 4999)} " + chooser.choice(common),
        "filters alone": lambda: f"is:open label:area-{chooser.randint(0, 19)}",
        "in:title, -word": lambda: f"in:title {some(1)} -{some(1)}",
        "no hits": lambda: "".join(chooser.choices("bcdfghjklmnpqrstvwxz", k=12)),
    }


class Assistant:
    """One `resident mcp`, asked again and again: a warm process."""

    def __init__(self, binary, db):
        self.process = subprocess.Popen([binary, "mcp", "--db", db, "--project", "sim"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask("initialize", {"protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}})

    def ask(self, method, parameters):
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer or answer["result"].get("isError"):
            sys.exit(f"{parameters}: {answer}")
        return answer

    def search(self, query):
        self.ask("tools/call", {"name": "search", "arguments": {"query": query}})

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def plain_fts5(path, simulated):
    """The same texts in a table of FTS5 as it comes: one row an item; its own tokenizer, its own bm25."""
    if not path.exists():
        table = sqlite3.connect(path)
        table.execute("CREATE VIRTUAL TABLE t USING fts5(title, body, replies)")
        with open(simulated) as lines:
            table.executemany("INSERT INTO t (rowid, title, body, replies) VALUES (?, ?, ?, ?)",
                              ((r["number"], r["title"], r["body"], "\n\n".join(e["body"] for e in r["timeline"])) for r in map(json.loads, lines)))
        table.commit()
        table.close()
    return sqlite3.connect(path)


def plain_query(query):
    """The words of a query for plain FTS5, or None where it has no word: all of them, filters left out."""
    parts = [f'"{part.strip(chr(34) + "*")}"' + ("*" if part.endswith("*") else "") for part in re.findall(r'"[^"]*"|\S+', query) if ":" not in part and not part.startswith("-")]
    return " AND ".join(parts) or None


def timed(times, work):
    begin = time.perf_counter()
    work()
    times.append((time.perf_counter() - begin) * 1000)


def summary(times):
    times = sorted(times)
    return f"{statistics.median(times):7.1f} {times[int(0.95 * (len(times) - 1))]:7.1f} {times[-1]:7.1f}"


def speed(binary, comments, db, folder, each):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"sim-{comments}.jsonl"
    chooser, vocabulary, weights = generate(path, comments)
    is_kept = db is None and (folder / f"sim-{comments}.db").exists()
    db = db or str(folder / f"sim-{comments}.db")
    if not is_kept:
        begin = time.time()
        run(binary, "add", "jsonl", path, "--project", "sim", "--db", db)
        print(f"import of {comments:,} comments: {time.time() - begin:.1f} s")
    begin = time.time()
    run(binary, "search", "nothing", "--project", "sim", "--db", db)
    print(f"first search, with the index {'brought up to date' if is_kept else 'made'}: {time.time() - begin:.1f} s")
    plain = plain_fts5(folder / f"plain-{comments}.db", path)
    assistant = Assistant(binary, db)
    figures = {name: ([], [], []) for name in ("one process each", "one warm process", "plain FTS5, library call")}
    print(f"{each} queries of each kind; median, 95 %, longest in ms\n{'':18}" + "".join(f" | {name:<23}" for name in figures))
    all_times = [[], [], []]
    for name, make in shapes_of(random.Random(7), vocabulary, weights).items():
        times = [[], [], []]
        for _ in range(each):
            query = make()
            words = plain_query(query)
            timed(times[0], lambda: run(binary, "search", "--project", "sim", "--db", db, "--", query))
            timed(times[1], lambda: assistant.search(query))
            if words:
                timed(times[2], lambda: plain.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 20", (words,)).fetchall())
        print(f"{name:18}" + "".join(f" | {summary(part) if part else '':<23}" for part in times), flush=True)
        for part, more in zip(all_times, times):
            part.extend(more)
    print(f"{'all':18}" + "".join(f" | {summary(part):<23}" for part in all_times))
    assistant.end()
    if os.path.exists(db):
        print(f"store with index: {os.path.getsize(db) / 1e6:.0f} MB")


def ranking(binary, folder, db):
    lines = run(sys.executable, HERE / "gitbugs_to_jsonl.py", folder).splitlines()
    items = {record["number"]: record for record in map(json.loads, lines) if record["record"] == "issue"}
    truth = {}  # of each pair the later asks
    for n, record in items.items():
        for other in (int(e["detail"][1:]) for e in record.get("timeline", []) if e["event"] == "marked_as_duplicate"):
            if other in items:
                first, later = sorted((n, other), key=lambda each: (items[each]["created_at"], each))
                truth.setdefault(later, set()).add(first)
    plain = sqlite3.connect(":memory:")
    plain.execute("CREATE VIRTUAL TABLE t USING fts5(title, body)")
    plain.executemany("INSERT INTO t (rowid, title, body) VALUES (?, ?, ?)", ((n, r["title"], r["body"]) for n, r in items.items()))
    figures = {"plain FTS5": [], "resident search": []}
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work, "p.jsonl")
        path.write_text("\n".join(lines))
        db = db or f"{work}/s.db"
        run(binary, "add", "jsonl", path, "--project", "p", "--db", db)
        for number, wanted in truth.items():
            record = items[number]
            query = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", record["title"]))
            rows = [n for (n,) in plain.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t)", (query,)) if items[n]["created_at"] < record["created_at"]][:50]
            ours = json.loads(run(binary, "search", "--json", "--limit", 50, "--project", "p", "--db", db, "--", "is:issue before:" + time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record["created_at"])), record["title"].replace('"', " ").replace(":", " ").replace("-", " ")))
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
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--gitbugs", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.comments:
        with tempfile.TemporaryDirectory(prefix="resident-search-") as folder:
            speed(arguments.binary, arguments.comments, arguments.db, arguments.folder or pathlib.Path(folder), arguments.each)
    if arguments.gitbugs:
        ranking(arguments.binary, arguments.gitbugs, arguments.db)


main()
