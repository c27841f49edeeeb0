#!/usr/bin/env python3
"""How often `resident impact` finds an effect where nothing began: each column of a table of weekly counts (first column: the week) is
asked at moments through its history, each with the half year after it. Usage: pseudo_starts.py RESIDENT weekly.csv [--every WEEKS]"""
import argparse
import csv
import datetime
import json
import subprocess

FIRST, AFTER = 110, 26


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("resident")
    parser.add_argument("table")
    parser.add_argument("--every", type=int, default=9)
    options = parser.parse_args()
    with open(options.table, encoding="utf-8") as file:
        rows = list(csv.reader(file))
    asked = found = silent = claims = moments = 0
    for column, name in list(enumerate(rows[0]))[1:]:
        text = "date,outcome\n" + "".join(f"{row[0]},{row[column]}\n" for row in rows[1:])
        own = [0, 0]
        for start in range(FIRST, len(rows) - 1 - AFTER + 1, options.every):
            end = datetime.date.fromisoformat(rows[start + 1][0]) + datetime.timedelta(weeks=AFTER)
            done = subprocess.run([options.resident, "impact", "--from", "-", "--start", rows[start + 1][0], "--end", end.isoformat(),
                                   "--json"], input=text, capture_output=True, text=True, check=True)
            answer = json.loads(done.stdout)
            shown = answer["shown"]
            if shown is None:
                silent += 1
                continue
            own[0] += shown
            if "course" in answer:
                low, high = answer["course"]["low"], answer["course"]["high"]  # null: no bound
                claims += low > 0 or (high is not None and high < 0)
                moments += 1
            own[1] += 1
        print(f"{name}: {own[0]} of {own[1]}")
        found += own[0]
        asked += own[1]
    print(f"an effect was shown at {found} of {asked} moments ({found / max(asked, 1):.1%}); at {silent} nothing could be said")
    print(f"a structural model's own 95 % interval over the half year left out 0 at {claims} of {moments} ({claims / max(moments, 1):.1%})")


if __name__ == "__main__":
    main()
