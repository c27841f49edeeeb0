#!/usr/bin/env python3
"""public-inbox: epochs as git directories, read in steps, with mails taken out and history written anew; by HTTP from a fake
that answers as public-inbox-httpd 1.9.0 does. What came in steps is what a fresh import gives, and what an mbox gives.

    inbox.py BINARY
"""
import contextlib
import gzip
import http.server
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading

binary = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="resident-inbox-"))
environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "RESIDENT_NOW": "2026-11-01T00:00:00Z", "RESIDENT_WAIT_SCALE": "0.001"}
failures, checks = [], 0


def check(is_so, what):
    global checks
    checks += 1
    print(("ok " if is_so else "FAIL ") + what)
    if not is_so:
        failures.append(what)


def mail(number, subject, body, answers=None, sender="Ann Arden <ann@example.org>", day=1):
    head = [f"From: {sender}", "To: pump@lists.example.org", f"Date: {day:02} Oct 2026 10:00:{number:02} +0000", f"Message-ID: <m{number}@host>", f"Subject: {subject}",
            "List-Id: <pump.lists.example.org>"]
    if answers is not None:
        head += [f"In-Reply-To: <m{answers}@host>", f"References: <m{answers}@host>"]
    return "\n".join(head) + "\n\n" + body + "\n"


def diff(name, line):
    return f"Words.\n\nSigned-off-by: Ann Arden <ann@example.org>\n---\n {name} | 1 +\n\ndiff --git a/{name} b/{name}\nindex 1111111..2222222 100644\n--- a/{name}\n+++ b/{name}\n@@ -1 +1,2 @@\n one\n+{line}\n-- \n2.39.5\n"


MAILS = [
    mail(1, "[PATCH 0/2] pump: two changes", "A letter."),
    mail(2, "[PATCH 1/2] pump: first", diff("a.c", "two"), 1),
    mail(3, "[PATCH 2/2] pump: second", diff("b.c", "two"), 1),
    mail(4, "Re: [PATCH 2/2] pump: second", "> +two\n\nCould you name it?", 3, "Bob Berg <bob@example.net>", 2),
    mail(5, "a question", "How does one start it?", None, "Cy Cole <cy@example.com>", 2),
    mail(6, "[PATCH v2 2/2] pump: second", diff("b.c", "zwei"), 4, day=3),
    mail(7, "Re: a question", "By hand.", 5, "Bob Berg <bob@example.net>", 4),
    mail(8, "Re: [PATCH 0/2] pump: two changes", "> A letter.\n\nReviewed-by: Bob Berg <bob@example.net>", 1, "Bob Berg <bob@example.net>", 5),
    mail(9, "spam", "Buy pumps.", None, "Spam <spam@example.com>", 5),
]


def git(folder, *words, data=None):
    return subprocess.run(["git", "--git-dir", str(folder), *words], check=True, capture_output=True, input=data, env=environment).stdout


def add(folder, texts, name="m"):
    """Commits as public-inbox makes them: a tree with one blob."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "HEAD").exists():
        subprocess.run(["git", "init", "-q", "--bare", "-b", "master", str(folder)], check=True, env=environment)
    for text in texts:
        blob = git(folder, "hash-object", "-w", "--stdin", data=text.encode()).decode().strip()
        tree = git(folder, "mktree", data=f"100644 blob {blob}\t{name}\n".encode()).decode().strip()
        known = subprocess.run(["git", "--git-dir", str(folder), "rev-parse", "-q", "--verify", "refs/heads/master"], capture_output=True, text=True, env=environment).stdout.strip()
        made = subprocess.run(["git", "--git-dir", str(folder), "-c", "user.name=inbox", "-c", "user.email=inbox@host", "commit-tree", tree, "-m", "a mail", *(["-p", known] if known else [])],
                              check=True, capture_output=True, text=True, env=environment).stdout.strip()
        git(folder, "update-ref", "refs/heads/master", made)


def run(*words):
    done = subprocess.run([binary, *words], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return done


TABLES = {
    "patch_mail": "SELECT m.mail_key, m.role, m.sent_at, m.version, m.version_number, m.part, m.parts, m.is_current, m.is_partial, m.title, m.target, m.patch_id, m.says, i.number FROM patch_mail m JOIN item i USING (project_id, item_id) ORDER BY m.mail_key",
    "patch_tag": "SELECT mail_key, position, token, counts, note FROM patch_tag ORDER BY mail_key, position",
    "patch_series": "SELECT s.list, s.state, s.version, s.versions, s.parts, s.present, s.how_joined, s.last_at, i.number FROM patch_series s JOIN item i USING (project_id, item_id) ORDER BY i.number",
    "item": "SELECT number, title, body, state, created_at, updated_at FROM item ORDER BY number",
    "comment": "SELECT comment_key, kind, created_at, body, reply_to FROM comment ORDER BY comment_key",
    "review": "SELECT review_key, state, submitted_at, body, dismissed_at FROM review ORDER BY review_key",
    "event": "SELECT event_key, kind, occurred_at, detail FROM event ORDER BY event_key",
    "post": "SELECT post_key, thread_key, position, created_at, body, reply_to FROM post ORDER BY post_key",
    "thread": "SELECT thread_key, channel, title, created_at, updated_at FROM thread ORDER BY thread_key",
}


def state(store):
    return {name: json.loads(run("sql", sql, "--format", "json", "--db", str(store)).stdout) for name, sql in TABLES.items()}


def different(a, b):
    return [name for name in TABLES if a[name] != b[name]]


def fresh(place, kind="public-inbox"):
    store = work / f"fresh{len(list(work.iterdir()))}.db"
    run("add", kind, str(place), "--project", "pump", "--db", str(store))
    return state(store)


inbox, store = work / "inbox", work / "steps.db"
add(inbox / "git" / "0.git", MAILS[:3])
run("add", "public-inbox", str(inbox), "--project", "pump", "--db", str(store))
number = state(store)["item"][0]["number"]
again = run("sync", "--db", str(store)).stderr
check("nothing new" in again, "a second sync of the same brings nothing")
add(inbox / "git" / "0.git", MAILS[3:5])
run("sync", "--db", str(store))
add(inbox / "git" / "1.git", MAILS[5:])
run("sync", "--db", str(store))
steps = state(store)
check(different(steps, fresh(inbox)) == [], "what came in steps, over two epochs, is what a fresh import gives")
# What an older program drew from the mails is of another form: all is drawn anew, and kept.
with contextlib.closing(sqlite3.connect(store)) as old:
    kept = "SELECT record, payload FROM source_record WHERE record LIKE 'mail/%' ORDER BY record"
    before = old.execute(kept).fetchall()
    old.execute("UPDATE source_stream SET state = '0' WHERE stream = 'facts'")
    old.execute("UPDATE source_record SET payload = x'00' WHERE record LIKE 'mail/%'")
    old.commit()
run("sync", "--db", str(store))
with contextlib.closing(sqlite3.connect(store)) as new:
    check(len(before) > 0 and new.execute(kept).fetchall() == before, "what is kept of mails in another form is drawn anew")
archive = work / "dev.mbox"
archive.write_text("".join("From mboxrd@z Thu Jan  1 00:00:00 1970\n" + text + "\n" for text in MAILS))
apart = different(steps, fresh(archive, "mbox"))
check(apart == [], f"an mbox of the same mails gives the same {apart or ''}")
check(steps["item"][0]["number"] == number, "the number of a series stays when a version comes")
series = steps["patch_series"]
check(len(series) == 1 and series[0]["versions"] == 2 and series[0]["present"] == 2, "a part alone makes a version in which the other part stays")
check([each["state"] for each in steps["review"]] == ["approved"], "a tag in an answer to the cover letter approves")
check(len(steps["thread"]) == 2 and all("question" in each["title"] or "spam" in each["title"] for each in steps["thread"]), "other mails are threads")
# A mail is taken out.
add(inbox / "git" / "1.git", [MAILS[8]], name="d")
run("sync", "--db", str(store))
after = state(store)
check(len(after["thread"]) == 1 and not any("Buy" in (each["body"] or "") for each in after["post"]), "a mail that is taken out goes")
check(different(after, fresh(inbox)) == [], "then, too, it is what a fresh import gives")
# History is written anew, as public-inbox-edit does.
shutil.rmtree(inbox / "git" / "1.git")
add(inbox / "git" / "1.git", [MAILS[5].replace("zwei", "drei"), *MAILS[6:8]])
run("sync", "--db", str(store))
edited = state(store)
check(any("+drei" in (each["body"] or "") for each in edited["comment"]), "an edited mail is read again")
check(different(edited, fresh(inbox)) == [], "and all is what a fresh import gives")

# By HTTP, as public-inbox-httpd 1.9.0 answers: all.mbox.gz; POST ?q=rt:DAY..&x=m, 404 "No results found".
served = {"mails": MAILS[:5], "searches": 0, "all": 0, "index": True}


class Fake(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, code, kind, body):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def mbox(self, mails):
        text = "".join("From mboxrd@z Thu Jan  1 00:00:00 1970\n" + re.sub(r"(?m)^(>*From )", r">\1", each) + "\n" for each in mails)
        self.answer(200, "application/gzip", gzip.compress(text.encode()))

    def do_GET(self):
        if self.path == "/pump/all.mbox.gz":
            served["all"] += 1
            return self.mbox(served["mails"])
        if self.path == "/pump/m1@host/t.mbox.gz":
            return self.mbox(served["mails"][:4])
        self.answer(404, "text/plain", b"Not Found")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        day = re.fullmatch(r"/pump/\?q=rt:(\d{8})\.\.&x=m", self.path)
        if not day:
            return self.answer(404, "text/plain", b"Not Found")
        served["searches"] += 1
        if not served["index"]:
            return self.answer(200, "text/html; charset=UTF-8", b"<html>no search here</html>")
        fresh_mails = served["mails"][served.get("known", 0):]
        return self.mbox(fresh_mails) if fresh_mails else self.answer(404, "text/plain", b"No results found\n")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Fake)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/pump"
web = work / "web.db"
run("add", "public-inbox:" + address, "--project", "pump", "--db", str(web))
served["known"], served["mails"] = 5, MAILS
run("sync", "--db", str(web))
check(different(state(web), steps) == [], "by HTTP in steps is what the folders give")
check(served["searches"] == 1 and served["all"] == 1, "the second time only what was received since is asked for")
served["known"] = len(MAILS)
run("sync", "--db", str(web))
check(different(state(web), steps) == [], "no results found: nothing changes")
served["index"] = False
run("sync", "--db", str(web))
check(different(state(web), steps) == [] and served["all"] == 2, "a server without an index is asked for all")
thread = work / "thread.db"
run("add", "public-inbox:" + address + "/m1@host", "--project", "pump", "--db", str(thread))
check(len(state(thread)["patch_series"]) == 1 and not state(thread)["thread"], "one thread by its address")
wrong = subprocess.run([binary, "add", "public-inbox:" + address.replace("/pump", "/none"), "--project", "x", "--db", str(work / "none.db")], capture_output=True, text=True, env=environment)
check(wrong.returncode == 1 and "gives no mails" in wrong.stderr, "an address without an inbox is told")
shutil.rmtree(work)
print(f"{checks - len(failures)} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
