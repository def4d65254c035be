# Worlds: files with input-output tables of all regions.

dr_open <- function(path) {
  world <- structure(list(path = path.expand(path), kept = new.env(parent = emptyenv())), class = "derisk_world")
  handle_of(world)
  world
}

sample_path <- function(name) system.file("extdata", name, package = "derisk", mustWork = TRUE)

dr_sample <- function(path = tempfile("sample", fileext = ".world")) {
  dr_import(sample_path("sample_2011.csv.gz"), path, year = 2011, sectors = sample_path("sample_sectors.csv"),
            regions = sample_path("sample_regions.csv"), source = sample_path("source.csv"))
  dr_open(path)
}

dr_example <- function(name = NULL) {
  if (is.null(name)) return(list.files(sample_path("examples")))
  path <- file.path(sample_path("examples"), name)
  if (!file.exists(path)) misuse("there is no example '", name, "'; there are ", paste(dr_example(), collapse = ", "))
  path
}

dr_import <- function(files, to, year = NULL, sectors = NULL, regions = NULL, source = NULL, strict = FALSE,
                      classification = NULL, concordance = NULL, layout = NULL, force = FALSE, tolerance = NULL,
                      weights = "usual") {
  invisible(call_library("import", files = path.expand(files), to = path.expand(to), year = year, sectors = sectors,
                         regions = regions, source = source, strict = strict, classification = classification,
                         concordance = concordance, layout = layout, force = force, tolerance = tolerance,
                         weights = weights))
}

# The world of this session: one that was saved with R, or closed by dr_store(), is opened again.
handle_of <- function(world) {
  if (!inherits(world, "derisk_world")) misuse("world: expected what dr_open() or dr_sample() returns")
  if (is.null(.Call(derisk_world_parts, world$kept$.handle)))
    world$kept$.handle <- call_library("open", path = world$path)
  world$kept$.handle
}
parts_of <- function(world) .Call(derisk_world_parts, handle_of(world))

dr_regions <- function(world) {
  parts <- parts_of(world)
  data.frame(region = parts$region, name = parts$region_name)
}

dr_sectors <- function(world) {
  parts <- parts_of(world)
  data.frame(sector = parts$sector, name = parts$sector_name)
}

dr_years <- function(world) parts_of(world)$year

dr_info <- function(world) call_library("info", world = handle_of(world))
dr_check <- function(world) call_library("check", world = handle_of(world))

dr_export <- function(world, table, to, format = "csv") {
  call_library("export", world = handle_of(world), table = table, to = path.expand(to), format = format)
  invisible(to)
}

dr_aggregate <- function(world, to, regions = NULL, sectors = NULL) {
  invisible(call_library("aggregate", world = handle_of(world), to = path.expand(to), regions = regions,
                         sectors = sectors))
}

dr_update <- function(world, flows, to, from = NULL, year = NULL) {
  invisible(call_library("update", world = handle_of(world), flows = handle_of(flows), to = path.expand(to),
                         from = from, year = year))
}

dr_sources <- function() call_library("sources")

dr_fetch <- function(source, to = NULL, edition = NULL, year = NULL, file = NULL, cache = NULL, mirror = NULL) {
  invisible(call_library("fetch", source = source, to = to, edition = edition, year = year, file = file, cache = cache,
                         mirror = mirror))
}

# ---- Stored runs and estimates ----

# Closes the file, so that it can be written to; it is opened again when the world is used.
dr_close <- function(world) {
  if (!inherits(world, "derisk_world")) misuse("world: expected what dr_open() or dr_sample() returns")
  handle <- world$kept$.handle
  rm(list = ls(world$kept, all.names = TRUE), envir = world$kept)
  if (!is.null(handle)) .Call(derisk_close, handle)
  invisible(world)
}

dr_store <- function(x, name, world = NULL) {
  if (is.null(world) && inherits(x, "derisk_simulation")) world <- objects_of(x)$world
  dr_close(world)
  to <- list(name = name, path = world$path)
  if (inherits(x, "derisk_simulation"))
    call_listed("store_run", c(list(solution = objects_of(x)$solution, scenario = objects_of(x)$scenario), to))
  else if (inherits(x, "dr_gravity")) call_listed("store_estimate", c(list(gravity = x$gravity), to))
  else if (inherits(x, "derisk_table")) call_listed("store_elasticities", c(list(table = of_table(x, "table")), to))
  else misuse("x: expected what dr_simulate(), dr_gravity(), dr_elasticities() or dr_triple_ratio() returns")
  invisible(world)
}

dr_results <- function(world, name = NULL, table = "regions")
  call_library("stored", world = handle_of(world), name = name, table = table)

print.derisk_world <- function(x, ...) {
  parts <- parts_of(x)
  years <- if (length(parts$year)) paste(range(parts$year), collapse = " to ") else "none"
  if (length(parts$year) == 1) years <- parts$year
  cat("World ", x$path, "\n", length(parts$region), " regions, ", length(parts$sector), " sectors; years: ", years,
      "\n", sep = "")
  invisible(x)
}

summary.derisk_world <- function(object, ...) dr_info(object)

# ---- Economies and models, which stay with the world ----

most_kept <- 4

# What is kept under a name, else what `make` returns, which is kept from then on; the oldest makes room.
keep <- function(world, name, make) {
  kept <- world$kept
  found <- kept[[name]]
  handle <- handle_of(world)
  if (!is.null(found) && identical(found$world, handle)) return(found$value)
  value <- make()
  names <- kept$.order <- c(setdiff(kept$.order, name), name)
  kept[[name]] <- list(value = value, world = handle)
  if (length(names) > most_kept) {
    rm(list = names[1], envir = kept)
    kept$.order <- names[-1]
  }
  value
}

economy_of <- function(world, year = NULL) {
  keep(world, paste("economy", year), function() call_library("economy", world = handle_of(world), year = year))
}

# The names of the model's settings that a function takes as `...`.
check_settings <- function(settings) {
  known <- setdiff(.Call(derisk_arguments, "model"), "usual")
  wrong <- if (length(settings)) setdiff(c(names(settings), if (is.null(names(settings))) ""), known)
  if (length(wrong)) {
    near <- agrep(wrong[1], known, max.distance = 0.3, value = TRUE)
    misuse("unknown argument '", wrong[1], "'; ",
           if (nzchar(wrong[1]) && length(near)) paste0("did you mean ", near[1], "?")
           else paste("the settings of the model are", paste(known, collapse = ", ")))
  }
  settings$rigid_wages <- joined(settings$rigid_wages)
  settings$numeraire <- joined(settings$numeraire)
  texts <- intersect(names(settings), c("elasticity", "thin_markets", "product_elasticity", "product_substitution",
                                        "import_elasticity", "scale", "labour_supply", "overhead", "pass_through",
                                        "choke_price"))
  settings[texts] <- lapply(settings[texts], as.character)
  settings
}

# The economy of a document (NULL: none) with settings and a baseline; model_of() makes the model.
problem_of <- function(world, settings, year = NULL, baseline = NULL, document = NULL) {
  settings <- check_settings(settings)
  parsed <- if (!is.null(document)) do.call(call_library, c("settings", document))
  if (is.null(year) && !is.null(parsed)) year <- .Call(derisk_settings_year, parsed)
  if (identical(as.numeric(year), 0)) year <- NULL
  problem <- list(world = world, settings = settings, parsed = parsed, year = year,
                  own = !is.null(baseline) || !is.null(document))
  if (problem$own) {
    problem$economy <- call_library("economy", world = handle_of(world), year = year)
    call_listed("baseline", c(list(economy = problem$economy, settings = parsed, baseline = baseline), document,
                              settings))
  } else {
    problem$economy <- economy_of(world, year)
  }
  problem
}

# Without a document or baseline the model stays with the world.
model_of <- function(problem) {
  make <- function() call_listed("model", c(list(economy = problem$economy, settings = problem$parsed,
                                                 usual = problem$usual), problem$settings))
  if (problem$own) return(make())
  keep(problem$world, paste(c("model", problem$year, problem$usual, deparse(problem$settings)), collapse = " "), make)
}
