/* The kinds of files that derisk reads, one row each: how a file is recognised, the word and the name of its kind, and
 * what reads it. Recognition, the front door and the words of the command all use these rows. */
#ifndef DR_IMPORT_KINDS_H
#define DR_IMPORT_KINDS_H

#include <stdbool.h>

#include "import/import.h"

/* What is seen of a file before it is read. */
enum { DR_SIGHT_BYTES = 16 };
typedef struct dr_sight {
    const char *path;
    const char *bytes;          /* its first DR_SIGHT_BYTES, no longer compressed; zeros behind its end */
    const char *const *columns; /* of its first row; none: it is no text */
    size_t column_count;
} dr_sight;

/* Whether the first row has a column of one of the names, which bars separate; in any case. */
bool dr_sight_has(const dr_sight *sight, const char *names);

/* The options of dr_import_options that not every kind takes. */
enum {
    DR_TAKES_YEAR = 1,
    DR_TAKES_NAMES = 2,
    DR_TAKES_CLASSIFICATION = 4,
    DR_TAKES_CONCORDANCE = 8,
    DR_TAKES_WEIGHTS = 16
};

typedef dr_status dr_files_import(dr_table **report, const char *const *files, size_t count, const char *to,
                                  const dr_import_options *options);

typedef struct dr_kind {
    const char *word; /* the layout that it is of: "icio" */
    const char *name; /* with its article: "product flows of BACI" */
    unsigned takes;

    /* A single file is recognised by its columns, all of one of two sets, or by a function. */
    const char *columns[2][6];
    bool (*is)(const dr_sight *sight);
    bool is_usual; /* of a layout with several kinds, what a file that was named is read as if it has no sign of any */

    /* Several files that are one table: the name of the file that stands for it, and of one that must be in the same
     * folder, as patterns between bars ('*' is any text). NULL: a single file. */
    const char *key, *beside;
    const char *also; /* names of its files that may be in other folders */
    bool is_folder;   /* the path of the table is the folder, and all files in it are the table's; else it is the key */

    dr_table_reader *read;   /* an inter-country table of a year, which dr_import_finds imports */
    bool says_year;          /* it may say the year inside, so that its name need not */
    dr_files_import *import; /* anything else */
    bool on_disk;            /* which does not look into archives */
    bool other_years;        /* files of years other than the one asked for are of use, too */
} dr_kind;

/* In the order of recognition: what has more signs stands before what has some of them. */
extern const dr_kind dr_kinds[];
extern const size_t dr_kind_count;

/* The only kind of a layout, NULL: it has several; and of several the usual one. */
const dr_kind *dr_kind_only(const char *word);
const dr_kind *dr_kind_usual(const char *word);

/* Whether the kind is of the layout; NULL is any. */
bool dr_kind_of(const dr_kind *kind, const char *word);

/* Tables to import: paths, and the kind of each. A zeroed struct has none. */
typedef struct dr_finds {
    dr_names paths;
    const dr_kind **kinds;
    size_t capacity;
} dr_finds;
dr_status dr_finds_add(dr_finds *tables, const char *path, const dr_kind *kind);
void dr_finds_free(dr_finds *tables);

/* Imports inter-country tables into the world at `to`. */
dr_status dr_import_finds(dr_table **report, const dr_finds *tables, const char *to, const dr_import_options *options);

#endif
