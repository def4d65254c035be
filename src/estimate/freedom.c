#include <stdlib.h>

#include "base/memory.h"
#include "estimate/variance.h"

dr_status dr_nested(bool *nested, const dr_sample *sample, const dr_category *effect, const dr_category *cluster)
{
    uint32_t *within = dr_new(effect->levels, sizeof *within); /* 1 + the cluster of a level */
    if (!within)
        return dr_fail_memory();
    *nested = true;
    for (size_t r = 0; r < sample->rows && *nested; r++) {
        uint32_t *seen = &within[effect->level[sample->row[r]]], here = cluster->level[sample->row[r]] + 1;
        *nested = *seen == 0 || *seen == here;
        *seen = here;
    }
    free(within);
    return DR_OK;
}

/* Connected components of the graph in which a row joins its levels of two effects. */
static dr_status count_components(size_t *components, const dr_sample *s, dr_levels a, dr_levels b)
{
    uint32_t *parent = dr_new(a.count + b.count, sizeof *parent);
    if (!parent)
        return dr_fail_memory();
    for (size_t node = 0; node < a.count + b.count; node++)
        parent[node] = (uint32_t)node;
    size_t left = a.count + b.count;
    for (size_t g = 0; g < s->segments && left > 1; g++)
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            uint32_t one = dr_sample_find(parent, dr_sample_level(s, &a, g, r));
            uint32_t other = dr_sample_find(parent, (uint32_t)a.count + dr_sample_level(s, &b, g, r));
            left -= one != other;
            parent[other] = one;
        }
    free(parent);
    *components = left;
    return DR_OK;
}

/* Slopes that are not zero for want of variation in their level. */
static size_t count_slopes(const dr_sample *s, size_t effect)
{
    dr_levels levels = dr_sample_levels(s, effect);
    size_t count = 0;
    bool *varies = dr_new(levels.count, sizeof *varies);
    for (size_t r = 0; varies && r < s->rows; r++) {
        size_t level = s->place[r * s->others + levels.column] - levels.offset;
        count += !varies[level] && s->factor[r * s->others + levels.column] != 0;
        varies[level] = varies[level] || s->factor[r * s->others + levels.column] != 0;
    }
    free(varies);
    return count;
}

dr_status dr_freedom(size_t *absorbed, const dr_sample *sample, const dr_regression_data *data, const bool *skip)
{
    *absorbed = data->effects == 0; /* the constant */
    for (size_t e = 0; e < data->effects; e++) {
        size_t redundant = 0;
        if (skip && skip[e])
            continue;
        if (data->effect[e].slope) {
            *absorbed += count_slopes(sample, e);
            continue;
        }
        for (size_t before = 0; before < e; before++) {
            size_t components = 0;
            if ((skip && skip[before]) || data->effect[before].slope)
                continue;
            DR_TRY(
                count_components(&components, sample, dr_sample_levels(sample, e), dr_sample_levels(sample, before)));
            if (components > redundant)
                redundant = components;
        }
        *absorbed += dr_sample_levels(sample, e).count - redundant;
    }
    return DR_OK;
}
