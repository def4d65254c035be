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

/* The representative of a node's component, with paths halved on the way. */
static uint32_t find(uint32_t *parent, uint32_t node)
{
    while (parent[node] != node) {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    return node;
}

/* Where the levels of an effect are found: the segments, or a column of the places. */
typedef struct levels {
    size_t count;
    bool segments;
    size_t column, offset;
} levels;

static levels levels_of(const dr_sample *s, size_t effect)
{
    if (effect == s->first)
        return (levels){.count = s->segments, .segments = true};
    size_t column = 0;
    while (s->other[column] != effect)
        column++;
    return (levels){.count = s->offset[column + 1] - s->offset[column], .column = column, .offset = s->offset[column]};
}

static uint32_t level_of(const dr_sample *s, const levels *l, size_t segment, size_t row)
{
    return (uint32_t)(l->segments ? segment : s->place[row * s->others + l->column] - l->offset);
}

/* Connected components of the graph in which a row joins its levels of two effects. */
static dr_status count_components(size_t *components, const dr_sample *s, levels a, levels b)
{
    uint32_t *parent = dr_new(a.count + b.count, sizeof *parent);
    if (!parent)
        return dr_fail_memory();
    for (size_t node = 0; node < a.count + b.count; node++)
        parent[node] = (uint32_t)node;
    size_t left = a.count + b.count;
    for (size_t g = 0; g < s->segments && left > 1; g++)
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            uint32_t one = find(parent, level_of(s, &a, g, r));
            uint32_t other = find(parent, (uint32_t)a.count + level_of(s, &b, g, r));
            left -= one != other;
            parent[other] = one;
        }
    free(parent);
    *components = left;
    return DR_OK;
}

dr_status dr_freedom(size_t *absorbed, const dr_sample *sample, const dr_regression_data *data, const bool *skip)
{
    *absorbed = data->effects == 0; /* the constant */
    for (size_t e = 0; e < data->effects; e++) {
        size_t redundant = 0;
        if (skip && skip[e])
            continue;
        for (size_t before = 0; before < e; before++) {
            size_t components = 0;
            if (skip && skip[before])
                continue;
            DR_TRY(count_components(&components, sample, levels_of(sample, e), levels_of(sample, before)));
            if (components > redundant)
                redundant = components;
        }
        *absorbed += levels_of(sample, e).count - redundant;
    }
    return DR_OK;
}
