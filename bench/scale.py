#!/usr/bin/env python3
"""Times two builds in turn on a project of CPython's size, and prints how many times as fast the new one is.

    bench/scale.py BINARY --against COMMIT|BINARY [--jsonl FILE | --db STORE] [--rounds 3] [--commands today,measures] [--keep FOLDER]

An earlier build is made of a commit, in a worktree of its own (`./up --build-only`), unless a binary is given. Without
--jsonl the project is simulated (60,000 issues, 12 years, seed 5). Each build imports it into a store of its own, or is
given a copy of --db, whose project is called big; then every command runs once to learn and keep what it does, and
--rounds times in turn, each in a new process: the least
processor time (user and system), and the largest memory. What both print as JSON is compared to the byte.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

COMMANDS = ["today", "review", "triage", "people", "inbox", "contributors", "measures"]
ROOT = pathlib.Path(__file__).resolve().parent.parent


def measured(*command):
    """What it printed, processor time, time by the clock, and the largest memory in MB."""
    read, write = os.pipe()
    begin = time.perf_counter()
    process = os.fork()
    if process == 0:
        os.dup2(write, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.close(read)
        os.execv(command[0], command)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        printed = pipe.read()
    _, status, used = os.wait4(process, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed: {os.waitstatus_to_exitcode(status)}")
    return printed, used.ru_utime + used.ru_stime, time.perf_counter() - begin, used.ru_maxrss / 1024


def build_of(commit, folder):
    if pathlib.Path(commit).is_file():
        return str(pathlib.Path(commit).resolve())
    place = folder / "earlier"
    if not place.exists():
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "--detach", place, commit], check=True)
    subprocess.run(["./up", "--build-only"], cwd=place, check=True)
    return str(place / "build/release/resident")


def project_of(given, binary, folder):
    if given:
        return given
    made = folder / "made"
    if not made.exists():
        subprocess.run([binary, "simulate", made, "--issues", "60000", "--years", "12", "--no-repository", "--seed", "5"], check=True)
    return made / "project.jsonl"


def main():
    parser = argparse.ArgumentParser(description="Two builds in turn at CPython's size")
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--against", required=True, help="a commit, or a binary")
    parser.add_argument("--jsonl", type=pathlib.Path)
    parser.add_argument("--db", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--commands", default=",".join(COMMANDS))
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the earlier build and the stores; else all goes")
    options = parser.parse_args()
    folder = (options.keep or pathlib.Path(tempfile.mkdtemp())).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        builds = {"before": build_of(options.against, folder), "now": str(options.binary.resolve())}
        project = None if options.db else project_of(options.jsonl, builds["now"], folder)
        stores = {name: str(folder / f"{name}.db") for name in builds}
        print("| what | before | now | times as fast |\n|---|---:|---:|---:|")
        rows = []
        imports = {}
        for name, binary in builds.items():
            pathlib.Path(stores[name]).unlink(missing_ok=True)
            if options.db:
                shutil.copy(options.db, stores[name])
                continue
            _, processor, clock, memory = measured(binary, "add", "jsonl", str(project), "--project", "big", "--db", stores[name])
            imports[name] = (processor, memory)
        if imports:
            rows.append(("import", imports, None))
        for command in options.commands.split(","):
            runs, printed = {name: [] for name in builds}, {}
            first = {}
            for step in range(options.rounds + 1):
                for name, binary in builds.items():
                    out, processor, clock, memory = measured(binary, command, "--db", stores[name], "--project", "big", "--json")
                    printed[name] = out
                    if step:
                        runs[name].append((processor, memory))
                    else:
                        first[name] = processor
            best = {name: (min(each[0] for each in runs[name]), max(each[1] for each in runs[name])) for name in builds}
            rows.append((f"`{command}`", best, printed["before"] == printed["now"]))
            rows.append((f"`{command}`, the first time", {name: (first[name], None) for name in builds}, None))
        for what, figures, is_same in rows:
            cells = [f"{processor:.2f} s" + (f", {memory:.0f} MB" if memory else "") for processor, memory in (figures["before"], figures["now"])]
            note = "" if is_same is None or is_same else " (prints something else)"
            print(f"| {what}{note} | {cells[0]} | {cells[1]} | {figures['before'][0] / figures['now'][0]:.1f} |")
    finally:
        if not options.keep:
            if (folder / "earlier").exists():
                subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", folder / "earlier"], check=False)
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
