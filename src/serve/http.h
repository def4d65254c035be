/* The sockets: translates requests and replies of libmicrohttpd. Its parts: http.c (a request from its headers to its
 * reply), incoming.c (what a request says), identity.c (who asks), outgoing.c (replies) and listener.c (the socket). */
#ifndef DR_SERVE_HTTP_H
#define DR_SERVE_HTTP_H

#include "base/embedded.h"
#include "serve/job.h"
#include "serve/monitor.h"

/* A file of the page, compressed. */
typedef struct serve_packed {
    void *bytes; /* NULL: it cannot be made smaller */
    size_t size;
    bool tried;
} serve_packed;

typedef struct serve_http {
    serve_jobs jobs;
    serve_guard guard;
    serve_monitor monitor;
    serve_packed *packed; /* for each file of the page */
    struct MHD_Daemon *daemon;
} serve_http;

/* Listens at an address (NULL: 127.0.0.1) and port (0: any free port, which guard.port then names). The jobs must
 * have been started. Errors: DR_USAGE (not a local address), DR_MACHINE (port in use). */
dr_status serve_http_start(serve_http *http, const char *address, unsigned short port);

/* Takes no new connections, finishes requests for at most `seconds` or until `hurry`, and ends the open connections. */
void serve_http_stop(serve_http *http, double seconds, const atomic_bool *hurry);

/* ---- Parts ------------------------------------------------------------------------------------------------------- */

/* A socket that listens, which the caller closes, and its port. Errors: as serve_http_start. */
dr_status serve_listen(int *out, const char *address, unsigned short *port);

/* Fills in the request of a job whose headers have arrived; false without memory. A request that no path answers, or
 * that a proxy might understand in another way than this server, is refused: job->reply is there then. */
bool serve_read_request(serve_job *job, const serve_guard *guard, const char *path, const char *method,
                        const char *version);

/* Fills in who asks; false: the request is refused, or there is no memory (request.client NULL). */
bool serve_identify(serve_job *job, const serve_guard *guard);

/* Decodes %XX, but for a NUL: libmicrohttpd's callback. */
size_t serve_unescape(void *user, struct MHD_Connection *connection, char *text);

/* Send the reply of a job, the lines of a stream, or a file of the page. */
enum MHD_Result serve_send_reply(serve_job *job);
enum MHD_Result serve_send_stream(serve_job *job);
enum MHD_Result serve_send_page(serve_http *http, serve_job *job, const dr_embedded *file);

#endif
