#!/usr/bin/env python3
"""How many steps of 5, 10 and 20 % are found in noise, and how many alarms are false.

    bench/injected_steps.py build/release/resident [SERIES.json] [--method vote] [--seed 1] [--count 300]

SERIES.json: a list of [name, values] of real measurements; a stretch of each is taken, its own lasting levels are
divided out (medians between the changes that the L1 method finds), and a step is put in. Without it the noise is made:
independent, autocorrelated (0.7), two modes at random, and two modes that last. A step is found where an alarm is within
5 values of it; every other alarm is false. Seeds are printed.
"""
import argparse, json, math, os, random, subprocess, sys, tempfile

SIZES = (0, .05, .1, .2)


def alarms(binary, all_series, *more):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "series.csv")
        with open(path, "w") as file:
            file.write("series,position,value\n")
            for name, values in all_series:
                file.writelines(f"{name},{i},{value!r}\n" for i, value in enumerate(values))
        done = subprocess.run([binary, "bench", "changes", "--from", path, "--json", *more], capture_output=True, text=True, check=True)
    found = {name: [] for name, _ in all_series}
    for change in json.loads(done.stdout): found[change["series"]].append(change["index"])
    return found


def made(kind, length):
    level, mode, values = 0.0, 0, []
    for _ in range(length):
        if kind == "independent": values.append(math.exp(random.gauss(0, .02)))
        if kind == "autocorrelated":
            level = .7 * level + random.gauss(0, .014)
            values.append(math.exp(level))
        if kind == "two modes": values.append(math.exp(random.gauss(0, .01) + (.08 if random.random() < .33 else 0)))
        if kind == "modes that last":
            if random.random() < 1 / 15: mode = 1 - mode
            values.append(math.exp(random.gauss(0, .01) + .08 * mode))
    return values


def measure(binary, label, noise, more):
    placed, everything = {}, []
    for number, values in enumerate(noise):
        at, up = random.randrange(len(values) // 5, 4 * len(values) // 5), random.random() < .5
        for size in SIZES:
            name = f"{number}@{size}"
            factor = 1 + size if up else 1 / (1 + size)
            placed[name] = (at, size)
            everything.append((name, [v * factor if i >= at else v for i, v in enumerate(values)]))
    found = alarms(binary, everything, *more)
    line = f"{label:18} {len(noise):4} series"
    for size in SIZES:
        names = [n for n in placed if placed[n][1] == size]
        hits = sum(any(abs(i - placed[n][0]) <= 5 for i in found[n]) for n in names) if size else 0
        false = sum(len(found[n]) for n in names) - hits
        line += f" | no step: {false / len(names):.2f} false" if size == 0 else f" | {size:.0%}: {hits / len(names):.2f} found, {false / len(names):.2f} false"
    print(line, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("series", nargs="?")
    parser.add_argument("--method", default="vote")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}, method {options.method}")
    more = ("--method", options.method)
    if options.series:
        taken = []
        for name, values in json.load(open(options.series)):
            if len(values) < 100 or min(values) <= 0: continue
            length = min(len(values), 300)
            begin = random.randrange(len(values) - length + 1)
            taken.append((str(len(taken)), values[begin:begin + length]))
        random.shuffle(taken)
        taken = taken[:options.count]
        own = alarms(options.binary, taken, "--method", "l1")
        noise = []
        for name, values in taken:
            bounds = [0] + own[name] + [len(values)]
            flat = []
            for a, b in zip(bounds, bounds[1:]):
                level = sorted(values[a:b])[(b - a) // 2]
                flat += [v / level for v in values[a:b]]
            noise.append(flat)
        measure(options.binary, os.path.basename(options.series), noise, more)
    else:
        for kind in ("independent", "autocorrelated", "two modes", "modes that last"):
            measure(options.binary, kind, [made(kind, 200) for _ in range(options.count)], more)


if __name__ == "__main__":
    sys.exit(main())
