"""The fake forge, the program beside it, and what the program's store holds in the end: for the campaigns of run.py."""
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
FAKE = HERE.parent / "fake_forge"
# Looks like a token, so that whatever hides tokens by their looks sees one; it opens nothing.
TOKEN = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
NOW = "2026-10-02T00:00:00Z"
RUN_LIMIT = 120  # seconds of a single run: longer is a hang
COLUMNS_OF_IDENTITIES = {"author_id", "actor_id", "subject_id", "merged_by", "closed_by", "reviewer_id", "assignee_id", "committer_id", "sender_id"}
# How a store came to be, not what it says.
TABLES_OF_THE_ROAD = {"source", "source_stream", "http_validator", "source_record", "person", "person_identity", "identity_link", "schema_version", "sqlite_sequence", "sqlite_stat1", "identity",
                      "learnt", "kept_answer", "item_summary", "person_month", "reviewer_week", "summary_count", "summary_state", "summary_before"}  # what pages keep that were made
COLUMNS_OF_THE_ROAD = {"source_id", "noticed_at", "synced_at", "received_at", "seen_at"}


class Forge:
    """A running fake. One process serves many runs; `reset` makes it new."""

    def __init__(self, data, tls=False):
        command = ["node", str(FAKE / "server.mjs"), "--data", str(data), "--until-stdin-ends"] + (["--tls"] if tls else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the fake forge did not start")
        self.__dict__.update(json.loads(line))

    def _ask(self, path, body=None):
        request = urllib.request.Request(self.url + path, data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()}") from error

    def control(self, **order):
        return self._ask("/_fake/control", order)

    def mutate(self, *orders):
        return self.control(mutate=list(orders))["mutated"]

    def stats(self):
        return self._ask("/_fake/stats")

    def log(self):
        return self._ask("/_fake/log")

    def kinds(self):
        return self._ask("/_fake/kinds")

    def project(self):
        return self._ask("/_fake/project")

    def export(self, folder):
        """The project as a backup would hold it now, lean: without what the fake only serves."""
        for kind in ("issues", "pulls"):
            shutil.rmtree(folder / kind, ignore_errors=True)
            (folder / kind).mkdir(parents=True)
        for item in self._ask("/_fake/export"):
            kind = "issues" if item["type"] == "issue" else "pulls"
            rest = item["issue" if item["type"] == "issue" else "pull"]
            (folder / kind / f"{rest['number']}.json").write_text(json.dumps(item))

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


class Run:
    """The program in a folder of its own, with a configuration that leads to the fake."""

    def __init__(self, binary, forge, folder, token=TOKEN, api_url=None, more=(), wait_scale="0.001", settings=""):
        self.binary, self.forge, self.folder, self.token = binary, forge, pathlib.Path(folder), token
        self.folder.mkdir(parents=True, exist_ok=True)
        self.db = self.folder / "store.db"
        self.more = list(more)
        self.outputs = []
        self.codes = []
        url = api_url or forge.url
        (self.folder / "resident.toml").write_text(f'[forge."github.com"]\napi_url = "{url}"\ntimeout_seconds = 2\n{settings}')
        self.environment = {name: value for name, value in os.environ.items() if "TOKEN" not in name and not name.startswith("RESIDENT_")}
        self.environment.update(RESIDENT_NOW=NOW, RESIDENT_WAIT_SCALE=wait_scale, XDG_CONFIG_HOME=str(self.folder / "no-config"), HOME=str(self.folder))
        if token:
            self.environment["GITHUB_TOKEN"] = token

    def command(self, *arguments):
        return [self.binary, *map(str, arguments), "--db", str(self.db)]

    def start(self, *arguments):
        return subprocess.Popen(self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment, cwd=self.folder, text=True, errors="replace")

    def finish(self, process):
        try:
            out, err = process.communicate(timeout=RUN_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"still running after {RUN_LIMIT} s: {err[-500:]}") from None
        self.outputs.append(out + err)
        self.codes.append(process.returncode)
        return process.returncode

    def resident(self, *arguments):
        return self.finish(self.start(*arguments))

    def add(self):
        return self.resident("add", f"github:{self.forge.owner}/{self.forge.name}", "--project", "p", *self.more)

    def sync(self, *more):
        return self.resident("sync", *self.more, *more)

    def is_added(self):
        if not self.db.exists():
            return False
        try:
            with sqlite3.connect(self.db) as store:
                return store.execute("SELECT count(*) FROM source").fetchone()[0] > 0
        except sqlite3.OperationalError:
            return False

    def until_done(self, attempts=12):
        """Adds and syncs as a person would: again while it says that there is more to come."""
        for _ in range(attempts):
            code = self.sync() if self.is_added() else self.add()
            if code == 0:
                return
            if code != 5:
                raise AssertionError(f"exit code {code}: {self.outputs[-1][-600:]}")
        raise AssertionError(f"not done after {attempts} runs: {self.outputs[-1][-600:]}")

    def killed(self, generator, span):
        """One run that is killed after a random part of `span` seconds."""
        process = self.start("sync", *self.more) if self.is_added() else self.start("add", f"github:{self.forge.owner}/{self.forge.name}", "--project", "p", *self.more)
        time.sleep(generator.uniform(0, span))
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        self.outputs.append(out + err)

    def spoil(self, sql, *values):
        """Changes the store behind the program's back."""
        with sqlite3.connect(self.db) as store:
            assert store.execute(sql, values).rowcount == 1, sql
        store.close()

    def leaks(self):
        """Places where the token stands."""
        if not self.token:
            return []
        found = ["what the program printed"] if any(self.token in text for text in self.outputs) else []
        for file in self.folder.rglob("*"):
            if file.is_file() and self.token.encode() in file.read_bytes():
                found.append(file.name)
        return found


def rows(db):
    """What a store says: {table: sorted rows}, with identities by their keys and nothing of how it was learnt."""
    store = sqlite3.connect(db)
    store.row_factory = sqlite3.Row
    identities = {row["identity_id"]: row["identity_key"] for row in store.execute("SELECT identity_id, identity_key FROM identity")}
    commits = {row["commit_id"]: row["sha"] for row in store.execute("SELECT commit_id, sha FROM git_commit")}
    said = {}
    for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if table in TABLES_OF_THE_ROAD or table.startswith("sqlite_") or "_fts" in table:
            continue
        lines = []
        for row in store.execute(f'SELECT * FROM "{table}"'):
            line = {}
            for column in row.keys():
                value = row[column]
                if column in COLUMNS_OF_THE_ROAD:
                    continue
                if column in COLUMNS_OF_IDENTITIES or column == "identity_id":
                    value = identities.get(value, value)
                elif column == "commit_id":
                    value = commits.get(value, value)
                elif isinstance(value, bytes):
                    value = value.hex()
                line[column] = value
            lines.append(line)
        said[table] = sorted(lines, key=lambda line: json.dumps(line, sort_keys=True, default=str))
    said["identities"] = sorted(({"key": key} for key in identities.values()), key=str)
    store.close()
    return said


def differences(first, second, tables=None, ignore=(), most=14):
    """Sentences on what `second` says otherwise than `first`. ignore: (table, column) pairs, or functions of table and line."""
    dropped = {pair for pair in ignore if isinstance(pair, tuple)}
    changes = [change for change in ignore if callable(change)]
    found = []
    for table in sorted(tables or set(first) | set(second)):
        def bag(said):
            lines = {}
            for line in said.get(table, []):
                kept = {column: value for column, value in line.items() if (table, column) not in dropped}
                for change in changes:
                    kept = change(table, kept)
                    if kept is None:
                        break
                if kept is not None:
                    text = json.dumps(kept, sort_keys=True, ensure_ascii=False)
                    lines[text] = lines.get(text, 0) + 1
            return lines
        left, right = bag(first), bag(second)
        for text in sorted(set(left) | set(right)):
            if left.get(text, 0) != right.get(text, 0):
                found.append(f"{table}: {'only there' if left.get(text, 0) > right.get(text, 0) else 'only here'}: {text[:400]}")
    return found[:most] + ([f"… and {len(found) - most} more"] if len(found) > most else [])


def seeded(seed):
    return random.Random(seed)
