/* The tables of a solution by sector, flow, pair of regions, factor and volume limit. Formulas: docs/model.md,
 * "Results". */
#include "base/check.h"
#include "model/factors.h"
#include "model/tier.h"
#include "result/answer.h"
#include "result/result.h"

enum {
    OUTPUT = 2,
    PRICE,
    VALUE_ADDED,
    OUTPUT_VALUE,
    OUTPUT_NEW,
    VALUE_ADDED_VALUE,
    VALUE_ADDED_NEW,
    SECTOR_COLUMNS,
    MOST_SECTOR_COLUMNS = SECTOR_COLUMNS + 4 /* and, where they are known, employment and jobs */
};

/* Jobs before and after: those of the base move with the labour that the sector uses. */
static void add_jobs(dr_table *table, const dr_solution *solution, size_t row, size_t column, size_t n, size_t s)
{
    const dr_model *m = solution->model;
    double jobs = m->economy->jobs[n * m->sectors + s], now = jobs * dr_solution_sector_employment(solution, n, s);
    dr_table_set_number(table, row, column, jobs);
    dr_table_set_number(table, row, column + 1, now);
    dr_table_set_number(table, row, column + 2, now - jobs);
}

static void add_sector(dr_table *table, const dr_solution *solution, size_t n, size_t s, double unit)
{
    const dr_model *m = solution->model;
    size_t at = n * m->sectors + s, column = SECTOR_COLUMNS;
    double output = m->base.output[at], value_added = m->base.value_added[at], price = solution->cost[at];
    if (output == 0)
        return;
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, m->economy->region_codes.names[n]);
    dr_table_set_text(table, row, 1, m->economy->sector_codes.names[s]);
    dr_table_set_number(table, row, OUTPUT, dr_percent(solution->output[at] / output / price));
    dr_table_set_number(table, row, PRICE, dr_percent(price * unit));
    dr_table_set_number(table, row, VALUE_ADDED, dr_percent(solution->value_added[at] / value_added * unit));
    dr_table_set_number(table, row, OUTPUT_VALUE, output);
    dr_table_set_number(table, row, OUTPUT_NEW, solution->output[at] * unit);
    dr_table_set_number(table, row, VALUE_ADDED_VALUE, value_added);
    dr_table_set_number(table, row, VALUE_ADDED_NEW, solution->value_added[at] * unit);
    if (m->floor)
        dr_table_set_number(table, row, column++, dr_percent(dr_solution_sector_employment(solution, n, s)));
    if (m->economy->jobs)
        add_jobs(table, solution, row, column, n, s);
}

static dr_status new_sectors(dr_table **out, const dr_model *m)
{
    dr_column_spec columns[MOST_SECTOR_COLUMNS] = {{"region", DR_SHOW_TEXT},
                                                   {"sector", DR_SHOW_TEXT},
                                                   [OUTPUT] = {"output", DR_SHOW_PERCENT},
                                                   [PRICE] = {"price", DR_SHOW_PERCENT},
                                                   [VALUE_ADDED] = {"value_added", DR_SHOW_PERCENT},
                                                   [OUTPUT_VALUE] = {"output_value", DR_SHOW_VALUE},
                                                   [OUTPUT_NEW] = {"output_value_new", DR_SHOW_VALUE},
                                                   [VALUE_ADDED_VALUE] = {"value_added_value", DR_SHOW_VALUE},
                                                   [VALUE_ADDED_NEW] = {"value_added_value_new", DR_SHOW_VALUE}};
    static const dr_column_spec jobs[] = {
        {"jobs", DR_SHOW_COUNT}, {"jobs_new", DR_SHOW_COUNT}, {"jobs_change", DR_SHOW_COUNT}};
    size_t count = SECTOR_COLUMNS;
    if (m->floor)
        columns[count++] = (dr_column_spec){"employment", DR_SHOW_PERCENT};
    for (size_t i = 0; m->economy->jobs && i < sizeof jobs / sizeof *jobs; i++)
        columns[count++] = jobs[i];
    return dr_table_new(out, columns, count);
}

dr_status dr_solution_sectors(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    const dr_model *m = solution->model;
    dr_numeraire in = dr_solution_numeraire(solution);
    dr_table *table = NULL;
    DR_TRY(new_sectors(&table, m));
    dr_solution_describe(table, solution, "sectors");
    dr_table_set_unit(table, m->economy->unit);
    dr_table_add_note(table, "changes in percent: output in volume, the price of output, value added in value");
    if (m->economy->jobs)
        dr_table_add_note(table,
                          "jobs: persons, of the account '%s' of the world, which change as the labour that the sector "
                          "uses",
                          m->economy->jobs_account);
    dr_answer_jobs(table, solution);
    for (size_t n = 0; n < m->regions; n++)
        for (size_t s = 0; s < m->sectors; s++)
            add_sector(table, solution, n, s, dr_numeraire_of(&in, n));
    return dr_solution_finish(out, table);
}

static void add_flow(dr_table *table, const dr_solution *solution, size_t n, size_t i, size_t s, double unit)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    size_t flow = (n * m->regions + i) * m->sectors + s;
    if (m->base.flow[flow] == 0)
        return;
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, e->region_codes.names[i]);
    dr_table_set_text(table, row, 1, e->region_codes.names[n]);
    dr_table_set_text(table, row, 2, e->sector_codes.names[s]);
    dr_table_set_number(table, row, 3, m->base.flow[flow]);
    dr_table_set_number(table, row, 4, solution->flow[flow] * unit);
    dr_table_set_number(table, row, 5, dr_percent(solution->flow[flow] * unit / m->base.flow[flow]));
}

dr_status dr_solution_flows(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"exporter", DR_SHOW_TEXT}, {"importer", DR_SHOW_TEXT},
                                             {"sector", DR_SHOW_TEXT},   {"base", DR_SHOW_VALUE},
                                             {"new", DR_SHOW_VALUE},     {"change", DR_SHOW_PERCENT}};
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(table, solution, "flows");
    dr_table_set_unit(table, m->economy->unit);
    dr_note_numeraire(table, solution, "values without tariffs");
    double unit = dr_solution_numeraire(solution).all;
    for (size_t i = 0; i < m->regions; i++)
        for (size_t n = 0; n < m->regions; n++)
            for (size_t s = 0; s < m->sectors; s++)
                add_flow(table, solution, n, i, s, unit);
    return dr_solution_finish(out, table);
}

/* The sum over the sectors of what n buys from i. */
static void add_tie(dr_table *table, const dr_solution *solution, size_t n, size_t i, double unit)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    double base = 0, new = 0;
    for (size_t s = 0; s < m->sectors; s++) {
        base += m->base.flow[(n * m->regions + i) * m->sectors + s];
        new += solution->flow[(n * m->regions + i) * m->sectors + s] * unit;
    }
    if (base == 0)
        return;
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, e->region_codes.names[i]);
    dr_table_set_text(table, row, 1, e->region_codes.names[n]);
    dr_table_set_number(table, row, 2, base);
    dr_table_set_number(table, row, 3, new);
    dr_table_set_number(table, row, 4, dr_percent(new / base));
}

dr_status dr_solution_ties(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"exporter", DR_SHOW_TEXT},
                                             {"importer", DR_SHOW_TEXT},
                                             {"base", DR_SHOW_VALUE},
                                             {"new", DR_SHOW_VALUE},
                                             {"change", DR_SHOW_PERCENT}};
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(table, solution, "ties");
    dr_table_set_unit(table, m->economy->unit);
    dr_note_numeraire(table, solution, "values of all sectors without tariffs");
    double unit = dr_solution_numeraire(solution).all;
    for (size_t i = 0; i < m->regions; i++)
        for (size_t n = 0; n < m->regions; n++)
            if (i != n)
                add_tie(table, solution, n, i, unit);
    return dr_solution_finish(out, table);
}

static void add_factor(dr_table *table, const dr_solution *solution, size_t n, size_t f, double unit)
{
    const dr_model *m = solution->model;
    double base = 0, supply = 0, earned = solution->factor_mean[f * m->regions + n];
    for (size_t s = 0; s < m->sectors; s++) {
        base += dr_factor_base(m, f, n, s);
        supply += dr_solution_supply(solution, f, n, s);
    }
    if (base == 0)
        return;
    const double numbers[] = {base, supply * earned * unit, dr_percent(earned * unit),
                              dr_percent(earned / dr_solution_consumer_price(solution, n))};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, m->economy->region_codes.names[n]);
    dr_table_set_text(table, row, 1, dr_factor_name(m, f));
    for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++)
        dr_table_set_number(table, row, c + 2, numbers[c]);
}

dr_status dr_solution_factors(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},   {"factor", DR_SHOW_TEXT},
                                             {"base", DR_SHOW_VALUE},    {"new", DR_SHOW_VALUE},
                                             {"price", DR_SHOW_PERCENT}, {"real_price", DR_SHOW_PERCENT}};
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(table, solution, "factors");
    dr_table_set_unit(table, m->economy->unit);
    dr_numeraire in = dr_solution_numeraire(solution);
    dr_table_add_note(table, "factor incomes over all sectors; price is that of a unit of the factor, real_price is "
                             "relative to the consumer price, both as changes in percent");
    for (size_t n = 0; n < m->regions; n++)
        for (size_t f = 0; f < m->factors; f++)
            add_factor(table, solution, n, f, dr_numeraire_of(&in, n));
    return dr_solution_finish(out, table);
}

static void add_limit(dr_table *table, const dr_solution *solution, const dr_limit_result *limit)
{
    static const char *const rents[] = {"exporter", "importer", "lost"};
    const dr_economy *e = solution->model->economy;
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, limit->one_exporter ? e->region_codes.names[limit->exporter] : "several");
    dr_table_set_text(table, row, 1, limit->one_importer ? e->region_codes.names[limit->importer] : "several");
    dr_table_set_text(table, row, 2, limit->one_sector ? e->sector_codes.names[limit->sector] : "several");
    dr_table_set_number(table, row, 3, (double)limit->flows);
    dr_table_set_number(table, row, 4, limit->base);
    dr_table_set_number(table, row, 5, limit->level);
    dr_table_set_number(table, row, 6, limit->volume);
    dr_table_set_text(table, row, 7, limit->in_quota < 1 ? "exceeded" : limit->wedge > 1 ? "yes" : "no");
    dr_table_set_number(table, row, 8, dr_percent(limit->wedge));
    dr_table_set_number(table, row, 9, limit->rent * dr_solution_numeraire(solution).all);
    dr_table_set_text(table, row, 10, rents[limit->rent_to]);
    if (limit->product != DR_NO_PRODUCT)
        dr_table_set_text(table, row, 11,
                          limit->one_product ? dr_tier_code(solution->model->tier, limit->product) : "several");
}

dr_status dr_solution_curbs(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {
        {"exporter", DR_SHOW_TEXT}, {"importer", DR_SHOW_TEXT}, {"sector", DR_SHOW_TEXT},  {"flows", DR_SHOW_COUNT},
        {"base", DR_SHOW_VALUE},    {"limit", DR_SHOW_VALUE},   {"volume", DR_SHOW_VALUE}, {"binding", DR_SHOW_TEXT},
        {"wedge", DR_SHOW_PERCENT}, {"rent", DR_SHOW_VALUE},    {"rent_to", DR_SHOW_TEXT}, {"product", DR_SHOW_TEXT}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(table, solution, "export curbs and quotas");
    dr_table_set_unit(table, solution->model->economy->unit);
    dr_note_numeraire(table, solution,
                      "volumes at base prices; the wedge is the increase of the price by scarcity, in "
                      "percent; rents");
    for (size_t c = 0; c < solution->limit_count; c++)
        if (solution->limits[c].flows)
            add_limit(table, solution, &solution->limits[c]);
    return dr_solution_finish(out, table);
}
