/* The tariffs of a year: of the rows of files those that hold, by importer, exporter and product. */
#ifndef DR_IMPORT_TARIFF_TABLE_H
#define DR_IMPORT_TARIFF_TABLE_H

#include "import/tariff_set.h"

/* A rate on a product: the mean over lines of more than six digits. `code` is that of the HS as a number of six digits
 * times 8, plus its number of digits (2, 4 or 6); or DR_SECTOR_CODE plus the number of a file's sector. */
#define DR_SECTOR_CODE 0x80000000u
typedef struct dr_tariff_entry {
    unsigned code;
    int sector; /* of the world; -1: none */
    double rate;
} dr_tariff_entry;

typedef struct dr_tariff_slice {
    size_t start, count;
} dr_tariff_slice;

/* An economy for which tariffs are looked up: a country, or a region of the world of which no countries are known. */
typedef struct dr_tariff_member {
    size_t region;
    const char *country; /* "" where it is none */
    int *as;             /* the actors that it is, from the country itself to its groups */
    size_t count;
    bool *in; /* [group of the roster]: it is a member */
} dr_tariff_member;

typedef struct dr_tariff_table {
    const dr_tariff_set *set;
    int year;
    dr_tariff_entry *entries;
    size_t count, capacity;
    dr_tariff_slice *slices; /* [importer, exporter], actors; entries in the order of codes */
    bool *has;               /* [importer]: any rates */
    int *of_year;            /* [importer]: the year that its rates are of; 0: dates, or none */
    int *sector_of;          /* [code]: 0 not looked up yet, else 1 more than the sector */
    size_t twice;            /* rows with another one for the same goods */
    dr_tariff_member *members;
    size_t member_count, member_capacity;
    dr_arena arena;
} dr_tariff_table;

/* Sorts the rows of a set. Errors: DR_BAD_INPUT (two rows of a plain file for the same goods). */
dr_status dr_tariff_sort(dr_tariff_set *set);

/* Whether some of the rows, sorted, are of the year or in force in it. */
bool dr_tariff_has_year(const dr_tariff_set *set, int year);

/* Makes the table of a year: of rates of years, those of the importer's latest year that is not after it; of rates with
 * dates, the mean over the days of the year on which there is one. Free with dr_tariff_table_free, on failure too. */
dr_status dr_tariff_table_new(dr_tariff_table *table, dr_tariff_set *set, int year);
void dr_tariff_table_free(dr_tariff_table *table);

/* Fills `list` (room for dr_tariff_most_slices) with the indices of the slices that have rates of one member on
 * another, those of the nearest actors first; returns how many there are. Rates on all do not hold between members of
 * the EU, nor those of a group between its members. */
size_t dr_tariff_slices(const dr_tariff_table *table, const dr_tariff_member *importer,
                        const dr_tariff_member *exporter, size_t *list);
size_t dr_tariff_most_slices(const dr_tariff_table *table);

/* The rate on a product in the first of the slices that has one, of the longest code that it begins with; false: there
 * is none. */
bool dr_tariff_find(const dr_tariff_table *table, const size_t *list, size_t count, unsigned code, double *rate);

/* Whether one of the slices has the very code. */
bool dr_tariff_has(const dr_tariff_table *table, const size_t *list, size_t count, unsigned code);

/* The code of a product of the HS, cut to six digits, and its sector, -1: none. */
unsigned dr_tariff_short(uint64_t code);
dr_status dr_tariff_sector_of(dr_tariff_table *table, unsigned code, int *sector);

#endif
