/* What the files of the jobs share: job.c (their life and work), connection.c, job_stream.c and job_watch.c. */
#ifndef DR_SERVE_JOB_PARTS_H
#define DR_SERVE_JOB_PARTS_H

#include "serve/job.h"

/* Seconds that a client may take to send a request or to take a reply before its connection is cut. */
enum { SERVE_PATIENCE = 60 };

/* All below are called with the lock of the jobs held, but for serve_stream_progress and serve_watch. */

/* Cuts the connections that take too long; libmicrohttpd closes them then. */
void serve_connections_cut_slow(serve_jobs *jobs);

/* Suspends the connection of a job, and resumes it if it is suspended. */
void serve_job_suspend(serve_job *job);
void serve_job_resume(serve_job *job);

/* The queue that a job is in. */
serve_queue *serve_job_queue(const serve_job *job);

/* Waits until a job is suspended, resumed or left, for at most so long. */
void serve_jobs_wait(serve_jobs *jobs, double seconds);

/* Cancels a job whose client has left or whose time is over. */
void serve_job_stop(serve_job *job);

/* Adds a line to the stream of a job: `before`, the text with blanks for line breaks, and `after`. */
void serve_stream_add(serve_job *job, const char *before, const char *text, size_t size, const char *after);

/* The progress callback of a job: a line at most ten times a second, and the last one. */
void serve_stream_progress(const char *what, size_t done, size_t all, void *job);

/* The thread that cuts slow connections, and stops late jobs and those whose clients have left. */
void *serve_watch(void *jobs);

#endif
