#define _GNU_SOURCE /* getaddrinfo */
#include "serve/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/names.h"

enum { MOST_CONNECTIONS = 512, MOST_QUERY = 32, PATIENCE = 30 /* seconds of silence */ };

/* ---- Replies ----------------------------------------------------------------------------------------------------------- */

/* The page has no script or style of its own but what is in the bundle, and speaks to nobody else. */
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

/* The reply of a job, which gives up its text. */
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

/* ---- Requests ---------------------------------------------------------------------------------------------------------- */

typedef struct query {
    serve_field fields[MOST_QUERY];
    size_t count;
    bool failed;
    dr_arena *arena;
} query;

static enum MHD_Result take_parameter(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    query *q = user;
    (void)kind;
    if (q->count == MOST_QUERY) {
        q->failed = true;
        return MHD_NO;
    }
    serve_field field = {dr_arena_text(q->arena, name), dr_arena_text(q->arena, value ? value : "")};
    q->failed = q->failed || !field.name || !field.value;
    q->fields[q->count++] = field;
    return MHD_YES;
}

static const char *header(serve_job *job, const char *name)
{
    const char *value = MHD_lookup_connection_value(job->connection, MHD_HEADER_KIND, name);
    return value ? dr_arena_text(&job->arena, value) : NULL;
}

/* What libmicrohttpd has may move as the body comes in: the job keeps its own. */
static bool take_request(serve_job *job, const char *path, const char *method)
{
    query q = {.arena = &job->arena};
    MHD_get_connection_values(job->connection, MHD_GET_ARGUMENT_KIND, take_parameter, &q);
    serve_field *fields = dr_arena_take(&job->arena, (q.count + 1) * sizeof *fields);
    if (!fields || q.failed)
        return false;
    memcpy(fields, q.fields, q.count * sizeof *fields);
    job->request = (serve_request){.method = dr_arena_text(&job->arena, method),
                                   .path = dr_arena_text(&job->arena, path),
                                   .host = header(job, "Host"),
                                   .origin = header(job, "Origin"),
                                   .type = header(job, "Content-Type"),
                                   .accept = header(job, "Accept"),
                                   .authorization = header(job, "Authorization"),
                                   .if_none_match = header(job, "If-None-Match"),
                                   .query = fields,
                                   .query_count = q.count};
    return job->request.method && job->request.path;
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
        serve_refuse(out, 405, "usage", "%.100s: the method GET was expected", request->path);
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

/* The headers are there. A body that is too large by its own account is not waited for. */
static enum MHD_Result begin(serve_http *http, struct MHD_Connection *connection, const char *path, const char *method,
                             void **context)
{
    serve_line *line = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    serve_job *job = *context = line ? serve_job_new(&http->jobs, connection, line) : NULL;
    if (!job || !take_request(job, path, method))
        return MHD_NO;
    if (is_page(&job->request))
        return MHD_YES;
    const char *length = header(job, "Content-Length");
    if (length && strtoull(length, NULL, 10) > http->jobs.core->limits.body) {
        serve_refuse(&job->reply, 413, "usage", "a body of at most %zu bytes was expected",
                     http->jobs.core->limits.body);
        return send_reply(job);
    }
    job->endpoint = serve_find(&job->reply, &http->guard, &job->request);
    return MHD_YES;
}

/* More of the body. What is beyond the limit is not kept; what is refused is read to its end, so that the client hears why. */
static enum MHD_Result add_body(serve_http *http, serve_job *job, const char *data, size_t size)
{
    size_t most = http->jobs.core->limits.body;
    if (!job->endpoint)
        return MHD_YES;
    if (job->request.body_size + size > most) {
        job->endpoint = NULL;
        serve_refuse(&job->reply, 413, "usage", "a body of at most %zu bytes was expected", most);
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
    (void)version;
    if (!job)
        return begin(http, connection, path, method, context);
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
        *context = serve_line_new(&http->jobs, info->connect_fd);
    } else if (*context) {
        serve_line_free(&http->jobs, *context);
    }
}

/* ---- Listening --------------------------------------------------------------------------------------------------------- */

static dr_status find_address(struct addrinfo **out, const char *address, unsigned short port)
{
    char number[8];
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    snprintf(number, sizeof number, "%u", (unsigned)port);
    if (getaddrinfo(address, number, &hints, out) != 0)
        return dr_fail(DR_USAGE, "serve: '%s' is no address of this machine, such as 0.0.0.0", address);
    return DR_OK;
}

/* A socket that listens, or -1 with errno. */
static int listen_at(const struct addrinfo *at)
{
    const int yes = 1;
    int listener = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0)
        return -1;
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
        return dr_fail(DR_MACHINE, "port %u: %s; --port names another one", (unsigned)port,
                       why == EADDRINUSE ? "another program uses it" : strerror(why));
    http->guard.port = port_of(listener);
    http->daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, http,
                         MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_NOTIFY_COMPLETED, complete, NULL,
                         MHD_OPTION_NOTIFY_CONNECTION, notice, http, MHD_OPTION_CONNECTION_LIMIT,
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
