#!/usr/bin/env python3
"""Independent oracle for the GitHub metadata figures of Resident.

usage: github_metadata_oracle.py DIR [--as-of 2024-01-01T00:00:00Z] [--items FILE]

DIR holds issues/N.json and pulls/N.json as github-metadata-backup writes them.
Prints one JSON object with sorted keys; --items also writes one TSV line per item
(no header, by number): number, kind, created_at, first_response_at
(comment_or_review), closed_at, merged_at; times in epoch seconds, empty if none.

Python 3.11, standard library only.  It shares no code with the C++ program, and
must not: its use is that the two can disagree.  See README.md, too.
"""
import argparse
import json
import re
import sys
from collections import Counter
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path
from statistics import median

# The kinds of the 'timeline_activity' variant: all timed timeline entries but these,
# which GitHub writes as a side effect of something said elsewhere.
PASSIVE = {"mentioned", "subscribed", "unsubscribed", "referenced"}


def epoch(text):
    """ISO 8601 text to epoch seconds; None for null, absent or empty."""
    if not text:
        return None
    t = datetime.fromisoformat(text)
    return int(t.replace(tzinfo=t.tzinfo or timezone.utc).timestamp())


def known(user):
    """The user, or None for a deleted account: GitHub writes null, or the login ghost."""
    return None if user is None or (user.get("login") or "").lower() == "ghost" else user


def is_bot(user):
    """Case matters in the last pattern only: 'DrahtBot' is a bot, 'talbot' is not."""
    login = user.get("login") or ""
    return (user.get("type") == "Bot" or login.lower().endswith("[bot]")
            or re.search(r"(?i:(^|[-_])bot$)", login) is not None
            or re.search(r"[a-z]Bot$", login) is not None)


class Entry:
    """One thing that happened on an item: kind, time (None if not given), who."""

    def __init__(self, raw, inline=False):
        self.id = raw.get("id")
        self.kind = "inline" if inline else raw["event"]
        # reviewed: user and submitted_at.  commented and inline: user.  Others: actor.
        # committed and line-commented have neither time nor actor.
        when = raw.get("submitted_at") if self.kind == "reviewed" else None
        self.time = epoch(when or raw.get("created_at"))
        self.user = known(raw.get("user") or raw.get("actor"))  # None: account deleted
        self.published = self.time  # inline comments: set by Item


class Item:
    def __init__(self, data, as_of):
        self.kind = data["type"]  # issue | pull
        top = data[self.kind]
        self.number, self.state = top["number"], top["state"]
        self.author = known(top.get("user"))
        self.created = epoch(top["created_at"])
        # closed_at and merged_at are absent, not null, where they do not apply.
        closed, merged = epoch(top.get("closed_at")), epoch(top.get("merged_at"))
        self.timeline = [Entry(e) for e in data.get("events") or []]
        self.inline = [Entry(c, True) for c in data.get("comments") or []]

        # An inline comment is dated when it was drafted, but is public only when its
        # review is submitted (where the timeline has that review).
        submitted = {e.id: e.time for e in self.timeline if e.kind == "reviewed"}
        for entry, raw in zip(self.inline, data.get("comments") or []):
            entry.published = submitted.get(raw.get("pull_request_review_id"), entry.time)

        # Replay: (time, open afterwards?).  Kept in file order where times are equal.
        self.changes = sorted(((e.time, e.kind == "reopened") for e in self.timeline
                               if e.kind in ("closed", "merged", "reopened")
                               and e.time is not None), key=lambda c: c[0])
        self.close_events = sum(not opened for _, opened in self.changes)
        if self.state == "closed" and not self.close_events and closed is not None:
            self.changes.append((closed, False))  # e.g. converted to a discussion
            self.changes.sort(key=lambda c: c[0])
        self.replay_open = self.changes[-1][1] if self.changes else True

        # As of as_of, nothing later has happened.  closed_at is the final close, from
        # the field; from the replay only if the state changed again after as_of.
        if any(t > as_of for t, _ in self.changes):
            past = [c for c in self.changes if c[0] <= as_of]
            closed = past[-1][0] if past and not past[-1][1] else None
        self.closed = closed
        self.merged = merged if merged is not None and merged <= as_of else None

    def open_at(self, t):
        """Created strictly before t, and the last change at or before t is no close."""
        past = [opened for when, opened in self.changes if when <= t]
        return self.created < t and (past[-1] if past else True)

    def by_other_human(self, entry):
        """A null user's entry never counts: it may be the author's or anyone's.  With a
        null author, any named human is another.  Persons are told apart by login."""
        return (entry.user is not None and not is_bot(entry.user)
                and (self.author is None or entry.user["login"] != self.author["login"]))

    def first_response(self, variant, as_of):
        """Epoch seconds of the first response in the sense of variant, or None.  One
        that came after the item was closed counts too."""
        def counts(e):
            said = e.kind in ("commented", "reviewed")
            return {"conversation_comment": e.kind == "commented",
                    "comment_or_review": said or e.kind == "inline",
                    "comment_or_review_published": said or e.kind == "inline",
                    "including_close": said or e.kind in ("inline", "closed", "merged",
                                                          "labeled"),
                    "timeline_activity": e.kind not in PASSIVE | {"inline"}}[variant]
        stamp = "published" if variant == "comment_or_review_published" else "time"
        times = [getattr(e, stamp) for e in self.timeline + self.inline
                 if e.time is not None and counts(e) and self.by_other_human(e)]
        return min((t for t in times if t <= as_of), default=None)


VARIANTS = ("conversation_comment", "comment_or_review", "comment_or_review_published",
            "including_close", "timeline_activity")


def kaplan_meier_median(samples):
    """Smallest t with S(t) <= 1/2, of (t, happened?) pairs; None if never reached.  At
    equal t the censored are still at risk.  Exact: no rounding at the 1/2."""
    samples = sorted(samples)
    deaths = Counter(t for t, happened in samples if happened)
    leaving = Counter(t for t, _ in samples)
    at_risk, survival = len(samples), Fraction(1)
    for t in sorted(leaving):
        survival *= 1 - Fraction(deaths[t], at_risk)
        if survival <= Fraction(1, 2):
            return t
        at_risk -= leaving[t]
    return None


def hours(seconds):
    return None if seconds is None else round(float(seconds) / 3600, 6)


def median_hours(seconds):
    """The middle one, or the mean of the two middle ones."""
    return hours(median(seconds)) if seconds else None


def response_figures(items, variant, as_of):
    """Never responded: censored at the final close if closed, else at as_of."""
    samples = []
    for item in items:
        first = item.first_response(variant, as_of)
        end = first if first is not None else item.closed if item.closed is not None else as_of
        samples.append((end - item.created, first is not None))
    responded = [t for t, happened in samples if happened]
    return {"n_total": len(items), "n_responded": len(responded),
            "median_hours": median_hours(responded),
            "kaplan_meier_median_hours": hours(kaplan_meier_median(samples))}


def duration_figures(items, end, censored_at):
    """Time from creation to end(item); where that is None, censored_at(item)."""
    samples = [((censored_at(i) if end(i) is None else end(i)) - i.created,
                end(i) is not None) for i in items]
    happened = [t for t, yes in samples if yes]
    return {"n": len(happened), "n_total": len(samples), "median_hours": median_hours(happened),
            "kaplan_meier_median_hours": hours(kaplan_meier_median(samples))}


def month_starts(first, last):
    """Epochs of the first instants of months, from first's month up to last."""
    at = datetime.fromtimestamp(first, timezone.utc)
    year, month = at.year, at.month
    while (start := int(datetime(year, month, 1, tzinfo=timezone.utc).timestamp())) <= last:
        yield f"{year:04d}-{month:02d}", start
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def per_year(times):
    return dict(Counter(str(datetime.fromtimestamp(t, timezone.utc).year)
                        for t in times if t is not None))


def figures(everything, as_of):
    kinds = Counter(e.kind for i in everything for e in i.timeline)
    items = [i for i in everything if i.created < as_of]
    split = {"issues": [i for i in items if i.kind == "issue"],
             "pulls": [i for i in items if i.kind == "pull"]}
    issues, pulls = split["issues"], split["pulls"]
    starts = list(month_starts(min((i.created for i in items), default=as_of), as_of))
    closed_or_as_of = lambda i: as_of if i.closed is None else i.closed
    return {
        # counts are of the files as they are, whatever as_of
        "counts": {"issues": sum(i.kind == "issue" for i in everything),
                   "pulls": sum(i.kind == "pull" for i in everything),
                   "events_total": sum(kinds.values()), "events_by_kind": dict(kinds),
                   "reviews": kinds["reviewed"], "comments": kinds["commented"],
                   "inline_comments": sum(len(i.inline) for i in everything)},
        # each month with the state at the first instant of the next
        "open_per_month": [[month, sum(i.open_at(end) for i in issues),
                            sum(i.open_at(end) for i in pulls)]
                           for (month, _), (_, end) in zip(starts, starts[1:])],
        "opened_per_year": {k: per_year(i.created for i in v) for k, v in split.items()},
        "closed_per_year": {k: per_year(i.closed for i in v) for k, v in split.items()},
        "merged_per_year": per_year(i.merged for i in pulls),
        "time_to_first_response": {k: {name: response_figures(v, name, as_of)
                                       for name in VARIANTS} for k, v in split.items()},
        "time_to_merge": {
            "closed_unmerged_censored": duration_figures(
                pulls, lambda i: i.merged, closed_or_as_of),
            "closed_unmerged_excluded": duration_figures(
                [i for i in pulls if i.merged is not None or i.closed is None],
                lambda i: i.merged, closed_or_as_of)},
        "time_to_close_issues": duration_figures(issues, lambda i: i.closed, closed_or_as_of),
        # numbers of items whose state field and replayed events do not agree
        "replay": {"state_differs": sorted(i.number for i in everything
                                           if (i.state == "open") != i.replay_open),
                   "closed_without_event": sorted(i.number for i in everything if
                                                  i.state == "closed" and not i.close_events)},
    }


def main():
    ap = argparse.ArgumentParser(description="oracle for GitHub metadata figures")
    ap.add_argument("dir", type=Path, metavar="DIR")
    ap.add_argument("--as-of", default="2024-01-01T00:00:00Z", type=epoch)
    ap.add_argument("--items", type=Path, metavar="FILE")
    args = ap.parse_args()
    paths = [p for d in ("issues", "pulls") for p in (args.dir / d).glob("*.json")]
    if not paths:
        sys.exit(f"{args.dir}: no issues/N.json or pulls/N.json")
    items = sorted((Item(json.loads(p.read_text("utf-8")), args.as_of) for p in paths),
                   key=lambda i: i.number)
    if args.items:
        with args.items.open("w", encoding="utf-8") as out:
            for i in (i for i in items if i.created < args.as_of):
                row = [i.number, i.kind, i.created,
                       i.first_response("comment_or_review_published", args.as_of), i.closed, i.merged]
                print(*("" if v is None else v for v in row), sep="\t", file=out)
    json.dump(figures(items, args.as_of), sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
