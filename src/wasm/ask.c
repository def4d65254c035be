#include "wasm/ask.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MOST_FIELDS = 64 };

/* Decodes %XX and '+' in place. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *c = text; *c; c++) {
        if (*c == '%' && isxdigit((unsigned char)c[1]) && isxdigit((unsigned char)c[2])) {
            const char digits[] = {c[1], c[2], '\0'};
            *to++ = (char)strtol(digits, NULL, 16);
            c += 2;
        } else {
            *to++ = (char)(*c == '+' ? ' ' : *c);
        }
    }
    *to = '\0';
}

/* Splits a query at '&' and '='; further fields than `fields` has room for are refused by the caller. */
static size_t split(serve_field fields[MOST_FIELDS], char *query)
{
    size_t count = 0;
    while (query && *query && count < MOST_FIELDS) {
        char *next = strchr(query, '&'), *equals = strchr(query, '=');
        if (next)
            *next++ = '\0';
        char *value = equals && (!next || equals < next) ? equals : NULL;
        if (value)
            *value++ = '\0';
        else
            value = query + strlen(query);
        unescape(query);
        unescape(value);
        fields[count++] = (serve_field){query, value};
        query = next;
    }
    return count;
}

static void answer(serve_reply *out, const serve_worlds *worlds, const serve_request *request, serve_progress *progress,
                   void *user)
{
    static const serve_guard guard = {.port = 80};
    serve_session *session = NULL;
    const serve_endpoint *endpoint = serve_find(out, &guard, request);
    if (!endpoint)
        return;
    if (serve_session_take(&session, worlds->of[0]) != DR_OK) {
        serve_refuse_failure(out, DR_MACHINE, 0, NULL, NULL);
        return;
    }
    serve_answer(out, endpoint, worlds->of[0], session, request, progress, user);
    serve_session_give(session);
}

void wasm_answer(serve_reply *out, const serve_worlds *worlds, const char *target, const char *body,
                 serve_progress *progress, void *user)
{
    dr_arena arena = {0};
    serve_field fields[MOST_FIELDS];
    char *path = dr_arena_format(&arena, "/api/v1/%s", target), *query = path ? strchr(path, '?') : NULL;
    if (query)
        *query++ = '\0';
    if (path)
        unescape(path);
    const serve_request request = {.method = body ? "POST" : "GET",
                                   .path = path,
                                   .host = "localhost:80",
                                   .type = "application/json",
                                   .query = fields,
                                   .query_count = split(fields, query),
                                   .body = body,
                                   .body_size = body ? strlen(body) : 0};
    if (path)
        answer(out, worlds, &request, progress, user);
    else
        serve_refuse_failure(out, dr_fail_memory(), 0, NULL, NULL);
    dr_arena_free(&arena);
}
