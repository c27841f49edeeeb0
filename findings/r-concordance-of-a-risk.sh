#!/bin/sh
# R's concordance() (survival) is turned round by how it is asked: of a model of waiting times concordance(model) says
# 0.93, and concordance(Surv(days) ~ predict(model)), of the very same model's predictions, 0.07. A model of risk
# predicts high where the wait is short; asked about the model, the function knows, and asked by a formula it takes a
# high number for a long wait. One would guess one figure, or an error, since both are called the concordance of the
# model. Who tries a model on last year's issues, for which only the formula serves, finds it far worse than a coin, and
# who "mends" that by 1 - x does so for scores which were right. reverse = TRUE is for risks. Seen with survival 3.5-3
# and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-survival where they are missing. Exits non-zero where
# it behaves otherwise.
set -eu
Rscript -e 'library(survival)' 2>/dev/null || apt-get install -y --no-install-recommends r-base-core r-cran-survival >/dev/null
Rscript --vanilla -e 'library(survival)
cat(R.version.string, "survival", format(packageVersion("survival")), "\n")
issues <- data.frame(days = 1:6, votes = c(6, 5, 4, 2, 3, 1))
model <- coxph(Surv(days) ~ votes, issues)
issues$risk <- predict(model)
of <- c(model = concordance(model)$concordance, formula = concordance(Surv(days) ~ risk, issues)$concordance,
  reverse = concordance(Surv(days) ~ risk, issues, reverse = TRUE)$concordance)
print(round(of, 2))
quit(status = if (isTRUE(all.equal(unname(of), c(14, 1, 14) / 15))) 0 else 1)'
