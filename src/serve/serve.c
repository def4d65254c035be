#define _GNU_SOURCE /* getrandom */
#include "serve/serve.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "serve/http.h"

enum { TOKEN_BYTES = 32, TOKEN_SIZE = 2 * TOKEN_BYTES + 1 };

static dr_status make_token(char token[TOKEN_SIZE])
{
    unsigned char bytes[TOKEN_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return dr_fail(DR_MACHINE, "the system gives no random numbers");
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(token + 2 * i, 3, "%02x", bytes[i]);
    return DR_OK;
}

static void tell_ready(const serve_options *options, const serve_guard *guard)
{
    char url[256];
    const char *host = options->listen ? options->listen : "127.0.0.1";
    bool colons = strchr(host, ':');
    snprintf(url, sizeof url, "http://%s%s%s:%u/%s%s", colons ? "[" : "", host, colons ? "]" : "",
             (unsigned)guard->port, guard->token ? "#token=" : "", guard->token ? guard->token : "");
    if (options->ready)
        options->ready(url, options->user);
}

static dr_status listen_until(serve_http *http, const serve_options *options, const sigset_t *ends)
{
    char token[TOKEN_SIZE], origin[SERVE_ORIGIN_SIZE];
    int signal = 0;
    if (options->origin) {
        DR_TRY(serve_origin_check(origin, options->origin));
        http->guard.origin = origin;
    }
    if (options->listen) {
        DR_TRY(make_token(token));
        http->guard.token = token;
    }
    DR_TRY(serve_http_start(http, options->listen, options->port));
    tell_ready(options, &http->guard);
    while (sigwait(ends, &signal) != 0) {
    }
    serve_http_stop(http);
    return DR_OK;
}

dr_status serve_run(const char *path, const serve_options *options)
{
    serve_http http = {0};
    serve_core *core = NULL;
    sigset_t ends, before;
    DR_TRY(serve_core_new(&core, path, options->store));
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, &before); /* here, and in the threads to come */
    dr_status status = serve_jobs_start(&http.jobs, core);
    if (status == DR_OK) {
        status = listen_until(&http, options, &ends);
        serve_jobs_cancel(&http.jobs);
        serve_jobs_end(&http.jobs);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    serve_core_free(core);
    return status;
}
