/* What a result comes from, as digests of the numbers themselves: two runs with the same ones solve the same. */
#ifndef DR_RESULT_PROVENANCE_H
#define DR_RESULT_PROVENANCE_H

#include "base/digest.h"
#include "model/model.h"

typedef struct dr_provenance {
    char world[DR_DIGEST_SIZE];    /* codes, flows, tariffs, uses, value added and deficits of the year */
    char model[DR_DIGEST_SIZE];    /* elasticities with their errors, nests, closure, wages, numeraire, tolerance */
    char scenario[DR_DIGEST_SIZE]; /* changes of flows, shifts, transfers, limits, estimates */
} dr_provenance;

/* Takes the digests (scenario NULL: none). */
void dr_provenance_take(dr_provenance *out, const dr_model *model, const dr_scenario *scenario);

#endif
