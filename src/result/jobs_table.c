/* Those who move between sectors, or lose their work: heads of the account of jobs, which change as the labour that
 * sectors use. */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/money.h"
#include "base/print.h"
#include "result/answer.h"
#include "result/result.h"
#include "world/describe.h"

enum { REGION, SECTOR, SKILL, JOBS, JOBS_NEW, CHANGE, LOST, GAINED, MOVED, MOVED_SHARE, UNEMPLOYED, COLUMNS };

static const dr_column_spec columns[COLUMNS] = {[REGION] = {"region", DR_SHOW_TEXT},
                                                [SECTOR] = {"sector", DR_SHOW_TEXT},
                                                [SKILL] = {"skill", DR_SHOW_TEXT},
                                                [JOBS] = {"jobs", DR_SHOW_COUNT},
                                                [JOBS_NEW] = {"jobs_new", DR_SHOW_COUNT},
                                                [CHANGE] = {"jobs_change", DR_SHOW_COUNT},
                                                [LOST] = {"lost", DR_SHOW_COUNT},
                                                [GAINED] = {"gained", DR_SHOW_COUNT},
                                                [MOVED] = {"moved", DR_SHOW_COUNT},
                                                [MOVED_SHARE] = {"moved_share", DR_SHOW_SHARE},
                                                [UNEMPLOYED] = {"unemployed", DR_SHOW_COUNT}};

/* Of a region, a group or the world. */
typedef struct heads {
    double before, after, lost, gained;
} heads;

/* Persons in a sector of region n, of a kind from 1, or 0: all; they change as the labour that the sector uses. */
static void jobs_in(const dr_solution *solution, size_t kind, size_t n, size_t s, double *before, double *after)
{
    const dr_economy *e = solution->model->economy;
    size_t cell = n * e->sectors + s;
    *before = kind > 0 ? e->jobs_of_kind[(kind - 1) * e->regions * e->sectors + cell] : e->jobs[cell];
    *after = *before > 0 ? *before * dr_solution_sector_employment(solution, n, s) : *before;
}

static heads count(const dr_solution *solution, size_t kind, size_t n)
{
    heads h = {0};
    for (size_t s = 0; s < solution->model->sectors; s++) {
        double before, after;
        jobs_in(solution, kind, n, s, &before, &after);
        h.before += before;
        h.after += after;
        h.lost += fmax(0, before - after);
        h.gained += fmax(0, after - before);
    }
    return h;
}

/* What is lost and gained nowhere else is moved; without rigid wages the two differ only in that heads have different
 * wages in different sectors. */
static void add_row(dr_table *table, const char *name, const char *skill, const heads *h, bool rigid, dr_row_kind kind)
{
    size_t row = dr_table_add_row(table);
    double moved = fmin(h->lost, h->gained);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, REGION, name);
    dr_table_set_text(table, row, SECTOR, "all");
    dr_table_set_text(table, row, SKILL, skill);
    dr_table_set_number(table, row, JOBS, h->before);
    dr_table_set_number(table, row, JOBS_NEW, h->after);
    dr_table_set_number(table, row, CHANGE, h->after - h->before);
    dr_table_set_number(table, row, LOST, h->lost);
    dr_table_set_number(table, row, GAINED, h->gained);
    dr_table_set_number(table, row, MOVED, moved);
    dr_table_set_number(table, row, MOVED_SHARE, h->before > 0 ? moved / h->before : NAN);
    if (rigid)
        dr_table_set_number(table, row, UNEMPLOYED, fmax(0, h->before - h->after));
}

static void add_sector(dr_table *table, const dr_solution *solution, size_t n, size_t s)
{
    const dr_model *m = solution->model;
    double before, after;
    jobs_in(solution, 0, n, s, &before, &after);
    if (before == 0 && after == 0)
        return;
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, REGION, m->economy->region_codes.names[n]);
    dr_table_set_text(table, row, SECTOR, dr_economy_sector(m->economy, s));
    dr_table_set_text(table, row, SKILL, "all");
    dr_table_set_number(table, row, JOBS, before);
    dr_table_set_number(table, row, JOBS_NEW, after);
    dr_table_set_number(table, row, CHANGE, after - before);
    dr_table_set_number(table, row, LOST, fmax(0, before - after));
    dr_table_set_number(table, row, GAINED, fmax(0, after - before));
}

static void say(dr_table *table, const dr_solution *solution, const heads *all)
{
    char moved[DR_MONEY_SIZE], percent[DR_PERCENT_SIZE], idle[DR_MONEY_SIZE];
    double least = fmin(all->lost, all->gained);
    if (!(all->before > 0))
        return;
    dr_table_say(table, "%s move to another sector of their region (%s of all).", dr_money(moved, least, "persons"),
                 dr_percent_words(percent, 100 * least / all->before));
    if (solution->employment && all->before - all->after >= 1)
        dr_table_say(table, "%s find no work at the wage floor.", dr_money(idle, all->before - all->after, "persons"));
}

/* The regions and the world; of a kind from 1, or 0: of all. */
static heads add_regions(dr_table *table, const dr_solution *solution, size_t kind)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    const char *skill = kind > 0 ? e->jobs_kinds.names[kind - 1] : "all";
    heads all = {0};
    for (size_t n = 0; n < m->regions; n++) {
        heads h = count(solution, kind, n);
        add_row(table, e->region_codes.names[n], skill, &h, m->floor, DR_ROW_ONE);
        all = (heads){all.before + h.before, all.after + h.after, all.lost + h.lost, all.gained + h.gained};
    }
    add_row(table, "world", skill, &all, m->floor, DR_ROW_TOTAL);
    return all;
}

static void fill(dr_table *table, const dr_solution *solution)
{
    const dr_model *m = solution->model;
    heads all = add_regions(table, solution, 0);
    for (size_t kind = 1; kind <= m->economy->jobs_kinds.count; kind++)
        add_regions(table, solution, kind);
    for (size_t n = 0; n < m->regions; n++)
        for (size_t s = 0; s < m->sectors; s++)
            add_sector(table, solution, n, s);
    say(table, solution, &all);
}

dr_status dr_solution_jobs(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    if (!m->economy->jobs)
        return dr_fail(DR_BAD_INPUT,
                       "the table of jobs needs an account of persons who work in each sector; 'derisk import "
                       "account FILE.csv' adds one");
    DR_TRY(dr_table_new(&table, columns, m->floor ? COLUMNS : COLUMNS - 1));
    dr_solution_describe(table, solution, "jobs");
    dr_table_set_unit(table, "persons");
    dr_table_add_note(
        table,
        "jobs: persons, of the account '%s' of the world, which change as the labour that the sector uses; "
        "lost and gained: in the sectors that shrink and that grow; moved: the smaller of the two",
        m->economy->jobs_account);
    fill(table, solution);
    return dr_solution_finish(out, table);
}
