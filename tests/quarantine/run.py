#!/usr/bin/env python3
"""The quarantine from end to end: a store of made-up runs, what is proposed, the file, the gate before and after its date, and the lists
held against the runners themselves (ctest always; pytest, go and CPython's regrtest where they are installed).

    run.py BINARY
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

BINARY = str(pathlib.Path(sys.argv[1]).resolve())
WORK = pathlib.Path(tempfile.mkdtemp(prefix="resident-quarantine-"))
START, HOUR = 1_700_000_000, 3600
counts = {"passed": 0, "failed": 0}


def resident(*arguments, now="2024-01-01T00:00:00Z", check=True):
    environment = {**os.environ, "RESIDENT_NOW": now, "XDG_CONFIG_HOME": str(WORK / "none")}
    done = subprocess.run([BINARY, *map(str, arguments), "--db", str(WORK / "ci.db")], capture_output=True, text=True, env=environment, cwd=WORK)
    if check and done.returncode:
        raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
    return done


def test(name, function):
    try:
        told = function()
        counts["passed"] += 1
        print(f"ok {name}{': ' + told if told else ''}", flush=True)
    except Exception as error:
        counts["failed"] += 1
        print(f"FAIL {name}: {type(error).__name__}: {error}", flush=True)


def make_store():
    """400 runs of main: io.flaky fails one in ten on linux, io.broken for good since the 350th; never on mac."""
    names = ["io.flaky", "io.flaky2", "io.broken", "with space (1)"] + [f"t{i}" for i in range(20)]
    with open(WORK / "runs.jsonl", "w") as out:
        for i in range(400):
            for builder in ("linux", "mac"):
                failing = {"io.flaky"} if i % 10 == 3 and builder == "linux" else set()
                # At one time on one of them: what fails on all of a commit's builds fails for a reason.
                failing |= {"with space (1)"} if i % 15 == (7 if builder == "linux" else 9) else set()
                failing |= {"io.broken"} if i >= 350 else set()
                tests = [{"name": name, "outcome": "fail" if name in failing else "pass", "seconds": 1} for name in names]
                out.write(json.dumps({"record": "ci_run", "id": f"{builder}{i}", "name": builder, "status": "completed", "sha": f"{i:040x}", "branch": "main",
                                      "started_at": START + i * HOUR, "finished_at": START + i * HOUR + 600,
                                      "conclusion": "failure" if failing else "success", "tests": tests}) + "\n")
    resident("add", "jsonl", WORK / "runs.jsonl", "--project", "demo")


def proposes():
    resident("quarantine", "propose", "--write", "--days", "10", "--project", "demo", now="2023-12-01T12:00:00Z")
    text = (WORK / "quarantine.toml").read_text()
    assert 'test = "io.flaky"\nconfigurations = ["linux"]' in text, text
    assert 'test = "with space (1)"\nconfigurations = ["linux", "mac"]' in text, text
    assert "io.broken" not in text, text
    again = resident("quarantine", "propose", "--project", "demo", "--json", now="2023-12-01T12:00:00Z").stdout
    assert json.loads(again)["rows"] == [], again
    shown = json.loads(resident("quarantine", "--project", "demo", "--json", now="2023-12-01T12:00:00Z").stdout)["rows"]
    assert [row["state"] for row in shown] == ["in quarantine"] * 3, shown


def gates():
    def gate(now, *more):
        report = WORK / "junit.xml"
        cases = "".join(f'<testcase name="{name}" time="1">{"<failure message=&quot;no&quot;/>".replace("&quot;", chr(34)) if name in ("io.flaky", *more) else ""}</testcase>'
                        for name in ["io.flaky", "io.flaky2", "io.broken", "with space (1)"] + [f"t{i}" for i in range(20)])
        report.write_text(f'<testsuite name="" tests="24">{cases}</testsuite>')
        shutil.copy(WORK / "ci.db", WORK / "keep.db")
        done = resident("gate", "results", report, "--against", "main", "--builder", "linux", "--sha", "f" * 40, "--at", now, "--quarantine", "quarantine.toml", "--project", "demo", "--json", now=now, check=False)
        shutil.copy(WORK / "keep.db", WORK / "ci.db")
        return done.returncode, {row["test"]: row for row in json.loads(done.stdout)["failures"]}, json.loads(done.stdout)["quarantine"]

    code, failures, quarantine = gate("2023-12-02T00:00:00Z")
    assert code == 0 and failures["io.flaky"]["quarantined"] and quarantine["hides"] == 1, (code, failures, quarantine)
    code, failures, _ = gate("2023-12-02T00:00:00Z", "t3")
    assert code == 3 and failures["t3"]["new"] and not failures["io.flaky"]["new"], (code, failures)
    code, failures, quarantine = gate("2023-12-12T00:00:00Z")
    assert code == 3 and failures["io.flaky"]["new"] and quarantine["overdue"] == 2, (code, failures, quarantine)


def listed(tool, *more):
    return resident("quarantine", "list", "--for", tool, "--project", "demo", *more, now="2023-12-02T00:00:00Z")


def for_ctest():
    folder = WORK / "ctest"
    folder.mkdir()
    (folder / "CTestTestfile.cmake").write_text("".join(f'add_test("{name}" "/bin/true")\n' for name in ("io.flaky", "ioXflaky", "io.flaky2", "with space (1)", "plain")))

    def run(option, pattern):
        done = subprocess.run(["ctest", option, pattern], cwd=folder, capture_output=True, text=True)
        return [name for name in ("io.flaky ", "ioXflaky ", "io.flaky2 ", "with space (1) ", "plain ") if f": {name}" in done.stdout]

    pattern = listed("ctest").stdout.strip()
    assert run("-R", pattern) == ["io.flaky ", "with space (1) "], (pattern, run("-R", pattern))
    assert run("-E", pattern) == ["ioXflaky ", "io.flaky2 ", "plain "], pattern
    only = listed("ctest", "--builder", "mac").stdout.strip()
    assert run("-R", only) == ["with space (1) "], only
    assert run("-E", "^$") == ["io.flaky ", "ioXflaky ", "io.flaky2 ", "with space (1) ", "plain "] and run("-R", "^$") == []


def write_quarantine(file, *tests):
    (WORK / file).write_text("".join(f'[[quarantine]]\nsuite = "{suite}"\ntest = "{name}"\nconfigurations = ["linux"]\nowner = "ada"\nsince = 2023-11-20\nreview-by = 2024-12-01\n\n'
                                     for suite, name in tests))


def for_pytest():
    runner = next((each for each in (["pytest-3"], ["pytest"], ["/usr/bin/python3", "-m", "pytest"]) if shutil.which(each[0]) and
                   subprocess.run([*each, "--version"], capture_output=True).returncode == 0), None)
    if not runner:
        return "not installed"
    folder = WORK / "pytest" / "tests"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "test_io.py").write_text("import pytest\nclass TestRead:\n    def test_seek(self): assert 0\n    def test_other(self): pass\n\n"
                                       "@pytest.mark.parametrize('x', ['a b', \"y'z\", 'q\"r'])\ndef test_param(x): assert 0\n")
    write_quarantine("pytest.toml", ("tests.test_io.TestRead", "test_seek"), ("tests.test_io", "test_param[a b]"), ("tests.test_io", "test_param[y'z]"), ("tests.test_io", 'test_param[q\\"r]'))
    options = listed("pytest", "--file", "pytest.toml").stdout
    # Plugins that happen to be installed are not what is tested; some need the cache.
    done = subprocess.run([*runner, "-q", "-p", "no:cacheprovider"], cwd=folder.parent, env={**os.environ, "PYTEST_ADDOPTS": options, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, capture_output=True, text=True)
    assert done.returncode == 0 and "1 passed, 4 deselected" in done.stdout, (options, done.stdout)


def for_go():
    if not shutil.which("go"):
        return "not installed"
    folder = WORK / "go"
    folder.mkdir()
    (folder / "go.mod").write_text("module example.org/demo\n\ngo 1.19\n")
    (folder / "a_test.go").write_text('package demo\n\nimport "testing"\n\nfunc TestA(t *testing.T)  { t.Run("x y", func(t *testing.T) {}); t.Run("z", func(t *testing.T) {}) }\n'
                                      "func TestAB(t *testing.T) {}\nfunc TestC(t *testing.T)  {}\n")
    write_quarantine("go.toml", ("example.org/demo", "TestA/x_y"), ("example.org/demo", "TestC"))
    pattern = listed("go", "--file", "go.toml").stdout.strip()
    done = subprocess.run(["go", "test", "-v", "-run", pattern, "."], cwd=folder, env={**os.environ, "GOFLAGS": "-mod=mod", "GOCACHE": str(WORK / "cache")}, capture_output=True, text=True)
    ran = sorted(line.split()[2] for line in done.stdout.splitlines() if line.strip().startswith("--- PASS"))
    assert ran == ["TestA", "TestA/x_y", "TestC"], (pattern, done.stdout, done.stderr)


def for_regrtest():
    python = next((each for each in ("python3", "/usr/bin/python3") if shutil.which(each) and
                   subprocess.run([each, "-c", "import test.libregrtest, test.test_list"], capture_output=True).returncode == 0), None)
    if not python:
        return "not installed"
    write_quarantine("regrtest.toml", ("", "test.test_list.ListTest.test_basic"), ("", "test.test_list.ListTest.test_clear"))
    (WORK / "q.txt").write_text(listed("regrtest", "--file", "regrtest.toml").stdout)
    ran = {}
    for option in ("--matchfile", "--ignorefile"):
        done = subprocess.run([python, "-m", "test", "-v", option, str(WORK / "q.txt"), "test_list"], cwd=WORK, capture_output=True, text=True)
        ran[option] = ("test_basic" in done.stdout + done.stderr, "test_addmul" in done.stdout + done.stderr)
    assert ran == {"--matchfile": (True, False), "--ignorefile": (False, True)}, ran


def bad_files_are_refused():
    (WORK / "bad.toml").write_text("[[quarantine]]\ntest = \"t\"\n")
    done = resident("quarantine", "--file", "bad.toml", "--project", "demo", check=False)
    assert done.returncode == 2 and "bad.toml: line 1: owner" in done.stderr, done.stderr
    done = resident("quarantine", "list", "--project", "demo", check=False)
    assert done.returncode == 2 and "--for" in done.stderr, done.stderr
    done = listed("pytest", "--builder", "nowhere")
    assert not done.stdout.strip() and "no run on nowhere is known" in done.stderr, (done.stdout, done.stderr)


make_store()
test("what is flaky is proposed, where it is", proposes)
test("the gate keeps to it until its date", gates)
test("a list for ctest", for_ctest)
test("a list for pytest", for_pytest)
test("a list for go", for_go)
test("a list for regrtest", for_regrtest)
test("bad files are refused", bad_files_are_refused)
shutil.rmtree(WORK, ignore_errors=True)
print(f"{counts['passed']} passed, {counts['failed']} failed")
sys.exit(1 if counts["failed"] else 0)
