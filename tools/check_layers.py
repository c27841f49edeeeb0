#!/usr/bin/env python3
"""The rooms of src/: each may include only what is below it, no two rooms may include each other,
headers open with what they are for, and what users read names no file of src/."""
import collections
import pathlib
import re
import sys

BELOW = {
    "base": [],
    "config": ["base"],
    "net": ["config"],
    "stats": ["base"],
    "git": ["base"],
    "text": ["config"],
    "store": ["net", "stats", "text"],
    "sources": ["store", "git"],
    "simulate": ["stats"],
    "framework": ["store"],
    "model": ["framework", "text"],
    "learn": ["model"],
    "analyses": ["learn"],
    "views": ["analyses"],
    "actions": ["analyses"],
    "server": ["views"],
    "cli": ["sources", "simulate", "server", "actions"],
}
# In these every folder below is a room of its own, which may not include its neighbours …
APART = {"analyses", "sources"}
# … but for what these rooms lend to all.
LENT = {"sources/ci", "sources/decode", "sources/files", "sources/forge", "sources/json", "sources"}
LONGEST_FILE = 600
# A source asks the store through store/read and writes through its Writer: how rows lie there is the store's alone. Trac's
# own database is somebody else's store.
STATEMENT = re.compile(r'"\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) ')
OTHERS_STORES = {"sources/trac/trac_database.cpp"}

root = pathlib.Path(__file__).resolve().parent.parent / "src"
failures = 0


def fail(path, number, what):
    global failures
    failures += 1
    print(f"{path.relative_to(root.parent)}:{number}: {what}")


def allowed(layer):
    found, todo = {layer}, [layer]
    while todo:
        for below in BELOW[todo.pop()]:
            if below not in found:
                found.add(below)
                todo.append(below)
    return found


def room(path):
    parts = pathlib.PurePosixPath(path).parts
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


# One name, one type: two of the same name in one namespace are the same to the linker, which then takes the functions of
# either (the destructor of one was called for the other).
# split() gives views: in a range-for, a string that a call returned ends before the first of them is looked at.
OF_TEMPORARY = re.compile(r"for \(.*: split\((?:[\w.]+(?:->|\.))?(?:string|read_whole|read_file|to_lower|one_line|clean_text|format)\(")
TYPE = re.compile(r"^(?:struct|class|enum(?: class)?)\s+(\w+)(?:\s+final)?\s*(?::(?!:)[^;]*)?\{")
SPACE = re.compile(r"^(?:inline )?namespace\s*([\w:]*)\s*\{")
defined = {}
for path in sorted(root.rglob("*.[ch]pp")):
    spaces = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if space := SPACE.match(line):
            spaces.append(space.group(1))
        elif line.startswith("}  // namespace") and spaces:
            spaces.pop()
        elif (kind := TYPE.match(line)) and "" not in spaces:
            name = "::".join([*spaces, kind.group(1)])
            if name in defined:
                fail(path, number, f"{name} is defined in {defined[name].relative_to(root.parent)}, too")
            defined[name] = path

edges = collections.defaultdict(dict)
for path in sorted(root.rglob("*.[ch]pp")):
    inside = path.relative_to(root).as_posix()
    layer, here = inside.split("/")[0], room(inside)
    text = path.read_text()
    lines = text.splitlines()
    if layer not in BELOW:
        fail(path, 1, f"{layer}/ is no room that tools/check_layers.py knows")
        continue
    for number, line in enumerate(lines, 1):
        if match := re.match(r'\s*#include\s*[<"](\w+/[\w/]+\.hpp)', line):
            there_layer, there = match.group(1).split("/")[0], room(match.group(1))
            if there_layer not in BELOW:
                continue
            if there_layer not in allowed(layer):
                fail(path, number, f"{layer} may not include {there_layer}")
            elif layer == there_layer and layer in APART and here != there and here != layer and there not in LENT:
                fail(path, number, f"{here} may not include {there}: they meet through what is below both")
            if here != there:
                edges[here].setdefault(there, f"{inside}:{number}")
        elif layer == "sources" and inside not in OTHERS_STORES and STATEMENT.search(line):
            fail(path, number, "a statement of SQL in a source: it belongs to store/read")
        elif re.search(r'"[^"]*\bsrc/(?!main\.c\b|a\b|parser\.c\b)[\w/]+\.(?:cpp|hpp)', line):
            fail(path, number, "what users read names a file of ours: say in words how it is done, or name the guide")
    if path.suffix == ".hpp" and not text.lstrip().startswith("//"):
        fail(path, 1, "a header opens with what it is for")
    if len(lines) > LONGEST_FILE:
        fail(path, len(lines), f"{len(lines)} lines; at most {LONGEST_FILE}")
    for number, line in enumerate(lines, 1):
        if OF_TEMPORARY.search(line):
            fail(path, number, "pieces of a text that is gone when the loop begins: give it a name first")

# Circles between rooms: depth-first search over the includes.
state = {}


def visit(here, trail):
    state[here] = "open"
    for there, where in sorted(edges[here].items()):
        if state.get(there) == "open":
            circle = trail[trail.index(there):] + [there] if there in trail else [here, there]
            global failures
            failures += 1
            print(f"circle: {' → '.join(circle)} (src/{where})")
        elif there not in state:
            visit(there, trail + [there])
    state[here] = "done"


for start in sorted(list(edges)):
    if start not in state:
        visit(start, [start])
sys.exit(1 if failures else 0)
