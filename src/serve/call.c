#include "serve/call.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/print.h"
#include "report/table_write.h"

/* ---- Values ------------------------------------------------------------------------------------------------------ */

const char *serve_text_of(const serve_call *call, const char *name)
{
    return option_text(&call->values, name);
}

int serve_year_of(const serve_call *call)
{
    return (int)option_number(&call->values, "year");
}

json_t *serve_json_of(const serve_call *call, const char *name)
{
    return json_object_get(call->body, name);
}

/* ---- Queries ----------------------------------------------------------------------------------------------------- */

/* A flag is true or false; other values are texts as on the command line. */
static dr_status add_parameter(option_values *values, const option_row *row, const char *text)
{
    if (row->kind != OPTION_FLAG)
        return option_add(values, row, text);
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return dr_fail(DR_USAGE, "%s '%.60s': expected true or false", row->name, text);
    return *text == 't' ? option_add(values, row, text) : DR_OK;
}

dr_status serve_read_query(serve_call *call, const option_group *groups)
{
    const serve_request *request = call->request;
    call->values = (option_values){.groups = groups};
    for (size_t i = 0; i < request->query_count; i++) {
        const option_row *row = option_find(groups, request->query[i].name);
        if (row) /* serve_find has refused unknown names */
            DR_TRY(add_parameter(&call->values, row, request->query[i].value));
    }
    return option_check(&call->values);
}

/* ---- Bodies ------------------------------------------------------------------------------------------------------ */

static dr_status expected(const option_row *row)
{
    char text[OPTION_EXPECTED_SIZE];
    bool list = row->kind == OPTION_REGION || row->kind == OPTION_SECTOR || row->kind == OPTION_WORDS;
    return dr_fail(DR_USAGE, "%s: expected %s%s", row->name, option_expected(text, row),
                   list ? ", as a text or a list of texts" : "");
}

/* Joins the texts of an array with commas between, in the arena of the values. */
static dr_status add_list(option_values *values, const option_row *row, const json_t *array)
{
    char *list = NULL;
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *text = json_string_value(json_array_get(array, i));
        if (!text || !*text)
            return expected(row);
        list = list ? dr_arena_format(&values->arena, "%s,%s", list, text) : dr_arena_text(&values->arena, text);
        if (!list)
            return dr_fail_memory();
    }
    return list ? option_add(values, row, list) : expected(row);
}

static dr_status add_number(option_values *values, const option_row *row, const json_t *json)
{
    char digits[64];
    dr_print_text(digits, sizeof digits, "%.17g", json_number_value(json));
    const char *text = dr_arena_text(&values->arena, digits);
    return text ? option_add(values, row, text) : dr_fail_memory();
}

dr_status serve_add_json(option_values *values, const option_row *row, const json_t *json)
{
    bool number = row->kind == OPTION_NUMBER || row->kind == OPTION_COUNT;
    bool list = row->kind == OPTION_REGION || row->kind == OPTION_SECTOR || row->kind == OPTION_WORDS;
    if (row->kind == OPTION_JSON)
        return option_add(values, row, "");
    if (row->kind == OPTION_FLAG)
        return json_is_true(json) ? option_add(values, row, "") : json_is_false(json) ? DR_OK : expected(row);
    if (json_is_number(json) && (number || row->kind == OPTION_RATE))
        return add_number(values, row, json);
    if (json_is_array(json) && list)
        return add_list(values, row, json);
    if (!json_is_string(json) || number)
        return expected(row);
    return option_add(values, row, json_string_value(json));
}

static dr_status unknown_key(const char *what, const char *key, const char *const *keys, size_t count)
{
    char hint[DR_HINT_SIZE];
    return dr_fail(DR_USAGE, "%s: unknown key '%.60s'%s", what, key, dr_hint(hint, key, keys, count));
}

dr_status serve_read_body(serve_call *call, const option_group *groups)
{
    const char *names[SERVE_MOST_NAMES];
    size_t count = serve_option_names(names, groups);
    call->values = (option_values){.groups = groups};
    if (!json_is_object(call->body))
        return dr_fail(DR_USAGE, "the body: expected an object such as {\"%s\": ...}", names[0]);
    for (void *at = json_object_iter(call->body); at; at = json_object_iter_next(call->body, at)) {
        const option_row *row = option_find(groups, json_object_iter_key(at));
        if (!row)
            return unknown_key("the body", json_object_iter_key(at), names, count);
        DR_TRY(serve_add_json(&call->values, row, json_object_iter_value(at)));
    }
    return option_check(&call->values);
}

size_t serve_option_names(const char *names[SERVE_MOST_NAMES], const option_group *groups)
{
    size_t count = 0;
    const option_row *row;
    while (count < SERVE_MOST_NAMES && (row = option_at(groups, count)))
        names[count++] = row->name;
    return count;
}

/* ---- Values that endpoints read themselves ----------------------------------------------------------------------- */

dr_status serve_check_keys(json_t *object, const char *what, const char *const *keys)
{
    if (object && !json_is_object(object))
        return dr_fail(DR_USAGE, "%s: expected an object such as {\"%s\": ...}", what, keys[0]);
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        size_t k = 0;
        while (keys[k] && strcmp(keys[k], json_object_iter_key(at)) != 0)
            k++;
        if (!keys[k])
            return unknown_key(what, json_object_iter_key(at), keys, k);
    }
    return DR_OK;
}

dr_status serve_need_text(const json_t *object, const char *what, const char *key, const char **out)
{
    const json_t *value = json_object_get(object, key);
    if (!value)
        return dr_fail(DR_USAGE, "%s: the key '%s' is missing", what, key);
    if (!json_is_string(value) || !*json_string_value(value))
        return dr_fail(DR_USAGE, "%s: expected a text that is not empty", key);
    *out = json_string_value(value);
    return DR_OK;
}

static dr_status find_word(const json_t *value, const char *key, const char *const *words, size_t *found)
{
    char hint[DR_HINT_SIZE], list[OPTION_EXPECTED_SIZE];
    const char *text = json_string_value(value);
    for (*found = 0; text && words[*found]; ++*found)
        if (strcmp(words[*found], text) == 0)
            return DR_OK;
    return dr_fail(DR_USAGE, "%s '%.60s': expected %s%s", key, text ? text : "", option_join(list, words, ""),
                   dr_hint(hint, text ? text : "", words, dr_list_length(words)));
}

dr_status serve_read_words(const json_t *array, const char *key, const char *const *words, size_t defaults,
                           bool *wanted)
{
    size_t found;
    if (array && !json_is_array(array))
        return dr_fail(DR_USAGE, "%s: expected a list such as [\"%s\"]", key, words[0]);
    for (size_t i = 0; !array && i < defaults; i++)
        wanted[i] = true;
    for (size_t i = 0; i < json_array_size(array); i++) {
        DR_TRY(find_word(json_array_get(array, i), key, words, &found));
        wanted[found] = true;
    }
    return DR_OK;
}

/* ---- Answers ----------------------------------------------------------------------------------------------------- */

dr_status serve_write_table(serve_call *call, dr_table *table, const char *command)
{
    dr_status status = dr_table_name_command(table, command);
    if (status == DR_OK)
        status = dr_write_json(table, call->out);
    dr_table_free(table);
    return status;
}

dr_status serve_write_member(serve_members *members, const char *name, dr_table *table)
{
    fprintf(members->call->out, "%s\"%s\": ", members->begun ? ", " : "{", name);
    members->begun = true;
    return serve_write_table(members->call, table, members->command);
}

void serve_end_members(serve_members *members)
{
    fputs(members->begun ? "}\n" : "{}\n", members->call->out);
}

dr_status serve_write_json(serve_call *call, json_t *json)
{
    bool good = json && json_dumpf(json, call->out, 0) == 0;
    fputc('\n', call->out);
    json_decref(json);
    return good ? DR_OK : dr_fail_memory();
}
