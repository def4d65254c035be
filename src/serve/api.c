#include "serve/api.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/names.h"

enum { MOST_DEPTH = 32 };

/* ---- The endpoint of a request ----------------------------------------------------------------------------------- */

static bool matches(const serve_endpoint *endpoint, const char *path)
{
    size_t length = strlen(endpoint->path);
    if (endpoint->path[length - 1] != '/')
        return strcmp(endpoint->path, path) == 0;
    return strncmp(endpoint->path, path, length) == 0 && path[length];
}

/* HEAD is GET without the text of the answer. */
static bool takes(const serve_endpoint *endpoint, const char *method)
{
    return strcmp(endpoint->method, strcmp(method, "HEAD") == 0 ? "GET" : method) == 0;
}

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t length = sizeof json - 1;
    return type && strncasecmp(type, json, length) == 0 && (!type[length] || strchr("; ", type[length]));
}

/* Whether all parameters of the query are known, and given once. */
static bool known_parameters(serve_reply *out, const serve_endpoint *endpoint, const serve_request *request)
{
    bool get = strcmp(endpoint->method, "GET") == 0;
    const option_group *groups = get ? endpoint->options : serve_no_options;
    const char *names[SERVE_MOST_NAMES];
    size_t count = serve_option_names(names, groups);
    char hint[DR_HINT_SIZE];
    for (size_t i = 0; i < request->query_count; i++) {
        const char *name = request->query[i].name;
        bool known = option_find(groups, name) != NULL;
        if (!known)
            serve_refuse(out, 400, "usage", "unknown parameter '%.60s'%s", name, dr_hint(hint, name, names, count));
        for (size_t j = 0; j < i && known; j++)
            if (strcmp(request->query[j].name, name) == 0) {
                serve_refuse(out, 400, "usage", "parameter '%s' is given twice", name);
                known = false;
            }
        if (!known)
            return false;
    }
    return true;
}

const serve_endpoint *serve_find(serve_reply *out, const serve_guard *guard, const serve_request *request)
{
    const serve_endpoint *found = NULL;
    const char *allowed = NULL;
    if (!serve_admit(out, guard, request, true))
        return NULL;
    for (const serve_endpoint *endpoint = serve_endpoints; endpoint->path; endpoint++)
        if (matches(endpoint, request->path)) {
            allowed = endpoint->method;
            found = takes(endpoint, request->method) ? endpoint : found;
        }
    if (!allowed)
        serve_refuse(out, 404, "not-found", "there is no '%.100s'; /api/v1/openapi.json lists the endpoints",
                     request->path);
    else if (!found)
        serve_refuse(out, 405, "usage", "%.100s: expected the method %s, not %.20s", request->path, allowed,
                     request->method);
    else if (strcmp(found->method, "POST") == 0 && !is_json(request->type))
        serve_refuse(out, 415, "usage", "expected a body of Content-Type application/json");
    else if (known_parameters(out, found, request))
        return found;
    out->allow = allowed;
    return NULL;
}

/* ---- Answering --------------------------------------------------------------------------------------------------- */

/* The depth of nested objects and arrays, before the text is parsed. */
static size_t depth_of(const char *text, size_t size)
{
    size_t depth = 0, most = 0;
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && (text[i] == '{' || text[i] == '['))
            most = ++depth > most ? depth : most;
        else if (!quoted && (text[i] == '}' || text[i] == ']') && depth > 0)
            depth--;
    }
    return most;
}

static dr_status read_body(serve_call *call)
{
    json_error_t error;
    const serve_request *request = call->request;
    if (depth_of(request->body, request->body_size) > MOST_DEPTH)
        return dr_fail(DR_USAGE, "the body: nested more than %d levels deep", (int)MOST_DEPTH);
    call->body = json_loadb(request->body ? request->body : "", request->body_size, JSON_REJECT_DUPLICATES, &error);
    if (call->body)
        return DR_OK;
    return dr_fail(DR_USAGE, "the body:%d:%d: not JSON: %s", error.line, error.column, error.text);
}

/* The text of a cached answer. */
typedef struct cached_answer {
    char *text;
    size_t size;
} cached_answer;

/* The arguments of make_answer. */
typedef struct answer_request {
    const serve_endpoint *endpoint;
    serve_call *call;
} answer_request;

static void free_answer(void *thing)
{
    cached_answer *cached = thing;
    free(cached->text);
    free(cached);
}

static dr_status make_answer(void **out, void *user)
{
    const answer_request *request = user;
    serve_call call = *request->call;
    cached_answer *cached = dr_new(1, sizeof *cached);
    call.out = cached ? open_memstream(&cached->text, &cached->size) : NULL;
    dr_status status = call.out ? request->endpoint->answer(&call) : dr_fail_memory();
    request->call->http = call.http;
    if (call.out && fclose(call.out) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        *out = cached;
    else if (cached)
        free_answer(cached);
    return status;
}

static const serve_kind answers = {64, make_answer, free_answer};

/* The name of an answer in the cache; it does not depend on the order of the parameters. */
static char *cache_name(const serve_endpoint *endpoint, const serve_call *call)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    fprintf(stream, "%zu %s", atomic_load(&call->context->stored), call->request->path);
    const option_row *row;
    for (size_t k = 0; (row = option_at(endpoint->options, k)); k++) {
        const char *value = serve_text_of(call, row->name);
        fprintf(stream, "\n%s%s", value ? "=" : "", value ? value : "");
    }
    if (fclose(stream) == 0)
        return text;
    free(text);
    return NULL;
}

static dr_status answer_from_cache(const serve_endpoint *endpoint, serve_call *call)
{
    answer_request request = {endpoint, call};
    serve_entry *entry = NULL;
    char *name = cache_name(endpoint, call);
    if (!name)
        return dr_fail_memory();
    dr_status status = serve_cache_take(&entry, call->context->cache, &answers, name, &request);
    free(name);
    DR_TRY(status);
    const cached_answer *made = serve_entry_thing(entry);
    fwrite(made->text, 1, made->size, call->out);
    serve_cache_give(call->context->cache, entry);
    return DR_OK;
}

static dr_status answer(const serve_endpoint *endpoint, serve_call *call)
{
    size_t length = strlen(endpoint->path);
    call->rest = endpoint->path[length - 1] == '/' ? call->request->path + length : "";
    if (strcmp(endpoint->method, "POST") == 0) {
        DR_TRY(read_body(call));
        DR_TRY(serve_read_body(call, endpoint->options));
    } else {
        DR_TRY(serve_read_query(call, endpoint->options));
    }
    DR_TRY(option_check_any(&call->values, endpoint->needs_one));
    return endpoint->cached ? answer_from_cache(endpoint, call) : endpoint->answer(call);
}

void serve_answer(serve_reply *out, const serve_endpoint *endpoint, serve_context *context, serve_session *session,
                  const serve_request *request, serve_progress *progress, void *user)
{
    char *text = NULL;
    size_t size = 0;
    serve_call call = {.context = context, .session = session, .request = request, .progress = progress, .user = user};
    call.out = open_memstream(&text, &size);
    dr_status status = call.out ? answer(endpoint, &call) : dr_fail_memory();
    json_decref(call.body);
    option_values_free(&call.values);
    if (call.out && fclose(call.out) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK) {
        *out = (serve_reply){.status = 200, .type = "application/json", .text = text, .size = size};
        return;
    }
    free(text);
    serve_refuse_failure(out, status, call.http, context->path, context->name);
}
