# Every figure equals the program's, to all digits.
library(derisk)

program <- Sys.getenv("DERISK_PROGRAM")
if (!nzchar(program)) exit_file("DERISK_PROGRAM names no program to compare with")

folder <- tempfile("program")
dir.create(folder)
w <- dr_sample(file.path(folder, "sample.world"))

csv_of <- function(...) {
  out <- file.path(folder, "out.csv")
  said <- system2(program, shQuote(c(..., "--format", "csv", "--output", out, "--quiet")), stdout = TRUE, stderr = TRUE)
  if (!is.null(attr(said, "status"))) stop(paste(said, collapse = "\n"))
  read.csv(out, colClasses = "character", check.names = FALSE, na.strings = character())
}

# R reads decimals with an error of a unit in the last place now and then: there the digits themselves are compared.
same_number <- function(x, text) {
  digits <- nchar(gsub("^0+|[.]", "", sub("e.*", "", sub("^-?0*[.]?0*", "", text))))
  written <- mapply(function(x, digits) sprintf(paste0("%.", max(digits, 1), "g"), x), x, digits)
  number <- as.numeric(replace(text, text == "", NA))
  last_digit <- digits >= 16 & suppressWarnings(as.numeric(written)) == number
  (is.na(x) & text == "") | (!is.na(x) & !is.na(number) & (number == x | last_digit))
}
agrees <- function(table, csv) {
  identical(names(table), names(csv)) && nrow(table) == nrow(csv) && all(mapply(function(column, text) {
    if (is.character(column)) identical(column, text) else all(same_number(column, text))
  }, as.data.frame(table), csv))
}

# The comparison can fail.
one <- csv_of("balance", w$path, "EU", "CHN")
wrong <- dr_balance(w, "EU", "CHN")
wrong$balance <- wrong$balance * (1 + 4e-16)
expect_false(agrees(wrong, one))

tariff <- "EU:CHN:transport-equipment:25%"
r <- dr_simulate(w, tariffs = tariff)
for (table in c("regions", "money", "sectors", "flows", "ties", "factors", "decomposition", "overview", "protection"))
  expect_true(agrees(r[[table]], csv_of("simulate", w$path, "--tariff", tariff, "--table", table)), info = table)

cases <- list(
  balance = list(dr_balance(w, "EU", "CHN", by = "sector", value_added = TRUE),
                 c("balance", w$path, "EU", "CHN", "--by", "sector", "--value-added")),
  ties = list(dr_ties(w, sectors = "electrical-optical"),
              c("ties", w$path, "--sectors", "electrical-optical")),
  position = list(dr_position(w, "DEU"), c("position", w$path, "DEU")),
  exposure = list(dr_exposure(w, "EU", to = "CHN"), c("exposure", w$path, "EU", "--to", "CHN")),
  hidden = list(dr_exposure(w, "EU", to = "CHN", table = "hidden"),
                c("exposure", w$path, "EU", "--to", "CHN", "--hidden")),
  routes = list(dr_exposure(w, "EU", to = "CHN", table = "routes", routes = 5),
                c("exposure", w$path, "EU", "--to", "CHN", "--routes", "5")),
  cuts = list(dr_cuts(w, "DEU", to = "CHN", horizon = "short"),
              c("exposure", w$path, "DEU", "--to", "CHN", "--cut", "--horizon", "short")),
  plan = list(dr_plan(w, "EU", from = "CHN", cap = 0.3)$sectors,
              c("plan", w$path, "EU", "--from", "CHN", "--cap", "30%")),
  costs = list(dr_plan(w, "EU", from = "CHN", cap = "30%", objective = "own")$costs,
               c("plan", w$path, "EU", "--from", "CHN", "--cap", "30%", "--objective", "own", "--table", "costs")),
  budget = list(dr_plan(w, "EU", from = "CHN", budget = "0.01%")$sectors,
                c("plan", w$path, "EU", "--from", "CHN", "--budget", "0.01%")),
  play = list(dr_play(w, dr_example("eu-china.yaml"))$settings,
              c("play", w$path, dr_example("eu-china.yaml"), "--table", "settings")),
  coercion = list(dr_play(w, dr_example("china-withholds.yaml"), most = 5)$outcome,
                  c("play", w$path, dr_example("china-withholds.yaml"), "--most", "5")),
  propagate = list(dr_propagate(w, dr_example("energy-stop.yaml"), table = "path", steps = 20),
                   c("propagate", w$path, dr_example("energy-stop.yaml"), "--table", "path", "--steps", "20")),
  scenario = list(dr_simulate(w, dr_example("eu-tariff.yaml"), horizon = "medium", closure = "income-share")$regions,
                  c("simulate", w$path, dr_example("eu-tariff.yaml"), "--horizon", "medium", "--closure",
                    "income-share", "--table", "regions")),
  baseline = list(dr_simulate(w, tariffs = tariff, baseline = dr_example("eu-tariff.yaml"))$regions,
                  c("simulate", w$path, "--tariff", "EU:CHN:transport-equipment:25%", "--baseline",
                    dr_example("eu-tariff.yaml"), "--table", "regions")),
  draws = list(dr_draws(r, draws = 40, seed = 7, elasticity_error = 0.2),
               c("simulate", w$path, "--tariff", tariff, "--draws", "40", "--seed", "7", "--elasticity-error", "20%")),
  plan_draws = list(dr_draws(dr_plan(w, "EU", from = "CHN", cap = "30%"), draws = 20, elasticity_error = "20%"),
                    c("plan", w$path, "EU", "--from", "CHN", "--cap", "30%", "--draws", "20", "--elasticity-error",
                      "20%")),
  game_draws = list(dr_draws(dr_play(w, dr_example("eu-china.yaml")), draws = 10, elasticity_error = "20%"),
                    c("play", w$path, dr_example("eu-china.yaml"), "--draws", "10", "--elasticity-error", "20%")),
  plan_summary = list(dr_plan(w, "EU", from = "CHN", cap = "30%")$summary,
                      c("plan", w$path, "EU", "--from", "CHN", "--cap", "30%", "--table", "summary")),
  exposure_summary = list(dr_exposure(w, "EU", to = "CHN", table = "summary"),
                          c("exposure", w$path, "EU", "--to", "CHN", "--table", "summary")),
  propagate_draws = list(dr_propagate(w, dr_example("energy-stop.yaml"), steps = 20, draws = 10, error = 0.2),
                         c("propagate", w$path, dr_example("energy-stop.yaml"), "--steps", "20", "--draws", "10",
                           "--error", "20%")),
  sensitivity = list(dr_sensitivity(r, "welfare:EU"),
                     c("simulate", w$path, "--tariff", tariff, "--sensitivity", "welfare:EU")),
  why = list(dr_why(r, "CHN"), c("simulate", w$path, "--tariff", tariff, "--why", "CHN")),
  tie = list(dr_tie(r, "EU", "CHN"), c("simulate", w$path, "--tariff", tariff, "--tie", "EU:CHN")),
  concordance = list(dr_concordance("wiod2013", "icio2023"), c("concordance", "wiod2013", "icio2023")))
for (name in names(cases))
  expect_true(agrees(cases[[name]][[1]], do.call(csv_of, as.list(cases[[name]][[2]]))), info = name)

goods <- system.file("extdata", "goods.csv.gz", package = "derisk")
formula <- "trade ~ both(EU) | exporter^year + importer^year + pair"
fit <- dr_gravity(trade ~ both(EU) | exporter^year + importer^year + pair, read.csv(gzfile(goods)),
                  cluster = "pair", world = w)
expect_true(agrees(dr_estimates(fit), csv_of("gravity", goods, "--formula", formula, "--cluster", "pair", "--world",
                                             w$path)))
