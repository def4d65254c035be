# Least-cost diversification, and games of trade policy.

# Caps as a number for all sectors or products, or as a named vector, one for each.
caps_of <- function(cap, of = "sector") {
  if (is.null(names(cap))) return(list(cap = cap))
  rates <- if (is.numeric(cap)) format(cap, digits = 17, trim = TRUE, decimal.mark = ".") else cap
  list(caps = paste(c(paste0(of, ",cap"), paste(names(cap), rates, sep = ",")), collapse = "\n"))
}

# The scenario of a document (NULL: none) whose changes hold with and without a plan.
standing_of <- function(problem, document) {
  if (!is.null(document)) do.call(call_library, c("scenario", economy = problem$economy, document))
}

dr_plan <- function(world, of, from, cap = NULL, max_concentration = NULL, budget = NULL, max_loss = NULL,
                    risk = NULL, stock = NULL, stock_cost = NULL, objective = "efficient", sectors = NULL,
                    share = "imports", levers = NULL, most_tariff = NULL, most_support = NULL, inside = FALSE,
                    starts = NULL, threads = NULL, products = NULL, changes = NULL, year = NULL, baseline = NULL,
                    ...) {
  document <- document_of(changes, "changes")
  # as the program: nest and average are ways of the model, all else is what the caps are on
  of_model <- is.null(products) || products[1] %in% c("nest", "average")
  way <- if (of_model) products else "nest"
  problem <- problem_of(world, c(list(...), if (!is.null(way)) list(products = way)), year, baseline, document)
  standing <- standing_of(problem, document)
  plan <- call_listed("plan", c(
    list(products = if (!of_model) joined(products), model = model_of(problem), of = joined(of), from = joined(from),
         max_concentration = max_concentration,
         budget = budget, max_loss = max_loss, risk = risk, stock = stock, stock_cost = stock_cost,
         objective = objective, sectors = joined(sectors), share = share, levers = joined(levers),
         most_tariff = most_tariff, most_support = most_support, inside = inside, starts = starts, threads = threads,
         changes = standing),
    caps_of(cap, if (of_model) "sector" else "product")))
  result_of("derisk_plan", world, by_product = !of_model, plan = plan,
            solution = call_library("plan_solution", plan = plan), changes = standing)
}

dr_curve <- function(world, of, from, points = 25, risk = NULL, stock = NULL, stock_cost = NULL,
                     objective = "efficient", sectors = NULL, share = "imports", levers = NULL, most_tariff = NULL,
                     most_support = NULL, inside = FALSE, starts = NULL, threads = NULL, changes = NULL, year = NULL,
                     baseline = NULL, ...) {
  document <- document_of(changes, "changes")
  problem <- problem_of(world, list(...), year, baseline, document)
  call_library("curve", model = model_of(problem), of = joined(of), from = joined(from), points = points, risk = risk,
               stock = stock, stock_cost = stock_cost, objective = objective, sectors = joined(sectors),
               share = share, levers = joined(levers), most_tariff = most_tariff, most_support = most_support,
               inside = inside, starts = starts, threads = threads, changes = standing_of(problem, document))
}

tables_of.derisk_plan <- function(x) {
  if (objects_of(x)$by_product) c("products", "suppliers", "costs", "regions", "flows")
  else c("sectors", "costs", "summary", "regions", "flows")
}
make_table.derisk_plan <- function(x, table) {
  if (!table %in% c("regions", "flows")) call_library("plan_table", plan = objects_of(x)$plan, table = table)
  else solution_table(x, table)
}

dr_play <- function(world, game, starts = NULL, most = 20, threads = NULL, year = NULL, baseline = NULL, ...) {
  document <- document_of(game, "game")
  problem <- problem_of(world, list(...), year, baseline, document)
  made <- do.call(call_library, c("game", model = model_of(problem), document))
  call_library("play", game = made, starts = starts, most = most, threads = threads)
  result_of("derisk_game", world, game = made, solution = call_library("game_solution", game = made))
}

tables_of.derisk_game <- function(x) {
  c("outcome", "settings", "summary", "map", if (!is.null(objects_of(x)$solution)) c("regions", "flows"))
}
make_table.derisk_game <- function(x, table) {
  if (table %in% c("regions", "flows")) solution_table(x, table)
  else call_library("game_table", game = objects_of(x)$game, table = table, points = 25)
}

# Writes the policies of a plan, or of the outcome of a game, as a scenario.
dr_write_scenario <- function(x, path) {
  objects <- objects_of(x)
  if (!is.null(objects$plan)) call_library("plan_write", plan = objects$plan, path = path.expand(path))
  else if (!is.null(objects$game)) call_library("game_write", game = objects$game, path = path.expand(path))
  else misuse("x: expected what dr_plan() or dr_play() returns")
  invisible(path)
}
