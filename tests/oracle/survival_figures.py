#!/usr/bin/env python3
"""Holds `resident stats` against R's survival and cmprsk, figure by figure, to 1e-6 relative.

    survival_figures.py RESIDENT            against survival_figures.tsv, which R wrote
    survival_figures.py RESIDENT --rerun    R again where it is installed (r-cran-survival, r-cran-cmprsk); rewrites the figures

The table is made here, from a seed: 400 waits with ties, censoring, two kinds of end, three modules and 90 authors."""
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = HERE / "survival_figures.tsv"
TIMES = [1, 5, 20, 60, 120]


def write_table(path):
    state = 20260101

    def uniform():  # Park and Miller's, so that the table is the same with every Python
        nonlocal state
        state = state * 48271 % 2147483647
        return state / 2147483647

    lines = ["time,status,outcome,size,newcomer,module,author"]
    for _ in range(400):
        module = ["core", "docs", "lib"][int(uniform() * 3)]
        size, newcomer = round(math.log(1 + 400 * uniform() ** 3), 4), int(uniform() < 0.4)
        rate = 0.05 * math.exp(-0.25 * size - 0.4 * newcomer + (0.3 if module == "docs" else 0))
        end, censored = -math.log(1 - uniform()) / rate, uniform() * 200
        outcome = "open" if censored < end else "merged" if uniform() < 0.65 else "closed"
        time = math.ceil(min(end, censored))
        lines.append(f"{time},{int(outcome != 'open')},{outcome},{size},{newcomer},{module},a{int(uniform() * 90)}")
    path.write_text("\n".join(lines) + "\n")


def columns(source, path, names):
    rows = [line.split(",") for line in source.read_text().splitlines()]
    places = [rows[0].index(name) for name in names]
    path.write_text("\n".join(",".join(row[place] for place in places) for row in rows) + "\n")
    return path


def answers(resident, folder):
    table = folder / "waits.csv"

    def ask(*words):
        return json.loads(subprocess.run([resident, "stats", *words, "--json"], check=True, capture_output=True).stdout)

    figures = {}
    km = ask("km", "--from", table, "--limit", "60", "--by", "module")
    for time in TIMES:
        row = [row for row in km["curve"] if row["time"] <= time][-1]
        for field in ("survival", "std_err", "low", "high"):
            figures[f"km {field} {time}"] = row[field]
    figures["km median"] = km["median"]["value"]
    figures["km median low"], figures["km median high"] = km["median"]["low"], km["median"]["high"]
    figures["km rmean"], figures["km rmean std_err"] = km["restricted_mean"]["value"], km["restricted_mean"]["std_err"]
    figures["logrank"], figures["peto"] = km["log_rank"]["chi_squared"], km["peto_peto"]["chi_squared"]
    names = ["time", "status", "size", "newcomer", "module"]
    plain = columns(table, folder / "cox.csv", names)
    clustered = columns(table, folder / "clustered.csv", [*names, "author"])
    for ties in ("efron", "breslow"):
        fit = ask("cox", "--from", plain, "--ties", ties)
        robust = ask("cox", "--from", clustered, "--ties", ties, "--cluster", "author")
        strata = ask("cox", "--from", plain, "--ties", ties, "--strata", "module")
        for each, other, test in zip(fit["coefficients"], robust["coefficients"], fit["proportionality"]["covariates"]):
            name = f"cox {ties} {each['name']}"
            figures[name], figures[name + " se"] = each["coef"], each["se"]
            figures[name + " robust_se"], figures[name + " proportionality"] = other["robust_se"], test["chi_squared"]
        figures[f"cox {ties} null"] = fit["log_likelihood"]["null"]
        figures[f"cox {ties} model"] = fit["log_likelihood"]["model"]
        figures[f"cox {ties} score"] = fit["score_test"]["chi_squared"]
        figures[f"cox {ties} concordance"] = fit["concordance"]
        figures[f"cox {ties} proportionality global"] = fit["proportionality"]["global"]["chi_squared"]
        figures[f"cox {ties} stratified size"] = strata["coefficients"][0]["coef"]
        figures[f"cox {ties} stratified model"] = strata["log_likelihood"]["model"]
    incidence = ask("aalen-johansen", "--from", table, "--status", "outcome", "--by", "module")
    for time in TIMES:
        row = [row for row in incidence["curve"] if row["time"] <= time][-1]
        for cause in ("closed", "merged"):
            figures[f"aj {cause} {time}"] = row["probability"][cause]
            for field in ("std_err", "low", "high"):
                figures[f"aj {cause} {time} {field}"] = row[field][cause]
    for cause in ("closed", "merged"):
        figures[f"gray {cause}"] = incidence["gray_test"][cause]["chi_squared"]
    competing = columns(table, folder / "competing.csv", ["time", "outcome", "size", "newcomer", "module"])
    for ties in ("efron", "breslow"):
        fit = ask("finegray", "--from", competing, "--status", "outcome", "--cause", "merged", "--ties", ties)
        for each in fit["coefficients"]:
            name = f"finegray {ties} {each['name']}"
            figures[name], figures[name + " se"], figures[name + " robust_se"] = each["coef"], each["se"], each["robust_se"]
    return figures


def compare(resident, rerun=False):
    """What differs from R's figures, a line each; and how many figures there are, with the largest relative difference."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_table(folder / "waits.csv")
        if rerun:
            run = subprocess.run(["Rscript", str(HERE / "survival_figures.R"), name], check=True, capture_output=True, text=True)
            FIGURES.write_text(run.stdout)
        ours = answers(resident, folder)
    theirs = dict(line.split("\t") for line in FIGURES.read_text().splitlines())
    wrong, worst = [], 0.0
    for figure, text in theirs.items():
        value = None if text == "NA" else float(text)
        if value is None or ours.get(figure) is None:
            if value is not ours.get(figure):
                wrong.append(f"{figure}: R {text}, Resident {ours.get(figure)}")
            continue
        difference = abs(ours[figure] - value) / max(abs(value), 1e-12)
        worst = max(worst, difference)
        if difference > 1e-6:
            wrong.append(f"{figure}: R {text}, Resident {ours[figure]!r}")
    return wrong, len(theirs), worst


def main():
    rerun = "--rerun" in sys.argv
    if rerun and not shutil.which("Rscript"):
        print("skipped: Rscript is not installed (Debian: r-cran-survival, r-cran-cmprsk)")
        return 0
    wrong, figures, worst = compare(str(pathlib.Path(sys.argv[1]).resolve()), rerun)
    print("\n".join(wrong) or f"{figures} figures of R's, all equal to 1e-6 relative (worst {worst:.1e})")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
