/* Ignatenko, Macedoni, Lashkaripour & Simonovska (2025), Making America Great Again? The Economic Impacts of Liberation
 * Day Tariffs, Journal of International Economics 157, 104138: 194 countries and one good in 2023. Overhead of 11.4% of
 * sales in a country, 27.0% in the United States, pays for labour there; labour supply has the elasticity 0.5, trade 4,
 * scale 0.67 / 4; tariff revenue lowers income taxes, or is rebated. Prices are over the mean of all countries,
 * weighted by what they spend, as are means of the other countries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "equilibrium/solution.h"
#include "result/welfare.h"
#include "support/check.h"

enum { REGIONS = 194, FLOWS = REGIONS * REGIONS };

typedef struct world {
    char codes[REGIONS][8], overhead_file[64];
    const char *names[REGIONS];
    double *flow; /* [importer, exporter] */
    double *input, *final, tariff[REGIONS], overhead[REGIONS], spends[REGIONS];
    size_t usa;
    dr_economy *economy;
} world;

static dr_csv *open_data(const char *name)
{
    char path[1024];
    dr_csv *csv = NULL;
    const char *shared = getenv("DERISK_SHARED");
    snprintf(path, sizeof path, "%s/data/published/liberation_day_194/%s", shared ? shared : "../shared", name);
    if (access(path, R_OK) != 0) {
        print_message("no %s\n", path);
        return NULL;
    }
    ok(dr_csv_open(&csv, path));
    return csv;
}

static void next(dr_csv *csv)
{
    bool more = false;
    ok(dr_csv_record(csv, &more));
    assert_true(more);
}

/* A column of a file in the order of countries. */
static void read_numbers(const char *name, const char *column, double *to)
{
    dr_csv *csv = open_data(name);
    int at = 0;
    assert_non_null(csv);
    ok(dr_csv_header(csv, &column, 1, &at));
    for (size_t n = 0; n < REGIONS; n++) {
        next(csv);
        ok(dr_csv_number(csv, (size_t)at, &to[n]));
    }
    dr_csv_close(csv);
}

static void read_codes(world *w)
{
    static const char *const column = "iso3";
    dr_csv *csv = open_data("country_labels.csv");
    int at = 0;
    ok(dr_csv_header(csv, &column, 1, &at));
    for (size_t n = 0; n < REGIONS; n++) {
        next(csv);
        snprintf(w->codes[n], sizeof w->codes[n], "%s", dr_csv_field(csv, (size_t)at));
        w->names[n] = w->codes[n];
        w->usa = strcmp(w->codes[n], "USA") == 0 ? n : w->usa;
    }
    dr_csv_close(csv);
}

/* A row for each exporter, blank where there is no trade. */
static bool read_trade(world *w)
{
    dr_csv *csv = open_data("trade_cepii.csv.gz");
    static const char *const first = "export_ij1";
    int at = 0;
    if (!csv)
        return false;
    ok(dr_csv_header(csv, &first, 1, &at));
    for (size_t i = 0; i < REGIONS; i++) {
        next(csv);
        for (size_t n = 0; n < REGIONS; n++)
            if (*dr_csv_field(csv, n))
                ok(dr_csv_number(csv, n, &w->flow[n * REGIONS + i]));
    }
    dr_csv_close(csv);
    return true;
}

/* Home sales are what incomes leave of spending: a country earns what it sells, less overhead abroad, and overhead. */
static void fill_home(world *w, const double *gdp)
{
    double sold[REGIONS] = {0}, bought[REGIONS] = {0};
    for (size_t n = 0; n < REGIONS; n++)
        for (size_t i = 0; i < REGIONS; i++) {
            bought[n] += w->flow[n * REGIONS + i];
            sold[i] += (1 - w->overhead[n]) * w->flow[n * REGIONS + i];
        }
    for (size_t n = 0; n < REGIONS; n++) {
        double transfer = (1 - w->overhead[n]) * (bought[n] - sold[n]);
        w->flow[n * REGIONS + n] = fmax(0, gdp[n] / 1000 + transfer - bought[n]);
        w->spends[n] = w->final[n] = bought[n] + w->flow[n * REGIONS + n];
    }
}

static bool world_read(world *w)
{
    double gdp[REGIONS];
    *w = (world){.flow = dr_new_doubles(FLOWS), .input = dr_new_doubles(REGIONS), .final = dr_new_doubles(REGIONS)};
    if (!read_trade(w))
        return false;
    read_codes(w);
    read_numbers("gdp.csv", "gdp", gdp);
    read_numbers("tariffs.csv", "applied_tariff", w->tariff);
    snprintf(w->overhead_file, sizeof w->overhead_file, "/tmp/derisk-overhead-%d.csv", (int)getpid());
    FILE *file = fopen(w->overhead_file, "w");
    assert_non_null(file);
    fprintf(file, "region,overhead\n");
    for (size_t n = 0; n < REGIONS; n++) {
        w->overhead[n] = n == w->usa ? 0.270471 : 0.114335;
        w->tariff[n] = fmax(0.1, w->tariff[n]);
        fprintf(file, "%s,%.17g\n", w->codes[n], w->overhead[n]);
    }
    fclose(file);
    fill_home(w, gdp);
    ok(dr_economy_new(&w->economy, &(dr_economy_data){.regions = REGIONS,
                                                      .sectors = 1,
                                                      .region_codes = w->names,
                                                      .sector_codes = (const char *const[]){"goods"},
                                                      .flow = w->flow,
                                                      .input = w->input,
                                                      .final = w->final}));
    return true;
}

static void world_free(world *w)
{
    unlink(w->overhead_file);
    dr_economy_free(w->economy);
    free(w->flow);
    free(w->input);
    free(w->final);
}

/* ---- Cases ------------------------------------------------------------------------------------------------------- */

enum { WELFARE, DEFICIT, EXPORTS, IMPORTS, EMPLOYMENT, PRICES, REVENUE, FIGURES };

enum { NONE, RECIPROCAL, OPTIMAL };

typedef struct options {
    const char *revenue, *pass_through;
    bool overhead;
    int retaliation;
} options;

/* The tariff of country n that is best for all but the United States if they are one country (the article's formula):
 * 1 / ((1 + 4 d) phi - 1), with d what they sell to the United States times the part that is not theirs there, over
 * what they earn abroad, both after overhead. */
static double optimal(const world *w, size_t n)
{
    double nu = w->overhead[n], phi = 1 + 1.1675 * nu / (1 - nu), sold = 0, all = 0, earned = 0;
    for (size_t i = 0; i < REGIONS; i++) {
        all += w->flow[w->usa * REGIONS + i];
        sold += i == w->usa ? 0 : w->flow[w->usa * REGIONS + i];
        earned += i == w->usa ? 0 : (1 - w->overhead[i]) * w->flow[i * REGIONS + w->usa]; /* of imports */
    }
    double home = w->overhead[w->usa], other = 0.114335;
    double abroad = (1 - home) * sold + other / (1 - other) * earned;
    double d = (1 - home) * sold * (1 - sold / all) / ((1 - other) * abroad);
    return 1 / ((1 + 4 * d) * phi - 1);
}

static dr_scenario *tariffs(const world *w, int retaliation)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, w->economy));
    for (size_t i = 0; i < REGIONS; i++) {
        double back = retaliation == OPTIMAL ? optimal(w, i) : w->tariff[i];
        if (i == w->usa)
            continue;
        ok(dr_scenario_tariff(scenario, "USA", w->codes[i], "all", w->tariff[i], DR_RATE_SET));
        if (retaliation != NONE)
            ok(dr_scenario_tariff(scenario, w->codes[i], "USA", "all", back, DR_RATE_SET));
    }
    return scenario;
}

/* Trade over income, without home sales, in the base or not. */
static double trade_share(const dr_solution *s, size_t n, bool exports, bool base)
{
    const double *flow = base ? s->model->base.flow : s->flow;
    double sum = 0, income = s->model->base.factor_income[n];
    for (size_t i = 0; i < REGIONS; i++)
        sum += i == n ? 0 : exports ? flow[i * REGIONS + n] : flow[n * REGIONS + i];
    return sum / (income * (base ? 1 : s->wage[n]));
}

/* Imports less exports. */
static double deficit(const dr_solution *s, size_t n, bool base)
{
    double income = s->model->base.factor_income[n] * (base ? 1 : s->wage[n]);
    return (trade_share(s, n, false, base) - trade_share(s, n, true, base)) * income;
}

static void figures_of(const world *w, const dr_solution *s, double out[REGIONS][FIGURES])
{
    double level = 0, all = 0;
    for (size_t n = 0; n < REGIONS; n++) {
        level += w->spends[n] * dr_solution_consumer_price(s, n);
        all += w->spends[n];
    }
    for (size_t n = 0; n < REGIONS; n++) {
        double before = deficit(s, n, true);
        out[n][WELFARE] = dr_solution_welfare(s, n);
        out[n][DEFICIT] = 100 * (deficit(s, n, false) * all / level - before) / fabs(before);
        out[n][EXPORTS] = 100 * (trade_share(s, n, true, false) / trade_share(s, n, true, true) - 1);
        out[n][IMPORTS] = 100 * (trade_share(s, n, false, false) / trade_share(s, n, false, true) - 1);
        out[n][EMPLOYMENT] = 100 * (dr_solution_employment(s, n) - 1);
        out[n][PRICES] = 100 * (dr_solution_consumer_price(s, n) * all / level - 1);
        out[n][REVENUE] = s->tariff_revenue[n] * all / level / w->spends[n];
    }
}

static void solve(const world *w, const options *o, double out[REGIONS][FIGURES])
{
    dr_model *model = NULL;
    dr_solution *solution = NULL;
    dr_scenario *scenario = tariffs(w, o->retaliation);
    ok(dr_model_new(&model, w->economy,
                    &DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "4", .scale = "0.1675",
                                .labour_supply = "0.5", .revenue = o->revenue ? o->revenue : "income-tax",
                                .overhead = o->overhead ? w->overhead_file : NULL, .pass_through = o->pass_through)));
    ok(dr_model_solve(&solution, model, scenario));
    figures_of(w, solution, out);
    dr_solution_free(solution);
    dr_model_free(model);
    dr_scenario_free(scenario);
}

/* The mean over all other countries, weighted by what they spend. */
static double others(const world *w, double of[REGIONS][FIGURES], int figure)
{
    double sum = 0, all = 0;
    for (size_t n = 0; n < REGIONS; n++) {
        sum += n == w->usa ? 0 : w->spends[n] * of[n][figure];
        all += n == w->usa ? 0 : w->spends[n];
    }
    return sum / all;
}

/* A row of the article: the United States, then the others' welfare, deficit and prices; NAN where there is none. */
typedef struct row {
    const char *name;
    options options;
    double usa[PRICES + 1], others[3];
} row;

static const row rows[] = {
    {"lower income taxes", {.overhead = true}, {1.13, -18.1, -52.7, -43.6, 0.32, 12.8}, {-0.58, 11.6, -4.7}},
    {"rebate", {.overhead = true, .revenue = "rebate"}, {-0.01, -18.4, -52.5, -43.3, -0.41, 13.1}, {-0.57, 11.7, -4.8}},
    {"reciprocal",
     {.overhead = true, .retaliation = RECIPROCAL},
     {-0.36, -26.7, NAN, NAN, -0.18, 7.5},
     {-0.46, 19.8, -2.7}},
    {"pass-through of a quarter",
     {.overhead = true, .pass_through = "25%"},
     {1.36, -11.8, -35.0, -28.8, 0.30, 7.9},
     {-0.23, 7.1, -2.9}},
    {"Eaton-Kortum", {.overhead = false}, {1.24, -0.4, -46.3, -33.3, 0.41, 10.9}, {-0.50, 0.1, -4.0}}};

/* The gap to a number that is printed with so many decimals; 0 where none is. */
static double gap(double of, double printed, double unit)
{
    return isnan(printed) ? 0 : fmax(0, fabs(of - printed) - 0.5 * unit);
}

static void tables(const world *w)
{
    static const int of_others[] = {WELFARE, DEFICIT, PRICES};
    static double of[REGIONS][FIGURES];
    const double small = 2e-4;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        const row *r = &rows[k];
        solve(w, &r->options, of);
        print_message("%s: welfare of the United States %.4f (published %.2f), of others %.4f (%.2f)\n", r->name,
                      of[w->usa][WELFARE], r->usa[WELFARE], others(w, of, WELFARE), r->others[0]);
        for (int f = 0; f <= PRICES; f++)
            assert_true(gap(of[w->usa][f], r->usa[f], f == WELFARE || f == EMPLOYMENT ? 0.01 : 0.1) < small);
        for (int f = 0; f < 3; f++)
            assert_true(gap(others(w, of, of_others[f]), r->others[f], f == 0 ? 0.01 : 0.1) < small);
    }
}

static size_t region_of(const world *w, const char *code)
{
    size_t n = 0;
    while (n < REGIONS && strcmp(w->codes[n], code) != 0)
        n++;
    assert_true(n < REGIONS);
    return n;
}

/* All figures of all countries that the file has. The overhead above is rounded to six digits. */
static void by_country(const world *w, const char *file, const options *o)
{
    static const char *const columns[] = {
        "country",          "welfare",    "deficit", "exports_over_gdp",
        "imports_over_gdp", "employment", "prices",  "tariff_revenue_over_expenditure"};
    static double of[REGIONS][FIGURES];
    dr_csv *csv = open_data(file);
    int at[FIGURES + 1];
    bool more = true;
    size_t rows_read = 0;
    double worst[FIGURES] = {0};
    ok(dr_csv_header(csv, columns, FIGURES + 1, at));
    solve(w, o, of);
    for (ok(dr_csv_record(csv, &more)); more; ok(dr_csv_record(csv, &more)), rows_read++) {
        size_t n = region_of(w, dr_csv_field(csv, (size_t)at[0]));
        for (int f = 0; f < FIGURES; f++) {
            double published = 0;
            ok(dr_csv_number(csv, (size_t)at[f + 1], &published));
            worst[f] = fmax(worst[f], fabs(of[n][f] - published) / fmax(1, fabs(published)));
        }
    }
    dr_csv_close(csv);
    assert_true(rows_read > 100);
    for (int f = 0; f < FIGURES; f++) {
        print_message("%s: largest gap %.2g in %s\n", file, worst[f], columns[f + 1]);
        assert_true(worst[f] < 1e-5);
    }
}

static void published(void **state)
{
    world w;
    (void)state;
    if (!world_read(&w))
        skip();
    tables(&w);
    by_country(&w, "output_map_published.csv", &(options){.overhead = true});
    by_country(&w, "output_map_retal_published.csv", &(options){.overhead = true, .retaliation = OPTIMAL});
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(published)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
