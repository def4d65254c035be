#include "serve/api.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/names.h"
#include "serve/page.h"

enum { MOST_DEPTH = 32 };

/* ---- Which endpoint ---------------------------------------------------------------------------------------------------- */

static bool matches(const serve_endpoint *endpoint, const char *path)
{
    size_t length = strlen(endpoint->path);
    if (endpoint->path[length - 1] != '/')
        return strcmp(endpoint->path, path) == 0;
    return strncmp(endpoint->path, path, length) == 0 && path[length];
}

/* The method HEAD is that of GET, without the text. */
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

static bool known_parameters(serve_reply *out, const serve_endpoint *endpoint, const serve_request *request)
{
    bool get = strcmp(endpoint->method, "GET") == 0;
    const char *const *keys = get ? endpoint->keys : serve_no_keys;
    size_t count = 0;
    while (keys[count])
        count++;
    for (size_t i = 0; i < request->query_count; i++) {
        char hint[DR_HINT_SIZE];
        const char *name = request->query[i].name;
        size_t k = 0;
        while (k < count && strcmp(keys[k], name) != 0)
            k++;
        for (size_t j = 0; j < i && k < count; j++)
            if (strcmp(request->query[j].name, name) == 0) {
                serve_refuse(out, 400, "usage", "the parameter '%s' is there twice", name);
                return false;
            }
        if (k < count)
            continue;
        serve_refuse(out, 400, "usage", "unknown parameter '%.60s'%s", name, dr_hint(hint, name, keys, count));
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
        serve_refuse(out, 404, "not-found", "there is no '%.100s'; /api/v1/openapi.json tells what there is",
                     request->path);
    else if (!found)
        serve_refuse(out, 405, "usage", "%.100s: the method %s was expected, not %.20s", request->path, allowed,
                     request->method);
    else if (strcmp(found->method, "POST") == 0 && !is_json(request->type))
        serve_refuse(out, 415, "usage", "a body of Content-Type application/json was expected");
    else if (known_parameters(out, found, request))
        return found;
    out->allow = allowed;
    return NULL;
}

/* ---- Answering --------------------------------------------------------------------------------------------------------- */

/* How deeply objects and arrays are nested, whether or not the text is JSON. */
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
        return dr_fail(DR_USAGE, "the body: nested deeper than %d", (int)MOST_DEPTH);
    call->body = json_loadb(request->body ? request->body : "", request->body_size, JSON_REJECT_DUPLICATES, &error);
    if (call->body)
        return DR_OK;
    return dr_fail(DR_USAGE, "the body:%d:%d: not JSON: %s", error.line, error.column, error.text);
}

/* An answer that is kept, and what it is made of. */
typedef struct kept_answer {
    char *text;
    size_t size;
} kept_answer;

typedef struct answer_order {
    const serve_endpoint *endpoint;
    serve_call *call;
} answer_order;

static void free_answer(void *thing)
{
    kept_answer *kept = thing;
    free(kept->text);
    free(kept);
}

static dr_status make_answer(void **out, void *user)
{
    const answer_order *order = user;
    serve_call call = *order->call;
    kept_answer *kept = dr_new(1, sizeof *kept);
    call.out = kept ? open_memstream(&kept->text, &kept->size) : NULL;
    dr_status status = call.out ? order->endpoint->answer(&call) : dr_fail_memory();
    order->call->http = call.http;
    if (call.out && fclose(call.out) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        *out = kept;
    else if (kept)
        free_answer(kept);
    return status;
}

static const serve_kind answers = {64, make_answer, free_answer};

/* The same question, whatever the order of its parameters. */
static char *question(const serve_endpoint *endpoint, const serve_call *call)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    fprintf(stream, "%zu %s", atomic_load(&call->core->stored), call->request->path);
    for (size_t k = 0; endpoint->keys[k]; k++) {
        const char *value = serve_parameter(call, endpoint->keys[k]);
        fprintf(stream, "\n%s%s", value ? "=" : "", value ? value : "");
    }
    if (fclose(stream) == 0)
        return text;
    free(text);
    return NULL;
}

static dr_status answer_kept(const serve_endpoint *endpoint, serve_call *call)
{
    answer_order order = {endpoint, call};
    serve_kept *kept = NULL;
    char *name = question(endpoint, call);
    if (!name)
        return dr_fail_memory();
    dr_status status = serve_cache_take(&kept, call->core->cache, &answers, name, &order);
    free(name);
    DR_TRY(status);
    const kept_answer *made = serve_kept_thing(kept);
    fwrite(made->text, 1, made->size, call->out);
    serve_cache_give(call->core->cache, kept);
    return DR_OK;
}

static dr_status answer(const serve_endpoint *endpoint, serve_call *call)
{
    size_t length = strlen(endpoint->path);
    call->rest = endpoint->path[length - 1] == '/' ? call->request->path + length : "";
    if (strcmp(endpoint->method, "POST") == 0)
        DR_TRY(read_body(call));
    return endpoint->kept ? answer_kept(endpoint, call) : endpoint->answer(call);
}

void serve_answer(serve_reply *out, const serve_endpoint *endpoint, serve_core *core, serve_desk *desk,
                  const serve_request *request, serve_progress *progress, void *user)
{
    char *text = NULL;
    size_t size = 0;
    serve_call call = {.core = core, .desk = desk, .request = request, .progress = progress, .user = user};
    call.out = open_memstream(&text, &size);
    dr_status status = call.out ? answer(endpoint, &call) : dr_fail_memory();
    json_decref(call.body);
    if (call.out && fclose(call.out) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK) {
        *out = (serve_reply){.status = 200, .type = "application/json", .text = text, .size = size};
        return;
    }
    free(text);
    serve_refuse_failure(out, status, call.http, core->path, core->name);
}

/* ---- The page ---------------------------------------------------------------------------------------------------------- */

const dr_embedded *serve_page(const char *path)
{
    const char *name = strcmp(path, "/") == 0 ? "index.html" : path + 1;
    for (size_t i = 0; i < dr_page_count && *path == '/'; i++)
        if (strcmp(dr_page_files[i].name, name) == 0)
            return &dr_page_files[i];
    return NULL;
}

const char *serve_page_type(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".ico", "image/vnd.microsoft.icon"},
                 {".json", "application/json"},
                 {".webmanifest", "application/manifest+json"},
                 {".woff2", "font/woff2"},
                 {".txt", "text/plain; charset=utf-8"}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].ending, dot) == 0)
            return types[i].type;
    return "application/octet-stream";
}
