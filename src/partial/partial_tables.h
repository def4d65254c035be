/* The tables of a partial equilibrium by product. */
#ifndef DR_PARTIAL_PARTIAL_TABLES_H
#define DR_PARTIAL_PARTIAL_TABLES_H

#include "partial/partial.h"

/* What is added up over products. */
typedef struct dr_partial_sums {
    double exports, new_exports, imports, new_imports, producer, consumer, revenue;
} dr_partial_sums;

typedef struct dr_partial_rows {
    dr_table *table;
    int kind;                /* of the table */
    dr_partial_sums *region; /* [region] */
    size_t products;
    double trade, new_trade, residual;
} dr_partial_rows;

/* Begins the table of that name. Errors: DR_USAGE (there is none), DR_MACHINE. Free with dr_partial_rows_free. */
dr_status dr_partial_rows_new(dr_partial_rows *rows, const dr_partial *p, const char *table);
void dr_partial_rows_free(dr_partial_rows *rows);

/* Adds a product that was solved. */
void dr_partial_rows_add(dr_partial_rows *rows, const dr_partial *p, const dr_gsim *g, size_t product);

/* Hands the table over. */
dr_status dr_partial_rows_finish(dr_table **out, dr_partial_rows *rows, const dr_partial *p);

#endif
