#include "scenario/headline.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/print.h"

/* Room for ", and 12345 more". */
enum { REST = 32, MOST_NAMES = 4 };

void dr_headline_add(dr_headline *h, const char *format, ...)
{
    char part[DR_HEADLINE_SIZE];
    size_t used = strlen(h->text);
    va_list arguments;
    va_start(arguments, format);
    int size = dr_vprint_text(part, sizeof part, format, arguments);
    va_end(arguments);
    bool fits = size > 0 && used + 2 + (size_t)size < sizeof h->text - REST;
    if (!fits || h->left_out > 0) {
        h->left_out++;
        return;
    }
    memcpy(h->text + used, ", ", 2);
    memcpy(h->text + used + (used ? 2 : 0), part, (size_t)size + 1);
}

const char *dr_headline_write(char out[DR_HEADLINE_SIZE], const dr_headline *h)
{
    snprintf(out, DR_HEADLINE_SIZE, "%s", h->text);
    size_t used = strlen(out);
    if (h->left_out && used)
        snprintf(out + used, DR_HEADLINE_SIZE - used, ", and %zu more", h->left_out);
    else if (h->left_out)
        snprintf(out, DR_HEADLINE_SIZE, "%zu change%s", h->left_out, h->left_out > 1 ? "s" : "");
    return out;
}

/* Adds a name to those that are there, `count` of them. Names that would take too much room are counted only. */
static void add_name(char out[DR_HEADLINE_NAMES_SIZE], const char *name, size_t size, size_t count)
{
    size_t used = strlen(out);
    if (count < MOST_NAMES && used + size + 1 < DR_HEADLINE_NAMES_SIZE - REST)
        snprintf(out + used, DR_HEADLINE_NAMES_SIZE - used, "%s%.*s", count ? "," : "", (int)size, name);
}

static void add_rest(char out[DR_HEADLINE_NAMES_SIZE], size_t count)
{
    size_t used = strlen(out), shown = used > 0;
    for (const char *at = out; *at; at++)
        shown += *at == ',';
    if (count > shown)
        snprintf(out + used, DR_HEADLINE_NAMES_SIZE - used, shown ? " and %zu more" : "%zu names", count - shown);
}

void dr_headline_names(char out[DR_HEADLINE_NAMES_SIZE], const char *list)
{
    size_t count = 0;
    *out = '\0';
    for (const char *at = list;;) {
        at += strspn(at, " \t");
        size_t size = strcspn(at, ","), end = size;
        while (end > 0 && strchr(" \t", at[end - 1]))
            end--;
        add_name(out, at, end, count++);
        if (!at[size])
            break;
        at += size + 1;
    }
    add_rest(out, count);
}

void dr_headline_node(char out[DR_HEADLINE_NAMES_SIZE], dr_yaml *yaml, const yaml_node_t *node)
{
    size_t count = 0;
    *out = '\0';
    if (node->type == YAML_SCALAR_NODE)
        dr_headline_names(out, dr_yaml_text(node));
    if (node->type != YAML_SEQUENCE_NODE)
        return;
    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        const yaml_node_t *name = dr_yaml_node(yaml, *item);
        if (name->type == YAML_SCALAR_NODE)
            add_name(out, dr_yaml_text(name), strlen(dr_yaml_text(name)), count++);
    }
    add_rest(out, count);
}
