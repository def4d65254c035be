#include "dynamics/horizons.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/embedded.h"
#include "base/print.h"

typedef dr_status read_rows(dr_csv *csv, dr_horizon_table *out);

static dr_status read_file(const char *file, read_rows *read, dr_horizon_table *out)
{
    dr_csv *csv = NULL;
    const dr_embedded *table = dr_embedded_find(file);
    if (!table)
        return dr_fail(DR_MACHINE, "%s is not built in", file);
    DR_TRY(dr_csv_open_memory(&csv, file, table->bytes, table->size));
    dr_status status = read(csv, out);
    dr_csv_close(csv);
    return status;
}

/* A mobility: a number, or "inf". */
static dr_status read_mobility(const dr_csv *csv, int column, double *psi)
{
    *psi = INFINITY;
    return strcmp(dr_csv_field(csv, (size_t)column), "inf") == 0 ? DR_OK : dr_csv_number(csv, (size_t)column, psi);
}

static dr_status read_years(dr_csv *csv, dr_horizon_table *out)
{
    static const char *const columns[] = {"year", "trade_elasticity", "standard_error", "psi", "psi_other"};
    int at[5];
    bool more = true;
    DR_TRY(dr_csv_header(csv, columns, 5, at));
    for (;;) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more || out->count == DR_HORIZONS)
            return DR_OK;
        dr_horizon *h = &out->at[out->count];
        DR_TRY(dr_csv_number(csv, (size_t)at[0], &out->year[out->count]));
        DR_TRY(dr_csv_number(csv, (size_t)at[1], &h->elasticity));
        DR_TRY(dr_csv_number(csv, (size_t)at[2], &h->error));
        DR_TRY(read_mobility(csv, at[3], &h->psi));
        DR_TRY(read_mobility(csv, at[4], &h->psi_other));
        out->count++;
    }
}

static dr_status read_parameters(dr_csv *csv, dr_horizon_table *out)
{
    static const char *const columns[] = {"parameter", "value"};
    int at[2];
    bool more = true;
    DR_TRY(dr_csv_header(csv, columns, 2, at));
    for (;;) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        bool nu = strcmp(dr_csv_field(csv, (size_t)at[0]), "nu") == 0;
        DR_TRY(dr_csv_number(csv, (size_t)at[1], nu ? &out->nu : &out->depreciation));
    }
}

dr_status dr_horizons_read(dr_horizon_table *out)
{
    *out = (dr_horizon_table){0};
    DR_TRY(read_file("elasticities/presets/years.csv", read_years, out));
    return read_file("elasticities/presets/transition.csv", read_parameters, out);
}

static double between(double from, double to, double part)
{
    return from + part * (to - from);
}

static double mobility_between(double from, double to, double part)
{
    double share = between(isinf(from) ? 1 : from / (1 + from), isinf(to) ? 1 : to / (1 + to), part);
    return share < 1 ? share / (1 - share) : INFINITY;
}

dr_horizon dr_horizon_at(const dr_horizon_table *table, double year)
{
    size_t next = 0;
    while (next < table->count && table->year[next] < year)
        next++;
    if (next == 0 || next == table->count)
        return table->at[next == 0 ? 0 : next - 1];
    const dr_horizon *a = &table->at[next - 1], *b = &table->at[next];
    double part = (year - table->year[next - 1]) / (table->year[next] - table->year[next - 1]);
    return (dr_horizon){between(a->elasticity, b->elasticity, part), between(a->error, b->error, part),
                        part == 1 ? b->psi : mobility_between(a->psi, b->psi, part),
                        part == 1 ? b->psi_other : mobility_between(a->psi_other, b->psi_other, part)};
}

void dr_horizon_model(dr_model *out, const dr_model *of, double *theta, const dr_horizon_table *table, double years)
{
    dr_horizon h = dr_horizon_at(table, years);
    double part = h.elasticity / table->at[table->count - 1].elasticity;
    *out = *of;
    out->theta = theta;
    for (size_t s = 0; s < of->sectors; s++)
        theta[s] = of->theta[s] * part;
    out->nests.psi = h.psi;
    out->nests.psi_other = h.psi_other;
}

dr_status dr_horizon_check(const dr_model *m)
{
    if (m->tier)
        return dr_fail(DR_BAD_INPUT, "a path over years with products is not yet possible; expected products average");
    if (m->scale)
        return dr_fail(DR_BAD_INPUT, "a path over years with scale economies is not yet possible; expected constant "
                                     "returns");
    if (m->floor)
        return dr_fail(DR_BAD_INPUT, "a path over years with rigid wages is not yet possible; expected a model without "
                                     "rigid-wages");
    if (m->options.horizon)
        return dr_fail(DR_BAD_INPUT,
                       "the horizon %s is one point of a path over years; expected a model without "
                       "horizon",
                       m->options.horizon);
    return DR_OK;
}

const char *dr_transition_elasticity(void)
{
    static _Thread_local char text[32];
    dr_horizon_table table;
    if (dr_horizons_read(&table) != DR_OK)
        return NULL;
    dr_print_text(text, sizeof text, "%.10g", table.at[table.count - 1].elasticity);
    return text;
}
