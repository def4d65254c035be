# Failures are conditions with the library's message and a class.
library(derisk)
w <- dr_sample()

expect_error(dr_open("no.world"), "no.world: no such file", class = "derisk_bad_input")
expect_error(dr_simulate(w, tariffs = "EU:CHNN:goods:25%"), "^tariff: 'CHNN' is neither.*did you mean 'CHN'",
             class = "derisk_bad_input")
expect_error(dr_simulate(w, tariffs = data.frame(by = "EU", on = c("CHN", "CHNN"), sectors = "goods", rate = 0.1)),
             "^tariff 2: 'CHNN'", class = "derisk_bad_input")
expect_error(dr_simulate(w, tariffs = data.frame(by = "EU", on = "CHN", rat = 1)),
             "unknown argument 'rat'; there are by on sectors rate kind inside", class = "derisk_usage")
expect_error(dr_simulate(w, tariffs = data.frame(by = "EU", on = "CHN")), "rate is missing", class = "derisk_usage")
expect_error(dr_simulate(w, tariffs = list("EU", "CHN", "goods", 0.1, "set", TRUE, 1)), "BY:ON:SECTORS:RATE",
             class = "derisk_usage")
expect_error(dr_simulate(w, tariffs = "EU:CHN:goods:25"), "rate: ", class = "derisk_usage")
expect_error(dr_simulate(w, tariffs = 0.25), "expected a data frame", class = "derisk_usage")
expect_error(dr_simulate(w, tariffs = "EU:CHN:goods:25%", horizn = "short"), "did you mean horizon",
             class = "derisk_usage")
expect_error(dr_simulate(w, tariffs = "EU:CHN:goods:25%", closure = "zeros"),
             'closure "zeros": expected "fixed", "income-share" or "zero"', class = "derisk_usage")
expect_error(dr_simulate(w, "changes:\n  - tarif: {by: EU}\n"), "scenario:2:5", class = "derisk_bad_input")
expect_error(dr_simulate(w, "none.yaml"), "none.yaml", class = "derisk_bad_input")
expect_error(dr_simulate(w, bans = "all:all:all"), class = "derisk_no_solution")
expect_error(dr_balance(w, "EU", by = "sektor"), 'expected "total", "sector" or "year"', class = "derisk_usage")
expect_error(dr_balance(w, c("DEU", NA)), class = "derisk_bad_input")
expect_error(dr_balance(w, "EU", year = 2011.5), "year: expected a whole number", class = "derisk_usage")
expect_error(dr_balance(w, "EU", value_added = "yes"), "value_added: expected TRUE or FALSE", class = "derisk_usage")
expect_error(dr_balance("sample.world", "EU"), "expected what dr_open", class = "derisk_usage")
expect_error(dr_ties(w, sectors = 7), class = "derisk_error")
expect_error(dr_plan(w, "EU", from = "CHN", cap = "30"), "cap: ", class = "derisk_usage")
expect_error(dr_draws(dr_plan(w, "EU", from = "CHN", cap = 0.3), table = "flows"), class = "derisk_usage")
expect_error(dr_draws(w), "expected what dr_simulate", class = "derisk_usage")
expect_error(dr_example("no.yaml"), "there are china-delays.yaml", class = "derisk_usage")
expect_error(dr_products(w, "EU"), class = "derisk_bad_input")
expect_error(dr_footprint(w), class = "derisk_bad_input")

# Ctrl-C stops a long call, also where it reports no progress, and R goes on.
if (.Platform$OS.type == "unix") {
  script <- tempfile(fileext = ".R")
  writeLines(c(
    sprintf(".libPaths(c(%s))", paste(deparse(.libPaths()), collapse = "")),
    "library(derisk)", "w <- dr_sample()", "r <- dr_simulate(w, tariffs = 'EU:CHN:transport-equipment:25%')",
    "system(paste0('(sleep 1; kill -INT ', Sys.getpid(), ') &'))", "began <- Sys.time()",
    "tryCatch(dr_draws(r, draws = 1e7, elasticity_error = 0.2), interrupt = function(e) cat('interrupted\\n'))",
    "stopifnot(as.numeric(Sys.time() - began, units = 'secs') < 30)",
    "cat(nrow(dr_balance(w, 'EU', 'CHN')), 'row\\n')"), script)
  said <- system2(file.path(R.home("bin"), "Rscript"), script, stdout = TRUE, stderr = TRUE)
  expect_equal(said[said != ""], c("interrupted", "1 row"))
}
