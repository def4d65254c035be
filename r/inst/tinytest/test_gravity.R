# Gravity estimates as R's users expect them.
library(derisk)
w <- dr_sample()
goods <- read.csv(gzfile(system.file("extdata", "goods.csv.gz", package = "derisk")))
some <- goods[goods$year >= 2009 & goods$exporter <= "CZE" & goods$importer <= "CZE", ]

# ---- Against glm with a dummy for every effect: the plain, slow way ----
fit <- dr_gravity(trade ~ international:year | exporter^year + importer^year + pair, some, errors = "none")
some$pair <- factor(paste(pmin(some$exporter, some$importer), pmax(some$exporter, some$importer)))
some$year <- factor(some$year)
for (level in levels(some$year))
  some[paste0("international:year=", level)] <- (some$exporter != some$importer) * (some$year == level)
variables <- names(coef(fit))
x <- model.matrix(reformulate(c(sprintf("`%s`", variables), "exporter:year", "importer:year", "pair")), some)
whole <- qr(x, tol = 1e-9)
x <- x[, whole$pivot[seq_len(whole$rank)]] # the dummies are not independent of each other
plain <- suppressWarnings(glm.fit(x, some$trade, family = quasipoisson(),
                                  control = glm.control(epsilon = 1e-13, maxit = 100)))
at <- match(sprintf("`%s`", variables), colnames(x))
expect_false(anyNA(at))
expect_equal(unname(coef(fit)), unname(plain$coefficients[at]), tolerance = 1e-7)
rows <- dr_estimates(fit, "predictions")
order <- match(paste(some$exporter, some$importer, some$year), paste(rows$exporter, rows$importer, rows$year))
expect_equal(rows$fitted[order], unname(plain$fitted.values), tolerance = 1e-6)

# The sandwich without small-sample factors, from the cross-products of the plain fit.
mu <- plain$fitted.values
scale <- sqrt(colSums(mu * x^2)) # effects of small traders have small weights
z <- t(t(x) / scale)
bread <- solve(crossprod(z, mu * z))
sandwich <- bread %*% crossprod(z * (some$trade - mu)) %*% bread / tcrossprod(scale)
expect_equal(unname(vcov(fit)), unname(sandwich[at, at]), tolerance = 1e-5)

# ---- Methods ----
fit <- dr_gravity(list(trade ~ both(EU) + lag(both(EU), 4) | exporter^year + importer^year + pair,
                       log(trade) ~ both(EU) | exporter^year + importer^year),
                  goods, cluster = ~ pair, world = w, functions = "both(EU) + lag(both(EU), 4)")
table <- as.data.frame(fit$coefficients)
expect_equal(names(coef(fit)), c("both(EU)", "lag(both(EU), 4)"))
for (model in 1:2) {
  own <- table[table$model == model, ]
  k <- seq_along(coef(fit, model = model))
  expect_equal(unname(sqrt(diag(vcov(fit, model = model)))), own$standard_error[k], tolerance = 1e-14)
  expect_equal(unname(confint(fit, model = model)), unname(as.matrix(own[c("low", "high")])), tolerance = 1e-9)
  expect_equal(vcov(fit, model = model), t(vcov(fit, model = model)))
}
sum_error <- sqrt(sum(vcov(fit)))
expect_equal(table$standard_error[3], sum_error, tolerance = 1e-12)
expect_equal(df.residual(fit), Inf)
expect_true(is.finite(df.residual(fit, model = 2)))
expect_equal(nobs(fit), fit$fits$observations[1])
expect_equal(as.numeric(logLik(fit)), fit$fits$log_likelihood[1])
expect_equal(attr(logLik(fit), "df"), 2L)
expect_equal(deviance(fit), fit$fits$deviance[1])
expect_inherits(formula(fit), "formula")
expect_equal(confint(fit, "both(EU)", level = 0.9)[1, 1],
             coef(fit)[[1]] - qnorm(0.95) * sqrt(vcov(fit)[1, 1]), tolerance = 1e-12)
expect_equal(length(predict(fit)), nrow(goods))
expect_equal(predict(fit, type = "link"), log(fitted(fit)))
expect_equal(residuals(fit), dr_estimates(fit, "predictions")$outcome[seq_along(fitted(fit))] - fitted(fit))
expect_stdout(print(fit), "observations")
expect_stdout(print(summary(fit)), "standard error")
expect_error(coef(fit, model = 3), "from 1 to 2", class = "derisk_usage")
expect_error(predict(fit, newdata = goods), "newdata", class = "derisk_usage")

etable <- dr_etable(fit)
expect_equal(dim(etable), c(10L, 3L))
expect_true(grepl("^0\\.[0-9]{4}\\*\\*\\* \\(0\\.[0-9]{4}\\)$", etable[3, 2]))
expect_stdout(print(etable), "standard errors in brackets")
pdf(NULL)
drawn <- dr_coefplot(fit)
dev.off()
expect_equal(drawn$low[1], confint(fit)[1, 1])

if (requireNamespace("generics", quietly = TRUE)) {
  tidied <- generics::tidy(fit, conf.int = TRUE)
  expect_equal(tidied$estimate[1:2], unname(coef(fit)))
  expect_equal(tidied$conf.low, unname(confint(fit)[, 1]))
  expect_equal(generics::tidy(fit, exponentiate = TRUE)$estimate[1], exp(coef(fit)[[1]]))
  expect_equal(generics::glance(fit)$nobs, nobs(fit))
  expect_equal(nrow(generics::augment(fit)), nrow(goods))
}

# ---- Data frames of every kind ----
of_plain <- coef(dr_gravity(trade ~ both(EU) | exporter + importer, goods, world = w))
kinds <- goods
kinds$exporter <- factor(kinds$exporter)
kinds$year <- as.integer(kinds$year)
kinds$trade <- as.numeric(kinds$trade)
kinds$day <- as.Date(paste0(kinds$year, "-07-01"))
kinds$moment <- as.POSIXct(kinds$day)
kinds$flag <- kinds$trade > 100
expect_identical(coef(dr_gravity(trade ~ both(EU) | exporter + importer, kinds, world = w)), of_plain)
early <- "day < DATE '2030-01-01' AND moment IS NOT NULL AND flag IS NOT NULL"
expect_identical(coef(dr_gravity("trade ~ both(EU) | exporter + importer", kinds, world = w, where = early)), of_plain)
holes <- kinds
holes$trade[c(3, 50)] <- NA
holes$flag[7] <- NA
without <- dr_gravity(trade ~ both(EU) | exporter + importer, holes, world = w)
expect_equal(without$fits$missing, 2)
expect_equal(nobs(without), nobs(dr_gravity(trade ~ both(EU) | exporter + importer, goods[-c(3, 50), ], world = w)))
if (requireNamespace("tibble", quietly = TRUE))
  expect_identical(coef(dr_gravity(trade ~ both(EU) | exporter + importer, tibble::as_tibble(goods), world = w)),
                   of_plain)
file <- tempfile(fileext = ".csv")
write.csv(goods, file, row.names = FALSE)
expect_identical(coef(dr_gravity(trade ~ both(EU) | exporter + importer, file, world = w)), of_plain)
expect_equal(nrow(dr_gravity(trade ~ international | exporter + importer, w)$fits), 1L)

expect_error(dr_gravity(trade ~ rta | exporter, goods), "rta", class = "derisk_bad_input")
expect_error(dr_gravity(trade ~ both(EU) | exporter, goods[0, ], world = w), class = "derisk_bad_input")
expect_error(dr_gravity(trade ~ both(EU) | exporter, data.frame(), world = w), class = "derisk_error")
expect_error(dr_gravity(trade ~ both(EU) | exporter, transform(goods, trade = as.character(exporter)), world = w),
             class = "derisk_bad_input")
expect_error(dr_gravity(trade ~ both(EU) | exporter, transform(goods, z = complex(1)), world = w),
             "column 'z' is complex", class = "derisk_bad_input")
expect_error(dr_gravity(7, goods), "formula: expected", class = "derisk_usage")
expect_error(dr_gravity(trade ~ both(EU), 7), "data: expected a data frame", class = "derisk_usage")

# ---- Cohorts, instruments, splits ----
fit <- dr_gravity(trade ~ 1 | exporter^year + importer^year + pair, goods, cluster = ~ pair, world = w,
                  etwfe = "both(EU)", where = "year >= 2002")
averages <- as.data.frame(dr_estimates(fit, "cohorts"))
expect_equal(averages$average[1], "all")
expect_true(all(c(2004, 2008) %in% averages$when[averages$average == "cohort"]))
set.seed(1)
d <- data.frame(y = 0, x = 0, z = rnorm(200), g = rep(c("a", "b"), 100))
u <- rnorm(200)
d$x <- d$z + u
d$y <- 0.5 * d$x + u + rnorm(200)
fit <- dr_gravity("y ~ 1 | g | x ~ z", d, least_squares = TRUE, keep_rows = FALSE)
by_group <- lapply(d[c("y", "x", "z")], function(v) v - ave(v, d$g))
expect_equal(unname(coef(fit)["x"]), sum(by_group$z * by_group$y) / sum(by_group$z * by_group$x), tolerance = 1e-9)
fit <- dr_gravity(y ~ x, d, split = "g", least_squares = TRUE, joint = TRUE, stars = "none")
expect_equal(sort(unique(fit$coefficients$by)), c("", "a", "b"))
joint <- as.data.frame(dr_estimates(fit, "joint"))
expect_equal(joint$covariance[joint$variable == "b: x" & joint$other == "a: x"], 0)
