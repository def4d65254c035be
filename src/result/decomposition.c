/* Why a region gains or loses: the change of its real income, term by term, to first and second order (docs/model.md, "Welfare
 * explained"). All terms come from the solution's flows, costs, wages and incomes, and from what the scenario put in the way of
 * flows; none of them from the exact welfare beside which they stand. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/table.h"
#include "model/factors.h"
#include "result/result.h"
#include "world/select.h"

enum {
    WELFARE,
    TERMS_OF_TRADE,
    VOLUME_OF_TRADE,
    TECHNICAL,
    REALLOCATION,
    RENTS,
    TRANSFERS,
    FIRST_ORDER,
    SECOND_ORDER,
    RESIDUAL,
    FIGURES
};

/* ---- A flow, base and new ------------------------------------------------------------------------------------------- */

/* What n buys of sector s from i. */
typedef struct trade {
    double gross[2], value[2], earned[2]; /* paid by users; at the border, without tariff; by producers */
    double log_cost, log_used,
        log_rent;        /* of unit cost; of trade cost; of what the exporter's rent adds at the border */
    double log_quantity; /* of what is sent */
    bool stopped;
} trade;

/* ln of the price of the goods in a market over what it would be if its supply were not pooled: -ln(T / R) / theta; 0 where it is not. */
static double log_pooled(const dr_solution *solution, size_t n, size_t s)
{
    const dr_model *m = solution->model;
    for (size_t j = 0; j < solution->thin_count; j++)
        if (solution->thin[j].region == n && solution->thin[j].sector == s)
            return log(solution->thin[j].remains / m->nests.thin) / m->theta[s];
    return 0;
}

static trade trade_of(const dr_solution *solution, size_t n, size_t i, size_t s)
{
    const dr_model *m = solution->model;
    size_t flow = (n * m->regions + i) * m->sectors + s;
    const dr_barrier *barrier = dr_solution_barrier(solution, flow);
    const dr_limit_result *limit = barrier && barrier->limit ? &solution->limits[barrier->limit - 1] : NULL;
    double base = m->base.flow[flow], now = solution->flow[flow], wedge = limit ? limit->wedge : 1;
    bool to_exporter = limit && limit->rent_to == DR_RENT_EXPORTER,
         to_importer = limit && limit->rent_to == DR_RENT_IMPORTER;
    trade t = {.value = {base, now}, .earned = {base, now / (to_exporter ? wedge : 1)}, .stopped = now == 0};
    t.gross[0] = base * (1 + dr_base_tariff(&m->base, flow));
    t.gross[1] = now * (1 + (solution->tariff ? solution->tariff[flow] : 0)) * (to_importer ? wedge : 1);
    if (base == 0 || t.stopped)
        return t;
    t.log_cost = log(solution->cost[i * m->sectors + s]);
    t.log_used = log((barrier ? barrier->times : 1) * (limit && !to_exporter && !to_importer ? wedge : 1)) +
                 log_pooled(solution, n, s);
    t.log_rent = to_exporter ? log(wedge) : 0;
    t.log_quantity = log(now / base) - t.log_rent - t.log_cost;
    return t;
}

/* ---- The terms ------------------------------------------------------------------------------------------------------- */

/* The logarithmic mean (a - b) / ln(a / b) of what two values are of base and new income: the weight that makes a logarithmic
 * change right to second order, and exact where shares follow a power law (Sato 1976; Vartia 1976). */
static double weight(const double values[2], const double income[2])
{
    double base = values[0] / income[0], now = values[1] / income[1];
    if (base <= 0 || now <= 0)
        return 0;
    double ratio = log(now / base);
    return fabs(ratio) < 1e-5 ? sqrt(base * now) : (now - base) / ratio;
}

/* What a flow that stops takes with it: its tariff, and, as it is worth more the less there is of it, what the last of it would
 * have been worth above its price: 1/theta of the spending (the limit of a trade cost that grows without bound). */
static void add_stopped(const trade *t, double theta, double income, double *terms)
{
    terms[VOLUME_OF_TRADE] -= (t->gross[0] - t->value[0]) / income;
    terms[TECHNICAL] -= t->gross[0] / theta / income;
}

static void add_import(const trade *t, double theta, const double income[2], double *terms)
{
    if (t->stopped) {
        add_stopped(t, theta, income[0], terms);
        return;
    }
    double gross = weight(t->gross, income), value = weight(t->value, income);
    terms[TERMS_OF_TRADE] -= value * t->log_cost;
    terms[RENTS] -= value * t->log_rent;
    terms[VOLUME_OF_TRADE] += (gross - value) * t->log_quantity;
    terms[TECHNICAL] -= gross * t->log_used;
}

static void add_export(const trade *t, const double income[2], double *terms)
{
    if (t->stopped)
        return;
    double value = weight(t->value, income), earned = weight(t->earned, income);
    terms[TERMS_OF_TRADE] += value * t->log_cost;
    terms[RENTS] += value * t->log_rent + (value - earned) * t->log_quantity;
}

/* What users of home goods gain by the pools of the region's thin markets; `income` NULL: at base shares. */
static double pooled_at_home(const dr_solution *solution, size_t n, const double *income)
{
    double sum = 0;
    for (size_t j = 0; j < solution->thin_count; j++) {
        if (solution->thin[j].region != n)
            continue;
        trade home = trade_of(solution, n, n, solution->thin[j].sector);
        double gross = income ? weight(home.gross, income) : home.gross[0] / solution->model->base.income[n];
        sum -= home.stopped ? 0 : gross * home.log_used;
    }
    return sum;
}

/* Factors that move, or are idle: sum over factors and sectors of (L' - L), at the mean of base and new wage. */
static double reallocation(const dr_solution *solution, size_t n, const double income[2])
{
    const dr_model *m = solution->model;
    double sum = 0;
    for (size_t f = 0; f < m->factors; f++)
        for (size_t s = 0; s < m->sectors; s++) {
            size_t at = (f * m->regions + n) * m->sectors + s;
            double base = dr_factor_base(m, f, n, s), wage = solution->factor_wage[at];
            if (base > 0)
                sum += (1 / income[0] + wage / income[1]) / 2 * (solution->factor_pay[at] / wage - base);
        }
    return sum;
}

/* The change of the deficit, at the mean of base and new income. */
static double transfers(const dr_solution *solution, size_t n, const double income[2])
{
    return (1 / income[0] + 1 / income[1]) / 2 * (solution->deficit[n] - solution->model->base.deficit[n]);
}

/* ln of the change of real income of region n, right to second order: each term with logarithmic mean weights. */
static double second_order(const dr_solution *solution, size_t n)
{
    const dr_model *m = solution->model;
    double terms[FIGURES] = {0}, sum = 0, income[2] = {m->base.income[n], solution->income[n]};
    for (size_t i = 0; i < m->regions; i++)
        for (size_t s = 0; s < m->sectors && i != n; s++) {
            trade bought = trade_of(solution, n, i, s), sold = trade_of(solution, i, n, s);
            if (bought.value[0] > 0)
                add_import(&bought, m->theta[s], income, terms);
            if (sold.value[0] > 0)
                add_export(&sold, income, terms);
        }
    terms[TECHNICAL] += pooled_at_home(solution, n, income);
    terms[REALLOCATION] = reallocation(solution, n, income);
    terms[TRANSFERS] = transfers(solution, n, income);
    for (size_t f = TERMS_OF_TRADE; f <= TRANSFERS; f++)
        sum += terms[f];
    return sum;
}

/* The terms that are not terms or volume of trade, to first order in base shares. */
static void first_order(const dr_solution *solution, size_t n, double *figures)
{
    const dr_model *m = solution->model;
    double income = m->base.income[n], technical[FIGURES] = {0}, rents = 0;
    for (size_t i = 0; i < m->regions; i++)
        for (size_t s = 0; s < m->sectors && i != n; s++) {
            trade bought = trade_of(solution, n, i, s), sold = trade_of(solution, i, n, s);
            rents += sold.value[0] * sold.log_rent - bought.gross[0] * bought.log_rent;
            if (bought.stopped)
                add_stopped(&bought, m->theta[s], income, technical);
            else
                technical[TECHNICAL] -= bought.gross[0] * bought.log_used / income;
        }
    figures[TECHNICAL] = 100 * (technical[TECHNICAL] + pooled_at_home(solution, n, NULL));
    figures[RENTS] = 100 * rents / income;
    figures[REALLOCATION] = 100 * reallocation(solution, n, (double[]){income, income});
    figures[TRANSFERS] = 100 * (solution->deficit[n] - m->base.deficit[n]) / income;
}

static void region_figures(const dr_solution *solution, size_t n, double *figures)
{
    dr_solution_trade_terms(solution, n, &figures[TERMS_OF_TRADE], &figures[VOLUME_OF_TRADE]);
    first_order(solution, n, figures);
    figures[FIRST_ORDER] = 0;
    for (size_t f = TERMS_OF_TRADE; f <= TRANSFERS; f++)
        figures[FIRST_ORDER] += figures[f];
    figures[WELFARE] = dr_solution_welfare(solution, n);
    figures[SECOND_ORDER] = 100 * expm1(second_order(solution, n));
    figures[RESIDUAL] = figures[WELFARE] - figures[SECOND_ORDER];
}

/* ---- The table ------------------------------------------------------------------------------------------------------- */

static void add_row(dr_table *table, const char *code, dr_row_kind kind, const double *figures)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, 0, code);
    for (size_t f = 0; f < FIGURES; f++)
        dr_table_set_number(table, row, f + 1, figures[f]);
}

static dr_status add_rows(dr_table *table, const dr_solution *solution, double *figures)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    for (size_t n = 0; n < m->regions; n++) {
        region_figures(solution, n, figures + n * FIGURES);
        add_row(table, e->region_codes.names[n], DR_ROW_ONE, figures + n * FIGURES);
    }
    for (size_t g = 0; g < e->groups.count; g++) {
        double of_group[FIGURES] = {0}, income = 0;
        for (size_t n = 0; n < m->regions; n++)
            income += e->member[g * m->regions + n] ? m->base.income[n] : 0;
        for (size_t n = 0; n < m->regions; n++)
            for (size_t f = 0; f < FIGURES && e->member[g * m->regions + n]; f++)
                of_group[f] += figures[n * FIGURES + f] * m->base.income[n] / income;
        add_row(table, e->groups.names[g], DR_ROW_GROUP, of_group);
    }
    if (e->groups.count)
        dr_table_add_note(table, "groups (after the regions) are means of their members, weighted by base income");
    return dr_groups_tell_all(table, e, &solution->named);
}

dr_status dr_solution_decomposition(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"welfare", DR_SHOW_PERCENT},
                                             {"terms_of_trade", DR_SHOW_PERCENT},
                                             {"volume_of_trade", DR_SHOW_PERCENT},
                                             {"technical", DR_SHOW_PERCENT},
                                             {"reallocation", DR_SHOW_PERCENT},
                                             {"rents", DR_SHOW_PERCENT},
                                             {"transfers", DR_SHOW_PERCENT},
                                             {"first_order", DR_SHOW_PERCENT},
                                             {"second_order", DR_SHOW_PERCENT},
                                             {"residual", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    double *figures = dr_new(solution->model->regions * FIGURES, sizeof *figures);
    dr_status status = figures ? dr_table_new(&table, columns, sizeof columns / sizeof *columns) : dr_fail_memory();
    if (status == DR_OK) {
        dr_solution_describe(table, solution, "welfare explained");
        dr_table_set_unit(table, "percent of base income");
        dr_table_add_note(table, "first_order is the sum of the six terms before it; residual is welfare (exact) less "
                                 "second_order");
        status = add_rows(table, solution, figures);
    }
    free(figures);
    return dr_table_finish(out, table, status);
}

/* ---- Which flows they come from ------------------------------------------------------------------------------------- */

enum { IMPORTS, EXPORTS, HOME, DIRECTIONS };

/* What trade with a partner in a sector, one way, adds to the regions asked for. */
typedef struct part {
    int direction;
    size_t partner, sector;
    double base, now, terms[FIGURES], sum;
} part;

typedef struct parts {
    const dr_solution *solution;
    const bool *of;
    part *list; /* [direction, partner, sector] */
    size_t count;
    double reallocation, transfers, compounded, residual, welfare;
} parts;

static void add_part(parts *p, int direction, size_t partner, size_t sector, const trade *t, double weight_of,
                     const double *terms)
{
    const dr_model *m = p->solution->model;
    part *to = &p->list[((size_t)direction * m->regions + partner) * m->sectors + sector];
    to->base += t->value[0];
    to->now += t->value[1];
    for (size_t f = TERMS_OF_TRADE; f <= TRANSFERS; f++) {
        to->terms[f] += 100 * weight_of * terms[f];
        to->sum += 100 * weight_of * terms[f];
    }
}

/* The second-order terms of region n, flow by flow; `weight_of`: its part in the base income of those asked for. */
static void add_region(parts *p, size_t n, double weight_of)
{
    const dr_solution *solution = p->solution;
    const dr_model *m = solution->model;
    double income[2] = {m->base.income[n], solution->income[n]}, all = second_order(solution, n);
    for (size_t i = 0; i < m->regions; i++)
        for (size_t s = 0; s < m->sectors && i != n; s++) {
            trade bought = trade_of(solution, n, i, s), sold = trade_of(solution, i, n, s);
            double in[FIGURES] = {0}, out[FIGURES] = {0};
            if (bought.value[0] > 0)
                add_import(&bought, m->theta[s], income, in);
            if (sold.value[0] > 0)
                add_export(&sold, income, out);
            add_part(p, IMPORTS, i, s, &bought, weight_of, in);
            add_part(p, EXPORTS, i, s, &sold, weight_of, out);
        }
    for (size_t j = 0; j < solution->thin_count; j++)
        if (solution->thin[j].region == n) {
            size_t s = solution->thin[j].sector;
            trade home = trade_of(solution, n, n, s);
            double pooled[FIGURES] = {[TECHNICAL] = home.stopped ? 0 : -weight(home.gross, income) * home.log_used};
            add_part(p, HOME, n, s, &home, weight_of, pooled);
        }
    p->reallocation += 100 * weight_of * reallocation(solution, n, income);
    p->transfers += 100 * weight_of * transfers(solution, n, income);
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
    dr_table_set_number(table, row, PART_TERMS_OF_TRADE, p->terms[TERMS_OF_TRADE]);
    dr_table_set_number(table, row, PART_VOLUME, p->terms[VOLUME_OF_TRADE]);
    dr_table_set_number(table, row, PART_TECHNICAL, p->terms[TECHNICAL]);
    dr_table_set_number(table, row, PART_RENTS, p->terms[RENTS]);
}

static size_t write_sum(dr_table *table, const char *name, double contribution)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, DIRECTION, name);
    dr_table_set_number(table, row, CONTRIBUTION, contribution);
    return row;
}

/* The largest flows, then what else there is, so that the column of contributions adds up to the change of real income. */
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
                      "contribution: to the change of real income of %s, in percent, of what it imports of each "
                      "partner and sector and "
                      "exports there: the second-order terms of the decomposition; with compounding, and what the "
                      "terms do not explain, "
                      "they add up to it exactly",
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
        members && p.list ? dr_select_list(dr_select_region, m->economy, of, members, NULL) : dr_fail_memory();
    if (status == DR_OK)
        status = why(out, &p, of, most);
    free(members);
    free(p.list);
    return status;
}
