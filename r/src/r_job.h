/* A call of the library in a thread of its own, while R's thread answers interrupts and shows progress: any call that
 * watches a dr_cancel can be interrupted, whether it reports progress or not. */
#ifndef DERISK_R_JOB_H
#define DERISK_R_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include <derisk.h>

typedef struct rd_job rd_job;

/* What is called: fills *out, if it makes an object; runs in the other thread, and so uses nothing of R. */
typedef dr_status rd_run(rd_job *job, void **out, void *call);

enum { RD_ERROR_SIZE = 2048 };

/* What came of it. */
typedef struct rd_outcome {
    dr_status status;
    bool interrupted; /* by the user */
    char error[RD_ERROR_SIZE];
} rd_outcome;

void rd_job_run(rd_outcome *outcome, rd_run *run, void **out, void *call, bool show_progress);

/* The callback of the library's options, with the job as `user`. */
void rd_job_progress(const char *what, size_t done, size_t all, void *user);

#endif
