/* The internals of a solution. */
#ifndef DR_EQUILIBRIUM_SOLUTION_H
#define DR_EQUILIBRIUM_SOLUTION_H

#include "model/model.h"

/* The outcome of a volume limit: importer, exporter, sector and product of its first flow, and whether all its flows
 * have that one's. */
typedef struct dr_limit_result {
    size_t importer, exporter, sector, flows;
    unsigned product; /* of its first flow, if the limit is on products; else DR_NO_PRODUCT */
    bool one_importer, one_exporter, one_sector, one_product;
    bool relative; /* an export curb, a share of the base volume; else a quota */
    dr_rent rent_to;
    double base, level,
        volume;   /* in the base, the largest allowed and what is sold, at base prices; level NAN: the wedge is set */
    double wedge; /* on the delivered cost; at least 1 where there is a limit */
    double rent;
    double most;     /* the largest wedge of a tariff-rate quota; 0: it is none */
    double in_quota; /* the part of the volume that bears the in-quota tariff of a tariff-rate quota; else 1 */
} dr_limit_result;

/* A barrier of the scenario to a flow, other than a tariff. */
typedef struct dr_barrier {
    size_t flow;   /* [n, i, s] */
    double times;  /* its trade cost over base; infinite under a ban */
    size_t limit;  /* the number of its limit, from 1; 0: none, or limits of products */
    double rented; /* its value at the border over that without rents of its exporter */
} dr_barrier;

/* A product flow under a limit, a row of the model's tier, and what is paid for it at the border over what producers
 * earn: more where a rent is the exporter's. */
typedef struct dr_limited_row {
    size_t row, limit; /* from 1 */
    double border;
} dr_limited_row;

/* What a part of a scenario puts in the way of a product flow, a row of a cell of the model's tier: 1 + its tariff, and
 * factors on its price of what is used up, of a rent of the exporter at the border, and of one of the importer. */
typedef struct dr_row_barrier {
    size_t flow, row, cell;
    double taxed, used, rent, fee;
} dr_row_barrier;

/* A market whose remaining supply is pooled, and the part of base use that remains. */
typedef struct dr_thin_market {
    size_t region, sector;
    double remains;
} dr_thin_market;

struct dr_solution {
    const dr_model *model;
    char *scenario;                       /* its title */
    double *flow;                         /* [n, i, s] without tariff */
    double *product_flow, *product_price; /* of products within imports (model/tier.h), NULL: there are none; [row] what
                                           * producers earn, a value, and [cell] price over base, infinite where it has
                                           * no supplier */
    double *tariff;                       /* [n, i, s], or NULL: none */
    double *price;                        /* [n, s] purchaser price over base */
    double *cost;                         /* [n, s] unit cost over base */
    double *output;                       /* [n, s] value of sales */
    double *spending;                     /* [n, s] at purchaser prices */
    double *wage;                         /* [n] factor income over base, in all sectors */
    double *sector_wage;                  /* [n, s] price of value added over base */
    double *value_added;                  /* [n, s] value */
    double *factor_wage;                  /* [factor, n, s] its wage over base */
    double *factor_pay;                   /* [factor, n, s] value: its part of value added */
    double *employment;  /* [factor, n, s] part of it that is employed, or over base where the supply of labour follows
                          * wages; NULL: all, as it is fixed and no wage is rigid */
    double *factor_mean; /* [factor, n] its income over base, in all sectors */
    double *rents;       /* [n] from limits */
    double *profits;     /* [n] from markups where entry is restricted; NULL: none */
    dr_limit_result *limits;
    size_t limit_count;
    dr_limited_row *limited_rows; /* in the order of rows */
    size_t limited_row_count;
    dr_row_barrier *rows; /* of flows whose products have changes, in the order of flows (dr_solution_keep_rows) */
    size_t row_count;
    dr_barrier *barriers; /* in the order of flows */
    size_t barrier_count;
    dr_thin_market *thin;
    size_t thin_count;
    size_t thin_products;               /* products of importers whose supply is pooled, */
    double thin_use;                    /* what is bought of them in the base, a value, */
    size_t thin_product, thin_importer; /* and the cell and importer of the largest */
    double *pooled;               /* [cell of the tier] the factor on its shares, 0: none; NULL: no cell has one */
    size_t replaced_products;     /* products of importers that have lost their last supplier, */
    double replaced;              /* and what home sales take their place, a value */
    double *productivity;         /* [n, s] over base, less what abatement takes; NULL: as in the base */
    double *carbon, *carbon_left; /* [n, s] t of sweep_carbon.h, and the part of emissions per unit of output that
                                         * is left; NULL: no price of carbon */
    double *supplied;             /* [factor, n, s] of a factor, over base; NULL: as in the base */
    double *final_share;          /* [k][n] of goods in final demand at base prices; NULL: the model's */
    bool surplus;                 /* without a solution: the surplus that the closure requires diverges, not a price */
    char **notes;                 /* of the scenario */
    size_t note_count;
    dr_named named;                            /* groups that the scenario names */
    double *tariff_revenue, *deficit, *income; /* [n] */
    dr_certificate certificate;
};

/* The mean wedge on the flows of a limit: what is paid for them, with tariff revenue, over what is paid with tariff
 * revenue but no rent. It is the wedge itself unless imports exceed a tariff-rate quota, whose licences earn a rent on
 * a part of them. */
double dr_limit_mean_wedge(const dr_limit_result *limit);

/* Spending below this share of its base is negligible: no relative precision is required of it. */
#define DR_NEGLIGIBLE 1e-9

/* Copies what results need of a scenario (NULL: none), which may be freed before the solution: barriers and notes. */
dr_status dr_solution_keep(dr_solution *solution, const dr_scenario *scenario, const dr_scenario *given);

/* Names a solution by what it is, such as a plan, instead of its changes: the heading of its tables. Errors:
 * DR_MACHINE. */
dr_status dr_solution_set_title(dr_solution *solution, const char *title);

/* Adds a note to those of the scenario. Errors: DR_MACHINE. */
dr_status dr_solution_add_note(dr_solution *solution, const char *note);

/* The barriers alone, of a part of the scenario. */
dr_status dr_solution_keep_barriers(dr_solution *solution, const dr_scenario *scenario, double part);

/* The consumer price of a region over base, at the shares that final demand has at base prices under the scenario. */
double dr_solution_consumer_price(const dr_solution *solution, size_t region);

/* What there is of a factor in sector s of region n where it worked in the base, at base wages. */
double dr_solution_supply(const dr_solution *solution, size_t factor, size_t n, size_t s);

/* What there is of all factors in region n, at base wages. */
double dr_solution_factor_supply(const dr_solution *solution, size_t n);

/* The price over base of what production uses, factors and inputs: unit cost times productivity and, with scale
 * economies, times the factor that the size of the sector saves. */
double dr_solution_input_cost(const dr_solution *solution, size_t n, size_t s);

/* What the sector [n, s] pays for its emissions, and what is left of its sales for inputs and factors. */
double dr_solution_carbon_paid(const dr_solution *solution, size_t cell);
double dr_solution_net_sales(const dr_solution *solution, size_t cell);

/* Those of product flows: of each flow of which products have changes, or which a ban stops. Errors: DR_MACHINE. */
dr_status dr_solution_keep_rows(dr_solution *solution, const dr_scenario *scenario, double part);

/* The number of the limit on a product flow, from 1; 0: none. */
size_t dr_solution_row_limit(const dr_solution *solution, size_t row);

/* The value of a product flow at the border over what its producers earn: 1 without a rent of the exporter. */
double dr_solution_row_border(const dr_solution *solution, size_t row);

/* The barrier of a flow; NULL: none. */
dr_barrier *dr_solution_barrier(const dr_solution *solution, size_t flow);

/* With rigid wages: the share of a region's labour that is employed, and the employment of a sector over base. */
double dr_solution_employment(const dr_solution *solution, size_t region);
double dr_solution_sector_employment(const dr_solution *solution, size_t region, size_t sector);

#endif
