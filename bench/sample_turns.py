#!/usr/bin/env python3
"""Draws pull requests at random moments of their open life, for judging whose turn it is.

sample_turns.py METADATA [--count 60] [--seed 20240101] [--opened-since DATE] [--end 2024-01-01] [--threads FOLDER]

METADATA is a folder of github-metadata-backup, or an archive.json of the IETF's draft template (which knows no pushes: the commit
that each review is of stands with it). Prints number and moment, tab-separated, in the order drawn: a pull request
uniformly, then a moment uniformly over the time it was open (to --end, the end of the data). With --threads, the thread as
it stood at that moment goes to FOLDER/NUMBER.txt, for a reader who must not see the program's answer.
"""
import argparse
import datetime
import json
import pathlib
import random

SILENT = {"subscribed", "mentioned", "unsubscribed", "referenced", "line-commented"}
LONGEST = 600  # characters shown of a text
HEAD, TAIL = 4, 20  # entries shown of a long thread


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def login(user):
    return user["login"] if user else "(deleted)"


def entries(file):
    found = []
    for event in file["events"]:
        kind = event["event"]
        if kind in SILENT:
            continue
        if kind == "committed":
            at = event["committer"]["date"]
            text = f"commit {event['sha'][:8]} by {event['author']['name']}: {event['message'].splitlines()[0]}"
        elif kind == "reviewed":
            at, text = event["submitted_at"], f"{login(event.get('user'))} REVIEWED ({event['state']}): {event.get('body') or ''}"
        elif kind == "commented":
            at, text = event["created_at"], f"{login(event.get('user') or event.get('actor'))} wrote: {event.get('body') or ''}"
        else:
            at, actor = event.get("created_at"), login(event.get("actor"))
            more = (event.get("label") or {}).get("name") or login(event.get("requested_reviewer")) if kind in (
                "labeled", "unlabeled", "review_requested", "review_request_removed") else ""
            if kind == "cross-referenced":
                source = event["source"]["issue"]
                more = f"by #{source['number']} {source['title']}"
            text = f"[{kind}] {actor} {more}"
        if at:
            found.append((moment(at), text))
    for comment in file.get("comments") or []:
        found.append((moment(comment["created_at"]), f"{login(comment.get('user'))} inline on {comment['path']}: {comment['body']}"))
    return sorted(found, key=lambda each: each[0])


def from_archive(path):
    """The pull requests of an IETF archive in the shape of a backup's files, by number."""
    person = lambda name: {"login": name} if name else None
    files = {}
    for pull in json.loads(path.read_text())["pulls"]:
        events, comments = [], []
        for comment in pull["comments"]:
            events.append({"event": "commented", "user": person(comment["author"]), "created_at": comment["createdAt"], "body": comment["body"]})
        for review in pull["reviews"]:
            # What a review holds was sent together, when the last of it had been written.
            sent = max([review.get("submittedAt") or review["updatedAt"] or review["createdAt"]])
            of = (review.get("commit") or {}).get("abbreviatedOid")
            events.append({"event": "reviewed", "user": person(review["author"]), "submitted_at": sent, "state": f"{review['state']} of {of}", "body": review["body"]})
            for comment in review["comments"]:
                comments.append({"user": person(review["author"]), "created_at": sent, "path": "(a line)", "body": comment["body"]})
        files[pull["number"]] = {
            "pull": {"number": pull["number"], "title": pull["title"], "user": person(pull["author"]), "author_association": pull["authorAssociation"],
                     "created_at": pull["createdAt"], "closed_at": pull["closedAt"], "body": pull["body"], "draft": False},
            "events": events, "comments": comments}
    return files


def day(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)


def thread(file, at):
    pull = file["pull"]
    past = [each for each in entries(file) if each[0] <= at]
    # The pull request says whether it is a draft now; its first change of that says how it was opened.
    switches = [event["event"] for event in file["events"] if event["event"] in ("ready_for_review", "convert_to_draft")]
    began = switches[0] == "ready_for_review" if switches else bool(pull.get("draft"))
    lines = [f"#{pull['number']} {'(opened as a draft) ' if began else ''}{pull['title']} — by {login(pull.get('user'))} ({pull['author_association']}), opened {pull['created_at']}; judged at {at:%Y-%m-%d %H:%M}",
             (pull.get("body") or "")[:LONGEST], ""]
    if len(past) > HEAD + TAIL:
        shown = past[:HEAD] + [(None, f"… {len(past) - HEAD - TAIL} entries left out …")] + past[-TAIL:]
    else:
        shown = past
    for when, text in shown:
        stamp = f"{when:%Y-%m-%d %H:%M}" if when else "—"
        lines.append(f"{stamp}  {' '.join(text.split())[:LONGEST]}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("metadata", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20240101)
    parser.add_argument("--opened-since", type=day, default=day("1970-01-01"))
    parser.add_argument("--end", type=day, default=day("2024-01-01"))
    parser.add_argument("--threads", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.metadata.is_file():
        read = from_archive(arguments.metadata)
    else:
        read = {int(path.stem): json.loads(path.read_text()) for path in (arguments.metadata / "pulls").glob("*.json")}
    chooser = random.Random(arguments.seed)
    files = [path for path in sorted(read) if arguments.opened_since <= moment(read[path]["pull"]["created_at"]) < arguments.end]
    for path in chooser.sample(files, arguments.count):
        file = read[path]
        begin, end = moment(file["pull"]["created_at"]), moment(file["pull"].get("closed_at")) or arguments.end
        at = (begin + (end - begin) * chooser.random()).replace(microsecond=0)
        print(f"{path}\t{at:%Y-%m-%dT%H:%M:%SZ}")
        if arguments.threads:
            arguments.threads.mkdir(parents=True, exist_ok=True)
            (arguments.threads / f"{path}.txt").write_text(thread(file, at))


main()
