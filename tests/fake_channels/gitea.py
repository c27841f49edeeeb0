"""A small Gitea/Forgejo repository in the shapes of API v1 (its swagger description)."""
import json

from server import Answer, pages

USERS = {name: {"id": number, "login": name, "full_name": full, "username": name} for number, name, full in
         ((21, "ann", "Ann Lee"), (22, "bob", ""), (23, "cat", "Cat"), (-1, "Ghost", ""), (-2, "gitea-actions", ""))}
LARGEST_PAGE = 2


def at(day, hour=0):
    return f"2024-02-{day:02}T{hour:02}:00:00+01:00"


class Project:
    prefix = "/api/v1/repos/team/demo"

    def __init__(self):
        self.number = 100
        self.items, self.timelines, self.pulls, self.reviews = [], {}, {}, {}
        for day in range(1, 5):
            self.item(day, f"Broken {day}", "ann" if day % 2 else "Ghost")
        self.entry(1, "comment", "bob", at(2), body="Cannot reproduce. Mail bob@example.org")
        self.entry(1, "label", "bob", at(2, 1), body="1", label={"id": 1, "name": "bug"})
        self.items[0]["labels"] = [{"id": 1, "name": "bug", "color": "f00"}]
        self.entry(1, "change_title", "bob", at(2, 2), old_title="Broke", new_title="Broken 1")
        self.entry(1, "milestone", "bob", at(2, 3), milestone={"title": "1.0"})
        self.entry(1, "assignees", "bob", at(2, 4), assignee=USERS["cat"], removed_assignee=False)
        self.entry(1, "commit_ref", "bob", at(2, 5), ref_commit_sha="f" * 40)
        self.entry(1, "issue_ref", "bob", at(2, 6), ref_issue={"number": 2, "repository": {"full_name": "team/demo"}})
        self.close(1, "bob", at(3))
        self.pull(5, "Fix it", "ann")
        self.pull(6, "WIP: Redo", "bob", draft=True)
        self.entry(5, "pull_push", "ann", at(6), body=json.dumps({"is_force_push": False, "commit_ids": ["5" * 40]}))
        self.entry(5, "pull_push", "ann", at(6, 1), body=json.dumps({"is_force_push": True, "commit_ids": ["4" * 40, "5" * 40]}))
        self.entry(5, "review_request", "ann", at(6, 2), assignee=USERS["bob"], removed_assignee=False)
        self.review(5, "bob", "REQUEST_CHANGES", at(6, 3), "No", [("src/a.c", 3, "Why?")])
        self.review(5, "bob", "APPROVED", at(6, 5), "Good", [])
        self.review(5, "cat", "PENDING", None, "not sent", [])
        self.merge(5, "bob", at(7))
        self.entry(6, "change_title", "bob", at(7, 1), old_title="Redo", new_title="WIP: Redo")
        self.entry(6, "pin", "bob", at(7, 2))
        self.entry(6, "some_future_type", "bob", at(7, 3), body="new")
        self.tasks = [{"id": number, "name": "test", "head_branch": "main", "head_sha": "5" * 40, "run_number": 1, "event": "push", "display_title": "Fix", "status": status, "workflow_id": "ci.yml",
                       "url": "https://forge.example/a", "created_at": at(6), "updated_at": at(6, 1), "run_started_at": at(6)} for number, status in ((3, "running"), (2, "failure"), (1, "success"))]

    def new_id(self):
        self.number += 1
        return self.number

    def item(self, day, title, author, pull=None):
        number = len(self.items) + 1
        self.items.append({"id": 500 + number, "number": number, "title": title, "body": f"Text\u202e of {title}", "user": USERS[author], "original_author": "", "original_author_id": 0, "labels": [], "milestone": None,
                           "assignee": None, "assignees": None, "state": "open", "is_locked": False, "comments": 0, "created_at": at(day), "updated_at": at(day), "closed_at": None, "due_date": None,
                           "pull_request": pull, "html_url": f"https://forge.example/team/demo/issues/{number}"})
        self.timelines[number] = []
        return self.items[-1]

    def pull(self, day, title, author, draft=False):
        entry = self.item(day, title, author, {"merged": False, "merged_at": None, "draft": draft})
        number = entry["number"]
        self.pulls[number] = {"number": number, "draft": draft, "merged": False, "merged_at": None, "merged_by": None, "merge_commit_sha": None, "additions": 3, "deletions": 1, "changed_files": 2, "allow_maintainer_edit": True,
                              "requested_reviewers": [USERS["cat"]], "base": {"ref": "main", "sha": "0" * 40}, "head": {"ref": "fix", "sha": str(number) * 40}}
        self.reviews[number] = []

    def entry(self, number, kind, author, when, **more):
        self.timelines[number].append({"id": self.new_id(), "type": kind, "body": "", "user": USERS[author], "created_at": when, "updated_at": when, "label": None, "milestone": None, "old_milestone": None,
                                       "old_title": "", "new_title": "", "assignee": None, "removed_assignee": False, "ref_commit_sha": "", "ref_issue": None, **more})
        self.items[number - 1]["updated_at"] = max(self.items[number - 1]["updated_at"], when)

    def review(self, number, author, state, when, body, comments):
        identity = self.new_id()
        self.reviews[number].append({"id": identity, "user": USERS[author], "state": state, "body": body, "commit_id": "5" * 40, "dismissed": False, "stale": False, "official": True, "comments_count": len(comments), "submitted_at": when,
                                     "_comments": [{"id": self.new_id(), "body": text, "user": USERS[author], "pull_request_review_id": identity, "created_at": when, "updated_at": when, "path": path, "commit_id": "5" * 40,
                                                    "original_commit_id": "4" * 40, "position": line, "original_position": 0} for path, line, text in comments]})
        if state != "PENDING":
            self.entry(number, "review", author, when, review_id=identity)

    def close(self, number, author, when):
        self.entry(number, "close", author, when)
        self.items[number - 1].update({"state": "closed", "closed_at": when})

    def merge(self, number, author, when):
        self.entry(number, "merge_pull", author, when)
        self.close(number, author, when)
        self.items[number - 1]["pull_request"].update({"merged": True, "merged_at": when})
        self.pulls[number].update({"merged": True, "merged_at": when, "merged_by": USERS[author], "merge_commit_sha": "e" * 40})

    def later(self):
        self.entry(2, "comment", "bob", at(20), body="Hello?")
        self.close(3, "ann", at(20, 1))
        self.item(20, "New", "cat")
        self.tasks[0]["status"] = "success"

    def answer(self, path, query, base):
        if not path.startswith(self.prefix):
            return None
        parts = [part for part in path[len(self.prefix):].split("/") if part]
        listed = lambda items: pages(items, query, base, "limit", LARGEST_PAGE, "X-Total-Count")
        if not parts:
            return Answer({"id": 1, "full_name": "team/demo", "html_url": "https://forge.example/team/demo"})
        if parts[0] == "issues":
            items = [each for each in self.items if each]
            if len(parts) == 1:
                wants_pulls = query.get("type", [""])[0] == "pulls"
                since = query.get("since", [""])[0].replace("Z", "")
                items = [each for each in items if (each["pull_request"] is not None) == wants_pulls and each["updated_at"] >= since]
                return listed(sorted(items, key=lambda each: -each["number"]))  # this forge knows no order by update
            found = [each for each in items if each["number"] == int(parts[1])]
            if not found:
                return None
            return Answer(found[0]) if len(parts) == 2 else listed(self.timelines[int(parts[1])])
        if parts[0] == "pulls":
            number = int(parts[1])
            if number not in self.pulls:
                return None
            if len(parts) == 2:
                return Answer(self.pulls[number])
            if len(parts) == 3:
                return listed([{key: value for key, value in each.items() if key != "_comments"} for each in self.reviews[number]])
            return listed(next(each for each in self.reviews[number] if each["id"] == int(parts[3]))["_comments"])
        if parts[0] == "commits":
            return listed([{"id": 900 + int(parts[1][0]), "status": "failure", "context": "ci/test", "description": "", "target_url": "https://forge.example/s", "created_at": at(6), "updated_at": at(6, 1)}])
        if parts[0] == "actions":
            answer = listed(self.tasks)
            return Answer({"total_count": len(self.tasks), "workflow_runs": answer.body}, answer.headers)
        fixed = {"labels": [{"id": 1, "name": "bug", "color": "ff0000", "description": "It breaks"}], "milestones": [{"id": 1, "title": "1.0", "state": "open", "due_on": at(28)}],
                 "releases": [{"id": 1, "tag_name": "v1", "name": "One", "body": "First", "html_url": "https://forge.example/r", "draft": False, "prerelease": True, "created_at": at(1), "published_at": at(1), "author": USERS["ann"]}]}
        return listed(fixed[parts[0]]) if parts[0] in fixed else None

    def forget(self, number):
        self.items[number - 1] = None
