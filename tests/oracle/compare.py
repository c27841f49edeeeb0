#!/usr/bin/env python3
"""Compares the figures of `resident measures` with those of the oracle, to the item.

usage: compare.py RESIDENT --db STORE --project NAME --data DIR [--as-of TIME]

RESIDENT is the program, DIR the folder of issues/ and pulls/ that STORE was made from.
Prints one line a comparison and every difference (at most 20 each); exit code 1 if there
is any.  Durations are compared to the second.  Python 3.11, standard library only.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

ORACLE = Path(__file__).with_name("github_metadata_oracle.py")
KINDS = {"issues": "issues", "pulls": "pull requests"}
VARIANTS = {"closed unmerged censored": "closed_unmerged_censored",
            "closed unmerged left out": "closed_unmerged_excluded"}


class Comparison:
    def __init__(self):
        self.differences = 0

    def check(self, what, ours, theirs):
        """Both are dictionaries from a key (month, item, …) to figures."""
        keys = sorted(set(ours) | set(theirs), key=str)
        wrong = [k for k in keys if ours.get(k) != theirs.get(k)]
        print(f"{'ok   ' if not wrong else 'WRONG'} {what}: {len(keys) - len(wrong)} of {len(keys)} equal")
        for k in wrong[:20]:
            print(f"      {k}: {ours.get(k)}, oracle {theirs.get(k)}")
        self.differences += len(wrong)


def seconds(hours):
    return None if hours is None else round(hours * 3600, 1)


def tenths(value):
    return None if value is None else round(float(value), 1)


def rows_by(result, key):
    return {row[key]: row for row in result["rows"]}


def counts(rows, column):
    """Years without any are left out, as the oracle does."""
    return {row["year"]: row[column] for row in rows if row[column]}


def main():
    ap = argparse.ArgumentParser(description="compares Resident with the oracle")
    ap.add_argument("resident")
    ap.add_argument("--db", required=True)
    ap.add_argument("--project", required=True)
    ap.add_argument("--data", required=True)
    ap.add_argument("--as-of", default="2024-01-01T00:00:00Z")
    args = ap.parse_args()

    def resident(*words):
        call = [args.resident, *words, "--db", args.db, "--json"]
        return json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)

    with tempfile.NamedTemporaryFile("r", suffix=".tsv") as items:
        call = [sys.executable, str(ORACLE), args.data, "--as-of", args.as_of, "--items", items.name]
        oracle = json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)
        lines = [line.rstrip("\n").split("\t") for line in items]
    measures = {r["name"]: r for r in resident("measures", "--project", args.project, "--as-of", args.as_of)}
    run = Comparison()

    as_of = datetime.fromisoformat(args.as_of)
    as_of = int(as_of.replace(tzinfo=as_of.tzinfo or timezone.utc).timestamp())
    month = {r["month"][:7]: [r["open_issues"], r["open_pulls"]] for r in measures["open_items"]["rows"]}
    theirs = {m: [issues, pulls] for m, issues, pulls in oracle["open_per_month"]}
    # The oracle has whole months only; ours ends with the running one.
    running = datetime.fromtimestamp(as_of - 1, timezone.utc).strftime("%Y-%m")
    if running not in theirs:
        month.pop(running, None)
    run.check("open at the end of each month", month, theirs)

    year = measures["flow_per_year"]["rows"]
    for kind in KINDS:
        run.check(f"{kind} opened per year", counts(year, f"{kind}_opened"), oracle["opened_per_year"][kind])
        run.check(f"{kind} closed per year", counts(year, f"{kind}_closed"), oracle["closed_per_year"][kind])
    run.check("pulls merged per year", counts(year, "pulls_merged"), oracle["merged_per_year"])

    def duration(row):
        return {"n": row["n"], "happened": row["happened"], "median": tenths(row["median_happened"]),
                "kaplan_meier": tenths(row["median"])}

    response = rows_by(measures["time_to_first_response"], "kind")
    for kind, ours in KINDS.items():
        their = oracle["time_to_first_response"][kind]["comment_or_review_published"]
        run.check(f"time to first response, {kind}", duration(response[ours]),
                  {"n": their["n_total"], "happened": their["n_responded"], "median": seconds(their["median_hours"]),
                   "kaplan_meier": seconds(their["kaplan_meier_median_hours"])})

    def oracle_duration(their):
        return {"n": their["n_total"], "happened": their["n"], "median": seconds(their["median_hours"]),
                "kaplan_meier": seconds(their["kaplan_meier_median_hours"])}

    merge = rows_by(measures["time_to_merge"], "variant")
    for ours, name in VARIANTS.items():
        run.check(f"time to merge, {ours}", duration(merge[ours]), oracle_duration(oracle["time_to_merge"][name]))
    close = rows_by(measures["time_to_close"], "kind")
    run.check("time to close, issues", duration(close["issues"]), oracle_duration(oracle["time_to_close_issues"]))

    # To the item: the rows behind the figures, by the query that each result carries.
    def evidence(name, key):
        rows = resident("sql", measures[name]["evidence"][0]["sql"])
        return {(row[key], row["number"]): [row["seconds"], row["happened"]] for row in rows}

    def per_item(column):
        """number, kind, created, response, closed, merged of the oracle → [seconds, happened]."""
        found = {}
        for number, kind, created, *times in lines:
            at = times[column]
            censored = times[1] or as_of
            found[KINDS[kind + "s"], int(number)] = [int(at or censored) - int(created), int(bool(at))]
        return found

    run.check("first response, by item", evidence("time_to_first_response", "kind"), per_item(0))
    run.check("closing, by item", evidence("time_to_close", "kind"), per_item(1))
    merges = {k: v for k, v in per_item(2).items() if k[0] == KINDS["pulls"]}
    ours = {(KINDS["pulls"], n): v for (variant, n), v in evidence("time_to_merge", "variant").items()
            if variant == "closed unmerged censored"}
    run.check("merging, by item", ours, merges)
    sys.exit(1 if run.differences else 0)


if __name__ == "__main__":
    main()
