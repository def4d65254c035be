/* Trade between two sides of the world in a year: gross, and in value added. Formulas: docs/measures.md. */
#ifndef DR_MEASURE_TRADE_H
#define DR_MEASURE_TRADE_H

#include "measure/embodied.h"
#include "world/sides.h"

/* Exports of side A to side B and imports from it, by sector. */
typedef struct dr_trade {
    double *exports, *imports; /* [sector] */
} dr_trade;

typedef struct dr_pair {
    dr_world *world;
    const char *a, *b; /* as given: regions and groups; b NULL: all others */
    dr_economy *names;
    dr_sides sides;
    bool overlap; /* some region is in both as given: it is on A's side */
    dr_trade gross, value_added;
    /* residual of the Leontief model, relative: value added of all regions against the final use that absorbs it */
    double worst;
} dr_pair;

/* A pair without numbers in a year (0: the last). Errors: as dr_economy_load_names, dr_sides_read. Free with
 * dr_pair_free, on failure too. */
dr_status dr_pair_new(dr_pair *out, dr_world *world, const char *a, const char *b, int year);
void dr_pair_free(dr_pair *pair);

/* Fills in `gross`, from the world's rows of trade between the two alone. */
dr_status dr_pair_gross(dr_pair *pair);

/* Fills in `gross` with what is embodied of an account: exports[k] is what sector k of A has for what B finally uses,
 * imports[k] the same the other way; `embodied` is that of the pair's year. Errors: as dr_embodied_output. */
dr_status dr_pair_embodied(dr_pair *pair, dr_embodied *embodied);

/* Fills in `value_added`: exports[k] is what sector k of A adds to what B finally uses, wherever it was made from it
 * (Johnson & Noguera 2012), imports[k] the same the other way. Errors: as dr_leontief_new and dr_leontief_certify. */
dr_status dr_pair_value_added(dr_pair *pair);

#endif
