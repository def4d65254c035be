/* Shocks: stops and responses, and their YAML files (docs/propagate.md). */
#include "dynamics/shock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/names.h"
#include "base/print.h"
#include "base/yaml.h"
#include "scenario/document.h"
#include "world/select.h"

/* No time is longer: a century. */
static const double most_days = 36500;

void dr_shock_free(dr_shock *shock)
{
    if (!shock)
        return;
    for (size_t i = 0; i < shock->count; i++) {
        free(shock->stops[i].by);
        free(shock->stops[i].to);
        free(shock->stops[i].sectors);
        dr_named_free(&shock->stops[i].named);
    }
    free(shock->stops);
    free(shock->coping.inventories);
    free(shock->title);
    free(shock);
}

/* Default inventories: 90 days of goods, 3 of services, which can hardly be stored. */
static void usual_inventories(double *days, const dr_economy *names)
{
    for (size_t k = 0; k < names->sectors; k++)
        days[k] = strcmp(names->sector_kinds[k], "services") == 0 ? 3 : 90;
}

dr_status dr_shock_new(dr_shock **out, const dr_economy *names)
{
    dr_shock *shock = dr_new(1, sizeof *shock);
    if (!shock)
        return dr_fail_memory();
    shock->names = names;
    shock->coping = (dr_coping){.inventories = dr_new_doubles(names->sectors),
                                .restock = 60,
                                .overproduction = 1.25,
                                .expansion = 365,
                                .caution = 0.8,
                                .redirect = 0,
                                .essential = 0.01};
    if (!shock->coping.inventories) {
        dr_shock_free(shock);
        return dr_fail_memory();
    }
    usual_inventories(shock->coping.inventories, names);
    *out = shock;
    return DR_OK;
}

dr_status dr_shock_add(dr_stop **out, dr_shock *shock)
{
    if (!dr_grow((void **)&shock->stops, &shock->capacity, shock->count + 1, sizeof *shock->stops))
        return dr_fail_memory();
    dr_stop *stop = &shock->stops[shock->count++];
    *stop = (dr_stop){.by = dr_new(shock->names->regions, sizeof *stop->by),
                      .to = dr_new(shock->names->regions, sizeof *stop->to),
                      .sectors = dr_new(shock->names->sectors, sizeof *stop->sectors),
                      .cut = 1,
                      .from = 1,
                      .days = INFINITY};
    *out = stop;
    return stop->by && stop->to && stop->sectors ? DR_OK : dr_fail_memory();
}

static const char *const shapes[] = {"even", "s-shaped", "late", NULL};

/* The part that is back when the part x of the recovery is over. */
static double back(dr_recovery shape, double x)
{
    return shape == DR_RECOVERY_EVEN ? x : x * x * (shape == DR_RECOVERY_S_SHAPED ? 3 - 2 * x : 1);
}

/* On one day. On the k-th day of a recovery of m, the part k / (m + 1) of it is over. */
static double share_on(const dr_stop *stop, double day)
{
    double after = day - (stop->from + stop->days) + 1;
    if (day < stop->from)
        return 0;
    if (!(after > 0)) /* NAN, for the end of a stop for good, too */
        return stop->cut;
    return after <= stop->recovery ? stop->cut * (1 - back(stop->shape, after / (stop->recovery + 1))) : 0;
}

double dr_stop_share(const dr_stop *stop, double day, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += share_on(stop, day + (double)i);
    return sum / (double)count;
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/* A number in a range, in words: "a number of days from 1 to 36500". */
typedef struct range {
    double least, most;
    const char *what;
} range;

static dr_status take_number(dr_yaml *yaml, const yaml_node_t *node, range in, double *out)
{
    double number = 0;
    if (!node)
        return DR_OK;
    DR_TRY(dr_yaml_need_text(yaml, node, in.what));
    if (!dr_parse_number(dr_yaml_text(node), &number) || !(number >= in.least && number <= in.most))
        return dr_yaml_fail(yaml, node, "'%.40s'; expected %s", dr_yaml_text(node), in.what);
    *out = number;
    return DR_OK;
}

/* A part from `least` to 1: 25% or 0.25. */
static dr_status take_part(dr_yaml *yaml, const yaml_node_t *node, double least, const char *what, double *out)
{
    double part = 0;
    if (!node)
        return DR_OK;
    DR_TRY(dr_yaml_need_text(yaml, node, what));
    DR_TRY(dr_yaml_at(yaml, node, dr_parse_rate(dr_yaml_text(node), &part)));
    if (!(part >= least && part <= 1))
        return dr_yaml_fail(yaml, node, "'%.40s'; expected %s", dr_yaml_text(node), what);
    *out = part;
    return DR_OK;
}

bool dr_stop_is_about(const dr_stop *stop, size_t i, size_t n)
{
    return stop->by[i] && stop->to[n] && i != n && (stop->inside || !dr_named_together(&stop->named, i, n));
}

/* A stop that affects no flow is an error: domestic flows never stop, nor do those between members of a group unless it
 * includes them. */
static dr_status check_flows(const dr_yaml *yaml, const yaml_node_t *map, const dr_stop *stop, size_t regions)
{
    char names[DR_GROUP_NAMES_SIZE];
    bool together = false;
    for (size_t i = 0; i < regions; i++)
        for (size_t n = 0; n < regions; n++) {
            if (dr_stop_is_about(stop, i, n))
                return DR_OK;
            together |= stop->by[i] && stop->to[n] && i != n;
        }
    if (together)
        return dr_yaml_fail(yaml, map,
                            "a stop of no flow: all flows are between members of %s; 'inside: true' includes them",
                            dr_named_list(names, &stop->named));
    return dr_yaml_fail(yaml, map, "'by' and 'to' of a stop must be different regions");
}

/* One of production that affects no sector, after exceptions, is an error. */
static dr_status check_capacity(const dr_yaml *yaml, const yaml_node_t *map, const dr_stop *stop,
                                const dr_economy *names)
{
    for (size_t i = 0; i < names->regions; i++)
        for (size_t s = 0; s < names->sectors; s++)
            if (stop->by[i] && stop->sectors[s])
                return DR_OK;
    return dr_yaml_fail(yaml, map, "a stop of no production: 'except' leaves none");
}

/* The keys of a stop. */
enum { BY, TO, SECTORS, CUT, FROM, DAYS, RECOVERY, INSIDE, EXCEPT, SHAPE, IN, STOP_KEYS };
static const char *const stop_keys[STOP_KEYS] = {[BY] = "by",
                                                 [TO] = "to",
                                                 [SECTORS] = "sectors",
                                                 [CUT] = "cut",
                                                 [FROM] = "from",
                                                 [DAYS] = "days",
                                                 [RECOVERY] = "recovery",
                                                 [INSIDE] = "inside",
                                                 [EXCEPT] = "except",
                                                 [SHAPE] = "recovery-shape",
                                                 [IN] = "in"};

/* The heading of a shock without a title: "stop RUS:EU:mining", "stop TWN:all:50% for 90 days". */
static void tell_stop(dr_yaml *yaml, dr_shock *shock, yaml_node_t *const v[STOP_KEYS], double cut)
{
    char by[DR_HEADLINE_NAMES_SIZE], to[DR_HEADLINE_NAMES_SIZE] = "", sectors[DR_HEADLINE_NAMES_SIZE] = "all",
                                     part[32] = "";
    dr_headline_node(by, yaml, v[v[IN] ? IN : BY]);
    if (v[TO])
        dr_headline_node(to, yaml, v[TO]);
    if (v[SECTORS])
        dr_headline_node(sectors, yaml, v[SECTORS]);
    if (cut < 1)
        dr_print_text(part, sizeof part, ":%.4g%%", 100 * cut);
    dr_headline_add(&shock->changed, "stop %s%s%s:%s%s%s%.20s%s", by, v[TO] ? ":" : "", v[TO] ? to : "", sectors, part,
                    v[DAYS] ? " for " : "", v[DAYS] ? dr_yaml_text(v[DAYS]) : "", v[DAYS] ? " days" : "");
}

/* Takes the regions and sectors under 'except' out of a stop. */
static dr_status leave_out(dr_yaml *yaml, const dr_shock *shock, const dr_own_groups *own, const yaml_node_t *node,
                           dr_stop *stop)
{
    const dr_economy *names = shock->names;
    bool *regions = dr_new(names->regions, sizeof *regions), *sectors = dr_new(names->sectors, sizeof *sectors);
    dr_status status =
        regions && sectors ? dr_document_except(names, own, yaml, node, regions, sectors) : dr_fail_memory();
    for (size_t i = 0; i < names->regions && status == DR_OK; i++) {
        stop->by[i] = stop->by[i] && !regions[i];
        stop->to[i] = stop->to[i] && !regions[i];
    }
    for (size_t s = 0; s < names->sectors && status == DR_OK; s++)
        stop->sectors[s] = stop->sectors[s] && !sectors[s];
    free(regions);
    free(sectors);
    return status;
}

/* When it stops, how much, and how it recovers. */
static dr_status take_times(dr_yaml *yaml, yaml_node_t *const v[STOP_KEYS], dr_stop *stop)
{
    char hint[DR_HINT_SIZE];
    DR_TRY(take_part(yaml, v[CUT], 0, "a cut from 0% to 100%", &stop->cut));
    DR_TRY(take_number(yaml, v[FROM], (range){1, most_days, "a day from 1 to 36500"}, &stop->from));
    DR_TRY(take_number(yaml, v[DAYS], (range){1, most_days, "a number of days from 1 to 36500"}, &stop->days));
    DR_TRY(take_number(yaml, v[RECOVERY], (range){0, most_days, "a number of days from 0 to 36500"}, &stop->recovery));
    if (v[RECOVERY] && !v[DAYS])
        return dr_yaml_fail(yaml, v[RECOVERY], "a stop recovers after its 'days', which are not there");
    if (!v[SHAPE])
        return DR_OK;
    if (!v[RECOVERY])
        return dr_yaml_fail(yaml, v[SHAPE], "'recovery-shape' is that of a 'recovery', which is missing");
    DR_TRY(dr_yaml_need_text(yaml, v[SHAPE], "even, s-shaped or late"));
    for (size_t shape = 0; shape < 3; shape++)
        if (strcmp(dr_yaml_text(v[SHAPE]), shapes[shape]) == 0) {
            stop->shape = (dr_recovery)shape;
            return DR_OK;
        }
    return dr_yaml_fail(yaml, v[SHAPE], "unknown word '%.60s'; expected one of even, s-shaped and late%s",
                        dr_yaml_text(v[SHAPE]), dr_hint(hint, dr_yaml_text(v[SHAPE]), shapes, 3));
}

/* A stop of production names the regions whose capacity is lost, one of supply both sides of the flows. */
static dr_status take_stop_sides(dr_yaml *yaml, const dr_shock *shock, const dr_own_groups *own, const yaml_node_t *map,
                                 yaml_node_t *const v[STOP_KEYS], dr_stop *stop)
{
    const dr_economy *names = shock->names;
    stop->production = v[IN];
    if (v[IN] && (v[BY] || v[TO] || v[INSIDE]))
        return dr_yaml_fail(yaml, map, "a stop of production has 'in', a stop of supply 'by' and 'to', not both");
    if (v[IN])
        return dr_select_yaml(dr_select_region, names, own, yaml, v[IN], stop->by, &stop->named);
    DR_TRY(dr_yaml_need_key(yaml, map, v[BY], "by", "a stop"));
    DR_TRY(dr_yaml_need_key(yaml, map, v[TO], "to", "a stop"));
    DR_TRY(dr_select_yaml(dr_select_region, names, own, yaml, v[BY], stop->by, &stop->named));
    return dr_select_yaml(dr_select_region, names, own, yaml, v[TO], stop->to, &stop->named);
}

static dr_status read_stop(dr_yaml *yaml, dr_shock *shock, const dr_own_groups *own, const yaml_node_t *map)
{
    const dr_economy *names = shock->names;
    yaml_node_t *v[STOP_KEYS] = {0};
    dr_stop *stop = NULL;
    DR_TRY(dr_yaml_keys(yaml, map, stop_keys, STOP_KEYS, v));
    DR_TRY(dr_shock_add(&stop, shock));
    DR_TRY(take_stop_sides(yaml, shock, own, map, v, stop));
    DR_TRY(v[SECTORS] ? dr_select_yaml(dr_select_sector, names, own, yaml, v[SECTORS], stop->sectors, NULL)
                      : dr_select_sector(names, "all", stop->sectors, NULL));
    if (v[EXCEPT])
        DR_TRY(leave_out(yaml, shock, own, v[EXCEPT], stop));
    DR_TRY(take_times(yaml, v, stop));
    tell_stop(yaml, shock, v, stop->cut);
    DR_TRY(dr_yaml_truth(yaml, v[INSIDE], &stop->inside));
    return stop->production ? check_capacity(yaml, map, stop, names) : check_flows(yaml, map, stop, names->regions);
}

/* {goods: 90, mining: 30}: in order, so that the last to name a sector is right; or one number for all. */
static dr_status read_inventories(dr_yaml *yaml, dr_shock *shock, const dr_own_groups *own, const yaml_node_t *node)
{
    static const range days = {1, 36500, "a number of days from 1 to 36500"};
    double *of = shock->coping.inventories, number = 0;
    size_t sectors = shock->names->sectors;
    if (node->type != YAML_MAPPING_NODE) {
        DR_TRY(take_number(yaml, node, days, &number));
        for (size_t k = 0; k < sectors; k++)
            of[k] = number;
        return DR_OK;
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        bool *mask = dr_new(sectors, sizeof *mask);
        if (!mask)
            return dr_fail_memory();
        dr_status status =
            dr_select_yaml(dr_select_sector, shock->names, own, yaml, dr_yaml_node(yaml, pair->key), mask, NULL);
        if (status == DR_OK)
            status = take_number(yaml, dr_yaml_node(yaml, pair->value), days, &number);
        for (size_t k = 0; status == DR_OK && k < sectors; k++)
            of[k] = mask[k] ? number : of[k];
        free(mask);
        DR_TRY(status);
    }
    return DR_OK;
}

enum { COPING_KEYS = 7 };
static const char *const coping_keys[COPING_KEYS] = {"inventories", "restock",  "overproduction", "expansion",
                                                     "caution",     "redirect", "essential"};

static dr_status read_coping(dr_yaml *yaml, dr_shock *shock, const dr_own_groups *own, const yaml_node_t *map)
{
    static const range days = {1, 36500, "a number of days from 1 to 36500"};
    dr_coping *c = &shock->coping;
    yaml_node_t *v[COPING_KEYS] = {0};
    DR_TRY(dr_yaml_keys(yaml, map, coping_keys, COPING_KEYS, v));
    if (v[0])
        DR_TRY(read_inventories(yaml, shock, own, v[0]));
    DR_TRY(take_number(yaml, v[1], days, &c->restock));
    DR_TRY(take_number(yaml, v[2], (range){1, 10, "a number from 1 to 10"}, &c->overproduction));
    DR_TRY(take_number(yaml, v[3], days, &c->expansion));
    DR_TRY(take_part(yaml, v[4], 0.01, "a part from 1% to 100%", &c->caution));
    DR_TRY(take_part(yaml, v[5], 0, "a part from 0% to 100%", &c->redirect));
    return take_part(yaml, v[6], 0, "a part from 0% to 100%", &c->essential);
}

enum { STOPS, TITLE, COPING, GROUPS, KEYS };
static const char *const keys[KEYS] = {"stops", "title", "coping", "groups"};

json_t *dr_shock_schema(void)
{
    json_t *map = dr_schema_map(keys, KEYS), *stop = dr_schema_map(stop_keys, STOP_KEYS),
           *coping = dr_schema_map(coping_keys, COPING_KEYS), *inventories = dr_schema_shape(DR_SHAPE_NUMBER);
    inventories = json_pack("{s:s, s:o}", "type", "object", "additionalProperties", inventories);
    dr_schema_set(coping, coping_keys[0], dr_schema_either(dr_schema_shape(DR_SHAPE_NUMBER), inventories));
    dr_schema_set(stop, stop_keys[FROM], dr_schema_shape(DR_SHAPE_NUMBER));
    dr_schema_set(stop, stop_keys[SHAPE], dr_schema_words(shapes));
    dr_schema_document(map, false);
    dr_schema_set(map, keys[STOPS], dr_schema_list(stop));
    dr_schema_set(map, keys[COPING], coping);
    dr_schema_need(map, keys[STOPS]);
    return map;
}

static dr_status read_document(dr_yaml *yaml, dr_shock *shock, dr_own_groups *own)
{
    yaml_node_t *v[KEYS] = {0};
    DR_TRY(dr_yaml_root(yaml, "a shock", keys, KEYS, v));
    if (v[TITLE]) {
        DR_TRY(dr_yaml_need_text(yaml, v[TITLE], "a title"));
        shock->title = strdup(dr_yaml_text(v[TITLE]));
        if (!shock->title)
            return dr_fail_memory();
    }
    DR_TRY(dr_document_groups(own, shock->names, yaml, v[GROUPS]));
    if (v[COPING])
        DR_TRY(read_coping(yaml, shock, own, v[COPING]));
    yaml_node_t *list = v[STOPS];
    if (list->type != YAML_SEQUENCE_NODE)
        return dr_yaml_fail(yaml, list, "expected a list of stops, each line beginning with '- '");
    for (yaml_node_item_t *item = list->data.sequence.items.start; item < list->data.sequence.items.top; item++)
        DR_TRY(read_stop(yaml, shock, own, dr_yaml_node(yaml, *item)));
    return DR_OK;
}

dr_status dr_shock_load(dr_shock **out, const dr_economy *names, const char *path)
{
    dr_yaml yaml;
    dr_own_groups own = {0};
    dr_shock *shock = NULL;
    DR_TRY(dr_yaml_load(&yaml, path, "a shock"));
    dr_status status = dr_shock_new(&shock, names);
    if (status == DR_OK)
        status = read_document(&yaml, shock, &own);
    dr_own_groups_free(&own);
    dr_yaml_free(&yaml);
    if (status != DR_OK) {
        dr_shock_free(shock);
        return status;
    }
    *out = shock;
    return DR_OK;
}
