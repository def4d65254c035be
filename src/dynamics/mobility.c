#include "dynamics/mobility.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dynamics/file_rows.h"
#include "model/factors.h"
#include "world/select.h"

void dr_mobility_free(dr_mobility *mobility)
{
    free(mobility->share);
    mobility->share = NULL;
}

/* ---- Values and moves -------------------------------------------------------------------------------------------- */

/* weight[h] = y'[h]^(beta/nu). */
static void weigh(size_t sectors, dr_tastes tastes, const double *next, double *weight)
{
    for (size_t h = 0; h < sectors; h++)
        weight[h] = pow(next[h], tastes.beta / tastes.nu);
}

static double sum_of(const double *share, const double *weight, size_t sectors)
{
    double sum = 0;
    for (size_t h = 0; h < sectors; h++)
        sum += share[h] * weight[h];
    return sum;
}

void dr_mobility_value(const double *share, size_t sectors, dr_tastes tastes, const double *real_wage,
                       const double *next, double *weight, double *value)
{
    weigh(sectors, tastes, next, weight);
    for (size_t j = 0; j < sectors; j++)
        value[j] = real_wage[j] * pow(sum_of(share + j * sectors, weight, sectors), tastes.nu);
}

void dr_mobility_move(const double *share, size_t sectors, dr_tastes tastes, const double *base, const double *labour,
                      const double *next, double *weight, double *moved)
{
    weigh(sectors, tastes, next, weight);
    for (size_t h = 0; h < sectors; h++)
        moved[h] = base[h] > 0 ? 0 : 1;
    for (size_t j = 0; j < sectors; j++) {
        double leaving = labour[j] * base[j] / sum_of(share + j * sectors, weight, sectors);
        for (size_t h = 0; h < sectors && base[j] > 0; h++)
            if (base[h] > 0)
                moved[h] += share[j * sectors + h] * weight[h] * leaving / base[h];
    }
}

/* ---- The matrix -------------------------------------------------------------------------------------------------- */

/* The rows of one factor in one region. */
static double *rows_of(const dr_mobility *mobility, const dr_model *m, size_t f, size_t n)
{
    return mobility->share + (f * m->regions + n) * m->sectors * m->sectors;
}

static dr_status take_room(dr_mobility *out, const dr_model *m)
{
    size_t s = m->sectors;
    out->kind = DR_MOBILITY_COST;
    out->share = s && m->factors * m->regions > SIZE_MAX / s / s
                     ? NULL
                     : dr_new(m->factors * m->regions * s * s, sizeof(double));
    return out->share ? DR_OK : dr_fail_memory();
}

/* Whether workers of the factor in sector s of n move at all. */
static bool moves(const dr_model *m, size_t f, size_t n, size_t s)
{
    return dr_factor_is_labour(m, f) && dr_factor_base(m, f, n, s) > 0;
}

/* A share stays; the others go to all sectors, their own as well, in proportion to the labour there. */
static void fill_stayers(dr_mobility *out, const dr_model *m, double stay)
{
    size_t s = m->sectors;
    for (size_t f = 0; f < m->factors; f++)
        for (size_t n = 0; n < m->regions; n++) {
            double *rows = rows_of(out, m, f, n), all = 0;
            for (size_t j = 0; j < s; j++)
                all += dr_factor_base(m, f, n, j);
            for (size_t j = 0; j < s; j++)
                for (size_t h = 0; h < s; h++)
                    rows[j * s + h] = !moves(m, f, n, j)
                                          ? j == h
                                          : (j == h ? stay : 0) + (1 - stay) * dr_factor_base(m, f, n, h) / all;
        }
}

/* ---- A file ------------------------------------------------------------------------------------------------------ */

enum { FROM, TO, SHARE, REGION, COLUMNS };

/* A matrix of shares [n, j, h] being read; NAN where nothing is said. */
typedef struct reading {
    dr_csv *csv;
    const dr_model *model;
    int at[COLUMNS];
    double *share;
} reading;

static dr_status take_row(void *of)
{
    reading *r = of;
    const dr_model *m = r->model;
    size_t from = 0, to = 0, region = 0, s = m->sectors;
    double share = 0;
    DR_TRY(dr_scenario_code(r->csv, r->at[FROM], dr_select_sector, &m->economy->sector_codes, m->economy, &from));
    DR_TRY(dr_scenario_code(r->csv, r->at[TO], dr_select_sector, &m->economy->sector_codes, m->economy, &to));
    if (r->at[REGION] >= 0)
        DR_TRY(
            dr_scenario_code(r->csv, r->at[REGION], dr_select_region, &m->economy->region_codes, m->economy, &region));
    DR_TRY(dr_csv_number(r->csv, (size_t)r->at[SHARE], &share));
    if (!(share >= 0 && share <= 1))
        return dr_csv_fail(r->csv, r->at[SHARE], "a share of %g; expected one from 0 to 1", share);
    for (size_t n = region; n < (r->at[REGION] < 0 ? m->regions : region + 1); n++) {
        double *cell = &r->share[(n * s + from) * s + to];
        if (!isnan(*cell))
            return dr_csv_fail(r->csv, r->at[TO], "the share from %s to %s is given twice",
                               m->economy->sector_codes.names[from], m->economy->sector_codes.names[to]);
        *cell = share;
    }
    return DR_OK;
}

static dr_status read_rows(reading *r)
{
    static const char *const names[] = {"from", "to", "share", "?region"};
    return dr_file_rows(r->csv, names, COLUMNS, r->at, take_row, r);
}

/* Those who are said to go nowhere stay, where their share is not given; rows add up to 1. */
static dr_status check_rows(double *share, const dr_model *m, const char *path)
{
    const double rounding = 1e-6;
    size_t s = m->sectors;
    for (size_t row = 0; row < m->regions * s; row++) {
        double *to = share + row * s, sum = 0;
        size_t n = row / s, j = row % s, said = 0;
        for (size_t h = 0; h < s; h++) {
            if (!isnan(to[h]))
                said++;
            sum += h == j || isnan(to[h]) ? 0 : to[h];
        }
        if (said == 0 && m->base.value_added[row] > 0)
            return dr_fail(DR_BAD_INPUT,
                           "%s: no row says where workers of %s in %s go; expected shares for each sector", path,
                           m->economy->sector_codes.names[j], m->economy->region_codes.names[n]);
        if (isnan(to[j]))
            to[j] = 1 - sum;
        if (to[j] < 0 || fabs(sum + to[j] - 1) > rounding)
            return dr_fail(DR_BAD_INPUT, "%s: the shares of workers of %s in %s add up to %.6g; expected 1", path,
                           m->economy->sector_codes.names[j], m->economy->region_codes.names[n],
                           to[j] < 0 ? sum : sum + to[j]);
        for (size_t h = 0; h < s; h++)
            to[h] = isnan(to[h]) ? 0 : to[h];
    }
    return DR_OK;
}

/* ---- Steadiness -------------------------------------------------------------------------------------------------- */

/* Scales the flows L[j] mu[j, h] to sums of L by rows and by columns; the largest gap of a column before it, over its
 * sum. */
static double scale(double *rows, const double *labour, size_t s)
{
    double worst = 0;
    for (size_t h = 0; h < s; h++) {
        double sum = 0;
        for (size_t j = 0; j < s; j++)
            sum += labour[j] * rows[j * s + h];
        if (!(labour[h] > 0) || !(sum > 0))
            continue;
        worst = fmax(worst, fabs(sum / labour[h] - 1));
        for (size_t j = 0; j < s; j++)
            rows[j * s + h] *= labour[h] / sum;
    }
    for (size_t j = 0; j < s; j++) {
        double sum = 0;
        for (size_t h = 0; h < s; h++)
            sum += rows[j * s + h];
        for (size_t h = 0; h < s && sum > 0; h++)
            rows[j * s + h] /= sum;
    }
    return worst;
}

/* The rows of a factor in a region, of the shares of a file, for a base that is steady. */
static dr_status fill_steady(dr_mobility *out, const dr_model *m, size_t f, size_t n, const double *share,
                             double *labour)
{
    enum { MOST = 20000 };
    const double steady = 1e-14;
    size_t s = m->sectors;
    double *rows = rows_of(out, m, f, n), gap = INFINITY;
    for (size_t j = 0; j < s; j++) {
        labour[j] = moves(m, f, n, j) ? dr_factor_base(m, f, n, j) : 0;
        for (size_t h = 0; h < s; h++)
            rows[j * s + h] = labour[j] > 0 && moves(m, f, n, h) ? share[j * s + h] : j == h;
    }
    for (int k = 0; k < MOST && gap > steady; k++)
        gap = scale(rows, labour, s);
    for (size_t j = 0; j < s; j++)
        for (size_t h = 0; h < s && labour[j] > 0; h++)
            out->moved = fmax(out->moved, fabs(rows[j * s + h] - share[j * s + h]));
    return gap < 1e-10 ? DR_OK
                       : dr_fail(DR_BAD_INPUT,
                                 "no matrix with these moves keeps employment of the base in %s steady; "
                                 "expected moves into and out of each sector",
                                 m->economy->region_codes.names[n]);
}

static dr_status fill_file(dr_mobility *out, const dr_model *m, const char *path, double *share)
{
    double *labour = dr_new(m->sectors, sizeof *labour);
    dr_status status = labour ? check_rows(share, m, path) : dr_fail_memory();
    for (size_t f = 0; f < m->factors && status == DR_OK; f++)
        for (size_t n = 0; n < m->regions && status == DR_OK; n++)
            status = fill_steady(out, m, f, n, share + n * m->sectors * m->sectors, labour);
    free(labour);
    return status;
}

static dr_status read_file(dr_mobility *out, const dr_model *m, const char *path)
{
    size_t cells = m->regions * m->sectors * m->sectors;
    reading r = {.model = m, .share = dr_new(cells, sizeof(double))};
    for (size_t i = 0; i < cells && r.share; i++)
        r.share[i] = NAN;
    dr_status status = r.share ? dr_csv_open(&r.csv, path) : dr_fail_memory();
    if (status == DR_OK)
        status = read_rows(&r);
    dr_csv_close(r.csv);
    if (status == DR_OK)
        status = fill_file(out, m, path, r.share);
    free(r.share);
    return status;
}

dr_status dr_mobility_read(dr_mobility *out, const dr_model *model, const char *text)
{
    double stay = 0;
    *out = (dr_mobility){.kind = DR_MOBILITY_HORIZON, .text = text};
    if (!text)
        return DR_OK;
    if (strcmp(text, "free") == 0 || strcmp(text, "fixed") == 0) {
        out->kind = *text == 'f' && text[1] == 'r' ? DR_MOBILITY_FREE : DR_MOBILITY_FIXED;
        return DR_OK;
    }
    bool number = dr_parse_rate(text, &stay) == DR_OK;
    if (!number && access(text, F_OK) != 0)
        return dr_fail(DR_BAD_INPUT,
                       "mobility '%.100s' is no file; expected free, fixed, the share of workers who stay "
                       "in their sector in a year, such as 95%%, or a CSV",
                       text);
    if (number && !(stay >= 0 && stay <= 1))
        return dr_fail(DR_BAD_INPUT, "a share of stayers of %.40s; expected one from 0%% to 100%%", text);
    DR_TRY(take_room(out, model));
    if (!number)
        return read_file(out, model, text);
    fill_stayers(out, model, stay);
    return DR_OK;
}
