/* The server as a whole. */
#ifndef DR_SERVE_SERVE_H
#define DR_SERVE_SERVE_H

#include "base/error.h"

typedef struct serve_options {
    unsigned short port;     /* 0: any free port */
    const char *listen;      /* an address for other machines, which need a token; NULL: 127.0.0.1 */
    const char *origin;      /* of a reverse proxy that shows the page, such as "https://host/path"; NULL: none */
    bool behind_proxy;       /* every request comes through it; needs an origin */
    const char *user_header; /* in which it names the user; needs behind_proxy; NULL: none */
    const char *embed_hosts; /* origins whose pages may show this one in a frame, separated by commas; NULL: none */
    const char *log;         /* a file to which a line for each request is added; NULL: none */
    bool store;              /* runs may be stored in the world */
    void (*ready)(const char *url, void *user); /* called when the server listens, with its address */
    void (*note)(const char *text, void *user); /* called with remarks, from any thread */
    void *user;
} serve_options;

/* Serves the worlds at `count` paths until SIGINT or SIGTERM. Errors: as dr_world_open; DR_USAGE (address, origin),
 * DR_MACHINE (port in use). */
dr_status serve_run(const char *const *paths, size_t count, const serve_options *options);

#endif
