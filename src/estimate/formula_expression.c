/* Words, signs and expressions of formulas: (gdp_i * gdp_j), lag(rta, 4), dist^2. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/names.h"
#include "estimate/formula_impl.h"

/* ---- Words and signs --------------------------------------------------------------------------------------------- */

void dr_formula_skip_blanks(dr_formula_reader *r)
{
    while (isspace((unsigned char)r->text[r->at]))
        r->at++;
}

/* Whether the sign comes next; takes it if so. */
bool dr_formula_take(dr_formula_reader *r, const char *sign)
{
    dr_formula_skip_blanks(r);
    size_t size = strlen(sign);
    if (strncmp(r->text + r->at, sign, size) != 0)
        return false;
    r->at += size;
    dr_formula_skip_blanks(r);
    return true;
}

dr_status dr_formula_expect(dr_formula_reader *r, const char *sign, const char *after)
{
    if (dr_formula_take(r, sign))
        return DR_OK;
    return fail(r, r->at, "expected '%s' %s", sign, after);
}

static bool begins_name(char c)
{
    return isalpha((unsigned char)c) || c == '_' || c == '.' || ((unsigned char)c & 0x80);
}

/* The bytes of the name that comes next, 0 if none does; a name in backquotes may have any letters. */
static size_t name_size(const dr_formula_reader *r)
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

dr_status dr_formula_take_name(dr_formula_reader *r, const char **name, size_t *at, const char *what)
{
    dr_formula_skip_blanks(r);
    *at = r->at;
    size_t size = name_size(r);
    bool quoted = r->text[r->at] == '`';
    if (quoted && r->text[r->at + 1 + size] != '`')
        return fail(r, r->at, "the closing backquote of the name is missing");
    if (size == 0)
        return fail(r, r->at, "expected %s", what);
    if (size > DR_FORMULA_MOST_NAME)
        return fail(r, r->at, "a name of %zu bytes; the maximum is %d", size, DR_FORMULA_MOST_NAME);
    *name = dr_arena_format(&r->formula->arena, "%.*s", (int)size, r->text + r->at + quoted);
    r->at += size + 2 * (size_t)quoted;
    dr_formula_skip_blanks(r);
    return *name ? DR_OK : dr_fail_memory();
}

/* ---- Expressions ------------------------------------------------------------------------------------------------- */

dr_status dr_formula_new_node(dr_formula_reader *r, dr_node **out, dr_node_kind kind, size_t at)
{
    *out = dr_arena_take(&r->formula->arena, sizeof **out);
    if (!*out)
        return dr_fail_memory();
    (*out)->kind = kind;
    (*out)->at = at;
    return DR_OK;
}

dr_status dr_formula_read_expression(dr_formula_reader *r, dr_node **out)
{
    static const struct {
        const char *sign;
        dr_operation operation;
    } signs[] = {{"<=", DR_OP_AT_MOST}, {">=", DR_OP_AT_LEAST}, {"==", DR_OP_EQUAL},
                 {"!=", DR_OP_UNEQUAL}, {"<", DR_OP_LESS},      {">", DR_OP_MORE}};
    if (++r->depth > DR_FORMULA_MOST_DEPTH)
        return fail(r, r->at, "brackets nested more than %d deep", DR_FORMULA_MOST_DEPTH);
    DR_TRY(dr_formula_read_sum(r, out));
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t at = r->at;
        dr_node *left = *out;
        if (!dr_formula_take(r, signs[i].sign))
            continue;
        DR_TRY(dr_formula_new_node(r, out, DR_NODE_BINARY, at));
        (*out)->operation = signs[i].operation;
        (*out)->left = left;
        DR_TRY(dr_formula_read_sum(r, &(*out)->right));
        break;
    }
    r->depth--;
    return DR_OK;
}

dr_status dr_formula_read_number(dr_formula_reader *r, dr_node **out)
{
    size_t size = strspn(r->text + r->at, "0123456789.");
    char digits[64];
    DR_TRY(dr_formula_new_node(r, out, DR_NODE_NUMBER, r->at));
    if (r->text[r->at + size] == 'e' || r->text[r->at + size] == 'E') {
        size += 1 + strspn(r->text + r->at + size + 1, "+-");
        size += strspn(r->text + r->at + size, "0123456789");
    }
    snprintf(digits, sizeof digits, "%.*s", (int)(size < sizeof digits ? size : sizeof digits - 1), r->text + r->at);
    if (!dr_parse_number(digits, &(*out)->number))
        return fail(r, r->at, "'%s' is not a number", digits);
    r->at += size;
    dr_formula_skip_blanks(r);
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

static dr_status find_function(dr_formula_reader *r, const char *name, size_t at, const struct function **out)
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
static dr_status read_years(dr_formula_reader *r, dr_node *node, bool lag)
{
    size_t at = r->at + 1;
    dr_node *years = NULL;
    node->number = 1;
    if (dr_formula_take(r, ",")) {
        at = r->at;
        if (!isdigit((unsigned char)r->text[r->at]))
            return fail(r, at, "expected a number of years");
        DR_TRY(dr_formula_read_number(r, &years));
        node->number = years->number;
    }
    if (!(node->number >= 1 && node->number <= 200) || node->number != floor(node->number))
        return fail(r, at, "expected a whole number of years from 1 to 200");
    node->number *= lag ? -1 : 1;
    return DR_OK;
}

static dr_status read_call(dr_formula_reader *r, dr_node **out, const char *name, size_t at)
{
    const struct function *function = NULL;
    size_t inside = 0;
    DR_TRY(find_function(r, name, at, &function));
    DR_TRY(dr_formula_new_node(r, out, function->kind, at));
    (*out)->operation = function->operation;
    if (function->kind == DR_NODE_GROUP) {
        DR_TRY(dr_formula_take_name(r, &(*out)->name, &inside, "the name of a group"));
        (*out)->at = inside;
    } else {
        DR_TRY(dr_formula_read_expression(r, &(*out)->left));
    }
    if (function->kind == DR_NODE_SHIFT)
        DR_TRY(read_years(r, *out, strcmp(name, "lag") == 0));
    return dr_formula_expect(r, ")", "here");
}

static dr_status read_atom(dr_formula_reader *r, dr_node **out)
{
    size_t at = r->at;
    const char *name = NULL;
    if (isdigit((unsigned char)r->text[at]) || (r->text[at] == '.' && isdigit((unsigned char)r->text[at + 1])))
        return dr_formula_read_number(r, out);
    if (dr_formula_take(r, "(")) {
        DR_TRY(dr_formula_read_expression(r, out));
        return dr_formula_expect(r, ")", "here");
    }
    DR_TRY(dr_formula_take_name(r, &name, &at, "a variable, a number or a function"));
    if (dr_formula_take(r, "("))
        return read_call(r, out, name, at);
    DR_TRY(dr_formula_new_node(r, out, DR_NODE_NAME, at));
    (*out)->name = name;
    return DR_OK;
}

dr_status dr_formula_read_power(dr_formula_reader *r, dr_node **out)
{
    DR_TRY(read_atom(r, out));
    size_t at = r->at;
    dr_node *base = *out;
    if (!dr_formula_take(r, "^"))
        return DR_OK;
    bool below = dr_formula_take(r, "-");
    if (!isdigit((unsigned char)r->text[r->at]))
        return fail(r, r->at, "expected a number after '^'; categories are combined by ':' among the variables");
    DR_TRY(dr_formula_new_node(r, out, DR_NODE_BINARY, at));
    (*out)->operation = DR_OP_POWER;
    (*out)->left = base;
    DR_TRY(dr_formula_read_number(r, &(*out)->right));
    (*out)->right->number *= below ? -1 : 1;
    return DR_OK;
}

/* A minus in front of something: 0 less it. */
static dr_status read_signed(dr_formula_reader *r, dr_node **out)
{
    size_t at = r->at;
    if (!dr_formula_take(r, "-"))
        return dr_formula_read_power(r, out);
    DR_TRY(dr_formula_new_node(r, out, DR_NODE_BINARY, at));
    (*out)->operation = DR_OP_SUBTRACT;
    DR_TRY(dr_formula_new_node(r, &(*out)->left, DR_NODE_NUMBER, at));
    return dr_formula_read_power(r, &(*out)->right);
}

/* Operands of equal rank, taken from left to right. */
static dr_status read_chain(dr_formula_reader *r, dr_node **out, const char *const signs[2], dr_operation first,
                            dr_status (*operand)(dr_formula_reader *, dr_node **))
{
    DR_TRY(operand(r, out));
    for (size_t which, parts = 0;; parts++) {
        size_t at = r->at;
        dr_node *left = *out;
        if (!dr_formula_take(r, signs[which = 0]) && !dr_formula_take(r, signs[which = 1]))
            return DR_OK;
        if (parts > DR_FORMULA_MOST_PARTS)
            return fail(r, at, "more than %d parts", DR_FORMULA_MOST_PARTS);
        DR_TRY(dr_formula_new_node(r, out, DR_NODE_BINARY, at));
        (*out)->operation = (dr_operation)(first + which);
        (*out)->left = left;
        DR_TRY(operand(r, &(*out)->right));
    }
}

static dr_status read_product(dr_formula_reader *r, dr_node **out)
{
    static const char *const signs[] = {"*", "/"};
    return read_chain(r, out, signs, DR_OP_MULTIPLY, read_signed);
}

dr_status dr_formula_read_sum(dr_formula_reader *r, dr_node **out)
{
    static const char *const signs[] = {"+", "-"};
    return read_chain(r, out, signs, DR_OP_ADD, read_product);
}
