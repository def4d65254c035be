# Measures on the table of one year, without a model; and those that need a model of it, or a path over time.

dr_exposure <- function(world, of, to = NULL, table = "direct", routes = 20, account = NULL, year = NULL) {
  call_library("exposure", world = handle_of(world), economy = economy_of(world, year), of = joined(of),
               to = joined(to), table = table, routes = routes, account = account, year = year)
}

dr_cuts <- function(world, of, to = NULL, sectors = NULL, draws = NULL, seed = 1, elasticity_error = NULL,
                    share_error = NULL, year = NULL, baseline = NULL, threads = NULL, ...) {
  problem <- problem_of(world, list(...), year, baseline)
  call_library("cuts", model = model_of(problem), world = handle_of(world), economy = problem$economy, of = joined(of),
               to = joined(to), sectors = joined(sectors), threads = threads, draws = draws, seed = seed,
               elasticity_error = elasticity_error, share_error = share_error)
}

dr_products <- function(world, of, product = NULL, rule = "commission", thresholds = NULL, window = NULL,
                        at_least = NULL, re_exports = FALSE, imported = FALSE, year = NULL) {
  call_library("products", world = handle_of(world), of = joined(of), product = product, rule = rule,
               thresholds = if (!is.null(thresholds)) as.numeric(thresholds), window = window, at_least = at_least,
               re_exports = re_exports, imported = imported, year = year)
}

dr_energy <- function(world, of, to, year = NULL)
  call_library("energy", world = handle_of(world), of = joined(of), to = joined(to), year = year)

dr_materials <- function(world) call_library("materials", world = handle_of(world))

dr_balance <- function(world, of, with = NULL, by = "total", value_added = FALSE, account = NULL, year = NULL) {
  call_library("balance", world = handle_of(world), of = joined(of), with = joined(with), by = by,
               value_added = value_added, account = account, year = year)
}

dr_export_terms <- function(world, of, with = NULL, terms = "borin-mancini", year = NULL)
  call_library("terms", world = handle_of(world), of = joined(of), with = joined(with), terms = terms, year = year)

dr_ties <- function(world, sectors = NULL, value_added = FALSE, year = NULL) {
  call_library("ties", world = handle_of(world), sectors = joined(sectors), value_added = value_added, year = year)
}

dr_footprint <- function(world, of = NULL, account = NULL, by = "region", year = NULL) {
  call_library("footprint", world = handle_of(world), of = joined(of), account = account, by = by, year = year)
}

dr_position <- function(world, of = NULL, by = "sector", year = NULL)
  call_library("position", world = handle_of(world), of = joined(of), by = by, year = year)

dr_concordance <- function(from, to) call_library("concordance", from = from, to = to)

dr_propagate <- function(world, shock, table = "regions", steps = NULL, weekly = FALSE, draws = NULL, seed = 1,
                         error = NULL, year = NULL) {
  call_library("propagate", world = handle_of(world), shock = path.expand(shock), table = table, steps = steps,
               weekly = weekly, draws = draws, seed = seed, error = error, year = year)
}
