/* The activities of statistics by industry (NACE Rev. 2, ISIC Rev. 4), with their totals and parts, as sectors of a
 * world: which of them are counted, so that nothing is counted twice. */
#ifndef DR_IMPORT_ACTIVITIES_H
#define DR_IMPORT_ACTIVITIES_H

#include "import/account_set.h"
#include "world/isic.h"

typedef struct dr_activity {
    bool known; /* its divisions are */
    bool exact; /* it is a sector of the world by its own code, or the concordance has it */
    bool divisions[DR_ISIC_DIVISIONS];
    int place; /* DR_PLACE_OUTSIDE: it is a total or a part of others, or the concordance leaves it out */
} dr_activity;

typedef struct dr_activities {
    dr_names codes;
    dr_activity *list; /* [code], once they are placed */
} dr_activities;

/* Places the codes of a file, all of which are there. A code belongs to the sector that has all of its divisions: of
 * ISIC Rev. 4 where the world's sectors follow it, else of Rev. 3. Of several that are within one sector, those are
 * counted that are in no other. A code that several sectors share is a total if others have all of its divisions.
 * Households are final use. Errors: DR_BAD_INPUT (a code that is none of these), with `path` in front. */
dr_status dr_activities_place(dr_activities *activities, dr_account_set *set, const char *path);
void dr_activities_free(dr_activities *activities);

#endif
