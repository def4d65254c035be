/* What the page calls of the WebAssembly module. */
#include <emscripten.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/embedded.h"
#include "wasm/ask.h"

static serve_worlds worlds;
static serve_reply reply; /* the last one */

EM_JS(void, tell, (const char *what, double done, double all),
      { Module.progress({what : UTF8ToString(what), done : done, all : all}); });

static void progress(const char *what, size_t done, size_t all, void *user)
{
    (void)user;
    tell(what, (double)done, (double)all);
}

/* Opens the sample world. NULL, or what is wrong. */
const char *wasm_open(void);

/* Answers a request (wasm_answer). The text of the answer stays until the next request. */
const char *wasm_ask(const char *target, const char *body);

/* The HTTP status of the answer, and its size. */
unsigned wasm_status(void);
size_t wasm_size(void);

EMSCRIPTEN_KEEPALIVE const char *wasm_open(void)
{
    static const char *const name = "sample.world";
    fclose(fopen(name, "w")); /* its contents are the recorded answers */
    return serve_worlds_open(&worlds, &name, 1, false, NULL, NULL) == DR_OK ? NULL : dr_error_text();
}

EMSCRIPTEN_KEEPALIVE const char *wasm_ask(const char *target, const char *body)
{
    serve_reply_free(&reply);
    wasm_answer(&reply, &worlds, target, body, progress, NULL);
    return reply.text;
}

EMSCRIPTEN_KEEPALIVE unsigned wasm_status(void)
{
    return reply.status;
}

EMSCRIPTEN_KEEPALIVE size_t wasm_size(void)
{
    return reply.size;
}
