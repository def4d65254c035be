/* Requests of the page, without a server. */
#ifndef DR_WASM_ASK_H
#define DR_WASM_ASK_H

#include "serve/api.h"
#include "serve/worlds.h"

/* Answers a request for the first of the worlds. `target` is a path without "/api/v1/", and with a query, whose texts
 * are percent-encoded; `body` is NULL for GET. The reply is freed with serve_reply_free. */
void wasm_answer(serve_reply *out, const serve_worlds *worlds, const char *target, const char *body,
                 serve_progress *progress, void *user);

#endif
