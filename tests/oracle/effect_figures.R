# Figures of R that tests/stats/effect_test.cpp holds: Rscript effect_figures.R (r-base-core, r-cran-sandwich,
# r-cran-quadprog). The series are made by whole numbers, so that both have the same.
suppressPackageStartupMessages({ library(sandwich); library(quadprog) })
say <- function(name, value) cat(sprintf("%s\t%.15g\n", name, value), sep = "")

# The exact diffuse log-likelihood by dense matrices: what the diffuse states give is a regression of which nothing is
# known, everything else a normal vector (Durbin and Koopman 2012, section 5.3); without 2 pi for what the start takes.
diffuse <- function(y, transition, z, noise, irregular) {
  n <- length(y); m <- ncol(z)
  powers <- list(diag(m)); for (i in 2:n) powers[[i]] <- transition %*% powers[[i - 1]]
  x <- t(sapply(1:n, function(t) z[t, ] %*% powers[[t]])); if (m == 1) x <- t(x)
  p <- matrix(0, m, m); v <- matrix(0, n, n)
  for (t in 1:n) {
    for (s in t:n) v[t, s] <- v[s, t] <- (z[s, ] %*% powers[[s - t + 1]] %*% p %*% z[t, ])[1]
    p <- transition %*% p %*% t(transition) + noise
  }
  diag(v) <- diag(v) + irregular
  w <- solve(v); g <- t(x) %*% w %*% x; b <- solve(g, t(x) %*% w %*% y); r <- y - x %*% b
  -((n - m) * log(2 * pi) + determinant(v)$modulus + determinant(g)$modulus + t(r) %*% w %*% r)[1] / 2
}
say("nile level", diffuse(as.numeric(Nile), diag(1), matrix(1, 100, 1), matrix(1469.18), 15098.52))
t <- 0:59
y <- 10 + t / 8 + (t * 37) %% 11 + ifelse(t %% 4 == 1, 6, 0)
x <- (t * 29) %% 13
season <- rbind(rep(-1, 3), cbind(diag(2), 0))
transition <- diag(6); transition[1, 2] <- 1; transition[3:5, 3:5] <- season
noise <- diag(c(.5, .01, .2, 0, 0, 0))
say("trend season along", diffuse(y, transition, cbind(1, 0, 1, 0, 0, x), noise, 8))

panel <- expand.grid(period = 0:7, unit = 0:11)
panel$touched <- panel$unit %% 3 == 0
panel$y <- (panel$unit * 7 + panel$period * 13 + panel$unit * panel$period * 5) %% 17 + panel$unit +
  ifelse(panel$touched & panel$period >= 5, 3, 0)
panel$since <- panel$touched * (panel$period >= 5)
f <- lm(y ~ factor(unit) + factor(period) + since, panel)
say("did effect", coef(f)[["since"]])
say("did deviation", sqrt(vcovCL(f, ~unit, type = "HC1")["since", "since"]))
for (k in c(0:3, 5:7)) panel[[paste0("k", k)]] <- panel$touched * (panel$period == k)
f <- lm(y ~ factor(unit) + factor(period) + k0 + k1 + k2 + k3 + k5 + k6 + k7, panel)
v <- vcovCL(f, ~unit, type = "HC1")
for (k in c("k0", "k3", "k7")) { say(paste("event effect", k), coef(f)[[k]]); say(paste("event deviation", k), sqrt(v[k, k])) }
leads <- c("k0", "k1", "k2", "k3")
wald <- (t(coef(f)[leads]) %*% solve(v[leads, leads]) %*% coef(f)[leads])[1] / 4
say("event leads p", pf(wald, 4, 11, lower.tail = FALSE))

donors <- outer(0:19, 0:5, function(t, j) 20 + (t * (j + 3) + j * j * 7) %% 13 + j)
target <- 21 + (0:19 * 5) %% 11 + 0:19 %% 3
q <- solve.QP(t(donors) %*% donors, t(donors) %*% target, cbind(1, diag(6)), c(1, rep(0, 6)), 1)
for (j in 1:6) say(paste("simplex", j), max(0, q$solution[j]))

i <- 0:199
d <- data.frame(size = (i * 37) %% 23 / 10, pull = as.numeric((i * 7) %% 3 == 0), year = i %/% 40)
d$given <- as.numeric(((i * 53) %% 97) / 97 < 1 / (1 + exp(-(0.8 - d$size + 0.6 * d$pull))))
d$back <- as.numeric(((i * 71) %% 89) / 89 < 0.2 + 0.25 * d$given + 0.1 * d$pull)
f <- glm(given ~ size + pull + year, binomial, d, control = glm.control(epsilon = 1e-14))
for (n in names(coef(f))) say(paste("glm", n), coef(f)[[n]])
p <- fitted(f); u <- mean(d$given)
w <- ifelse(d$given == 1, u / p, (1 - u) / (1 - p))
w <- pmin(pmax(w, quantile(w, .01)), quantile(w, .99))
one <- d$given == 1
a <- weighted.mean(d$back[one], w[one]); b <- weighted.mean(d$back[!one], w[!one])
v <- sum((w[one] * (d$back[one] - a) / (a * sum(w[one])))^2) + sum((w[!one] * (d$back[!one] - b) / (b * sum(w[!one])))^2)
say("weighted ratio", a / b); say("weighted low", a / b * exp(-qnorm(.975) * sqrt(v)))
