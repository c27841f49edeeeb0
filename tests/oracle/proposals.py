#!/usr/bin/env python3
"""Holds `resident proposals history --json` against changes of status that were drawn by hand from five repositories.

usage: proposals.py RESIDENT [--data DIR] [--clones DIR] [--clone REPOSITORY=PATH ...]

The data (OWNER+NAME-status-changes.tsv, README.md with the commits that they were read at) is looked for in
../shared/data/proposals beside the checkout; clones by --clone, or as OWNER+NAME, OWNER+NAME/repo or NAME below
--clones. Neither is part of the repository: what is not there is skipped, and said to be. Of every drawn proposal
exactly the rows of the file are right, and no others. Exit code 1 where one is missing, wrong or too many.
Python 3.11, standard library only.
"""
import argparse
import csv
import json
import pathlib
import re
import subprocess
import sys
import time

FIELDS = ("date", "commit", "landed_date", "from", "to", "kind")


def find_clone(repository, folder, given):
    if repository in given:
        return pathlib.Path(given[repository])
    if folder:
        for place in (repository + "/repo", repository, repository.split("+")[1]):
            if (folder / place / "objects").is_dir() or (folder / place / ".git").exists():
                return folder / place
    return None


def commits_read_at(readme):
    return {f"{owner}+{name}": commit
            for owner, name, commit in re.findall(r"\| ([\w-]+)/([\w-]+) ([0-9a-f]{40}) ", readme.read_text())}


def compare(expected, answer):
    """Lines that say what is wrong, and how many rows of the file are there as they stand."""
    wrong, right = [], 0
    wanted = {}
    for row in expected:
        wanted.setdefault(row["proposal"], []).append(tuple(row[field] for field in FIELDS))
    found = {}
    for row in answer:
        found.setdefault(row["proposal"], []).append(tuple(row[field] for field in FIELDS))
    for proposal, rows in wanted.items():
        ours = found.get(proposal, [])
        right += sum(row in ours for row in rows)
        for row in rows:
            if row not in ours:
                wrong.append(f"{proposal}: missing {' '.join(row)}")
        for row in ours:
            if row not in rows:
                wrong.append(f"{proposal}: too much {' '.join(row)}")
    return wrong, right


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("resident")
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--clones", type=pathlib.Path)
    parser.add_argument("--clone", action="append", default=[], metavar="REPOSITORY=PATH")
    arguments = parser.parse_args()
    here = pathlib.Path(__file__).resolve().parents[2]
    data = arguments.data or here.parent / "shared/data/proposals"
    files = sorted(data.glob("*-status-changes.tsv"))
    if not files:
        print("proposals: skipped, the data is not here")
        return 0
    given = dict(each.split("=", 1) for each in arguments.clone)
    commits = commits_read_at(data / "README.md")
    failed = False
    for path in files:
        repository = path.name.removesuffix("-status-changes.tsv")
        clone = find_clone(repository, arguments.clones, given)
        if not clone:
            print(f"{repository}: skipped, there is no clone of it here (--clones DIR)")
            continue
        with path.open(newline="") as file:
            expected = list(csv.DictReader(file, delimiter="\t"))
        begun = time.monotonic()
        done = subprocess.run([arguments.resident, "proposals", "history", "--clone", str(clone), "--branch",
                               commits[repository], "--json"], capture_output=True, text=True)
        took = time.monotonic() - begun
        if done.returncode:
            print(f"{repository}: FAILED: {done.stderr.strip()}")
            failed = True
            continue
        answer = json.loads(done.stdout)
        wrong, right = compare(expected, answer)
        print(f"{'ok   ' if not wrong else 'WRONG'} {repository}: {right} of {len(expected)} rows, {len(wrong)} wrong; "
              f"{len(answer)} changes of {len({row['proposal'] for row in answer})} proposals in {took:.1f} s")
        for line in wrong[:40]:
            print("      " + line)
        failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
