#include "serve/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/names.h"
#include "serve/page.h"

/* MEMORY is the memory of a request before its body, of which each parameter of the query takes 64 bytes. */
enum {
    MOST_CONNECTIONS = 512,
    MOST_QUERY = 32,
    MOST_HEADERS = 1 << 14,
    MEMORY = 1 << 18,
    PATIENCE = 30 /* seconds of silence */
};

/* ---- Replies ----------------------------------------------------------------------------------------------------- */

/* Scripts and styles come from the bundle alone, and the page connects only to this server. */
static const char policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                             "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
                             "form-action 'none'; frame-ancestors 'none'";

static void add_headers(struct MHD_Response *response, const char *type, const char *cache)
{
    const char *const headers[][2] = {{"Content-Type", type},
                                      {"Cache-Control", cache},
                                      {"Content-Security-Policy", policy},
                                      {"X-Content-Type-Options", "nosniff"},
                                      {"Referrer-Policy", "no-referrer"},
                                      {"Cross-Origin-Resource-Policy", "same-origin"},
                                      {"Cross-Origin-Opener-Policy", "same-origin"}};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

static enum MHD_Result hand_over(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
    enum MHD_Result sent = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return sent;
}

/* Sends the reply of a job, whose text passes to libmicrohttpd. */
static enum MHD_Result send_reply(serve_job *job)
{
    serve_reply *reply = &job->reply;
    if (!reply->text)
        return MHD_NO;
    struct MHD_Response *response = MHD_create_response_from_buffer(reply->size, reply->text, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    reply->text = NULL;
    add_headers(response, reply->type, "no-store");
    if (reply->status == 429 || reply->status == 503)
        MHD_add_response_header(response, "Retry-After", "1");
    if (reply->status == 401)
        MHD_add_response_header(response, "WWW-Authenticate", "Bearer");
    if (reply->status == 405)
        MHD_add_response_header(response, "Allow", reply->allow);
    if (reply->last)
        MHD_add_response_header(response, "Connection", "close");
    return hand_over(job->connection, reply->status, response);
}

static ssize_t read_stream(void *user, uint64_t position, char *text, size_t most)
{
    (void)position;
    ssize_t size = serve_job_read(user, text, most);
    return size < 0 ? MHD_CONTENT_READER_END_OF_STREAM : size;
}

static enum MHD_Result send_stream(serve_job *job)
{
    enum { BLOCK = 65536 };
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_stream, job, NULL);
    if (!response)
        return MHD_NO;
    add_headers(response, "application/x-ndjson", "no-store");
    return hand_over(job->connection, MHD_HTTP_OK, response);
}

static enum MHD_Result send_page(serve_job *job, const dr_embedded *file)
{
    char tag[24];
    snprintf(tag, sizeof tag, "\"%016llx\"", dr_hash(DR_HASH_SEED, file->bytes, file->size));
    bool same = job->request.if_none_match && strcmp(job->request.if_none_match, tag) == 0;
    void *bytes; /* which stay as they are */
    memcpy(&bytes, &file->bytes, sizeof bytes);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(same ? 0 : file->size, bytes, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    add_headers(response, serve_page_type(file->name), "no-cache");
    MHD_add_response_header(response, "ETag", tag);
    return hand_over(job->connection, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

/* ---- Requests ---------------------------------------------------------------------------------------------------- */

/* A NUL, which would end a C string, is not decoded: a path or value with one stays as it was sent, and is refused. */
static const char escaped_nul[] = "%00";

static size_t unescape(void *user, struct MHD_Connection *connection, char *text)
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

static bool is_page(const serve_request *request)
{
    return strncmp(request->path, "/api/", 5) != 0;
}

static void refuse_page(serve_reply *out, const serve_request *request)
{
    bool get = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    if (get)
        serve_refuse(out, 404, "not-found", "there is no '%.100s'", request->path);
    else
        serve_refuse(out, 405, "usage", "%.100s: expected the method GET", request->path);
    out->allow = "GET, HEAD";
}

static enum MHD_Result answer_page(serve_http *http, serve_job *job)
{
    const serve_request *request = &job->request;
    const dr_embedded *file = serve_page(request->path);
    bool get = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    if (!serve_admit(&job->reply, &http->guard, request, false))
        return send_reply(job);
    if (file && get)
        return send_page(job, file);
    refuse_page(&job->reply, request);
    return send_reply(job);
}

/* Called when the headers have arrived. The body of a request that is refused by its headers is not read. */
static enum MHD_Result begin(serve_http *http, struct MHD_Connection *connection, const char *path, const char *method,
                             const char *version, void **context)
{
    serve_connection *state = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    serve_job *job = *context = state ? serve_job_new(&http->jobs, connection, state) : NULL;
    query q = {.arena = job ? &job->arena : NULL};
    if (!job || !take_request(job, path, method, &q))
        return MHD_NO;
    if (refuse_ambiguous(job, version) || refuse_request(job, &q)) {
        job->reply.last = true;
        return send_reply(job);
    }
    if (!is_page(&job->request))
        job->endpoint = serve_find(&job->reply, &http->guard, &job->request);
    return MHD_YES;
}

/* Called for each part of the body. A body beyond the limit is read to its end but dropped, so that the client gets
 * the reply. */
static enum MHD_Result add_body(serve_http *http, serve_job *job, const char *data, size_t size)
{
    size_t most = http->jobs.context->limits.body;
    if (!job->endpoint)
        return MHD_YES;
    if (job->request.body_size + size > most) {
        job->endpoint = NULL;
        serve_refuse(&job->reply, 413, "usage", "body too large: at most %zu bytes are allowed", most);
        return MHD_YES;
    }
    if (!dr_grow((void **)&job->body, &job->capacity, job->request.body_size + size, 1))
        return MHD_NO;
    memcpy(job->body + job->request.body_size, data, size);
    job->request.body = job->body;
    job->request.body_size += size;
    return MHD_YES;
}

static enum MHD_Result answer(serve_http *http, serve_job *job)
{
    static const char lines[] = "application/x-ndjson";
    if (is_page(&job->request))
        return answer_page(http, job);
    if (!job->endpoint || serve_job_done(job))
        return send_reply(job);
    job->stream = job->endpoint->lane == SERVE_SOLVER && job->request.accept && strstr(job->request.accept, lines);
    if (serve_job_dispatch(job))
        return send_reply(job);
    return job->stream ? send_stream(job) : MHD_YES;
}

static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *size, void **context)
{
    serve_http *http = user;
    serve_job *job = *context;
    if (!job)
        return begin(http, connection, path, method, version, context);
    if (*size > 0) {
        enum MHD_Result result = add_body(http, job, data, *size);
        *size = 0;
        return result;
    }
    return answer(http, job);
}

static void complete(void *user, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode how)
{
    (void)user;
    (void)connection;
    (void)how;
    if (*context)
        serve_job_leave(*context);
    *context = NULL;
}

static void notice(void *user, struct MHD_Connection *connection, void **context,
                   enum MHD_ConnectionNotificationCode code)
{
    serve_http *http = user;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *context = serve_connection_new(&http->jobs, info->connect_fd);
    } else if (*context) {
        serve_connection_free(&http->jobs, *context);
    }
}

/* ---- Listening --------------------------------------------------------------------------------------------------- */

static dr_status find_address(struct addrinfo **out, const char *address, unsigned short port)
{
    char number[8];
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    snprintf(number, sizeof number, "%u", (unsigned)port);
    if (getaddrinfo(address, number, &hints, out) != 0)
        return dr_fail(DR_USAGE, "serve: '%s' is not a local address; 0.0.0.0 is one", address);
    return DR_OK;
}

/* A socket that listens, or -1 with errno. */
static int listen_at(const struct addrinfo *at)
{
    const int yes = 1;
    int listener = socket(at->ai_family, SOCK_STREAM, 0);
    if (listener < 0)
        return -1;
    fcntl(listener, F_SETFD, FD_CLOEXEC);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, at->ai_addr, at->ai_addrlen) == 0 && listen(listener, SOMAXCONN) == 0)
        return listener;
    int why = errno;
    close(listener);
    errno = why;
    return -1;
}

static unsigned short port_of(int listener)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } at;
    socklen_t size = sizeof at;
    memset(&at, 0, sizeof at);
    getsockname(listener, &at.any, &size);
    return ntohs(at.any.sa_family == AF_INET6 ? at.six.sin6_port : at.four.sin_port);
}

dr_status serve_http_start(serve_http *http, const char *address, unsigned short port)
{
    struct addrinfo *at = NULL;
    DR_TRY(find_address(&at, address ? address : "127.0.0.1", port));
    int listener = listen_at(at);
    int why = errno;
    freeaddrinfo(at);
    if (listener < 0)
        return dr_fail(DR_MACHINE, "port %u: %s; choose another one with --port", (unsigned)port,
                       why == EADDRINUSE ? "it is used by another program" : strerror(why));
    http->guard.port = port_of(listener);
    http->daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, http,
                         MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_NOTIFY_COMPLETED, complete, NULL,
                         MHD_OPTION_NOTIFY_CONNECTION, notice, http, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY, MHD_OPTION_CONNECTION_LIMIT,
                         (unsigned)MOST_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PATIENCE, MHD_OPTION_END);
    if (http->daemon)
        return DR_OK;
    close(listener);
    return dr_fail(DR_MACHINE, "port %u: the server cannot be started", (unsigned)port);
}

void serve_http_stop(serve_http *http)
{
    MHD_socket listener = MHD_quiesce_daemon(http->daemon);
    serve_jobs_cancel(&http->jobs);
    MHD_stop_daemon(http->daemon);
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
}
