/* The routes that hidden exposure takes, one by one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "measure/answers.h"
#include "measure/paths.h"
#include "measure/reach.h"

/* The input of the search for paths, by node. */
typedef struct nodes {
    bool *source, *third;
    double *use, *content_third;
} nodes;

static dr_status nodes_new(nodes *n, const dr_reach *r)
{
    const dr_matrix *m = r->matrix;
    *n = (nodes){dr_new(m->size, sizeof(bool)), dr_new(m->size, sizeof(bool)), dr_new_doubles(m->size),
                 dr_new_doubles(m->size)};
    if (!n->source || !n->third || !n->use || !n->content_third)
        return dr_fail_memory();
    for (size_t j = 0; j < m->size; j++) {
        n->source[j] = dr_reach_to(r, j);
        n->third[j] = !dr_reach_to(r, j) && !dr_reach_of(r, j);
        n->use[j] = dr_reach_of(r, j) ? m->output[j] : 0;
        n->content_third[j] = fmax(0, r->content_to[j] - r->content_sides[j]);
    }
    return DR_OK;
}

static void nodes_free(nodes *n)
{
    free(n->source);
    free(n->third);
    free(n->use);
    free(n->content_third);
}

/* Turns the matrix into coefficients by user: row v holds what node v takes of each node for a unit of its output. */
static void take_coefficients(dr_matrix *m)
{
    for (size_t i = 0; i < m->size; i++)
        for (size_t j = 0; j < i; j++) {
            double lower = m->inputs[i * m->size + j];
            m->inputs[i * m->size + j] = m->inputs[j * m->size + i];
            m->inputs[j * m->size + i] = lower;
        }
    for (size_t v = 0; v < m->size; v++)
        for (size_t u = 0; u < m->size && m->output[v] > 0; u++)
            m->inputs[v * m->size + u] /= m->output[v];
}

/* "CHN metals > KOR machinery > DEU transport-equipment", and the third countries on the way: "KOR". */
static void name_route(const dr_reach *r, const dr_path *path, char *route, char *third, size_t room)
{
    const dr_economy *e = r->matrix->names;
    size_t used = 0, used_third = 0;
    for (size_t i = 0; i <= path->links && used < room; i++) {
        size_t region = path->nodes[i] / e->sectors;
        const char *code = e->region_codes.names[region];
        used += (size_t)snprintf(route + used, room - used, "%s%s %s", i ? " > " : "", code,
                                 dr_economy_sector(e, path->nodes[i] % e->sectors));
        if (!r->sides.of[region] && !r->sides.to[region] && used_third < room)
            used_third += (size_t)snprintf(third + used_third, room - used_third, "%s%s", used_third ? " " : "", code);
    }
}

static dr_status add_route(dr_table *table, const dr_reach *r, const dr_path *path, double all)
{
    size_t room = 256 * (path->links + 1), row = dr_table_add_row(table);
    char *texts = dr_new(2, room);
    if (!texts)
        return dr_fail_memory();
    name_route(r, path, texts, texts + room, room);
    dr_table_set_text(table, row, 0, texts);
    dr_table_set_text(table, row, 1, texts + room);
    dr_table_set_number(table, row, 2, (double)path->links);
    dr_table_set_number(table, row, 3, path->value);
    dr_table_set_number(table, row, 4, path->value / all);
    free(texts);
    return DR_OK;
}

/* The largest routes of all, or those through third countries that are smaller than the last of these, `before`. */
static dr_status add_routes(dr_table *table, const dr_reach *r, const dr_paths *paths, const dr_paths *before)
{
    double all = 0, least = before && before->count > 0 ? before->paths[before->count - 1].value : INFINITY;
    for (size_t j = 0; j < r->matrix->size; j++)
        all += dr_reach_to(r, j) ? r->required[j] : 0;
    for (size_t i = 0; i < paths->count; i++)
        if (paths->paths[i].value < least || !before)
            DR_TRY(add_route(table, r, &paths->paths[i], all));
    return DR_OK;
}

static dr_status find_routes(dr_table *table, const dr_reach *r, const nodes *n, size_t count)
{
    dr_paths all = {0}, third = {0};
    dr_network network = {
        .size = r->matrix->size, .coefficients = r->matrix->inputs, .source = n->source, .content = r->content_to};
    dr_status status = dr_paths_largest(&all, &network, n->use, count);
    if (status == DR_OK)
        status = add_routes(table, r, &all, NULL);
    if (status == DR_OK && r->to) {
        network.via = n->third;
        network.content_via = n->content_third;
        status = dr_paths_largest(&third, &network, n->use, count);
    }
    if (status == DR_OK && r->to)
        status = add_routes(table, r, &third, &all);
    dr_paths_free(&third);
    dr_paths_free(&all);
    return status;
}

static dr_status write(dr_table **out, const dr_reach *r, size_t count)
{
    static const dr_column_spec columns[] = {{"route", DR_SHOW_TEXT},
                                             {"third_countries", DR_SHOW_TEXT},
                                             {"links", DR_SHOW_COUNT},
                                             {"value", DR_SHOW_VALUE},
                                             {"share_of_total", DR_SHOW_SHARE}};
    dr_table *table = NULL;
    nodes n = {0};
    dr_status status = nodes_new(&n, r);
    if (status == DR_OK)
        status = dr_table_new(&table, columns, sizeof columns / sizeof *columns);
    if (status == DR_OK) {
        dr_reach_describe(table, r, "Supply chains behind the exposure", NULL);
        dr_table_add_note(table,
                          r->to ? "the %zu largest routes, then the %zu largest through third countries"
                                : "the %zu largest routes",
                          count, count);
        take_coefficients(r->matrix);
        status = find_routes(table, r, &n, count);
    }
    if (status == DR_OK)
        dr_answer_routes(table, r->matrix->names, r->of, r->to);
    nodes_free(&n);
    return dr_table_finish(out, table, status);
}

enum { MOST_ROUTES = 100000 };

dr_status dr_exposure_routes(dr_table **out, dr_world *world, int year, const char *of, const char *to, size_t count)
{
    DR_TRY(DR_GIVEN(out, world, of));
    DR_TRY(DR_WITHIN(__func__, count, 1, MOST_ROUTES));
    dr_reach r;
    dr_status status = dr_reach_new(&r, world, year, of, to);
    if (status == DR_OK)
        status = write(out, &r, count);
    dr_reach_free(&r);
    return status;
}
