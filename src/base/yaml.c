#include "base/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/names.h"
#include "base/print.h"

/* No file of ours is larger, deeper or has more anchors and aliases; one that is was meant for something else. */
enum { MOST_BYTES = 1 << 20, MOST_DEPTH = 100, MOST_NAMES = 1000 };

void dr_yaml_error(const dr_yaml *yaml, yaml_mark_t mark, const char *format, ...)
{
    char what[1024];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(what, sizeof what, format, arguments);
    va_end(arguments);
    if (yaml->path)
        dr_error_keep("%s:%zu:%zu: %s", yaml->path, mark.line + 1, mark.column + 1, what);
    else
        dr_error_keep("%s", what);
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
        return dr_yaml_fail(yaml, node, "expected %s", what);
    return DR_OK;
}

dr_status dr_yaml_list(dr_yaml *yaml, const yaml_node_t *node, char **out)
{
    static const char expected[] = "a name or a list of names";
    size_t size = 0;
    bool is_list = node->type == YAML_SEQUENCE_NODE && node->data.sequence.items.top > node->data.sequence.items.start;
    *out = NULL;
    if (!is_list) {
        DR_TRY(dr_yaml_need_text(yaml, node, expected));
        return (*out = strdup(dr_yaml_text(node))) ? DR_OK : dr_fail_memory();
    }
    FILE *stream = open_memstream(out, &size);
    dr_status status = stream ? DR_OK : dr_fail_memory();
    const yaml_node_item_t *first = node->data.sequence.items.start, *item = first;
    for (; item < node->data.sequence.items.top && status == DR_OK; item++) {
        const yaml_node_t *name = dr_yaml_node(yaml, *item);
        status = dr_yaml_need_text(yaml, name, expected);
        if (status == DR_OK)
            fprintf(stream, "%s%s", item > first ? "," : "", dr_yaml_text(name));
    }
    bool closed = !stream || fclose(stream) == 0;
    if (status == DR_OK && !closed)
        status = dr_fail_memory();
    if (status != DR_OK) {
        free(*out);
        *out = NULL;
    }
    return status;
}

dr_status dr_yaml_beside(const dr_yaml *yaml, const yaml_node_t *node, char path[PATH_MAX])
{
    const char *text = dr_yaml_text(node);
    if (yaml->from_memory)
        return dr_yaml_fail(yaml, node, "'%.60s': only a document that is a file itself names other files", text);
    const char *slash = strrchr(yaml->path, '/');
    int folder = text[0] == '/' || !slash ? 0 : (int)(slash - yaml->path + 1);
    if (snprintf(path, PATH_MAX, "%.*s%s", folder, yaml->path, text) >= PATH_MAX)
        return dr_yaml_fail(yaml, node, "the path is too long");
    return DR_OK;
}

dr_status dr_yaml_truth(const dr_yaml *yaml, const yaml_node_t *node, bool *out)
{
    if (!node)
        return DR_OK;
    DR_TRY(dr_yaml_need_text(yaml, node, "true or false"));
    *out = strcmp(dr_yaml_text(node), "true") == 0;
    if (!*out && strcmp(dr_yaml_text(node), "false") != 0)
        return dr_yaml_fail(yaml, node, "'%.40s': expected true or false", dr_yaml_text(node));
    return DR_OK;
}

dr_status dr_yaml_keys(dr_yaml *yaml, const yaml_node_t *map, const char *const *keys, size_t count,
                       yaml_node_t **values)
{
    char hint[DR_HINT_SIZE];
    if (map->type != YAML_MAPPING_NODE)
        return dr_yaml_fail(yaml, map, "expected a mapping of keys to values, such as '%s: ...'", keys[0]);
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
            return dr_yaml_fail(yaml, key, "the key '%s' is given twice", keys[found]);
        values[found] = dr_yaml_node(yaml, pair->value);
    }
    return DR_OK;
}

dr_status dr_yaml_need_key(const dr_yaml *yaml, const yaml_node_t *map, const yaml_node_t *value, const char *key,
                           const char *of)
{
    return value ? DR_OK : dr_yaml_fail(yaml, map, "the key '%s' is missing in '%s'", key, of);
}

dr_status dr_yaml_root(dr_yaml *yaml, const char *what, const char *const *keys, size_t count, yaml_node_t **values)
{
    yaml_node_t *root = yaml_document_get_root_node(&yaml->document);
    if (!root)
        return dr_fail(DR_BAD_INPUT, "%s: empty; expected %s with the key '%s'", yaml->path, what, keys[0]);
    DR_TRY(dr_yaml_keys(yaml, root, keys, count, values));
    return dr_yaml_need_key(yaml, root, values[0], keys[0], what);
}

/* ---- Loading ---------------------------------------------------------------------------------------------------- */

static dr_status fail_parser(const dr_yaml *yaml, const yaml_parser_t *parser, const char *what)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return dr_fail_memory();
    if (parser->error == YAML_READER_ERROR)
        return dr_fail(DR_BAD_INPUT, "%s: not %s: binary data; expected YAML text", yaml->path, what);
    dr_yaml_error(yaml, parser->problem_mark, "not YAML: %s", parser->problem ? parser->problem : "cannot be read");
    return DR_BAD_INPUT;
}

/* Counts of a document's parts so far. */
typedef struct census {
    size_t documents, depth, names; /* names: anchors and aliases */
} census;

static dr_status count_event(const dr_yaml *yaml, const yaml_event_t *event, census *met)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        met->documents++;
        break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        met->depth++;
        if (event->type == YAML_SEQUENCE_START_EVENT ? event->data.sequence_start.anchor
                                                     : event->data.mapping_start.anchor)
            met->names++;
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        met->depth--;
        break;
    case YAML_SCALAR_EVENT:
        met->names += event->data.scalar.anchor != NULL;
        break;
    case YAML_ALIAS_EVENT:
        met->names++;
        break;
    default:
        break;
    }
    if (met->documents > 1)
        return dr_yaml_fail(yaml, event, "a second document begins here; expected one");
    if (met->depth > MOST_DEPTH)
        return dr_yaml_fail(yaml, event, "lists and mappings nested more than %d deep", MOST_DEPTH);
    if (met->names > MOST_NAMES)
        return dr_yaml_fail(yaml, event, "more than %d anchors and aliases", MOST_NAMES);
    return DR_OK;
}

/* Looks at the events before a document is built of them: the time that libyaml takes grows with the square of the
 * depth and of the number of anchors. */
static dr_status check_events(dr_yaml *yaml, yaml_parser_t *parser, const char *what)
{
    census met = {0};
    dr_status status = DR_OK;
    for (bool more = true; more && status == DR_OK;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return fail_parser(yaml, parser, what);
        status = count_event(yaml, &event, &met);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return status;
}

static dr_status load_document(dr_yaml *yaml, yaml_parser_t *parser, const char *what)
{
    return yaml_parser_load(parser, &yaml->document) ? DR_OK : fail_parser(yaml, parser, what);
}

/* One pass of libyaml over the text. */
static dr_status pass(dr_yaml *yaml, const char *text, size_t size, const char *what,
                      dr_status (*take)(dr_yaml *, yaml_parser_t *, const char *))
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return dr_fail_memory();
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    dr_status status = take(yaml, &parser, what);
    yaml_parser_delete(&parser);
    return status;
}

static dr_status parse(dr_yaml *yaml, const char *text, size_t size, const char *what)
{
    if (size > MOST_BYTES)
        return dr_fail(DR_BAD_INPUT, "%s: not %s: too large; expected YAML of at most 1 MB", yaml->path, what);
    if (size && memchr(text, 0, size))
        return dr_fail(DR_BAD_INPUT, "%s: not %s: binary data; expected YAML text", yaml->path, what);
    DR_TRY(pass(yaml, size ? text : "", size, what, check_events));
    return pass(yaml, size ? text : "", size, what, load_document);
}

dr_status dr_yaml_parse(dr_yaml *out, const char *text, size_t size, const char *name, const char *what)
{
    *out = (dr_yaml){.path = name, .from_memory = true};
    if (!text)
        return dr_fail(DR_BAD_INPUT, "%s: empty; expected %s", name, what);
    return parse(out, text, size, what);
}

static dr_status no_file(const char *path)
{
    char hint[DR_HINT_SIZE];
    const char *examples[64];
    size_t count = dr_embedded_examples(examples, sizeof examples / sizeof *examples);
    return dr_fail(DR_BAD_INPUT, "%s: no such file%s", path, dr_hint(hint, path, examples, count));
}

/* Files only: a pipe has its bytes once, and documents are read for their settings and again for what they are. */
static dr_status open_file(FILE **out, const char *path, const char *what)
{
    struct stat about;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe would wait for its writer */
    if (file < 0 && errno == ENOENT)
        return no_file(path);
    if (file < 0)
        return dr_fail(errno == ENOTDIR ? DR_BAD_INPUT : DR_MACHINE, "%s: %s", path, strerror(errno));
    const char *wrong = fstat(file, &about) != 0 || S_ISDIR(about.st_mode) ? "a folder"
                        : !S_ISREG(about.st_mode)                          ? "a pipe or device"
                        : about.st_size > MOST_BYTES                       ? "too large"
                                                                           : NULL;
    if (!wrong && (*out = fdopen(file, "rb")))
        return DR_OK;
    close(file);
    if (!wrong)
        return dr_fail_memory();
    return dr_fail(DR_BAD_INPUT, "%s: not %s: %s; expected a YAML file of at most 1 MB", path, what, wrong);
}

dr_status dr_yaml_load(dr_yaml *out, const char *path, const char *what)
{
    FILE *file = NULL;
    const dr_embedded *example = access(path, F_OK) == 0 ? NULL : dr_embedded_example(path);
    if (example)
        return dr_yaml_parse(out, (const char *)example->bytes, example->size, path, what);
    *out = (dr_yaml){.path = path};
    DR_TRY(open_file(&file, path, what));
    char *text = malloc((size_t)MOST_BYTES + 1);
    size_t size = text ? fread(text, 1, (size_t)MOST_BYTES + 1, file) : 0;
    dr_status status = text ? DR_OK : dr_fail_memory();
    if (status == DR_OK && ferror(file))
        status = dr_fail(DR_MACHINE, "%s: cannot be read: %s", path, strerror(errno));
    if (status == DR_OK)
        status = parse(out, text, size, what);
    free(text);
    fclose(file);
    return status;
}

void dr_yaml_free(dr_yaml *yaml)
{
    yaml_document_delete(&yaml->document);
}
