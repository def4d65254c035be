/* The variables of a regression: the values of terms, and those of each level of their categories. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "estimate/gravity_sample.h"

dr_status dr_sampling_add_variable(dr_sampling *s, size_t term, const char *label, bool first_level, dr_variable **out)
{
    dr_fitted *fit = s->fit;
    size_t capacity = fit->variables;
    if (!dr_grow((void **)&fit->variable, &capacity, fit->variables + 1, sizeof *fit->variable))
        return dr_fail_memory();
    dr_variable *v = &fit->variable[fit->variables];
    *v = (dr_variable){.label = dr_arena_text(&fit->arena, label),
                       .term = term,
                       .first_level = first_level,
                       .value = dr_new_doubles(s->rows)};
    fit->variables++;
    *out = v;
    return v->label && v->value ? DR_OK : dr_fail_memory();
}

double dr_term_value(const dr_flow_panel *panel, const dr_term *term, size_t row)
{
    double product = 1;
    for (size_t k = 0; k < term->factors; k++)
        if (!term->factor[k]->category)
            product *= dr_flow_panel_value(panel, term->factor[k], row);
    return product;
}

/* A crossing of a term's categories; without names where it has none. */
static dr_crossing categories_of(const dr_term *term)
{
    dr_crossing c = {0};
    for (size_t k = 0; k < term->factors; k++)
        if (term->factor[k]->category) {
            c.name[c.names] = term->factor[k]->name;
            c.bound[c.names++] = term->factor[k]->bound;
        }
    return c;
}

/* "rta:year=1994": the term with the level of each category. */
static void level_label(char *text, size_t size, const dr_sampling *s, const dr_term *term, size_t row)
{
    char name[256];
    size_t used = 0;
    const char *at = term->label;
    for (size_t k = 0; k < term->factors && used < size; k++) {
        size_t length = strcspn(at, ":");
        used += (size_t)snprintf(text + used, size - used, "%s%.*s", k ? ":" : "", (int)length, at);
        at += length + (at[length] == ':');
        if (!term->factor[k]->category || used >= size)
            continue;
        dr_crossing one = {.name = {term->factor[k]->name}, .bound = {term->factor[k]->bound}, .names = 1};
        dr_flow_panel_level_name(name, sizeof name, s->panel, &one, row, false);
        used += (size_t)snprintf(text + used, size - used, "=%s", name);
    }
}

/* A level of a term's categories, and where it comes in the order of theirs. */
typedef struct placed {
    uint32_t level;
    uint64_t rank[2];
    bool reference;
    char label[512];
} placed;

static int in_place(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    for (size_t i = 0; i < 2; i++)
        if (x->rank[i] != y->rank[i])
            return x->rank[i] < y->rank[i] ? -1 : 1;
    return strcmp(x->label, y->label);
}

/* Whether the level of i(...) in a row is the one that the others are to be compared with. */
static bool is_reference(const dr_sampling *s, const dr_term *term, size_t row)
{
    char name[256];
    if (!term->reference)
        return false;
    dr_crossing one = {.name = {term->referred->name}, .bound = {term->referred->bound}, .names = 1};
    dr_flow_panel_level_name(name, sizeof name, s->panel, &one, row, false);
    return strcmp(name, term->reference) == 0;
}

/* The levels that have a row of the sample where the numbers are not zero. */
static dr_status levels_in_use(dr_sampling *s, const dr_term *term, const dr_crossing *c, const dr_flow_levels *l,
                               const double *number, placed **out, size_t *count)
{
    bool *used = dr_new(l->count + 1, sizeof *used);
    *out = dr_new(l->count + 1, sizeof **out);
    if (!used || !*out) {
        free(used);
        return dr_fail_memory();
    }
    for (size_t i = 0; i < s->rows; i++) {
        uint32_t level = l->level[s->row[i]];
        if (level == DR_NO_LEVEL || used[level] || !isfinite(number[i]) || number[i] == 0)
            continue;
        placed *p = &(*out)[(*count)++];
        used[level] = true;
        p->level = level;
        for (size_t k = 0; k < 2 && k < c->names; k++)
            p->rank[k] = c->bound[k] >= 0 ? s->panel->field[c->bound[k]].level[l->first[level]] : 0;
        p->reference = is_reference(s, term, l->first[level]);
        level_label(p->label, sizeof p->label, s, term, l->first[level]);
    }
    free(used);
    qsort(*out, *count, sizeof **out, in_place);
    return DR_OK;
}

enum { MOST_LEVELS = 1000 };

/* One variable for each level: the numbers where the row has it, else 0. */
static dr_status take_levels(dr_sampling *s, size_t t, const dr_crossing *c, const dr_flow_levels *l,
                             const double *number)
{
    const dr_term *term = &s->formula->term[t];
    placed *levels = NULL;
    size_t count = 0;
    dr_variable *v = NULL;
    dr_status status = levels_in_use(s, term, c, l, number, &levels, &count);
    if (status == DR_OK && count > MOST_LEVELS)
        status = dr_fail(DR_BAD_INPUT,
                         "%s: %zu levels, each with a coefficient, and the maximum is %d; absorb them as "
                         "effects instead",
                         term->label, count, MOST_LEVELS);
    bool any = false; /* a value of `by` need not have the reference */
    for (size_t k = 0; status == DR_OK && k < count; k++)
        any = any || levels[k].reference;
    for (size_t k = 0; status == DR_OK && k < count; k++) {
        bool zero = levels[k].reference; /* of zeros alone it is left out */
        status = dr_sampling_add_variable(s, t, levels[k].label, any ? zero : k == 0, &v);
        for (size_t i = 0; status == DR_OK && i < s->rows; i++) {
            uint32_t level = l->level[s->row[i]];
            bool here = level == levels[k].level && !zero;
            v->value[i] = level == DR_NO_LEVEL ? NAN : here || isnan(number[i]) ? number[i] : 0;
        }
    }
    free(levels);
    return status;
}

static dr_status take_categories(dr_sampling *s, size_t t, const dr_crossing *c)
{
    dr_flow_levels levels = {0};
    double *number = dr_new_doubles(s->rows);
    dr_status status = number ? dr_flow_panel_cross(&levels, s->panel, c, false) : dr_fail_memory();
    for (size_t i = 0; status == DR_OK && i < s->rows; i++)
        number[i] = dr_term_value(s->panel, &s->formula->term[t], s->row[i]);
    if (status == DR_OK)
        status = take_levels(s, t, c, &levels, number);
    dr_flow_levels_free(&levels);
    free(number);
    return status;
}

dr_status dr_sampling_take_term(dr_sampling *s, size_t t)
{
    const dr_term *term = &s->formula->term[t];
    dr_crossing categories = categories_of(term);
    dr_variable *v = NULL;
    if (categories.names > 0)
        return take_categories(s, t, &categories);
    DR_TRY(dr_sampling_add_variable(s, t, term->label, false, &v));
    for (size_t i = 0; i < s->rows; i++)
        v->value[i] = dr_term_value(s->panel, term, s->row[i]);
    return DR_OK;
}

/* The estimator leaves out what those before it determine: of a category's levels the first comes last. */
void dr_sampling_place_variables(dr_fitted *fit)
{
    size_t at = 0;
    for (size_t i = 0; i < fit->variables;) {
        size_t end = i + 1;
        while (end < fit->variables && fit->variable[end].term == fit->variable[i].term)
            end++;
        bool constant = strcmp(fit->variable[i].label, DR_CONSTANT) == 0; /* which comes last of all */
        for (size_t k = i + 1; k < end; k++)
            fit->variable[k].at = at++;
        fit->variable[i].at = constant ? fit->variables - 1 : at++;
        i = end;
    }
}
