# What R's users expect of an estimate. With several formulas, or with `by`, `model` is the row of the fits.

# The rows of a table that are of one estimate.
of_model <- function(table, fits, model) {
  table[table$model == fits$model[model] & table$by == fits$by[model], , drop = FALSE]
}

check_model <- function(fit, model) {
  if (!is.numeric(model) || length(model) != 1 || !model %in% seq_len(nrow(fit$fits)))
    misuse("model: expected a whole number from 1 to ", nrow(fit$fits))
}

# Coefficients of one estimate; `functions` of coefficients follow them.
lines_of <- function(fit, model, functions = TRUE) {
  check_model(fit, model)
  rows <- of_model(as.data.frame(fit$coefficients), fit$fits, model)
  if (functions) rows else rows[rows$variable %in% own_variables(fit, model), , drop = FALSE]
}

# Variables with a variance, in the order of the formula.
own_variables <- function(fit, model) unique(of_model(as.data.frame(fit$covariance), fit$fits, model)$variable)

coef.dr_gravity <- function(object, model = 1, ...) {
  rows <- lines_of(object, model, functions = FALSE)
  stats::setNames(rows$coefficient, rows$variable)
}

vcov.dr_gravity <- function(object, model = 1, ...) {
  check_model(object, model)
  rows <- of_model(as.data.frame(object$covariance), object$fits, model)
  names <- own_variables(object, model)
  matrix(rows$covariance, length(names), byrow = TRUE, dimnames = list(names, names))
}

# Degrees of freedom of the t statistic of least squares; PPML's is normal.
quantile_of <- function(fit, model, p) {
  stats::qt(p, stats::df.residual(fit, model = model))
}

df.residual.dr_gravity <- function(object, model = 1, ...) {
  check_model(object, model)
  freedom <- of_model(as.data.frame(object$covariance), object$fits, model)$freedom[1]
  if (is.na(freedom)) Inf else freedom
}

confint.dr_gravity <- function(object, parm, level = 0.95, model = 1, ...) {
  rows <- lines_of(object, model)
  if (!missing(parm)) rows <- rows[if (is.character(parm)) match(parm, rows$variable) else parm, , drop = FALSE]
  ends <- c((1 - level) / 2, 1 - (1 - level) / 2)
  width <- quantile_of(object, model, ends[2]) * rows$standard_error
  matrix(c(rows$coefficient - width, rows$coefficient + width), ncol = 2,
         dimnames = list(rows$variable, paste(format(100 * ends, trim = TRUE, digits = 3), "%")))
}

nobs.dr_gravity <- function(object, model = 1, ...) {
  check_model(object, model)
  object$fits$observations[model]
}

logLik.dr_gravity <- function(object, model = 1, ...) {
  check_model(object, model)
  structure(object$fits$log_likelihood[model], nobs = object$fits$observations[model],
            df = length(coef(object, model)), class = "logLik")
}

deviance.dr_gravity <- function(object, model = 1, ...) {
  check_model(object, model)
  object$fits$deviance[model]
}

formula.dr_gravity <- function(x, model = 1, ...) {
  check_model(x, model)
  stats::as.formula(x$fits$formula[model], env = parent.frame())
}

# Fitted values, in the order of dr_estimates(fit, "predictions").
predictions_of <- function(fit, model) {
  check_model(fit, model)
  if (!fit$kept) misuse("fitted values need dr_gravity(..., keep_rows = TRUE)")
  of_model(as.data.frame(dr_estimates(fit, "predictions")), fit$fits, model)
}

fitted.dr_gravity <- function(object, model = 1, ...) predictions_of(object, model)$fitted

predict.dr_gravity <- function(object, newdata, type = c("response", "link"), model = 1, ...) {
  if (!missing(newdata)) misuse("predict: there are fitted values for the rows of the estimate only, no 'newdata'")
  rows <- predictions_of(object, model)
  ppml <- object$fits$estimator[model] == "PPML"
  if (match.arg(type) == "link" && ppml) log(rows$fitted) else rows$fitted
}

residuals.dr_gravity <- function(object, model = 1, ...) {
  rows <- predictions_of(object, model)
  rows$outcome - rows$fitted
}

print.dr_gravity <- function(x, ...) {
  text <- tryCatch(dr_estimates(x, if (all(x$fits$by == "")) "side_by_side" else "coefficients"),
                   derisk_usage = function(gone) x$coefficients)
  print(text)
  invisible(x)
}

summary.dr_gravity <- function(object, ...) summary(object$coefficients)
dr_answer.dr_gravity <- function(x, ...) dr_answer(x$coefficients)
dr_notes.dr_gravity <- function(x, ...) dr_notes(x$coefficients)
dr_facts.dr_gravity <- function(x, ...) dr_facts(x$coefficients)

# ---- broom, modelsummary: registered when the package generics is there ----

tidy.dr_gravity <- function(x, conf.int = FALSE, conf.level = 0.95, exponentiate = FALSE, model = 1, ...) {
  rows <- lines_of(x, model)
  tidied <- data.frame(term = rows$variable, estimate = rows$coefficient, std.error = rows$standard_error,
                       statistic = rows$z, p.value = rows$p)
  if (conf.int) tidied[c("conf.low", "conf.high")] <- confint(x, level = conf.level, model = model)
  tidied <- tidied[!is.na(tidied$estimate), , drop = FALSE]
  powers <- if (exponentiate) intersect(c("estimate", "conf.low", "conf.high"), names(tidied))
  tidied[powers] <- lapply(tidied[powers], exp)
  tidied_frame(tidied)
}

glance.dr_gravity <- function(x, model = 1, ...) {
  check_model(x, model)
  fit <- as.data.frame(x$fits)[model, ]
  tidied_frame(data.frame(nobs = fit$observations, pseudo.r.squared = fit$pseudo_r2, r.squared = fit$r2,
                          within.r.squared = fit$within_r2, logLik = fit$log_likelihood, deviance = fit$deviance,
                          estimator = fit$estimator, clusters = fit$clusters))
}

augment.dr_gravity <- function(x, model = 1, ...) {
  rows <- predictions_of(x, model)
  rows$.fitted <- rows$fitted
  rows$.resid <- rows$outcome - rows$fitted
  tidied_frame(rows[setdiff(names(rows), c("model", "by", "fitted"))])
}

tidied_frame <- function(frame) {
  rownames(frame) <- NULL
  if (requireNamespace("tibble", quietly = TRUE)) tibble::as_tibble(frame) else frame
}
