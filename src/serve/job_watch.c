#include "serve/job_parts.h"

#include <poll.h>
#include <time.h>

enum { MOST_WATCHED = SERVE_MOST_CONNECTIONS, PAUSE = 20 /* ms */ };

typedef struct watched {
    struct pollfd polls[MOST_WATCHED];
    unsigned long long numbers[MOST_WATCHED]; /* of the jobs: another may have the place and the socket of one by now */
    nfds_t count;
} watched;

/* Stops jobs that take too long, and lists those whose clients may leave; with the lock held. */
static void list_jobs(serve_jobs *jobs, watched *w)
{
    double most = jobs->context->limits.seconds;
    w->count = 0;
    for (serve_job *job = jobs->suspended, *next; job; job = next) {
        next = job->next; /* stopping a job resumes it, which takes it off the list */
        if (!job->late && serve_queue_ran(serve_job_queue(job), &job->task) > most) {
            job->late = true;
            serve_job_stop(job);
        } else if (!job->gone && w->count < MOST_WATCHED) {
            w->numbers[w->count] = job->number;
            w->polls[w->count++] = (struct pollfd){.fd = job->connection_state->socket, .events = POLLRDHUP};
        }
    }
}

/* Stops the listed jobs whose clients have left, if they are still suspended; with the lock held. */
static void stop_gone(serve_jobs *jobs, const watched *w)
{
    for (nfds_t i = 0; i < w->count; i++) {
        serve_job *job = w->polls[i].revents ? jobs->suspended : NULL;
        while (job && job->number != w->numbers[i])
            job = job->next;
        if (!job)
            continue;
        job->gone = true;
        serve_job_stop(job);
    }
}

void serve_jobs_wait(serve_jobs *jobs, double seconds)
{
    const long second = 1000000000;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(seconds * (double)second);
    until.tv_sec += until.tv_nsec / second;
    until.tv_nsec %= second;
    pthread_cond_timedwait(&jobs->changed, &jobs->lock, &until);
}

void *serve_watch(void *user)
{
    serve_jobs *jobs = user;
    watched w;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->stopping) {
        serve_connections_cut_slow(jobs);
        list_jobs(jobs, &w);
        if (w.count == 0) {
            serve_jobs_wait(jobs, 0.25);
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
