#include <string.h>

#include "base/names.h"
#include "serve/http.h"
#include "serve/page.h"

/* Scripts and styles come from the bundle alone, and the page connects only to this server. */
static const char policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                             "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
                             "form-action 'none'; frame-ancestors 'none'";

static void add_headers(struct MHD_Response *response, const char *type, const char *cache)
{
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

static enum MHD_Result hand_over(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
    enum MHD_Result sent = MHD_queue_response(connection, status, response);
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
    add_headers(response, reply->type, "no-store");
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
    return hand_over(job->connection, reply->status, response);
}

static ssize_t read_stream(void *user, uint64_t position, char *text, size_t most)
{
    (void)position;
    ssize_t size = serve_job_read(user, text, most);
    return size < 0 ? MHD_CONTENT_READER_END_OF_STREAM : size;
}

enum MHD_Result serve_send_stream(serve_job *job)
{
    enum { BLOCK = 65536 };
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_stream, job, NULL);
    if (!response)
        return MHD_NO;
    add_headers(response, "application/x-ndjson", "no-store");
    return hand_over(job->connection, MHD_HTTP_OK, response);
}

enum MHD_Result serve_send_page(serve_job *job, const dr_embedded *file)
{
    char tag[24];
    snprintf(tag, sizeof tag, "\"%016llx\"", dr_hash(DR_HASH_SEED, file->bytes, file->size));
    bool same = job->request.if_none_match && strcmp(job->request.if_none_match, tag) == 0;
    void *bytes; /* which stay as they are */
    memcpy(&bytes, &file->bytes, sizeof bytes);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(same ? 0 : file->size, bytes, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    add_headers(response, serve_page_type(file->name), "no-cache");
    MHD_add_response_header(response, "ETag", tag);
    return hand_over(job->connection, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}
