#!/usr/bin/env python3
"""Whether `resident impact` shows the effect of a simulated resident who has one, and none where there is none: projects from seeds, each
with a resident of effect 0, 0.15 and 0.3 (people are answered at so much higher rates), asked for the share answered within a week. The
truth is that of truth.json: the same items without the resident. Usage: resident_effect.py RESIDENT [--seeds N] [--first SEED]
[--issues N] [--years N] [--effects LIST] [--outcome NAME]"""
import argparse
import json
import pathlib
import subprocess
import tempfile


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True).stdout


def ask(resident, options, seed, effect):
    with tempfile.TemporaryDirectory() as folder:
        made, store = pathlib.Path(folder) / "made", pathlib.Path(folder) / "store.db"
        run(resident, "simulate", made, "--seed", seed, "--issues", options.issues, "--years", options.years, "--no-repository",
            "--resident-effect", effect)
        run(resident, "add", "jsonl", made / "project.jsonl", "--project", "demo", "--db", store)
        truth = json.loads((made / "truth.json").read_text())["resident"]
        answer = json.loads(run(resident, "impact", "--start", truth["start"][:10], "--person", truth["login"], "--outcome",
                                options.outcome, "--db", store, "--json"))
    counts = [truth["effects"][name] for name in ("pulls_answered_within_7_days", "issues_answered_within_7_days")]
    with_resident = sum(each["items"] * each["with_resident"] for each in counts)
    without = sum(each["items"] * each["without_resident"] for each in counts)
    return answer, with_resident / without - 1


def power_at(answer, effect):
    """By the figures at 10, 20 and 40 %, in a straight line between them."""
    points = [(0, 0.05)] + [(each["effect"], each["power"]) for each in answer["power"]]
    for (low, left), (high, right) in zip(points, points[1:]):
        if effect <= high:
            return left + (right - left) * (effect - low) / (high - low)
    return points[-1][1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("resident")
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--issues", type=int, default=3000)
    parser.add_argument("--years", type=float, default=8)
    parser.add_argument("--effects", default="0,0.15,0.3")
    parser.add_argument("--outcome", default="answered")
    options = parser.parse_args()
    print(f"seeds {options.first} to {options.first + options.seeds - 1}, {options.issues} issues in {options.years:g} years, {options.outcome}")
    for effect in options.effects.split(","):
        shown = right = held = asked = model = shown_by_others = 0
        stated = true = found = 0.0
        for seed in range(options.first, options.first + options.seeds):
            answer, truth = ask(options.resident, options, seed, effect)
            if answer["shown"] is None:
                continue
            asked += 1
            shown += answer["shown"]
            right += answer["shown"] and answer["effect"] > 0
            held += answer["low"] <= truth <= answer["high"]
            stated += power_at(answer, truth)
            true += truth
            found += answer["effect"]
            model += "course" in answer and not answer["course"]["low"] <= 0 <= answer["course"]["high"]
            others = answer.get("without_person")
            shown_by_others += bool(others and others["shown"] and others["effect"] > 0)
        n = max(asked, 1)
        print(f"rates {1 + float(effect):g} times: true effect {true / n:+.1%}, found {found / n:+.1%} on average; shown {shown} of {asked} "
              f"({shown / n:.0%}), {right} of them upwards, stated power {stated / n:.0%}; the interval held the truth {held / n:.0%}; "
              f"others alone shown to have risen {shown_by_others}; the model's own interval left out 0 {model / n:.0%}", flush=True)


if __name__ == "__main__":
    main()
