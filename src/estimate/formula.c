#include "estimate/formula.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/names.h"
#include "base/print.h"

enum { MOST_TEXT = 4000, MOST_PARTS = 512, MOST_DEPTH = 64, MOST_NAME = 256 };

/* A reading of a formula: `at` is the byte to come, after blanks. */
typedef struct reader {
    dr_formula *formula;
    const char *text;
    size_t at;
    int depth;
} reader;

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

#define fail(r, where, ...) dr_formula_fail((r)->formula, where, __VA_ARGS__)

/* ---- Words and signs --------------------------------------------------------------------------------------------- */

static void skip_blanks(reader *r)
{
    while (isspace((unsigned char)r->text[r->at]))
        r->at++;
}

/* Whether the sign comes next; takes it if so. */
static bool take(reader *r, const char *sign)
{
    skip_blanks(r);
    size_t size = strlen(sign);
    if (strncmp(r->text + r->at, sign, size) != 0)
        return false;
    r->at += size;
    skip_blanks(r);
    return true;
}

static dr_status expect(reader *r, const char *sign, const char *after)
{
    if (take(r, sign))
        return DR_OK;
    return fail(r, r->at, "expected '%s' %s", sign, after);
}

static bool begins_name(char c)
{
    return isalpha((unsigned char)c) || c == '_' || c == '.' || ((unsigned char)c & 0x80);
}

/* The bytes of the name that comes next, 0 if none does; a name in backquotes may have any letters. */
static size_t name_size(const reader *r)
{
    const char *text = r->text + r->at;
    size_t size = 0;
    if (*text == '`')
        return strcspn(text + 1, "`");
    if (begins_name(*text) && !(*text == '.' && isdigit((unsigned char)text[1])))
        while (begins_name(text[size]) || isdigit((unsigned char)text[size]))
            size++;
    if (size > 0 && text[size] == '@') /* a group in a year: EU@2020 */
        size += 1 + strspn(text + size + 1, "0123456789");
    return size;
}

static dr_status take_name(reader *r, const char **name, size_t *at, const char *what)
{
    skip_blanks(r);
    *at = r->at;
    size_t size = name_size(r);
    bool quoted = r->text[r->at] == '`';
    if (quoted && r->text[r->at + 1 + size] != '`')
        return fail(r, r->at, "the closing backquote of the name is missing");
    if (size == 0)
        return fail(r, r->at, "expected %s", what);
    if (size > MOST_NAME)
        return fail(r, r->at, "a name of %zu bytes; the maximum is %d", size, MOST_NAME);
    *name = dr_arena_format(&r->formula->arena, "%.*s", (int)size, r->text + r->at + quoted);
    r->at += size + 2 * (size_t)quoted;
    skip_blanks(r);
    return *name ? DR_OK : dr_fail_memory();
}

/* ---- Expressions ------------------------------------------------------------------------------------------------- */

static dr_status new_node(reader *r, dr_node **out, dr_node_kind kind, size_t at)
{
    *out = dr_arena_take(&r->formula->arena, sizeof **out);
    if (!*out)
        return dr_fail_memory();
    (*out)->kind = kind;
    (*out)->at = at;
    return DR_OK;
}

static dr_status read_sum(reader *r, dr_node **out);

static dr_status read_expression(reader *r, dr_node **out)
{
    static const struct {
        const char *sign;
        dr_operation operation;
    } signs[] = {{"<=", DR_OP_AT_MOST}, {">=", DR_OP_AT_LEAST}, {"==", DR_OP_EQUAL},
                 {"!=", DR_OP_UNEQUAL}, {"<", DR_OP_LESS},      {">", DR_OP_MORE}};
    if (++r->depth > MOST_DEPTH)
        return fail(r, r->at, "brackets nested more than %d deep", MOST_DEPTH);
    DR_TRY(read_sum(r, out));
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t at = r->at;
        dr_node *left = *out;
        if (!take(r, signs[i].sign))
            continue;
        DR_TRY(new_node(r, out, DR_NODE_BINARY, at));
        (*out)->operation = signs[i].operation;
        (*out)->left = left;
        DR_TRY(read_sum(r, &(*out)->right));
        break;
    }
    r->depth--;
    return DR_OK;
}

static dr_status read_number(reader *r, dr_node **out)
{
    size_t size = strspn(r->text + r->at, "0123456789.");
    char digits[64];
    DR_TRY(new_node(r, out, DR_NODE_NUMBER, r->at));
    if (r->text[r->at + size] == 'e' || r->text[r->at + size] == 'E') {
        size += 1 + strspn(r->text + r->at + size + 1, "+-");
        size += strspn(r->text + r->at + size, "0123456789");
    }
    snprintf(digits, sizeof digits, "%.*s", (int)(size < sizeof digits ? size : sizeof digits - 1), r->text + r->at);
    if (!dr_parse_number(digits, &(*out)->number))
        return fail(r, r->at, "'%s' is not a number", digits);
    r->at += size;
    skip_blanks(r);
    return DR_OK;
}

static const struct function {
    const char *name;
    dr_node_kind kind;
    dr_operation operation;
} functions[] = {
    {"log", DR_NODE_CALL, DR_OP_LOG},        {"exp", DR_NODE_CALL, DR_OP_EXP},    {"sqrt", DR_NODE_CALL, DR_OP_SQRT},
    {"abs", DR_NODE_CALL, DR_OP_ABS},        {"lag", DR_NODE_SHIFT, 0},           {"lead", DR_NODE_SHIFT, 0},
    {"member", DR_NODE_GROUP, DR_OP_MEMBER}, {"both", DR_NODE_GROUP, DR_OP_BOTH}, {"one", DR_NODE_GROUP, DR_OP_ONE},
};

enum { FUNCTIONS = sizeof functions / sizeof *functions };

static dr_status find_function(reader *r, const char *name, size_t at, const struct function **out)
{
    const char *names[FUNCTIONS];
    char hint[DR_HINT_SIZE];
    for (size_t i = 0; i < FUNCTIONS; i++) {
        names[i] = functions[i].name;
        if (strcmp(names[i], name) == 0) {
            *out = &functions[i];
            return DR_OK;
        }
    }
    dr_hint(hint, name, names, FUNCTIONS);
    return fail(r, at, "there is no function '%s'%s", name,
                *hint ? hint : "; the functions are log, exp, sqrt, abs, lag, lead, member, both and one");
}

/* lag(x, 4): 4 years, 1 if not said. */
static dr_status read_years(reader *r, dr_node *node, bool lag)
{
    size_t at = r->at + 1;
    dr_node *years = NULL;
    node->number = 1;
    if (take(r, ",")) {
        at = r->at;
        if (!isdigit((unsigned char)r->text[r->at]))
            return fail(r, at, "expected a number of years");
        DR_TRY(read_number(r, &years));
        node->number = years->number;
    }
    if (!(node->number >= 1 && node->number <= 200) || node->number != floor(node->number))
        return fail(r, at, "expected a whole number of years from 1 to 200");
    node->number *= lag ? -1 : 1;
    return DR_OK;
}

static dr_status read_call(reader *r, dr_node **out, const char *name, size_t at)
{
    const struct function *function = NULL;
    size_t inside = 0;
    DR_TRY(find_function(r, name, at, &function));
    DR_TRY(new_node(r, out, function->kind, at));
    (*out)->operation = function->operation;
    if (function->kind == DR_NODE_GROUP) {
        DR_TRY(take_name(r, &(*out)->name, &inside, "the name of a group"));
        (*out)->at = inside;
    } else {
        DR_TRY(read_expression(r, &(*out)->left));
    }
    if (function->kind == DR_NODE_SHIFT)
        DR_TRY(read_years(r, *out, strcmp(name, "lag") == 0));
    return expect(r, ")", "here");
}

static dr_status read_atom(reader *r, dr_node **out)
{
    size_t at = r->at;
    const char *name = NULL;
    if (isdigit((unsigned char)r->text[at]) || (r->text[at] == '.' && isdigit((unsigned char)r->text[at + 1])))
        return read_number(r, out);
    if (take(r, "(")) {
        DR_TRY(read_expression(r, out));
        return expect(r, ")", "here");
    }
    DR_TRY(take_name(r, &name, &at, "a variable, a number or a function"));
    if (take(r, "("))
        return read_call(r, out, name, at);
    DR_TRY(new_node(r, out, DR_NODE_NAME, at));
    (*out)->name = name;
    return DR_OK;
}

/* A minus in front of something: 0 less it. */
static dr_status read_signed(reader *r, dr_node **out)
{
    size_t at = r->at;
    if (!take(r, "-"))
        return read_atom(r, out);
    DR_TRY(new_node(r, out, DR_NODE_BINARY, at));
    (*out)->operation = DR_OP_SUBTRACT;
    DR_TRY(new_node(r, &(*out)->left, DR_NODE_NUMBER, at));
    return read_atom(r, &(*out)->right);
}

/* Operands of equal rank, taken from left to right. */
static dr_status read_chain(reader *r, dr_node **out, const char *const signs[2], dr_operation first,
                            dr_status (*operand)(reader *, dr_node **))
{
    DR_TRY(operand(r, out));
    for (size_t which, parts = 0;; parts++) {
        size_t at = r->at;
        dr_node *left = *out;
        if (!take(r, signs[which = 0]) && !take(r, signs[which = 1]))
            return DR_OK;
        if (parts > MOST_PARTS)
            return fail(r, at, "more than %d parts", MOST_PARTS);
        DR_TRY(new_node(r, out, DR_NODE_BINARY, at));
        (*out)->operation = (dr_operation)(first + which);
        (*out)->left = left;
        DR_TRY(operand(r, &(*out)->right));
    }
}

static dr_status read_product(reader *r, dr_node **out)
{
    static const char *const signs[] = {"*", "/"};
    return read_chain(r, out, signs, DR_OP_MULTIPLY, read_signed);
}

static dr_status read_sum(reader *r, dr_node **out)
{
    static const char *const signs[] = {"+", "-"};
    return read_chain(r, out, signs, DR_OP_ADD, read_product);
}

/* ---- Labels ------------------------------------------------------------------------------------------------------ */

static void print_node(FILE *to, const dr_node *node)
{
    static const char *const words[] = {
        "+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "log", "exp", "sqrt", "abs", "member", "both", "one"};
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
        fprintf(to, "%s %s ", node->left->kind == DR_NODE_BINARY ? ")" : "", words[node->operation]);
        if (node->right->kind == DR_NODE_BINARY)
            fputc('(', to);
        print_node(to, node->right);
        if (node->right->kind == DR_NODE_BINARY)
            fputc(')', to);
    }
}

static dr_status label(dr_formula *f, dr_node *const *nodes, size_t count, const char **out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ":" : "", to);
        bool bracket = nodes[i]->kind == DR_NODE_BINARY;
        fputs(bracket && count > 1 ? "(" : "", to);
        print_node(to, nodes[i]);
        fputs(bracket && count > 1 ? ")" : "", to);
    }
    bool written = fclose(to) == 0;
    *out = written ? dr_arena_text(&f->arena, text) : NULL;
    free(text);
    return *out ? DR_OK : dr_fail_memory();
}

/* ---- The sides --------------------------------------------------------------------------------------------------- */

static bool ends(const reader *r)
{
    return r->text[r->at] == '\0';
}

/* The error for text with which no side of a formula can continue. */
static dr_status stray(reader *r)
{
    char c = r->text[r->at];
    if (c && strchr("*-/<>=!", c))
        return fail(r, r->at, "arithmetic goes into brackets, as in (gdp_i * gdp_j); variables are joined by '+'");
    if (c == ')')
        return fail(r, r->at, "there is no '(' for this ')'");
    return fail(r, r->at, "unexpected text");
}

static dr_status add_term(dr_formula *f, const dr_term *term)
{
    if (f->terms == 0)
        f->term = dr_arena_take(&f->arena, MOST_PARTS * sizeof *f->term);
    if (!f->term)
        return dr_fail_memory();
    f->term[f->terms++] = *term;
    return DR_OK;
}

static dr_status read_term(reader *r)
{
    dr_term term = {0};
    size_t start = r->at;
    do {
        if (term.factors == DR_MOST_FACTORS)
            return fail(r, r->at, "an interaction of more than %d", DR_MOST_FACTORS);
        DR_TRY(read_atom(r, &term.factor[term.factors++]));
    } while (take(r, ":"));
    if (term.factors == 1 && term.factor[0]->kind == DR_NODE_NUMBER) {
        if (term.factor[0]->number == 1)
            return DR_OK; /* a constant is always there, or the effects are in its place */
        return fail(r, start, "a number is not a variable; the constant is always included");
    }
    DR_TRY(label(r->formula, term.factor, term.factors, &term.label));
    for (size_t i = 0; i < r->formula->terms; i++)
        if (strcmp(r->formula->term[i].label, term.label) == 0)
            return fail(r, start, "'%s' is given twice", term.label);
    if (r->formula->terms == MOST_PARTS)
        return fail(r, start, "more than %d variables", MOST_PARTS);
    return add_term(r->formula, &term);
}

static dr_status read_terms(reader *r)
{
    skip_blanks(r);
    do {
        DR_TRY(read_term(r));
    } while (take(r, "+"));
    return DR_OK;
}

static dr_status read_crossing(reader *r)
{
    dr_formula *f = r->formula;
    if (f->effects == DR_MOST_FACTORS)
        return fail(r, r->at, "more than %d of these", DR_MOST_FACTORS);
    dr_crossing *c = &f->effect[f->effects];
    char text[DR_MOST_FACTORS * (MOST_NAME + 1) + 1] = "";
    size_t size = 0;
    do {
        if (c->names == DR_MOST_FACTORS)
            return fail(r, r->at, "a combination of more than %d", DR_MOST_FACTORS);
        DR_TRY(take_name(r, &c->name[c->names], &c->at[c->names], "a category such as exporter, year or pair"));
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", c->names ? "^" : "", c->name[c->names]);
        c->names++;
    } while (take(r, "^"));
    for (size_t i = 0; i < f->effects; i++)
        if (strcmp(f->effect[i].label, text) == 0)
            return fail(r, c->at[0], "'%s' is given twice", text);
    f->effects++;
    c->label = dr_arena_text(&f->arena, text);
    return c->label ? DR_OK : dr_fail_memory();
}

static dr_status read_crossings(reader *r, const char *between)
{
    skip_blanks(r);
    if (!(r->formula->effect = dr_arena_take(&r->formula->arena, DR_MOST_FACTORS * sizeof *r->formula->effect)))
        return dr_fail_memory();
    do {
        DR_TRY(read_crossing(r));
    } while (take(r, between));
    return DR_OK;
}

/* log(trade) at the left is what asks for least squares. */
static dr_status read_outcome(reader *r)
{
    dr_formula *f = r->formula;
    skip_blanks(r);
    DR_TRY(read_sum(r, &f->outcome));
    DR_TRY(label(f, &f->outcome, 1, &f->outcome_label));
    f->logs = f->outcome->kind == DR_NODE_CALL && f->outcome->operation == DR_OP_LOG;
    if (f->logs)
        f->outcome = f->outcome->left;
    return expect(r, "~", "after the outcome, as in \"trade ~ rta | exporter^year + importer^year + pair\"");
}

static dr_status read_formula(reader *r)
{
    DR_TRY(read_outcome(r));
    DR_TRY(read_terms(r));
    if (take(r, "|"))
        DR_TRY(read_crossings(r, "+"));
    if (!ends(r))
        return stray(r);
    if (r->formula->terms == 0)
        return fail(r, r->at, "expected at least one variable");
    return DR_OK;
}

static dr_status begin(reader *r, dr_formula *out, const char *text)
{
    *out = (dr_formula){0};
    if (strlen(text) > MOST_TEXT)
        return dr_fail(DR_BAD_INPUT, "formula: %zu bytes; the maximum is %d", strlen(text), MOST_TEXT);
    if (!dr_utf8(text))
        return dr_fail(DR_BAD_INPUT, "formula: text that is not UTF-8");
    out->text = dr_arena_text(&out->arena, text);
    *r = (reader){.formula = out, .text = out->text};
    return out->text ? DR_OK : dr_fail_memory();
}

dr_status dr_formula_parse(dr_formula *out, const char *text)
{
    reader r;
    DR_TRY(begin(&r, out, text));
    return read_formula(&r);
}

dr_status dr_formula_parse_terms(dr_formula *out, const char *text)
{
    reader r;
    DR_TRY(begin(&r, out, text));
    DR_TRY(read_terms(&r));
    return ends(&r) ? DR_OK : stray(&r);
}

dr_status dr_formula_parse_crossings(dr_formula *out, const char *text)
{
    reader r;
    DR_TRY(begin(&r, out, text));
    DR_TRY(read_crossings(&r, ","));
    return ends(&r) ? DR_OK : stray(&r);
}

void dr_formula_free(dr_formula *formula)
{
    dr_arena_free(&formula->arena);
    *formula = (dr_formula){0};
}
