#!/usr/bin/env python3
"""What `layers`, `funnel`, `fading` and `succession` say of a simulated project, held against a script that shares no code
with them, and against what is true of it (truth.json).

    tests/runs/people.py BINARY [--issues 3000] [--years 8] [--seed 11] [--print]

  layers      every quarter's counts equal those counted here from the acts that the store holds
  funnel      came, the shares of every whole cohort and retention equal those counted here
  core        of the core team in truth at the end, how many stand in the core or among the regulars; and how many of the
              core layer are core team or experts in truth
  newcomers   how many came, within 5 % of truth
  succession  modules with nobody left are none that have an active expert in truth
  pages       the page People shows no name in the sections of these
"""
import argparse
import collections
import datetime
import json
import pathlib
import sqlite3
import tempfile

from figures import Figures, results

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--issues", type=int, default=3000)
parser.add_argument("--years", type=int, default=8)
parser.add_argument("--seed", type=int, default=11)
parser.add_argument("--print", action="store_true", help="also the figures")
arguments = parser.parse_args()
figures = Figures(arguments.binary)
run, check = figures.run, figures.check


def month_of(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return 12 * moment.year + moment.month - 1


def start_of(month):
    return int(datetime.datetime(month // 12, month % 12 + 1, 1, tzinfo=datetime.timezone.utc).timestamp())


def acts_of(store, as_of):
    """(person, seconds, is work, subject of an opening) of everybody who is no bot, by plain SQL."""
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    person = dict(database.execute("SELECT i.identity_id, i.person_id FROM person_identity i JOIN person p ON p.project_id = i.project_id AND p.person_id = i.person_id WHERE p.is_bot = 0"))
    changes = "('closed','reopened','merged','labeled','unlabeled','assigned','unassigned','milestoned','demilestoned','renamed','locked','unlocked','review_requested','review_request_removed','review_dismissed','ready_for_review','convert_to_draft','head_ref_force_pushed','marked_as_duplicate','unmarked_as_duplicate','transferred','pinned','unpinned')"
    queries = [
        ("SELECT author_id, authored_at FROM git_commit WHERE on_default = 1 AND parent_count < 2 AND committed_at <= ?", True),
        ("SELECT author_id, committed_at FROM git_commit WHERE on_default = 1 AND parent_count > 1 AND committed_at <= ?", True),
        ("SELECT author_id, submitted_at FROM review WHERE submitted_at <= ?", True),
        ("SELECT author_id, created_at FROM comment WHERE created_at <= ?", False),
        ("SELECT author_id, created_at FROM item WHERE created_at <= ?", False),
        (f"SELECT actor_id, occurred_at FROM event WHERE kind IN {changes} AND occurred_at <= ?", False),
        ("SELECT author_id, created_at FROM post WHERE created_at <= ?", False),
    ]
    acts = collections.defaultdict(list)
    for sql, is_work in queries:
        for identity, at in database.execute(sql, (as_of,)):
            if identity in person and at <= as_of:
                acts[person[identity]].append((at, is_work))
    for each in acts.values():
        each.sort()
    names = dict(database.execute("SELECT person_id, coalesce(login, name) FROM person"))
    kinds = {"code": "SELECT min(authored_at) FROM git_commit WHERE on_default = 1", "tracker": "SELECT min(created_at) FROM item"}
    starts = [row[0] for sql in kinds.values() for row in database.execute(sql) if row[0] is not None]
    return acts, names, starts


def layers_at(acts, month, share=0.8, regular=4, drive_by=30):
    end = start_of(month + 1)
    months, work, back = {}, collections.Counter(), {}
    for person, each in acts.items():
        inside = [(at, is_work) for at, is_work in each if start_of(month - 11) <= at < end]
        if not inside:
            continue
        months[person] = len({month_of(at) for at, _ in inside})
        work[person] = sum(is_work for _, is_work in inside)
        back[person] = any(each[0][0] + drive_by * 86400 < at < end for at, _ in each)
    total, together, least = sum(work.values()), 0, None
    for count in sorted((count for count in work.values() if count), reverse=True):
        if together >= share * total:
            break
        together, least = together + count, count
    layers = {}
    for person in months:
        if months[person] >= regular:
            layers[person] = "core" if least is not None and work[person] >= least else "regular"
        else:
            layers[person] = "occasional" if back[person] else "drive_by"
    return layers


with tempfile.TemporaryDirectory(prefix="resident-people-") as folder:
    folder = pathlib.Path(folder)
    run("simulate", folder / "sim", "--seed", arguments.seed, "--issues", arguments.issues, "--years", arguments.years)
    store = folder / "store.db"
    run("add", "git", folder / "sim" / "repository.git", "--project", "demo", "--db", store)
    run("add", "jsonl", folder / "sim" / "project.jsonl", "--project", "demo", "--db", store)
    truth = json.loads((folder / "sim" / "truth.json").read_text())
    as_of = int(datetime.datetime.fromisoformat(truth["options"]["end"].replace("Z", "+00:00")).timestamp())
    at = ("--as-of", truth["options"]["end"], "--db", store, "--json")
    acts, names, starts = acts_of(store, as_of)
    last_month = month_of(as_of) - 1

    ours = results(run("layers", *at))["layers"]
    wrong = []
    for row in ours:
        month = month_of(int(datetime.datetime.fromisoformat(row["quarter"].replace("Z", "+00:00")).replace(tzinfo=datetime.timezone.utc).timestamp())) + 2
        counted = collections.Counter(layers_at(acts, month).values())
        if [row[name] for name in ("core", "regular", "occasional", "drive_by")] != [counted[name] for name in ("core", "regular", "occasional", "drive_by")]:
            wrong.append((row["quarter"], row, dict(counted)))
    check("layers", ours and not wrong, f"{len(ours)} quarters, {len(wrong)} differ {wrong[:1]}")

    found = results(run("funnel", *at))
    cohorts = collections.defaultdict(list)
    for person, each in acts.items():
        month = month_of(each[0][0])
        cohorts[month - month % 3 + 2].append(each)
    wrong, kept = [], collections.defaultdict(lambda: [0, 0])
    for row in found["funnel_cohorts"]:
        end = month_of(int(datetime.datetime.fromisoformat(row["cohort"].replace("Z", "+00:00")).replace(tzinfo=datetime.timezone.utc).timestamp())) + 2
        people = cohorts[end]
        if row["came"] != len(people):
            wrong.append(("came", row["cohort"], row["came"], len(people)))
        for quarters in (1, 2, 4):
            horizon = quarters * 365.2425 / 4 * 86400
            if row["came"] < 5 or max(each[0][0] for each in people) + horizon > as_of:
                continue
            again = sum(any(30 * 86400 < at - each[0][0] <= horizon for at, _ in each) for each in people) / len(people)
            if abs(again - row[f"again_{quarters}"]) > 1e-9:
                wrong.append((quarters, row["cohort"], row[f"again_{quarters}"], again))
        for later in (1, 2, 4, 8):
            if end + 3 * later <= last_month:
                kept[later][1] += len(people)
                kept[later][0] += sum(any(end + 3 * later - 2 <= month_of(at) <= end + 3 * later for at, _ in each) for each in people)
    check("funnel", found["funnel_cohorts"] and not wrong, f"{len(found['funnel_cohorts'])} cohorts, {len(wrong)} differ {wrong[:2]}")
    wrong = [(row, kept[row["later"]]) for row in found["retention"] if row["later"] in kept and (row["people"] != kept[row["later"]][1] or abs(row["share"] - kept[row["later"]][0] / kept[row["later"]][1]) > 1e-9)]
    check("retention", found["retention"] and not wrong, f"{[(row['later'], round(row['share'], 3)) for row in found['retention']]}, {wrong[:1]}")

    # Truth: who is of the core team at the end. Held against the tracker alone, where everybody has one account: of
    # commits, who signs by several addresses that nothing joins is several people.
    tracker = folder / "tracker.db"
    run("add", "jsonl", folder / "sim" / "project.jsonl", "--project", "demo", "--db", tracker)
    alone, names, _ = acts_of(tracker, as_of)
    layers = {names[person]: layer for person, layer in layers_at(alone, last_month).items()}
    shown = results(run("layers", "--as-of", truth["options"]["end"], "--db", tracker, "--json"))["layers"][-1]
    team = {each["login"] for each in truth["core_team"] if "until" not in each and each["since"] < truth["options"]["end"]}
    expert = {each["login"] for experts in truth["experts"].values() for each in experts}
    placed = [login for login in team if layers.get(login) in ("core", "regular")]
    in_core = [login for login, layer in layers.items() if layer == "core"]
    known = [login for login in in_core if login in team or login in expert]
    check("core team", len(placed) >= 0.9 * len(team), f"{len(placed)} of {len(team)} are core or regular, {sum(layers.get(login) == 'core' for login in team)} core")
    check("core layer", shown["core"] == len(in_core) and len(known) >= 0.9 * len(in_core), f"{len(known)} of {len(in_core)} are core team or experts in truth")
    check("newcomers", 0 <= len(alone) - truth["newcomers"]["count"] <= 0.05 * len(alone), f"{len(alone)} came by any act, {truth['newcomers']['count']} newcomers in truth; the others were there at the start")

    lines = results(run("succession", *at))["succession"]
    active = collections.defaultdict(int)
    for module, experts in truth["experts"].items():
        active[module] = len(experts)
    lost = [row["module"] for row in lines if row["here"] == 0 and any(row["module"].endswith(module) and count for module, count in active.items())]
    check("succession", lines and not lost, f"{len(lines)} modules, {sum(row['here'] == 0 for row in lines)} with nobody, {lost} of them with an expert in truth")

    for command in ("layers", "funnel", "fading"):
        text = run(command, *at)
        told = [name for name in team if f'"{name}"' in text]
        check(f"no names in {command}", not told, f"{told}")
    named = results(run("fading", "--people", *at))
    check("names where asked", "fading_people" in named, f"{len(named.get('fading_people', []))} by name")
    if arguments.print:
        print(run("fading", *at[:-1]))

figures.finish()
