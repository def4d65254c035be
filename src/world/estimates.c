#include "world/estimates.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sql.h"
#include "world/products.h"
#include "world/world_sql.h"
#include "world/write.h"

static const struct {
    dr_family family;
    const char *table, *what, *of, *value;
} kinds[] = {
    [DR_STORED_ESTIMATES] = {DR_OF_ESTIMATES, "estimate", "estimate", "variable", "coefficient"},
    [DR_STORED_ELASTICITIES] = {DR_OF_ELASTICITIES, "elasticity", "set of elasticities", "sector", "trade_elasticity"},
};

static dr_status check_name(const dr_duck *duck, dr_stored_kind kind, const char *name)
{
    bool taken = false;
    DR_TRY(dr_sql_any(&taken, duck, dr_world_sql.estimates.is_taken,
                      DR_VALUES(dr_sql_name("table", kinds[kind].table), dr_sql_text("name", name))));
    return taken ? dr_fail(DR_BAD_INPUT, "the %s '%s' already exists; choose another name", kinds[kind].what, name)
                 : DR_OK;
}

static dr_status insert(const dr_duck *duck, const char *statement, const char *into, const char *name,
                        const dr_table *table)
{
    if (!table)
        return DR_OK;
    DR_TRY(dr_append_table(duck, "incoming", table));
    return dr_sql_run(duck, statement, DR_VALUES(dr_sql_name("table", into), dr_sql_text("name", name)));
}

/* What is stored beside the coefficients of an estimate. */
static dr_status write_parts(const dr_duck *duck, const char *name, const dr_table *fits, const dr_table *covariances)
{
    DR_TRY(dr_tables_create(duck, DR_OF_ESTIMATE_FITS));
    DR_TRY(insert(duck, dr_world_sql.estimates.insert_part, "estimate_fit", name, fits));
    return insert(duck, dr_world_sql.estimates.insert_part, "estimate_covariance", name, covariances);
}

static dr_status write_rows(const dr_duck *duck, dr_stored_kind kind, const char *name, const dr_table *table)
{
    DR_TRY(dr_tables_create(duck, kinds[kind].family));
    DR_TRY(check_name(duck, kind, name));
    return insert(duck, dr_world_sql.estimates.insert, kinds[kind].table, name, table);
}

dr_status dr_stored_write(dr_stored_kind kind, const char *path, const char *name, const dr_table *table,
                          const dr_table *fits, const dr_table *covariances)
{
    struct stat about;
    dr_writer *writer = NULL;
    if (!*name || !dr_utf8(name))
        return dr_fail(DR_BAD_INPUT, "the name of a stored estimate must be UTF-8 text and not empty");
    if (stat(path, &about) != 0)
        return dr_fail(DR_BAD_INPUT, "%s: no such file; expected a world file", path);
    DR_TRY(dr_writer_open(&writer, path));
    dr_status status = write_rows(&writer->duck, kind, name, table);
    if (status == DR_OK && kind == DR_STORED_ESTIMATES)
        status = write_parts(&writer->duck, name, fits, covariances);
    if (status == DR_OK)
        return dr_writer_commit(writer);
    dr_fail_at(status, path);
    dr_writer_abandon(writer);
    return status;
}

static dr_status take_row(dr_stored_rows *out, const dr_cursor *cursor, dr_arena *arena)
{
    dr_stored row = {dr_cursor_text(cursor, 0, arena), dr_cursor_text(cursor, 1, arena), dr_cursor_number(cursor, 2),
                     dr_cursor_number(cursor, 3)};
    if (!row.name || !row.of || !dr_grow((void **)&out->row, &out->capacity, out->count + 1, sizeof *out->row))
        return dr_fail_memory();
    out->row[out->count++] = row;
    return DR_OK;
}

dr_status dr_stored_read(dr_stored_rows *out, dr_stored_kind kind, const dr_duck *duck, dr_arena *arena)
{
    dr_cursor cursor;
    bool there = false, more = false;
    DR_TRY(dr_products_table(duck, kinds[kind].table, &there));
    if (!there)
        return DR_OK;
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.estimates.rows,
                                   DR_VALUES(dr_sql_name("of", kinds[kind].of), dr_sql_name("value", kinds[kind].value),
                                             dr_sql_name("table", kinds[kind].table)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more)
        status = take_row(out, &cursor, arena);
    dr_cursor_close(&cursor);
    return status;
}

dr_status dr_stored_covariances(dr_stored_covariance **out, size_t *count, const dr_duck *duck, dr_arena *arena)
{
    dr_cursor cursor;
    size_t capacity = 0;
    bool there = false, more = false;
    DR_TRY(dr_products_table(duck, "estimate_covariance", &there));
    if (!there)
        return DR_OK;
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.estimates.covariances, NULL);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        dr_stored_covariance row = {dr_cursor_text(&cursor, 0, arena), dr_cursor_text(&cursor, 1, arena),
                                    dr_cursor_text(&cursor, 2, arena), dr_cursor_number(&cursor, 3)};
        if (!row.name || !row.of || !row.other || !dr_grow((void **)out, &capacity, *count + 1, sizeof **out))
            status = dr_fail_memory();
        else
            (*out)[(*count)++] = row;
    }
    dr_cursor_close(&cursor);
    return status;
}

dr_status dr_stored_info(dr_table *table, const dr_world *world)
{
    const char *const queries[] = {dr_world_sql.info.estimates, dr_world_sql.info.elasticities};
    for (size_t kind = 0; kind < 2; kind++) {
        bool there = false;
        DR_TRY(dr_products_table(&world->duck, kinds[kind].table, &there));
        if (there)
            DR_TRY(dr_sql_table(table, &world->duck, queries[kind], NULL));
    }
    return DR_OK;
}
