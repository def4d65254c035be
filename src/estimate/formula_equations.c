/* Functions of coefficients, and hypotheses about them. */
#include "estimate/formula.h"
#include "estimate/formula_impl.h"

static dr_status label_nodes(dr_formula *f, dr_node *node)
{
    if (!node)
        return DR_OK;
    DR_TRY(dr_formula_label(f, &node, 1, &node->label));
    DR_TRY(label_nodes(f, node->left));
    return label_nodes(f, node->right);
}

static dr_status read_equation(dr_formula_reader *r, bool hypotheses)
{
    dr_formula *f = r->formula;
    dr_term term = {.factors = 1};
    size_t start = r->at;
    DR_TRY(dr_formula_read_sum(r, &term.factor[0]));
    if (hypotheses && dr_formula_take(r, "=")) {
        term.factors = 2;
        DR_TRY(dr_formula_read_sum(r, &term.factor[1]));
    }
    for (size_t k = 0; k < term.factors; k++)
        DR_TRY(label_nodes(f, term.factor[k]));
    if (f->terms == DR_FORMULA_MOST_PARTS)
        return fail(r, start, "more than %d hypotheses", DR_FORMULA_MOST_PARTS);
    if (!f->term && !(f->term = dr_arena_take(&f->arena, DR_FORMULA_MOST_PARTS * sizeof *f->term)))
        return dr_fail_memory();
    term.label = term.factor[0]->label;
    f->term[f->terms++] = term;
    return DR_OK;
}

dr_status dr_formula_parse_equations(dr_formula *out, const char *text, bool hypotheses)
{
    dr_formula_reader r;
    DR_TRY(dr_formula_begin(&r, out, text));
    dr_formula_skip_blanks(&r);
    do {
        DR_TRY(read_equation(&r, hypotheses));
    } while (hypotheses && dr_formula_take(&r, ","));
    if (dr_formula_ends(&r))
        return DR_OK;
    return fail(&r, r.at,
                hypotheses ? "unexpected text; hypotheses are written \"rta = 0.5, dist = 0\""
                           : "unexpected text; a function of coefficients is written \"exp(rta) - 1\"");
}
