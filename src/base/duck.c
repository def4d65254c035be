#include "base/duck.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/portable.h"
#include "base/print.h"

/* DuckDB's own share of memory: enough for the largest transaction (it writes full row groups out early), and little
 * enough that an import of many years stays below 500 MB as a whole. */
#define MEMORY_LIMIT "300MB"
#define IMPORT_MEMORY_LIMIT "700MB" /* a month of Comext is grouped in memory */

/* An option of DuckDB's allocator, which is jemalloc with names of its own and looks for this one: memory is zeroed.
 * DuckDB writes what lies behind the values of a compressed column as it is, and the same import is to give the same
 * bytes (https://github.com/duckdb/duckdb/issues/23382). */
__attribute__((visibility("default"))) extern const char *duckdb_je_malloc_conf_2_conf_harder;
const char *duckdb_je_malloc_conf_2_conf_harder = "zero:true";

/* The database files open in this process. The cache hands out one database per file, so that a second opening shares
 * the first one's lock, and an opening for writing beside one for reading is refused rather than let through. */
static duckdb_instance_cache open_files;
static pthread_once_t open_files_once = PTHREAD_ONCE_INIT;

static void make_cache(void)
{
    open_files = duckdb_create_instance_cache();
}

__attribute__((destructor)) static void drop_cache(void)
{
    if (open_files)
        duckdb_destroy_instance_cache(&open_files);
}

dr_status dr_duck_fail(duckdb_error_type type, const char *message)
{
    const char *text = message ? message : "unknown trouble with the database";
    const char *kind = strstr(text, "Error: ");
    const char *start = kind && kind - text < 32 ? kind + strlen("Error: ") : text;
    bool machine = type == DUCKDB_ERROR_IO || type == DUCKDB_ERROR_OUT_OF_MEMORY || type == DUCKDB_ERROR_PERMISSION ||
                   type == DUCKDB_ERROR_FATAL || type == DUCKDB_ERROR_TRANSACTION || type == DUCKDB_ERROR_INTERNAL;
    bool quotes =
        type == DUCKDB_ERROR_INVALID_INPUT || type == DUCKDB_ERROR_CONVERSION; /* a cell, which may say anything */
    if (!quotes && strstr(text, "No space left on device"))
        return dr_fail(DR_MACHINE, "%s", dr_error_of_file(ENOSPC));
    if (!quotes && strstr(text, "File too large"))
        return dr_fail(DR_MACHINE, "%s", dr_error_of_file(EFBIG));
    if (!quotes && (strstr(text, "Corrupt database file") || strstr(text, "Could not read enough bytes")))
        return dr_fail(DR_BAD_INPUT, "the file is damaged (%.*s)", (int)strcspn(start, "\n"), start);
    return dr_fail(machine ? DR_MACHINE : DR_BAD_INPUT, "%.*s", (int)strcspn(start, "\n"), start);
}

/* How often a file that another program has locked is tried, and the nanoseconds in between: three seconds in all. */
enum { TRIES = 60, PAUSE = 50000000 };

static bool is_locked(const char *message)
{
    return strstr(message, "Could not set lock") != NULL;
}

/* The reason of a failure to open is read from DuckDB's message: there is no code for it. */
static dr_status fail_open(const char *path, bool read_only, const char *message)
{
    const char *text = message ? message : "", *process = strstr(text, "(PID ");
    if (is_locked(text)) {
        char who[32] = "";
        if (process)
            snprintf(who, sizeof who, " (process %ld)", strtol(process + strlen("(PID "), NULL, 10));
        return dr_fail(DR_MACHINE,
                       "%s: another program%s is still %s it after three seconds; try again when it has finished", path,
                       who, read_only ? "writing" : "using");
    }
    if (strstr(text, "different configuration"))
        return dr_fail(DR_MACHINE, "%s: this program already has it open; close it first", path);
    if (strstr(text, "not a valid DuckDB") || strstr(text, "we can only read versions") ||
        strstr(text, "older version of DuckDB") || strstr(text, "newer version of DuckDB") ||
        strstr(text, "in-memory database")) /* what DuckDB makes of a CSV, JSON or Parquet file */
        return dr_fail(DR_BAD_INPUT, "%s: not a DuckDB file that this version reads; expected a world file", path);
    dr_status status = dr_duck_fail(DUCKDB_ERROR_IO, text);
    return dr_fail_at(status, path);
}

/* How a database is opened. */
typedef struct opening {
    const char *path; /* NULL: in memory */
    bool read_only;
    const char *const *files; /* others that SQL is to read */
    size_t count;
} opening;

static bool set_options(duckdb_config config, const opening *o)
{
    bool closed = o->path && o->count == 0, importing = o->count > 0;
    const char *options[][2] = {
        {"access_mode", o->read_only ? "READ_ONLY" : "READ_WRITE"},
        {"memory_limit", importing ? IMPORT_MEMORY_LIMIT : MEMORY_LIMIT},
        {"temp_directory", ""}, /* nothing is left beside the world, nor anywhere else */
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        /* the small side of an import's joins is the right one, which statistics do not show */
        {"disabled_optimizers", importing ? "join_order,build_side_probe_side" : ""},
        {"disabled_compression_methods", "fsst,dict_fsst"}, /* which draw a sample, another one each time */
        {"enable_external_access", closed ? "false" : "true"},
        {"lock_configuration", closed ? "true" : "false"},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (duckdb_set_config(config, options[i][0], options[i][1]) != DuckDBSuccess)
            return false;
    /* several threads hand over the rows of a join in the order in which they end; what is written has one order */
    return o->read_only || duckdb_set_config(config, "threads", "1") == DuckDBSuccess;
}

static dr_status check_file(const char *path, bool read_only)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return read_only ? dr_fail(DR_BAD_INPUT, "%s: no such file; expected a world file", path) : DR_OK;
    if (!S_ISREG(about.st_mode)) /* opening a pipe would wait for its writer */
        return dr_fail(DR_BAD_INPUT, "%s: is a %s; expected a world file", path,
                       S_ISDIR(about.st_mode) ? "folder" : "pipe or device");
    if (access(path, read_only ? R_OK : R_OK | W_OK) != 0)
        return dr_fail(DR_MACHINE, "%s: no permission to %s it", path, read_only ? "read" : "change");
    return DR_OK;
}

/* Opens the file, and waits for a program that has it locked. */
static duckdb_state open_waiting(duckdb_database *out, const char *path, duckdb_config config, char **message)
{
    const struct timespec pause = {.tv_nsec = PAUSE};
    duckdb_state state = DuckDBError;
    for (int try = 0; try < TRIES; try++) {
        if (try > 0) {
            duckdb_free(*message);
            *message = NULL;
            nanosleep(&pause, NULL);
        }
        state = duckdb_get_or_create_from_cache(open_files, path, out, config, message);
        if (state == DuckDBSuccess || !*message || !is_locked(*message))
            break;
    }
    return state;
}

/* The path for DuckDB, which may take a plain one for a service's ("md:x", "https://x") or for a database in memory. */
static char *plain_path(const char *path)
{
    char *plain = NULL;
    return asprintf(&plain, "%s%s", strchr("./", path[0]) ? "" : "./", path) < 0 ? NULL : plain;
}

/* DuckDB has threads of its own, and ends the program where one of them finds no memory. Under a limit on address space
 * that is near, the error comes before it is asked. */
static dr_status check_room(void)
{
    static const double needed = 128e6; /* by trial: from 75 MB of room on it opened a world every time */
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return DR_OK;
    double room = (double)limit.rlim_cur - dr_process_memory();
    if (room < needed) /* not where it is unknown, NAN */
        return dr_fail(DR_MACHINE,
                       "out of memory: the limit on address space (ulimit -v) leaves %.0f MB; %.0f are needed",
                       room / 1e6, needed / 1e6);
    return DR_OK;
}

static dr_status open_database(dr_duck *duck, const opening *o)
{
    DR_TRY(check_room());
    duckdb_config config = NULL;
    char *message = NULL, *path = o->path ? plain_path(o->path) : NULL;
    if ((o->path && !path) || duckdb_create_config(&config) != DuckDBSuccess || !set_options(config, o)) {
        duckdb_destroy_config(&config);
        free(path);
        return dr_fail_memory();
    }
    pthread_once(&open_files_once, make_cache);
    duckdb_state state = path ? open_waiting(&duck->database, path, config, &message)
                              : duckdb_open_ext(NULL, &duck->database, config, &message);
    duckdb_destroy_config(&config);
    free(path);
    dr_status status = DR_OK;
    if (state != DuckDBSuccess)
        status = fail_open(o->path ? o->path : "database in memory", o->read_only, message);
    else if (duckdb_connect(duck->database, &duck->connection) != DuckDBSuccess)
        status = dr_fail_memory();
    duckdb_free(message);
    return status;
}

/* ---- The door ---- */

/* The name under which DuckDB knows the file, quoted as in a search path; the caller frees. */
static dr_status find_catalog(char **out, const dr_duck *duck)
{
    duckdb_result result;
    DR_TRY(dr_duck_query(duck, &result, "SELECT system.main.current_database()"));
    char *name = duckdb_value_varchar(&result, 0, 0), *to = NULL;
    duckdb_destroy_result(&result);
    if (name && (to = *out = malloc(2 * strlen(name) + 3))) {
        *to++ = '"';
        for (const char *c = name; *c; c++) {
            if (*c == '"')
                *to++ = '"';
            *to++ = *c;
        }
        *to++ = '"';
        *to = '\0';
    }
    duckdb_free(name);
    return to ? DR_OK : dr_fail_memory();
}

/* Names are looked up in `first` and then in the file. */
static dr_status set_search_path(const dr_duck *duck, const char *first, const char *catalog)
{
    char *path = NULL;
    if (asprintf(&path, "%s%s.main", first, catalog) < 0)
        return dr_fail_memory();
    char *quoted = dr_duck_quote(path);
    dr_status status = quoted ? dr_duck_run(duck, "SET search_path = %s", quoted) : dr_fail_memory();
    free(quoted);
    free(path);
    return status;
}

static dr_status print_files(char **out, const char *const *files, size_t count)
{
    size_t size = 0;
    FILE *to = open_memstream(out, &size);
    bool failed = !to;
    for (size_t i = 0; i < count && to; i++) {
        char *pattern = dr_duck_path(files[i]), *path = dr_duck_quote(files[i]);
        failed = failed || !pattern || !path || fprintf(to, "%s%s, %s", i ? ", " : "", pattern, path) < 0;
        free(pattern);
        free(path);
    }
    failed = (to && fclose(to) != 0) || failed;
    return failed ? dr_fail_memory() : DR_OK;
}

dr_status dr_duck_lock(const dr_duck *duck, const char *const *files, size_t count)
{
    char *list = NULL;
    dr_status status = print_files(&list, files, count);
    if (status == DR_OK && count > 0)
        status = dr_duck_run(duck, "SET allowed_paths = [%s]", list);
    free(list);
    if (status == DR_OK)
        status = dr_duck_run(duck, "SET enable_external_access = false");
    return status == DR_OK ? dr_duck_run(duck, "SET lock_configuration = true") : status;
}

/* DuckDB's functions come before macros of the file that bear their names. Where tables are to be made, the file has to
 * come first in the end; nothing of it is run before dr_world's checks have seen that it holds no macro. */
static dr_status close_door(const dr_duck *duck, const opening *o)
{
    char *catalog = NULL;
    dr_status status = find_catalog(&catalog, duck);
    if (status == DR_OK)
        status = set_search_path(duck, "system.main,", catalog);
    if (status == DR_OK && o->count > 0)
        status = dr_duck_lock(duck, o->files, o->count);
    if (status == DR_OK && !o->read_only)
        status = set_search_path(duck, "", catalog);
    free(catalog);
    return status;
}

static dr_status open_as(dr_duck *out, const opening *o)
{
    dr_duck duck = {0};
    if (o->path)
        DR_TRY(check_file(o->path, o->read_only));
    dr_status status = open_database(&duck, o);
    if (status == DR_OK && o->path)
        status = close_door(&duck, o);
    if (status == DR_OK)
        *out = duck;
    else
        dr_duck_close(&duck);
    return status;
}

dr_status dr_duck_open(dr_duck *out, const char *path, bool read_only)
{
    return open_as(out, &(opening){.path = path, .read_only = read_only});
}

dr_status dr_duck_open_importing(dr_duck *out, const char *path, const char *const *files, size_t count)
{
    return open_as(out, &(opening){.path = path, .files = files, .count = count});
}

void dr_duck_close(dr_duck *duck)
{
    if (duck->connection)
        duckdb_disconnect(&duck->connection);
    if (duck->database)
        duckdb_close(&duck->database);
    *duck = (dr_duck){0};
}

static dr_status query(const dr_duck *duck, duckdb_result *out, const char *sql, va_list arguments)
{
    char *text = NULL;
    if (dr_vprint_new(&text, sql, arguments) < 0)
        return dr_fail_memory();
    dr_status status = DR_OK;
    if (duckdb_query(duck->connection, text, out) != DuckDBSuccess) {
        status = dr_duck_fail(duckdb_result_error_type(out), duckdb_result_error(out));
        duckdb_destroy_result(out);
    }
    free(text);
    return status;
}

dr_status dr_duck_run(const dr_duck *duck, const char *sql, ...)
{
    duckdb_result result;
    va_list arguments;
    va_start(arguments, sql);
    dr_status status = query(duck, &result, sql, arguments);
    va_end(arguments);
    if (status == DR_OK)
        duckdb_destroy_result(&result);
    return status;
}

dr_status dr_duck_query(const dr_duck *duck, duckdb_result *out, const char *sql, ...)
{
    va_list arguments;
    va_start(arguments, sql);
    dr_status status = query(duck, out, sql, arguments);
    va_end(arguments);
    return status;
}

char *dr_duck_quote(const char *text)
{
    char *quoted = malloc(2 * strlen(text) + 3);
    if (!quoted)
        return NULL;
    char *to = quoted;
    *to++ = '\'';
    for (; *text; text++) {
        if (*text == '\'')
            *to++ = '\'';
        *to++ = *text;
    }
    *to++ = '\'';
    *to = '\0';
    return quoted;
}

char *dr_duck_path(const char *path)
{
    char *pattern = malloc(3 * strlen(path) + 1);
    if (!pattern)
        return NULL;
    char *to = pattern;
    for (; *path; path++) {
        bool wild = strchr("*?[", *path) != NULL;
        if (wild)
            *to++ = '[';
        *to++ = *path;
        if (wild)
            *to++ = ']';
    }
    *to = '\0';
    char *quoted = dr_duck_quote(pattern);
    free(pattern);
    return quoted;
}
