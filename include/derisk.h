/*
 * derisk: trade dependence between economies, the cost of breaking it, and the least-cost way to reduce it.
 *
 * This header is the manual of the library. A program goes through five objects, in this order:
 *
 *   dr_world      an inter-country input-output database in one file (regions, sectors, years, groups, sources)
 *   dr_economy    one year of it in memory: flows between regions by sector, inputs, final use, tariffs
 *   dr_scenario   a list of changes to trade policy: tariffs, trade costs, bans, export curbs, quotas
 *   dr_model      the economy calibrated as a general-equilibrium model, with its trade elasticities
 *   dr_solution   the equilibrium under a scenario, with a certificate that anyone can recompute
 *
 * and reads results as a dr_table, which can be written as text, CSV, JSON, Parquet or LaTeX, and handed on as Arrow:
 *
 *     dr_world *world = NULL;
 *     dr_economy *economy = NULL;
 *     dr_model *model = NULL;
 *     dr_scenario *scenario = NULL;
 *     dr_solution *solution = NULL;
 *     dr_table *table = NULL;
 *     if (dr_world_open(&world, "my.world") || dr_economy_load(&economy, world, 2011) ||
 *         dr_model_new(&model, economy, NULL) || dr_scenario_load(&scenario, economy, "tariff.yaml") ||
 *         dr_model_solve(&solution, model, scenario) || dr_solution_regions(&table, solution) ||
 *         dr_table_write(table, DR_FORMAT_TEXT, NULL))
 *         fprintf(stderr, "%s\n", dr_error_text());
 *
 * Ownership. An object that comes back through `out` belongs to the caller and is freed by the function named _free (or
 * _close); these accept NULL. A pointer that a getter returns belongs to its object ("borrowed").
 *
 * Errors. Functions that can fail return a dr_status, leave *out unchanged on failure, and describe the failure, in one
 * line, in dr_error_text(). Nothing is printed by the library except by dr_table_write and dr_world_export.
 *
 * Threads. Objects may be used from any thread, but one object by one thread at a time. A dr_economy and a dr_model are
 * constant once made, and many threads may solve one model at once. The result of a function that uses several threads
 * does not depend on their number.
 *
 * Numbers are written and read with a decimal point, whatever locale the program has set. The library handles no
 * signals: a program that ignores SIGXFSZ gets DR_MACHINE where a file would exceed the limit on the size of files.
 *
 * Checks. A call that is wrong in itself fails with DR_USAGE and a line that names the function and the argument:
 *   - NULL for `out`, an object, a text, a list or an entry of it, where the function's description does not allow it
 *   - a value outside its enum; a count, tolerance or number of threads out of range. More threads than there is work
 *     for may be asked for: as many are used as there is work for, at most 1024
 *   - a scenario of another economy than that of the model or solution
 * A wrong name, number or file is DR_BAD_INPUT, and so is NULL for a text to parse. Functions that cannot fail have an
 * answer for everything: 0, -1, NAN, "" or NULL for an index beyond the end, and for an object that is NULL.
 *
 * Duties of the caller, which the library cannot check: pointers are to live objects of their type, texts end in a zero
 * byte, arrays are as long as their counts say; no object is used by two threads at once or after it is freed; what an
 * object depends on outlives it (the economy of a scenario or model, the model of a solution, plan or game); a scenario
 * does not change between a solution and its derivatives.
 *
 * Arrays are row-major: x[n, i, s] of shape R x R x S is x[(n * R + i) * S + s]. Indices: n importer, i exporter,
 * k supplying sector, s using sector. Values are in the unit of the world (million US dollars at current prices, unless
 * its year table says otherwise); tariffs and shares are fractions (0.25 is 25%); columns in percent say so.
 */
#ifndef DERISK_H
#define DERISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DR_API __attribute__((visibility("default")))

#define DR_VERSION "0.1.0"

/* The same for #if: 10000 times the major number, 100 times the minor one and the patch level. */
#define DR_VERSION_NUMBER 100

/* Options. The first member of a struct of options, `size`, is its size in the header that the program was compiled
 * with. A later library, whose structs may have more members, therefore accepts an older program's: members beyond
 * `size` take their default, which is 0 for every member. Any other size, 0 included, is DR_USAGE. In C, as an argument
 * or as a variable:
 *
 *     dr_plan_new(&plan, model, "EU", "CHN", &DR_OPTIONS(dr_plan_options, .cap = 0.2, .starts = 3));
 *     dr_plan_options options = {.size = sizeof options};
 *
 * in C++: dr_plan_options options{}; options.size = sizeof options; */
#ifndef __cplusplus
#define DR_OPTIONS(type, ...) ((type){.size = sizeof(type), __VA_ARGS__})
#endif

/* ---- Status and errors ------------------------------------------------------------------------------------------ */

/* The status of a call; also the program's exit status. */
typedef enum dr_status {
    DR_OK = 0,
    DR_USAGE = 1,       /* the call or command line is wrong */
    DR_BAD_INPUT = 2,   /* a file, name or number given is wrong */
    DR_NO_SOLUTION = 3, /* the model has no solution, or none within tolerance */
    DR_MACHINE = 4,     /* no memory, no disk space, no permission, file in use */
    DR_CANCELLED = 5    /* dr_cancel_now was called */
} dr_status;

/* One line on the last failure in this thread: the place, the fault, what was expected, and the nearest valid name; for
 * an error in a formula two more lines, with a caret under the place. Borrowed; valid until the next failure in this
 * thread. Empty if nothing has failed. */
DR_API const char *dr_error_text(void);

/* The version of the library, such as "0.1.0". */
DR_API const char *dr_version(void);

/* ---- Cancelling ------------------------------------------------------------------------------------------------- */

/* A request to stop, made from outside. A thread that watches it checks it once in every sweep, draw or evaluation of a
 * solve, of Monte Carlo draws, a scan of supplier cuts, a plan, a game, a gravity estimate, an update or a propagation,
 * and fails with DR_CANCELLED soon after dr_cancel_now; no partial result is left. */
typedef struct dr_cancel dr_cancel;

/* Makes a request that is not cancelled yet. Errors: DR_MACHINE. Free with dr_cancel_free after the last call that
 * watches it has returned. */
DR_API dr_status dr_cancel_new(dr_cancel **out);
DR_API void dr_cancel_free(dr_cancel *cancel);

/* Cancels; this cannot be undone. May be called from any thread and from a signal handler. */
DR_API void dr_cancel_now(dr_cancel *cancel);

/* Lets the calling thread watch this request and no other (NULL: none). Returns the one that it watched before. */
DR_API const dr_cancel *dr_cancel_watch(const dr_cancel *cancel);

/* ---- Tables of results ------------------------------------------------------------------------------------------ */

/* A table with named, typed columns, a title, the answer in words, facts (settings, certificate) and notes (what was
 * done and why). */
typedef struct dr_table dr_table;

typedef enum dr_format {
    DR_FORMAT_TEXT,
    DR_FORMAT_CSV,
    DR_FORMAT_JSON,
    DR_FORMAT_PARQUET,
    DR_FORMAT_LATEX,
    DR_FORMAT_MARKDOWN,
    DR_FORMAT_HTML, /* a page */
    DR_FORMAT_WORD  /* a document of Word (Office Open XML, .docx) */
} dr_format;

/* The title of the table, and the unit of its columns of money, such as "million US dollars"; "" for none. Borrowed. */
DR_API const char *dr_table_title(const dr_table *table);
DR_API const char *dr_table_unit(const dr_table *table);

DR_API size_t dr_table_rows(const dr_table *table);
DR_API size_t dr_table_columns(const dr_table *table);

/* The name of a column, as in every machine format. Borrowed. */
DR_API const char *dr_table_column(const dr_table *table, size_t column);

/* What a column holds. All but text are numbers, NAN where there is none. */
typedef enum dr_column_type {
    DR_COLUMN_TEXT,
    DR_COLUMN_COUNT,   /* whole numbers: years, days, how many there are of something */
    DR_COLUMN_PERCENT, /* 1.25 is 1.25% */
    DR_COLUMN_SHARE,   /* a fraction: 0.0125 is 1.25% */
    DR_COLUMN_VALUE,   /* in the unit of the table: mostly money */
    DR_COLUMN_NUMBER   /* any other number: an elasticity, an index, a ratio */
} dr_column_type;

/* The type of a column; DR_COLUMN_TEXT beyond the last. */
DR_API dr_column_type dr_table_column_type(const dr_table *table, size_t column);

/* The unit of a column: "percent", "fraction", "million US dollars"; "" for texts and for numbers without one. Its
 * heading for people, "real GDP", and what it is in words: "gross domestic product at base prices". Borrowed. */
DR_API const char *dr_table_column_unit(const dr_table *table, size_t column);
DR_API const char *dr_table_column_heading(dr_table *table, size_t column);
DR_API const char *dr_table_column_description(dr_table *table, size_t column);

/* The index of the column of that name, or -1. */
DR_API int dr_table_find(const dr_table *table, const char *column);

/* Whether a row is a single item (a region, a sector, a supplier) or sums up rows of the same table. */
typedef enum dr_row_kind {
    DR_ROW_ONE,   /* a single item */
    DR_ROW_GROUP, /* a group of regions, whose members have rows of their own */
    DR_ROW_TOTAL  /* the total of the table, or of a part of it */
} dr_row_kind;

/* The kind of a row, so that sums can be left out where rows are added up or compared. In JSON the member "sums" lists
 * the indices of such rows, {"group": [...], "total": [...]}; CSV and Parquet have the rows only. */
DR_API dr_row_kind dr_table_row_kind(const dr_table *table, size_t row);

/* The text in a cell; "" in a column of numbers. Borrowed. */
DR_API const char *dr_table_text(const dr_table *table, size_t row, size_t column);

/* The number in a cell; NAN in a column of text and for an empty cell. */
DR_API double dr_table_number(const dr_table *table, size_t row, size_t column);

/* All cells of a column, one for each row: its texts, NULL for a column of numbers; its numbers, NULL for a column of
 * text. Borrowed; valid until the rows of the table change (dr_table_top, dr_table_pick). */
DR_API const char *const *dr_table_texts(const dr_table *table, size_t column);
DR_API const double *dr_table_numbers(const dr_table *table, size_t column);

/* The name that people read in place of the code in a cell, such as "Germany" for "DEU"; the text of the cell where it
 * is no code. Borrowed. */
DR_API const char *dr_table_name(const dr_table *table, size_t row, size_t column);

/* Facts: settings of the model, properties of the certificate, the source. A fact has a dotted name and is a text or a
 * number. How many there are, the name of one, and whether it is a text; "" and false beyond the last. Borrowed. */
DR_API size_t dr_table_facts(const dr_table *table);
DR_API const char *dr_table_fact_name(const dr_table *table, size_t fact);
DR_API bool dr_table_fact_is_text(const dr_table *table, size_t fact);

/* A fact by its name, such as "certificate.worst_residual" or "settings.model": its number, NAN if there is none; its
 * text, "" if there is none. Borrowed. */
DR_API double dr_table_fact(const dr_table *table, const char *name);
DR_API const char *dr_table_fact_text(const dr_table *table, const char *name);

/* Notes, each a sentence on what was done and why; "" beyond the last. Borrowed. */
DR_API size_t dr_table_notes(const dr_table *table);
DR_API const char *dr_table_note(const dr_table *table, size_t note);

/* The answer in words, which text begins with and JSON has as "answer": how many sentences there are, and one of them;
 * "" beyond the last. Borrowed. */
DR_API size_t dr_table_sentences(const dr_table *table);
DR_API const char *dr_table_sentence(const dr_table *table, size_t sentence);

/* Makes text show all rows and columns. Otherwise it shows the rows that matter most, 15 at most and the largest first,
 * and leaves out columns that are zero or empty in all of them. */
DR_API void dr_table_show_all(dr_table *table);

/* Keeps `most` rows for every format: those that matter most, the largest first, and then totals. `most` 0: all, in
 * that order. Errors: DR_MACHINE. */
DR_API dr_status dr_table_top(dr_table *table, size_t most);

/* Keeps for every format the rows of these items (codes of regions, groups or sectors, as texts of the table have them,
 * or their names in text, separated by commas). Errors: DR_BAD_INPUT (no row has the name, with the nearest one; then
 * the table stays as it is), DR_MACHINE. */
DR_API dr_status dr_table_pick(dr_table *table, const char *names);

/* Writes the table to the file `path`, completely or not at all, or to standard output if `path` is NULL. Text is for
 * reading: the answer, then the rows that matter most, with names instead of codes; CSV and Parquet hold the rows with
 * all digits; JSON the facts, answer, notes and rows; LaTeX is a booktabs table, rounded as text is, and so are
 * Markdown, HTML and Word's documents. Errors: DR_USAGE (Parquet or Word's documents to a terminal), DR_BAD_INPUT
 * (`path` is a folder, or in one that does not exist; text that is not UTF-8),
 * DR_MACHINE (cannot write). */
DR_API dr_status dr_table_write(const dr_table *table, dr_format format, const char *path);

/* The same into memory: `size` bytes at *out, behind which stands a zero byte. Text is as wide as its lines, without
 * colour. Errors: DR_BAD_INPUT (text that is not UTF-8), DR_MACHINE. Free with dr_memory_free. */
DR_API dr_status dr_table_write_memory(char **out, size_t *size, const dr_table *table, dr_format format);

/* Frees what a function has written into memory. */
DR_API void dr_memory_free(void *memory);

/* Frees the table, once no Arrow array of it is left either. */
DR_API void dr_table_free(dr_table *table);

/* ---- Tables of other programs: Arrow ---------------------------------------------------------------------------- */

/* The structs of the Arrow C data interface, which its specification asks every library to declare for itself. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};
#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};
#endif

/* The rows as one Arrow record batch, a struct array with a child for each column: text as utf8, counts as int64, other
 * numbers as float64; cells without a number are null. Numbers that are float64 are not copied: the arrays share them
 * with the table, which stays in memory until it and all arrays are freed, in any order and in any thread; meanwhile
 * its rows cannot be changed. The schema's metadata are the title, unit, answer, notes and facts, those of a column its
 * unit and description. The caller releases both structs by their own `release`. Errors: DR_MACHINE. */
DR_API dr_status dr_table_arrow(struct ArrowSchema *schema, struct ArrowArray *array, dr_table *table);

/* A data frame of another program as a file that any function of this library reads in the place of a CSV or Parquet
 * file: flows for dr_gravity_new, product flows, tariffs and accounts for the importers, maps and lists. */
typedef struct dr_frame dr_frame;

/* Takes all rows of an Arrow stream (from pandas, polars, arrow, data.table, DuckDB, ...). Columns may be of any type
 * that DuckDB reads; categories count as their values. `name` consists of letters, digits, '.', '_' and '-'; the rows
 * become the Parquet file NAME.parquet in a folder of its own below $TMPDIR, else /tmp, which messages name. The stream
 * is released, on failure too. Errors: DR_USAGE (name), DR_BAD_INPUT (a stream that fails, with its message; no column;
 * a column twice, or of a type that cannot be read), DR_MACHINE. */
DR_API dr_status dr_frame_new(dr_frame **out, struct ArrowArrayStream *stream, const char *name);

/* The path of the file, "" without a frame; borrowed. dr_frame_free removes the file. */
DR_API const char *dr_frame_path(const dr_frame *frame);
DR_API void dr_frame_free(dr_frame *frame);

/* ---- The world file --------------------------------------------------------------------------------------------- */

/* An open world file: a DuckDB database that anyone can also open with SQL. Opened for reading only. */
typedef struct dr_world dr_world;

/* Opens the world file at `path` for reading. Errors: DR_BAD_INPUT (no such file, not a world, a newer schema),
 * DR_MACHINE (another program is writing to it, no permission). Close with dr_world_close. */
DR_API dr_status dr_world_open(dr_world **out, const char *path);
DR_API void dr_world_close(dr_world *world);

/* Regions and sectors in their stored order. The code is the short name used in scenarios and tables. Borrowed. */
DR_API size_t dr_world_regions(const dr_world *world);
DR_API const char *dr_world_region_code(const dr_world *world, size_t region);
DR_API const char *dr_world_region_name(const dr_world *world, size_t region);
/* The ISO 3166 codes of the countries that make up a region, separated by '|'; "" if they are not known. Borrowed. */
DR_API const char *dr_world_region_parts(const dr_world *world, size_t region);
DR_API size_t dr_world_sectors(const dr_world *world);
DR_API const char *dr_world_sector_code(const dr_world *world, size_t sector);
DR_API const char *dr_world_sector_name(const dr_world *world, size_t sector);

/* Years in ascending order. */
DR_API size_t dr_world_years(const dr_world *world);
DR_API int dr_world_year(const dr_world *world, size_t index);

/* The contents of the world, one row per fact: regions, sectors, years, groups with members, sources, import checks.
 * Free with dr_table_free. Errors: DR_MACHINE. */
DR_API dr_status dr_world_info(dr_table **out, dr_world *world);

/* Whether the numbers of a world can be right, as derisk check (docs/check.md): of each year its unit, sales and costs
 * against output, negative and empty cells; jumps between years; the table of the last year against product flows,
 * where the world has both; and the checks of the file by dr_world_check. One row per finding: verdict ("look" or
 * "fine", those to look at first), check, year, of, found (texts), value, against. The fact `findings` is the number
 * to look at. Errors: as dr_world_check. Free with dr_table_free. */
DR_API dr_status dr_check(dr_table **out, dr_world *world);

/* Checks the rules of docs/world.md on all numbers of all years, one row per check: check, of (the part checked), found
 * (texts). Errors: DR_BAD_INPUT (the first rule that is broken), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_world_check(dr_table **out, dr_world *world);

/* Writes the stored table `name` (see docs/world.md) to `path` or, if NULL, to standard output; streamed, so that it
 * may be larger than memory. Errors: DR_BAD_INPUT (no such table, with the nearest name), DR_MACHINE. */
DR_API dr_status dr_world_export(dr_world *world, const char *name, dr_format format, const char *path);

/* Makes a new world file at `to` whose regions and sectors are aggregates of those of `world`. Each map is a CSV with
 * the columns `region, to` (or `sector, to`), optionally `name` (and for sectors `slug, kind, isic_rev3`) of the new
 * one; NULL keeps the regions (or sectors). `sector_map` may also be the id of a classification (dr_concordance) in one
 * of whose sectors each of the world's is. Every flow is kept, so that every total stays the same to rounding (checked
 * to 1e-9). A new region belongs to a group while all its parts do. Product flows, energy and materials are copied
 * unchanged; products go to the new sectors. Errors: DR_BAD_INPUT (a code that is unknown, missing or mapped twice;
 * `to` exists), DR_MACHINE. Free `report` with dr_table_free. */
DR_API dr_status dr_world_aggregate(dr_table **report, dr_world *world, const char *region_map, const char *sector_map,
                                    const char *to);

typedef struct dr_update_options {
    size_t size; /* sizeof(dr_update_options) */
    int from;    /* year of the table; 0: the last */
    int year;    /* year of the flows, and of the new table; 0: the last */
} dr_update_options;

/* Makes a new world file at `to` with an estimate of the input-output table of a later year: the table of `world`
 * brought to the trade flows of `flows`, a world of any kind with domestic sales, by GRAS (docs/update.md). Sales of
 * each sector between each pair of regions become those of the flows; inputs keep their share in output, or, where
 * `flows` has value added, are what it leaves; cells move as little as these sums allow, and keep their signs. The
 * regions of the flows may be parts of the table's, and sectors of either parts of the other's. The title of the new
 * world's source, which all results show, says that it is an estimate, of what, and what share of sales changed place.
 * Accounts of the table's year keep what they are per unit of output (and of final use), as estimates too. Of a table
 * in the long format the new one is an inter-country one with one final use, without its tariffs and factors.
 * `options` may be NULL. Errors: DR_BAD_INPUT (regions or sectors without counterpart, units that differ, an output
 * below zero or below value added, `to` exists), DR_NO_SOLUTION (no table has these sums: nothing is written),
 * DR_MACHINE. Free `report` (may be NULL), a row per finding, with dr_table_free. */
DR_API dr_status dr_world_update(dr_table **report, dr_world *world, dr_world *flows, const char *to,
                                 const dr_update_options *options);

/* The sectors of a classification (`from`: icio2023, wiod2013, figaro, ..., or hs, the chapters and headings of the
 * Harmonized System) and their counterparts in another. One row per pair: sector, sector_name, relation ("same", "part
 * of", "contains", "overlaps"; "none": no counterpart), to, name, slug, kind, isic_rev3. By divisions of ISIC Rev. 4
 * where both follow it, else of Rev. 3 (docs/concordance.md). Errors: DR_BAD_INPUT (an unknown classification, with the
 * nearest one), DR_MACHINE. Free `out` with dr_table_free. */
DR_API dr_status dr_concordance(dr_table **out, const char *from, const char *to);

/* ---- Import ----------------------------------------------------------------------------------------------------- */

/* How tariffs of products become those of sectors. */
typedef enum dr_tariff_weights {
    DR_WEIGHTS_USUAL,    /* by trade where the world has product flows, else simple */
    DR_WEIGHTS_TRADE,    /* by the importer's purchases of each product from the exporter */
    DR_WEIGHTS_SIMPLE,   /* each product counts the same */
    DR_WEIGHTS_REFERENCE /* by what the exporter sells of each product to all other importers */
} dr_tariff_weights;

typedef struct dr_import_options {
    size_t size;         /* sizeof(dr_import_options) */
    int year;            /* year of the table; 0: from the file name */
    const char *sectors; /* CSV `code, name, slug, kind, isic_rev3`; NULL: what is known of the table's codes */
    const char *regions; /* CSV `code, name, parts`; NULL: names from the ISO 3166 codes */
    const char *source;  /* CSV `id, title, publisher, licence, url, unit`; NULL: the file is its own source */
    bool strict;         /* findings are errors, and nothing is written */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
    /* Of product flows: the classification of their codes, such as "HS17"; NULL: as the files say. */
    const char *classification;
    /* Of product flows: CSV `product, sector` or `product, isic_rev3`; NULL: built in. */
    const char *concordance;
    /* What the files are, one of dr_import_layout's words: "icio", "baci", ...; NULL: recognised by their content. */
    const char *layout;
    /* Of inter-country tables: takes a table whose value added is larger than the world's. */
    bool force;
    /* Of inter-country tables: the share of its total by which a row's or column's sum may be off without a finding;
     * 0: a millionth. */
    double tolerance;
    dr_tariff_weights weights; /* of tariffs */
} dr_import_options;

/* The words of the layouts, numbered from 0; NULL behind the last. */
DR_API const char *dr_import_layout(size_t number);

/* Imports files of any format that derisk knows and recognises by their content (docs/import.md) into the world at
 * `to`, as the function for that format below does. A path may be a file, plain or compressed (gzip, bzip2, xz,
 * zstd); an archive (zip, 7z, tar), whose tables are read in place; a path into an archive ("tables.zip/2011.csv");
 * or a folder. Of several years `options->year` chooses one. All files must be of one format. Errors: DR_USAGE (an
 * option that the format does not take), DR_BAD_INPUT (a file that is not a table, with its apparent type and a
 * remedy), others as for its format. */
DR_API dr_status dr_import(dr_table **report, const char *const *files, size_t count, const char *to,
                           const dr_import_options *options);

/* Imports inter-country input-output tables with labelled rows and columns, one file per year: all editions of the
 * OECD's ICIO, in which the parts of China and Mexico are added up to their country, and Eurostat's FIGARO in matrix
 * form (docs/import.md); into the world at `to`, which is made if it does not exist; a year already there is replaced.
 * Either all files are imported or none. `report` (may be NULL) gets one row per finding: the check, the finding, and
 * what was done about it. Free it with dr_table_free. Memory: two tables, 8 (R S)(R S + R U) bytes each. Errors:
 * DR_BAD_INPUT with file:line:column, DR_MACHINE. */
DR_API dr_status dr_import_icio(dr_table **report, const char *const *files, size_t count, const char *to,
                                const dr_import_options *options);

/* Imports a folder of plain tables in the long format (docs/import.md: flows, inputs, final, value_added, ...) as one
 * year. */
DR_API dr_status dr_import_long(dr_table **report, const char *folder, const char *to,
                                const dr_import_options *options);

/* File formats of product flows. */
typedef enum dr_product_layout {
    DR_BACI,     /* CEPII's BACI: t, i, j, k, v, q */
    DR_COMTRADE, /* UN Comtrade's API, site or bulk files, or a table reporter, partner, year, product_code, value */
    DR_COMEXT    /* Eurostat's Comext (DS-045409), bulk files, older dumps and SDMX-CSV */
} dr_product_layout;

/* Imports product flows (docs/import.md), CSV or Parquet, into the world at `to`, which is made if it does not exist
 * and may hold product flows only; years already there are replaced. Paths may be folders and archives, and files of
 * names of products and economies. Either all files are imported or none. `report` as above. Files are streamed: memory
 * grows by 12 bytes for each flow of one year only; those that are compressed otherwise than by gzip, or in an archive,
 * are unpacked one at a time on the disk of the world. The option `year` takes one year of several; sectors and regions
 * have no effect here. Errors: DR_BAD_INPUT with file:line:column (a cell that is not a number, two classifications in
 * a year), DR_MACHINE. */
DR_API dr_status dr_import_products(dr_table **report, dr_product_layout layout, const char *const *files, size_t count,
                                    const char *to, const dr_import_options *options);

/* Imports physical imports of energy by partner (Eurostat's nrg_ti tables, or geo, partner, product, unit, year or
 * month, value), CSV or Parquet, into the world at `to`; months are summed to years, and a year of a fuel and unit
 * already there is replaced. Errors: as dr_import_products. */
DR_API dr_status dr_import_energy(dr_table **report, const char *const *files, size_t count, const char *to,
                                  const dr_import_options *options);

/* Imports shares of countries in the supply of raw materials (Material, Stage, Country, Share, t): two files, of global
 * supply and of EU supply, and optionally a third one of published scores (Material, Year, SR). They replace those that
 * the world at `to` holds. Errors: as dr_import_products. */
DR_API dr_status dr_import_materials(dr_table **report, const char *const *files, size_t count, const char *to,
                                     const dr_import_options *options);

/* Imports accounts (emissions, employment, use of energy) by region and sector into the world at `to`, which has to
 * hold the tables of their years: CSV with the columns region, sector ("final use" for that of final use itself),
 * account, unit, value and optionally year; the socio-economic accounts of WIOD as CSV, workbook or R data; the
 * SDMX-CSV of Eurostat (air emissions, energy, employment by industry) and of the OECD (emissions, employment);
 * extensions of EXIOBASE or pymrio (F.txt or F.parquet, or a folder or archive with such files). A year of an account
 * that is there is replaced. Persons are counted in persons. Of the options, `year` is that of files which do not say
 * one (and else the only one that is read), and `concordance` (CSV sector, to) maps the files' sectors to the world's.
 * Errors: as dr_import_products, and DR_BAD_INPUT for a year that no table is of. */
DR_API dr_status dr_import_accounts(dr_table **report, const char *const *files, size_t count, const char *to,
                                    const dr_import_options *options);

/* Imports tariffs into the world at `to`, which has to hold inter-country tables of their years: downloads of WITS
 * (TRAINS), MAcMap-HS6, the Global Tariff Database, the Harmonized Tariff Schedule of the United States, or CSV with
 * the columns importer, exporter, product (2 to 10 digits of the HS) or sector, tariff and optionally year, from
 * and to (docs/import.md). Rates are averaged over the products of each sector by `weights`, and are the tariffs of the
 * base from then on; those that the world has of other flows stay. Of the options, `year` is the only table that gets
 * tariffs, `classification` the products' edition of the HS, and `concordance` says which sector a product (CSV
 * product, sector or isic_rev3) or a sector of the files (CSV sector, to) belongs to. Memory: 32 bytes for each rate.
 * Errors: as dr_import_accounts, and DR_BAD_INPUT for a world in the long format, which has its tariffs in the table.
 */
DR_API dr_status dr_import_tariffs(dr_table **report, const char *const *files, size_t count, const char *to,
                                   const dr_import_options *options);

/* ---- Downloads -------------------------------------------------------------------------------------------------- */

typedef struct dr_fetch_options {
    size_t size;         /* sizeof(dr_fetch_options) */
    const char *edition; /* NULL: the first of the source's list */
    int year;            /* 0: the last of the edition */
    const char *file;    /* a file that was downloaded by hand, to be checked and kept; NULL: none */
    /* A world (NAME.world) into which the file is imported, or a file to which it is copied; NULL: it stays in the
     * folder of downloads. */
    const char *to;
    const char *cache;  /* folder of downloads; NULL: $XDG_CACHE_HOME/derisk, else ~/.cache/derisk */
    const char *mirror; /* CSV of files in place of the publishers', with the columns of data/fetch/files.csv; NULL */
    double silence;     /* seconds without a byte after which a server is given up; 0: 60 */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
} dr_fetch_options;

/* The sources that dr_fetch knows, a row for each edition: years, number of files, how many are there already, size,
 * access, licence; citation and page are in the notes. Free with dr_table_free. Errors: DR_BAD_INPUT (the mirror's
 * list). */
DR_API dr_status dr_fetch_sources(dr_table **out, const dr_fetch_options *options);

/* Gets a file of a source: from the folder of downloads, else from its publisher over https, where a download that
 * broke or was cancelled goes on where it ended; compares it with the size and digest that its edition is known to
 * have; and imports it (docs/fetch.md). `report` gets one row per finding, those of the import after those of the
 * file; free it with dr_table_free. A thread that watches a dr_cancel can be stopped. Errors: DR_BAD_INPUT (an unknown
 * source, edition or year; a file that has to be downloaded by hand, with page and name; another digest; what the
 * server refuses; errors of the import), DR_MACHINE (no connection, no space), DR_CANCELLED, DR_USAGE (a build without
 * network code). */
DR_API dr_status dr_fetch(dr_table **report, const char *source, const dr_fetch_options *options);

/* ---- Gravity ---------------------------------------------------------------------------------------------------- */

/* Treatment of domestic trade, the sales of a country to itself. */
typedef enum dr_domestic {
    DR_DOMESTIC_OWN, /* each country is a pair of its own */
    DR_DOMESTIC_ONE, /* all countries together are one level of the effect `pair` */
    DR_DOMESTIC_DROP /* domestic trade is left out */
} dr_domestic;

/* With which rows those of a cohort that is treated already are compared (dr_gravity_options.cohorts). */
typedef enum dr_controls {
    DR_CONTROLS_NOT_YET, /* rows that are not treated yet, or never */
    DR_CONTROLS_NEVER    /* rows that are never treated, so that there are effects before treatment, too */
} dr_controls;

/* Standard errors of gravity estimates (formulas in docs/gravity.md). */
typedef enum dr_errors {
    DR_ERRORS_STATA, /* the small-sample factors of ppmlhdfe and reghdfe */
    DR_ERRORS_R,     /* those of fixest */
    DR_ERRORS_NONE,  /* no factor */
    DR_ERRORS_CR2,   /* scores corrected for the leverage of clusters, or rows (Bell & McCaffrey 2002) */
    DR_ERRORS_CR3,   /* the same, as the jackknife by clusters does */
    DR_ERRORS_CONLEY /* correlated within a distance (Conley 1999); needs `coordinates` and `cutoff` */
} dr_errors;

/* How the distribution of a test is simulated. */
typedef enum dr_bootstrap {
    DR_BOOTSTRAP_NONE,
    DR_BOOTSTRAP_WILD,     /* least squares: residuals under the hypothesis, with signs by cluster drawn at random */
    DR_BOOTSTRAP_SCORE,    /* PPML or least squares: the same for scores (Kline & Santos 2012) */
    DR_BOOTSTRAP_PAIRS,    /* clusters, or rows, are drawn with replacement and all is estimated anew */
    DR_BOOTSTRAP_RANDOMISE /* the tested variable is permuted among clusters, or rows (randomisation inference) */
} dr_bootstrap;

/* What residuals or scores of a cluster are multiplied by: of mean 0 and variance 1. */
typedef enum dr_multiplier {
    DR_MULTIPLIER_RADEMACHER, /* -1 or 1; with few clusters all combinations are used rather than draws */
    DR_MULTIPLIER_WEBB,       /* one of six values (Webb 2014), for few clusters */
    DR_MULTIPLIER_MAMMEN,     /* one of two values with third moment 1 (Mammen 1993) */
    DR_MULTIPLIER_NORMAL,
    DR_MULTIPLIER_GAMMA /* shape 4, scale 1/2, less 2: third moment 1 (Liu 1988) */
} dr_multiplier;

/* Estimators for a formula with instruments, "y ~ x | effects | endogenous ~ instruments". */
typedef enum dr_iv {
    DR_IV_CONTROL,       /* PPML: the residuals of the first stages as regressors; least squares: 2SLS */
    DR_IV_ADDITIVE,      /* PPML by GMM: z'(y - mu) = 0 (Mullahy 1997) */
    DR_IV_MULTIPLICATIVE /* PPML by GMM: z'(y / mu - 1) = 0 */
} dr_iv;

typedef struct dr_gravity_options {
    size_t size; /* sizeof(dr_gravity_options) */
    /* "trade ~ rta + lag(rta, 4) | exporter^year + importer^year + pair": Poisson pseudo-maximum likelihood, or least
     * squares of log(trade) ~ ...; docs/gravity.md describes the formula language. */
    const char *const *formulas;
    size_t formula_count;
    /* Functions of coefficients to be reported too, with errors by the delta method: "4 * rta + lag(rta, 4)",
     * "100 * (exp(rta) - 1)". */
    const char *const *functions;
    size_t function_count;
    const char *cluster; /* "pair", or several separated by commas; NULL: robust standard errors */
    const char *weights; /* a column; NULL: none */
    const char *where;   /* an SQL expression that selects rows, after lags and leads are formed; NULL: all rows */
    const char *by;      /* a column: a separate estimate for each of its values; NULL: none */
    const char *split;   /* instead of `by`: one for all rows, and then each value of this column; NULL: none */
    const char *exporter, *importer, *year; /* names of these columns; NULL: the usual ones */
    const char *world; /* whose dated groups member(), both() and one() refer to; NULL: those of the flows' world */
    /* For dr_gravity_equilibrium: "log(dist) + contig", the determinants of the trade costs of pairs that never trade;
     * NULL. */
    const char *costs;
    dr_domestic domestic; /* DR_DOMESTIC_OWN */
    dr_errors errors;     /* DR_ERRORS_STATA */
    bool bias_correct;    /* of estimates with two- or three-way effects (Weidner & Zylkin 2021) */
    bool keep_rows;       /* needed for dr_gravity_effects and dr_gravity_predictions */
    int threads;          /* 0: all processors; the result does not depend on it */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
    /* For dr_gravity_cohorts: effects that differ by cohort and year (Wooldridge 2023) of a treatment, "both(EU)" or
     * another variable of 0 and 1, or a column with the year of entry, 0 for never; NULL: none. */
    const char *cohorts;
    const char *covariates; /* "log(dist)": variables by which these effects differ, too; NULL: none */
    dr_controls controls;   /* DR_CONTROLS_NOT_YET */
    /* Standard errors of predictions, which include those of the fixed effects; for at most 2,500 coefficients and
     * levels of effects. */
    bool prediction_errors;
    /* A CSV or Parquet file whose columns are added to the flows, by the columns of `on` ("exporter, importer, year";
     * NULL: these, as far as both have them), of which each combination has one row; NULL: none. */
    const char *join, *on;
    bool fill_zeros;    /* pairs of an exporter and an importer without a row in a year get one of zero trade */
    bool least_squares; /* of the outcome as it is; else of log(...) only, and PPML of all others */
    /* Hypotheses, "rta = 0.5" or several to be tested jointly, "rta = 0, lag(rta, 4) = rta". */
    const char *const *tests;
    size_t test_count;
    dr_bootstrap bootstrap; /* of the tests, or of each coefficient being zero: DR_BOOTSTRAP_NONE */
    dr_multiplier multiplier;
    int replications;        /* of the bootstrap; 0: 999 */
    unsigned long long seed; /* of its draws; 0: 1 */
    bool equal_tails;        /* p: twice the smaller tail, else the share of draws that are larger in absolute value */
    const char *coordinates; /* DR_ERRORS_CONLEY: columns of latitude and longitude in degrees, "lat, lon" */
    double cutoff;           /* DR_ERRORS_CONLEY: kilometres within which errors are correlated */
    dr_iv iv;
    bool two_step; /* GMM with the optimal weights of a first step, else with those of least squares */
    /* Of dr_gravity_side_by_side: "10,5,1", the p in percent below which a coefficient has one star, two, ..., at most
     * five; "none"; NULL: 10,5,1. */
    const char *stars;
    /* Of the same: the rows below the coefficients, "observations, pseudo R2", as they are called there; NULL: all. */
    const char *statistics;
    const char *const *notes; /* which tables have, too, after those about the estimates */
    size_t note_count;
    /* With `by` or `split`: the covariances of coefficients of different values, for dr_gravity_covariance and
     * dr_gravity_store. Where clusters have rows of several values, as a pair has of several sectors, their estimates
     * are not independent. 8 bytes for each cluster, value and coefficient. */
    bool joint;
} dr_gravity_options;

/* Gravity estimates: each formula, for each value of `by`. */
typedef struct dr_gravity dr_gravity;

/* Estimates on trade flows: files (CSV, plain or gzip, or Parquet) that together are one table, or one world file. What
 * `options` points to must outlive the estimates. Memory: 12 bytes for each cell that the formulas use, and about 100
 * bytes per row. Errors: DR_USAGE (no formula), DR_BAD_INPUT (an error in a formula, with a caret under the place; a
 * cell that is not a number, with file:line:column; negative trade, with its row; no variation left; too few clusters),
 * DR_NO_SOLUTION (no convergence), DR_MACHINE. With `by`, values without an estimate are reported in the tables; only
 * if there is no estimate at all the call fails. Free with dr_gravity_free. */
DR_API dr_status dr_gravity_new(dr_gravity **out, const char *const *files, size_t count,
                                const dr_gravity_options *options);
DR_API void dr_gravity_free(dr_gravity *gravity);

/* Tables of estimates. Free with dr_table_free.
 *   coefficients: model (number of the formula), by, variable, coefficient, standard_error, z (t for least squares), p
 *                 (two-sided), low, high (95%), uncorrected (before the bias correction), left_out (the reason for no
 *                 estimate: "collinear", "reference", "separated"; else ""); the figures of dr_gravity_fits are in the
 *                 facts model_1.observations, ...
 *   fits:         model, by, formula, estimator, observations, missing, zeros, domestic, singletons, separated (rows
 *                 left out, by reason), clusters, pseudo_r2, r2, within_r2, log_likelihood, deviance, iterations,
 *                 residual (of the score), failure
 *   side_by_side: a regression table: a column of texts for each model, standard errors in brackets below the
 *                 coefficients
 *   covariance:   model, by, variable, with, covariance, freedom: variances and covariances of the coefficients that
 *                 have one, for every pair of variables in either order; freedom: degrees of freedom of the t statistic
 *                 of least squares, NAN where the statistic is normal
 *   joint:        variable, other, covariance: of the coefficients of one formula for all values of `by` or `split`
 *                 ("C29: rta"), where `other` is the variable itself or one before it. Errors: DR_USAGE (options.joint
 *                 was not set, or several formulas)
 *   tests:        model, by, test, statistic, distribution ("t(7)", "z", "F(2, 7)", "chi2(2)"), p, low, high (95%, of
 *                 what is left of the sign), of the bootstrap the same: bootstrap_statistic, bootstrap_p,
 *                 bootstrap_low, bootstrap_high, draws; left_out (the reason for no test, else ""). Errors: DR_USAGE
 *                 (no test and no bootstrap was asked for)
 *   effects:      model, by, effect, level, value; needs keep_rows
 *   predictions:  model, by, exporter, importer, year, outcome, fitted, standard_error, left_out ("separated",
 *                 "singleton", "missing"), of every row that `where` keeps, in the order of the files, those without an
 *                 outcome and those left out of the sample too; needs keep_rows */
DR_API dr_status dr_gravity_coefficients(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_fits(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_side_by_side(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_tests(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_covariance(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_joint(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_effects(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_predictions(dr_table **out, const dr_gravity *gravity);

/* Average effects of a treatment by cohort and year, weighted by rows: a row for all treated rows (average "all"), for
 * each number of years since entry ("event"), each cohort ("cohort") and each year ("year"): model, by, average, when,
 * effect (of logarithms: log points), standard_error, z, p, low, high (95%), change (PPML: of the outcome, in its
 * unit), change_error, observations. Facts pretrend.statistic, pretrend.restrictions and pretrend.p: the test that
 * effects before entry are zero, where never-treated rows are the controls. Errors: DR_USAGE (without
 * options.cohorts). */
DR_API dr_status dr_gravity_cohorts(dr_table **out, const dr_gravity *gravity);

/* An event study: the coefficients over time of the first variable of the first formula that interacts with the year
 * (rta:year) or has lags or leads, or by years since entry of options.cohorts: when (the year, or the years since),
 * coefficient, low, high (95%). Errors:
 * DR_BAD_INPUT (there is no such variable). */
DR_API dr_status dr_gravity_event_study(dr_table **out, const dr_gravity *gravity);

/* Stores the coefficients of a single formula in the world file at `path` (which must not be open here) under `name`,
 * for dr_scenario_leave_estimate; with `by`, which are sectors, those of each for its flows. Errors: DR_USAGE (several
 * formulas), DR_BAD_INPUT (the name is taken), DR_MACHINE. */
DR_API dr_status dr_gravity_store(const dr_gravity *gravity, const char *path, const char *name);

/* The estimate `name` that the world file at `path` keeps, without its flows: by, variable, coefficient,
 * standard_error, z (t where freedom is finite), p, low, high (95%), observations; notes say of which formula, flows
 * and errors. Errors: DR_BAD_INPUT (no such estimate, with the nearest name), DR_MACHINE. */
DR_API dr_status dr_gravity_replay(dr_table **out, const char *path, const char *name);

/* Trade elasticities from the formula's first variable, the logarithm of 1 + tariff: theta = -b if trade values include
 * the tariff (`with_tariff`), theta = -b - 1 if they do not. A row for each value of `by`: sector, trade_elasticity,
 * standard_error, low, high (95%), coefficient, p, observations. Errors: DR_USAGE (several formulas). */
DR_API dr_status dr_gravity_elasticities(dr_table **out, const dr_gravity *gravity, bool with_tariff);

typedef struct dr_triple_options {
    size_t size;                            /* sizeof(dr_triple_options) */
    const char *tariff;                     /* the column, a fraction; NULL: "tariff" */
    const char *by;                         /* a column, such as sector; NULL: all together */
    const char *where;                      /* an SQL expression that selects rows; NULL: all */
    const char *exporter, *importer, *year; /* names of these columns; NULL: the usual ones */
    bool with_tariff;                       /* trade values include the tariff */
} dr_triple_options;

/* Trade elasticities from the triple ratios of Caliendo & Parro (2015, eq. 23): least squares, without a constant, of
 * log(X_ni X_ih X_hn / (X_in X_hi X_nh)) on the same ratio of 1 + tariff, over all triples of countries in a year, with
 * White's standard errors; the last row pools all sectors. Columns as above. `options` may be NULL. Errors:
 * DR_BAD_INPUT, DR_MACHINE. */
DR_API dr_status dr_triple_ratio(dr_table **out, const char *const *files, size_t count,
                                 const dr_triple_options *options);

/* Stores a table of elasticities (from either function) in the world file at `path` (which must not be open here) under
 * `name`, which dr_model_options.elasticity may then refer to. Errors: DR_BAD_INPUT (the name is taken), DR_MACHINE. */
DR_API dr_status dr_elasticities_store(const dr_table *elasticities, const char *path, const char *name);

typedef struct dr_equilibrium_options {
    size_t size;           /* sizeof(dr_equilibrium_options) */
    const char *without;   /* the variable that is removed, as in the formula: "rta" */
    const char *among;     /* between which countries, separated by commas; NULL: all */
    int year;              /* the base year; 0: the year of the flows, if there is only one */
    double sigma;          /* elasticity of substitution, above 1 */
    const char *reference; /* country whose inward resistance is 1; NULL: the first */
} dr_equilibrium_options;

/* Trade, incomes and real GDP in general equilibrium without a variable of a PPML estimate, as the table of
 * dr_structural_gravity. The trade cost of a pair is its fixed effect plus the contribution of the variables of the
 * formula; output and expenditure are those of the flows in the base year, domestic trade included. Errors: DR_USAGE
 * (several formulas; keep_rows was not set), DR_BAD_INPUT (unknown variable or country, no flows of that year),
 * DR_NO_SOLUTION, DR_MACHINE. */
DR_API dr_status dr_gravity_equilibrium(dr_table **out, const dr_gravity *gravity,
                                        const dr_equilibrium_options *options);

/* ---- One year in memory ----------------------------------------------------------------------------------------- */

/* One year of a world, as the model takes it. Constant once made. */
typedef struct dr_economy dr_economy;

/* Plain arrays from which a program may make an economy of its own. Regions R, sectors S. They are copied. */
typedef struct dr_economy_data {
    size_t regions, sectors;
    const char *const *region_codes; /* R */
    const char *const *sector_codes; /* S */
    /* R x R x S [n, i, s]: what n buys of good s from i, without tariff, domestic purchases included. */
    const double *flow;
    const double *tariff; /* R x R x S [n, i, s], fraction; NULL: none */
    const double *input;  /* R x S x S [n, k, s]: what sector s of n buys of good k, at purchaser prices */
    const double *final;  /* R x S [n, k] at purchaser prices; negative values count as zero */
    /* R x S [n, s]; NULL: output (the sum of flow over n) less inputs. */
    const double *value_added;
    const double *deficit; /* R: imports less exports; NULL: from the flows */
    /* Number of factors of production, such as labour and capital; 0: value added is the only one. */
    size_t factors;
    /* Factors whose name begins with "labour" or "labor" have the mobility of labour. */
    const char *const *factor_names;
    /* factors x R x S [f, n, s]: the income of each factor; value added is their sum (leave value_added NULL). */
    const double *factor;
} dr_economy_data;

/* Loads a year (0: the last). The world may be closed afterwards. Errors: DR_BAD_INPUT (no such year), DR_MACHINE. Free
 * with dr_economy_free. */
DR_API dr_status dr_economy_load(dr_economy **out, dr_world *world, int year);

/* Makes an economy from plain arrays. Errors: DR_BAD_INPUT (a negative or non-finite number, a code given twice),
 * DR_MACHINE. Free with dr_economy_free. */
DR_API dr_status dr_economy_new(dr_economy **out, const dr_economy_data *data);
DR_API void dr_economy_free(dr_economy *economy);

/* ---- Measures --------------------------------------------------------------------------------------------------- */

/* Criteria by which products are screened for dependence (formulas and sources in docs/products.md). */
typedef enum dr_screen_rule {
    DR_SCREEN_COMMISSION, /* European Commission 2021, SWD(2021) 352: CDI1, CDI2, CDI3 */
    DR_SCREEN_GEODEP      /* Lefebvre & Wibaux 2024, CEPII's GeoDep: imports, world exports, imports over exports */
} dr_screen_rule;

typedef struct dr_screen_options {
    size_t size; /* sizeof(dr_screen_options) */
    dr_screen_rule rule;
    /* Thresholds of the three criteria of the rule, to be exceeded; 0: 0.4, 0.5, 1, or with DR_SCREEN_GEODEP 0.4, 0.4,
     * 1. */
    double thresholds[3];
    int year;            /* 0: the last */
    int window;          /* number of years that are examined, up to `year`; 0: 3 */
    int at_least;        /* number of these years in which all three criteria must be met; 0: 2, or 1 of 1 */
    bool net_re_exports; /* count the sales of a member only as far as they exceed its imports from outside */
    bool all;            /* rows for all products, not only the dependent ones */
} dr_screen_options;

/* The products for which `of` (economies and groups, separated by commas) depends on others, from the world's product
 * flows, in descending order of imports:
 *   product, sector, lists (of critical products that it is on), imports (from outside `of`, in the unit of the flows),
 *     cdi1
 *   (Herfindahl-Hirschman index of their sources), cdi2 (imports over the sum of imports and trade between members),
 *     cdi3 (imports over
 *   exports), world_concentration (of world exports), source and source_share (the largest source), single_point (the
 *     supplier whose loss
 *   affects at least half of the imports of all others, "" if there is none), starved, split (shares of these imports
 *     that it affects in
 *   either way), cut_off (economies), years (in which the criteria are met), dependent ("yes", "no"), name (of the
 *     product, "" if it is not known)
 * Years in other editions of the Harmonized System are carried to that of `year`, and the lists, in that of 2022, are
 * looked up by the correspondences between editions (docs/products.md).
 * NAN where the data do not allow a figure: cdi3 without exports, world figures from the reports of some economies
 * only. Errors: DR_USAGE (an option out of range), DR_BAD_INPUT (no product flows, no such year, unknown name, a group
 * without members in that year), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_exposure_products(dr_table **out, dr_world *world, const char *of,
                                      const dr_screen_options *options);

/* The flows behind the figures of one product in a year (0: the last), by role and size: role (import, inside, export,
 * other), exporter, importer, value, quantity, share (of all flows of that role), square (contribution of an import to
 * cdi1). Errors: DR_BAD_INPUT (as above; no flows of this product, with the nearest code), DR_MACHINE. Free with
 * dr_table_free. */
DR_API dr_status dr_exposure_product_rows(dr_table **out, dr_world *world, const char *of, const char *code, int year);

/* The share of the energy imports of `of` (economies and groups, separated by commas) that comes from `to` (likewise),
 * from the world's physical flows, in a year (0: every year): fuel, unit, year, importer (each economy, and all of `of`
 * in that year together), imports, imports_from (from `to`), share, months (of data, the smallest number). Imports are
 * the total over all partners that the source publishes, where it does. Errors: DR_BAD_INPUT (no flows of energy, no
 * such year, unknown name), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_exposure_energy(dr_table **out, dr_world *world, const char *of, const char *to, int year);

/* Concentration of the supply of raw materials as in the criticality assessment of the EU, HHI_WGI,t = sum of share^2 x
 * governance x trade parameter (docs/products.md), from the world's supply shares: material, stage (extraction or
 * processing, the one with the higher risk), world and eu (the concentration of global and of EU supply), risk (their
 * mean: supply risk before recycling and substitution), published (the score of the study), ratio (published over
 * risk), source and source_share (the largest source of EU supply, or of global supply where the former is unknown).
 * Errors: DR_BAD_INPUT (no supply shares), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_exposure_materials(dr_table **out, dr_world *world);

/* Direct exposure of `of` (a list of regions and groups, joined by commas) to `to` (the same; NULL: all others), one
 * row a sector, the most exposed first, and one of all. Trade is that of `of` with everybody outside it, without
 * tariffs, in the unit of the world; shares are fractions; `sector` is the slug, else the code (docs/exposure.md has
 * the formulas):
 *   sector, imports, imports_from (of them from `to`), share_of_imports, share_of_use (of all that `of` uses),
 *     concentration
 *   (Herfindahl-Hirschman index of foreign sources, 0 to 1), exports, exports_to, share_of_exports, share_of_output
 * and without `to`: sector, imports, share_of_use, concentration, first_source (the largest) and first_source_share (of
 *   imports), exports, share_of_output, first_market and first_market_share (of exports)
 * A share of nothing is NAN. Errors: DR_BAD_INPUT (unknown name; nobody left on the other side), DR_MACHINE. Free with
 * dr_table_free. */
DR_API dr_status dr_exposure_direct(dr_table **out, const dr_economy *economy, const char *of, const char *to);

/* The table of dr_exposure_direct with an account of the world (dr_import_accounts: emissions, jobs, energy) in place
 * of money, in the unit of the account and a year (0: the last). The flow from sector s of region i to region n is what
 * that sector has of the account for the final use of n, through every stage of production and third country
 * (dr_footprint): imports are what others have for the final use of `of`, exports what `of` has for that of others, use
 * and output all of either, without what final use has itself. `account` may be NULL where the world has only one.
 * Errors: as dr_footprint. Free with dr_table_free. */
DR_API dr_status dr_exposure_account(dr_table **out, dr_world *world, int year, const char *of, const char *to,
                                     const char *account);

/* Notes in a table of exposure which flows between `of` and `to` differ from the world's product flows by a factor of
 * three or more (docs/check.md); nothing where there are none, or the world has no product flows. `economy` is the year
 * of the table. Errors: as dr_exposure_direct. */
DR_API dr_status dr_note_exposure(dr_table *table, dr_world *world, const dr_economy *economy, const char *of,
                                  const char *to);

/* Trade of `of` (regions and groups, separated by commas) by partner, without tariffs: one row for each partner outside
 * it, in descending order of imports, and one for all: partner, imports, share_of_imports, share_of_use (of all that
 * `of` uses), exports, share_of_exports, share_of_output. Errors: as dr_exposure_direct. Free with dr_table_free. */
DR_API dr_status dr_exposure_partners(dr_table **out, const dr_economy *economy, const char *of);

/* The exposure of `of` to `to` (NULL: all others) in a year (0: the last) in sentences, columns about and says: the
 * question, the answer, what drives it (sectors, partners, dependence behind the first supplier), how sure it is, and
 * what it leaves out. Errors: as dr_exposure_direct. Free with dr_table_free. */
DR_API dr_status dr_exposure_summary(dr_table **out, dr_world *world, int year, const char *of, const char *to);

/* Breakdown of a balance. */
typedef enum dr_balance_by { DR_BALANCE_TOTAL, DR_BALANCE_BY_SECTOR, DR_BALANCE_BY_YEAR } dr_balance_by;

typedef struct dr_balance_options {
    size_t size;      /* sizeof(dr_balance_options) */
    int year;         /* 0: the last; must be 0 with DR_BALANCE_BY_YEAR, which covers all years */
    dr_balance_by by; /* DR_BALANCE_TOTAL */
    bool value_added; /* the balance in value added too */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
    const char *account; /* instead of trade, what of this account is embodied in it; NULL: trade */
} dr_balance_options;

/* Exports of `a` to `b`, imports from `b`, and the balance. Both sides are regions and groups, separated by commas; `b`
 * NULL is all other regions; a region on both sides counts as part of `a` only. One row per sector (the last is "all")
 * or per year (all years, with the members that a group had in each):
 *   sector or year, exports, imports, balance (exports less imports), gross, without tariffs, in the unit of the world;
 *     and with
 *   value_added: value_added_exports (value added of `a` that is absorbed in the final use of `b`, through all stages
 *                and third
 *   countries: Johnson & Noguera 2012; by the sector in which it originates), value_added_imports, value_added_balance
 * With an account (dr_footprint), exports are what the producers of `a` have of it for the final use of `b` (emissions,
 * jobs), by their sector, imports the same the other way, in the unit of the account; years without it are left out.
 * Negative cells are kept. Value added takes a factorisation of the full table, 2/3 (R S)^3 flops and 16 (R S)^2 bytes.
 * `options` may be NULL. Errors: DR_USAGE (by year, and a year; an account, and value added), DR_BAD_INPUT (unknown
 * name; no region left on the other side; no such account; a table without a Leontief inverse), DR_NO_SOLUTION (a
 * residual beyond 1e-9), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_balance(dr_table **out, dr_world *world, const char *a, const char *b,
                            const dr_balance_options *options);

typedef struct dr_ties_options {
    size_t size;         /* sizeof(dr_ties_options) */
    int year;            /* 0: the last */
    const char *sectors; /* codes, slugs or kinds, separated by commas, to which trade is restricted; NULL: all */
    bool value_added;    /* trade in value added instead of gross trade */
} dr_ties_options;

/* Bilateral trade of all pairs of regions, in descending order of value: exporter, importer, value, in the unit of the
 * world. Gross: what the sectors of the exporter i sell to the importer n, T[i,n] = sum over k of the cells of the
 * table, without tariffs, as exports in dr_balance. In value added (Johnson & Noguera 2012), as value_added_exports
 * there:
 *   VA[i,n] = sum over k of v[i,k] x_n[i,k],  x_n = (I - A)^-1 F_n,
 * with v the share of value added in output and F_n the final use of n. Pairs without trade are left out. `options` may
 * be NULL. Time and memory of value added: one factorisation, as in dr_balance. Errors: DR_BAD_INPUT (unknown sector; a
 * table without a Leontief inverse), DR_NO_SOLUTION (a residual beyond 1e-9), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_ties(dr_table **out, dr_world *world, const dr_ties_options *options);

typedef enum dr_footprint_by {
    DR_FOOTPRINT_BY_REGION,
    DR_FOOTPRINT_BY_PAIR,
    DR_FOOTPRINT_BY_SECTOR,
    DR_FOOTPRINT_BY_YEAR
} dr_footprint_by;

typedef struct dr_footprint_options {
    size_t size;         /* sizeof(dr_footprint_options) */
    const char *account; /* its name; NULL: the only one that the world has */
    int year;            /* 0: the last; must be 0 with DR_FOOTPRINT_BY_YEAR, which covers all years */
    dr_footprint_by by;  /* DR_FOOTPRINT_BY_REGION */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
} dr_footprint_options;

/* An account of the world (dr_import_accounts: emissions, jobs, energy) by producers and by final users, of `of`
 * (regions and groups, separated by commas; NULL: all), in the unit of the account. With q the account per unit of
 * output, region i has q_i B F_n for the final use of n (as value added in dr_ties); what final use has itself
 * (driving, heating) is added to both totals of its region.
 *   by region: region, production, direct (of it, of final use itself), exports, imports (embodied for the final use of
 *              others; of others for that here), consumption (production - exports + imports), balance (exports -
 *              imports), behind_gross_exports (at home, in all that is exported, for inputs too), per_final_use
 *              (embodied in a unit of final use, in the unit of the account per unit of the world); several regions of
 *              a list are also taken as one economy, in the last row
 *   by pair:   producer, consumer, value, share_of_production, share_of_consumption, a region with itself too, in
 *              descending order
 *   by sector: sector, production, exports (by the sector that produces), consumption, imports (by the sector whose
 *              goods are finally used), intensity (per unit of output), multiplier (in a unit of final output, of all
 *              stages and countries)
 *   by year:   year, and the figures by region, of `of` as one economy; years are left out, with a note, in which the
 *              world has no such account, or a group no member
 * `options` may be NULL. Errors: DR_USAGE (by year, and a year), DR_BAD_INPUT (no such account or year; unknown name; a
 * table without a Leontief inverse), DR_NO_SOLUTION (what producers have for a final use is not what its goods hold, to
 * 1e-9), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_footprint(dr_table **out, dr_world *world, const char *of, const dr_footprint_options *options);

/* Positions in supply chains of `of` (regions and groups, separated by commas; NULL: all) in a year (0: the last), one
 * row for each sector or each region, and one for all: sector or region, output, upstreamness (Antras & Chor 2013:
 * stages to final use, Y^-1 B Y; the row sums of the Ghosh inverse), downstreamness (Fally 2012: stages so far, 1 B;
 * the column sums of the Leontief inverse), share_to_final_use (of output), value_added_share (of output). Means are
 * weighted by output. Errors: as dr_footprint. Free with dr_table_free. */
DR_API dr_status dr_position(dr_table **out, dr_world *world, const char *of, int year, bool by_region);

typedef enum dr_terms {
    /* Of bilateral exports: Borin & Mancini (2023), exporter's perspective, source-based. */
    DR_TERMS_BORIN_MANCINI,
    /* Of total exports: the nine terms of Koopman, Wang & Wei (2014), eq. 36. */
    DR_TERMS_KWW
} dr_terms;

/* Gross exports of `a` and of `b` (as in dr_balance; each side counts as one economy) decomposed into domestic value
 * added that is absorbed abroad, domestic value added that returns home, foreign value added and double counting. One
 * row per term, the last is "gross":
 *   term, part, meaning (texts), exports, share (of a's gross exports, a fraction), and partner_exports, partner_share
 *     (of b's; not
 *   with DR_TERMS_KWW without `b`, where every other region is an economy of its own)
 * The terms add up to gross exports to 1e-9, relative (DR_NO_SOLUTION otherwise). Other errors: as dr_balance. Free
 * with dr_table_free. */
DR_API dr_status dr_export_terms(dr_table **out, dr_world *world, const char *a, const char *b, int year,
                                 dr_terms terms);

/* Direct and indirect exposure side by side: what the sectors of `of` take of `to` as inputs, bought directly and
 * counted through every stage of production and every third country (Baldwin, Freeman & Theodorakopoulos 2023), in a
 * year (0: the last). With L = (I - A)^-1 and the gross outputs Y of the sectors, purchases of inputs are A Y, and
 * upstream output, which all suppliers make for them at every stage, is (L - I) Y. One row a sector, or, without `to`
 * (NULL), a supplier outside `of`; the most exposed first, and one of all:
 *   sector or supplier, inputs (bought of all; a value), direct_share_of_inputs (bought of `to`),
 *   direct_share_of_upstream_output (the same purchases), indirect_share_of_upstream_output (what `to` makes for other
 *     suppliers)
 *   and total_share_of_upstream_output (their sum, the look-through share), total_over_direct, and, with `to`,
 *   third_country_share_of_total: the part of the total that passes a third country
 * Negative cells count as zero. Errors: as dr_balance. Free with dr_table_free. */
DR_API dr_status dr_exposure_hidden(dr_table **out, dr_world *world, int year, const char *of, const char *to);

/* The largest supply routes whose sum is the total of dr_exposure_hidden (structural path analysis; Defourny &
 * Thorbecke 1984), from a sector of `to` (NULL: of all others) through any number of stages to a sector of `of`: the
 * `count` largest, and then, with `to`, those of the `count` largest through third countries that are not among them:
 *   route ("CHN metals > KOR machinery > DEU transport-equipment"), third_countries (on the way), links, value (the
 *     sales of the first
 *   sector that are embodied in the inputs of the last), share_of_total (of the sum over all routes from `to` to `of`)
 * Errors: as dr_balance. Free with dr_table_free. */
DR_API dr_status dr_exposure_routes(dr_table **out, dr_world *world, int year, const char *of, const char *to,
                                    size_t count);

/* ---- Scenarios -------------------------------------------------------------------------------------------------- */

/* A list of changes to trade policy. Two changes of one kind to the same flow conflict, and so does a ban with any
 * other change. */
typedef struct dr_scenario dr_scenario;

/* An empty scenario, without any change, for an economy. The economy must outlive it. Free with dr_scenario_free. */
DR_API dr_status dr_scenario_new(dr_scenario **out, const dr_economy *economy);

/* Reads a scenario from a YAML file (docs/simulate.md). The economy must outlive it. Errors: DR_BAD_INPUT with
 * file:line:column and the nearest valid name, DR_MACHINE. Free with dr_scenario_free. */
DR_API dr_status dr_scenario_load(dr_scenario **out, const dr_economy *economy, const char *path);

/* The same from `size` bytes of YAML in memory (JSON is YAML), called `name` in messages. References to files are
 * refused. */
DR_API dr_status dr_scenario_parse(dr_scenario **out, const dr_economy *economy, const char *text, size_t size,
                                   const char *name);

/* The same for documents with dates (docs/years.md): the changes that are in force in `year` of a path that begins in
 * the year after that of the economy and ends in `last`. Other documents are of every year. Errors: also DR_USAGE (the
 * years), DR_BAD_INPUT (a date that is not on the path, or out of order). */
DR_API dr_status dr_scenario_load_dated(dr_scenario **out, const dr_economy *economy, const char *path, int year,
                                        int last);
DR_API dr_status dr_scenario_parse_dated(dr_scenario **out, const dr_economy *economy, const char *text, size_t size,
                                         const char *name, int year, int last);

/* Sets the title of the scenario and of its results; a scenario file may set it too. Copied. */
DR_API dr_status dr_scenario_title(dr_scenario *scenario, const char *title);

/* The settings of the model in a scenario or game document: its keys year, horizon, model, elasticity, closure,
 * rigid-wages, thin-markets and numeraire. The readers of scenarios and games ignore them. */
typedef struct dr_settings dr_settings;

/* Reads them from a file, or from `size` bytes in memory, called `name` in messages. The path of an elasticity file is
 * relative to the document's folder. Errors: DR_BAD_INPUT with file:line:column and the nearest name. Free with
 * dr_settings_free. */
DR_API dr_status dr_settings_load(dr_settings **out, const char *path);
DR_API dr_status dr_settings_parse(dr_settings **out, const char *text, size_t size, const char *name);
DR_API void dr_settings_free(dr_settings *settings);

/* The year; 0 if the document has none. */
DR_API int dr_settings_year(const dr_settings *settings);

/* Changes of policy. `by`, `on` (importers and exporters) and `sectors` are lists, separated by commas, of codes,
 * groups, slugs or kinds, or "all". Domestic flows are never changed; flows between members of a group only after
 * dr_scenario_inside.
 *   tariff      sets the ad-valorem tariff of `by` on goods from `on` to `rate`, adds `rate` to that of the base, or
 *               keeps it at or below, or at or above, `rate`
 *   trade_cost  multiplies the iceberg trade cost of purchases of `by` from `on` by `times`, and, if `both`, of those
 *               of `on` from `by`
 *   ban         stops purchases of `by` from `on`: the flow is exactly zero
 * Errors: DR_BAD_INPUT (unknown name; a rate of -1 or less; times of 0 or less; a conflict with an earlier change; all
 * flows are between members of a group), DR_MACHINE. */
typedef enum dr_rate_kind { DR_RATE_SET, DR_RATE_ADD, DR_RATE_AT_MOST, DR_RATE_AT_LEAST } dr_rate_kind;
DR_API dr_status dr_scenario_tariff(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                    double rate, dr_rate_kind kind);
DR_API dr_status dr_scenario_trade_cost(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                        double times, bool both);
DR_API dr_status dr_scenario_ban(dr_scenario *scenario, const char *by, const char *on, const char *sectors);

/* Taxes besides tariffs; a negative rate is a subsidy, of which `rate` is the part of the price that it pays. The
 * region that levies them earns the revenue.
 *   export_tax      on sales of `by` to `to`, in percent of the price at the factory gate
 *   production_tax  on all sales of the regions `in`, at home and abroad
 *   use_tax         on all purchases of the regions `in`, from home and abroad, in percent of the price with tariffs
 * Errors: as above. */
DR_API dr_status dr_scenario_export_tax(dr_scenario *scenario, const char *by, const char *to, const char *sectors,
                                        double rate);
DR_API dr_status dr_scenario_production_tax(dr_scenario *scenario, const char *in, const char *sectors, double rate);
DR_API dr_status dr_scenario_use_tax(dr_scenario *scenario, const char *in, const char *sectors, double rate);

/* A group that is named on either side (EU, EU@2020) is one actor: flows between its members are left unchanged, and
 * results report their size. After a call with `inside` true, the changes added from then on include these flows; false
 * restores the default. Regions in a list are separate actors, and so are all regions of "all". Has no effect on
 * dr_scenario_leave and dr_scenario_join, which are about these flows. */
DR_API void dr_scenario_inside(dr_scenario *scenario, bool inside);

/* Who earns the rent of an export curb or quota: the price of the good less its cost, times the volume. */
typedef enum dr_rent {
    DR_RENT_EXPORTER, /* the exporting region */
    DR_RENT_IMPORTER, /* the importing region, for example through import licences */
    DR_RENT_LOST      /* nobody: it is used up, like a trade cost */
} dr_rent;

/* Limits on volumes, measured at base prices. A limit that does not bind has no effect; one that binds raises the
 * price, by a wedge mu >= 1 on the delivered cost, until the volume is within it (complementary slackness;
 * docs/model.md).
 *   export_curb  the exporter's limit: `by` sells to `to` at most 1 - `cut` of the base volume (1: a ban), on each
 *                flow, or on all flows `together`
 *   quota        the importer's limit: `by` buys from `on` at most `at` in all, in the unit of the world (0: a ban)
 * Errors: as above; DR_BAD_INPUT (cut outside 0 to 1; a negative quota). */
DR_API dr_status dr_scenario_export_curb(dr_scenario *scenario, const char *by, const char *to, const char *sectors,
                                         double cut, dr_rent rent, bool together);
DR_API dr_status dr_scenario_quota(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                   double at, dr_rent rent);

/* A tariff-rate quota: imports of `by` from `on` within the quota bear one tariff, those beyond it a higher one. Which
 * of its regimes holds (imports below the quota, at it, or above) is found; where imports reach the quota, licences
 * earn a rent. */
typedef struct dr_rate_quota {
    size_t size;                 /* sizeof(dr_rate_quota) */
    double quota;                /* at base prices, in the unit of the world */
    bool relative;               /* it is a share of the base volume */
    double in_quota, over_quota; /* tariffs, as fractions */
    dr_rent rent;                /* of the licences */
    bool together;               /* one quota for all flows; else each has its own */
} dr_rate_quota;

/* Errors: as above; DR_BAD_INPUT (a negative quota, a tariff of -100% or less, a lower tariff over the quota). */
DR_API dr_status dr_scenario_tariff_rate_quota(dr_scenario *scenario, const char *by, const char *on,
                                               const char *sectors, const dr_rate_quota *quota);

/* What regions `in` can produce, have and want, each multiplied by 1 + `change` (more than -1).
 *   productivity   of all that the sectors use: the same output takes 1 / (1 + change) times the inputs and factors
 *   factor_supply  of a factor ("labour", or one of the world's; NULL: all) in the sectors where it works in the base;
 *                  a factor that is mobile moves on from there
 *   demand         the shares of sectors in final demand at base prices, after which all shares are scaled to 1
 * Errors: as above; DR_BAD_INPUT (a factor that the world does not have). */
DR_API dr_status dr_scenario_productivity(dr_scenario *scenario, const char *in, const char *sectors, double change);
DR_API dr_status dr_scenario_factor_supply(dr_scenario *scenario, const char *in, const char *factor,
                                           const char *sectors, double change);
DR_API dr_status dr_scenario_demand(dr_scenario *scenario, const char *in, const char *sectors, double change);

/* Regions `from` give `to` an amount of income, in the unit of the world, or, if `relative`, a share of the base income
 * of each of `from`. Among several, it is divided by base income. Errors: as above. */
DR_API dr_status dr_scenario_transfer(dr_scenario *scenario, const char *from, const char *to, double amount,
                                      bool relative);

/* Prices of carbon, for economies with an account of emissions (docs/model.md, "Carbon prices"), in the currency of the
 * economy per tonne, 0 or more.
 *   carbon_price   on what the sectors of the regions emit: a part of their unit cost, and revenue of their region.
 *                  Emissions per unit of output fall with the elasticity `abatement` (0: they stay) of 1 + price / 100
 *   carbon_border  a duty of importers on the emissions of imports, a rate at the values of the base: DR_CARBON_DIRECT,
 *                  those of the exporter's sector; DR_CARBON_EMBODIED, those of all stages of its production;
 *                  DR_CARBON_BENCHMARK, those of the importer's sector. With `rebate`, exports of `by` to `on` get the
 *                  price on their own emissions back
 * Errors: DR_BAD_INPUT (no account of emissions; negative ones; none of a region that is priced; a price that is
 * negative; the same sector twice), DR_MACHINE. */
typedef enum dr_carbon_basis { DR_CARBON_DIRECT, DR_CARBON_EMBODIED, DR_CARBON_BENCHMARK } dr_carbon_basis;
DR_API dr_status dr_scenario_carbon_price(dr_scenario *scenario, const char *in, const char *sectors, double price,
                                          double abatement);
DR_API dr_status dr_scenario_carbon_border(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                           double price, dr_carbon_basis basis, bool rebate);

/* A region leaves a group, or joins it: the cost of trade between it and the (other) members in this year, in both
 * directions, is multiplied by `times` (when leaving) or divided by it (when joining). */
DR_API dr_status dr_scenario_leave(dr_scenario *scenario, const char *region, const char *group, double times);
DR_API dr_status dr_scenario_join(dr_scenario *scenario, const char *region, const char *group, double times);

/* The same with the factors of a CSV at `path`, with the columns sector (code), times, and optionally partner (code of
 * another member; default: all of them). Sectors and partners without a row keep their trade costs, and a note of the
 * results says so. Errors: DR_BAD_INPUT with file:line:column (unknown sector or partner, with the nearest name; times
 * of 0 or less; twice the same). */
DR_API dr_status dr_scenario_leave_file(dr_scenario *scenario, const char *region, const char *group, const char *path);
DR_API dr_status dr_scenario_join_file(dr_scenario *scenario, const char *region, const char *group, const char *path);

/* The same with a coefficient b that a gravity regression estimated and the world keeps (derisk gravity --store): the
 * logarithm of trade between members falls (leaving) or rises (joining) by b at given prices, so that trade costs
 * change by the factor exp(b / theta) or exp(-b / theta), theta the trade elasticity of the sector. dr_draw_bands draws
 * b from a normal distribution with its standard error, all b of a scenario jointly where their covariances are
 * stored. `variable` names the variable of b; NULL: the only one about
 * the group, such as both(BRI), or the only one. */
DR_API dr_status dr_scenario_leave_estimate(dr_scenario *scenario, const char *region, const char *group,
                                            const char *estimate, const char *variable);
DR_API dr_status dr_scenario_join_estimate(dr_scenario *scenario, const char *region, const char *group,
                                           const char *estimate, const char *variable);

/* Adds a change with any instrument of the policy language (docs/simulate.md) as the command line has it: the values of
 * its usual keys with colons between them, dr_scenario_change(s, "export-curb", "CHN:EU:electrical-optical:50%"), or
 * all its keys, "{by: CHN, to: EU, sectors: all, at: 60%, rent: importer}". Files cannot be named. Errors: DR_USAGE (no
 * such instrument; another number of values), DR_BAD_INPUT (as above), DR_MACHINE. */
DR_API dr_status dr_scenario_change(dr_scenario *scenario, const char *instrument, const char *text);

/* Notes in a table of results which of the flows that the scenario changes differ from the world's product flows by a
 * factor of three or more (docs/check.md); nothing where there are none, or the world has no product flows. Errors:
 * DR_BAD_INPUT (a damaged world), DR_MACHINE. */
DR_API dr_status dr_note_scenario(dr_table *table, dr_world *world, const dr_scenario *scenario);

/* Whether the scenario (NULL: none) has changes of products: a model with products in a nest (dr_model_options) takes
 * them product by product, and `derisk simulate` makes one where nothing else is asked for. */
DR_API bool dr_scenario_products(const dr_scenario *scenario);
DR_API void dr_scenario_free(dr_scenario *scenario);

/* Writes the JSON schema (draft 2020-12) of the documents that dr_scenario_load, dr_game_load and dr_propagate read,
 * made of the keys that they take, for completion in editors and for checks: a document with the key play is a game,
 * one with stops a supply stop, and any other a scenario. `path`: NULL for standard output. Errors: DR_BAD_INPUT (a
 * path that cannot be written), DR_MACHINE. */
DR_API dr_status dr_schema(const char *path);

/* Reads a rate, "25%" or "0.25" (the same number). Errors: DR_BAD_INPUT (not a number; a number above 1 without a
 * percent sign, which is probably meant as a percentage). */
DR_API dr_status dr_parse_rate(const char *text, double *out);

/* ---- The model -------------------------------------------------------------------------------------------------- */

/* The model (docs/model.md) calibrated to an economy. Constant once made. */
typedef struct dr_model dr_model;

/* Closure of the trade imbalances D[n] (imports less exports). World income (the value added of all regions) is the
 * numeraire. */
typedef enum dr_closure {
    DR_CLOSURE_FIXED, /* D is constant, in units of world income */
    /* A deficit is a constant share of the region's income; surpluses are scaled by one factor so that all add up. */
    DR_CLOSURE_INCOME_SHARE,
    DR_CLOSURE_ZERO /* D = 0, in the base too: it is solved for D = 0 first, without the scenario */
} dr_closure;

typedef struct dr_model_options {
    size_t size; /* sizeof(dr_model_options) */
    /* The nests: "caliendo-parro" or "baqaee-farhi"; "krugman" is the first with scale economies of one over the trade
     * elasticity; "armington" is the one-sector Armington model, the sum over all sectors without inputs; NULL: that of
     * the horizon, else caliendo-parro. */
    const char *model;
    /* "short", "medium" or "long": stands for a trade elasticity, a mobility of labour and a model
     * (data/elasticities/presets); NULL: labour is mobile. */
    const char *horizon;
    /* Trade elasticity theta: a number, the name of a set (caliendo-parro-2015, or one stored in the world), or a CSV
     * with the columns sector, trade_elasticity; NULL: that of the horizon, else the world's own, else 5. */
    const char *elasticity;
    dr_closure closure; /* DR_CLOSURE_FIXED */
    /* Downward nominal wage rigidity: regions and groups, separated by commas, in which wages (in units of world
     * income) do not fall below their base level, or below a share of it given after a colon ("EU:97%"). Unemployment
     * follows, and is part of the results. NULL: wages are flexible. */
    const char *rigid_wages;
    /* A share of base use, "20%" or "0": where a scenario leaves less of the supply of a good to a region, at base
     * costs, the remaining supply is pooled and counts as that share (docs/model.md, "Thin markets"). NULL: that of the
     * horizon, 20% for "short", else 0: never. */
    const char *thin_markets;
    /* "nest": the imports of a sector are made of products, in the shares of the world's product flows, and changes of
     * products are of these alone (docs/model.md, "Products"); "average": they are not, and tariffs on products are
     * averaged into those of their sectors. NULL: "average". */
    const char *products;
    /* With products in a nest: the trade elasticity between the origins of a product, a number or a CSV with the
     * columns product, trade_elasticity; NULL: that of the sector. The elasticity of substitution between the
     * products that a sector imports, a number or a CSV with the columns sector, product_substitution; NULL: that of
     * the horizon, else 1 + the trade elasticity of the sector. The trade elasticity between imports and home, a number
     * or a CSV with the columns sector, import_elasticity; NULL: that of the sector. */
    const char *product_elasticity, *product_substitution, *import_elasticity;
    /* The numeraire of results, in which values and prices after the scenario are expressed: "world", the income of all
     * regions; "wage", the wage of each region, for its own prices and accounts, but not for flows between regions; or
     * regions and groups, whose mean consumer price it is. It changes no quantity. NULL: "world". */
    const char *numeraire;
    /* Largest change of a log unit cost, wage or expenditure in the last sweep; 0: 1e-11. */
    double tolerance;
    /* Maximum number of sweeps, products with the Jacobian in Newton's method included; 0: 5000. */
    int max_sweeps;
    /* Scale economies: the elasticity of unit cost with respect to the size of a sector (docs/model.md, "Scale
     * economies"): a number, the name of a set that has them (lashkaripour-lugovskyy-2023), or a CSV with the columns
     * sector, scale_elasticity. NULL: that of the model, which is none but for "krugman": the inverse of the trade
     * elasticity. */
    const char *scale;
    /* "free": firms enter until profits are zero, and unit costs fall with the size of the sector; "restricted": their
     * number is given, and markups of the scale elasticity earn profits, which are income. NULL: "free". */
    const char *entry;
    /* The elasticity of the supply of labour with respect to its real wage after taxes (docs/model.md, "Labour supply
     * and public money"), a number; hours worked become part of results, and welfare counts them. NULL: 0, fixed. */
    const char *labour_supply;
    /* The use of tariff revenue: "rebate", a transfer to households; "income-tax", it takes the place of taxes on
     * labour; "keep", public purchases that are not counted as real income. NULL: "rebate". */
    const char *revenue;
    /* With the model "armington": the part of sales in a region that pays for labour there, overhead of sellers, a
     * number or a CSV with the columns region, overhead; and the part of a tariff that is passed on to prices, a rate.
     * NULL: no overhead; "100%". */
    const char *overhead, *pass_through;
    /* With products in a nest: the multiple of the base price, a number above 1, at which buyers do without a product
     * whose last supplier is lost, and what takes its place is made at home (docs/model.md, "Products"). NULL: such a
     * product has no price, an error unless others replace it. */
    const char *choke_price;
} dr_model_options;

/* The options of the model that a document sets; all others have their default. Borrowed. */
DR_API const dr_model_options *dr_settings_model(const dr_settings *settings);

/* Prepares the economy (negative final use, sectors with little or no value added: docs/model.md, "Preparation"; each
 * step is a note of every result) and calibrates the model. The base is solved first where the data are not an
 * equilibrium, or the closure requires it. `options` may be NULL. The economy must outlive the model. Errors:
 * DR_BAD_INPUT (options; a good that is used and never supplied), DR_NO_SOLUTION (the closure is infeasible),
 * DR_MACHINE. Free with dr_model_free. */
DR_API dr_status dr_model_new(dr_model **out, const dr_economy *economy, const dr_model_options *options);
DR_API void dr_model_free(dr_model *model);

/* An equilibrium. */
typedef struct dr_solution dr_solution;

/* Writes a scenario as a YAML file that dr_scenario_load reads back to the same result, with the codes of regions
 * and sectors, all digits, and the settings of `options` (NULL: none) that are not defaults. `title`: NULL for its
 * own; `path`: NULL for standard output. Errors: DR_BAD_INPUT (a scenario with estimated effects; a limit on some of
 * the flows between two sides; a baseline that has no file), DR_MACHINE; then no file is left. */
DR_API dr_status dr_scenario_write(const dr_scenario *scenario, const char *title, const dr_model_options *options,
                                   const char *path);

/* A baseline: the equilibrium under a scenario, of the model with these `options` (NULL: the defaults), becomes the
 * base of the economy. Models of it that are made afterwards start from the flows, uses, incomes and tariffs of that
 * equilibrium at prices of 1, and note it.
 *   apply        of the scenario at `path`, after its own baseline
 *   load, parse  of the baseline of a scenario or game (its key "baseline": a list of changes, or the file of another
 *                scenario, which may have one itself), at `path` or in `size` bytes of text that messages call `name`;
 *                nothing where it has none. To be called before the scenario or game itself is read
 * Settings in the files of baselines do not count. Errors: DR_BAD_INPUT with file:line:column (names; files
 * that name each other; instruments other than tariffs, trade costs, bans, memberships, shifts and, with
 * DR_CLOSURE_FIXED, transfers: for others a table has no place; the armington model; unemployment or pooled markets in
 * the equilibrium), DR_NO_SOLUTION, DR_CANCELLED, DR_MACHINE; the economy may then have the first baselines of a chain,
 * and is to be freed. */
DR_API dr_status dr_baseline_apply(dr_economy *economy, const dr_model_options *options, const char *path);
DR_API dr_status dr_baseline_load(dr_economy *economy, const dr_model_options *options, const char *path);
DR_API dr_status dr_baseline_parse(dr_economy *economy, const dr_model_options *options, const char *text, size_t size,
                                   const char *name);

/* Solves for the equilibrium under a scenario (NULL: none): prices, wages and expenditure at which all markets clear
 * (equations in docs/model.md). Deterministic, on one processor; memory is allocated before the sweeps only. A sweep
 * costs about 4 R R S + 4 R S S flops and R S exponentials. Errors: DR_NO_SOLUTION (a good loses its last supplier; the
 * closure is infeasible; no convergence; the certificate fails, with the equation of the largest residual),
 * DR_CANCELLED, DR_MACHINE. Free with dr_solution_free. */
DR_API dr_status dr_model_solve(dr_solution **out, const dr_model *model, const dr_scenario *scenario);
DR_API void dr_solution_free(dr_solution *solution);

/* The certificate: the equilibrium conditions recomputed from the flows of the solution by code that shares nothing
 * with the solver. Residuals are relative to the size of the terms of each equation; here are the largest of each
 * kind. */
typedef struct dr_certificate {
    /* |output - sales| / sales, and zero profit |revenue - cost| / cost; every region and sector. */
    double market_clearing;
    /* |imports - exports - deficit| / (imports + exports + |deficit|); every region. */
    double trade_balance;
    /* Factor income of all regions against the payments of all sectors: the equation that the choice of the numeraire
     * drops. */
    double walras;
    /* Complementary slackness of export curbs and quotas: the excess over a limit, or the slack of one with a price,
     * relative to the limit; and of wage floors: a wage below its floor, or above it with unemployment. */
    double complementarity;
    double adding_up;         /* shares against 1, incomes against expenditure */
    double worst_residual;    /* the largest of the above */
    char worst_equation[128]; /* and its equation, in words */
    int sweeps;               /* of the accelerated fixed-point iteration, which is tried first */
    int newton_steps;         /* of Newton's method, where the sweeps did not converge */
    int jacobian_products;    /* of the Jacobian and a vector in these steps; each costs about a sweep */
    int parts;                /* into which the scenario was divided for continuation; 1: none */
    double solve_seconds;
} dr_certificate;

/* Copies the certificate of a solution. */
DR_API void dr_solution_certificate(const dr_solution *solution, dr_certificate *certificate);

/* Results as tables, with certificate, settings and notes as facts. Changes are in percent of the base unless said
 * otherwise; values are in the unit of the world, "_new" those under the scenario, in the numeraire
 * (dr_model_options); formulas in docs/model.md, "Results".
 *   regions: region, welfare (real income of final demand, exact), equivalent_variation (value), welfare_first_order (=
 *            terms_of_trade + volume_of_trade), real_gdp (at base prices), real_wage, wage, consumer_price,
 *            terms_of_trade, volume_of_trade, exports, imports, tariff_revenue_change (value); with rigid wages,
 *            employment; groups follow, aggregated as docs/simulate.md says
 *   money:   region, equivalent_variation, real_gdp_change (at base prices), and before and after: income,
 *            factor_income, tariff_revenue (and _change), rents, exports (and _change), imports (and _change),
 *            trade_balance (and _change), all of them values; groups and the sum of all regions follow
 *   sectors: region, sector, output (volume), price, value_added (value), then values: output_value and
 *            value_added_value, before and after; with rigid wages, employment; where the world has an account of jobs
 *            (docs/simulate.md), persons before and after and the change: jobs, jobs_new, jobs_change
 *   protection: region, sector, tariff, on inputs (input_tariff) and the effective rate of protection (effective_rate)
 *            of what a sector makes, in percent, before and after
 *   products: with products in a nest: importer, product (or "rest"), name, sector, imports and imports_new (values
 *            without tariff), imports_change, imports_percent, price, the largest supplier, its share before and after,
 *            the largest supplier after (supplier_new) and its share; groups follow. DR_BAD_INPUT without products
 *   flows:   exporter, importer, sector, base, new (values without tariff), change
 *   ties:    exporter, importer, base, new, change: bilateral flows summed over sectors
 *   curbs:   export curbs and quotas: exporter, importer, sector, flows, base, limit, volume (at base prices), binding,
 *            wedge, rent, rent_to, product
 *   factors: region, factor, base, new (income), price (of a unit), real_price (relative to the consumer price)
 * Errors: DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_solution_regions(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_money(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_sectors(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_protection(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_products(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_flows(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_ties(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_curbs(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_factors(dr_table **out, const dr_solution *solution);

/* The partial equilibrium of each product whose tariffs a scenario changes (GSIM, as dr_partial_equilibrium, from the
 * base and with the elasticities of the model), beside the general equilibrium: product, name, exporter, importer,
 * tariff, new_tariff (percent), then values without tariffs, base, partial and general, and the changes partial_percent
 * and general_percent. Facts: partial.products, partial.residual, partial.supply_elasticity. `scenario` is the
 * solution's. Errors: DR_USAGE, DR_BAD_INPUT (imports are not made of products; no tariff of a product changes),
 * DR_NO_SOLUTION (of the product that is named), DR_CANCELLED, DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_solution_partial(dr_table **out, const dr_solution *solution, const dr_scenario *scenario);

/* Emissions, of an economy with an account of them, in million tonnes, before and after ("_new"): region, produced and
 * consumed (what final use holds through all stages of production, by the proportions of the model) with their changes
 * and percent; carbon_revenue (what sectors pay for emissions, in the unit of the world), welfare, and, where
 * `social_cost` (in the currency of the world per tonne; 0: none) is above 0, welfare_with_carbon, less the damage of
 * the change of all emissions, which is divided among regions by base income. The last row is the world. The fact
 * leakage is the rise of emissions elsewhere over their fall in the regions with a carbon price. Emissions move with
 * real output, those of final use itself with its volume. Errors: DR_BAD_INPUT (no account of emissions; a social cost
 * that is negative), DR_NO_SOLUTION (production and consumption differ), DR_MACHINE. */
DR_API dr_status dr_solution_emissions(dr_table **out, const dr_solution *solution, double social_cost);

/* Those who move, of an economy with an account of jobs, in persons: region, sector, skill, jobs, jobs_new,
 * jobs_change, lost and gained (the sums over sectors that shrink and that grow), moved (the smaller of the two),
 * moved_share (of the jobs of the base), and under rigid wages unemployed (those who find no work at the wage floor).
 * Rows by skill, if the world has such accounts, and rows of sectors follow those of regions and the world. Errors:
 * DR_BAD_INPUT (no account of jobs), DR_MACHINE. */
DR_API dr_status dr_solution_jobs(dr_table **out, const dr_solution *solution);

/* Real income of groups of households from a CSV with the columns region, group, kind, item, value:
 *   people       how many persons the group has (no item)
 *   expenditure  what it spends on the goods of a sector (item)
 *   income       what it earns from a factor (item: its name; labour where the world has one factor), or receives of
 *                public revenue (item: revenue)
 * in any unit, as shares count. Table: region, group, people, income and income_new (per person), income_percent,
 * price and real_income (percent), then the row of each region with gini and gini_new, of real income per person.
 * Errors: DR_BAD_INPUT with file:line:column, DR_MACHINE. */
DR_API dr_status dr_solution_households(dr_table **out, const dr_solution *solution, const char *path);

/* Places within regions, from a CSV with the columns place, region, sector, workers: place, region, workers, exposure
 * (change of value added for each worker, in the currency: those of sectors in the region, by the place's employment
 * shares), jobs_change and jobs_percent (at the sectors' changes of employment). Errors: DR_BAD_INPUT with
 * file:line:column, DR_MACHINE. */
DR_API dr_status dr_solution_places(dr_table **out, const dr_solution *solution, const char *path);

/* The sources of the change of real income, integrated along the path from the base to a solution that was solved for
 * under `scenario` (the same object, unchanged since; NULL: none): region, welfare (exact), its terms in percent of
 * base income: terms_of_trade, volume_of_trade, technical (resources used up by higher trade costs; productivity),
 * reallocation (of factors, and unemployment under rigid wages), rents (of export curbs and quotas), transfers (of the
 * deficit, and between regions), demand (its shift), remainder (welfare less the terms: the error of the integration);
 * groups follow, weighted by base income. Solves the model at some ten to a few hundred points of the path
 * (docs/model.md, "Welfare decomposition"). Errors: DR_CANCELLED, DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_solution_decomposition(dr_table **out, const dr_solution *solution, const dr_scenario *scenario);

/* The overview: the largest changes among the imports that `scenario` touches, the regions that gain or lose most, and
 * the sectors that are hit most: about ("imports", "real income", "output"), name, base, new, change (values; output at
 * base prices), percent. Its sentences are the answer to the scenario. The summary has a page of sentences: about (the
 * subject), says (the answer, what drives it, how sure it is, what the model leaves out). `scenario` as in
 * dr_solution_decomposition. Errors: those of it. Free with dr_table_free. */
DR_API dr_status dr_solution_overview(dr_table **out, const dr_solution *solution, const dr_scenario *scenario);
DR_API dr_status dr_solution_summary(dr_table **out, const dr_solution *solution, const dr_scenario *scenario);

/* Bilateral trade of side `of` with side `with` by sector, in descending order of imports, and in total (a row of kind
 * DR_ROW_TOTAL), before and after ("_new"), values without tariffs: sector, imports_from, imports_from_new,
 * imports_from_change (percent), share_of_imports, share_of_imports_new (of `with` in all that `of` imports of the
 * sector), exports_to, exports_to_new, exports_to_change, balance, balance_new. Both sides are lists of names as in
 * scenarios; a region on both counts as part of `of`. Errors: DR_BAD_INPUT (names; no region left on the other side),
 * DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_solution_tie(dr_table **out, const dr_solution *solution, const char *of, const char *with);

/* The derivatives of a result at an equilibrium with respect to every policy instrument. The arrays belong to the
 * caller; those that are NULL are left out. S is 1 in the one-sector Armington model, whose only sector is "all". */
typedef struct dr_gradient {
    double value; /* of the result */
    /* R x R x S [n, i, s]: per unit of the ad-valorem tariff (0.01 is a percentage point; a subsidy is a negative
     * tariff). Domestic flows are included, as a tax on domestic purchases. */
    double *tariff;
    double *trade_cost; /* R x R x S: per unit of the factor on the trade cost */
    /* One for each export curb or quota, in the order of dr_solution_curbs: per unit of the ln of its limit; 0 where it
     * is slack. */
    double *limit;
    double *productivity; /* R x S [i, s]: per unit of the ln of the productivity of a sector */
    int sweeps;           /* of the adjoint solve */
} dr_gradient;

/* Differentiates a result of `solution`, which was solved for under `scenario` (the same object, unchanged since; NULL:
 * none):
 *   welfare:OF              real income of OF, change in percent, exact
 *   share:OF:FROM[:SECTORS] the share of FROM in the imports of OF of SECTORS (default: all), a fraction, without
 *         tariffs
 *   use:OF:FROM[:SECTORS]   the share of FROM in all that OF uses of SECTORS, domestic purchases included
 *   flow:OF:FROM[:SECTORS]  purchases of OF from FROM, in the unit of the world
 *   look-through:OF:FROM[:SECTORS] indirect (look-through) dependence: the share of FROM in all inputs of SECTORS of OF
 *                           through all stages of production and third countries, a fraction:
 *                           total_share_of_upstream_output of dr_exposure_hidden on the equilibrium's table, where all
 *                           users of a good in a region buy from its suppliers in the same proportion (docs/model.md,
 *                           "Look-through shares")
 * with lists of names as in scenarios. Takes one adjoint solve (implicit function theorem; docs/model.md,
 * "Derivatives"), about the time of two solves, whatever the number of instruments. Errors: DR_BAD_INPUT (names),
 * DR_NO_SOLUTION (no convergence), DR_MACHINE. */
DR_API dr_status dr_solution_gradient(dr_gradient *out, const dr_solution *solution, const dr_scenario *scenario,
                                      const char *result);

/* The same as a table, in descending order of effect, with at most `most` rows of each kind of instrument (0: all):
 *   instrument (tariff, trade-cost, export-curb, quota, tariff-rate-quota, export-tax, production-tax, use-tax,
 *   productivity, factor-supply, demand, transfer), importer, exporter, sector (of factor-supply the factor, if there
 *   are several), flow (value; under a limit the volume at base prices; of productivity all sales, of the others base
 *   values of the factor, of final demand, of income), effect (on the result, shares in percent: of one percentage
 *   point of the tariff, of a further tax of 1% on exports, production or use, 1% of the trade cost, of the volume that
 *   the limit allows, of productivity, of the factor in all sectors, of the demand for the good, or of the importer's
 *   base income, given by all other regions in proportion to theirs) */
DR_API dr_status dr_solution_sensitivity(dr_table **out, const dr_solution *solution, const dr_scenario *scenario,
                                         const char *result, size_t most);

/* The flows that explain the change of real income of a region or group (or several, separated by commas): flow
 * ("imports", "exports", or "home" for goods of thin markets), partner, sector, base, new, contribution in percent, and
 * its parts terms_of_trade, volume_of_trade, technical, rents, integrated as in dr_solution_decomposition. The `most`
 * largest flows (0: all), then the sum of the others, reallocation, transfers and the remainder; contributions add up
 * to the last row, real income. Errors: DR_BAD_INPUT (a name), DR_CANCELLED, DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_solution_why(dr_table **out, const dr_solution *solution, const dr_scenario *scenario,
                                 const char *of, size_t most);

/* Options of Monte Carlo draws. */
typedef struct dr_draw_options {
    size_t size;             /* sizeof(dr_draw_options) */
    size_t draws;            /* from 1 to 10^9 */
    unsigned long long seed; /* of the random numbers; the result depends on it, not on the number of threads */
    /* Standard error, relative to the estimate, of trade elasticities whose own is unknown; 0: these are not drawn. */
    double elasticity_error;
    double share_error; /* the same for every share of the base (docs/model.md); 0: not drawn */
    int threads;        /* 0: all processors */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent; from the calling thread */
    void *user;                                                              /* passed to progress */
    /* Number of draws of this seed that are left out before the first: draws 1001 to 2000 are those of first = 1000 and
     * draws = 1000. */
    size_t first;
} dr_draw_options;

/* Uncertainty bands of dr_solution_regions by Monte Carlo: the scenario (NULL: none) is solved for each draw of the
 * trade elasticities, log-normal with the estimate as mean and its standard error as standard deviation, and of the
 * shares. Each solve has its certificate; that of the table is the one with the largest residual. Draws without an
 * equilibrium are counted in the fact draws.failed, and a note gives the reason. `options` must not be NULL.
 *   bands: region, and for each column of dr_solution_regions the column itself, at the estimates, and its quantiles
 *          over the draws: welfare, welfare_p5, welfare_median, welfare_p95, ... Memory does not grow with the number
 *          of draws: beyond 4096 draws quantiles are right to 1/2730 of the range of the middle 98%.
 *   all:   draw (from 1), region, the columns of dr_solution_regions, the trade elasticities that were drawn
 *          (trade_elasticity if all sectors have the same, else trade_elasticity_ with each sector's code), failure
 *          (text: the reason if the draw has no equilibrium and its results are NAN; else "")
 * Errors: DR_BAD_INPUT (number of draws; a negative error; nothing to draw), DR_NO_SOLUTION (at the estimates; in all
 * of the first 4096 draws), DR_CANCELLED, DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_draw_bands(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                               const dr_draw_options *options);
DR_API dr_status dr_draw_all(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                             const dr_draw_options *options);

/* One of `parts` parts of `options->draws` draws (options->first is 0) as the Parquet file `path`, for a run on
 * several machines: each part has the same draws as in a run of all of them, whatever computes it. The file has the
 * columns of the table `all` above, without trade elasticities, the results at the estimates as draw 0, and, as its
 * metadata, what dr_draw_combine needs: digests of the world's numbers, of the model and of the scenario, the
 * options, the version, the certificate. It is written whole or not at all. `part` counts from 1. A part that is
 * there already is left alone, and *there (may be NULL) is then true; a damaged one is replaced. Draws without an
 * equilibrium are no error here, even if they are all. Errors: those of dr_draw_all; DR_USAGE (part or parts out of
 * range), DR_BAD_INPUT (`path` is a part of another run, or no part; `path` cannot be written), DR_CANCELLED,
 * DR_MACHINE. */
DR_API dr_status dr_draw_part(bool *there, const char *path, const dr_model *model, const dr_scenario *scenario,
                              const dr_draw_options *options, size_t part, size_t parts);

/* A run from its parts. Of draws, the table of dr_draw_bands of all of them, with the same numbers, the largest
 * residual of all certificates, the number of failed draws and the provenance (digests, options, version) as facts; of
 * cut-offs (dr_exposure_cut_part) the table of dr_exposure_cuts; of a sweep of the program (`derisk simulate --sweep
 * --part`) its table. `paths` are files of parts, and folders with them (names that end with .parquet). Memory does not
 * grow with the number of draws. Errors: DR_BAD_INPUT (no part; a part that is missing, damaged, twice, or of another
 * run or version, with the file and what differs), DR_NO_SOLUTION (none of the first 4096 draws has an equilibrium),
 * DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_draw_combine(dr_table **out, const char *const *paths, size_t count);

/* dr_solution_summary, with the bands of the draws in the sentences on how sure it is. Errors: as dr_draw_bands. */
DR_API dr_status dr_draw_summary(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                                 const dr_draw_options *options);

/* Options of dr_exposure_cuts. */
typedef struct dr_cut_options {
    size_t size;         /* sizeof(dr_cut_options) */
    const char *to;      /* suppliers: regions and groups; NULL: all others */
    const char *sectors; /* codes, slugs, kinds; NULL: goods, or all sectors of a world that does not classify them */
    int threads;         /* 0: all processors; the result does not depend on it */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent; from the calling thread */
    void *user;                                                              /* passed to progress */
} dr_cut_options;

/* The loss of `of` (regions and groups) if its purchases from a single supplier in a single sector were cut: for each
 * supplier outside it and each sector, the equilibrium under a ban of these purchases (dr_scenario_ban), all else as in
 * the base. One row per supplier and sector, in descending order of loss: supplier, sector (slug, else code), imports
 * (value) and share_of_imports (a fraction of the imports of the good), loss (of real income, percent) and loss_value,
 * supplier_loss and supplier_loss_value, leverage (loss over supplier_loss, both in percent; NAN where the supplier
 * does not lose). Pairs without trade are left out; those without an equilibrium come first, with NAN, and a note gives
 * the reason. The certificate is that of the largest residual of all solves. `options` may be NULL. Errors:
 * DR_BAD_INPUT (unknown name; no region left), DR_CANCELLED, DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_exposure_cuts(dr_table **out, const dr_model *model, const char *of, const dr_cut_options *options);

/* The same with the bands of draws of the trade elasticities, as dr_draw_bands has them: loss, loss_p5, loss_median,
 * loss_p95, and likewise of loss_value, supplier_loss and supplier_loss_value. Each draw solves all pairs anew; one
 * that has no equilibrium in a draw is left out of its quantiles. `options` may be NULL, `draws` must not; the
 * threads and the progress are those of `draws`. Errors: as both. Free with dr_table_free. */
DR_API dr_status dr_exposure_cut_bands(dr_table **out, const dr_model *model, const char *of,
                                       const dr_cut_options *options, const dr_draw_options *draws);

/* One of `parts` parts of the cut-offs of dr_exposure_cuts as the Parquet file `path`, for a run on several machines;
 * dr_draw_combine makes the table of all of them, the same as that of a single run. `part` counts from 1. Of a part
 * that is there already, *there (may be NULL) is true, and it is left alone; a damaged one is replaced. `options` may
 * be NULL. Errors: those of dr_exposure_cuts; DR_USAGE (part or parts out of range, more parts than cut-offs),
 * DR_BAD_INPUT (`path` is a part of another run, or no part; it cannot be written). */
DR_API dr_status dr_exposure_cut_part(bool *there, const char *path, const dr_model *model, const char *of,
                                      const dr_cut_options *options, size_t part, size_t parts);

/* The cuts of a single supplier of a single product, in a model whose imports are made of products: supplier,
 * product, name, sector, imports, share_of_imports (of the product), loss_at_given_costs (percent of real income:
 * what dearer goods cost at the costs of the base), and of the 200 with the largest of these, loss (in general
 * equilibrium, percent), loss_value, supplier_loss, leverage. Errors: as above; DR_BAD_INPUT (no products). */
DR_API dr_status dr_exposure_product_cuts(dr_table **out, const dr_model *model, const char *of,
                                          const dr_cut_options *options);

/* ---- Years ------------------------------------------------------------------------------------------------------ */

/* The path from the short to the long run: an equilibrium for each year after that of the table. */
typedef struct dr_transition dr_transition;

typedef struct dr_transition_options {
    size_t size; /* sizeof(dr_transition_options) */
    /* The year from which on people know of all changes and their dates; 0: that in which the first is in force. */
    int announced;
    /* How labour moves between sectors. NULL: by the mobility of the horizon, which grows from year to year; "free", in
     * every year; "fixed", never; a share of workers, such as "95%", who stay in their sector in a year, while the
     * others go where the jobs are: forward-looking moves at a cost; or a CSV with the columns from, to, share (perhaps
     * region): the share of workers of a sector who move to another one in a year. */
    const char *mobility;
    /* The share of capital in value added, such as "33%", or "accounts", the factors of the economy whose names begin
     * with "capital": capital accumulates. NULL: it does not. */
    const char *capital;
    /* A CSV with the columns region, sector, growth (perhaps year): the growth of the productivity of value added in a
     * year. With and without the changes; results are the difference that the changes make. NULL: none. */
    const char *growth;
    double discount;                                                         /* of utility in a year; 0: 0.04 */
    size_t steps;                                                            /* of each year; 0: 1 */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent; from the calling thread */
    void *user;                                                              /* passed to progress */
} dr_transition_options;

/* The trade elasticity of the last horizon that is estimated (data/elasticities/presets/years.csv), as an option of the
 * model: what the model of a path has where no other is asked for. */
DR_API const char *dr_transition_elasticity(void);

/* Solves `years` equilibria, one for each year after that of the table (docs/years.md): in_force[t] (NULL: none) has
 * the changes that are in force in year t, of the economy of the model; `in_force` NULL: there are none. The trade
 * elasticities of the model are those of the long run; in the years after the first change they are smaller, in the
 * ratio of the estimates by horizon. Each equilibrium has its certificate. The model and the scenarios must outlive
 * it. `options` may be NULL. Errors: DR_USAGE, DR_BAD_INPUT (a model with a horizon, products or rigid wages;
 * options out of range; a file, with file:line:column; a growth file without a region or sector, which is named),
 * DR_NO_SOLUTION (in a year, which is named), DR_CANCELLED, DR_MACHINE. Free with dr_transition_free. */
DR_API dr_status dr_transition_solve(dr_transition **out, const dr_model *model, const dr_scenario *const *in_force,
                                     size_t years, const dr_transition_options *options);
DR_API void dr_transition_free(dr_transition *transition);

/* The equilibrium of a year, from 0. Borrowed; NULL: there is no such year. */
DR_API const dr_solution *dr_transition_year(const dr_transition *transition, size_t year);

/* Tables of a path; changes in percent of what there would be without the scenario.
 *   years:    year, region, welfare (real income), real_wage, exports, imports (values), capital (where it
 *             accumulates), moved (percent of labour that works in other sectors than it would)
 *   lifetime: region, first, last (welfare in the first year in which a change is in force, and in the last year),
 *             discounted (the constant change of real income in all years that is worth as much as the path, whose last
 *             year lasts), static (welfare at once in the equilibrium of the last year with mobile factors, without
 *             capital that accumulates)
 *   horizons: year, horizon (years since the first change), trade_elasticity (mean over sectors, weighted by trade),
 *             standard_error, mobility (psi; NAN where labour moves at a cost), sweeps, worst_residual
 * Errors: DR_NO_SOLUTION (of the static equilibrium), DR_CANCELLED, DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_transition_years(dr_table **out, const dr_transition *transition);
DR_API dr_status dr_transition_lifetime(dr_table **out, const dr_transition *transition);
DR_API dr_status dr_transition_horizons(dr_table **out, const dr_transition *transition);
/* ---- Partial equilibrium by product ----------------------------------------------------------------------------- */

typedef struct dr_partial_options {
    size_t size; /* sizeof(dr_partial_options) */
    int year;    /* of the product flows; 0: the last */
    /* Economies and groups, commas between, each of which is one region; the others together are "rest". NULL: every
     * economy is one. */
    const char *regions;
    const char *base_tariffs; /* CSV (exporter, importer, product, tariff), names of regions; NULL: zero */
    const char *new_tariffs;  /* the same of those that change */
    /* Elasticities in absolute value; 0: 1.25, 1.5 and 5, those of the example of Francois and Hall (2003). */
    double demand, supply, substitution;
    const char *elasticities; /* CSV (product, demand, supply, substitution) of codes of any length; NULL: none */
} dr_partial_options;

/* The partial equilibrium of each product whose tariffs change, by the global simulation model (GSIM) of Francois and
 * Hall (2003), from the world's product flows alone (docs/partial.md). `tariffs`: `count` texts "BY:ON:PRODUCTS:RATE",
 * besides new_tariffs. `table`:
 *   regions  region, exports, new_exports, imports, new_imports (at world prices), producer_surplus, consumer_surplus,
 *            tariff_revenue (changes), net (their sum), over all these products
 *   products product, name, trade, new_trade and the same of all regions together
 *   prices   product, name, region, price (of what it sells, in the world, percent), composite_price (of what it buys,
 *            percent) and the same
 *   flows    product, exporter, importer, tariff, new_tariff (percent), base, new, change
 * The residual of market clearing is the fact certificate.worst_residual. Errors: DR_USAGE (another table),
 * DR_BAD_INPUT (no product flows; names, tariffs, elasticities; nothing changes), DR_NO_SOLUTION, DR_CANCELLED,
 * DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_partial_equilibrium(dr_table **out, dr_world *world, const char *table, const char *const *tariffs,
                                        size_t count, const dr_partial_options *options);

/* ---- Plans ------------------------------------------------------------------------------------------------------ */

/* A plan of least-cost diversification: taxes and subsidies on the purchases of `of` that reduce its dependence to
 * given limits at the least cost. */
typedef struct dr_plan dr_plan;

/* Whose real income a plan counts as its cost. */
typedef enum dr_plan_objective {
    /* That of all regions together: the sum of equivalent variations, less what follows from the tariffs of the base
     * (docs/model.md, "Cost of a policy"). It is zero for doing nothing and never below: instruments serve limits
     * only. */
    DR_OBJECTIVE_EFFICIENT,
    /* That of `of` alone, terms of trade included: where no limit binds, the plan is its optimal tariff. */
    DR_OBJECTIVE_OWN
} dr_plan_objective;

/* Measure of dependence: the share of `from` in ... */
typedef enum dr_share {
    DR_SHARE_OF_IMPORTS, /* the imports of the sector by `of` */
    DR_SHARE_OF_USE,     /* all use of the sector by `of` */
    /* All inputs of the sector, through every stage of production and third countries: the total share of upstream
     * output of dr_exposure_hidden, on the model's table, where all users of a good in a region buy from its suppliers
     * in the same proportion. The plan's instruments are then on all goods. */
    DR_SHARE_LOOK_THROUGH
} dr_share;

typedef struct dr_plan_options {
    size_t size;                 /* sizeof(dr_plan_options) */
    dr_plan_objective objective; /* DR_OBJECTIVE_EFFICIENT */
    /* The sectors under a cap: codes, slugs, kinds; NULL: goods, or all sectors of a world that does not classify
     * them. */
    const char *sectors;
    double cap;           /* the largest share of `from`, a fraction above 0 */
    const char *cap_file; /* CSV with the columns sector or, with products, product, and cap, instead; NULL: none */
    const char *caps;     /* the same as text */
    dr_share share;       /* DR_SHARE_OF_IMPORTS */
    /* Above 0: the largest concentration of the suppliers of each sector, the Herfindahl-Hirschman index of the imports
     * of `of` (up to 1), alone or beside caps. */
    double max_concentration;
    /* Instruments in each sector, separated by commas: "tariff" on purchases from `from`, "others" (subsidy on
     * purchases from elsewhere), "home" (subsidy on purchases within `of`); NULL: tariff. */
    const char *levers;
    double most_tariff, most_support; /* largest rates; 0: 10 (1,000%) and 0.5 */
    /* Above 0: instead of the least-cost plan within caps, the lowest share over all these sectors together that costs
     * at most this, percent of the real income of `of`. */
    double budget;
    /* The loss of real income of `of` if `from` cuts off the supply of these sectors, in the short run (horizon
     * "short", with the model's closure and rigid wages) that begins at the equilibrium under the plan. Above 0: the
     * largest loss, percent, alone or beside caps. */
    double max_loss;
    /* Above 0: the annual probability of a cut-off, a fraction. Without caps and limits, the plan maximises expected
     * real income. */
    double risk;
    /* Stockpile: months of use of the goods from `from` that it covers, 0 to 12; it reduces the loss by this part of a
     * year. */
    double stock;
    double stock_cost; /* annual cost of carrying it, as a fraction of its value; 0: 0.1 */
    /* Allows `of` and `from` to be members of a group that is named; false: this is an error. */
    bool inside;
    /* Number of starting values of the search: a guess, no policy, then random ones, always the same; 0: 2. */
    size_t starts;
    int threads; /* 0: all processors; the result does not depend on it */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
    /* Instead of caps by sector: the cap is on each supplier, one region of `from`, of each of these products: codes of
     * the Harmonized System, "critical", "strategic", "chpl", commas between, or a CSV with the column product; in a
     * model with products in a nest. NULL: by sector. With it only cap, most_tariff and progress, and the objective
     * efficient. */
    const char *products;
    /* Changes that hold with and without the plan: what it reaches and costs is measured from the equilibrium under
     * them, and the scenario of the plan (dr_plan_write) has them, too. No changes of products, prices of carbon, or
     * limits whose rent is lost, and on purchases with instruments no tariff-rate quota; not with products, max_loss,
     * risk, and look-through shares. Borrowed: must outlive the plan. NULL: none. */
    const dr_scenario *changes;
} dr_plan_options;

/* Finds the plan of `of` (regions and groups) against dependence on `from`. Rates differ by sector and kind of
 * supplier, and are the same for all regions of `of`. Tariffs and subsidies are percentage points added to the base
 * tariffs (dr_scenario_tariff with `add`), never to below -99%; revenue is income of the buyer, who also pays
 * subsidies. The cost is that of the objective; with DR_OBJECTIVE_OWN it is negative where a tariff improves the terms
 * of trade by more. A share of several suppliers is their share together. Solved by an interior-point method on adjoint
 * derivatives, from several starting values; the first-order conditions are recomputed, and a residual beyond 1e-6 is
 * an error. The result is a local optimum. One of these is asked for:
 *   caps (cap or cap_file), max_concentration and max_loss, or several of them: the least-cost plan within them
 *   budget: the lowest share attainable at that cost
 *   risk p alone: the plan with the highest expected real income, W - p (1 + W) L - S, with W the cost of the plan with
 *     the sign of a gain, L the loss in a cut-off after it, and S the cost of the stockpile (docs/plan.md)
 * A cut-off is a ban of the sectors' goods from `from`, in the short run that begins at the plan's equilibrium; a
 * stockpile of m months leaves 1 - m / 12 of its loss. The model must outlive the plan. Errors: DR_USAGE (a budget
 * together with limits; a stockpile without a cut-off), DR_BAD_INPUT (names; a cap, risk or limit out of range; no
 * purchases from there), DR_NO_SOLUTION (a cap or loss that cannot be reached within the bounds, with the sector; a
 * cut-off without any other supplier, with the good; no optimum), DR_CANCELLED, DR_MACHINE. Free with dr_plan_free. */
DR_API dr_status dr_plan_new(dr_plan **out, const dr_model *model, const char *of, const char *from,
                             const dr_plan_options *options);
DR_API void dr_plan_free(dr_plan *plan);

/* The equilibrium under the plan, for any of the tables of a solution. Borrowed. */
DR_API const dr_solution *dr_plan_solution(const dr_plan *plan);

/* Writes the tariffs and subsidies of a plan as a scenario (dr_scenario_write), whose equilibrium is that of the plan.
 * Errors: those of dr_scenario_write. */
DR_API dr_status dr_plan_write(const dr_plan *plan, const char *path);

/* The plan, one row per sector with an instrument, in descending order of the shadow price of the cap:
 *   sector, purchases (imports, or all use, of it; base), share (of `from` in it, base), cap, new_share, shadow_price
 *     (the annual cost of the last percentage point of the cap, in the unit of the world; 0 where it does not bind),
 *     for the instruments in use tariff, support_others, support_home (rates in percent), and with max_concentration
 *     concentration (base), new_concentration and concentration_price (the annual cost of the last hundredth)
 * and as facts its cost (plan.cost, percent of the real income of `of`; plan.cost_value, annual), the parts of it that
 * dr_plan_costs lists (annual values), plan.share (over all these sectors; before and after), the residual of the
 * Karush-Kuhn-Tucker conditions (certificate.kkt), evaluations, the numbers of starting values (certificate.starts) and
 * of those that led to another cost (certificate.starts_elsewhere). `cap` and `shadow_price` are NAN where there are no
 * caps. With max_loss or risk also, in percent of real income, plan.loss_before and plan.loss (in a cut-off, without
 * and with the plan, net of the stockpile), plan.break_even (the probability above which the plan pays: its cost over
 * the loss that it avoids; NAN: none), with risk plan.expected_gain and plan.expected_gain_value (relative to no plan),
 * and with a stockpile plan.stock_cost, plan.stock_cost_value and plan.stock_break_even. With DR_SHARE_LOOK_THROUGH,
 * purchases (inputs), share and cap of a row are those of the sector as a user of inputs. Errors: DR_MACHINE. Free with
 * dr_table_free. */
DR_API dr_status dr_plan_sectors(dr_table **out, const dr_plan *plan);

/* A plan by product (dr_plan_options.products), one row for each supplier of a product that is above its cap in the
 * base or has a tariff, in descending order of the shadow price:
 *   product, name, material (strategic raw material), sector, supplier, imports (of the product by `of`, from all;
 *     base), share (of the supplier, base), cap, new_share, tariff (percent), shadow_price (the annual cost of the last
 *     percentage point of the cap), reached ("no": no tariff within the bound meets the cap, and there is none)
 * and the suppliers of the products with a tariff, each product's in ascending order of change: who replaces whom:
 *   product, name, supplier, imports, new_imports (values without tariff), change, share, new_share
 * Tariffs are on suppliers that would be above their caps, and on no others. Facts as of dr_plan_sectors, plan.products
 * (asked for and bought), plan.above (with a supplier above its cap), plan.out_of_reach, and plan.elsewhere (the lowest
 * derivative of the cost by ln(1 + tariff) of another supplier, percent of real income, at most 0). Errors:
 * DR_BAD_INPUT (a plan by sector; a table of sectors, bands, curve or summary of one by product), DR_MACHINE. Free with
 * dr_table_free. */
DR_API dr_status dr_plan_products(dr_table **out, const dr_plan *plan);
DR_API dr_status dr_plan_suppliers(dr_table **out, const dr_plan *plan);

/* What a plan costs, and whom: columns item, value (annual, in the unit of the world) and percent (of the real income
 * of `of`), with the name of the fact that dr_plan_sectors gives for each row:
 *   less dependence (plan.dependence_value)     the cost to all regions together, without what follows from the tariffs
 *                                               of the base; never below 0
 *   terms of trade (plan.terms_of_trade_value)  moved from the other regions to `of`
 *   own tariffs (plan.own_tariffs_value)        of the base: what they would raise more at the prices of the base, as a
 *                                               gain of `of`
 *   other tariffs (plan.other_tariffs_value)    the same of the other regions
 *   own loss (plan.own_loss_value)              of `of`: less dependence - terms of trade - own tariffs
 *   loss of others (plan.others_loss_value)     terms of trade - other tariffs
 *   loss of all (plan.all_loss_value)           the sum of both
 *   revenue, support (plan.revenue, plan.support) of the plan's instruments
 *   against nothing (plan.cost_value)           the cost of the objective, against doing nothing
 *   against the best (plan.against_best_value)  against the best policy for the objective without caps and limits; for
 *                                               DR_OBJECTIVE_EFFICIENT that is doing nothing. Not under a budget or a
 *                                               risk alone
 * Errors: DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_plan_costs(dr_table **out, const dr_plan *plan);

/* A table of a plan, "sectors", "costs" or "regions" (dr_plan_sectors, dr_plan_costs, dr_solution_regions of its
 * equilibrium), with the bands of draws of the trade elasticities, as dr_draw_bands has them. The plan is the one found
 * at the estimates: each draw solves its tariffs and subsidies anew, but no other plan is sought. Bands are those of
 * new_share and new_concentration in the table of sectors, and of all numbers in the others. Errors: DR_USAGE (another
 * table), DR_BAD_INPUT (look-through shares), those of dr_draw_bands. "draws": costs of each draw, as dr_draw_all. */
DR_API dr_status dr_plan_bands(dr_table **out, const dr_plan *plan, const char *table, const dr_draw_options *options);

/* A plan in sentences, columns about and says: the question, the answer, what drives it, how sure it is, and what the
 * model leaves out. Errors: DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_plan_summary(dr_table **out, const dr_plan *plan);

/* The frontier of dependence and cost: the least-cost plan for each of `points` caps (2 to 1000), from the largest
 * share of any of the sectors in the base down in equal steps, each search starting from the previous plan. `options`
 * as in dr_plan_new, without cap, cap_file, budget and limits. One row per plan: cap, share (of `from`, over all these
 * sectors), cost (of the objective, percent of the real income of `of`), cost_value (annual), own_loss and others_loss
 * (annual values: of `of`, of the other regions), shadow_price (the annual cost of the last percentage point of the
 * cap: the slope), revenue, support and, with risk or max_loss, loss (in a cut-off, percent) and break_even; the worst
 * residual is the fact certificate.kkt. The first row is doing nothing; with DR_OBJECTIVE_OWN it has no cap (NAN), as
 * the plan without a binding cap is the optimal tariff, which follows. The frontier ends where no plan meets a cap, and
 * a note gives the reason. Errors: DR_USAGE (points), others as dr_plan_new. Free with dr_table_free. */
DR_API dr_status dr_plan_curve(dr_table **out, const dr_model *model, const char *of, const char *from,
                               const dr_plan_options *options, size_t points);

/* A plan for each of `years` years after that of the table, within caps that fall from year to year: the cheapest
 * path, as years are tied to each other by the horizon alone, the years since the first cap, which sets trade
 * elasticities and the mobility of labour (docs/years.md). `caps` lists years and the caps from then on,
 * "2012:50%,2015:30%"; NULL: the cap of the options in all years. `options` as in dr_plan_new, with caps by sector
 * alone; `discount` of a year, 0: 0.04. One row per year: year, cap, part_of_elasticity (trade elasticities over
 * those of the long run), share (of `from`, over all these sectors), cost (of the objective, percent of the real
 * income of `of`), cost_value (annual), shadow_price, revenue and support; before the first cap only the year.
 * Facts: plan.discounted_cost (percent) and plan.discounted_cost_value, the constant annual cost that is worth as
 * much, the last year lasting; it is what a year of delay of all caps saves once. Errors: DR_USAGE, DR_BAD_INPUT
 * (caps; a model that cannot be that of a path; names), DR_NO_SOLUTION (in a year, which is named), DR_CANCELLED,
 * DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_plan_years(dr_table **out, const dr_model *model, const char *of, const char *from,
                               const dr_plan_options *options, size_t years, const char *caps, double discount);

/* ---- Games ------------------------------------------------------------------------------------------------------ */

/* A trade-policy game. Players choose tariffs, export taxes and export curbs for their own aims; or, in coercion,
 * coalition and delay games, many scenarios between two sides are solved: scans over sets of goods or partners, or
 * subsidies against a path of caps. */
typedef struct dr_game dr_game;

typedef struct dr_game_options {
    size_t size;   /* sizeof(dr_game_options) */
    size_t most;   /* maximum number of rows of the coercion table; 0: all */
    size_t starts; /* number of starting values of the game; 0: 2, those of the file and random ones */
    int threads;   /* 0: all processors; the result does not depend on it */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
} dr_game_options;

/* Reads a game from a YAML file (docs/play.md). Tariffs of a player are percentage points added to those of the base,
 * and their revenue is its income; so is that of its export taxes, which are on the earnings of its producers, and of
 * its taxes on production and use. Its quotas and export curbs limit volumes, whose rent it receives. The list
 * `changes` of a file holds whatever players do, and results include its effect. The model must outlive the game.
 * Errors: DR_BAD_INPUT with file:line:column (names, bounds, a region that is in two players, an aim without a target,
 * too few players), DR_MACHINE. Free with dr_game_free. */
DR_API dr_status dr_game_load(dr_game **out, const dr_model *model, const char *path);

/* The same from `size` bytes of YAML in memory, called `name` in messages. */
DR_API dr_status dr_game_parse(dr_game **out, const dr_model *model, const char *text, size_t size, const char *name);
DR_API void dr_game_free(dr_game *game);

/* Solves the game, whose kind the file gives:
 *   best-response  the best response of one player to the policies of the others in the file
 *   nash           a Nash equilibrium: the first-order conditions of all players together; where these do not lead to
 *                  one, best responses in turn until none moves ln(1 + rate) by more than 1e-7
 *   stackelberg    the best policy of the leader, given the best response of the follower to any
 *   coercion       exports that `by` could withhold from `of`: each sector and pair of sectors, and the most promising
 *                  larger sets; optionally also after a plan of `of`
 *   delay          for a path of caps on the share of `by` in the imports of `of`, each met by the tariffs of a plan
 *                  (dr_plan_new): the least-cost subsidies by which `by` maintains its share, year by year
 *   coalition      partners that join `of` in a tariff, an export curb or a ban against `against`: all sets of up to 12
 *                  partners; with more of them, sampled orders
 * Best responses are found by an interior-point method on exact derivatives. The first-order conditions of every player
 * are recomputed at the outcome, and a residual beyond 1e-6 is an error. `options` may be NULL. Errors: DR_NO_SOLUTION
 * (no equilibrium found; a share that no subsidy maintains), DR_CANCELLED, DR_MACHINE. */
DR_API dr_status dr_game_solve(dr_game *game, const dr_game_options *options);

/* Tables of a game that is solved. The outcome
 *   of players: player, aim, welfare (change of real income, percent), welfare_value (annual), regret (the most that
 *             the player could gain by another policy of its own, found by searches from other starting values: percent
 *             of real income), at_bounds (number of rates at a bound), settings (number of rates); regret is NAN for
 *             players without a choice; the fact certificate.kkt is the largest residual of the first-order conditions
 *   of coercion, in descending order of leverage: withheld (sectors, separated by +), goods (their number), imports
 *             (base), loss (of `of`, percent of real income), loss_value, own_loss (of `by`), own_loss_value, leverage
 *             (loss over own_loss; NAN where `by` does not lose); with a plan that comes first, imports_after,
 *             loss_after, own_loss_after, leverage_after
 *   of a coalition: partner, first and first_against (the effect of its joining alone on `of` and `against`, percentage
 *             points), own (on itself), shapley and shapley_against (its Shapley values, likewise), with sampled orders
 *             error and error_against (standard errors); facts coalition.together and coalition.together_against (the
 *             effect of all beyond the sum of first)
 *   of a delay: year, cap, share_without (under the tariffs of the plan), share (with the response), price_cut (a
 *             fraction), subsidies (annual), cost (of the response to `by`, percent of real income), cost_value,
 *             gain_of (to `of`, percentage points); facts delay.years (number of years in which the share would be
 *             lower), delay.cost_value
 * The other tables:
 *   settings (of players): player, instrument ("tariff", "export tax", "export curb"), with, sector ("all": one rate),
 *             trade (base), rate (percent; the cut of a curb), bound ("least", "most" or ""), with curbs wedge (between
 *             the prices of seller and buyer, percent)
 *   summary   sentences: about (the subject), says (gains and losses, policies, binding bounds, reliability)
 * Free with dr_table_free. Errors: DR_USAGE (not solved; no settings), DR_MACHINE. */
DR_API dr_status dr_game_outcome(dr_table **out, const dr_game *game);

/* The table "outcome" or "regions" of a game with players that has been solved (dr_game_outcome, dr_solution_regions
 * of its equilibrium), with the bands of draws of the trade elasticities, as dr_draw_bands has them. The policies
 * are those of the outcome at the estimates: each draw solves them anew, but players do not choose again. Bands of
 * the outcome are those of welfare and welfare_value. "draws": these of each draw, as dr_draw_all. Errors: DR_USAGE
 * (another table; not solved; a game without players), and those of dr_draw_bands. Free with dr_table_free. */
DR_API dr_status dr_game_bands(dr_table **out, const dr_game *game, const char *table, const dr_draw_options *options);
DR_API dr_status dr_game_settings(dr_table **out, const dr_game *game);
DR_API dr_status dr_game_summary(dr_table **out, const dr_game *game);

/* Best-response functions of a solved game of two players with one rate each: for each player, one row for each of
 * `points` (2 to 1000) rates of the other, from its lower bound to twice its rate in the outcome, and one row for the
 * outcome: curve (the player whose best response it is), rate_1, rate_2 (of the first and the second player, percent),
 * welfare_1, welfare_2 (change of real income, percent). Rates without a response are left out. `options` (may be
 * NULL): only progress is used. Errors: DR_USAGE (points; other games), DR_NO_SOLUTION, DR_MACHINE. Free with
 * dr_table_free. */
DR_API dr_status dr_game_map(dr_table **out, dr_game *game, size_t points, const dr_game_options *options);

/* The equilibrium of the outcome. Borrowed; NULL if the game is not solved, or has no players. */
DR_API const dr_solution *dr_game_solution(const dr_game *game);

/* Writes the policies of all players in the outcome as a scenario (dr_scenario_write), whose equilibrium is that of the
 * outcome. Errors: DR_USAGE (not solved; a game without players, whose outcome is no single policy), and those of
 * dr_scenario_write. */
DR_API dr_status dr_game_write(const dr_game *game, const char *path);

/* ---- Dynamics --------------------------------------------------------------------------------------------------- */

typedef enum dr_propagate_table {
    DR_PROPAGATE_REGIONS, /* one row for each region and group, and for the world */
    DR_PROPAGATE_PATH,    /* and for each step */
    DR_PROPAGATE_SECTORS, /* one row for each sector of each region that has output */
    DR_PROPAGATE_SUMMARY  /* sentences: what happens, what drives it, how sure it is, and what the model leaves out */
} dr_propagate_table;

typedef struct dr_propagate_options {
    size_t size;                                                             /* sizeof(dr_propagate_options) */
    int year;                                                                /* 0: the last */
    bool weekly;                                                             /* steps of a week; default: of a day */
    int steps;                                                               /* 0: a year (365 days, 52 weeks) */
    dr_propagate_table table;                                                /* DR_PROPAGATE_REGIONS */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
    size_t draws;            /* of inventories and times, for bands; 0: none */
    unsigned long long seed; /* of their random numbers */
    double error;            /* their standard deviation, relative to the value in the file or by default */
} dr_propagate_options;

/* The propagation of a supply stop from day to day: a dynamic input-output model with inventories, bottlenecks and
 * rationing (docs/propagate.md: Hallegatte 2014; Inoue & Todo 2019). `shock` is the path of a YAML file. Volumes at
 * base prices; changes in percent of the base.
 *   regions: region, value_added (without the shock, over the run), loss (of it), loss_share (percent), lowest (change
 *            on the worst day), lowest_day, recovered_day (from which on it stays within 0.1% of the base; NAN: never
 *            below, or not recovered), end (change on the last day), rest (change in the steady state, with the stops
 *            that never end), final_use (over the run)
 *   path:    day (first of the step), region, value_added, final_use, inventories, residual (conservation of goods in
 *            the step)
 *   sectors: region, sector, held_by (the constraint on output on the worst day: an input, "capacity" or "demand"),
 *            output, loss, loss_share, lowest, lowest_day, recovered_day, end, rest
 *   summary: about, says
 * With draws, the numbers of the regions have bands (loss, loss_p5, loss_median, loss_p95, ...), and the sentences of
 * the summary too: each draw multiplies the inventories of each product, and the times in which buyers restock and
 * capacity follows demand, by log-normal factors of their own with mean 1 and the standard deviation `error`, and runs
 * anew. The result is the same on any number of threads. `options` may be NULL. Errors: DR_USAGE (steps; draws of
 * another table), DR_BAD_INPUT (file, names, year; draws without an error), DR_NO_SOLUTION (goods are lost beyond
 * 1e-9), DR_CANCELLED, DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_propagate(dr_table **out, dr_world *world, const char *shock, const dr_propagate_options *options);

/* ---- Structural gravity ----------------------------------------------------------------------------------------- */

/* Structural gravity for one sector, with estimated trade costs. Regions R; exporter i, importer n. */
typedef struct dr_structural_data {
    size_t regions;
    const char *const *codes;  /* R */
    const double *output;      /* R: Y, above 0 */
    const double *expenditure; /* R: E, above 0; the same sum as Y */
    /* R x R [i, n]: t^(1 - sigma) in the base, 0 or more: exp(pair effect + contribution of agreements). */
    const double *cost;
    const double *counterfactual; /* R x R: the same in the counterfactual */
    double sigma;                 /* elasticity of substitution, above 1 */
    const char *reference;        /* region whose inward resistance is 1; NULL: the first */
} dr_structural_data;

/* General equilibrium of structural gravity (Anderson & van Wincoop 2003) as in Anderson, Larch & Yotov (2018,
 * "GEPPML"),
 *
 *   X(i,n) = Y(i) E(n) (t(i,n) / (Pi(i) P(n)))^(1 - sigma)
 *   Pi(i)^(1 - sigma) = sum_n (t(i,n) / P(n))^(1 - sigma) E(n)         P(n)^(1 - sigma) = sum_i (t(i,n) / Pi(i))^(1 -
 *     sigma) Y(i)
 *
 * with P = 1 for the reference: once for given Y and E (conditional), and once for given endowments (full), in which
 * factory-gate prices p change as (Y / Pi^(1 - sigma))^(1/(1 - sigma)), output in proportion to p, and expenditure is E
 * / Y of the base times output, scaled so that world expenditure equals world output. One row per region: region,
 * output, expenditure, exports (to others, in the base's equilibrium), then percent changes from base to
 * counterfactual: exports_conditional, inward_conditional and outward_conditional (P, Pi), exports_full, inward_full,
 * outward_full, price, output_full, expenditure_full, real_gdp (Y / P), welfare (E / P). The fact certificate.residual
 * is the largest relative difference between a sum of X and the Y or E that it must equal, or between a price and the
 * one that the resistances imply. Errors: DR_BAD_INPUT (a number out of range, sums that differ, unknown reference),
 * DR_NO_SOLUTION (no convergence, or a residual beyond 1e-9), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_structural_gravity(dr_table **out, const dr_structural_data *data);

/* ---- Stored runs ------------------------------------------------------------------------------------------------ */

/* Stores the tables of a solution (curbs if there are export curbs or quotas), which was solved for under `scenario`
 * (the same object, unchanged since; NULL: none), under `name` in the world file at `path` (which must not be open
 * here). Errors: DR_BAD_INPUT (the name is taken), DR_MACHINE. */
DR_API dr_status dr_solution_store(const dr_solution *solution, const dr_scenario *scenario, const char *path,
                                   const char *name);

/* The runs stored in a world, one row each; and a table (regions, sectors, flows, decomposition, curbs) of the run
 * `name`. Errors: DR_BAD_INPUT (no such run or table, with the nearest name), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_world_runs(dr_table **out, dr_world *world);
DR_API dr_status dr_world_run(dr_table **out, dr_world *world, const char *name, const char *table);

#ifdef __cplusplus
}
#endif

#endif
