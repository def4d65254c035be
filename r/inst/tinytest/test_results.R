# Tables, results and the ways to say a change.
library(derisk)
w <- dr_sample()

# ---- Worlds ----
expect_equal(nrow(dr_regions(w)), 22L)
expect_equal(nrow(dr_sectors(w)), 17L)
expect_equal(dr_years(w), 2011L)
expect_stdout(print(w), "22 regions, 17 sectors; years: 2011")
expect_inherits(dr_info(w), "derisk_table")
expect_true("verdict" %in% names(dr_check(w)))

# ---- Tables ----
t <- dr_balance(w, "EU", "CHN", by = "sector")
expect_inherits(t, "data.frame")
expect_true(grepl("China", dr_answer(t)[1]))
expect_equal(dr_columns(t)$column, names(t))
expect_equal(dr_columns(t)$unit[names(t) == "exports"], "million US dollars, current prices")
expect_equal(nrow(dr_items(t)), nrow(t) - 1L)
expect_equal(sum(dr_items(t)$exports), t$exports[t$sector == "all"], tolerance = 1e-12)
expect_stdout(print(t), "billion US dollars")
expect_stdout(print(summary(t)), "exports less imports")
for (changed in list(t[1:3, ], as.data.frame(t), {x <- t; x$exports <- 1; x}, {x <- t; x[["exports"]] <- 1; x},
                     {x <- t; x[1, 2] <- 1; x}))
  expect_equal(class(changed), "data.frame")

if (requireNamespace("dplyr", quietly = TRUE)) {
  expect_equal(class(dplyr::filter(t, exports > 1e4)), "data.frame")
  expect_equal(class(dplyr::mutate(t, exports = 1)), "data.frame")
  expect_equal(class(dplyr::arrange(t, exports)), "data.frame")
}

# What was saved has its numbers and its answer, and says how to go on.
file <- tempfile()
saveRDS(list(table = t, world = w, result = dr_simulate(w, bans = "EU:RUS:mining")), file)
old <- readRDS(file)
expect_equal(as.data.frame(old$table), as.data.frame(t))
expect_stdout(print(old$table), "billion US dollars from China")
expect_equal(dr_regions(old$world), dr_regions(w))
expect_equal(dr_balance(old$world, "EU", "CHN", by = "sector")$exports, t$exports)
expect_error(old$result$regions, "made again", class = "derisk_usage")

dr_close(old$world)

# ---- Results ----
r <- dr_simulate(w, tariffs = "EU:CHN:transport-equipment:25%")
expect_identical(unname(r$welfare), r$regions$welfare)
expect_identical(names(r$welfare), r$regions$region)
expect_true(r$certificate$worst_residual < 1e-9)
expect_true(all(c("regions", "welfare", "certificate") %in% names(r)))
expect_identical(as.data.frame(r), as.data.frame(r$regions))
expect_identical(as.data.frame(r, table = "ties"), as.data.frame(r$ties))
expect_identical(dr_answer(r), dr_answer(r$overview))
expect_error(r$region, "it has overview, summary, regions", class = "derisk_usage")
if (requireNamespace("tibble", quietly = TRUE))
  expect_equal(dim(tibble::as_tibble(r$regions)), dim(r$regions))

# ---- One change, said in every way ----
frame <- data.frame(by = "EU", on = "CHN", sectors = "transport-equipment", rate = 0.25)
factors <- data.frame(by = factor("EU"), on = factor("CHN"), sectors = factor("transport-equipment"), rate = "25%")
yaml <- "changes:\n  - tariff: {by: EU, on: CHN, sectors: transport-equipment, rate: 25%}\n"
for (said in list(frame, factors, as.list(frame), list("EU", "CHN", "transport-equipment", 0.25),
                  list(list("EU", "CHN", "transport-equipment", "25%"))))
  expect_identical(dr_simulate(w, tariffs = said)$welfare, r$welfare)
expect_identical(dr_simulate(w, yaml)$welfare, r$welfare)
two <- dr_simulate(w, tariffs = data.frame(by = "EU", on = "CHN", sectors = c("mining", "transport-equipment"),
                                           rate = c(NA, 0.25), kind = c("set", NA))[2, ])
expect_identical(two$welfare, r$welfare)
lists <- dr_simulate(w, bans = list(by = c("DEU", "FRA"), on = "RUS", sectors = c("mining", "refined-petroleum")))
expect_identical(lists$welfare, dr_simulate(w, bans = "DEU,FRA:RUS:mining,refined-petroleum")$welfare)
inside <- dr_simulate(w, tariffs = "EU:EU:all:10%:inside")
expect_true(inside$welfare["EU"] < 0)

# Each kind of change is one of the language of scenarios.
pairs <- list(
  list(list(trade_costs = "EU:CHN:services:2"),
       "trade-cost: {between: EU, and: CHN, sectors: services, times: 2}"),
  list(list(export_curbs = list(by = "CHN", to = "EU", sectors = "electrical-optical", cut = 0.3)),
       "export-curb: {by: CHN, to: EU, sectors: electrical-optical, cut: 30%}"),
  list(list(quotas = list(by = "EU", on = "CHN", sectors = "transport-equipment", at = 5000)),
       "quota: {by: EU, on: CHN, sectors: transport-equipment, at: 5000}"),
  list(list(tariff_rate_quotas = list(by = "EU", on = "CHN", sectors = "transport-equipment", quota = 0.6,
                                      in_quota = 0, over_quota = "50%", relative = TRUE)),
       "tariff-rate-quota: {by: EU, on: CHN, sectors: transport-equipment, quota: 60%, in-quota: 0, over-quota: 50%}"),
  list(list(export_taxes = "CHN:EU:electrical-optical:10%"),
       "export-tax: {by: CHN, to: EU, sectors: electrical-optical, rate: 10%}"),
  list(list(production_taxes = "DEU:machinery:5%"), "production-tax: {in: DEU, sectors: machinery, rate: 5%}"),
  list(list(use_taxes = "DEU:machinery:5%"), "use-tax: {in: DEU, sectors: machinery, rate: 5%}"),
  list(list(productivity = list("in" = "DEU", sectors = "machinery", change = -0.05)),
       "productivity: {in: DEU, sectors: machinery, change: -5%}"),
  list(list(demand = list("in" = "DEU", sectors = "machinery", change = 0.05)),
       "demand: {in: DEU, sectors: machinery, change: 5%}"),
  list(list(factor_supply = list("in" = "DEU", change = 0.01)), "factor-supply: {in: DEU, change: 1%}"),
  list(list(transfers = "DEU:FRA:1000"), "transfer: {from: DEU, to: FRA, amount: 1000}"),
  list(list(leave = list(region = "ITA", group = "EU", times = 1.1)),
       "leave: {region: ITA, group: EU, trade-cost: 1.1}"))
for (pair in pairs) {
  yaml <- paste0("changes:\n  - ", pair[[2]], "\n")
  expect_equal(do.call(dr_simulate, c(list(w), pair[[1]]))$welfare, dr_simulate(w, yaml)$welfare, tolerance = 0,
               info = pair[[2]])
}

# Prices of carbon need an account of emissions.
accounts <- file.path(tempdir(), "co2.csv")
writeLines(c("region,sector,year,account,unit,value", "CHN,metals,2011,CO2,kt,2000000", "DEU,metals,2011,CO2,kt,70000"),
           accounts)
dirty <- file.path(tempdir(), "dirty.world")
dr_close(dr_sample(dirty))
dr_import(accounts, dirty)
carbon <- dr_open(dirty)
priced <- dr_simulate(carbon, carbon_prices = list("in" = "DEU", sectors = "metals", price = 50, abatement = 0.5),
                      carbon_borders = "DEU:CHN:metals:50:embodied")
document <- paste0("changes:\n  - carbon-price: {in: DEU, sectors: metals, price: 50, abatement: 0.5}\n",
                   "  - carbon-border: {by: DEU, on: CHN, sectors: metals, price: 50, basis: embodied}\n")
expect_identical(priced$welfare, dr_simulate(carbon, document)$welfare)
expect_error(dr_simulate(w, carbon_prices = "DEU:metals:50"), "no account of emissions")

# Parts of draws are the draws.
folder <- file.path(tempdir(), "parts")
dir.create(folder)
drawn <- dr_simulate(w, tariffs = "EU:CHN:metals:10%")
for (k in 1:3)
  dr_draw_part(drawn, file.path(folder, paste0(k, ".parquet")), k, 3, draws = 9, elasticity_error = 0.2)
together <- dr_combine(folder)
expect_identical(together$welfare_p5, dr_draws(drawn, 9, elasticity_error = 0.2)$welfare_p5)
expect_error(dr_draw_part(drawn, file.path(folder, "1.parquet"), 1, 3, draws = 10, elasticity_error = 0.2),
             "another run: the number of draws is 9 and not 10")

# Settings of a scenario count, and those of the call replace them.
medium <- paste0("horizon: medium\n", yaml)
expect_identical(dr_simulate(w, medium)$welfare, dr_simulate(w, yaml, horizon = "medium")$welfare)
expect_identical(dr_simulate(w, medium, horizon = "long")$welfare, dr_simulate(w, yaml, horizon = "long")$welfare)
expect_identical(dr_simulate(w, yaml, elasticity = 3)$welfare, dr_simulate(w, yaml, elasticity = "3")$welfare)

# Models stay with the world, at most four of them.
for (horizon in c("short", "medium", "long")) dr_simulate(w, yaml, horizon = horizon)
dr_simulate(w, tariffs = frame, closure = "zero")
expect_true(length(ls(w$kept)) <= 4)

expect_error(dr_simulate(w, tariffs = "USA:CHN:HS8541:50%"), class = "derisk_bad_input") # no product flows
expect_error(r$products, class = "derisk_bad_input")

# ---- Stored runs and estimates ----
dr_store(r, "tariff")
expect_equal(nrow(dr_results(w)), 1L)
expect_equal(dr_results(w, "tariff")$welfare, r$regions$welfare, tolerance = 0)
expect_error(dr_store(r, "tariff"), "tariff", class = "derisk_bad_input")
goods <- system.file("extdata", "goods.csv.gz", package = "derisk")
fit <- dr_gravity(trade ~ both(EU) | exporter^year + importer^year + pair, goods, world = w)
dr_store(fit, "eu", w)
left <- dr_simulate(w, leave = list(region = "ITA", group = "EU", estimate = "eu"))
expect_true(left$welfare["ITA"] < -0.5)
expect_equal(left$welfare, dr_simulate(w, "changes:\n  - leave: {region: ITA, group: EU, estimate: eu}\n")$welfare,
             tolerance = 0)
expect_error(dr_store(fit, "eu2"), "world: expected", class = "derisk_usage")
expect_error(dr_store(7, "eu2", w), "x: expected", class = "derisk_usage")

# ---- Worlds made of worlds ----
map <- tempfile(fileext = ".csv")
parts <- dr_regions(w)$region
writeLines(c("region,to", paste0(parts, ",", ifelse(parts == "CHN", "CHN", "ALL"))), map)
small <- tempfile(fileext = ".world")
dr_aggregate(w, small, regions = map)
expect_equal(dr_regions(dr_open(small))$region, c("ALL", "CHN"))
expect_error(dr_aggregate(w, small, regions = map), "exists", class = "derisk_bad_input")
table <- dr_export(w, "sector", tempfile(fileext = ".csv"))
expect_equal(nrow(read.csv(table)), 17L)
expect_true("source" %in% names(dr_sources()))
expect_error(dr_fetch("none"), class = "derisk_bad_input")

# ---- Plans and games ----
p <- dr_plan(w, "EU", from = "CHN", cap = c("electrical-optical" = 0.4))
expect_equal(p$sectors$sector, "electrical-optical")
expect_true(abs(p$sectors$new_share - 0.4) < 1e-6)
path <- dr_write_scenario(p, tempfile(fileext = ".yaml"))
expect_equal(dr_simulate(w, path)$welfare["EU"], p$welfare["EU"], tolerance = 1e-7)
expect_equal(nrow(dr_curve(w, "EU", from = "CHN", points = 3)), 3L)
g <- dr_play(w, dr_example("eu-china.yaml"))
expect_equal(nrow(g$outcome), 2L)
expect_true(is.numeric(g$welfare))
coalition <- dr_play(w, dr_example("coalition.yaml"))
expect_error(coalition$welfare, "this result has no 'welfare'", class = "derisk_usage")
