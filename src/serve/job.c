#include "serve/job.h"

#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* ---- Connections ------------------------------------------------------------------------------------------------------- */

/* What a request may take to come in, and a reply to be taken: a client that drips is cut off. */
static const double PATIENCE = 60;

serve_line *serve_line_new(serve_jobs *jobs, int socket)
{
    serve_line *line = dr_new(1, sizeof *line);
    if (!line)
        return NULL;
    pthread_mutex_lock(&jobs->lock);
    *line = (serve_line){socket, dr_seconds() + PATIENCE, jobs->lines};
    jobs->lines = line;
    pthread_mutex_unlock(&jobs->lock);
    return line;
}

void serve_line_free(serve_jobs *jobs, serve_line *line)
{
    pthread_mutex_lock(&jobs->lock);
    serve_line **at = &jobs->lines;
    while (*at != line)
        at = &(*at)->next;
    *at = line->next;
    pthread_mutex_unlock(&jobs->lock);
    free(line);
}

/* Cuts those that take too long, with the lock held: libmicrohttpd closes them then. */
static void cut_slow(serve_jobs *jobs)
{
    double time = dr_seconds();
    for (serve_line *line = jobs->lines; line; line = line->next)
        if (time > line->deadline) {
            shutdown(line->socket, SHUT_RDWR);
            line->deadline = INFINITY;
        }
}

/* ---- Life -------------------------------------------------------------------------------------------------------------- */

serve_job *serve_job_new(serve_jobs *jobs, struct MHD_Connection *connection, serve_line *line)
{
    serve_job *job = dr_new(1, sizeof *job);
    if (!job || dr_cancel_new(&job->cancel) != DR_OK) {
        free(job);
        return NULL;
    }
    job->jobs = jobs;
    job->connection = connection;
    job->line = line;
    job->users = 1;
    return job;
}

static void job_free(serve_job *job)
{
    dr_cancel_free(job->cancel);
    serve_reply_free(&job->reply);
    dr_arena_free(&job->arena);
    free(job->body);
    free(job->lines);
    free(job);
}

/* Ends a hold on the job, with the lock held; whether it was the last. */
static bool let_go(serve_job *job)
{
    return --job->users == 0;
}

/* ---- Suspending, with the lock held ------------------------------------------------------------------------------------ */

static void suspend(serve_job *job)
{
    job->suspended = true;
    job->next = job->jobs->suspended;
    job->jobs->suspended = job;
    MHD_suspend_connection(job->connection);
    pthread_cond_broadcast(&job->jobs->changed);
}

static void resume(serve_job *job)
{
    if (!job->suspended)
        return;
    serve_job **at = &job->jobs->suspended;
    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
    job->suspended = false;
    MHD_resume_connection(job->connection);
    pthread_cond_broadcast(&job->jobs->changed);
}

/* ---- Lines of a stream, with the lock held ----------------------------------------------------------------------------- */

/* `text` on a line of its own: what line breaks it has stand between members, not in texts. */
static void add_line(serve_job *job, const char *before, const char *text, size_t size, const char *after)
{
    size_t need = job->lines_size + strlen(before) + size + strlen(after) + 1;
    if (!dr_grow((void **)&job->lines, &job->lines_capacity, need, 1))
        return; /* the stream ends early, which the client sees */
    char *to = stpcpy(job->lines + job->lines_size, before);
    for (size_t i = 0; i < size; i++)
        *to++ = text[i] == '\n' ? ' ' : text[i];
    to = stpcpy(to, after);
    *to = '\n';
    job->lines_size = need;
    resume(job);
}

/* Ten times a second, and the last. */
static void tell_progress(const char *what, size_t done, size_t all, void *user)
{
    const double pause = 0.1;
    serve_job *job = user;
    double time = dr_seconds();
    if (!job->stream || (time - job->told < pause && (done < all || all == 0)))
        return;
    job->told = time;
    json_t *line =
        json_pack("{s:{s:s, s:I, s:I}}", "progress", "what", what, "done", (json_int_t)done, "all", (json_int_t)all);
    char *text = line ? json_dumps(line, 0) : NULL;
    json_decref(line);
    if (!text)
        return;
    pthread_mutex_lock(&job->jobs->lock);
    add_line(job, "", text, strlen(text), "");
    pthread_mutex_unlock(&job->jobs->lock);
    free(text);
}

ssize_t serve_job_read(serve_job *job, char *text, size_t most)
{
    ssize_t moved = -1;
    pthread_mutex_lock(&job->jobs->lock);
    if (job->lines_size > 0) {
        size_t size = job->lines_size < most ? job->lines_size : most;
        memcpy(text, job->lines, size);
        memmove(job->lines, job->lines + size, job->lines_size - size);
        job->lines_size -= size;
        moved = (ssize_t)size;
    } else if (!job->done && !job->jobs->stopping) {
        suspend(job);
        moved = 0;
    }
    pthread_mutex_unlock(&job->jobs->lock);
    return moved;
}

/* ---- Working ----------------------------------------------------------------------------------------------------------- */

/* The reply is there, with the lock held. What was cut off says so. */
static void finish(serve_job *job)
{
    serve_reply *reply = &job->reply;
    if (job->late && reply->status != 200) {
        serve_reply_free(reply);
        serve_refuse(reply, 503, "too-long",
                     "not done within %g seconds, the most that this server takes for a request",
                     job->jobs->core->limits.seconds);
    }
    job->done = true;
    if (job->stream && reply->text)
        add_line(job, reply->status == 200 ? "{\"result\": " : "", reply->text, reply->size,
                 reply->status == 200 ? "}" : "");
    resume(job);
}

static void run(serve_task *task, serve_desk *desk)
{
    serve_job *job = (serve_job *)task;
    serve_jobs *jobs = job->jobs;
    dr_cancel_watch(job->cancel);
    serve_answer(&job->reply, job->endpoint, jobs->core, desk, &job->request, tell_progress, job);
    dr_cancel_watch(NULL);
    pthread_mutex_lock(&jobs->lock);
    finish(job);
    bool last = let_go(job);
    pthread_mutex_unlock(&jobs->lock);
    if (last)
        job_free(job);
}

/* Nobody wants the answer any more, with the lock held. */
static void stop(serve_job *job)
{
    serve_jobs *jobs = job->jobs;
    serve_queue *queue = job->endpoint->lane == SERVE_SOLVER ? jobs->solvers : jobs->readers;
    dr_cancel_now(job->cancel);
    if (!serve_queue_drop(queue, &job->task))
        return; /* the worker sees it */
    serve_refuse(&job->reply, 503, "cancelled", "cancelled");
    finish(job);
    let_go(job);
}

void serve_job_leave(serve_job *job)
{
    serve_jobs *jobs = job->jobs;
    pthread_mutex_lock(&jobs->lock);
    if (!job->done && job->users > 1)
        stop(job);
    job->line->deadline = dr_seconds() + PATIENCE; /* for the next request */
    bool last = let_go(job);
    pthread_mutex_unlock(&jobs->lock);
    if (last)
        job_free(job);
}

bool serve_job_done(serve_job *job)
{
    pthread_mutex_lock(&job->jobs->lock);
    bool done = job->done;
    pthread_mutex_unlock(&job->jobs->lock);
    return done;
}

/* Puts the job in line, with the lock held. */
static void put(serve_job *job)
{
    serve_jobs *jobs = job->jobs;
    job->task.run = run;
    job->deadline = dr_seconds() + jobs->core->limits.seconds;
    job->users++;
    if (jobs->stopping ||
        !serve_queue_put(job->endpoint->lane == SERVE_SOLVER ? jobs->solvers : jobs->readers, &job->task)) {
        job->users--;
        job->stream = false;
        serve_refuse(&job->reply, jobs->stopping ? 503 : 429, "busy",
                     jobs->stopping ? "the server is stopping" : "more solves wait than this server takes; try again");
        job->done = true;
    } else if (!job->stream) {
        suspend(job);
    }
}

bool serve_job_dispatch(serve_job *job)
{
    serve_jobs *jobs = job->jobs;
    if (job->endpoint->lane == SERVE_AT_ONCE)
        serve_answer(&job->reply, job->endpoint, jobs->core, NULL, &job->request, NULL, NULL);
    pthread_mutex_lock(&jobs->lock);
    job->line->deadline = dr_seconds() + jobs->core->limits.seconds + PATIENCE;
    if (job->endpoint->lane == SERVE_AT_ONCE)
        job->done = true;
    else
        put(job);
    bool done = job->done;
    pthread_mutex_unlock(&jobs->lock);
    return done;
}

/* ---- Watching ---------------------------------------------------------------------------------------------------------- */

enum { MOST_WATCHED = 512, PAUSE = 20 /* ms */ };

typedef struct watched {
    struct pollfd polls[MOST_WATCHED];
    serve_job *jobs[MOST_WATCHED];
    nfds_t count;
} watched;

/* Stops what takes too long, and lists whose clients may leave; with the lock held. */
static void look(serve_jobs *jobs, watched *w)
{
    double time = dr_seconds();
    w->count = 0;
    for (serve_job *job = jobs->suspended, *next; job; job = next) {
        next = job->next; /* to stop one resumes it */
        if (!job->late && time > job->deadline) {
            job->late = true;
            stop(job);
        } else if (!job->gone && w->count < MOST_WATCHED) {
            w->jobs[w->count] = job;
            w->polls[w->count++] = (struct pollfd){.fd = job->line->socket, .events = POLLRDHUP};
        }
    }
}

/* Stops those of the list whose clients have left, if they are still there; with the lock held. */
static void stop_gone(serve_jobs *jobs, const watched *w)
{
    for (nfds_t i = 0; i < w->count; i++) {
        serve_job *job = w->polls[i].revents ? jobs->suspended : NULL;
        while (job && (job != w->jobs[i] || job->line->socket != w->polls[i].fd))
            job = job->next;
        if (!job)
            continue;
        job->gone = true;
        stop(job);
    }
}

/* Until there is one to watch, or some time has passed; with the lock held. */
static void wait_for_job(serve_jobs *jobs)
{
    const long quarter = 250000000;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += quarter;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&jobs->changed, &jobs->lock, &until);
}

static void *watch(void *user)
{
    serve_jobs *jobs = user;
    watched w;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->stopping) {
        cut_slow(jobs);
        look(jobs, &w);
        if (w.count == 0) {
            wait_for_job(jobs);
            continue;
        }
        pthread_mutex_unlock(&jobs->lock);
        poll(w.polls, w.count, PAUSE);
        pthread_mutex_lock(&jobs->lock);
        stop_gone(jobs, &w);
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

/* ---- All jobs ---------------------------------------------------------------------------------------------------------- */

dr_status serve_jobs_start(serve_jobs *jobs, serve_core *core)
{
    enum { MOST_READS = 256 };
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *jobs = (serve_jobs){.core = core};
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->changed, NULL);
    dr_status status = serve_queue_new(&jobs->solvers, core, cores > 0 ? (size_t)cores : 1, core->limits.queue);
    if (status == DR_OK)
        status = serve_queue_new(&jobs->readers, core, 1, MOST_READS);
    core->solvers = jobs->solvers;
    if (status == DR_OK && pthread_create(&jobs->watcher, NULL, watch, jobs) != 0)
        status = dr_fail(DR_MACHINE, "no more threads can be started");
    if (status == DR_OK)
        return DR_OK;
    serve_queue_free(jobs->solvers);
    serve_queue_free(jobs->readers);
    return status;
}

void serve_jobs_cancel(serve_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->stopping = true;
    pthread_cond_broadcast(&jobs->changed);
    while (jobs->suspended) {
        for (serve_job *job = jobs->suspended, *next; job; job = next) {
            next = job->next;
            stop(job);
        }
        if (jobs->suspended)
            pthread_cond_wait(&jobs->changed, &jobs->lock);
    }
    pthread_mutex_unlock(&jobs->lock);
}

void serve_jobs_end(serve_jobs *jobs)
{
    pthread_join(jobs->watcher, NULL);
    serve_queue_free(jobs->solvers);
    serve_queue_free(jobs->readers);
    pthread_mutex_destroy(&jobs->lock);
    pthread_cond_destroy(&jobs->changed);
}
