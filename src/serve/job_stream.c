#include "serve/job_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* Line breaks of JSON stand between members, never in texts, so that blanks may take their place. */
void serve_stream_add(serve_job *job, const char *before, const char *text, size_t size, const char *after)
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
    serve_job_resume(job);
}

void serve_stream_progress(const char *what, size_t done, size_t all, void *user)
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
    serve_stream_add(job, "", text, strlen(text), "");
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
        serve_job_suspend(job);
        moved = 0;
    }
    pthread_mutex_unlock(&job->jobs->lock);
    return moved;
}
