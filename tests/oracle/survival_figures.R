# Figures of R over the tables that survival_figures.py writes: Rscript survival_figures.R FOLDER > figures (name<TAB>value a line).
suppressPackageStartupMessages({ library(survival); has_cmprsk <- requireNamespace("cmprsk", quietly = TRUE) })
folder <- commandArgs(TRUE)[1]
say <- function(name, value) cat(sprintf("%s\t%.15g\n", name, value), sep = "")
d <- read.csv(file.path(folder, "waits.csv"))

k <- survfit(Surv(time, status) ~ 1, d)
at <- c(1, 5, 20, 60, 120)
s <- summary(k, times = at)
for (i in seq_along(at)) {
  say(sprintf("km survival %g", at[i]), s$surv[i]); say(sprintf("km std_err %g", at[i]), s$std.err[i])
  say(sprintf("km low %g", at[i]), s$lower[i]); say(sprintf("km high %g", at[i]), s$upper[i])
}
q <- quantile(k, .5)
say("km median", q$quantile); say("km median low", q$lower); say("km median high", q$upper)
m <- summary(k, rmean = 60)$table
say("km rmean", m[["rmean"]]); say("km rmean std_err", m[["se(rmean)"]])
l <- survdiff(Surv(time, status) ~ module, d); say("logrank", l$chisq)
say("peto", survdiff(Surv(time, status) ~ module, d, rho = 1)$chisq)

for (ties in c("efron", "breslow")) {
  f <- coxph(Surv(time, status) ~ size + newcomer + module, d, ties = ties)
  r <- coxph(Surv(time, status) ~ size + newcomer + module, d, ties = ties, cluster = author)
  t <- coxph(Surv(time, status) ~ size + newcomer + strata(module), d, ties = ties)
  for (j in seq_along(coef(f))) {
    n <- paste("cox", ties, names(coef(f))[j])
    say(n, coef(f)[j]); say(paste(n, "se"), sqrt(vcov(f)[j, j])); say(paste(n, "robust_se"), sqrt(vcov(r)[j, j]))
    say(paste(n, "proportionality"), cox.zph(f, terms = FALSE)$table[j, 1])
  }
  say(paste("cox", ties, "null"), f$loglik[1]); say(paste("cox", ties, "model"), f$loglik[2])
  say(paste("cox", ties, "score"), f$score); say(paste("cox", ties, "concordance"), f$concordance[["concordance"]])
  say(paste("cox", ties, "proportionality global"), cox.zph(f, terms = FALSE)$table["GLOBAL", 1])
  say(paste("cox", ties, "stratified size"), coef(t)[1]); say(paste("cox", ties, "stratified model"), t$loglik[2])
}

d$event <- factor(d$outcome, c("open", "closed", "merged"), c("censor", "closed", "merged"))
a <- survfit(Surv(time, event) ~ 1, d)
s <- summary(a, times = at)
for (i in seq_along(at)) for (j in 2:3) {
  n <- paste("aj", a$states[j], at[i])
  say(n, s$pstate[i, j]); say(paste(n, "std_err"), s$std.err[i, j])
  say(paste(n, "low"), s$lower[i, j]); say(paste(n, "high"), s$upper[i, j])
}
d$row <- seq_len(nrow(d))
for (ties in c("efron", "breslow")) {
  g <- finegray(Surv(time, event) ~ size + newcomer + module + row, d, etype = "merged")
  f <- coxph(Surv(fgstart, fgstop, fgstatus) ~ size + newcomer + module, g, weights = fgwt, ties = ties, cluster = row)
  for (j in seq_along(coef(f))) {
    n <- paste("finegray", ties, names(coef(f))[j])
    say(n, coef(f)[j]); say(paste(n, "se"), sqrt(f$naive.var[j, j])); say(paste(n, "robust_se"), sqrt(vcov(f)[j, j]))
  }
}
if (has_cmprsk) {
  t <- cmprsk::cuminc(d$time, as.integer(d$event) - 1, d$module)$Tests
  say("gray closed", t[1, 1]); say("gray merged", t[2, 1])
}
