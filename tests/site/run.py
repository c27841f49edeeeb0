#!/usr/bin/env python3
"""`resident site` as a whole: what stands on it, what never does, what a second run touches, and what is left by a run
that is cut off. Usage: run.py BINARY. On a simulated project and, where it is beside this repository, a real one."""
import html.parser
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import Skipped, Suite  # noqa: E402

suite = Suite("site")
BASE = "https://people.example/demo/"
SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared/data/secp256k1-github-metadata-2024-01-01.tar.zst"
LARGEST_PAGE = 150_000
ATOM = "{http://www.w3.org/2005/Atom}"
# As tests/runs/addresses.py: what looks like an address to anybody who collects them.
ADDRESS = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")

DB = str(suite.work / "demo.db")
suite.resident("simulate", "demo", "--seed", "1", "--issues", "400", "--years", "3")
suite.resident("add", "git", "demo/repository.git", "--project", "demo", "--db", DB)
suite.resident("add", "jsonl", "demo/project.jsonl", "--project", "demo", "--db", DB)


def site(*more, folder=None, db=DB, project="demo", **options):
    """Writes a site; gives its folder and what the run said."""
    folder = folder or suite.work / suite.new_name("site")
    done = suite.resident("site", folder, "--project", project, "--db", db, *more, **options)
    return pathlib.Path(folder), done.stderr


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def times(folder):
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def counts(said):
    found = re.search(r": ([\d,]+) files? written, (\d+) kept, (\d+) removed, in [\d.]+ s", said.splitlines()[-1])
    assert found, said
    return tuple(int(each.replace(",", "")) for each in found.groups())


class Links(html.parser.HTMLParser):
    """Of a page: addresses it loads, addresses it links to, its anchors."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.links, self.anchors, self.forms = [], [], set(), 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.forms += tag == "form"
        if "id" in values:
            self.anchors.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif "src" in values or (tag == "link" and values.get("rel") in ("stylesheet", "icon")):
            self.loads.append(values.get("src") or values["href"])


PLAIN, SAID = site("--weeks", "8")
FULL, _ = site("--weeks", "8", "--base-url", BASE)


@suite.test
def every_page_is_there():
    files = contents(FULL)
    for name in ("index", "flow", "people", "build", "modules", "speed", "releases", "reports"):
        assert f"{name}.html" in files, name
        results = json.loads(files[f"{name}.json"])
        assert all(result["project"] == "demo" for result in (results if isinstance(results, list) else [results]))
    assert len([path for path in files if path.startswith("reports/") and path.endswith(".html")]) == 8
    assert [path for path in files if re.fullmatch(r"releases/v\d[\w.]*\.html", path)]
    for name in ("404.html", ".nojekyll", "robots.txt", "sitemap.xml", "feed.xml"):
        assert name in files, name
    for name in ("today", "review", "triage", "inbox", "plan", "report"):
        assert f"{name}.html" not in files, name


@suite.test
def links_lead_somewhere_and_nothing_is_asked_of_others():
    for folder in (PLAIN, FULL):
        files = contents(folder)
        pages = {path: Links(text.decode()) for path, text in files.items() if path.endswith(".html")}
        for path, page in pages.items():
            assert page.forms == 0, path
            for address in page.loads:
                assert address.startswith("data:") or not urllib.parse.urlsplit(address).netloc, (path, address)
            for address in page.links + page.loads:
                parts = urllib.parse.urlsplit(address)
                if parts.scheme or parts.netloc or (path == "404.html" and address.startswith("/")):
                    continue
                there = os.path.normpath(os.path.join(os.path.dirname(path), urllib.parse.unquote(parts.path))) if parts.path else path
                assert there in files, (path, address)
                if parts.fragment and there in pages:
                    assert parts.fragment in pages[there].anchors, (path, address)
        assert not re.search(rb"(?:src|href)=\"//", b"".join(files.values()))


@suite.test
def no_page_holds_an_address_of_mail():
    for folder in (PLAIN, FULL):
        for path, content in contents(folder).items():
            if path.endswith(".png"):
                continue
            found = [each for each in ADDRESS.findall(content)]
            assert not found, (path, found[:3])


def people_of(db):
    rows = suite.rows(db, "SELECT i.name, i.login FROM identity i JOIN person_identity m ON m.project_id = i.project_id AND m.identity_id = "
                          "i.identity_id JOIN person p ON p.project_id = m.project_id AND p.person_id = m.person_id WHERE p.is_bot = 0")
    names = {name for name, _ in rows if name and " " in name.strip()}
    # A login that is a word of the language says nothing.
    logins = {login for _, login in rows if login and len(login) > 4}
    return names, logins


@suite.test
def nobody_is_named_without_a_setting():
    names, logins = people_of(DB)
    text = "\n".join(content.decode() for path, content in contents(FULL).items() if path.endswith((".html", ".json", ".xml"))).lower()
    named = sorted(name for name in names if name.lower() in text)
    assert len(names) > 100 and not named, named[:5]
    words = set(re.findall(r"(?<![\w/.-])[a-z0-9][\w-]*", text))
    accounts = sorted(login for login in logins if login.lower() in words)
    assert len(logins) > 100 and not accounts, accounts[:5]
    assert "\ue000" not in text and "\ue001" not in text


@suite.test
def people_are_shown_as_the_settings_say():
    names, logins = people_of(DB)
    for value, wanted, unwanted in (("logins", logins, names), ("names", names, set())):
        config = suite.work / f"{value}.toml"
        config.write_text(f'[project.demo.site]\npeople = "{value}"\n')
        folder, _ = site("--weeks", "2", "--config", config)
        text = "\n".join(content.decode() for path, content in contents(folder).items() if path.endswith((".html", ".json")))
        assert any(each in text for each in wanted), value
        found = [each for each in unwanted if each in text]
        assert not found, (value, found[:5])
        modules = list(folder.glob("modules/*.html"))
        links = Links((folder / "modules.html").read_text()).links
        assert len(modules) > 5 and all(f"modules/{page.name}" in links for page in modules), value
    config.write_text('[project.demo.site]\npeople = "everybody"\n')
    done = suite.resident("site", suite.work / "refused", "--project", "demo", "--db", DB, "--config", config, code=2)
    assert '"none", "logins" or "names"' in done.stderr and not (suite.work / "refused").exists()


@suite.test
def the_figures_are_the_same_whoever_is_named():
    config = suite.work / "all-names.toml"
    config.write_text('[project.demo.site]\npeople = "names"\n')
    named, _ = site("--weeks", "2", "--config", config)
    nameless, _ = site("--weeks", "2")
    compared = left_out = 0
    for path in sorted(path.name for path in nameless.glob("*.json") if not path.name.startswith(".")):
        pairs = [json.loads((folder / path).read_text()) for folder in (nameless, named)]
        for one, two in zip(*(pair if isinstance(pair, list) else [pair] for pair in pairs)):
            assert one["name"] == two["name"] and one["sample_size"] == two["sample_size"], (path, one["name"])
            if two["rows"] and not one["rows"]:
                assert "they are not shown" in one["coverage"], one["coverage"]
                left_out += 1
                continue
            assert len(one["rows"]) == len(two["rows"]), (path, one["name"])
            for mine, theirs in zip(one["rows"], two["rows"]):
                for column, value in mine.items():
                    if not isinstance(value, str):
                        assert value == theirs[column], (path, one["name"], column, value, theirs[column])
                        compared += 1
    assert compared > 1000 and left_out > 0, (compared, left_out)


@suite.test
def pages_are_small_and_say_of_when_they_are():
    for path, content in contents(FULL).items():
        if path.endswith(".html") and path != "404.html":
            assert len(content) <= LARGEST_PAGE, (path, len(content))
            text = content.decode()
            assert re.search(r"All of it is as of \d{4}-\d\d-\d\d \d\d:\d\d UTC", text), path
            assert "Made by <code>resident site DIR --project demo --as-of 20" in text, path
            assert str(suite.work) not in text, path


@suite.test
def a_second_run_touches_nothing():
    folder, said = site("--weeks", "4", "--base-url", BASE)
    before, written = times(folder), counts(said)
    begin = time.time()
    _, again = site("--weeks", "4", "--base-url", BASE, folder=folder)
    assert time.time() - begin < 1, "a second run takes less than a second"
    assert counts(again) == (0, written[0], 0) and "nothing it is made of has changed" in again, again
    assert times(folder) == before


@suite.test
def the_clock_alone_changes_nothing():
    folder, _ = site("--weeks", "4")
    before = times(folder)
    _, said = site("--weeks", "4", folder=folder, environment={"RESIDENT_NOW": "2026-10-03T10:00:00Z"})
    assert counts(said)[0] == 0 and times(folder) == before, said


@suite.test
def the_same_store_gives_the_same_bytes():
    one, two = contents(FULL), contents(site("--weeks", "8", "--base-url", BASE)[0])
    assert one == two, [path for path in one if one[path] != two.get(path)]


@suite.test
def a_missing_file_is_written_again():
    folder, _ = site("--weeks", "4")
    whole = contents(folder)
    (folder / "flow.html").unlink()
    _, said = site("--weeks", "4", folder=folder)
    assert counts(said)[0] == 1, said
    assert contents(folder) == whole


@suite.test
def past_reports_stay_as_they_are_and_where_they_are():
    folder, _ = site("--weeks", "6", "--as-of", "2026-06-01")
    before, moments = contents(folder), times(folder)
    _, said = site("--weeks", "2", "--as-of", "2026-06-20", folder=folder)
    after = contents(folder)
    reports = sorted(path for path in before if path.startswith("reports/") and path.endswith(".html"))
    assert len(reports) == 6 and all(path in after for path in reports), said
    # The newest of before has a next one now; the older ones are untouched.
    unchanged = [path for path in reports if times(folder)[path] == moments[path]]
    assert len(unchanged) == 5, unchanged
    assert reports[-1] not in unchanged and "The next one" in after[reports[-1]].decode()


@suite.test
def what_ceased_goes_and_what_is_of_others_stays():
    folder, _ = site("--weeks", "2", "--base-url", BASE)
    (folder / "CNAME").write_text("people.example\n")
    (folder / "releases/notes.txt").write_text("mine\n")
    _, said = site("--weeks", "2", "--as-of", "2024-06-01", folder=folder)  # before most releases, and without a feed
    assert not (folder / "feed.xml").exists() and counts(said)[2] > 0, said
    assert (folder / "CNAME").read_text() == "people.example\n" and (folder / "releases/notes.txt").read_text() == "mine\n"


@suite.test
def files_of_others_are_not_overwritten():
    folder = suite.work / suite.new_name("taken")
    folder.mkdir()
    (folder / "index.html").write_text("mine")
    done = suite.resident("site", folder, "--project", "demo", "--db", DB, code=2)
    assert "not of this site" in done.stderr, done.stderr
    assert [path.name for path in folder.iterdir()] == ["index.html"] and (folder / "index.html").read_text() == "mine"


def whole(folder):
    """Every page that is there has what it loads and links to; no file is half written."""
    files = contents(folder)
    for path, content in files.items():
        if path.endswith(".html") and path != "404.html":
            text = content.decode()
            assert text.endswith("</html>\n"), path
            for address in Links(text).loads:
                if not address.startswith("data:"):
                    assert os.path.normpath(os.path.join(os.path.dirname(path), address)) in files, (path, address)
        if path.endswith(".json") and not path.startswith("."):
            json.loads(content)


@suite.test
def a_run_that_is_cut_off_leaves_a_whole_site():
    folder, _ = site("--weeks", "3", "--as-of", "2026-03-01")
    wanted = contents(site("--weeks", "3", "--as-of", "2026-06-01")[0])
    command = [suite.binary, "site", str(folder), "--project", "demo", "--db", DB, "--weeks", "3", "--as-of", "2026-06-01"]
    cut = 0
    for attempt in range(12):
        process = subprocess.Popen(command, cwd=suite.work, env=suite.environment, stderr=subprocess.DEVNULL)
        # From before the first file to after the last: when the list says that writing has begun, so many files later.
        end = time.time() + 60
        while process.poll() is None and time.time() < end:
            if (folder / ".resident-site.json").exists() and '"fingerprint": ""' in (folder / ".resident-site.json").read_text():
                time.sleep(attempt * 0.0005)
                break
        process.send_signal(signal.SIGKILL)
        cut += process.wait() == -signal.SIGKILL
        whole(folder)
        if process.returncode == 0:
            break
    site("--weeks", "3", "--as-of", "2026-06-01", folder=folder)
    after = contents(folder)
    kept = {path for path in after if path not in wanted}  # reports that were published before stay
    assert all(path.startswith("reports/") for path in kept), kept
    assert cut > 0 and {path for path in wanted if path not in after} == set()


@suite.test
def the_feed_is_valid_atom_and_stays():
    folder, _ = site("--weeks", "4", "--as-of", "2026-06-01", "--base-url", BASE)
    before = ElementTree.parse(folder / "feed.xml").getroot()
    site("--weeks", "4", "--as-of", "2026-06-20", "--base-url", BASE, folder=folder)
    after = ElementTree.parse(folder / "feed.xml").getroot()
    for feed in (before, after):
        assert feed.tag == ATOM + "feed"
        for name in ("id", "title", "updated", "author"):
            assert len(feed.findall(ATOM + name)) == 1, name
        entries = feed.findall(ATOM + "entry")
        ids = [entry.findtext(ATOM + "id") for entry in entries]
        assert len(set(ids)) == len(ids) >= 4 and all(each.startswith("tag:people.example,2026:/demo/") for each in ids)
        for entry in entries:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.findtext(ATOM + "updated"))
            link = entry.find(ATOM + "link").get("href")
            assert link.startswith(BASE) and (folder / link[len(BASE):]).exists(), link
        moments = [entry.findtext(ATOM + "updated") for entry in entries]
        assert moments == sorted(moments, reverse=True) and feed.findtext(ATOM + "updated") == moments[0]
    updated = {entry.findtext(ATOM + "id"): entry.findtext(ATOM + "updated") for entry in after.findall(ATOM + "entry")}
    reports = [entry for entry in before.findall(ATOM + "entry") if "/reports/" in entry.findtext(ATOM + "id")]
    assert len(reports) == 4 and all(updated[each.findtext(ATOM + "id")] == each.findtext(ATOM + "updated") for each in reports)


@suite.test
def the_feed_tells_what_happened():
    truth = json.loads((suite.work / "demo/truth.json").read_text())
    events = json.loads((FULL / "index.json").read_text())
    rows = (events[0] if isinstance(events, list) else events)["rows"]
    keys = [row["key"] for row in rows]
    slower = {change["sha"][:12] for change in truth["benchmark_changes"] if change["factor"] > 1}
    told = {key.split("/")[1] for key in keys if key.startswith("speed/")}
    assert told & slower, (sorted(told), sorted(slower))
    assert any(key.startswith("releases/") for key in keys), keys
    feed = (FULL / "feed.xml").read_text()
    assert all(f"events/{urllib.parse.quote(key)}</id>" in feed for key in keys[:50])


@suite.test
def without_an_address_there_are_no_absolute_ones():
    assert "--base-url" in SAID, SAID
    files = contents(PLAIN)
    assert not {"feed.xml", "sitemap.xml"} & files.keys() and not [path for path in files if path.endswith(".png")]
    for path, content in files.items():
        assert b"og:image" not in content and b"og:url" not in content and b"canonical" not in content, path
    done = suite.resident("site", suite.work / "nowhere", "--project", "demo", "--db", DB, "--base-url", "people.example", code=2)
    assert "--base-url" in done.stderr and not (suite.work / "nowhere").exists()


@suite.test
def pictures_are_named_by_their_addresses():
    pictures = sorted(path for path in contents(FULL) if path.endswith(".png"))
    if not pictures:
        raise Skipped("no librsvg or no fonts here")
    for path, content in contents(FULL).items():
        if path.endswith(".html") and path != "404.html":
            picture = re.search(rb'og:image" content="' + re.escape(BASE.encode()) + rb'([^"]+)"', content)
            assert picture and picture.group(1).decode() in pictures, path
    for path in pictures:
        assert (FULL / path).read_bytes().startswith(b"\x89PNG\r\n\x1a\n"), path


@suite.test
def without_fonts_there_are_no_pictures():
    fonts = suite.work / "no-fonts.conf"
    fonts.write_text('<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig></fontconfig>\n')
    folder, said = site("--weeks", "2", "--base-url", BASE, environment={"FONTCONFIG_FILE": str(fonts)})
    assert "no pictures for links" in said and not list(folder.glob("*.png")), said
    assert "og:image" not in (folder / "flow.html").read_text() and "og:url" in (folder / "flow.html").read_text()


@suite.test
def a_real_project_is_written_in_time():
    if not SHARED.exists():
        raise Skipped("the shared data are not beside this repository")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tar", "--zstd", "-xf", SHARED, "-C", folder], check=True)
        metadata = next(pathlib.Path(folder).iterdir())
        db = suite.new_store()
        suite.resident("add", "github-metadata", metadata, "--project", "secp256k1", "--db", db)
    # Of the processor: other tests run beside this one.
    def spent():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    begin = spent()
    written, said = site("--base-url", BASE, db=db, project="secp256k1")
    first = spent() - begin
    begin = spent()
    _, again = site("--base-url", BASE, db=db, project="secp256k1", folder=written)
    second = spent() - begin
    print(f"  secp256k1: {first:.1f} s, then {second:.2f} s; {said.splitlines()[-1]}")
    assert first < 15 and second < 1 and counts(again)[0] == 0, (first, second, again)
    for path, content in contents(written).items():
        assert not path.endswith(".html") or len(content) <= LARGEST_PAGE, (path, len(content))
        assert path.endswith(".png") or not ADDRESS.search(content), (path, ADDRESS.search(content))


suite.finish()
