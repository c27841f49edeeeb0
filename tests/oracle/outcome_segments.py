#!/usr/bin/env python3
"""Segments of the histories of tests, worked out a second time: outcome_segments.py BINARY [HISTORIES [SEED]].

Written from the method (the Beta-Binomial change-point model of LUCI Analysis; the best of all segmentations by B. Jackson's
dynamic programming over every position), without a look at the program's code: no shortcut, no table, every start at
every position is tried. Compares segments, intervals, probabilities and rates over random histories: stable, flaky, broken,
mended, with and without retries, several runs a position and none.
"""
import json
import math
import random
import subprocess
import sys
import tempfile

FIRST, RETRY = (0.05, 0.5), (0.5, 0.5)
CHANGE, CONFIDENCE, TIE = 1e-5, 0.99, 1e-9


def log_beta(a, b):
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def marginal(prior, happened, n):
    a, b = prior
    return log_beta(a + happened, b + n - happened) - log_beta(a, b)


def likelihood(counts):
    runs, unexpected, retried, again = counts
    return marginal(FIRST, unexpected, runs) + marginal(RETRY, again, retried)


class History:
    def __init__(self, rows):
        self.rows = rows
        self.sums = [(0, 0, 0, 0)]
        for row in rows:
            self.sums.append(tuple(a + b for a, b in zip(self.sums[-1], row)))

    def counts(self, first, end):
        return tuple(b - a for a, b in zip(self.sums[first], self.sums[end]))

    def of(self, first, end):
        return likelihood(self.counts(first, end))


def best_starts(history):
    n = len(history.rows)
    penalty = -math.log(CHANGE)
    value, previous = [None] * (n + 1), [0] * (n + 1)
    value[0] = 0.0
    for end in range(1, n + 1):
        best = None
        for start in range(end):
            if start > 0 and history.rows[start][0] == 0:
                continue  # a segment begins with a run
            here = value[start] + history.of(start, end) - (penalty if start > 0 else 0)
            if best is None or here > best + TIE:
                best, previous[end] = here, start
        value[end] = best
    starts, end = [], n
    while end > 0:
        starts.append(previous[end])
        end = previous[end]
    return starts[::-1]


def segments(history):
    starts = best_starts(history)
    ends = starts[1:] + [len(history.rows)]
    found = []
    for i, (first, end) in enumerate(zip(starts, ends)):
        low = high = None
        probability = 1.0
        if i > 0:
            begin = starts[i - 1]
            places = range(begin + 1, end)
            logs = [history.of(begin, place) + history.of(place, end) for place in places]
            top = max(logs)
            weights = [math.exp(log - top) for log in logs]
            total = math.fsum(weights)
            tail, done = (1 - CONFIDENCE) / 2, 0.0
            for place, weight in zip(places, weights):
                done += weight / total
                if low is None and done >= tail:
                    low = place
                if high is None and done >= 1 - tail:
                    high = place
            low, high = min(low, first), max(high if high is not None else end - 1, first)
            odds = top + math.log(total) + math.log(CHANGE) - history.of(begin, end)
            probability = 1 / (1 + math.exp(-odds))
        found.append((first, end - 1, low, high, probability, *history.counts(first, end)))
    return found


def random_history(rng):
    rows, length = [], rng.choice([1, 5, 20, 60, 150, 150, 300])
    most_runs = rng.choice([1, 1, 1, 3])
    absent = rng.choice([0, 0, 0.2])
    retries = rng.choice([0, 0.5, 1])
    while len(rows) < length:
        rate, again = rng.choice([0, 0, 0.02, 0.1, 0.5, 0.9, 1]), rng.choice([0, 0.2, 0.8, 1])
        for _ in range(rng.choice([2, 5, 20, 50, 100, 200])):
            runs = 0 if rng.random() < absent else rng.randint(1, most_runs)
            unexpected = sum(rng.random() < rate for _ in range(runs))
            retried = sum(rng.random() < retries for _ in range(unexpected))
            rows.append((runs, unexpected, retried, sum(rng.random() < again for _ in range(retried))))
    return rows[:length]


def main(binary, number=1000, seed=20260101):
    rng = random.Random(seed)
    histories = [random_history(rng) for _ in range(number)]
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("test,position,runs,unexpected,retried_runs,retried_unexpected\n")
        for test, rows in enumerate(histories):
            for position, row in enumerate(rows):
                file.write(f"{test + 1},{position},{','.join(map(str, row))}\n")
        file.flush()
        told = json.loads(subprocess.run([binary, "stats", "segments", "--from", file.name, "--json"], check=True, capture_output=True, text=True).stdout)
    by_test = {}
    for row in told:
        by_test.setdefault(int(row["test"]) - 1, []).append(row)
    problems, changes = [], 0
    for test, rows in enumerate(histories):
        ours = [(row["first"], row["last"], row["start_low"], row["start_high"], row["probability"], row["runs"], row["unexpected"], row["retried_runs"], row["retried_unexpected"])
                for row in by_test.get(test, [])]
        wanted = segments(History(rows))
        changes += len(wanted) - 1
        same = len(ours) == len(wanted) and all(a[:4] == b[:4] and a[5:] == b[5:] and abs(a[4] - b[4]) < 1e-6 for a, b in zip(ours, wanted))
        if not same:
            problems.append(f"history {test + 1} of seed {seed}: {ours}, worked out here: {wanted}")
    print(f"   segments: {number - len(problems)} of {number} random histories equal, with {changes} changes")
    return problems


if __name__ == "__main__":
    bad = main(sys.argv[1], *map(int, sys.argv[2:]))
    print("\n".join(bad[:5]))
    sys.exit(1 if bad else 0)
