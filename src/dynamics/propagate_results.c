/* The answers to dr_propagate: a table of the run with what is to be said of it. */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/residual.h"
#include "base/sentences.h"
#include "dynamics/propagate_answer.h"
#include "dynamics/propagate_customs.h"
#include "dynamics/propagate_tables.h"
#include "world/describe.h"

enum { MOST_STEPS = 36500 };

/* A question, and the run that answers it. */
typedef struct answer {
    const dr_propagate_options *options;
    dr_propagation run;
    size_t cells; /* negative ones set to zero, and their sum */
    double negative;
} answer;

/* ---- Settings and notes ------------------------------------------------------------------------------------------ */

static void add_settings(dr_table *table, const dr_propagation *r)
{
    const dr_coping *c = &r->shock->coping;
    dr_table_add_fact(table, "settings.steps", (double)r->steps);
    dr_table_add_fact_text(table, "settings.step", r->days == 1 ? "day" : "week");
    dr_table_add_fact(table, "settings.restock", c->restock);
    dr_table_add_fact(table, "settings.overproduction", c->overproduction);
    dr_table_add_fact(table, "settings.expansion", c->expansion);
    dr_table_add_fact(table, "settings.caution", c->caution);
    dr_table_add_fact(table, "settings.redirect", c->redirect);
    dr_table_add_fact(table, "settings.essential", c->essential);
    dr_table_add_fact(table, "certificate.worst_residual", dr_worse(r->worst, r->inventories));
    dr_table_add_fact_text(table, "certificate.worst_equation",
                           r->worst >= r->inventories ? "goods made = used + stocked" : "inventories since the start");
    dr_table_add_fact(table, "certificate.goods", r->worst);
    dr_table_add_fact(table, "certificate.inventories", r->inventories);
}

/* The purchases of n from the sector of a row. */
static double flow_of(const dr_matrix *m, size_t row, size_t n)
{
    double sum = m->final[row * m->regions + n];
    for (size_t s = 0; s < m->sectors; s++)
        sum += m->inputs[row * m->size + n * m->sectors + s];
    return sum;
}

/* [n, i, s]: what n buys of s from i. */
static dr_status all_flows(double **out, const dr_matrix *m)
{
    double *flow = *out = dr_new_doubles(m->regions * m->size);
    for (size_t n = 0; n < m->regions && flow; n++)
        for (size_t row = 0; row < m->size; row++)
            flow[n * m->size + row] = flow_of(m, row, n);
    return flow ? DR_OK : dr_fail_memory();
}

static dr_status note_customs(dr_table *table, const dr_propagation *r, const dr_world *world)
{
    double *flow = NULL;
    if (!world->has[DR_OF_PRODUCTS])
        return DR_OK;
    dr_status status = all_flows(&flow, r->table);
    if (status == DR_OK)
        status = dr_propagate_note_customs(table, world, r->table->names, flow, r->shock);
    free(flow);
    return status;
}

/* Notes the flows between members of a group that the stops leave unchanged, or include. */
static dr_status note_insiders(dr_table *table, const dr_propagation *r, const dr_insiders *insiders)
{
    const dr_matrix *m = r->table;
    double *flow = NULL;
    dr_status status = all_flows(&flow, m);
    for (int included = 0; included < 2 && status == DR_OK; included++) {
        char *note = NULL;
        status = dr_insiders_note(&note, insiders, m->names, flow, included);
        if (note)
            dr_table_add_note(table, "%s", note);
        free(note);
    }
    free(flow);
    return status;
}

/* The notes on the groups that the stops name, and with `areas` on those that have a row. */
static dr_status tell_groups(dr_table *table, const dr_propagation *r, bool areas)
{
    const dr_economy *names = r->table->names;
    dr_insiders insiders = {0};
    dr_named named = {0};
    dr_status status = DR_OK;
    for (size_t j = 0; j < r->shock->count && status == DR_OK; j++) {
        const dr_stop *stop = &r->shock->stops[j];
        status = dr_insiders_add(&insiders, names, stop->to, stop->by, stop->sectors, &stop->named, stop->inside);
        if (status == DR_OK)
            status = dr_named_merge(&named, &stop->named, names->regions);
    }
    if (status == DR_OK && insiders.flow)
        status = note_insiders(table, r, &insiders);
    dr_named_tell(table, names, &named);
    if (status == DR_OK && areas)
        status = dr_groups_tell_all(table, names, &named);
    dr_insiders_free(&insiders);
    dr_named_free(&named);
    return status;
}

static void add_notes(dr_table *table, const answer *a)
{
    const dr_propagation *r = &a->run;
    if (a->cells)
        dr_table_add_note(table, "negative cells set to zero: %zu, together %.0f", a->cells, a->negative);
    if (!r->to_rest)
        return;
    dr_table_add_fact(table, "rest.day", r->rest_day);
    if (isnan(r->rest_day))
        dr_table_add_note(table, "no steady state within %d days after the run: 'rest' is the last of them",
                          DR_MOST_REST_DAYS);
    else
        dr_table_add_note(table,
                          "steady state by day %.0f: no region's value added changes by more than %.2f%% in %d days",
                          r->rest_day, 100 * DR_REST_WITHIN, DR_REST_DAYS);
}

static const char *title_of(char heading[DR_HEADLINE_SIZE], const dr_shock *shock)
{
    return shock->title && *shock->title ? shock->title : dr_headline_write(heading, &shock->changed);
}

static void describe(dr_table *table, const answer *a)
{
    static const char *const what[] = {"loss of value added", "changes day by day", "loss of output", "what happens"};
    const dr_propagation *r = &a->run;
    const dr_economy *names = r->table->names;
    char heading[DR_HEADLINE_SIZE];
    const char *title = title_of(heading, r->shock);
    dr_table_set_title(table, "%s: %s in %zu days, on the table of %d", title, what[a->options->table],
                       r->steps * r->days, names->year);
    dr_table_set_unit(table, names->unit);
    dr_describe(table, names->world, names->year, names->unit, names->source);
    dr_table_add_fact_text(table, "shock", title);
    add_settings(table, r);
    add_notes(table, a);
}

/* ---- The summary ------------------------------------------------------------------------------------------------- */

static void say_certainty(dr_table *page, const answer *a)
{
    const dr_propagation *r = &a->run;
    const dr_coping *c = &r->shock->coping;
    static const char about[] = "how sure it is";
    dr_sentences_add(page, about, "goods are conserved to %.0e in every step.",
                     fmax(dr_worse(r->worst, r->inventories), 1e-16));
    dr_sentences_add(
        page, about,
        "it depends on how firms cope, which is assumed and not estimated: they close a gap in inventories "
        "in %.4g days, and capacity rises to at most %.4g%% of the base within about %.4g days.",
        c->restock, 100 * c->overproduction, c->expansion);
    if (!a->options->draws)
        dr_sentences_add(page, about, "draws of the inventories and of these times give a band (--draws).");
}

static void say_omissions(dr_table *page)
{
    static const char about[] = "what it leaves out";
    dr_sentences_add(page, about,
                     "it has no prices, and so nobody saves what has become dear, and no imports from suppliers that "
                     "the table does not show.");
    dr_sentences_add(page, about,
                     "firms of one sector and region are one firm: a sector with many small suppliers can be hit "
                     "harder than its sum.");
    dr_sentences_add(page, about,
                     "governments do nothing: stocks are not released, and goods are not rationed by need.");
}

/* Moves the answer of one of the other tables to the page. */
static dr_status take(dr_table *page, const char *about, const answer *a,
                      dr_status (*make)(dr_table **out, const dr_propagation *run))
{
    dr_table *table = NULL;
    const dr_propagation *r = &a->run;
    DR_TRY(make(&table, r));
    dr_table_set_unit(table, r->table->names->unit);
    dr_propagate_answer(table, r->table->names, r->steps * r->days);
    dr_status status = DR_OK;
    if (a->options->draws && make == dr_propagation_regions)
        status = dr_propagation_bands(&table, r, a->options);
    if (status == DR_OK)
        dr_sentences_move(page, about, table);
    dr_table_free(table);
    return status;
}

static dr_status summarise(dr_table **out, const answer *a)
{
    dr_table *page = NULL;
    char heading[DR_HEADLINE_SIZE];
    DR_TRY(dr_sentences_new(&page));
    dr_sentences_add(page, "question", "what happens in %zu days after \"%.300s\"?", a->run.steps * a->run.days,
                     title_of(heading, a->run.shock));
    dr_status status = take(page, "answer", a, dr_propagation_regions);
    if (status == DR_OK)
        status = take(page, "worst day", a, dr_propagation_path);
    if (status == DR_OK)
        status = take(page, "what drives it", a, dr_propagation_sectors);
    if (status == DR_OK) {
        say_certainty(page, a);
        say_omissions(page);
    }
    return dr_table_finish(out, page, status);
}

/* ---- The answer -------------------------------------------------------------------------------------------------- */

static dr_status load(answer *a, dr_world *world, const char *shock)
{
    dr_propagation *r = &a->run;
    dr_matrix *table = NULL;
    DR_TRY(dr_matrix_load(&table, world, a->options->year));
    DR_TRY(dr_dynamics_clean(&r->table, table, &a->cells, &a->negative));
    return dr_shock_load(&r->shock, r->table->names, shock);
}

/* The table with its answer in words, but for the summary, which is words. */
static dr_status make_table(dr_table **out, const answer *a)
{
    static dr_status (*const make[])(dr_table **, const dr_propagation *) = {
        dr_propagation_regions, dr_propagation_path, dr_propagation_sectors};
    const dr_propagation *r = &a->run;
    if (a->options->table == DR_PROPAGATE_SUMMARY)
        return summarise(out, a);
    DR_TRY(make[a->options->table](out, r));
    dr_table_set_unit(*out, r->table->names->unit);
    dr_propagate_answer(*out, r->table->names, r->steps * r->days);
    return DR_OK;
}

static dr_status compute(dr_table **out, answer *a, dr_world *world, const char *shock)
{
    dr_table *table = NULL;
    bool areas = a->options->table != DR_PROPAGATE_SECTORS && a->options->table != DR_PROPAGATE_SUMMARY;
    DR_TRY(load(a, world, shock));
    DR_TRY(dr_propagation_run(&a->run));
    DR_TRY(make_table(&table, a));
    describe(table, a);
    dr_status status = tell_groups(table, &a->run, areas);
    if (status == DR_OK)
        status = note_customs(table, &a->run, world);
    if (status == DR_OK && a->options->draws && a->options->table == DR_PROPAGATE_REGIONS)
        status = dr_propagation_bands(&table, &a->run, a->options);
    return dr_table_finish(out, table, status);
}

static dr_status check_options(const dr_propagate_options *options)
{
    const double most_draws = 1e9;
    bool bands = options->table == DR_PROPAGATE_REGIONS || options->table == DR_PROPAGATE_SUMMARY;
    if (options->steps < 0 || options->steps > MOST_STEPS)
        return dr_fail(DR_USAGE, "%d steps; expected 1 to %d", options->steps, MOST_STEPS);
    if (options->draws && !bands)
        return dr_fail(DR_USAGE, "draws have bands of the losses by region, and sentences in the summary; this table "
                                 "has none");
    DR_TRY(DR_WITHIN("dr_propagate", options->draws, 0, most_draws));
    if (options->draws && !(options->error > 0 && isfinite(options->error)))
        return dr_fail(DR_BAD_INPUT,
                       "nothing to draw: inventories and times have no published standard error, and none was given");
    return DR_OK;
}

dr_status dr_propagate(dr_table **out, dr_world *world, const char *shock, const dr_propagate_options *options)
{
    DR_TRY(DR_GIVEN(out, world, shock));
    dr_propagate_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_ONE_OF(__func__, options->table, DR_PROPAGATE_SUMMARY));
    DR_TRY(check_options(options));
    answer a = {.options = options};
    a.run.days = options->weekly ? 7 : 1;
    a.run.steps = options->steps ? (size_t)options->steps : options->weekly ? 52 : 365;
    a.run.to_rest = options->table != DR_PROPAGATE_PATH;
    a.run.progress = options->progress;
    a.run.user = options->user;
    dr_status status = compute(out, &a, world, shock);
    dr_propagation_free(&a.run);
    return status;
}
