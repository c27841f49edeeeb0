#!/usr/bin/env python3
"""Holds `resident interest` against the parsers of Go, Java and Rust, import by import:

    declared_oracle.py BINARY go|java|rust FOLDER…

The parser of the language's own tools is run over the same files (go_oracle.go by `go run`, JavaOracle.java by `java`,
rust_oracle/ by `cargo run`, which needs the crate syn; CARGO_ARGUMENTS may say where it is);
(line, module, name) of each import has to be the same; what we see within macros of Rust, where no parser looks, is only
counted. Files that the parser refuses are counted and left out.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PARSERS = {"go": ["go", "run", str(HERE / "go_oracle.go")], "java": ["java", str(HERE / "JavaOracle.java")],
           "rust": ["cargo", "run", "-q", "--release", "--manifest-path", str(HERE / "rust_oracle" / "Cargo.toml"), *os.environ.get("CARGO_ARGUMENTS", "").split(), "--"]}


def main():
    binary, language, failed = sys.argv[1], sys.argv[2], 0
    for folder in sys.argv[3:]:
        expected, read, refused = collections.defaultdict(collections.Counter), set(), 0
        macros, within = collections.defaultdict(list), 0
        for line in subprocess.run([*PARSERS[language], folder], capture_output=True, text=True, check=True).stdout.splitlines():
            file, *rest = line.split("\t")
            if rest == ["refused"]:
                refused += 1
            elif rest[0] == "macro":
                macros[file].append(range(int(rest[1]), int(rest[2]) + 1))
            elif rest == ["read"]:
                read.add(file)
            else:
                expected[file][(int(rest[0]), rest[1], rest[2])] += 1
        done = subprocess.run([binary, "interest", folder, "--language", language, "--each", "--relative", "--json"], capture_output=True, text=True, check=True)
        ours = collections.defaultdict(collections.Counter)
        for row in json.loads(done.stdout):
            found = (row["line"], row["module"], row["name"])
            if found not in expected[row["file"]] and any(row["line"] in lines for lines in macros[row["file"]]):
                within += 1
            else:
                ours[row["file"]][found] += 1
        different = sorted(file for file in read if ours[file] != expected[file])
        for file in different[:5]:
            print(f"FAIL {file}: not seen {dict(expected[file] - ours[file])}, too much {dict(ours[file] - expected[file])}")
        names = sum(expected[file].total() for file in read)
        failed += len(different) + (0 if names else 1)
        print(f"{folder}: {len(read)} files, {refused} that the parser refuses, {names} imports, {within} more within macros, {len(different)} files differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
