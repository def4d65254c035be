#include "serve/monitor.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/portable.h"
#include "base/print.h"

/* Upper bounds of the durations that are counted, in seconds; the last has none. */
static const double bounds[SERVE_BUCKETS] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120};

static const char *const kinds[SERVE_KINDS] = {"page", "short", "long"};

dr_status serve_monitor_open(serve_monitor *m, const char *log)
{
    if (!log)
        return DR_OK;
    m->log = fopen(log, "ae");
    if (!m->log)
        return dr_fail(DR_MACHINE, "%s: cannot be written: %s", log, strerror(errno));
    setvbuf(m->log, NULL, _IOLBF, BUFSIZ);
    return DR_OK;
}

void serve_monitor_close(serve_monitor *m)
{
    if (m->log)
        fclose(m->log);
}

/* ---- The log ----------------------------------------------------------------------------------------------------- */

/* A text without what could be taken for the end of a field or line, or for a command of a terminal. */
static void write_field(FILE *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\')
            fprintf(out, "\\x%02x", (unsigned)c);
        else
            fputc(c, out);
    }
}

static void write_line(FILE *log, const serve_job *job)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm at;
    time_t now = time(NULL);
    gmtime_r(&now, &at);
    fputs(job->request.address ? job->request.address : "-", log);
    fputs(" - ", log);
    write_field(log, job->request.user ? job->request.user : "-");
    fprintf(log, " [%02d/%s/%d:%02d:%02d:%02d +0000] \"", at.tm_mday, months[at.tm_mon], at.tm_year + 1900, at.tm_hour,
            at.tm_min, at.tm_sec);
    write_field(log, job->request.method ? job->request.method : "-");
    fputc(' ', log);
    write_field(log, job->target);
    fprintf(log, " %s\" %u %llu\n", job->version ? job->version : "-", job->sent_status, job->sent);
}

static size_t kind_of(const serve_job *job)
{
    return !job->endpoint ? 0 : job->endpoint->lane == SERVE_LONG ? 2 : 1;
}

void serve_monitor_add(serve_monitor *m, const serve_job *job)
{
    struct serve_times *times = &m->times[kind_of(job)];
    double seconds = dr_seconds() - job->arrived;
    m->answers[job->sent_status < SERVE_STATUSES ? job->sent_status : 0]++;
    m->bytes += job->sent;
    times->count++;
    times->seconds += seconds;
    for (size_t i = 0; i < SERVE_BUCKETS; i++)
        times->within[i] += seconds <= bounds[i];
    if (m->log)
        write_line(m->log, job);
}

/* ---- Measurements ------------------------------------------------------------------------------------------------ */

static void head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_answers(FILE *out, const serve_monitor *m)
{
    head(out, "derisk_requests_total", "counter", "Requests that were answered, by status; 499: the client left.");
    for (size_t i = 0; i < SERVE_STATUSES; i++)
        if (m->answers[i] > 0)
            fprintf(out, "derisk_requests_total{status=\"%zu\"} %llu\n", i, m->answers[i]);
    head(out, "derisk_sent_bytes_total", "counter", "Bytes of answers.");
    fprintf(out, "derisk_sent_bytes_total %llu\n", m->bytes);
}

static void write_times(FILE *out, const serve_monitor *m)
{
    static const char name[] = "derisk_request_seconds";
    head(out, name, "histogram", "Time from a request to the end of its answer: page, short and long requests.");
    for (size_t k = 0; k < SERVE_KINDS; k++) {
        const struct serve_times *times = &m->times[k];
        for (size_t i = 0; i < SERVE_BUCKETS; i++)
            dr_print(out, "%s_bucket{kind=\"%s\",le=\"%g\"} %llu\n", name, kinds[k], bounds[i], times->within[i]);
        fprintf(out, "%s_bucket{kind=\"%s\",le=\"+Inf\"} %llu\n", name, kinds[k], times->count);
        dr_print(out, "%s_sum{kind=\"%s\"} %.6f\n", name, kinds[k], times->seconds);
        fprintf(out, "%s_count{kind=\"%s\"} %llu\n", name, kinds[k], times->count);
    }
}

static void write_load(FILE *out, serve_jobs *jobs)
{
    size_t waiting, running, done;
    serve_queue_count(jobs->solvers, &waiting, &running, &done);
    head(out, "derisk_solves", "gauge", "Solves that wait or pause, and that run.");
    fprintf(out, "derisk_solves{state=\"waiting\"} %zu\nderisk_solves{state=\"running\"} %zu\n", waiting, running);
    head(out, "derisk_solves_total", "counter", "Solves that have ended.");
    fprintf(out, "derisk_solves_total %zu\n", done);
    pthread_mutex_lock(&jobs->lock);
    size_t connections = jobs->connection_count;
    pthread_mutex_unlock(&jobs->lock);
    head(out, "derisk_connections", "gauge", "Open connections.");
    fprintf(out, "derisk_connections %zu\n", connections);
    head(out, "derisk_uptime_seconds", "gauge", "Time since the start.");
    dr_print(out, "derisk_uptime_seconds %.3f\n", dr_seconds() - jobs->context->started);
    double memory = dr_resident_memory();
    head(out, "process_resident_memory_bytes", "gauge", "Resident memory size in bytes.");
    dr_print(out, "process_resident_memory_bytes %.0f\n", isnan(memory) ? 0 : memory);
}

void serve_tell_metrics(serve_reply *out, const serve_monitor *m, serve_jobs *jobs)
{
    *out = (serve_reply){.status = 200, .type = "text/plain; version=0.0.4; charset=utf-8"};
    FILE *stream = open_memstream(&out->text, &out->size);
    if (!stream)
        return;
    write_answers(stream, m);
    write_times(stream, m);
    write_load(stream, jobs);
    if (fclose(stream) == 0)
        return;
    free(out->text);
    out->text = NULL;
}

void serve_tell_health(serve_reply *out, serve_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    bool closing = jobs->closing;
    pthread_mutex_unlock(&jobs->lock);
    *out = (serve_reply){.status = closing ? 503 : 200, .type = "text/plain; charset=utf-8"};
    out->text = strdup(closing ? "stopping\n" : "ok\n");
    out->size = out->text ? strlen(out->text) : 0;
}
