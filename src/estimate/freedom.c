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

/* Connected components of the graph in which a row joins its levels of two effects. */
static dr_status count_components(size_t *components, const dr_sample *sample, const dr_category *a,
                                  const dr_category *b)
{
    uint32_t *parent = dr_new(a->levels + b->levels, sizeof *parent);
    if (!parent)
        return dr_fail_memory();
    for (size_t node = 0; node < a->levels + b->levels; node++)
        parent[node] = UINT32_MAX; /* no rows */
    size_t nodes = 0, joins = 0;
    for (size_t r = 0; r < sample->rows; r++) {
        uint32_t ends[2] = {a->level[sample->row[r]], (uint32_t)a->levels + b->level[sample->row[r]]};
        for (size_t i = 0; i < 2; i++)
            if (parent[ends[i]] == UINT32_MAX) {
                parent[ends[i]] = ends[i];
                nodes++;
            }
        uint32_t one = find(parent, ends[0]), other = find(parent, ends[1]);
        if (one != other) {
            parent[other] = one;
            joins++;
        }
    }
    free(parent);
    *components = nodes - joins;
    return DR_OK;
}

static size_t levels_of(const dr_sample *s, size_t effect)
{
    if (effect == s->first)
        return s->segments;
    for (size_t j = 0; j < s->others; j++)
        if (s->other[j] == effect)
            return s->offset[j + 1] - s->offset[j];
    return 0;
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
            DR_TRY(count_components(&components, sample, &data->effect[e], &data->effect[before]));
            if (components > redundant)
                redundant = components;
        }
        *absorbed += levels_of(sample, e) - redundant;
    }
    return DR_OK;
}
