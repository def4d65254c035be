#include "serve/http.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "serve/page.h"

/* MEMORY is the memory of a request before its body, of which each parameter of the query takes 64 bytes. */
enum { MEMORY = 1 << 18, PATIENCE = 30 /* seconds of silence */ };

/* Seconds for the replies to requests that were cancelled. */
static const double LAST_WORDS = 1;

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

/* Who measures comes to the server itself, not through a proxy that names users. */
static void answer_metrics(serve_http *http, serve_job *job)
{
    serve_guard guard = http->guard;
    guard.user_header = NULL;
    if (serve_admit(&job->reply, &guard, &job->request, true))
        serve_tell_metrics(&job->reply, &http->monitor, &http->jobs);
}

static enum MHD_Result answer_page(serve_http *http, serve_job *job)
{
    const serve_request *request = &job->request;
    const dr_embedded *file = serve_page(request->path);
    bool get = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    if (strcmp(request->path, "/healthz") == 0 && get)
        serve_tell_health(&job->reply, &http->jobs);
    else if (strcmp(request->path, "/metrics") == 0 && get)
        answer_metrics(http, job);
    else if (serve_admit(&job->reply, &http->guard, request, false)) {
        if (file && get)
            return serve_send_page(http, job, file);
        refuse_page(&job->reply, request);
    }
    return serve_send_reply(job);
}

/* Called when the first line of a request has arrived. */
static void *welcome(void *user, const char *target, struct MHD_Connection *connection)
{
    serve_http *http = user;
    serve_connection *state = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    return state ? serve_job_new(&http->jobs, connection, state, target) : NULL;
}

/* Called when the headers have arrived. The body of a request that is refused by its headers is not read. */
static enum MHD_Result begin(serve_http *http, serve_job *job, const char *path, const char *method,
                             const char *version)
{
    job->begun = true;
    if (!serve_read_request(job, &http->guard, path, method, version))
        return MHD_NO;
    if (job->reply.last)
        return serve_send_reply(job);
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
    if (!job->endpoint)
        return serve_send_reply(job);
    if (job->dispatched) /* and resumed */
        return job->stream ? serve_send_stream(job) : serve_send_reply(job);
    job->stream = job->endpoint->lane >= SERVE_SOLVER && job->request.accept && strstr(job->request.accept, lines);
    return serve_job_dispatch(job) ? serve_send_reply(job) : MHD_YES;
}

static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *size, void **context)
{
    serve_http *http = user;
    serve_job *job = *context;
    (void)connection;
    if (!job)
        return MHD_NO;
    if (!job->begun)
        return begin(http, job, path, method, version);
    if (*size > 0) {
        enum MHD_Result result = add_body(http, job, data, *size);
        *size = 0;
        return result;
    }
    return answer(http, job);
}

/* A request that libmicrohttpd has refused by itself is no HTTP; one without a reply was left by its client. */
static void complete(void *user, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode how)
{
    enum { CLIENT_LEFT = 499 };
    serve_http *http = user;
    serve_job *job = *context;
    (void)connection;
    (void)how;
    *context = NULL;
    if (!job)
        return;
    if (!job->begun)
        job->sent_status = MHD_HTTP_BAD_REQUEST;
    else if (job->sent_status == 0)
        job->sent_status = CLIENT_LEFT;
    serve_monitor_add(&http->monitor, job);
    serve_job_leave(job);
}

static void notice(void *user, struct MHD_Connection *connection, void **context,
                   enum MHD_ConnectionNotificationCode code)
{
    serve_http *http = user;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        int socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        const struct sockaddr *address =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
        *context = serve_connection_new(&http->jobs, socket, address);
    } else if (*context) {
        serve_connection_free(&http->jobs, *context);
    }
}

/* ---- The server as a whole --------------------------------------------------------------------------------------- */

dr_status serve_http_start(serve_http *http, const char *address, unsigned short port)
{
    int listener = -1;
    DR_TRY(serve_listen(&listener, address, &port));
    http->guard.port = port;
    http->packed = dr_new(dr_page_count, sizeof *http->packed);
    http->daemon =
        !http->packed
            ? NULL
            : MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, http,
                               MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_NOTIFY_COMPLETED, complete, http,
                               MHD_OPTION_URI_LOG_CALLBACK, welcome, http, MHD_OPTION_NOTIFY_CONNECTION, notice, http,
                               MHD_OPTION_UNESCAPE_CALLBACK, serve_unescape, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                               (size_t)MEMORY, MHD_OPTION_CONNECTION_LIMIT, (unsigned)SERVE_MOST_CONNECTIONS,
                               MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PATIENCE, MHD_OPTION_END);
    if (http->daemon)
        return DR_OK;
    close(listener);
    return dr_fail(DR_MACHINE, "port %u: the server cannot be started", (unsigned)port);
}

void serve_http_stop(serve_http *http, double seconds, const atomic_bool *hurry)
{
    const atomic_bool patient = false;
    MHD_socket listener = MHD_quiesce_daemon(http->daemon);
    serve_jobs_finish(&http->jobs, seconds, hurry);
    serve_jobs_cancel(&http->jobs);
    serve_jobs_finish(&http->jobs, LAST_WORDS, &patient);
    MHD_stop_daemon(http->daemon);
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
    for (size_t i = 0; i < dr_page_count; i++)
        free(http->packed[i].bytes);
    free(http->packed);
}
