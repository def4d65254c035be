/* The variables of a formula, such as "rta*dist + i(year, rta, ref = 1990) + offset(log(y))", and its effects, such as
 * "exporter^year + pair[year]". */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/print.h"
#include "estimate/formula_impl.h"

/* ---- Terms ------------------------------------------------------------------------------------------------------- */

dr_status dr_formula_add_term(dr_formula_reader *r, dr_term *term, size_t at, bool again)
{
    dr_formula *f = r->formula;
    if (!term->label)
        DR_TRY(dr_formula_label(f, term->factor, term->factors, &term->label));
    for (size_t i = 0; i < f->terms; i++)
        if (strcmp(f->term[i].label, term->label) == 0)
            return again ? DR_OK : fail(r, at, "'%s' is given twice", term->label);
    if (f->terms == DR_FORMULA_MOST_PARTS)
        return fail(r, at, "more than %d variables", DR_FORMULA_MOST_PARTS);
    if (f->terms == 0)
        f->term = dr_arena_take(&f->arena, DR_FORMULA_MOST_PARTS * sizeof *f->term);
    if (!f->term)
        return dr_fail_memory();
    f->term[f->terms++] = *term;
    return DR_OK;
}

dr_status dr_formula_add(dr_formula *f, const dr_term *term)
{
    dr_term copy = *term;
    return dr_formula_add_term(&(dr_formula_reader){.formula = f, .text = f->text}, &copy, 0, true);
}

/* Whether a call of that name comes next; takes it with its bracket if so. */
static bool take_call(dr_formula_reader *r, const char *name)
{
    size_t size = strlen(name), at = r->at;
    if (strncmp(r->text + at, name, size) != 0)
        return false;
    for (at += size; r->text[at] == ' '; at++)
        ;
    if (r->text[at] != '(')
        return false;
    r->at = at;
    return dr_formula_take(r, "(");
}

/* offset(log(y)): several are added. */
static dr_status read_offset(dr_formula_reader *r, size_t at)
{
    dr_node *more = NULL, *sum = NULL;
    DR_TRY(dr_formula_read_expression(r, &more));
    DR_TRY(dr_formula_expect(r, ")", "here"));
    if (r->formula->offset) {
        DR_TRY(dr_formula_new_node(r, &sum, DR_NODE_BINARY, at));
        sum->operation = DR_OP_ADD;
        sum->left = r->formula->offset;
        sum->right = more;
        more = sum;
    }
    r->formula->offset = more;
    return DR_OK;
}

/* poly(x, 3): x, x^2 and x^3. */
static dr_status read_poly(dr_formula_reader *r, size_t at)
{
    enum { MOST_DEGREE = 8 };
    dr_node *x = NULL, *degree = NULL;
    DR_TRY(dr_formula_read_expression(r, &x));
    DR_TRY(dr_formula_expect(r, ",", "and a degree, as in poly(x, 2)"));
    size_t there = r->at;
    DR_TRY(dr_formula_read_number(r, &degree));
    if (!(degree->number >= 1 && degree->number <= MOST_DEGREE) || degree->number != floor(degree->number))
        return fail(r, there, "expected a whole degree from 1 to %d", MOST_DEGREE);
    DR_TRY(dr_formula_expect(r, ")", "here"));
    for (int power = 1; power <= (int)degree->number; power++) {
        dr_term term = {.factor = {x}, .factors = 1};
        if (power > 1) {
            DR_TRY(dr_formula_new_node(r, &term.factor[0], DR_NODE_BINARY, at));
            DR_TRY(dr_formula_new_node(r, &term.factor[0]->right, DR_NODE_NUMBER, at));
            term.factor[0]->operation = DR_OP_POWER;
            term.factor[0]->left = x;
            term.factor[0]->right->number = power;
        }
        DR_TRY(dr_formula_add_term(r, &term, at, false));
    }
    return DR_OK;
}

/* D, lagged by some years, or led by as many below 0. */
static dr_status shifted(dr_formula_reader *r, dr_node **out, dr_node *treatment, int lag)
{
    *out = treatment;
    if (lag == 0)
        return DR_OK;
    DR_TRY(dr_formula_new_node(r, out, DR_NODE_SHIFT, treatment->at));
    (*out)->number = -lag;
    (*out)->left = treatment;
    return DR_OK;
}

/* left - right; left NULL: 1. */
static dr_status less(dr_formula_reader *r, dr_node **out, dr_node *left, dr_node *right)
{
    DR_TRY(dr_formula_new_node(r, out, DR_NODE_BINARY, right->at));
    (*out)->operation = DR_OP_SUBTRACT;
    (*out)->left = left;
    (*out)->right = right;
    if (left)
        return DR_OK;
    DR_TRY(dr_formula_new_node(r, &(*out)->left, DR_NODE_NUMBER, right->at));
    (*out)->left->number = 1;
    return DR_OK;
}

/* The indicator of `when` years since entry: with D the treatment, D(t - when) - D(t - when - 1); at the ends, which
 * stand for all years beyond, D(t - high), and 1 - D(t - low - 1). Of flows that are never treated this last one is 1
 * in every year, which their effect takes. */
static dr_status event_term(dr_formula_reader *r, dr_term *term, dr_node *treatment, int when, const int ends[2])
{
    const char *name = NULL, *sign = when == ends[0] ? "<=" : when == ends[1] ? ">=" : "";
    dr_node *here = NULL, *after = NULL;
    DR_TRY(dr_formula_label(r->formula, &treatment, 1, &name));
    *term = (dr_term){.factors = 1, .event = treatment, .when = when};
    term->label = dr_arena_format(&r->formula->arena, "event(%s, %s%d)", name, sign, when);
    if (!term->label)
        return dr_fail_memory();
    DR_TRY(shifted(r, &here, treatment, when));
    DR_TRY(shifted(r, &after, treatment, when + 1));
    term->factor[0] = here;
    return when == ends[1]   ? DR_OK
           : when == ends[0] ? less(r, &term->factor[0], NULL, after)
                             : less(r, &term->factor[0], here, after);
}

static dr_status read_end(dr_formula_reader *r, int *end, bool before)
{
    enum { MOST = 50 };
    dr_node *number = NULL;
    size_t at = r->at;
    bool minus = dr_formula_take(r, "-");
    DR_TRY(dr_formula_read_number(r, &number));
    *end = (int)(minus ? -number->number : number->number);
    if (number->number == floor(number->number) && number->number <= MOST && (before ? *end <= -1 : *end >= 0))
        return DR_OK;
    return fail(r, at, "expected the %s year of event(rta, -4, 8), from %d to %d", before ? "first" : "last",
                before ? -MOST : 0, before ? -1 : MOST);
}

/* event(rta, -4, 8): years since entry, compared with the last one before it; the first and the last stand for all
 * beyond. */
static dr_status read_event(dr_formula_reader *r, size_t at)
{
    dr_node *treatment = NULL;
    int ends[2] = {0};
    DR_TRY(dr_formula_read_expression(r, &treatment));
    DR_TRY(dr_formula_expect(r, ",", "and the first and the last year, as in event(rta, -4, 8)"));
    DR_TRY(read_end(r, &ends[0], true));
    DR_TRY(dr_formula_expect(r, ",", "and the last year, as in event(rta, -4, 8)"));
    DR_TRY(read_end(r, &ends[1], false));
    for (int when = ends[0]; when <= ends[1]; when++) {
        dr_term term;
        if (when == -1)
            continue;
        DR_TRY(event_term(r, &term, treatment, when, ends));
        DR_TRY(dr_formula_add_term(r, &term, at, false));
    }
    return dr_formula_expect(r, ")", "here");
}

/* ref = 1990, ref = -1, ref = 'goods', ref = goods */
static dr_status read_reference(dr_formula_reader *r, dr_term *term)
{
    term->reference_at = r->at;
    char quote = r->text[r->at];
    if (quote == '\'' || quote == '"') {
        const char *from = r->text + r->at + 1, *end = strchr(from, quote);
        if (!end)
            return fail(r, r->at, "the closing quote of the reference is missing");
        term->reference = dr_arena_format(&r->formula->arena, "%.*s", (int)(end - from), from);
        r->at += (size_t)(end - from) + 2;
        dr_formula_skip_blanks(r);
    } else {
        size_t size = strcspn(r->text + r->at, " ,)");
        if (size == 0)
            return fail(r, r->at, "expected the level that the others are compared with, such as 1990");
        term->reference = dr_arena_format(&r->formula->arena, "%.*s", (int)size, r->text + r->at);
        r->at += size;
        dr_formula_skip_blanks(r);
    }
    return term->reference ? DR_OK : dr_fail_memory();
}

/* i(year), i(year, rta), i(year, rta, ref = 1990): a coefficient for each level of the first. */
static dr_status read_levels(dr_formula_reader *r, dr_term *term)
{
    dr_node *category = NULL;
    size_t at = r->at;
    DR_TRY(dr_formula_new_node(r, &category, DR_NODE_NAME, at));
    DR_TRY(dr_formula_take_name(r, &category->name, &at, "a category such as year or sector"));
    category->at = at;
    category->levels = true;
    while (dr_formula_take(r, ",")) {
        size_t here = r->at;
        if (strncmp(r->text + here, "ref", 3) == 0 && strchr(" =", r->text[here + 3])) {
            r->at += 3;
            DR_TRY(dr_formula_expect(r, "=", "and the reference, as in i(year, rta, ref = 1990)"));
            DR_TRY(read_reference(r, term));
            break;
        }
        if (term->factors > 0)
            return fail(r, here, "expected ref = a level, as in i(year, rta, ref = 1990)");
        DR_TRY(dr_formula_read_power(r, &term->factor[term->factors++]));
    }
    term->referred = category;
    term->factor[term->factors++] = category;
    return dr_formula_expect(r, ")", "here");
}

/* Factors with colons between. */
static dr_status read_interaction(dr_formula_reader *r, dr_term *term)
{
    do {
        if (term->factors + 2 > DR_MOST_FACTORS)
            return fail(r, r->at, "an interaction of more than %d", DR_MOST_FACTORS);
        if (take_call(r, "i"))
            DR_TRY(read_levels(r, term));
        else
            DR_TRY(dr_formula_read_power(r, &term->factor[term->factors++]));
    } while (dr_formula_take(r, ":"));
    return DR_OK;
}

/* a * b: a, b and a:b, and so on for more; the simplest first. */
static dr_status add_products(dr_formula_reader *r, const dr_term *part, size_t parts, size_t at)
{
    for (int size = 1; size <= (int)parts; size++)
        for (unsigned mask = 1; mask < 1U << parts; mask++) {
            dr_term term = {.of_product = true};
            if (__builtin_popcount(mask) != size)
                continue;
            for (size_t i = 0; i < parts; i++)
                for (size_t k = 0; (mask >> i & 1) && k < part[i].factors; k++) {
                    if (term.factors == DR_MOST_FACTORS)
                        return fail(r, at, "an interaction of more than %d", DR_MOST_FACTORS);
                    term.factor[term.factors++] = part[i].factor[k];
                    term.reference = part[i].reference ? part[i].reference : term.reference;
                    term.reference_at = part[i].reference ? part[i].reference_at : term.reference_at;
                    term.referred = part[i].reference ? part[i].referred : term.referred;
                }
            DR_TRY(dr_formula_add_term(r, &term, at, true));
        }
    return DR_OK;
}

static dr_status read_term(dr_formula_reader *r)
{
    enum { MOST_STARS = 4 };
    dr_term part[MOST_STARS] = {0};
    size_t start = r->at, parts = 0;
    if (take_call(r, "offset"))
        return read_offset(r, start);
    if (take_call(r, "poly"))
        return read_poly(r, start);
    if (take_call(r, "event"))
        return read_event(r, start);
    do {
        if (parts == MOST_STARS)
            return fail(r, r->at, "a product of more than %d", MOST_STARS);
        DR_TRY(read_interaction(r, &part[parts++]));
    } while (dr_formula_take(r, "*"));
    if (parts > 1)
        return add_products(r, part, parts, start);
    if (part[0].factors == 1 && part[0].factor[0]->kind == DR_NODE_NUMBER) {
        if (part[0].factor[0]->number == 1)
            return DR_OK; /* a constant is always there, or the effects are in its place */
        return fail(r, start, "a number is not a variable; the constant is always included");
    }
    return dr_formula_add_term(r, &part[0], start, false);
}

dr_status dr_formula_read_terms(dr_formula_reader *r)
{
    dr_formula_skip_blanks(r);
    do {
        DR_TRY(read_term(r));
    } while (dr_formula_take(r, "+"));
    return DR_OK;
}

/* ---- Effects ----------------------------------------------------------------------------------------------------- */

static dr_status add_crossing(dr_formula_reader *r, const dr_crossing *c, bool again)
{
    dr_formula *f = r->formula;
    for (size_t i = 0; i < f->effects; i++)
        if (strcmp(f->effect[i].label, c->label) == 0)
            return again ? DR_OK : fail(r, c->at[0], "'%s' is given twice", c->label);
    if (f->effects == DR_MOST_FACTORS)
        return fail(r, c->at[0], "more than %d of these", DR_MOST_FACTORS);
    f->effect[f->effects++] = *c;
    return DR_OK;
}

/* pair[year]: an effect and a slope for each pair; pair[[year]]: the slope alone. */
static dr_status read_slopes(dr_formula_reader *r, const dr_crossing *c)
{
    bool alone = dr_formula_take(r, "[[");
    if (!alone && !dr_formula_take(r, "["))
        return add_crossing(r, c, false);
    if (!alone)
        DR_TRY(add_crossing(r, c, true));
    do {
        dr_crossing slope = *c;
        const char *of = NULL;
        DR_TRY(dr_formula_read_expression(r, &slope.slope));
        DR_TRY(dr_formula_label(r->formula, &slope.slope, 1, &of));
        slope.label = dr_arena_format(&r->formula->arena, "%s[[%s]]", c->label, of);
        if (!slope.label)
            return dr_fail_memory();
        DR_TRY(add_crossing(r, &slope, false));
    } while (dr_formula_take(r, ","));
    return dr_formula_expect(r, alone ? "]]" : "]", "after the variable of the slopes");
}

static dr_status read_crossing(dr_formula_reader *r)
{
    dr_crossing c = {0};
    char text[DR_MOST_FACTORS * (DR_FORMULA_MOST_NAME + 1) + 1] = "";
    size_t size = 0;
    do {
        if (c.names == DR_MOST_FACTORS)
            return fail(r, r->at, "a combination of more than %d", DR_MOST_FACTORS);
        DR_TRY(dr_formula_take_name(r, &c.name[c.names], &c.at[c.names], "a category such as exporter, year or pair"));
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", c.names ? "^" : "", c.name[c.names]);
        c.names++;
    } while (dr_formula_take(r, "^"));
    c.label = dr_arena_text(&r->formula->arena, text);
    return c.label ? read_slopes(r, &c) : dr_fail_memory();
}

dr_status dr_formula_read_crossings(dr_formula_reader *r, const char *between)
{
    dr_formula_skip_blanks(r);
    if (!(r->formula->effect = dr_arena_take(&r->formula->arena, DR_MOST_FACTORS * sizeof *r->formula->effect)))
        return dr_fail_memory();
    do {
        DR_TRY(read_crossing(r));
    } while (dr_formula_take(r, between));
    return DR_OK;
}
