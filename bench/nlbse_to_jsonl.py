#!/usr/bin/env python3
"""Labelled issues of several repositories (the CSV of the NLBSE'24 tool competition: repo, created_at, label, title, body) as
JSON Lines for `resident add jsonl`, with the type and the repository as labels.

nlbse_to_jsonl.py issues_train.csv > issues.jsonl
"""
import csv
import json
import sys

csv.field_size_limit(10**9)
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    for number, row in enumerate(csv.DictReader(file), 1):
        print(json.dumps({"record": "issue", "number": number, "title": row["title"], "body": row["body"], "author": "someone",
                          "created_at": row["created_at"].replace(" ", "T") + "Z", "labels": ["type: " + row["label"], "repo: " + row["repo"]]}))
