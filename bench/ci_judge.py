#!/usr/bin/env python3
"""Runs of CI with known causes, and how right Resident is about them.

    bench/ci_judge.py build/release/resident [--seed 1] [--issues 1000] [--years 2] [--builders 3] [--asked 150] [--keep FOLDER]

`resident simulate --builders N` makes the runs (docs/guide/simulation.md); its truth says which tests flake where and what caused
each failure of a pull request. Asked are `resident ci tests` for the flaky ones and, for failures of pull requests at the moment
their run ended, `resident ci explain` whose they are.
"""
import argparse
import collections
import datetime
import json
import pathlib
import random
import subprocess
import sys
import tempfile

NAMES = {"its own": "own", "the base's": "base", "flaky": "flaky", "the machine's": "machine", "not known": "unknown"}


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def share(part, of):
    return f"{part} of {of} ({part / of:.3f})" if of else "0 of 0"


def rows_of(text):
    found = json.loads(text)
    return (found[0] if isinstance(found, list) else found)["rows"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("resident")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--issues", type=int, default=1000)
    parser.add_argument("--years", type=float, default=2)
    parser.add_argument("--builders", type=int, default=3)
    parser.add_argument("--asked", type=int, default=150, help="runs of pull requests that are asked about")
    parser.add_argument("--keep", help="where to leave what was made")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        folder.mkdir(exist_ok=True)
        store = ["--db", str(folder / "ci.db"), "--project", "judged"]

        def resident(*arguments, to_store=True):
            done = subprocess.run([options.resident, *arguments, *(store if to_store else [])], capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{arguments}: {done.stderr}")
            return done.stdout

        resident("simulate", str(folder / "sim"), "--seed", str(options.seed), "--issues", str(options.issues), "--years", str(options.years),
                 "--builders", str(options.builders), "--no-repository", to_store=False)
        # Only the runs: nothing else says whose a failure is.
        ended = {}
        flaked = collections.Counter()
        with open(folder / "sim" / "project.jsonl") as lines, open(folder / "runs.jsonl", "w") as out:
            for line in lines:
                if '"record":"ci_run"' not in line:
                    continue
                out.write(line)
                run = json.loads(line)
                if "finished_at" in run:
                    ended[str(run["id"])] = run
        resident("add", "jsonl", str(folder / "runs.jsonl"))
        truth = json.loads((folder / "sim" / "truth.json").read_text())
        causes = [json.loads(line) for line in (folder / "sim" / "ci-truth.jsonl").read_text().splitlines()]
        # What flakes where, and how often it did in pull requests.
        known = {(flaky["name"], builder): flaky for flaky in truth["flaky_tests"] for builder in flaky["on"]}
        for cause in causes:
            if cause["cause"] == "flaky":
                flaked[(cause["test"], ended[cause["run"]]["name"])] += 1
        newest = max(seconds(run["finished_at"]) for run in ended.values())
        as_of = lambda at: ["--as-of", datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")]
        rows = rows_of(resident("ci", "tests", "--kind", "flaky", "--json", *as_of(newest)))
        found = {(row["test"], row["configuration"]) for row in rows}
        # `ci tests` looks back 400 days, and says what is so now.
        current = {key for key, flaky in known.items() if seconds(flaky["until"]) >= newest}
        wanted = {key for key in current if flaked[key] >= 3}
        print(f"{len(ended)} runs of {len(next(iter(ended.values()))['tests'])} tests on {options.builders} builders, {len(causes)} failures of pull requests; "
              f"{len(truth['outages'])} outages, {len(truth['breakages'])} breaks of the main branch")
        print(f"flaky, told of a test on a builder: precision {share(len(found & set(known)), len(found))}; recall, of those that flake now and failed three times in pull requests: {share(len(found & wanted), len(wanted))}")
        # Verdicts, at the moment the run ended.
        by_run = collections.defaultdict(dict)
        for cause in causes:
            if cause["failed"]:
                by_run[cause["run"]][cause["test"]] = cause["cause"]
        middle = sorted(seconds(ended[key]["finished_at"]) for key in by_run)[len(by_run) // 10]
        keys = sorted(key for key in by_run if seconds(ended[key]["finished_at"]) >= middle)  # not of a project that has just begun
        chosen = random.Random(options.seed).sample(keys, min(options.asked, len(keys)))
        confusion = collections.Counter()
        whole = whole_right = 0
        for key in chosen:
            rows = rows_of(resident("ci", "explain", key, "--json", *as_of(seconds(ended[key]["finished_at"]))))
            told = {row["test"]: NAMES[row["verdict"]] for row in rows}
            for test, cause in by_run[key].items():
                confusion[(cause, told.get(test, "unknown"))] += 1
            if all(told.get(test, "unknown") != "unknown" for test in by_run[key]):
                whole += 1
                whole_right += all(told[test] == cause for test, cause in by_run[key].items())
        total = sum(confusion.values())
        decided = sum(count for (_, told), count in confusion.items() if told != "unknown")
        right = sum(count for (cause, told), count in confusion.items() if told == cause)
        excused = sum(count for (_, told), count in confusion.items() if told not in ("own", "unknown"))
        excused_right = sum(count for (cause, told), count in confusion.items() if told not in ("own", "unknown") and cause != "own")
        print(f"{len(chosen)} runs of pull requests, {total} failures: decided {share(decided, total)}, right where decided {share(right, decided)}, told not yours and right {share(excused_right, excused)}")
        print(f"runs with every failure decided: {share(whole, len(chosen))}, all of them right: {share(whole_right, whole)}")
        for (cause, told), count in sorted(confusion.items()):
            print(f"  {cause:8} told {told:8} {count}")
        print(resident("accuracy", "verdicts"))


if __name__ == "__main__":
    main()
