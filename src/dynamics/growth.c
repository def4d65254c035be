#include "dynamics/growth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dynamics/file_rows.h"
#include "world/select.h"

enum { REGION, SECTOR, GROWTH, YEAR, COLUMNS };

typedef struct reading {
    dr_csv *csv;
    const dr_economy *economy;
    dr_growth *growth; /* its levels are rates while they are read; NAN where nothing is said */
    int at[COLUMNS];
    bool *regions, *sectors;
} reading;

void dr_growth_free(dr_growth *growth)
{
    free(growth->level);
    growth->level = NULL;
}

double dr_growth_productivity(const dr_growth *growth, const dr_model *m, size_t year, size_t n, size_t s)
{
    if (!growth->level)
        return 1;
    double level = growth->level[(year * m->regions + n) * m->sectors + s];
    return pow(level, m->value_added_share[s * m->stride + n]);
}

static dr_status select_field(const reading *r, int column, dr_select *select, bool *mask, size_t count)
{
    memset(mask, 0, count * sizeof *mask);
    dr_status status =
        dr_select_list(select, r->economy, NULL, dr_csv_field(r->csv, (size_t)r->at[column]), mask, NULL);
    return status == DR_OK ? DR_OK : dr_csv_fail(r->csv, r->at[column], "%s", dr_error_text());
}

/* The years that a row is of: all, or that of its column. */
static dr_status read_years(const reading *r, size_t *from, size_t *to)
{
    double year = 0;
    int table = r->economy->year;
    *from = 0;
    *to = r->growth->years;
    if (r->at[YEAR] < 0)
        return DR_OK;
    DR_TRY(dr_csv_number(r->csv, (size_t)r->at[YEAR], &year));
    if (year != floor(year) || year <= table || year > table + (double)r->growth->years)
        return dr_csv_fail(r->csv, r->at[YEAR], "the year %.10g is not on the path; expected one from %d to %d", year,
                           table + 1, table + (int)r->growth->years);
    *from = (size_t)(year - table - 1);
    *to = *from + 1;
    return DR_OK;
}

static dr_status take_row(void *of)
{
    const reading *r = of;
    const dr_economy *e = r->economy;
    const char *text = dr_csv_field(r->csv, (size_t)r->at[GROWTH]);
    size_t from, to;
    double rate = 0;
    DR_TRY(select_field(r, REGION, dr_select_region, r->regions, e->regions));
    DR_TRY(select_field(r, SECTOR, dr_select_sector, r->sectors, e->sectors));
    DR_TRY(read_years(r, &from, &to));
    if (dr_parse_rate(text, &rate) != DR_OK)
        return dr_csv_fail(r->csv, r->at[GROWTH], "%s", dr_error_text());
    if (!(rate > -1 && rate <= 10))
        return dr_csv_fail(r->csv, r->at[GROWTH],
                           "growth of %.40s in a year; expected more than -100%% and at most "
                           "1000%%",
                           text);
    for (size_t year = from; year < to; year++)
        for (size_t n = 0; n < e->regions; n++)
            for (size_t s = 0; s < e->sectors; s++)
                if (r->regions[n] && r->sectors[s])
                    r->growth->level[(year * e->regions + n) * e->sectors + s] = rate;
    return DR_OK;
}

static dr_status read_rows(reading *r)
{
    static const char *const names[] = {"region", "sector", "growth", "?year"};
    return dr_file_rows(r->csv, names, COLUMNS, r->at, take_row, r);
}

/* Fails where nothing is said of a sector that produces. */
static dr_status check_holes(const dr_growth *g, const dr_model *m, const char *path)
{
    const dr_economy *e = m->economy;
    size_t cells = e->regions * e->sectors, holes = 0, first = 0;
    for (size_t i = 0; i < g->years * cells; i++)
        if (isnan(g->level[i]) && m->base.output[i % cells] > 0) {
            first = holes == 0 ? i : first;
            holes++;
        }
    if (holes == 0)
        return DR_OK;
    return dr_fail(
        DR_BAD_INPUT,
        "%s: no growth of %s in %s in %d (and of %zu more); expected a row for each region, sector and year; "
        "'all' stands for all",
        path, e->sector_codes.names[first % e->sectors], e->region_codes.names[first / e->sectors % e->regions],
        e->year + 1 + (int)(first / cells), holes - 1);
}

/* From rates to levels. */
static void add_up(dr_growth *g, size_t cells)
{
    for (size_t i = 0; i < g->years * cells; i++) {
        double rate = isnan(g->level[i]) ? 0 : g->level[i];
        g->level[i] = (1 + rate) * (i >= cells ? g->level[i - cells] : 1);
    }
}

static dr_status read_file(reading *r, const dr_model *m, const char *path)
{
    const dr_economy *e = m->economy;
    size_t cells = e->regions * e->sectors;
    r->regions = dr_new(e->regions, sizeof *r->regions);
    r->sectors = dr_new(e->sectors, sizeof *r->sectors);
    r->growth->level = dr_new(r->growth->years * cells, sizeof(double));
    if (!r->regions || !r->sectors || !r->growth->level)
        return dr_fail_memory();
    for (size_t i = 0; i < r->growth->years * cells; i++)
        r->growth->level[i] = NAN;
    DR_TRY(dr_csv_open(&r->csv, path));
    DR_TRY(read_rows(r));
    DR_TRY(check_holes(r->growth, m, path));
    add_up(r->growth, cells);
    return DR_OK;
}

dr_status dr_growth_read(dr_growth *out, const dr_model *model, size_t years, const char *path)
{
    *out = (dr_growth){.years = years};
    if (!path)
        return DR_OK;
    if (model->economy != model->whole)
        return dr_fail(DR_BAD_INPUT, "growth is by sector, and the armington model sums sectors; expected another "
                                     "model");
    reading r = {.economy = model->economy, .growth = out};
    dr_status status = read_file(&r, model, path);
    dr_csv_close(r.csv);
    free(r.regions);
    free(r.sectors);
    return status;
}
