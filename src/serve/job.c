#include "serve/job_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "serve/pack.h"

/* ---- Life -------------------------------------------------------------------------------------------------------- */

serve_job *serve_job_new(serve_jobs *jobs, struct MHD_Connection *connection, serve_connection *state,
                         const char *target)
{
    serve_job *job = dr_new(1, sizeof *job);
    if (!job || dr_cancel_new(&job->cancel) != DR_OK) {
        free(job);
        return NULL;
    }
    job->target = dr_arena_text(&job->arena, target);
    job->arrived = dr_seconds();
    job->jobs = jobs;
    job->context = jobs->context;
    job->connection = connection;
    job->connection_state = state;
    job->users = 1;
    pthread_mutex_lock(&jobs->lock);
    jobs->open++;
    job->number = ++jobs->count;
    state->used = true;
    pthread_mutex_unlock(&jobs->lock);
    if (job->target)
        return job;
    serve_job_leave(job);
    return NULL;
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

/* Releases the job, with the lock held; whether this was the last user. */
static bool let_go(serve_job *job)
{
    return --job->users == 0;
}

/* ---- Suspending, with the lock held ------------------------------------------------------------------------------ */

void serve_job_suspend(serve_job *job)
{
    job->suspended = true;
    job->next = job->jobs->suspended;
    job->jobs->suspended = job;
    MHD_suspend_connection(job->connection);
    pthread_cond_broadcast(&job->jobs->changed);
}

void serve_job_resume(serve_job *job)
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

/* ---- Working ----------------------------------------------------------------------------------------------------- */

/* Hands over the reply, with the lock held; a job that was stopped for its time says so. */
static void finish(serve_job *job)
{
    serve_reply *reply = &job->reply;
    if (job->late && reply->status != 200) {
        serve_reply_free(reply);
        serve_refuse(reply, 503, "too-long", "not done within %g seconds, the limit of this server for a request",
                     job->jobs->context->limits.seconds);
    }
    job->done = true;
    if (job->connection_state)
        job->connection_state->deadline = dr_seconds() + SERVE_PATIENCE;
    if (job->stream && reply->text)
        serve_stream_add(job, reply->status == 200 ? "{\"result\": " : "", reply->text, reply->size,
                         reply->status == 200 ? "}" : "");
    serve_job_resume(job);
}

static void run(serve_task *task)
{
    serve_job *job = (serve_job *)task;
    serve_session *session = NULL;
    dr_cancel_watch(job->cancel);
    serve_world_refresh(job->context);
    if (serve_session_take(&session, job->context) == DR_OK)
        serve_answer(&job->reply, job->endpoint, job->context, session, &job->request, serve_stream_progress, job);
    serve_session_give(session);
    dr_cancel_watch(NULL);
    if (!job->stream && serve_accepts_gzip(job->request.accept_encoding))
        serve_reply_pack(&job->reply);
}

static void end(serve_task *task)
{
    serve_job *job = (serve_job *)task;
    serve_jobs *jobs = job->jobs;
    pthread_mutex_lock(&jobs->lock);
    finish(job);
    bool last = let_go(job);
    pthread_mutex_unlock(&jobs->lock);
    if (last)
        job_free(job);
}

serve_queue *serve_job_queue(const serve_job *job)
{
    return job->endpoint->lane == SERVE_READER ? job->jobs->readers : job->jobs->solvers;
}

/* With the lock held. */
void serve_job_stop(serve_job *job)
{
    dr_cancel_now(job->cancel);
    if (!serve_queue_drop(serve_job_queue(job), &job->task))
        return; /* it runs already, and the worker sees the cancellation */
    serve_refuse(&job->reply, 503, "cancelled", "cancelled");
    finish(job);
    let_go(job);
}

void serve_job_leave(serve_job *job)
{
    serve_jobs *jobs = job->jobs;
    pthread_mutex_lock(&jobs->lock);
    if (!job->done && job->users > 1)
        serve_job_stop(job);
    job->connection_state->since = dr_seconds();
    job->connection_state->deadline = job->connection_state->since + SERVE_PATIENCE; /* for the next request */
    job->connection_state->used = false;
    job->connection_state = NULL;
    jobs->open--;
    pthread_cond_broadcast(&jobs->changed);
    bool last = let_go(job);
    pthread_mutex_unlock(&jobs->lock);
    if (last)
        job_free(job);
}

/* Puts the job into its queue, with the lock held. */
static void put(serve_job *job)
{
    serve_jobs *jobs = job->jobs;
    job->task = (serve_task){
        .run = run, .end = end, .client = job->request.client, .takes_long = job->endpoint->lane == SERVE_LONG};
    job->users++;
    if (jobs->closing || !serve_queue_put(serve_job_queue(job), &job->task)) {
        job->users--;
        job->stream = false;
        serve_refuse(&job->reply, jobs->closing ? 503 : 429, "busy",
                     jobs->closing ? "the server is stopping" : "too many requests are waiting; try again");
        job->reply.last = jobs->closing;
        job->done = true;
    } else {
        serve_job_suspend(job);
    }
}

bool serve_job_dispatch(serve_job *job)
{
    serve_jobs *jobs = job->jobs;
    job->dispatched = true;
    if (job->endpoint->lane == SERVE_AT_ONCE)
        serve_answer(&job->reply, job->endpoint, job->context, NULL, &job->request, NULL, NULL);
    pthread_mutex_lock(&jobs->lock);
    job->connection_state->deadline = INFINITY; /* until the reply is there */
    if (job->endpoint->lane == SERVE_AT_ONCE)
        job->done = true;
    else
        put(job);
    bool done = job->done;
    if (done)
        job->connection_state->deadline = dr_seconds() + SERVE_PATIENCE;
    pthread_mutex_unlock(&jobs->lock);
    return done;
}

/* ---- All jobs ---------------------------------------------------------------------------------------------------- */

dr_status serve_jobs_start(serve_jobs *jobs, serve_worlds *worlds)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const serve_limits *limits = &worlds->of[0]->limits;
    *jobs = (serve_jobs){.worlds = worlds, .context = worlds->of[0]};
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->changed, NULL);
    dr_status status = serve_queue_new(&jobs->solvers, cores > 0 ? (size_t)cores : 1, limits->queue);
    if (status == DR_OK)
        status = serve_queue_new(&jobs->readers, 1, limits->queue);
    for (size_t i = 0; i < worlds->count; i++)
        worlds->of[i]->solvers = jobs->solvers;
    if (status == DR_OK && pthread_create(&jobs->watcher, NULL, serve_watch, jobs) != 0)
        status = dr_fail(DR_MACHINE, "cannot start more threads");
    if (status == DR_OK)
        return DR_OK;
    serve_queue_free(jobs->solvers);
    serve_queue_free(jobs->readers);
    return status;
}

void serve_jobs_finish(serve_jobs *jobs, double seconds, const atomic_bool *hurry)
{
    double end = dr_seconds() + seconds;
    pthread_mutex_lock(&jobs->lock);
    jobs->closing = true;
    while (jobs->open > 0 && !atomic_load(hurry) && dr_seconds() < end)
        serve_jobs_wait(jobs, 0.1);
    pthread_mutex_unlock(&jobs->lock);
}

void serve_jobs_cancel(serve_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->closing = jobs->stopping = true;
    pthread_cond_broadcast(&jobs->changed);
    while (jobs->suspended) {
        for (serve_job *job = jobs->suspended, *next; job; job = next) {
            next = job->next;
            serve_job_stop(job);
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
