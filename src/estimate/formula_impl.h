/* Shared by the files that read formulas, and by them only: formula_expression.c reads words and expressions,
 * formula_label.c writes them again, formula_terms.c reads variables and effects, formula_steps.c takes formulas that
 * stand for several apart, formula_equations.c reads hypotheses about coefficients, and formula.c puts the sides
 * together. */
#ifndef DR_ESTIMATE_FORMULA_IMPL_H
#define DR_ESTIMATE_FORMULA_IMPL_H

#include "estimate/formula.h"

enum {
    DR_FORMULA_MOST_TEXT = 4000,
    DR_FORMULA_MOST_PARTS = 512,
    DR_FORMULA_MOST_DEPTH = 64,
    DR_FORMULA_MOST_NAME = 256
};

/* A reading of a formula: `at` is the byte to come, after blanks. */
typedef struct dr_formula_reader {
    dr_formula *formula;
    const char *text;
    size_t at;
    int depth;
} dr_formula_reader;

#define fail(r, where, ...) dr_formula_fail((r)->formula, where, __VA_ARGS__)

/* Begins to read a text into a formula, which is emptied first; whether all of it is read. */
dr_status dr_formula_begin(dr_formula_reader *r, dr_formula *out, const char *text);
bool dr_formula_ends(const dr_formula_reader *r);

void dr_formula_skip_blanks(dr_formula_reader *r);

/* Whether the sign comes next; takes it if so. */
bool dr_formula_take(dr_formula_reader *r, const char *sign);
dr_status dr_formula_expect(dr_formula_reader *r, const char *sign, const char *after);

/* Takes a name; `what` is expected. */
dr_status dr_formula_take_name(dr_formula_reader *r, const char **name, size_t *at, const char *what);

dr_status dr_formula_new_node(dr_formula_reader *r, dr_node **out, dr_node_kind kind, size_t at);

/* A number as it is written, without a sign. */
dr_status dr_formula_read_number(dr_formula_reader *r, dr_node **out);

/* A name, number, call or bracket, to a power perhaps. */
dr_status dr_formula_read_power(dr_formula_reader *r, dr_node **out);

/* A sum of products; and one that may be compared with another. */
dr_status dr_formula_read_sum(dr_formula_reader *r, dr_node **out);
dr_status dr_formula_read_expression(dr_formula_reader *r, dr_node **out);

/* The nodes as one writes them, colons between: "(a + b):year". The text belongs to the formula. */
dr_status dr_formula_label(dr_formula *f, dr_node *const *nodes, size_t count, const char **out);

/* Variables with plus signs between; effects with `between`. */
dr_status dr_formula_read_terms(dr_formula_reader *r);
dr_status dr_formula_read_crossings(dr_formula_reader *r, const char *between);

/* Adds a term; one that is there already is an error at `at`, or with `again` nothing new. */
dr_status dr_formula_add_term(dr_formula_reader *r, dr_term *term, size_t at, bool again);

#endif
