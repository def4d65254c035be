/* Why a region gains or loses: the change of its real income, term by term, to first and second order (docs/model.md, "Welfare
 * explained"). All terms come from the solution's flows, costs, wages and incomes, and from what the scenario put in the way of
 * flows; none of them from the exact welfare beside which they stand. */
#define _GNU_SOURCE /* strdup */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "solve/model.h"

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

/* ---- What is kept of the scenario ------------------------------------------------------------------------------------ */

static dr_barrier *find_barrier(const dr_solution *solution, size_t flow)
{
    size_t low = 0, high = solution->barrier_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (solution->barriers[middle].flow < flow)
            low = middle + 1;
        else
            high = middle;
    }
    return low < solution->barrier_count && solution->barriers[low].flow == flow ? &solution->barriers[low] : NULL;
}

static dr_status keep_barriers(dr_solution *solution, const dr_scenario *scenario)
{
    const int kinds = DR_CHANGE_COST | DR_CHANGE_BAN | DR_CHANGE_CAP;
    const dr_model *m = solution->model;
    size_t flows = m->regions * m->regions * m->sectors, count = 0;
    for (size_t flow = 0; scenario && flow < flows; flow++)
        count += (scenario->change[flow] & kinds) != 0;
    if (count == 0)
        return DR_OK;
    solution->barriers = dr_new(count, sizeof *solution->barriers);
    if (!solution->barriers)
        return dr_fail_memory();
    for (size_t flow = 0; flow < flows; flow++) {
        int change = scenario->change[flow];
        if (change & kinds)
            solution->barriers[solution->barrier_count++] = (dr_barrier){
                .flow = flow,
                .times =
                    change & DR_CHANGE_BAN ? INFINITY : dr_scenario_times(scenario, flow, m->theta[flow % m->sectors])};
    }
    for (size_t c = 0; c < scenario->cap_count; c++)
        for (size_t j = 0; j < scenario->caps[c].count; j++)
            find_barrier(solution, scenario->caps[c].flows[j])->cap = c + 1;
    return DR_OK;
}

static dr_status keep_notes(dr_solution *solution, const dr_scenario *scenario)
{
    if (!scenario || scenario->note_count == 0)
        return DR_OK;
    solution->notes = dr_new(scenario->note_count, sizeof *solution->notes);
    if (!solution->notes)
        return dr_fail_memory();
    for (size_t i = 0; i < scenario->note_count; i++) {
        if (!(solution->notes[i] = strdup(scenario->notes[i])))
            return dr_fail_memory();
        solution->note_count++;
    }
    return DR_OK;
}

dr_status dr_solution_keep(dr_solution *solution, const dr_scenario *scenario)
{
    DR_TRY(keep_barriers(solution, scenario));
    return keep_notes(solution, scenario);
}

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
    const dr_barrier *barrier = find_barrier(solution, flow);
    const dr_cap_result *cap = barrier && barrier->cap ? &solution->caps[barrier->cap - 1] : NULL;
    double base = m->base.flow[flow], now = solution->flow[flow], wedge = cap ? cap->wedge : 1;
    bool to_exporter = cap && cap->rent_to == DR_RENT_EXPORTER, to_importer = cap && cap->rent_to == DR_RENT_IMPORTER;
    trade t = {.value = {base, now}, .earned = {base, now / (to_exporter ? wedge : 1)}, .stopped = now == 0};
    t.gross[0] = base * (1 + dr_base_tariff(&m->base, flow));
    t.gross[1] = now * (1 + (solution->tariff ? solution->tariff[flow] : 0)) * (to_importer ? wedge : 1);
    if (base == 0 || t.stopped)
        return t;
    t.log_cost = log(solution->cost[i * m->sectors + s]);
    t.log_used = log((barrier ? barrier->times : 1) * (cap && !to_exporter && !to_importer ? wedge : 1)) +
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
    terms[TRANSFERS] = (1 / income[0] + 1 / income[1]) / 2 * (solution->deficit[n] - m->base.deficit[n]);
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

static void add_rows(dr_table *table, const dr_solution *solution, double *figures)
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
}

dr_status dr_solution_decomposition(dr_table **out, const dr_solution *solution)
{
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
        add_rows(table, solution, figures);
    }
    free(figures);
    return status == DR_OK ? dr_solution_finish(out, table) : status;
}
