/* What the tests of worlds and imports share: a folder of their own, in which they are, and small tables. */
#ifndef TESTS_WORLD_SUPPORT_H
#define TESTS_WORLD_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/duck.h"
#include "derisk.h"

static char test_folder[512], test_root[4096];

/* ---- The folder ---- */

static inline int remove_entry(const char *path, const struct stat *about, int type, struct FTW *at)
{
    (void)about;
    (void)type;
    (void)at;
    return remove(path);
}

/* A group's setup: an empty folder, which becomes the working folder. */
static inline int enter_folder(void **state)
{
    (void)state;
    const char *temporary = getenv("TMPDIR");
    snprintf(test_folder, sizeof test_folder, "%s/derisk-test-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    return getcwd(test_root, sizeof test_root) && mkdtemp(test_folder) && chdir(test_folder) == 0 ? 0 : -1;
}

static inline int leave_folder(void **state)
{
    (void)state;
    return chdir(test_root) == 0 ? nftw(test_folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS) : -1;
}

/* A test's setup: the folder is empty. */
static inline int empty_folder(void **state)
{
    return leave_folder(state) == 0 && enter_folder(state) == 0 ? 0 : -1;
}

static inline bool is_there(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static inline void write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

/* The bytes of a file with a zero after them; the caller frees. */
static inline char *read_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    bytes[*size] = '\0';
    fclose(file);
    return bytes;
}

static inline void assert_same_files(const char *a, const char *b)
{
    size_t size_a = 0, size_b = 0;
    char *bytes_a = read_bytes(a, &size_a), *bytes_b = read_bytes(b, &size_b);
    assert_int_equal(size_a, size_b);
    assert_memory_equal(bytes_a, bytes_b, size_a);
    free(bytes_a);
    free(bytes_b);
}

/* A file of the data beside the checkout; the test is skipped where there is none. */
static inline const char *shared(const char *name)
{
    static char path[8192];
    const char *folder = getenv("DERISK_SHARED");
    if (folder && folder[0] == '/')
        snprintf(path, sizeof path, "%s/%s", folder, name);
    else
        snprintf(path, sizeof path, "%s/%s/%s", test_root, folder ? folder : "../shared", name);
    if (!is_there(path)) {
        print_message("skipped: there is no %s\n", path);
        skip();
    }
    return path;
}

/* ---- Calls and their failures ---- */

static inline void assert_ok(dr_status status)
{
    if (status != DR_OK)
        fail_msg("status %d: %s", (int)status, dr_error_text());
}

static inline void assert_failed(dr_status status, dr_status expected, const char *text)
{
    assert_string_equal(status == DR_OK ? "(no failure)" : dr_error_text(), text);
    assert_int_equal(status, expected);
}

/* ---- Small tables ---- */

/* Two regions, two sectors, two uses; every total is right. */
static const char small_table[] = "V1,AAA_x,AAA_y,BBB_x,BBB_y,AAA_C,AAA_G,BBB_C,BBB_G,OUT\n"
                                  "AAA_x,10,5,2,1,20,2,8,2,50\n"
                                  "AAA_y,4,30,1,3,40,10,10,2,100\n"
                                  "BBB_x,3,1,20,6,5,1,40,4,80\n"
                                  "BBB_y,1,4,7,50,2,0,60,26,150\n"
                                  "VA,32,60,50,90,0,0,0,0,232\n"
                                  "OUT,50,100,80,150,67,13,118,34,612\n";

static inline void import_text(const char *file, const char *text, const char *world, const dr_import_options *options)
{
    write_text(file, text);
    assert_ok(dr_import_icio(NULL, &file, 1, world, options));
}

/* A world file with the small table of 2011. */
static inline void make_small_world(const char *world)
{
    import_text("small_2011.csv", small_table, world, NULL);
}

/* The number that a query on a world file gives. */
static inline double query_number(const char *world, const char *sql)
{
    dr_duck duck = {0};
    duckdb_result result;
    assert_ok(dr_duck_open(&duck, world, true));
    assert_ok(dr_duck_query(&duck, &result, "SELECT (%s)::DOUBLE", sql));
    duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
    assert_non_null(chunk);
    double number = *(double *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
    duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
    dr_duck_close(&duck);
    return number;
}

/* Makes of a world one of version 3, which had its cells in rows. */
#define AS_BEFORE                                                                                                      \
    "CREATE TABLE i AS FROM intermediate; CREATE TABLE f AS FROM final; DROP VIEW intermediate; DROP VIEW final;"      \
    "DROP TABLE intermediate_row; DROP TABLE final_row; ALTER TABLE i RENAME TO intermediate;"                         \
    "ALTER TABLE f RENAME TO final; UPDATE schema SET version = 3;"

/* SQL on a file without derisk's door in front, as any program has it. */
static inline void change_world(const char *path, const char *sql)
{
    duckdb_database database;
    duckdb_connection connection;
    duckdb_result result;
    assert_int_equal(duckdb_open(path, &database), DuckDBSuccess);
    assert_int_equal(duckdb_connect(database, &connection), DuckDBSuccess);
    if (duckdb_query(connection, sql, &result) != DuckDBSuccess)
        fail_msg("%s: %s", sql, duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
}

#endif
