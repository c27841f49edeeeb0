#!/usr/bin/env python3
"""The embedding option, whole runs with the real ONNX Runtime and toy models.

run.py BINARY. The runtime is the one of the npm package in node_modules (./check installs it), or
RESIDENT_TEST_ONNX. PostgreSQL is used where RESIDENT_TEST_POSTGRES names a server.
Bars: vectors are what the arithmetic says; alike in meaning is found with a model and not without; without
[embedding] nothing changes; what is missing or broken is an error that says what to do.
"""
import json
import math
import os
import pathlib
import platform
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import toy_model  # noqa: E402

sys.path.insert(0, str(HERE.parent))
from harness import Skipped, Suite  # noqa: E402

suite = Suite("embedding", {**os.environ, "RESIDENT_NOW": "2024-06-01T00:00:00Z"})
BINARY, POSTGRES, WORK, ENVIRONMENT = suite.binary, suite.postgres, suite.work, suite.environment
ENVIRONMENT["XDG_CONFIG_HOME"] = str(WORK / "no-config")
resident, test, new_store = suite.resident, suite.test, suite.new_store
MACHINE = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
RUNTIME = os.environ.get("RESIDENT_TEST_ONNX") or str(HERE / f"node_modules/onnxruntime-node/bin/napi-v6/linux/{MACHINE}/libonnxruntime.so.1")
toy_model.write(WORK / "models")


def configuration(toy="tokens", **settings):
    """A file with [embedding]; settings with the value None are left out."""
    settings = {"model": f"models/{toy}.onnx", "runtime": RUNTIME, "threads": 1, **settings}
    path = WORK / f"{suite.new_name()}.toml"
    path.write_text("[embedding]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items() if value is not None))
    return path


WORDS = ("crash", "slow", "typo")
# Most have a word of their own and nothing in common; #31 means what #5 means, and shares no word with it.
ISSUES = {number: (f"{WORDS[number % 3]} alpha{number}", f"beta{number} gamma{number}") for number in range(1, 31)}
ISSUES[5] = ("Slow", "slow! Slow")
ISSUES[31] = ("sluggish", "Sluggish")
REAL = [key for key in ISSUES if key != 31]


def lines(issues, **more):
    for number, (title, body) in issues.items():
        day = f"2024-{1 + number // 28:02}-{1 + number % 28:02}T00:00:00Z"
        yield json.dumps({"record": "issue", "number": number, "title": title, "body": body, "author": f"u{number}", "created_at": day, **more.get(f"_{number}", {})})


def add(db, issues=None, **more):
    path = WORK / f"{suite.new_name()}.jsonl"
    path.write_text("\n".join(lines(issues or ISSUES, **more)) + "\n")
    resident("add", "jsonl", path, "--project", "toy", "--db", db)


MARKED = {"_31": {"state": "closed", "closed_at": "2024-02-10T00:00:00Z", "updated_at": "2024-02-10T00:00:00Z", "duplicate_of": 5}}


def like(db, number, *more):
    """Numbers that `triage show` calls like it, or a probable duplicate, with why."""
    shown = json.loads(resident("triage", "show", number, "--project", "toy", "--db", db, "--json", *more).stdout)
    shown = shown[0] if isinstance(shown, list) else shown
    found = {}
    for row in shown["rows"]:
        if row["what"] in ("like it", "probable duplicate"):
            found[int(row["answer"].split()[0][1:])] = row["why"]
    return found


def accuracy(db, *more):
    answer = json.loads(resident("accuracy", "duplicates", "--project", "toy", "--db", db, "--json", *more).stdout)
    return answer[0] if isinstance(answer, list) else answer


def kept(db):
    """(item, model, text) → the numbers that are kept."""
    spelled = "encode(vector, 'hex')" if db.startswith("postgresql") else "hex(vector)"
    answer = json.loads(resident("sql", "--db", db, "--json", f"SELECT item_id, model, text, {spelled} AS vector FROM embedding").stdout)
    answer = answer[0] if isinstance(answer, list) and answer and "rows" in answer[0] else answer
    rows = answer["rows"] if isinstance(answer, dict) else answer
    return {(row["item_id"], row["model"], row["text"]): struct.unpack(f"<{len(row['vector']) // 4}h", bytes.fromhex(row["vector"])) for row in rows}


def expected(text, model_table):
    """By the definitions: words apart, the mean of the pieces' rows, at unit length in 16 bits."""
    pieces = ["[CLS]"]
    for word in text.lower().replace("!", " ! ").split():
        pieces.append(word if word in model_table else "[UNK]")
    pieces.append("[SEP]")
    sums = [sum(model_table[piece][i] for piece in pieces) for i in range(toy_model.WIDTH)]
    length = math.sqrt(sum(each * each for each in sums))
    return tuple(round(each / length * 32767) for each in sums)


@test
def vectors_are_what_the_arithmetic_says(store):
    db = new_store(store)
    add(db)
    like(db, 31, "--config", configuration())
    found = kept(db)
    assert len(found) == len(ISSUES), len(found)
    for (item, _, _), vector in found.items():
        title, body = ISSUES[item // 2]
        wanted = expected(title + "\n" + body, toy_model.TABLE)
        assert all(abs(a - b) <= 1 for a, b in zip(vector, wanted)) and len(vector) == 3, (item, vector, wanted)


@test
def alike_in_meaning_is_found_with_a_model_and_not_without(store):
    db = new_store(store)
    add(db)
    assert like(db, 31) == {}, like(db, 31)
    with_model = like(db, 31, "--config", configuration())
    assert set(with_model) >= {5} and "near in meaning" in with_model[5], with_model
    for number in with_model:
        assert number % 3 == 1 or number == 5, with_model  # the slow ones
    assert like(db, 31) == {}, "what was answered with a model is not given without"
    # Padded to a fixed length it is the same: padding does not count.
    assert set(like(db, 31, "--config", configuration("fixed"))) == set(with_model)


@test
def the_backtest_has_it_and_says_so(store):
    db = new_store(store)
    add(db, **MARKED)
    before, after = accuracy(db), accuracy(db, "--config", configuration())
    assert before["cases"][0]["ranked"] == [], before["cases"]
    assert after["cases"][0]["truth"] == ["#5"] and after["cases"][0]["ranked"][0] == "#5", after["cases"]
    assert "embedding model" not in before["definition"], before["definition"]
    assert "An embedding model took part (tokens.onnx," in after["definition"], after["definition"]
    assert accuracy(db) == before


@test
def without_a_model_nothing_changes():
    """Neither what is printed nor what is kept, byte for byte, whether one was there before or not."""
    db, other = new_store(), new_store()
    for each in (db, other):
        add(each, **MARKED)
    like(db, 30, "--config", configuration())
    accuracy(db, "--config", configuration())
    for arguments in (["accuracy", "duplicates"], ["triage", "show", "30"], ["triage", "proposals"]):
        for form in ("json", "table"):
            texts = [resident(*arguments, "--project", "toy", "--db", each, "--format", form).stdout for each in (db, other)]
            assert texts[0] == texts[1] and texts[0], arguments
    counts = [resident("sql", "--db", each, "SELECT name, basis, length(content) FROM learnt WHERE name LIKE 'duplicate%' ORDER BY name").stdout for each in (db, other)]
    assert counts[0] == counts[1], counts
    assert kept(other) == {} and kept(db) != {}


@test
def what_is_kept_is_used_and_an_edited_text_is_read_anew(store):
    db = new_store(store)
    add(db)
    working, gone = configuration(), configuration(runtime="/nowhere/libonnxruntime.so.1")
    failed = resident("triage", "show", 31, "--project", "toy", "--db", db, "--config", gone, code=1)
    assert "can't be loaded" in failed.stderr, failed.stderr
    first = like(db, 31, "--config", working)
    count = len(kept(db))
    # Everything stands in the store: the runtime is not even looked for, neither for answers nor for learning anew.
    assert like(db, 31, "--config", gone) == first
    cases = accuracy(db, "--config", gone)
    assert cases["cases"] == [] and len(kept(db)) == count
    # One text changes: that one is read again, by the runtime, and the answer follows.
    add(db, {31: ("typo", "typo, typo")})
    failed = resident("accuracy", "duplicates", "--project", "toy", "--db", db, "--config", gone, code=1)
    assert "can't be loaded" in failed.stderr, failed.stderr
    edited = like(db, 31, "--config", working)
    assert 5 not in edited and len(kept(db)) == count + 1, (edited, len(kept(db)), count)
    # Another model, or the same with another setting, reads all.
    accuracy(db, "--config", configuration("turned"))
    assert len(kept(db)) == count + 1 + len(ISSUES)
    accuracy(db, "--config", configuration(most_tokens=9))
    assert len(kept(db)) == count + 1 + 2 * len(ISSUES)


@test
def what_was_kept_and_broke_is_made_anew():
    db = new_store()
    add(db, **MARKED)
    config = configuration()
    whole, vectors = accuracy(db, "--config", config), kept(db)
    for damage in ("zeroblob(0)", "x'7FFF7FFF7FFF'", "zeroblob(100000)", "substr(vector, 1, 4)"):
        subprocess.run([sys.executable, "-c", f"import sqlite3; c = sqlite3.connect({db!r}); c.execute(\"UPDATE embedding SET vector = {damage} WHERE item_id % 4 = 2\"); c.commit()"], check=True)
        assert accuracy(db, "--config", config) == whole, damage
        assert kept(db) == vectors, damage


@test
def a_store_that_may_only_be_read_works_without_keeping():
    if not POSTGRES:
        raise Skipped("no PostgreSQL, and a SQLite file that can't be written is not opened at all")
    db = new_store("postgresql")
    add(db)
    read_only = db + "?options=-c%20default_transaction_read_only%3Don"
    for _ in range(2):
        assert 5 in like(read_only, 31, "--config", configuration())
    assert kept(db) == {}
    assert 5 in like(db, 31, "--config", configuration()) and len(kept(db)) == len(ISSUES)


@test
def what_will_not_do_is_an_error_that_says_what_to_do():
    db = new_store()
    add(db)
    fake = WORK / "fake.cpp"
    fake.write_text('extern "C" { struct Base { const void* (*api)(unsigned); const char* (*version)(); };\n'
                    "static const void* none(unsigned) { return nullptr; }\n"
                    "static const char* version() { return VERSION; }\n"
                    "const Base* OrtGetApiBase() { static const Base base{none, version}; return &base; } }\n")
    for number, version in enumerate(("1.2.0", "1.99.0", "2.0.0", "")):
        subprocess.run(["g++", "-shared", "-fPIC", f'-DVERSION="{version}"', str(fake), "-o", str(WORK / f"fake{number}.so")], check=True)
    cases = [
        (configuration(runtime="/nowhere/libonnxruntime.so.1"), "can't be loaded"),
        (configuration(runtime="no-such-library.so"), "can't be loaded"),
        (configuration(runtime="libz.so.1"), "is not ONNX Runtime"),
        (configuration(runtime=str(WORK / "models/vocab.txt")), "can't be loaded"),
        (configuration(runtime="./fake0.so"), "is ONNX Runtime 1.2.0; it must be 1.12 or newer"),
        (configuration(runtime="./fake1.so"), "it must be 1.12 or newer"),  # says that it is, and has no such table
        (configuration(runtime="./fake2.so"), "it must be 1.12 or newer"),
        (configuration(runtime="./fake3.so"), "it must be 1.12 or newer"),
        (configuration("nowhere"), "nowhere.onnx can't be read"),
        (configuration(vocabulary="models/nowhere.txt"), "nowhere.txt can't be read"),
        (configuration(vocabulary="models/tokens.onnx"), "is no vocabulary"),
        (configuration("broken"), "failed while reading the model"),
        (configuration("newer"), "failed while reading the model"),
        (configuration("short_table"), "failed while running the model"),
        (configuration("no_mask"), "its inputs are input_ids"),
        (configuration("pixels"), "its inputs are pixels"),
        (configuration("whole_numbers"), "its outputs are same"),
        (configuration("flat"), "answered"),
        (configuration("not_a_number"), "no number"),
    ]
    for config, says in cases:
        done = resident("accuracy", "duplicates", "--project", "toy", "--db", db, "--config", config, code=None)
        told = done.stderr.strip().splitlines()
        assert done.returncode == 1 and done.stdout == "", (config.read_text(), done.returncode, done.stderr)
        assert says in told[0] and told[0].startswith("resident: ") and len(told) == 2, (says, done.stderr)
        doctor = resident("doctor", "--db", db, "--config", config).stdout
        assert "the embedding model does not work" in doctor and says in doctor, (says, doctor)
    assert kept(db) == {}
    for wrong in ({"model": None}, {"model": ""}, {"most_tokens": 1}, {"threads": -1}, {"modle": "x"}, {"runtime": 7}):
        done = resident("doctor", "--db", db, "--config", configuration(**wrong), code=2)
        assert "embedding" in done.stderr, (wrong, done.stderr)
    # A project's table cannot name one.
    path = WORK / f"{suite.new_name()}.toml"
    path.write_text('[project.toy]\nembedding = "x.onnx"\n')
    resident("doctor", "--db", db, "--config", path, code=2)


@test
def doctor_says_whether_it_works():
    db = new_store()
    add(db)
    assert "no embedding model is configured; none is needed" in resident("doctor", "--db", db).stdout
    works = resident("doctor", "--db", db, "--config", configuration()).stdout
    assert "tokens.onnx works: 3 numbers a text, ONNX Runtime 1." in works, works


@test
def the_runtime_is_there():
    assert os.path.exists(RUNTIME), f"there is no {RUNTIME}"


suite.finish()
