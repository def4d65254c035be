/* GET status: the load of the server. GET openapi.json: the description of the interface. GET schema: that of
 * scenarios. */
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/yaml.h"
#include "scenario/json_schema.h"
#include "serve/endpoints.h"
#include "serve/page.h"
#include "serve/queue.h"

dr_status serve_answer_status(serve_call *call)
{
    size_t waiting = 0, running = 0, done = 0;
    if (call->context->solvers)
        serve_queue_count(call->context->solvers, &waiting, &running, &done);
    double uptime = dr_seconds() - call->context->started;
    return serve_write_json(call, json_pack("{s:I, s:I, s:I, s:f}", "queue", (json_int_t)waiting, "running",
                                            (json_int_t)running, "solves", (json_int_t)done, "uptime", uptime));
}

/* ---- The description, YAML, as JSON ------------------------------------------------------------------------------ */

static json_t *scalar(const yaml_node_t *node)
{
    const char *text = dr_yaml_text(node);
    double number = 0;
    if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return json_string(text);
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return json_boolean(*text == 't');
    if (!dr_parse_number(text, &number))
        return json_string(text);
    return number == (double)(json_int_t)number ? json_integer((json_int_t)number) : json_real(number);
}

static json_t *convert(dr_yaml *yaml, const yaml_node_t *node)
{
    json_t *out;
    if (node->type == YAML_SCALAR_NODE)
        return scalar(node);
    if (node->type == YAML_SEQUENCE_NODE) {
        out = json_array();
        for (yaml_node_item_t *at = node->data.sequence.items.start; at < node->data.sequence.items.top; at++)
            json_array_append_new(out, convert(yaml, dr_yaml_node(yaml, *at)));
        return out;
    }
    out = json_object();
    for (yaml_node_pair_t *at = node->data.mapping.pairs.start; at < node->data.mapping.pairs.top; at++)
        json_object_set_new(out, dr_yaml_text(dr_yaml_node(yaml, at->key)),
                            convert(yaml, dr_yaml_node(yaml, at->value)));
    return out;
}

dr_status serve_answer_openapi(serve_call *call)
{
    dr_yaml yaml;
    const dr_embedded *file = dr_openapi_files;
    DR_TRY(dr_yaml_parse(&yaml, (const char *)file->bytes, file->size, file->name, "a description"));
    json_t *json = convert(&yaml, yaml_document_get_root_node(&yaml.document));
    dr_yaml_free(&yaml);
    return serve_write_json(call, json);
}

dr_status serve_answer_schema(serve_call *call)
{
    json_t *json = dr_scenario_schema_alone();
    return json ? serve_write_json(call, json) : dr_fail_memory();
}
