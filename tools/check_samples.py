#!/usr/bin/env python3
"""Reads the samples of configuration in the README and in docs/ as the program would: what somebody copies has to be right.

Prints each that can't be read, with its place; ends with 1 where there is one.
"""
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    count, wrong = 0, 0
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        for sample in re.finditer(r"^( *)```toml\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL):
            count += 1
            try:
                tomllib.loads(re.sub(f"^{sample[1]}", "", sample[2], flags=re.MULTILINE))
            except tomllib.TOMLDecodeError as error:
                wrong += 1
                print(f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, sample.start()) + 1}: {error}")
    if count == 0:
        print("no sample was found")
    return 1 if wrong or count == 0 else 0


sys.exit(main())
