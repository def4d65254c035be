#include "measure/paths.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The end of a path, whose beginning is not yet known: `node` supplies stage `next`. */
typedef struct stage {
    size_t node, next, links; /* next: SIZE_MAX where node is the user */
    bool passed;              /* a node that paths must pass */
    double value;             /* of what the stage supplies */
} stage;

/* A stage still to be looked behind, and what all that is behind it is worth. */
typedef struct open {
    double worth;
    size_t stage;
} open;

typedef struct search {
    const dr_network *network;
    stage *stages;
    size_t stage_count, stage_capacity;
    open *heap; /* the most worth on top */
    size_t heap_count, heap_capacity;
    stage *best; /* complete paths, the largest first */
    size_t count, wanted;
} search;

/* ---- The heap ---------------------------------------------------------------------------------------------------- */

static dr_status push(search *s, open item)
{
    if (!dr_grow((void **)&s->heap, &s->heap_capacity, s->heap_count + 1, sizeof *s->heap))
        return dr_fail_memory();
    size_t at = s->heap_count++;
    while (at > 0 && s->heap[(at - 1) / 2].worth < item.worth) {
        s->heap[at] = s->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    s->heap[at] = item;
    return DR_OK;
}

static open pop(search *s)
{
    open top = s->heap[0], last = s->heap[--s->heap_count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < s->heap_count; at = child) {
        child += child + 1 < s->heap_count && s->heap[child + 1].worth > s->heap[child].worth;
        if (s->heap[child].worth <= last.worth)
            break;
        s->heap[at] = s->heap[child];
    }
    s->heap[at] = last;
    return top;
}

/* ---- The search -------------------------------------------------------------------------------------------------- */

/* The value above which a path is kept. */
static double least(const search *s)
{
    return s->count < s->wanted ? 0 : s->best[s->count - 1].value;
}

static void keep(search *s, stage found)
{
    size_t at = s->count < s->wanted ? s->count++ : s->count - 1;
    for (; at > 0 && s->best[at - 1].value < found.value; at--)
        s->best[at] = s->best[at - 1];
    s->best[at] = found;
}

/* Puts a stage on the list of those to be looked behind, if that may be worth it. */
static dr_status add(search *s, stage item)
{
    const double *content = item.passed ? s->network->content : s->network->content_via;
    double worth = item.value * content[item.node];
    if (!(worth > least(s)))
        return DR_OK;
    if (!dr_grow((void **)&s->stages, &s->stage_capacity, s->stage_count + 1, sizeof *s->stages))
        return dr_fail_memory();
    s->stages[s->stage_count] = item;
    return push(s, (open){worth, s->stage_count++});
}

/* Looks at all suppliers of a stage. */
static dr_status expand(search *s, size_t index)
{
    const dr_network *net = s->network;
    const stage user = s->stages[index];
    const double *coefficients = net->coefficients + user.node * net->size;
    for (size_t u = 0; u < net->size; u++) {
        bool passed = user.passed || net->via[u];
        stage supplier = {u, index, user.links + 1, passed, user.value * coefficients[u]};
        if (supplier.value <= 0)
            continue;
        if (net->source[u] && passed && supplier.value > least(s))
            keep(s, supplier);
        DR_TRY(add(s, supplier));
    }
    return DR_OK;
}

static dr_status run(search *s, const double *use)
{
    for (size_t v = 0; v < s->network->size; v++)
        DR_TRY(add(s, (stage){v, SIZE_MAX, 0, !s->network->via, use[v]}));
    while (s->heap_count > 0 && s->heap[0].worth > least(s))
        DR_TRY(expand(s, pop(s).stage));
    return DR_OK;
}

static dr_status hand_over(dr_paths *out, const search *s)
{
    out->paths = dr_new(s->count + 1, sizeof *out->paths);
    if (!out->paths)
        return dr_fail_memory();
    for (size_t i = 0; i < s->count; i++, out->count++) {
        const stage *at = &s->best[i];
        out->paths[i] = (dr_path){at->value, at->links, dr_new(at->links + 1, sizeof(size_t))};
        if (!out->paths[i].nodes)
            return dr_fail_memory();
        for (size_t link = 0; link < s->best[i].links; link++) {
            out->paths[i].nodes[link] = at->node;
            at = &s->stages[at->next];
        }
        out->paths[i].nodes[s->best[i].links] = at->node;
    }
    return DR_OK;
}

dr_status dr_paths_largest(dr_paths *out, const dr_network *network, const double *use, size_t count)
{
    search s = {.network = network, .wanted = count, .best = dr_new(count + 1, sizeof *s.best)};
    *out = (dr_paths){0};
    dr_status status = s.best ? DR_OK : dr_fail_memory();
    if (status == DR_OK && count > 0)
        status = run(&s, use);
    if (status == DR_OK)
        status = hand_over(out, &s);
    free(s.stages);
    free(s.heap);
    free(s.best);
    return status;
}

void dr_paths_free(dr_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->paths[i].nodes);
    free(paths->paths);
}
