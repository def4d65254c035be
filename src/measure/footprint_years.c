/* Footprints year by year. */
#include <stdio.h>
#include <stdlib.h>

#include "base/residual.h"
#include "measure/footprint_sums.h"

typedef struct series {
    dr_names sources;       /* each title once */
    char left_out[512];     /* years without the account, or a member of a group */
    dr_footprint_year last; /* the last year that was measured */
    double worst;           /* residual of all years */
} series;

/* A row of the year, which is kept in s->last. */
static dr_status add_year(dr_table *table, series *s, dr_footprint_year *f)
{
    dr_figures x;
    const dr_economy *names = f->e->matrix->names;
    DR_TRY(dr_embodied_flows(&f->flows, f->e));
    DR_TRY(dr_footprint_add_up(&x, f, f->in));
    dr_table_set_number(table, dr_figures_add(table, &x), 0, names->year);
    s->worst = dr_worse(s->worst, f->e->worst);
    if (dr_names_add(&s->sources, names->source) < 0)
        return dr_fail_memory();
    dr_footprint_year_free(&s->last);
    s->last = *f;
    *f = (dr_footprint_year){0};
    return DR_OK;
}

/* Of each year that can be measured. A year without the account, or in which a group has no member, is left out; only
 * if all of them are it is a failure. */
static dr_status add_years(dr_table *table, series *s, dr_world *world, const char *of, const dr_footprint_options *o)
{
    size_t size = 0, years = dr_world_years(world);
    dr_status last = DR_OK;
    for (size_t i = 0; i < years; i++) {
        dr_footprint_year f;
        int year = dr_world_year(world, i);
        if (o->progress)
            o->progress("years", i, years, o->user);
        dr_status status = dr_footprint_year_new(&f, world, of, o->account, year);
        bool missing = status == DR_BAD_INPUT;
        if (status == DR_OK)
            status = add_year(table, s, &f);
        dr_footprint_year_free(&f);
        if (status != DR_OK && !missing)
            return status;
        last = status;
        if (missing && size < sizeof s->left_out)
            size += (size_t)snprintf(s->left_out + size, sizeof s->left_out - size, "%s%d", size ? ", " : "", year);
    }
    return table->rows == 0 ? last : DR_OK;
}

static void describe(dr_table *table, const series *s, int first)
{
    char source[1024];
    const dr_footprint_year *f = &s->last;
    const dr_economy *names = f->e->matrix->names;
    snprintf(source, sizeof source, "%.800s", s->sources.names[0]);
    if (s->sources.count > 1)
        snprintf(source, sizeof source, "%.800s, and %zu more", s->sources.names[0], s->sources.count - 1);
    f->e->worst = s->worst;
    dr_footprint_describe(table, f, "by year", 0, source);
    dr_named_tell_changes(table, names, &f->named, first, names->year);
    if (*s->left_out)
        dr_table_add_note(table, "years left out because the world has no account of them, or a group no members: %s",
                          s->left_out);
    dr_table_add_note(table, "%s as one economy, without the trade among its members", f->of ? f->of : "all regions");
}

dr_status dr_footprint_years(dr_table **out, dr_world *world, const char *of, const dr_footprint_options *options)
{
    series s = {0};
    dr_table *table = NULL;
    dr_status status = dr_figures_table(&table, "year", DR_SHOW_COUNT);
    if (status == DR_OK)
        status = add_years(table, &s, world, of, options);
    if (status == DR_OK && !s.last.e)
        status = dr_fail(DR_BAD_INPUT, "the world has no year yet");
    if (status == DR_OK)
        describe(table, &s, dr_world_year(world, 0));
    dr_names_free(&s.sources);
    dr_footprint_year_free(&s.last);
    return dr_table_finish(out, table, status);
}
