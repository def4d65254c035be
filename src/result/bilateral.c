/* Bilateral trade of two sides by sector, before and after. Formulas: docs/model.md, "Results". */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "result/region_accounts.h"
#include "result/result.h"
#include "world/sides.h"

/* Imports of side `of` in a sector, from all regions outside it and from the other side, and its exports to the other
 * side; each before and after. */
typedef struct trade {
    double imports[2], from[2], to[2];
} trade;

enum {
    SECTOR,
    IMPORTS,
    IMPORTS_NEW,
    IMPORTS_CHANGE,
    SHARE,
    SHARE_NEW,
    EXPORTS,
    EXPORTS_NEW,
    EXPORTS_CHANGE,
    BALANCE,
    BALANCE_NEW,
    COLUMNS
};

static const dr_column_spec columns[COLUMNS] = {[SECTOR] = {"sector", DR_SHOW_TEXT},
                                                [IMPORTS] = {"imports_from", DR_SHOW_VALUE},
                                                [IMPORTS_NEW] = {"imports_from_new", DR_SHOW_VALUE},
                                                [IMPORTS_CHANGE] = {"imports_from_change", DR_SHOW_PERCENT},
                                                [SHARE] = {"share_of_imports", DR_SHOW_SHARE},
                                                [SHARE_NEW] = {"share_of_imports_new", DR_SHOW_SHARE},
                                                [EXPORTS] = {"exports_to", DR_SHOW_VALUE},
                                                [EXPORTS_NEW] = {"exports_to_new", DR_SHOW_VALUE},
                                                [EXPORTS_CHANGE] = {"exports_to_change", DR_SHOW_PERCENT},
                                                [BALANCE] = {"balance", DR_SHOW_VALUE},
                                                [BALANCE_NEW] = {"balance_new", DR_SHOW_VALUE}};

static void add_up(trade *sum, const trade *one)
{
    for (size_t t = 0; t < 2; t++) {
        sum->imports[t] += one->imports[t];
        sum->from[t] += one->from[t];
        sum->to[t] += one->to[t];
    }
}

static trade trade_in(const dr_solution *solution, const dr_sides *sides, size_t s)
{
    const dr_model *m = solution->model;
    double unit = dr_solution_numeraire(solution).all;
    trade sum = {0};
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions; i++) {
            size_t flow = (n * m->regions + i) * m->sectors + s;
            const double values[2] = {m->base.flow[flow], solution->flow[flow] * unit};
            bool buys = sides->of[n] && !sides->of[i], sells = sides->of[i] && !sides->of[n];
            for (size_t t = 0; t < 2; t++) {
                sum.imports[t] += buys ? values[t] : 0;
                sum.from[t] += buys && sides->to[i] ? values[t] : 0;
                sum.to[t] += sells && sides->to[n] ? values[t] : 0;
            }
        }
    return sum;
}

static double change(const double values[2])
{
    return values[0] > 0 ? 100 * (values[1] / values[0] - 1) : NAN;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static void add_row(dr_table *table, const char *sector, const trade *t, dr_row_kind kind)
{
    const double numbers[COLUMNS] = {[IMPORTS] = t->from[0],
                                     [IMPORTS_NEW] = t->from[1],
                                     [IMPORTS_CHANGE] = change(t->from),
                                     [SHARE] = share(t->from[0], t->imports[0]),
                                     [SHARE_NEW] = share(t->from[1], t->imports[1]),
                                     [EXPORTS] = t->to[0],
                                     [EXPORTS_NEW] = t->to[1],
                                     [EXPORTS_CHANGE] = change(t->to),
                                     [BALANCE] = t->to[0] - t->from[0],
                                     [BALANCE_NEW] = t->to[1] - t->from[1]};
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, SECTOR, sector);
    for (size_t c = SECTOR + 1; c < COLUMNS; c++)
        dr_table_set_number(table, row, c, numbers[c]);
}

typedef struct rank {
    size_t sector;
    trade trade;
} rank;

/* The largest imports first. */
static int compare(const void *a, const void *b)
{
    const rank *x = a, *y = b;
    if (x->trade.from[0] != y->trade.from[0])
        return x->trade.from[0] > y->trade.from[0] ? -1 : 1;
    return (x->sector > y->sector) - (x->sector < y->sector);
}

static void fill(dr_table *table, const dr_solution *solution, const dr_sides *sides, rank *ranks)
{
    const dr_economy *e = solution->model->economy;
    trade all = {0};
    for (size_t s = 0; s < e->sectors; s++) {
        ranks[s] = (rank){s, trade_in(solution, sides, s)};
        add_up(&all, &ranks[s].trade);
    }
    qsort(ranks, e->sectors, sizeof *ranks, compare);
    for (size_t s = 0; s < e->sectors; s++)
        if (ranks[s].trade.from[0] > 0 || ranks[s].trade.to[0] > 0)
            add_row(table, dr_economy_sector(e, ranks[s].sector), &ranks[s].trade, DR_ROW_ONE);
    add_row(table, "all", &all, DR_ROW_TOTAL);
}

dr_status dr_solution_tie(dr_table **out, const dr_solution *solution, const char *of, const char *with)
{
    DR_TRY(DR_GIVEN(out, solution, of, with));
    const dr_economy *e = solution->model->economy;
    char what[256];
    dr_table *table = NULL;
    dr_sides sides = {0};
    rank *ranks = dr_new(e->sectors, sizeof *ranks);
    dr_status status = ranks ? dr_sides_read(&sides, e, NULL, of, with) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_table_new(&table, columns, COLUMNS);
    if (status == DR_OK) {
        snprintf(what, sizeof what, "bilateral trade of %.80s with %.80s", of, with);
        dr_solution_describe(table, solution, what);
        dr_table_set_unit(table, e->unit);
        dr_table_add_fact_text(table, "of", of);
        dr_table_add_fact_text(table, "to", with);
        dr_note_numeraire(table, solution, "values before and after (new), without tariffs");
        dr_table_add_note(table, "shares of the imports of the sector by %s", of);
        fill(table, solution, &sides, ranks);
    }
    dr_sides_free(&sides);
    free(ranks);
    return dr_table_finish(out, table, status);
}
