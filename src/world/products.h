/* Product flows of a world: what economies sell each other by product, as statistics of trade have it; in tables of
 * their own, which a world may have beside its input-output tables or alone. They are described in docs/world.md. */
#ifndef DR_WORLD_PRODUCTS_H
#define DR_WORLD_PRODUCTS_H

#include "world/write.h"

/* Makes the tables, where they are not there yet, and sends sources and findings into those of product flows. */
dr_status dr_products_create(dr_writer *writer);

/* Whether the world has the table of that name. */
dr_status dr_products_table(const dr_duck *duck, const char *name, bool *there);

/* A year of product flows, as it was imported. */
typedef struct dr_product_year {
    int year;
    const char *classification; /* "HS17" */
    const char *unit;           /* of values */
    const char *quantity_unit;
    const char *source; /* titles, "; " between */
    bool whole;         /* all of world trade, not the reports of some economies only */
    dr_arena arena;
} dr_product_year;

/* Reads the description of a year (0: the last). Errors: DR_BAD_INPUT (no product flows; none of that year). Free with
 * dr_product_year_free. */
dr_status dr_product_year_read(dr_product_year *out, const dr_world *world, int year);
void dr_product_year_free(dr_product_year *year);

/* The economies of a year's product flows that `list` names: codes and groups, commas between; *mask, one bool for each
 * of `codes`, is the caller's to free. Errors: DR_BAD_INPUT (unknown name; a group without a member among them). */
dr_status dr_product_members(bool **mask, const dr_world *world, int year, const dr_names *codes, const char *list);

/* Notes for each group in such a list how many of its members have flows, if not all, and which join and leave between
 * the years. */
dr_status dr_product_tell_groups(dr_table *table, const dr_world *world, int first, int year, const dr_names *codes,
                                 const char *list);

/* Adds the world's product flows to the table of dr_world_info. */
dr_status dr_products_info(dr_table *table, const dr_world *world);

#endif
