#!/usr/bin/env python3
"""Times the miner beside git over whole histories, both sides in turn.

    bench/miner.py BINARY --clone NAME=PATH [--clone …] [--refs REF …] [--rounds 3] [--memory 256M] [--new 100]

git's side writes its log to a file and stores nothing; ours fills a fresh store each
time. Prints one table as Markdown: medians, ranges, ratios, peak memory. Run it on an
idle machine, after one pass that warms the page cache (which it does by itself).
"""
import argparse
import filecmp
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--clone", action="append", required=True, metavar="NAME=PATH")
parser.add_argument("--refs", nargs="*", default=[], help="for the logs; without it all branches and tags")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--memory", default="256M", help="the smaller bound that is measured, too")
parser.add_argument("--new", type=int, default=100, help="commits of the incremental run")
arguments = parser.parse_args()
binary = str(pathlib.Path(arguments.binary).resolve())
rounds = max(arguments.rounds, 3)
work = pathlib.Path(tempfile.mkdtemp(prefix="resident-bench-miner-"))
environment = {**{key: value for key, value in os.environ.items() if not key.startswith("GIT_")}, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C.UTF-8"}
environment.pop("RESIDENT_DB", None)


def run(command, output):
    """Seconds and peak memory in MB; None where it fails."""
    with open(output, "wb") as out, open(work / "messages", "wb") as err:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        print(f"warning: exit {process.returncode}: {' '.join(map(str, command))}: {(work / 'messages').read_text(errors='replace')[-300:]}", file=sys.stderr)
        return None
    return seconds, usage.ru_maxrss / 1024


def git(place, *command):
    return subprocess.run(["git", "-C", str(place), *command], check=True, capture_output=True, text=True, env=environment).stdout.strip()


def in_turn(what, sides, note=lambda: ""):
    """sides: (name, prepare, command, output) each; the first is the yardstick. Prints a line a side."""
    taken = {name: [] for name, *_ in sides}
    for _ in range(rounds):
        for name, prepare, command, output in sides:
            prepare()
            taken[name].append(run(command, output))
    base = None
    for name, *_ in sides:
        if None in taken[name]:
            print(f"| {what} | {name} | failed | | | |", flush=True)
            continue
        times = sorted(seconds for seconds, _ in taken[name])
        middle = statistics.median(times)
        if base is None:
            base, ratio = times, ""
        else:
            ratio = f"{statistics.median(base) / middle:.2f} ({base[0] / times[-1]:.2f} to {base[-1] / times[0]:.2f})"
        print(f"| {what} | {name} | {middle:.2f} s | {times[0]:.2f} to {times[-1]:.2f} s | {max(peak for _, peak in taken[name]):.0f} MB | {ratio} |", flush=True)
    return note()


def forget(db):
    def remove():
        for path in work.glob(db + "*"):
            path.unlink()
    return remove


nothing = lambda: None


def incremental(name, clone):
    """The default branch alone, wound back along first parents, then put forward again."""
    scratch, folder = work / "scratch.git", pathlib.Path(git(clone, "rev-parse", "--path-format=absolute", "--git-common-dir"))
    branch = git(clone, "symbolic-ref", "HEAD")
    tip = git(clone, "rev-parse", "HEAD")
    old = git(clone, "rev-parse", f"HEAD~{arguments.new}")
    if subprocess.run(["cp", "-al", str(folder), str(scratch)], capture_output=True).returncode:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(folder, scratch, symlinks=True)
    # Its own references: linked files are replaced, never written.
    shutil.rmtree(scratch / "refs")
    for gone in ("packed-refs", "FETCH_HEAD", "worktrees", "logs"):
        path = scratch / gone
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for own, text in (("HEAD", f"ref: {branch}\n"), (branch, old + "\n")):
        path = scratch / own
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text)
    store = work / "before.db"
    forget("before.db")()
    if run([binary, "add", "git", scratch, "--project", "p", "--db", store], os.devnull) is None:
        return
    git(scratch, "update-ref", branch, tip)
    count = git(scratch, "rev-list", "--count", f"{old}..{tip}")

    def prepare():
        forget("after.db")()
        shutil.copy(store, work / "after.db")
    in_turn(f"{name}: {arguments.new} new first-parent commits, {count} in all",
            [("git log --numstat -M of the new", nothing, ["git", "-C", str(scratch), "log", "--format=%H", "--numstat", "-M", f"{old}..{tip}", "--"], work / "git.out"),
             ("resident sync", prepare, [binary, "sync", "--db", str(work / "after.db")], os.devnull),
             ("resident sync, nothing new", nothing, [binary, "sync", "--db", str(work / "after.db")], os.devnull)])
    shutil.rmtree(scratch)


def tell_sameness(what, *outputs):
    same = all(filecmp.cmp(work / "git.out", work / output, shallow=False) for output in outputs)
    print(f"| {what} | output of both | {'the same' if same else '**differs**'} | | | |", flush=True)


def one(name, clone):
    references = arguments.refs or ["--branches", "--tags"]
    log = lambda *options: ["git", "-C", clone, "log", "--format=%H", *options, *references, "--"]
    mine = lambda *options: [binary, "mine", clone, *options, *arguments.refs]
    add = [binary, "add", "git", clone, "--project", "p", "--no-pulls", "--db", str(work / "fresh.db")]
    run(log("--raw", "-M"), os.devnull)  # warms the page cache
    commits = git(clone, "rev-list", "--count", *references)
    in_turn(f"{name}, {int(commits):,} commits: into the store", [
        ("git log --numstat -M, to a file", nothing, log("--numstat", "-M"), work / "git.out"),
        ("resident add git --no-lines", forget("fresh.db"), [*add, "--no-lines"], os.devnull),
        ("resident add git, with lines", forget("fresh.db"), add, os.devnull),
        (f"resident add git, with lines, --memory {arguments.memory}", forget("fresh.db"), [*add, "--memory", arguments.memory], os.devnull),
        ("resident mine --numstat", nothing, mine("--numstat"), work / "ours.out"),
        (f"resident mine --numstat --memory {arguments.memory}", nothing, mine("--numstat", "--memory", arguments.memory), work / "ours-bounded.out")])
    tell_sameness(name, "ours.out", "ours-bounded.out")
    in_turn(f"{name}: names only", [
        ("git log --raw -M, to a file", nothing, log("--raw", "-M", "--no-abbrev"), work / "git.out"),
        ("resident mine --raw", nothing, mine("--raw"), work / "ours.out")])
    tell_sameness(f"{name}, names only", "ours.out")
    incremental(name, clone)


load = os.getloadavg()[0]
if load > 0.5:
    print(f"warning: the load average is {load:.2f}; figures taken on a busy machine tell little", file=sys.stderr)
model = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), platform.machine())
total = next(line.split()[1] for line in pathlib.Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
version = subprocess.run(["git", "--version"], capture_output=True, text=True).stdout.strip()
print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores of {model}, {int(total) / 2**20:.0f} GB, {platform.system()} {platform.release()}, {version}; {rounds} rounds in turn, load {load:.2f} at the start\n")
print("| what | side | median | range | peak memory | git's time / ours (range) |\n|---|---|---:|---:|---:|---:|")
try:
    for each in arguments.clone:
        name, separator, path = each.partition("=")
        if not separator:
            name, path = pathlib.Path(each).name, each
        if pathlib.Path(path).exists():
            one(name, str(pathlib.Path(path).resolve()))
        else:
            print(f"| {name} | {path} is not here | | | | |")
finally:
    shutil.rmtree(work, ignore_errors=True)
