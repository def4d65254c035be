#include "serve/http.h"

#include <string.h>
#include <unistd.h>

#include "serve/page.h"

/* MEMORY is the memory of a request before its body, of which each parameter of the query takes 64 bytes. */
enum { MOST_CONNECTIONS = 512, MEMORY = 1 << 18, PATIENCE = 30 /* seconds of silence */ };

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
        return serve_send_reply(job);
    if (file && get)
        return serve_send_page(job, file);
    refuse_page(&job->reply, request);
    return serve_send_reply(job);
}

/* Called when the headers have arrived. The body of a request that is refused by its headers is not read. */
static enum MHD_Result begin(serve_http *http, struct MHD_Connection *connection, const char *path, const char *method,
                             const char *version, void **context)
{
    serve_connection *state = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    serve_job *job = *context = state ? serve_job_new(&http->jobs, connection, state) : NULL;
    if (!job || !serve_read_request(job, &http->guard, path, method, version))
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
    if (!job->endpoint || serve_job_done(job))
        return serve_send_reply(job);
    job->stream = job->endpoint->lane >= SERVE_SOLVER && job->request.accept && strstr(job->request.accept, lines);
    if (serve_job_dispatch(job))
        return serve_send_reply(job);
    return job->stream ? serve_send_stream(job) : MHD_YES;
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

/* ---- The server as a whole --------------------------------------------------------------------------------------- */

dr_status serve_http_start(serve_http *http, const char *address, unsigned short port)
{
    int listener = -1;
    DR_TRY(serve_listen(&listener, address, &port));
    http->guard.port = port;
    http->daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, http,
                         MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_NOTIFY_COMPLETED, complete, NULL,
                         MHD_OPTION_NOTIFY_CONNECTION, notice, http, MHD_OPTION_UNESCAPE_CALLBACK, serve_unescape, NULL,
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
