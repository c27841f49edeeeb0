"""What the tests of the miner share: a clean git, bounded runs, counting of results."""
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

MOST_BYTES = 5 << 30
NOWHERE = "/nonexistent"
# Nothing of the user's or the machine's configuration reaches git.
ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_") and key != "RESIDENT_DB"},
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ATTR_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
    "HOME": NOWHERE, "XDG_CONFIG_HOME": NOWHERE, "LC_ALL": "C.UTF-8", "TZ": "UTC",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.org",
}
NUMSTAT, RAW = ["--numstat", "-M"], ["--raw", "-M", "--no-abbrev"]
LOGS = {"--numstat": NUMSTAT, "--raw": RAW}


@dataclass
class Done:
    code: int | None  # None: did not end in time
    out: bytes
    err: str
    seconds: float
    megabytes: float  # peak memory

    def told(self):
        return f"exit {self.code}, {self.seconds:.1f} s, {self.err[-600:]!r}"


def bounded():
    """What goes wrong here must not take the whole machine's memory."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))


class Starter:
    """Starts the commands from a process that stays small: a child's peak memory counts from its parent's on.
    Each has a process group of its own, and what is not done in time is ended with all its children."""

    def __init__(self):
        ask, self.asks = os.pipe()
        self.answers, answer = os.pipe()
        if os.fork() == 0:
            os.close(self.asks)
            os.close(self.answers)
            try:
                self.serve(os.fdopen(ask), answer)
            finally:
                os._exit(0)
        os.close(ask)
        os.close(answer)
        self.answers = os.fdopen(self.answers)

    def serve(self, requests, answer):
        for request in map(json.loads, requests):
            files = [open(name, mode) for name, mode in zip(request["files"], ("rb", "wb", "wb"))]
            begin = time.perf_counter()
            try:
                process = subprocess.Popen([os.fsencode(part) for part in request["command"]], stdin=files[0], stdout=files[1], stderr=files[2], start_new_session=True, env=request["env"], cwd=request["cwd"], preexec_fn=bounded)
            except OSError as error:
                files[2].write(str(error).encode())
                reply = [127, 0, 0]
            else:
                ended = threading.Event()
                late = threading.Event()

                def end(group=process.pid, ended=ended, late=late):
                    if not ended.is_set():
                        late.set()
                        os.killpg(group, signal.SIGKILL)
                timer = threading.Timer(request["timeout"], end)
                timer.start()
                os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
                ended.set()
                timer.cancel()
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                reply = [None if late.is_set() else process.returncode, time.perf_counter() - begin, usage.ru_maxrss / 1024]
            for file in files:
                file.close()
            os.write(answer, json.dumps(reply).encode() + b"\n")

    def run(self, **request):
        data = json.dumps(request).encode() + b"\n"
        while data:
            data = data[os.write(self.asks, data):]
        return json.loads(self.answers.readline())


STARTER = Starter()


def run(command, timeout=60, stdin=None, env=ENVIRONMENT, cwd=None, output=None):
    """One command, its output (or into the file output), time and peak memory; it is ended after timeout seconds."""
    with tempfile.TemporaryDirectory(prefix="resident-run-") as folder:
        given, out, err = f"{folder}/in", str(output or f"{folder}/out"), f"{folder}/err"
        pathlib.Path(given).write_bytes(stdin or b"")
        code, seconds, megabytes = STARTER.run(command=[os.fsdecode(part) for part in command], timeout=timeout, files=[given, out, err], env=dict(env), cwd=str(cwd) if cwd else None)
        return Done(code, b"" if output else pathlib.Path(out).read_bytes(), pathlib.Path(err).read_text(errors="replace"), seconds, megabytes)


def git(repository, *arguments, stdin=None, check=True, timeout=300, **more):
    """What a git command prints, without the last newline."""
    done = run(["git", "-C", repository, *arguments], timeout, stdin, **more)
    if check and done.code != 0:
        raise RuntimeError(f"git {' '.join(map(str, arguments))[:300]}: {done.told()}")
    return done.out.decode(errors="surrogateescape").rstrip("\n")


def git_log(repository, what, references, timeout=300, prefix=()):
    """The oracle: git's own answer. Without references: all branches and tags."""
    return run([*prefix, "git", "-C", repository, "log", "--format=%H", *LOGS[what], *(references or ["--branches", "--tags"]), "--"], timeout)


def all_references(repository):
    return git(repository, "for-each-ref", "--format=%(refname)").split("\n")


def first_difference(theirs, ours, context=3):
    """Where two outputs part, with the commit it is in; empty if they are equal."""
    if theirs == ours:
        return ""
    left, right = theirs.split(b"\n"), ours.split(b"\n")
    place = next((i for i, (a, b) in enumerate(zip(left, right)) if a != b), min(len(left), len(right)))
    commit = next((line.decode() for line in reversed(left[:place + 1]) if re.fullmatch(rb"[0-9a-f]{40}([0-9a-f]{24})?", line)), "?")
    shown = lambda lines: "\n".join("       " + repr(line[:300])[1:] for line in lines[max(0, place - 1):place + context])
    return f"line {place + 1}, commit {commit}\n     git:\n{shown(left)}\n     ours:\n{shown(right)}"


def blocks(output):
    """sha → the lines under it, of a log with --format=%H."""
    found, lines = {}, None
    for line in output.split(b"\n"):
        if re.fullmatch(rb"[0-9a-f]{40}([0-9a-f]{24})?", line):
            lines = found.setdefault(line.decode(), [])
        elif line and lines is not None:
            lines.append(line)
    return found


class Results:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def test(self, name, function):
        begin = time.time()
        try:
            note = function() or ""
            self.passed += 1
            print(f"ok {name} ({time.time() - begin:.1f} s){': ' + note if note else ''}", flush=True)
            return True
        except Skip as reason:
            self.skip(name, reason)
        except Exception as error:
            self.failed += 1
            print(f"FAIL {name}: {error}", flush=True)
        return False

    def skip(self, name, why):
        self.skipped += 1
        print(f"skip {name}: {why}", flush=True)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        sys.exit(1 if self.failed else 0)


class Skip(Exception):
    pass


def has_miner(binary):
    """Whether this build of the program has got the command that is tested."""
    return b"--numstat" in run([binary, "mine", "--help"]).out


def work_folder(name):
    return pathlib.Path(tempfile.mkdtemp(prefix=f"resident-{name}-"))
