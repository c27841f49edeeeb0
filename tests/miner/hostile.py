"""Hostile and incomplete repositories: packs, commits, trees and references written by hand."""
import hashlib
import pathlib
import random
import shutil
import zlib

from examine import LIMIT_SECONDS, examine, sane
from objects import OFFSET_DELTA, REFERENCE_DELTA, Pack, commit, delta, object_id, tree, write_loose
from shapes import NO_COMMITS, fill, initialise
from synthetic import FILE, History, put, random_history
from tools import LOGS, all_references, blocks, first_difference, git, git_log, run

GOOD = b"A <a@example.org> 1500000000 +0000"
NULL = "0" * 40


def declare(case, each, binary, work, heavy):
    names = iter(range(10**6))

    def new(name="hostile"):
        return initialise(work / f"{name}-{next(names)}")

    def chain(place, middle, sha=None, after=None):
        """first ← an odd commit ← one that adds a file; refs/heads/main and refs/tags/first."""
        blob = write_loose(place, "blob", b"one\ntwo\n")
        plain = write_loose(place, "tree", tree([(b"100644", b"file", blob)]))
        more = write_loose(place, "tree", tree([(b"100644", b"added", blob), (b"100644", b"file", blob)]))
        first = write_loose(place, "commit", commit(plain))
        odd = sha or write_loose(place, "commit", middle(first, plain))
        last = write_loose(place, "commit", commit(more, [odd]))
        for name, value in (("refs/heads/main", last), ("refs/tags/first", first)):
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(value + "\n")
        return odd

    # Packs whose deltas are wrong. The blob `second` is what the delta should give.

    base = b"".join(b"line %d\n" % i for i in range(200))
    second = base + b"one more\n"
    base_sha, second_sha = object_id("blob", base), object_id("blob", second)
    good = delta(len(base), len(second), [(0, len(base)), b"one more\n"])
    cut_short = lambda bytes_, by: bytes_[:-by]
    packs = {
        "whole, to compare": lambda pack, at: pack.add(second_sha, REFERENCE_DELTA, good, base_sha),
        "delta whose base is missing": lambda pack, at: pack.add(second_sha, REFERENCE_DELTA, good, "11" * 20),
        "delta on itself": lambda pack, at: pack.add(second_sha, REFERENCE_DELTA, good, second_sha),
        "two deltas on each other": lambda pack, at: (pack.add("22" * 20, REFERENCE_DELTA, good, second_sha), pack.add(second_sha, REFERENCE_DELTA, good, "22" * 20)),
        "delta on an offset before the pack": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, good, -10**6),
        "delta on its own offset": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, good, len(pack.data)),
        "delta on an offset in the middle of an object": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, good, at + 3),
        "delta on the header": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, good, 4),
        "delta that copies beyond its base": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, delta(len(base), len(second), [(len(base) - 5, len(base)), b"12345678901234"]), at),
        "delta that copies from far away": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, delta(len(base), len(second), [(0xFFFFFFF0, 0xFFFFF0)]), at),
        "delta for another size of base": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, delta(len(base) + 1, len(second), [(0, len(base)), b"one more\n"]), at),
        "delta that gives less than it says": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, delta(len(base), len(second) + 50, [(0, len(base)), b"one more\n"]), at),
        "delta that gives more than it says": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, delta(len(base), 5, [(0, len(base)), b"one more\n"]), at),
        "delta of 2^60 bytes": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, delta(len(base), 2**60, [(0, len(base)), b"one more\n"]), at),
        "delta of 20 GB that it does give": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, delta(len(base), 1790 * 3_000_000, [(0, 1790)] * 3_000_000), at),
        "delta cut short": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, cut_short(good, 3), at),
        "delta cut in an instruction": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, delta(len(base), len(second), [(0, len(base))])[:-2], at),
        "delta of no bytes": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, b"", at),
        "delta with the reserved instruction": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, delta(len(base), len(second), []) + b"\0" * 20, at),
        "delta with endless numbers": lambda pack, at: pack.add(second_sha, OFFSET_DELTA, b"\xff" * 40, at),
        "blob that says it is larger": lambda pack, at: pack.add(second_sha, "blob", second, claimed=len(second) + 100),
        "blob that says it is smaller": lambda pack, at: pack.add(second_sha, "blob", second, claimed=7),
        "blob that says 2^60": lambda pack, at: pack.add(second_sha, "blob", second, claimed=2**60),
        "object of type 0": lambda pack, at: pack.add(second_sha, 0, second),
        "object of type 5": lambda pack, at: pack.add(second_sha, 5, second),
        "commit where a blob should be": lambda pack, at: pack.add(second_sha, "commit", second),
    }

    @each("pack by hand", packs)
    def pack_by_hand(name):
        place, pack = new(), Pack()
        at = pack.add(base_sha, "blob", base)
        other = pack.add(object_id("blob", b"other\n"), "blob", b"other\n")
        packs[name](pack, at)
        entries = lambda sha: tree([(b"100644", b"file", sha), (b"100644", b"other", object_id("blob", b"other\n"))])
        trees = [entries(base_sha), entries(second_sha)]
        tip, shas = [], []
        for data in trees:
            sha = object_id("tree", data)
            pack.add(sha, "tree", data)
            body = commit(sha, tip)
            tip = [object_id("commit", body)]
            pack.add(tip[0], "commit", body)
            shas.append(tip[0])
        path = pack.write(place)
        git(place, "update-ref", "--no-deref", "refs/heads/main", tip[0], check=False)
        (place / "refs/heads").mkdir(parents=True, exist_ok=True)
        (place / "refs/heads/main").write_text(tip[0] + "\n")
        # A blob of 5 GB is more than git should be asked for here.
        return examine(binary, place, ["refs/heads/main"], lost=[second_sha, path.stem, shas[1]], truth=not name.startswith(("delta of 20 GB", "commit where")))

    @each("deep chain", [("offset", 5000), ("reference", 5000)] + ([("offset", 100000)] if heavy else []))
    def deep_chain(value):
        """Valid: every version of a file a delta on the one before, the newest at the end."""
        kind, depth = value
        place, pack = new(), Pack()
        data = b"start\n" * 20
        at, sha = pack.add(object_id("blob", data), "blob", data), object_id("blob", data)
        tips = []
        for i in range(depth):
            add = b"%d\n" % i
            older, data = data, data[-400:] + add
            instructions = delta(len(older), len(data), [(max(0, len(older) - 400), min(400, len(older))), add])
            own = object_id("blob", data)
            at = pack.add(own, OFFSET_DELTA, instructions, at) if kind == "offset" else pack.add(own, REFERENCE_DELTA, instructions, sha)
            sha = own
            if i % (depth // 100) == 0 or i == depth - 1:
                files = tree([(b"100644", b"file", sha)])
                pack.add(object_id("tree", files), "tree", files)
                body = commit(object_id("tree", files), tips[-1:])
                tips.append(object_id("commit", body))
                pack.add(tips[-1], "commit", body)
        pack.write(place)
        (place / "refs/heads").mkdir(parents=True, exist_ok=True)
        (place / "refs/heads/main").write_text(tips[-1] + "\n")
        return examine(binary, place, ["refs/heads/main"])

    # Commits.

    person = lambda text: lambda first, plain: commit(plain, [first], author=text)
    raw = lambda text: lambda first, plain: text.replace(b"TREE", plain.encode()).replace(b"FIRST", first.encode())
    usual = b"tree TREE\nparent FIRST\nauthor " + GOOD + b"\ncommitter " + GOOD + b"\n"
    commits = {
        **{f"date {text.decode()}": person(b"A <a@b> " + text) for text in (
            b"9223372036854775807 +0000", b"9223372036854775808 +0000", b"18446744073709551615 +0000", b"18446744073709551616 +0000", b"99999999999999999999999999 +0000",
            b"4102444800 +0000", b"253402300800 +0000", b"0 +0000", b"1e9 +0000", b"abc +0000", b"+0000", b"", b"1500000000", b"1500000000 ", b"1500000000 +9999",
            b"1500000000 -9999", b"1500000000 +99999999", b"1500000000 0530", b"1500000000 +05:30", b"1500000000 UTC", b"1500000000 +2400", b"1500000000  +0000", b"1500000000.5 +0000", b"1500000000 +-500", b"1500000000 -0000")},
        "no author": raw(b"tree TREE\nparent FIRST\ncommitter " + GOOD + b"\n\nx\n"),
        "no committer": raw(b"tree TREE\nparent FIRST\nauthor " + GOOD + b"\n\nx\n"),
        "neither": raw(b"tree TREE\nparent FIRST\n\nx\n"),
        "two authors": raw(b"tree TREE\nparent FIRST\nauthor " + GOOD + b"\nauthor " + GOOD + b"\ncommitter " + GOOD + b"\n\nx\n"),
        "no angle brackets": person(b"somebody 1500000000 +0000"),
        "brackets in brackets": person(b"A <<a@b>> <c> 1500000000 +0000"),
        "brackets the other way": person(b"A >a@b< 1500000000 +0000"),
        "no name": person(b"<a@b> 1500000000 +0000"),
        "control characters in the name": person(b"A\x1b[31m\x07\xff <a\x00@b> 1500000000 +0000"),
        "a name of a million bytes": person(b"A" * 10**6 + b" <a@b> 1500000000 +0000"),
        "message with NUL": lambda first, plain: commit(plain, [first], message=b"a\0b\n"),
        "message of 30 MB": lambda first, plain: commit(plain, [first], message=b"subject\n\n" + b"body line\n" * 3_000_000),
        "no message": raw(usual),
        "no blank line": raw(usual + b"text"),
        "no end of line": raw(b"tree TREE\nparent FIRST\nauthor " + GOOD + b"\ncommitter " + GOOD),
        "unknown encoding": lambda first, plain: commit(plain, [first], extra=b"encoding klingon\n", message=b"\xe9\n"),
        "encoding UTF-16": lambda first, plain: commit(plain, [first], extra=b"encoding UTF-16\n", message="für\n".encode("utf-16")),
        "encoding Latin-1": lambda first, plain: commit(plain, [first], author=b"J\xf6rg <j@b> 1 +0000", extra=b"encoding ISO-8859-1\n", message=b"f\xfcr\n"),
        "header of 10 MB": lambda first, plain: commit(plain, [first], extra=b"gpgsig " + b"x\n " * 3_000_000 + b"\n"),
        "tree in capitals": raw(usual.replace(b"tree TREE", b"tree " + b"ABCDEF0123" * 4)),
        "no tree": raw(usual.replace(b"tree TREE\n", b"")),
        "tree cut short": raw(usual.replace(b"tree TREE", b"tree 1234")),
        "tree of zeros": raw(usual.replace(b"TREE", NULL.encode())),
        "tree that is absent": raw(usual.replace(b"TREE", b"12" * 20)),
        "tree that is a blob": raw(usual.replace(b"TREE", object_id("blob", b"one\ntwo\n").encode())),
        "tree that is a commit": raw(usual.replace(b"TREE", b"FIRST")),
        "parent that is absent": raw(usual.replace(b"FIRST", b"12" * 20)),
        "parent of zeros": raw(usual.replace(b"FIRST", NULL.encode())),
        "parent that is a tree": raw(usual.replace(b"FIRST", b"TREE")),
        "parent that is a blob": raw(usual.replace(b"FIRST", object_id("blob", b"one\ntwo\n").encode())),
        "parent cut short": raw(usual.replace(b"parent FIRST", b"parent 1234")),
        "parent after the author": raw(b"tree TREE\nauthor " + GOOD + b"\nparent FIRST\ncommitter " + GOOD + b"\n\nx\n"),
        "the same parent 50 times": lambda first, plain: commit(plain, [first] * 50),
        "empty": lambda first, plain: b"",
        "garbage": lambda first, plain: bytes(range(256)) * 4,
    }

    @each("commit with", commits)
    def odd_commit(name):
        place = new()
        odd = chain(place, commits[name])
        return examine(binary, place, ["refs/heads/main", "refs/tags/first"])

    # Trees.

    blob = object_id("blob", b"one\ntwo\n")
    entry = lambda mode, name, sha=blob: mode + b" " + name + b"\0" + bytes.fromhex(sha)
    trees = {
        "the same name twice": entry(b"100644", b"file") * 2,
        "names out of order": entry(b"100644", b"z") + entry(b"100644", b"file") + entry(b"100644", b"a"),
        "a file and a folder of one name": lambda inner: entry(b"100644", b"file") + entry(b"40000", b"file", inner),
        "an empty name": entry(b"100644", b""),
        "the names . and ..": entry(b"100644", b".") + entry(b"100644", b".."),
        "the name .git": entry(b"100644", b".git"),
        "a slash in a name": entry(b"100644", b"a/b") + entry(b"100644", b"../../c"),
        "a mode of letters": entry(b"rw-r--", b"file"),
        "a mode of 40 digits": entry(b"1" * 40, b"file"),
        "mode 0": entry(b"0", b"file"),
        "mode 100000": entry(b"100000", b"file"),
        "mode 170000": entry(b"170000", b"file"),
        "no mode": b" file\0" + bytes.fromhex(blob),
        "a cut id": entry(b"100644", b"file")[:-7],
        "no NUL": b"100644 file without end",
        "a null id": entry(b"100644", b"file", NULL),
        "a folder that is a blob": entry(b"40000", b"folder"),
        "a file that is a tree": lambda inner: entry(b"100644", b"file", inner),
        "an absent folder": entry(b"40000", b"folder", "12" * 20),
        "an absent file": entry(b"100644", b"file", "12" * 20),
        "a submodule that is a blob": entry(b"160000", b"file"),
        "a link that is binary": entry(b"120000", b"file"),
        "a name of a million bytes": entry(b"100644", b"n" * 10**6),
        "garbage": bytes(range(256)),
        "rubbish after the entries": entry(b"100644", b"file") + b"xyz",
    }

    @each("tree with", trees)
    def odd_tree(name):
        place = new()
        data = trees[name](write_loose(place, "tree", tree([(b"100644", b"inner", blob)]))) if callable(trees[name]) else trees[name]
        sha = write_loose(place, "tree", data)
        chain(place, lambda first, plain: commit(sha, [first]))
        # Of a mode that overflows, git makes what its arithmetic gives.
        return examine(binary, place, ["refs/heads/main", "refs/tags/first"], truth="40 digits" not in name)

    @each("tree that contains itself a billion times", ["added", "changed", "a folder 900 deep"] + (["unchanged"] if heavy else []))
    def bomb(name):
        place = new()
        leaf = write_loose(place, "blob", b"boom\n")
        first_blob = write_loose(place, "blob", b"one\ntwo\n")

        def nest(sha, mode, levels, width):
            for _ in range(levels):
                sha = write_loose(place, "tree", tree([(mode, b"%d" % i, sha) for i in range(width)]))
                mode = b"40000"
            return sha
        deep = nest(leaf, b"100644", *((900, 1) if "deep" in name else (9, 10)))
        other = nest(write_loose(place, "blob", b"bang\n"), b"100644", 9, 10)
        hold = lambda sha, file=first_blob: write_loose(place, "tree", tree([(b"40000", b"bomb", sha), (b"100644", b"file", file)]))
        plain = write_loose(place, "tree", tree([(b"100644", b"file", first_blob)]))
        order = {"added": [plain, hold(deep)], "changed": [plain, hold(deep), hold(other)], "unchanged": [plain, hold(deep), hold(deep, leaf)]}.get(name, [plain, hold(deep)])
        tip = []
        for sha in [*order, plain if "deep" in name else order[-1]]:
            tip = [write_loose(place, "commit", commit(sha, tip))]
        (place / "refs/heads").mkdir(parents=True, exist_ok=True)
        (place / "refs/heads/main").write_text(tip[0] + "\n")
        return examine(binary, place, ["refs/heads/main"], lost=[] if "deep" in name else [deep, other, "bomb", *git(place, "rev-list", "main").split("\n")], patience=4)

    # References.

    def odd_reference(place, name):
        main = (place / "refs/heads/main").read_text().strip()
        other = place / "refs/heads/other"
        ways = {
            "garbage": lambda: other.write_bytes(b"\x00\xff garbage\n"),
            "empty": lambda: other.write_bytes(b""),
            "an id that is absent": lambda: other.write_text("12" * 20 + "\n"),
            "an id of zeros": lambda: other.write_text(NULL + "\n"),
            "an id cut short": lambda: other.write_text(main[:30] + "\n"),
            "an id with more behind it": lambda: other.write_text(main + " and more\n"),
            "an id without end of line": lambda: other.write_text(main),
            "10 MB": lambda: other.write_bytes(b"x" * 10**7),
            "symbolic, in a circle": lambda: (other.write_text("ref: refs/heads/third\n"), (place / "refs/heads/third").write_text("ref: refs/heads/other\n")),
            "symbolic, of nothing": lambda: other.write_text("ref: refs/heads/nothing\n"),
            "symbolic, out of the clone": lambda: other.write_text("ref: ../../../../../../etc/passwd\n"),
            "a lock left behind": lambda: (place / "refs/heads/main.lock").write_text(""),
            "a name git refuses": lambda: (place / "refs/heads/a..b").write_text(main + "\n"),
            "a name with control characters": lambda: (place / "refs/heads/a\x1b[31m").write_text(main + "\n"),
            "a name that is not UTF-8": lambda: pathlib.Path(place / "refs/heads" / "b\udce9").write_text(main + "\n"),
            "packed: garbage": lambda: (place / "packed-refs").write_bytes(b"garbage\n\x00\xff\n^^^\n"),
            "packed: cut": lambda: (place / "packed-refs").write_text(f"# pack-refs with: peeled fully-peeled sorted \n{main} refs/heads/second\n{main[:20]}"),
            "packed: wrong peeling": lambda: (place / "packed-refs").write_text(f"# pack-refs with: peeled fully-peeled sorted \n{main} refs/tags/t\n^{'12' * 20}\n"),
            "packed: not sorted": lambda: (place / "packed-refs").write_text(f"# pack-refs with: peeled fully-peeled sorted \n{main} refs/tags/z\n{main} refs/tags/a\n{main} refs/heads/m\n"),
            "packed: empty": lambda: (place / "packed-refs").write_bytes(b""),
            "HEAD garbage": lambda: (place / "HEAD").write_bytes(b"garbage\n"),
            "HEAD empty": lambda: (place / "HEAD").write_bytes(b""),
            "HEAD missing": lambda: (place / "HEAD").unlink(),
            "HEAD unborn": lambda: (place / "HEAD").write_text("ref: refs/heads/unborn\n"),
            "HEAD in a circle": lambda: (place / "HEAD").write_text("ref: HEAD\n"),
            "HEAD of an absent id": lambda: (place / "HEAD").write_text("12" * 20 + "\n"),
            "HEAD of a blob": lambda: (place / "HEAD").write_text(blob + "\n"),
            "refs/ missing": lambda: shutil.rmtree(place / "refs"),
            "objects/ missing": lambda: shutil.rmtree(place / "objects"),
            "config garbage": lambda: (place / "config").write_bytes(b"[core\n\x00\xff = "),
            "config missing": lambda: (place / "config").unlink(),
            "a later format": lambda: (place / "config").write_text("[core]\n\trepositoryformatversion = 7\n"),
            "an unknown extension": lambda: (place / "config").write_text("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tweird = true\n"),
            "shallow: garbage": lambda: (place / "shallow").write_bytes(b"garbage\n\xff\n"),
            "shallow: of an absent id": lambda: (place / "shallow").write_text("12" * 20 + "\n"),
            "shallow: empty": lambda: (place / "shallow").write_bytes(b""),
            "grafts": lambda: ((place / "info").mkdir(exist_ok=True), (place / "info/grafts").write_text(main + "\n")),
            "tag of an absent object": lambda: (place / "refs/tags/t").write_text(write_loose(place, "tag", b"object %s\ntype commit\ntag t\n\nx\n" % (b"12" * 20)) + "\n"),
            "tag of another type": lambda: (place / "refs/tags/t").write_text(write_loose(place, "tag", b"object %s\ntype tree\ntag t\ntagger A <a@b> 1 +0000\n\nx\n" % main.encode()) + "\n"),
            "tag of garbage": lambda: (place / "refs/tags/t").write_text(write_loose(place, "tag", b"\xff\x00garbage") + "\n"),
            "tag without tagger": lambda: (place / "refs/tags/t").write_text(write_loose(place, "tag", b"object %s\ntype commit\ntag t\n\nx\n" % main.encode()) + "\n"),
            "tags of tags, 1,000 deep": lambda: (place / "refs/tags/t").write_text(tags_of_tags(place, main) + "\n"),
        }
        return ways if name is None else ways[name]()

    def tags_of_tags(place, sha):
        kind = b"commit"
        for _ in range(1000):
            sha = write_loose(place, "tag", b"object %s\ntype %s\ntag t\ntagger A <a@b> 1 +0000\n\nx\n" % (sha.encode(), kind))
            kind = b"tag"
        return sha

    template = new("references")
    chain(template, lambda first, plain: commit(plain, [first]))

    template_whole = {what: blocks(git_log(template, what, []).out) for what in LOGS}

    @each("reference", odd_reference(template, None))
    def reference(name):
        place = work / f"reference-{next(names)}"
        shutil.copytree(template, place)
        odd_reference(place, name)
        # Where git gives up, nothing may be lost all the same.
        return examine(binary, place, whole=template_whole)

    @each("nothing there", ["empty repository", "empty, not bare", "empty, SHA-256", "a file", "an empty folder"])
    def nothing(name):
        place = work / f"nothing-{next(names)}"
        if name == "a file":
            place.write_text("x")
        elif name == "an empty folder":
            place.mkdir()
        else:
            initialise(place, "not bare" not in name, "sha256" if "SHA" in name else "sha1")
            return examine(binary, place)
        for command in (["mine", place, "--numstat"], ["add", "git", place, "--project", "p", "--db", work / f"x{next(names)}.db"]):
            done = run([binary, *command], LIMIT_SECONDS)
            sane(done, command[0])
            assert done.code == 1 and done.err.strip(), done.told()
        return None

    # Whole, but large or incomplete by design.

    @case
    def octopus_of_30_parents():
        h = History(random.Random(3))
        tree_ = {}
        for i in range(5):
            put(tree_, b"f%d" % i, FILE, h.content.text())
        h.commit(b"refs/heads/main", tree_, [])
        root = h.branches[b"refs/heads/main"]
        for i in range(30):
            side = dict(tree_)
            put(side, b"side%d" % i, FILE, b"%d\n" % i)
            h.commit(b"refs/heads/side%d" % i, side, [root])
        union = {path: entry for _, branch in h.branches.values() for path, entry in branch.items()}
        h.commit(b"refs/heads/main", union, [h.branches[b"refs/heads/side%d" % i] for i in range(30)])
        place = new()
        fill(place, h.stream())
        return examine(binary, place, all_references(place))

    def clone_of(*options, keep_remote=False):
        source = new("source")
        h = random_history(random.Random(11), 60)
        fill(source, h.stream())
        for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
            git(source, "config", name, "true")
        place = work / f"clone-{next(names)}"
        done = run(["git", "clone", "-q", "--bare", *options, f"file://{source}", place])
        assert done.code == 0, done.told()
        if not keep_remote:
            source.rename(source.with_name(source.name + "-gone"))
        return place

    @each("shallow clone, depth", [1, 3, 10])
    def shallow(depth):
        place = clone_of(f"--depth={depth}", "--no-single-branch")
        return examine(binary, place, [name for name in all_references(place) if name not in NO_COMMITS])

    @each("partial clone", ["blob:none", "blob:limit=200", "tree:0", "tree:2"])
    def partial(what):
        return examine(binary, clone_of(f"--filter={what}"), [])

    @case
    def files_200_000_in_one_commit():
        place, count = new(), 200_000
        stream = [b"commit refs/heads/main\nmark :1\ncommitter A <a@example.org> 1500000000 +0000\ndata 1\nx\n"]
        stream += [b"M 100644 inline d%d/f%d\ndata %d\n%s\n" % (i % 300, i, len(b"%d\nline\n" % i), b"%d\nline\n" % i) for i in range(count)]
        stream.append(b"commit refs/heads/main\nmark :2\ncommitter A <a@example.org> 1500000100 +0000\ndata 1\nx\nfrom :1\n")
        stream += [b"R d%d e/d%d\n" % (i, i) for i in range(300)]
        stream.append(b"commit refs/heads/main\nmark :3\ncommitter A <a@example.org> 1500000200 +0000\ndata 1\nx\nfrom :2\n")
        stream += [b"M 100644 inline e/d%d/f%d\ndata 4\nnew\n\n" % (i % 300, i) for i in range(0, count, 4)]
        fill(place, b"".join(stream) + b"done\n")
        note = []
        for what in LOGS:
            theirs, ours = git_log(place, what, ["refs/heads/main"]), run([binary, "mine", place, what, "refs/heads/main"], LIMIT_SECONDS)
            assert not (difference := first_difference(theirs.out, ours.out)), f"{what} differs at {difference}; {ours.told()}"
            note.append(f"{what}: git {theirs.seconds:.1f} s, {theirs.megabytes:.0f} MB; ours {ours.seconds:.1f} s, {ours.megabytes:.0f} MB")
        db = work / "large.db"
        added = run([binary, "add", "git", place, "--project", "p", "--db", db], 120)
        sane(added, "add git")
        assert added.code == 0, added.told()
        return "; ".join([*note, f"add: {added.seconds:.1f} s, {added.megabytes:.0f} MB"])

    @case
    def a_blob_of_600_MB_of_zeros():
        place = new()
        pack, size = zlib.compressobj(1), 600_000_000
        digest, head = hashlib.sha1(b"blob %d\0" % size), b"blob %d\0" % size
        parts, chunk = [pack.compress(head)], bytes(10**7)
        for _ in range(size // len(chunk)):
            digest.update(chunk)
            parts.append(pack.compress(chunk))
        parts.append(pack.flush())
        sha = digest.hexdigest()
        path = place / "objects" / sha[:2] / sha[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"".join(parts))
        files = write_loose(place, "tree", tree([(b"100644", b"zeros", sha)]))
        chain(place, lambda first, plain: commit(files, [first]))
        return examine(binary, place, ["refs/heads/main"])
