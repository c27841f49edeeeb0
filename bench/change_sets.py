#!/usr/bin/env python3
"""Changes that people marked in the Turing Change Point Dataset (G. van den Burg, C. Williams, 2020), and those found.

    bench/change_sets.py build/release/resident FOLDER [--method vote] [--method …]

FOLDER: the data set's JSON files, with annotations.json: {series: {annotator: [index, …]}}. For each method two scores, each
the mean over the series with its 95 % interval by drawing series anew (seed 1), beside those of "no change":

  cover   how well the stretches that an annotator marked are covered by those found (Jaccard, weighted by length; mean over
          annotators), as section 3.2 of the paper has it
  F1      of the changes, each within 5 values (margin of the paper); precision over all annotators' marks together, recall the
          mean over annotators; the beginning of the series counts as a change of both, as there
"""
import argparse, json, os, random, subprocess, sys, tempfile

MARGIN = 5


def cover(length, truth, found):
    def stretches(points):
        bounds = [0] + sorted(p for p in set(points) if 0 < p < length) + [length]
        return [set(range(a, b)) for a, b in zip(bounds, bounds[1:])]
    theirs = stretches(found)
    return sum(len(a) * max(len(a & b) / len(a | b) for b in theirs) for a in stretches(truth)) / length


def hits(truth, found):
    left, n = sorted(found), 0
    for point in sorted(truth):
        near = [p for p in left if abs(p - point) <= MARGIN]
        if near:
            left.remove(min(near, key=lambda p: abs(p - point)))
            n += 1
    return n


def f1(annotations, found):
    found = set(found) | {0}
    sets = [set(a) | {0} for a in annotations]
    precision = hits(set().union(*sets), found) / len(found)
    recall = sum(hits(each, found) / len(each) for each in sets) / len(sets)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0


def interval(values):
    drawn = sorted(sum(random.choices(values, k=len(values))) / len(values) for _ in range(2000))
    return f"{sum(values) / len(values):.3f} ({drawn[50]:.3f} to {drawn[1949]:.3f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("folder")
    parser.add_argument("--method", action="append")
    parser.add_argument("--each", action="store_true", help="each series, too")
    options = parser.parse_args()
    marks = json.load(open(os.path.join(options.folder, "annotations.json")))
    values = {}
    for name in sorted(marks):
        path = os.path.join(options.folder, name + ".json")
        if not os.path.exists(path): continue
        data = json.load(open(path))
        if data["n_dim"] == 1: values[name] = [v for v in data["series"][0]["raw"]]
    found = {"no change": {name: [] for name in values}}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "series.csv")
        with open(path, "w") as file:
            file.write("series,position,value\n")
            for name, series in values.items():
                file.writelines(f"{name},{i},{value!r}\n" for i, value in enumerate(series) if value is not None)
        for method in options.method or ["vote", "edivisive", "l1", "ttest"]:
            done = subprocess.run([options.binary, "bench", "changes", "--from", path, "--json", "--method", method], capture_output=True, text=True, check=True)
            found[method] = {name: [] for name in values}
            for change in json.loads(done.stdout): found[method][change["series"]].append(change["index"])
    print(f"{len(values)} series of one dimension")
    for method, by_series in found.items():
        random.seed(1)
        covers = [sum(cover(len(values[n]), a, by_series[n]) for a in marks[n].values()) / len(marks[n]) for n in values]
        scores = [f1(marks[n].values(), by_series[n]) for n in values]
        print(f"{method:10} cover {interval(covers)}  F1 {interval(scores)}  {sum(map(len, by_series.values()))} changes")
        if options.each:
            for name, a, b in zip(values, covers, scores): print(f"  {name:24} {a:.3f} {b:.3f} {by_series[name]}")


sys.exit(main())
