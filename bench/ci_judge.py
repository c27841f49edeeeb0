#!/usr/bin/env python3
"""Runs of CI with known truth, and how right Resident is about them.

    bench/ci_judge.py build/release/resident [--seed 1] [--tests 400] [--pulls 1200] [--keep FOLDER]

Makes a project's runs from a seed: three builders; tests that flake at rates from 0.2 to 10 % (some on one builder alone, some
for a while, some by the order in which a shuffling builder runs them); merges that break a test on the main branch until another
mends it; pushes of pull requests that break some of their own; builders that lose most of a run for some hours, for whatever
commit; one builder that goes bad for days; authors and builders who try again. Then it asks `resident ci tests` for the flaky
ones and, for failures of pull requests at the moment their run ended, `resident ci explain` whose they are, and counts.
"""
import argparse
import time
import json
import pathlib
import random
import subprocess
import sys
import tempfile

DAY = 86400
START = 1_700_000_000
DAYS = 120
BUILDERS = ["linux", "macos", "windows"]


class Project:
    def __init__(self, seed, tests, pulls):
        self.random = random.Random(seed)
        r = self.random
        self.tests = [f"tests/test_{i // 10}.py::test_case_{i}" for i in range(tests)]
        chosen = r.sample(range(tests), 40)
        self.flaky = {}
        for place, test in enumerate(chosen):
            rate = 0.002 * 50 ** r.random()
            builders = [r.choice(BUILDERS)] if place % 4 == 0 else BUILDERS
            begin = START + r.uniform(0.2, 0.5) * DAYS * DAY if place % 5 == 1 else START
            if place % 10 == 3:  # by order: the shuffling builder has it after the wrong one half of the time, in some runs
                rate, builders = 0.08, ["macos"]
            self.flaky[test] = (rate, set(builders), begin)
        self.outages = []
        for builder in BUILDERS:
            for _ in range(5):
                at = START + r.random() * DAYS * DAY
                self.outages.append((builder, at, at + r.uniform(2, 10) * 3600, r.uniform(0.4, 1)))
        bad = START + r.uniform(0.5, 0.8) * DAYS * DAY
        self.outages.append(("windows", bad, bad + 3 * DAY, 0.6))
        self.breakages = []  # test, from, until
        self.lines, self.truth, self.run = [], {}, 0
        self.make(pulls)

    def tell(self, at, builder, sha, pull, failed):
        """failed: of each test that fails, whose it is and the tries."""
        self.run += 1
        key = f"r{self.run}"
        tests = []
        for i, name in enumerate(self.tests):
            if i in failed:
                whose, attempts = failed[i]
                message = {"machine": "ConnectionError: no route to 10.0.0.%d" % self.random.randrange(255)}.get(
                    whose, f"AssertionError: {i} != {self.random.randrange(1000)}" if whose != "flaky" else f"TimeoutError after {self.random.random():.2f} s in {i}")
                tests.append({"name": name, "attempts": attempts, "message": message})
                if pull and attempts[-1] == "fail":
                    self.truth[(key, name)] = (whose, pull, int(at))
            else:
                tests.append({"name": name, "outcome": "pass"})
        line = {"record": "ci_run", "id": key, "name": builder, "status": "completed", "sha": sha, "started_at": int(at) - 900,
                "finished_at": int(at), "conclusion": "failure" if any(a[-1] == "fail" for _, a in failed.values()) else "success", "tests": tests}
        line.update({"pull": pull, "branch": f"pull-{pull}"} if pull else {"branch": "main"})
        self.lines.append((at, line))

    def failures(self, at, builder, own, base_at):
        r = self.random
        failed = {}
        for test, since, until in self.breakages:
            if since <= base_at < until:
                failed[test] = ("base", ["fail"])
        for test in own:
            failed[test] = ("own", ["fail"])
        for test, (rate, builders, begin) in self.flaky.items():
            if test not in failed and builder in builders and at >= begin and r.random() < rate:
                failed[test] = ("flaky", ["fail"])
        if builder == "linux":  # tries again, once
            for test, (whose, attempts) in list(failed.items()):
                if r.random() < 0.5:
                    again = "fail" if whose != "flaky" or r.random() < self.flaky[test][0] else "pass"
                    failed[test] = (whose, attempts + [again])
        for name, begin, end, share in self.outages:
            if name == builder and begin <= at < end:
                for test in range(len(self.tests)):
                    if test not in failed and r.random() < share:
                        failed[test] = ("machine", ["fail"])
        return failed

    def make(self, pulls):
        r = self.random
        merges = sorted(START + r.random() * DAYS * DAY for _ in range(pulls))
        for at in merges:
            if r.random() < 0.02:
                healthy = [t for t in range(len(self.tests)) if t not in self.flaky]
                self.breakages.append((r.choice(healthy), at, at + r.uniform(0.1, 2) * DAY))
        for number, merged in enumerate(merges, 1):
            at = merged - r.uniform(0.2, 3) * DAY
            own = set(r.sample(range(len(self.tests)), r.choice([1, 1, 2, 4]))) if r.random() < 0.15 else set()
            pushes = r.choice([1, 1, 2, 3]) + (1 if own else 0)
            for push in range(pushes):
                sha = f"{number:08x}{push:032x}"
                now = set() if push == pushes - 1 else own
                for builder in BUILDERS:
                    when = at + r.uniform(600, 3600)
                    failed = self.failures(when, builder, now, at)
                    self.tell(when, builder, sha, number, failed)
                    if any(a[-1] == "fail" for _, a in failed.values()) and r.random() < 0.4:  # an author tries again
                        later = when + r.uniform(1800, 4 * 3600)
                        self.tell(later, builder, sha, number, self.failures(later, builder, now, at))
                at += r.uniform(0.05, 0.5) * DAY
            sha = f"{number:08x}{'f' * 32}"
            for builder in BUILDERS:
                when = merged + r.uniform(600, 3600)
                self.tell(when, builder, sha, None, self.failures(when, builder, set(), merged))
        self.lines.sort(key=lambda each: each[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("resident")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", type=int, default=400)
    parser.add_argument("--pulls", type=int, default=1200)
    parser.add_argument("--asked", type=int, default=150, help="runs of pull requests that are asked about")
    parser.add_argument("--keep")
    options = parser.parse_args()
    project = Project(options.seed, options.tests, options.pulls)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        folder.mkdir(exist_ok=True)
        with open(folder / "runs.jsonl", "w") as out:
            for _, line in project.lines:
                out.write(json.dumps(line) + "\n")
        store = ["--db", str(folder / "ci.db"), "--project", "judged"]

        def resident(*arguments):
            done = subprocess.run([options.resident, *arguments, *store], capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{arguments}: {done.stderr}")
            return done.stdout

        resident("add", "jsonl", str(folder / "runs.jsonl"))
        end = max(at for at, _ in project.lines)
        as_of = lambda at: ["--as-of", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(at)))]
        # Flaky tests: which were found, of those that failed without a cause three times or more on that builder.
        seen = {}
        for _, line in project.lines:
            for test in line["tests"]:
                if test.get("message", "").startswith("TimeoutError"):
                    seen[(test["name"], line["name"])] = seen.get((test["name"], line["name"]), 0) + 1
        wanted = {key for key, count in seen.items() if count >= 3}
        known = {(project.tests[test], builder) for test, (_, builders, _) in project.flaky.items() for builder in builders}
        rows = json.loads(resident("ci", "tests", "--kind", "flaky", "--json", *as_of(end)))
        rows = rows[0]["rows"] if isinstance(rows, list) else rows["rows"]
        found = {(row["test"], row["configuration"]) for row in rows}
        print(f"flaky: precision {len(found & known)}/{len(found)} = {len(found & known) / max(1, len(found)):.3f}, "
              f"recall {len(found & wanted)}/{len(wanted)} = {len(found & wanted) / max(1, len(wanted)):.3f}")
        # Verdicts, at the moment the run ended.
        by_run = {}
        for (key, name), (whose, pull, at) in project.truth.items():
            by_run.setdefault((key, pull, at), {})[name] = whose
        chosen = project.random.sample(sorted(by_run), min(options.asked, len(by_run)))
        right = decided = total = 0
        runs_right = runs_decided = 0
        confusion = {}
        said_not_own = said_not_own_right = 0
        names = {"its own": "own", "the base's": "base", "flaky": "flaky", "the machine's": "machine", "not known": "unknown"}
        for key, pull, at in chosen:
            rows = json.loads(resident("ci", "explain", key, "--json", *as_of(at)))
            rows = rows[0]["rows"] if isinstance(rows, list) else rows["rows"]
            told = {row["test"]: (names[row["verdict"]], names[row["likeliest"]]) for row in rows}
            for name, whose in by_run[(key, pull, at)].items():
                verdict, likeliest = told.get(name, ("unknown", "unknown"))
                total += 1
                decided += verdict != "unknown"
                right += verdict == whose
                if verdict not in ("unknown", "own"):
                    said_not_own += 1
                    said_not_own_right += whose != "own"
                confusion[(whose, verdict)] = confusion.get((whose, verdict), 0) + 1
            whole = by_run[(key, pull, at)]
            mains = {name: told.get(name, ("unknown", "unknown"))[0] for name in whole}
            if all(v != "unknown" for v in mains.values()):
                runs_decided += 1
                runs_right += all(mains[n] == whole[n] for n in whole)
        print(f"verdicts: {total} failures of {len(chosen)} runs: decided {decided / max(1, total):.3f}, right where decided {right / max(1, decided):.3f}, "
              f"not yours right {said_not_own_right / max(1, said_not_own):.3f}")
        print(f"runs decided whole {runs_decided}/{len(chosen)}, right {runs_right}/{max(1, runs_decided)}")
        for (whose, verdict), count in sorted(confusion.items()):
            print(f"  {whose:8} told {verdict:8} {count}")
        print(resident("accuracy", "verdicts"))


if __name__ == "__main__":
    main()
