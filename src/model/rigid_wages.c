/* Downward nominal wage rigidity. In the regions named, the wage stays at or above a floor, in units of world income;
 * where the labour market would clear below it, there is unemployment: w >= floor, employment <= 1, and one of the two
 * holds with equality (complementary slackness; Schmitt-Grohe & Uribe 2016; Baqaee & Farhi 2022). The unknown of the
 * sweep is the expected wage z = w employment, what a unit of labour earns, employed or not. Then w = max(z, floor),
 * employment = z / w, and every other equation is unchanged; labour that is not fixed moves to where its expected wage
 * is highest (Harris & Todaro 1970). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "model/model.h"
#include "model/rigid_wages.h"
#include "world/select.h"

/* "97%" after the last colon, if there is one. */
static dr_status read_floor(const char *text, double *floor)
{
    *floor = 1;
    if (!text)
        return DR_OK;
    DR_TRY(dr_parse_rate(text, floor));
    if (!(*floor > 0 && *floor <= 1))
        return dr_fail(DR_BAD_INPUT, "a wage floor of %g%% of the base; floors must be above 0%% and at most 100%%",
                       100 * *floor);
    return DR_OK;
}

static dr_status fill(dr_model *m, bool *rigid)
{
    const char *text = m->options.rigid_wages, *colon = strrchr(text, ':');
    double floor = 1;
    char *list = strndup(text, colon ? (size_t)(colon - text) : strlen(text));
    if (!list)
        return dr_fail_memory();
    dr_status status = dr_select_list(dr_select_region, m->economy, NULL, list, rigid, NULL);
    free(list);
    DR_TRY(status);
    DR_TRY(read_floor(colon ? colon + 1 : NULL, &floor));
    m->floor = dr_arena_take(&m->arena, m->stride * sizeof *m->floor);
    if (!m->floor)
        return dr_fail_memory();
    for (size_t n = 0; n < m->stride; n++)
        m->floor[n] = n < m->regions && rigid[n] ? log(floor) : -INFINITY;
    return DR_OK;
}

dr_status dr_rigid_fill(dr_model *m)
{
    bool *rigid = dr_new(m->regions, sizeof *rigid);
    if (!rigid)
        return dr_fail_memory();
    dr_status status = fill(m, rigid);
    free(rigid);
    return status == DR_OK ? DR_OK : dr_fail_at(status, "rigid wages");
}
