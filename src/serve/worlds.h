/* The worlds that are served, each with a context of its own, and what happens when the file of one is replaced. */
#ifndef DR_SERVE_WORLDS_H
#define DR_SERVE_WORLDS_H

#include "serve/context.h"

struct serve_worlds {
    serve_context **of; /* the first is that of paths which name no world */
    size_t count;
    serve_note *note; /* NULL: none */
    void *user;
};

/* Opens the worlds at `count` paths. `note` is called with remarks, from any thread. Errors: as dr_world_open; DR_USAGE
 * (two of one name). Freed with serve_worlds_free, on failure too. */
dr_status serve_worlds_open(serve_worlds *out, const char *const *paths, size_t count, bool store, serve_note *note,
                            void *user);
void serve_worlds_free(serve_worlds *worlds);

/* The world that the first `length` bytes of `name` name, or NULL. */
serve_context *serve_worlds_find(const serve_worlds *worlds, const char *name, size_t length);

/* Takes up the file of the world if another has taken its place. Requests that have begun go on with what they have
 * read. A file that is no world is left alone. */
void serve_world_refresh(serve_context *context);

#endif
