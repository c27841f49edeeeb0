#!/usr/bin/env python3
"""Reports of test runs that real tools wrote for small programs of ours, with the truth of every test beside them
(reports/TOOL/expected.tsv: file, test, outcome, note): each must be read as it was, or what its file can't show must be told.
What did not come right, told or not, stands with its reason in exceptions.tsv, and nowhere else.

    run.py BINARY [TOOL…] [--update]    # --update rewrites exceptions.tsv; read the difference
"""
import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPORTS = HERE / "reports"


def words(text):
    return re.findall(r"[^\W_]+", text.lower())


def inside(need, have):
    rest = iter(have)
    return all(any(word == other for other in rest) for word in need)


def best(results, test):
    """The result that is meant: all words of the name in suite and name, in order, and the fewest others."""
    need, found = words(test), []
    for index, result in enumerate(results):
        have = words(f"{result['suite']} {result['name']}")
        if result["name"] == test or inside(need, have):
            found.append((abs(len(have) - len(need)), index))
    return results[min(found)[1]] if found else None


def table(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read(binary, path):
    run = subprocess.run([binary, "results", str(path), "--json"], capture_output=True, text=True, timeout=60)
    try:
        return json.loads(run.stdout)
    except ValueError:
        return {"cannot_tell": [], "results": [], "error": run.stderr}


def main():
    arguments = [each for each in sys.argv[1:] if each != "--update"]
    binary, tools = str(pathlib.Path(arguments[0]).resolve()), arguments[1:]
    known = {(row["tool"], row["file"], row["test"], row["outcome"]): row for row in table(HERE / "exceptions.tsv")} \
        if (HERE / "exceptions.tsv").exists() else {}
    passed, failures, exceptions, counts = 0, [], [], {"right": 0, "told": 0, "wrong": 0}
    for folder in sorted(REPORTS.iterdir()):
        if tools and folder.name not in tools:
            continue
        answers = {}
        for row in table(folder / "expected.tsv"):
            path = folder / row["file"]
            if not path.exists():
                continue  # a file that the tool never wrote
            if path not in answers:
                answers[path] = read(binary, path)
            answer = answers[path]
            result = best(answer["results"], row["test"])
            came = result["outcome"] if result else "missing"
            verdict = "right" if came == row["outcome"] else "told" if row["outcome"] in answer["cannot_tell"] else "wrong"
            counts[verdict] += 1
            key = (folder.name, row["file"], row["test"], row["outcome"])
            if verdict != "right":
                why = known.get(key, {}).get("why") or row["note"] or "the file has no mark for it"
                exceptions.append((verdict,) + key + (came, why))
                if key not in known or known[key].get("verdict") != verdict:
                    failures.append(f"{folder.name}/{row['file']}: {row['test']}: {row['outcome']}, came {came}")
                    continue
            passed += 1
    # Whatever is broken is told, and nothing else is lost: each report cut in half still gives its first tests, or an error.
    for folder in sorted(REPORTS.iterdir()):
        if tools and folder.name not in tools:
            continue
        for path in sorted(folder.iterdir()):
            if path.name == "expected.tsv":
                continue
            whole = path.read_bytes()
            with tempfile.TemporaryDirectory() as temporary:
                half = pathlib.Path(temporary) / path.name
                half.write_bytes(whole[: len(whole) // 2])
                run = subprocess.run([binary, "results", str(half), "--json"], capture_output=True, text=True, timeout=60)
            if run.returncode not in (0, 1):
                failures.append(f"{folder.name}/{path.name}: cut in half: exit code {run.returncode}")
            else:
                passed += 1
    total = sum(counts.values()) or 1
    print(", ".join(f"{name} {count} ({count / total:.1%})" for name, count in counts.items()))
    for failure in failures:
        print("FAIL", failure)
    if "--update" in sys.argv:
        with open(HERE / "exceptions.tsv", "w", encoding="utf-8") as file:
            file.write("verdict\ttool\tfile\ttest\toutcome\tcame\twhy\n")
            for each in exceptions:
                file.write("\t".join(each) + "\n")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
