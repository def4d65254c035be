/* The sources that derisk fetch knows: data/fetch, or the list of a mirror. */
#ifndef DR_IMPORT_FETCH_LIST_H
#define DR_IMPORT_FETCH_LIST_H

#include <stdbool.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/names.h"

/* A database. `access` is how its publisher gives it out: "open"; "browser" (the server may turn programs away);
 * "click" (a page leads to the file); "login". `use` is "import", or "gravity" where derisk gravity reads the file. */
typedef struct dr_dataset {
    const char *source, *title, *publisher, *licence, *citation, *page, *access, *use;
} dr_dataset;

/* A file of it, with the years first to last; "{year}" in its name and address stands for each. */
typedef struct dr_fetch_file {
    const dr_dataset *of;
    const char *edition, *file;
    const char *member;    /* of an archive: the one that is of use; "" for all of it */
    const char *address;   /* "" where it has to be downloaded by hand */
    const char *confirmed; /* "quoted": public programs use this address; "pattern": made like one that they use */
    const char *digest;    /* "sha256:HEX"; "" where none is known */
    const char *licence;   /* that of the dataset, or its own */
    int first, last;
    double bytes;    /* 0 where not known exactly */
    double millions; /* of bytes, about; 0 where not known */
} dr_fetch_file;

/* A zeroed struct is an empty list. The files of an edition stand together; the first edition is the default. */
typedef struct dr_fetch_list {
    dr_dataset *datasets;
    dr_fetch_file *files;
    size_t dataset_count, dataset_capacity, file_count, file_capacity;
    dr_arena arena;
} dr_fetch_list;

/* Reads the lists. `mirror` is a CSV with the columns of data/fetch/files.csv, whose files are used in place of those
 * of the publishers; NULL: none. Errors: DR_BAD_INPUT with file:line:column. Free with dr_fetch_list_free, on failure
 * too. */
dr_status dr_fetch_list_read(dr_fetch_list *out, const char *mirror);
void dr_fetch_list_free(dr_fetch_list *list);

/* `text` with the year in place of each "{year}", in the arena of the list; NULL without memory. */
const char *dr_fetch_with_year(dr_fetch_list *list, const char *text, int year);

/* The file of a source, an edition (NULL: the first) and a year (0: the last), with the year put in. The first row of
 * the list that holds the year is taken, so that one with a digest may stand before one for all years. *year becomes
 * the year found. Errors: DR_BAD_INPUT, with what there is. */
dr_status dr_fetch_choose(dr_fetch_file *out, dr_fetch_list *list, const char *source, const char *edition, int *year);

/* The file of a source that has this name, as downloads by hand have; the edition and year where they are given. A
 * browser's " (1)" is no part of a name. Errors: DR_BAD_INPUT, with the names that there are. */
dr_status dr_fetch_choose_name(dr_fetch_file *out, dr_fetch_list *list, const char *source, const char *name,
                               int *year);

/* The folder of downloads: `given`, else $XDG_CACHE_HOME/derisk, else ~/.cache/derisk. Errors: DR_BAD_INPUT (none is
 * known), DR_MACHINE. */
dr_status dr_fetch_cache(const char **out, dr_arena *arena, const char *given);

#endif
