#!/usr/bin/env python3
"""Random repositories: `resident mine` against git log, byte for byte.

    run.py BINARY [--seed N] [--count 200] [--case I]

Each repository is one case: a random history (synthetic.py), laid out in one of the
shapes of shapes.py in turn. A case that fails keeps its folder and says how to repeat it.
"""
import argparse
import pathlib
import random
import shutil
import time

import shapes
from synthetic import FILE, History, put, random_history
from tools import LOGS, Results, all_references, first_difference, git_log, has_miner, run, work_folder

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--seed", type=int)
parser.add_argument("--count", type=int, default=200)
parser.add_argument("--case", type=int, help="only this one of the run with that seed")
parser.add_argument("--keep", action="store_true", help="keep the repositories that pass, too")
arguments = parser.parse_args()
binary = str(pathlib.Path(arguments.binary).resolve())
seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
results, work = Results(), work_folder("miner")


def compare(place, references, rng):
    """Both outputs; without references the program's own choice, all branches and tags."""
    for what in LOGS:
        theirs = git_log(place, what, references)
        assert theirs.code == 0, f"git itself fails: {theirs.told()}"
        options = rng.choice([[], [], ["--jobs", "1"], ["--jobs", "2"], ["--jobs", "3", "--memory", "32M"], ["--memory", "256M"]])
        command = [binary, "mine", place, what, *options, *references]
        ours = run(command)
        difference = first_difference(theirs.out, ours.out)
        told = f"\n     mine {what} {' '.join([*options, *references])[:400]}: {ours.told()}"
        assert not difference, f"{what} differs at {difference}{told}"
        assert ours.code == 0, f"the output is git's, but{told}"


def renames_beyond_the_limit(rng, _):
    """More than 1,000 × 1,000 candidates: git then leaves out all but the cheap comparisons."""
    h = History(rng)
    tree = {}
    count = rng.choice([999, 1000, 1001, 1030])
    for i in range(count):
        put(tree, b"old/%d" % i, FILE, b"".join(b"%d %d\n" % (i, line) for line in range(6)))
    h.commit(b"refs/heads/main", dict(tree), [])
    new = {}
    for i in range(count + rng.choice([0, 2])):
        body = b"".join(b"%d %d\n" % (i, line) for line in range(5)) + b"changed\n"
        put(new, b"new/%d" % i if i % 10 else b"new/sub/%d" % i, FILE, body if i % 50 else tree[b"old/%d" % min(i, count - 1)][1])
    h.commit(b"refs/heads/main", new, [h.branches[b"refs/heads/main"]])
    return h


def case(number):
    rng = random.Random(f"{seed}/{number}")
    shape = shapes.SHAPES[number % len(shapes.SHAPES)]
    sha_length = 64 if shape is shapes.sha256 else 40
    if number % 100 == 99:
        history = renames_beyond_the_limit(rng, sha_length)
    else:
        history = random_history(rng, rng.choice([8, 40, 80, 120]), sha_length)
    place = work / f"case-{number}" / "repository"
    place.parent.mkdir()
    (place.parent / "stream").write_bytes(history.stream())

    def compare_all():
        given = shape(place, history.stream(), rng)
        references = all_references(given)
        if number % 10 != 9:  # one in ten: what is no commit, and what is neither branch nor tag, too
            references = [name for name in references if name.startswith(("refs/heads/", "refs/tags/")) and name not in shapes.NO_COMMITS]
        if rng.random() < 0.4:
            references = rng.sample(references, rng.randint(1, len(references)))
            if not any(name.startswith("refs/heads/") for name in references):
                references.append("refs/heads/main")
        compare(given, references, rng)
        if number % 4 == 0:
            compare(given, [], rng)

    name = f"case {number}: {shape.__name__.replace('_', ' ')}, {len(history.commits)} commits"
    if results.test(name, compare_all):
        if not arguments.keep:
            shutil.rmtree(place.parent)
    else:
        print(f"     kept: {place}; again: {pathlib.Path(__file__).name} BINARY --seed {seed} --case {number}", flush=True)


if not has_miner(binary):
    results.skip("random repositories", "this program has no `resident mine --numstat`")
    results.finish()
print(f"seed {seed}, repositories in {work}")
begin = time.time()
for number in range(arguments.count) if arguments.case is None else [arguments.case]:
    case(number)
print(f"{time.time() - begin:.0f} s")
if not results.failed and not arguments.keep:
    shutil.rmtree(work)
results.finish()
