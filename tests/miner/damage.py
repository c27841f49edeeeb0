#!/usr/bin/env python3
"""Damaged, hostile and incomplete repositories: what examine.py promises, for each.

    damage.py BINARY [--only PART] [--heavy]

--heavy adds what takes minutes, such as chains of 100,000 deltas.
"""
import argparse
import os
import pathlib
import random
import shutil
import struct
import zlib

import hostile
from examine import examine
from objects import index_offsets, loose_path
from shapes import fill, initialise
from synthetic import FILE, History, edit_some, add_some, merge, put, rename_edited, rename_exact, remove_some, binary as edit_binary
from tools import LOGS, Results, Skip, all_references, blocks, git, git_log, has_miner, run, work_folder

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--only", default="", help="cases whose name has this in it")
parser.add_argument("--heavy", action="store_true")
arguments = parser.parse_args()
binary = str(pathlib.Path(arguments.binary).resolve())
results, work = Results(), work_folder("damage")
names = iter(range(10**6))
cases = []


def case(function):
    cases.append((function.__name__.replace("_", " "), function))
    return function


def each(label, values):
    """One case a value."""
    def declare(function):
        for name in values:
            cases.append((f"{label}: {name}", lambda name=name: function(name)))
        return function
    return declare


# The repository that is damaged: two branches, merges, renames, tags; loose and packed.

def make_fixture():
    h = History(random.Random(20240117))
    main, side = b"refs/heads/main", b"refs/heads/side"
    tree = {}
    for i in range(12):
        put(tree, b"file%d.c" % i if i % 3 else b"src/deep/file%d.c" % i, FILE, h.content.join(h.content.lines(40)))
    h.commit(main, dict(tree), [])
    h.commit(side, dict(tree), [h.branches[main]])
    steps = [add_some, edit_some, edit_some, edit_some, rename_exact, rename_edited, remove_some, edit_binary]
    for number in range(36):
        branch = side if number % 4 == 0 else main
        if number % 9 == 8:
            merge(h, branch)
            continue
        tree = dict(h.branches[branch][1])
        h.rng.choice(steps)(h, tree)
        h.commit(branch, tree, [h.branches[branch]])
    h.tag(b"annotated", h.commits[5][0])
    places = {}
    for name in ("loose", "packed"):
        places[name] = initialise(work / name)
        fill(places[name], h.stream(), loose=name == "loose")
    git(places["packed"], "repack", "-q", "-a", "-d", "-f", "--depth=50")
    return places


PLACES = make_fixture()
REFERENCES = all_references(PLACES["loose"])
POINTS = dict(line.split() for line in git(PLACES["loose"], "for-each-ref", "--format=%(refname) %(objectname)").split("\n"))
WHOLE = {what: blocks(git_log(PLACES["loose"], what, REFERENCES).out) for what in LOGS}
COMMITS = git(PLACES["loose"], "rev-list", "--first-parent", "refs/heads/main").split("\n")


def copy(name):
    place = work / f"case-{next(names)}"
    shutil.copytree(PLACES[name], place, symlinks=True)
    return place


def changed_blob(old=False):
    """A text blob that a commit in mid-history changes without a rename."""
    for sha in COMMITS[3:]:
        for line in WHOLE["--raw"].get(sha, []):
            if line.endswith(b".c") and b" M\t" in line:
                return line.decode().split()[2 if old else 3]
    raise RuntimeError("the fixture has no such commit")


def renamed_blob():
    return next(line.decode().split()[3] for rows in WHOLE["--raw"].values() for line in rows if b" R0" in line)


VICTIMS = {
    "blob": changed_blob,
    "blob before a change": lambda: changed_blob(True),
    "blob of a fuzzy rename": renamed_blob,
    "root tree": lambda: git(PLACES["loose"], "rev-parse", f"{COMMITS[8]}^{{tree}}"),
    "subtree": lambda: git(PLACES["loose"], "rev-parse", f"{COMMITS[-1]}:src"),
    "commit": lambda: COMMITS[7],
    "first commit": lambda: COMMITS[-1],
    "newest commit": lambda: COMMITS[0],
    "tag": lambda: git(PLACES["loose"], "rev-parse", "refs/tags/annotated"),
}


def look(place, lost=(), **more):
    # Where a reference points at what is lost, its name will do.
    lost = [*lost, *[name for name, sha in POINTS.items() if sha in lost]]
    return examine(binary, place, REFERENCES, lost=lost, whole=WHOLE, **more)


def writable(path):
    path.chmod(0o644)
    return path


@each("missing loose object", VICTIMS)
def missing(name):
    place, sha = copy("loose"), VICTIMS[name]()
    loose_path(place, sha).unlink()
    return look(place, lost=[sha])


@each("corrupt loose object", VICTIMS)
def corrupt(name):
    place, sha = copy("loose"), VICTIMS[name]()
    path = writable(loose_path(place, sha))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    data[-6] ^= 0x55
    path.write_bytes(data)
    return look(place, lost=[sha])


@each("loose object of no length", VICTIMS)
def no_length(name):
    place, sha = copy("loose"), VICTIMS[name]()
    writable(loose_path(place, sha)).write_bytes(b"")
    return look(place, lost=[sha])


def inflating(start, size):
    packer, chunk = zlib.compressobj(1), b"a" * 10**6
    return packer.compress(start) + b"".join(packer.compress(chunk) for _ in range(size // len(chunk))) + packer.flush()


LOOSE_DAMAGE = {
    "cut in half": lambda plain, packed: packed[:len(packed) // 2],
    "only its header": lambda plain, packed: packed[:12],
    "the last byte missing": lambda plain, packed: packed[:-1],
    "the checksum missing": lambda plain, packed: packed[:-4],
    "text instead": lambda plain, packed: b"this is no object\n",
    "unknown type": lambda plain, packed: zlib.compress(plain.replace(b"blob", b"blorb", 1)),
    "size too large": lambda plain, packed: zlib.compress(plain.replace(b" ", b" 9", 1)),
    "size too small": lambda plain, packed: zlib.compress(b"blob 3\0" + plain.split(b"\0", 1)[1]),
    "size of 2^62": lambda plain, packed: zlib.compress(b"blob 4611686018427387904\0" + plain.split(b"\0", 1)[1]),
    "size of 30 digits": lambda plain, packed: zlib.compress(b"blob " + b"9" * 30 + b"\0x"),
    "size negative": lambda plain, packed: zlib.compress(b"blob -1\0x"),
    "no header": lambda plain, packed: zlib.compress(b"x" * 100),
    "empty stream": lambda plain, packed: zlib.compress(b""),
    "inflates to 2 GB": lambda plain, packed: inflating(b"blob 10\0", 2_000_000_000),
}


@each("damaged loose blob", LOOSE_DAMAGE)
def damaged_loose(name):
    place, sha = copy("loose"), changed_blob()
    path = writable(loose_path(place, sha))
    packed = path.read_bytes()
    path.write_bytes(LOOSE_DAMAGE[name](zlib.decompress(packed), packed))
    return look(place, lost=[sha])


@case
def loose_blob_with_other_content():
    place, sha = copy("loose"), changed_blob()
    writable(loose_path(place, sha)).write_bytes(zlib.compress(b"blob 6\0other\n"))
    return look(place, lost=[sha], lenient=True)


@each("in place of a loose object", ["a folder", "a dangling link", "a pipe"])
def in_place(name):
    place, sha = copy("loose"), changed_blob()
    path = loose_path(place, sha)
    path.unlink()
    {"a folder": path.mkdir, "a dangling link": lambda: path.symlink_to("/nonexistent"), "a pipe": lambda: os.mkfifo(path)}[name]()
    # git itself waits for a pipe for ever.
    return look(place, lost=[sha], truth=name != "a pipe", store=name != "a pipe")


# Packs.

def pack_of(place):
    pack = next((place / "objects/pack").glob("*.pack"))
    for path in (pack, pack.with_suffix(".idx")):
        writable(path)
    for path in (place / "objects/pack").glob("*.rev"):
        path.unlink()
    return pack


@each("bytes of the pack flipped, seed", range(8))
def flipped_pack(seed):
    place = copy("packed")
    pack, rng = pack_of(place), random.Random(seed)
    data = bytearray(pack.read_bytes())
    for _ in range(rng.choice([1, 3, 20])):
        data[rng.randrange(12, len(data) - 20)] ^= 1 << rng.randrange(8)
    pack.write_bytes(data)
    return look(place)


@each("bytes of the index flipped, seed", range(8))
def flipped_index(seed):
    place = copy("packed")
    path, rng = pack_of(place).with_suffix(".idx"), random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice([1, 3, 20])):
        data[rng.randrange(8, len(data) - 40)] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    return look(place)


PACK_DAMAGE = {
    "cut in half": lambda data: data[:len(data) // 2],
    "cut at a third": lambda data: data[:len(data) // 3],
    "cut by ten bytes": lambda data: data[:-10],
    "cut by its checksum": lambda data: data[:-20],
    "empty": lambda data: b"",
    "header alone": lambda data: data[:12],
    "of version 7": lambda data: data[:4] + struct.pack(">I", 7) + data[8:],
    "with another count": lambda data: data[:8] + struct.pack(">I", 3) + data[12:],
    "without signature": lambda data: b"KCAP" + data[4:],
    "zeros from the middle": lambda data: data[:len(data) // 2] + bytes(len(data) - len(data) // 2),
    "ten bytes longer": lambda data: data + b"0123456789",
}


@each("pack", PACK_DAMAGE)
def damaged_pack(name):
    place = copy("packed")
    pack = pack_of(place)
    pack.write_bytes(PACK_DAMAGE[name](pack.read_bytes()))
    return look(place)


def all_offsets(data, offset):
    count = struct.unpack(">I", data[8 + 255 * 4:8 + 256 * 4])[0]
    start = 8 + 1024 + count * 24
    return data[:start] + b"".join(struct.pack(">I", offset(i, count)) for i in range(count)) + data[start + count * 4:]


INDEX_DAMAGE = {
    "cut in half": lambda data: data[:len(data) // 2],
    "cut in the table of counts": lambda data: data[:500],
    "cut by its checksum": lambda data: data[:-20],
    "empty": lambda data: b"",
    "of version 9": lambda data: data[:4] + struct.pack(">I", 9) + data[8:],
    "counts that fall": lambda data: data[:8] + struct.pack(">I", 0x7FFFFFFF) + data[12:],
    "count of 2^31": lambda data: data[:8 + 255 * 4] + struct.pack(">I", 0x80000000) + data[8 + 1024:],
    "offsets beyond the pack": lambda data: all_offsets(data, lambda i, count: 0x7FFFFF00 + i % 200),
    "offsets in a table of long ones that is absent": lambda data: all_offsets(data, lambda i, count: 0x80000000 + i),
    "offsets all the same": lambda data: all_offsets(data, lambda i, count: 12),
    "offsets of 0": lambda data: all_offsets(data, lambda i, count: 0),
    "offsets in the checksum": lambda data: all_offsets(data, lambda i, count: 60),
}


@each("index", INDEX_DAMAGE)
def damaged_index(name):
    place = copy("packed")
    path = pack_of(place).with_suffix(".idx")
    path.write_bytes(INDEX_DAMAGE[name](path.read_bytes()))
    # There git takes one commit for all; ours leaves out what is not what its id says.
    return examine(binary, place, REFERENCES, truth=False) if "all the same" in name else look(place)


@case
def one_offset_of_the_index_beyond_the_pack():
    place, sha = copy("packed"), changed_blob()
    path = pack_of(place).with_suffix(".idx")
    data = bytearray(path.read_bytes())
    field = index_offsets(path)[sha][1]
    data[field:field + 4] = struct.pack(">I", 0x7FFFFFF0)
    path.write_bytes(data)
    return look(place, lost=[sha, path.stem])


@case
def pack_without_index():
    place = copy("packed")
    pack_of(place).with_suffix(".idx").unlink()
    return look(place)


@case
def index_without_pack():
    place = copy("packed")
    pack_of(place).unlink()
    return look(place)


@each("pack rebuilt without a", VICTIMS)
def incomplete_pack(name):
    place, sha = copy("packed"), VICTIMS[name]()
    pack = pack_of(place)
    ids = [other for other in index_offsets(pack.with_suffix(".idx")) if other != sha]
    new = work / f"new-{next(names)}"
    new.mkdir()
    git(place, "pack-objects", "-q", new / "pack", stdin="\n".join(ids).encode() + b"\n")
    for path in list((place / "objects/pack").iterdir()):
        path.unlink()
    for path in new.iterdir():
        path.rename(place / "objects/pack" / path.name)
    return look(place, lost=[sha])


@case
def damaged_in_one_pack_and_whole_in_another():
    place = copy("packed")
    pack = pack_of(place)
    data = bytearray(pack.read_bytes())
    other = work / f"other-{next(names)}"
    shutil.copytree(PLACES["loose"], other)
    git(other, "repack", "-q", "-a", "-d", "-f", "--depth=0", "--window=0")
    for path in (other / "objects/pack").iterdir():
        shutil.copy(path, place / "objects/pack")
    for at in range(len(data) // 3, len(data) // 3 + 3000):
        data[at] ^= 0x5A
    pack.write_bytes(data)
    return look(place)


def rarely_read(name):
    """Files that only make git faster: without them all is there."""
    place = copy("packed")
    if name.startswith("multi-pack-index"):
        git(place, "multi-pack-index", "write")
        path = place / "objects/pack/multi-pack-index"
    elif name.startswith("bitmap"):
        git(place, "repack", "-q", "-a", "-d", "-b")
        path = next((place / "objects/pack").glob("*.bitmap"))
    else:
        git(place, "commit-graph", "write", "--reachable")
        path = place / "objects/info/commit-graph"
    data = bytearray(writable(path).read_bytes())
    if name.endswith("flipped"):
        for at in range(100, len(data) - 30, 37):
            data[at] ^= 0x11
    path.write_bytes(b"garbage\n" if name.endswith("garbage") else b"" if name.endswith("empty") else data[:len(data) // 2] if name.endswith("cut") else data)
    return examine(binary, place, REFERENCES, whole=WHOLE, options=["core.commitGraph=false", "core.multiPackIndex=false"])


each("only for speed", [f"{kind} {way}" for kind in ("multi-pack-index", "bitmap", "commit-graph") for way in ("garbage", "empty", "cut", "flipped")])(rarely_read)


@each("alternates", ["of a folder that is not there", "in a circle", "of itself", "garbage", "of 40 steps"])
def odd_alternates(name):
    place = copy("loose")
    info = place / "objects/info"
    info.mkdir(exist_ok=True)
    lines = {"of a folder that is not there": "/nonexistent/objects\n", "of itself": str(place / "objects") + "\n", "garbage": "\0\xff\n\n\"\\\n" + "x" * 100000 + "\n"}
    if name == "in a circle":
        other = copy("packed")
        (other / "objects/info").mkdir(exist_ok=True)
        (other / "objects/info/alternates").write_text(str(place / "objects") + "\n")
        lines[name] = str(other / "objects") + "\n"
    if name == "of 40 steps":
        steps = [initialise(work / f"step-{next(names)}") for _ in range(40)]
        for one, two in zip(steps, [*steps[1:], copy("packed")]):
            (one / "objects/info/alternates").parent.mkdir(exist_ok=True)
            (one / "objects/info/alternates").write_text(str(two / "objects") + "\n")
        lines[name] = str(steps[0] / "objects") + "\n"
    (info / "alternates").write_text(lines[name])
    return look(place)


@case
def a_pack_without_the_right_to_read_it():
    if os.geteuid() == 0 and not shutil.which("runuser"):
        raise Skip("runs as root, and there is no runuser")
    place = copy("packed")
    git(place, "commit-tree", "-m", "own", "refs/heads/main^{tree}")
    prefix = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    program = work / "program"
    program.mkdir()
    shutil.copy(binary, program / "resident")
    for path in (work, program, program / "resident"):
        path.chmod(0o755)
    if prefix:
        run(["chown", "-R", "nobody", place])
    pack_of(place).chmod(0)
    return examine(str(program / "resident"), place, REFERENCES, whole=WHOLE, prefix=prefix)


if __name__ == "__main__":
    if not has_miner(binary):
        results.skip("damaged repositories", "this program has no `resident mine --numstat`")
        results.finish()
    print(f"repositories in {work}", flush=True)
    hostile.declare(case, each, binary, work, arguments.heavy)
    for name, function in cases:
        if arguments.only in name:
            results.test(name, function)
    if not results.failed:
        shutil.rmtree(work, ignore_errors=True)
    results.finish()
