#!/usr/bin/env python3
"""Compares whose turn the program says it is with judgements by reading.

judged_turns.py BINARY JUDGEMENTS PROJECT=STORE…

JUDGEMENTS: tab-separated project, number, moment, turn (a second defensible one after '|') and, where it was noted, why; as in
tests/data/turn-judgements-three-projects-2026-08.tsv. STORE: where the project of that name was imported to.
"""
import json
import pathlib
import subprocess
import sys


def resident(*arguments):
    return json.loads(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout)


binary, judgements = sys.argv[1:3]
stores = dict(pair.split("=", 1) for pair in sys.argv[3:])
counts = {}
for line in pathlib.Path(judgements).read_text().splitlines():
    if line.startswith("#"):
        continue
    project, number, moment, turn, why = [*line.split("\t"), ""][:5]
    if project not in stores:
        continue
    rows = resident(binary, "review", "--as-of", moment, "--json", "--db", stores[project])["rows"]
    ours = next((row for row in rows if row["number"] == int(number)), {"turn": "not open", "why": ""})
    count = counts.setdefault(project, [0, 0, 0])
    count[0] += ours["turn"] in turn.split("|")
    count[1] += ours["turn"] == turn.split("|")[0]
    count[2] += 1
    if ours["turn"] not in turn.split("|"):
        print(f"{project} #{number} at {moment}: {ours['turn']} ({ours['why']}); judged {turn}: {why}")
for project, (right, first, of) in counts.items():
    print(f"{project}: {right} of {of} as judged, {first} the first answer")
