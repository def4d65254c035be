#define _GNU_SOURCE /* fileno */
#include "base/yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/names.h"
#include "base/print.h"

/* No file of ours is larger; one that is was meant for something else. */
enum { MOST_BYTES = 1 << 20 };

void dr_yaml_error(const dr_yaml *yaml, yaml_mark_t mark, const char *format, ...)
{
    char what[1024];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(what, sizeof what, format, arguments);
    va_end(arguments);
    dr_error_keep("%s:%zu:%zu: %s", yaml->path, mark.line + 1, mark.column + 1, what);
}

dr_status dr_yaml_at(const dr_yaml *yaml, const yaml_node_t *node, dr_status status)
{
    if (status != DR_BAD_INPUT)
        return status;
    char what[1024];
    snprintf(what, sizeof what, "%s", dr_error_text());
    return dr_yaml_fail(yaml, node, "%s", what);
}

const char *dr_yaml_text(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

yaml_node_t *dr_yaml_node(dr_yaml *yaml, int index)
{
    return yaml_document_get_node(&yaml->document, index);
}

dr_status dr_yaml_need_text(const dr_yaml *yaml, const yaml_node_t *node, const char *what)
{
    if (node->type != YAML_SCALAR_NODE || !*dr_yaml_text(node))
        return dr_yaml_fail(yaml, node, "%s was expected", what);
    return DR_OK;
}

dr_status dr_yaml_truth(const dr_yaml *yaml, const yaml_node_t *node, bool *out)
{
    if (!node)
        return DR_OK;
    DR_TRY(dr_yaml_need_text(yaml, node, "true or false"));
    *out = strcmp(dr_yaml_text(node), "true") == 0;
    if (!*out && strcmp(dr_yaml_text(node), "false") != 0)
        return dr_yaml_fail(yaml, node, "'%.40s': true or false was expected", dr_yaml_text(node));
    return DR_OK;
}

dr_status dr_yaml_keys(dr_yaml *yaml, const yaml_node_t *map, const char *const *keys, size_t count,
                       yaml_node_t **values)
{
    char hint[DR_HINT_SIZE];
    if (map->type != YAML_MAPPING_NODE)
        return dr_yaml_fail(yaml, map, "a mapping of keys to values was expected, such as '%s: ...'", keys[0]);
    for (const yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = dr_yaml_node(yaml, pair->key);
        size_t found = 0;
        DR_TRY(dr_yaml_need_text(yaml, key, "the name of a key"));
        while (found < count && strcmp(keys[found], dr_yaml_text(key)) != 0)
            found++;
        if (found == count)
            return dr_yaml_fail(yaml, key, "unknown key '%.60s'%s", dr_yaml_text(key),
                                dr_hint(hint, dr_yaml_text(key), keys, count));
        if (values[found])
            return dr_yaml_fail(yaml, key, "the key '%s' is there twice", keys[found]);
        values[found] = dr_yaml_node(yaml, pair->value);
    }
    return DR_OK;
}

dr_status dr_yaml_need_key(const dr_yaml *yaml, const yaml_node_t *map, const yaml_node_t *value, const char *key,
                           const char *of)
{
    return value ? DR_OK : dr_yaml_fail(yaml, map, "the key '%s' was expected in '%s' and is not there", key, of);
}

dr_status dr_yaml_root(dr_yaml *yaml, const char *what, const char *const *keys, size_t count, yaml_node_t **values)
{
    yaml_node_t *root = yaml_document_get_root_node(&yaml->document);
    if (!root)
        return dr_fail(DR_BAD_INPUT, "%s: empty, %s with the key '%s' was expected", yaml->path, what, keys[0]);
    DR_TRY(dr_yaml_keys(yaml, root, keys, count, values));
    return dr_yaml_need_key(yaml, root, values[0], keys[0], what);
}

static dr_status load_document(dr_yaml *yaml, yaml_parser_t *parser, const char *what)
{
    if (yaml_parser_load(parser, &yaml->document))
        return DR_OK;
    if (parser->error == YAML_READER_ERROR)
        return dr_fail(DR_BAD_INPUT, "%s: not %s: binary data, where YAML text was expected", yaml->path, what);
    dr_yaml_error(yaml, parser->problem_mark, "not YAML: %s", parser->problem ? parser->problem : "cannot be read");
    return DR_BAD_INPUT;
}

static dr_status no_file(const char *path)
{
    char hint[DR_HINT_SIZE];
    const char *examples[64];
    size_t count = dr_embedded_examples(examples, sizeof examples / sizeof *examples);
    return dr_fail(DR_BAD_INPUT, "%s: no such file%s", path, dr_hint(hint, path, examples, count));
}

static dr_status open_file(FILE **out, const char *path, const char *what)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (!file)
        return errno == ENOENT ? no_file(path)
                               : dr_fail(errno == ENOTDIR ? DR_BAD_INPUT : DR_MACHINE, "%s: %s", path, strerror(errno));
    if (fstat(fileno(file), &about) != 0 || S_ISDIR(about.st_mode) || about.st_size > MOST_BYTES) {
        fclose(file);
        return dr_fail(DR_BAD_INPUT, "%s: not %s: %s, a YAML file of at most 1 MB was expected", path, what,
                       S_ISDIR(about.st_mode) ? "a folder" : "too large");
    }
    *out = file;
    return DR_OK;
}

dr_status dr_yaml_load(dr_yaml *out, const char *path, const char *what)
{
    FILE *file = NULL;
    yaml_parser_t parser;
    const dr_embedded *example = access(path, F_OK) == 0 ? NULL : dr_embedded_example(path);
    if (example)
        return dr_yaml_parse(out, (const char *)example->bytes, example->size, path, what);
    *out = (dr_yaml){.path = path};
    DR_TRY(open_file(&file, path, what));
    dr_status status = yaml_parser_initialize(&parser) ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        yaml_parser_set_input_file(&parser, file);
        status = load_document(out, &parser, what);
        yaml_parser_delete(&parser);
    }
    fclose(file);
    return status;
}

dr_status dr_yaml_parse(dr_yaml *out, const char *text, size_t size, const char *name, const char *what)
{
    yaml_parser_t parser;
    *out = (dr_yaml){.path = name, .from_memory = true};
    if (size > MOST_BYTES)
        return dr_fail(DR_BAD_INPUT, "%s: not %s: too large, YAML of at most 1 MB was expected", name, what);
    if (!yaml_parser_initialize(&parser))
        return dr_fail_memory();
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    dr_status status = load_document(out, &parser, what);
    yaml_parser_delete(&parser);
    return status;
}

void dr_yaml_free(dr_yaml *yaml)
{
    yaml_document_delete(&yaml->document);
}
