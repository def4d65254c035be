#include "estimate/formula.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/names.h"
#include "base/print.h"
#include "estimate/formula_impl.h"

double dr_operation_of_one(dr_operation operation, double x)
{
    switch (operation) {
    case DR_OP_LOG:
        return log(x);
    case DR_OP_EXP:
        return exp(x);
    case DR_OP_SQRT:
        return sqrt(x);
    default:
        return fabs(x);
    }
}

void dr_formula_error(const dr_formula *formula, size_t at, const char *message, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, message);
    dr_vprint_text(line, sizeof line, message, arguments);
    va_end(arguments);
    dr_error_keep("formula: %s", line);
    dr_error_point(formula->text, at);
}

bool dr_formula_ends(const dr_formula_reader *r)
{
    return r->text[r->at] == '\0';
}

/* The error for text with which no side of a formula can continue. */
static dr_status stray(dr_formula_reader *r)
{
    char c = r->text[r->at];
    if (c && strchr("-/<>=!", c))
        return fail(r, r->at, "arithmetic goes into brackets, as in (gdp_i * gdp_j); variables are joined by '+'");
    if (c == ')')
        return fail(r, r->at, "there is no '(' for this ')'");
    return fail(r, r->at, "unexpected text");
}

/* log(trade) at the left is what asks for least squares. */
static dr_status read_outcome(dr_formula_reader *r)
{
    dr_formula *f = r->formula;
    dr_formula_skip_blanks(r);
    DR_TRY(dr_formula_read_sum(r, &f->outcome));
    DR_TRY(dr_formula_label(f, &f->outcome, 1, &f->outcome_label));
    f->logs = f->outcome->kind == DR_NODE_CALL && f->outcome->operation == DR_OP_LOG;
    if (f->logs)
        f->outcome = f->outcome->left;
    return dr_formula_expect(r, "~", "after the outcome, as in \"trade ~ rta | exporter^year + importer^year + pair\"");
}

/* Without effects there is a constant, the last of the variables. */
static dr_status add_constant(dr_formula_reader *r)
{
    dr_term constant = {.factors = 1, .label = DR_CONSTANT};
    DR_TRY(dr_formula_new_node(r, &constant.factor[0], DR_NODE_NUMBER, r->at));
    constant.factor[0]->number = 1;
    return dr_formula_add_term(r, &constant, r->at, false);
}

/* "endogenous ~ instruments"; the constant, if there are no effects, stands between the two. */
static dr_status read_instruments(dr_formula_reader *r, bool effects)
{
    dr_formula *f = r->formula;
    size_t before = f->terms;
    DR_TRY(dr_formula_read_terms(r));
    f->endogenous = f->terms - before;
    if (f->endogenous == 0)
        return fail(r, r->at, "expected an endogenous variable, as in \"trade ~ dist | year | tariff ~ instrument\"");
    DR_TRY(dr_formula_expect(r, "~", "and instruments, as in \"trade ~ dist | year | tariff ~ instrument\""));
    if (!effects)
        DR_TRY(add_constant(r));
    before = f->terms;
    DR_TRY(dr_formula_read_terms(r));
    f->instruments = f->terms - before;
    return f->instruments > 0 ? DR_OK : fail(r, r->at, "expected an instrument");
}

static dr_status read_formula(dr_formula_reader *r)
{
    DR_TRY(read_outcome(r));
    DR_TRY(dr_formula_read_terms(r));
    bool instruments = false, effects = false;
    for (size_t side = 0; side < 2 && !instruments && dr_formula_take(r, "|"); side++) {
        size_t length = strcspn(r->text + r->at, "|~");
        instruments = side == 1 || r->text[r->at + length] == '~';
        effects = effects || !instruments;
        DR_TRY(instruments ? read_instruments(r, effects) : dr_formula_read_crossings(r, "+"));
    }
    if (!effects && !instruments)
        DR_TRY(add_constant(r));
    return dr_formula_ends(r) ? DR_OK : stray(r);
}

dr_status dr_formula_begin(dr_formula_reader *r, dr_formula *out, const char *text)
{
    *out = (dr_formula){0};
    if (strlen(text) > DR_FORMULA_MOST_TEXT)
        return dr_fail(DR_BAD_INPUT, "formula: %zu bytes; the maximum is %d", strlen(text), DR_FORMULA_MOST_TEXT);
    if (!dr_utf8(text))
        return dr_fail(DR_BAD_INPUT, "formula: text that is not UTF-8");
    out->text = dr_arena_text(&out->arena, text);
    *r = (dr_formula_reader){.formula = out, .text = out->text};
    return out->text ? DR_OK : dr_fail_memory();
}

dr_status dr_formula_parse(dr_formula *out, const char *text)
{
    dr_formula_reader r;
    DR_TRY(dr_formula_begin(&r, out, text));
    return read_formula(&r);
}

dr_status dr_formula_parse_terms(dr_formula *out, const char *text)
{
    dr_formula_reader r;
    DR_TRY(dr_formula_begin(&r, out, text));
    DR_TRY(dr_formula_read_terms(&r));
    return dr_formula_ends(&r) ? DR_OK : stray(&r);
}

dr_status dr_formula_parse_crossings(dr_formula *out, const char *text)
{
    dr_formula_reader r;
    DR_TRY(dr_formula_begin(&r, out, text));
    DR_TRY(dr_formula_read_crossings(&r, ","));
    for (size_t i = 0; i < out->effects; i++)
        if (out->effect[i].slope)
            return dr_formula_fail(out, out->effect[i].slope->at, "clusters have no slopes");
    return dr_formula_ends(&r) ? DR_OK : stray(&r);
}

void dr_formula_free(dr_formula *formula)
{
    dr_arena_free(&formula->arena);
    *formula = (dr_formula){0};
}
