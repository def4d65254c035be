/* JSON schemas of documents, from the keys that their readers take, for editors and checks outside of derisk. Parts are
 * NULL where memory is out, and functions that take parts take them over and accept NULL. */
#ifndef DR_SCENARIO_JSON_SCHEMA_H
#define DR_SCENARIO_JSON_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/* What values look like. */
typedef enum dr_shape {
    DR_SHAPE_NAMES,  /* a name, several with commas between, or a list */
    DR_SHAPE_RATE,   /* 25% or 0.25 */
    DR_SHAPE_NUMBER, /* a number */
    DR_SHAPE_TEXT,   /* a text */
    DR_SHAPE_TRUTH   /* true or false */
} dr_shape;
json_t *dr_schema_shape(dr_shape shape);

/* One of the words, with NULL at the end; a list of items. */
json_t *dr_schema_words(const char *const *words);
json_t *dr_schema_list(json_t *items);

/* Either of two. */
json_t *dr_schema_either(json_t *one, json_t *other);

/* The value that a key has wherever documents use it, with a description; {} where it has different ones. */
json_t *dr_schema_key(const char *key);

/* A mapping with no other keys than these, of dr_schema_key's values. */
json_t *dr_schema_map(const char *const *keys, size_t count);

/* Changes what a key of a mapping holds; says that it is required. */
void dr_schema_set(json_t *map, const char *key, json_t *value);
void dr_schema_need(json_t *map, const char *key);

/* Adds `groups`, and with `settings` the settings of a model, to a document. */
void dr_schema_document(json_t *map, bool settings);

/* The changes of a scenario: a list; a baseline. */
json_t *dr_schema_changes(void);
json_t *dr_schema_baseline(void);

/* A scenario. */
json_t *dr_scenario_schema(void);

/* The same as a schema of its own, with the definitions that it refers to. */
json_t *dr_scenario_schema_alone(void);

/* Writes the schema of all documents to `path` (NULL: standard output): scenarios, games and supply stops. Takes both
 * schemas. Errors: DR_BAD_INPUT (the path), DR_MACHINE. */
dr_status dr_schema_write(json_t *game, json_t *shock, const char *path);

#endif
