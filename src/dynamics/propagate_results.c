/* The run of a shock as tables: by region, day by day, by sector. Columns: include/derisk.h, docs/propagate.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/residual.h"
#include "base/table.h"
#include "dynamics/propagate.h"
#include "dynamics/propagate_answer.h"
#include "dynamics/propagate_customs.h"
#include "world/describe.h"

/* The largest residual, relative, that a result may have. */
static const double tolerance = 1e-9;

/* Value added within this share of its base has recovered. */
static const double recovered_within = 1e-3;

/* The steady state: over so many days no region's value added changes by more than this share of it. It is sought for
 * ten years. */
enum { REST_DAYS = 90, MOST_REST_DAYS = 3650 };
static const double rest_within = 1e-4;

enum { MOST_STEPS = 36500 };

/* The path of one figure over the steps, relative to its base. */
typedef struct track {
    double base; /* a year */
    double lost; /* over the run, base less figure, in the unit of the table */
    double low;  /* least, over base less one */
    double end, rest;
    size_t low_step, last_below; /* steps count from 1; 0: never */
    int held_by;                 /* of a sector, in the step of its low */
} track;

/* A region, or several as one. */
typedef struct area {
    const char *name;
    dr_row_kind kind;
    const unsigned char *member; /* [n] */
} area;

/* The figures of a region in a step. */
typedef struct figures {
    double value, final, stock;
} figures;

typedef struct run {
    const dr_propagate_options *options;
    dr_matrix *table;
    dr_shock *shock;
    dr_dynamics dynamics;
    size_t steps, days, cells, areas;
    double negative;
    area *area;
    unsigned char *members;       /* [area, n] */
    track *value, *final, *stock; /* [area] */
    track *sector;                /* [row] */
    double *value_at, *final_at;  /* [step, area] over base less one */
    double *stock_at;             /* [step, area] */
    double *residual;             /* [step] */
    figures *now;                 /* [n] */
    double *window;               /* [area] */
    double worst, inventories;    /* residuals: of the steps, of all inventories */
    size_t worst_step;
    double rest_day; /* NAN: none within the time */
} run;

/* ---- Figures of a step ------------------------------------------------------------------------------------------- */

static void figures_of_regions(run *r)
{
    const dr_dynamics *d = &r->dynamics;
    memset(r->now, 0, d->regions * sizeof *r->now);
    for (size_t row = 0; row < d->size; row++)
        if (d->base[row] > 0)
            r->now[row / d->sectors].value += r->table->value_added[row] * (d->output[row] / d->base[row]);
    for (size_t k = 0; k < d->sectors; k++)
        for (size_t n = 0; n < d->regions; n++) {
            const double *stock = d->stock + k * d->size + n * d->sectors;
            r->now[n].final += d->final_use[k * d->regions + n];
            for (size_t s = 0; s < d->sectors; s++)
                r->now[n].stock += stock[s];
        }
}

/* Of an area, after figures_of_regions. */
static figures figures_of(const run *r, const area *a)
{
    figures sum = {0, 0, 0};
    for (size_t n = 0; n < r->dynamics.regions; n++)
        if (a->member[n]) {
            sum.value += r->now[n].value;
            sum.final += r->now[n].final;
            sum.stock += r->now[n].stock;
        }
    return sum;
}

/* The relative change from the base; zero over zero is no change. */
static double change(double now, double base)
{
    return base != 0 ? now / base - 1 : 0;
}

static void follow(track *t, double now, size_t step, double years, int held_by)
{
    double by = change(now, t->base);
    t->lost += (t->base - now) * years;
    t->end = by;
    if (by < t->low) {
        t->low = by;
        t->low_step = step;
        t->held_by = held_by;
    }
    if (by < -recovered_within)
        t->last_below = step;
}

static void follow_step(run *r, size_t step)
{
    dr_dynamics *d = &r->dynamics;
    double years = d->days / 365;
    figures_of_regions(r);
    for (size_t i = 0; i < r->areas; i++) {
        size_t at = (step - 1) * r->areas + i;
        figures now = figures_of(r, &r->area[i]);
        follow(&r->value[i], now.value, step, years, 0);
        follow(&r->final[i], now.final, step, years, 0);
        follow(&r->stock[i], now.stock, step, years, 0);
        r->value_at[at] = r->value[i].end;
        r->final_at[at] = r->final[i].end;
        r->stock_at[at] = r->stock[i].end;
    }
    for (size_t row = 0; row < d->size; row++)
        follow(&r->sector[row], d->output[row], step, years, d->held_by[row]);
}

static void watch_residual(run *r, size_t step)
{
    double residual = dr_dynamics_residual(&r->dynamics);
    r->inventories = dr_worse(r->inventories, dr_dynamics_inventory_residual(&r->dynamics));
    if (step <= r->steps)
        r->residual[step - 1] = residual;
    if (residual > r->worst) {
        r->worst = residual;
        r->worst_step = step;
    }
}

/* ---- The run ----------------------------------------------------------------------------------------------------- */

static void begin(run *r)
{
    dr_dynamics *d = &r->dynamics;
    memcpy(d->final_use, d->final_need, d->sectors * d->regions * sizeof *d->final_use);
    figures_of_regions(r);
    for (size_t i = 0; i < r->areas; i++) {
        figures base = figures_of(r, &r->area[i]);
        r->value[i].base = base.value;
        r->final[i].base = base.final;
        r->stock[i].base = base.stock;
    }
    for (size_t row = 0; row < d->size; row++)
        r->sector[row].base = d->base[row];
}

static void report(const run *r, size_t step)
{
    if (r->options->progress)
        r->options->progress("days", step * r->days, r->steps * r->days, r->options->user);
}

static void go(run *r)
{
    for (size_t step = 1; step <= r->steps; step++) {
        dr_dynamics_step(&r->dynamics, 1 + (double)((step - 1) * r->days));
        follow_step(r, step);
        watch_residual(r, step);
        report(r, step);
    }
}

/* Whether value added has stayed where it was when the window began; begins the next. */
static bool settled(run *r)
{
    bool still = true;
    figures_of_regions(r);
    for (size_t i = 0; i < r->areas; i++) {
        double now = change(figures_of(r, &r->area[i]).value, r->value[i].base);
        still &= fabs(now - r->window[i]) <= rest_within;
        r->window[i] = now;
    }
    return still;
}

/* Continues after the run, with the final state of the stops, to the steady state. Capacity follows demand quickly,
 * because its speed does not affect the steady state. */
static void come_to_rest(run *r)
{
    const double quick = 10;
    dr_dynamics *d = &r->dynamics;
    size_t window = REST_DAYS / r->days, step = r->steps;
    d->expansion = fmin(d->expansion, quick);
    r->rest_day = NAN;
    settled(r);
    for (size_t day = 0; day < MOST_REST_DAYS && isnan(r->rest_day); day += window * r->days) {
        for (size_t i = 0; i < window; i++) {
            dr_dynamics_step(d, INFINITY);
            watch_residual(r, ++step);
        }
        if (settled(r))
            r->rest_day = (double)(step * r->days);
    }
    for (size_t i = 0; i < r->areas; i++)
        r->value[i].rest = r->window[i];
    for (size_t row = 0; row < d->size; row++)
        r->sector[row].rest = change(d->output[row], d->base[row]);
}

/* ---- What a run needs -------------------------------------------------------------------------------------------- */

static void free_run(run *r)
{
    dr_dynamics_free(&r->dynamics);
    dr_shock_free(r->shock);
    dr_matrix_free(r->table);
    void *arrays[] = {r->area,     r->members,  r->value,    r->final,    r->stock,  r->sector,
                      r->value_at, r->final_at, r->stock_at, r->residual, r->window, r->now};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
}

/* The regions, the groups, and all together. */
static void name_areas(run *r, const dr_economy *names)
{
    size_t regions = names->regions;
    for (size_t i = 0; i < r->areas; i++) {
        unsigned char *member = r->members + i * regions;
        size_t group = i - regions;
        for (size_t n = 0; n < regions; n++)
            member[n] = i < regions ? n == i : i + 1 < r->areas ? names->member[group * regions + n] : 1;
        r->area[i].member = member;
        r->area[i].name = i < regions        ? names->region_codes.names[i]
                          : i + 1 < r->areas ? names->groups.names[group]
                                             : "all";
        r->area[i].kind = i < regions ? DR_ROW_ONE : i + 1 < r->areas ? DR_ROW_GROUP : DR_ROW_TOTAL;
    }
}

static dr_status allocate(run *r)
{
    const dr_economy *names = r->table->names;
    r->areas = names->regions + names->groups.count + 1;
    r->area = dr_new(r->areas, sizeof *r->area);
    r->members = dr_new(r->areas * names->regions, 1);
    r->value = dr_new(r->areas, sizeof *r->value);
    r->final = dr_new(r->areas, sizeof *r->final);
    r->stock = dr_new(r->areas, sizeof *r->stock);
    r->sector = dr_new(r->table->size, sizeof *r->sector);
    r->value_at = dr_new_doubles(r->steps * r->areas);
    r->final_at = dr_new_doubles(r->steps * r->areas);
    r->stock_at = dr_new_doubles(r->steps * r->areas);
    r->residual = dr_new_doubles(r->steps);
    r->window = dr_new_doubles(r->areas);
    r->now = dr_new(names->regions, sizeof *r->now);
    if (!r->area || !r->members || !r->value || !r->final || !r->stock || !r->sector || !r->value_at || !r->final_at ||
        !r->stock_at || !r->residual || !r->window || !r->now)
        return dr_fail_memory();
    name_areas(r, names);
    return DR_OK;
}

static dr_status load(run *r, dr_world *world, const char *shock)
{
    dr_matrix *table = NULL;
    DR_TRY(dr_matrix_load(&table, world, r->options->year));
    DR_TRY(dr_dynamics_clean(&r->table, table, &r->cells, &r->negative));
    DR_TRY(dr_shock_load(&r->shock, r->table->names, shock));
    DR_TRY(dr_dynamics_new(&r->dynamics, r->table, r->shock, r->days));
    return allocate(r);
}

static dr_status check(const run *r)
{
    if (r->worst > tolerance)
        return dr_fail(DR_NO_SOLUTION, "goods are lost in step %zu: %.1e of them; expected at most %.0e", r->worst_step,
                       r->worst, tolerance);
    if (r->inventories > tolerance)
        return dr_fail(DR_NO_SOLUTION, "inventories do not balance: %.1e of them are lost; expected at most %.0e",
                       r->inventories, tolerance);
    return DR_OK;
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

static double first_day(const run *r, size_t step)
{
    return step ? (double)((step - 1) * r->days + 1) : NAN;
}

/* The day from which on the figure is back at its base; NAN if it never left it, or does not return. */
static double recovery_day(const run *r, const track *t)
{
    return t->last_below && t->last_below < r->steps ? first_day(r, t->last_below + 1) : NAN;
}

static dr_status by_area(dr_table **out, const run *r)
{
    static const dr_column_spec columns[] = {
        {"region", DR_SHOW_TEXT},         {"value_added", DR_SHOW_VALUE}, {"loss", DR_SHOW_VALUE},
        {"loss_share", DR_SHOW_PERCENT},  {"lowest", DR_SHOW_PERCENT},    {"lowest_day", DR_SHOW_COUNT},
        {"recovered_day", DR_SHOW_COUNT}, {"end", DR_SHOW_PERCENT},       {"rest", DR_SHOW_PERCENT},
        {"final_use", DR_SHOW_PERCENT},
    };
    double years = (double)(r->steps * r->days) / 365;
    DR_TRY(dr_table_new(out, columns, sizeof columns / sizeof *columns));
    for (size_t i = 0; i < r->areas; i++) {
        const track *v = &r->value[i], *f = &r->final[i];
        size_t row = dr_table_add_row(*out);
        double cells[] = {v->base * years,
                          v->lost,
                          v->base != 0 ? 100 * v->lost / (v->base * years) : 0,
                          100 * v->low,
                          first_day(r, v->low_step),
                          recovery_day(r, v),
                          100 * v->end,
                          100 * v->rest,
                          f->base > 0 ? -100 * f->lost / (f->base * years) : 0};
        dr_table_set_text(*out, row, 0, r->area[i].name);
        dr_table_set_kind(*out, row, r->area[i].kind);
        for (size_t j = 0; j < sizeof cells / sizeof *cells; j++)
            dr_table_set_number(*out, row, j + 1, cells[j]);
    }
    return DR_OK;
}

static dr_status by_step(dr_table **out, const run *r)
{
    static const dr_column_spec columns[] = {
        {"day", DR_SHOW_COUNT},         {"region", DR_SHOW_TEXT},         {"value_added", DR_SHOW_PERCENT},
        {"final_use", DR_SHOW_PERCENT}, {"inventories", DR_SHOW_PERCENT}, {"residual", DR_SHOW_NUMBER},
    };
    DR_TRY(dr_table_new(out, columns, sizeof columns / sizeof *columns));
    for (size_t step = 1; step <= r->steps; step++)
        for (size_t i = 0; i < r->areas; i++) {
            size_t at = (step - 1) * r->areas + i, row = dr_table_add_row(*out);
            dr_table_set_number(*out, row, 0, first_day(r, step));
            dr_table_set_text(*out, row, 1, r->area[i].name);
            dr_table_set_kind(*out, row, r->area[i].kind);
            dr_table_set_number(*out, row, 2, 100 * r->value_at[at]);
            dr_table_set_number(*out, row, 3, 100 * r->final_at[at]);
            dr_table_set_number(*out, row, 4, 100 * r->stock_at[at]);
            dr_table_set_number(*out, row, 5, r->residual[step - 1]);
        }
    return DR_OK;
}

static const char *holder(const dr_economy *names, const track *t)
{
    if (t->low >= -recovered_within || t->held_by == DR_HELD_BY_NOTHING)
        return "";
    if (t->held_by >= 0)
        return dr_economy_sector(names, (size_t)t->held_by);
    return t->held_by == DR_HELD_BY_CAPACITY ? "capacity" : "demand";
}

static dr_status by_sector(dr_table **out, const run *r)
{
    static const dr_column_spec columns[] = {
        {"region", DR_SHOW_TEXT},    {"sector", DR_SHOW_TEXT},      {"held_by", DR_SHOW_TEXT},
        {"output", DR_SHOW_VALUE},   {"loss", DR_SHOW_VALUE},       {"loss_share", DR_SHOW_PERCENT},
        {"lowest", DR_SHOW_PERCENT}, {"lowest_day", DR_SHOW_COUNT}, {"recovered_day", DR_SHOW_COUNT},
        {"end", DR_SHOW_PERCENT},    {"rest", DR_SHOW_PERCENT},
    };
    const dr_economy *names = r->table->names;
    double years = (double)(r->steps * r->days) / 365;
    DR_TRY(dr_table_new(out, columns, sizeof columns / sizeof *columns));
    for (size_t i = 0; i < r->table->size; i++) {
        const track *t = &r->sector[i];
        if (t->base <= 0)
            continue;
        size_t row = dr_table_add_row(*out);
        double cells[] = {t->base * years,
                          t->lost,
                          100 * t->lost / (t->base * years),
                          100 * t->low,
                          first_day(r, t->low_step),
                          recovery_day(r, t),
                          100 * t->end,
                          100 * t->rest};
        dr_table_set_text(*out, row, 0, names->region_codes.names[i / names->sectors]);
        dr_table_set_text(*out, row, 1, dr_economy_sector(names, i % names->sectors));
        dr_table_set_text(*out, row, 2, holder(names, t));
        for (size_t j = 0; j < sizeof cells / sizeof *cells; j++)
            dr_table_set_number(*out, row, j + 3, cells[j]);
    }
    return DR_OK;
}

static void add_settings(dr_table *table, const run *r)
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

static dr_status note_customs(dr_table *table, const run *r, const dr_world *world)
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
static dr_status note_insiders(dr_table *table, const run *r, const dr_insiders *insiders)
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

/* The notes on the groups that the stops name, and on those that have a row. */
static dr_status tell_groups(dr_table *table, const run *r)
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
    if (status == DR_OK && r->options->table != DR_PROPAGATE_SECTORS)
        status = dr_groups_tell_all(table, names, &named);
    dr_insiders_free(&insiders);
    dr_named_free(&named);
    return status;
}

static void add_notes(dr_table *table, const run *r)
{
    if (r->cells)
        dr_table_add_note(table, "negative cells set to zero: %zu, together %.0f", r->cells, r->negative);
    if (r->options->table == DR_PROPAGATE_PATH)
        return;
    dr_table_add_fact(table, "rest.day", r->rest_day);
    if (isnan(r->rest_day))
        dr_table_add_note(table, "no steady state within %d days after the run: 'rest' is the last of them",
                          MOST_REST_DAYS);
    else
        dr_table_add_note(table,
                          "steady state by day %.0f: no region's value added changes by more than %.2f%% in %d days",
                          r->rest_day, 100 * rest_within, REST_DAYS);
}

static void describe(dr_table *table, const run *r)
{
    const dr_economy *names = r->table->names;
    char heading[DR_HEADLINE_SIZE];
    const char *title =
        r->shock->title && *r->shock->title ? r->shock->title : dr_headline_write(heading, &r->shock->changed);
    static const char *const what[] = {"loss of value added", "changes day by day", "loss of output"};
    dr_table_set_title(table, "%s: %s in %zu days, on the table of %d", title, what[r->options->table],
                       r->steps * r->days, names->year);
    dr_table_set_unit(table, names->unit);
    dr_describe(table, names->world, names->year, names->unit, names->source);
    dr_table_add_fact_text(table, "shock", title);
    add_settings(table, r);
    add_notes(table, r);
}

static dr_status compute(dr_table **out, run *r, dr_world *world, const char *shock)
{
    static dr_status (*const make[])(dr_table **, const run *) = {by_area, by_step, by_sector};
    dr_table *table = NULL;
    DR_TRY(load(r, world, shock));
    begin(r);
    go(r);
    if (r->options->table != DR_PROPAGATE_PATH)
        come_to_rest(r);
    DR_TRY(check(r));
    DR_TRY(make[r->options->table](&table, r));
    describe(table, r);
    dr_propagate_answer(table, r->table->names, r->steps * r->days);
    dr_status status = tell_groups(table, r);
    return dr_table_finish(out, table, status == DR_OK ? note_customs(table, r, world) : status);
}

dr_status dr_propagate(dr_table **out, dr_world *world, const char *shock, const dr_propagate_options *options)
{
    DR_TRY(DR_GIVEN(out, world, shock));
    dr_propagate_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_ONE_OF(__func__, options->table, DR_PROPAGATE_SECTORS));
    run r = {.options = options, .days = options->weekly ? 7 : 1};
    if (options->steps < 0 || options->steps > MOST_STEPS)
        return dr_fail(DR_USAGE, "%d steps; expected 1 to %d", options->steps, MOST_STEPS);
    r.steps = options->steps ? (size_t)options->steps : options->weekly ? 52 : 365;
    dr_status status = compute(out, &r, world, shock);
    free_run(&r);
    return status;
}
