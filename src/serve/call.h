/* A request that is being answered: what it asks for, and where the answer goes. */
#ifndef DR_SERVE_CALL_H
#define DR_SERVE_CALL_H

#include <jansson.h>
#include <stdio.h>

#include "base/table.h"
#include "serve/core.h"
#include "serve/request.h"

typedef void serve_progress(const char *what, size_t done, size_t all, void *user);

typedef struct serve_call {
    serve_core *core;
    serve_desk *desk;
    const serve_request *request;
    const char *rest; /* of the path, after the endpoint's: a name */
    json_t *body;     /* of a POST, an object */
    serve_progress *progress;
    void *user;    /* passed to progress */
    FILE *out;     /* the answer's JSON */
    unsigned http; /* what a failure's status of HTTP is, where it is not what follows from that of the call; 0 */
} serve_call;

/* ---- What is asked for ------------------------------------------------------------------------------------------------- */

/* The value of a parameter of the query, or NULL. */
const char *serve_parameter(const serve_call *call, const char *name);

/* The year of the query, 0 if there is none; whether a parameter is "true". Errors: DR_USAGE. */
dr_status serve_parameter_year(const serve_call *call, int *year);
dr_status serve_parameter_truth(const serve_call *call, const char *name, bool *out);

/* Which of the words (NULL at the end) a parameter is; the first if it is not there. Errors: DR_USAGE with the nearest. */
dr_status serve_parameter_word(const serve_call *call, const char *name, const char *const *words, size_t *found);

/* Fails unless the parameter is there. */
dr_status serve_parameter_need(const serve_call *call, const char *name, const char **out);

/* The keys of an object ("the body"), NULL at the end, and their values; those that are not there stay NULL. Errors: DR_USAGE (no
 * object; an unknown key, with the nearest). */
dr_status serve_keys(json_t *object, const char *what, const char *const *keys, json_t **values);

/* A value as a text, a truth, a number, a whole number from `least` to `most`, a rate (0.25 or "25%"). *out stays where there is no value
 * (NULL). Errors: DR_USAGE, with the key. */
dr_status serve_text(const json_t *value, const char *key, const char **out);
dr_status serve_truth(const json_t *value, const char *key, bool *out);
dr_status serve_number(const json_t *value, const char *key, double least, double most, double *out);
dr_status serve_whole(const json_t *value, const char *key, double least, double most, double *out);
dr_status serve_rate(const json_t *value, const char *key, double *out);

/* A text, or texts in an array, as a list with commas between; to be freed. */
dr_status serve_list(const json_t *value, const char *key, char **out);

/* Which of the words a text is. Errors: DR_USAGE with the nearest. */
dr_status serve_word(const char *text, const char *key, const char *const *words, size_t *found);

/* ---- The answer -------------------------------------------------------------------------------------------------------- */

/* Writes a table, as the command does with --format json, and frees it. */
dr_status serve_write_table(serve_call *call, dr_table *table, const char *command);

/* The same as a member of the answer's object, which it begins if it is the first. */
typedef struct serve_members {
    serve_call *call;
    const char *command;
    bool begun;
} serve_members;
dr_status serve_write_member(serve_members *members, const char *name, dr_table *table);
void serve_end_members(serve_members *members);

/* Writes JSON, and drops it. */
dr_status serve_write_json(serve_call *call, json_t *json);

#endif
