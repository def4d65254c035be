/* What final use holds of an account (emissions, jobs, energy), through every stage of production and every country.
 * Formulas: docs/measures.md. */
#ifndef DR_MEASURE_EMBODIED_H
#define DR_MEASURE_EMBODIED_H

#include "measure/leontief.h"
#include "world/accounts.h"

/* The Leontief model of a year, and an account on it. Rows are [region * sectors + sector], as those of the matrix. */
typedef struct dr_embodied {
    dr_matrix *matrix;
    dr_leontief *leontief;
    dr_account_year *account;
    double *intensity; /* q [row]: the account per unit of output */
    double *content;   /* q B [row]: of a unit of the row's final output, wherever it arises */
    double *direct;    /* [region]: of final use itself, and of sectors without output, which no purchase leads to */
    size_t idle;       /* sectors of the latter kind */
    double worst;      /* largest relative residual of dr_embodied_equation */
} dr_embodied;

/* Loads the account (NULL: the only one) and the table of a year (0: the last), and factors it. Errors: as
 * dr_account_load, dr_matrix_load and dr_leontief_new. Free with dr_embodied_free. */
dr_status dr_embodied_new(dr_embodied **out, dr_world *world, const char *account, int year);
void dr_embodied_free(dr_embodied *embodied);

/* The final use of some regions, [row], all of their purchases added up. */
void dr_embodied_final(const dr_embodied *embodied, const bool *regions, double *vector);

/* Turns `count` vectors of final use into the output that they take, one vector after the other, and certifies them:
 * the emissions of producers for a final use, q (B F), equal those embodied in its goods, (q B) F, by two solves.
 * Errors: DR_NO_SOLUTION (more than 1e-9). */
extern const char dr_embodied_equation[];
dr_status dr_embodied_output(dr_embodied *embodied, double *vectors, size_t count);

/* What each sector has for each final use: a new array [user, producer, sector], in *out, certified as above. Without
 * what final use has itself. To be freed. Errors: as dr_embodied_output. */
dr_status dr_embodied_flows(double **out, dr_embodied *embodied);

/* What is embodied at home in the gross exports of some regions, taken as one economy: q (I - A)^-1 E within it. A
 * factorisation of the regions' own part of the table. Errors: as dr_leontief_new. */
dr_status dr_embodied_behind_exports(double *out, const dr_embodied *embodied, const bool *regions);

/* Adds to a table the facts account and account_unit, the source and the certificate, and the notes on what the account
 * has nothing for. */
void dr_embodied_describe(dr_table *table, const dr_embodied *embodied);

#endif
