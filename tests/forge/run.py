#!/usr/bin/env python3
"""Campaigns of the program against a forge on loopback that misbehaves. run.py BINARY [--schedules N] [--seed S] [--only TEXT] [--secp256k1]

The question is always the same: does the store in the end say what the forge says, whatever happened on the way? The small project of
tests/fake_forge/make_project.mjs is used; --secp256k1 adds the real one (RESIDENT_DATA, or ../shared/data; skipped where it is absent).
A schedule that fails is printed with its seed: --schedules 1 --seed S runs it again.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import artifacts
import forge as fake
import lists
from forge import Forge, Run, TOKEN, differences, rows, seeded

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--schedules", type=int, default=16)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--only", default="")
parser.add_argument("--secp256k1", action="store_true")
options = parser.parse_args()
BINARY = str(pathlib.Path(options.binary).resolve())
HERE = pathlib.Path(__file__).resolve().parent
DATA = pathlib.Path(os.environ.get("RESIDENT_DATA", HERE.parent.parent.parent / "shared" / "data"))
WORK = pathlib.Path(tempfile.mkdtemp(prefix="resident-forge-"))
MODES = {"graphql": TOKEN, "rest": None}
results = {"passed": 0, "failed": 0, "skipped": 0}
folders = iter(range(10**9))
references = {}


def test(name, function):
    if options.only not in name:
        return
    begin = time.time()
    try:
        told = function()
        results["passed"] += 1
        print(f"ok {name} ({time.time() - begin:.1f} s){': ' + told if told else ''}", flush=True)
    except Exception as error:
        results["failed"] += 1
        print(f"FAIL {name}: {type(error).__name__}: {error}", flush=True)


def skip(name, why):
    if options.only not in name:
        return
    results["skipped"] += 1
    print(f"skip {name}: {why}")


def new_run(forge, mode, **more):
    return Run(BINARY, forge, WORK / str(next(folders)), token=MODES[mode], **more)


def fresh(forge, **order):
    """The fake as at the start, with room for all that asks it."""
    forge.control(reset=True, limits={"core": 10**6, "graphql": 10**6, "search": 10**6, "anonymous_core": 10**6, "anonymous_search": 10**6}, **order)


def same(found, where=""):
    assert not found, where + "\n    " + "\n    ".join(found)


def careful(run, forge):
    """What holds in every run: the token stays here, the fake saw no query it could not read."""
    leaks = run.leaks()
    assert not leaks, f"the token stands in {leaks}"
    statistics = forge.stats()
    told = [seen["url"] for seen in statistics["other_host"] if seen["authorization"]]
    assert not told, f"another host was sent the token: {told[:2]}"
    assert not statistics.get("invalid_queries"), f"{statistics['invalid_queries']} queries that the schema refuses"
    return statistics


def reference(forge, mode):
    """What an import without any fault leaves in the store."""
    key = (forge.name, mode)
    if key not in references:
        fresh(forge)
        run = new_run(forge, mode)
        begin = time.time()
        run.until_done(attempts=1)
        run.seconds = time.time() - begin
        run.statistics = careful(run, forge)
        references[key] = (rows(run.db), run)
    return references[key]


def disk(folder):
    run = new_run(small, "graphql")
    code = run.resident("add", "github-metadata", folder, "--project", "p")
    assert code == 0, run.outputs[-1]
    return rows(run.db)


DISK_TABLES = ["item", "item_interval", "event", "comment", "review", "review_request", "assignee", "item_label"]


def equals_disk(forge, folder, mode):
    said, run = reference(forge, mode)
    same(differences(disk(folder), said, DISK_TABLES))
    return f"{run.statistics['requests']} requests, {run.statistics['points']} points, {run.seconds:.1f} s"


def under_fault(forge, mode, kind, about):
    expected, _ = reference(forge, mode)
    times = 2 if about["slow"] else 6
    fresh(forge, faults=[{"kind": kind, "every": 3, "times": times}])
    run = new_run(forge, mode)
    run.until_done()
    statistics = careful(run, forge)
    if about["graphql"] and mode == "rest":
        return None
    assert statistics["faults"].get(kind), f"the fault never came: {statistics['requests']} requests"
    said = rows(run.db)
    if about["data"]:
        # What was changed on the way may stand in the store; all that was not must.
        for table in ("item", "comment", "review"):
            assert len(said[table]) >= len(expected[table]), f"{table}: {len(said[table])} rows of {len(expected[table])}"
        return None
    same(differences(expected, said))
    return f"{statistics['faults'][kind]} times, {statistics['requests']} requests, codes {run.codes}"


def random_schedule(forge, mode, seed, span):
    """Faults and kills by a seed; the end must be as if nothing had happened."""
    expected, _ = reference(forge, mode)
    generator = seeded(seed)
    fresh(forge, faults={"seed": seed, "rate": generator.uniform(0.02, 0.5), "most": generator.randint(1, 25), "in_a_row": generator.randint(1, 4)})
    run = new_run(forge, mode)
    kills = generator.choice([0, 1, 1, 2, 3])
    for _ in range(kills):
        run.killed(generator, span)
    run.until_done()
    careful(run, forge)
    same(differences(expected, rows(run.db)), f"{kills} kills, faults {forge.stats()['faults']}")
    shutil.rmtree(run.folder)


def schedules(forge, mode, count, first):
    _, run = reference(forge, mode)
    failed = []
    for seed in range(first, first + count):
        try:
            random_schedule(forge, mode, seed, run.seconds * 1.5)
        except Exception as error:
            failed.append(f"seed {seed}: {error}")
            print(f"  FAIL {mode} seed {seed}: {type(error).__name__}: {error}", flush=True)
    assert not failed, f"{len(failed)} of {count} schedules, the first: {failed[0]}"
    return f"{count} schedules from seed {first}"


def without(numbers):
    """Leaves the rows of these items out of a comparison."""
    ids = {2 * number + side for number in numbers for side in (0, 1)}
    return lambda table, line: None if line.get("item_id") in ids else line


ADA = {"login": "ada", "id": 101, "type": "User"}
BOT = {"login": "tidy[bot]", "id": 201, "type": "Bot"}
CHANGES = [
    {"op": "comment", "number": 8, "body": "One more thing."}, {"op": "close", "number": 8}, {"op": "reopen", "number": 14}, {"op": "label", "number": 14, "label": "docs"}, {"op": "unlabel", "number": 12, "label": "bug"},
    {"op": "retitle", "number": 16, "title": "Another title"}, {"op": "assign", "number": 16, "user": ADA}, {"op": "push", "number": 6}, {"op": "force_push", "number": 19}, {"op": "review", "number": 19, "state": "approved", "by": ADA},
    {"op": "inline", "number": 19, "body": "Here"}, {"op": "ready", "number": 6}, {"op": "request_review", "number": 6, "user": ADA}, {"op": "merge", "number": 31}, {"op": "add_issue", "title": "New"}, {"op": "add_pull", "title": "New too"},
    {"op": "comment", "number": 1, "body": "The 216th.", "by": BOT}, {"op": "milestone", "number": 14, "milestone": "2.0"}, {"op": "lock", "number": 18, "reason": "spam"}, {"op": "discussion_comment", "number": 11, "body": "Fine dial."},
    {"op": "answer", "number": 10, "id": 90005}, {"op": "release", "tag": "v2.0"}, {"op": "add_label", "label": "new-label"}, {"op": "edit", "number": 20, "body": "Edited."},
]


def incremental(forge, mode):
    fresh(forge)
    run = new_run(forge, mode)
    run.until_done(attempts=1)
    forge.control(clear_statistics=True)
    assert run.sync() == 0, run.outputs[-1]
    statistics = careful(run, forge)
    quiet = statistics["requests"]
    # Lists that carry an entity tag and have not changed: labels, milestones, releases.
    assert mode == "graphql" or statistics["not_modified"] == 3, statistics["not_modified"]
    made = forge.mutate(*CHANGES)
    comment = next(one["id"] for one in made if one["op"] == "comment" and one["number"] == 8)
    forge.mutate({"op": "edit_comment", "id": comment, "body": "On second thought."})
    forge.control(clear_statistics=True)
    run.until_done()
    busy = careful(run, forge)["requests"]
    other = new_run(forge, mode)
    other.until_done(attempts=1)
    same(differences(rows(other.db), rows(run.db)))
    return f"nothing new: {quiet} requests; {len(CHANGES) + 1} changes: {busy}"


def disappearing(forge, mode):
    fresh(forge)
    run = new_run(forge, mode)
    run.until_done(attempts=1)
    before = rows(run.db)
    forge.mutate({"op": "delete", "number": 4}, {"op": "transfer", "number": 5, "target": "https://api.github.com/repositories/9/issues/1"}, {"op": "convert", "number": 12}, {"op": "delete", "number": 14, "hidden": True})
    for _ in range(2):
        run.until_done()
    careful(run, forge)
    said = rows(run.db)
    gone = {line["item_id"] // 2: line["reason"] for line in said["item_tombstone"]}
    assert set(gone) == {4, 5, 12, 14}, f"tombstones: {gone}"
    assert gone[5] == "transferred" or mode == "graphql", gone
    same(differences(before, said, ["item", "comment", "event", "review"]), "what is gone at the forge must stay in the store: ")


def renamed(forge, mode):
    fresh(forge)
    run = new_run(forge, mode)
    run.until_done(attempts=1)
    forge.mutate({"op": "rename_repository", "name": "style"}, {"op": "comment", "number": 8}, {"op": "add_issue"})
    for _ in range(2):
        run.until_done()
    careful(run, forge)
    other = Run(BINARY, forge, WORK / str(next(folders)), token=MODES[mode])
    other.forge = type("Renamed", (), {"owner": forge.owner, "name": "style"})()
    other.until_done(attempts=1)
    old = lambda table, line: {column: value.replace("/style/", "/gnomon/") if column == "url" and value else value for column, value in line.items()}
    same(differences(rows(other.db), rows(run.db), ignore=[old, ("project", "url")]))


def while_paging(forge, mode, seed):
    """Items change, come and go while they are read; a sync after that must set all right."""
    generator = seeded(seed)
    fresh(forge)
    numbers = [number for number in forge.project()["numbers"] if number > 12]
    gone = generator.sample(numbers, 2)
    kept = [number for number in numbers if number not in gone]
    plans = [{"after": generator.randint(1, 40), "mutate": [{"op": generator.choice(["touch", "comment", "close", "retitle"]), "number": generator.choice(kept), "title": "t"}]} for _ in range(6)]
    plans += [{"after": generator.randint(1, 30), "mutate": [{"op": "delete", "number": number}]} for number in gone]
    plans += [{"after": generator.randint(1, 30), "mutate": [{"op": generator.choice(["add_issue", "add_pull"])}]} for _ in range(2)]
    forge.control(plans=plans)
    run = new_run(forge, mode)
    run.until_done()
    forge.control(plans=[])
    for _ in range(2):
        run.until_done()
    careful(run, forge)
    other = new_run(forge, mode)
    other.until_done(attempts=1)
    missing = set(gone) - set(forge.project()["numbers"])
    same(differences(rows(other.db), rows(run.db), ignore=[without(missing)]), f"seed {seed}: ")


def big_pages(forge, mode, cap):
    expected, _ = reference(forge, mode)
    fresh(forge, page_cap=cap)
    run = new_run(forge, mode)
    run.until_done()
    careful(run, forge)
    same(differences(expected, rows(run.db)))
    return f"{forge.stats()['requests']} requests"


def broken_items(forge, mode, order):
    """Items at which the forge always fails: the rest is read, they are told, and read once the forge can."""
    expected, _ = reference(forge, mode)
    numbers = sorted(set(order.get("items", []) + order.get("entries", [])))
    fresh(forge, broken=order)
    run = new_run(forge, mode)
    code = run.add()
    statistics = careful(run, forge)
    assert code == 0, f"exit code {code}: {run.outputs[-1][-300:]}"
    assert statistics.get("broken"), "nothing failed"
    said = rows(run.db)
    if mode == "graphql" and not order.get("rest"):
        same(differences(expected, said), "read over REST")
        return f"{statistics['broken']} answers failed; read over REST"
    without_them = lambda tables: {name: [line for line in lines if line.get("item_id", 0) // 2 not in numbers] for name, lines in tables.items() if name in DISK_TABLES}
    same(differences(without_them(expected), without_them(said), DISK_TABLES), "the rest")
    told = {line["record"] for line in said["quarantine"]}
    assert told >= {f"item/{number}" for number in numbers}, told
    assert "the forge fails at" in run.outputs[-1] or "set aside" in run.outputs[-1], run.outputs[-1]
    # Still broken, with a change: again told, again nothing is held up.
    assert run.sync() == 0, run.outputs[-1][-300:]
    assert {line["record"] for line in rows(run.db)["quarantine"]} >= {f"item/{number}" for number in numbers}
    forge.control(broken=None)
    run.until_done(attempts=1)
    careful(run, forge)
    same(differences(expected, rows(run.db)), "once the forge can")
    return f"{statistics['broken']} answers failed at first"


def broken_later(forge, mode):
    """An item changes and breaks after it was read: it stays as it was, and comes when the forge can."""
    fresh(forge)
    run = new_run(forge, mode)
    run.until_done(attempts=1)
    number = forge.project()["pull_numbers"][0]
    forge.control(broken={"items": [number], "rest": True}, mutate=[{"op": "comment", "number": number, "body": "said while it was broken"}])
    assert run.sync() == 0, run.outputs[-1][-300:]
    assert not [line for line in rows(run.db)["comment"] if line["body"] == "said while it was broken"]
    forge.control(broken=None)
    run.until_done(attempts=1)
    assert [line for line in rows(run.db)["comment"] if line["body"] == "said while it was broken"], "it never came"
    assert not [line for line in rows(run.db)["quarantine"] if line["record"] == f"item/{number}"]


def down_is_no_broken_item(forge, mode):
    """A forge that answers nothing at all: no item is blamed."""
    fresh(forge, faults=[{"kind": "s502", "at": list(range(8, 3000))}])
    run = new_run(forge, mode)
    code = run.add()
    assert code == 5, f"exit code {code}"
    assert forge.stats()["faults"]["s502"] > 3
    assert not rows(run.db)["quarantine"], rows(run.db)["quarantine"][:2]


def max_wait(forge, mode):
    """A budget that ends: exit code 5 at once, and the rest on the next runs."""
    expected, first = reference(forge, mode)
    share = max(2, first.statistics["points" if mode == "graphql" else "rest"] // 3)
    key = "graphql" if mode == "graphql" else "anonymous_core"
    limits = {"core": 10**6, "graphql": 10**6, "search": 10**6, "anonymous_core": 10**6, "anonymous_search": 10**6, "window": 10**6}
    fresh(forge)
    run = new_run(forge, mode, more=["--max-wait", "1"])
    codes = []
    for _ in range(12):
        forge.control(limits={**limits, key: share})
        begin = time.time()
        code = run.sync() if run.is_added() else run.add()
        assert time.time() - begin < 30, "it waited"
        codes.append(code)
        if code == 0:
            break
        assert code == 5, f"exit code {code}: {run.outputs[-1][-400:]}"
    assert codes[-1] == 0 and 5 in codes, codes
    careful(run, forge)
    same(differences(expected, rows(run.db)))
    return f"codes {codes}"


def refused(forge):
    """A token that is no good: exit code 4, and nothing of it is shown."""
    fresh(forge, bad_tokens=[TOKEN])
    run = new_run(forge, "graphql")
    code = run.add()
    careful(run, forge)
    assert code == 4, f"exit code {code}: {run.outputs[-1][-300:]}"


def never_elsewhere(forge, mode):
    """Redirects to another host are followed without the token, or refused; a circle and a file are refused."""
    expected, _ = reference(forge, mode)
    for kind in ("redirect_other", "redirect_loop", "redirect_file", "redirect_nowhere", "redirect_tls"):
        fresh(forge, faults=[{"kind": kind, "every": 4, "times": 1}])
        run = new_run(forge, mode)
        for _ in range(6):
            code = run.sync() if run.is_added() else run.add()
            if code == 0:
                break
            assert code in (1, 4, 5), f"{kind}: exit code {code}"
        careful(run, forge)
        assert code == 0, f"{kind}: {run.outputs[-1][-300:]}"
        if kind != "redirect_other":
            same(differences(expected, rows(run.db)), kind)


def strangers(forge, mode):
    """A certificate that nobody vouches for, and plain text where TLS is wanted: an error with words, soon."""
    for url in (forge.tls, forge.url.replace("http://", "https://"), "http://127.0.0.1:9"):
        run = new_run(forge, mode, api_url=url)
        begin = time.time()
        code = run.add()
        assert code in (1, 5), f"{url}: exit code {code}"
        assert time.time() - begin < 30, f"{url}: {time.time() - begin:.0f} s"
        assert run.outputs[-1].strip(), f"{url}: no word of what is wrong"
        careful(run, forge)


def enterprise(forge, mode):
    expected, _ = reference(forge, mode)
    fresh(forge)
    run = new_run(forge, mode, api_url=forge.url + "/api/v3")
    run.until_done(attempts=1)
    careful(run, forge)
    same(differences(expected, rows(run.db)))


def campaign(forge, folder, label):
    for mode in MODES:
        test(f"{label}: import equals the backup ({mode})", lambda: equals_disk(forge, folder, mode))


def whole(forge, folder):
    campaign(forge, folder, "small")
    for mode in MODES:
        test(f"changes since the last sync ({mode})", lambda: incremental(forge, mode))
        test(f"deleted, transferred, converted ({mode})", lambda: disappearing(forge, mode))
        test(f"repository renamed ({mode})", lambda: renamed(forge, mode))
        for seed in (1, 2, 3):
            test(f"items change while they are read, seed {seed} ({mode})", lambda: while_paging(forge, mode, seed))
        for cap in (20, 3):
            test(f"pages over {cap} fail ({mode})", lambda: big_pages(forge, mode, cap))
        about = forge.project()
        pulls, long = about["pull_numbers"], about["long"][:1]
        issues = [number for number in about["numbers"] if number not in pulls + long]
        for name, order in (("two items", {"items": [issues[0], pulls[-1]]}), ("a timeline that goes on", {"entries": long}),
                            ("items, over REST, too", {"items": [issues[1], pulls[0]], "entries": long, "rest": True})):
            if mode == "graphql" or order.get("rest"):
                test(f"the forge always fails at {name} ({mode})", lambda: broken_items(forge, mode, order))
        test(f"an item breaks after it was read ({mode})", lambda: broken_later(forge, mode))
        test(f"a forge that is down blames no item ({mode})", lambda: down_is_no_broken_item(forge, mode))
        test(f"--max-wait ends with 5 and goes on later ({mode})", lambda: max_wait(forge, mode))
        test(f"Enterprise by its base address ({mode})", lambda: enterprise(forge, mode))
        test(f"redirects elsewhere ({mode})", lambda: never_elsewhere(forge, mode))
        test(f"TLS that cannot be trusted ({mode})", lambda: strangers(forge, mode))
    lists.campaign(sys.modules[__name__], forge, folder)
    artifacts.campaign(sys.modules[__name__], WORK)
    test("issues as GitHub was recorded answering", recorded)
    test("a token that is refused", lambda: refused(forge))
    for kind, about in forge.kinds().items():
        if kind.startswith("redirect_") and kind != "redirect_same":
            continue
        for mode in MODES:
            if about["graphql"] and mode == "rest":
                continue
            test(f"fault {kind} ({mode})", lambda: under_fault(forge, mode, kind, about))
    for mode in MODES:
        test(f"random faults and kills ({mode})", lambda: schedules(forge, mode, options.schedules, options.seed))


def recorded():
    """Issues as GitHub itself answered (npm: @octokit/fixtures), served page by page."""
    scenario = json.loads((fake.FAKE / "node_modules/@octokit/fixtures/scenarios/api.github.com/paginate-issues/normalized-fixture.json").read_text())
    issues = [issue for exchange in scenario for issue in exchange["response"]]
    folder = WORK / "recorded"
    (folder / "issues").mkdir(parents=True)
    for issue in issues:
        (folder / "issues" / f"{issue['number']}.json").write_text(json.dumps({"type": "issue", "issue": issue, "events": []}))
    forge = Forge(folder)
    try:
        for mode in MODES:
            fresh(forge)
            run = new_run(forge, mode)
            run.until_done(attempts=1)
            told = {(line["number"], line["title"]) for line in rows(run.db)["item"]}
            assert told == {(issue["number"], issue["title"]) for issue in issues}, told
    finally:
        forge.stop()


small = None


def knows_github():
    """Whether this build has the source that is tested; nothing listens where it is led to."""
    nobody = type("Nobody", (), {"url": "http://127.0.0.1:9", "owner": "sundial", "name": "gnomon"})()
    run = Run(BINARY, nobody, WORK / "probe")
    run.add()
    return "there is no source called" not in run.outputs[-1]


def main():
    global small
    if not knows_github():
        skip("all campaigns", "this build has no source called github")
        print("0 passed, 0 failed, 1 skipped")
        return
    folder = WORK / "small"
    subprocess.run(["node", str(fake.FAKE / "make_project.mjs"), str(folder)], check=True, stdout=subprocess.DEVNULL)
    small = Forge(folder, tls=True)
    real = None
    try:
        whole(small, folder)
        archive = DATA / "secp256k1-github-metadata-2024-01-01.tar.zst"
        if options.secp256k1 and not archive.exists():
            skip("secp256k1", f"{archive} is not here")
        elif options.secp256k1:
            subprocess.run(["tar", "--zstd", "-xf", str(archive), "-C", str(WORK)], check=True)
            real = Forge(WORK / "secp256k1")
            campaign(real, WORK / "secp256k1", "secp256k1")
    finally:
        small.stop()
        if real:
            real.stop()
        shutil.rmtree(WORK, ignore_errors=True)
    print(f"{results['passed']} passed, {results['failed']} failed, {results['skipped']} skipped")
    sys.exit(1 if results["failed"] else 0)


main()
