/* The groups that a world file keeps. */
#include "base/sql.h"
#include "world/roster.h"
#include "world/world_sql.h"

static dr_status add_row(dr_roster *r, const dr_cursor *cursor, dr_arena *texts)
{
    const char *code = dr_cursor_text(cursor, 0, texts), *name = dr_cursor_text(cursor, 1, texts);
    const char *country = dr_cursor_text(cursor, 2, texts);
    if (!code || !name || !country)
        return dr_fail_memory();
    return dr_roster_add(r, code, name, country, dr_cursor_index(cursor, 3), dr_cursor_index(cursor, 4));
}

dr_status dr_roster_read(dr_roster *out, const dr_duck *duck)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.roster, NULL);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more)
        status = add_row(out, &cursor, &texts);
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}
