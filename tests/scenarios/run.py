#!/usr/bin/env python3
"""Scenarios: commands and their exact output, as text files beside this one.

A scenario is a list of blocks:

    $ resident status --db x.db       a command, run by sh in an empty folder
    expected output, both streams     … exactly
    [exit 2]                          where it is not 0

Lines before the first command are remarks. `resident` is the program under test,
DATA the folder tests/scenarios/data. `run.py BINARY --update` rewrites the outputs.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def blocks(text):
    remarks, found = [], []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
        else:
            remarks.append(line)
    return remarks, found


def run(binary, path, update):
    remarks, found = blocks(path.read_text())
    output, differences = list(remarks), []
    with tempfile.TemporaryDirectory() as folder:
        tools = pathlib.Path(folder, "tools")
        tools.mkdir()
        (tools / "resident").symlink_to(binary)
        work = pathlib.Path(folder, "work")
        work.mkdir()
        environment = {"PATH": f"{tools}:/usr/bin:/bin", "HOME": folder, "RESIDENT_NOW": "2024-01-10T12:00:00Z", "TZ": "UTC",
                       "LC_ALL": "C.UTF-8", "DATA": str(HERE / "data")}
        environment.update({key: value for key, value in os.environ.items() if key.startswith(("ASAN_", "UBSAN_"))})
        for command, expected in found:
            done = subprocess.run(["sh", "-c", command], cwd=work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  stdin=subprocess.DEVNULL, timeout=120)
            text = done.stdout.decode("utf-8", "replace").replace(str(HERE / "data"), "DATA").replace(str(work), "WORK")
            actual = text.splitlines() + ([f"[exit {done.returncode}]"] if done.returncode else [])
            output += ["$ " + command] + actual + [""]
            while expected and not expected[-1].strip():
                expected.pop()
            while actual and not actual[-1].strip():
                actual.pop()
            if actual != expected:
                differences.append((command, expected, actual))
    if update:
        path.write_text("\n".join(output).rstrip("\n") + "\n")
    return differences


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    update = "--update" in sys.argv
    passed = failed = 0
    for path in sorted(HERE.glob("*.txt")):
        differences = run(binary, path, update)
        if differences and not update:
            failed += 1
            print(f"FAIL {path.name}")
            for command, expected, actual in differences[:3]:
                print(f"FAIL   $ {command}")
                for line in expected:
                    if line not in actual:
                        print(f"FAIL   - {line}")
                for line in actual:
                    if line not in expected:
                        print(f"FAIL   + {line}")
        else:
            passed += 1
            print(f"ok {path.name}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
