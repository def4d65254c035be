/* The sockets: translates requests and replies of libmicrohttpd. */
#ifndef DR_SERVE_HTTP_H
#define DR_SERVE_HTTP_H

#include "serve/job.h"

typedef struct serve_http {
    serve_jobs jobs;
    serve_guard guard;
    struct MHD_Daemon *daemon;
} serve_http;

/* Listens at an address (NULL: 127.0.0.1) and port (0: any free port, which guard.port then names). The jobs must
 * have been started. Errors: DR_USAGE (not a local address), DR_MACHINE (port in use). */
dr_status serve_http_start(serve_http *http, const char *address, unsigned short port);

/* Takes no new connections, and ends the open ones. */
void serve_http_stop(serve_http *http);

#endif
