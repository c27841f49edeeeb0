#!/usr/bin/env python3
"""How often `bench compare` calls benchmarks different that are not, and how often its intervals hold the truth.

    bench/compared_suites.py build/release/resident SERIES.json [--suites 1000] [--benchmarks 20] [--values 10] [--seed 1] [--own]

SERIES.json: a list of [name, values] of real measurements. A suite: benchmarks drawn from it, of each a stretch without a
lasting level of its own (medians between the changes that the L1 method finds are divided out), of which the two runs take
values at random. The second run is multiplied by a ratio that is known: 1 for no difference, else drawn between 0.8 and 1.25.
--own: values of both runs in order of time instead, the second after the first, so that what wavers slowly does so here too.
"""
import argparse, concurrent.futures, json, math, os, random, subprocess, sys, tempfile

from injected_steps import alarms


def wilson(k, n):
    z, p = 1.96, k / n
    middle, reach = (p + z * z / 2 / n) / (1 + z * z / n), z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return f"{100 * p:.1f} % ({100 * (middle - reach):.1f} to {100 * (middle + reach):.1f} %)"


def flat_series(binary, path, count):
    taken = []
    for name, values in json.load(open(path)):
        if len(values) >= 100 and min(values) > 0: taken.append((name, values))
    random.shuffle(taken)
    taken = [(str(number), values[:300]) for number, (_, values) in enumerate(taken[:count])]
    own = alarms(binary, taken, "--method", "l1")
    flat = []
    for name, values in taken:
        bounds = [0] + own[name] + [len(values)]
        made = []
        for a, b in zip(bounds, bounds[1:]):
            level = sorted(values[a:b])[(b - a) // 2]
            made += [v / level for v in values[a:b]]
        flat.append(made)
    return flat


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("series")
    parser.add_argument("--suites", type=int, default=1000)
    parser.add_argument("--benchmarks", type=int, default=20)
    parser.add_argument("--values", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--own", action="store_true")
    options = parser.parse_args()
    random.seed(options.seed)
    binary = os.path.realpath(options.binary)
    flat = flat_series(binary, options.series, 500)
    for label, draw in (("no difference", lambda: 1.0), ("a ratio of 0.8 to 1.25", lambda: math.exp(random.uniform(math.log(.8), math.log(1.25))))):
        suites, truths = [], []
        for _ in range(options.suites):
            first, second, truth = [], [], {}
            for number in range(options.benchmarks):
                values = random.choice(flat)
                n = options.values
                if options.own:
                    begin = random.randrange(len(values) - 2 * n)
                    chosen = values[begin:begin + 2 * n]
                else:
                    chosen = random.sample(values, 2 * n)
                name, truth_of = f"b{number}", draw()
                truth[name] = truth_of
                first.append({"name": name, "unit": "s", "values": chosen[:n]})
                second.append({"name": name, "unit": "s", "values": [v * truth_of for v in chosen[n:]]})
            suites.append((first, second))
            truths.append(truth)
        with tempfile.TemporaryDirectory() as folder:
            def compare(number):
                paths = [os.path.join(folder, f"{number}-{side}.json") for side in "ab"]
                for path, run in zip(paths, suites[number]):
                    with open(path, "w") as file: json.dump(run, file)
                told = json.loads(subprocess.run([binary, "bench", "compare", *paths, "--json"], capture_output=True, text=True, check=True).stdout)
                for path in paths: os.remove(path)
                return told["benchmarks"]
            with concurrent.futures.ThreadPoolExecutor(2) as pool: told = list(pool.map(compare, range(options.suites)))
        called = inside = all_ = some = 0
        for lines, truth in zip(told, truths):
            differ = [line for line in lines if line["verdict"] in ("better", "worse", "different")]
            called += len(differ)
            some += bool(differ)
            inside += sum(line["low"] <= truth[line["name"]] <= line["high"] for line in lines)
            all_ += len(lines)
        print(f"{label}: seed {options.seed}, {options.suites} suites of {options.benchmarks} benchmarks, {options.values} values a side: "
              f"called different {wilson(called, all_)} of benchmarks, in {wilson(some, options.suites)} of suites one or more; intervals hold the truth for {wilson(inside, all_)}", flush=True)


sys.exit(main())
