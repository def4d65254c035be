/* The tables of a world file, declared once: new worlds are made from these declarations, and every file is compared
 * with them. */
#ifndef DR_WORLD_TABLES_H
#define DR_WORLD_TABLES_H

#include "base/duck.h"

/* Properties of the cells of a column beyond their type. */
enum {
    DR_CELL_NULL = 1, /* may be NULL */
    DR_CELL_KEY = 2,  /* the columns that have this say together which row it is: no two rows agree in all of them */
    DR_CELL_YEAR = 4  /* a year, from DR_FIRST_YEAR to DR_LAST_YEAR */
};

/* The largest number that a cell may hold: sums over any table stay finite, and are printed as whole numbers. */
#define DR_LARGEST 1e30

enum { DR_FIRST_YEAR = 1, DR_LAST_YEAR = 9999, DR_MOST_RULES = 9 };

/* The tables of a family are there together or not at all. */
typedef enum dr_family {
    DR_OF_ALL,     /* every world */
    DR_OF_REGIONS, /* worlds with tables: icio and long */
    DR_OF_ICIO,
    DR_OF_ROWS,  /* its cells, as lists */
    DR_OF_CELLS, /* the same in worlds of versions before those, a row for each */
    DR_OF_LONG,
    DR_OF_FACTORS,
    DR_OF_ACCOUNTS,
    DR_OF_TARIFFS,
    DR_OF_SUMS,
    DR_OF_ESTIMATES,
    DR_OF_ESTIMATE_FITS,
    DR_OF_ELASTICITIES,
    DR_OF_PRODUCTS,
    DR_OF_PRODUCT_NAMES,
    DR_OF_ENERGY,
    DR_OF_MATERIALS,
    DR_FAMILIES
} dr_family;

typedef struct dr_column_rule {
    const char *name, *type; /* an SQL type, or region_code, sector_code, use_code: the ENUM of the world */
    unsigned cells;
} dr_column_rule;

typedef struct dr_table_rule {
    const char *name;
    dr_family family;
    bool late;                                 /* its rows are checked as they are read, not when the world is opened */
    dr_column_rule columns[DR_MOST_RULES + 1]; /* up to one without a name */
} dr_table_rule;

/* All of them; the last has no name. */
extern const dr_table_rule dr_tables[];

const dr_table_rule *dr_table_rule_find(const char *name);
size_t dr_table_rule_columns(const dr_table_rule *rule);

/* Makes the tables of a family, as far as they are not there. */
dr_status dr_tables_create(const dr_duck *duck, dr_family family);

/* Views for SQL queries of users. derisk makes its own for each connection, and reads no view of a file. */
typedef struct dr_view_rule {
    const char *name;
    dr_family family;
    const char *const *query;
} dr_view_rule;

extern const dr_view_rule dr_views[]; /* the last has no name */

/* Makes the views of a family, in the file or for this connection only. */
dr_status dr_views_create(const dr_duck *duck, dr_family family, bool temporary);

#endif
