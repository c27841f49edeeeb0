#!/usr/bin/env python3
"""How fast imports are read, beside Python's own parser and beside a search for the bare word.

    bench/interest.py BINARY PATH… [--rounds 5] [--no-ast]

In each round, in turn, over the same files and a warm cache: `resident interest PATH --language python`, and
`rg -c import` over the Python files of the tree. Once, in the same run: `ast.parse` of each file and a walk for imports.
Prints the median of the rounds, the range, and the ratios. Start-up of each program counts.
"""
import argparse
import ast
import os
import subprocess
import sys
import time
import warnings

warnings.simplefilter("ignore")


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def timed(command):
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - began


def files_below(paths):
    for path in paths:
        for folder, folders, names in os.walk(path):
            folders[:] = [name for name in folders if name != ".git"]
            for name in names:
                full = os.path.join(folder, name)
                if name.endswith((".py", ".pyi", ".pyw")) and not os.path.islink(full):
                    yield full


def parse_all(files):
    began, names = time.perf_counter(), 0
    for path in files:
        with open(path, "rb") as file:
            source = file.read()
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        names += sum(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(tree))
    return time.perf_counter() - began


def row(name, seconds, size, ours):
    middle = median(seconds)
    print(f"| {name} | {middle:.3f} s ({min(seconds):.3f} to {max(seconds):.3f}) | {size / middle / 1e9:.3f} GB/s | {middle / ours:.2f} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-ast", action="store_true")
    given = parser.parse_args()
    files = sorted(set(files_below(given.paths)))
    size = sum(os.path.getsize(path) for path in files)
    ours_command = [os.path.abspath(given.binary), "interest", *given.paths, "--language", "python", "--json"]
    search_command = ["rg", "--no-ignore", "--hidden", "-tpy", "-c", "import", *given.paths]
    timed(ours_command), timed(search_command)
    ours, search = [], []
    for _ in range(given.rounds):
        ours.append(timed(ours_command))
        search.append(timed(search_command))
    middle = median(ours)
    print(f"{len(files)} files, {size / 1e6:.1f} MB, {given.rounds} rounds in turn, {os.cpu_count()} processors\n")
    print("| what | median (range) | read | times as long as ours |\n|---|---|---:|---:|")
    row("resident interest", ours, size, middle)
    row("rg -tpy -c import", search, size, middle)
    if not given.no_ast:
        row("ast.parse and walk, one process", [parse_all(files)], size, middle)
    return 0


if __name__ == "__main__":
    sys.exit(main())
