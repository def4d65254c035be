/* Scenarios from YAML files (docs/simulate.md). libyaml parses; what the nodes mean, and where in the file something is wrong,
 * is said here. */
#define _GNU_SOURCE /* strdup */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

#include "base/csv.h"
#include "base/memory.h"
#include "base/names.h"
#include "solve/scenario.h"
#include "world/select.h"

/* No scenario is larger; a file that is was meant for something else. */
enum { MOST_BYTES = 1 << 20 };

typedef struct reader {
    const char *path;
    yaml_document_t document;
    dr_scenario *scenario;
} reader;

#define fail(r, mark, ...) (keep_at(r, mark, __VA_ARGS__), DR_BAD_INPUT)

static void keep_at(const reader *r, yaml_mark_t mark, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void keep_at(const reader *r, yaml_mark_t mark, const char *format, ...)
{
    char what[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    dr_error_keep("%s:%zu:%zu: %s", r->path, mark.line + 1, mark.column + 1, what);
}

/* Puts the place of the node in front of an error that a function below has found. */
static dr_status at(const reader *r, const yaml_node_t *node, dr_status status)
{
    if (status != DR_BAD_INPUT)
        return status;
    char what[1024];
    snprintf(what, sizeof what, "%s", dr_error_text());
    return fail(r, node->start_mark, "%s", what);
}

static const char *text_of(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

static yaml_node_t *node_of(reader *r, int index)
{
    return yaml_document_get_node(&r->document, index);
}

static dr_status need_text(const reader *r, const yaml_node_t *node, const char *what)
{
    if (node->type != YAML_SCALAR_NODE || !*text_of(node))
        return fail(r, node->start_mark, "%s was expected", what);
    return DR_OK;
}

/* Finds the values of `count` keys in a mapping (NULL where there is none). A key that is not among them, or there twice, is an
 * error. */
static dr_status take_keys(reader *r, const yaml_node_t *map, const char *const *keys, size_t count,
                           yaml_node_t **values)
{
    char hint[DR_HINT_SIZE];
    if (map->type != YAML_MAPPING_NODE)
        return fail(r, map->start_mark, "a mapping of keys to values was expected, such as '%s: ...'", keys[0]);
    for (const yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_of(r, pair->key);
        size_t found = 0;
        DR_TRY(need_text(r, key, "the name of a key"));
        while (found < count && strcmp(keys[found], text_of(key)) != 0)
            found++;
        if (found == count)
            return fail(r, key->start_mark, "unknown key '%.60s'%s", text_of(key),
                        dr_hint(hint, text_of(key), keys, count));
        if (values[found])
            return fail(r, key->start_mark, "the key '%s' is there twice", keys[found]);
        values[found] = node_of(r, pair->value);
    }
    return DR_OK;
}

/* Marks the names in a node: one, or a sequence of them. */
static dr_status take_names(reader *r, yaml_node_t *node, dr_select *select, bool *mask)
{
    const dr_economy *e = r->scenario->economy;
    if (node->type == YAML_SCALAR_NODE) {
        DR_TRY(need_text(r, node, "a name or a list of names"));
        return at(r, node, select(e, text_of(node), mask));
    }
    if (node->type != YAML_SEQUENCE_NODE || node->data.sequence.items.start == node->data.sequence.items.top)
        return fail(r, node->start_mark, "a name or a list of names was expected");
    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        const yaml_node_t *name = node_of(r, *item);
        DR_TRY(need_text(r, name, "a name"));
        DR_TRY(at(r, name, select(e, text_of(name), mask)));
    }
    return DR_OK;
}

static dr_status need_key(const reader *r, const yaml_node_t *map, const yaml_node_t *value, const char *key,
                          const char *of)
{
    return value ? DR_OK : fail(r, map->start_mark, "the key '%s' was expected in '%s' and is not there", key, of);
}

/* by and on (one direction), or between and (both), and sectors (all if not said). */
static dr_status take_flows(reader *r, const yaml_node_t *map, const char *kind, yaml_node_t *const ways[4],
                            yaml_node_t *sectors, dr_change *change)
{
    bool one_way = ways[0] || ways[1], both = ways[2] || ways[3];
    if (one_way && both)
        return fail(r, map->start_mark, "'%s' takes either 'by' and 'on' or 'between' and 'and', not both", kind);
    change->both = both;
    yaml_node_t *first = both ? ways[2] : ways[0], *second = both ? ways[3] : ways[1];
    DR_TRY(need_key(r, map, first, both ? "between" : "by", kind));
    DR_TRY(need_key(r, map, second, both ? "and" : "on", kind));
    DR_TRY(take_names(r, first, dr_select_region, change->by));
    DR_TRY(take_names(r, second, dr_select_region, change->on));
    if (sectors)
        return take_names(r, sectors, dr_select_sector, change->sectors);
    return dr_select_sector(r->scenario->economy, "all", change->sectors);
}

/* A tariff file's path is relative to the scenario's folder. */
static dr_status take_file(reader *r, const yaml_node_t *node)
{
    char path[PATH_MAX];
    const char *slash = strrchr(r->path, '/');
    DR_TRY(need_text(r, node, "the path of a CSV file"));
    int folder = text_of(node)[0] == '/' || !slash ? 0 : (int)(slash - r->path + 1);
    if (snprintf(path, sizeof path, "%.*s%s", folder, r->path, text_of(node)) >= (int)sizeof path)
        return fail(r, node->start_mark, "the path is too long");
    return dr_scenario_tariff_file(r->scenario, path);
}

static dr_status take_rate(reader *r, const yaml_node_t *node, double *rate)
{
    DR_TRY(need_text(r, node, "a rate such as 25%"));
    return at(r, node, dr_parse_rate(text_of(node), rate));
}

static dr_status read_tariff(reader *r, yaml_node_t *map, dr_change *change)
{
    static const char *const keys[] = {"by", "on", "sectors", "rate", "add", "file"};
    yaml_node_t *v[6] = {0};
    DR_TRY(take_keys(r, map, keys, 6, v));
    if (!!v[3] + !!v[4] + !!v[5] != 1)
        return fail(r, map->start_mark, "'tariff' takes one of 'rate', 'add' and 'file'");
    if (v[5]) {
        if (v[0] || v[1] || v[2])
            return fail(r, map->start_mark,
                        "'file' says itself who and what: 'by', 'on' and 'sectors' do not go with it");
        return take_file(r, v[5]);
    }
    change->add = v[4] != NULL;
    DR_TRY(take_rate(r, change->add ? v[4] : v[3], &change->amount));
    DR_TRY(take_flows(r, map, "tariff", (yaml_node_t *[]){v[0], v[1], NULL, NULL}, v[2], change));
    return at(r, map, dr_scenario_apply(r->scenario, change));
}

static dr_status read_trade_cost(reader *r, yaml_node_t *map, dr_change *change)
{
    static const char *const keys[] = {"by", "on", "between", "and", "sectors", "times"};
    yaml_node_t *v[6] = {0};
    DR_TRY(take_keys(r, map, keys, 6, v));
    DR_TRY(need_key(r, map, v[5], "times", "trade-cost"));
    DR_TRY(need_text(r, v[5], "a factor such as 2"));
    if (!dr_parse_number(text_of(v[5]), &change->amount))
        return fail(r, v[5]->start_mark, "'%.40s' is not a number, a factor such as 2 was expected", text_of(v[5]));
    DR_TRY(take_flows(r, map, "trade-cost", v, v[4], change));
    return at(r, map, dr_scenario_apply(r->scenario, change));
}

static dr_status read_ban(reader *r, yaml_node_t *map, dr_change *change)
{
    static const char *const keys[] = {"by", "on", "between", "and", "sectors"};
    yaml_node_t *v[5] = {0};
    DR_TRY(take_keys(r, map, keys, 5, v));
    DR_TRY(take_flows(r, map, "ban", v, v[4], change));
    return at(r, map, dr_scenario_apply(r->scenario, change));
}

static dr_status read_change(reader *r, yaml_node_t *node)
{
    static const char *const kinds[] = {"tariff", "trade-cost", "ban"};
    static dr_status (*const readers[])(reader *, yaml_node_t *, dr_change *) = {read_tariff, read_trade_cost,
                                                                                 read_ban};
    static const int bits[] = {DR_CHANGE_TARIFF, DR_CHANGE_COST, DR_CHANGE_BAN};
    yaml_node_t *v[3] = {0};
    DR_TRY(take_keys(r, node, kinds, 3, v));
    if (!!v[0] + !!v[1] + !!v[2] != 1)
        return fail(r, node->start_mark,
                    "a change is one of 'tariff', 'trade-cost' and 'ban'; begin the next with '- '");
    size_t kind = v[0] ? 0 : v[1] ? 1 : 2;
    dr_change change;
    DR_TRY(dr_change_new(&change, r->scenario->economy, bits[kind]));
    dr_status status = readers[kind](r, v[kind], &change);
    dr_change_free(&change);
    return status;
}

static dr_status read_document(reader *r)
{
    static const char *const keys[] = {"changes", "title"};
    yaml_node_t *root = yaml_document_get_root_node(&r->document), *v[2] = {0};
    if (!root)
        return dr_fail(DR_BAD_INPUT, "%s: empty, a scenario with the key 'changes' was expected", r->path);
    DR_TRY(take_keys(r, root, keys, 2, v));
    DR_TRY(need_key(r, root, v[0], "changes", "a scenario"));
    if (v[1]) {
        DR_TRY(need_text(r, v[1], "a title"));
        DR_TRY(dr_scenario_title(r->scenario, text_of(v[1])));
    }
    if (v[0]->type != YAML_SEQUENCE_NODE)
        return fail(r, v[0]->start_mark, "a list of changes was expected, each line beginning with '- '");
    for (yaml_node_item_t *item = v[0]->data.sequence.items.start; item < v[0]->data.sequence.items.top; item++)
        DR_TRY(read_change(r, node_of(r, *item)));
    return DR_OK;
}

static dr_status parse(reader *r, FILE *file)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return dr_fail_memory();
    yaml_parser_set_input_file(&parser, file);
    dr_status status = DR_OK;
    if (!yaml_parser_load(&parser, &r->document)) {
        const char *why = parser.problem ? parser.problem : "cannot be read";
        if (parser.error == YAML_READER_ERROR)
            status = dr_fail(DR_BAD_INPUT, "%s: not a scenario: binary data, where YAML text was expected", r->path);
        else
            status = fail(r, parser.problem_mark, "not YAML: %s", why);
    } else {
        status = read_document(r);
        yaml_document_delete(&r->document);
    }
    yaml_parser_delete(&parser);
    return status;
}

static dr_status open_file(FILE **out, const char *path)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (!file)
        return dr_fail(errno == ENOENT || errno == ENOTDIR ? DR_BAD_INPUT : DR_MACHINE, "%s: %s", path,
                       errno == ENOENT ? "no such file" : strerror(errno));
    if (fstat(fileno(file), &about) != 0 || S_ISDIR(about.st_mode) || about.st_size > MOST_BYTES) {
        fclose(file);
        return dr_fail(DR_BAD_INPUT, "%s: not a scenario: %s, a YAML file of at most 1 MB was expected", path,
                       S_ISDIR(about.st_mode) ? "a folder" : "too large");
    }
    *out = file;
    return DR_OK;
}

dr_status dr_scenario_load(dr_scenario **out, const dr_economy *economy, const char *path)
{
    FILE *file = NULL;
    reader r = {.path = path};
    DR_TRY(open_file(&file, path));
    dr_status status = dr_scenario_new(&r.scenario, economy);
    if (status == DR_OK)
        status = parse(&r, file);
    fclose(file);
    if (status != DR_OK) {
        dr_scenario_free(r.scenario);
        return status;
    }
    *out = r.scenario;
    return DR_OK;
}
