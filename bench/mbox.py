#!/usr/bin/env python3
"""Times the import of a mail archive beside Python's mailbox module reading the same.

    bench/mbox.py BINARY [--mails 20000] [--rounds 3]

The archive is made from a seed: threads, quoted answers, every tenth mail multipart, encoded words,
quoted-printable. The yardstick parses each mail and decodes its text, and neither threads nor stores.
"""
import argparse
import mailbox
import pathlib
import random
import statistics
import subprocess
import tempfile
import time
from email import policy
from email.parser import BytesParser

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--mails", type=int, default=20000)
parser.add_argument("--rounds", type=int, default=3)
arguments = parser.parse_args()
binary = str(pathlib.Path(arguments.binary).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="resident-mbox-"))
chosen = random.Random(1)
words = "the build fails on windows with this error and I do not know why patch queue socket buffer naïve große".split()
archive = work / "dev.mbox"
with archive.open("w") as out:
    for number in range(arguments.mails):
        parent = chosen.randrange(max(0, number - 500), number) if number and chosen.random() < 0.75 else None
        text = "\n".join(" ".join(chosen.choices(words, k=12)) for _ in range(chosen.randrange(3, 60)))
        out.write(f"From p@example.org Mon Jan  1 00:00:00 2024\nMessage-ID: <{number}@host>\nFrom: =?utf-8?q?Pers=C3=B6n_{number % 400}?= <p{number % 400}@example.org>\n"
                  f"Date: Mon, 1 Jan 2024 {number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02} +0000\nSubject: {'Re: ' if parent is not None else ''}Topic {parent if parent is not None else number}\nList-Id: <dev.example.org>\n")
        if parent is not None:
            out.write(f"References: <{parent}@host>\nIn-Reply-To: <{parent}@host>\n")
        if number % 10 == 0:
            out.write(f"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--b\nContent-Type: text/html\n\n<p>{text}</p>\n--b--\n\n")
        elif number % 10 == 1:
            out.write("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" + text.replace("ï", "=C3=AF").replace("ß", "=C3=9F") + "\n\n")
        else:
            out.write(f"Content-Type: text/plain; charset=utf-8\n\n{text}\n\n")
megabytes = archive.stat().st_size / 1e6
ours, theirs = [], []
for number in range(arguments.rounds):
    begin = time.perf_counter()
    subprocess.run([binary, "add", "mbox", str(archive), "--project", "dev", "--db", str(work / f"{number}.db")], check=True, capture_output=True)
    ours.append(time.perf_counter() - begin)
    begin = time.perf_counter()
    for message in mailbox.mbox(archive, factory=BytesParser(policy=policy.default).parse):
        body = message.get_body(preferencelist=("plain", "html"))
        str(message["subject"]), str(message["from"]), body and body.get_content()
    theirs.append(time.perf_counter() - begin)
print(f"| {arguments.mails:,} mails, {megabytes:.1f} MB | seconds | MB/s |\n|---|---|---|")
for name, times in (("resident add mbox: parse, thread, store", ours), ("Python mailbox: parse and decode", theirs)):
    print(f"| {name} | {statistics.median(times):.2f} | {megabytes / statistics.median(times):.1f} |")
