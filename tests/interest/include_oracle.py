#!/usr/bin/env python3
"""Holds `resident interest` against the compiler, include by include: include_oracle.py BINARY FOLDER [FLAGS…]

Each C and C++ file of the folder that `gcc FLAGS` preprocesses is compared with two of its answers: `-dI`, which keeps
every #include directive that was obeyed, by line, and `-H` at depth 1, which names the headers that were opened. What
the compiler obeyed has to be among ours; what we call unconditional has to be obeyed. Conditional includes depend on
the configuration: how many of them were obeyed is told.
"""
import collections
import json
import os
import re
import subprocess
import sys

HERE_AND_LINE = re.compile(r'# (\d+) "(.*?)"')
DIRECTIVE = re.compile(r'#\s*(?:include|include_next|import)\s*[<"]([^">]+)[">]')


def obeyed(path, flags):
    done = subprocess.run(["gcc", "-E", "-dI", *flags, path], capture_output=True, text=True, errors="replace")
    if done.returncode:
        return None
    found, here, line = collections.Counter(), path, 0
    for text in done.stdout.split("\n"):
        if marker := HERE_AND_LINE.match(text):
            here, line = marker.group(2), int(marker.group(1))
            continue
        if here == path and (directive := DIRECTIVE.match(text)):
            found[directive.group(1)] += 1
        line += 1
    return found


def opened(path, flags):
    done = subprocess.run(["gcc", "-E", "-H", *flags, path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    return [line[2:] for line in done.stderr.split("\n") if line.startswith(". ")]


def ends_with(path, header):
    return os.path.normpath(path).endswith(os.path.normpath(header).lstrip("./"))


def main():
    binary, folder, flags = sys.argv[1], sys.argv[2], sys.argv[3:]
    done = subprocess.run([binary, "interest", folder, "--language", "c", "--language", "c++", "--each", "--json"], capture_output=True, text=True, check=True)
    ours = collections.defaultdict(list)
    for row in json.loads(done.stdout):
        ours[row["file"]].append(row)
    counts, shown = collections.Counter(), 0
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(root, name)
            if not name.endswith((".c", ".cc", ".cpp", ".cxx")) or os.path.islink(path):
                continue
            expected = obeyed(path, flags)
            if expected is None:
                counts["not preprocessed"] += 1
                continue
            counts["files"] += 1
            all_ours = collections.Counter(row["module"] for row in ours[path])
            certain = collections.Counter(row["module"] for row in ours[path] if not row["conditional"])
            counts["obeyed"] += expected.total()
            counts["unconditional"] += certain.total()
            counts["conditional"] += all_ours.total() - certain.total()
            counts["conditional obeyed"] += (expected - certain).total()
            unseen = [header for header in opened(path, flags) if not any(ends_with(header, module) for module in all_ours)]
            if expected - all_ours or certain - expected or unseen:
                counts["different"] += 1
                if (shown := shown + 1) <= 10:
                    print(f"FAIL {path}: obeyed, not ours {dict(expected - all_ours)}; ours, not obeyed {dict(certain - expected)}; opened, not ours {unseen}")
    print(f"{folder}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts["different"] or not counts["obeyed"] else 0


if __name__ == "__main__":
    sys.exit(main())
