/* Look-through shares (indirect dependence): the inputs that sectors of some regions take from others, through all
 * stages of production and third countries, as in dr_exposure_hidden, but on the table of an equilibrium: users of a
 * good in a region buy from its suppliers in the same proportion. docs/model.md, "Look-through shares". */
#ifndef DR_DERIVATIVE_LOOK_THROUGH_H
#define DR_DERIVATIVE_LOOK_THROUGH_H

#include "derivative/adjoint.h"

enum { DR_LOOK_SPACE = 6 }; /* arrays [s][n] that a seed has for it */

/* With A[(i,k), (n,s)] = a[n,k,s] b[n,i,k], input k in the unit cost of s times the part of i in what n buys of k, and
 * L = (I - A)^-1. */
typedef struct dr_look {
    const dr_model *model;
    const dr_kernels *kernels;
    bool *from;          /* [region] */
    double *numbers;     /* the arrays below */
    double *coefficient; /* a [s][k][n] */
    double *part;        /* b [k][n][i] */
    const double **rows; /* of b, [k][n] */
    double *made_all,
        *made_from; /* 1 L and 1_from L [s][n]: output of all, and of `from`, in a unit of output, its own included */
    double *taken_all, *taken_from;        /* (1 L - 1) Y, (1_from L - 1_from) Y [s][n] */
    double *base_all, *base_from;          /* the same in the base */
    double *bought, *next, *zero, *spread; /* space [s][n] */
} dr_look;

/* Takes the memory, and measures the base. `from` [region] is copied. Errors: DR_NO_SOLUTION (inputs that add up to all
 * of output), DR_MACHINE. Free with dr_look_free. */
dr_status dr_look_new(dr_look **out, const dr_model *model, const bool *from);
void dr_look_free(dr_look *look);

/* Measures a solution. Allocates nothing. Errors: DR_NO_SOLUTION, as above. */
dr_status dr_look_at(dr_look *look, const dr_solution *solution);

/* The part of `from` in all inputs of these sectors of the regions `of`, in the base or in the solution measured last.
 * NAN: a part of nothing. */
double dr_look_share(const dr_look *look, const bool *of, const bool *sectors, bool base);

/* Its seed at the point of that solution, into arrays of zeros. Uses the seed's space: several may run at once. */
void dr_look_seed(dr_seed *seed, const dr_look *look, const bool *of, const bool *sectors, const dr_point *point);

#endif
