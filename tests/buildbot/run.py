#!/usr/bin/env python3
"""A Buildbot master's recorded answers (answers/: a real one's, with a failing step, an exception, a lost worker, a cancelled and a
running build) served on loopback: what `resident add buildbot:` keeps of them, and that a later sync goes on where it was.

    run.py BINARY
"""
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse

ANSWERS = pathlib.Path(__file__).resolve().parent / "answers"
BINARY = str(pathlib.Path(sys.argv[1]).resolve())
BUILDS = json.loads((ANSWERS / "builds.json").read_text())["builds"]
asked = []
finished = False


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        address = urllib.parse.urlparse(self.path)
        path, query = address.path.removeprefix("/ci/api/v2/"), dict(urllib.parse.parse_qsl(address.query))
        asked.append(path)
        one = re.fullmatch(r"builds/(\d+)/(steps|changes)", path)
        if path == "builders":
            body = json.loads((ANSWERS / "builders.json").read_text())
        elif path == "builds":
            after, limit = int(query["buildid__gt"]), int(query["limit"])
            rows = [dict(each) for each in BUILDS if each["buildid"] > after][:limit]
            if finished:
                rows = [{**each, "complete": True, "results": 0, "complete_at": each["started_at"] + 9} if not each["complete"] else each for each in rows]
            body = {"builds": rows, "meta": {"total": len(rows)}}
        elif one and (ANSWERS / f"build{one[1]}_{one[2]}.json").exists():
            body = json.loads((ANSWERS / f"build{one[1]}_{one[2]}.json").read_text())
        else:
            self.send_error(404)
            return
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def main():
    global finished
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    failures, passed = [], 0

    def check(what, is_so):
        nonlocal passed
        passed += bool(is_so)
        if not is_so:
            failures.append(what)

    with tempfile.TemporaryDirectory() as folder:
        store = str(pathlib.Path(folder) / "store.db")

        def resident(*arguments):
            run = subprocess.run([BINARY, *arguments, "--db", store], capture_output=True, text=True, cwd=folder, timeout=120)
            if run.returncode != 0:
                raise SystemExit(f"resident {' '.join(arguments)}: exit code {run.returncode}: {run.stderr[-800:]}")
            return run.stdout

        def rows():
            answer = json.loads(resident("sql", "--json", "SELECT run_key, name, conclusion, status, sha, kind FROM ci_run ORDER BY run_key"))
            answer = answer[0] if isinstance(answer, list) and answer and "rows" in answer[0] else answer
            found = answer["rows"] if isinstance(answer, dict) else answer
            return {tuple(each.values() if isinstance(each, dict) else each)[0]: tuple(each.values() if isinstance(each, dict) else each)[1:] for each in found}

        place = f"buildbot:http://127.0.0.1:{server.server_address[1]}/ci"
        resident("add", place)
        runs = rows()
        builds = {key: value for key, value in runs.items() if key.startswith("build/")}
        check("15 builds", len(builds) == 15)
        expected = {1: "success", 2: "failure", 3: "success", 5: "startup_failure", 8: "failure", 10: "stale", 11: "success", 12: "cancelled", 13: "stale", 15: None}
        for number, conclusion in expected.items():
            check(f"build {number} is {conclusion}", (builds[f"build/{number}"][1] or None) == conclusion)
        check("a revision is kept", builds["build/9"][3] == "0123456789abcdef0123456789abcdef01234567")
        check("a builder's name with a slash", any(value[0] == "fail" for value in builds.values()))
        check("steps of what failed", any(key.startswith("step/") and value[1] == "failure" for key, value in runs.items()))
        check("no steps of what went well", "builds/1/steps" not in asked)
        asked.clear()
        finished = True
        resident("sync")
        check("what was running has ended", rows()["build/15"][1] == "success")
        check("what was done is not asked for again", not any(path.endswith("/steps") for path in asked))
        check("nothing is doubled", len([key for key in rows() if key.startswith("build/")]) == 15)
    for failure in failures:
        print("FAIL", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
