#!/usr/bin/env python3
"""Times `resident stats` against R's survival in turn, on the same tables: Kaplan-Meier with intervals over a million waits,
Cox with ten covariates over 200,000. Usage: survival.py RESIDENT [--rows N] [--cox-rows N] [--alone FIT]. R's time is that of the call
alone (survfit, coxph), the table being in its memory; ours is the whole command, reading and writing included; with
--alone build/release/bench_survival_fit (bench/survival_fit.cpp) also that of the fit alone, as R's is. Times are those of the clock
and, for machines that others use, of the processor."""
import argparse
import pathlib
import resource
import subprocess
import tempfile
import time

MAKE = """
set.seed(1); n <- %d; m <- %d
t <- ceiling(rexp(n, 1/40) * 24); c <- ceiling(runif(n, 0, 200) * 24)
write.table(data.frame(time = pmin(t, c), status = as.integer(t <= c)), "%s/km.csv", sep = ",", row.names = FALSE, quote = FALSE)
x <- matrix(rnorm(m * 10), m); t <- rexp(m, exp(x %%*%% seq(-.5, .4, .1)) / 40); c <- runif(m, 0, 200)
write.table(data.frame(time = round(pmin(t, c), 3), status = as.integer(t <= c), x), "%s/cox.csv", sep = ",", row.names = FALSE, quote = FALSE)
"""
ASK = """
suppressPackageStartupMessages(library(survival))
k <- read.csv("%s/km.csv"); d <- read.csv("%s/cox.csv")
of <- function(t) c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]])
cat(of(system.time(survfit(Surv(time, status) ~ 1, k))), of(system.time(coxph(Surv(time, status) ~ ., d))), "\\n")
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("resident")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--cox-rows", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--alone")
    options = parser.parse_args()
    resident = str(pathlib.Path(options.resident).resolve())
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["Rscript", "-e", MAKE % (options.rows, options.cox_rows, folder, folder)], check=True)
        times = {"km": ([], []), "cox": ([], [])}
        for _ in range(options.runs):
            out = subprocess.run(["Rscript", "-e", ASK % (folder, folder)], check=True, capture_output=True, text=True).stdout
            figures = [float(each) for each in out.split()]
            for place, (method, (theirs, ours)) in enumerate(times.items()):
                theirs.append(figures[2 * place:2 * place + 2])
                before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                subprocess.run([resident, "stats", method, "--from", f"{folder}/{method}.csv", "--json"], check=True,
                               stdout=subprocess.DEVNULL)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                ours.append([time.perf_counter() - begin, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime])
        if options.alone:
            out = subprocess.run([options.alone, f"{folder}/km.csv", f"{folder}/cox.csv"], check=True, capture_output=True, text=True).stdout
            for method, processor, clock in (line.split() for line in out.splitlines()):
                for place, (what, mine) in enumerate((("clock", float(clock)), ("processor", float(processor)))):
                    a = sorted(each[place] for each in times[method][0])[0]
                    print(f"{method} alone, {what}: R {a:.2f} s, Resident {mine:.3f} s, ratio {a / mine:.1f} (the quickest of each)")
        for method, (theirs, ours) in times.items():
            for place, what in enumerate(("clock", "processor")):
                a, b = (sorted(each[place] for each in side)[len(ours) // 2] for side in (theirs, ours))
                print(f"{method}, {what}: R {a:.2f} s, Resident {b:.2f} s, ratio {a / b:.1f}")


if __name__ == "__main__":
    main()
