"""A small Redmine in the shapes of its REST API, as a real 5.0 answers (www.redmine.org/projects/redmine/wiki/Rest_api)."""
from server import Answer

PEOPLE = {5: ("ann", "Ann", "Arden"), 6: ("bob", "Bob", "Berg"), 7: ("eve", "Eve", "Ek")}
STATUSES = {1: ("New", False), 2: ("In Progress", False), 4: ("Feedback", False), 5: ("Closed", True)}


def at(day, hour=9):
    return f"2024-03-{day:02}T{hour:02}:00:00Z"


def named(number):
    return {"id": number, "name": "Anonymous" if number == 4 else " ".join(PEOPLE[number][1:])}


class Project:
    title_key = "subject"

    def __init__(self):
        self.issues, self.journals, self.relations, self.hidden, self.next_journal = {}, {}, {}, set(), 100
        for number in range(1, 13):
            self.issue(number, 5 + number % 3, number)
        self.step(1, 20, 6, "I look", ("status_id", "1", "2"))
        self.step(1, 21, 6, "", ("status_id", "2", "5"), ("assigned_to_id", None, "6"))
        self.issues[1].update({"status": 5, "assigned": 6, "closed_on": at(21)})
        self.step(2, 22, 5, "More, to ann@example.org?")
        self.issues[3].update({"author": 4})
        self.relations[4] = [{"id": 1, "issue_id": 4, "issue_to_id": 5, "relation_type": "blocks", "delay": None}]

    def issue(self, number, author, day, project=1):
        self.issues[number] = {"author": author, "created_on": at(day), "updated_on": at(day), "subject": f"Thing {number} breaks", "status": 1, "assigned": None, "closed_on": None, "project": project}
        self.journals[number] = []

    def step(self, number, day, user, notes, *changes):
        self.next_journal += 1
        self.journals[number].append({"id": self.next_journal, "user": named(user), "notes": notes, "created_on": at(day), "private_notes": False, "details": [{"property": "attr", "name": name, "old_value": before, "new_value": after} for name, before, after in changes]})
        self.issues[number]["updated_on"] = at(day)

    def later(self):
        self.step(2, 25, 7, "And more")
        self.step(3, 26, 5, "", ("status_id", "1", "4"))
        self.issues[3]["status"] = 4
        self.issue(13, 7, 27)

    def forget(self, number):
        del self.issues[number]

    def show(self, number, whole):
        issue = self.issues[number]
        name, is_closed = STATUSES[issue["status"]]
        result = {"id": number, "project": {"id": issue["project"], "name": "Demo" if issue["project"] == 1 else "Elsewhere"}, "tracker": {"id": 1, "name": "Bug"}, "status": {"id": issue["status"], "name": name, "is_closed": is_closed}, "priority": {"id": 2, "name": "Normal"},
                  "author": named(issue["author"]), "subject": issue["subject"], "description": "As seen, ann@example.org", "is_private": False, "spent_hours": 0.0, "created_on": issue["created_on"], "updated_on": issue["updated_on"], "closed_on": issue["closed_on"],
                  "attachments": [], "relations": [each for list in self.relations.values() for each in list if number in (each["issue_id"], each["issue_to_id"])]}
        if issue["assigned"]:
            result["assigned_to"] = named(issue["assigned"])
        if whole:
            result.update({"changesets": [], "journals": self.journals[number]})
        return result

    def answer(self, path, query, base):
        path = path.removesuffix(".json")
        if path == "/projects/demo":
            return Answer({"project": {"id": 1, "name": "Demo", "identifier": "demo"}})
        if path == "/projects":
            return Answer({"projects": [{"id": 1, "name": "Demo"}, {"id": 2, "name": "Elsewhere"}], "total_count": 2, "offset": 0, "limit": 100})
        if path == "/issue_statuses":
            return Answer({"issue_statuses": [{"id": number, "name": name, "is_closed": closes} for number, (name, closes) in STATUSES.items()]})
        if path == "/trackers":
            return Answer({"trackers": [{"id": 1, "name": "Bug"}]})
        if path == "/enumerations/issue_priorities":
            return Answer({"issue_priorities": [{"id": 2, "name": "Normal"}]})
        if path in ("/projects/demo/issue_categories", "/projects/demo/versions", "/projects/demo/memberships"):
            return Answer({path.rsplit("/", 1)[1]: [], "total_count": 0})
        parts = path.strip("/").split("/")
        if parts[0] == "users" and len(parts) == 2:
            known = PEOPLE.get(int(parts[1]))
            return Answer({"user": {"id": int(parts[1]), "login": known[0], "firstname": known[1], "lastname": known[2]}}) if known else None
        if path == "/issues":
            numbers = [number for number in sorted(self.issues) if self.issues[number]["project"] == 1 and self.issues[number]["updated_on"] >= query.get("updated_on", [">="])[0].removeprefix(">=")]
            first, size = int(query["offset"][0]), min(5, int(query["limit"][0]))
            return Answer({"issues": [self.show(number, False) for number in numbers[first:first + size]], "total_count": len(numbers), "offset": first, "limit": size})
        if parts[0] == "issues" and len(parts) == 2 and int(parts[1]) in self.issues:
            return Answer({"issue": self.show(int(parts[1]), True)})
        return None
