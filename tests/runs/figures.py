"""What the scripts share that hold figures of a simulated project against what is true of it: the program, its Results by
name, and checks that are counted."""
import json
import pathlib
import subprocess
import sys


class Figures:
    def __init__(self, binary):
        self.binary = str(pathlib.Path(binary).resolve())
        self.checked, self.failures = 0, 0

    def run(self, *command):
        done = subprocess.run([self.binary, *map(str, command)], capture_output=True)
        if done.returncode:
            sys.exit(f"resident {' '.join(map(str, command))}: {done.stderr.decode()}")
        return done.stdout.decode()

    def check(self, name, passed, words):
        self.checked += 1
        self.failures += not passed
        print(("ok   " if passed else "FAIL ") + name + ": " + words)

    def finish(self):
        print(f"{self.checked - self.failures} passed, {self.failures} failed")
        sys.exit(1 if self.failures else 0)


def results(text):
    """The Results of --json by name, each a list of rows as dictionaries."""
    found = json.loads(text)
    found = found if isinstance(found, list) else found.get("results", [found])
    named = {}
    for result in found:
        names = [column["name"] if isinstance(column, dict) else column for column in result["columns"]]
        named[result["name"]] = [row if isinstance(row, dict) else dict(zip(names, row)) for row in result["rows"]]
    return named
