"""A small Zulip organization in the shapes of its API (https://zulip.com/api/), and the same as an export."""
import json

from server import Answer

PEOPLE = {31: ("Ann", "ann@example.org", False), 32: ("Bob", "bob@example.org", False), 33: ("Cat", "cat@example.org", False), 40: ("Helper Bot", "helper-bot@example.org", True)}
SYSTEM = (3, "Notification Bot", "notification-bot@zulip.com")
BEGIN = 1709280000  # 2024-03-01


class Project:
    def __init__(self):
        self.streams = {5: ("help", False), 6: ("builds", False), 7: ("core", True)}
        self.messages, self.next_id = {}, 100
        for number in range(30):
            self.say(5, f"How do I do thing {number}?", 31 + number % 3, number * 3600, f"How do I do thing {number}? I am **lost**, write to ann@example.org")
            if number % 2:
                self.say(5, f"How do I do thing {number}?", 31 + (number + 1) % 3, number * 3600 + 600, "@**Ann|31** like this")
        self.say(5, "How do I do thing 3?", 40, 90_000, "I am a bot")
        self.resolve(5, "How do I do thing 1?", 100_000)
        for number in range(2500):
            self.say(6, "long", 31 + number % 3, 7200 + number * 400, f"line {number}")
        self.say(6, "", 31, 5000, "no topic, is that right?")
        self.say(7, "secret", 31, 5000, "hush")

    def say(self, stream, topic, sender, second, text, edited=None):
        self.next_id += 1
        self.messages[self.next_id] = {"id": self.next_id, "stream": stream, "topic": topic, "sender": sender, "at": BEGIN + second, "text": text, "edited": edited}
        return self.next_id

    def rename(self, stream, old, new):
        for message in self.messages.values():
            if message["stream"] == stream and message["topic"] == old:
                message["topic"] = new

    def resolve(self, stream, topic, second):
        self.rename(stream, topic, "✔ " + topic)
        self.say(stream, "✔ " + topic, SYSTEM[0], second, "@_**Bob|32** hat dieses Thema als gelöst markiert.")

    def later(self):
        """What a later sync must find: an answer, a topic resolved, one renamed and one that is new."""
        self.say(5, "How do I do thing 0?", 32, 200_000, "So!")
        self.resolve(5, "How do I do thing 4?", 200_100)
        self.rename(5, "How do I do thing 6?", "How do I do the sixth thing?")
        self.say(6, "new one", 33, 200_200, "Does it build?")

    def shown(self, message):
        name, email, _ = PEOPLE.get(message["sender"]) or (SYSTEM[1], SYSTEM[2], True)
        shown = {"id": message["id"], "type": "stream", "stream_id": message["stream"], "display_recipient": self.streams[message["stream"]][0], "subject": message["topic"], "sender_id": message["sender"], "sender_full_name": name,
                 "sender_email": email, "sender_realm_str": "zulipinternal" if message["sender"] == SYSTEM[0] else "", "content": message["text"], "timestamp": message["at"], "client": "website", "reactions": [], "submessages": []}
        if message["edited"]:
            shown["last_edit_timestamp"] = BEGIN + message["edited"]
        return shown

    def answer(self, path, query, base):
        path = path.removeprefix("/api/v1")
        good = {"result": "success", "msg": ""}
        if path == "/users":
            return Answer({**good, "members": [{"user_id": key, "full_name": name, "email": f"user{key}@zulip.example.org", "delivery_email": email, "is_bot": bot, "is_active": True} for key, (name, email, bot) in PEOPLE.items()]})
        if path == "/streams":
            return Answer({**good, "streams": [{"stream_id": key, "name": name, "invite_only": private} for key, (name, private) in self.streams.items()]})
        if path.startswith("/users/me/"):
            stream, newest = int(path.split("/")[3]), {}
            for message in self.messages.values():
                if message["stream"] == stream:
                    newest[message["topic"]] = max(newest.get(message["topic"], 0), message["id"])
            return Answer({**good, "topics": [{"name": name, "max_id": last} for name, last in sorted(newest.items(), key=lambda each: -each[1])]})
        if path != "/messages":
            return None
        assert query["apply_markdown"] == ["false"]
        chosen = sorted(self.messages)
        for term in json.loads(query["narrow"][0]):
            key = {"stream": "stream", "topic": "topic"}[term["operator"]]
            chosen = [each for each in chosen if (self.messages[each][key] == term["operand"] if key == "stream" else self.messages[each][key].lower() == term["operand"].lower())]
        first = 0 if query["anchor"] == ["oldest"] else int(query["anchor"][0])
        after = [each for each in chosen if each >= first]
        most = int(query["num_after"][0]) + 1
        return Answer({**good, "messages": [self.shown(self.messages[each]) for each in after[:most]], "found_newest": len(after) <= most, "found_oldest": first == 0, "anchor": first})

    def export(self, folder):
        """The same as `manage.py export` writes it."""
        folder.mkdir(parents=True)
        recipients = [{"id": 1000 + key, "type": 2, "type_id": key} for key in self.streams] + [{"id": 2000, "type": 1, "type_id": 31}]
        realm = {"zerver_realm": [{"id": 2, "string_id": "127.0.0.1"}], "zerver_stream": [{"id": key, "name": name, "invite_only": private} for key, (name, private) in self.streams.items()], "zerver_recipient": recipients,
                 "zerver_userprofile": [{"id": key, "full_name": name, "email": f"user{key}@zulip.example.org", "delivery_email": email, "is_bot": bot} for key, (name, email, bot) in PEOPLE.items()],
                 "zerver_userprofile_mirrordummy": [], "zerver_userprofile_crossrealm": [{"id": SYSTEM[0], "email": SYSTEM[2]}]}
        (folder / "realm.json").write_text(json.dumps(realm))
        rows = [{"id": each["id"], "sender": each["sender"], "recipient": 1000 + each["stream"], "subject": each["topic"], "content": each["text"], "rendered_content": "", "date_sent": each["at"] + 0.25,
                 "last_edit_time": BEGIN + each["edited"] + 0.5 if each["edited"] else None} for each in self.messages.values()]
        rows.append({"id": 99, "sender": 31, "recipient": 2000, "subject": "", "content": "psst", "date_sent": BEGIN + 0.5, "last_edit_time": None})
        for number, start in enumerate(range(0, len(rows), 1000), 1):
            (folder / f"messages-{number:06}.json").write_text(json.dumps({"zerver_message": rows[start:start + 1000], "zerver_usermessage": []}))
        (folder / "uploads").mkdir()
        (folder / "uploads" / "records.json").write_text('{"zerver_message": "an upload, not a message"}')
