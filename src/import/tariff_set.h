/* Tariffs on their way into a world: rates as files have them, by economies, products of the Harmonized System (HS) or
 * sectors, and dates; and which of them hold for a year. */
#ifndef DR_IMPORT_TARIFF_SET_H
#define DR_IMPORT_TARIFF_SET_H

#include <stdint.h>

#include "base/csv.h"
#include "import/account_set.h"
#include "world/roster.h"

/* Who a file has rates of or on: a country, a group of countries, a region of the world, or all economies. */
typedef enum dr_actor_kind { DR_ACTOR_ALL, DR_ACTOR_COUNTRY, DR_ACTOR_GROUP, DR_ACTOR_REGION } dr_actor_kind;
typedef struct dr_actor {
    dr_actor_kind kind;
    size_t index; /* of the register of countries, of the roster's groups, or of the world's regions */
} dr_actor;

enum { DR_NO_ACTOR = -1, DR_ACTOR_OF_ALL = 0, DR_MOST_ACTORS = 4000, DR_LONGEST_TARIFF_CODE = 10 };

/* Rows of several editions of the HS: which one a code is of is not kept. */
enum { DR_MIXED_EDITIONS = -2 };

/* The duty that a row is about; of several for the same goods the first in this order holds. */
typedef enum dr_duty { DR_DUTY_APPLIED, DR_DUTY_PREFERENCE, DR_DUTY_MFN, DR_DUTY_OTHER } dr_duty;

/* A rate of a file. `code`: a code of the HS as its number with zeros behind it up to ten digits, times 16, plus its
 * number of digits; of a sector DR_TARIFF_SECTOR plus its number among the names of dr_tariff_set. */
#define DR_TARIFF_SECTOR ((uint64_t)1 << 38)
typedef struct dr_tariff_row {
    uint64_t code : 40, file : 16, duty : 4, once : 1; /* once: two rows for the same goods are an error */
    unsigned line;
    unsigned short importer, exporter; /* actors */
    int since, until; /* days as 20180706, both included, until 0: still in force; a year's rate: its year and -1 */
    double rate;
} dr_tariff_row;

/* What could not be matched, with the first case. */
typedef struct dr_unmatched {
    size_t count;
    char first[64];
} dr_unmatched;
void dr_unmatched_add(dr_unmatched *unmatched, const char *text);

typedef struct dr_tariff_set {
    dr_account_set places; /* regions, sectors and years of the world, and the concordance of sectors */
    dr_roster roster;
    int union_group; /* the EU, a customs union; -1: the world has no such group */
    dr_names files;
    dr_actor *actors;
    size_t actor_count, actor_capacity;
    dr_names names; /* of economies, and the actor of each */
    int *actor_of;
    size_t name_capacity;
    dr_names sectors; /* of files, and the sector of the world that each is in, -1: none */
    int *sector_of;
    size_t sector_capacity;
    dr_names products; /* codes of the HS of 2 to 6 digits, and the sector of each, -1: none */
    int *product_sector;
    size_t product_capacity;
    int edition; /* of the HS, as the files say it; -1: they do not */
    dr_tariff_row *rows;
    size_t count, capacity;
    size_t empty;                          /* cells without a rate */
    dr_unmatched economies, codes, duties; /* names; texts that are no code; specific duties and the like */
    dr_unmatched bound;                    /* rows of other rates than those applied, such as bound ones */
    dr_unmatched programmes;               /* of preferences that are not for all goods of a country */
} dr_tariff_set;

/* Starts a set for the world that `writer` writes. `concordance` (NULL: built in) is a CSV of products (product, and
 * sector or isic_rev3) or of sectors (sector, to). Free with dr_tariff_set_free, on failure too. */
dr_status dr_tariff_set_new(dr_tariff_set *set, const dr_writer *writer, const char *concordance);
void dr_tariff_set_free(dr_tariff_set *set);

/* The actor of a name, DR_NO_ACTOR where it is none. Errors: DR_MACHINE. */
dr_status dr_tariff_actor(dr_tariff_set *set, const char *name, int *actor);

/* The code of a product as a row has it. False: not 2 to 10 digits, with dots between or not; a zero in front may be
 * missing. */
bool dr_tariff_product(const char *text, uint64_t *code);

/* The code of a sector by its name: a sector of the world, one that the concordance maps, or (`isic`) a number of ISIC
 * Rev. 3. */
dr_status dr_tariff_sector(dr_tariff_set *set, const char *name, bool isic, uint64_t *code);

/* Adds a row. Errors: DR_MACHINE (no memory). */
dr_status dr_tariff_add(dr_tariff_set *set, const dr_tariff_row *row);

/* Reads a file of any of the formats, whose number in `files` is `file`. Errors: DR_BAD_INPUT with file:line:column. */
dr_status dr_tariff_file_read(dr_tariff_set *set, size_t file, const dr_import_options *options);

/* Reads lines of the Harmonized Tariff Schedule of the United States from a file, whose header was read, with the
 * columns of number, general, special and column 2 rate (-1: not there), as rates of that year. */
dr_status dr_tariff_schedule_read(dr_tariff_set *set, dr_csv *csv, size_t file, const int columns[4], int year);

#endif
