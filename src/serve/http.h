/* The sockets: libmicrohttpd's requests as ours, and our replies as its. */
#ifndef DR_SERVE_HTTP_H
#define DR_SERVE_HTTP_H

#include "serve/job.h"

typedef struct serve_http {
    serve_jobs jobs;
    serve_guard guard;
    struct MHD_Daemon *daemon;
} serve_http;

/* Listens at an address (NULL: 127.0.0.1) and port (0: any that is free; then guard.port says which). The jobs have been started.
 * Errors: DR_USAGE (no address), DR_MACHINE (in use). */
dr_status serve_http_start(serve_http *http, const char *address, unsigned short port);

/* Takes no new connections, ends those that there are. */
void serve_http_stop(serve_http *http);

#endif
