#!/usr/bin/env python3
"""A data set of GitBugs (https://doi.org/10.48550/arXiv.2504.09651) as the generic JSON Lines of docs/guide/jsonl.md.

    bench/gitbugs_to_jsonl.py FOLDER > NAME.jsonl
    resident add jsonl NAME.jsonl --project NAME && resident accuracy duplicates --project NAME --json

FOLDER holds *_bugs.csv and *_bugs-combined.csv. Its "Issue id" becomes the number; a pair of duplicates becomes
`marked_as_duplicate`, known when its report was resolved, or else when the last report was written.
"""
import csv, datetime, glob, json, re, sys

FORMATS = ("%d/%b/%y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def seconds(text):
    text = (text or "").strip()
    for form in FORMATS:
        try:
            return int(datetime.datetime.strptime(text, form).replace(tzinfo=datetime.timezone.utc).timestamp())
        except ValueError:
            pass
    try:
        time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        return int((time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)).timestamp())
    except ValueError:
        return None


def main(folder):
    csv.field_size_limit(1 << 30)
    table = [name for name in glob.glob(folder + "/*.csv") if re.search(r"_bugs\.csv$", name)][0]
    pairs = {}
    for row in csv.DictReader(open(glob.glob(folder + "/*combined.csv")[0], encoding="utf-8", errors="replace")):
        for other in re.findall(r"\d+", row["Duplicate id"] or ""):
            pairs.setdefault(row["Issue id"].strip(), []).append(other)
    rows = list(csv.DictReader(open(table, encoding="utf-8", errors="replace")))
    times = [t for row in rows for t in (seconds(row.get("Created")), seconds(row.get("Resolved"))) if t]
    last = max(times)
    print(json.dumps({"record": "project", "data_until": last}))
    skipped = 0
    for row in rows:
        number, created = re.sub(r"\D", "", row.get("Issue id") or row.get("Issue ID") or ""), seconds(row.get("Created"))
        if not number or created is None:
            skipped += 1
            continue
        resolved = seconds(row.get("Resolved"))
        timeline = []
        for other in pairs.get(number, []):
            timeline.append({"event": "marked_as_duplicate", "at": resolved or last, "detail": "#" + other})
        if resolved:
            timeline.append({"event": "closed", "at": resolved})
        print(json.dumps({
            "record": "issue", "number": int(number), "title": row.get("Summary") or "(no title)",
            "body": row.get("Description") or "", "author": None, "created_at": created, "closed_at": resolved,
            "state": "closed" if resolved else "open",
            "state_reason": "duplicate" if (row.get("Resolution") or "") == "Duplicate" else "",
            "labels": [x for x in (row.get("Priority"),) if x], "timeline": timeline,
        }))
    if skipped:
        print(f"{skipped} rows without a number or a time were left out", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
