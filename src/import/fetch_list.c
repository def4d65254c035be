#include "import/fetch_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* The fields of a row, in the order of `names`, as texts of the list's arena; "" where a column is missing. */
static dr_status take_texts(dr_fetch_list *list, const dr_csv *csv, const int *columns, size_t count,
                            const char ***texts)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = columns[i] < 0 ? "" : dr_csv_field(csv, (size_t)columns[i]);
        if (!dr_utf8(text))
            return dr_csv_fail(csv, columns[i], "not UTF-8 text");
        if (!(*texts[i] = dr_arena_text(&list->arena, text)))
            return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status take_dataset(dr_fetch_list *list, const dr_csv *csv, const int *columns)
{
    if (!dr_grow((void **)&list->datasets, &list->dataset_capacity, list->dataset_count + 1, sizeof *list->datasets))
        return dr_fail_memory();
    dr_dataset *d = &list->datasets[list->dataset_count++];
    return take_texts(list, csv, columns, 8,
                      (const char **[]){&d->source, &d->title, &d->publisher, &d->licence, &d->citation, &d->page,
                                        &d->access, &d->use});
}

static const dr_dataset *find_dataset(const dr_fetch_list *list, const char *source)
{
    for (size_t i = 0; i < list->dataset_count; i++)
        if (strcmp(list->datasets[i].source, source) == 0)
            return &list->datasets[i];
    return NULL;
}

/* The hint for a misspelt source. */
static const char *hint_source(char hint[DR_HINT_SIZE], const dr_fetch_list *list, const char *source)
{
    const char *names[64];
    size_t count = list->dataset_count < 64 ? list->dataset_count : 64;
    for (size_t i = 0; i < count; i++)
        names[i] = list->datasets[i].source;
    return dr_hint(hint, source, names, count);
}

/* Editions and files become names in the cache. */
static bool is_name(const char *text)
{
    return *text && *text != '.' && !strchr(text, '/') && strlen(text) < 200;
}

enum { SOURCE, EDITION, FIRST, LAST, FILE_NAME, ADDRESS, MEMBER, CONFIRMED, DIGEST, LICENCE, BYTES, MILLIONS, COLUMNS };

static dr_status take_number(const dr_csv *csv, int column, double most, double *out)
{
    *out = 0;
    if (column < 0 || !*dr_csv_field(csv, (size_t)column))
        return DR_OK;
    DR_TRY(dr_csv_number(csv, (size_t)column, out));
    return *out > 0 && *out <= most ? DR_OK
                                    : dr_csv_fail(csv, column, "out of range; expected a number up to %.0f", most);
}

/* Of what can be fetched. */
static const int first_year = 1800, last_year = 2200;

static dr_status check_file(const dr_csv *csv, const int *columns, const dr_fetch_file *f)
{
    if (!is_name(f->edition))
        return dr_csv_fail(csv, columns[EDITION], "'%.40s' is no name of an edition", f->edition);
    if (!is_name(f->file))
        return dr_csv_fail(csv, columns[FILE_NAME], "'%.40s' is no name of a file; expected one without a folder",
                           f->file);
    if (f->first < first_year || f->last > last_year || f->first > f->last)
        return dr_csv_fail(csv, columns[FIRST], "expected the first and the last year, from %d to %d", first_year,
                           last_year);
    if (*f->digest && strncmp(f->digest, "md5:", 4) != 0 && strncmp(f->digest, "sha1:", 5) != 0 &&
        strncmp(f->digest, "sha256:", 7) != 0)
        return dr_csv_fail(csv, columns[DIGEST], "expected md5:, sha1: or sha256: and hexadecimal digits");
    return DR_OK;
}

static dr_status take_file(dr_fetch_list *list, const dr_csv *csv, const int *columns)
{
    char hint[DR_HINT_SIZE];
    const char *source = NULL;
    double first = 0, last = 0;
    if (!dr_grow((void **)&list->files, &list->file_capacity, list->file_count + 1, sizeof *list->files))
        return dr_fail_memory();
    dr_fetch_file *f = &list->files[list->file_count++];
    *f = (dr_fetch_file){0};
    DR_TRY(take_texts(list, csv,
                      (const int[]){columns[SOURCE], columns[EDITION], columns[FILE_NAME], columns[MEMBER],
                                    columns[ADDRESS], columns[CONFIRMED], columns[DIGEST], columns[LICENCE]},
                      8,
                      (const char **[]){&source, &f->edition, &f->file, &f->member, &f->address, &f->confirmed,
                                        &f->digest, &f->licence}));
    if (!(f->of = find_dataset(list, source)))
        return dr_csv_fail(csv, columns[SOURCE], "unknown source '%.60s'%s", source, hint_source(hint, list, source));
    DR_TRY(take_number(csv, columns[FIRST], 9999, &first));
    DR_TRY(take_number(csv, columns[LAST], 9999, &last));
    DR_TRY(take_number(csv, columns[BYTES], 1e12, &f->bytes));
    DR_TRY(take_number(csv, columns[MILLIONS], 1e6, &f->millions));
    f->first = (int)first;
    f->last = (int)last;
    if (!*f->licence)
        f->licence = f->of->licence;
    if (f->bytes > 0)
        f->millions = f->bytes / 1e6;
    return check_file(csv, columns, f);
}

typedef dr_status take_row(dr_fetch_list *list, const dr_csv *csv, const int *columns);

static dr_status read_rows(dr_fetch_list *list, dr_csv *csv, const char *const *names, size_t count, take_row *take)
{
    int columns[COLUMNS];
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, count, columns));
    DR_TRY(dr_csv_known(csv, names, count));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(take(list, csv, columns));
    }
}

static dr_status open_embedded(dr_csv **csv, const char *name)
{
    const dr_embedded *file = dr_embedded_find(name);
    if (!file)
        return dr_fail(DR_MACHINE, "this derisk was built without data/%s", name);
    return dr_csv_open_memory(csv, file->name, file->bytes, file->size);
}

dr_status dr_fetch_list_read(dr_fetch_list *list, const char *mirror)
{
    static const char *const of_datasets[] = {"source",   "title", "publisher", "licence",
                                              "citation", "page",  "access",    "use"};
    static const char *const of_files[COLUMNS] = {"source",  "edition",  "first",   "last",
                                                  "file",    "address",  "?member", "?confirmed",
                                                  "?digest", "?licence", "?bytes",  "?millions"};
    dr_csv *csv = NULL;
    DR_TRY(open_embedded(&csv, "fetch/datasets.csv"));
    dr_status status = read_rows(list, csv, of_datasets, 8, take_dataset);
    dr_csv_close(csv);
    DR_TRY(status);
    DR_TRY(mirror ? dr_csv_open(&csv, mirror) : open_embedded(&csv, "fetch/files.csv"));
    status = read_rows(list, csv, of_files, COLUMNS, take_file);
    dr_csv_close(csv);
    return status;
}

void dr_fetch_list_free(dr_fetch_list *list)
{
    free(list->datasets);
    free(list->files);
    dr_arena_free(&list->arena);
    *list = (dr_fetch_list){0};
}

/* ---- Choosing ---------------------------------------------------------------------------------------------------- */

const char *dr_fetch_with_year(dr_fetch_list *list, const char *text, int year)
{
    static const char sign[] = "{year}";
    for (const char *at = strstr(text, sign); at; at = strstr(text, sign)) {
        text = dr_arena_format(&list->arena, "%.*s%d%s", (int)(at - text), text, year, at + strlen(sign));
        if (!text)
            return NULL;
    }
    return text;
}

static dr_status put_year(dr_fetch_file *out, dr_fetch_list *list, const dr_fetch_file *file, int year)
{
    *out = *file;
    out->file = dr_fetch_with_year(list, file->file, year);
    out->address = dr_fetch_with_year(list, file->address, year);
    return out->file && out->address ? DR_OK : dr_fail_memory();
}

static dr_status fail_edition(const dr_fetch_list *list, const char *source, const char *edition)
{
    char has[DR_NAMES_SIZE], hint[DR_HINT_SIZE];
    dr_names editions = {0};
    for (size_t i = 0; i < list->file_count; i++)
        if (strcmp(list->files[i].of->source, source) == 0 && dr_names_add(&editions, list->files[i].edition) < 0)
            break;
    dr_hint(hint, edition, (const char *const *)editions.names, editions.count);
    dr_status status = dr_fail(DR_BAD_INPUT, "%s has no edition '%s'%s%s", source, edition,
                               dr_names_list(has, "; it has ", &editions), hint);
    dr_names_free(&editions);
    return status;
}

static dr_status find_source(const dr_fetch_list *list, const char *source)
{
    char hint[DR_HINT_SIZE];
    if (!find_dataset(list, source))
        return dr_fail(DR_BAD_INPUT, "unknown source '%s'%s; 'derisk fetch' lists the sources", source,
                       hint_source(hint, list, source));
    for (size_t i = 0; i < list->file_count; i++)
        if (strcmp(list->files[i].of->source, source) == 0)
            return DR_OK;
    return dr_fail(DR_BAD_INPUT, "the list of the mirror has no files of %s", source);
}

dr_status dr_fetch_choose(dr_fetch_file *out, dr_fetch_list *list, const char *source, const char *edition, int *year)
{
    const dr_fetch_file *found = NULL;
    int first = 0, last = 0;
    DR_TRY(find_source(list, source));
    for (size_t i = 0; i < list->file_count; i++) {
        const dr_fetch_file *f = &list->files[i];
        if (strcmp(f->of->source, source) != 0 || (edition && strcmp(f->edition, edition) != 0))
            continue;
        edition = f->edition;
        first = first == 0 || f->first < first ? f->first : first;
        bool right = *year == 0 ? f->last > last : !found && f->first <= *year && *year <= f->last;
        if (right)
            found = f;
        last = f->last > last ? f->last : last;
    }
    if (first == 0)
        return fail_edition(list, source, edition);
    if (!found)
        return dr_fail(DR_BAD_INPUT, "%s, edition %s, has no year %d; it has years from %d to %d", source, edition,
                       *year, first, last);
    *year = *year == 0 ? found->last : *year;
    return put_year(out, list, found, *year);
}

/* Whether `name` is `file`, or what a browser makes of it where there is one already: "t (1).zip". */
static bool same_name(const char *name, const char *file)
{
    const char *dot = strrchr(file, '.');
    size_t stem = dot ? (size_t)(dot - file) : strlen(file);
    if (strcmp(name, file) == 0)
        return true;
    if (strncmp(name, file, stem) != 0 || strncmp(name + stem, " (", 2) != 0)
        return false;
    const char *number = name + stem + 2;
    size_t digits = strspn(number, "0123456789");
    return digits > 0 && number[digits] == ')' && strcmp(number + digits + 1, file + stem) == 0;
}

dr_status dr_fetch_choose_name(dr_fetch_file *out, dr_fetch_list *list, const char *source, const char *name, int *year)
{
    char has[DR_NAMES_SIZE];
    dr_names files = {0};
    DR_TRY(find_source(list, source));
    dr_status status = DR_OK;
    for (size_t i = 0; i < list->file_count && status == DR_OK; i++) {
        const dr_fetch_file *f = &list->files[i];
        if (strcmp(f->of->source, source) != 0)
            continue;
        bool each = strstr(f->file, "{year}") != NULL;
        for (int of = f->last; of >= f->first && status == DR_OK; of = each ? of - 1 : f->first - 1) {
            status = put_year(out, list, f, of);
            if (status == DR_OK && same_name(name, out->file)) {
                *year = *year && !each ? *year : of;
                dr_names_free(&files);
                return DR_OK;
            }
        }
        if (dr_names_add(&files, f->file) < 0)
            status = dr_fail_memory();
    }
    if (status == DR_OK)
        status = dr_fail(DR_BAD_INPUT, "%s: no file of %s has this name%s; say which it is with the year or edition",
                         name, source, dr_names_list(has, "; they are ", &files));
    dr_names_free(&files);
    return status;
}
