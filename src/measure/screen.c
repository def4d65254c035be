#include "measure/screen.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "measure/concentration.h"

/* Sums by economy, in one array after the other. */
enum { FROM_OUTSIDE, WORLD_EXPORTS, MEMBER_IMPORTS, SOLD_INSIDE, SOLD_OUTSIDE, SUMS };

size_t dr_screen_scratch(const dr_flows *flows)
{
    return SUMS * flows->regions.count;
}

static void add_up(const dr_flows *f, size_t k, const bool *member, double *const sums[SUMS])
{
    for (size_t row = f->start[k]; row < f->start[k + 1]; row++) {
        unsigned short from = f->exporter[row], to = f->importer[row];
        double value = f->value[row];
        if (!f->untold[from])
            sums[WORLD_EXPORTS][from] += value;
        if (member[from])
            sums[member[to] ? SOLD_INSIDE : SOLD_OUTSIDE][from] += value;
        else if (member[to]) {
            sums[FROM_OUTSIDE][from] += value;
            sums[MEMBER_IMPORTS][to] += value;
        }
    }
}

/* Sales less re-exports, which are taken to be as large as possible: the smaller one of imports and sales. */
static double net(double sales, double imports, bool net_re_exports)
{
    return net_re_exports ? fmax(sales - imports, 0) : sales;
}

void dr_screen_product(dr_indicators *out, const dr_flows *f, size_t k, const bool *member, bool net_re_exports,
                       double *scratch)
{
    size_t regions = f->regions.count;
    double *sums[SUMS];
    for (size_t i = 0; i < SUMS; i++)
        sums[i] = scratch + i * regions;
    memset(scratch, 0, SUMS * regions * sizeof *scratch);
    add_up(f, k, member, sums);
    *out = (dr_indicators){.source = SIZE_MAX, .source_share = NAN};
    for (size_t i = 0; i < regions; i++) {
        double imports = sums[MEMBER_IMPORTS][i], inside = sums[SOLD_INSIDE][i], outside = sums[SOLD_OUTSIDE][i];
        out->imports += sums[FROM_OUTSIDE][i];
        if (f->untold[i]) { /* no supplier: from here on it has no part */
            out->unspecified += sums[FROM_OUTSIDE][i];
            sums[FROM_OUTSIDE][i] = 0;
        }
        out->inside += net(inside, imports, net_re_exports);
        out->exports += net(inside + outside, imports, net_re_exports);
        out->exports_out += net(outside, imports, net_re_exports);
        if (sums[FROM_OUTSIDE][i] > 0 &&
            (out->source == SIZE_MAX || sums[FROM_OUTSIDE][i] > sums[FROM_OUTSIDE][out->source]))
            out->source = i;
    }
    if (out->source != SIZE_MAX)
        out->source_share = sums[FROM_OUTSIDE][out->source] / (out->imports - out->unspecified);
    out->concentration = dr_herfindahl(sums[FROM_OUTSIDE], regions);
    out->world_concentration = dr_herfindahl(sums[WORLD_EXPORTS], regions);
}
