# Gravity estimates with R's formulas, on data frames or files.

# A formula as the library reads it: that of R, or a text where R's grammar has no word for it (both(EU@2020)).
formula_text <- function(formula) {
  if (inherits(formula, "formula")) paste(deparse(formula, width.cutoff = 500), collapse = " ")
  else if (is.character(formula) && length(formula) == 1) formula
  else misuse("formula: expected trade ~ rta | exporter^year + importer^year + pair, or the like, or a list of some")
}

# One-sided formulas and vectors of names: ~ pair, ~ exporter + importer, "pair".
names_text <- function(x) {
  if (inherits(x, "formula")) paste(all.vars(x), collapse = ",") else joined(x)
}

# What a call reads: a data frame, which becomes a file for as long as the call needs it; files; or a world.
rows_of <- function(data) {
  if (inherits(data, "derisk_world")) return(list(files = data$path))
  if (is.character(data)) return(list(files = path.expand(data)))
  if (!is.data.frame(data)) misuse("data: expected a data frame, the paths of CSV or Parquet files, or a world")
  frame <- checked(.Call(derisk_frame, as.list(as.data.frame(data)), "data"))
  list(frame = frame, files = .Call(derisk_frame_path, frame))
}

world_path <- function(world) if (inherits(world, "derisk_world")) world$path else world

dr_gravity <- function(formula, data, cluster = NULL, weights = NULL, where = NULL, by = NULL, functions = NULL,
                       exporter = NULL, importer = NULL, year = NULL, world = NULL, costs = NULL, domestic = "own",
                       errors = "stata", least_squares = FALSE, tests = NULL, bootstrap = "none",
                       multiplier = "rademacher", replications = NULL, seed = 1, equal_tails = FALSE,
                       coordinates = NULL, cutoff = NULL, bias_correct = FALSE, keep_rows = is.null(etwfe),
                       threads = NULL, split = NULL, stars = NULL, statistics = NULL, notes = NULL, joint = FALSE,
                       iv = "control", two_step = FALSE, etwfe = NULL, controls = "not-yet", covariates = NULL) {
  formulas <- vapply(if (is.list(formula)) formula else list(formula), formula_text, "")
  fit <- call_listed("gravity", c(rows_of(data), list(
    formulas = formulas, functions = functions, cluster = names_text(cluster), weights = weights, where = where,
    by = by,
    exporter = exporter, importer = importer, year = year, world = world_path(world), costs = costs,
    domestic = domestic, errors = errors, least_squares = least_squares, tests = tests, bootstrap = bootstrap,
    multiplier = multiplier, replications = replications, seed = seed, equal_tails = equal_tails,
    coordinates = joined(coordinates), cutoff = cutoff, bias_correct = bias_correct, keep_rows = keep_rows,
    threads = threads, split = split, stars = stars, statistics = joined(statistics), notes = notes, joint = joint,
    iv = iv, two_step = two_step, etwfe = etwfe, controls = controls, covariates = covariates)))
  made <- function(table) call_library("estimate", gravity = fit, table = table)
  structure(list(gravity = fit, formulas = formulas, coefficients = made("coefficients"), fits = made("fits"),
                 covariance = made("covariance"), kept = keep_rows, call = match.call()), class = "dr_gravity")
}

# A table of the estimate, such as "effects", which needs rows that were kept.
dr_estimates <- function(fit, table = "coefficients") {
  check_fit(fit)
  call_library("estimate", gravity = fit$gravity, table = table)
}

dr_elasticities <- function(fit, with_tariff = FALSE) {
  check_fit(fit)
  call_library("elasticities", gravity = fit$gravity, with_tariff = with_tariff)
}

dr_triple_ratio <- function(data, tariff = NULL, by = NULL, where = NULL, exporter = NULL, importer = NULL,
                            year = NULL, with_tariff = FALSE) {
  call_listed("triple_ratio", c(rows_of(data), list(tariff = tariff, by = by, where = where, exporter = exporter,
                                                    importer = importer, year = year, with_tariff = with_tariff)))
}

dr_without <- function(fit, without, among = NULL, year = NULL, sigma = 7, reference = NULL) {
  check_fit(fit)
  call_library("equilibrium", gravity = fit$gravity, without = without, among = joined(among), year = year,
               sigma = sigma, reference = reference)
}

check_fit <- function(fit) if (!inherits(fit, "dr_gravity")) misuse("expected what dr_gravity() returns")
