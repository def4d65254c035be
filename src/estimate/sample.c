#include "estimate/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"

/* ---- Rows that say nothing ---- */

typedef struct prune {
    const dr_regression_data *data;
    bool zeros;       /* levels without trade go too */
    uint32_t **rows;  /* [effect][level] left */
    uint32_t **trade; /* [effect][level] left with an outcome above 0 */
} prune;

static void prune_free(prune *p)
{
    for (size_t e = 0; e < p->data->effects; e++) {
        if (p->rows)
            free(p->rows[e]);
        if (p->trade)
            free(p->trade[e]);
    }
    free((void *)p->rows);
    free((void *)p->trade);
}

static dr_status prune_new(prune *p, const unsigned char *out)
{
    const dr_regression_data *d = p->data;
    p->rows = (uint32_t **)dr_new(d->effects, sizeof *p->rows);
    p->trade = (uint32_t **)dr_new(d->effects, sizeof *p->trade);
    if (!p->rows || !p->trade)
        return dr_fail_memory();
    for (size_t e = 0; e < d->effects; e++) {
        p->rows[e] = dr_new(d->effect[e].levels, sizeof **p->rows);
        p->trade[e] = dr_new(d->effect[e].levels, sizeof **p->trade);
        if (!p->rows[e] || !p->trade[e])
            return dr_fail_memory();
        for (size_t r = 0; r < d->rows; r++)
            if (out[r] == DR_KEPT) {
                p->rows[e][d->effect[e].level[r]]++;
                p->trade[e][d->effect[e].level[r]] += d->outcome[r] > 0;
            }
    }
    return DR_OK;
}

static bool level_goes(const prune *p, size_t e, size_t level)
{
    return p->rows[e][level] == 1 || (p->zeros && p->rows[e][level] > 0 && p->trade[e][level] == 0);
}

static bool any_goes(const prune *p)
{
    for (size_t e = 0; e < p->data->effects; e++)
        for (size_t level = 0; level < p->data->effect[e].levels && !p->data->effect[e].slope; level++)
            if (level_goes(p, e, level))
                return true;
    return false;
}

/* Why a row goes, if it does: that its levels have no trade comes first. */
static dr_left_out why(const prune *p, size_t row)
{
    dr_left_out reason = DR_KEPT;
    for (size_t e = 0; e < p->data->effects; e++) {
        size_t level = p->data->effect[e].level[row];
        if (p->data->effect[e].slope) /* at some value of its variable, which may be 0 */
            continue;
        if (p->zeros && p->trade[e][level] == 0)
            return DR_SEPARATED;
        if (p->rows[e][level] == 1)
            reason = DR_SINGLETON;
    }
    return reason;
}

static void sweep(prune *p, unsigned char *out)
{
    const dr_regression_data *d = p->data;
    for (size_t r = 0; r < d->rows; r++) {
        dr_left_out reason = out[r] == DR_KEPT ? why(p, r) : DR_KEPT;
        if (reason == DR_KEPT)
            continue;
        out[r] = (unsigned char)reason;
        for (size_t e = 0; e < d->effects; e++) {
            p->rows[e][d->effect[e].level[r]]--;
            p->trade[e][d->effect[e].level[r]] -= d->outcome[r] > 0;
        }
    }
}

dr_status dr_sample_prune(unsigned char *out, const dr_regression_data *data, dr_fit fit)
{
    prune p = {.data = data, .zeros = fit == DR_FIT_PPML};
    dr_status status = prune_new(&p, out);
    while (status == DR_OK && any_goes(&p))
        sweep(&p, out);
    prune_free(&p);
    return status;
}

/* ---- The sample ---- */

void dr_sample_free(dr_sample *s)
{
    if (!s)
        return;
    for (size_t e = 0; s->code && e < s->effects; e++)
        free(s->code[e]);
    free((void *)s->code);
    free(s->row);
    free(s->start);
    free(s->other);
    free(s->offset);
    free(s->place);
    free(s->factor);
    free(s->centre);
    free(s->spread);
    free(s->block);
    free(s);
}

/* Numbers the levels that have rows; returns how many there are. */
static size_t number_levels(uint32_t *code, const dr_category *effect, const unsigned char *out, size_t rows)
{
    size_t count = 0;
    for (size_t r = 0; r < rows; r++)
        if (out[r] == DR_KEPT)
            code[effect->level[r]] = 1;
    for (size_t level = 0; level < effect->levels; level++)
        code[level] = code[level] ? (uint32_t)count++ : UINT32_MAX;
    return count;
}

static void shift_levels(uint32_t *code, size_t levels, size_t offset)
{
    for (size_t level = 0; level < levels; level++)
        if (code[level] != UINT32_MAX)
            code[level] += (uint32_t)offset;
}

static dr_status number_effects(dr_sample *s, const unsigned char *out, const dr_regression_data *d)
{
    size_t *count = dr_new(d->effects, sizeof *count), at = 0;
    if (!count)
        return dr_fail_memory();
    for (size_t e = 0; e < d->effects; e++) {
        s->code[e] = dr_new(d->effect[e].levels, sizeof **s->code);
        if (!s->code[e]) {
            free(count);
            return dr_fail_memory();
        }
        count[e] = number_levels(s->code[e], &d->effect[e], out, d->rows);
        if (!d->effect[e].slope && (d->effect[s->first].slope || count[e] > count[s->first]))
            s->first = e;
    }
    s->segments = d->effects > 0 ? count[s->first] : 1;
    for (size_t e = 0; e < d->effects; e++)
        if (e != s->first) {
            shift_levels(s->code[e], d->effect[e].levels, s->unknowns);
            s->offset[at] = s->unknowns;
            s->other[at++] = e;
            s->unknowns += count[e];
        }
    s->offset[at] = s->unknowns;
    free(count);
    return DR_OK;
}

/* Counting sort by segment, which keeps the order of rows within one. */
static void sort_rows(dr_sample *s, const unsigned char *out, const dr_regression_data *d)
{
    const uint32_t *level = d->effects > 0 ? d->effect[s->first].level : NULL;
    const uint32_t *code = s->code[s->first];
    for (size_t r = 0; r < d->rows; r++)
        if (out[r] == DR_KEPT)
            s->start[(level ? code[level[r]] : 0) + 1]++;
    for (size_t g = 0; g < s->segments; g++)
        s->start[g + 1] += s->start[g];
    for (size_t r = 0; r < d->rows; r++)
        if (out[r] == DR_KEPT)
            s->row[s->start[level ? code[level[r]] : 0]++] = (uint32_t)r;
    for (size_t g = s->segments; g > 0; g--)
        s->start[g] = s->start[g - 1];
    s->start[0] = 0;
}

typedef struct placing {
    dr_sample *sample;
    const dr_regression_data *data;
} placing;

static void place_stretch(void *work, size_t from, size_t to)
{
    const placing *p = work;
    dr_sample *s = p->sample;
    for (size_t r = from; r < to; r++)
        for (size_t j = 0; j < s->others; j++)
            s->place[r * s->others + j] = s->code[s->other[j]][p->data->effect[s->other[j]].level[s->row[r]]];
}

/* The variable of the slopes that are other effect `j`: about its means in the levels that have constants too, which
 * makes both all but orthogonal, and over its standard deviation. What does not vary in a level becomes zero. */
static void place_slopes(dr_sample *s, const double *slope, bool centred, size_t j, double *rows)
{
    const double rounding = 1e-12;
    size_t from = s->offset[j], levels = s->offset[j + 1] - from;
    double square = 0, largest = 0;
    for (size_t r = 0; r < s->rows; r++) {
        uint32_t level = s->place[r * s->others + j];
        s->centre[level] += centred ? slope[s->row[r]] : 0;
        rows[level - from]++;
        largest = fmax(largest, fabs(slope[s->row[r]]));
    }
    for (size_t l = 0; l < levels; l++)
        s->centre[from + l] /= rows[l];
    for (size_t r = 0; r < s->rows; r++) {
        double z = slope[s->row[r]] - s->centre[s->place[r * s->others + j]];
        s->factor[r * s->others + j] = fabs(z) > rounding * largest ? z : 0;
        square += z * z;
    }
    s->spread[j] = square > 0 ? sqrt(square / (double)s->rows) : 1;
    for (size_t r = 0; r < s->rows; r++)
        s->factor[r * s->others + j] /= s->spread[j];
}

static dr_status take_slopes(dr_sample *s, const dr_regression_data *d)
{
    bool any = false;
    for (size_t e = 0; e < d->effects; e++)
        any = any || d->effect[e].slope;
    if (!any)
        return DR_OK;
    s->factor = dr_new_doubles(s->rows * s->others);
    s->centre = dr_new_doubles(s->unknowns);
    s->spread = dr_new_doubles(s->others);
    double *rows = dr_new_doubles(s->unknowns);
    dr_status status = s->factor && s->centre && s->spread && rows ? DR_OK : dr_fail_memory();
    for (size_t j = 0; status == DR_OK && j < s->others; j++) {
        const dr_category *effect = &d->effect[s->other[j]];
        if (effect->slope) {
            memset(rows, 0, s->unknowns * sizeof *rows);
            place_slopes(s, effect->slope, effect->centred, j, rows);
            continue;
        }
        s->spread[j] = 1;
        for (size_t r = 0; r < s->rows; r++)
            s->factor[r * s->others + j] = 1;
    }
    free(rows);
    return status;
}

/* Whole segments of about as many rows each. Each block has sums of its own for all unknowns, which are not to cost
 * more than its rows do. */
static void split(dr_sample *s)
{
    size_t most = s->rows / (4 * s->unknowns + 1000), segment = 0;
    s->blocks = most < 2 ? 2 : most > DR_SAMPLE_BLOCKS ? DR_SAMPLE_BLOCKS : most;
    for (size_t b = 0; b < s->blocks; b++) {
        while (segment < s->segments && s->start[segment] < b * s->rows / s->blocks)
            segment++;
        s->block[b] = segment;
    }
    s->block[0] = 0;
    s->block[s->blocks] = s->segments;
}

static dr_status fill(dr_sample *s, const unsigned char *out, const dr_regression_data *d)
{
    s->code = (uint32_t **)dr_new(s->effects, sizeof *s->code);
    s->other = dr_new(s->others, sizeof *s->other);
    s->offset = dr_new(s->others + 1, sizeof *s->offset);
    s->block = dr_new(DR_SAMPLE_BLOCKS + 1, sizeof *s->block);
    if (!s->code || !s->other || !s->offset || !s->block)
        return dr_fail_memory();
    DR_TRY(number_effects(s, out, d));
    s->row = dr_new(s->rows, sizeof *s->row);
    s->start = dr_new(s->segments + 1, sizeof *s->start);
    s->place = dr_new(s->rows * s->others, sizeof *s->place);
    if (!s->row || !s->start || !s->place)
        return dr_fail_memory();
    sort_rows(s, out, d);
    dr_parallel_stretches(s->rows, s->threads, place_stretch, &(placing){s, d});
    split(s);
    return take_slopes(s, d);
}

dr_status dr_sample_new(dr_sample **sample, const unsigned char *out, const dr_regression_data *data, int threads)
{
    dr_sample *s = dr_new(1, sizeof *s);
    if (!s)
        return dr_fail_memory();
    for (size_t r = 0; r < data->rows; r++)
        s->rows += out[r] == DR_KEPT;
    s->threads = threads;
    s->effects = data->effects > 0 ? data->effects : 1;
    s->others = s->effects - 1;
    dr_status status = fill(s, out, data);
    if (status == DR_OK)
        *sample = s;
    else
        dr_sample_free(s);
    return status;
}

dr_levels dr_sample_levels(const dr_sample *sample, size_t effect)
{
    if (effect == sample->first)
        return (dr_levels){.count = sample->segments, .segments = true};
    size_t column = 0;
    while (sample->other[column] != effect)
        column++;
    size_t offset = sample->offset[column];
    return (dr_levels){.count = sample->offset[column + 1] - offset, .column = column, .offset = offset};
}
