#include "world/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "world/classification.h"
#include "world/isic.h"
#include "world/world_sql.h"

static const char **empty_texts(dr_arena *arena, size_t count)
{
    const char **texts = dr_arena_take(arena, count * sizeof *texts);
    for (size_t i = 0; texts && i < count; i++)
        texts[i] = "";
    return texts;
}

dr_status dr_layout_texts(dr_layout *layout)
{
    const char ***of_regions[] = {&layout->region_names, &layout->region_parts};
    const char ***of_sectors[] = {&layout->sector_names, &layout->sector_slugs, &layout->sector_kinds,
                                  &layout->sector_isic};
    for (size_t i = 0; i < 2; i++)
        if (!(*of_regions[i] = empty_texts(&layout->arena, layout->regions.count)))
            return dr_fail_memory();
    for (size_t i = 0; i < 4; i++)
        if (!(*of_sectors[i] = empty_texts(&layout->arena, layout->sectors.count)))
            return dr_fail_memory();
    return DR_OK;
}

void dr_layout_free(dr_layout *layout)
{
    dr_names_free(&layout->regions);
    dr_names_free(&layout->sectors);
    dr_names_free(&layout->uses);
    dr_arena_free(&layout->arena);
    *layout = (dr_layout){0};
}

static dr_status same_names(const dr_names *here, const dr_names *there, const char *what)
{
    for (size_t i = 0; i < there->count; i++)
        if (dr_names_find(here, there->names[i]) < 0) {
            char hint[DR_HINT_SIZE];
            return dr_fail(DR_BAD_INPUT, "the world has no %s '%s'%s", what, there->names[i],
                           dr_hint(hint, there->names[i], (const char *const *)here->names, here->count));
        }
    for (size_t i = 0; i < here->count; i++)
        if (dr_names_find(there, here->names[i]) < 0)
            return dr_fail(DR_BAD_INPUT, "the world's %s '%s' is missing from the table", what, here->names[i]);
    return DR_OK;
}

dr_status dr_layout_same(const dr_layout *here, const dr_layout *there)
{
    if (here->is_long != there->is_long)
        return dr_fail(DR_BAD_INPUT, "the world contains %s, which cannot be combined with %s",
                       here->is_long ? "tables in the long format" : "input-output tables",
                       there->is_long ? "tables in the long format" : "input-output tables");
    DR_TRY(same_names(&here->regions, &there->regions, "region"));
    DR_TRY(same_names(&here->sectors, &there->sectors, "sector"));
    return same_names(&here->uses, &there->uses, "final use");
}

dr_status dr_layout_check(const dr_layout *layout, const char *path)
{
    dr_names slugs = {0};
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < layout->sectors.count; i++) {
        const char *slug = layout->sector_slugs[i], *kind = layout->sector_kinds[i];
        int same = dr_names_find(&layout->sectors, slug);
        if (dr_names_find(&layout->sectors, kind) >= 0 || strcmp(kind, "all") == 0)
            status = dr_fail(DR_BAD_INPUT, "%s: the kind '%s' is also a sector's code or 'all'", path, kind);
        else if (!*slug)
            continue;
        else if ((same >= 0 && (size_t)same != i) || strcmp(slug, "all") == 0)
            status = dr_fail(DR_BAD_INPUT, "%s: the slug '%s' is also another sector's code or 'all'", path, slug);
        else if (dr_names_find(&slugs, slug) >= 0)
            status = dr_fail(DR_BAD_INPUT, "%s: the slug '%s' appears twice", path, slug);
        else if (dr_names_add(&slugs, slug) < 0)
            status = dr_fail_memory();
        for (size_t k = 0; status == DR_OK && k < layout->sectors.count; k++)
            if (strcmp(slug, layout->sector_kinds[k]) == 0)
                status = dr_fail(DR_BAD_INPUT, "%s: the slug '%s' is also a kind", path, slug);
    }
    dr_names_free(&slugs);
    return status;
}

/* Reads columns of text into texts[column][index of the code], the code being the query's first column. Every code has
 * its row. */
static dr_status read_texts(const dr_duck *duck, const char *table, const char *const *columns, size_t count,
                            const dr_names *codes, dr_arena *arena, const char **const *texts)
{
    dr_cursor cursor;
    bool more = false, *met = dr_new(codes->count, sizeof *met);
    if (!met)
        return dr_fail_memory();
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.contents.texts,
                                   DR_VALUES(dr_sql_columns("columns", columns, count), dr_sql_name("table", table)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        size_t code = (size_t)dr_cursor_index(&cursor, 0);
        for (size_t i = 0; i < count; i++)
            if (!(texts[i][code] = dr_cursor_text(&cursor, i + 1, arena)))
                status = dr_fail_memory();
        met[code] = true;
    }
    dr_cursor_close(&cursor);
    for (size_t code = 0; status == DR_OK && code < codes->count; code++)
        if (!met[code])
            status = dr_fail(DR_BAD_INPUT, "the table '%s' has no row of '%s'; expected one of each code", table,
                             codes->names[code]);
    free(met);
    return status;
}

dr_status dr_layout_read(dr_layout *layout, const dr_duck *duck, dr_contents *contents)
{
    static const char *const region_columns[] = {"name", "parts"};
    static const char *const sector_columns[] = {"name", "slug", "kind", "isic_rev3"};
    layout->is_long = contents->is_long;
    if (!contents->has[DR_OF_REGIONS]) /* product flows only */
        return DR_OK;
    layout->regions = contents->regions;
    layout->sectors = contents->sectors;
    layout->uses = contents->uses;
    contents->regions = contents->sectors = contents->uses = (dr_names){0};
    DR_TRY(dr_layout_texts(layout));
    const char **of_regions[] = {layout->region_names, layout->region_parts};
    const char **of_sectors[] = {layout->sector_names, layout->sector_slugs, layout->sector_kinds, layout->sector_isic};
    DR_TRY(read_texts(duck, "region", region_columns, 2, &layout->regions, &layout->arena, of_regions));
    return read_texts(duck, "sector", sector_columns, 4, &layout->sectors, &layout->arena, of_sectors);
}

/* The sectors of a layout by divisions of one revision of ISIC: the only one that shares a division with `wanted`. */
typedef struct matches {
    bool wanted[DR_ISIC_DIVISIONS];
    size_t found, sector;
} matches;

static void look_at(matches *search, const char *isic, size_t sector)
{
    bool has[DR_ISIC_DIVISIONS] = {false}, shared = false;
    if (!*isic || !dr_isic_read(isic, has))
        return;
    for (size_t d = 0; d < DR_ISIC_DIVISIONS; d++)
        shared = shared || (search->wanted[d] && has[d]);
    search->found += shared;
    search->sector = shared ? sector : search->sector;
}

/* Looks by Rev. 4 in tables whose classification follows it. False: the table does not. */
static bool search_fourth(matches *search, const dr_layout *layout, const dr_classifications *all)
{
    const dr_classification *of = dr_classification_of(all, &layout->sectors);
    if (!of || !of->isic_rev4)
        return false;
    for (size_t s = 0; s < layout->sectors.count; s++) {
        const dr_known_sector *known = &all->sectors[dr_classification_code(of, layout->sectors.names[s])->sector];
        if (strcmp(known->isic_rev3, layout->sector_isic[s]) != 0) /* the user's own codes come first */
            return false;
        look_at(search, known->isic_rev4, s);
    }
    return true;
}

dr_status dr_layout_division(const char **code, const dr_layout *layout, const char *isic_rev3, const char *isic_rev4)
{
    const dr_classifications *all = NULL;
    matches third = {0}, fourth = {0};
    *code = isic_rev3;
    if (layout->sectors.count == 0 || !dr_isic_read(isic_rev3, third.wanted))
        return DR_OK;
    DR_TRY(dr_classifications_read(&all));
    bool by_fourth = *isic_rev4 && dr_isic_read(isic_rev4, fourth.wanted) && search_fourth(&fourth, layout, all);
    for (size_t s = 0; s < layout->sectors.count && !by_fourth; s++)
        look_at(&third, layout->sector_isic[s], s);
    const matches *matched = by_fourth ? &fourth : &third;
    *code = matched->found == 1 ? layout->sectors.names[matched->sector] : "";
    return DR_OK;
}
