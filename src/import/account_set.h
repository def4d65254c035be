/* Accounts on their way into a world: cells as files have them, by names of regions and sectors, become arrays in the
 * world's order. */
#ifndef DR_IMPORT_ACCOUNT_SET_H
#define DR_IMPORT_ACCOUNT_SET_H

#include "import/import.h"
#include "world/accounts.h"
#include "world/countries.h"

/* A year of an account that is being read. */
typedef struct dr_account_part {
    char *name, *unit;
    int year;
    size_t file;   /* that it was first met in: dr_account_set.file */
    double factor; /* of the unit: of thousands of persons to persons */
    double *value; /* [region, sector] */
    double *final; /* [region]; NULL: none was met */
    size_t cells;
} dr_account_part;

/* Where a name of a region or sector leads: an index of the world, or one of these. */
enum {
    DR_PLACE_UNKNOWN = -1,
    DR_PLACE_OUTSIDE = -2, /* a country that is in no region of the world; a sector that the concordance leaves out */
    DR_PLACE_FINAL = -3    /* final use itself, in place of a sector */
};

typedef struct dr_account_set {
    const dr_layout *layout;
    const dr_countries *countries;
    int *years; /* of the world, ascending */
    size_t year_count;
    dr_account_part *parts;
    size_t count, capacity;

    dr_names regions, sectors; /* names met so far, and where they lead */
    int *region_of, *sector_of;
    size_t region_capacity, sector_capacity;
    int rest;               /* the region of countries that have none of their own; DR_PLACE_UNKNOWN: there is none */
    bool rest_named;        /* a file has cells of it by its own name */
    size_t folded, outside; /* countries that went there, or nowhere */
    char first_folded[64], first_outside[64];
    dr_names from, to; /* the concordance: to.names[to_of[i]] is the sector that from.names[i] becomes */
    int *to_of;
    size_t file;        /* the number of the file at hand */
    size_t other_years; /* cells of years that the world does not have */
} dr_account_set;

/* Starts a set for the world that `writer` writes; with the concordance (CSV sector, to; NULL: none) from the sectors
 * of the files to the world's. Errors: DR_BAD_INPUT. Free with dr_account_set_free, on failure too. */
dr_status dr_account_set_new(dr_account_set *set, const dr_writer *writer, const char *concordance);
void dr_account_set_free(dr_account_set *set);

/* The place of a region (code, name or country, in any case) or a sector (code, slug or name; "final use" and
 * "households"), or one of those above, in *place. Errors: DR_MACHINE. */
dr_status dr_account_region(dr_account_set *set, const char *name, int *place);
dr_status dr_account_sector(dr_account_set *set, const char *name, int *place);

/* The number of the account of that name, unit and year in *part, which is made where there is none; SIZE_MAX where the
 * world has no such year. Errors: DR_BAD_INPUT (another unit than before), DR_MACHINE. */
dr_status dr_account_part_find(dr_account_set *set, const char *name, const char *unit, int year, size_t *part);

/* Adds a cell: places as above, neither unknown. */
dr_status dr_account_add(dr_account_set *set, size_t part, int region, int sector, double value);

/* The year of a file that does not say it: that of the options, else that in its path, else the only one of the world.
 * Errors: DR_BAD_INPUT. */
dr_status dr_account_year_of(const dr_account_set *set, const char *path, const dr_import_options *options, int *year);

/* Whether a unit is money, which is value added or a tax and no account beside the table. */
bool dr_account_is_money(const char *unit);

/* Whether a file is an extension of pymrio or EXIOBASE by its name: F.txt, F.csv or F.parquet. */
bool dr_extension_is(const char *path);

/* Reads one extension: `path` is F.txt, beside which F_Y.txt and unit.txt may lie, or likewise with its other endings.
 * `money` counts the rows in money, which are left out. */
dr_status dr_extension_read(dr_account_set *set, const char *path, const dr_import_options *options, size_t *money);

#endif
