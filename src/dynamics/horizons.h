/* Trade elasticities and mobility by the years since a change (data/elasticities/presets/years.csv), and what else a
 * path over years takes from the literature (transition.csv there). */
#ifndef DR_DYNAMICS_HORIZONS_H
#define DR_DYNAMICS_HORIZONS_H

#include "model/model.h"

/* What holds so many years after a change. */
typedef struct dr_horizon {
    double elasticity, error; /* the trade elasticity and its standard error */
    double psi, psi_other;    /* mobility of labour and of other factors between sectors: 0 fixed, INFINITY mobile */
} dr_horizon;

enum { DR_HORIZONS = 8 };

typedef struct dr_horizon_table {
    double year[DR_HORIZONS];
    dr_horizon at[DR_HORIZONS];
    size_t count;
    double nu;           /* the dispersion of workers' tastes for sectors, of a year */
    double depreciation; /* of capital in a year */
} dr_horizon_table;

/* Errors: DR_MACHINE. */
dr_status dr_horizons_read(dr_horizon_table *out);

/* What holds `year` years after a change: that of the table, linear in between, before its first year as in that, and
 * after its last one as in that. Mobilities are linear in psi / (1 + psi), which is 0 where factors are fixed and 1
 * where they are mobile. */
dr_horizon dr_horizon_at(const dr_horizon_table *table, double year);

/* The model so many years after a change, which shares all arrays of `of` but its trade elasticities theta [s]: they
 * are those of `of`, of the long run, in the ratio of the table. */
void dr_horizon_model(dr_model *out, const dr_model *of, double *theta, const dr_horizon_table *table, double years);

/* Fails for a model that cannot be that of a path over years. Errors: DR_BAD_INPUT. */
dr_status dr_horizon_check(const dr_model *model);

#endif
