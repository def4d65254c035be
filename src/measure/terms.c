#include "measure/terms.h"

#include <stdlib.h>
#include <string.h>

#include "base/residual.h"

/* A table cut into economies, seen from one exporter. Vectors are over all rows of the table. */
typedef struct view {
    const dr_matrix *matrix;
    const size_t *party;
    size_t exporter;
    const dr_leontief *world;
    /* value added of the exporter, and of all others, in a unit of final output: V_s B, sum V_t B, t <> s */
    double *domestic, *foreign;
    double *home, *abroad; /* output that final use in the exporter takes, and that of all others: B F */
    double *own;           /* L_rr Y_rr: output for what an economy makes and absorbs itself, no border crossed */
    double *first;         /* V_s L_ss: value added before anything of it has left the exporter */
    double *imported;      /* foreign value added in a unit of final output, had the exporter sold no inputs abroad */
} view;

enum { VECTORS = 7 };

static size_t party_of(const view *v, size_t row)
{
    return v->party[row / v->matrix->sectors];
}

/* The right-hand sides of what the world's factors are solved for. */
static void split_by_exporter(view *v)
{
    const dr_matrix *m = v->matrix;
    for (size_t row = 0; row < m->size; row++) {
        bool own = party_of(v, row) == v->exporter;
        (own ? v->domestic : v->foreign)[row] = v->world->value_share[row];
        for (size_t n = 0; n < m->regions; n++)
            (v->party[n] == v->exporter ? v->home : v->abroad)[row] += m->final[row * m->regions + n];
    }
}

static dr_status view_new(view *v, const dr_matrix *m, const dr_leontief *world, const size_t *party, size_t exporter)
{
    *v = (view){.matrix = m, .world = world, .party = party, .exporter = exporter};
    double *vectors = v->domestic = dr_new_doubles(VECTORS * m->size);
    if (!vectors)
        return dr_fail_memory();
    double **others[] = {&v->foreign, &v->home, &v->abroad, &v->own, &v->first, &v->imported};
    for (size_t i = 0; i + 1 < VECTORS; i++)
        *others[i] = vectors + (i + 1) * m->size;
    split_by_exporter(v);
    dr_leontief_content(v->world, v->domestic, 2); /* domestic, foreign */
    dr_leontief_output(v->world, v->home, 2);      /* home, abroad */
    return DR_OK;
}

/* ---- Solving in a part of the table ---- */

/* The factors of the economy `party` alone, or of all others. */
static dr_status factor_part(dr_leontief **out, const view *v, size_t party, bool inside)
{
    bool *regions = dr_new(v->matrix->regions, sizeof *regions);
    if (!regions)
        return dr_fail_memory();
    for (size_t n = 0; n < v->matrix->regions; n++)
        regions[n] = (v->party[n] == party) == inside;
    dr_status status = dr_leontief_new(out, v->matrix, regions);
    free(regions);
    return status;
}

typedef void solver(const dr_leontief *leontief, double *vectors, size_t count);

/* Solves in a part of the table; `vector` changes at the part's rows only. */
static dr_status solve_part(const dr_leontief *part, solver *solve, double *vector)
{
    double *packed = dr_new_doubles(part->size);
    if (!packed)
        return dr_fail_memory();
    for (size_t i = 0; i < part->size; i++)
        packed[i] = vector[part->rows[i]];
    solve(part, packed, 1);
    for (size_t i = 0; i < part->size; i++)
        vector[part->rows[i]] = packed[i];
    free(packed);
    return DR_OK;
}

/* own[r] = L_rr Y_rr for one economy. */
static dr_status own_output(view *v, size_t party)
{
    const dr_matrix *m = v->matrix;
    dr_leontief *part = NULL;
    DR_TRY(factor_part(&part, v, party, true));
    for (size_t i = 0; i < part->size; i++)
        for (size_t n = 0; n < m->regions; n++)
            if (v->party[n] == party)
                v->own[part->rows[i]] += m->final[part->rows[i] * m->regions + n];
    dr_status status = solve_part(part, dr_leontief_output, v->own);
    dr_leontief_free(part);
    return status;
}

/* The part of output that is for what the buyer makes and absorbs itself, or for another vector of outputs. */
static double part_of_output(const dr_matrix *m, const double *output, size_t column)
{
    return m->output[column] == 0 ? 0 : output[column] / m->output[column];
}

/* ---- Koopman, Wang & Wei ---- */

/* Terms 1 to 4 and 7: what crosses its last border as a final good. */
static void add_final(double terms[DR_KWW_TERMS], double *gross, const view *v, size_t row)
{
    const dr_matrix *m = v->matrix;
    size_t seller = party_of(v, row);
    for (size_t n = 0; n < m->regions; n++) {
        double value = m->final[row * m->regions + n];
        bool home = v->party[n] == v->exporter;
        if (seller != v->exporter) {
            terms[v->party[n] == seller ? 1 : home ? 3 : 2] += v->domestic[row] * value;
        } else if (!home) {
            terms[0] += v->domestic[row] * value;
            terms[6] += v->foreign[row] * value;
            *gross += value;
        }
    }
}

/* Terms 5, 6 (inputs that come home) and 8, 9 (inputs that go out): for the buyer's own use, and for its exports. */
static void add_inputs(double terms[DR_KWW_TERMS], double *gross, const view *v, size_t row)
{
    const dr_matrix *m = v->matrix;
    bool sold = party_of(v, row) == v->exporter;
    const double *content = sold ? v->foreign : v->domestic;
    for (size_t column = 0; column < m->size; column++) {
        bool bought = party_of(v, column) == v->exporter;
        if (sold == bought)
            continue;
        double value = m->inputs[row * m->size + column], own = part_of_output(m, v->own, column);
        terms[sold ? 7 : 4] += content[row] * value * own;
        terms[sold ? 8 : 5] += content[row] * value * (1 - own);
        *gross += sold ? value : 0;
    }
}

dr_status dr_terms_kww(double terms[DR_KWW_TERMS], double *gross, const dr_matrix *matrix, const dr_leontief *world,
                       const size_t *party, size_t parties, size_t exporter)
{
    view v;
    dr_status status = view_new(&v, matrix, world, party, exporter);
    for (size_t p = 0; status == DR_OK && p < parties; p++)
        status = own_output(&v, p);
    memset(terms, 0, DR_KWW_TERMS * sizeof *terms);
    *gross = 0;
    for (size_t row = 0; status == DR_OK && row < matrix->size; row++) {
        add_final(terms, gross, &v, row);
        add_inputs(terms, gross, &v, row);
    }
    free(v.domestic);
    return status;
}

/* ---- Borin & Mancini ---- */

/* imported[o] = V_o (I - A_oo)^-1 for all others o, then what reaches the exporter: imported[s] = imported[o] A_os
 * L_ss. */
static dr_status import_contents(view *v, const dr_leontief *own)
{
    const dr_matrix *m = v->matrix;
    dr_leontief *others = NULL;
    DR_TRY(factor_part(&others, v, v->exporter, false));
    for (size_t i = 0; i < others->size; i++)
        v->imported[others->rows[i]] = others->value_share[i];
    dr_status status = solve_part(others, dr_leontief_content, v->imported);
    for (size_t i = 0; i < others->size; i++)
        for (size_t j = 0; j < own->size; j++) {
            size_t row = others->rows[i], column = own->rows[j];
            if (m->output[column] != 0)
                v->imported[column] += v->imported[row] * m->inputs[row * m->size + column] / m->output[column];
        }
    dr_leontief_free(others);
    return status == DR_OK ? solve_part(own, dr_leontief_content, v->imported) : status;
}

/* V_s L_ss, and the foreign value added that is counted for the first time. */
static dr_status first_contents(view *v)
{
    dr_leontief *own = NULL;
    DR_TRY(factor_part(&own, v, v->exporter, true));
    for (size_t i = 0; i < own->size; i++)
        v->first[own->rows[i]] = own->value_share[i];
    dr_status status = solve_part(own, dr_leontief_content, v->first);
    if (status == DR_OK)
        status = import_contents(v, own);
    dr_leontief_free(own);
    return status;
}

/* The terms of what one sector of the exporter sells to the importer. */
static void add_sales(double terms[DR_BM_TERMS], double *gross, const view *v, size_t importer, size_t row)
{
    const dr_matrix *m = v->matrix;
    double first = v->first[row], exports = 0;
    for (size_t n = 0; n < m->regions; n++)
        if (v->party[n] == importer)
            exports += m->final[row * m->regions + n];
    terms[DR_BM_FINAL] += first * exports;
    for (size_t column = 0; column < m->size; column++) {
        if (party_of(v, column) != importer)
            continue;
        double value = m->inputs[row * m->size + column], own = part_of_output(m, v->own, column);
        terms[DR_BM_INPUTS] += first * value * own;
        terms[DR_BM_ONWARD] += first * value * (part_of_output(m, v->abroad, column) - own);
        terms[DR_BM_RETURN] += first * value * part_of_output(m, v->home, column);
        exports += value;
    }
    terms[DR_BM_DOMESTIC_DOUBLE] += (v->domestic[row] - first) * exports;
    terms[DR_BM_FOREIGN] += v->imported[row] * exports;
    terms[DR_BM_FOREIGN_DOUBLE] += (v->foreign[row] - v->imported[row]) * exports;
    *gross += exports;
}

dr_status dr_terms_bm(double terms[DR_BM_TERMS], double *gross, const dr_matrix *matrix, const dr_leontief *world,
                      const size_t *party, size_t exporter, size_t importer)
{
    view v;
    dr_status status = view_new(&v, matrix, world, party, exporter);
    if (status == DR_OK)
        status = own_output(&v, importer);
    if (status == DR_OK)
        status = first_contents(&v);
    memset(terms, 0, DR_BM_TERMS * sizeof *terms);
    *gross = 0;
    for (size_t row = 0; status == DR_OK && row < matrix->size; row++)
        if (party_of(&v, row) == exporter)
            add_sales(terms, gross, &v, importer, row);
    free(v.domestic);
    return status;
}

/* ---- The certificate ---- */

const char dr_terms_equation[] = "the terms add up to gross exports";

dr_status dr_terms_certify(double *worst, const double *terms, size_t count, double gross)
{
    const double tolerance = 1e-9;
    double sum = 0;
    for (size_t t = 0; t < count; t++)
        sum += terms[t];
    double missed = dr_missed(gross == 0 ? 0 * sum : sum / gross - 1);
    if (!(missed <= tolerance))
        return dr_fail(DR_NO_SOLUTION, "%s: relative residual %.1e; at most %.0e is allowed", dr_terms_equation, missed,
                       tolerance);
    *worst = dr_worse(*worst, missed);
    return DR_OK;
}
