/* The parts of a partial equilibrium by product, shared by the files of this folder. */
#ifndef DR_PARTIAL_PARTIAL_H
#define DR_PARTIAL_PARTIAL_H

#include "base/csv.h"
#include "base/table.h"
#include "measure/prefixes.h"
#include "partial/gsim.h"
#include "world/flows.h"
#include "world/world.h"

/* The region of the economies that are in no other. */
#define DR_PARTIAL_REST "rest"

/* A tariff on a product, or on all that begin with its code, "" all. */
typedef struct dr_line {
    char code[DR_LONGEST_PRODUCT + 1];
    unsigned short importer, exporter;
    double rate;
    size_t order;
} dr_line;

/* In the order of their codes; of one pair and product the line with the longest code counts, and of these the last. */
typedef struct dr_lines {
    dr_line *line;
    size_t count, capacity;
} dr_lines;

/* Elasticities by product, as the codes of lines. */
typedef struct dr_elastic {
    dr_names codes;
    double (*value)[3]; /* [code]: demand, supply, substitution */
    size_t capacity;
} dr_elastic;

typedef struct dr_partial {
    const dr_world *world;
    dr_product_year year;
    dr_flows flows;
    dr_prefixes names_of; /* of products */
    dr_names regions;     /* economies, groups, and "rest" */
    bool *made_of;        /* [region][economy] */
    unsigned short *of;   /* [economy]: its region */
    dr_lines base, now;
    double elasticity[3]; /* of all other products */
    dr_elastic elastic;
} dr_partial;

/* ---- partial_read.c ---- */

/* The year, its flows, and the regions that the options make of economies. Errors: DR_BAD_INPUT (names, an economy in
 * two regions), DR_MACHINE. */
dr_status dr_partial_load(dr_partial *p, const dr_world *world, const dr_partial_options *options);

/* Tariffs of a CSV (exporter, importer, product, tariff). Errors: DR_BAD_INPUT with file, line and column. */
dr_status dr_partial_read_lines(const dr_partial *p, dr_lines *lines, const char *path);

/* Elasticities of a CSV (product, demand, supply, substitution). Errors: the same. */
dr_status dr_partial_read_elasticities(dr_partial *p, const char *path);

/* Adds the tariff of importers `by` on exporters `on`, names with commas between, `all` or `rest`, on products of
 * codes, "HS" before them or not, or `all`. Flows between members of one group are left alone. Errors: DR_BAD_INPUT. */
dr_status dr_partial_add(const dr_partial *p, dr_lines *lines, const char *by, const char *on, const char *products,
                         double rate);

/* Brings lines into their order. */
void dr_partial_sort(dr_lines *lines);

/* The tariffs of a product, 1 + rate, into `factor` [exporter, importer]; true if any line is of it. */
bool dr_partial_rates(const dr_partial *p, const dr_lines *lines, const char *product, double *factor);

/* The elasticities of a product. */
const double *dr_partial_elasticities(const dr_partial *p, const char *product);

/* The trade of product k, [exporter, importer]. */
void dr_partial_trade(const dr_partial *p, size_t k, double *trade);

#endif
