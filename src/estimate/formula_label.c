/* Expressions as text, in one way of writing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/print.h"
#include "estimate/formula_impl.h"

static void print_node(FILE *to, const dr_node *node)
{
    static const char *const words[] = {"+",  "-", "*",   "/",   "<",    "<=",  ">",      ">=",   "==",
                                        "!=", "^", "log", "exp", "sqrt", "abs", "member", "both", "one"};
    switch (node->kind) {
    case DR_NODE_NUMBER:
        dr_print(to, "%.10g", node->number);
        return;
    case DR_NODE_NAME:
        fputs(node->name, to);
        return;
    case DR_NODE_GROUP:
        fprintf(to, "%s(%s)", words[node->operation], node->name);
        return;
    case DR_NODE_CALL:
        fprintf(to, "%s(", words[node->operation]);
        print_node(to, node->left);
        fputc(')', to);
        return;
    case DR_NODE_SHIFT:
        fputs(node->number < 0 ? "lag(" : "lead(", to);
        print_node(to, node->left);
        dr_print(to, ", %.0f)", fabs(node->number));
        return;
    case DR_NODE_BINARY:
        if (node->left->kind == DR_NODE_BINARY)
            fputc('(', to);
        print_node(to, node->left);
        fprintf(to, node->operation == DR_OP_POWER ? "%s%s" : "%s %s ", node->left->kind == DR_NODE_BINARY ? ")" : "",
                words[node->operation]);
        if (node->right->kind == DR_NODE_BINARY)
            fputc('(', to);
        print_node(to, node->right);
        if (node->right->kind == DR_NODE_BINARY)
            fputc(')', to);
    }
}

dr_status dr_formula_label(dr_formula *f, dr_node *const *nodes, size_t count, const char **out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ":" : "", to);
        bool bracket = nodes[i]->kind == DR_NODE_BINARY && nodes[i]->operation != DR_OP_POWER;
        fputs(bracket && count > 1 ? "(" : "", to);
        print_node(to, nodes[i]);
        fputs(bracket && count > 1 ? ")" : "", to);
    }
    bool written = fclose(to) == 0;
    *out = written ? dr_arena_text(&f->arena, text) : NULL;
    free(text);
    return *out ? DR_OK : dr_fail_memory();
}
