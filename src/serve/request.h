/* A request and its reply, without sockets. */
#ifndef DR_SERVE_REQUEST_H
#define DR_SERVE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct serve_field {
    const char *name, *value; /* value "" where there is none */
} serve_field;

typedef struct serve_request {
    const char *method, *path;                                                 /* the path decoded, without the query */
    const char *host, *origin, *type, *accept, *authorization, *if_none_match; /* headers; NULL: not there */
    const char *accept_encoding;
    const char *address, *user; /* of the client; the user as a proxy names it, or NULL */
    const char *client;         /* the user, or else the address */
    const serve_field *query;
    size_t query_count;
    const char *body;
    size_t body_size;
} serve_request;

typedef struct serve_reply {
    unsigned status;      /* of HTTP */
    const char *type;     /* of the text; static */
    const char *encoding; /* "gzip", or NULL */
    const char *allow;    /* with 405: the allowed methods; static */
    const char *location; /* with 308: where to; not owned */
    bool last;            /* the connection is closed after it */
    char *text;           /* owned; NULL without memory */
    size_t size;
} serve_reply;

/* The reply of an error: {"error": {"status": what, "message": line}}. */
void serve_refuse(serve_reply *out, unsigned status, const char *what, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same of a failed call, with its error line; http is 0 where the HTTP status follows from `status`. `hide`
 * (NULL: nothing) is a path that the message must not disclose, and `name` stands in its place. */
void serve_refuse_failure(serve_reply *out, dr_status status, unsigned http, const char *hide, const char *name);

/* A reply that sends the client to another address. */
void serve_redirect(serve_reply *out, const char *location);

/* Compresses the text of a reply where that is worth it. */
void serve_reply_pack(serve_reply *reply);

void serve_reply_free(serve_reply *reply);

#endif
