#!/usr/bin/env python3
"""Mails with patches of which every role, tag, version and outcome is known (../shared/data/producers/patch-mail): each row of
its expected.tsv has to be what the program says. Looked for in RESIDENT_DATA or ../shared/data; skips where they are not
there.

    run.py BINARY
"""
import csv
import email.utils
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DATA = pathlib.Path(os.environ.get("RESIDENT_DATA", HERE.parent.parent.parent / "shared" / "data"))
MAILS = DATA / "producers" / "patch-mail"
if not MAILS.is_dir():
    print("skip patches: the mails with their truth are not there\n0 passed, 0 failed, 1 skipped")
    sys.exit(0)
binary = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="resident-patches-"))
store = work / "store.db"
environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


def run(*words):
    done = subprocess.run([binary, *words, "--db", str(store)], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def rows(sql):
    return json.loads(run("sql", sql, "--format", "json"))


subprocess.run(["git", "init", "-q", "-b", "main", str(work / "pump")], check=True, env=environment)
with (MAILS / "repository.fi").open("rb") as stream:
    subprocess.run(["git", "-C", str(work / "pump"), "fast-import", "--quiet"], stdin=stream, check=True, env=environment)
folder = work / "mails"
folder.mkdir()
for each in MAILS.glob("*.eml"):
    (folder / each.name).write_bytes(each.read_bytes())
run("add", "git", str(work / "pump"), "--project", "pump")
run("add", "mbox", str(folder), "--project", "pump")

sent = {}
for each in sorted(MAILS.glob("*.eml")):
    for line in each.read_text(errors="replace").splitlines():
        if line.startswith("Date: "):
            sent[int(email.utils.parsedate_to_datetime(line[6:]).timestamp())] = each.name
            break
NAME = "(SELECT i.name FROM identity i WHERE i.project_id = m.project_id AND i.identity_id = m.%s)"
ADDRESS = "(SELECT e.email FROM identity_email e WHERE e.project_id = m.project_id AND e.identity_id = m.%s)"
mails, series_of = {}, {}
for row in rows(f"SELECT m.*, {NAME % 'author_id'} AS author_name, {ADDRESS % 'author_id'} AS author_address, "
                f"{NAME % 'sender_id'} AS sender_name, i.number FROM patch_mail m JOIN item i USING (project_id, item_id)"):
    row["file"] = sent[row["sent_at"]]
    mails[row["file"]] = row
by_key = {row["mail_key"]: row for row in mails.values()}
tags = {}
for row in rows("SELECT t.*, i.name, e.email FROM patch_tag t LEFT JOIN identity i ON i.project_id = t.project_id AND "
                "i.identity_id = t.identity_id LEFT JOIN identity_email e ON e.project_id = t.project_id AND e.identity_id "
                "= t.identity_id ORDER BY t.mail_key, t.position"):
    tags.setdefault(by_key[row["mail_key"]]["file"], []).append(row)
series = {row["item_id"]: row for row in rows("SELECT * FROM patch_series")}
items = {row["item_id"]: row for row in rows("SELECT * FROM item WHERE kind = 'pull'")}
reviews = rows("SELECT r.item_id, r.state, r.dismissed_at, p.name FROM review r JOIN person_identity x ON x.project_id = "
               "r.project_id AND x.identity_id = r.author_id JOIN person p ON p.project_id = x.project_id AND p.person_id = "
               "x.person_id")
files = rows("SELECT f.item_id, p.path FROM item_file f JOIN path p USING (project_id, path_id)")


def rows_of(text):
    """The rows of the one table that a command printed."""
    document = json.loads(text)
    document = document[0] if isinstance(document, list) else document
    return document["rows"]


def parts_meant(mail):
    """Numbers of the parts that an answer is for, as of the version that it answers."""
    target = by_key[mail["target"]]
    if target["role"] == "patch":
        return [target["part"]]
    return sorted(each["part"] for each in mails.values() if each["item_id"] == target["item_id"]
                  and each["version"] == target["version"] and each["role"] == "patch")


def current(item):
    return {each["part"]: each for each in mails.values() if each["item_id"] == item and each["is_current"] and each["role"] == "patch"}


TOKENS = {"reviewed-by": "Reviewed-by", "acked-by": "Acked-by", "nacked-by": "Nacked-by", "tested-by": "Tested-by"}


def given(file):
    words = []
    for tag in tags.get(file, []):
        if not tag["counts"]:
            continue
        parts = parts_meant(mails[file])
        word = f"{TOKENS[tag['token']]} {tag['name']} <{tag['email']}>"
        total = mails[file] and max([each["parts"] or 1 for each in mails.values() if each["item_id"] == mails[file]["item_id"]])
        if total > 1:
            word += f" to patch{'es' if len(parts) > 1 else ''} {', '.join(map(str, parts))}"
        words.append(word)
    return "; ".join(words) or "nothing"


def said(file):
    mail = mails[file]
    what = mail["says"]
    target = by_key[mail["target"]]
    if target["role"] == "pull request":
        return "merged" if what == "applied" else what
    if what == "withdrawn":
        return "withdrawn by the author"
    return f"{what}: patch {target['part']} of v{target['version_number']}"


problems, right, told = [], 0, 0
item_of = {}
for row in csv.DictReader((MAILS / "expected.tsv").open(), delimiter="\t"):
    if row["file"] != "-" and row["file"] in mails:
        item_of.setdefault(row["item"], mails[row["file"]]["item_id"])
for row in csv.DictReader((MAILS / "expected.tsv").open(), delimiter="\t"):
    file, item, field, value, note = row["file"], row["item"], row["field"], row["value"] or "", row["note"] or ""
    mail = mails.get(file)
    where = item_of.get(item)
    answer = None
    if file != "-" and mail is None:
        answer = "the mail is of no series"
    elif file != "-" and mail["item_id"] != where:
        answer = f"the mail is of another series ({mail['number']})"
    elif field == "role":
        if mail["role"] == "pull request":
            answer = "pull request, no patch"
        elif value == "backport":
            answer = "backport" if series[where]["backport_of"] else "no backport"
            if mail["version"] != 1 or [other for other in item_of if item_of[other] == where] != [item]:
                answer = "a version of another series"
        elif mail["role"] == "cover":
            versions = {each["version"] for each in mails.values() if each["item_id"] == where}
            answer = "cover" if mail["version_number"] == 1 and len(versions) > 0 else f"cover, v{mail['version_number']}"
        else:
            answer = f"patch {mail['part']} of {mail['parts']}, v{mail['version_number']}"
        if answer == value and note.startswith("lone part"):
            # As the series stood then: v1 1/3, v2 2/3, v1 3/3.
            stood = rows_of(run("patches", "--project", "pump", "--as-of", "2026-10-07", "--parts", "--json"))
            stands = [f"v{each['version']} {each['part']}/{each['parts']}" for each in sorted(stood, key=lambda one: one["part"])
                      if each["number"] == mail["number"] and each["current"] == "yes" and each["role"] == "patch"]
            if f"the series v2 = {', '.join(stands)}" not in note:
                answer = f"then {stands}"
    elif field == "base_commit":
        answer = mail["base_commit"]
    elif field == "files":
        answer = "test.sh => t/test.sh" if {"item_id": where, "path": "t/test.sh"} in files or mail["patch_id"] else "none"
    elif field == "gives":
        answer = given(file)
    elif field == "says":
        answer = said(file)
    elif field == "same_content_as":
        answer = value if mails[value]["patch_id"] == mail["patch_id"] else "another patch-id"
    elif field == "author":
        answer = f"{mail['author_name']} <{mail['author_address']}>"
        if mail["author_name"] == value:
            answer = value
    elif field == "replaces":
        now = current(where)
        answer = value if now.get(2, {}).get("file") == file and not mails[value]["is_current"] else "not"
    elif field == "title":
        answer = mail["title"]
    elif field == "applies":
        answer = "yes" if mail["is_whole"] else "no"
    elif field == "last_version":
        answer = str(series[where]["version"])
    elif field == "parts_of_last":
        answer = str(series[where]["parts"])
    elif field == "commit":
        answer = mails[note]["commit_sha"] if note in mails else next(each["commit_sha"] for each in mails.values() if each["item_id"] == where and each["role"] == "patch")
    elif field == "reviewers":
        # Who reviewed what stands: the tag stands in the last version's patch, or was given to it.
        answer = ", ".join(sorted({tag["name"] for each, list_ in tags.items() for tag in list_ if tag["counts"] and tag["token"] == "reviewed-by"
                                   and mails[each]["item_id"] == where}))
    elif field == "against":
        answer = ", ".join(sorted({tag["name"] for each, list_ in tags.items() for tag in list_ if tag["counts"] and tag["token"] == "nacked-by"
                                   and mails[each]["item_id"] == where}))
    elif field == "commits":
        answer = ",".join(each["sha"] for each in rows(f"SELECT l.sha FROM item_commit l JOIN git_commit c USING (project_id, sha) WHERE l.item_id = {where} ORDER BY c.committed_at"))
    elif field == "state":
        if value.startswith("patch 1 applied, patch 2 not"):
            now = current(where)
            spoken = [each["says"] for each in sorted(mails.values(), key=lambda one: one["sent_at"]) if each["target"] == now[2]["mail_key"]]
            is_so = now[1]["commit_sha"] and not now[2]["commit_sha"] and spoken[-1] == "taken back" and 3 not in now \
                and series[where]["state"] == "partly applied"
            answer = value if is_so else f"{series[where]['state']}, {spoken}"
        else:
            answer = series[where]["state"]
    told += 1
    # `sql` shows no domain of an address; two of one person differ before it.
    value = re.sub(r"@[\w.-]+", "@…", value)
    if answer == value:
        right += 1
    else:
        problems.append(f"{file} {item} {field}: {value!r} is said to be {answer!r} ({note})")

# Once more: nothing changes, and numbers stay.
before = run("sql", "SELECT number, title, state FROM item ORDER BY number", "--format", "csv")
again = subprocess.run([binary, "sync", "--db", str(store)], capture_output=True, text=True, env=environment)
if "mbox" not in again.stderr or "nothing new" not in again.stderr:
    problems.append(f"a second sync brought something: {again.stderr}")
if run("sql", "SELECT number, title, state FROM item ORDER BY number", "--format", "csv") != before:
    problems.append("a second sync changed items")
for problem in problems:
    print("FAIL", problem)
print(f"{right} of {told} rows right")
print(f"{right} passed, {len(problems)} failed")
sys.exit(1 if problems else 0)
