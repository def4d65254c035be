/* The overview of a solution: the flows that the scenario touches, the regions that gain or lose most and the sectors
 * that are hit most, each before and after. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "result/answer.h"
#include "result/result.h"
#include "world/describe.h"

enum { ABOUT, NAME, BASE, NEW, CHANGE, PERCENT, COLUMNS };

enum { MOST_WHOLES = 3, MOST_PARTS = 4, MOST_REGIONS = 8, MOST_SECTORS = 6 };

static const dr_column_spec columns[COLUMNS] = {
    [ABOUT] = {"about", DR_SHOW_TEXT}, [NAME] = {"name", DR_SHOW_TEXT},      [BASE] = {"base", DR_SHOW_VALUE},
    [NEW] = {"new", DR_SHOW_VALUE},    [CHANGE] = {"change", DR_SHOW_VALUE}, [PERCENT] = {"percent", DR_SHOW_PERCENT},
};

/* What a solution makes of a base: a change below its precision, which rounding leaves where nothing changes, is
 * none. */
static double settled(double base, double new)
{
    const double precision = 1e-9;
    return fabs(new - base) <= precision * fabs(base) ? base : new;
}

static void add_row(dr_table *table, const char *about, const char *name, double base, double after)
{
    size_t row = dr_table_add_row(table);
    double new = settled(base, after);
    dr_table_set_text(table, row, ABOUT, about);
    dr_table_set_text(table, row, NAME, name);
    dr_table_set_number(table, row, BASE, base);
    dr_table_set_number(table, row, NEW, new);
    dr_table_set_number(table, row, CHANGE, new - base);
    dr_table_set_number(table, row, PERCENT, base > 0 ? dr_percent(new / base) : NAN);
}

static void add_flows(dr_table *table, const dr_solution *solution, const dr_touched_list *touched)
{
    const dr_economy *e = solution->model->economy;
    for (size_t j = 0; j < touched->count; j++) {
        const dr_touched *t = &touched->items[j];
        char goods[DR_SET_SIZE], by[DR_SET_SIZE], from[DR_SET_SIZE], name[3 * DR_SET_SIZE + 16];
        if (j < touched->wholes ? j >= MOST_WHOLES : j >= touched->wholes + MOST_PARTS)
            continue;
        snprintf(name, sizeof name, "%s, %s from %s", dr_touched_goods(goods, e, t), dr_touched_by(by, e, t),
                 dr_touched_from(from, e, t));
        add_row(table, "imports", name, t->value[0], t->value[1]);
    }
}

/* A candidate for a row, and the size of its change. */
typedef struct candidate {
    size_t index;
    double size;
} candidate;

static int by_size(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Real income: base income, and what would give the new real income at base prices. */
static void add_regions(dr_table *table, const dr_solution *solution, const dr_account *accounts, candidate *list)
{
    const dr_economy *e = solution->model->economy;
    for (size_t n = 0; n < e->regions; n++)
        list[n] = (candidate){
            n, fabs(settled(accounts[n].income[0], accounts[n].income[0] + accounts[n].equivalent_variation) -
                    accounts[n].income[0])};
    qsort(list, e->regions, sizeof *list, by_size);
    for (size_t k = 0; k < e->regions && k < MOST_REGIONS; k++) {
        const dr_account *a = &accounts[list[k].index];
        const char *code = e->region_codes.names[list[k].index], *name = e->region_names[list[k].index];
        add_row(table, "real income", *name ? name : code, a->income[0], a->income[0] + a->equivalent_variation);
    }
}

/* Output at base prices, that is in volume. */
static void add_sectors(dr_table *table, const dr_solution *solution, candidate *list)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    size_t cells = m->regions * m->sectors;
    for (size_t c = 0; c < cells; c++)
        list[c] = (candidate){
            c, fabs(settled(m->base.output[c], solution->output[c] / solution->cost[c]) - m->base.output[c])};
    qsort(list, cells, sizeof *list, by_size);
    for (size_t k = 0; k < cells && k < MOST_SECTORS; k++) {
        size_t c = list[k].index, n = c / m->sectors;
        char sector[DR_SPOKEN_SIZE], name[DR_SPOKEN_SIZE + 160];
        const char *region = *e->region_names[n] ? e->region_names[n] : e->region_codes.names[n];
        if (m->base.output[c] == 0)
            continue;
        snprintf(name, sizeof name, "%s, %.120s", dr_spoken_sector(sector, e, e->sector_codes.names[c % m->sectors]),
                 region);
        add_row(table, "output", name, m->base.output[c], solution->output[c] / solution->cost[c]);
    }
}

static dr_status fill(dr_table *table, const dr_solution *solution, const dr_scenario *scenario,
                      const dr_account *accounts, candidate *list)
{
    dr_touched_list touched;
    dr_status status = dr_touched_find(&touched, solution, scenario);
    if (status == DR_OK) {
        dr_answer_actors(table, solution, accounts, &touched);
        dr_answer_flows(table, solution, &touched, 2);
        dr_answer_winners(table, solution, accounts);
        dr_answer_jobs(table, solution);
        add_flows(table, solution, &touched);
        add_regions(table, solution, accounts, list);
        add_sectors(table, solution, list);
    }
    dr_touched_free(&touched);
    return status;
}

dr_status dr_solution_overview(dr_table **out, const dr_solution *solution, const dr_scenario *scenario)
{
    DR_TRY(DR_GIVEN(out, solution));
    DR_TRY(dr_scenario_check(__func__, solution->model, scenario));
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    dr_account *accounts = dr_accounts_new(solution);
    candidate *list = dr_new(m->regions * m->sectors, sizeof *list);
    dr_status status = accounts && list ? dr_table_new(&table, columns, COLUMNS) : dr_fail_memory();
    if (status == DR_OK) {
        dr_solution_describe(table, solution, "overview");
        dr_table_set_unit(table, m->economy->unit);
        dr_table_word(table, "name", "trade or output of", "trade, region or sector");
        dr_table_word(table, "base", "before", "before the scenario");
        dr_table_word(table, "new", "after", "under the scenario");
        dr_table_keep_rows(table);
        dr_table_add_note(table,
                          "real income at base prices; output in volume at base prices; imports without tariffs, "
                          "those of the scenario alone. --table regions, money, sectors and others have the rest");
        status = fill(table, solution, scenario, accounts, list);
    }
    free(accounts);
    free(list);
    return dr_table_finish(out, table, status);
}
