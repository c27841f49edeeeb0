"""A small GitLab project in the shapes of REST v4 (docs.gitlab.com/ee/api)."""
from server import Answer, pages

USERS = {name: {"id": number, "username": name, "name": full, "state": "active", "web_url": f"https://forge.example/{name}"}
         for number, name, full in ((11, "ann", "Ann Lee"), (12, "bob", "Bob B."), (13, "cat", "Cat"), (14, "ghost", "Ghost User"))}
USERS["robot"] = {"id": 15, "username": "project_1_bot", "name": "robot", "state": "active", "bot": True}
LARGEST_PAGE = 2


def at(day, hour=0):
    return f"2024-01-{day:02}T{hour:02}:00:00.123Z"


class Project:
    prefix = "/api/v4/projects/group%2Fsub%2Fdemo"

    def __init__(self):
        self.number = 0
        self.issues, self.merges, self.details = [], [], {}
        for day in range(1, 6):
            self.issue(day, f"Crash number {day}", "ann" if day % 2 else "ghost")
        self.issue(6, "How do I build <b>it</b>?", "cat", labels=["question"])
        self.talk("issues", 1, "bob", at(2, 1), "Can you try again?")
        self.talk("issues", 1, "ann", at(2, 2), "It is fixed, ask me at ann@example.org. Thanks!")
        self.system("issues", 1, "bob", at(2, 3), "assigned to @ann and unassigned @cat")
        self.system("issues", 1, "bob", at(2, 4), "changed title from **Crash {-old-}** to **Crash {+new+}**")
        self.system("issues", 1, "bob", at(2, 5), "mentioned in merge request !1")
        self.event("issues", 1, "label", {"action": "add", "label": {"id": 1, "name": "bug"}}, "bob", at(2, 6))
        self.event("issues", 1, "label", {"action": "remove", "label": {"id": 2, "name": "old"}}, "bob", at(2, 7))
        self.event("issues", 1, "label", {"action": "add", "label": None}, "bob", at(2, 7))
        self.event("issues", 1, "milestone", {"action": "add", "milestone": {"id": 1, "title": "1.0"}}, "bob", at(2, 8))
        self.close("issues", 1, "bob", at(3))
        self.merge(7, "Fix the crash", "ann", reviewers=["bob", "cat"])
        self.merge(8, "Draft: Rewrite", "bob", draft=True)
        self.merge(9, "Docs", "cat")
        self.system("merge_requests", 1, "ann", at(8, 1), "requested review from @bob and @cat")
        self.inline("merge_requests", 1, "bob", at(8, 2), "src/a.c", 12, "Why?", ["ann", at(8, 3), "Because."])
        self.system("merge_requests", 1, "ann", at(8, 4), "added 1 commit\n\n<ul><li>aaaa0001 - Fix</li></ul>")
        self.system("merge_requests", 1, "bob", at(8, 5), "approved this merge request")
        self.close("merge_requests", 1, "bob", at(9), merged=True)
        self.system("merge_requests", 2, "bob", at(9, 1), "marked this merge request as **draft**")
        self.system("merge_requests", 3, "bob", at(10), "approved this merge request")
        self.system("merge_requests", 3, "bob", at(10, 1), "unapproved this merge request")
        self.system("merge_requests", 3, "ann", at(10, 2), "did something that nobody has heard of")
        self.pipelines = [{"id": 501, "iid": 1, "sha": "aaaa0001" + "0" * 32, "ref": "fix", "status": "success", "source": "push", "created_at": at(8, 4), "updated_at": at(8, 5), "web_url": "https://forge.example/p/501"},
                          {"id": 502, "iid": 2, "sha": "bbbb0001" + "0" * 32, "ref": "rewrite", "status": "failed", "source": "merge_request_event", "created_at": at(9, 1), "updated_at": at(9, 2), "web_url": "https://forge.example/p/502"},
                          {"id": 503, "iid": 3, "sha": "cccc0001" + "0" * 32, "ref": "main", "status": "running", "source": "schedule", "created_at": at(10), "updated_at": at(10), "web_url": "https://forge.example/p/503"}]

    def new_id(self):
        self.number += 1
        return self.number

    def base(self, day, title, author, kind, labels):
        iid = len(getattr(self, "issues" if kind == "issues" else "merges")) + 1
        self.details[kind, iid] = {"discussions": [], "resource_label_events": [], "resource_state_events": [], "resource_milestone_events": [], "commits": []}
        return {"id": 1000 + self.new_id(), "iid": iid, "project_id": 1, "title": title, "description": f"Text of {title}\n\x1b[31mred", "state": "opened",
                "created_at": at(day), "updated_at": at(day), "closed_at": None, "closed_by": None, "labels": list(labels), "milestone": None, "assignees": [], "author": USERS[author],
                "user_notes_count": 0, "upvotes": 1, "downvotes": 0, "discussion_locked": None, "web_url": f"https://forge.example/group/sub/demo/-/{kind}/{iid}"}

    def issue(self, day, title, author, labels=()):
        self.issues.append({**self.base(day, title, author, "issues", labels), "type": "ISSUE", "confidential": False})
        return self.issues[-1]

    def merge(self, day, title, author, reviewers=(), draft=False):
        entry = self.base(day, title, author, "merge_requests", ())
        letter = "abcdef"[entry["iid"] - 1]
        sha = letter * 4 + "0001" + "0" * 32
        entry.update({"draft": draft, "sha": sha, "source_branch": "fix", "target_branch": "main", "merged_at": None, "merge_user": None, "merged_by": None,
                      "merge_commit_sha": None, "squash_commit_sha": None, "reviewers": [USERS[name] for name in reviewers]})
        self.details["merge_requests", entry["iid"]]["commits"].append(
            {"id": sha, "short_id": sha[:8], "title": "Fix", "author_name": "Ann Lee", "author_email": "ann@example.org", "authored_date": at(day - 1), "committed_date": at(day - 1), "created_at": at(day - 1)})
        self.merges.append(entry)
        return entry

    def entry(self, kind, iid):
        return (self.issues if kind == "issues" else self.merges)[iid - 1]

    def touch(self, kind, iid, when):
        entry = self.entry(kind, iid)
        entry["updated_at"] = max(entry["updated_at"], when)

    def note(self, author, when, body, system=False, **more):
        return {"id": self.new_id(), "type": None, "body": body, "author": USERS[author] if author else None, "created_at": when, "updated_at": when, "system": system, "noteable_type": "Issue", "resolvable": False, **more}

    def talk(self, kind, iid, author, when, body):
        self.details[kind, iid]["discussions"].append({"id": f"d{self.new_id()}", "individual_note": True, "notes": [self.note(author, when, body)]})
        self.entry(kind, iid)["user_notes_count"] += 1
        self.touch(kind, iid, when)

    def system(self, kind, iid, author, when, body):
        self.details[kind, iid]["discussions"].append({"id": f"d{self.new_id()}", "individual_note": True, "notes": [self.note(author, when, body, True)]})
        self.touch(kind, iid, when)

    def inline(self, kind, iid, author, when, path, line, body, answer):
        position = {"base_sha": "0" * 40, "start_sha": "0" * 40, "head_sha": "aaaa0001" + "0" * 32, "old_path": path, "new_path": path, "position_type": "text", "old_line": None, "new_line": line}
        notes = [self.note(author, when, body, position=position), self.note(answer[0], answer[1], answer[2], position=position)]
        self.details[kind, iid]["discussions"].append({"id": f"d{self.new_id()}", "individual_note": False, "notes": notes})
        self.entry(kind, iid)["user_notes_count"] += 2
        self.touch(kind, iid, when)

    def event(self, kind, iid, what, content, author, when):
        self.details[kind, iid][f"resource_{what}_events"].append({"id": self.new_id(), "user": USERS[author], "created_at": when, "resource_type": "Issue", "resource_id": 1, **content})
        if what == "label" and content["label"]:
            labels = self.entry(kind, iid)["labels"]
            labels.append(content["label"]["name"]) if content["action"] == "add" else None
        if what == "milestone":
            self.entry(kind, iid)["milestone"] = content["milestone"]
        self.touch(kind, iid, when)

    def close(self, kind, iid, author, when, merged=False):
        entry = self.entry(kind, iid)
        entry.update({"state": "merged" if merged else "closed", "closed_at": None if merged else when})
        if merged:
            entry.update({"merged_at": when, "merge_user": USERS[author], "merge_commit_sha": "e" * 40})
        self.event(kind, iid, "state", {"state": entry["state"]}, author, when)

    def later(self):
        """What happens between two syncs."""
        self.talk("issues", 2, "bob", at(20), "Still there?")
        self.close("issues", 3, "ann", at(20, 1))
        self.issue(20, "A new one", "bob")
        self.system("merge_requests", 3, "bob", at(20, 2), "approved this merge request")
        self.pipelines[2].update({"status": "success", "updated_at": at(20, 3)})

    def answer(self, path, query, base):
        if not path.startswith(self.prefix):
            return None
        parts = [part for part in path[len(self.prefix):].split("/") if part]
        listed = lambda items: pages(items, query, base, "per_page", LARGEST_PAGE, "X-Total")
        if not parts:
            return Answer({"id": 1, "path_with_namespace": "group/sub/demo", "web_url": "https://forge.example/group/sub/demo"})
        if parts[0] in ("issues", "merge_requests"):
            items = [each for each in (self.issues if parts[0] == "issues" else self.merges) if each]
            if len(parts) == 1:
                since = query.get("updated_after", [""])[0]
                items = [each for each in items if each["updated_at"][:19] >= since[:19]]
                return listed(sorted(items, key=lambda each: (each["updated_at"], each["id"]), reverse=True))
            iid = int(parts[1])
            found = [each for each in items if each["iid"] == iid]
            if not found:
                return None
            if len(parts) == 2:
                return Answer(found[0])
            if parts[2] == "approvals":
                return Answer({"approved_by": [{"user": USERS["bob"]}] if iid == 1 else []})
            return listed(self.details[parts[0], iid].get(parts[2], []))
        if parts[0] == "pipelines":
            if len(parts) == 3 and parts[2] == "test_report":
                return self.test_report(int(parts[1]))
            if len(parts) == 2:
                found = [each for each in self.pipelines if each["id"] == int(parts[1])]
                return Answer(found[0]) if found else None
            if len(parts) == 3:
                number = int(parts[1])
                pipeline = next(each for each in self.pipelines if each["id"] == number)
                return listed([{"id": number * 10 + offset, "name": name, "stage": "test", "status": pipeline["status"], "ref": pipeline["ref"], "allow_failure": offset == 2, "created_at": pipeline["created_at"],
                                "started_at": pipeline["created_at"], "finished_at": pipeline["updated_at"], "commit": {"id": pipeline["sha"]}, "web_url": "https://forge.example/j"} for offset, name in enumerate(("build", "test", "lint"))])
            since = query.get("updated_after", [""])[0]
            return listed(sorted((each for each in self.pipelines if each["updated_at"][:19] >= since[:19]), key=lambda each: each["updated_at"], reverse=True))
        fixed = {"labels": [{"id": 1, "name": "bug", "color": "#ff0000", "description": "It breaks"}, {"id": 3, "name": "question", "color": "#00f", "description": None}, {"id": 4, "name": None, "color": "#000"}],
                 "milestones": [{"id": 1, "iid": 1, "title": "1.0", "state": "active", "due_date": "2024-06-01"}],
                 "releases": [{"tag_name": "v0.9", "name": "0.9", "description": "First", "created_at": at(1), "released_at": at(1), "author": USERS["ann"], "upcoming_release": False, "_links": {"self": "https://forge.example/r"}}]}
        return listed(fixed[parts[0]]) if parts[0] in fixed else None

    def test_report(self, number):
        case = lambda name, status, output=None: {"status": status, "name": name, "classname": "tests.test_io", "file": None, "execution_time": 0.5, "system_output": output, "stack_trace": None, "recent_failures": None}
        if number == 501:
            suites = [{"name": "test", "suite_error": None, "test_cases": [case("test_seek", "success"), case("test_tell", "skipped", {"message": "no"}), case("test_flaky", "failed", "timed out"), case("test_flaky", "success")]}]
        elif number == 502:
            suites = [{"name": "test", "suite_error": None, "test_cases": [case("test_seek", "failed", {"message": "1 != 2", "type": "AssertionError"}), case("test_tell", "error", "boom")]},
                      {"name": "test mac", "suite_error": "JUnit XML parsing failed: 1:1: FATAL: Document is empty", "test_cases": []}]
        else:
            suites = []
        return Answer({"total_time": 1.0, "total_count": sum(len(each["test_cases"]) for each in suites), "test_suites": suites})

    def forget(self, kind, iid):
        (self.issues if kind == "issues" else self.merges)[iid - 1] = None
