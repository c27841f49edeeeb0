#!/usr/bin/env python3
"""Turns a project of GitBugs (CSV) into the generic JSON Lines: gitbugs_to_jsonl.py FOLDER/PROJECT > project.jsonl

Reports become issues; known duplicate pairs become marked_as_duplicate events on the later report.
"""
import csv
import datetime
import json
import pathlib
import sys

csv.field_size_limit(2**31 - 1)


def moment(text):
    for shape in ("%d/%b/%y %H:%M", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.datetime.strptime(text, shape).strftime("%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            continue
    return None


def main():
    folder = pathlib.Path(sys.argv[1])
    name = folder.name
    with open(folder / f"{name}_bugs.csv", newline="", encoding="utf-8", errors="replace") as file:
        reports = {row["Issue id"]: row for row in csv.DictReader(file)}
    created = {number: moment(row["Created"]) for number, row in reports.items()}
    with open(folder / f"{name}_bugs-combined.csv", newline="") as file:
        pairs = [(row["Issue id"], row["Duplicate id"]) for row in csv.DictReader(file)]
    earlier = {}
    for a, b in pairs:
        if a in created and b in created and created[a] and created[b] and created[a] != created[b]:
            first, second = sorted((a, b), key=created.get)
            earlier.setdefault(second, set()).add(first)
    for number, row in reports.items():
        if not created[number]:
            continue
        item = {"record": "issue", "number": int(number), "title": row["Summary"], "body": row["Description"] or "", "author": None, "created_at": created[number]}
        events = [{"event": "marked_as_duplicate", "at": created[number], "detail": f"#{first}"} for first in sorted(earlier.get(number, ()))]
        closed = moment(row["Resolved"] or "")
        if closed:
            item |= {"state": "closed", "closed_at": closed}
            events.append({"event": "closed", "at": closed})
        if events:
            item["timeline"] = events
        print(json.dumps(item))


main()
