/* Why real income changes: the contribution of each flow to the change of real income of some regions. They are the
 * terms of the decomposition (path.h), flow by flow; with what they do not explain they add up to it exactly. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "result/answer.h"
#include "result/path.h"
#include "result/result.h"
#include "result/welfare.h"
#include "world/describe.h"
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
    double *share; /* [n] of the base income of the regions asked for */
    double weight; /* of the step at hand */
    part *list;    /* [direction, partner, sector] */
    size_t count;
    double reallocation, transfers, demand, remainder, welfare;
} parts;

static part *part_at(parts *p, int direction, size_t partner, size_t sector)
{
    const dr_model *m = p->solution->model;
    return &p->list[((size_t)direction * m->regions + partner) * m->sectors + sector];
}

static void add_terms(parts *p, part *to, size_t region, const double *terms)
{
    for (size_t k = 0; k < DR_TERMS; k++) {
        double term = 100 * p->weight * p->share[region] * terms[k];
        to->terms[k] += term;
        to->sum += term;
    }
}

static void add_flow(void *user, size_t n, size_t i, size_t s, const double *imported, const double *exported)
{
    parts *p = user;
    if (p->of[n])
        add_terms(p, part_at(p, i == n ? HOME : IMPORTS, i, s), n, imported);
    if (p->of[i])
        add_terms(p, part_at(p, i == n ? HOME : EXPORTS, n, s), i, exported);
}

static dr_status add_step(void *user, dr_step *step, double weight)
{
    parts *p = user;
    p->weight = weight;
    dr_step_flows(step, add_flow, p);
    for (size_t n = 0; n < p->solution->model->regions; n++) {
        double rest[DR_TERMS];
        dr_step_rest(step, n, rest);
        p->reallocation += 100 * weight * p->share[n] * rest[DR_TERM_REALLOCATION];
        p->transfers += 100 * weight * p->share[n] * rest[DR_TERM_TRANSFERS];
        p->demand += 100 * weight * p->share[n] * rest[DR_TERM_DEMAND];
    }
    return DR_OK;
}

/* The flows of the regions asked for, base and new. */
static void add_values(parts *p)
{
    const dr_model *m = p->solution->model;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions; i++)
            for (size_t s = 0; s < m->sectors; s++) {
                size_t flow = (n * m->regions + i) * m->sectors + s;
                part *to[] = {p->of[n] ? part_at(p, i == n ? HOME : IMPORTS, i, s) : NULL,
                              p->of[i] && i != n ? part_at(p, EXPORTS, n, s) : NULL};
                for (int k = 0; k < 2; k++)
                    if (to[k]) {
                        to[k]->base += m->base.flow[flow];
                        to[k]->now += p->solution->flow[flow];
                    }
            }
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

static dr_status measure_parts(parts *p, const dr_scenario *scenario)
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
    for (size_t n = 0; n < m->regions; n++) {
        p->share[n] = p->of[n] ? m->base.income[n] / income : 0;
        p->welfare += p->of[n] ? p->share[n] * dr_solution_welfare(p->solution, n) : 0;
    }
    DR_TRY(dr_path_follow(p->solution, scenario, p->of, add_step, p));
    add_values(p);
    p->remainder = p->welfare - p->reallocation - p->transfers - p->demand;
    for (size_t j = 0; j < p->count; j++)
        p->remainder -= p->list[j].sum;
    qsort(p->list, p->count, sizeof *p->list, by_size);
    return DR_OK;
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
    if (p->solution->final_share)
        write_sum(table, "demand", p->demand);
    write_sum(table, "remainder", p->remainder);
    dr_table_set_kind(table, write_sum(table, "real income", p->welfare), DR_ROW_TOTAL);
    if (most && there > most)
        dr_table_add_note(table, "the %zu largest flows of %zu", most, there);
}

/* "Real income of the EU falls by 1.94%; exports of mining to China contribute most, -0.30%." */
static void say_answer(dr_table *table, const parts *p, const char *of)
{
    const dr_economy *e = p->solution->model->economy;
    const part *most = &p->list[0];
    char name[DR_SPOKEN_SIZE], partner[DR_SPOKEN_SIZE], sector[DR_SPOKEN_SIZE], change[DR_PERCENT_SIZE];
    const char *trade = most->direction == IMPORTS ? "imports" : most->direction == EXPORTS ? "exports" : "home sales";
    if (most->sum == 0)
        return;
    dr_table_say(table, "real income of %s %s by %s.", dr_spoken(name, e, of), p->welfare < 0 ? "falls" : "rises",
                 dr_percent_words(change, p->welfare));
    dr_spoken_sector(sector, e, e->sector_codes.names[most->sector]);
    dr_spoken(partner, e, e->region_codes.names[most->partner]);
    dr_table_say(table, "%s of %s %s %s contribute most, %s%s.", trade, sector,
                 most->direction == IMPORTS   ? "from"
                 : most->direction == EXPORTS ? "to"
                                              : "in",
                 partner, most->sum < 0 ? "-" : "", dr_percent_words(change, most->sum));
}

static dr_status why(dr_table **out, parts *p, const dr_scenario *scenario, const char *of, size_t most)
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
    DR_TRY(measure_parts(p, scenario));
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    snprintf(what, sizeof what, "why %s", of);
    dr_solution_describe(table, p->solution, what);
    dr_table_set_unit(table, p->solution->model->economy->unit);
    dr_table_add_fact_text(table, "why", of);
    dr_table_add_note(table,
                      "contribution: of imports from and exports to each partner in each sector to the change of real "
                      "income of %s, in percent, integrated along the path of the scenario from nothing to its size; "
                      "with the remainder, contributions add up to the change exactly",
                      of);
    write_parts(table, p, most);
    dr_table_keep_rows(table);
    dr_describe_names(table, p->solution->model->economy);
    say_answer(table, p, of);
    dr_status status = dr_groups_tell_all(table, p->solution->model->economy, &p->solution->named);
    if (status == DR_OK)
        return dr_solution_finish(out, table);
    dr_table_free(table);
    return status;
}

dr_status dr_solution_why(dr_table **out, const dr_solution *solution, const dr_scenario *scenario, const char *of,
                          size_t most)
{
    DR_TRY(DR_GIVEN(out, solution, of));
    DR_TRY(dr_scenario_check(__func__, solution->model, scenario));
    const dr_model *m = solution->model;
    parts p = {.solution = solution, .count = DIRECTIONS * m->regions * m->sectors};
    bool *members = dr_new(m->regions, sizeof *members);
    p.list = dr_new(p.count, sizeof *p.list);
    p.share = dr_new(m->regions, sizeof *p.share);
    p.of = members;
    dr_status status = members && p.list && p.share
                           ? dr_select_list(dr_select_region, m->economy, NULL, of, members, NULL)
                           : dr_fail_memory();
    if (status == DR_OK)
        status = why(out, &p, scenario, of, most);
    free(members);
    free(p.list);
    free(p.share);
    return status;
}
