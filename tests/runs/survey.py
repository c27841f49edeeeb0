#!/usr/bin/env python3
"""`resident survey` on answers that are made up of a simulated project's people, of whom it is known what they all think.

    tests/runs/survey.py BINARY [--issues 3000] [--years 8] [--seed 11]

Who is nearer to the core answers more often, and thinks otherwise; so that plain shares are wrong.

  weighted    the true share of all lies in the weighted interval for 90 % of 40 questions or more
  plain       and in the plain one's for fewer than half: else nothing was to be mended
  layers      as many people a layer as `resident layers` counts
  forms       the same answers as Google Forms, LimeSurvey and Qualtrics write them give the same shares
  own words   what one person wrote as "other" stands nowhere; a margin of shares weighs as one of people does
  nobody      no address and no name of the file stands in any output; no number below five is shown
  modules     what was named as modules, the most named first, joined by name and by the codebook, with as many experts as
              `resident modules` counts; hidden ones stand last
"""
import argparse
import csv
import io
import json
import pathlib
import random
import re
import subprocess
import tempfile

from figures import Figures, results

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--issues", type=int, default=3000)
parser.add_argument("--years", type=int, default=8)
parser.add_argument("--seed", type=int, default=11)
arguments = parser.parse_args()
figures = Figures(arguments.binary)
run, check = figures.run, figures.check


OFTEN = {"core": "Nearly every week", "regular": "Every month", "occasional": "Now and then", "drive-by": "Once"}
RATE = {"core": 0.9, "regular": 0.7, "occasional": 0.3, "drive-by": 0.12}
QUESTIONS = 40


def written(form, answers):
    """The answers as the form writes them: code → answer, an address and a name each."""
    out = io.StringIO()
    codes = list(answers[0])
    if form == "google":
        writer = csv.writer(out)
        writer.writerow(["Timestamp", "Email Address", "Your name", *codes])
        for i, each in enumerate(answers):
            writer.writerow([f"2026/01/{i % 28 + 1:02d} 10:00:00 AM", f"person{i}@mail.example", f"Secret Name{i}", *each.values()])
    elif form == "lime":
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(["id", "submitdate", "lastpage", "startlanguage", "token", "email", *codes])
        for i, each in enumerate(answers):
            writer.writerow([i, "2026-01-01 10:00:00", 3, "en", f"SecretName{i}", f"person{i}@mail.example", *each.values()])
        writer.writerow([len(answers), "", 1, "en", "x", "", *["Yes"] * len(codes)])
    else:
        writer = csv.writer(out)
        writer.writerow(["StartDate", "Status", "Finished", "ResponseId", "RecipientLastName", "RecipientEmail", *codes])
        writer.writerow(["Start Date", "Response Type", "Finished", "Response ID", "Recipient Last Name", "Recipient Email", *codes])
        writer.writerow([json.dumps({"ImportId": name}, separators=(",", ":")) for name in ["startDate", "status", "finished", "_recordId", "recipientLastName", "recipientEmail", *codes]])
        for i, each in enumerate(answers):
            writer.writerow(["2026-01-01 10:00:00", "IP Address", "True", f"R_{i}", f"Secret Name{i}", f"person{i}@mail.example", *each.values()])
        writer.writerow(["2026-01-01 10:00:00", "Survey Preview", "True", "R_p", "", "", *["Yes"] * len(codes)])
    return out.getvalue()


with tempfile.TemporaryDirectory(prefix="resident-survey-") as folder:
    folder = pathlib.Path(folder)
    run("simulate", folder / "sim", "--seed", arguments.seed, "--issues", arguments.issues, "--years", arguments.years)
    store = folder / "store.db"
    run("add", "jsonl", folder / "sim" / "project.jsonl", "--project", "demo", "--db", store)
    end = json.loads((folder / "sim" / "truth.json").read_text())["options"]["end"]
    where = ("--db", store, "--project", "demo", "--as-of", end)

    last = results(run("layers", *where, "--json"))["layers"][-1]
    sizes = {"core": last["core"], "regular": last["regular"], "occasional": last["occasional"], "drive-by": last["drive_by"]}
    random.seed(arguments.seed)
    everybody = []
    for layer, size in sizes.items():
        for _ in range(size):
            person = {"Often": OFTEN[layer]}
            for question in range(QUESTIONS):
                yes = {"core": 0.8, "regular": 0.65, "occasional": 0.45, "drive-by": 0.25}[layer] * (0.5 + question / QUESTIONS / 2)
                person[f"Point{question}"] = "Yes" if random.random() < yes else "No"
            person["Remarks"] = random.choice(["the documentation is hard to find", "documentation of the parser", "slow reviews", ""]) + (" write to hidden@mail.example" if random.random() < 0.3 else "")
            person["Quote"] = random.choice(["Yes", "No"])
            everybody.append((layer, person))
    answers = [person for layer, person in everybody if random.random() < RATE[layer]]
    truth = {f"Point{question}": sum(person[f"Point{question}"] == "Yes" for _, person in everybody) / len(everybody) for question in range(QUESTIONS)}
    (folder / "book.toml").write_text('stratum = "Often"\nconsent = "Quote"\n[strata]\n' + "".join(f'"{answer}" = "{layer}"\n' for layer, answer in OFTEN.items()) + '[questions.Remarks]\nkind = "text"\n')

    outputs, shares = [], {}
    for form in ("google", "lime", "qualtrics"):
        (folder / f"{form}.csv").write_text(written(form, answers))
        weighted = run("survey", folder / f"{form}.csv", "--codebook", folder / "book.toml", *where, "--json")
        outputs.append(weighted)
        found = results(weighted)
        shares[form] = {row["question"]: (row["share"], row["low"], row["high"]) for row in found["survey_answers"] if row["option"] == "Yes" and row["question"] in truth and row["share"] is not None}
    inside = sum(low - 1e-9 <= truth[name] <= high + 1e-9 for name, (_, low, high) in shares["google"].items())
    check("weighted", len(shares["google"]) == QUESTIONS and inside >= 0.9 * QUESTIONS, f"{inside} of {len(shares['google'])} true shares are inside, of {len(answers)} answers by {len(everybody)} people")
    check("forms", shares["google"] == shares["lime"] == shares["qualtrics"], "the same shares by three forms")
    plain = run("survey", folder / "google.csv", "--json")
    outputs.append(plain)
    rows = [row for row in results(plain)["survey_answers"] if row["option"] == "Yes" and row["question"] in truth]
    inside = sum(row["low"] <= truth[row["question"]] <= row["high"] for row in rows)
    check("plain", inside < QUESTIONS / 2, f"{inside} of {len(rows)} true shares are inside without weights")
    strata = found["survey"]
    check("layers", sum(row["population"] for row in strata) == sum(sizes.values()), f"{[(row['stratum'], row['population'], row['respondents'], round(row['weight'], 2)) for row in strata]}")

    outputs += [run("survey", folder / "google.csv", "--codebook", folder / "book.toml", *where, "--by", "Often", "--json"), run("survey", folder / "google.csv", "--codebook", folder / "book.toml", *where)]
    told = [word for output in outputs for word in re.findall(r"person\d+|Secret ?Name\d*|hidden@|mail\.example", output)]
    small = [row for row in results(outputs[-2])["survey_by"] if row["count"] is not None and row["count"] < 5]
    check("nobody", not told and not small, f"{told[:3]} {small[:3]}")
    words = found["survey_words"]
    check("words", any(row["word"] == "documentation" and "mail" not in row["quotation"] for row in words), f"{[(row['word'], row['people'], row['quotation']) for row in words[:3]]}")

    countries = [("Norway" if i % 3 else "Germany", "I maintain the parser at Example & Sons" if i == 7 else ("Yes" if i % 2 else "No")) for i in range(90)]
    (folder / "own.csv").write_text(written("google", [{"Where": where, "Use": use} for where, use in countries]))
    told = run("survey", folder / "own.csv", "--json")
    options = [row["option"] for row in results(told)["survey_answers"] if row["question"] == "Use"]
    check("own words", "Example & Sons" not in told and sorted(options) == ["No", "Yes", "other answers"], f"{options}")
    (folder / "none.csv").write_text("a,b\n1\n2\n")
    done = subprocess.run([figures.binary, "survey", str(folder / "none.csv")], capture_output=True, text=True)
    check("nothing", done.returncode == 2 and "has no response: 0 not finished, 0 previews or tests, 2 of another width" in done.stderr, done.stderr)
    weighted = {}
    for kind, norway, germany in (("people", 5400, 3600), ("shares", 0.6, 0.4)):
        (folder / "margin.toml").write_text(f"[margins.Where]\nNorway = {norway}\nGermany = {germany}\n")
        told = run("survey", folder / "own.csv", "--codebook", folder / "margin.toml", "--json")
        weighted[kind] = [(row["option"], row["share"]) for row in results(told)["survey_answers"]]
    check("margins", weighted["people"] == weighted["shares"] and ("Norway", 0.6) in weighted["shares"], f"{weighted}")
    run("add", "git", folder / "sim" / "repository.git", "--project", "demo", "--db", store)
    parts = ["parser", "The storage layer", "web", "something else"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Timestamp", "Often", "Parts"])
    for i, each in enumerate(answers):
        writer.writerow([f"2026/01/{i % 28 + 1:02d} 10:00:00 AM", each["Often"], ", ".join(parts[: 1 + i % 3] + (["something else"] if i == 1 else []))])
    (folder / "parts.csv").write_text(out.getvalue())
    (folder / "parts.toml").write_text('module = "Parts"\nstratum = "Often"\n[strata]\n' + "".join(f'"{answer}" = "{layer}"\n' for layer, answer in OFTEN.items())
                                       + '[modules]\n"The storage layer" = "storage"\n[questions.Parts]\nkind = "multiple"\n')
    named = results(run("survey", folder / "parts.csv", "--codebook", folder / "parts.toml", *where, "--json"))["survey_modules"]
    living = {row["module"]: row["living_experts"] for row in results(run("modules", *where, "--json"))["modules"]}
    shares = [row["share"] for row in named if row["share"] is not None]
    joined = {row["answer"]: row["module"] for row in named}
    check("modules", shares == sorted(shares, reverse=True) and named[-1]["share"] is None and joined == {"parser": "parser", "The storage layer": "storage", "web": "web", "other answers": ""}
          and all(row["experts"] == living[row["module"]] for row in named if row["module"]), f"{[(row['answer'], row['module'], row['share'], row['experts']) for row in named]}")

figures.finish()
