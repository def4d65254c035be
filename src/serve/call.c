#include "serve/call.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/names.h"
#include "base/print.h"
#include "report/table_write.h"

/* ---- Parameters -------------------------------------------------------------------------------------------------------- */

const char *serve_parameter(const serve_call *call, const char *name)
{
    for (size_t i = 0; i < call->request->query_count; i++)
        if (strcmp(call->request->query[i].name, name) == 0)
            return call->request->query[i].value;
    return NULL;
}

dr_status serve_parameter_year(const serve_call *call, int *year)
{
    const char *text = serve_parameter(call, "year");
    double number = 0;
    if (text && (!dr_parse_number(text, &number) || !(number >= 1 && number <= 9999) || number != (int)number))
        return dr_fail(DR_USAGE, "year: '%.40s' is not a year", text);
    *year = (int)number;
    return DR_OK;
}

dr_status serve_parameter_truth(const serve_call *call, const char *name, bool *out)
{
    static const char *const truths[] = {"false", "true", NULL};
    size_t found = 0;
    DR_TRY(serve_parameter_word(call, name, truths, &found));
    *out = found == 1;
    return DR_OK;
}

dr_status serve_parameter_word(const serve_call *call, const char *name, const char *const *words, size_t *found)
{
    const char *text = serve_parameter(call, name);
    *found = 0;
    return text ? serve_word(text, name, words, found) : DR_OK;
}

dr_status serve_parameter_need(const serve_call *call, const char *name, const char **out)
{
    *out = serve_parameter(call, name);
    return *out && **out ? DR_OK : dr_fail(DR_USAGE, "the parameter '%s' was expected", name);
}

/* ---- Bodies ------------------------------------------------------------------------------------------------------------ */

static dr_status take_key(const char *what, const char *const *keys, const char *key, json_t *value, json_t **values)
{
    char hint[DR_HINT_SIZE];
    for (size_t k = 0; keys[k]; k++)
        if (strcmp(keys[k], key) == 0) {
            values[k] = value;
            return DR_OK;
        }
    return dr_fail(DR_USAGE, "%s: unknown key '%.60s'%s", what, key, dr_hint(hint, key, keys, dr_list_length(keys)));
}

dr_status serve_keys(json_t *object, const char *what, const char *const *keys, json_t **values)
{
    if (!json_is_object(object))
        return dr_fail(DR_USAGE, "%s: an object was expected, such as {\"%s\": ...}", what, keys[0]);
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at))
        DR_TRY(take_key(what, keys, json_object_iter_key(at), json_object_iter_value(at), values));
    return DR_OK;
}

dr_status serve_text(const json_t *value, const char *key, const char **out)
{
    if (!value)
        return DR_OK;
    if (!json_is_string(value) || !*json_string_value(value))
        return dr_fail(DR_USAGE, "%s: a text that is not empty was expected", key);
    *out = json_string_value(value);
    return DR_OK;
}

dr_status serve_truth(const json_t *value, const char *key, bool *out)
{
    if (!value)
        return DR_OK;
    if (!json_is_boolean(value))
        return dr_fail(DR_USAGE, "%s: true or false was expected", key);
    *out = json_is_true(value);
    return DR_OK;
}

dr_status serve_number(const json_t *value, const char *key, double least, double most, double *out)
{
    double number = json_number_value(value);
    if (value && (!json_is_number(value) || !(number >= least && number <= most)))
        return dr_fail(DR_USAGE, "%s: a number from %g to %g was expected", key, least, most);
    if (value)
        *out = number;
    return DR_OK;
}

dr_status serve_whole(const json_t *value, const char *key, double least, double most, double *out)
{
    double number = value ? json_number_value(value) : least;
    if (value && (!json_is_number(value) || !(number >= least && number <= most) || number != floor(number)))
        return dr_fail(DR_USAGE, "%s: a whole number from %.0f to %.0f was expected", key, least, most);
    if (value)
        *out = number;
    return DR_OK;
}

dr_status serve_rate(const json_t *value, const char *key, double *out)
{
    char number[64];
    if (!value)
        return DR_OK;
    if (!json_is_number(value) && !json_is_string(value))
        return dr_fail(DR_USAGE, "%s: a rate was expected, such as 0.25 or \"25%%\"", key);
    dr_print_text(number, sizeof number, "%.17g", json_number_value(value));
    dr_status status = dr_parse_rate(json_is_string(value) ? json_string_value(value) : number, out);
    return status == DR_OK ? DR_OK : dr_fail_at(status, key);
}

dr_status serve_list(const json_t *value, const char *key, char **out)
{
    char *list = NULL;
    size_t size = 0;
    const char *text = NULL;
    if (!value)
        return DR_OK;
    FILE *stream = open_memstream(&list, &size);
    if (!stream)
        return dr_fail_memory();
    size_t count = json_is_array(value) ? json_array_size(value) : 1;
    dr_status status = count > 0 ? DR_OK : dr_fail(DR_USAGE, "%s: a list that is not empty was expected", key);
    for (size_t i = 0; i < count && status == DR_OK; i++) {
        status = serve_text(json_is_array(value) ? json_array_get(value, i) : value, key, &text);
        fprintf(stream, "%s%s", i ? "," : "", status == DR_OK ? text : "");
    }
    if (fclose(stream) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        *out = list;
    else
        free(list);
    return status;
}

dr_status serve_word(const char *text, const char *key, const char *const *words, size_t *found)
{
    char hint[DR_HINT_SIZE];
    for (*found = 0; words[*found]; ++*found)
        if (strcmp(words[*found], text) == 0)
            return DR_OK;
    return dr_fail(DR_USAGE, "%s: unknown word '%.60s', one such as '%s' was expected%s", key, text, words[0],
                   dr_hint(hint, text, words, dr_list_length(words)));
}

/* ---- Answers ----------------------------------------------------------------------------------------------------------- */

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
