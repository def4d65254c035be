/* From a request to its reply, without sockets. */
#ifndef DR_SERVE_API_H
#define DR_SERVE_API_H

#include "base/embedded.h"
#include "serve/endpoints.h"

enum { SERVE_ORIGIN_SIZE = 300 };

/* Who may ask. */
typedef struct serve_guard {
    unsigned short port;
    const char *token;  /* NULL: none is needed, and the host is to be this machine or that of `origin` */
    const char *origin; /* of the page as a proxy shows it, as serve_origin_check gives it; NULL: there is no proxy */
} serve_guard;

/* An origin ("https://host") as browsers write it. Errors: DR_USAGE (it is none, or has a path). */
dr_status serve_origin_check(char out[SERVE_ORIGIN_SIZE], const char *given);

/* Whether a request, for the interface or for the page, may be answered; else `out` is the reply. */
bool serve_admit(serve_reply *out, const serve_guard *guard, const serve_request *request, bool api);

/* Which endpoint a request, its body not yet read, is for; NULL: `out` is the reply (403, 401, 404, 405, 415, 400). */
const serve_endpoint *serve_find(serve_reply *out, const serve_guard *guard, const serve_request *request);

/* Answers a request, its body read, on the calling thread; the reply is always one, of an error where there is one. */
void serve_answer(serve_reply *out, const serve_endpoint *endpoint, serve_core *core, serve_desk *desk,
                  const serve_request *request, serve_progress *progress, void *user);

/* A file of the page, by its path ("/", "/index.html"), or NULL; and what it is. */
const dr_embedded *serve_page(const char *path);
const char *serve_page_type(const char *name);

/* Whether two texts are the same, in a time that does not tell where they differ. */
bool serve_same_secret(const char *a, const char *b);

#endif
