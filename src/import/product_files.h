/* Shared by the readers of product flows: a file's columns by name, streamed through DuckDB into the world. */
#ifndef DR_IMPORT_PRODUCT_FILES_H
#define DR_IMPORT_PRODUCT_FILES_H

#include "base/scratch.h"
#include "base/sql.h"
#include "import/digests.h"
#include "import/import.h"
#include "import/places.h"
#include "import/product_names.h"

/* A column that a reader needs. */
typedef struct dr_role {
    const char *names; /* of the column in files, '|' between, whatever the case and the marks between letters; '?' in
                          front: it may be missing, and is NULL then */
    const char *type;  /* in SQL: VARCHAR, INTEGER, USMALLINT or DOUBLE */
    const char *as;    /* its name in queries */
} dr_role;

enum { DR_MOST_ROLES = 16 };

/* The columns of a file. */
typedef struct dr_roles {
    const dr_role *list;
    size_t count;
} dr_roles;

extern const dr_roles dr_roles_of_energy, dr_roles_of_shares, dr_roles_of_scores;

typedef struct dr_product_format dr_product_format;

/* A year of an import. */
typedef struct dr_product_span {
    int year;
    bool replaced;           /* what the world had of it */
    char classification[32]; /* of its products; "" as long as it is not known */
    double rows;             /* so far */
    bool grew;               /* by the file at hand */
} dr_product_span;

/* An import of product flows on its way. */
typedef struct dr_product_job {
    dr_import_job import;
    const dr_product_format *format;
    dr_places places;
    dr_scratch scratch;      /* open where a file has to be unpacked */
    dr_product_names beside; /* names of products and economies, from files beside the flows */
    const char *path;        /* of the file at hand */
    int year;                /* its first */
    bool has[DR_MOST_ROLES]; /* of the format's roles, those that the file has */
    double others;           /* years that the world holds of product flows */
    dr_product_span *years;  /* of this import */
    size_t year_count, year_capacity;
} dr_product_job;

struct dr_product_format {
    const char *name; /* "BACI product flows" */
    const char *unit;
    bool whole; /* all of world trade */
    const dr_role *roles;
    size_t count;
    /* Adds the file's flows to product_flow; `rows` is a query that gives the roles as columns. */
    dr_status (*take)(dr_product_job *job, const char *rows);
};

extern const dr_product_format dr_format_baci, dr_format_comtrade, dr_format_comext;

/* Runs an import: opens the world at `to`, lets `take` read the files, and keeps all or nothing; the places are for
 * `import` to read, where it needs them. */
typedef dr_status dr_product_import(dr_product_job *job, const char *const *files, size_t count);
dr_status dr_product_run(dr_table **report, const dr_product_format *format, dr_product_import *take,
                         const char *const *files, size_t count, const char *to, const dr_import_options *options);

/* A query that gives the roles as columns of the file (CSV or Parquet, which are unpacked into `scratch` where the
 * database cannot read them; NULL: such a file is refused), NULL for those it has not; the caller frees. Errors:
 * DR_BAD_INPUT (no such file; a column missing, with the nearest name). */
dr_status dr_roles_query(char **query, bool *has, const char *path, dr_scratch *scratch, const dr_role *roles,
                         size_t count);

/* Why a query on the file failed: the first cell of a CSV that is not what its role needs, with file:line:column; else
 * the failure as it is, with the path in front. */
dr_status dr_roles_fault(dr_status status, const char *path, const dr_scratch *scratch, const dr_role *roles,
                         size_t count);

/* The same for the file at hand and the roles of its format. */
dr_status dr_product_fault(const dr_product_job *job, dr_status status);

/* Adds a finding about product flows. If it is out of order and the import strict, it is an error. */
dr_status dr_product_note(dr_product_job *job, int year, const char *subject, const char *done, bool wrong,
                          const char *found, ...) __attribute__((format(printf, 6, 7)));

/* Registers the years of the file's flows, by a query that gives them: the world's earlier data of these are deleted,
 * and the view product_flow_new shows them from now on. Before the file's flows are added. Errors: DR_BAD_INPUT (no
 * year; not from 1900 to 2099). */
dr_status dr_product_begin(dr_product_job *job, const char *years);

/* Registers the periods of the file's rows: `sql` gives years, and whether a row is of a part of one (a month). Errors:
 * DR_BAD_INPUT (months as well as a whole year, in this file or with those before: the year would count twice). */
dr_status dr_product_periods(dr_product_job *job, const char *sql);

/* Leaves the rows of `table` out whose product is a total over other products: TOTAL, and a code of digits that longer
 * ones in the table begin with; with `only_longest` digits (0: any) every shorter code. Products are texts; `rows` is
 * an SQL sum of how many rows of the file a row of the table stands for. */
dr_status dr_product_subtotals(dr_product_job *job, const char *table, const char *rows, size_t only_longest);

/* Marks the years to which the file at hand has added flows. After they are in product_flow. */
dr_status dr_product_count(dr_product_job *job);

/* The years of the import, or of the file at hand (those that grew), as a list in SQL that the caller frees. Errors:
 * DR_MACHINE. */
dr_status dr_product_years(const dr_product_job *job, bool of_file, char **list);

/* Sets the classification of a year's products, unless the options say it. Errors: DR_BAD_INPUT (unknown; another one
 * than that of an earlier file). */
dr_status dr_product_classify(const dr_product_job *job, dr_product_span *year, const char *classification);

/* Makes the temporary table product_place (code, id) for every code that the query gives in its first column, with its
 * number of rows in the second, and notes the unknown ones. */
dr_status dr_product_places(dr_product_job *job, const char *codes);

/* Flows that both sides may report, in a table with the columns year, flow, reporter, partner, product and value; the
 * codes of its economies are in product_place. */
typedef struct dr_reports {
    const char *table;
    const char *rows;            /* the condition for rows that count, in SQL */
    const char *import, *export; /* what the column `flow` says of imports and exports */
    const char *tonnes;          /* the quantity of rows that are added up, in SQL */
} dr_reports;

/* Adds the flows to product_flow: as the importer reports them, or as the exporter does where the importer reports no
 * imports of that year at all. */
dr_status dr_reports_insert(dr_product_job *job, const dr_reports *reports);

/* Notes how many exports were left out because their importers report, too. After dr_reports_insert. */
dr_status dr_reports_note_mirrored(dr_product_job *job, const dr_reports *reports);

/* A file's own totals beside the sums of their parts. */
typedef struct dr_reports_totals {
    const char *query;                     /* gives the columns total and parts */
    const char *gap;                       /* one of the statements dr_import_sql.reports.gap_... */
    const char *parts, *whole, *each, *of; /* words for the note */
} dr_reports_totals;

/* Notes the largest gap between totals and sums; one of more than 0.1% is out of order. */
dr_status dr_reports_check_totals(dr_product_job *job, const dr_reports_totals *totals);

/* Adds to the world which sector each product belongs to: the rows of a CSV, or of the one in data/. */
dr_status dr_product_sectors(dr_product_job *job);

#endif
