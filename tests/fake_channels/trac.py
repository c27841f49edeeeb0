"""A small Trac: the CSV and RSS that a real 1.6 answers, in its own forms (a byte order mark, dates as the server likes them,
fields of a change in bold in a list of HTML before the comment)."""
import csv
import datetime
import html
import io
import json

from server import Answer

FIELDS = ["id", "summary", "reporter", "owner", "description", "type", "status", "priority", "milestone", "component", "version", "resolution", "keywords", "cc", "stage", "has_patch", "needs_tests"]


def moment(day, hour=10):
    return datetime.datetime(2024, 3, day, hour)


def rss_date(when):
    return when.strftime("%a, %d %b %Y %H:%M:%S GMT")


def change_text(name, before, after):
    if name in ("has_patch", "needs_tests"):
        return "set" if after == "1" else "unset"
    if name in ("owner", "reporter"):
        author = lambda text: f'<span class="trac-author">{html.escape(text)}</span>'
        return f"changed from {author(before)} to {author(after)}" if before and after else f"set to {author(after)}" if after else f"{author(before)} removed"
    if name == "keywords":
        added, removed = [word for word in after.split() if word not in before.split()], [word for word in before.split() if word not in after.split()]
        return "; ".join(part for part in (" ".join(added) + " added" if added else "", " ".join(removed) + " removed" if removed else "") if part)
    old, new = f'<span class="trac-field-old">{html.escape(before)}</span>', f'<span class="trac-field-new">{html.escape(after)}</span>'
    return f"{old} → {new}" if before and after else f"→ {new}" if after else f'<span class="trac-field-deleted">{html.escape(before)}</span>'


class Project:
    title_key = "summary"

    def __init__(self):
        self.issues, self.history = {}, {}
        for number in range(1, 13):
            self.ticket(number, ["ann", "bob", "Eve Ek <eve@…>"][number % 3], number)
        self.step(1, 20, "ann", "I agree, [https://forge.example/pull/12 PR] by ann@example.org", ("stage", "Unreviewed", "Accepted"), ("has_patch", "0", "1"))
        self.step(1, 21, "bob", "", ("owner", "< default >", "bob"), ("status", "new", "assigned"))
        self.step(1, 22, "bob", "Fixed", ("status", "assigned", "closed"), ("resolution", "", "fixed"))
        self.step(1, 23, "ann", "no", ("status", "closed", "reopened"), ("resolution", "fixed", ""), ("has_patch", "1", "0"), ("needs_tests", "0", "1"))
        self.step(2, 22, "ann", "Words", ("keywords", "", "a b"))
        self.issues[3]["reporter"] = "anonymous"
        self.issues[4]["summary"] = 'With "quotes", commas\nand lines'

    def ticket(self, number, reporter, day):
        self.issues[number] = {**{name: "" for name in FIELDS}, "id": str(number), "summary": f"Thing {number} breaks", "reporter": reporter, "owner": "< default >", "description": "First\nline, of ann@example.org", "type": "defect", "status": "new", "priority": "major",
                               "component": "core", "stage": "Unreviewed", "has_patch": "0", "needs_tests": "0", "time": moment(day), "changetime": moment(day)}
        self.history[number] = []

    def step(self, number, day, author, comment, *changes):
        for name, before, after in changes:
            assert self.issues[number][name] == before, (number, name, self.issues[number][name])
            self.issues[number][name] = after
        self.history[number].append((moment(day), author, comment, changes))
        self.issues[number]["changetime"] = moment(day)

    def later(self):
        self.step(2, 25, "eve", "And more")
        self.step(3, 26, "ann", "", ("stage", "Unreviewed", "Someday/Maybe"))
        self.ticket(13, "bob", 27)

    def forget(self, number):
        del self.issues[number]

    def table(self, columns, tickets):
        out = io.StringIO()
        writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
        if tickets:
            writer.writerow(columns)
        for ticket in tickets:
            writer.writerow([ticket[name].strftime("%m/%d/%y %H:%M:%S") if name in ("time", "changetime") else ticket[name] for name in columns])
        return Answer("\ufeff" + (out.getvalue() or "\r\n"), {"Content-Type": "text/csv;charset=utf-8"})

    def feed(self, items):
        text = "".join(f"<item>{item}</item>\n" for item in items)
        return Answer(f'<?xml version="1.0"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n  <channel>\n    <title>Demo</title>\n    <generator>Trac 1.6</generator>\n{text} </channel>\n</rss>', {"Content-Type": "application/rss+xml"})

    def answer(self, path, query, base):
        form = query.get("format", [""])[0]
        if path == "/query":
            tickets = [self.issues[number] for number in sorted(self.issues)]
            if "changetime" in query:
                since = datetime.datetime.strptime(query["changetime"][0].removesuffix(".."), "%Y-%m-%dT%H:%M:%SZ")
                tickets = [ticket for ticket in tickets if ticket["changetime"] >= since]
            elif query.get("id", [""])[0] != "!0":
                wanted = set(query["id"][0].split(","))
                tickets = [ticket for ticket in tickets if ticket["id"] in wanted]
            size, page = int(query["max"][0]), int(query.get("page", ["1"])[0])
            tickets = tickets[(page - 1) * size:page * size]
            if form == "csv":
                return self.table(query["col"], tickets)
            return self.feed(f'<link>http://trac.example/ticket/{each["id"]}</link><title>#{each["id"]}: {html.escape(each["summary"])}</title><pubDate>{rss_date(each["time"])}</pubDate><author>{html.escape(each["reporter"])}</author>' for each in tickets)
        parts = path.strip("/").split("/")
        if parts[0] != "ticket" or int(parts[1]) not in self.issues:
            return None
        number = int(parts[1])
        if form == "csv":
            return self.table(FIELDS, [self.issues[number]])
        items = []
        for index, (when, author, comment, changes) in enumerate(self.history[number], 1):
            lines = "".join(f"<li><strong>{name}</strong>\n {change_text(name, before, after)}\n </li>\n" for name, before, after in changes)
            body = (f"<ul>\n{lines}</ul>\n" if changes else "") + (f"<p>\n{html.escape(comment)}\n</p>\n" if comment else "")
            items.append(f'<dc:creator>{html.escape(author)}</dc:creator><pubDate>{rss_date(when)}</pubDate><title>changed</title><guid isPermaLink="false">http://trac.example/ticket/{number}#comment:{index}</guid><description>{html.escape(body)}</description>')
        return self.feed(items)


def call_date(when):
    """A moment as XmlRpcPlugin's JSON has it: UTC, with its microseconds where it has any."""
    return {"__jsonclass__": ["datetime", when.strftime("%Y-%m-%dT%H:%M:%S") + (f".{when.microsecond:06}" if when.microsecond else "")]}


class WithCalls(Project):
    """The same Trac with XmlRpcPlugin 1.2: JSON by POST to /rpc, 200 for errors, too."""

    def call(self, method, params):
        if method == "system.getAPIVersion":
            return [1, 2, 0]
        if method == "system.multicall":
            return [self.answered(each) for each in params]
        if method not in ("ticket.get", "ticket.changeLog"):
            raise LookupError(-32601, f"RPC method \"{method}\" not found")
        number = params[0]
        if number not in self.issues:
            raise LookupError(404, f"Ticket {number} does not exist.")
        ticket = self.issues[number]
        if method == "ticket.get":
            values = {name: ticket[name] for name in FIELDS if name != "id"}
            return [number, call_date(ticket["time"]), call_date(ticket["changetime"]), {**values, "time": call_date(ticket["time"]), "changetime": call_date(ticket["changetime"]), "_ts": "1711011600000000"}]
        log = []
        for index, (when, author, comment, changes) in enumerate(self.history[number], 1):
            log += [[call_date(when), author, name, before, after, 1] for name, before, after in changes]
            log.append([call_date(when), author, "comment", str(index), comment, 1])
        return log

    def answered(self, request):
        base = {"id": request.get("id"), "error": None, "result": None}
        try:
            return {**base, "result": self.call(request["method"], request.get("params", []))}
        except LookupError as error:
            return {**base, "error": {"name": "JSONRPCError", "code": error.args[0], "message": error.args[1]}}

    def post(self, path, body):
        return Answer(self.answered(json.loads(body))) if path == "/rpc" else None
