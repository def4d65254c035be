/* dr_fetch_sources: what can be fetched, and what is there already. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/table.h"
#include "import/fetch_list.h"

dr_status dr_fetch_cache(const char **out, dr_arena *arena, const char *given)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    bool of_cache = cache && *cache == '/'; /* the specification ignores others */
    if (!given && !of_cache && !(home && *home))
        return dr_fail(DR_BAD_INPUT, "there is no folder for downloads: neither XDG_CACHE_HOME nor HOME is set; name "
                                     "one with --cache");
    *out = given      ? dr_arena_text(arena, given)
           : of_cache ? dr_arena_format(arena, "%s/derisk", cache)
                      : dr_arena_format(arena, "%s/.cache/derisk", home);
    return *out ? DR_OK : dr_fail_memory();
}

enum { SOURCE, EDITION, FIRST, LAST, FILES, CACHED, SIZE, ACCESS, LICENCE, COLUMNS };

static const dr_column_spec columns[COLUMNS] = {
    {"source", DR_SHOW_TEXT},          {"edition", DR_SHOW_TEXT}, {"first_year", DR_SHOW_COUNT},
    {"last_year", DR_SHOW_COUNT},      {"files", DR_SHOW_COUNT},  {"there", DR_SHOW_COUNT},
    {"million_bytes", DR_SHOW_NUMBER}, {"access", DR_SHOW_TEXT},  {"licence", DR_SHOW_TEXT},
};

/* Counts the files of a row of the list that were not counted before, and those that are in the cache. */
static dr_status count_row(dr_fetch_list *list, const dr_fetch_file *row, const char *cache, dr_names *names,
                           size_t *there)
{
    bool each = strstr(row->file, "{year}") != NULL;
    for (int year = row->first; year <= (each ? row->last : row->first); year++) {
        const char *name = dr_fetch_with_year(list, row->file, year);
        size_t before = names->count;
        char *path = NULL;
        if (!name || dr_names_add(names, name) < 0 ||
            asprintf(&path, "%s/%s/%s/%s", cache, row->of->source, row->edition, name) < 0)
            return dr_fail_memory();
        *there += names->count > before && access(path, F_OK) == 0;
        free(path);
    }
    return DR_OK;
}

/* The number of an edition's files, and of those that are in the cache. A file of one year that has a row of its own is
 * also one of the row for all years, and counted once. */
static dr_status count_files(dr_fetch_list *list, const dr_fetch_file *edition, const char *cache, size_t *files,
                             size_t *there)
{
    dr_names names = {0};
    dr_status status = DR_OK;
    *there = 0;
    for (size_t i = 0; i < list->file_count && status == DR_OK; i++)
        if (list->files[i].of == edition->of && strcmp(list->files[i].edition, edition->edition) == 0)
            status = count_row(list, &list->files[i], cache, &names, there);
    *files = names.count;
    dr_names_free(&names);
    return status;
}

/* An edition, which stands together in the list, as one: with its first and last year. */
static dr_fetch_file whole_edition(const dr_fetch_list *list, size_t *at)
{
    dr_fetch_file all = list->files[*at];
    for (; *at < list->file_count; (*at)++) {
        const dr_fetch_file *f = &list->files[*at];
        if (f->of != all.of || strcmp(f->edition, all.edition) != 0)
            break;
        all.first = f->first < all.first ? f->first : all.first;
        all.last = f->last > all.last ? f->last : all.last;
        all.millions = f->millions > all.millions ? f->millions : all.millions;
    }
    return all;
}

/* In words. What holds of the publisher's server need not hold of a mirror. */
static const char *access_of(const dr_fetch_file *edition, bool mirror)
{
    const char *access = edition->of->access;
    if (!*edition->address)
        return strcmp(access, "login") == 0 ? "by hand, after a login" : "by hand";
    return !mirror && strcmp(access, "browser") == 0 ? "download; programs may be refused" : "download";
}

static dr_status add_edition(dr_table *table, dr_fetch_list *list, const dr_fetch_file *edition, const char *cache,
                             bool mirror)
{
    size_t files = 0, there = 0;
    DR_TRY(count_files(list, edition, cache, &files, &there));
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, SOURCE, edition->of->source);
    dr_table_set_text(table, row, EDITION, edition->edition);
    dr_table_set_number(table, row, FIRST, edition->first);
    dr_table_set_number(table, row, LAST, edition->last);
    dr_table_set_number(table, row, FILES, (double)files);
    dr_table_set_number(table, row, CACHED, (double)there);
    if (edition->millions > 0)
        dr_table_set_number(table, row, SIZE, edition->millions);
    dr_table_set_text(table, row, ACCESS, access_of(edition, mirror));
    dr_table_set_text(table, row, LICENCE, edition->licence);
    return DR_OK;
}

static bool has_files(const dr_fetch_list *list, const dr_dataset *of)
{
    for (size_t i = 0; i < list->file_count; i++)
        if (list->files[i].of == of)
            return true;
    return false;
}

static dr_status fill(dr_table *table, dr_fetch_list *list, const char *cache, bool mirror)
{
    dr_table_set_title(table, "Sources that derisk fetch knows");
    for (size_t at = 0; at < list->file_count;) {
        dr_fetch_file edition = whole_edition(list, &at);
        DR_TRY(add_edition(table, list, &edition, cache, mirror));
    }
    for (size_t i = 0; i < list->dataset_count; i++) {
        const dr_dataset *d = &list->datasets[i];
        if (!has_files(list, d))
            continue;
        dr_table_add_note(table, "%s: %s (%s). To be cited as: %s. Page: %s", d->source, d->title, d->publisher,
                          d->citation, d->page);
    }
    dr_table_add_note(table,
                      "Downloads are kept in %s. The first edition of a source is the one that is taken if none "
                      "is named, and its last year.",
                      cache);
    return DR_OK;
}

dr_status dr_fetch_sources(dr_table **out, const dr_fetch_options *given)
{
    dr_fetch_options options;
    dr_fetch_list list = {0};
    dr_table *table = NULL;
    const char *cache = NULL;
    DR_TRY(DR_GIVEN(out));
    DR_TRY(DR_TAKE_OPTIONS(&options, given));
    dr_status status = dr_fetch_list_read(&list, options.mirror);
    if (status == DR_OK)
        status = dr_fetch_cache(&cache, &list.arena, options.cache);
    if (status == DR_OK)
        status = dr_table_new(&table, columns, COLUMNS);
    if (status == DR_OK)
        dr_table_keep_rows(table);
    if (status == DR_OK)
        status = dr_table_finish(out, table, fill(table, &list, cache, options.mirror != NULL));
    dr_fetch_list_free(&list);
    return status;
}
