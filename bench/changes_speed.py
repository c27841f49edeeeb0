#!/usr/bin/env python3
"""Times `resident bench changes` on many series and the same method in plain Python in the same run, and prints the ratio.

    bench/changes_speed.py build/release/resident [--series 5000] [--values 1000] [--python 2]

The Python is the straightforward program for E-divisive with windows, Student's t and a merging step; it is run on a few
of the series and reckoned up, and both must find the same changes in them.

With --store the same series go into a store, a run a commit, and `speed` is asked from nothing, again, and after one
more value of each series; each answer must be that of a store in which nothing is kept.
"""
import argparse, json, math, os, random, resource, sqlite3, subprocess, sys, tempfile, time


def student_p(t, freedom):
    """Two-sided p of Student's t by the regularized incomplete beta function (continued fraction)."""
    x, a, b = freedom / (freedom + t * t), freedom / 2, 0.5
    if x <= 0: return 0.0
    if x >= 1: return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))

    def fraction(a, b, x):
        c, d = 1.0, 1 / max(1e-300, 1 - (a + b) * x / (a + 1))
        h = d
        for m in range(1, 300):
            n = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d, c = 1 / (1 + n * d), 1 + n / c
            h *= d * c
            n = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d, c = 1 / (1 + n * d), 1 + n / c
            h *= d * c
            if abs(d * c - 1) < 1e-14: break
        return h
    if x < (a + 1) / (a + b + 2): return front * fraction(a, b, x) / a
    return 1 - front * fraction(b, a, 1 - x) / b


def best_split(x):
    """The split of x that energy distance is largest at, over all ends."""
    n, best = len(x), (-1.0, 0)
    left = [0.0] * (n + 1)
    for k in range(1, n): left[k + 1] = left[k] + sum(abs(x[k] - x[i]) for i in range(k))
    right = [0.0] * (n + 1)
    for tau in range(n - 1, 0, -1):
        row = 0.0
        for kappa in range(tau + 1, n + 1):
            row += abs(x[tau] - x[kappa - 1])
            right[kappa] += row
            m, k = tau, kappa - tau
            q = 2 / kappa * (left[kappa] - left[tau] - right[kappa]
                             - (k * left[tau] / (m - 1) if m > 1 else 0) - (m * right[kappa] / (k - 1) if k > 1 else 0))
            if q >= best[0]: best = (q, tau)
    return best


def test(a, b):
    if len(a) + len(b) <= 2: return 1.0
    mean = lambda v: sum(v) / len(v)
    variance = lambda v: sum((y - mean(v)) ** 2 for y in v) / len(v)
    freedom = len(a) + len(b) - 2
    error = math.sqrt(((len(a) - 1) * variance(a) + (len(b) - 1) * variance(b)) / freedom * (1 / len(a) + 1 / len(b)))
    return (1.0 if mean(a) == mean(b) else 0.0) if error == 0 else student_p((mean(a) - mean(b)) / error, freedom)


def changes(x, window=50, p=0.001):
    found, start = set(), 0
    while start < len(x):
        end, own = min(start + window, len(x)), []
        while True:
            bounds = [start] + sorted(own) + [end]
            splits = [(*best_split(x[a:b]), a, b) for a, b in zip(bounds, bounds[1:]) if b - a > 1]
            if not splits: break
            q, tau, a, b = max(splits, key=lambda s: s[0])
            if not test(x[a:a + tau], x[a + tau:b]) <= 10 * p: break
            own.append(a + tau)
        found.update(own)
        start = max(max(own, default=0), start + window // 2)
    points = sorted(found)
    around = lambda i: test(x[points[i - 1] if i else 0:points[i]], x[points[i]:points[i + 1] if i + 1 < len(points) else None])
    ps = [around(i) for i in range(len(points))]
    while points:
        weakest = max(range(len(points)), key=lambda i: ps[i])
        if ps[weakest] < p: break
        del points[weakest], ps[weakest]
        if weakest < len(points): ps[weakest] = around(weakest)
    return points


def timed(*command):
    begun, before = time.time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.time() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def of_store(binary, series, folder):
    store, runs = os.path.join(folder, "store.db"), os.path.join(folder, "runs")
    os.mkdir(runs)

    def write(position):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_600_000_000 + position * 3600))
        with open(os.path.join(runs, f"{position}.jsonl"), "w") as file:
            for number, values in enumerate(series):
                file.write(json.dumps({"benchmark": f"s{number}", "value": values[position], "unit": "s", "at": at}) + "\n")

    def add():
        return timed(binary, "add", "benchmarks", runs, "--project", "demo", "--db", store)

    count = len(series[0])
    for position in range(count - 1): write(position)
    seconds, processor, _ = add()
    print(f"store, read from files: {seconds:.2f} s ({processor:.2f} s)")
    speed = (binary, "bench", "changes", "--json", "--project", "demo", "--db", store)
    for label in ("from their rows", "again", "one new value each"):
        if label == "one new value each":
            write(count - 1)
            add()
        seconds, processor, answer = timed(*speed)
        print(f"store, {label}: {seconds:.2f} s ({processor:.2f} s of processor time), {len(json.loads(answer))} changes")
    with sqlite3.connect(store) as database: database.execute("DELETE FROM learnt")
    seconds, processor, fresh = timed(*speed)
    print(f"store, nothing kept: {seconds:.2f} s ({processor:.2f} s); the same answer: {fresh == answer}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--series", type=int, default=5000)
    parser.add_argument("--values", type=int, default=1000)
    parser.add_argument("--python", type=int, default=2, help="series that Python is timed on")
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    random.seed(1)
    series = []
    for _ in range(options.series):
        at, size = random.randrange(options.values), random.choice([1, 1, 1.05, 1.1])
        series.append([round(math.exp(random.gauss(0, 0.02)) * (size if i >= at else 1), 6) for i in range(options.values)])
    if options.store:
        with tempfile.TemporaryDirectory() as folder: of_store(options.binary, series, folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "series.csv")
        with open(path, "w") as file:
            file.write("series,position,value\n")
            for number, values in enumerate(series):
                file.writelines(f"s{number},{i},{value}\n" for i, value in enumerate(values))

        def run(*more):
            begun, before = time.time(), resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run([options.binary, "bench", "changes", "--from", path, "--json", *more], capture_output=True, text=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return time.time() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, json.loads(done.stdout)
        seconds, processor, found = run("--method", "edivisive")
        whole, whole_processor, events = run()
    begun, used = time.time(), time.process_time()
    same = 0
    for number in range(options.python):
        mine = [f["index"] for f in found if f["series"] == f"s{number}"]
        same += mine == changes(series[number])
    each, each_processor = (time.time() - begun) / options.python, (time.process_time() - used) / options.python
    print(f"{options.series} series of {options.values} values, E-divisive: {seconds:.2f} s ({processor:.2f} s of processor time), the vote: {whole:.2f} s ({whole_processor:.2f} s), {len(events)} changes, reading the CSV included")
    print(f"plain Python, E-divisive: {each:.2f} s a series on {options.python} of them, {each * options.series:.0f} s for all; the same changes in {same} of {options.python}")
    print(f"ratio: {each * options.series / seconds:.0f}; of processor time {each_processor * options.series / processor:.0f}")


sys.exit(main())
