#include "r_job.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#define R_NO_REMAP
#include <R_ext/Print.h>
#include <Rinternals.h>

enum { WAIT_NANOSECONDS = 50000000, QUIET_WAITS = 20 /* before progress is shown: a second */ };

struct rd_job {
    rd_run *run;
    void **out, *call;
    dr_cancel *cancel;
    rd_outcome *outcome;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t ended_now;
    bool ended;
    char what[64];
    size_t done, all;
};

void rd_job_progress(const char *what, size_t done, size_t all, void *user)
{
    rd_job *job = user;
    pthread_mutex_lock(&job->lock);
    snprintf(job->what, sizeof job->what, "%s", what);
    job->done = done;
    job->all = all;
    pthread_mutex_unlock(&job->lock);
}

/* dr_error_text is of the thread that failed. */
static void call_library(rd_job *job)
{
    dr_cancel_watch(job->cancel);
    job->outcome->status = job->run(job, job->out, job->call);
    if (job->outcome->status != DR_OK)
        snprintf(job->outcome->error, sizeof job->outcome->error, "%s", dr_error_text());
    dr_cancel_watch(NULL);
}

static void *work(void *user)
{
    rd_job *job = user;
    call_library(job);
    pthread_mutex_lock(&job->lock);
    job->ended = true;
    pthread_cond_signal(&job->ended_now);
    pthread_mutex_unlock(&job->lock);
    return NULL;
}

static void check_interrupt(void *unused)
{
    (void)unused;
    R_CheckUserInterrupt();
}

/* Waits for a moment, or until the call has ended; whether it has. Copies the progress for the caller to show. */
static bool wait_a_moment(rd_job *job, char what[64], size_t *done, size_t *all)
{
    struct timespec until;
    timespec_get(&until, TIME_UTC);
    until.tv_nsec += WAIT_NANOSECONDS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&job->lock);
    if (!job->ended)
        pthread_cond_timedwait(&job->ended_now, &job->lock, &until);
    bool ended = job->ended;
    snprintf(what, 64, "%s", job->what);
    *done = job->done;
    *all = job->all;
    pthread_mutex_unlock(&job->lock);
    return ended;
}

static void watch(rd_job *job, bool show_progress)
{
    char what[64];
    size_t done = 0, all = 0;
    bool shown = false;
    for (int waits = 0; !wait_a_moment(job, what, &done, &all); waits++) {
        if (!job->outcome->interrupted && !R_ToplevelExec(check_interrupt, NULL)) {
            job->outcome->interrupted = true;
            dr_cancel_now(job->cancel);
        }
        if (show_progress && waits >= QUIET_WAITS && what[0] && all > 0) {
            REprintf("\r%s: %zu of %zu ", what, done, all);
            shown = true;
        }
    }
    if (shown)
        REprintf("\n");
}

/* Signals are R's thread's. */
static bool start(pthread_t *thread, rd_job *job)
{
    sigset_t every, before;
    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, &before);
    bool started = pthread_create(thread, NULL, work, job) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

void rd_job_run(rd_outcome *outcome, rd_run *run, void **out, void *call, bool show_progress)
{
    pthread_t thread;
    rd_job job = {.run = run, .out = out, .call = call, .outcome = outcome};
    *outcome = (rd_outcome){.status = dr_cancel_new(&job.cancel)};
    pthread_mutex_init(&job.lock, NULL);
    pthread_cond_init(&job.ended_now, NULL);
    if (outcome->status != DR_OK) {
        snprintf(outcome->error, sizeof outcome->error, "%s", dr_error_text());
    } else if (start(&thread, &job)) {
        watch(&job, show_progress);
        pthread_join(thread, NULL);
    } else { /* there is no other thread to be had */
        call_library(&job);
    }
    dr_cancel_free(job.cancel);
    pthread_cond_destroy(&job.ended_now);
    pthread_mutex_destroy(&job.lock);
}
