/* The loss from cutting one supplier of one good: the equilibrium under a ban, for each pair of supplier and sector.
 * The solves are independent of each other and each the same as a single one of dr_model_solve, so that the result does
 * not depend on the number of threads. They all start from the base, which is as near as the solution of any other
 * pair. */
#include <limits.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/parallel.h"
#include "base/table_rows.h"
#include "equilibrium/solve.h"
#include "result/model_draws.h"
#include "result/part_table.h"
#include "result/result.h"
#include "result/welfare.h"
#include "world/describe.h"
#include "world/select.h"
#include "world/sides.h"

/* The purchases of `of` from one supplier in one sector, and the losses of real income without them. */
typedef struct tie {
    size_t supplier, sector;
    double imports, share;           /* value, and share in the imports of the good by `of` */
    double loss, loss_value;         /* of `of`, in percent and in base values */
    double its_loss, its_loss_value; /* of the supplier, likewise */
    char *why;                       /* the reason if there is no equilibrium, or NULL */
    dr_certificate certificate;
} tie;

typedef struct scan {
    const dr_model *model;
    const dr_cut_options *options;
    dr_sides sides;
    bool *sectors;
    tie *ties;
    size_t count, untraded;
    double seconds;
    atomic_size_t done;
    dr_change *bans; /* [thread] */
} scan;

static void scan_free(scan *c)
{
    for (size_t j = 0; j < c->count; j++)
        free(c->ties[j].why);
    dr_sides_free(&c->sides);
    free(c->sectors);
    free(c->ties);
}

/* ---- Pairs of supplier and sector -------------------------------------------------------------------------------- */

/* The purchases of side `of` of sector s from region i. */
static double bought(const scan *c, size_t i, size_t s)
{
    const dr_model *m = c->model;
    double sum = 0;
    for (size_t n = 0; n < m->regions; n++)
        sum += c->sides.of[n] ? m->base.flow[(n * m->regions + i) * m->sectors + s] : 0;
    return sum;
}

static dr_status list_ties(scan *c)
{
    size_t r = c->model->regions, sectors = c->model->sectors;
    c->ties = dr_new(r * sectors, sizeof *c->ties);
    if (!c->ties)
        return dr_fail_memory();
    for (size_t s = 0; s < sectors; s++) {
        double all = 0;
        for (size_t i = 0; i < r && c->sectors[s]; i++)
            all += c->sides.of[i] ? 0 : bought(c, i, s);
        for (size_t i = 0; i < r && c->sectors[s]; i++) {
            double imports = c->sides.to[i] ? bought(c, i, s) : 0;
            if (imports > 0)
                c->ties[c->count++] = (tie){.supplier = i, .sector = s, .imports = imports, .share = imports / all};
            else
                c->untraded += c->sides.to[i];
        }
    }
    return DR_OK;
}

/* ---- The solves -------------------------------------------------------------------------------------------------- */

/* The loss of real income of the regions marked, in base values and in percent. */
static double loss_of(const dr_solution *solution, const bool *regions, double *value)
{
    const dr_model *m = solution->model;
    double change = 0, income = 0;
    for (size_t n = 0; n < m->regions; n++)
        if (regions[n]) {
            change += 100 * dr_solution_equivalent(solution, n);
            income += m->base.income[n];
        }
    *value = -change / 100;
    return -change / income;
}

static dr_status solve_without(tie *t, const scan *c, const dr_change *ban)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_status status = dr_scenario_new(&scenario, c->model->economy);
    if (status == DR_OK)
        status = dr_scenario_apply(scenario, ban);
    if (status == DR_OK)
        status = dr_model_certified(&solution, c->model, scenario);
    if (status == DR_OK) {
        t->loss = loss_of(solution, c->sides.of, &t->loss_value);
        t->its_loss = loss_of(solution, ban->on, &t->its_loss_value);
        t->certificate = solution->certificate;
    } else if (status == DR_NO_SOLUTION) {
        t->loss = t->loss_value = t->its_loss = t->its_loss_value = NAN;
        t->why = strdup(dr_error_text());
        status = t->why ? DR_OK : dr_fail_memory();
    }
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return status;
}

static dr_status ban_new(dr_change *ban, const scan *c)
{
    DR_TRY(dr_change_new(ban, c->model->economy, DR_CHANGE_BAN));
    memcpy(ban->by, c->sides.of, c->model->regions * sizeof *ban->by);
    return DR_OK;
}

static dr_status solve_tie(void *work, size_t j, size_t thread)
{
    scan *c = work;
    tie *t = &c->ties[j];
    dr_change *ban = &c->bans[thread];
    if (!ban->by)
        DR_TRY(ban_new(ban, c));
    ban->on[t->supplier] = ban->sectors[t->sector] = true;
    dr_status status = solve_without(t, c, ban);
    ban->on[t->supplier] = ban->sectors[t->sector] = false;
    size_t done = atomic_fetch_add(&c->done, 1) + 1;
    if (status == DR_OK && c->options->progress && thread == 0)
        c->options->progress("cutting ties", done, c->count, c->options->user);
    return status;
}

static dr_status solve_ties(scan *c)
{
    size_t threads = dr_threads(c->options->threads, c->count);
    c->bans = dr_new(threads, sizeof *c->bans);
    if (!c->bans)
        return dr_fail_memory();
    dr_status status = dr_parallel(c->count, c->options->threads, solve_tie, c);
    for (size_t i = 0; i < threads; i++)
        dr_change_free(&c->bans[i]);
    free(c->bans);
    return status;
}

static dr_status find(scan *c, const char *of)
{
    DR_TRY(dr_sides_read(&c->sides, c->model->economy, NULL, of, c->options->to));
    c->sectors = dr_new(c->model->sectors, sizeof *c->sectors);
    if (!c->sectors)
        return dr_fail_memory();
    DR_TRY(dr_select_goods(c->model->economy, c->options->sectors, c->sectors));
    return list_ties(c);
}

static dr_status run(scan *c)
{
    double start = dr_seconds();
    dr_status status = solve_ties(c);
    c->seconds = dr_seconds() - start;
    return status;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

/* Pairs without an equilibrium first, then in descending order of loss. */
static int compare(const void *a, const void *b)
{
    const tie *x = a, *y = b;
    if (!x->why != !y->why)
        return x->why ? -1 : 1;
    if (x->loss != y->loss && !x->why)
        return x->loss > y->loss ? -1 : 1;
    return x->sector != y->sector ? (x->sector > y->sector) - (x->sector < y->sector)
                                  : (x->supplier > y->supplier) - (x->supplier < y->supplier);
}

static void add_certificate(dr_table *table, const scan *c)
{
    const dr_certificate *worst = NULL;
    double sweeps = 0;
    for (size_t j = 0; j < c->count; j++) {
        const dr_certificate *one = &c->ties[j].certificate;
        sweeps += one->sweeps;
        if (!c->ties[j].why && (!worst || one->worst_residual > worst->worst_residual))
            worst = one;
    }
    if (worst) {
        dr_table_add_fact(table, "certificate.worst_residual", worst->worst_residual);
        dr_table_add_fact_text(table, "certificate.worst_equation", worst->worst_equation);
    }
    dr_table_add_fact(table, "certificate.solves", (double)c->count);
    dr_table_add_fact(table, "certificate.sweeps", sweeps);
    dr_table_add_fact(table, "certificate.solve_seconds", c->seconds);
}

static void add_notes(dr_table *table, const scan *c)
{
    const dr_economy *e = c->model->economy;
    dr_table_add_note(table, "losses are of real income, exact, at base values; leverage is the loss over that of the "
                             "supplier, both in percent");
    if (c->untraded)
        dr_table_add_note(table, "supplier-sector pairs without trade, left out: %zu", c->untraded);
    for (size_t j = 0; j < c->count && c->ties[j].why; j++)
        dr_table_add_note(table, "no equilibrium without %s from %s: %s", dr_economy_sector(e, c->ties[j].sector),
                          e->region_codes.names[c->ties[j].supplier], c->ties[j].why);
}

static void add_tie(dr_table *table, const dr_economy *e, const tie *t)
{
    const double numbers[] = {t->imports,
                              t->share,
                              t->loss,
                              t->loss_value,
                              t->its_loss,
                              t->its_loss_value,
                              t->its_loss > 0 ? t->loss / t->its_loss : NAN};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, e->region_codes.names[t->supplier]);
    dr_table_set_text(table, row, 1, dr_economy_sector(e, t->sector));
    for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++)
        dr_table_set_number(table, row, c + 2, numbers[c]);
}

/* What the worst cut costs both sides. */
static void answer(dr_table *table, const dr_economy *e, const char *of)
{
    size_t worst = dr_table_largest(table, "loss", 1, DR_NO_ROW);
    char goods[DR_SPOKEN_SIZE], from[DR_SPOKEN_SIZE], buyer[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE], its[DR_MONEY_SIZE];
    dr_describe_names(table, e);
    if (worst == DR_NO_ROW)
        return;
    double its_loss = dr_table_at(table, worst, "supplier_loss_value");
    dr_spoken(from, e, dr_table_text_at(table, worst, "supplier"));
    dr_table_say(table,
                 "The worst of these cut-offs for %s would be that of %s from %s: it would cost %s a year on the trade "
                 "of %d, %.2f%% of real income, and %s %s %s.",
                 dr_spoken(buyer, e, of), dr_spoken_sector(goods, e, dr_table_text_at(table, worst, "sector")), from,
                 dr_money(money, dr_table_at(table, worst, "loss_value"), e->unit), e->year,
                 dr_table_at(table, worst, "loss"), from, its_loss < 0 ? "would gain" : "would lose",
                 dr_money_short(its, its_loss, e->unit));
}

static dr_status write(dr_table **out, scan *c, const char *of)
{
    static const dr_column_spec columns[] = {{"supplier", DR_SHOW_TEXT},         {"sector", DR_SHOW_TEXT},
                                             {"imports", DR_SHOW_VALUE},         {"share_of_imports", DR_SHOW_SHARE},
                                             {"loss", DR_SHOW_PERCENT},          {"loss_value", DR_SHOW_VALUE},
                                             {"supplier_loss", DR_SHOW_PERCENT}, {"supplier_loss_value", DR_SHOW_VALUE},
                                             {"leverage", DR_SHOW_NUMBER}};
    const dr_economy *e = c->model->economy;
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    qsort(c->ties, c->count, sizeof *c->ties, compare);
    char words[DR_SPOKEN_SIZE];
    dr_describe_title(table, e->year, "Loss of %s if one supplier of one sector is cut off", dr_spoken(words, e, of));
    dr_table_set_unit(table, e->unit);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_table_add_fact_text(table, "of", of);
    dr_table_add_fact_text(table, "to", c->options->to ? c->options->to : "all others");
    dr_model_describe(table, c->model);
    add_certificate(table, c);
    dr_named_tell(table, e, &c->sides.named);
    add_notes(table, c);
    for (size_t j = 0; j < c->count; j++)
        add_tie(table, e, &c->ties[j]);
    answer(table, e, of);
    return dr_table_finish(out, table, DR_OK);
}

/* The answer to `of` on a model, with options that are whole. */
static dr_status cuts(dr_table **out, const dr_model *model, const char *of, const dr_cut_options *options)
{
    scan c = {.model = model, .options = options};
    dr_status status = find(&c, of);
    if (status == DR_OK)
        status = run(&c);
    if (status == DR_OK)
        status = write(out, &c, of);
    scan_free(&c);
    return status;
}

dr_status dr_exposure_cuts(dr_table **out, const dr_model *model, const char *of, const dr_cut_options *options)
{
    DR_TRY(DR_GIVEN(out, model, of));
    dr_cut_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->threads, 0, INT_MAX));
    return cuts(out, model, of, options);
}

/* ---- Parts ------------------------------------------------------------------------------------------------------- */

/* Leaves the pairs of a part alone. */
static void take_part(scan *c, const dr_part_task *task)
{
    size_t first = dr_part_task_first(task), end = dr_part_task_end(task);
    memmove(c->ties, c->ties + first, (end - first) * sizeof *c->ties);
    c->count = end - first;
}

static dr_status make_part(scan *c, const char *of, const char *path, json_t *run_of, const dr_part_task *task)
{
    dr_table *table = NULL;
    take_part(c, task);
    DR_TRY(run(c));
    DR_TRY(write(&table, c, of));
    dr_status status = dr_part_task_write(path, table, run_of, task);
    dr_table_free(table);
    return status;
}

static dr_status begin_part(scan *c, bool *there, const char *path, const char *of, size_t part, size_t parts)
{
    char question[512];
    json_t *run_of = NULL;
    DR_TRY(find(c, of));
    snprintf(question, sizeof question, "cut-offs of %.120s from %.120s, sectors %.200s", of,
             c->options->to ? c->options->to : "all", c->options->sectors ? c->options->sectors : "goods");
    const dr_part_task task = {DR_PART_CUTS, question, c->count, part, parts};
    DR_TRY(dr_part_task_begin(&run_of, there, path, c->model, NULL, &task));
    dr_status status = *there ? DR_OK : make_part(c, of, path, run_of, &task);
    json_decref(run_of);
    return status;
}

dr_status dr_exposure_cut_part(bool *there, const char *path, const dr_model *model, const char *of,
                               const dr_cut_options *options, size_t part, size_t parts)
{
    const double most_parts = 1e6;
    bool done = false;
    DR_TRY(DR_GIVEN(path, model, of));
    dr_cut_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->threads, 0, INT_MAX));
    DR_TRY(DR_WITHIN(__func__, parts, 1, most_parts));
    DR_TRY(DR_WITHIN(__func__, part, 1, (double)parts));
    scan c = {.model = model, .options = options};
    dr_status status = begin_part(&c, &done, path, of, part, parts);
    scan_free(&c);
    if (status == DR_OK && there)
        *there = done;
    return status;
}

/* ---- Bands ------------------------------------------------------------------------------------------------------- */

typedef struct cut_question {
    const char *of;
    const dr_cut_options *options;
} cut_question;

static dr_status cut_again(dr_table **out, const dr_model *model, const dr_scenario *scenario, const void *of)
{
    const cut_question *q = of;
    dr_cut_options options = *q->options;
    (void)scenario;
    options.threads = 1; /* it is the draws that are shared among threads */
    options.progress = NULL;
    return cuts(out, model, q->of, &options);
}

/* How sure the loss from the worst cut-off is. */
static void say_band(dr_table *table, const dr_model_draws *draws)
{
    size_t worst = dr_table_largest(table, "loss", 1, DR_NO_ROW);
    char band[DR_BAND_SIZE];
    if (worst != DR_NO_ROW)
        dr_table_say(table, "In 90%% of the draws of trade elasticities that cut-off costs %s.",
                     dr_draw_run_band(band, &draws->run, worst, "loss_value"));
}

dr_status dr_exposure_cut_bands(dr_table **out, const dr_model *model, const char *of, const dr_cut_options *options,
                                const dr_draw_options *draws)
{
    static const char *const columns[] = {"loss", "loss_value", "supplier_loss", "supplier_loss_value", NULL};
    DR_TRY(DR_GIVEN(out, model, of, draws));
    dr_cut_options whole;
    dr_draw_options drawn;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    DR_TRY(DR_TAKE_OPTIONS(&drawn, draws));
    draws = &drawn;
    DR_TRY(DR_WITHIN(__func__, draws->threads, 0, INT_MAX));
    cut_question q = {of, &whole};
    dr_model_draws d = {.make = cut_again, .of = &q, .run.columns = columns};
    dr_status status = dr_model_draws_go(&d, model, NULL, draws);
    if (status == DR_OK) {
        say_band(d.run.point, &d);
        status = dr_draws_bands(out, &d.run, draws);
    }
    dr_model_draws_free(&d);
    return status;
}
