/* Single points of failure in the world trade of a product. A supplier is removed with its flows, and what the others
 * lose is what they do not get elsewhere: nothing is bought anew (a knock-out, as Foti, Pauls & Rockmore 2013 do it for
 * all trade). Two ways to fail:
 *   starve: economies that bought at least half of their imports from it lose them
 *   split:  economies are cut off from the largest part of the network, of which it was a cut vertex (Hopcroft & Tarjan
 *           1973)
 * The share of these economies in the imports of all others is the measure. docs/products.md. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "measure/screen.h"

static const double DEPENDENT = 0.5; /* share of its imports whose loss starves an economy */

/* The network of a product as an undirected graph, and the search for cut vertices in it. Arrays are by economy, but
 * for `next`. */
typedef struct graph {
    size_t regions;
    double *imports;           /* what each one imports */
    size_t *first;             /* [regions + 1], into next */
    unsigned short *neighbour; /* [2 rows] */
    size_t *seen, *low, *edge; /* order of discovery from 1, 0 if not; lowest one reached; edge that comes next */
    size_t *parent, *size;     /* of the tree of the search; size of the subtree */
    double *weight;            /* imports of the subtree */
    size_t *hung;              /* economies in subtrees that only hang on this one */
    double *hung_weight, *hung_largest;
    size_t *hung_largest_size, *stack;
    void *memory;
} graph;

/* All arrays in one piece. */
static dr_status make_graph(graph *g, size_t regions, size_t rows)
{
    size_t sizes = 10, doubles = 4, words = regions + 1;
    char *at = dr_new((sizes + doubles) * words * sizeof(double) + 2 * rows * sizeof *g->neighbour + 1, 1);
    if (!at)
        return dr_fail_memory();
    *g = (graph){.regions = regions, .memory = at};
    size_t **of_sizes[] = {
        &g->first, &g->seen, &g->low, &g->edge, &g->parent, &g->size, &g->hung, &g->hung_largest_size, &g->stack};
    double **of_doubles[] = {&g->imports, &g->weight, &g->hung_weight, &g->hung_largest};
    for (size_t i = 0; i < sizeof of_doubles / sizeof *of_doubles; i++, at += words * sizeof(double))
        *of_doubles[i] = (double *)(void *)at;
    for (size_t i = 0; i < sizeof of_sizes / sizeof *of_sizes; i++, at += words * sizeof(size_t))
        *of_sizes[i] = (size_t *)(void *)at;
    g->neighbour = (unsigned short *)(void *)at;
    return DR_OK;
}

/* A partner that the statistics do not name is no supplier and no link of the network; what comes from it is
 * imported all the same. */
static bool links(const dr_flows *f, size_t row)
{
    return !f->untold[f->exporter[row]] && !f->untold[f->importer[row]];
}

static void fill_graph(graph *g, const dr_flows *f, size_t k)
{
    for (size_t row = f->start[k]; row < f->start[k + 1]; row++) {
        if (!f->untold[f->importer[row]])
            g->imports[f->importer[row]] += f->value[row];
        if (!links(f, row))
            continue;
        g->first[f->exporter[row] + 1]++;
        g->first[f->importer[row] + 1]++;
    }
    for (size_t i = 0; i < g->regions; i++) {
        g->first[i + 1] += g->first[i];
        g->edge[i] = g->first[i];
    }
    for (size_t row = f->start[k]; row < f->start[k + 1]; row++) {
        if (!links(f, row))
            continue;
        g->neighbour[g->edge[f->exporter[row]]++] = f->importer[row];
        g->neighbour[g->edge[f->importer[row]]++] = f->exporter[row];
    }
    memcpy(g->edge, g->first, g->regions * sizeof *g->edge);
}

/* The subtree of `child` is done: its numbers go to its parent; where it reaches no further back, the parent is its
 * only link. */
static void close_child(graph *g, size_t child)
{
    size_t parent = g->parent[child];
    g->low[parent] = g->low[child] < g->low[parent] ? g->low[child] : g->low[parent];
    g->size[parent] += g->size[child];
    g->weight[parent] += g->weight[child];
    if (g->low[child] < g->seen[parent])
        return;
    g->hung[parent] += g->size[child];
    g->hung_weight[parent] += g->weight[child];
    if (g->weight[child] > g->hung_largest[parent] || g->hung_largest_size[parent] == 0) {
        g->hung_largest[parent] = g->weight[child];
        g->hung_largest_size[parent] = g->size[child];
    }
}

static void open_region(graph *g, size_t region, size_t parent, size_t *clock)
{
    g->seen[region] = g->low[region] = ++*clock;
    g->parent[region] = parent;
    g->size[region] = 1;
    g->weight[region] = g->imports[region];
}

/* Depth first from `root`, without recursion. */
static void search(graph *g, size_t root, size_t *clock)
{
    size_t depth = 0;
    open_region(g, root, SIZE_MAX, clock);
    g->stack[depth++] = root;
    while (depth > 0) {
        size_t at = g->stack[depth - 1];
        if (g->edge[at] == g->first[at + 1]) {
            depth--;
            if (g->parent[at] != SIZE_MAX)
                close_child(g, at);
            continue;
        }
        size_t to = g->neighbour[g->edge[at]++];
        if (!g->seen[to]) {
            open_region(g, to, at, clock);
            g->stack[depth++] = to;
        } else if (to != g->parent[at] && g->seen[to] < g->low[at]) {
            g->low[at] = g->seen[to];
        }
    }
}

/* The economies that are cut off from the largest remaining part of the root's tree when `at` is removed. */
static void cut(const graph *g, size_t root, size_t at, double *weight, size_t *count)
{
    double rest = g->weight[root] - g->imports[at] - g->hung_weight[at];
    size_t rest_count = g->size[root] - 1 - g->hung[at];
    bool rest_is_largest = rest_count > 0 && rest >= g->hung_largest[at];
    *weight = rest_is_largest ? g->hung_weight[at] : rest + g->hung_weight[at] - g->hung_largest[at];
    *count = rest_is_largest ? g->hung[at] : rest_count + g->hung[at] - g->hung_largest_size[at];
}

/* Imports of those for whom a supplier is at least half of them, by supplier; -1 for who supplies nobody. */
static void starve(const graph *g, const dr_flows *f, size_t k, double *starved)
{
    for (size_t i = 0; i < g->regions; i++)
        starved[i] = -1;
    for (size_t row = f->start[k]; row < f->start[k + 1]; row++)
        if (links(f, row))
            starved[f->exporter[row]] = 0;
    for (size_t row = f->start[k]; row < f->start[k + 1]; row++)
        if (links(f, row) && f->value[row] >= DEPENDENT * g->imports[f->importer[row]])
            starved[f->exporter[row]] += g->imports[f->importer[row]];
}

static void take(dr_single_point *out, size_t supplier, double starved, double split, size_t cut_off)
{
    double harm = fmax(starved, split);
    if (out->supplier == SIZE_MAX || harm > fmax(out->starved, out->split))
        *out = (dr_single_point){supplier, starved, split, cut_off};
}

/* Every economy is judged with the tree that it is in. */
static void judge(dr_single_point *out, const graph *g, const double *starved, const size_t *root_of)
{
    double all = 0;
    for (size_t i = 0; i < g->regions; i++)
        all += g->imports[i];
    for (size_t i = 0; i < g->regions; i++) {
        double others = all - g->imports[i], split = 0;
        size_t cut_off = 0;
        if (starved[i] < 0 || !(others > 0))
            continue;
        cut(g, root_of[i], i, &split, &cut_off);
        take(out, i, starved[i] / others, split / others, cut_off);
    }
}

static void find(dr_single_point *out, graph *g, const dr_flows *f, size_t k, double *starved, size_t *root_of)
{
    size_t clock = 0;
    fill_graph(g, f, k);
    starve(g, f, k, starved);
    for (size_t root = 0; root < g->regions; root++) {
        size_t before = clock;
        if (g->seen[root] || g->first[root] == g->first[root + 1])
            continue;
        search(g, root, &clock);
        for (size_t i = 0; i < g->regions; i++)
            if (g->seen[i] > before)
                root_of[i] = root;
    }
    judge(out, g, starved, root_of);
}

dr_status dr_single_point_find(dr_single_point *out, const dr_flows *flows, size_t k)
{
    graph g = {0};
    size_t regions = flows->regions.count;
    double *starved = dr_new(regions, sizeof *starved);
    size_t *root_of = dr_new(regions, sizeof *root_of);
    dr_status status =
        starved && root_of ? make_graph(&g, regions, flows->start[k + 1] - flows->start[k]) : dr_fail_memory();
    *out = (dr_single_point){.supplier = SIZE_MAX};
    if (status == DR_OK)
        find(out, &g, flows, k, starved, root_of);
    free(g.memory);
    free(root_of);
    free(starved);
    return status;
}
