/* What the files on changes of products share. */
#ifndef DR_SCENARIO_PRODUCT_PARTS_H
#define DR_SCENARIO_PRODUCT_PARTS_H

#include "measure/product_lists.h"
#include "measure/product_trade.h"
#include "scenario/change_parts.h"
#include "scenario/product_change.h"

struct dr_product_changes {
    const dr_product_trade *trade; /* the economy's */
    dr_product_lists lists;        /* if they were asked for */
    bool lists_read;
    double *under;          /* [n, i, s]: the tariff of the sector, where products have others */
    double *taken;          /* [n, i, s]: the products of the change begun last */
    unsigned short *since;  /* [n, i, s]: number of the first tariff of products, from 1; 0: none */
    unsigned short *change; /* [row]: number of the change that set its tariff; of none before `since` */
    double *rate;           /* [row]: its tariff, */
    double *part;           /* [row]: and what it adds to the tariff of the sector */
    unsigned short *cost_since, *cost_change; /* the same of trade costs; */
    double *times;                            /* [row]: the factor, infinite under a ban */
    bool any_cost;
    unsigned short *wedge_since,
        *wedge_change;      /* the same of limits and of taxes of exporters, NULL: there are none; */
    double *factor;         /* [row]: 1 + the tax, 0 under a limit */
    const double *quantity; /* [row]: in tonnes, NAN where it is not known; NULL: not asked for. The economy's */
};

/* A product flow that a change is of. */
typedef struct dr_product_row {
    bool begun;
    size_t product, row, flow;
} dr_product_row;

/* The first (a zeroed *at) or next one; false: there is none. *left becomes true where one between members of a group
 * is left alone. */
bool dr_product_row_next(dr_product_row *at, const dr_scenario *scenario, const dr_change *change, bool *left);

/* The duty on a tonne of a product flow as a part of its value. */
double dr_product_specific(const dr_product_changes *changes, const dr_change *change, size_t row);

/* Whether a product flow, a row that is a part of `flow`, has a tariff, a trade cost or ban, or a limit or tax of its
 * exporter, of its own. */
static inline bool dr_product_has_cost(const dr_product_changes *p, size_t flow, size_t row)
{
    return p->cost_since[flow] > 0 && p->cost_change[row] >= p->cost_since[flow];
}

static inline bool dr_product_has_wedge(const dr_product_changes *p, size_t flow, size_t row)
{
    return p->wedge_since && p->wedge_since[flow] > 0 && p->wedge_change[row] >= p->wedge_since[flow];
}

/* Fails because two changes exclude each other on a product flow: that begun last, and `before`, an instrument. */
dr_status dr_product_conflict(const dr_scenario *scenario, const dr_change *change, size_t product, size_t flow,
                              size_t before, const char *instrument);

/* Undoes the limit or the tax of the exporter of a product flow where the change replaces it. Errors: DR_BAD_INPUT (it
 * does not). */
dr_status dr_product_clear_wedge(dr_scenario *scenario, const dr_change *change, size_t product, size_t row,
                                 size_t flow);

/* Applies a limit on volume, or a tax of its exporter, to a product flow. Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_product_change_wedge(dr_scenario *scenario, const dr_change *change, size_t product, size_t row,
                                  size_t flow);

#endif
