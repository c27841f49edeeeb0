#!/usr/bin/env python3
"""What the action and the template for GitLab run, run here: their own commands, in clean folders, with the variables that a
runner sets. On pull requests of forks without a token, on pushes, with and without a cache; names and titles that try to be
commands must stay names. Ends with "N passed, N failed, N skipped".

    run.py BINARY [-k WORDS]
"""
import argparse
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback

try:
    import yaml
except ImportError:
    yaml = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "ci" / "resident.sh"
HOSTILE = ["$(touch PWNED)", "`touch PWNED`", "x;touch PWNED;", "'; touch PWNED; '", '"; touch PWNED; "', "--db=PWNED", "-h", "a\ntouch PWNED\n", "::set-output name=x::y", "../../PWNED", "a,b|c&touch PWNED"]
TESTS = []


class Skipped(Exception):
    pass


def test(function):
    TESTS.append(function)
    return function


def junit(path, **outcomes):
    """A report: name=None passed, name="text" failed with it."""
    cases = "".join(f'<testcase classname="suite" name="{name}" time="0.1">' + (f'<failure message="{text}">{text}</failure>' if text else "") + "</testcase>" for name, text in outcomes.items())
    failed = sum(1 for text in outcomes.values() if text)
    path.write_text(f'<testsuites><testsuite name="suite" tests="{len(outcomes)}" failures="{failed}" errors="0" skipped="0" time="1">{cases}</testsuite></testsuites>')


def git(folder, *words):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_COMMITTER_NAME": "Ada",
                   "GIT_COMMITTER_EMAIL": "ada@example.org", "GIT_AUTHOR_DATE": "2024-01-05T00:00:00Z", "GIT_COMMITTER_DATE": "2024-01-05T00:00:00Z"}
    return subprocess.run(["git", "-C", str(folder), "-c", "init.defaultBranch=main", *words], check=True, capture_output=True, text=True, env=environment).stdout.strip()


class Runner:
    """A clean folder with a checkout, as a runner has it."""

    def __init__(self, binary):
        self.binary = binary
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="resident-ci-"))
        self.checkout = self.work / "work" / "demo"
        self.checkout.mkdir(parents=True)
        self.home = self.work / "home"
        self.home.mkdir()
        self.summary = self.work / "summary.md"
        self.output = self.work / "output"
        git(self.checkout, "init", "-q")
        (self.checkout / "a.c").write_text("int main(void) { return 0; }\n")
        git(self.checkout, "add", ".")
        git(self.checkout, "commit", "-q", "-m", "First")

    def close(self):
        shutil.rmtree(self.work, ignore_errors=True)

    def environment(self, **more):
        tools = self.work / "tools"
        tools.mkdir(exist_ok=True)
        if not (tools / "resident").exists():
            (tools / "resident").symlink_to(self.binary)
        return {"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(self.home), "RESIDENT_NOW": "2024-01-10T12:00:00Z", "TZ": "UTC", "RUNNER_TEMP": str(self.work), **more}

    def github(self, event="push", **more):
        sha = git(self.checkout, "rev-parse", "HEAD")
        values = {"GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_REPOSITORY": "owner/demo", "GITHUB_SHA": sha, "GITHUB_EVENT_NAME": event, "GITHUB_SERVER_URL": "https://github.com", "GITHUB_JOB": "tests",
                  "GITHUB_STEP_SUMMARY": str(self.summary), "GITHUB_OUTPUT": str(self.output), "GITHUB_PATH": str(self.work / "path"), "GITHUB_WORKSPACE": str(self.checkout), "GITHUB_ACTION_PATH": str(ROOT),
                  "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch"}
        if event != "push":
            values |= {"GITHUB_REF": "refs/pull/3/merge", "GITHUB_REF_NAME": "3/merge", "GITHUB_HEAD_REF": "change", "GITHUB_BASE_REF": "main"}
        return self.environment(**{**values, **more})

    def gitlab(self, merge_request=True, **more):
        sha = git(self.checkout, "rev-parse", "HEAD")
        values = {"GITLAB_CI": "true", "CI": "true", "CI_PROJECT_PATH": "group/demo", "CI_PROJECT_DIR": str(self.checkout), "CI_COMMIT_SHA": sha, "CI_SERVER_URL": "https://gitlab.example.org", "CI_JOB_NAME": "resident",
                  "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_REF_NAME": "main"}
        values |= {"CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_DIFF_BASE_SHA": sha} if merge_request else {"CI_COMMIT_BRANCH": "main"}
        return self.environment(**{**values, **more})

    def run(self, environment, code=0, command=None):
        done = subprocess.run(command or ["sh", str(SCRIPT)], cwd=self.checkout, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
        if code is not None and done.returncode != code:
            raise AssertionError(f"exit {done.returncode}, not {code}:\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
        found = [path for path in self.work.rglob("PWNED") if path.is_file()]
        assert not found, f"a name was run as a command: {found}"
        return done

    @property
    def store(self):
        return self.home / ".cache" / "resident-ci" / "demo"

    def resident(self, *words):
        return subprocess.run([self.binary, *words], check=True, capture_output=True, text=True, env=self.environment(), cwd=self.work).stdout

    def known(self, title="Speed up start"):
        """A store as the cache has it: one open pull request, #3, read from the forge in an earlier run."""
        self.store.mkdir(parents=True, exist_ok=True)
        records = [{"record": "project", "url": "https://forge.example/owner/demo"}, {"record": "pull", "number": 3, "title": title, "author": {"login": "eve", "id": 5}, "state": "open", "created_at": "2024-01-03T00:00:00Z", "timeline": []}]
        lines = self.work / "known.jsonl"
        lines.write_text("".join(json.dumps(each) + "\n" for each in records))
        self.resident("add", "jsonl", str(lines), "--project", "demo", "--db", str(self.store / "resident.db"))

    def summarised(self):
        return self.summary.read_text() if self.summary.exists() else ""


@test
def a_push_without_cache_or_token_makes_the_store(runner):
    done = runner.run(runner.github())
    assert (runner.store / "resident.db").stat().st_size > 10000
    text = runner.summarised()
    assert text.startswith("# Resident: demo\n") and "no token here" in text, text
    status = json.loads(runner.resident("status", "--json", "--db", str(runner.store / "resident.db")))
    assert "1" in json.dumps(status), status
    # A runner takes no command from what is printed.
    lines = done.stdout.splitlines()
    fence = re.fullmatch(r"::stop-commands::(resident-[0-9a-f]{24})", lines[0])
    assert fence and lines[-1] == f"::{fence.group(1)}::", lines


@test
def what_the_main_line_fails_is_known_and_what_is_new_trips_the_gate(runner):
    report = runner.checkout / "junit.xml"
    results = {"RESIDENT_CI_RESULTS": "junit.xml\n"}
    junit(report, works=None, broken="no disk")
    runner.run(runner.github(**results), code=3)  # nothing is known yet
    git(runner.checkout, "commit", "-q", "--allow-empty", "-m", "A change")
    runner.summary.unlink()
    runner.run(runner.github("pull_request", **results))  # from the cache of that push
    assert "1 failure of 2 results: 0 new, 1 known" in runner.summarised(), runner.summarised()
    junit(report, works="off by one", broken="no disk")
    runner.summary.unlink()
    runner.run(runner.github("pull_request", **results), code=3)
    assert "**new**" in runner.summarised()
    runner.run(runner.github("pull_request", **results, RESIDENT_CI_SHADOW="true"))
    # What a pull request's run sees is not kept.
    rows = runner.resident("sql", "SELECT count(*) FROM test_run", "--db", str(runner.store / "resident.db"), "--format", "csv")
    assert rows.splitlines()[-1] == "1", rows


@test
def a_report_that_is_not_there_fails_by_the_programs_own_code(runner):
    done = runner.run(runner.github(RESIDENT_CI_RESULTS="build/none.xml"), code=None)
    assert done.returncode in (1, 2), done.returncode
    assert "there is nothing at" in done.stderr, done.stderr


@test
def a_fork_without_a_token_reads_what_the_store_knows(runner):
    runner.known()
    runner.run(runner.github("pull_request"))
    text = runner.summarised()
    assert "Whose turn" in text and "no token here, as for a fork" in text, text
    runner.run(runner.github("pull_request", RESIDENT_CI_REQUIRE_READY="true"), code=3)
    runner.run(runner.github("pull_request", GITHUB_REF="refs/pull/77/merge"))
    assert "#77 is not in the store yet" in runner.summarised()
    runner.run(runner.github("pull_request", GITHUB_REF="refs/pull/77/merge", RESIDENT_CI_REQUIRE_READY="true"), code=2)


@test
def names_that_try_to_be_commands_stay_names(runner):
    for name in HOSTILE:
        runner.known(title=name)
        junit(runner.checkout / "junit.xml", works=None)
        results = {"RESIDENT_CI_RESULTS": "junit.xml"}
        runner.run(runner.github("pull_request", GITHUB_HEAD_REF=name, GITHUB_BASE_REF=name, **results))
        runner.run(runner.github(GITHUB_REF_NAME=name, GITHUB_REF=f"refs/heads/{name}", **results))
        runner.run(runner.github(GITHUB_REPOSITORY=f"owner/{name}"))
        runner.run(runner.github("pull_request", GITHUB_REF=f"refs/pull/{name}/merge"))
        runner.run(runner.gitlab(CI_MERGE_REQUEST_TARGET_BRANCH_NAME=name, CI_COMMIT_REF_NAME=name, CI_MERGE_REQUEST_TITLE=name, CI_JOB_NAME=name, **results))
        runner.run(runner.github(RESIDENT_CI_PROJECT=name, RESIDENT_CI_RESULTS=name), code=None)
        runner.run(runner.github(RESIDENT_CI_SITE="site " + name.replace("../", "").replace("\n", " ")), code=None)
    assert not list(pathlib.Path.cwd().glob("PWNED"))
    for line in runner.summarised().splitlines():
        assert not line.startswith("::set-output"), line


@test
def a_configuration_of_the_checkout_runs_nothing(runner):
    trap = '[forge."github.com"]\ntoken_command = ["touch", "%s"]\n' % (runner.work / "PWNED")
    (runner.checkout / "resident.toml").write_text(trap)
    (runner.checkout / ".config").mkdir()
    runner.run(runner.github("pull_request", GITHUB_TOKEN="", RESIDENT_CI_SOURCE="github:owner/demo"))
    # Named, it is the base's that counts: the merge's first parent.
    (runner.checkout / "resident.toml").write_text("[project.demo]\nme = \"ada\"\n")
    git(runner.checkout, "add", "resident.toml")
    git(runner.checkout, "commit", "-q", "-m", "Base")
    git(runner.checkout, "checkout", "-q", "-b", "change", "HEAD^")
    (runner.checkout / "resident.toml").write_text(trap)
    git(runner.checkout, "add", "resident.toml")
    git(runner.checkout, "commit", "-q", "-m", "Change")
    git(runner.checkout, "checkout", "-q", "main")
    git(runner.checkout, "merge", "-q", "--no-ff", "-s", "ours", "-m", "Merge", "change")
    (runner.checkout / "resident.toml").write_text(trap)
    runner.run(runner.github("pull_request", RESIDENT_CI_CONFIG="resident.toml"))
    assert (runner.store / "config.toml").read_text() == "[project.demo]\nme = \"ada\"\n"
    runner.run(runner.github("pull_request_target"), code=2)


@test
def a_token_stands_nowhere_and_a_forge_that_refuses_holds_nothing_up(runner):
    seen = []

    class Refuses(http.server.BaseHTTPRequestHandler):
        def answer(self):
            seen.append(self.headers.get("Authorization", ""))
            body = b'{"message": "Bad credentials"}'
            self.send_response(401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuses)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        token = "ghp_" + "S3cretS3cretS3cretS3cretS3cretS3cret"
        done = runner.run(runner.github(GITHUB_SERVER_URL=f"http://127.0.0.1:{server.server_port}", GH_ENTERPRISE_TOKEN=token, GITHUB_TOKEN=token))
    finally:
        server.shutdown()
    assert any(token in each for each in seen), "the forge was never asked with the token"
    assert "it refused, see the log" in runner.summarised()
    assert token not in done.stdout + done.stderr
    for path in runner.work.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert token.encode() not in path.read_bytes(), path


@test
def benchmarks_that_are_worse_trip_the_gate(runner):
    for name, factor in (("before.json", 1.0), ("after.json", 1.5)):
        values = [factor * (1 + 0.002 * (index % 5)) for index in range(20)]
        (runner.checkout / name).write_text(json.dumps({"results": [{"command": "sort ``` file", "mean": sum(values) / len(values), "stddev": 0.001, "median": values[10], "user": 0.1, "system": 0.1,
                                                                       "min": min(values), "max": max(values), "times": values, "exit_codes": [0] * 20}]}))
    bench = {"RESIDENT_CI_BENCH_BEFORE": "before.json", "RESIDENT_CI_BENCH_AFTER": "after.json"}
    runner.run(runner.github("pull_request", **bench), code=3)
    assert "## Benchmarks" in runner.summarised() and runner.summarised().count("``````````") == 2, runner.summarised()
    runner.run(runner.github("pull_request", **bench, RESIDENT_CI_SHADOW="true"))
    runner.run(runner.github("pull_request", RESIDENT_CI_BENCH_BEFORE="before.json", RESIDENT_CI_BENCH_AFTER="before.json"))


@test
def the_site_is_made_and_said_to_be(runner):
    runner.known()
    runner.run(runner.github(RESIDENT_CI_SITE="public"))
    assert "<html" in (runner.checkout / "public" / "index.html").read_text()
    assert runner.output.read_text() == "site-made=true\n"


@test
def a_checkout_elsewhere_goes_on_with_the_store(runner):
    junit(runner.checkout / "junit.xml", works=None)
    runner.run(runner.github(RESIDENT_CI_RESULTS="junit.xml"))
    moved = runner.work / "elsewhere" / "demo"
    moved.parent.mkdir()
    runner.checkout.rename(moved)
    runner.checkout = moved
    done = runner.run(runner.github(RESIDENT_CI_RESULTS="junit.xml"))
    assert "beginning anew" not in done.stderr
    # A home that is another, as where the cache was laid out elsewhere: the store begins anew, and says so.
    other = runner.work / "other-home"
    shutil.copytree(runner.home, other, symlinks=True)
    runner.home = other
    done = runner.run(runner.github(RESIDENT_CI_RESULTS="junit.xml"))
    assert "beginning anew" in done.stderr, done.stderr


@test
def a_damaged_store_in_the_cache_fails_and_says_so(runner):
    runner.store.mkdir(parents=True)
    (runner.store / "resident.db").write_bytes(b"not a database at all, but long enough to look like one" * 40)
    done = runner.run(runner.github(), code=None)
    assert done.returncode != 0 and "the clone could not be read" in done.stderr, done.stderr


@test
def gitlab_runs_the_same(runner):
    runner.known()
    store = runner.checkout / ".resident"
    shutil.copytree(runner.store, store)
    junit(runner.checkout / "junit.xml", works="off by one")
    environment = runner.gitlab(RESIDENT_CI_STORE=str(store), RESIDENT_CI_RESULTS="junit.xml", RESIDENT_CI_SUMMARY=str(runner.checkout / "resident-summary.md"))
    done = runner.run(environment, code=3)
    assert "::stop-commands::" not in done.stdout
    text = (runner.checkout / "resident-summary.md").read_text()
    assert "Whose turn" in text and "**new**" in text, text
    runner.run({**environment, **runner.gitlab(merge_request=False)}, code=3)
    environment.pop("RESIDENT_CI_RESULTS")
    runner.run(environment)


@test
def without_a_runner_it_works_too(runner):
    runner.run(runner.environment(RESIDENT_CI_SUMMARY=str(runner.summary)))
    assert runner.summarised().startswith("# Resident: demo")


# The files of the runners themselves.

def load(name):
    if not yaml:
        raise Skipped("python3-yaml is not installed")
    return yaml.safe_load((ROOT / name).read_text())


COLORS = {"white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"}  # of branding, by GitHub's documentation


@test
def the_action_keeps_the_rules_of_its_metadata(runner):
    action = load("action.yml")
    text = (ROOT / "action.yml").read_text()
    assert set(action) <= {"name", "author", "description", "inputs", "outputs", "runs", "branding"}
    assert {"name", "description", "runs"} <= set(action) and len(action["description"]) <= 125
    assert action["branding"]["color"] in COLORS and re.fullmatch(r"[a-z-]+", action["branding"]["icon"])
    for name, entry in action["inputs"].items():
        assert re.fullmatch(r"[a-z_][a-z0-9_-]*", name) and set(entry) <= {"description", "required", "default", "deprecationMessage"}, name
        assert entry["description"] and isinstance(entry.get("default", ""), str) and isinstance(entry.get("required", False), bool), name
    assert action["runs"]["using"] == "composite" and set(action["runs"]) == {"using", "steps"}
    ids = set()
    for step in action["runs"]["steps"]:
        assert set(step) <= {"name", "id", "if", "shell", "run", "env", "working-directory", "uses", "with", "continue-on-error"}, step
        assert ("run" in step) != ("uses" in step), step
        if "run" in step:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"], f"{step['name']}: an expression in what a shell reads"
        else:
            assert re.fullmatch(r"[\w-]+/[\w/-]+@v\d+", step["uses"]), step["uses"]
        ids.add(step.get("id"))
        for value in step.get("env", {}).values():
            assert re.fullmatch(r"\$\{\{ inputs\.[a-z0-9-]+ \}\}", value), value
    for name in re.findall(r"inputs\.([a-z0-9-]+)", text):
        assert name in action["inputs"], f"inputs.{name} is not declared"
    for name in action["inputs"]:
        assert re.search(rf"inputs\.{name}\b", text), f"the input {name} is used nowhere"
    for name in re.findall(r"steps\.([a-z0-9-]+)\.", text):
        assert name in ids, f"there is no step {name}"
    for entry in action["outputs"].values():
        assert set(entry) <= {"description", "value"}
    # What the scripts read is what they are given, and the other way round.
    given = {key for step in action["runs"]["steps"] for key in step.get("env", {})}
    read = set(re.findall(r"\$\{?(RESIDENT_CI_[A-Z0-9_]+|GITHUB_TOKEN)", SCRIPT.read_text() + (ROOT / "ci" / "install.sh").read_text()))
    assert given - {"GITHUB_TOKEN"} <= read, given - read
    assert read - given <= {"RESIDENT_CI_STORE", "RESIDENT_CI_SUMMARY", "RESIDENT_CI_BINARY", "RESIDENT_CI_MAX_WAIT"}, read - given


@test
def the_steps_of_the_action_run_as_a_runner_runs_them(runner):
    """Each `run` by bash as GitHub calls it, its `env` filled in from inputs; steps of other actions are left out."""
    action = load("action.yml")
    junit(runner.checkout / "junit.xml", works=None)
    given = {name: entry.get("default", "") for name, entry in action["inputs"].items()} | {"token": "", "results": "junit.xml", "site": "public", "package": ""}
    environment = runner.github()
    for step in action["runs"]["steps"]:
        if "run" not in step:
            continue
        values = {key: given[re.search(r"inputs\.([a-z0-9-]+)", value).group(1)] for key, value in step.get("env", {}).items()}
        script = runner.work / "step.sh"
        script.write_text(step["run"])
        runner.run({**environment, **values}, command=["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)])
    assert "All of 1 result passed." in runner.summarised(), runner.summarised()
    assert re.search(r"^key=[0-9a-f]{64}$", runner.output.read_text(), flags=re.M), runner.output.read_text()
    assert "site-made=true" in runner.output.read_text()


@test
def the_template_for_gitlab_holds_together(runner):
    template = load("ci/gitlab.yml")
    keywords = {"image", "variables", "cache", "rules", "before_script", "script", "artifacts", "extends", "needs", "stage"}
    for name, job in template.items():
        assert name.startswith("."), f"{name} would run in every project that includes this"
        assert set(job) <= keywords, set(job) - keywords
        assert "extends" not in job or job["extends"] in template
        for rule in job["rules"]:
            assert rule["variables"]["RESIDENT_CI_CACHE_POLICY"] in ("pull", "push", "pull-push") and rule["if"].startswith("$CI_")
    job = template[".resident"]
    assert set(job["cache"]) == {"key", "paths", "policy"}
    # Variables of others reach the shell by name alone, never by being pasted.
    for line in job["before_script"] + job["script"]:
        assert "$CI_" not in line, line
        subprocess.run(["sh", "-n", "-c", line], check=True)
    assert job["script"] == ["sh /usr/share/resident/ci/resident.sh"]
    assert (ROOT / "package").read_text().count("usr/share/resident/ci/resident.sh") == 1, "the package does not bring it"


@test
def a_package_comes_with_its_checksum_or_not_at_all(runner):
    install = ["sh", str(ROOT / "ci" / "install.sh")]

    def refused(words, **variables):
        done = runner.run(runner.github(**variables), code=1, command=install)
        assert words in done.stderr, done.stderr
        assert not (runner.work / "path").exists()

    refused("needs its checksum", RESIDENT_CI_PACKAGE="https://example.org/resident.deb")
    refused("only https", RESIDENT_CI_PACKAGE="http://example.org/resident.deb", RESIDENT_CI_SHA256="0" * 64)
    refused("only https", RESIDENT_CI_PACKAGE="file:///etc/passwd")
    folder = runner.work / "resident-9" / "bin"
    folder.mkdir(parents=True)
    (folder / "resident").symlink_to(runner.binary)
    archive = runner.work / "resident-9.tar.xz"
    subprocess.run(["tar", "-C", str(runner.work), "-cJf", str(archive), "resident-9"], check=True)
    refused("checksum is another one", RESIDENT_CI_PACKAGE=str(archive), RESIDENT_CI_SHA256="0" * 64)
    for name in HOSTILE:
        runner.run(runner.github(RESIDENT_CI_PACKAGE=name), code=1, command=install)
    checksum = subprocess.run(["sha256sum", str(archive)], check=True, capture_output=True, text=True).stdout.split()[0]
    done = runner.run(runner.github(RESIDENT_CI_PACKAGE=str(archive), RESIDENT_CI_SHA256=checksum), command=install)
    place = pathlib.Path((runner.work / "path").read_text().strip())
    assert done.stdout.strip() == str(place) and (place / "resident").exists(), done.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("-k", default="", metavar="WORDS")
    arguments = parser.parse_args()
    binary = pathlib.Path(arguments.binary).resolve()
    passed = failed = skipped = 0
    for each in TESTS:
        if arguments.k not in each.__name__.replace("_", " "):
            continue
        runner = Runner(binary)
        try:
            each(runner)
            passed += 1
        except Skipped as why:
            skipped += 1
            print(f"skip {each.__name__}: {why}")
        except Exception:
            failed += 1
            print(f"FAIL {each.__name__}\n{traceback.format_exc()}")
        finally:
            runner.close()
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
