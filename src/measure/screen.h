/* Indicators of a group's dependence on others for one product, and of the weak points of its world trade. */
#ifndef DR_MEASURE_SCREEN_H
#define DR_MEASURE_SCREEN_H

#include "world/flows.h"

/* Values are in the unit of the flows; shares of nothing are NAN. */
typedef struct dr_indicators {
    double imports;       /* of the group from outside it */
    double unspecified;   /* of these, from partners that the statistics do not name (confidential, not specified) */
    double inside;        /* its members' imports from each other */
    double exports;       /* of its members, to each other too */
    double exports_out;   /* of them to outside it */
    double concentration; /* Herfindahl-Hirschman index of the sources of `imports` that are named */
    double world_concentration; /* of the exporters of all flows */
    size_t source;              /* the largest, SIZE_MAX if there is none */
    double source_share;        /* in the imports whose source is named */
} dr_indicators;

/* Computes the indicators of product k for the group that `member` marks, one bool a region. With net_re_exports a
 * member's sales count only as far as they are more than what it imports from outside. `scratch` has room for
 * dr_screen_scratch numbers. */
void dr_screen_product(dr_indicators *out, const dr_flows *flows, size_t k, const bool *member, bool net_re_exports,
                       double *scratch);
size_t dr_screen_scratch(const dr_flows *flows);

/* The supplier whose loss would do most harm to the others' supply of a product. */
typedef struct dr_single_point {
    size_t supplier; /* SIZE_MAX: there are no flows */
    double starved;  /* share in the others' imports of those who lose at least half of theirs */
    double split;    /* share in the others' imports of those who are cut off from the largest part of what is left */
    size_t cut_off;  /* how many these are */
} dr_single_point;

/* Finds it among the flows of product k. Errors: DR_MACHINE. */
dr_status dr_single_point_find(dr_single_point *out, const dr_flows *flows, size_t k);

#endif
