#!/usr/bin/env python3
"""How fast JUnit XML is read: `resident results FILE --json` beside Python's xml.etree.iterparse over the same files, in turns,
by the processor's time of one core (so that a busy machine changes both alike). Without files two are written: many small
test cases, and fewer with what they printed.

    junit.py BINARY [FILE…] [--rounds N]
"""
import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile

MIB = 1e6


def small_cases(path, count):
    generator = random.Random(1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="0" failures="0" skipped="0" '
                   f'tests="{count}" time="12.5" timestamp="2026-01-01T00:00:00" hostname="host">')
        for number in range(count):
            of = f'classname="tests.unit.module_{number // 500}.TestThing{number // 40}" name="test_behaviour_of_part[{number}-case]"'
            what = generator.random()
            if what < 0.03:
                file.write(f'<testcase {of} time="{what:.3f}"><failure message="AssertionError: assert {number} == 0">'
                           + "&gt;       assert value == 0\nE       AssertionError\n" * 8 + "</failure></testcase>")
            elif what < 0.08:
                file.write(f'<testcase {of} time="0.000"><skipped type="pytest.skip" message="needs network">x.py:3: needs network'
                           '</skipped></testcase>')
            else:
                file.write(f'<testcase {of} time="{what:.3f}" />')
        file.write("</testsuite></testsuites>")


def cases_with_output(path, suites):
    with open(path, "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="AllTests">\n')
        for suite in range(suites):
            file.write(f'  <testsuite name="Suite{suite}" tests="50" failures="0" disabled="0" errors="0" time="0.1">\n')
            for number in range(50):
                file.write(f'    <testcase name="Case{number}" status="run" result="completed" time="0.00{number % 10}" '
                           f'timestamp="2026-01-01T00:00:00.000" classname="Suite{suite}">\n      <system-out>'
                           + "line of output &lt;x&gt; from the test\n" * 8 + "</system-out>\n    </testcase>\n")
            file.write("  </testsuite>\n")
        file.write("</testsuites>\n")


def processor_seconds(run):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def by_resident(binary, path):
    return processor_seconds(lambda: subprocess.run([binary, "results", path, "--json"], stdout=subprocess.DEVNULL, check=False))


def by_iterparse(path):
    code = ("import sys, xml.etree.ElementTree as tree\n"
            "for event, element in tree.iterparse(sys.argv[1]): element.clear()\n")
    return processor_seconds(lambda: subprocess.run([sys.executable, "-c", code, path], check=True))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = arguments.files
        if not files:
            files = [os.path.join(folder, "small_cases.xml"), os.path.join(folder, "cases_with_output.xml")]
            small_cases(files[0], 300_000)
            cases_with_output(files[1], 2_000)
        for path in files:
            size = os.path.getsize(path) / MIB
            ours = min(by_resident(arguments.binary, path) for _ in range(arguments.rounds))
            theirs = min(by_iterparse(path) for _ in range(arguments.rounds))
            print(f"{os.path.basename(path)}: {size:.0f} MB: resident {size / ours:.0f} MB/s, iterparse {size / theirs:.0f} MB/s, "
                  f"ratio {theirs / ours:.1f}")
    return 0


sys.exit(main())
