#!/usr/bin/env python3
"""Times the import of a list of patches on one core beside Python's mailbox module reading the same mails, in turn.

    bench/patches.py BINARY [--mbox FILE] [--mails 20000] [--rounds 3]

Without --mbox, a list is made from a seed: series of one to six patches with cover letters and later versions, answers
with quotations and tags. The import parses, threads, joins series, and stores all in SQLite; the yardstick parses each
mail and decodes its text, and neither joins nor stores. Both run on one core (taskset), in turn; the ratio is of the
processor's time, since a busy machine stretches the clock.
"""
import argparse
import os
import pathlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--mbox")
parser.add_argument("--mails", type=int, default=20000)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--core", type=int, default=0)
arguments = parser.parse_args()
binary = str(pathlib.Path(arguments.binary).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="resident-patches-"))


def make(path, mails):
    chosen = random.Random(1)
    words = "pump valve rate start stop return error number factor core queue lock read write test build".split()
    written, now, number = 0, 1_700_000_000, 0
    with path.open("w") as out:
        def mail(subject, author, text, answers=None):
            nonlocal written, now, number
            number += 1
            written += 1
            now += chosen.randrange(5, 900)
            key = f"<{number}.{author}@host>"
            out.write("From mboxrd@z Thu Jan  1 00:00:00 1970\nReceived: from a by b; " + time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(now)) + "\n"
                      f"Message-ID: {key}\nFrom: =?utf-8?q?Pers=C3=B6n?= Nr{author} <p{author}@example.org>\nTo: dev@lists.example.org\n"
                      f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime(now))}\nSubject: {subject}\nList-Id: <dev.lists.example.org>\n"
                      + (f"References: {' '.join(answers)}\nIn-Reply-To: {answers[-1]}\n" if answers else "") +
                      f"Content-Type: text/plain; charset=utf-8\n\n{text}\n\n")
            return key

        def diff():
            text = ""
            for _ in range(chosen.randrange(1, 4)):
                name = f"src/{chosen.choice(words)}/{chosen.choice(words)}{chosen.randrange(20)}.c"
                text += f"diff --git a/{name} b/{name}\nindex {chosen.getrandbits(28):07x}..{chosen.getrandbits(28):07x} 100644\n--- a/{name}\n+++ b/{name}\n"
                for _ in range(chosen.randrange(1, 4)):
                    old = [" ".join(chosen.choices(words, k=6)) for _ in range(chosen.randrange(1, 9))]
                    new = [" ".join(chosen.choices(words, k=6)) for _ in range(chosen.randrange(1, 9))]
                    text += f"@@ -10,{len(old) + 6} +10,{len(new) + 6} @@ int {chosen.choice(words)}(void)\n"
                    text += "".join(f" \t{chosen.choice(words)}();\n" for _ in range(3)) + "".join(f"-\t{line}\n" for line in old)
                    text += "".join(f"+\t{line}\n" for line in new) + "".join(f" \t{chosen.choice(words)}();\n" for _ in range(3))
            return text

        while written < mails:
            author, parts = chosen.randrange(300), chosen.choice([1, 1, 1, 2, 3, 4, 6])
            titles = [f"{chosen.choice(words)}: " + " ".join(chosen.choices(words, k=4)) for _ in range(parts + 1)]
            for version in range(1, chosen.choice([1, 1, 2, 3]) + 1):
                tag = "PATCH" if version == 1 else f"PATCH v{version}"
                cover = mail(f"[{tag} 0/{parts}] {titles[0]}", author, " ".join(chosen.choices(words, k=60))) if parts > 1 else None
                for part in range(1, parts + 1):
                    place = f" {part}/{parts}" if parts > 1 else ""
                    text = " ".join(chosen.choices(words, k=40)) + f"\n\nSigned-off-by: Nr{author} <p{author}@example.org>\n---\n"
                    key = mail(f"[{tag}{place}] {titles[part]}", author, text + diff() + "-- \n2.39.5", [cover] if cover else None)
                    for _ in range(chosen.randrange(0, 3)):
                        other = chosen.randrange(300)
                        quoted = "\n".join("> " + " ".join(chosen.choices(words, k=8)) for _ in range(chosen.randrange(3, 40)))
                        end = f"Reviewed-by: Nr{other} <p{other}@example.org>" if chosen.random() < 0.4 else "Could you name this number?"
                        mail(f"Re: [{tag}{place}] {titles[part]}", other, f"On Monday Nr{author} wrote:\n{quoted}\n\n{end}", ([cover] if cover else []) + [key])
    return written


archive = pathlib.Path(arguments.mbox) if arguments.mbox else work / "dev.mbox"
if not arguments.mbox:
    make(archive, arguments.mails)
megabytes = archive.stat().st_size / 1e6
READ = """
import mailbox, sys
from email import policy
from email.parser import BytesParser
count = 0
for message in mailbox.mbox(sys.argv[1], factory=BytesParser(policy=policy.default).parse):
    count += 1
    try:
        body = message.get_body(preferencelist=("plain", "html"))
        str(message["subject"]), str(message["from"]), body and body.get_content()
    except Exception:
        pass
print(count)
"""
one_core = ["taskset", "-c", str(arguments.core)]


def timed(command):
    """Seconds on the clock, seconds of the processor, and what it printed."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    printed = subprocess.run([*one_core, *command], check=True, capture_output=True, text=True).stdout
    clock, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, printed


ours, theirs, count = [], [], 0
for number in range(arguments.rounds):
    ours.append(timed([binary, "add", "mbox", str(archive), "--project", "dev", "--db", str(work / f"{number}.db")]))
    theirs.append(timed([sys.executable, "-c", READ, str(archive)]))
    count = int(theirs[-1][2])
    os.unlink(work / f"{number}.db")
print(f"| {count:,} mails, {megabytes:.1f} MB, one core, median of {arguments.rounds} | on the clock, s | of the processor, s | mails a second of the processor |\n|---|---|---|---|")
figures = []
for name, runs in (("resident add mbox: parse, thread, join series, store", ours), ("Python mailbox: parse and decode", theirs)):
    clock, processor = (statistics.median(run[i] for run in runs) for i in (0, 1))
    figures.append(processor)
    print(f"| {name} | {clock:.2f} | {processor:.2f} | {count / processor:,.0f} |")
print(f"\nratio, of the processor's time: {figures[1] / figures[0]:.1f}")
