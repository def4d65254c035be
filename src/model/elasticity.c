/* Trade elasticities: one number, a published set by ISIC Rev. 3 division, a CSV by sector, or the world's own. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/print.h"
#include "model/elasticity.h"
#include "model/model.h"
#include "model/presets.h"
#include "scenario/settings.h"
#include "world/isic.h"
#include "world/select.h"

/* The default: about the middle of long-run estimates. */
static const double DEFAULT_ELASTICITY = 5;

/* Beyond these bounds goods of different origin are almost perfect complements, or almost perfect substitutes: no
 * estimate is near them, and equilibrium prices may exceed the range of numbers. */
static const double LEAST_ELASTICITY = 1e-3, LARGEST_ELASTICITY = 1000;

static dr_status check_theta(double theta)
{
    if (!(theta > 0))
        return dr_fail(DR_BAD_INPUT, "a trade elasticity of %g; expected more than 0", theta);
    if (theta < LEAST_ELASTICITY || theta > LARGEST_ELASTICITY)
        return dr_fail(DR_BAD_INPUT, "a trade elasticity of %g; expected one between %g and %g", theta,
                       LEAST_ELASTICITY, LARGEST_ELASTICITY);
    return DR_OK;
}

/* ---- Estimates --------------------------------------------------------------------------------------------------- */

static dr_status take_estimates(dr_model *m)
{
    dr_estimates *e = &m->estimates;
    size_t most = (m->sectors > DR_ISIC_DIVISIONS ? m->sectors : DR_ISIC_DIVISIONS) +
                  1; /* each row covers at least one of them */
    e->most = most;
    e->value = dr_arena_take(&m->arena, most * sizeof *e->value);
    e->error = dr_arena_take(&m->arena, most * sizeof *e->error);
    e->weight = dr_arena_take(&m->arena, m->sectors * most * sizeof *e->weight);
    return e->value && e->error && e->weight ? DR_OK : dr_fail_memory();
}

/* Adds an estimate and returns its index. */
static size_t add_estimate(dr_model *m, double value, double error)
{
    dr_estimates *e = &m->estimates;
    e->value[e->count] = value;
    e->error[e->count] = error;
    return e->count++;
}

void dr_estimates_theta(const dr_estimates *e, size_t sectors, const double *value, double *theta)
{
    for (size_t s = 0; s < sectors; s++) {
        double sum = 0, weights = 0;
        for (size_t i = 0; i < e->count; i++) {
            sum += e->weight[s * e->most + i] * value[i];
            weights += e->weight[s * e->most + i];
        }
        theta[s] = sum / weights;
    }
}

/* The columns of a set or file: what the row is of, trade_elasticity, and perhaps standard_error, which may be
 * empty. */
static dr_status read_estimate(dr_model *m, const dr_csv *csv, const int columns[3], size_t *index)
{
    double value = 0, error = NAN;
    DR_TRY(dr_csv_number(csv, (size_t)columns[1], &value));
    if (check_theta(value) != DR_OK)
        return dr_csv_fail(csv, columns[1], "%s", dr_error_text());
    if (columns[2] >= 0 && *dr_csv_field(csv, (size_t)columns[2]))
        DR_TRY(dr_csv_number(csv, (size_t)columns[2], &error));
    if (error < 0)
        return dr_csv_fail(csv, columns[2], "a standard error of %g; expected 0 or more", error);
    *index = add_estimate(m, value, error);
    return DR_OK;
}

/* ---- Where they come from ---------------------------------------------------------------------------------------- */

enum { NOWHERE = -1 };

/* Reads a set: of[d] is the estimate of division d, NOWHERE if the set has none. */
static dr_status read_set(dr_model *m, dr_csv *csv, int of[DR_ISIC_DIVISIONS])
{
    static const char *const names[] = {"isic_rev3", "trade_elasticity", "?standard_error"};
    int columns[3];
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, 3, columns));
    for (;;) {
        bool divisions[DR_ISIC_DIVISIONS] = {false};
        size_t estimate = 0;
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        if (!dr_isic_read(dr_csv_field(csv, (size_t)columns[0]), divisions))
            return dr_csv_fail(csv, columns[0], "'%.40s' is not a code of ISIC Rev. 3; expected one such as 15t16",
                               dr_csv_field(csv, (size_t)columns[0]));
        DR_TRY(read_estimate(m, csv, columns, &estimate));
        for (int d = 0; d < DR_ISIC_DIVISIONS; d++)
            if (divisions[d])
                of[d] = (int)estimate;
    }
}

/* A sector takes the simple average over those of its divisions that the set has. */
static dr_status apply_set(dr_model *m, const char *set, const int of[DR_ISIC_DIVISIONS])
{
    const dr_economy *e = m->economy;
    for (size_t s = 0; s < m->sectors; s++) {
        bool divisions[DR_ISIC_DIVISIONS] = {false}, found = false;
        const char *code = e->sector_isic[s];
        if (!*code || !dr_isic_read(code, divisions))
            return dr_fail(
                DR_BAD_INPUT,
                "elasticity set %s: the sector %s has %s%s, so that it cannot be matched; give the world's sectors "
                "an isic_rev3 or give a CSV with the columns sector, trade_elasticity",
                set, e->sector_codes.names[s], *code ? "the unknown ISIC Rev. 3 code " : "no ISIC Rev. 3 code", code);
        for (int d = 0; d < DR_ISIC_DIVISIONS; d++)
            if (divisions[d] && of[d] != NOWHERE) {
                m->estimates.weight[s * m->estimates.most + (size_t)of[d]]++;
                found = true;
            }
        if (!found)
            return dr_fail(DR_BAD_INPUT, "elasticity set %s: no value for the sector %s (ISIC Rev. 3 %s)", set,
                           e->sector_codes.names[s], code);
    }
    return DR_OK;
}

static dr_status use_set(dr_model *m, const char *set, const dr_embedded *file)
{
    int of[DR_ISIC_DIVISIONS];
    for (int d = 0; d < DR_ISIC_DIVISIONS; d++)
        of[d] = NOWHERE;
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open_memory(&csv, file->name, file->bytes, file->size));
    dr_status status = read_set(m, csv, of);
    dr_csv_close(csv);
    DR_TRY(status);
    DR_TRY(apply_set(m, set, of));
    return dr_presets_note_set(m, set);
}

/* Whether a sector has an estimate yet. */
static bool is_covered(const dr_model *m, size_t s)
{
    for (size_t i = 0; i < m->estimates.count; i++)
        if (m->estimates.weight[s * m->estimates.most + i] > 0)
            return true;
    return false;
}

static dr_status file_row(dr_model *m, dr_csv *csv, const int columns[3])
{
    const dr_economy *e = m->economy;
    bool *mask = dr_new(m->sectors, sizeof *mask);
    size_t estimate = 0;
    if (!mask)
        return dr_fail_memory();
    dr_status status = dr_select_sector(e, dr_csv_field(csv, (size_t)columns[0]), mask, NULL);
    if (status == DR_BAD_INPUT)
        status = dr_csv_fail(csv, columns[0], "%s", dr_error_text());
    for (size_t s = 0; s < m->sectors && status == DR_OK; s++)
        if (mask[s] && is_covered(m, s))
            status =
                dr_csv_fail(csv, columns[0], "the sector %s has a trade elasticity already", e->sector_codes.names[s]);
    if (status == DR_OK)
        status = read_estimate(m, csv, columns, &estimate);
    for (size_t s = 0; s < m->sectors && status == DR_OK; s++)
        m->estimates.weight[s * m->estimates.most + estimate] = mask[s];
    free(mask);
    return status;
}

static dr_status use_file(dr_model *m, const char *path)
{
    static const char *const names[] = {"sector", "trade_elasticity", "?standard_error"};
    int columns[3];
    bool more = true;
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = dr_csv_header(csv, names, 3, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = file_row(m, csv, columns);
    dr_csv_close(csv);
    for (size_t s = 0; s < m->sectors && status == DR_OK; s++)
        if (!is_covered(m, s))
            status = dr_fail(DR_BAD_INPUT, "%s: no trade elasticity for the sector %s", path,
                             m->economy->sector_codes.names[s]);
    return status;
}

/* One estimate for all sectors. */
static dr_status use_number(dr_model *m, double theta)
{
    DR_TRY(check_theta(theta));
    size_t estimate = add_estimate(m, theta, NAN);
    for (size_t s = 0; s < m->sectors; s++)
        m->estimates.weight[s * m->estimates.most + estimate] = 1;
    return DR_OK;
}

static bool is_stored(const dr_economy *e, const char *name)
{
    const dr_stored_rows *stored = &e->stored_elasticities;
    for (size_t i = 0; i < stored->count; i++)
        if (strcmp(stored->row[i].name, name) == 0)
            return true;
    return false;
}

/* A row of a set that the world keeps; one that is not above 0 counts for nothing. */
static dr_status stored_row(dr_model *m, const dr_stored *row, double *sum, size_t *count)
{
    const dr_economy *e = m->economy;
    bool *mask = dr_new(m->sectors, sizeof *mask);
    if (!mask)
        return dr_fail_memory();
    dr_status status = dr_select_sector(e, row->of, mask, NULL);
    if (status == DR_OK && row->value > 0) {
        size_t estimate = add_estimate(m, row->value, row->error);
        for (size_t s = 0; s < m->sectors; s++)
            if (mask[s] && !is_covered(m, s))
                m->estimates.weight[s * m->estimates.most + estimate] = 1;
        *sum += row->value;
        ++*count;
    }
    free(mask);
    return status;
}

/* A set that the world keeps. Sectors of which it has none above 0 take the mean of the others, which has no standard
 * error. */
static dr_status use_stored(dr_model *m, const char *name)
{
    const dr_stored_rows *stored = &m->economy->stored_elasticities;
    double sum = 0;
    size_t count = 0, without = 0;
    for (size_t i = 0; i < stored->count && m->estimates.count + 1 < m->estimates.most; i++)
        if (strcmp(stored->row[i].name, name) == 0)
            DR_TRY(stored_row(m, &stored->row[i], &sum, &count));
    if (count == 0)
        return dr_fail(DR_BAD_INPUT, "elasticity set %s: no trade elasticity in it is above 0", name);
    for (size_t s = 0; s < m->sectors; s++)
        without += !is_covered(m, s);
    if (without == 0)
        return DR_OK;
    size_t mean = add_estimate(m, sum / (double)count, NAN);
    for (size_t s = 0; s < m->sectors; s++)
        if (!is_covered(m, s))
            m->estimates.weight[s * m->estimates.most + mean] = 1;
    return dr_model_note(m,
                         "sectors without a trade elasticity above 0 in the set %s: %zu of %zu, which take the mean of "
                         "the others, %.4g",
                         name, without, m->sectors, sum / (double)count);
}

static dr_status unknown_set(const dr_economy *e, const char *name, const char *expected)
{
    char hint[DR_HINT_SIZE], base[16][64];
    const char *sets[32];
    size_t count = 0;
    const dr_stored_rows *stored = &e->stored_elasticities;
    for (size_t i = 0; i < dr_embedded_count && count < 16; i++)
        if (sscanf(dr_embedded_files[i].name, "elasticities/%63[^./].csv", base[count]) == 1)
            sets[count] = base[count], count++;
    for (size_t i = 0; i < stored->count && count < 32; i++)
        if (i == 0 || strcmp(stored->row[i].name, stored->row[i - 1].name) != 0)
            sets[count++] = stored->row[i].name;
    dr_hint(hint, name, sets, count);
    return dr_fail(DR_BAD_INPUT, "'%s' is not a %s%s", name, expected, hint);
}

static dr_status say(dr_model *m, const char *what)
{
    m->elasticity = dr_arena_text(&m->arena, what);
    return m->elasticity ? DR_OK : dr_fail_memory();
}

static dr_status use_world(dr_model *m)
{
    for (size_t s = 0; s < m->sectors; s++) {
        double theta = m->economy->elasticity[s];
        if (!(theta > 0))
            return dr_fail(DR_BAD_INPUT, "the world has no trade elasticity above 0 for the sector %s",
                           m->economy->sector_codes.names[s]);
        m->estimates.weight[s * m->estimates.most + add_estimate(m, theta, NAN)] = 1;
    }
    return say(m, "the world's own");
}

static dr_status use_default(dr_model *m)
{
    char text[32];
    if (m->economy->elasticity)
        return use_world(m);
    DR_TRY(use_number(m, DEFAULT_ELASTICITY));
    dr_print_text(text, sizeof text, "%g", DEFAULT_ELASTICITY);
    return say(m, text);
}

static const dr_embedded *find_set(const char *name)
{
    char file[128];
    snprintf(file, sizeof file, "elasticities/%s.csv", name);
    return strchr(name, '/') ? NULL : dr_embedded_find(file);
}

dr_status dr_elasticity_check(const dr_economy *e, const char *text)
{
    double number = 0;
    if (dr_parse_number(text, &number) || find_set(text) || is_stored(e, text))
        return DR_OK;
    return unknown_set(e, text, "number or elasticity set");
}

static dr_status find_estimates(dr_model *m, const char *text)
{
    double number = 0;
    if (!text)
        return use_default(m);
    const dr_embedded *set = find_set(text);
    DR_TRY(say(m, text));
    if (dr_parse_number(text, &number))
        return use_number(m, number);
    if (set)
        return use_set(m, text, set);
    if (is_stored(m->economy, text))
        return use_stored(m, text);
    if (access(text, R_OK) == 0)
        return use_file(m, text);
    return unknown_set(m->economy, text, "number, elasticity set or file");
}

dr_status dr_elasticity_fill(dr_model *m, const char *text)
{
    DR_TRY(take_estimates(m));
    DR_TRY(find_estimates(m, text));
    dr_estimates_theta(&m->estimates, m->sectors, m->estimates.value, m->theta);
    return DR_OK;
}
