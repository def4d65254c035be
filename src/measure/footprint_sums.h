/* What producers of some regions have of an account, and what their final use holds of it. Formulas:
 * docs/measures.md. */
#ifndef DR_MEASURE_FOOTPRINT_SUMS_H
#define DR_MEASURE_FOOTPRINT_SUMS_H

#include "base/table.h"
#include "measure/embodied.h"
#include "world/select.h"

/* A year of an account, and the regions that are asked for. */
typedef struct dr_footprint_year {
    const char *of; /* as given: regions and groups; NULL: all */
    dr_embodied *e;
    bool *in;       /* [region] */
    dr_named named; /* the groups in `of` */
    double *flows;  /* [user, producer, sector]: dr_embodied_flows; NULL until they are made */
} dr_footprint_year;

/* Loads the year (0: the last) of the account (NULL: the only one), and marks the regions of `of` (NULL: all). Errors:
 * as dr_embodied_new, and DR_BAD_INPUT for an unknown name. Free with dr_footprint_year_free, on failure too. */
dr_status dr_footprint_year_new(dr_footprint_year *f, dr_world *world, const char *of, const char *account, int year);
void dr_footprint_year_free(dr_footprint_year *f);

/* What region i has for the final use of region n, without what final use has itself; f->flows are there. */
double dr_footprint_between(const dr_footprint_year *f, size_t i, size_t n);

/* The figures of an economy: a region, or several as one. */
typedef struct dr_figures {
    double direct, home, exports, imports, behind, final_use;
} dr_figures;

/* Regions as one economy; f->flows are there. Errors: as dr_embodied_behind_exports. */
dr_status dr_footprint_add_up(dr_figures *out, const dr_footprint_year *f, const bool *regions);

/* A table of figures, with a first column for what each row is of. */
dr_status dr_figures_table(dr_table **out, const char *key, dr_show show);

/* Adds a row of figures, whose first column is left empty, and returns it. */
size_t dr_figures_add(dr_table *table, const dr_figures *figures);

/* Finishes the table of dr_footprint_years or of a year: title ("by sector"), sources, certificate, notes, answer. The
 * year is 0 for a series. */
void dr_footprint_describe(dr_table *table, const dr_footprint_year *f, const char *what, int year, const char *source);

/* The table by year. */
dr_status dr_footprint_years(dr_table **out, dr_world *world, const char *of, const dr_footprint_options *options);

#endif
