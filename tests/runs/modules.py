#!/usr/bin/env python3
"""What the modules of a simulated project are said to be, held against what is true of it (truth.json).

    tests/runs/modules.py BINARY [--issues 1500] [--years 6] [--seed 11]

  experts     of the living experts named in the dossiers (three a module at most), those who are experts in truth: two of
              three at least. People are the same by any of their names, since accounts and names in git that nothing
              joins are two people to the program; the resident, who reviews everywhere, is no expert in truth and not counted
  hours       the modules' hours add up to those that `resident effort` puts to modules, or more: issues are placed here, too
  need        is a probability for every module that is judged, with its backtest beside it
  nobody      no hours and no shares of single persons stand in `need` and the dossiers without --people
  users       `resident interest --keep` is shown, and was lacking before
  releases    each release against the one before, in times of benchmarks and in sizes
  speed       a module's own series and events, and none of them where it has none
"""
import argparse
import json
import pathlib
import tempfile

from figures import Figures, results

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--issues", type=int, default=1500)
parser.add_argument("--years", type=int, default=6)
parser.add_argument("--seed", type=int, default=11)
arguments = parser.parse_args()
figures = Figures(arguments.binary)
run, check = figures.run, figures.check

with tempfile.TemporaryDirectory(prefix="resident-modules-") as folder:
    folder = pathlib.Path(folder)
    store = folder / "store.db"
    run("simulate", folder / "made", "--seed", arguments.seed, "--issues", arguments.issues, "--years", arguments.years)
    run("add", "git", folder / "made/repository.git", "--project", "made", "--db", store)
    run("add", "jsonl", folder / "made/project.jsonl", "--project", "made", "--db", store)
    truth = json.loads((folder / "made/truth.json").read_text())
    asked = run("need", "--db", store, "--json")
    need = results(asked)
    rows = {row["module"]: row for row in need["need"]}
    texts = {name: run("module", name, "--db", store, "--json") for name in rows}
    dossiers = {name: results(text) for name, text in texts.items()}
    of = {name: {row["key"]: row for row in dossier["module_figures"]} for name, dossier in dossiers.items()}

    named = right = resident = 0
    for module, experts in truth["experts"].items():
        if module not in rows:
            continue
        answer = of[module]["living_experts"]["answer"]
        people = [each.strip() for each in answer.split(": ", 1)[1].split(",")] if ": " in answer else []
        known = {name.lower() for each in experts for name in (each["login"], *each["names"])}
        named += len(people)
        right += sum(each.lower() in known for each in people)
        resident += truth["resident"]["login"] in people
    check("experts", named > 0 and right >= 2 / 3 * (named - resident), f"{named} named: {right} are experts in truth, {resident} the resident")

    effort = {row["module"]: row["hours"] for row in json.loads(run("effort", "--by", "module", "--db", store, "--json"))}
    ours = {name: sum(row["hours"] for row in dossier["module"]) for name, dossier in dossiers.items()}
    less = [name for name in ours if effort.get(name, 0) > ours[name] * 1.02 + 1]
    check("hours", not less, f"{len(ours)} modules have what effort says of them, or more; less: {less}")

    judged = [row for row in rows.values() if row["need"] is not None]
    check("need", len(judged) >= 8 and all(row["low"] <= row["need"] <= row["high"] and 0 <= row["need"] <= 1 for row in judged)
          and len(need["need_backtest"]) > 0, f"{len(judged)} modules are judged; {need['need_backtest']}")

    module = max(rows, key=lambda name: len(dossiers[name]["module_people"]))
    people = [row["person"] for row in dossiers[module]["module_people"]]
    told = [name for name, dossier in dossiers.items() for row in dossier["module_people"] if "hours" in row or "share" in row]
    told += [row["module"] for row in rows.values() if any(person in row["why"] for person in people)]
    asked_for = results(run("module", module, "--people", "--db", store, "--json"))["module_people"]
    check("nobody", people and not told and all(row["hours"] >= 0 for row in asked_for), f"{len(people)} people of {module} without hours, {len(asked_for)} with, where asked for; told: {told[:3]}")

    before = of[module]["users"]
    (folder / "corpus/user").mkdir(parents=True)
    (folder / "corpus/user/a.py").write_text("import nothing_of_this\n")
    run("interest", folder / "corpus", "--project", "made", "--db", store, "--keep")
    after = {row["key"]: row for row in results(run("module", module, "--db", store, "--json"))["module_figures"]}["users"]
    check("users", before["value"] is None and "--keep" in before["lacking"] and after["lacking"] != before["lacking"], f"before: {before['lacking']}; then: {after['answer']}")

    releases = results(run("releases", "--db", store, "--json"))["releases"]
    sizes = [row for row in releases if row["size"] is not None]
    inside = [row for row in releases if row["low"] is not None and row["low"] <= row["speed"] <= row["high"]]
    detail = results(run("releases", "--release", releases[0]["release"], "--db", store, "--json"))["release_speed"]
    machine = {each["name"]: each["unit"] for each in truth["benchmarks"]}
    wrong = [row["name"] for row in detail if machine[row["name"].split(" ")[0]] != row["unit"]]
    check("releases", len(inside) >= 3 and len(sizes) >= 3 and detail and not wrong, f"{len(releases)} releases, {len(inside)} with a speed in its interval, {len(sizes)} with sizes; {len(detail)} benchmarks of {releases[0]['release']}")

    changed = truth["benchmark_changes"][-1]["benchmark"]
    own = changed.split("_")[0]
    found = results(run("speed", "--module", own, "--db", store, "--json"))
    series = [name for name in found if name.startswith("speed_series_")]
    check("speed", series and len(found["speed"]) >= 1, f"{own}: {len(found['speed'])} events, {len(series)} series drawn")

figures.finish()
