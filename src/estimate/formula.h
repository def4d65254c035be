/* Formulas of gravity regressions, such as "trade ~ rta + lag(rta, 4) | exporter^year + importer^year + pair": what
 * was written, as trees; what its names stand for is the panel's business. docs/gravity.md describes the language. */
#ifndef DR_ESTIMATE_FORMULA_H
#define DR_ESTIMATE_FORMULA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"

typedef enum dr_node_kind {
    DR_NODE_NUMBER,
    DR_NODE_NAME,   /* a column, or one of those that every panel has */
    DR_NODE_CALL,   /* a function of one number */
    DR_NODE_SHIFT,  /* lag (shift below 0) or lead of `left`, in years */
    DR_NODE_GROUP,  /* member, both, one of the group `name` */
    DR_NODE_BINARY, /* + - * / or a comparison, which is 1 or 0 */
} dr_node_kind;

typedef enum dr_operation {
    DR_OP_ADD,
    DR_OP_SUBTRACT,
    DR_OP_MULTIPLY,
    DR_OP_DIVIDE,
    DR_OP_LESS,
    DR_OP_AT_MOST,
    DR_OP_MORE,
    DR_OP_AT_LEAST,
    DR_OP_EQUAL,
    DR_OP_UNEQUAL,
    DR_OP_POWER, /* to a number */
    DR_OP_LOG,
    DR_OP_EXP,
    DR_OP_SQRT,
    DR_OP_ABS,
    DR_OP_MEMBER, /* of exporter and importer, at least one is a member */
    DR_OP_BOTH,
    DR_OP_ONE, /* exactly one */
} dr_operation;

/* A function of one number: log, exp, sqrt or abs of x. */
double dr_operation_of_one(dr_operation operation, double x);

typedef struct dr_node {
    dr_node_kind kind;
    dr_operation operation;
    double number;     /* of a number; years of a shift */
    const char *name;  /* of a name or group */
    size_t at;         /* where it stands: a byte of the formula */
    int bound;         /* what a panel has for the name: see flow_panel.h */
    bool levels;       /* in i(...): a category, whatever its name */
    bool category;     /* a factor that is a category, of which each level has its coefficient */
    const char *label; /* in dr_formula_parse_equations: as a variable is called that is written like it */
    struct dr_node *left, *right;
} dr_node;

enum { DR_MOST_FACTORS = 8 };

/* A term between plus signs: the product of its factors. */
typedef struct dr_term {
    dr_node *factor[DR_MOST_FACTORS];
    size_t factors;
    const char *label; /* as written, in one way of writing: "lag(rta, 4)" */
    bool of_product;   /* of a * b, where the name of a category alone is its levels */
    /* i(year, rta, ref = 1990): the level of the factor with which the others are compared; NULL: the first, if need be
     */
    const char *reference;
    const dr_node *referred;
    size_t reference_at;
    const dr_node *event; /* of event(rta, -4, 8): the treatment; NULL: the term is not one of these */
    int when;             /* years since entry */
} dr_term;

#define DR_CONSTANT "constant" /* the label of the term that is 1 where there are no effects */

/* A category: the combinations of what its names have; or the slopes of a variable for each of them. */
typedef struct dr_crossing {
    const char *name[DR_MOST_FACTORS];
    size_t at[DR_MOST_FACTORS];
    int bound[DR_MOST_FACTORS];
    size_t names;
    dr_node *slope;    /* the variable; NULL: the effect itself */
    const char *label; /* "exporter^year", "pair[[year]]" */
} dr_crossing;

typedef struct dr_formula {
    const char *text;
    bool logs; /* the outcome is log(...): least squares; `outcome` is what is inside */
    dr_node *outcome;
    const char *outcome_label;
    dr_term *term;
    size_t terms;
    size_t endogenous,
        instruments; /* of the terms: instruments are the last, before them the constant, if there is one,
                                     * and before it the endogenous ones */
    dr_crossing *effect;
    size_t effects;
    dr_node *offset; /* added to the linear predictor; NULL */
    dr_arena arena;
} dr_formula;

/* Reads a formula. Errors: DR_BAD_INPUT, with the formula and a caret under the place on two lines of their own.
 * Free with dr_formula_free, on failure too. */
dr_status dr_formula_parse(dr_formula *out, const char *text);

/* Takes a formula apart that stands for several: outcomes c(exports, imports), steps sw(a, b), which are variables or
 * effects one by one, csw(a, b), one after the other, and sw0 and csw0, which begin with none. *out [*count] is in
 * `arena`, and is at least the formula itself. Errors: DR_BAD_INPUT (more than 100 formulas, open brackets). */
dr_status dr_formula_steps(char ***out, size_t *count, const char *text, dr_arena *arena);

/* Adds a term of another formula, which must outlive this one, unless it is there. Errors: DR_BAD_INPUT (too many). */
dr_status dr_formula_add(dr_formula *f, const dr_term *term);

/* The right-hand side alone, "rta + lag(rta, 4)"; or crossings alone, "exporter^year, pair", commas between. */
dr_status dr_formula_parse_terms(dr_formula *out, const char *text);
dr_status dr_formula_parse_crossings(dr_formula *out, const char *text);

/* Functions of coefficients, "4 * rta + lag(rta, 4)", or hypotheses about them, "rta = 0.5, dist = rta", commas
 * between, of which "rta" is short for "rta = 0". Each is a term: its first factor stands left of the sign, its
 * second, if there is one, right of it. */
dr_status dr_formula_parse_equations(dr_formula *out, const char *text, bool hypotheses);
void dr_formula_free(dr_formula *formula);

/* Fails with the message and a caret under byte `at` of the formula. */
#define dr_formula_fail(formula, at, ...) (dr_formula_error(formula, at, __VA_ARGS__), DR_BAD_INPUT)
void dr_formula_error(const dr_formula *formula, size_t at, const char *message, ...)
    __attribute__((format(printf, 3, 4)));

#endif
