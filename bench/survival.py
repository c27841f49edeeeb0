#!/usr/bin/env python3
"""Times `resident stats` against R's survival in turn, on the same tables: Kaplan-Meier with intervals over a million waits,
Cox with ten covariates over 200,000. Usage: survival.py RESIDENT [--rows N] [--cox-rows N]. R's time is that of the call alone
(survfit, coxph), the table being in its memory; ours is the whole command, reading and writing included."""
import argparse
import pathlib
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
cat(system.time(survfit(Surv(time, status) ~ 1, k))[["elapsed"]], system.time(coxph(Surv(time, status) ~ ., d))[["elapsed"]], "\\n")
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("resident")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--cox-rows", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    resident = str(pathlib.Path(options.resident).resolve())
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["Rscript", "-e", MAKE % (options.rows, options.cox_rows, folder, folder)], check=True)
        times = {"km": ([], []), "cox": ([], [])}
        for _ in range(options.runs):
            out = subprocess.run(["Rscript", "-e", ASK % (folder, folder)], check=True, capture_output=True, text=True).stdout
            for (method, (theirs, ours)), text in zip(times.items(), out.split()):
                theirs.append(float(text))
                begin = time.perf_counter()
                subprocess.run([resident, "stats", method, "--from", f"{folder}/{method}.csv", "--json"], check=True,
                               stdout=subprocess.DEVNULL)
                ours.append(time.perf_counter() - begin)
        for method, (theirs, ours) in times.items():
            a, b = sorted(theirs)[len(theirs) // 2], sorted(ours)[len(ours) // 2]
            print(f"{method}: R {a:.2f} s, Resident {b:.2f} s, ratio {a / b:.1f}")


if __name__ == "__main__":
    main()
