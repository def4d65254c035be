#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "serve/http.h"

enum { MOST_QUERY = 32, MOST_HEADERS = 1 << 14 };

/* A NUL, which would end a C string, is not decoded: a path or value with one stays as it was sent, and is refused. */
static const char escaped_nul[] = "%00";

size_t serve_unescape(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user;
    (void)connection;
    return strstr(text, escaped_nul) ? strlen(text) : MHD_http_unescape(text);
}

typedef struct query {
    serve_field fields[MOST_QUERY];
    size_t count; /* of the query, which may exceed the room */
    bool failed, nul;
    dr_arena *arena;
} query;

static enum MHD_Result take_parameter(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    query *q = user;
    (void)kind;
    if (q->count++ >= MOST_QUERY)
        return MHD_YES;
    serve_field field = {dr_arena_text(q->arena, name), dr_arena_text(q->arena, value ? value : "")};
    q->failed = q->failed || !field.name || !field.value;
    q->nul = q->nul || (!q->failed && (strstr(field.name, escaped_nul) || strstr(field.value, escaped_nul)));
    q->fields[q->count - 1] = field;
    return MHD_YES;
}

static const char *header(serve_job *job, const char *name)
{
    const char *value = MHD_lookup_connection_value(job->connection, MHD_HEADER_KIND, name);
    return value ? dr_arena_text(&job->arena, value) : NULL;
}

/* Headers that a request may have once at most. */
static const char *const singles[] = {"Host", "Origin", "Content-Type", "Authorization", "Content-Length"};
enum { SINGLES = sizeof singles / sizeof *singles };

/* The headers that delimit a request and name its host: their numbers, and the last values. */
typedef struct framing {
    size_t counts[SINGLES], encodings;
    const char *length, *encoding;
    bool malformed; /* a header name with a character that is not allowed */
} framing;

/* The characters of header names (RFC 9110, 5.6.2). */
static const char of_names[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

static enum MHD_Result take_header(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    framing *f = user;
    const char *text = value ? value : "";
    (void)kind;
    f->malformed |= name[strspn(name, of_names)] != '\0';
    for (size_t i = 0; i < SINGLES; i++)
        f->counts[i] += strcasecmp(name, singles[i]) == 0;
    if (strcasecmp(name, "Content-Length") == 0)
        f->length = text;
    if (strcasecmp(name, "Transfer-Encoding") == 0) {
        f->encodings++;
        f->encoding = text;
    }
    return MHD_YES;
}

/* Refuses requests that a proxy might delimit in another way than this server (RFC 9112, 3.2, 5.1, 6.1 and 6.3);
 * whether it did. */
static bool refuse_ambiguous(serve_job *job, const char *version)
{
    framing f = {0};
    const char *why = NULL;
    MHD_get_connection_values(job->connection, MHD_HEADER_KIND, take_header, &f);
    for (size_t i = 0; i < SINGLES; i++)
        if (f.counts[i] > 1) {
            serve_refuse(&job->reply, 400, "usage", "the header %s is given several times", singles[i]);
            return true;
        }
    if (f.malformed)
        why = "malformed header: expected 'Name: value'";
    else if (f.encodings > 0 && f.length)
        why = "Content-Length and Transfer-Encoding cannot be combined";
    else if (f.encodings > 1 || (f.encodings > 0 && strcasecmp(f.encoding, "chunked") != 0))
        why = "unsupported Transfer-Encoding: expected chunked";
    else if (f.encodings > 0 && strcmp(version, MHD_HTTP_VERSION_1_1) != 0)
        why = "HTTP/1.0 has no Transfer-Encoding";
    else if (f.length && (!*f.length || f.length[strspn(f.length, "0123456789")]))
        why = "Content-Length is not a number";
    if (why)
        serve_refuse(&job->reply, 400, "usage", "%s", why);
    return why;
}

/* Copies the texts of libmicrohttpd, which may move as the body arrives. */
static bool take_request(serve_job *job, const char *path, const char *method, query *q)
{
    MHD_get_connection_values(job->connection, MHD_GET_ARGUMENT_KIND, take_parameter, q);
    size_t count = q->count < MOST_QUERY ? q->count : MOST_QUERY;
    serve_field *fields = dr_arena_take(&job->arena, (count + 1) * sizeof *fields);
    if (!fields || q->failed)
        return false;
    memcpy(fields, q->fields, count * sizeof *fields);
    job->request = (serve_request){.method = dr_arena_text(&job->arena, method),
                                   .path = dr_arena_text(&job->arena, path),
                                   .host = header(job, "Host"),
                                   .origin = header(job, "Origin"),
                                   .type = header(job, "Content-Type"),
                                   .accept = header(job, "Accept"),
                                   .accept_encoding = header(job, "Accept-Encoding"),
                                   .authorization = header(job, "Authorization"),
                                   .if_none_match = header(job, "If-None-Match"),
                                   .query = fields,
                                   .query_count = count};
    return job->request.method && job->request.path;
}

static size_t header_size(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
}

/* Refuses requests that no path answers; whether it did. */
static bool refuse_request(serve_job *job, const query *q)
{
    const serve_limits *limits = &job->jobs->context->limits;
    const char *length = header(job, "Content-Length");
    if (strstr(job->request.path, escaped_nul))
        serve_refuse(&job->reply, 400, "usage", "the path contains the character NUL");
    else if (header_size(job->connection) > MOST_HEADERS)
        serve_refuse(&job->reply, 431, "usage", "headers too large: at most %d bytes are allowed", (int)MOST_HEADERS);
    else if (q->nul)
        serve_refuse(&job->reply, 400, "usage", "a parameter contains the character NUL");
    else if (q->count > MOST_QUERY)
        serve_refuse(&job->reply, 400, "usage", "%zu parameters: at most %d are allowed", q->count, (int)MOST_QUERY);
    else if (length && strtoull(length, NULL, 10) > limits->body)
        serve_refuse(&job->reply, 413, "usage", "body too large: at most %zu bytes are allowed", limits->body);
    else
        return false;
    return true;
}

/* Takes a beginning of the path off; false where the slash is missing with which the page's own addresses are below
 * it: then the reply says so. `last` is the last name of the beginning, as in an address. */
static bool strip(serve_job *job, size_t length, const char *last)
{
    if (job->request.path[length] == '/')
        job->request.path += length;
    else if (!job->request.path[length])
        serve_redirect(&job->reply, dr_arena_format(&job->arena, "%s/", last));
    return !job->reply.text;
}

/* The path below that under which a proxy shows the page, which it may have removed or not. */
static bool strip_base(serve_job *job, const char *base)
{
    size_t length = base ? strlen(base) : 0;
    return length == 0 || strncmp(job->request.path, base, length) != 0 || strip(job, length, strrchr(base, '/') + 1);
}

/* A name as it stands in an address. */
static const char *escape(dr_arena *arena, const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    char *out = dr_arena_take(arena, 3 * strlen(name) + 1), *to = out;
    for (; out && *name; name++)
        to += sprintf(to, strchr(plain, *name) ? "%c" : "%%%02X", (unsigned char)*name);
    if (out)
        *to = '\0';
    return out;
}

/* The world that a path names: /worlds/NAME/... */
static bool choose_world(serve_job *job)
{
    static const char folder[] = "/worlds/";
    const size_t before = sizeof folder - 1;
    if (strncmp(job->request.path, folder, before) != 0)
        return true;
    const char *name = job->request.path + before;
    size_t length = strcspn(name, "/");
    job->context = serve_worlds_find(job->jobs->worlds, name, length);
    if (job->context)
        return strip(job, before + length, escape(&job->arena, job->context->word));
    job->context = job->jobs->context;
    serve_refuse(&job->reply, 404, "not-found", "there is no world '%.*s'; GET /api/v1/world lists them",
                 (int)(length < 100 ? length : 100), name);
    return false;
}

bool serve_read_request(serve_job *job, const serve_guard *guard, const char *path, const char *method,
                        const char *version)
{
    query q = {.arena = &job->arena};
    job->version = dr_arena_text(&job->arena, version);
    if (!take_request(job, path, method, &q))
        return false;
    job->reply.last = !serve_identify(job, guard) || refuse_ambiguous(job, version) || refuse_request(job, &q) ||
                      !strip_base(job, guard->base) || !choose_world(job);
    return job->version && job->request.client;
}
