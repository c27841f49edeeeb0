#!/usr/bin/env python3
"""Times `resident fleet` and the page Fleet over many projects in one store.

    bench/fleet.py BINARY [--projects 1000] [--issues 170] [--keep FOLDER]

Some projects are simulated (--issues each: 170 make about 500 items), the others are copies of their rows under other
numbers, so that the store is as large as if all had been read. Prints the median of seven runs of the command in a new
process, and of the page from the running server: the first time and when it is made anew.
"""
import argparse
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
import urllib.request

SIMULATED = 8


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def make_store(binary, folder, projects, issues):
    store = folder / "fleet.db"
    for seed in range(1, min(SIMULATED, projects) + 1):
        made = folder / f"made{seed}"
        run(binary, "simulate", str(made), "--seed", str(seed), "--issues", str(issues), "--years", "5", "--no-repository")
        run(binary, "add", "jsonl", str(made / "project.jsonl"), "--project", f"project{seed:04}", "--db", str(store))
    database = sqlite3.connect(store)
    database.execute("PRAGMA synchronous = OFF")
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for project in range(min(SIMULATED, projects) + 1, projects + 1):
        origin = (project - 1) % SIMULATED + 1
        for table in tables:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            if "project_id" not in columns or table == "learnt":
                continue
            values = [str(project) if column == "project_id" else f"'project{project:04}'" if table == "project" and column == "name"
                      else f'"{column}"' for column in columns]
            quoted = ", ".join(f'"{column}"' for column in columns)
            database.execute(f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} FROM {table} WHERE project_id = {origin}")
    database.commit()
    database.execute("ANALYZE")
    database.commit()
    items, = database.execute("SELECT count(*) FROM item").fetchone()
    database.close()
    print(f"{projects} projects, {items:,} items, {store.stat().st_size / 1e6:,.0f} MB")
    return store


def time_command(binary, store):
    times = []
    for _ in range(7):
        begin = time.perf_counter()
        run(binary, "fleet", "--db", str(store), "--json")
        times.append(time.perf_counter() - begin)
    print(f"resident fleet --json: median {statistics.median(times):.3f} s, worst {max(times):.3f} s")


def time_page(binary, store):
    server = subprocess.Popen([binary, "serve", "--db", str(store), "--port", "8497"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen("http://127.0.0.1:8497/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        for what in ("first", "later"):
            begin = time.perf_counter()
            with urllib.request.urlopen("http://127.0.0.1:8497/fleet", timeout=60) as answer:
                page = answer.read()
                kind = answer.headers.get("X-Resident-Page", "made")
            print(f"page Fleet, {what} time: {time.perf_counter() - begin:.3f} s, {len(page) / 1e3:.0f} kB ({kind})")
    finally:
        server.terminate()
        server.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--issues", type=int, default=170)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    binary = str(pathlib.Path(options.binary).resolve())
    folder = options.keep or pathlib.Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    try:
        store = folder / "fleet.db"
        if not store.exists():
            store = make_store(binary, folder, options.projects, options.issues)
        time_command(binary, store)
        time_page(binary, store)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
