#!/usr/bin/env python3
"""Holds `resident interest` against Python's own syntax trees, import by import: python_oracle.py BINARY PATH… [--names]

Of every .py file below the paths that `ast` accepts, what is imported where has to be the same: (line, module, name)
of each name, relative modules with their dots. Files that this Python refuses are counted and left out. What counts:
`import`, `from … import`, and calls of importlib.import_module and __import__ whose first argument is literal text; with --names also what is taken of
modules by a dot.
"""
import ast
import collections
import functools
import json
import multiprocessing
import os
import subprocess
import sys
import time
import warnings

warnings.simplefilter("ignore")


def is_module_name(text):
    rest = text.lstrip(".")
    return bool(rest) and all(part.isidentifier() for part in rest.split("."))


def owner_of(func):
    if isinstance(func, ast.Attribute):
        value = func.value
        return value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else "?"
    return None


def called_module(node, knows_import_module):
    func = node.func
    name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else None
    owner = owner_of(func)
    if name == "import_module":
        if not (owner == "importlib" or (owner is None and knows_import_module)):
            return None
    elif name != "__import__" or owner not in (None, "builtins", "__builtin__"):
        return None
    first = node.args[0] if node.args else node.keywords[0].value if node.keywords and node.keywords[0].arg == "name" else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and is_module_name(first.value):
        return first.value
    return None


def taken_of(node, bound, dotted):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in bound:
        return None
    module = bound[node.id]
    for part in reversed(parts):
        longer = module + "." + part
        if module.split(".")[0] != node.id or not any(name == longer or name.startswith(longer + ".") for name in dotted):
            return (node.lineno, module, part)
        module = longer
    return None


def imports_of(path, with_names=False):
    with open(path, "rb") as file:
        source = file.read()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return path, None
    nodes = list(ast.walk(tree))
    knows = any(isinstance(node, ast.ImportFrom) and (node.module or "").endswith("importlib") and
                any(alias.name == "import_module" for alias in node.names) for node in nodes)
    imported = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    bound, dotted = {}, {alias.name for alias in imported if not alias.asname}
    for alias in imported:
        bound.setdefault(alias.asname or alias.name.split(".")[0], alias.name if alias.asname else alias.name.split(".")[0])
    inner = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    found = collections.Counter()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update((node.lineno, "." * node.level + (node.module or ""), alias.name) for alias in node.names)
        if with_names and isinstance(node, ast.Attribute) and id(node) not in inner and (taken := taken_of(node, bound, dotted)):
            found[taken] += 1
        if isinstance(node, ast.Call) and (module := called_module(node, knows)):
            found[(node.func.end_lineno, module, "")] += 1
    return path, found


def files_below(path):
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            full = os.path.join(folder, name)
            if name.endswith((".py", ".pyi", ".pyw")) and not os.path.islink(full):
                yield full


def main():
    binary, failed, with_names = sys.argv[1], 0, "--names" in sys.argv
    for path in [each for each in sys.argv[2:] if each != "--names"]:
        began = time.monotonic()
        done = subprocess.run([binary, "interest", path, "--language", "python", "--each", "--relative", "--json", *(["--names"] if with_names else [])], capture_output=True, text=True, check=True)
        ours = collections.defaultdict(collections.Counter)
        for row in json.loads(done.stdout):
            ours[row["file"]][(row["line"], row["module"], row["name"])] += 1
        counts, shown = collections.Counter(), 0
        with multiprocessing.Pool(2) as pool:
            for file, expected in pool.imap_unordered(functools.partial(imports_of, with_names=with_names), files_below(path), 32):
                counts["files"] += 1
                counts["bytes"] += os.path.getsize(file)
                if expected is None:
                    counts["refused"] += 1
                    continue
                counts["names"] += expected.total()
                if expected != ours[file]:
                    counts["different"] += 1
                    if (shown := shown + 1) <= 5:
                        print(f"FAIL {file}: not seen {dict(expected - ours[file])}, seen too much {dict(ours[file] - expected)}")
        failed += counts["different"]
        if not counts["names"]:
            failed += 1
            print(f"FAIL {path}: nothing to compare")
        print(f"{path}: {counts['files']} files, {counts['bytes'] / 1e6:.1f} MB, {counts['refused']} that Python refuses, "
              f"{counts['names']} names imported, {counts['different']} files differ ({time.monotonic() - began:.0f} s)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
