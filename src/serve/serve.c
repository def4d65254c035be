#include "serve/serve.h"

#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "serve/http.h"

enum { TOKEN_BYTES = 32, TOKEN_SIZE = 2 * TOKEN_BYTES + 1 };

static dr_status make_token(char token[TOKEN_SIZE])
{
    unsigned char bytes[TOKEN_BYTES];
    if (getentropy(bytes, sizeof bytes) != 0)
        return dr_fail(DR_MACHINE, "the system returns no random numbers");
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

/* A signal may reach any thread, including those that libraries started before main, and before serve() waits for
 * it. The first SIGTERM lets requests be finished; SIGINT, or a signal more, does not. */
static sem_t ended;
static atomic_bool hurry;
static volatile sig_atomic_t signals;

static void end(int signal)
{
    if (signal == SIGINT || signals > 0)
        atomic_store(&hurry, true);
    signals = 1;
    sem_post(&ended);
}

static void wait_for_end(void)
{
    while (sem_wait(&ended) != 0) {
    }
}

static dr_status listen_until_end(serve_http *http, const serve_options *options)
{
    const double grace = 60; /* systemd kills after 90 seconds */
    DR_TRY(serve_http_start(http, options->listen, options->port));
    tell_ready(options, &http->guard);
    wait_for_end();
    serve_http_stop(http, grace, &hurry);
    return DR_OK;
}

static dr_status serve(serve_worlds *worlds, const serve_options *options)
{
    serve_http http = {0};
    char token[TOKEN_SIZE], origin[SERVE_ORIGIN_SIZE], base[SERVE_ORIGIN_SIZE] = "", frames[SERVE_FRAMES_SIZE];
    if (options->origin)
        DR_TRY(serve_origin_check(origin, base, options->origin));
    if (options->embed_hosts)
        DR_TRY(serve_frames_check(frames, options->embed_hosts));
    if (options->listen)
        DR_TRY(make_token(token));
    DR_TRY(serve_monitor_open(&http.monitor, options->log));
    DR_TRY(serve_jobs_start(&http.jobs, worlds));
    http.guard = (serve_guard){.token = options->listen ? token : NULL,
                               .origin = options->origin ? origin : NULL,
                               .base = base,
                               .behind_proxy = options->behind_proxy,
                               .user_header = options->user_header,
                               .frames = options->embed_hosts ? frames : NULL};
    dr_status status = listen_until_end(&http, options);
    serve_jobs_cancel(&http.jobs);
    serve_jobs_end(&http.jobs);
    serve_monitor_close(&http.monitor);
    return status;
}

dr_status serve_run(const char *const *paths, size_t count, const serve_options *options)
{
    struct sigaction ends = {.sa_handler = end, .sa_flags = SA_RESTART}, interrupt, terminate;
    serve_worlds worlds;
    dr_status status = serve_worlds_open(&worlds, paths, count, options->store, options->note, options->user);
    sem_init(&ended, 0, 0);
    atomic_store(&hurry, false);
    signals = 0;
    sigaction(SIGINT, &ends, &interrupt);
    sigaction(SIGTERM, &ends, &terminate);
    if (status == DR_OK)
        status = serve(&worlds, options);
    serve_worlds_free(&worlds);
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGTERM, &terminate, NULL);
    sem_destroy(&ended);
    return status;
}
