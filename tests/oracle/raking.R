# Figures of tests/stats/raking_test.cpp: the example of rake() in R's package survey. Rscript tests/oracle/raking.R
suppressMessages(library(survey))
data(api)
dclus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
pop.types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
pop.schwide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
raked <- rake(dclus1, list(~stype, ~sch.wide), list(pop.types, pop.schwide), control = list(maxit = 100, epsilon = 1e-10))
options(digits = 15)
print(xtabs(~ stype + sch.wide, apiclus1))             # counts of the sample
print(xtabs(~ stype + sch.wide + comp.imp, apiclus1))
print(svytable(~ stype + sch.wide, raked))             # sums of weights
w <- weights(raked)
print(c(total = sum(w), design_effect = length(w) * sum(w^2) / sum(w)^2, effective = sum(w)^2 / sum(w^2)))
print(coef(svymean(~api00, raked)))                    # 641.23, as its manual has it
print(svyciprop(~ I(comp.imp == "Yes"), svydesign(id = ~1, weights = ~w, data = cbind(apiclus1, w = w)), method = "logit"))
