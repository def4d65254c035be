#include <stdio.h>
#include <string.h>

#include "base/names.h"
#include "serve/http.h"
#include "serve/pack.h"
#include "serve/page.h"

/* Scripts and styles come from the bundle alone, and the page connects only to this server. Who may frame it
 * follows. */
static const char rules[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                            "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
                            "form-action 'none'; frame-ancestors ";

static void add_headers(struct MHD_Response *response, const char *type, const char *cache, const char *frames)
{
    char policy[sizeof rules + SERVE_FRAMES_SIZE];
    snprintf(policy, sizeof policy, "%s%s", rules, frames ? frames : "'none'");
    const char *const headers[][2] = {{"Content-Type", type},
                                      {"Cache-Control", cache},
                                      {"Content-Security-Policy", policy},
                                      {"X-Content-Type-Options", "nosniff"},
                                      {"Referrer-Policy", "no-referrer"},
                                      {"Cross-Origin-Resource-Policy", "same-origin"},
                                      {"Cross-Origin-Opener-Policy", "same-origin"}};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

/* Caches between must keep the answers apart. */
static void add_coding(struct MHD_Response *response, const char *coding)
{
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (coding)
        MHD_add_response_header(response, "Content-Encoding", coding);
}

static enum MHD_Result hand_over(serve_job *job, unsigned status, struct MHD_Response *response)
{
    enum MHD_Result sent = MHD_queue_response(job->connection, status, response);
    job->sent_status = status;
    MHD_destroy_response(response);
    return sent;
}

/* The text passes to libmicrohttpd. */
enum MHD_Result serve_send_reply(serve_job *job)
{
    serve_reply *reply = &job->reply;
    if (!reply->text)
        return MHD_NO;
    struct MHD_Response *response = MHD_create_response_from_buffer(reply->size, reply->text, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    reply->text = NULL;
    job->sent = reply->size;
    add_headers(response, reply->type, "no-store", NULL);
    add_coding(response, reply->encoding);
    if (reply->status == 429 || reply->status == 503)
        MHD_add_response_header(response, "Retry-After", "1");
    if (reply->status == 401)
        MHD_add_response_header(response, "WWW-Authenticate", "Bearer");
    if (reply->status == 405)
        MHD_add_response_header(response, "Allow", reply->allow);
    if (reply->location)
        MHD_add_response_header(response, "Location", reply->location);
    if (reply->last)
        MHD_add_response_header(response, "Connection", "close");
    return hand_over(job, reply->status, response);
}

static ssize_t read_stream(void *user, uint64_t position, char *text, size_t most)
{
    (void)position;
    serve_job *job = user;
    ssize_t size = serve_job_read(job, text, most);
    if (size > 0)
        job->sent += (unsigned long long)size;
    return size < 0 ? MHD_CONTENT_READER_END_OF_STREAM : size;
}

enum MHD_Result serve_send_stream(serve_job *job)
{
    enum { BLOCK = 65536 };
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_stream, job, NULL);
    if (!response)
        return MHD_NO;
    add_headers(response, "application/x-ndjson", "no-store", NULL);
    return hand_over(job, MHD_HTTP_OK, response);
}

/* A file of the page, compressed at its first use. */
static const serve_packed *pack_page(serve_http *http, const dr_embedded *file)
{
    enum { LEVEL = 9 };
    serve_packed *packed = &http->packed[file - dr_page_files];
    if (!packed->tried)
        packed->bytes = serve_gzip(file->bytes, file->size, LEVEL, &packed->size);
    packed->tried = true;
    return packed->bytes ? packed : NULL;
}

enum MHD_Result serve_send_page(serve_http *http, serve_job *job, const dr_embedded *file)
{
    char tag[32];
    const serve_packed *packed = serve_accepts_gzip(job->request.accept_encoding) ? pack_page(http, file) : NULL;
    snprintf(tag, sizeof tag, "\"%016llx%s\"", dr_hash(DR_HASH_SEED, file->bytes, file->size), packed ? "-gz" : "");
    bool same = job->request.if_none_match && strcmp(job->request.if_none_match, tag) == 0;
    void *bytes; /* which stay as they are */
    memcpy(&bytes, packed ? (const void *)&packed->bytes : (const void *)&file->bytes, sizeof bytes);
    job->sent = same ? 0 : packed ? packed->size : file->size;
    struct MHD_Response *response = MHD_create_response_from_buffer((size_t)job->sent, bytes, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    add_headers(response, serve_page_type(file->name), "no-cache", http->guard.frames);
    add_coding(response, packed ? "gzip" : NULL);
    MHD_add_response_header(response, "ETag", tag);
    return hand_over(job, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}
