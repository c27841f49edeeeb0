#!/bin/sh
# Two clients for trackers hand over the first page as if it were all: of 120 issues jira's search_issues() gives 50,
# and python-gitlab's issues.list() 20. The former says nothing (the list has a `total`, which len() is not), the latter
# warns since its version 3.7 on standard error; maxResults=False, and all=True or iterator=True, get all. PyGithub's
# get_issues() goes on by itself. One would guess that a list of a query's issues is all of them, or that clients of one
# kind do alike. A weekly report counts 50 open bugs for as long as there are more, and the newest or oldest are
# missing, by the order of the query. Seen with jira 3.4.1 and python-gitlab 3.12.0 (Debian 12), against a server of our
# own, on loopback, that answers as theirs do.
# Needs apt-get; installs Debian's packages python3-jira and python3-gitlab where they are missing. Exits non-zero where
# they behave otherwise.
set -eu
/usr/bin/python3 -c 'import jira, gitlab' 2>/dev/null || apt-get install -y --no-install-recommends python3-jira python3-gitlab >/dev/null
/usr/bin/python3 - <<'PY'
import http.server
import json
import sys
import threading
import warnings
from urllib.parse import parse_qs, urlsplit

import gitlab
import jira

ISSUES = 120


class Trackers(http.server.BaseHTTPRequestHandler):
    def log_message(self, *ignored):
        pass

    def do_GET(self):
        path = urlsplit(self.path).path
        query = {name: int(values[0]) for name, values in parse_qs(urlsplit(self.path).query).items() if values[0].isdigit()}
        headers = {}
        if path.endswith("/serverInfo"):
            answer = {"version": "9.4.0", "versionNumbers": [9, 4, 0], "deploymentType": "Server"}
        elif path.endswith("/search"):
            start, most = query.get("startAt", 0), min(query.get("maxResults", 50), 1000)
            numbers = range(start, min(ISSUES, start + most))
            issues = [{"id": str(number), "key": "P-%d" % number, "fields": {"summary": "one"}} for number in numbers]
            answer = {"startAt": start, "maxResults": most, "total": ISSUES, "issues": issues}
        elif path.endswith("/issues"):
            page, most = query.get("page", 1), min(query.get("per_page", 20), 100)
            answer = [{"id": number, "iid": number} for number in range((page - 1) * most, min(ISSUES, page * most))]
            headers = {"X-Total": ISSUES, "X-Page": page, "X-Per-Page": most, "X-Total-Pages": -(-ISSUES // most)}
            if page * most < ISSUES:
                address = "http://127.0.0.1:%d%s?page=%d&per_page=%d" % (self.server.server_port, path, page + 1, most)
                headers.update({"X-Next-Page": page + 1, "Link": '<%s>; rel="next"' % address})
        else:
            answer = []
        body = json.dumps(answer).encode()
        self.send_response(200)
        for name, value in dict(headers, **{"Content-Type": "application/json", "Content-Length": len(body)}).items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trackers)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = "http://127.0.0.1:%d" % server.server_port
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    tracker = jira.JIRA(address, options={"check_update": False})
    told.clear()
    first = tracker.search_issues("project = P")
    by_jira = [len(first), first.total, len(tracker.search_issues("project = P", maxResults=False)), len(told)]
    project = gitlab.Gitlab(address, private_token="none").projects.get(1, lazy=True)
    told.clear()
    by_gitlab = [len(project.issues.list()), len(told), len(project.issues.list(all=True))]
print("jira %s: %d of %d, with maxResults=False %d, warnings %d" % (jira.__version__, *by_jira))
print("python-gitlab %s: %d, warnings %d, with all=True %d" % (gitlab.__version__, *by_gitlab))
sys.exit(0 if by_jira == [50, 120, 120, 0] and by_gitlab == [20, 1, 120] else 1)
PY
