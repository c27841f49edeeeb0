"""Lists of which the forge never shows one entry, in pages of whatever size: what stands before and behind it is read, it is told, and it comes
once the forge can. For run.py, which gives what its campaigns share as `kit`."""
import json

from forge import differences, rows

WORD = "set aside with the reason"


def told(run):
    return {line["record"]: line["reason"] for line in rows(run.db)["quarantine"]}


def places(run):
    return {record: reason for record, reason in told(run).items() if record.startswith("list/")}


def doctor_says(run, words):
    code = run.resident("doctor", "--project", "p", "--json")
    assert code == 0, run.outputs[-1]
    said = [row for row in json.loads(run.outputs[-1][run.outputs[-1].index("{"):])["rows"] if words in row["what"]]
    assert said, f"resident doctor does not tell of {words!r}: {run.outputs[-1][-600:]}"
    assert all("tries again" in row["next"] for row in said), said


def healed(kit, forge, run, expected):
    forge.control(broken=None)
    run.until_done(attempts=1)
    kit.careful(run, forge)
    kit.same(differences(expected, rows(run.db)), "once the forge can: ")
    assert not told(run), told(run)


def first_sync(kit, forge, mode, order):
    kit.fresh(forge, broken=order)
    run = kit.new_run(forge, mode)
    code = run.add()
    assert code == 0, f"exit code {code}: {run.outputs[-1][-400:]}"
    assert kit.careful(run, forge).get("broken"), "nothing failed"
    return run


def inline(kit, forge, mode, which, **how):
    """One comment on a line."""
    expected, _ = kit.reference(forge, mode)
    keys = sorted(int(line["comment_key"]) for line in expected["comment"] if line["kind"] == "inline")
    key = keys[which(len(keys))]
    order = {"listed": [{"list": "/pulls/comments$", "id": key}], **how}
    run = first_sync(kit, forge, mode, order)
    without = {**expected, "comment": [line for line in expected["comment"] if line["comment_key"] != str(key)]}
    kit.same(differences(without, rows(run.db), ["item", "item_interval", "event", "comment", "review", "label", "milestone", "release", "ci_run"]), "all but one: ")
    assert list(places(run)) == ["list/comments on lines/1"], told(run)
    assert WORD in run.outputs[-1], run.outputs[-1]
    doctor_says(run, "comments on lines")
    # Still so, and something comes behind it: that is read, and nothing is thought to be gone.
    number = forge.project()["pull_numbers"][-1]
    made = forge.mutate({"op": "inline", "number": number, "body": "behind what fails"})
    assert run.sync() == 0, run.outputs[-1][-300:]
    assert [line for line in rows(run.db)["comment"] if line["body"] == "behind what fails"], "what came behind it is not there"
    assert list(places(run)) == ["list/comments on lines/1"] and made, told(run)
    other = kit.new_run(forge, mode)
    forge.control(broken=None)
    other.until_done(attempts=1)
    healed(kit, forge, run, rows(other.db))


def items(kit, forge, folder, mode, numbers):
    """Items that neither a list shows nor their number gives."""
    expected, _ = kit.reference(forge, mode)
    order = {"listed": [{"list": "/(issues|pulls)$", "number": number} for number in numbers], "items": numbers, "rest": True}
    run = first_sync(kit, forge, mode, order)
    but = lambda tables: {name: [line for line in lines if (line.get("item_id") or 0) // 2 not in numbers] for name, lines in tables.items()}
    kit.same(differences(but(expected), but(rows(run.db)), ["item", "item_interval", "event", "comment", "review", "label", "release"]), "all but these: ")
    assert not [line for line in rows(run.db)["item"] if line["number"] in numbers]
    assert set(told(run)) >= {f"item/{number}" for number in numbers} and WORD in run.outputs[-1], told(run)
    assert run.sync() == 0, run.outputs[-1][-300:]
    healed(kit, forge, run, expected)
    kit.same(differences(kit.disk(folder), rows(run.db), kit.DISK_TABLES), "against the same files, read from disk: ")
    return f"{forge.stats().get('broken')} answers failed"


def items_in_lists(kit, forge, mode, numbers, **how):
    """Items that no list shows, but their number gives: found by the numbers around them."""
    expected, _ = kit.reference(forge, mode)
    run = first_sync(kit, forge, mode, {"listed": [{"list": "/(issues|pulls)$", "number": number} for number in numbers], **how})
    kit.same(differences(expected, rows(run.db), ["item", "item_interval", "event", "comment", "review"]))
    healed(kit, forge, run, expected)


def changed(kit, forge, mode, position):
    """Changes since the last sync, one of which the forge does not show."""
    kit.fresh(forge)
    run = kit.new_run(forge, mode)
    run.until_done(attempts=1)
    numbers = [number for number in forge.project()["numbers"] if number > 12][:7]
    made = forge.mutate(*({"op": "comment", "number": number, "body": f"said at last of {number}"} for number in numbers))
    assert len(made) == len(numbers)
    number = numbers[position]
    forge.control(broken={"listed": [{"list": "/(issues|pulls)$", "number": number}], "items": [number], "rest": True})
    for _ in range(2):
        assert run.sync() == 0, run.outputs[-1][-300:]
        bodies = {line["body"] for line in rows(run.db)["comment"]}
        assert not [one for one in numbers if one != number and f"said at last of {one}" not in bodies], "others are missing"
        assert f"said at last of {number}" not in bodies
        assert any(record.startswith("list/changed") for record in places(run)), told(run)
        doctor_says(run, "changed")
    forge.control(broken=None)
    other = kit.new_run(forge, mode)
    other.until_done(attempts=1)
    healed(kit, forge, run, rows(other.db))


def whole_lists(kit, forge, mode, pattern, tables):
    """Lists that the forge never gives: all else is read."""
    expected, _ = kit.reference(forge, mode)
    run = first_sync(kit, forge, mode, {"listed": [{"list": pattern, "all": True}]})
    kit.same(differences(expected, rows(run.db), tables), "all else: ")
    assert places(run) and all("all from place 1 " in reason for reason in places(run).values()), told(run)
    healed(kit, forge, run, expected)


def by_number(kit, forge, mode):
    """`sync --items`: these alone are asked for again, also where they look as they did; nothing else moves."""
    kit.fresh(forge)
    run = kit.new_run(forge, mode)
    run.until_done(attempts=1)
    about = forge.project()
    pull = about["pull_numbers"][-1]
    issues = [number for number in about["numbers"] if number not in about["pull_numbers"]]
    one, other, gone = issues[-1], issues[-2], issues[-3]
    forge.mutate(*({"op": "comment", "number": number, "body": f"new on {number}"} for number in (one, other, pull)), {"op": "delete", "number": gone})
    before = rows(run.db)
    # What an older program, say, read wrongly: nothing at the forge tells of it.
    run.spoil("UPDATE item SET title = 'stale' WHERE number = ?", issues[0])
    forge.control(clear_statistics=True)
    assert run.sync("--items", f"{one}, {pull}-{pull},{gone},{issues[0]},987654") == 0, run.outputs[-1]
    said = run.outputs[-1]
    assert "5 items asked for again" in said and f"987654" in said and "nothing of the numbers" in said, said
    requests = kit.careful(run, forge)["requests"]
    after = rows(run.db)
    bodies = {line["body"] for line in after["comment"]}
    assert f"new on {one}" in bodies and f"new on {pull}" in bodies and f"new on {other}" not in bodies
    assert [line["title"] for line in after["item"] if line["number"] == issues[0]] != ["stale"]
    assert [line["item_id"] for line in after["item_tombstone"]] == [gone * 2], after["item_tombstone"]
    untouched = lambda table, line: None if (line.get("item_id") or 0) // 2 in (one, pull, gone, issues[0]) else line
    kit.same(differences(before, after, ["item", "item_interval", "event", "comment", "review"], ignore=[untouched]), "others moved: ")
    run.until_done(attempts=1)
    assert f"new on {other}" in {line["body"] for line in rows(run.db)["comment"]}, "the next sync left out what changed meanwhile"
    return f"{requests} requests for 5 items"


def campaign(kit, forge, folder):
    about = forge.project()
    pulls = about["pull_numbers"]
    issues = [number for number in about["numbers"] if number not in pulls]
    for mode in kit.MODES:
        for name, which in (("the first", lambda count: 0), ("one in the middle", lambda count: count // 2), ("the last", lambda count: count - 1)):
            kit.test(f"a list that never shows {name} of its entries ({mode})", lambda: inline(kit, forge, mode, which))
        kit.test(f"a list that is no JSON wherever it shows one entry ({mode})", lambda: inline(kit, forge, mode, lambda count: count // 3, malformed=True))
        kit.test(f"a few items by their numbers ({mode})", lambda: by_number(kit, forge, mode))
        kit.test(f"a list with an entry that is none ({mode})", lambda: inline(kit, forge, mode, lambda count: count // 4, garbled=True))
        kit.test(f"lists that never come: runs and comments on lines ({mode})", lambda: whole_lists(kit, forge, mode, "/(actions/runs|pulls/comments)$", ["item", "event", "review", "label", "release"]))
    mode = "rest"
    for name, numbers in (("an issue", [issues[3]]), ("a pull request", [pulls[1]]), ("the newest and the oldest item", [about["numbers"][0], about["numbers"][-1]]), ("neighbours", about["numbers"][8:11])):
        kit.test(f"neither lists nor its number show {name} ({mode})", lambda: items(kit, forge, folder, mode, numbers))
        kit.test(f"no list shows {name} ({mode})", lambda: items_in_lists(kit, forge, mode, numbers))
    kit.test(f"lists in which items are none ({mode})", lambda: items_in_lists(kit, forge, mode, [issues[1], pulls[2]], garbled=True))
    for position in (0, 3, 6):
        kit.test(f"a change that no list shows, {position + 1} of 7 ({mode})", lambda: changed(kit, forge, mode, position))
    kit.test(f"lists that never come: pull requests ({mode})", lambda: whole_lists(kit, forge, mode, "/pulls$", ["label", "release", "milestone"]))
    kit.test(f"lists that never come: issues ({mode})", lambda: whole_lists(kit, forge, mode, "/issues$", ["label", "release", "milestone"]))
    kit.test(f"lists that never come: labels, milestones, releases ({mode})", lambda: whole_lists(kit, forge, mode, "/(labels|milestones|releases)$", ["item", "event", "comment", "review"]))
