"""A small Jira in the shapes of its REST API: a Server as of 9 (API 2, pages by offset, wiki markup) and Cloud (API 3, pages by token, its
document format). JQL knows whole minutes; what an issue shows of its changes and comments is cut off; the rest is on pages of its own."""
import re
import time

from server import Answer

PEOPLE = {1: ("ann", "Ann Arden"), 2: ("bob", "Bob Berg"), 3: ("eve", "Eve Ek"), 9: ("bot", "ASF GitHub Bot")}
STATUSES = {"1": ("Open", "new"), "3": ("In Progress", "indeterminate"), "5": ("Resolved", "done"), "6": ("Closed", "done")}
FIELDS = [{"id": "summary", "name": "Summary", "custom": False}, {"id": "customfield_10020", "name": "Sprint", "custom": True}, {"id": "customfield_10030", "name": "Difficulty", "custom": True}, {"id": "customfield_10040", "name": "Release Note", "custom": True}]
SHOWN, PAGE = 3, 5  # changes and comments that an issue shows; the most that a page has


def at(day, hour=9, minute=0):
    return int(time.mktime((2024, 3, day, hour, minute, 0, 0, 0, 0))) - time.timezone


def written(moment):
    # The zone is the server's, and stands without a colon.
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment + 2 * 3600)) + ".126+0200"


class Project:
    title_key = "summary"
    is_cloud = False

    def __init__(self):
        self.issues, self.history, self.comments, self.next = {}, {}, {}, 100
        for number in range(1, 13):
            self.issue(number, number % 3 + 1, number)
        self.change(1, 20, 2, ("status", "1", "3", "Open", "In Progress"), ("assignee", None, self.id(2), None, PEOPLE[2][1]))
        self.change(1, 21, 2, ("status", "3", "5", "In Progress", "Resolved"), ("resolution", None, "1", None, "Fixed"), ("Fix Version", None, "11", None, "4.0"))
        self.change(1, 22, 1, ("status", "5", "1", "Resolved", "Open"), ("resolution", "1", None, "Fixed", None))
        self.change(1, 23, 2, ("status", "1", "6", "Open", "Closed"), ("resolution", None, "1", None, "Fixed"))
        self.issues[1].update({"status": "6", "resolution": "Fixed", "assigned": 2, "resolutiondate": at(23), "fixVersions": ["4.0"]})
        for day in range(13, 18):
            self.comment(2, day, day % 2 + 1, f"Word {day}")
        self.change(2, 18, 3, ("labels", "", "", "", "newbie docs"), ("Component", None, "7", None, "core"))
        self.issues[2].update({"labels": ["newbie", "docs"], "components": ["core"]})
        self.change(3, 19, 1, ("Link", None, self.key(2), None, f"This issue duplicates {self.key(2)}"), ("Link", None, "OTHER-9", None, "This issue is blocked by OTHER-9"))
        self.issues[3]["links"] = [("duplicates", self.key(2)), ("blocks", self.key(5))]
        self.comment(4, 20, 1, "Between us", visibility={"type": "role", "value": "Developers"})
        self.issues[5]["parent"] = self.key(4)
        self.issues[6].update({"author": None})
        self.change(7, 15, 9, ("Difficulty", None, "[1]", None, "Hard"), ("Sprint", "", "1, 2", "", "Sprint 1, Sprint 2"), ("summary", None, None, "Thing 7", "Thing 7 breaks"))
        self.issues[7]["more"] = {"customfield_10030": {"value": "Hard", "id": "1"}, "customfield_10040": "Words\nof many lines", "customfield_10020": [{"id": 1, "name": "Sprint 1"}, {"id": 2, "name": "Sprint 2"}] if self.is_cloud else
                                  ["com.atlassian.greenhopper.service.sprint.Sprint@1[id=1,rapidViewId=2,state=CLOSED,name=Sprint 1,startDate=,goal=]", "com.atlassian.greenhopper.service.sprint.Sprint@2[id=2,rapidViewId=2,state=ACTIVE,name=Sprint 2,startDate=,goal=]"]}

    def key(self, number):
        return f"DEMO-{number}"

    def id(self, person):
        return f"5b10:{person}" if self.is_cloud else f"JIRAUSER{person}"

    def user(self, person):
        login, name = PEOPLE[person]
        if self.is_cloud:
            return {"accountId": self.id(person), "accountType": "app" if person == 9 else "atlassian", "displayName": name, "active": True, "avatarUrls": {"48x48": "https://x.example/a.png"}}
        return {"name": login, "key": self.id(person), "emailAddress": f"{login}@example.org" if person == 1 else f"{login} at example dot org", "displayName": name, "active": True, "timeZone": "Etc/UTC"}

    def text(self, words):
        if not self.is_cloud:
            return words
        return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]}

    def issue(self, number, author, day):
        self.issues[number] = {"author": author, "created": at(day), "updated": at(day), "summary": f"Thing {number} breaks", "status": "1", "resolution": None, "resolutiondate": None, "assigned": None, "labels": [], "components": [], "fixVersions": [], "links": [], "parent": None, "key": self.key(number), "more": {}}
        self.history[number], self.comments[number] = [], []

    def change(self, number, day, who, *items):
        self.next += 1
        self.history[number].append({"id": str(self.next), "author": self.user(who), "created": written(at(day)), "items": [{"field": field, "fieldtype": "jira", "from": before, "fromString": before_text, "to": after, "toString": after_text} for field, before, after, before_text, after_text in items]})
        self.issues[number]["updated"] = at(day)

    def comment(self, number, day, author, words, **more):
        self.next += 1
        self.comments[number].append({"id": str(self.next), "author": self.user(author), "body": self.text(words), "created": written(at(day)), "updated": written(at(day)), **more})
        self.issues[number]["updated"] = at(day)

    def later(self):
        self.comment(2, 25, 3, "And more")
        self.change(3, 26, 1, ("priority", "3", "2", "Major", "Critical"))
        self.issues[3]["priority"] = "Critical"
        self.issue(13, 2, 27)

    def forget(self, number):
        del self.issues[number]

    def fields(self, number):
        issue = self.issues[number]
        named = lambda names: [{"id": "7", "name": name} for name in names]
        link = lambda type, key: {"id": key, "type": {"name": type, "outward": type, "inward": "is " + type + " by"}, "outwardIssue": {"key": key}}
        return {"summary": issue["summary"], "description": self.text("As seen, ann@example.org"), "status": {"id": issue["status"], "name": STATUSES[issue["status"]][0], "statusCategory": {"key": STATUSES[issue["status"]][1]}}, "resolution": {"id": "1", "name": issue["resolution"]} if issue["resolution"] else None,
                "resolutiondate": written(issue["resolutiondate"]) if issue["resolutiondate"] else None, "priority": {"id": "3", "name": issue.get("priority", "Major")}, "issuetype": {"id": "1", "name": "Bug"}, "reporter": self.user(issue["author"]) if issue["author"] else None, "creator": self.user(issue["author"]) if issue["author"] else None,
                "assignee": self.user(issue["assigned"]) if issue["assigned"] else None, "created": written(issue["created"]), "updated": written(issue["updated"]), "labels": issue["labels"], "components": named(issue["components"]), "versions": [], "fixVersions": named(issue["fixVersions"]),
                "issuelinks": [link(*each) for each in issue["links"]], **({"parent": {"key": issue["parent"]}} if issue["parent"] else {}), **issue["more"]}

    def found(self, jql):
        assert 'project = "DEMO"' in jql and jql.endswith("ORDER BY key ASC"), jql
        numbers = sorted(self.issues)
        ago = re.search(r'updated >= "-(\d+)m"', jql)
        if ago:
            limit = (self.now() // 60 - int(ago[1])) * 60
            numbers = [number for number in numbers if self.issues[number]["updated"] // 60 * 60 >= limit]
        return [number for number in numbers if self.issues[number]["key"] == self.key(number)]

    def now(self):
        # Of the runs, whose clock is set; no later than any of them, so that nothing is left out.
        return at(1) + 92 * 86400 - 9 * 3600

    def answer(self, path, query, base):
        api = "/jira/rest/api/3" if self.is_cloud else "/jira/rest/api/2"
        if path == "/jira/rest/api/2/serverInfo":
            return Answer({"version": "9.12.0", "deploymentType": "Cloud" if self.is_cloud else "Server"})
        if not path.startswith(api):
            return None
        path = path.removeprefix(api)
        if path == "/myself":
            return Answer({"name": "reader", "displayName": "Reader"})
        if path == "/project/DEMO":
            return Answer({"key": "DEMO", "name": "Demo"})
        if path == "/status":
            return Answer([{"id": id, "name": name, "statusCategory": {"key": category}} for id, (name, category) in STATUSES.items()])
        if path == "/field":
            return Answer(FIELDS)
        if path == "/search" and self.is_cloud:
            return Answer({"errorMessages": ["The requested API has been removed."]}, status=410)
        if path in ("/search", "/search/jql"):
            numbers, size = self.found(query["jql"][0]), min(PAGE, int(query["maxResults"][0]))
            token = query.get("nextPageToken", ["at 0"])[0]
            first = int(token.split()[1]) if self.is_cloud else int(query["startAt"][0])
            wanted = set(query["fields"][0].split(","))
            issues = [{"id": str(10000 + number), "key": self.key(number), "fields": {key: value for key, value in self.fields(number).items() if key in wanted}} for number in numbers[first:first + size]]
            if not self.is_cloud:
                return Answer({"startAt": first, "maxResults": size, "total": len(numbers), "issues": issues})
            if first == PAGE and not token.endswith(" again"):  # a page may be empty, and others follow
                return Answer({"issues": [], "nextPageToken": f"at {first} again"})
            return Answer({"issues": issues, **({"nextPageToken": f"at {first + size}"} if first + size < len(numbers) else {"isLast": True})})
        found = re.fullmatch(r"/issue/DEMO-(\d+)(/changelog|/comment)?", path)
        if not found or int(found[1]) not in self.issues:
            return Answer({"errorMessages": ["Issue does not exist or you do not have permission to see it."]}, status=404) if found else None
        number = int(found[1])
        history, comments = self.history[number], self.comments[number]
        if found[2]:
            rows, first = (history if found[2] == "/changelog" else comments), int(query["startAt"][0])
            page = rows[first:first + PAGE]
            return Answer({"values" if found[2] == "/changelog" else "comments": page, "startAt": first, "maxResults": PAGE, "total": len(rows), **({"isLast": first + PAGE >= len(rows)} if found[2] == "/changelog" else {})})
        # Cloud shows the newest changes first, and a part of them.
        shown = list(reversed(history))[:SHOWN] if self.is_cloud else history
        return Answer({"id": str(10000 + number), "key": self.issues[number]["key"], "self": f"http://127.0.0.1/jira{api}/issue/{10000 + number}", "fields": {**self.fields(number), "comment": {"comments": comments[:SHOWN] if self.is_cloud else comments, "maxResults": SHOWN, "total": len(comments), "startAt": 0}},
                       "changelog": {"startAt": 0, "maxResults": len(shown), "total": len(history), "histories": shown}})


class Cloud(Project):
    is_cloud = True
