"""How a repository lies on disk: loose, in packs of every kind, borrowed, linked, SHA-256.

Each shape takes a place and makes a repository there from a stream of fast-import; it
returns the folder to give to programs.
"""
import os
import pathlib
import random
import shutil

from objects import commit, object_id, tag, tree, write_loose
from tools import git, run


# Tags of trees and blobs, which git log passes over.
NO_COMMITS = {"refs/tags/of-blob", "refs/tags/tree", "refs/tags/of-tree", "refs/tags/blob"}


def initialise(place, bare=True, algorithm="sha1"):
    command = ["git", "init", "-q", "--template=", "-b", "main", f"--object-format={algorithm}", *(["--bare"] if bare else []), place]
    done = run(command)
    if done.code:
        raise RuntimeError(done.told())
    return pathlib.Path(place)


def fill(place, stream, loose=False, depth=50, settings=()):
    """Into the repository, without a checkout."""
    options = [part for setting in (f"fastimport.unpackLimit={10**9 if loose else 0}", *settings) for part in ("-c", setting)]
    git(place, *options, "fast-import", "--quiet", "--done", "--force", f"--depth={depth}", stdin=stream)


def folder_of(place):
    """The folder with objects/ and refs/."""
    place = pathlib.Path(place)
    return place if (place / "HEAD").exists() else place / ".git"


def made(place, stream, repack=(), settings=(), after=(), bare=True, **more):
    initialise(place, bare)
    fill(place, stream, **more)
    if repack:
        options = [part for setting in settings for part in ("-c", setting)]
        git(place, *options, "repack", "-q", "-a", "-d", *repack)
    for command in after:
        git(place, *command)
    return place


def several_packs(place, stream, rng, count=4):
    made(place, stream)
    ids = sorted({line.split()[0] for line in git(place, "rev-list", "--objects", "--all").split("\n") if line})
    ids += [line.split()[0] for line in git(place, "for-each-ref", "--format=%(objectname)").split("\n")]
    rng.shuffle(ids)
    old = list((place / "objects/pack").iterdir())
    for number in range(count):
        part = ids[number::count]
        if number:  # some objects stand in two packs
            part = part + rng.sample(ids, len(ids) // 10)
        git(place, "pack-objects", "-q", "objects/pack/pack", stdin="\n".join(part).encode() + b"\n")
    # What no list named stays loose.
    keep = place / "kept"
    keep.mkdir()
    for path in old:
        path.rename(keep / path.name)
    pack = next(path for path in keep.iterdir() if path.suffix == ".pack")
    git(place, "unpack-objects", "-q", stdin=pack.read_bytes())
    git(place, "prune-packed", "-q")
    shutil.rmtree(keep)
    return place


def loose(place, stream, rng):
    return made(place, stream, loose=True, bare=rng.random() < 0.5)


def loose_other_levels(place, stream, rng):
    initialise(place)
    fill(place, stream, loose=True, settings=[f"core.looseCompression={rng.choice([0, 1, 9])}"])
    return place


def as_imported(place, stream, rng):
    return made(place, stream, depth=rng.choice([0, 1, 50, 500]))


def packed(place, stream, rng):
    return made(place, stream, ["-f"], bare=rng.random() < 0.5)


def deep_chains(place, stream, rng):
    return made(place, stream, ["-f", "--depth=250", "--window=50"])


def flat_chains(place, stream, rng):
    return made(place, stream, ["-f", "--depth=1"])


def no_deltas(place, stream, rng):
    return made(place, stream, ["-f"], [f"pack.compression={rng.choice([0, 1, 9])}", "core.bigFileThreshold=1"])


def reference_deltas(place, stream, rng):
    return made(place, stream, ["-f", "--depth=100"], ["repack.useDeltaBaseOffset=false"])


def index_version_1(place, stream, rng):
    return made(place, stream, ["-f"], ["pack.indexVersion=1"])


def long_offsets(place, stream, rng):
    """Offsets in the table for packs over 2 GB, though the pack is small."""
    made(place, stream, ["-f"])
    for pack in (place / "objects/pack").glob("*.pack"):
        pack.with_suffix(".idx").unlink()
        for other in (place / "objects/pack").glob("*.rev"):
            other.unlink()
        git(place, "index-pack", f"--index-version=2,{rng.choice([13, 100, 1000])}", pack)
    return place


def multi_pack_index(place, stream, rng):
    several_packs(place, stream, rng)
    git(place, "multi-pack-index", "write", *(["--bitmap"] if rng.random() < 0.3 else []), check=False)
    return place


def bitmap_and_commit_graph(place, stream, rng):
    return made(place, stream, ["-b"], after=[["commit-graph", "write", "--reachable", *rng.choice([[], ["--changed-paths"], ["--split"]])]])


def kept_packs(place, stream, rng):
    several_packs(place, stream, rng, 2)
    for pack in list((place / "objects/pack").glob("*.pack"))[:1]:
        pack.with_suffix(".keep").write_text("kept\n")
    return place


def packed_with_newer_loose(place, stream, rng):
    """Part packed, part loose, references both packed and not."""
    made(place, stream, loose=True)
    names = git(place, "for-each-ref", "--format=%(refname)", "refs/heads").split("\n")
    ids = git(place, "rev-list", "--objects", "--no-object-names", rng.choice(names)).split("\n")
    git(place, "pack-objects", "-q", "objects/pack/pack", stdin="\n".join(ids[len(ids) // 2:]).encode() + b"\n")
    git(place, "prune-packed", "-q")
    git(place, "pack-refs", "--all")
    tip = git(place, "rev-parse", "refs/heads/main")
    new = git(place, "commit-tree", "-p", tip, "-m", "on top", f"{tip}^{{tree}}")
    git(place, "update-ref", "refs/heads/main", new)
    return place


def packed_references(place, stream, rng):
    return made(place, stream, after=[["pack-refs", "--all"]])


def symbolic_references(place, stream, rng):
    made(place, stream)
    git(place, "symbolic-ref", "refs/heads/alias", "refs/heads/main")
    git(place, "symbolic-ref", "refs/heads/second", "refs/heads/alias")
    git(place, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/heads/main")
    if rng.random() < 0.5:
        (place / "HEAD").write_text(git(place, "rev-parse", "refs/heads/main") + "\n")
    return place


def alternates(place, stream, rng):
    """a borrows from b, b from c; half of the objects stand in each of the two."""
    base = place.parent / (place.name + " lender c")
    made(base, stream, ["-f"])
    middle = initialise(place.parent / (place.name + "-lender-b"))
    initialise(place)
    relative = rng.random() < 0.5
    name = lambda target, source: os.path.relpath(target / "objects", source / "objects") if relative else str(target / "objects")
    for borrower, lender in ((middle, base), (place, middle)):
        (borrower / "objects/info").mkdir(exist_ok=True)
        (borrower / "objects/info/alternates").write_text("# a comment\n" + name(lender, borrower) + "\n")
    if rng.random() < 0.5:
        pack = next((base / "objects/pack").glob("*.pack"))
        for part in (base / "objects/pack").glob(pack.stem + ".*"):
            part.rename(middle / "objects/pack" / part.name)
    shutil.copytree(base / "refs", place / "refs", dirs_exist_ok=True)
    if (base / "packed-refs").exists():
        shutil.copy(base / "packed-refs", place)
    tip = git(place, "rev-parse", "refs/heads/main")
    git(place, "update-ref", "refs/heads/main", git(place, "commit-tree", "-p", tip, "-m", "own", f"{tip}^{{tree}}"))
    return place


def linked_worktree(place, stream, rng):
    made(place, stream, bare=rng.random() < 0.5)
    tree_place = place.parent / (place.name + "-worktree")
    git(place, "worktree", "add", "-q", "--no-checkout", "--detach", tree_place, "refs/heads/main")
    if rng.random() < 0.3:
        git(place, "config", "extensions.worktreeConfig", "true")
    return tree_place


def git_file(place, stream, rng):
    """.git is a file that names the folder."""
    made(place, stream, bare=False)
    (place / ".git").rename(place.parent / (place.name + ".gitdir"))
    (place / ".git").write_text(f"gitdir: {rng.choice([os.path.relpath(place.parent, place), str(place.parent)])}/{place.name}.gitdir\n")
    return place


def git_folder(place, stream, rng):
    """Not the work tree but .git in it is given."""
    return made(place, stream, bare=False) / ".git"


def replaced(place, stream, rng):
    """Commits with replacements: git shows the replacement under the old name."""
    made(place, stream)
    commits = git(place, "rev-list", "--all").split("\n")
    old, like = rng.choice(commits), rng.choice(commits)
    new = git(place, "commit-tree", "-m", "instead", f"{like}^{{tree}}", *[part for parent in git(place, "rev-parse", f"{old}^@").split() for part in ("-p", parent)])
    if new != old:
        git(place, "update-ref", f"refs/replace/{old}", new)
    return place


def handmade(place, stream, rng):
    """Trees with old modes, commits with headers of all kinds, tags of trees and blobs of no branch."""
    made(place, stream)
    write = lambda kind, data: write_loose(place, kind, data)
    blobs = [write("blob", b"%d\n" % i * 20) for i in range(6)]
    sub = write("tree", tree([(b"100664", b"old-mode", blobs[0]), (b"100600", b"private", blobs[1])]))
    trees = [write("tree", tree([(b"100664", b"a", blobs[0]), (b"100755", b"b", blobs[1]), (b"040000", b"dir", sub)])),
             write("tree", tree([(b"100644", b"a", blobs[0]), (b"100775", b"b", blobs[2]), (b"40000", b"dir", sub)])),
             write("tree", tree([(b"100640", b"a", blobs[3]), (b"40000", b"dir", write("tree", b"")), (b"100777", b"x", blobs[1])]))]
    tip = git(place, "rev-parse", "refs/heads/main")
    extras = [b"", b"encoding ISO-8859-1\n", b"gpgsig -----BEGIN\n more\n -----END\n", b"mergetag object %s\n type commit\n" % tip.encode(), b"unknown header\n"]
    for sha in trees:
        tip = write("commit", commit(sha, [tip], author=rng.choice([b"A <a@example.org> 1500000000 +0000", b"<> 0 +0000", b"N\xe9 <x@y> 1400000000 -0130"]), extra=rng.choice(extras), message=b"\xe9t\xe9\n"))
    git(place, "update-ref", "refs/heads/handmade", tip)
    # The same parent twice.
    git(place, "update-ref", "refs/heads/twice", write("commit", commit(trees[0], [tip, tip])))
    (place / "refs/tags/tree").write_text(trees[0] + "\n")
    (place / "refs/tags/of-tree").write_text(write("tag", tag(trees[0], "tree")) + "\n")
    (place / "refs/tags/blob").write_text(blobs[0] + "\n")
    return place


def sha256(place, stream, rng):
    bare = rng.random() < 0.5
    initialise(place, bare, "sha256")
    fill(place, stream, loose=rng.random() < 0.3)
    if rng.random() < 0.7:
        git(place, *rng.choice([[], ["-c", "repack.useDeltaBaseOffset=false"], ["-c", "pack.indexVersion=1"]]), "repack", "-q", "-a", "-d", "-f")
    return place


SHAPES = [loose, loose_other_levels, as_imported, packed, deep_chains, flat_chains, no_deltas, reference_deltas, index_version_1, long_offsets, several_packs, multi_pack_index,
          bitmap_and_commit_graph, kept_packs, packed_with_newer_loose, packed_references, symbolic_references, alternates, linked_worktree, git_file, git_folder, replaced, handmade, sha256]
