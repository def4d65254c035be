/* Small YAML files, with errors that say where. libyaml parses; these helpers read its nodes. */
#ifndef DR_BASE_YAML_H
#define DR_BASE_YAML_H

#include <limits.h>
#include <stdbool.h>
#include <yaml.h>

#include "base/error.h"

typedef struct dr_yaml {
    const char *path; /* NULL: messages have no place */
    bool from_memory; /* `path` is a name only */
    yaml_document_t document;
} dr_yaml;

/* Parses the file `path` (borrowed, for messages), which is one document of at most 1 MB, no pipe or device; `what` it
 * should be ("a scenario") is said where it is not. Where there is no such file, an embedded example of that name is
 * taken. Errors: DR_BAD_INPUT, DR_MACHINE. Free with dr_yaml_free. */
dr_status dr_yaml_load(dr_yaml *out, const char *path, const char *what);
void dr_yaml_free(dr_yaml *yaml);

/* The same from `size` bytes of memory, which messages call `name` (borrowed). */
dr_status dr_yaml_parse(dr_yaml *out, const char *text, size_t size, const char *name, const char *what);

/* Fails with "path:line:column: ...", the place where the node begins. */
#define dr_yaml_fail(yaml, node, ...) (dr_yaml_error(yaml, (node)->start_mark, __VA_ARGS__), DR_BAD_INPUT)
void dr_yaml_error(const dr_yaml *yaml, yaml_mark_t mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts the place of the node in front of a DR_BAD_INPUT that a function has found, and returns `status`. */
dr_status dr_yaml_at(const dr_yaml *yaml, const yaml_node_t *node, dr_status status);

/* The node of an index, as in pairs and items; the text of a scalar. */
yaml_node_t *dr_yaml_node(dr_yaml *yaml, int index);
const char *dr_yaml_text(const yaml_node_t *node);

/* Fails unless the node is a text that is not empty; `what` was expected. */
dr_status dr_yaml_need_text(const dr_yaml *yaml, const yaml_node_t *node, const char *what);

/* The texts of a list, or a single one, with commas between. Errors: DR_BAD_INPUT, DR_MACHINE. To be freed. */
dr_status dr_yaml_list(dr_yaml *yaml, const yaml_node_t *node, char **out);

/* The path of a file that a text of the document names: relative to the folder of the document, unless it begins with
 * '/'. Errors: DR_BAD_INPUT (a document from memory names no files; too long). */
dr_status dr_yaml_beside(const dr_yaml *yaml, const yaml_node_t *node, char path[PATH_MAX]);

/* Reads "true" or "false"; *out stays where there is no node (NULL). */
dr_status dr_yaml_truth(const dr_yaml *yaml, const yaml_node_t *node, bool *out);

/* Finds the values of `count` keys in a mapping; those that are not there stay NULL. A key that is not among them, or
 * there twice, is an error. */
dr_status dr_yaml_keys(dr_yaml *yaml, const yaml_node_t *map, const char *const *keys, size_t count,
                       yaml_node_t **values);

/* The keys of the whole document, which is to be a mapping with at least the first of them; `what` it is: "a
 * scenario". */
dr_status dr_yaml_root(dr_yaml *yaml, const char *what, const char *const *keys, size_t count, yaml_node_t **values);

/* Fails, at the mapping `of`, where the key has no value. */
dr_status dr_yaml_need_key(const dr_yaml *yaml, const yaml_node_t *map, const yaml_node_t *value, const char *key,
                           const char *of);

#endif
