/* What the server tells of itself: a log of requests, and measurements for Prometheus. Used by the thread of the
 * sockets alone. */
#ifndef DR_SERVE_MONITOR_H
#define DR_SERVE_MONITOR_H

#include <stdio.h>

#include "serve/job.h"

enum { SERVE_STATUSES = 600, SERVE_BUCKETS = 14, SERVE_KINDS = 3 };

typedef struct serve_monitor {
    FILE *log; /* NULL: none */
    unsigned long long answers[SERVE_STATUSES];
    unsigned long long bytes;
    struct serve_times {
        unsigned long long within[SERVE_BUCKETS], count; /* requests that took no longer than a bound; all */
        double seconds;
    } times[SERVE_KINDS];
} serve_monitor;

/* Opens the log (NULL: none), to which lines are added. Errors: DR_MACHINE (it cannot be written). */
dr_status serve_monitor_open(serve_monitor *monitor, const char *log);
void serve_monitor_close(serve_monitor *monitor);

/* Counts a request that is over, and adds its line to the log, in the common log format. */
void serve_monitor_add(serve_monitor *monitor, const serve_job *job);

/* The replies to GET /healthz and GET /metrics. */
void serve_tell_health(serve_reply *out, serve_jobs *jobs);
void serve_tell_metrics(serve_reply *out, const serve_monitor *monitor, serve_jobs *jobs);

#endif
