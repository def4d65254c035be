/* A region leaves a group or joins it: trade with the (other) members becomes dearer, or cheaper, by a number or by
 * sector and partner from a CSV. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "scenario/scenario.h"
#include "world/select.h"

typedef struct membership {
    dr_scenario *scenario;
    size_t region;
    dr_named named; /* the group, alone */
    bool leaving;
    bool *told; /* [s] sectors of which a file has said something */
} membership;

static bool is_partner(const membership *m, size_t region)
{
    return region != m->region && m->named.group[0].member[region];
}

/* The single region of that name. */
static dr_status find_region(membership *m, const char *region)
{
    const dr_economy *e = m->scenario->economy;
    size_t count = 0;
    bool *mask = dr_new(e->regions, sizeof *mask);
    dr_status status = mask ? dr_select_region(e, region, mask, NULL) : dr_fail_memory();
    for (size_t i = 0; i < e->regions && status == DR_OK; i++)
        if (mask[i]) {
            m->region = i;
            count++;
        }
    free(mask);
    if (status == DR_OK && count != 1)
        return dr_fail(DR_BAD_INPUT, "'%s' is not a single region of this world", region);
    return status;
}

/* The members are those of the scenario, where it says who they are: a region that leaves is one. */
static dr_status take_members(membership *m, const char *group)
{
    const dr_economy *e = m->scenario->economy;
    DR_TRY(dr_named_add_own(&m->named, e, group, m->scenario->members));
    if (m->leaving)
        m->named.group[0].member[m->region] = true;
    for (size_t i = 0; i < e->regions; i++)
        if (is_partner(m, i))
            return DR_OK;
    return dr_fail(DR_BAD_INPUT, "'members' of %s names none but the region that %s it", group,
                   m->leaving ? "leaves" : "joins");
}

static dr_status find_group(membership *m, const char *group)
{
    char hint[DR_HINT_SIZE];
    const dr_economy *e = m->scenario->economy;
    int index = -1, year = e->year;
    if (m->scenario->members)
        return take_members(m, group);
    DR_TRY(dr_roster_find(&e->roster, group, &index, &year));
    if (index >= 0)
        DR_TRY(dr_named_add(&m->named, e, (size_t)index, year));
    if (index >= 0 && m->named.group[0].size.here > 0)
        return DR_OK;
    dr_hint(hint, group, (const char *const *)e->groups.names, index < 0 ? e->groups.count : 0);
    return dr_fail(DR_BAD_INPUT, "'%s' is not a group with a member in this world%s", group,
                   *hint ? hint : "; in a document, 'members' says who they are");
}

/* Finds region and group, and checks that the one can leave, or join, the other. */
static dr_status find(membership *m, const char *region, const char *group)
{
    DR_TRY(find_region(m, region));
    DR_TRY(find_group(m, group));
    const dr_group *g = &m->named.group[0];
    if (g->member[m->region] != m->leaving)
        return dr_fail(DR_BAD_INPUT, "%s is %s %s in %d, so that it cannot %s it", region,
                       m->leaving ? "not a member of" : "a member of", g->name, g->year, m->leaving ? "leave" : "join");
    return dr_named_merge(&m->scenario->named, &m->named, m->scenario->economy->regions);
}

static dr_status check_times(double times)
{
    if (times > 0 && isfinite(times))
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "trade cost times %g; expected a finite factor above 0", times);
}

/* All trade between the region and the (other) members: it is inside the group, or will be. */
static dr_status change_all(const membership *m, double times)
{
    const dr_economy *e = m->scenario->economy;
    dr_change change;
    DR_TRY(dr_change_new(&change, e, DR_CHANGE_COST));
    change.both = true;
    change.amount = m->leaving ? times : 1 / times;
    change.by[m->region] = true;
    for (size_t i = 0; i < e->regions; i++)
        change.on[i] = is_partner(m, i);
    dr_status status = dr_select_sector(e, "all", change.sectors, NULL);
    if (status == DR_OK)
        status = dr_scenario_apply(m->scenario, &change);
    dr_change_free(&change);
    return status;
}

static dr_status apply_number(dr_scenario *scenario, const char *region, const char *group, double times, bool leaving)
{
    membership m = {.scenario = scenario, .leaving = leaving};
    dr_status status = find(&m, region, group);
    if (status == DR_OK)
        status = check_times(times);
    if (status == DR_OK)
        status = change_all(&m, times);
    if (status == DR_OK)
        dr_headline_add(&scenario->changed, "%s %s:%s:%.10g", leaving ? "leave" : "join", region, group, times);
    dr_named_free(&m.named);
    return status;
}

dr_status dr_scenario_leave(dr_scenario *scenario, const char *region, const char *group, double times)
{
    DR_TRY(DR_GIVEN(scenario, region, group));
    return apply_number(scenario, region, group, times, true);
}

dr_status dr_scenario_join(dr_scenario *scenario, const char *region, const char *group, double times)
{
    DR_TRY(DR_GIVEN(scenario, region, group));
    return apply_number(scenario, region, group, times, false);
}

/* ---- By sector, from a CSV --------------------------------------------------------------------------------------- */

enum { SECTOR, TIMES, PARTNER, COLUMNS };

/* Both directions of the trade in s with a partner. */
static dr_status apply_pair(const membership *m, const dr_csv *csv, size_t partner, size_t s, double times)
{
    const dr_economy *e = m->scenario->economy;
    const dr_change change = {.kind = DR_CHANGE_COST, .amount = m->leaving ? times : 1 / times};
    size_t in = (m->region * e->regions + partner) * e->sectors + s;
    if (m->scenario->last[in] == m->scenario->changes)
        return dr_csv_fail(csv, -1, "trade of %s with %s in %s is given twice", e->region_codes.names[m->region],
                           e->region_codes.names[partner], e->sector_codes.names[s]);
    dr_status status = dr_scenario_change_flow(m->scenario, &change, m->region, partner, s);
    if (status == DR_OK)
        status = dr_scenario_change_flow(m->scenario, &change, partner, m->region, s);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(csv, -1, "%s", dr_error_text());
    return status;
}

static dr_status read_row(const membership *m, const dr_csv *csv, const int columns[COLUMNS])
{
    const dr_economy *e = m->scenario->economy;
    size_t s, partner = 0;
    double times = 0;
    bool all = columns[PARTNER] < 0;
    DR_TRY(dr_scenario_code(csv, columns[SECTOR], dr_select_sector, &e->sector_codes, e, &s));
    DR_TRY(dr_csv_number(csv, (size_t)columns[TIMES], &times));
    if (check_times(times) != DR_OK)
        return dr_csv_fail(csv, columns[TIMES], "%s", dr_error_text());
    if (!all) {
        DR_TRY(dr_scenario_code(csv, columns[PARTNER], dr_select_region, &e->region_codes, e, &partner));
        if (!is_partner(m, partner))
            return dr_csv_fail(csv, columns[PARTNER], "%s is not another member of %s in %d",
                               e->region_codes.names[partner], m->named.group[0].name, m->named.group[0].year);
    }
    m->told[s] = true;
    for (size_t i = all ? 0 : partner; i < (all ? e->regions : partner + 1); i++)
        if (is_partner(m, i))
            DR_TRY(apply_pair(m, csv, i, s, times));
    return DR_OK;
}

/* Notes how many sectors have no row in the file. */
static dr_status note_missing(const membership *m, const char *path)
{
    const dr_economy *e = m->scenario->economy;
    const char *slash = strrchr(path, '/'), *first = NULL;
    size_t missing = 0;
    for (size_t s = 0; s < e->sectors; s++)
        if (!m->told[s]) {
            first = first ? first : e->sector_codes.names[s];
            missing++;
        }
    if (missing == 0)
        return DR_OK;
    return dr_scenario_note(m->scenario, "%s has no row for %zu of %zu sectors (%s%s): their trade costs do not change",
                            slash ? slash + 1 : path, missing, e->sectors, first, missing > 1 ? ", ..." : "");
}

static dr_status read_rows(const membership *m, dr_csv *csv, const char *path)
{
    static const char *const names[COLUMNS] = {"sector", "times", "?partner"};
    int columns[COLUMNS];
    bool more = true, any = false;
    DR_TRY(dr_csv_header(csv, names, COLUMNS, columns));
    DR_TRY(dr_csv_known(csv, names, COLUMNS));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        any = true;
        DR_TRY(read_row(m, csv, columns));
    }
    if (!any)
        return dr_csv_fail(csv, -1, "no row after the header; expected one for each sector whose trade cost changes");
    return note_missing(m, path);
}

static dr_status apply_file(dr_scenario *scenario, const char *region, const char *group, const char *path,
                            bool leaving)
{
    dr_csv *csv = NULL;
    membership m = {.scenario = scenario, .leaving = leaving};
    const char *slash = strrchr(path, '/');
    dr_status status = find(&m, region, group);
    if (status == DR_OK)
        status = dr_scenario_next(scenario);
    if (status == DR_OK)
        dr_headline_add(&scenario->changed, "%s %s:%s:%.100s", leaving ? "leave" : "join", region, group,
                        slash ? slash + 1 : path);
    if (status == DR_OK)
        status = dr_csv_open(&csv, path);
    if (status == DR_OK) {
        m.told = dr_new(scenario->economy->sectors, sizeof *m.told);
        status = m.told ? read_rows(&m, csv, path) : dr_fail_memory();
    }
    free(m.told);
    dr_csv_close(csv);
    dr_named_free(&m.named);
    return status;
}

dr_status dr_scenario_leave_file(dr_scenario *scenario, const char *region, const char *group, const char *path)
{
    DR_TRY(DR_GIVEN(scenario, region, group, path));
    return apply_file(scenario, region, group, path, true);
}

dr_status dr_scenario_join_file(dr_scenario *scenario, const char *region, const char *group, const char *path)
{
    DR_TRY(DR_GIVEN(scenario, region, group, path));
    return apply_file(scenario, region, group, path, false);
}
