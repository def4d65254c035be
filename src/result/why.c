/* Why real income changes: the contribution of each flow to the change of real income of some regions. They are the
 * second-order terms of the decomposition (welfare_terms.h), flow by flow; with what the terms do not explain they add
 * up to it exactly. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "result/result.h"
#include "result/welfare.h"
#include "result/welfare_terms.h"
#include "world/select.h"

enum { IMPORTS, EXPORTS, HOME, DIRECTIONS };

/* The contribution of trade with a partner in a sector, in one direction, to the real income of the regions asked
 * for. */
typedef struct part {
    int direction;
    size_t partner, sector;
    double base, now, terms[DR_TERMS], sum;
} part;

typedef struct parts {
    const dr_solution *solution;
    const bool *of;
    part *list; /* [direction, partner, sector] */
    size_t count;
    double reallocation, transfers, compounded, residual, welfare;
} parts;

static void add_part(parts *p, int direction, size_t partner, size_t sector, const dr_trade *t, double weight_of,
                     const double *terms)
{
    const dr_model *m = p->solution->model;
    part *to = &p->list[((size_t)direction * m->regions + partner) * m->sectors + sector];
    to->base += t->value[0];
    to->now += t->value[1];
    for (size_t f = DR_TERM_TERMS_OF_TRADE; f <= DR_TERM_TRANSFERS; f++) {
        to->terms[f] += 100 * weight_of * terms[f];
        to->sum += 100 * weight_of * terms[f];
    }
}

/* The second-order terms of region n, flow by flow; `weight_of`: its share in the base income of the regions asked
 * for. */
static void add_region(parts *p, size_t n, double weight_of)
{
    const dr_solution *solution = p->solution;
    const dr_model *m = solution->model;
    double income[2] = {m->base.income[n], solution->income[n]}, all = dr_second_order(solution, n);
    for (size_t i = 0; i < m->regions; i++)
        for (size_t s = 0; s < m->sectors && i != n; s++) {
            dr_trade bought = dr_trade_of(solution, n, i, s), sold = dr_trade_of(solution, i, n, s);
            double in[DR_TERMS] = {0}, out[DR_TERMS] = {0};
            if (bought.value[0] > 0)
                dr_add_import(&bought, m->theta[s], income, in);
            if (sold.value[0] > 0)
                dr_add_export(&sold, income, out);
            add_part(p, IMPORTS, i, s, &bought, weight_of, in);
            add_part(p, EXPORTS, i, s, &sold, weight_of, out);
        }
    for (size_t j = 0; j < solution->thin_count; j++)
        if (solution->thin[j].region == n) {
            size_t s = solution->thin[j].sector;
            dr_trade home = dr_trade_of(solution, n, n, s);
            double pooled[DR_TERMS] = {[DR_TERM_TECHNICAL] =
                                           home.stopped ? 0 : -dr_log_mean_share(home.gross, income) * home.log_used};
            add_part(p, HOME, n, s, &home, weight_of, pooled);
        }
    for (size_t s = 0; s < m->sectors && solution->productivity; s++) {
        dr_trade home = dr_trade_of(solution, n, n, s);
        double made[DR_TERMS] = {[DR_TERM_TECHNICAL] = dr_productivity_gain(solution, n, s, income)};
        add_part(p, HOME, n, s, &home, weight_of, made);
    }
    p->reallocation += 100 * weight_of * dr_reallocation(solution, n, income);
    p->transfers += 100 * weight_of * dr_transfers(solution, n, income);
    p->compounded += 100 * weight_of * (expm1(all) - all);
    p->residual += weight_of * (dr_solution_welfare(solution, n) - 100 * expm1(all));
    p->welfare += weight_of * dr_solution_welfare(solution, n);
}

static int by_size(const void *a, const void *b)
{
    const part *x = a, *y = b;
    if (fabs(x->sum) != fabs(y->sum))
        return fabs(x->sum) > fabs(y->sum) ? -1 : 1;
    size_t one[] = {(size_t)x->direction, x->partner, x->sector}, two[] = {(size_t)y->direction, y->partner, y->sector};
    for (int k = 0; k < 3; k++)
        if (one[k] != two[k])
            return one[k] < two[k] ? -1 : 1;
    return 0;
}

static void measure_parts(parts *p)
{
    const dr_model *m = p->solution->model;
    double income = 0;
    for (size_t j = 0; j < p->count; j++) {
        p->list[j].direction = (int)(j / m->sectors / m->regions);
        p->list[j].partner = j / m->sectors % m->regions;
        p->list[j].sector = j % m->sectors;
    }
    for (size_t n = 0; n < m->regions; n++)
        income += p->of[n] ? m->base.income[n] : 0;
    for (size_t n = 0; n < m->regions; n++)
        if (p->of[n])
            add_region(p, n, m->base.income[n] / income);
    qsort(p->list, p->count, sizeof *p->list, by_size);
}

enum {
    DIRECTION,
    PARTNER,
    SECTOR,
    BASE,
    NEW,
    CONTRIBUTION,
    PART_TERMS_OF_TRADE,
    PART_VOLUME,
    PART_TECHNICAL,
    PART_RENTS
};

static void write_part(dr_table *table, const dr_economy *e, const part *p)
{
    static const char *const directions[DIRECTIONS] = {"imports", "exports", "home"};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, DIRECTION, directions[p->direction]);
    dr_table_set_text(table, row, PARTNER, e->region_codes.names[p->partner]);
    dr_table_set_text(table, row, SECTOR, dr_economy_sector(e, p->sector));
    dr_table_set_number(table, row, BASE, p->base);
    dr_table_set_number(table, row, NEW, p->now);
    dr_table_set_number(table, row, CONTRIBUTION, p->sum);
    dr_table_set_number(table, row, PART_TERMS_OF_TRADE, p->terms[DR_TERM_TERMS_OF_TRADE]);
    dr_table_set_number(table, row, PART_VOLUME, p->terms[DR_TERM_VOLUME_OF_TRADE]);
    dr_table_set_number(table, row, PART_TECHNICAL, p->terms[DR_TERM_TECHNICAL]);
    dr_table_set_number(table, row, PART_RENTS, p->terms[DR_TERM_RENTS]);
}

static size_t write_sum(dr_table *table, const char *name, double contribution)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, DIRECTION, name);
    dr_table_set_number(table, row, CONTRIBUTION, contribution);
    return row;
}

/* The largest flows, then all others and the terms that are not of flows, so that contributions add up to the change of
 * real income. */
static void write_parts(dr_table *table, const parts *p, size_t most)
{
    size_t there = 0;
    double others = 0;
    for (size_t j = 0; j < p->count; j++) {
        bool shown = p->list[j].sum != 0 && (most == 0 || there < most);
        if (shown)
            write_part(table, p->solution->model->economy, &p->list[j]);
        else
            others += p->list[j].sum;
        there += p->list[j].sum != 0;
    }
    if (most && there > most)
        write_sum(table, "other flows", others);
    write_sum(table, "reallocation", p->reallocation);
    write_sum(table, "transfers", p->transfers);
    write_sum(table, "compounding", p->compounded);
    write_sum(table, "not explained", p->residual);
    dr_table_set_kind(table, write_sum(table, "real income", p->welfare), DR_ROW_TOTAL);
    if (most && there > most)
        dr_table_add_note(table, "the %zu largest flows of %zu", most, there);
}

static dr_status why(dr_table **out, parts *p, const char *of, size_t most)
{
    static const dr_column_spec columns[] = {
        [DIRECTION] = {"flow", DR_SHOW_TEXT},
        [PARTNER] = {"partner", DR_SHOW_TEXT},
        [SECTOR] = {"sector", DR_SHOW_TEXT},
        [BASE] = {"base", DR_SHOW_VALUE},
        [NEW] = {"new", DR_SHOW_VALUE},
        [CONTRIBUTION] = {"contribution", DR_SHOW_PERCENT},
        [PART_TERMS_OF_TRADE] = {"terms_of_trade", DR_SHOW_PERCENT},
        [PART_VOLUME] = {"volume_of_trade", DR_SHOW_PERCENT},
        [PART_TECHNICAL] = {"technical", DR_SHOW_PERCENT},
        [PART_RENTS] = {"rents", DR_SHOW_PERCENT},
    };
    char what[256];
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    measure_parts(p);
    snprintf(what, sizeof what, "why %s", of);
    dr_solution_describe(table, p->solution, what);
    dr_table_set_unit(table, p->solution->model->economy->unit);
    dr_table_add_fact_text(table, "why", of);
    dr_table_add_note(table,
                      "contribution: of imports from and exports to each partner in each sector to the change of real "
                      "income of %s, in percent (the second-order terms of the decomposition); with compounding and "
                      "the part that is not explained, contributions add up to the change exactly",
                      of);
    write_parts(table, p, most);
    dr_status status = dr_groups_tell_all(table, p->solution->model->economy, &p->solution->named);
    if (status == DR_OK)
        return dr_solution_finish(out, table);
    dr_table_free(table);
    return status;
}

dr_status dr_solution_why(dr_table **out, const dr_solution *solution, const char *of, size_t most)
{
    DR_TRY(DR_GIVEN(out, solution, of));
    const dr_model *m = solution->model;
    parts p = {.solution = solution, .count = DIRECTIONS * m->regions * m->sectors};
    bool *members = dr_new(m->regions, sizeof *members);
    p.list = dr_new(p.count, sizeof *p.list);
    p.of = members;
    dr_status status =
        members && p.list ? dr_select_list(dr_select_region, m->economy, NULL, of, members, NULL) : dr_fail_memory();
    if (status == DR_OK)
        status = why(out, &p, of, most);
    free(members);
    free(p.list);
    return status;
}
