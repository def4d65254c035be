/* Scale elasticities: one number, a published set by ISIC Rev. 3 division, a CSV by sector, or one over the trade
 * elasticity (Krugman 1980). */
#include "model/scale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "scenario/settings.h"
#include "world/isic.h"
#include "world/select.h"

/* No estimate is near it, and costs that fall faster than sales grow have no equilibrium. */
static const double LARGEST_SCALE = 10;

/* The product of trade and scale elasticity may exceed 1 by rounding. */
static const double ROUNDING = 1e-12;

static dr_status check_number(double scale)
{
    if (scale >= 0 && scale <= LARGEST_SCALE)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "a scale elasticity of %g; expected one between 0 and %g", scale, LARGEST_SCALE);
}

/* ---- Where they come from ---------------------------------------------------------------------------------------- */

static dr_status read_number(const dr_csv *csv, int column, double *scale)
{
    DR_TRY(dr_csv_number(csv, (size_t)column, scale));
    return check_number(*scale) == DR_OK ? DR_OK : dr_csv_fail(csv, column, "%s", dr_error_text());
}

/* A set: of[d] is the scale elasticity of division d, below 0 if it has none. */
static dr_status read_set(dr_csv *csv, const char *set, double of[DR_ISIC_DIVISIONS])
{
    static const char *const names[] = {"isic_rev3", "?scale_elasticity"};
    int columns[2];
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, 2, columns));
    if (columns[1] < 0)
        return dr_fail(DR_BAD_INPUT,
                       "the set %s has trade elasticities alone; expected lashkaripour-lugovskyy-2023, a "
                       "number or a CSV with the columns sector, scale_elasticity",
                       set);
    for (;;) {
        bool divisions[DR_ISIC_DIVISIONS] = {false};
        double scale = 0;
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        if (!dr_isic_read(dr_csv_field(csv, (size_t)columns[0]), divisions))
            return dr_csv_fail(csv, columns[0], "'%.40s' is not a code of ISIC Rev. 3",
                               dr_csv_field(csv, (size_t)columns[0]));
        DR_TRY(read_number(csv, columns[1], &scale));
        for (int d = 0; d < DR_ISIC_DIVISIONS; d++)
            of[d] = divisions[d] ? scale : of[d];
    }
}

/* A sector takes the simple average over those of its divisions that the set has. */
static dr_status apply_set(dr_model *m, const char *set, const double of[DR_ISIC_DIVISIONS])
{
    const dr_economy *e = m->economy;
    for (size_t s = 0; s < m->sectors; s++) {
        bool divisions[DR_ISIC_DIVISIONS] = {false};
        double sum = 0, count = 0;
        if (!*e->sector_isic[s] || !dr_isic_read(e->sector_isic[s], divisions))
            return dr_fail(
                DR_BAD_INPUT,
                "scale elasticities %s: the sector %s has no ISIC Rev. 3 code, so that it cannot be matched; "
                "expected a CSV with the columns sector, scale_elasticity",
                set, e->sector_codes.names[s]);
        for (int d = 0; d < DR_ISIC_DIVISIONS; d++) {
            sum += divisions[d] && of[d] >= 0 ? of[d] : 0;
            count += divisions[d] && of[d] >= 0;
        }
        if (count == 0)
            return dr_fail(DR_BAD_INPUT, "scale elasticities %s: no value for the sector %s (ISIC Rev. 3 %s)", set,
                           e->sector_codes.names[s], e->sector_isic[s]);
        m->scale[s] = sum / count;
    }
    return DR_OK;
}

static dr_status use_set(dr_model *m, const char *set, const dr_embedded *file)
{
    double of[DR_ISIC_DIVISIONS];
    dr_csv *csv = NULL;
    for (int d = 0; d < DR_ISIC_DIVISIONS; d++)
        of[d] = -1;
    DR_TRY(dr_csv_open_memory(&csv, file->name, file->bytes, file->size));
    dr_status status = read_set(csv, set, of);
    dr_csv_close(csv);
    return status == DR_OK ? apply_set(m, set, of) : status;
}

static dr_status file_row(dr_model *m, dr_csv *csv, const int columns[2], bool *known)
{
    const dr_economy *e = m->economy;
    bool *mask = dr_new(m->sectors, sizeof *mask);
    double scale = 0;
    if (!mask)
        return dr_fail_memory();
    dr_status status = dr_select_sector(e, dr_csv_field(csv, (size_t)columns[0]), mask, NULL);
    if (status == DR_BAD_INPUT)
        status = dr_csv_fail(csv, columns[0], "%s", dr_error_text());
    if (status == DR_OK)
        status = read_number(csv, columns[1], &scale);
    for (size_t s = 0; s < m->sectors && status == DR_OK; s++) {
        if (mask[s] && known[s])
            status =
                dr_csv_fail(csv, columns[0], "the sector %s has a scale elasticity already", e->sector_codes.names[s]);
        if (mask[s])
            m->scale[s] = scale;
        known[s] |= mask[s];
    }
    free(mask);
    return status;
}

static dr_status read_file(dr_model *m, dr_csv *csv, const char *path, bool *known)
{
    static const char *const names[] = {"sector", "scale_elasticity"};
    int columns[2];
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, 2, columns));
    for (;;) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        DR_TRY(file_row(m, csv, columns, known));
    }
    for (size_t s = 0; s < m->sectors; s++)
        if (!known[s])
            return dr_fail(DR_BAD_INPUT, "%s: no scale elasticity for the sector %s", path,
                           m->economy->sector_codes.names[s]);
    return DR_OK;
}

static dr_status use_file(dr_model *m, const char *path)
{
    dr_csv *csv = NULL;
    bool *known = dr_new(m->sectors, sizeof *known);
    if (!known)
        return dr_fail_memory();
    dr_status status = dr_csv_open(&csv, path);
    if (status == DR_OK)
        status = read_file(m, csv, path, known);
    dr_csv_close(csv);
    free(known);
    return status;
}

static const dr_embedded *find_set(const char *text)
{
    char file[128];
    snprintf(file, sizeof file, "elasticities/%.100s.csv", text);
    return strchr(text, '/') ? NULL : dr_embedded_find(file);
}

static dr_status unknown(const char *text, const char *expected)
{
    char hint[DR_HINT_SIZE];
    return dr_fail(DR_BAD_INPUT, "'%.100s' is not a %s%s", text, expected, dr_hint(hint, text, dr_elasticity_sets, 3));
}

dr_status dr_scale_check(const char *text)
{
    double number = 0;
    return dr_parse_number(text, &number) || find_set(text) ? DR_OK
                                                            : unknown(text, "number or set with scale elasticities");
}

static dr_status use_text(dr_model *m, const char *text)
{
    double number = 0;
    const dr_embedded *set = find_set(text);
    if (dr_parse_number(text, &number)) {
        DR_TRY(check_number(number));
        for (size_t s = 0; s < m->sectors; s++)
            m->scale[s] = number;
        return DR_OK;
    }
    if (set)
        return use_set(m, text, set);
    if (access(text, R_OK) == 0)
        return use_file(m, text);
    return unknown(text, "number, a set with scale elasticities or a file");
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

/* Beyond this bound a sector that grows a little attracts more sales than it needs, so that equilibria are several
 * (Kucheryavyy, Lyn & Rodriguez-Clare 2024). Profits are no reason for that, and one good has no other to grow at
 * the cost of. */
static dr_status check_bound(const dr_model *m)
{
    const dr_economy *e = m->economy;
    for (size_t s = 0; s < m->sectors && m->sectors > 1 && !m->cost_part; s++)
        if (m->scale[s] * m->theta[s] > 1 + ROUNDING)
            return dr_fail(
                DR_BAD_INPUT,
                "scale economies: the trade elasticity %.4g of the sector %s times its scale elasticity %.4g "
                "is %.4g, beyond the bound of a unique equilibrium; expected at most 1",
                m->theta[s], e->sector_codes.names[s], m->scale[s], m->theta[s] * m->scale[s]);
    return DR_OK;
}

static dr_status take_memory(dr_model *m, bool restricted)
{
    m->scale = dr_new_doubles(m->sectors);
    m->cost_part = restricted ? dr_new_doubles(m->sectors) : NULL;
    m->base.profit = restricted ? dr_new_doubles(m->regions) : NULL;
    return m->scale && (!restricted || (m->cost_part && m->base.profit)) ? DR_OK : dr_fail_memory();
}

/* Where entry is restricted, markups alone are left. */
static dr_status finish(dr_model *m)
{
    DR_TRY(check_bound(m));
    for (size_t s = 0; s < m->sectors && m->cost_part; s++) {
        m->cost_part[s] = 1 / (1 + m->scale[s]);
        m->scale[s] = 0;
    }
    return DR_OK;
}

dr_status dr_scale_fill(dr_model *m)
{
    char hint[DR_HINT_SIZE];
    const char *entry = m->options.entry, *scale = m->options.scale;
    bool restricted = entry && strcmp(entry, dr_entries[1]) == 0;
    if (entry && !restricted && strcmp(entry, dr_entries[0]) != 0)
        return dr_fail(DR_BAD_INPUT, "unknown entry '%.60s'; expected free or restricted%s", entry,
                       dr_hint(hint, entry, dr_entries, 2));
    if (!scale && !m->inverse_scale)
        return entry ? dr_fail(DR_BAD_INPUT, "entry %s needs scale elasticities; expected scale, or the model krugman",
                               entry)
                     : DR_OK;
    m->inverse_scale &= !scale;
    DR_TRY(take_memory(m, restricted));
    if (scale)
        DR_TRY(use_text(m, scale));
    for (size_t s = 0; s < m->sectors && m->inverse_scale; s++)
        m->scale[s] = 1 / m->theta[s];
    return finish(m);
}

dr_status dr_scale_like(dr_model *m, const dr_model *of)
{
    if (!of->scale)
        return DR_OK;
    DR_TRY(take_memory(m, of->cost_part));
    for (size_t s = 0; s < m->sectors; s++)
        m->scale[s] = m->inverse_scale ? 1 / m->theta[s] : of->cost_part ? 1 / of->cost_part[s] - 1 : of->scale[s];
    return finish(m);
}

dr_status dr_scale_take_profits(dr_model *m)
{
    const dr_base *b = &m->base;
    for (size_t at = 0; at < m->regions * m->sectors && m->cost_part; at++) {
        size_t n = at / m->sectors, s = at % m->sectors;
        double profit = (1 - m->cost_part[s]) * b->output[at];
        if (profit > 0 && !(b->value_added[at] > profit))
            return dr_fail(DR_BAD_INPUT,
                           "restricted entry: the value added of %s %s is %.1f%% of its output, and its markup leaves "
                           "%.1f%% as profit; expected a smaller scale elasticity, or free entry",
                           m->economy->region_codes.names[n], m->economy->sector_codes.names[s],
                           100 * b->value_added[at] / b->output[at], 100 * (1 - m->cost_part[s]));
        b->value_added[at] -= profit;
    }
    return DR_OK;
}

void dr_base_profits(dr_model *m)
{
    const dr_base *b = &m->base;
    for (size_t n = 0; n < m->regions && b->profit; n++) {
        b->profit[n] = 0;
        for (size_t s = 0; s < m->sectors; s++)
            b->profit[n] += (1 - m->cost_part[s]) * b->output[n * m->sectors + s];
    }
}
