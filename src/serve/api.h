/* Requests and their replies, without sockets. */
#ifndef DR_SERVE_API_H
#define DR_SERVE_API_H

#include "serve/endpoints.h"

enum { SERVE_ORIGIN_SIZE = 300, SERVE_FRAMES_SIZE = 2000 };

/* The clients that are admitted. */
typedef struct serve_guard {
    unsigned short port;
    const char *token;       /* NULL: no token is needed, and the host must be this machine or that of `origin` */
    const char *origin;      /* of a proxy that shows the page, as serve_origin_check returns it; NULL: no proxy */
    const char *base;        /* the path under which the proxy shows it: "" or "/derisk" */
    bool behind_proxy;       /* every request comes through the proxy, which tells the addresses of clients */
    const char *user_header; /* in which the proxy names the user; NULL: there is none */
    const char *frames;      /* origins whose pages may show this one in a frame, with blanks between; NULL: none */
} serve_guard;

/* An origin ("https://host") as browsers write it, and the path that follows it, "" or "/path". Errors: DR_USAGE. */
dr_status serve_origin_check(char out[SERVE_ORIGIN_SIZE], char path[SERVE_ORIGIN_SIZE], const char *given);

/* Origins separated by commas as browsers write them, with blanks between. Errors: DR_USAGE. */
dr_status serve_frames_check(char out[SERVE_FRAMES_SIZE], const char *given);

/* Whether a request, for the interface or for the page, is admitted; else `out` is the reply. */
bool serve_admit(serve_reply *out, const serve_guard *guard, const serve_request *request, bool api);

/* The endpoint of a request whose body has not been read; NULL: `out` is the reply (403, 401, 404, 405, 415, 400). */
const serve_endpoint *serve_find(serve_reply *out, const serve_guard *guard, const serve_request *request);

/* Answers a request whose body has been read, on the calling thread; `out` is an answer or an error. */
void serve_answer(serve_reply *out, const serve_endpoint *endpoint, serve_context *context, serve_session *session,
                  const serve_request *request, serve_progress *progress, void *user);

/* Whether two texts are the same, in a time that does not depend on where they differ. */
bool serve_same_secret(const char *a, const char *b);

#endif
