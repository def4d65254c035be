/*
 * derisk: what depends on what in world trade, what a break would cost, and what the cheapest way out is.
 *
 * This header is the manual of the library. A program goes through five objects, in this order:
 *
 *   dr_world      an inter-country input-output database in one file (regions, sectors, years, groups, sources)
 *   dr_economy    one year of it in memory: flows between regions by sector, inputs, final use, tariffs
 *   dr_scenario   a list of changes to trade policy: tariffs, trade costs, bans
 *   dr_model      the economy calibrated as a general-equilibrium model, with its trade elasticities
 *   dr_solution   the equilibrium under a scenario, with the certificate that anyone can recompute
 *
 * and reads results as a dr_table, which can be written as text, CSV, JSON or Parquet:
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
 * Conventions. What comes back through `out` belongs to the caller and is freed by the function named _free (or _close);
 * these take NULL. What a getter returns belongs to its object. Functions that can fail return a dr_status, leave *out
 * alone on failure, and describe the failure, in one line, in dr_error_text(). Nothing is printed by the library except
 * what dr_table_write is asked to write. Objects may be used from any thread, but one object by one thread at a time;
 * a dr_economy and a dr_model are constant once made, and many threads may solve one model at once. Numbers are written and read
 * with a decimal point, whatever locale the program has set. The library handles no signals: a program that ignores SIGXFSZ gets
 * DR_MACHINE where a limit on the size of files is met.
 *
 * What is checked. A call that is wrong in itself fails with DR_USAGE and a line that names the function and the argument:
 *   - NULL for `out`, an object, a text, a list or an entry of it, where the text on the function does not allow it
 *   - a value outside its enum; a count, tolerance or number of threads out of range. Asking for more threads than there is work
 *     is fine: there are as many as there is work for, 1024 at most
 *   - a scenario of another economy than the model or solution that it is for
 * A wrong name, number or file is DR_BAD_INPUT, and so is NULL for a text to parse. Functions that cannot fail have an answer for
 * everything: 0, -1, NAN, "" or NULL for an index beyond the end, and for an object that is NULL.
 * The caller's duty is what the library cannot see: pointers are to live objects of their type, texts end in a zero byte, arrays
 * are as long as their counts say; no object is used by two threads at once or after it is freed; what an object needs outlives it
 * (the economy of a scenario or model, the model of a solution, plan or game); a scenario does not change between a solution and
 * its derivatives.
 *
 * Arrays are row-major: x[n, i, s] of shape R x R x S is x[(n * R + i) * S + s]. Indices: n importer, i exporter,
 * k supplying sector, s using sector. Values are in the unit of the world (million US dollars, current prices, unless its
 * year table says otherwise), tariffs and shares are fractions (0.25 is 25%).
 */
#ifndef DERISK_H
#define DERISK_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DR_API __attribute__((visibility("default")))

#define DR_VERSION "0.1.0"

/* The same for #if: 10000 times the major number, 100 times the minor one and the patch level. */
#define DR_VERSION_NUMBER 100

/* Options. A struct of options says in its first member how large it is in the header that the program was compiled with, so that a
 * later library, whose structs may have more members, takes the program's as they are: members beyond `size` are at their default, which
 * is 0 in all of them. Another size, 0 too, is DR_USAGE. In C, as an argument or as a variable:
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

/* One line on the last failure in this thread: where, what, what was expected, and the nearest right name; where a formula is wrong,
 * two more, with a caret under the place. Borrowed; good until the next failure in this thread. Empty when nothing has failed. */
DR_API const char *dr_error_text(void);

/* The version of the library, such as "0.1.0". */
DR_API const char *dr_version(void);

/* ---- Cancelling ------------------------------------------------------------------------------------------------- */

/* Stops from outside what a thread does. Solves, draws, scans of ties, plans and games of a thread that watches one look at it once in a
 * sweep, draw or evaluation, and fail with DR_CANCELLED soon after dr_cancel_now; nothing half-made is left. */
typedef struct dr_cancel dr_cancel;

/* Errors: DR_MACHINE. Free with dr_cancel_free, when no thread watches it any more. */
DR_API dr_status dr_cancel_new(dr_cancel **out);
DR_API void dr_cancel_free(dr_cancel *cancel);

/* Cancels, for good; from any thread, or a signal's handler. */
DR_API void dr_cancel_now(dr_cancel *cancel);

/* From here on the calling thread watches this one, and no other; NULL: none. Returns what it watched before. */
DR_API const dr_cancel *dr_cancel_watch(const dr_cancel *cancel);

/* ---- Tables of results ------------------------------------------------------------------------------------------ */

/* A table with named, typed columns; with a title, facts (settings, certificate) and notes (what was done and why). */
typedef struct dr_table dr_table;

typedef enum dr_format { DR_FORMAT_TEXT, DR_FORMAT_CSV, DR_FORMAT_JSON, DR_FORMAT_PARQUET, DR_FORMAT_LATEX } dr_format;

DR_API size_t dr_table_rows(const dr_table *table);
DR_API size_t dr_table_columns(const dr_table *table);

/* The name of a column, as in every machine format. Borrowed. */
DR_API const char *dr_table_column(const dr_table *table, size_t column);

/* The index of the column of that name, or -1. */
DR_API int dr_table_find(const dr_table *table, const char *column);

/* Whether a row is of one thing (a region, a sector, a supplier...), or sums up rows of the same table. */
typedef enum dr_row_kind {
    DR_ROW_ONE,
    DR_ROW_GROUP, /* several of them: a group of regions; its members have rows of their own */
    DR_ROW_TOTAL  /* all of them: what the rest of the table, or of its part, adds up to */
} dr_row_kind;

/* The kind of a row: whoever adds rows up, or shows them beside each other, needs no names to leave sums out. In JSON the member "sums" has
 * the places of such rows, {"group": [...], "total": [...]}; CSV and Parquet have the rows alone. */
DR_API dr_row_kind dr_table_row_kind(const dr_table *table, size_t row);

/* The text in a cell, "" for a column of numbers. Borrowed. */
DR_API const char *dr_table_text(const dr_table *table, size_t row, size_t column);

/* The number in a cell; NAN for a column of text or an empty cell. */
DR_API double dr_table_number(const dr_table *table, size_t row, size_t column);

/* A numeric fact of the table by its dotted name, such as "certificate.worst_residual"; NAN if there is none. */
DR_API double dr_table_fact(const dr_table *table, const char *name);

/* Writes the table to the file `path`, whole or not at all, or to standard output if `path` is NULL. CSV and Parquet hold
 * the rows, all digits; JSON the facts, notes and rows; text is for people; LaTeX is a booktabs table, rounded as text is. Errors: DR_USAGE (Parquet to a terminal),
 * DR_BAD_INPUT (a folder, or none there; text that is not UTF-8), DR_MACHINE (cannot write). */
DR_API dr_status dr_table_write(const dr_table *table, dr_format format, const char *path);

DR_API void dr_table_free(dr_table *table);

/* ---- The world file --------------------------------------------------------------------------------------------- */

/* An open world file: a DuckDB database that anyone can also open with SQL. Opened for reading only. */
typedef struct dr_world dr_world;

/* Opens the world file at `path` for reading. Errors: DR_BAD_INPUT (missing, not a world, of a newer schema), DR_MACHINE (a
 * program is writing to it, no permission). Close with dr_world_close. */
DR_API dr_status dr_world_open(dr_world **out, const char *path);
DR_API void dr_world_close(dr_world *world);

/* Regions and sectors in their stored order; code is the short name used in scenarios and tables. Borrowed. */
DR_API size_t dr_world_regions(const dr_world *world);
DR_API const char *dr_world_region_code(const dr_world *world, size_t region);
DR_API const char *dr_world_region_name(const dr_world *world, size_t region);
/* The ISO 3166 codes of the countries that a region is made of, '|' between; "" where the world does not know them. */
DR_API const char *dr_world_region_parts(const dr_world *world, size_t region);
DR_API size_t dr_world_sectors(const dr_world *world);
DR_API const char *dr_world_sector_code(const dr_world *world, size_t sector);
DR_API const char *dr_world_sector_name(const dr_world *world, size_t sector);

/* Years in ascending order. */
DR_API size_t dr_world_years(const dr_world *world);
DR_API int dr_world_year(const dr_world *world, size_t index);

/* What the world holds: one row per fact (regions, sectors, years, groups with members, sources, import checks). */
DR_API dr_status dr_world_info(dr_table **out, dr_world *world);

/* Checks everything that docs/world.md promises of a world, and tells it line by line: check, of (what was checked), found (texts).
 * Reads all numbers of all years. Errors: DR_BAD_INPUT (the first thing that is wrong), DR_MACHINE. */
DR_API dr_status dr_world_check(dr_table **out, dr_world *world);

/* Writes the stored table `name` (see docs/world.md) to `path` or, if NULL, to standard output; streamed, so that it may be
 * larger than memory. Errors: DR_BAD_INPUT (no such table: the nearest name is given), DR_MACHINE. */
DR_API dr_status dr_world_export(dr_world *world, const char *name, dr_format format, const char *path);

/* Makes a new world at `to` whose regions and sectors are sums of those of `world`. Each map is a CSV with the columns
 * `region, to` (or `sector, to`), optionally `name` (and for sectors `slug, kind, isic_rev3`) of the new one; NULL keeps them.
 * Every flow is kept, so every total is the same to rounding (checked to 1e-9). A new region belongs to a group while all
 * its parts do. Product flows, energy and materials are copied as they are; products go to the new sectors. Errors: DR_BAD_INPUT
 * (unknown, missing or twice-mapped code; `to` exists), DR_MACHINE. */
DR_API dr_status dr_world_aggregate(dr_table **report, dr_world *world, const char *region_map, const char *sector_map,
                                    const char *to);

/* ---- Import ----------------------------------------------------------------------------------------------------- */

typedef struct dr_import_options {
    size_t size;         /* sizeof(dr_import_options) */
    int year;            /* year of the table; 0: from the file name */
    const char *sectors; /* CSV `code, name, slug, kind, isic_rev3`; NULL: codes only */
    const char *regions; /* CSV `code, name, parts`; NULL: names of the ISO 3166 codes */
    const char *source;  /* CSV `id, title, publisher, licence, url, unit`; NULL: the file is its own source */
    bool strict;         /* findings are errors */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
    const char *classification; /* product flows: what their codes are of, such as "HS17"; NULL: as the files say */
    const char *concordance;    /* product flows: CSV `product, sector` or `product, isic_rev3`; NULL: derisk's own */
} dr_import_options;

/* Reads files of any format that derisk knows (docs/import.md) and recognises by their content into the world at `to`, as the function
 * of that format below does. A path may be a file, plain or compressed (gzip, bzip2, xz, zstd); an archive (zip, 7z, tar), whose
 * tables are read in place; a path into one ("tables.zip/2011.csv"); or a folder. Of several years `options->year` chooses one. All
 * files are of one format. Errors: DR_BAD_INPUT (a file that is no table: what it looks like, and what to do). */
DR_API dr_status dr_import(dr_table **report, const char *const *files, size_t count, const char *to,
                           const dr_import_options *options);

/* Reads inter-country input-output tables whose rows and columns have labels, one file a year: the OECD's ICIO in all its editions, in
 * which the parts of China and Mexico are added up to their country, and Eurostat's FIGARO as a matrix (docs/import.md); into
 * the world at `to`, which is made if there is none; a year already there is replaced. All files or none. `report` (may be
 * NULL) gets one row per finding: what was checked, what was found, what was done about it.
 * Memory: two tables, 8 (R S)(R S + R U) bytes each. Errors: DR_BAD_INPUT with file:line:column, DR_MACHINE. */
DR_API dr_status dr_import_icio(dr_table **report, const char *const *files, size_t count, const char *to,
                                const dr_import_options *options);

/* Reads a folder of plain tables in the long format (docs/import.md: flows, inputs, final, value_added, ...) as one year. */
DR_API dr_status dr_import_long(dr_table **report, const char *folder, const char *to,
                                const dr_import_options *options);

/* Files of product flows. */
typedef enum dr_product_layout {
    DR_BACI,     /* CEPII's BACI: t, i, j, k, v, q */
    DR_COMTRADE, /* UN Comtrade's API, or a table reporter, partner, year, product_code, value */
    DR_COMEXT    /* Eurostat's Comext (DS-045409), bulk files and older dumps */
} dr_product_layout;

/* Reads product flows (docs/import.md), CSV (plain or gzip) or Parquet, into the world at `to`, which is made if there is none
 * and may hold product flows only; years already there are replaced. All files or none. `report` as above. Streamed: memory does
 * not grow with the files but for 12 bytes a flow of one year. Of the options, year, sectors and regions say nothing here. Errors:
 * DR_BAD_INPUT with file:line:column (a cell that is no number, two classifications), DR_MACHINE. */
DR_API dr_status dr_import_products(dr_table **report, dr_product_layout layout, const char *const *files, size_t count,
                                    const char *to, const dr_import_options *options);

/* Reads physical imports of energy by partner (Eurostat's nrg_ti tables, or geo, partner, product, unit, year or month, value), CSV or
 * Parquet, into the world at `to`; months add up to years, and a year of a fuel and unit that is there is replaced. */
DR_API dr_status dr_import_energy(dr_table **report, const char *const *files, size_t count, const char *to,
                                  const dr_import_options *options);

/* Reads shares of countries in the supply of raw materials (Material, Stage, Country, Share, t): two files, of the world's supply and
 * of the EU's, and a third one of published scores (Material, Year, SR), if there is one. What the world at `to` holds of them is
 * replaced. */
DR_API dr_status dr_import_materials(dr_table **report, const char *const *files, size_t count, const char *to,
                                     const dr_import_options *options);

/* ---- Gravity -------------------------------------------------------------------------------------------------------- */

/* What is done with what a country sells to itself. */
typedef enum dr_domestic {
    DR_DOMESTIC_OWN, /* each country's is a pair of its own */
    DR_DOMESTIC_ONE, /* all of it is one level of the effect `pair` */
    DR_DOMESTIC_DROP /* it is left out */
} dr_domestic;

/* Small-sample factors of standard errors (docs/gravity.md has them). */
typedef enum dr_errors { DR_ERRORS_STATA, DR_ERRORS_R, DR_ERRORS_NONE } dr_errors;

typedef struct dr_gravity_options {
    size_t size; /* sizeof(dr_gravity_options) */
    /* "trade ~ rta + lag(rta, 4) | exporter^year + importer^year + pair": Poisson pseudo-maximum likelihood, or least squares
     * of log(trade) ~ ...; the language is in docs/gravity.md. */
    const char *const *formulas;
    size_t formula_count;
    const char *const *sums; /* "rta + lag(rta, 4)": sums of coefficients to be reported beside them */
    size_t sum_count;
    const char *cluster; /* "pair" or several, commas between; NULL: robust standard errors */
    const char *weights; /* a column; NULL: none */
    const char *where;   /* an SQL expression that keeps rows, once lags and leads are known; NULL: all */
    const char *by;      /* a column of whose values each is estimated by itself; NULL: none */
    const char *exporter, *importer, *year; /* the columns that are these; NULL: by their usual names */
    const char *world; /* whose dated groups member(), both() and one() mean; NULL: the flows' own */
    const char *
        costs; /* for dr_gravity_equilibrium: "log(dist) + contig", of which costs of pairs that never trade depend; NULL */
    dr_domestic domestic; /* DR_DOMESTIC_OWN */
    dr_errors errors;     /* DR_ERRORS_STATA */
    bool bias_correct;    /* three-way effects (Weidner & Zylkin 2021) */
    bool keep_rows;       /* for dr_gravity_effects and dr_gravity_predictions */
    int threads;          /* 0: as many as the machine has; the result does not depend on it */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
} dr_gravity_options;

/* Gravity estimates: every formula, for every value of `by`. */
typedef struct dr_gravity dr_gravity;

/* Estimates on flows: files (CSV, plain or gzip, or Parquet) that add up to one table, or one world. What `options` points to must
 * stay. Memory: 12 bytes for each cell that the formulas use, and about 100 a row. Errors: DR_USAGE (no formula), DR_BAD_INPUT
 * (a formula, with a caret under the place; a cell that is no number, with file:line:column; negative trade, with its row; no
 * variation left; too few clusters), DR_NO_SOLUTION (no convergence), DR_MACHINE. With `by`, a value that has no estimate is told
 * in the tables; if none has, it is the error. Free with dr_gravity_free. */
DR_API dr_status dr_gravity_new(dr_gravity **out, const char *const *files, size_t count,
                                const dr_gravity_options *options);
DR_API void dr_gravity_free(dr_gravity *gravity);

/* Tables of estimates. Free with dr_table_free.
 *   coefficients: model (number of the formula), by, variable, coefficient, standard_error, z (t for least squares), p (two-sided),
 *                 low, high (95%), uncorrected (before the bias correction), left_out (why it has none: "collinear", "reference",
 *                 "separated"; else ""); what dr_gravity_fits says of each model is in the facts model_1.observations, ...
 *   fits:         model, by, formula, estimator, observations, missing, zeros, domestic, singletons, separated (rows left out and why),
 *                 clusters, pseudo_r2, r2, within_r2, log_likelihood, deviance, iterations, residual (of the score), failure
 *   side_by_side: as economists print it: a column of texts for each model, standard errors in brackets below the coefficients
 *   effects:      model, by, effect, level, value; needs keep_rows
 *   predictions:  model, by, exporter, importer, year, outcome, fitted, left_out; needs keep_rows */
DR_API dr_status dr_gravity_coefficients(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_fits(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_side_by_side(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_effects(dr_table **out, const dr_gravity *gravity);
DR_API dr_status dr_gravity_predictions(dr_table **out, const dr_gravity *gravity);

/* The coefficients over time of the first formula's first variable that is there by year (rta:year) or with lags or leads: when (the
 * year, or years since), coefficient, low, high. Errors: DR_BAD_INPUT (there is none). */
DR_API dr_status dr_gravity_event_study(dr_table **out, const dr_gravity *gravity);

/* Keeps the coefficients of a single formula in the world file at `path` (which must not be open here) under `name`, for
 * dr_scenario_leave_estimate. Errors: DR_USAGE (several formulas), DR_BAD_INPUT (the name is taken), DR_MACHINE. */
DR_API dr_status dr_gravity_store(const dr_gravity *gravity, const char *path, const char *name);

/* Trade elasticities from the formula's first variable, the logarithm of 1 + tariff: theta = -b where trade includes the tariff
 * (`with_tariff`), theta = -b - 1 where it does not. A row for each value of `by`: sector, trade_elasticity, standard_error, low, high
 * (95%), coefficient, p, observations. Errors: DR_USAGE (several formulas). */
DR_API dr_status dr_gravity_elasticities(dr_table **out, const dr_gravity *gravity, bool with_tariff);

typedef struct dr_triple_options {
    size_t size;                            /* sizeof(dr_triple_options) */
    const char *tariff;                     /* the column, a fraction; NULL: "tariff" */
    const char *by;                         /* a column, such as sector; NULL: all together */
    const char *where;                      /* an SQL expression that keeps rows; NULL: all */
    const char *exporter, *importer, *year; /* the columns that are these; NULL: by their usual names */
    bool with_tariff;                       /* trade includes it */
} dr_triple_options;

/* The same by the ratios of Caliendo & Parro (2015, eq. 23): least squares, without a constant, of
 * log(X_ni X_ih X_hn / (X_in X_hi X_nh)) on the same of 1 + tariff, over all triples of countries in a year, with White's standard
 * errors; a last row has all sectors together. `options` may be NULL. Errors: DR_BAD_INPUT, DR_MACHINE. */
DR_API dr_status dr_triple_ratio(dr_table **out, const char *const *files, size_t count,
                                 const dr_triple_options *options);

/* Keeps a table of either in the world file at `path` (which must not be open here), as a set that dr_model_options.elasticity may
 * name. Errors: DR_BAD_INPUT (the name is taken), DR_MACHINE. */
DR_API dr_status dr_elasticities_store(const dr_table *elasticities, const char *path, const char *name);

typedef struct dr_equilibrium_options {
    size_t size;           /* sizeof(dr_equilibrium_options) */
    const char *without;   /* the variable that is taken away, as in the formula: "rta" */
    const char *among;     /* the countries between which it is, commas between; NULL: all */
    int year;              /* the base; 0: the year of the flows, if there is one only */
    double sigma;          /* elasticity of substitution, above 1 */
    const char *reference; /* country whose inward resistance is 1; NULL: the first */
} dr_equilibrium_options;

/* What trade, incomes and real GDP would be without a variable of a PPML estimate (dr_structural_gravity, whose table it is): the
 * costs of a pair are its effect and what the variables of the formula add to it, output and spending those of the flows in the base
 * year, domestic trade included. Errors: DR_USAGE (several formulas; keep_rows was not set), DR_BAD_INPUT (unknown variable or
 * country, no flows of that year), DR_NO_SOLUTION, DR_MACHINE. */
DR_API dr_status dr_gravity_equilibrium(dr_table **out, const dr_gravity *gravity,
                                        const dr_equilibrium_options *options);

/* ---- One year in memory ----------------------------------------------------------------------------------------- */

/* One year of a world as the model sees it. Constant once made. */
typedef struct dr_economy dr_economy;

/* Plain arrays from which a program may build an economy of its own. Regions R, sectors S. Copied. */
typedef struct dr_economy_data {
    size_t regions, sectors;
    const char *const *region_codes; /* R */
    const char *const *sector_codes; /* S */
    const double *flow;   /* R x R x S [n, i, s]: what n buys of good s from i, without tariff, domestic included */
    const double *tariff; /* R x R x S [n, i, s], fraction; NULL: none */
    const double *input;  /* R x S x S [n, k, s]: what sector s of n buys of good k, at purchaser prices */
    const double *final;  /* R x S [n, k] at purchaser prices; negative: zero */
    const double *value_added;       /* R x S [n, s]; NULL: output (the sum of flow over n) less inputs */
    const double *deficit;           /* R: imports less exports; NULL: from the flows */
    size_t factors;                  /* what earns value added, such as labour and capital; 0: one factor */
    const char *const *factor_names; /* those whose name begins with "labour" or "labor" are as mobile as labour */
    const double
        *factor; /* factors x R x S [f, n, s]: their parts of value added, which is the sum (leave value_added NULL) */
} dr_economy_data;

/* Loads a year (0: the last). Errors: DR_BAD_INPUT (no such year), DR_MACHINE. Free with dr_economy_free. The world must
 * stay open while the economy is loaded, not after. */
DR_API dr_status dr_economy_load(dr_economy **out, dr_world *world, int year);

/* Makes an economy from plain arrays. Errors: DR_BAD_INPUT (a negative or non-finite number, a code twice), DR_MACHINE. */
DR_API dr_status dr_economy_new(dr_economy **out, const dr_economy_data *data);
DR_API void dr_economy_free(dr_economy *economy);

/* ---- Measures --------------------------------------------------------------------------------------------------- */

/* How products are screened for dependence (docs/products.md has the formulas and their sources). */
typedef enum dr_screen_rule {
    DR_SCREEN_COMMISSION, /* European Commission 2021, SWD(2021) 352: CDI1, CDI2, CDI3 */
    DR_SCREEN_GEODEP      /* Lefebvre & Wibaux 2024, CEPII's GeoDep: imports, world exports, imports over exports */
} dr_screen_rule;

typedef struct dr_screen_options {
    size_t size; /* sizeof(dr_screen_options) */
    dr_screen_rule rule;
    double
        thresholds[3]; /* of the rule's three criteria, met by more than this; 0: 0.4, 0.5, 1 or (GeoDep) 0.4, 0.4, 1 */
    int year;          /* 0: the last */
    int window;        /* years that are looked at, up to `year`; 0: 3 */
    int at_least;      /* in so many of those that there are all three must be met; 0: 2, or 1 where there is 1 */
    bool net_re_exports; /* a member's sales count only as far as they exceed its imports from outside */
    bool all;            /* rows for all products, not for the dependent ones only */
} dr_screen_options;

/* The products for which `of` (economies and groups, commas between) depends on others, from the world's product flows; the largest
 * imports first:
 *   product, sector, lists (critical lists it is on), imports (from outside `of`, in the unit of the flows), cdi1 (Herfindahl-Hirschman
 *   index of their sources), cdi2 (imports over those and trade between members), cdi3 (imports over exports), world_concentration (of
 *   world exports), source and source_share (the largest), single_point (the supplier whose loss harms at least half of the others'
 *   imports of it, "" if there is none), starved, split (shares of the others' imports that it harms either way), cut_off (economies),
 *   years (in which the criteria are met), dependent ("yes", "no")
 * NAN is what the data do not say: cdi3 without exports, world figures from the reports of some economies only. Errors: DR_USAGE (an
 * option out of range), DR_BAD_INPUT (no product flows, no such year, unknown name, a group without members that year), DR_MACHINE. */
DR_API dr_status dr_exposure_products(dr_table **out, dr_world *world, const char *of,
                                      const dr_screen_options *options);

/* The flows behind the figures of one product in a year (0: the last), by role and size: role (import, inside, export, other),
 * exporter, importer, value, quantity, share (in all flows of that role), square (what an import adds to cdi1). Errors: DR_BAD_INPUT (as
 * above; no flows of this product, with the nearest code), DR_MACHINE. */
DR_API dr_status dr_exposure_product_rows(dr_table **out, dr_world *world, const char *of, const char *code, int year);

/* How much of its energy `of` (economies and groups, commas between) imports from `to` (the same), from the world's physical flows, in a
 * year (0: every one): fuel, unit, year, importer (each, and all that `of` is in that year together), imports, imports_from (of them from
 * `to`), share, months (of data, the fewest). Imports are the source's own total of all partners, where it has one. Errors:
 * DR_BAD_INPUT (no flows of energy, no such year, unknown name), DR_MACHINE. */
DR_API dr_status dr_exposure_energy(dr_table **out, dr_world *world, const char *of, const char *to, int year);

/* Concentration of the supply of raw materials as the EU's criticality assessment takes it, HHI_WGI,t = sum of share^2 governance
 * trade parameter (docs/products.md), from the world's supply shares: material, stage (extraction or processing, the riskier one), world
 * and eu (that of the world's supply and of the EU's), risk (their mean: supply risk before recycling and substitution), published (the
 * score of the study), ratio (published over risk), source and source_share (of the EU's supply; of the world's where there is none).
 * Errors: DR_BAD_INPUT (no supply shares), DR_MACHINE. */
DR_API dr_status dr_exposure_materials(dr_table **out, dr_world *world);

/* Direct exposure of `of` (a list of regions and groups, joined by commas) to `to` (the same; NULL: all others), one row a
 * sector, the most exposed first, and one of all. Trade is that of `of` with everybody outside it, without tariffs, in the
 * unit of the world; shares are fractions; `sector` is the slug, else the code (docs/exposure.md has the formulas):
 *   sector, imports, imports_from (of them from `to`), share_of_imports, share_of_use (of all that `of` uses), concentration
 *   (Herfindahl-Hirschman index of foreign sources, 0 to 1), exports, exports_to, share_of_exports, share_of_output
 * and without `to`: sector, imports, share_of_use, concentration, first_source (the largest) and first_source_share (of
 *   imports), exports, share_of_output, first_market and first_market_share (of exports)
 * A share of nothing is NAN. Errors: DR_BAD_INPUT (unknown name; nobody left on the other side), DR_MACHINE. Free with
 * dr_table_free. */
DR_API dr_status dr_exposure_direct(dr_table **out, const dr_economy *economy, const char *of, const char *to);

/* With whom `of` (regions and groups, joined by commas) trades, without tariffs, one row a partner outside it, the largest imports first,
 * and one of all: partner, imports, share_of_imports, share_of_use (of all that `of` uses), exports, share_of_exports, share_of_output.
 * Errors: as dr_exposure_direct. */
DR_API dr_status dr_exposure_partners(dr_table **out, const dr_economy *economy, const char *of);

/* How a balance is broken down, and what else it holds. */
typedef enum dr_balance_by { DR_BALANCE_TOTAL, DR_BALANCE_BY_SECTOR, DR_BALANCE_BY_YEAR } dr_balance_by;

typedef struct dr_balance_options {
    size_t size;                                                             /* sizeof(dr_balance_options) */
    int year;                                                                /* 0: the last; by year: 0, all of them */
    dr_balance_by by;                                                        /* DR_BALANCE_TOTAL */
    bool value_added;                                                        /* also in value added */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
} dr_balance_options;

/* What `a` sells to `b` and buys from it. Both are regions and groups, joined by commas; `b` NULL is all others, and who is in both
 * is in `a` only. One row a sector (the last is "all") or a year (in all of them, with the members that a group had then):
 *   sector or year, exports, imports, balance (exports less imports), gross, without tariffs, in the unit of the world; and with
 *   value_added: value_added_exports (value added of `a` that is absorbed in the final use of `b`, through every stage and third
 *   country: Johnson & Noguera 2012; its sector is the one that adds it), value_added_imports, value_added_balance
 * Negative cells count as they are. Value added takes a factorisation of the full table, 2/3 (R S)^3 flops and 16 (R S)^2 bytes.
 * `options` may be NULL. Errors: DR_USAGE (by year, and a year), DR_BAD_INPUT (unknown name; nobody left on the other side; a table
 * that has no Leontief inverse), DR_NO_SOLUTION (a residual beyond 1e-9), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_balance(dr_table **out, dr_world *world, const char *a, const char *b,
                            const dr_balance_options *options);

typedef struct dr_ties_options {
    size_t size;         /* sizeof(dr_ties_options) */
    int year;            /* 0: the last */
    const char *sectors; /* codes, slugs, kinds, commas between: of these only; NULL: of all */
    bool value_added;    /* not gross trade, but value added that is absorbed */
} dr_ties_options;

/* All pairs of regions at once, the largest value first: exporter, importer, value, in the unit of the world. Gross: what the sectors of
 * the exporter i sell to the importer n, T[i,n] = sum over k of the cells of the table, without tariffs, as exports in dr_balance. In value
 * added (Johnson & Noguera 2012), as value_added_exports there:
 *   VA[i,n] = sum over k of v[i,k] x_n[i,k],  x_n = (I - A)^-1 F_n,
 * v the share of value added in output, F_n the final use of n. Pairs without any are left out. `options` may be NULL. Time and memory of
 * value added: one factorisation, as in dr_balance. Errors: DR_BAD_INPUT (unknown sector; a table that has no Leontief inverse),
 * DR_NO_SOLUTION (a residual beyond 1e-9), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_ties(dr_table **out, dr_world *world, const dr_ties_options *options);

typedef enum dr_terms {
    DR_TERMS_BORIN_MANCINI, /* of the exports of each to the other: Borin & Mancini (2023), exporter's perspective, source-based */
    DR_TERMS_KWW            /* of all exports of each: the nine terms of Koopman, Wang & Wei (2014), eq. 36 */
} dr_terms;

/* Gross exports of `a` and of `b` (as in dr_balance; each side is taken for one economy) split into domestic value added that is
 * absorbed abroad, that returns home, foreign value added and double counting. One row a term, the last is "gross":
 *   term, part, meaning (texts), exports, share (of a's gross exports, a fraction), and partner_exports, partner_share (of b's; not
 *   with DR_TERMS_KWW without `b`, where every other region is an economy of its own)
 * The terms add up to gross exports to 1e-9, relative (DR_NO_SOLUTION otherwise). Other errors: as dr_balance. */
DR_API dr_status dr_export_terms(dr_table **out, dr_world *world, const char *a, const char *b, int year,
                                 dr_terms terms);

/* Direct and indirect exposure side by side: what the sectors of `of` take of `to` as inputs, bought directly and counted through
 * every stage of production and every third country (Baldwin, Freeman & Theodorakopoulos 2023), in a year (0: the last). With
 * L = (I - A)^-1 and the gross outputs Y of the sectors, purchases of inputs are A Y, and upstream output, which all suppliers
 * make for them at every stage, is (L - I) Y. One row a sector, or, without `to` (NULL), a supplier outside `of`; the most exposed
 * first, and one of all:
 *   sector or supplier, inputs (bought of all; a value), direct_share_of_inputs (bought of `to`),
 *   direct_share_of_upstream_output (the same purchases), indirect_share_of_upstream_output (what `to` makes for other suppliers)
 *   and total_share_of_upstream_output (their sum, the look-through share), total_over_direct, and, with `to`,
 *   third_country_share_of_total: the part of the total that passes a third country
 * Negative cells count as zero. Errors: as dr_balance. Free with dr_table_free. */
DR_API dr_status dr_exposure_hidden(dr_table **out, dr_world *world, int year, const char *of, const char *to);

/* The largest of the supply routes that the total of dr_exposure_hidden is the sum of (structural path analysis; Defourny & Thorbecke 1984), from a
 * sector of `to` (NULL: of all others) through any number of stages to a sector of `of`: the `count` largest, and then, with `to`,
 * those of the `count` largest through third countries that are not yet among them:
 *   route ("CHN metals > KOR machinery > DEU transport-equipment"), third_countries (those on the way), links, value (what the
 *   first sells for what the last makes), share_of_total (of all that `to` makes for `of`)
 * Errors: as dr_balance. Free with dr_table_free. */
DR_API dr_status dr_exposure_routes(dr_table **out, dr_world *world, int year, const char *of, const char *to,
                                    size_t count);

/* ---- Scenarios -------------------------------------------------------------------------------------------------- */

/* A list of changes to flows, kept apart by kind; two changes of one kind to one flow conflict. */
typedef struct dr_scenario dr_scenario;

/* An empty scenario (which changes nothing) for an economy. The economy must outlive it. Free with dr_scenario_free. */
DR_API dr_status dr_scenario_new(dr_scenario **out, const dr_economy *economy);

/* Reads a scenario from a YAML file (docs/simulate.md). Errors: DR_BAD_INPUT with file:line:column and the nearest name. */
DR_API dr_status dr_scenario_load(dr_scenario **out, const dr_economy *economy, const char *path);

/* The same from `size` bytes of YAML in memory (JSON is YAML), which messages call `name`. Files that it names are refused. */
DR_API dr_status dr_scenario_parse(dr_scenario **out, const dr_economy *economy, const char *text, size_t size,
                                   const char *name);

/* Gives the scenario a title, which its results will have; that of a scenario file is the file's. Copied. */
DR_API dr_status dr_scenario_title(dr_scenario *scenario, const char *title);

/* What a scenario or game says of how it is to be solved: the keys year, horizon, model, elasticity, closure, rigid-wages and thin-markets of its
 * document, which its reader passes over. */
typedef struct dr_settings dr_settings;

/* Reads them from a file, or from `size` bytes in memory that messages call `name`. An elasticity that is a file is named from the
 * document's folder. Errors: DR_BAD_INPUT with file:line:column and the nearest name. Free with dr_settings_free. */
DR_API dr_status dr_settings_load(dr_settings **out, const char *path);
DR_API dr_status dr_settings_parse(dr_settings **out, const char *text, size_t size, const char *name);
DR_API void dr_settings_free(dr_settings *settings);

/* The year, 0 where the document has none. */
DR_API int dr_settings_year(const dr_settings *settings);

/* The changes themselves. `by` and `on` (importers and exporters) and `sectors` are lists, separated by commas, of codes, groups,
 * slugs or kinds, or "all"; domestic flows are never changed, and flows between members of a group only if dr_scenario_inside says so.
 *   tariff      sets the ad-valorem tariff of `by` on goods of `on` to `rate`, or adds `rate` to it if `add`
 *   trade_cost  multiplies the iceberg trade cost of what `by` buys from `on` by `times`, and, if `both`, of what `on` buys
 *               from `by`
 *   ban         stops what `by` buys from `on`: the flow is exactly zero
 * Errors: DR_BAD_INPUT (unknown name; rate of -1 or less; times of 0 or less; conflict with an earlier change; all flows are between
 * members of a group). */
DR_API dr_status dr_scenario_tariff(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                    double rate, bool add);
DR_API dr_status dr_scenario_trade_cost(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                        double times, bool both);
DR_API dr_status dr_scenario_ban(dr_scenario *scenario, const char *by, const char *on, const char *sectors);

/* A group that is named on either side (EU, EU@2020) is one actor: flows between its members are left alone, and results say how many
 * these are, unless changes that are added from here on include them (true; false again leaves them alone). Regions in a list are
 * separate actors, and so are all regions of "all". Not for dr_scenario_leave and dr_scenario_join, which are about those flows. */
DR_API void dr_scenario_inside(dr_scenario *scenario, bool inside);

/* Who earns the rent of an export curb or quota: the price of the good less its cost, times the volume. */
typedef enum dr_rent {
    DR_RENT_EXPORTER, /* the exporting region */
    DR_RENT_IMPORTER, /* the importing region, as by licences */
    DR_RENT_LOST      /* nobody: it is used up, like a trade cost */
} dr_rent;

/* Limits on volumes, measured at base prices. A limit that does not bind has no effect; one that binds raises the price, by a wedge
 * mu >= 1 on the delivered cost, until the volume is within it (complementary slackness; docs/model.md).
 *   export_curb  the exporter's limit: `by` sells to `to` at most 1 - `cut` of the base volume (1: a ban), on each flow, or on all
 *                flows `together`
 *   quota        the importer's limit: `by` buys from `on` at most `at` in all, in the unit of the world (0: a ban)
 * Errors: as above; DR_BAD_INPUT (cut outside 0 to 1; a negative quota). */
DR_API dr_status dr_scenario_export_curb(dr_scenario *scenario, const char *by, const char *to, const char *sectors,
                                         double cut, dr_rent rent, bool together);
DR_API dr_status dr_scenario_quota(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                   double at, dr_rent rent);

/* A region leaves a group, or joins it: the cost of trade between it and the (other) members in this year, in both directions,
 * is multiplied by `times` (when leaving) or divided by it (when joining). */
DR_API dr_status dr_scenario_leave(dr_scenario *scenario, const char *region, const char *group, double times);
DR_API dr_status dr_scenario_join(dr_scenario *scenario, const char *region, const char *group, double times);

/* The same with the factors of a CSV at `path`, with the columns sector (code), times, and perhaps partner (code of another
 * member; without it, all of them). Sectors and partners without a row keep their trade costs, and results say so. Errors:
 * DR_BAD_INPUT with file:line:column (unknown sector or partner, with the nearest name; times of 0 or less; twice the same). */
DR_API dr_status dr_scenario_leave_file(dr_scenario *scenario, const char *region, const char *group, const char *path);
DR_API dr_status dr_scenario_join_file(dr_scenario *scenario, const char *region, const char *group, const char *path);
/* The same at what an estimate says that the world keeps (derisk gravity --store): the logarithm of that trade falls, or rises, by its
 * coefficient b, as trade costs change by exp(b / theta), theta the trade elasticity of each sector; dr_draw_bands draws b, normal with
 * its standard error. `variable` is that of b; NULL: the only one about the group, such as both(BRI), or the only one. */
DR_API dr_status dr_scenario_leave_estimate(dr_scenario *scenario, const char *region, const char *group,
                                            const char *estimate, const char *variable);
DR_API dr_status dr_scenario_join_estimate(dr_scenario *scenario, const char *region, const char *group,
                                           const char *estimate, const char *variable);
DR_API void dr_scenario_free(dr_scenario *scenario);

/* Reads a rate as people write it: "25%" or "0.25" (the same number). Errors: DR_BAD_INPUT (not a number; a bare number above 1,
 * which is surely meant as a percentage). */
DR_API dr_status dr_parse_rate(const char *text, double *out);

/* ---- The model -------------------------------------------------------------------------------------------------- */

/* The model (docs/model.md) calibrated to an economy. Constant once made. */
typedef struct dr_model dr_model;

/* What happens to trade imbalances D[n] (imports less exports). World income (value added of all) is the numeraire. */
typedef enum dr_closure {
    DR_CLOSURE_FIXED,        /* D stays, in units of world income */
    DR_CLOSURE_INCOME_SHARE, /* D stays the base's share of the region's income; surpluses share what is left */
    DR_CLOSURE_ZERO          /* first solved to D = 0 without the scenario, and that is the base */
} dr_closure;

typedef struct dr_model_options {
    size_t size; /* sizeof(dr_model_options) */
    /* How inputs and goods replace each other: "caliendo-parro" or "baqaee-farhi"; "armington": one good, the sum over all sectors,
     * without inputs; NULL: the horizon's, else caliendo-parro. */
    const char *model;
    /* "short", "medium" or "long": a trade elasticity, a mobility of labour, a model (data/elasticities/presets); NULL: labour is
     * mobile. */
    const char *horizon;
    /* Trade elasticity theta: a number, the name of a set (caliendo-parro-2015, or one kept in the world), or a CSV with the columns sector,
     * trade_elasticity; NULL: the horizon's, else the world's own, else 5. */
    const char *elasticity;
    dr_closure closure; /* DR_CLOSURE_FIXED */
    /* Regions and groups, commas between, in which wages (in units of world income) do not fall below the base's, or below a part of
     * them given after a colon ("EU:97%"); what labour is then without work is part of the results. NULL: wages clear all markets. */
    const char *rigid_wages;
    /* A share of base use, "20%" or "0": where a scenario leaves less of the supply of a good to a region, at base costs, what is left is
     * pooled and counts as that share (docs/model.md, "Thin markets"). NULL: the horizon's, 20% for "short", else 0: never. */
    const char *thin_markets;
    double tolerance; /* largest change of a log unit cost, wage or expenditure in the last sweep; 0: 1e-11 */
    int max_sweeps;   /* counting products with the Jacobian too, where Newton's method is needed; 0: 5000 */
} dr_model_options;

/* What the document says of them; all else is the default. Borrowed. */
DR_API const dr_model_options *dr_settings_model(const dr_settings *settings);

/* Prepares the economy (negative final use, sectors with little or no value added: docs/model.md; each step is a note of every
 * result) and calibrates the model; the base is solved first where the data are not an equilibrium or the closure asks for
 * it. `options` may be NULL. The economy must outlive the model. Errors: DR_BAD_INPUT, DR_NO_SOLUTION, DR_MACHINE. */
DR_API dr_status dr_model_new(dr_model **out, const dr_economy *economy, const dr_model_options *options);
DR_API void dr_model_free(dr_model *model);

/* An equilibrium. */
typedef struct dr_solution dr_solution;

/* Solves for the equilibrium under a scenario (NULL: none). Deterministic, on one core; allocates before the sweeps only. A
 * sweep costs about 4 R R S + 4 R S S flops and R S exps. Errors: DR_NO_SOLUTION (a good loses its last supplier; the
 * closure is infeasible; no convergence; the certificate fails: the worst equation is named). Free with dr_solution_free. */
DR_API dr_status dr_model_solve(dr_solution **out, const dr_model *model, const dr_scenario *scenario);
DR_API void dr_solution_free(dr_solution *solution);

/* The certificate: the equilibrium conditions recomputed from the table's flows by code that shares nothing with the solver.
 * Residuals are relative to the size of the equation's terms. Largest of each kind: */
typedef struct dr_certificate {
    double
        market_clearing; /* |output - sales| / sales, and zero profit |revenue - cost| / cost; every region and sector */
    double trade_balance; /* |imports - exports - deficit| / (imports + exports + |deficit|); every region */
    double
        walras; /* factor income of all regions against what all sectors pay: the equation that the numeraire drops */
    double
        complementarity; /* export curbs and quotas: the excess over a limit, or the slack of one that has a price, relative to it; wages: below
                               * their floor, or above it beside idle labour */
    double adding_up;         /* shares against 1, incomes against spending */
    double worst_residual;    /* the largest of the above */
    char worst_equation[128]; /* which, in words */
    int sweeps;               /* of the accelerated fixed-point iteration, which is tried first */
    int newton_steps;         /* of Newton's method, where the sweeps did not come to rest */
    int jacobian_products;    /* what those took: products of the Jacobian and a vector, each about a sweep */
    int parts;                /* of the scenario, solved one after the other; 1: all at once */
    double solve_seconds;
} dr_certificate;
DR_API void dr_solution_certificate(const dr_solution *solution, dr_certificate *certificate);

/* Results as tables, with certificate, settings and notes as facts. Percent changes from the base unless said.
 *   regions: region, welfare (exact real income of final demand), welfare_first_order (= terms_of_trade + volume_of_trade),
 *            real_wage, wage, consumer_price, terms_of_trade, volume_of_trade, tariff_revenue_share (of income, a share), exports,
 *            imports; groups follow, aggregated as docs/simulate.md says; where wages are rigid, employment
 *   sectors: region, sector, output (volume), price, value_added (value); where wages are rigid, employment
 *   flows:   exporter, importer, sector, base, new (values without tariff), change
 *   ties:    exporter, importer, base, new, change: flows between two regions, summed over the sectors
 *   curbs:   exporter, importer, sector, flows, base, limit, volume (at base prices), binding, wedge, rent, rent_to
 *   decomposition: region, welfare (exact), and why, in percent of base income: terms_of_trade, volume_of_trade, technical (what
 *            higher trade costs use up), reallocation (of factors, and what rigid wages leave idle), rents (of export curbs and quotas), transfers (of the deficit), their sum
 *            first_order, second_order (the same with weights that are right to second order), residual (welfare - second_order);
 *            formulas and sources in docs/model.md, "Welfare explained"; groups follow, weighted by base income
 *   factors: region, factor, base, new (what it earns), price (of a unit), real_price (over the consumer price)
 * Free with dr_table_free. */
DR_API dr_status dr_solution_regions(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_sectors(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_flows(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_ties(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_curbs(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_decomposition(dr_table **out, const dr_solution *solution);
DR_API dr_status dr_solution_factors(dr_table **out, const dr_solution *solution);

/* What side `of` buys from side `with` and sells to it, sector by sector, the largest imports first, and all sectors together (a row of kind
 * DR_ROW_TOTAL); before and after ("_new"), values without tariffs: sector, imports_from, imports_from_new, imports_from_change
 * (percent), share_of_imports, share_of_imports_new (of `with` in all that `of` imports of the sector), exports_to, exports_to_new,
 * exports_to_change, balance, balance_new. Both sides are lists of names as in scenarios; who is in both counts as part of `of`. Free
 * with dr_table_free. Errors: DR_BAD_INPUT (names; nobody left on the other side), DR_MACHINE. */
DR_API dr_status dr_solution_tie(dr_table **out, const dr_solution *solution, const char *of, const char *with);

/* The derivative of a result at an equilibrium with respect to every instrument; arrays belong to the caller, and those that are NULL are
 * left out. S is 1 under the model armington, whose results know one sector only, "all". */
typedef struct dr_gradient {
    double value; /* of the result */
    double *
        tariff; /* R x R x S [n, i, s]: per unit of the ad-valorem tariff (0.01 is a percentage point; a subsidy is a negative
                         * one); domestic flows too, where it is a tax on what the region buys at home */
    double *trade_cost; /* R x R x S: per unit of the factor on the trade cost */
    double *
        limit; /* for each export curb or quota, as in dr_solution_curbs: per unit of the ln of its limit; 0 where it is slack */
    int sweeps; /* that the adjoint took */
} dr_gradient;

/* Differentiates a result of `solution`, which was found under `scenario` (the same object, unchanged since; NULL: none):
 *   welfare:OF              real income of OF, change in percent, exact
 *   share:OF:FROM[:SECTORS] the part of what OF imports of SECTORS (all) that comes from FROM, a fraction, without tariffs
 *   use:OF:FROM[:SECTORS]   the same of all that OF uses, with what it makes itself
 *   flow:OF:FROM[:SECTORS]  what OF buys from FROM, in the unit of the world
 *   look-through:OF:FROM[:SECTORS] the part of FROM in all inputs of SECTORS of OF, counted through every stage of production and every
 *                           third country, a fraction: total_share_of_upstream_output of dr_exposure_hidden on the equilibrium's table, where all users of a
 *                           good in a region buy from its suppliers in the same proportion (docs/model.md, "Look-through shares")
 * with lists of names as in scenarios. One adjoint solve (implicit function theorem; docs/model.md, "Derivatives"), about the time of two
 * solves, whatever the number of instruments. Errors: DR_BAD_INPUT (names), DR_NO_SOLUTION (no convergence), DR_MACHINE. */
DR_API dr_status dr_solution_gradient(dr_gradient *out, const dr_solution *solution, const dr_scenario *scenario,
                                      const char *result);

/* The same as a table, the instruments with the largest effect first, the `most` largest of each kind (0: all):
 *   instrument (tariff, trade-cost, export-curb, quota), importer, exporter, sector, flow (value; under an export curb or
 *   quota the volume at base prices), effect (on the result, shares in percent: of one percentage point of the tariff, 1% of
 *   the trade cost or of the volume that the curb or quota allows) */
DR_API dr_status dr_solution_sensitivity(dr_table **out, const dr_solution *solution, const dr_scenario *scenario,
                                         const char *result, size_t most);

/* Which flows drive the change of real income of a region or group (or several, commas between): flow ("imports", "exports", or "home"
 * goods of thin markets), partner, sector, base, new, contribution in percent, and of that terms_of_trade, volume_of_trade, technical,
 * rents; the `most` largest (0: all), then the others in sum, reallocation, transfers, compounding and what is not explained: they add up
 * to the last row, real income (docs/model.md, "Welfare explained"). Errors: DR_BAD_INPUT (a name), DR_MACHINE. */
DR_API dr_status dr_solution_why(dr_table **out, const dr_solution *solution, const char *of, size_t most);

/* How draws are made. */
typedef struct dr_draw_options {
    size_t size;             /* sizeof(dr_draw_options) */
    size_t draws;            /* from 1 to 10^9 */
    unsigned long long seed; /* the result depends on it, and not on the number of threads */
    double
        elasticity_error; /* standard error, as a part of it, of a trade elasticity without one of its own; 0: not drawn */
    double share_error; /* the same for every share of the base (docs/model.md); 0: not drawn */
    int threads;        /* 0: as many as the machine has */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent; from the calling thread */
    void *user;                                                              /* passed to progress */
} dr_draw_options;

/* How sure dr_solution_regions is: the scenario (NULL: none) is solved for each draw of the trade elasticities, log-normal with
 * the estimate as mean and its standard error as standard deviation, and of the shares. Each solve has its certificate; the
 * table's is the worst. Draws without an equilibrium are counted in the fact draws.failed, and a note says why. `options` must
 * not be NULL.
 *   bands: region, and for each column of dr_solution_regions the column itself, at the estimates, and its quantiles over the
 *          draws: welfare, welfare_p5, welfare_median, welfare_p95, ... Memory does not grow with the number of draws: beyond
 *          4096 of them quantiles are right to 1/2730 of the range of the middle 98%.
 *   all:   draw (from 1), region, the columns of dr_solution_regions, failure (text: why the draw has no equilibrium, its numbers
 *          are NAN; else "")
 * Errors: DR_BAD_INPUT (no draws; an error below 0; nothing to draw), DR_NO_SOLUTION (at the estimates; in none of the first 4096
 * draws), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_draw_bands(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                               const dr_draw_options *options);
DR_API dr_status dr_draw_all(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                             const dr_draw_options *options);

/* How the loss of single ties is to be measured. */
typedef struct dr_cut_options {
    size_t size;    /* sizeof(dr_cut_options) */
    const char *to; /* suppliers: regions and groups; NULL: all others */
    const char
        *sectors; /* codes, slugs, kinds; NULL: goods, or all where the world does not say which sectors are goods */
    int threads;  /* 0: as many as the machine has; the result does not depend on it */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent; from the calling thread */
    void *user;                                                              /* passed to progress */
} dr_cut_options;

/* What it would cost `of` (regions and groups) if exactly one tie were cut: for each supplier outside it and each sector, the
 * equilibrium is solved in which `of` buys that good no more from there (dr_scenario_ban), all else as in the base. One row a
 * tie, the most costly first: supplier, sector (slug, else code), imports (value) and share_of_imports (a fraction of what `of`
 * imports of the good), loss (of real income, percent) and loss_value, supplier_loss and supplier_loss_value, leverage (loss over
 * supplier_loss, both percent; NAN where the supplier does not lose). Ties without trade are left out; those without which there
 * is no equilibrium come first, with NAN, and a note says why. The certificate is the worst of all solves. `options` may be NULL.
 * Errors: DR_BAD_INPUT (unknown name; nobody left), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_exposure_cuts(dr_table **out, const dr_model *model, const char *of, const dr_cut_options *options);

/* ---- Plans ------------------------------------------------------------------------------------------------------ */

/* The cheapest way down: taxes and subsidies on what `of` buys that bring its dependence within limits at the least loss of its welfare. */
typedef struct dr_plan dr_plan;

/* What a share of `from` is taken of. */
typedef enum dr_share {
    DR_SHARE_OF_IMPORTS,  /* what `of` imports of the sector */
    DR_SHARE_OF_USE,      /* all that it uses of it */
    DR_SHARE_LOOK_THROUGH /* all inputs of the sector, counted through every stage and third country: the total share of
                           * dr_exposure_hidden, on the model's table, where all users of a good in a region buy from its suppliers in
                           * the same proportion; levers are on all goods then */
} dr_share;

typedef struct dr_plan_options {
    size_t size; /* sizeof(dr_plan_options) */
    const char
        *sectors; /* that have a cap: codes, slugs, kinds; NULL: goods, or all where the world does not say which are */
    double cap;   /* the largest share of `from`, a fraction above 0 */
    const char *cap_file; /* CSV with the columns sector, cap, in place of both; NULL: none */
    const char *caps;     /* the same as text */
    dr_share share;       /* DR_SHARE_OF_IMPORTS */
    const char *
        levers; /* of each sector, commas between: "tariff" on what comes from `from`, "others" (support of purchases from
                          * elsewhere), "home" (support of purchases within `of`); NULL: tariff */
    double most_tariff, most_support; /* the largest rates: 0: 10 (1,000%) and 0.5 */
    double
        budget; /* above 0: not the cheapest plan within caps, but the lowest share over all these sectors together that
                          * costs at most this, percent of real income */
    /* If `from` cuts off the supply of these sectors, `of` loses real income: in the short run (horizon "short", with the model's closure
     * and rigid wages), from the equilibrium under the plan. */
    double max_loss; /* above 0: the largest loss, percent, beside caps if there are some */
    double
        risk; /* above 0: the probability of a cut-off in a year, a fraction; without caps and max_loss, the plan is the one with
                  * the highest expected real income */
    double
        stock; /* months of use of what comes from `from` that a stock covers, 0 to 12: the loss falls by that part of a year */
    double stock_cost; /* of carrying it for a year, as a part of its value; 0: 0.1 */
    bool
        inside; /* the trade between `of` and `from` may be between members of a group that is named; false: an error */
    size_t
        starts; /* settings from which the search begins: a guess, no policy, then random ones, always the same; 0: 2 */
    int threads; /* 0: as many as the machine has; the result does not depend on it */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
} dr_plan_options;

/* Finds the plan of `of` (regions and groups) against dependence on `from`. Rates are the same for all its regions, for each sector
 * and kind of supplier; tariffs and support are percentage points
 * added to the base's tariffs (dr_scenario_tariff with `add`), never to below -99%; revenue is income of who buys, support is paid from it.
 * The cost is the loss of real income of `of`, base incomes as weights; it may be negative, for a tariff may improve the terms of trade.
 * An interior-point method on adjoint derivatives, from several starts; the first-order conditions are computed anew, and a
 * residual beyond 1e-6 is an error. What is asked is one of
 *   caps (cap or cap_file) and max_loss, or both: the cheapest plan within them
 *   budget: the lowest share that may be had for it
 *   risk p alone: the plan with the highest expected real income, W - p (1 + W) L - S: with W the change by the plan, L the loss in a
 *     cut-off after it, S the cost of the stock (docs/plan.md)
 * A cut-off is a ban of the sectors' goods from `from`, in the short run that begins at the plan's equilibrium; a stock leaves
 * 1 - stock / 12 of its loss. The model must outlive the plan. Errors: DR_USAGE (a budget and limits; a stock without a cut-off),
 * DR_BAD_INPUT (names; a cap, risk or limit out of range; nothing bought from there), DR_NO_SOLUTION (a cap or loss that nothing within the
 * bounds can meet: the sector is named; a cut-off without any other supplier: the good is named; no optimum), DR_MACHINE. Free with
 * dr_plan_free. */
DR_API dr_status dr_plan_new(dr_plan **out, const dr_model *model, const char *of, const char *from,
                             const dr_plan_options *options);
DR_API void dr_plan_free(dr_plan *plan);

/* The equilibrium under the plan: who gains and loses, by any of the tables of a solution. Borrowed. */
DR_API const dr_solution *dr_plan_solution(const dr_plan *plan);

/* The plan, one row a sector that has a lever, the dearest cap first:
 *   sector, purchases (imports, or all that is used, of it; base), share (of `from` in it, base), cap, new_share, tariff, and for the
 *   levers there are support_others, support_home (rates in percent), shadow_price (what the last percentage point of the cap costs a year,
 *   in the unit of the world; 0 where it does not bind)
 * and as facts its cost (plan.cost, percent of real income; plan.cost_value, a year), plan.share (over all these sectors; before and
 * after), plan.revenue, plan.support, the KKT residual (certificate.kkt), evaluations, starts (certificate.starts, and starts_elsewhere: those
 * that led to another cost). `cap` and `shadow_price` are NAN where there are no caps. With max_loss or risk also, in percent of real
 * income, plan.loss_before and plan.loss (in a cut-off, as things are and after the plan, less what a stock covers), plan.break_even (the
 * probability above which the plan pays: cost over loss avoided; NAN: none), with risk plan.expected_gain and plan.expected_gain_value (over
 * doing nothing), and with a stock plan.stock_cost, plan.stock_cost_value and plan.stock_break_even. Look-through, a row's purchases (inputs),
 * share and cap are of the sector as a user of inputs. */
DR_API dr_status dr_plan_sectors(dr_table **out, const dr_plan *plan);

/* The frontier of dependence against cost: the cheapest plan for each of `points` caps (2 to 1000), from the largest share of any of the
 * sectors in the base down in equal steps, each found from the one before it. `options` as in dr_plan_new, without cap, cap_file,
 * budget and limit of the loss. One row a plan: cap, share (of `from`, over all these sectors), cost (percent of real income), cost_value (a year),
 * shadow_price (what the last percentage point of the cap costs, a year: the slope), revenue, support and, with risk or max_loss, loss (in a
 * cut-off, percent) and break_even; the worst residual is the fact certificate.kkt. Where no plan
 * meets a cap the frontier ends, and a note says why. Errors: DR_USAGE (points), DR_BAD_INPUT and DR_NO_SOLUTION as dr_plan_new. */
DR_API dr_status dr_plan_curve(dr_table **out, const dr_model *model, const char *of, const char *from,
                               const dr_plan_options *options, size_t points);

/* ---- Games ------------------------------------------------------------------------------------------------------ */

/* Players, each with tariffs, taxes on exports and curbs by volume, and what they want; or sets of things that one side does to another, tried one by one. */
typedef struct dr_game dr_game;

typedef struct dr_game_options {
    size_t size;   /* sizeof(dr_game_options) */
    size_t most;   /* rows of coercion's table; 0: all */
    size_t starts; /* settings from which the game is played; 0: 2, those of the file and made-up ones */
    int threads;   /* 0: as many as the machine has; the result does not depend on it */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
} dr_game_options;

/* Reads a game from a YAML file (docs/play.md). A player's tariffs are percentage points added to the base's, and its own income; its taxes on exports are
 * on what its producers earn, and their revenue, too, is its own. The model must outlive the game. Errors: DR_BAD_INPUT with
 * file:line:column (names, bounds, a region that plays twice, an aim without a target, too few players), DR_MACHINE. Free with
 * dr_game_free. */
DR_API dr_status dr_game_load(dr_game **out, const dr_model *model, const char *path);

/* The same from `size` bytes of YAML in memory, which messages call `name`. */
DR_API dr_status dr_game_parse(dr_game **out, const dr_model *model, const char *text, size_t size, const char *name);
DR_API void dr_game_free(dr_game *game);

/* Plays it, as the file says:
 *   best-response  one player's best settings, the others' being as in the file
 *   nash           settings from which no player wants to move: best responses in turn until none moves ln(1 + rate) by more than 1e-7
 *   stackelberg    the leader's best settings, the other giving its best response to any
 *   coercion       what `by` could withhold from `of`: every sector and pair of sectors, and the most promising larger sets; perhaps
 *                  also once `of` has carried out a plan
 *   delay          against a path of caps on the share of `by` in what `of` imports, each met by the tariffs of a plan (dr_plan_new): the
 *                  cheapest subsidies by which `by` keeps its share up, each year by itself
 *   coalition      who joins `of` in a tariff, a curb or a ban on `against`: all sets of up to 12 partners; with more of them, sampled orders
 * Best responses are found by an interior-point method on exact derivatives; the first-order conditions of every player are computed anew
 * where it ends, and a residual beyond 1e-6 is an error. `options` may be NULL. Errors: DR_NO_SOLUTION (no equilibrium found; a share
 * that nothing keeps up), DR_MACHINE. */
DR_API dr_status dr_game_solve(dr_game *game, const dr_game_options *options);

/* Tables of a game that is solved. The outcome, of players:
 *             player, aim, welfare (change of real income, percent), welfare_value (a year), regret (the most it could gain by
 *             changing its settings alone, found by searches from other starts: percent of real income), at_bounds (settings that a bound
 *             holds), settings (how many); regret NAN where a player does not choose; as fact certificate.kkt the largest residual of their
 *             first-order conditions
 * of coercion, the most leverage first: withheld (sectors, + between), goods (how many), imports (base), loss (of `of`, percent of real
 *             income), loss_value, own_loss (of `by`), own_loss_value, leverage (loss over own_loss; NAN where `by` does not lose); where
 *             the file has a plan that comes first, imports_after, loss_after, own_loss_after, leverage_after
 * of a coalition: partner, first and first_against (what its joining alone changes for `of` and `against`, percentage points), own (for
 *             itself), shapley and shapley_against (its Shapley values, the same), with sampled orders error and error_against (standard
 *             errors); facts coalition.together and coalition.together_against (what all change beyond the sum of first)
 * of a delay: year, cap, share_without (under the plan's tariffs), share (with the answer), price_cut (a fraction), subsidies (a year), cost
 *             (of the answer to `by`, percent of real income), cost_value, gain_of (to `of`, percentage points); facts delay.years (in
 *             which the share would be lower), delay.cost_value
 *   settings (with players): player, instrument ("tariff", "export tax", "export curb"), with, sector ("all": one rate), trade (base), rate
 *             (percent; of a curb the cut), bound ("least", "most" or ""), where there are curbs wedge (between the seller's and the buyer's price,
 *             percent)
 *   summary   sentences: about (whom or what), says (who gains and loses, what each does, what binds, how sure it is)
 * Free with dr_table_free. Errors: DR_USAGE (not solved; no settings). */
DR_API dr_status dr_game_outcome(dr_table **out, const dr_game *game);
DR_API dr_status dr_game_settings(dr_table **out, const dr_game *game);
DR_API dr_status dr_game_summary(dr_table **out, const dr_game *game);

/* The map of best responses of a game that is solved, of two players with one rate each: one row a point of `points` (2 to 1000) for each
 * player, the other's rate going from its least to twice as far as in the outcome, and one for the outcome: curve (whose best answer),
 * rate_1, rate_2 (of the first and the second player, percent), welfare_1, welfare_2 (change of real income, percent). A rate to which
 * there is no answer is left out. Of `options` (may be NULL) progress is read. Errors: DR_USAGE (points; other games), DR_MACHINE. */
DR_API dr_status dr_game_map(dr_table **out, dr_game *game, size_t points, const dr_game_options *options);

/* The equilibrium where it ends. Borrowed; NULL if the game is not solved, or has no players. */
DR_API const dr_solution *dr_game_solution(const dr_game *game);

/* ---- In time ---------------------------------------------------------------------------------------------------- */

typedef enum dr_propagate_table {
    DR_PROPAGATE_REGIONS, /* a row for each region, group, and all */
    DR_PROPAGATE_PATH,    /* and for each step */
    DR_PROPAGATE_SECTORS  /* a row for each sector of each region that has output */
} dr_propagate_table;

typedef struct dr_propagate_options {
    size_t size;                                                             /* sizeof(dr_propagate_options) */
    int year;                                                                /* 0: the last */
    bool weekly;                                                             /* steps of a week; else of a day */
    int steps;                                                               /* 0: a year (365 days, 52 weeks) */
    dr_propagate_table table;                                                /* DR_PROPAGATE_REGIONS */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;                                                              /* passed to progress */
} dr_propagate_options;

/* What a supply stop does from day to day: a dynamic input-output model with inventories, bottlenecks and rationing (docs/propagate.md:
 * Hallegatte 2014; Inoue & Todo 2019). `shock` is the path of a YAML file. Volumes at base prices; changes in percent of the base.
 *   regions: region, value_added (without the shock, over the run), loss (of it), loss_share (percent), lowest (change on the worst
 *            day), lowest_day, recovered_day (from which on it is within 0.1% of the base; NAN: never below, or not recovered), end
 *            (change on the last day), rest (change at the point of rest, with the stops that never end), final_use (over the run)
 *   path:    day (first of the step), region, value_added, final_use, inventories, residual (conservation of goods in the step)
 *   sectors: region, sector, held_by (what holds output back on the worst day: an input, "capacity" or "demand"), output, loss,
 *            loss_share, lowest, lowest_day, recovered_day, end, rest
 * Deterministic for any number of threads. `options` may be NULL. Errors: DR_USAGE (steps), DR_BAD_INPUT (file, names, year),
 * DR_NO_SOLUTION (goods that are lost beyond 1e-9), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_propagate(dr_table **out, dr_world *world, const char *shock, const dr_propagate_options *options);

/* ---- Structural gravity ----------------------------------------------------------------------------------------- */

/* One sector, trade costs as estimated. Regions R; exporter i, importer n. */
typedef struct dr_structural_data {
    size_t regions;
    const char *const *codes;  /* R */
    const double *output;      /* R: Y, above 0 */
    const double *expenditure; /* R: E, above 0; the same sum as Y */
    const double *cost; /* R x R [i, n]: t^(1 - sigma) in the base, 0 or more: exp(pair effect + what agreements add) */
    const double *counterfactual; /* R x R: the same in the counterfactual */
    double sigma;                 /* elasticity of substitution, above 1 */
    const char *reference;        /* region whose inward resistance is 1; NULL: the first */
} dr_structural_data;

/* General equilibrium of structural gravity (Anderson & van Wincoop 2003) as in Anderson, Larch & Yotov (2018, "GEPPML"),
 *
 *   X(i,n) = Y(i) E(n) (t(i,n) / (Pi(i) P(n)))^(1 - sigma)
 *   Pi(i)^(1 - sigma) = sum_n (t(i,n) / P(n))^(1 - sigma) E(n)         P(n)^(1 - sigma) = sum_i (t(i,n) / Pi(i))^(1 - sigma) Y(i)
 *
 * with P = 1 for the reference: once with Y and E as they are (conditional), and once with endowments as they are (full), in which
 * factory-gate prices p change as (Y / Pi^(1 - sigma))^(1/(1 - sigma)), output is p times what it was, and expenditure phi = E / Y times
 * output (all times one number, so that the world spends what it earns). One row a region: region, output, expenditure, exports (to
 * others, in the base's equilibrium), then percent changes from base to counterfactual: exports_conditional, inward_conditional and
 * outward_conditional (P, Pi), exports_full, inward_full, outward_full, price, output_full, expenditure_full, real_gdp (Y / P), welfare
 * (E / P). The fact certificate.residual is the largest relative distance of any sum of X from the Y or E that it is to be, or of a
 * price from what resistances ask for. Errors: DR_BAD_INPUT (a number out of range, sums that differ, unknown reference), DR_NO_SOLUTION
 * (no convergence, or a residual beyond 1e-9), DR_MACHINE. Free with dr_table_free. */
DR_API dr_status dr_structural_gravity(dr_table **out, const dr_structural_data *data);

/* ---- Stored runs ------------------------------------------------------------------------------------------------ */

/* Stores these tables (curbs where there are export curbs or quotas) under `name` in the world file at `path` (which must not be open here). Errors: DR_BAD_INPUT (the
 * name is taken), DR_MACHINE. */
DR_API dr_status dr_solution_store(const dr_solution *solution, const char *path, const char *name);

/* The runs stored in a world (one row each), or a table (regions, sectors, flows, decomposition, curbs) of the run
 * `name`. */
DR_API dr_status dr_world_runs(dr_table **out, dr_world *world);
DR_API dr_status dr_world_run(dr_table **out, dr_world *world, const char *name, const char *table);

#ifdef __cplusplus
}
#endif

#endif
