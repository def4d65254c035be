/* The split of gross exports by where their value was added and where it ends up. Formulas: docs/measures.md. */
#ifndef DR_MEASURE_TERMS_H
#define DR_MEASURE_TERMS_H

#include "measure/leontief.h"

/* Koopman, Wang & Wei (2014), eq. 36: all exports of one economy. */
enum { DR_KWW_TERMS = 9 };

/* Borin & Mancini (2023), exporter's perspective, source-based: exports of one economy to another. */
enum {
    DR_BM_FINAL,  /* domestic value added in final goods, absorbed by the partner */
    DR_BM_INPUTS, /* ... in inputs to what the partner makes and absorbs itself */
    DR_BM_ONWARD, /* ... in inputs to what is absorbed abroad after further borders */
    DR_BM_RETURN, /* ... that returns home and is absorbed there */
    DR_BM_DOMESTIC_DOUBLE,
    DR_BM_FOREIGN,
    DR_BM_FOREIGN_DOUBLE,
    DR_BM_TERMS
};

/* The terms of the exports of party `exporter`, and those exports themselves, summed straight from the table.
 * party[region] is the economy that a region is part of, from 0 to parties - 1; `world` are the factors of the whole
 * matrix. Errors: as dr_leontief_new. */
dr_status dr_terms_kww(double terms[DR_KWW_TERMS], double *gross, const dr_matrix *matrix, const dr_leontief *world,
                       const size_t *party, size_t parties, size_t exporter);
dr_status dr_terms_bm(double terms[DR_BM_TERMS], double *gross, const dr_matrix *matrix, const dr_leontief *world,
                      const size_t *party, size_t exporter, size_t importer);

/* The certificate: the terms add up to gross exports. Raises `worst` to what is missed of them if that is more,
 * relative. Errors: DR_NO_SOLUTION (more than 1e-9, or no number). */
extern const char dr_terms_equation[];
dr_status dr_terms_certify(double *worst, const double *terms, size_t count, double gross);

#endif
