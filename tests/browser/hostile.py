#!/usr/bin/env python3
"""hostile.py FOLDER: a project whose people, labels, paths and modules have names that try to be something else, for what the
browser makes of pictures and tables: project.jsonl and repository.git in FOLDER."""
import datetime
import json
import pathlib
import subprocess
import sys

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True)
NAMES = [
    "<img src=x onerror=window.pwned=1>", '"><script>window.pwned=2</script>', "</script><script>window.pwned=3</script>",
    "<svg/onload=window.pwned=4>", "javascript:window.pwned=5", "__proto__", "constructor", "${window.pwned=6}{{7*7}}",
    "\u202eevil\u202c\u200b\u2066", "W" * 300, "<!--<script>", "'-alert(1)-'", "名前" * 60, "a\u0301" * 100, "toString", "😀" * 40, "]]>&lt;b&gt;&#x41;",
]
START = datetime.datetime(2024, 10, 1, tzinfo=datetime.timezone.utc)


def time_of(days):
    return (START + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def person(index):
    return {"login": f"p{index % len(NAMES)}", "id": index % len(NAMES) + 1, "name": NAMES[index % len(NAMES)]}


records = [{"record": "milestone", "title": name, "state": "open"} for name in NAMES]
records += [{"record": "label", "name": name, "description": name} for name in NAMES]
for n in range(1, 301):
    name, at = NAMES[n % len(NAMES)], n * 2.3
    record = {"record": "pull" if n % 2 else "issue", "number": n, "title": f"{name} {n}", "body": name, "author": person(n), "created_at": time_of(at),
              "labels": [name], "milestone": name, "url": f"https://forge.example/o/n/{'pull' if n % 2 else 'issues'}/{n}",
              "timeline": [{"event": "labeled", "at": time_of(at), "actor": person(n + 1), "label": name},
                           {"event": "commented", "id": f"c{n}", "at": time_of(at + 1), "actor": person(n + 1), "body": name}]}
    if n % 2:
        record["files"] = [{"path": f"src/{NAMES[n % 5].replace('/', '_')}/{n % 7}.c", "additions": 3, "deletions": 1}]
        record["timeline"].append({"event": "reviewed", "id": f"r{n}", "at": time_of(at + 2), "actor": person(n + 2), "state": "approved"})
    if n % 3:
        record |= {"state": "closed", "closed_at": time_of(at + 5)} | ({"merged_at": time_of(at + 5), "merged_by": person(n + 2)} if n % 2 else {})
        record["timeline"].append({"event": "merged" if n % 2 else "closed", "at": time_of(at + 5), "actor": person(n + 2)})
    records.append(record)
(folder / "project.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))

stream = []
for n in range(200):
    name = NAMES[n % len(NAMES)]
    seconds = int((START + datetime.timedelta(days=n * 3)).timestamp())
    signature = f"{name.replace('<', '(').replace('>', ')')} <p{n % len(NAMES)}@people.example> {seconds} +0000"
    message = f"{name}: {name} ({n})\n".encode()
    path = json.dumps(f"{NAMES[n % 5].replace('/', '_')}/{NAMES[n % len(NAMES)].replace('/', '_')[:60]}.c", ensure_ascii=False)
    content = "".join(f"line {i} of {n}\n" for i in range(5 + n % 40)).encode()
    stream.append(b"commit refs/heads/main\nauthor %b\ncommitter %b\ndata %d\n%b\nM 100644 inline %b\ndata %d\n%b\n" % (
        signature.encode(), signature.encode(), len(message), message, path.encode(), len(content), content))
repository = folder / "repository.git"
subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
subprocess.run(["git", "fast-import", "--quiet"], cwd=repository, input=b"".join(stream), check=True)
