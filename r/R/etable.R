# Tables and pictures of several estimates.

stars <- function(p) ifelse(is.na(p), "", ifelse(p < 0.01, "***", ifelse(p < 0.05, "**", ifelse(p < 0.1, "*", ""))))

# Every estimate among the arguments: list(fit, model).
estimates_of <- function(...) {
  fits <- list(...)
  if (length(fits) == 1 && !inherits(fits[[1]], "dr_gravity")) fits <- fits[[1]]
  lapply(fits, check_fit)
  unlist(lapply(fits, function(fit) lapply(seq_len(nrow(fit$fits)), function(k) list(fit = fit, model = k))),
         recursive = FALSE)
}

dr_etable <- function(..., digits = 4) {
  estimates <- estimates_of(...)
  rows <- lapply(estimates, function(e) lines_of(e$fit, e$model))
  variables <- unique(unlist(lapply(rows, `[[`, "variable")))
  effects <- lapply(estimates, function(e) effects_in(e$fit$fits$formula[e$model]))
  every <- unique(unlist(effects))
  cell <- function(row, variable) {
    at <- match(variable, row$variable)
    if (is.na(at)) return("")
    if (is.na(row$coefficient[at])) return(row$left_out[at])
    number <- function(x) formatC(x, digits = digits, format = "f")
    paste0(number(row$coefficient[at]), stars(row$p[at]), " (", number(row$standard_error[at]), ")")
  }
  column <- function(k) {
    e <- estimates[[k]]
    fit <- as.data.frame(e$fit$fits)[e$model, ]
    c(trimws(sub("~.*", "", fit$formula)), fit$estimator, vapply(variables, cell, "", row = rows[[k]]),
      ifelse(every %in% effects[[k]], "yes", ""), format(fit$observations, big.mark = ","),
      formatC(if (is.na(fit$pseudo_r2)) fit$r2 else fit$pseudo_r2, digits = digits, format = "f"))
  }
  columns <- lapply(seq_along(estimates), column)
  names(columns) <- paste0("(", seq_along(estimates), ")")
  labels <- c("outcome", "estimator", variables, every, "observations", "R2 (PPML: pseudo R2)")
  structure(data.frame(labels, columns, check.names = FALSE), names = c("", names(columns)),
            class = c("dr_etable", "data.frame"))
}

# The fixed effects of a formula, behind its bar.
effects_in <- function(formula) {
  after <- strsplit(formula, "|", fixed = TRUE)[[1]]
  if (length(after) < 2) character() else trimws(strsplit(after[2], "+", fixed = TRUE)[[1]])
}

print.dr_etable <- function(x, ...) {
  print.data.frame(x, right = FALSE, row.names = FALSE)
  cat("standard errors in brackets; * p < 10%, ** p < 5%, *** p < 1%\n")
  invisible(x)
}

dr_coefplot <- function(..., level = 0.95, xlab = "coefficient and confidence interval", main = NULL) {
  estimates <- estimates_of(...)
  points <- do.call(rbind, lapply(seq_along(estimates), function(k) {
    e <- estimates[[k]]
    rows <- lines_of(e$fit, e$model)
    data.frame(variable = rows$variable, coefficient = rows$coefficient, estimate = k,
               confint(e$fit, level = level, model = e$model))
  }))
  points <- points[!is.na(points$coefficient), , drop = FALSE]
  rownames(points) <- NULL
  names(points)[4:5] <- c("low", "high")
  variables <- rev(unique(points$variable))
  at <- match(points$variable, variables) - 0.15 * (points$estimate - (1 + length(estimates)) / 2)
  margins <- graphics::par(mar = c(4.5, 1 + max(graphics::strwidth(variables, "inches")) * 5.5, 2, 1))
  on.exit(graphics::par(margins))
  graphics::plot(points$coefficient, at, xlim = range(points$low, points$high, 0), yaxt = "n", ylab = "", xlab = xlab,
                 main = main, pch = 18 + points$estimate %% 7, ylim = c(0.5, length(variables) + 0.5))
  graphics::axis(2, seq_along(variables), variables, las = 1)
  graphics::abline(v = 0, lty = 2)
  graphics::segments(points$low, at, points$high, at)
  invisible(points)
}
