#!/usr/bin/env python3
"""Each folder of src/ may include only what is below it; this says where one looks up."""
import pathlib
import re
import sys

ALLOWED = {
    "base": {"base"},
    "stats": {"base", "stats"},
    "store": {"base", "stats", "store"},
    "sources": {"base", "stats", "store", "sources"},
    "simulate": {"base", "stats", "simulate"},
    "analyses": {"base", "stats", "store", "analyses"},
    "views": {"base", "stats", "store", "analyses", "views"},
    "actions": {"base", "stats", "store", "analyses", "actions"},
    "cli": {"base", "stats", "store", "sources", "simulate", "analyses", "views", "actions", "cli"},
}
root = pathlib.Path(__file__).resolve().parent.parent / "src"
failures = 0
for path in sorted(root.rglob("*.[ch]pp")):
    layer = path.relative_to(root).parts[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#include\s*[<"](\w+)/', line)
        if match and match.group(1) in ALLOWED and match.group(1) not in ALLOWED[layer]:
            print(f"{path.relative_to(root.parent)}:{number}: {layer} may not include {match.group(1)}")
            failures += 1
    head = path.read_text().lstrip()
    if path.suffix == ".hpp" and not head.startswith("//"):
        print(f"{path.relative_to(root.parent)}: a header opens with what it is for")
        failures += 1
sys.exit(1 if failures else 0)
