#!/usr/bin/env python3
"""What `resident plan` would have asked people at random moments of a project, beside the threads, for a reader to judge.

plan_replay.py BINARY STORE METADATA [--project NAME] [--moments 200] [--seed 1] [--sample 50] [--skip FILE] [--out FOLDER]

METADATA is the folder of github-metadata-backup that STORE was imported from. At each of --moments moments, drawn uniformly
from the project's life, the plan is made as of then; a question to the same person about the same item and the same remark
counts once. Prints how many there were; --sample of them, drawn at random, are written to FOLDER as PLACE-NUMBER.txt, each with the
raw thread up to that moment (and ten entries after it, marked, for nothing but curiosity: judge by what was known then).
--skip: a file of `number<TAB>…` lines, such as an earlier questions.tsv: those items are not drawn again.
"""
import argparse
import datetime
import json
import pathlib
import random
import subprocess

SILENT = {"subscribed", "mentioned", "unsubscribed", "line-commented"}
LONGEST = 3000  # characters shown of a text


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def login(user):
    return user["login"] if user else "(deleted)"


def event_text(event):
    kind = event["event"]
    if kind == "committed":
        return event["committer"]["date"], f"[commit {event['sha'][:8]} by {event['author']['name']}] {event['message'].splitlines()[0]}"
    if kind == "reviewed":
        return event["submitted_at"], f"{login(event.get('user'))} REVIEWED ({event['state']}): {event.get('body') or ''}"
    if kind == "commented":
        return event["created_at"], f"{login(event.get('user') or event.get('actor'))} WROTE: {event.get('body') or ''}"
    more = (event.get("label") or {}).get("name") or login(event.get("requested_reviewer")) if kind in (
        "labeled", "unlabeled", "review_requested", "review_request_removed") else ""
    if kind == "cross-referenced":
        more = f"by #{event['source']['issue']['number']} {event['source']['issue']['title']}"
    return event.get("created_at"), f"[{kind}] {login(event.get('actor'))} {more}"


def entries(file):
    found = [event_text(event) for event in file["events"] if event["event"] not in SILENT]
    for comment in file.get("comments") or []:
        found.append((comment["created_at"], f"{login(comment.get('user'))} INLINE on {comment['path']}: {comment['body']}"))
    return sorted(((moment(at), text) for at, text in found if at), key=lambda each: each[0])


def thread(file, at):
    item = file.get("pull") or file["issue"]
    lines = [f"#{item['number']} {item['title']} — by {login(item.get('user'))} ({item.get('author_association')}), opened {item['created_at']}", (item.get("body") or "")[:LONGEST], ""]
    after = 0
    for when, text in entries(file):
        after += when > at
        if after > 10:
            break
        lines.append(f"{'LATER ' if when > at else ''}{when:%Y-%m-%d %H:%M}  {text[:LONGEST]}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("store")
    parser.add_argument("metadata", type=pathlib.Path)
    parser.add_argument("--project")
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=50)
    parser.add_argument("--skip", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--options", default="", help="more of the plan's options")
    arguments = parser.parse_args()
    files = {}
    for kind in ("issues", "pulls"):
        for path in (arguments.metadata / kind).glob("*.json"):
            files[int(path.stem)] = json.loads(path.read_text())
    born = [moment((file.get("pull") or file["issue"])["created_at"]) for file in files.values()]
    first, last = min(born), max(born)
    chooser = random.Random(arguments.seed)
    moments = sorted((first + (last - first) * chooser.random()).replace(microsecond=0) for _ in range(arguments.moments))
    asked, all_told, requests = {}, 0, 0
    for at in moments:
        command = [arguments.binary, "plan", "--db", arguments.store, "--json", "--as-of", f"{at:%Y-%m-%dT%H:%M:%SZ}"]
        if arguments.project:
            command += ["--project", arguments.project]
        rows = json.loads(subprocess.run(command + arguments.options.split(), capture_output=True, text=True, check=True).stdout)["rows"]
        requests += sum(row["kind"] == "request_review" for row in rows)
        for row in rows:
            if row["kind"] == "comment":
                all_told += 1
                asked.setdefault((row["number"], row["content"]), []).append((at, row))
    print(f"{len(moments)} moments, {all_told} questions, {len(asked)} different ones on {len({number for number, _ in asked})} items; {requests} review requests")
    skip = {int(line.split("\t")[0]) for line in arguments.skip.read_text().splitlines()} if arguments.skip else set()
    left = [key for key in sorted(asked) if key[0] not in skip]
    drawn = chooser.sample(left, min(arguments.sample, len(left)))
    if not arguments.out:
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    lines = []
    for place, (number, content) in enumerate(drawn, 1):
        at, row = chooser.choice(asked[number, content])
        lines.append(f"{number}\t{at:%Y-%m-%dT%H:%M:%SZ}\t{content}\t{row['reason']}")
        (arguments.out / f"{place}-{number}.txt").write_text(f"AS OF {at}\nASKED: {content}\nWHY: {row['reason']}\n\n{thread(files[number], at)}")
    (arguments.out / "questions.tsv").write_text("\n".join(lines) + "\n")


main()
