#include "scenario/dates.h"

#include "base/csv.h"

const char *const dr_dates_keys[DR_DATES_KEYS] = {[DR_DATES_FROM] = "from", [DR_DATES_UNTIL] = "until"};

static dr_status check_path(const dr_dates *dates, const dr_yaml *yaml, const yaml_node_t *node)
{
    if (dates)
        return DR_OK;
    return dr_yaml_fail(yaml, node,
                        "a change with dates has effects that differ from year to year; expected simulate with years");
}

/* A year of the path; without a number for the table's, from 1. */
static dr_status read_year(const dr_dates *dates, const dr_yaml *yaml, const yaml_node_t *node, int *year)
{
    double number = 0;
    DR_TRY(check_path(dates, yaml, node));
    DR_TRY(dr_yaml_need_text(yaml, node, "a year"));
    if (!dr_parse_number(dr_yaml_text(node), &number) || number < 1 || number > 9999 || number != (int)number)
        return dr_yaml_fail(yaml, node, "'%.40s' is not a year", dr_yaml_text(node));
    *year = (int)number;
    if (*year <= dates->table)
        return dr_yaml_fail(yaml, node, "%d is not after the year of the table, %d; expected %d or later", *year,
                            dates->table, dates->table + 1);
    if (*year > dates->last)
        return dr_yaml_fail(yaml, node,
                            "%d is after the last year of the path, %d; expected a year up to %d, or more "
                            "years",
                            *year, dates->last, dates->last);
    return DR_OK;
}

dr_status dr_dates_in_force(const dr_dates *dates, const dr_yaml *yaml, yaml_node_t *const values[DR_DATES_KEYS],
                            bool *in_force)
{
    int year[DR_DATES_KEYS] = {0};
    *in_force = true;
    for (size_t k = 0; k < DR_DATES_KEYS; k++)
        if (values[k])
            DR_TRY(read_year(dates, yaml, values[k], &year[k]));
    if (year[DR_DATES_UNTIL] && year[DR_DATES_UNTIL] < year[DR_DATES_FROM])
        return dr_yaml_fail(yaml, values[DR_DATES_UNTIL], "until %d is before from %d; expected %d or later",
                            year[DR_DATES_UNTIL], year[DR_DATES_FROM], year[DR_DATES_FROM]);
    if (year[DR_DATES_FROM] && dates->year < year[DR_DATES_FROM])
        *in_force = false;
    if (year[DR_DATES_UNTIL] && dates->year > year[DR_DATES_UNTIL])
        *in_force = false;
    return DR_OK;
}

dr_status dr_dates_amount(const dr_dates *dates, dr_yaml *yaml, yaml_node_t **value)
{
    const yaml_node_t *map = *value;
    int before = 0;
    if (map->type != YAML_MAPPING_NODE)
        return DR_OK;
    *value = NULL;
    DR_TRY(check_path(dates, yaml, map));
    if (map->data.mapping.pairs.start == map->data.mapping.pairs.top)
        return dr_yaml_fail(yaml, map, "no years; expected amounts by year, such as {%d: 10%%, %d: 25%%}",
                            dates->table + 1, dates->table + 3);
    for (const yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = dr_yaml_node(yaml, pair->key);
        int year = 0;
        DR_TRY(read_year(dates, yaml, key, &year));
        if (year <= before)
            return dr_yaml_fail(yaml, key, "%d does not come after %d; expected years in their order", year, before);
        if (year <= dates->year)
            *value = dr_yaml_node(yaml, pair->value);
        before = year;
    }
    return DR_OK;
}
