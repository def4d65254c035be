/* Leaving and joining groups in a document. */
#include <limits.h>
#include <stdlib.h>

#include "scenario/instruments.h"

#define fail(e, node, ...) dr_yaml_fail((e)->yaml, node, __VA_ARGS__)

/* The effect of membership on trade costs is an estimate that the world keeps. */
static dr_status read_estimate(dr_entry *e, const char *region, const char *group, bool leaving)
{
    const yaml_node_t *variable = e->v[DR_KEY_VARIABLE];
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[DR_KEY_ESTIMATE], "the name of an estimate"));
    if (variable)
        DR_TRY(dr_yaml_need_text(e->yaml, variable, "a variable of the estimate"));
    return dr_yaml_at(
        e->yaml, e->map,
        (leaving ? dr_scenario_leave_estimate : dr_scenario_join_estimate)(
            e->scenario, region, group, dr_yaml_text(e->v[DR_KEY_ESTIMATE]), variable ? dr_yaml_text(variable) : NULL));
}

/* It is a factor, or a file of factors. */
static dr_status read_factor(dr_entry *e, const char *region, const char *group, bool leaving)
{
    static const char *const sources[] = {"file"};
    yaml_node_t *cost = e->v[DR_KEY_TRADE_COST], *source[1] = {0};
    char path[PATH_MAX];
    double times = 0;
    if (cost->type != YAML_MAPPING_NODE) {
        DR_TRY(dr_entry_number(e, cost, "a factor such as 1.05, or {file: ...}", &times));
        return dr_yaml_at(e->yaml, e->map,
                          (leaving ? dr_scenario_leave : dr_scenario_join)(e->scenario, region, group, times));
    }
    DR_TRY(dr_yaml_keys(e->yaml, cost, sources, 1, source));
    DR_TRY(dr_yaml_need_key(e->yaml, cost, source[0], "file", "trade-cost"));
    DR_TRY(dr_entry_path(e, source[0], path));
    return (leaving ? dr_scenario_leave_file : dr_scenario_join_file)(e->scenario, region, group, path);
}

/* With the members that the document names, or those of the world. */
static dr_status apply(dr_entry *e, const char *region, const char *group, bool leaving)
{
    char names[DR_HEADLINE_NAMES_SIZE];
    dr_scenario *sc = e->scenario;
    bool *members = e->v[DR_KEY_MEMBERS] ? dr_new(sc->economy->regions, sizeof *members) : NULL;
    if (e->v[DR_KEY_MEMBERS] && !members)
        return dr_fail_memory();
    dr_status status = members ? dr_entry_regions(e, e->v[DR_KEY_MEMBERS], members, NULL, names) : DR_OK;
    sc->members = members;
    if (status == DR_OK)
        status =
            e->v[DR_KEY_ESTIMATE] ? read_estimate(e, region, group, leaving) : read_factor(e, region, group, leaving);
    sc->members = NULL;
    free(members);
    return status;
}

static dr_status read_membership(dr_entry *e, bool leaving)
{
    DR_TRY(dr_entry_need(e, DR_KEY_REGION));
    DR_TRY(dr_entry_need(e, DR_KEY_GROUP));
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[DR_KEY_REGION], "the code of a region"));
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[DR_KEY_GROUP], "the name of a group"));
    const char *region = dr_yaml_text(e->v[DR_KEY_REGION]), *group = dr_yaml_text(e->v[DR_KEY_GROUP]);
    if (!e->v[DR_KEY_ESTIMATE] && e->v[DR_KEY_VARIABLE])
        return fail(e, e->v[DR_KEY_VARIABLE], "'variable' is one of an 'estimate', which is missing");
    if (!e->v[DR_KEY_ESTIMATE])
        DR_TRY(dr_entry_need(e, DR_KEY_TRADE_COST));
    else if (e->v[DR_KEY_TRADE_COST])
        return fail(e, e->map, "'%s' takes one of 'trade-cost' and 'estimate'", e->of->name);
    return apply(e, region, group, leaving);
}

dr_status dr_read_leave(dr_entry *e)
{
    return read_membership(e, true);
}

dr_status dr_read_join(dr_entry *e)
{
    return read_membership(e, false);
}
