#!/usr/bin/env python3
"""Compares the program with independent scripts on real data. run.py BINARY.

The data is looked for in ../shared/data (or RESIDENT_DATA); without it, what needs
it is skipped, saying so.
"""
import collections
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import outcome_segments
import survival_figures

HERE = pathlib.Path(__file__).resolve().parent
BINARY = str(pathlib.Path(sys.argv[1]).resolve())
DATA = pathlib.Path(os.environ.get("RESIDENT_DATA", HERE.parent.parent.parent / "shared" / "data"))
counts = collections.Counter()
WORK = pathlib.Path(tempfile.mkdtemp(prefix="resident-oracle-"))


def note(name, problems):
    counts["failed" if problems else "passed"] += 1
    print(("FAIL " if problems else "ok ") + name + "".join(f"\nFAIL   {problem}" for problem in problems[:5]))


def skip(name, why):
    counts["skipped"] += 1
    print(f"skip {name}: {why}")


def resident(*arguments):
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, cwd=WORK, env={**os.environ, "RESIDENT_NOW": "2024-01-01T00:00:00Z"})
    if done.returncode:
        raise SystemExit(f"resident {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


def judged(name):
    rows = {}
    for line in (HERE.parent / "data" / name).read_text().splitlines():
        if line and not line.startswith("#") and not line.startswith("number"):
            fields = line.split("\t")
            rows[int(fields[0])] = fields[1].split("|")
    return rows


def secp256k1():
    archive = DATA / "secp256k1-github-metadata-2024-01-01.tar.zst"
    if not archive.exists():
        for name in ("import of secp256k1", "measures of secp256k1", "turns of secp256k1", "triage of secp256k1"):
            skip(name, f"{archive} is not here")
        return
    subprocess.run(["tar", "--zstd", "-xf", str(archive), "-C", str(WORK)], check=True)
    folder = WORK / "secp256k1"
    oracle = json.loads(subprocess.run([sys.executable, str(HERE / "github_metadata_oracle.py"), str(folder)], check=True, capture_output=True, text=True).stdout)
    dbs = {"folder": ["s.db", folder], "archive": ["t.db", archive]}
    stores = [WORK / "s.db"] + ([os.environ["RESIDENT_TEST_POSTGRES"]] if "RESIDENT_TEST_POSTGRES" in os.environ else [])
    for kind, (db, place) in dbs.items():
        resident("add", "github-metadata", place, "--project", "secp256k1", "--db", db)
        status = json.loads(resident("status", "--json", "--db", db))[0]
        wanted = oracle["counts"]
        problems = [f"{key}: {status[ours]}, the files have {wanted[key]}" for key, ours in
                    (("issues", "issues"), ("pulls", "pulls"), ("events_total", "events"), ("reviews", "reviews"), ("comments", "comments"), ("inline_comments", "inline_comments"))
                    if status[ours] != wanted[key]]
        kinds = {row["kind"]: row["n"] for row in json.loads(resident("sql", "SELECT kind, count(*) AS n FROM event GROUP BY kind", "--json", "--db", db))}
        problems += [f"{name}: {kinds.get(name)}, the files have {n}" for name, n in wanted["events_by_kind"].items() if kinds.get(name) != n]
        problems += ["something is in quarantine"] if status["quarantined"] else []
        note(f"import of secp256k1 ({kind})", problems)
    compare = HERE / "compare.py"
    done = subprocess.run([sys.executable, str(compare), BINARY, "--db", str(WORK / "s.db"), "--project", "secp256k1", "--data", str(folder)], capture_output=True, text=True)
    note("measures of secp256k1", [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()[-5:])
    turns(stores)


def turns(_):
    truth = judged("turn-judgements-secp256k1-2024-01-01.tsv")
    rows = json.loads(resident("review", "--as-of", "2024-01-01", "--json", "--db", "s.db"))["rows"]
    problems = [f"{len(rows)} open pull requests, {len(truth)} judged"] if len(rows) != len(truth) else []
    right = sum(row["turn"] in truth.get(row["number"], []) for row in rows)
    first = sum(row["turn"] in truth.get(row["number"], []) for row in rows[:20])
    strict = sum(row["turn"] == truth.get(row["number"], [""])[0] for row in rows)
    print(f"   turns: {right} of {len(rows)} as judged ({strict} the first answer), {first} of the first 20")
    problems += [f"only {right} of {len(rows)} turns are as judged"] if right < 0.9 * len(rows) else []
    problems += [f"only {first} of the first 20 turns are as judged"] if first < 18 else []
    note("turns of secp256k1", problems)
    random_moments()
    truth = judged("triage-judgements-secp256k1-2024-01-01.tsv")
    # How the states of the two lists answer to each other.
    means = {"unanswered": {"unanswered"}, "reporter answered": {"needs-maintainer", "agreed", "discussion"}, "waiting for reporter": {"waiting-for-reporter"},
             "stale": {"agreed", "discussion", "needs-maintainer"}, "in discussion": {"agreed", "discussion", "needs-maintainer"}, "reopened": {"needs-maintainer", "discussion", "agreed"}}
    rows = json.loads(resident("triage", "--as-of", "2024-01-01", "--json", "--db", "s.db"))["rows"]
    fits = [bool(means[row["state"]] & set(truth.get(row["number"], []))) for row in rows]
    print(f"   triage: {sum(fits)} of {len(fits)} as judged, {sum(fits[:20])} of the first 20")
    note("triage of secp256k1", [f"only {sum(fits[:20])} of the first 20 states are as judged"] if sum(fits[:20]) < 18 else [])


def random_moments():
    """60 pull requests, each at a random moment of its open life (bench/sample_turns.py)."""
    lines = (HERE.parent / "data" / "turn-judgements-secp256k1-random-moments.tsv").read_text().splitlines()
    cases = [line.split("\t") for line in lines if not line.startswith(("#", "number"))]
    right = strict = 0
    for number, as_of, turn, _ in cases:
        rows = json.loads(resident("review", "--as-of", as_of, "--json", "--db", "s.db"))["rows"]
        ours = next((row["turn"] for row in rows if row["number"] == int(number)), "not open")
        right += ours in turn.split("|")
        strict += ours == turn.split("|")[0]
    print(f"   turns at random moments: {right} of {len(cases)} as judged ({strict} the first answer)")
    note("turns of secp256k1 at random moments", [f"only {right} of {len(cases)} are as judged"] if right < 0.9 * len(cases) else [])


def ietf():
    archive = DATA / "small-sets.tar.zst"
    if not archive.exists():
        return skip("import of IETF archives", f"{archive} is not here")
    subprocess.run(["tar", "--zstd", "-xf", str(archive), "-C", str(WORK), "--wildcards", "*ietf/*"], check=True)
    for path in sorted((WORK / "ietf").glob("*.json")):
        content = json.loads(path.read_text())
        resident("add", "ietf-archive", path, "--project", path.stem, "--db", "i.db")
        status = json.loads(resident("status", "--json", "--db", "i.db", "--project", path.stem))[0]
        items = content["issues"] + content["pulls"]
        wanted = {"issues": len(content["issues"]), "pulls": len(content["pulls"]), "comments": sum(len(item["comments"]) for item in items),
                  "reviews": sum(len(pull.get("reviews") or []) for pull in content["pulls"]),
                  "inline_comments": sum(len(review.get("comments") or []) for pull in content["pulls"] for review in pull.get("reviews") or [])}
        note(f"import of {path.stem}", [f"{key}: {status[key]}, the file has {n}" for key, n in wanted.items() if status[key] != n])


secp256k1()
ietf()
note("segments of the histories of tests", outcome_segments.main(BINARY))
note("survival and competing risks, as R has them", survival_figures.compare(BINARY)[0])
shutil.rmtree(WORK, ignore_errors=True)
print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
sys.exit(1 if counts["failed"] else 0)
