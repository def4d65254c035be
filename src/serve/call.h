/* A request that is being answered: its parameters, and the stream of the answer. */
#ifndef DR_SERVE_CALL_H
#define DR_SERVE_CALL_H

#include <jansson.h>
#include <stdio.h>

#include "base/table.h"
#include "options/option.h"
#include "serve/context.h"
#include "serve/request.h"

typedef void serve_progress(const char *what, size_t done, size_t all, void *user);

typedef struct serve_call {
    serve_context *context;
    serve_session *session;
    const serve_request *request;
    option_values values; /* of the query of a GET, or of the body of a POST */
    const char *rest;     /* of the path, after that of the endpoint: a name */
    json_t *body;         /* of a POST: an object */
    serve_progress *progress;
    void *user;    /* passed to progress */
    FILE *out;     /* the JSON of the answer */
    unsigned http; /* HTTP status of a failure, where it does not follow from its dr_status; else 0 */
} serve_call;

/* ---- Parameters and keys ----------------------------------------------------------------------------------------- */

/* Reads the query, or the body, into call->values by the rows of the endpoint, and checks what they require, need
 * and exclude. Errors: DR_USAGE. */
dr_status serve_read_query(serve_call *call, const option_group *groups);
dr_status serve_read_body(serve_call *call, const option_group *groups);

/* The names of all rows, for hints; returns their number. */
enum { SERVE_MOST_NAMES = 64 };
size_t serve_option_names(const char *names[SERVE_MOST_NAMES], const option_group *groups);

/* Adds a JSON value: a boolean for flags, a number for numbers and counts, a number or text for rates, a text or a
 * list of texts for regions, sectors and lists of words. Errors: DR_USAGE, with what is expected. */
dr_status serve_add_json(option_values *values, const option_row *row, const json_t *json);

/* The text of a parameter or key, or NULL; the year, 0 where there is none: the last. */
const char *serve_text_of(const serve_call *call, const char *name);
int serve_year_of(const serve_call *call);

/* The value of a key that the endpoint reads itself, or NULL. */
json_t *serve_json_of(const serve_call *call, const char *name);

/* The texts of an array of words, as marks in `wanted` for each word of the list; the first `defaults` words where
 * there is no array. Errors: DR_USAGE, with the nearest word. */
dr_status serve_read_words(const json_t *array, const char *key, const char *const *words, size_t defaults,
                           bool *wanted);

/* The value of a key of an object, a text that must be there and not be empty. Errors: DR_USAGE. */
dr_status serve_need_text(const json_t *object, const char *what, const char *key, const char **out);

/* Fails unless all keys of the object (NULL: none) are among `keys`. Errors: DR_USAGE, with the nearest. */
dr_status serve_check_keys(json_t *object, const char *what, const char *const *keys);

/* ---- The answer -------------------------------------------------------------------------------------------------- */

/* Writes a table, as the command does with --format json, and frees it. */
dr_status serve_write_table(serve_call *call, dr_table *table, const char *command);

/* The same as a member of an object, which the first member begins. */
typedef struct serve_members {
    serve_call *call;
    const char *command;
    bool begun;
} serve_members;
dr_status serve_write_member(serve_members *members, const char *name, dr_table *table);
void serve_end_members(serve_members *members);

/* Writes JSON, and releases it. */
dr_status serve_write_json(serve_call *call, json_t *json);

#endif
