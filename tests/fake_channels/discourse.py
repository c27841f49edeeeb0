"""A small Discourse forum in the shapes of its API (docs.discourse.org)."""
from server import Answer

TOPICS_A_PAGE, POSTS_A_PAGE = 3, 20
USERS = {"ann": 31, "bob": 32, "cat": 33, "system": -1}


def at(day, minute=0):
    return f"2024-03-{day:02}T{minute // 60:02}:{minute % 60:02}:00.000Z"


class Project:
    def __init__(self):
        self.topics, self.next_post = {}, 1000
        for number in range(1, 9):
            self.topic(number, f"How do I do thing {number}?", number, ["ann", "bob"] if number % 2 else ["cat"], 5 if number % 3 else 6)
        self.topic(9, "Long one", 9, ["ann", "bob", "cat"] * 45, 5)
        self.topic(10, "Pinned: read me", 1, ["bob"], 5, pinned=True)
        self.topics[1]["accepted"] = 2
        self.topics[2].update({"closed": True})
        self.topics[3]["posts"].append(self.post(3, 3, None, 3, 30, "", post_type=3))
        self.topics[3]["posts"][1].update({"user_deleted": False, "username": "", "user_id": None})
        self.topics[4]["raw"] = False

    def post(self, topic, number, user, day, minute, text, post_type=1, reply=None):
        self.next_post += 1
        return {"id": self.next_post, "name": (user or "").title(), "username": user or "system", "user_id": USERS.get(user, -1), "created_at": at(day, minute), "updated_at": at(day, minute), "post_number": number, "post_type": post_type,
                "topic_id": topic, "reply_to_post_number": reply, "cooked": f"<p>{text} &amp; more</p>", "raw": f"{text} & more", "hidden": False, "accepted_answer": False}

    def topic(self, number, title, day, authors, category, pinned=False):
        posts = [self.post(number, index + 1, user, day, index, f"Post {index + 1}, write to {user}@example.org", reply=1 if index else None) for index, user in enumerate(authors)]
        self.topics[number] = {"id": number, "title": title, "slug": f"topic-{number}", "created_at": at(day), "category_id": category, "tags": ["build"], "closed": False, "pinned": pinned, "posts": posts, "accepted": None, "raw": True}

    def bumped(self, topic):
        return max(post["created_at"] for post in topic["posts"] if post["post_type"] == 1)

    def later(self):
        self.topics[2]["posts"].append(self.post(2, 2, "bob", 20, 0, "Like this"))
        self.topic(11, "Another?", 21, ["cat"], 6)

    def answer(self, path, query, base):
        if path == "/site.json":
            return Answer({"categories": [{"id": 5, "name": "Users", "slug": "users", "custom_fields": {"enable_accepted_answers": "true"}}, {"id": 6, "name": "Builds", "slug": "builds", "parent_category_id": 5}]})
        if path in ("/latest.json", "/c/users/5/l/latest.json"):
            everything = sorted((each for each in self.topics.values() if each and (path == "/latest.json" or each["category_id"] == 5)), key=lambda each: (not each["pinned"], [-ord(letter) for letter in self.bumped(each)]))
            page = int(query.get("page", ["0"])[0])
            chosen = everything[page * TOPICS_A_PAGE:(page + 1) * TOPICS_A_PAGE]
            listed = {"per_page": TOPICS_A_PAGE, "topics": [{"id": each["id"], "title": each["title"], "slug": each["slug"], "posts_count": len(each["posts"]), "highest_post_number": len(each["posts"]), "created_at": each["created_at"],
                                                           "last_posted_at": self.bumped(each), "bumped_at": self.bumped(each), "archetype": "regular", "pinned": each["pinned"], "visible": True, "closed": each["closed"], "archived": False, "tags": each["tags"],
                                                           "views": self.next_post, "category_id": each["category_id"], "has_accepted_answer": bool(each["accepted"])} for each in chosen]}
            if (page + 1) * TOPICS_A_PAGE < len(everything):
                listed["more_topics_url"] = f"/latest?page={page + 1}"
            return Answer({"users": [], "topic_list": listed})
        parts = path.strip("/").split("/")
        if parts[0] != "t":
            return None
        number = int(parts[1].removesuffix(".json"))
        topic = self.topics.get(number)
        if not topic:
            return None
        show = lambda post: {key: value for key, value in post.items() if key != "raw" or (topic["raw"] and "include_raw" in query)}
        if len(parts) == 3:
            wanted = {int(each) for each in query["post_ids[]"]}
            return Answer({"post_stream": {"posts": [show(post) for post in topic["posts"] if post["id"] in wanted]}, "id": number})
        body = {key: topic[key] for key in ("id", "title", "slug", "created_at", "category_id", "tags", "closed")}
        body.update({"archived": False, "posts_count": len(topic["posts"]), "last_posted_at": self.bumped(topic), "post_stream": {"posts": [show(post) for post in topic["posts"][:POSTS_A_PAGE]], "stream": [post["id"] for post in topic["posts"]]}})
        if topic["accepted"]:
            body["accepted_answer"] = {"post_number": topic["accepted"], "username": "bob"}
        return Answer(body)

    def forget(self, number):
        self.topics[number] = None
