"""A small Bugzilla in the shapes of its REST API (bugzilla.readthedocs.io, api/core/v1)."""
from server import Answer

PEOPLE = {1: "Ann Arden", 2: "Bob Berg", 3: "Eve Ek"}
LOGINS = {1: "ann@example.org", 2: "bob@example.org", 3: "eve@example.org"}


def at(day, hour=9):
    return f"2024-03-{day:02}T{hour:02}:00:00Z"


def detail(person):
    return {"id": person, "real_name": PEOPLE[person], "name": LOGINS[person], "email": LOGINS[person]}


class Project:
    title_key = "summary"

    def __init__(self):
        self.issues, self.history, self.comments, self.attachments, self.next_comment = {}, {}, {}, {}, 500
        for number in range(1, 13):
            self.bug(number, number % 3 + 1, number)
        self.comment(1, 20, 2, "I look")
        self.step(1, 20, 2, ("status", "NEW", "ASSIGNED"), ("assigned_to", "nobody@example.org", LOGINS[2]), ("severity", "normal", "major"))
        self.step(1, 21, 1, ("flagtypes.name", "", f"needinfo?({LOGINS[3]}), approval?"), ("keywords", "", "crash"))
        self.step(1, 22, 3, ("flagtypes.name", f"needinfo?({LOGINS[3]})", ""), ("status", "ASSIGNED", "RESOLVED"), ("resolution", "", "DUPLICATE"))
        self.comment(1, 22, 3, "Seen before.\n\n*** This bug has been marked as a duplicate of bug 2 ***")
        self.issues[1].update({"status": "RESOLVED", "resolution": "DUPLICATE", "is_open": False, "assigned": 2, "severity": "major", "dupe_of": 2, "keywords": ["crash"], "flags": [{"id": 9, "name": "approval", "status": "?", "setter": LOGINS[1]}]})
        self.comment(2, 22, 3, "*** Bug 1 has been marked as a duplicate of this bug. ***")
        self.step(2, 23, 1, ("blocks", "", "4, 5"), ("see_also", "", "https://forge.example/pull/12"))
        self.issues[2].update({"blocks": [4, 5], "see_also": ["https://forge.example/pull/12"]})
        self.comment(3, 23, 1, "A patch", attachment=77)
        self.attachments[3] = [{"id": 77, "creation_time": at(23), "creator": LOGINS[1], "file_name": "a.patch", "is_private": False, "flags": [{"id": 10, "name": "review", "status": "?", "setter": LOGINS[1], "requestee": LOGINS[2]}]}]
        self.step(3, 23, 1, ("flagtypes.name", "", f"review?({LOGINS[2]})"), attachment=77)
        self.comment(4, 24, 1, "Between us", private=True)

    def bug(self, number, author, day):
        self.issues[number] = {"author": author, "creation_time": at(day), "last_change_time": at(day), "summary": f"Thing {number} breaks", "status": "NEW", "resolution": "", "is_open": True, "assigned": None, "severity": "normal", "dupe_of": None, "keywords": [], "flags": [], "blocks": [], "see_also": [], "product": "Demo"}
        self.history[number], self.comments[number] = [], []
        self.comment(number, day, author, "As seen, ann@example.org")

    def comment(self, number, day, author, text, private=False, attachment=None):
        self.next_comment += 1
        self.comments[number].append({"id": self.next_comment, "bug_id": number, "count": len(self.comments[number]), "text": text, "creator": LOGINS[author], "time": at(day), "creation_time": at(day), "is_private": private, "attachment_id": attachment, "tags": []})
        self.issues[number]["last_change_time"] = at(day)

    def step(self, number, day, who, *changes, attachment=None):
        more = {"attachment_id": attachment} if attachment else {}
        self.history[number].append({"when": at(day), "who": LOGINS[who], "changes": [{"field_name": name, "removed": before, "added": after, **more} for name, before, after in changes]})
        self.issues[number]["last_change_time"] = at(day)

    def later(self):
        self.comment(2, 25, 3, "And more")
        self.step(3, 26, 1, ("severity", "normal", "minor"))
        self.issues[3]["severity"] = "minor"
        self.bug(13, 2, 27)

    def forget(self, number):
        del self.issues[number]

    def show(self, number):
        bug = self.issues[number]
        assigned = bug["assigned"]
        return {**{key: value for key, value in bug.items() if key not in ("author", "assigned")}, "id": number, "creator": LOGINS[bug["author"]], "creator_detail": detail(bug["author"]), "assigned_to": LOGINS[assigned] if assigned else "nobody@example.org",
                "assigned_to_detail": detail(assigned) if assigned else {"id": 9, "real_name": "Nobody", "name": "nobody@example.org"}, "cc": [], "cc_detail": [], "component": "Core", "version": "unspecified", "priority": "--", "platform": "All", "op_sys": "All",
                "target_milestone": "---", "depends_on": [], "cf_area": "tools", "whiteboard": ""}

    def answer(self, path, query, base):
        if path == "/rest/version":
            return None  # its addresses are not rewritten
        path = path.removeprefix("/rest.cgi")
        if path == "/version":
            return Answer({"version": "5.2"})
        if path == "/field/bug/bug_status":
            return Answer({"fields": [{"name": "bug_status", "values": [{"name": "NEW", "is_open": True}, {"name": "ASSIGNED", "is_open": True}, {"name": "RESOLVED", "is_open": False}]}]})
        if path == "/bug":
            numbers = [number for number in sorted(self.issues) if self.issues[number]["product"] == query["product"][0] and self.issues[number]["last_change_time"] >= query.get("last_change_time", [""])[0]]
            first, size = int(query["offset"][0]), min(5, int(query["limit"][0]))
            wanted = set(query["include_fields"][0].split(","))
            return Answer({"bugs": [{key: value for key, value in self.show(number).items() if key in wanted} for number in numbers[first:first + size]]})
        parts = path.strip("/").split("/")
        if parts[0] != "bug" or int(parts[1]) not in self.issues:
            return Answer({"error": True, "code": 101, "message": "Bug does not exist."}, status=404) if parts[0] == "bug" else None
        number = int(parts[1])
        if len(parts) == 2:
            return Answer({"bugs": [self.show(number)], "faults": []})
        if parts[2] == "history":
            return Answer({"bugs": [{"id": number, "alias": [], "history": self.history[number]}]})
        if parts[2] == "comment":
            return Answer({"bugs": {str(number): {"comments": self.comments[number]}}, "comments": {}})
        if parts[2] == "attachment":
            return Answer({"bugs": {str(number): self.attachments.get(number, [])}, "attachments": {}})
        return None
