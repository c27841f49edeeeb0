"""What the whole runs of the program share: the program, a work folder, stores of both engines, what they hold, a runner.

    suite = Suite("runs")                 # reads the command line: BINARY [-k WORDS] [--jobs N]

    @suite.test
    def what_must_be_so(store):           # once on SQLite and once on PostgreSQL, where RESIDENT_TEST_POSTGRES names one
        db = suite.new_store(store)
        suite.resident("add", ..., "--db", db)

    suite.finish()                        # runs them; ends with "N passed, N failed, N skipped"

Tests share no state but what the module made before finish(): with --jobs they run in several processes.
"""
import argparse
import json
import multiprocessing
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback


class Skipped(Exception):
    """Raised by a test that cannot be run here, with why."""


class Suite:
    def __init__(self, name, environment=None, arguments=None):
        parser = argparse.ArgumentParser(description=f"Whole runs: {name}")
        parser.add_argument("binary", type=pathlib.Path)
        parser.add_argument("-k", metavar="WORDS", default="", help="only tests whose name holds these words")
        parser.add_argument("--jobs", type=int, default=1, help="how many tests at once")
        if arguments:
            arguments(parser)
        self.given = parser.parse_args()
        self.name = name
        self.binary = str(self.given.binary.resolve())
        self.postgres = os.environ.get("RESIDENT_TEST_POSTGRES")
        self.work = pathlib.Path(tempfile.mkdtemp(prefix=f"resident-{name}-"))
        self.environment = {**os.environ, "RESIDENT_NOW": "2026-10-02T00:00:00Z"} if environment is None else environment
        self.tests, self.made, self.template = [], 0, None
        self.often = bool(os.environ.get("RESIDENT_TEST_OFTEN"))  # by night: tests by chance more often

    # The program and its stores

    def resident(self, *arguments, code=0, environment=None, **more):
        """Runs the program; code: its exit code, None for any."""
        done = subprocess.run([self.binary, *map(str, arguments)], **{"capture_output": True, "text": True, "cwd": self.work, **more},
                              env={**self.environment, **(environment or {})})
        if code is not None and done.returncode != code:
            raise AssertionError(f"resident {' '.join(map(str, arguments))}: exit {done.returncode}, not {code}: {done.stderr[-800:]}")
        return done

    def new_name(self, prefix=""):
        """A name that no other test has, in whatever process."""
        self.made += 1
        return f"{prefix or self.name}_{os.getpid()}_{self.made}"

    def psql(self, sql, database="postgres"):
        return subprocess.run(["psql", "-qXAt", self.postgres.rsplit("/", 1)[0] + "/" + database, "-c", sql], check=True, capture_output=True, text=True).stdout.strip()

    def new_store(self, store="sqlite", fresh=False):
        """The place of an empty store; fresh: without tables as yet."""
        name = self.new_name()
        if store == "sqlite":
            return str(self.work / f"{name}.db")
        server = self.postgres.rsplit("/", 1)[0]
        if fresh:
            self.psql(f"CREATE DATABASE {name}")
            return f"{server}/{name}"
        if not self.template:  # the program makes its tables once; further databases are copies of that one
            self.psql(f"CREATE DATABASE {name}_template")
            (self.work / "nothing.jsonl").write_text('{"record": "nothing"}\n')
            self.resident("add", "jsonl", "nothing.jsonl", "--project", "p", "--db", f"{server}/{name}_template", code=None)
            self.template = f"{name}_template"
        self.psql(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return f"{server}/{name}"

    def rows(self, db, sql):
        return [tuple(row.values()) for row in json.loads(self.resident("sql", sql, "--json", "--db", db).stdout)]

    def dump(self, db, leave_out=(), changed=None, check_text=None):
        """All that `export` tells: {table: sorted lines}. changed(tables): takes rows apart before they are sorted."""
        folder = self.work / self.new_name("export")
        self.resident("export", "--db", db, "--output", folder)
        texts = {path.stem: path.read_text() for path in sorted(folder.iterdir()) if path.suffix == ".jsonl"}
        shutil.rmtree(folder)
        if check_text:
            check_text("".join(texts.values()))
        tables = {name: [json.loads(line) for line in text.splitlines()] for name, text in texts.items()}
        for table in tables.values():
            for row in table:
                row.pop("synced_at", None)
        if changed:
            changed(tables)
        return {name: sorted(json.dumps(row, sort_keys=True) for row in table) for name, table in tables.items() if name not in leave_out}

    # The runner

    def test(self, function):
        self.tests.append(function)
        return function

    def needs_postgres(self, function):
        function.needs_postgres = True
        return function

    def cases(self):
        """(label, function, store or None, why it is skipped or "") of every test that was asked for."""
        for function in self.tests:
            takes = function.__code__.co_varnames[: function.__code__.co_argcount]
            for store in ("sqlite", "postgresql") if "store" in takes else (None,):
                label = function.__name__.replace("_", " ") + (f" ({store})" if store else "")
                needs = store == "postgresql" or getattr(function, "needs_postgres", False)
                if self.given.k in label:
                    yield label, function, store, "no PostgreSQL" if needs and not self.postgres else ""

    def run_case(self, case):
        label, function, store, skipped = case
        if skipped:
            print(f"skip {label}: {skipped}", flush=True)
            return "skipped"
        begin = time.time()
        try:
            function(*([store] if store else []))
        except Skipped as why:
            print(f"skip {label}: {why}", flush=True)
            return "skipped"
        except Exception as error:  # whatever it is, the others are to run
            where = "".join(traceback.format_exc(limit=-3).splitlines(keepends=True)[-8:])
            print(f"FAIL {label}: {type(error).__name__}: {str(error)[:1500]}\n{where}", flush=True)
            return "failed"
        print(f"ok {label} ({time.time() - begin:.1f} s)", flush=True)
        return "passed"

    def finish(self):
        cases = list(self.cases())
        if self.given.jobs > 1:
            # Forked, so that they have what the module made; each takes the next case when it is done with one.
            FORKED[:] = self, cases
            with multiprocessing.get_context("fork").Pool(self.given.jobs) as pool:
                outcomes = pool.map(run_numbered, range(len(cases)), chunksize=1)
        else:
            outcomes = [self.run_case(case) for case in cases]
        for path in (self.work, *self.work.iterdir()):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(self.work, ignore_errors=True)
        counts = {outcome: outcomes.count(outcome) for outcome in ("passed", "failed", "skipped")}
        print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
        sys.exit(1 if counts["failed"] or not cases else 0)


FORKED = []


def run_numbered(number):
    suite, cases = FORKED
    return suite.run_case(cases[number])


def same(a, b, what):
    """That two dumps are the same; else which table differs, and by which rows."""
    assert a.keys() == b.keys(), f"{what}: {sorted(a.keys() ^ b.keys())}"
    for table in a:
        if a[table] != b[table]:
            only_a, only_b = sorted(set(a[table]) - set(b[table])), sorted(set(b[table]) - set(a[table]))
            raise AssertionError(f"{what}: {table} differs: {len(a[table])} and {len(b[table])} rows; "
                                 f"{len(only_a)} only in the first, e.g. {next(iter(only_a), '')[:300]}; "
                                 f"{len(only_b)} only in the second, e.g. {next(iter(only_b), '')[:300]}")
