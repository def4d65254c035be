/* The meaning of the names in formulas: columns of the flows, and names that every panel has. */
#include <stdlib.h>
#include <string.h>

#include "estimate/flow_panel_impl.h"

/* Names that every panel has, if no column has them. */
static const struct {
    const char *name;
    int bound;
} built_in[] = {
    {"pair", DR_BOUND_PAIR}, {"directed_pair", DR_BOUND_DIRECTED}, {"international", DR_BOUND_INTERNATIONAL}};

enum { BUILT_IN = sizeof built_in / sizeof *built_in };

/* ---- Names ------------------------------------------------------------------------------------------------------- */

/* The field of that column, new if need be; -1 without one. */
static dr_status need_field(dr_flow_reading *r, const char *name, bool number, int *out)
{
    dr_flow_panel *p = r->panel;
    for (size_t i = 0; i < p->fields; i++)
        if (strcmp(p->field[i].name, name) == 0) {
            p->field[i].as_number |= number;
            p->field[i].as_category |= !number;
            *out = (int)i;
            return DR_OK;
        }
    *out = -1;
    const dr_source_column *column = dr_flow_panel_source_find(&r->source, name);
    if (!column)
        return DR_OK;
    if (p->fields == DR_MOST_FIELDS)
        return dr_fail(DR_BAD_INPUT, "the formulas use more than %d columns, which is the maximum", DR_MOST_FIELDS);
    p->field[p->fields] =
        (dr_field){.name = dr_arena_text(&p->arena, name), .as_number = number, .as_category = !number};
    *out = (int)p->fields;
    return p->field[p->fields++].name ? DR_OK : dr_fail_memory();
}

static const char *hint_of(char hint[DR_HINT_SIZE], const dr_flow_reading *r, const char *name)
{
    const char **names = dr_new(r->source.columns + BUILT_IN, sizeof *names);
    *hint = '\0';
    for (size_t i = 0; names && i < r->source.columns; i++)
        names[i] = r->source.column[i].name;
    for (size_t i = 0; names && i < BUILT_IN; i++)
        names[r->source.columns + i] = built_in[i].name;
    if (names)
        dr_hint(hint, name, names, r->source.columns + BUILT_IN);
    free(names);
    return hint;
}

/* Exporter and importer, which pairs, groups and lags are about. */
static dr_status need_panel(dr_flow_reading *r, size_t at, const char *for_what, bool year)
{
    dr_flow_panel *p = r->panel;
    static const char *const names[] = {"exporter", "importer", "year"};
    int *fields[] = {&p->exporter, &p->importer, &p->year};
    for (size_t i = 0; i < (year ? 3 : 2); i++) {
        if (*fields[i] < 0)
            DR_TRY(need_field(r, names[i], i == 2, fields[i]));
        if (*fields[i] < 0)
            return dr_formula_fail(r->formula, at, "%s needs the %s of each flow; say which column it is with --%s",
                                   for_what, names[i], names[i]);
    }
    if (year)
        p->field[p->year].as_category = true;
    return DR_OK;
}

/* A name in a formula, as a number or as a category. */
static dr_status bind_name(dr_flow_reading *r, const char *name, size_t at, bool number, int *bound)
{
    char hint[DR_HINT_SIZE];
    DR_TRY(need_field(r, name, number, bound));
    if (*bound >= 0)
        return DR_OK;
    for (size_t i = 0; i < BUILT_IN; i++)
        if (strcmp(built_in[i].name, name) == 0) {
            *bound = built_in[i].bound;
            if (number && *bound != DR_BOUND_INTERNATIONAL)
                return dr_formula_fail(r->formula, at, "'%s' is a category, not a number", name);
            if (!number && *bound == DR_BOUND_INTERNATIONAL)
                return dr_formula_fail(r->formula, at, "'%s' is a number, not a category", name);
            return need_panel(r, at, name, false);
        }
    return dr_formula_fail(r->formula, at, "the flows have no column '%s'%s", name, hint_of(hint, r, name));
}

static dr_status bind_node(dr_flow_reading *r, dr_node *node)
{
    switch (node->kind) {
    case DR_NODE_NUMBER:
        return DR_OK;
    case DR_NODE_NAME:
        return bind_name(r, node->name, node->at, true, &node->bound);
    case DR_NODE_GROUP:
        return need_panel(r, node->at, "a group", true); /* who is in it is read when the panel is there */
    case DR_NODE_SHIFT:
        r->shifts = true;
        DR_TRY(need_panel(r, node->at, node->number < 0 ? "lag" : "lead", true));
        return bind_node(r, node->left);
    case DR_NODE_CALL:
        return bind_node(r, node->left);
    case DR_NODE_BINARY:
        DR_TRY(bind_node(r, node->left));
        return bind_node(r, node->right);
    }
    return DR_OK;
}

/* In an interaction, a bare name of these is a category: who, where, when, and columns of text. */
static bool is_category_name(const dr_flow_reading *r, const char *name)
{
    static const char *const names[] = {"exporter", "importer", "year", "sector", "pair", "directed_pair"};
    const dr_source_column *column = dr_flow_panel_source_find(&r->source, name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return column && strcmp(column->type, "VARCHAR") == 0;
}

static dr_status bind_term(dr_flow_reading *r, dr_term *term)
{
    for (size_t i = 0; i < term->factors; i++) {
        dr_node *node = term->factor[i];
        bool category = node->levels || ((term->factors > 1 || term->of_product) && node->kind == DR_NODE_NAME &&
                                         is_category_name(r, node->name));
        node->category = category;
        if (category)
            DR_TRY(bind_name(r, node->name, node->at, false, &node->bound));
        else
            DR_TRY(bind_node(r, node));
    }
    return DR_OK;
}

static dr_status bind_formula(dr_flow_reading *r, dr_formula *f)
{
    r->formula = f;
    if (f->outcome)
        DR_TRY(bind_node(r, f->outcome));
    for (size_t i = 0; i < f->terms; i++)
        DR_TRY(bind_term(r, &f->term[i]));
    if (f->offset)
        DR_TRY(bind_node(r, f->offset));
    for (size_t i = 0; i < f->effects; i++) {
        for (size_t k = 0; k < f->effect[i].names; k++)
            DR_TRY(bind_name(r, f->effect[i].name[k], f->effect[i].at[k], false, &f->effect[i].bound[k]));
        if (f->effect[i].slope)
            DR_TRY(bind_node(r, f->effect[i].slope));
    }
    return DR_OK;
}

/* A column that is no formula's. */
static dr_status need_column(dr_flow_reading *r, const char *name, bool number, int *out)
{
    char hint[DR_HINT_SIZE];
    DR_TRY(need_field(r, name, number, out));
    if (*out >= 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: there is no column '%s'%s", r->request->files[0], name, hint_of(hint, r, name));
}

dr_status dr_flow_panel_bind(dr_flow_reading *r)
{
    static const char *const names[] = {"exporter", "importer", "year"};
    dr_flow_panel *p = r->panel;
    int *const roles[] = {&p->exporter, &p->importer, &p->year}, unused;
    for (size_t i = 0; i < 3; i++)
        DR_TRY(need_field(r, names[i], i == 2, roles[i]));
    for (size_t i = 0; i < r->request->formula_count; i++)
        DR_TRY(bind_formula(r, &r->request->formulas[i]));
    for (const char *const *name = r->request->numbers; name && *name; name++)
        DR_TRY(need_column(r, *name, true, &unused));
    if (r->request->by)
        DR_TRY(need_column(r, r->request->by, false, &p->by));
    if (p->year >= 0)
        p->field[p->year].as_category = true;
    if (r->shifts && dr_flow_panel_by_sector(&r->source, p))
        DR_TRY(need_field(r, "sector", false, &p->sector));
    return DR_OK;
}

static dr_status bind_groups(dr_flow_reading *r, dr_node *node)
{
    if (!node)
        return DR_OK;
    if (node->kind == DR_NODE_GROUP)
        return dr_flow_panel_group_find(r->panel, r->source.groups, r->formula, node);
    DR_TRY(bind_groups(r, node->left));
    return bind_groups(r, node->right);
}

dr_status dr_flow_panel_bind_groups(dr_flow_reading *r)
{
    for (size_t i = 0; i < r->request->formula_count; i++) {
        dr_formula *f = &r->request->formulas[i];
        r->formula = f;
        DR_TRY(bind_groups(r, f->outcome));
        DR_TRY(bind_groups(r, f->offset));
        for (size_t e = 0; e < f->effects; e++)
            DR_TRY(bind_groups(r, f->effect[e].slope));
        for (size_t t = 0; t < f->terms; t++)
            for (size_t k = 0; k < f->term[t].factors; k++)
                DR_TRY(bind_groups(r, f->term[t].factor[k]));
    }
    return DR_OK;
}
