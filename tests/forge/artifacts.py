"""Reports of tests in artifacts of workflow runs. For run.py, which gives what its campaigns share as `kit`."""
import base64
import datetime
import io
import json
import sqlite3
import subprocess
import time
import zipfile

import forge as fake

PATTERN = 'artifacts = "junit-.*"\n'


def archive(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in files.items():
            out.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return base64.b64encode(held.getvalue()).decode()


def junit(failing):
    cases = "".join(f'<testcase classname="tests.test_io" name="test_{i}" time="0.5">{"<failure message=%sno%s/>" % (chr(34), chr(34)) if i in failing else ""}</testcase>' for i in range(10))
    return f'<testsuite name="pytest" tests="10" failures="{len(failing)}">{cases}</testsuite>'


def make(folder):
    """The small project with three runs of late: the newest on main, one of a pull request, one whose artifacts are gone."""
    subprocess.run(["node", str(fake.FAKE / "make_project.mjs"), str(folder)], check=True, stdout=subprocess.DEVNULL)
    extra = json.loads((folder / ".extra.json").read_text())
    heads = {run["head_sha"] for run in extra["workflow_runs"]}
    now = datetime.datetime.now(datetime.timezone.utc)
    for number, (event, branch, conclusion) in enumerate((("push", "main", "success"), ("pull_request", "patch-1", "failure"), ("push", "main", "failure"))):
        at = (now - datetime.timedelta(days=3 - number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        extra["workflow_runs"].append({**extra["workflow_runs"][-1], "id": 4_100_000_000 + number, "event": event, "head_branch": branch, "status": "completed", "conclusion": conclusion,
                                       "head_sha": sorted(heads)[0] if event == "pull_request" else f"{number + 1:040x}", "created_at": at, "updated_at": at, "run_started_at": at})
    address = "https://api.github.com/repos/sundial/gnomon/actions/artifacts"
    artifact = lambda key, name, zip=None, expired=False, size=1000: {"id": key, "node_id": "A", "name": name, "size_in_bytes": size, "url": f"{address}/{key}", "archive_download_url": f"{address}/{key}/zip",
                                                                      "expired": expired, "created_at": "2026-09-01T00:00:00Z", "updated_at": "2026-09-01T00:00:00Z", "expires_at": "2026-11-29T00:00:00Z", "zip": zip}
    extra["artifacts"] = {
        "4100000000": [artifact(1, "junit-linux", archive(results_xml=junit([]))), artifact(2, "junit-mac", archive(a__results_xml=junit([3]))), artifact(3, "coverage", archive(results_xml=junit([1])))],
        "4100000001": [artifact(4, "junit-linux", archive(results_xml=junit([3, 4])))],
        "4100000002": [artifact(5, "junit-linux", archive(results_xml=junit([3])), expired=True), artifact(6, "junit-huge", archive(results_xml=junit([3])), size=1 << 40), artifact(7, "junit-none", archive(readme="no report")), artifact(8, "junit-broken", base64.b64encode(b"PK\x03\x04 cut").decode())]}
    (folder / ".extra.json").write_text(json.dumps(extra))


def told(run):
    with sqlite3.connect(run.db) as store:
        return store.execute("SELECT r.run_key, c.name, r.tests, r.failed, r.branch, CASE WHEN r.item_id IS NULL THEN 'main' ELSE 'pull' END FROM test_run r JOIN ci_configuration c ON c.project_id = r.project_id AND "
                             "c.configuration_id = r.configuration_id ORDER BY r.run_key").fetchall()


def set_aside(run):
    with sqlite3.connect(run.db) as store:
        return dict(store.execute("SELECT record, reason FROM quarantine WHERE record LIKE 'artifact/%'"))


EXPECTED = [("artifact/1", "junit-linux", 10, 0, "main", "main"), ("artifact/2", "junit-mac", 10, 1, "main", "main"), ("artifact/4", "junit-linux", 10, 2, "patch-1", "pull")]


def read_once(kit, forge):
    kit.fresh(forge)
    run = kit.new_run(forge, "graphql", settings=PATTERN)
    run.until_done(attempts=1)
    kit.careful(run, forge)
    assert told(run) == EXPECTED, told(run)
    reasons = set_aside(run)
    assert sorted(reasons) == ["artifact/5", "artifact/6", "artifact/7", "artifact/8"], reasons
    assert "expired" in reasons["artifact/5"] and "2026-11-29" in reasons["artifact/5"] and "bytes" in reasons["artifact/6"] and "/tmp" not in str(reasons), reasons
    before = [line for line in forge.log() if "/artifacts" in line.get("url", line.get("path", ""))]
    assert run.sync() == 0, run.outputs[-1][-400:]
    after = [line for line in forge.log() if "/artifacts" in line.get("url", line.get("path", ""))]
    assert len(after) == len(before), "a sync with nothing new asks for no artifact"
    assert told(run) == EXPECTED


def unasked(kit, forge):
    kit.fresh(forge)
    run = kit.new_run(forge, "graphql")
    run.until_done(attempts=1)
    assert told(run) == [] and set_aside(run) == {}
    assert not [line for line in forge.log() if "/artifacts" in line.get("url", line.get("path", ""))]


def without_a_token(kit, forge):
    kit.fresh(forge)
    run = kit.new_run(forge, "rest", settings=PATTERN)
    run.until_done(attempts=1)
    assert told(run) == []
    with sqlite3.connect(run.db) as store:
        said = str(store.execute("SELECT message FROM source").fetchall())
    assert "artifacts need a token" in said, said


def killed(kit, forge):
    """However often it is killed, what was read is read once, and the rest comes."""
    import random
    kit.fresh(forge)
    run = kit.new_run(forge, "graphql", settings=PATTERN)
    generator = random.Random(1)
    for _ in range(8):
        run.killed(generator, 1.5)
    run.until_done()
    assert told(run) == EXPECTED, told(run)


def killed_before_the_first(kit, forge):
    """Killed after the runs were stored and before any artifact was read: the runs are not new to the next sync."""
    kit.fresh(forge, faults=[{"kind": "timeout", "every": 1, "times": 1000, "match": "artifacts"}])
    run = kit.new_run(forge, "graphql", settings=PATTERN)
    process = run.start("add", f"github:{forge.owner}/{forge.name}", "--project", "p")
    for _ in range(600):
        if forge.stats()["faults"].get("timeout"):
            break
        time.sleep(0.05)
    process.kill()
    run.outputs.append("".join(process.communicate()))
    with sqlite3.connect(run.db) as store:
        assert store.execute("SELECT count(*) FROM ci_run WHERE kind = 'workflow_run'").fetchone()[0] > 0, "the runs are stored: " + run.outputs[-1]
    assert told(run) == []
    kit.fresh(forge)
    run.until_done(attempts=1)
    assert told(run) == EXPECTED, told(run)


def campaign(kit, work):
    folder = work / "with-artifacts"
    make(folder)
    forge = fake.Forge(folder)
    try:
        kit.test("artifacts are read, by name, once", lambda: read_once(kit, forge))
        kit.test("artifacts that nobody asked for are left alone", lambda: unasked(kit, forge))
        kit.test("artifacts need a token", lambda: without_a_token(kit, forge))
        kit.test("killed between runs and their artifacts", lambda: killed_before_the_first(kit, forge))
        kit.test("killed while artifacts are read", lambda: killed(kit, forge))
    finally:
        forge.stop()
