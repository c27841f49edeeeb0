#!/usr/bin/env python3
"""E-mail addresses are kept apart: none that is stored, and none that somebody wrote, comes out of any command, page or assistant's tool.

addresses.py BINARY. A simulated project gets addresses wherever people write: titles, bodies, comments, reviews, names, commits, files,
mails. Every command is tried in every format, every page that links lead to is fetched, every tool of the assistant's server is called.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

BINARY = str(pathlib.Path(sys.argv[1]).resolve())
WORK = pathlib.Path(tempfile.mkdtemp(prefix="resident-addresses-"))
ENVIRONMENT = {**os.environ, "RESIDENT_NOW": "2026-10-02T00:00:00Z", "XDG_CONFIG_HOME": str(WORK / "no-config"),
               "GIT_AUTHOR_DATE": "2026-09-30T10:00:00Z", "GIT_COMMITTER_DATE": "2026-09-30T10:00:00Z"}
PROJECT = ("--project", "demo")
WRITTEN = "somebody.else@written.example"  # an address of nobody who is known
counts = {"passed": 0, "failed": 0}


def run(*arguments, check=True, **more):
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, errors="replace", env=ENVIRONMENT, cwd=WORK, stdin=subprocess.DEVNULL, **more)
    if check and done.returncode:
        raise AssertionError(f"resident {' '.join(map(str, arguments))}: exit {done.returncode}: {done.stderr[-500:]}")
    return done


def git(*arguments, folder, **more):
    return subprocess.run(["git", *arguments], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True, **more).stdout.strip()


def plant(value, login="eve", key=""):
    """The record with addresses in all that somebody wrote, and one for every account."""
    own = f"{login}@mail.example"
    if isinstance(value, list):
        return [plant(each, login, key) for each in value]
    if isinstance(value, str):
        return f"{value}\n\nReported-by: {own}, <{WRITTEN}>, mailto:{own}" if key == "body" else f"{value} for {own}" if key in ("title", "from", "to") else value
    if not isinstance(value, dict):
        return value
    if "login" in value and value.get("login"):
        own = f"{value['login']}@mail.example"
        # Some people are called by their address.
        return {**value, "email": own, **({"name": own} if len(value["login"]) % 3 == 0 else {})}
    said_by = value.get("author") or value.get("actor") or login
    login = said_by.get("login") if isinstance(said_by, dict) else said_by
    planted = {k: plant(v, login or "eve", k) for k, v in value.items()}
    for k in ("author", "actor"):
        if isinstance(planted.get(k), str):
            planted[k] = plant({"login": planted[k]})
    if value.get("record") in ("issue", "pull"):
        planted.setdefault("body", f"Write to {WRITTEN}")
    return planted


def make_project():
    run("simulate", "sim", "--seed", "4", "--issues", "150", "--years", "2")
    with open(WORK / "project.jsonl", "w") as out:
        for line in (WORK / "sim" / "project.jsonl").read_text().splitlines():
            out.write(json.dumps(plant(json.loads(line))) + "\n")
    clone = WORK / "clone"
    git("clone", "-q", str(WORK / "sim" / "repository.git"), str(clone), folder=WORK)
    (clone / "CODEOWNERS").write_text(f"* {WRITTEN}\n")
    (clone / "README.md").write_text(f"# Contact\n\nWrite about the frobnicator to {WRITTEN}.\n")
    (clone / "frobnicator.c").write_text(f"/* frobnicator by {WRITTEN} */\n")
    git("add", ".", folder=clone)
    identity = ("-c", "user.name=eve@mail.example", "-c", "user.email=eve@mail.example")
    git(*identity, "commit", "-q", "-m", f"frobnicator: ask {WRITTEN} (#3)\n\nSee {WRITTEN}.\n\nReviewed-by: Bob <{WRITTEN}>\nCo-authored-by: {WRITTEN} <{WRITTEN}>", folder=clone)
    git("push", "-q", "origin", "HEAD", folder=clone)
    (WORK / "users.mbox").write_text(
        f"From x Mon Sep 28 10:00:00 2026\nFrom: {WRITTEN} <{WRITTEN}>\nDate: Mon, 28 Sep 2026 10:00:00 +0000\nMessage-ID: <1@written.example>\n"
        f"Subject: frobnicator of {WRITTEN}\n\nHow do I reach {WRITTEN}?\n\n"
        f"From x Mon Sep 28 11:00:00 2026\nFrom: {WRITTEN} <{WRITTEN}>\nDate: Mon, 28 Sep 2026 11:00:00 +0000\nMessage-ID: <2.{WRITTEN}>\n"
        f"Subject: [PATCH {WRITTEN}] frobnicator: ask {WRITTEN}\n\nFrom: {WRITTEN} <{WRITTEN}>\n\nAsk {WRITTEN}.\n\nAcked-by: {WRITTEN} <{WRITTEN}>\n---\n"
        f"diff --git a/{WRITTEN} b/{WRITTEN}\n--- a/{WRITTEN}\n+++ b/{WRITTEN}\n@@ -1 +1,2 @@\n one\n+{WRITTEN}\n\n"
        f"From x Mon Sep 28 12:00:00 2026\nFrom: Bob <bob@written.example>\nDate: Mon, 28 Sep 2026 12:00:00 +0000\nMessage-ID: <3@written.example>\nIn-Reply-To: <2.{WRITTEN}>\n"
        f"Subject: Re: [PATCH] frobnicator: ask {WRITTEN}\n\nWho is {WRITTEN}?\n\nReviewed-by: Bob <bob@written.example>\n")
    (WORK / "survey.csv").write_text("Timestamp,Email Address,Role,Remarks,Written to\n" + "".join(f"2024/01/{day:02d} 10:00:00 AM,eve@mail.example,{'user' if day % 2 else 'author'},write to eve@mail.example about it,eve@mail.example\n" for day in range(1, 29)))
    (WORK / "employers").write_text("eve@mail.example Employer of eve@mail.example\nmail.example (None)\n")
    run("add", "git", WORK / "sim" / "repository.git", *PROJECT)
    run("add", "jsonl", "project.jsonl", *PROJECT)
    run("add", "mbox", "users.mbox", *PROJECT)
    (WORK / "names.toml").write_text('[project.demo.site]\npeople = "names"\n')


# How each command is tried; None: why it is not.
TRIED = {
    "accuracy": [[], ["duplicates"]], "ask": [["3"], ["how do I reach the frobnicator"]], "auth": [[]], "backports": [[]], "bench": [["changes"]], "burndown": [[]],
    "ci": [[], ["tests"], ["costs"], ["card"], ["explain", "PULL"]], "contributors": [[]], "coupling": [[]], "cycles": [[], ["--of", "merged"]], "brief": [[], ["--format", "html"]], "doctor": [[]],
    "effort": [[], ["--by", "module"], ["--affiliations", "employers"]], "experts": [["README.md"], ["src"]], "file": [["README.md"]], "fleet": [[]], "first-response": [[]], "flow": [[]], "forecast": [[]],
    "initiative": [["--labels", "bug"], ["--paths", "src"]], "impact": [["--start", "2025-01-01"]], "export": [[], ["--format", "csv"]], "hotspots": [[]], "inbox": [[]], "knowledge": [[]], "label": [["bug"]], "yardsticks": [[], ["--person", "eve@mail.example"]],
    "measures": [[]], "merges": [[]], "module": [["src"], ["src", "--people"]], "modules": [[]], "need": [[]], "ownership": [[], ["--by", "person"]], "page": [["--output", "report.html"]], "patches": [[], ["--parts"], ["--state", "all"]],
    "people": [[], ["why", "eve@mail.example"]], "person": [["eve@mail.example"]], "plan": [[], ["--collected"], ["backlog", "--target", "1", "--by", "2027-01-01"]], "report": [[]], "reverts": [[]],
    "review": [[], ["next"], ["show", "PULL"]], "search": [["frobnicator"], ["written.example"], ["mail.example"], [WRITTEN]],
    "releases": [[]], "site": [["public", "--base-url", "https://people.example/"], ["public", "--config", "names.toml"]], "speed": [[], ["--module", "src"]], "status": [[]], "survival": [[]], "today": [[]], "triage": [[], ["show", "ISSUE"], ["proposals"]],
    "truck-factor": [[]], "sync": [[]], "quarantine": [[], ["propose"], ["list", "--for", "pytest"]], "attention": [[], ["--all"]], "moves": [[]], "fading": [[], ["--people"]], "funnel": [[]], "layers": [[]],
    "succession": [[], ["--people"]], "survey": [["survey.csv"], ["survey.csv", "--by", "Role"]],
    "add": None,  # tried above
    "store": None,  # copies the store as it is, for its owner
    "sql": [["SELECT * FROM identity_email"], ["SELECT body FROM comment"]],
    "remove": None,  # says numbers alone
    "serve": None, "mcp": None,  # tried below
    "simulate": None, "mine": None, "results": None, "gate": None, "bisect": None, "proposals": None, "interest": None, "stats": None, "completion": None, "man": None, "init": None,  # nothing of the store
}
FORMATS = [[], ["--json"], ["--format", "csv"], ["--format", "md"], ["--format", "html"], ["--format", "table"]]


def leaks(text, addresses):
    found = set(re.findall(r"[\w.+-]+@(?:mail|written)\.example", text))
    lower = text.lower()
    return sorted(found | {each for each in addresses if each in lower})


def test(name, function):
    try:
        told = function()
        counts["passed"] += 1
        print(f"ok {name}{': ' + told if told else ''}", flush=True)
    except Exception as error:
        counts["failed"] += 1
        print(f"FAIL {name}: {type(error).__name__}: {error}", flush=True)


make_project()
DATABASE = sqlite3.connect(WORK / "resident.db")
ADDRESSES = {email.lower() for (email,) in DATABASE.execute("SELECT email FROM identity_email") if "." in email.split("@")[-1]}
NUMBER = {kind: str(DATABASE.execute("SELECT max(number) FROM item WHERE kind = ? AND closed_at IS NULL", (kind,)).fetchone()[0]) for kind in ("issue", "pull")}
blanked = []


def addresses_are_there():
    assert len(ADDRESSES) > 20 and WRITTEN in ADDRESSES and "eve@mail.example" in ADDRESSES, sorted(ADDRESSES)[:10]
    assert DATABASE.execute("SELECT count(*) FROM item WHERE body LIKE ?", (f"%{WRITTEN}%",)).fetchone()[0] > 20
    return f"{len(ADDRESSES)} stored"


def every_command_is_known():
    names = re.findall(r"^  ([a-z][a-z-]*) {2,}", run("--help").stdout, re.M)
    assert len(names) > 25, names
    assert set(names) == set(TRIED), f"say here how these are tried: {sorted(set(names) ^ set(TRIED))}"


def no_command_tells():
    said, problems = 0, []
    for command, ways in TRIED.items():
        for way in ways or []:
            way = [{"PULL": NUMBER["pull"], "ISSUE": NUMBER["issue"]}.get(each, each) for each in way]
            project = [] if command in ("auth", "sql") else PROJECT
            for form in FORMATS if command not in ("export", "page", "site") else [[]]:
                done = run(command, *way, *project, *form, check=False)
                text = done.stdout + done.stderr
                if command == "page":
                    text += (WORK / "report.html").read_text()
                if command == "site":
                    text += "".join(path.read_text(errors="replace") for path in (WORK / "public").rglob("*") if path.is_file())
                asked = [each for each in way if "@" in each]
                found = [each for each in leaks(text, ADDRESSES) if each not in asked]
                said += done.returncode == 0
                blanked.append("e-mail>" in text or "e-mail&gt;" in text)
                if found:
                    problems.append(f"{command} {' '.join(way)} {' '.join(form)}: {found[:3]}")
    assert not problems, "; ".join(problems[:8])
    assert said > 100 and sum(blanked) > 10, f"{said} answers, {sum(blanked)} with a blank"
    return f"{said} answers"


def no_page_tells():
    server = subprocess.Popen([BINARY, "serve", "--port", "0", "--patience", "600000"], cwd=WORK, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    try:
        port = int(re.search(r"127\.0\.0\.1:(\d+)", server.stderr.readline())[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        waiting, seen, problems, blanks = ["/"], {"/"}, [], 0
        kinds = {}
        while waiting and len(seen) < 4000:
            place = waiting.pop(0)
            kind = re.sub(r"\d+", "N", place.split("?")[0])
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] > 40:
                continue
            connection.request("GET", place)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            found = leaks(text, ADDRESSES)
            blanks += "e-mail&gt;" in text or "<e-mail>" in text
            if found:
                problems.append(f"{place}: {found[:3]}")
            for link in re.findall(r'href="(/[^"]*)"', text):
                link = link.replace("&amp;", "&").replace("&#39;", "'").split("#")[0]
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)
        assert not problems, "; ".join(problems[:8])
        assert len(kinds) > 15 and blanks > 20, f"{len(kinds)} kinds of pages, {blanks} with a blank"
        return f"{sum(min(each, 40) for each in kinds.values())} pages and documents of {len(kinds)} kinds"
    finally:
        server.terminate()
        server.wait(30)


def no_assistant_is_told():
    messages = [{"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}},
                {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}]

    def talk(messages):
        done = subprocess.run(
            [BINARY, "mcp", *PROJECT], input="".join(json.dumps(each) + "\n" for each in messages), capture_output=True, text=True, env=ENVIRONMENT, cwd=WORK)
        return [json.loads(line) for line in done.stdout.splitlines()]

    tools = talk(messages)[1]["result"]["tools"]
    problems, answered = [], 0
    for tool in tools:
        if not tool["annotations"]["readOnlyHint"]:
            continue
        for number in (NUMBER["issue"], NUMBER["pull"]):
            given = {"number": int(number), "path": "README.md", "task": "turn", "words": "frobnicator", "query": "written.example", "question": "frobnicator", "text": "frobnicator", "name": "eve", "person": "eve"}
            arguments = {key: given[key] for key in tool["inputSchema"].get("required", tool["inputSchema"]["properties"]) if key in given}
            answer = talk(messages[:1] + [{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": tool["name"], "arguments": arguments}}])[-1]
            text = json.dumps(answer, ensure_ascii=False)
            answered += not answer.get("result", {}).get("isError", True)
            found = leaks(text, ADDRESSES)
            if found:
                problems.append(f"{tool['name']} {arguments}: {found[:3]}")
    assert not problems, "; ".join(problems[:8])
    assert answered > 20, answered
    return f"{answered} answers of {len(tools)} tools"


test("addresses are in the store", addresses_are_there)
test("every command is known here", every_command_is_known)
test("no command tells an address", no_command_tells)
test("no page tells an address", no_page_tells)
test("no assistant is told an address", no_assistant_is_told)
DATABASE.close()
shutil.rmtree(WORK, ignore_errors=True)
print(f"{counts['passed']} passed, {counts['failed']} failed")
sys.exit(1 if counts["failed"] else 0)
