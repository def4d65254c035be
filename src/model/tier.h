/* Products within the imports of a sector (docs/model.md, "Products"), with the model's unit costs c[i,s]:
 *
 *   product  Q[n,p]^-theta_p   = sum_i lambda[n,i,p] (kappa[n,i,p] c[i,s])^-theta_p     origins within a product p of s
 *   imports  M[n,s]^(1-sigma)  = sum_p omega[n,p] Q[n,p]^(1-sigma)                      products within imports
 *   sector   P[n,s]^-mu        = pi[n,n,s] c[n,s]^-mu + (1 - pi[n,n,s]) M[n,s]^-mu      home against imports
 *
 * The shares are those of the product flows beside the table, scaled for each pair of economies to its flow in the
 * base. What pairs trade without any product flow is one further product of the importer in the sector, the rest,
 * with the theta of the sector. Sectors without product flows have no tier.
 *
 * Storage is sparse: a block is a sector s of an importer n, number s * regions + n; its cells are its products in the
 * order of their codes, the rest last; the rows of a cell are its origins. */
#ifndef DR_MODEL_TIER_H
#define DR_MODEL_TIER_H

#include "model/model.h"

struct dr_product_trade;

/* The product of a cell that is the rest. */
#define DR_TIER_REST ((unsigned)-1)

typedef struct dr_tier {
    const struct dr_product_trade *trade; /* the economy's; the products of cells are its */
    size_t blocks, cells, rows;
    bool *has;          /* [s] */
    double *sigma, *mu; /* [s] */
    double choke; /* the multiple of its base price at which a product that has lost its last supplier is made at home;
                   * the first row of each cell is that, with a share of 0. 0: there are no such rows */
    size_t classes, *class_of;       /* products of a sector with the same theta; [s + 1] the first of a sector */
    double *theta;                   /* [class]; the first of a sector is that of the sector itself */
    size_t *cell;                    /* [block + 1] first cell */
    size_t *start;                   /* [cell + 1] first row */
    unsigned *product, *theta_class; /* [cell] */
    double *weight;                  /* [cell] omega */
    double *share;                   /* [row] lambda */
    unsigned short *origin;          /* [row] */
    unsigned *source;                /* [row] in the product flows; DR_NO_PRODUCT in the rest */
    size_t most_cells;               /* of a block */
} dr_tier;

/* Fills the model's tier from its base and the product flows of its economy, and notes what they cover. Errors:
 * DR_BAD_INPUT (no product flows; none of a flow of the table; elasticities), DR_MACHINE. */
dr_status dr_tier_fill(dr_model *model);
void dr_tier_free(dr_tier *tier);

/* The code of a product of a cell, "" for the rest. Borrowed. */
const char *dr_tier_code(const dr_tier *tier, unsigned product);

/* The cell of a block that is of a product; the end of the block: there is none. */
size_t dr_tier_cell(const dr_tier *tier, size_t block, unsigned product);

/* The cell of a block that is of the product that a row of the product flows is of; the end of the block: there is
 * none. */
size_t dr_tier_cell_of(const dr_tier *tier, size_t block, unsigned source);

/* The base value of a row of a cell, a part of flow [n, i, s], without its tariff. */
double dr_tier_value(const dr_model *model, size_t flow, size_t row, size_t cell);

/* Whether the first row of a cell is what takes its place, made at home. */
static inline bool dr_tier_replaced(const dr_tier *t, size_t cell)
{
    return t->choke > 0 && t->start[cell] < t->start[cell + 1];
}

/* The first and the row after the last of a block. */
static inline size_t dr_tier_first(const dr_tier *t, size_t block)
{
    return t->start[t->cell[block]];
}

static inline size_t dr_tier_end(const dr_tier *t, size_t block)
{
    return t->start[t->cell[block + 1]];
}

/* The theta of a cell. */
static inline double dr_tier_theta(const dr_tier *t, size_t cell)
{
    return t->theta[t->theta_class[cell]];
}

#endif
