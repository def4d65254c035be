# Policy in general equilibrium.

dr_simulate <- function(world, scenario = NULL, tariffs = NULL, trade_costs = NULL, bans = NULL, export_curbs = NULL,
                        quotas = NULL, tariff_rate_quotas = NULL, export_taxes = NULL, production_taxes = NULL,
                        use_taxes = NULL, productivity = NULL, factor_supply = NULL, demand = NULL, transfers = NULL,
                        carbon_prices = NULL, carbon_borders = NULL, leave = NULL, join = NULL, title = NULL,
                        year = NULL, baseline = NULL, ...) {
  changes <- list(tariff = tariffs, trade_cost = trade_costs, ban = bans, export_curb = export_curbs, quota = quotas,
                  tariff_rate_quota = tariff_rate_quotas, export_tax = export_taxes,
                  production_tax = production_taxes, use_tax = use_taxes, productivity = productivity,
                  factor_supply = factor_supply, demand = demand, transfer = transfers,
                  carbon_price = carbon_prices, carbon_border = carbon_borders, leave = leave, join = join)
  changes <- changes[!vapply(changes, is.null, NA)]
  document <- document_of(scenario, "scenario")
  problem <- problem_of(world, list(...), year, baseline, document)
  made <- do.call(call_library, c("scenario", economy = problem$economy, document))
  if (!is.null(title)) call_library("title", scenario = made, title = title)
  for (kind in names(changes)) add_changes(made, kind, changes[[kind]])
  # as the program: changes of products need a model whose imports are made of products
  if (is.null(problem$settings$products) && .Call(derisk_scenario_products, made)) problem$usual <- "nest"
  model <- model_of(problem)
  solution <- call_library("solve", model = model, scenario = made)
  result_of("derisk_simulation", world, scenario = made, model = model, solution = solution)
}

solution_tables <- c("overview", "summary", "regions", "money", "sectors", "protection", "flows", "ties", "curbs",
                     "factors", "decomposition", "products", "partial", "emissions", "jobs")

# A result: an environment with its objects, whose tables are made when they are asked for and then stay.
result_of <- function(class, world, ...) {
  objects <- list2env(list(world = world, ..., made = new.env(parent = emptyenv())))
  structure(list(objects = objects), class = c(class, "derisk_result"))
}
objects_of <- function(x) unclass(x)$objects

solution_table <- function(x, table, ...) {
  objects <- objects_of(x)
  call_library("solution", solution = objects$solution, scenario = objects$scenario,
               world = handle_of(objects$world), table = table, ...)
}

# What a result has: tables, then what is read from them.
tables_of <- function(x) UseMethod("tables_of")
make_table <- function(x, table) UseMethod("make_table")
tables_of.derisk_simulation <- function(x) solution_tables
make_table.derisk_simulation <- function(x, table) solution_table(x, table)

table_of <- function(x, table) {
  made <- objects_of(x)$made
  if (is.null(made[[table]])) made[[table]] <- make_table(x, table)
  made[[table]]
}

has_regions <- function(x) "regions" %in% tables_of(x)

names.derisk_result <- function(x) c(tables_of(x), if (has_regions(x)) c("welfare", "certificate"))
.DollarNames.derisk_result <- function(x, pattern = "") grep(pattern, names(x), value = TRUE)
`[[.derisk_result` <- function(x, i, ...) {
  if (!is.character(i) || length(i) != 1 || !i %in% names(x))
    misuse("this result has no '", i, "'; it has ", paste(names(x), collapse = ", "))
  if (i == "certificate") return(dr_certificate(table_of(x, "regions")))
  if (i != "welfare") return(table_of(x, i))
  regions <- table_of(x, "regions")
  stats::setNames(regions$welfare, regions$region)
}
`$.derisk_result` <- function(x, name) x[[name]]

first_table <- function(x) table_of(x, tables_of(x)[1])
dr_answer.derisk_result <- function(x, ...) dr_answer(first_table(x))
dr_notes.derisk_result <- function(x, ...) dr_notes(first_table(x))
dr_facts.derisk_result <- function(x, ...) dr_facts(first_table(x))
as.data.frame.derisk_result <- function(x, ..., table = NULL) {
  if (is.null(table)) table <- if (has_regions(x)) "regions" else tables_of(x)[1]
  as.data.frame(x[[table]])
}
print.derisk_result <- function(x, ...) {
  print(first_table(x), ...)
  invisible(x)
}
summary.derisk_result <- function(object, ...)
  if ("summary" %in% tables_of(object)) table_of(object, "summary") else summary(first_table(object))

# ---- Questions about a simulation ----

check_simulation <- function(x) {
  if (!inherits(x, "derisk_simulation")) misuse("x: expected what dr_simulate() returns")
}

dr_sensitivity <- function(x, result, most = 0) {
  check_simulation(x)
  solution_table(x, "sensitivity", of = result, most = most)
}

dr_why <- function(x, of, most = 0) {
  check_simulation(x)
  solution_table(x, "why", of = joined(of), most = most)
}

dr_tie <- function(x, of, with) {
  check_simulation(x)
  solution_table(x, "tie", of = joined(of), with = joined(with))
}

dr_draws <- function(x, draws = 1000, seed = 1, elasticity_error = NULL, share_error = NULL, table = NULL, all = FALSE,
                     first = 0, threads = NULL) {
  if (!inherits(x, "derisk_result")) misuse("x: expected what dr_simulate(), dr_plan() or dr_play() returns")
  objects <- objects_of(x)
  options <- list(draws = draws, seed = seed, elasticity_error = elasticity_error, share_error = share_error,
                  first = first, threads = threads)
  if (is.null(table)) table <- if (is.null(objects$scenario)) tables_of(x)[1] else "regions"
  if (!is.null(objects$plan)) return(call_listed("plan_bands", c(list(plan = objects$plan, table = table), options)))
  if (!is.null(objects$game)) return(call_listed("game_bands", c(list(game = objects$game, table = table), options)))
  if (table != "regions") misuse("table: of a simulation there are draws of \"regions\"")
  call_listed("draws", c(list(model = objects$model, scenario = objects$scenario, world = handle_of(objects$world),
                              all = all), options))
}

# One part of the draws as a file, and the bands of all parts of a folder: for runs on several machines.
dr_draw_part <- function(x, path, part, parts, draws = 1000, seed = 1, elasticity_error = NULL, share_error = NULL,
                         threads = NULL) {
  check_simulation(x)
  objects <- objects_of(x)
  call_library("draw_part", model = objects$model, scenario = objects$scenario, path = path.expand(path), part = part,
               parts = parts, draws = draws, seed = seed, elasticity_error = elasticity_error,
               share_error = share_error, threads = threads)
  invisible(path)
}

dr_combine <- function(path) call_library("combine", path = path.expand(path))
