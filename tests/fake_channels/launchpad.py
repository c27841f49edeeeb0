"""A small Launchpad in the shapes of its web service (api.launchpad.net/devel.html), as seen without an account.

The project demo with bugs 1 to 12; some are in a package of a distribution, in a series or in another project, too.
"""
import urllib.parse

from server import Answer

PEOPLE = {"ann": ("Ann Arden", False), "bob": ("Bob Berg", False), "eve": ("Eve Ek", False), "pumpers": ("The Pumpers", True), "janitor": ("Launchpad Janitor", False)}
STATUSES = {"New", "Incomplete", "Opinion", "Invalid", "Won't Fix", "Expired", "Confirmed", "Triaged", "In Progress", "Fix Committed", "Fix Released", "Does Not Exist"}
UNRESOLVED = {"New", "Incomplete", "Confirmed", "Triaged", "In Progress", "Fix Committed"}
DATES = {"Incomplete": "incomplete", "Confirmed": "confirmed", "Triaged": "triaged", "In Progress": "in_progress", "Fix Committed": "fix_committed", "Fix Released": "fix_released"}
LARGEST = 5


def at(day, hour=9):
    return f"2024-03-{day:02}T{hour:02}:00:00.123456+00:00"


def shown_as(login):
    return f"{PEOPLE[login][0]} ({login})" if login else None


class Project:
    title_key = "title"

    def __init__(self):
        self.issues, self.tasks, self.activity, self.messages = {}, {}, {}, {}
        for number in range(1, 13):
            self.bug(number, ["ann", "bob", "eve"][number % 3], number)
        self.status(1, 13, "bob", "Confirmed")
        self.importance(1, 13, "bob", "High")
        self.assign(1, 14, "bob", "bob")
        self.milestone(1, 14, "bob", "1.0")
        self.status(1, 15, "bob", "Fix Committed")
        self.status(1, 16, "bob", "Fix Released")
        self.status(2, 13, "bob", "Incomplete")
        self.say(2, 14, "eve", "Here it is, write to <email address hidden>")
        self.say(2, 14, "ann", "Spam", visible=False)
        self.change(2, 15, "ann", "tags", "", "crash regression")
        self.change(2, 16, "ann", "tags", "crash regression", "regression")
        self.issues[2]["tags"] = ["regression"]
        self.change(3, 13, "ann", "marked as duplicate", None, "2")
        self.issues[3]["duplicate"] = 2
        self.status(4, 13, "bob", "Incomplete")
        self.status(4, 20, "janitor", "Expired")
        self.change(5, 14, "ann", "bug task added", None, "pump (Ubuntu)")
        self.task(5, "pump (Ubuntu)", "ubuntu/+source/pump", 14)
        self.status(5, 15, "ann", "Fix Released", 1)
        self.status(6, 13, "bob", "Won't Fix")
        self.status(6, 14, "bob", "Confirmed")
        self.assign(6, 15, "bob", "pumpers")
        self.change(7, 13, "ann", "summary", "Thing 7 braeks", "Thing 7 breaks")
        self.change(7, 13, "ann", "description", "Old", "As seen")
        self.change(7, 14, "ann", "attachment added", None, "a.log https://bugs.launchpad.net/bugs/7/+attachment/5/+files/a.log")
        self.change(7, 15, "bob", "nominated for series", None, "demo/1.0")
        self.change(7, 16, "bob", "bug task added", None, "demo/1.0")
        self.task(7, "demo/1.0", "demo/1.0", 16)
        self.change(7, 16, "bob", "bug watch added", None, "https://bugs.example.org/9")
        self.change(8, 13, "ann", "information type", "Public", "Private Security")
        self.change(8, 14, "bob", "information type", "Private Security", "Public Security")
        self.issues[8]["information_type"] = "Public Security"
        # An old one, of which the log tells little: dates of its task do.
        self.tasks[9][0].update(status="Invalid", dates={"closed": at(20)})
        self.status(10, 13, "bob", "Opinion")
        self.change(11, 12, "ann", "affects", "other", "demo")
        self.activity[11].append({"at": at(11, 12), "who": "ann", "what": "other: status", "old": "New", "new": "Triaged"})
        self.tasks[11][0]["status"] = "Triaged"
        self.task(12, "other", "other", 12)
        self.status(12, 14, "bob", "Fix Released", 1)

    def bug(self, number, author, day):
        self.issues[number] = {"owner": author, "created": at(day), "updated": at(day), "title": f"Thing {number} breaks", "tags": [], "duplicate": None, "information_type": "Public", "target": "demo"}
        self.tasks[number], self.activity[number], self.messages[number] = [], [], []
        self.task(number, "demo", "demo", day)
        self.change(number, day, author, "bug", None, None, "added bug")
        self.say(number, day, author, "As seen")

    def task(self, number, name, target, day):
        self.tasks[number].append({"name": name, "target": target, "status": "New", "importance": "Undecided", "assignee": None, "milestone": None, "created": at(day), "dates": {}})

    def change(self, number, day, who, what, old, new, message=None):
        self.activity[number].append({"at": at(day), "who": who, "what": what, "old": old, "new": new, "message": message})
        self.issues[number]["updated"] = max(self.issues[number]["updated"], at(day))

    def _set(self, number, day, who, task, key, new, show):
        found = self.tasks[number][task]
        self.change(number, day, who, f"{found['name']}: {key}", show(found[key]), show(new))
        found[key] = new
        return found

    def status(self, number, day, who, new, task=0):
        found = self._set(number, day, who, task, "status", new, str)
        found["dates"]["left_new"] = at(day)
        if new in DATES:
            found["dates"][DATES[new]] = at(day)
        found["dates"].pop("closed", None)
        if new not in UNRESOLVED:
            found["dates"]["closed"] = at(day)

    def importance(self, number, day, who, new):
        self._set(number, day, who, 0, "importance", new, str)

    def assign(self, number, day, who, new):
        self._set(number, day, who, 0, "assignee", new, shown_as)

    def milestone(self, number, day, who, new):
        self._set(number, day, who, 0, "milestone", new, lambda value: value)

    def say(self, number, day, who, text, visible=True):
        self.messages[number].append({"at": at(day), "who": who, "text": text, "visible": visible})
        self.issues[number]["updated"] = max(self.issues[number]["updated"], at(day))

    def later(self):
        self.say(6, 25, "eve", "And more")  # no row of the list shows it
        self.issues[6]["updated"] = "2024-06-01T12:00:00.5+00:00"
        self.status(7, 26, "bob", "Triaged")
        self.issues[7]["updated"] = "2024-06-01T12:00:00.5+00:00"
        self.bug(13, "bob", 27)
        self.issues[13]["updated"] = "2024-06-01T12:00:00.5+00:00"

    def forget(self, number):
        del self.issues[number]

    def show_task(self, number, index, root):
        task = self.tasks[number][index]
        target = self.issues[number]["target"] if task["target"] == "demo" else task["target"]
        link = f"{root}/{target}"
        dates = {f"date_{name}": task["dates"].get(name) for name in ("assigned", "closed", "confirmed", "deferred", "fix_committed", "fix_released", "in_progress", "incomplete", "left_closed", "left_new", "triaged")}
        return {"self_link": f"{link}/+bug/{number}", "web_link": f"https://bugs.launchpad.net/{target}/+bug/{number}", "resource_type_link": f"{root}/#bug_task", "bug_link": f"{root}/bugs/{number}", "target_link": link, "bug_target_name": target if task["target"] == "demo" else task["name"], "bug_target_display_name": task["name"], "title": f'Bug #{number} in {task["name"]}: "{self.issues[number]["title"]}"', "status": task["status"], "importance": task["importance"],
                "assignee_link": f"{root}/~{task['assignee']}" if task["assignee"] else None, "milestone_link": f"{link}/+milestone/{task['milestone']}" if task["milestone"] else None, "owner_link": f"{root}/~{self.issues[number]['owner']}", "bug_watch_link": None, "date_created": task["created"], "is_complete": task["status"] not in UNRESOLVED, "http_etag": "\"1\"", **dates}

    def show_bug(self, number, root):
        bug = self.issues[number]
        return {"id": number, "self_link": f"{root}/bugs/{number}", "web_link": f"https://bugs.launchpad.net/bugs/{number}", "resource_type_link": f"{root}/#bug", "title": bug["title"], "description": "As seen", "tags": bug["tags"], "owner_link": f"{root}/~{bug['owner']}", "date_created": bug["created"], "date_last_updated": bug["updated"], "date_last_message": self.messages[number][-1]["at"], "information_type": bug["information_type"], "private": bug["information_type"].startswith("Private"),
                "security_related": bug["information_type"].endswith("Security"), "duplicate_of_link": f"{root}/bugs/{bug['duplicate']}" if bug["duplicate"] else None, "heat": self.heat(), "message_count": len(self.messages[number]), "number_of_duplicates": 0, "users_affected_count": 2, "name": None, "http_etag": "\"1\"", **{f"{name}_collection_link": f"{root}/bugs/{number}/{name}" for name in ("bug_tasks", "activity", "messages", "attachments", "duplicates")}}

    heats = 0

    def heat(self):
        """It falls and rises by itself."""
        self.heats += 1
        return self.heats

    def search(self, query, root):
        since = query.get("modified_since", [""])[0]
        wanted = set(query.get("status", UNRESOLVED))
        assert wanted <= STATUSES, wanted - STATUSES
        entries = []
        for number in sorted(self.issues):
            bug = self.issues[number]
            if (bug["duplicate"] and query.get("omit_duplicates", ["true"])[0] != "false") or (since and bug["updated"] <= since):
                continue
            for index, task in enumerate(self.tasks[number]):
                target = bug["target"] if task["target"] == "demo" else task["target"]
                if (target == "demo" or target.startswith("demo/")) and task["status"] in wanted:
                    entries.append(self.show_task(number, index, root))
        return entries

    def page(self, entries, query, base, largest, counts):
        start, size = int(query.get("ws.start", ["0"])[0]), min(int(query.get("ws.size", ["75"])[0]), largest)
        body = {"start": start, "entries": entries[start:start + size]}
        if start + size < len(entries):
            body["next_collection_link"] = base + "?" + urllib.parse.urlencode({**query, "ws.start": [str(start + size)], "memo": [str(start + size)]}, doseq=True)
        if counts:
            body["total_size"] = len(entries)
        else:
            body["total_size_link"] = base + "?" + urllib.parse.urlencode({**query, "ws.show": ["total_size"]}, doseq=True)
        return Answer(body)

    def answer(self, path, query, base):
        if not path.startswith("/devel/"):
            return None
        root, parts = base[:base.index("/devel/")] + "/devel", path.removeprefix("/devel/").split("/")
        if parts == ["demo"] and "ws.op" in query:
            if set(query.get("status", [])) - STATUSES:
                return Answer('status: Invalid value "Deferred". Acceptable values are: New, …', status=400)
            entries = self.search(query, root)
            return Answer(str(len(entries))) if query.get("ws.show") == ["total_size"] else self.page(entries, query, base, LARGEST, False)
        if parts == ["demo"]:
            return Answer({"name": "demo", "display_name": "Demo", "resource_type_link": f"{root}/#project", "web_link": "https://launchpad.net/demo"})
        if parts[0].startswith("~"):
            name, is_team = PEOPLE[parts[0][1:]]
            return Answer({"name": parts[0][1:], "display_name": name, "is_team": is_team, "is_valid": True, "hide_email_addresses": True})
        if parts[0] != "bugs" or not parts[1].isdigit() or int(parts[1]) not in self.issues:
            return None
        number = int(parts[1])
        if len(parts) == 2:
            return Answer(self.show_bug(number, root))
        if parts[2] == "bug_tasks":
            return self.page([self.show_task(number, index, root) for index in range(len(self.tasks[number]))], query, base, LARGEST, True)
        if parts[2] == "activity":
            rows = [{"bug_link": f"{root}/bugs/{number}", "datechanged": each["at"], "person_link": f"{root}/~{each['who']}", "whatchanged": each["what"], "oldvalue": each["old"], "newvalue": each["new"], "message": each.get("message")} for each in self.activity[number]]
            return self.page(rows, query, base, LARGEST, True)
        if parts[2] == "messages":
            rows = [{"self_link": f"{root}/demo/+bug/{number}/comments/{index}", "subject": "Re: it", "content": each["text"], "date_created": each["at"], "date_deleted": None, "date_last_edited": each.get("edited"), "visible": each["visible"], "owner_link": f"{root}/~{each['who']}", "parent_link": None} for index, each in enumerate(self.messages[number])]
            return self.page(rows, query, base, 2, True)
        return None
