/* dr_fetch: a file of a source, from its publisher or from the cache, and into a world. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/digest.h"
#include "base/download.h"
#include "base/output.h"
#include "base/stream.h"
#include "import/fetch_list.h"
#include "import/import.h"

typedef struct fetch {
    const dr_fetch_options *options;
    dr_fetch_list list;
    dr_fetch_file file;
    int year;
    const char *folder, *path; /* in the cache */
    char digest[DR_DIGEST_SIZE];
    const char *how; /* what was done to get the file */
    dr_arena arena;
} fetch;

/* ---- The cache --------------------------------------------------------------------------------------------------- */

static dr_status make_folders(const char *path)
{
    char *copy = strdup(path);
    dr_status status = copy ? DR_OK : dr_fail_memory();
    for (char *slash = copy ? strchr(copy + 1, '/') : NULL; status == DR_OK; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            status = dr_fail(DR_MACHINE, "%s: cannot be made: %s", copy, strerror(errno));
        if (!slash)
            break;
        *slash = '/';
    }
    free(copy);
    return status;
}

static dr_status place(fetch *f)
{
    const char *cache = NULL;
    DR_TRY(dr_fetch_cache(&cache, &f->arena, f->options->cache));
    f->folder = dr_arena_format(&f->arena, "%s/%s/%s", cache, f->file.of->source, f->file.edition);
    f->path = f->folder ? dr_arena_format(&f->arena, "%s/%s", f->folder, f->file.file) : NULL;
    return f->path ? make_folders(f->folder) : dr_fail_memory();
}

/* The digest that the file in the cache had when it came, from FILE.sha256, which sha256sum -c reads too. */
static bool read_digest(const fetch *f, char digest[DR_DIGEST_SIZE])
{
    char hex[65] = "";
    const char *path = dr_arena_format((dr_arena *)&f->arena, "%s.sha256", f->path);
    FILE *file = path ? fopen(path, "re") : NULL;
    bool read = file && fscanf(file, "%64[0-9a-f]", hex) == 1 && strlen(hex) == 64;
    if (file)
        fclose(file);
    snprintf(digest, DR_DIGEST_SIZE, "sha256:%s", hex);
    return read;
}

/* Notes the digest beside the file, so that damage shows, and a second download is compared with the first. */
static dr_status write_digest(fetch *f)
{
    dr_output out;
    const char *path = dr_arena_format(&f->arena, "%s.sha256", f->path);
    if (!path)
        return dr_fail_memory();
    DR_TRY(dr_output_open(&out, path));
    int written = fprintf(out.file, "%s  %s\n", f->digest + strlen("sha256:"), f->file.file);
    return dr_output_close(&out, written > 0 ? DR_OK : dr_fail(DR_MACHINE, "%s: cannot be written", path));
}

static dr_download wanted(fetch *f)
{
    return (dr_download){.address = f->file.address,
                         .path = f->path,
                         .bytes = f->file.bytes,
                         .digest = f->file.digest,
                         .silence = f->options->silence,
                         .progress = f->options->progress,
                         .user = f->options->user};
}

/* Whether the file is in the cache as it came. */
static dr_status check_cached(fetch *f, bool *there)
{
    char noted[DR_DIGEST_SIZE];
    *there = access(f->path, F_OK) == 0;
    if (!*there)
        return DR_OK;
    dr_download expected = wanted(f);
    DR_TRY(dr_digest_take(f->digest, "sha256", f->path));
    bool same = !read_digest(f, noted) || strcmp(noted, f->digest) == 0;
    if (!same || dr_download_check(&expected, f->path) != DR_OK)
        return dr_fail(DR_BAD_INPUT, "%s: no longer the file that it was when it came; delete it and try again",
                       f->path);
    f->how = "taken from the cache";
    return DR_OK;
}

/* ---- By hand ----------------------------------------------------------------------------------------------------- */

/* The command that takes in what was downloaded by hand. */
static const char *by_hand(fetch *f)
{
    const dr_dataset *of = f->file.of;
    const char *login = strcmp(of->access, "login") == 0 ? "log in at " : "open ";
    const char *text = dr_arena_format(&f->arena,
                                       "%s%s in a browser, download %s, and give it to 'derisk fetch %s --edition %s "
                                       "--year %d --file FILE'",
                                       login, of->page, f->file.file, of->source, f->file.edition, f->year);
    return text ? text : of->page;
}

static dr_status copy_bytes(FILE *to, int from, const char *path)
{
    char bytes[1 << 16];
    ssize_t got = 0;
    while ((got = read(from, bytes, sizeof bytes)) > 0)
        if (fwrite(bytes, 1, (size_t)got, to) != (size_t)got)
            return dr_fail(DR_MACHINE, "cannot be written: %s", dr_error_of_file(errno));
    return got == 0 ? DR_OK : dr_fail(DR_MACHINE, "%s: cannot be read: %s", path, strerror(errno));
}

static dr_status copy_file(const char *from, const char *to)
{
    dr_output out;
    int file = open(from, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return dr_fail(DR_BAD_INPUT, "%s: cannot be read: %s", from, strerror(errno));
    dr_status status = dr_output_open(&out, to);
    if (status == DR_OK)
        status = dr_output_close(&out, copy_bytes(out.file, file, from));
    close(file);
    return status;
}

/* The way around a digest, for those who have looked at the file. */
static const char *without_digest(const fetch *f)
{
    return *f->file.digest ? "; 'derisk import FILE' takes a file without comparing it" : "";
}

static dr_status take_by_hand(fetch *f)
{
    dr_download expected = wanted(f);
    struct stat there, given;
    if (dr_download_check(&expected, f->options->file) != DR_OK)
        return dr_fail(DR_BAD_INPUT, "%s%s", dr_error_text(), without_digest(f));
    bool same = stat(f->path, &there) == 0 && stat(f->options->file, &given) == 0 && there.st_ino == given.st_ino &&
                there.st_dev == given.st_dev;
    if (!same)
        DR_TRY(copy_file(f->options->file, f->path));
    DR_TRY(dr_digest_take(f->digest, "sha256", f->path));
    f->how = "checked and copied to the cache";
    return write_digest(f);
}

/* ---- Getting it -------------------------------------------------------------------------------------------------- */

static dr_status download(fetch *f)
{
    dr_download wants = wanted(f);
    if (!*f->file.address)
        return dr_fail(DR_BAD_INPUT, "%s is not given out to programs: %s", f->file.of->source, by_hand(f));
    dr_status status = dr_download_run(&wants);
    if (status == DR_BAD_INPUT)
        return dr_fail(status, "%s; %s%s", dr_error_text(), by_hand(f), without_digest(f));
    DR_TRY(status);
    DR_TRY(dr_digest_take(f->digest, "sha256", f->path));
    f->how = "downloaded";
    return write_digest(f);
}

static dr_status get(fetch *f)
{
    bool there = false;
    DR_TRY(place(f));
    if (f->options->file)
        return take_by_hand(f);
    DR_TRY(check_cached(f, &there));
    return there ? DR_OK : download(f);
}

static dr_status choose(fetch *f, const char *source)
{
    const dr_fetch_options *o = f->options;
    f->year = o->year;
    if (!o->file || o->edition)
        return dr_fetch_choose(&f->file, &f->list, source, o->edition, &f->year);
    char *copy = strdup(o->file);
    dr_status status =
        copy ? dr_fetch_choose_name(&f->file, &f->list, source, basename(copy), &f->year) : dr_fail_memory();
    free(copy);
    return status;
}

/* ---- Into a world, or to a file ---------------------------------------------------------------------------------- */

static void put_cell(FILE *to, const char *text, const char *end)
{
    fputc('"', to);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', to);
        fputc(*text, to);
    }
    fprintf(to, "\"%s", end);
}

/* The source as the world is to record it; its date is that on which the file came. */
static dr_status describe(fetch *f, const char *path)
{
    dr_output out;
    struct stat about;
    struct tm day;
    char date[16] = "";
    const dr_dataset *of = f->file.of;
    if (stat(f->path, &about) == 0 && gmtime_r(&about.st_mtime, &day))
        strftime(date, sizeof date, "%Y-%m-%d", &day);
    const char *id = dr_arena_format(&f->arena, "%s-%s", of->source, f->file.edition);
    const char *title = dr_arena_format(&f->arena, "%s, edition %s: %s", of->title, f->file.edition, of->citation);
    if (!id || !title)
        return dr_fail_memory();
    DR_TRY(dr_output_open(&out, path));
    fputs("id,title,publisher,licence,retrieved,url\n", out.file);
    put_cell(out.file, id, ",");
    put_cell(out.file, title, ",");
    put_cell(out.file, of->publisher, ",");
    put_cell(out.file, f->file.licence, ",");
    put_cell(out.file, date, ",");
    put_cell(out.file, *f->file.address ? f->file.address : of->page, "\n");
    return dr_output_close(&out, ferror(out.file) ? dr_fail(DR_MACHINE, "%s: cannot be written", path) : DR_OK);
}

static dr_status import(fetch *f, dr_table **report)
{
    const char *source = dr_arena_format(&f->arena, "%s/source.csv", f->folder);
    dr_import_options options = {.size = sizeof options,
                                 .year = f->year,
                                 .source = source,
                                 .progress = f->options->progress,
                                 .user = f->options->user};
    if (!source)
        return dr_fail_memory();
    if (strcmp(f->file.of->use, "gravity") == 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s is no table for a world: derisk gravity reads it by itself; give a name that "
                       "ends in .csv",
                       f->file.of->source);
    DR_TRY(describe(f, source));
    return dr_import(report, &f->path, 1, f->options->to, &options);
}

static dr_status copy_stream(FILE *to, dr_stream *from)
{
    char bytes[1 << 16];
    size_t got = 0;
    do {
        DR_TRY(dr_stream_read(from, bytes, sizeof bytes, &got));
        if (fwrite(bytes, 1, got, to) != got)
            return dr_fail(DR_MACHINE, "cannot be written: %s", dr_error_of_file(errno));
    } while (got > 0);
    return DR_OK;
}

/* The file, or the one file of the archive that is of use. */
static dr_status save(fetch *f)
{
    dr_output out;
    dr_stream *from = NULL;
    if (!*f->file.member)
        return copy_file(f->path, f->options->to);
    const char *path = dr_arena_format(&f->arena, "%s/%s", f->path, f->file.member);
    if (!path)
        return dr_fail_memory();
    DR_TRY(dr_stream_open(&from, path));
    dr_status status = dr_output_open(&out, f->options->to);
    if (status == DR_OK)
        status = dr_output_close(&out, copy_stream(out.file, from));
    dr_stream_close(from);
    return status;
}

static bool is_world(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && strcmp(dot, ".world") == 0;
}

/* ---- The report -------------------------------------------------------------------------------------------------- */

static void tell(fetch *f, dr_table *report)
{
    char digest[DR_DIGEST_WORDS_SIZE];
    struct stat about = {0};
    stat(f->path, &about);
    dr_import_find(report, 0, "file", f->file.file, f->how, "%lld bytes; %s", (long long)about.st_size,
                   dr_digest_words(digest, f->digest));
    if (*f->file.digest)
        dr_import_find(report, 0, "digest", f->file.file, "nothing", "that of the edition %s", f->file.edition);
    else
        dr_import_find(report, 0, "digest", f->file.file, "noted, to be compared from now on",
                       "none is known of this file");
    dr_import_find(report, 0, "licence", f->file.of->source, "nothing", "%s", f->file.licence);
    dr_import_find(report, 0, "citation", f->file.of->source, "nothing", "%s", f->file.of->citation);
    dr_import_find(report, 0, "place", f->file.file, f->options->to ? "written to the file asked for" : "kept", "%s",
                   f->path);
    dr_table_add_fact_text(report, "path", f->path);
    dr_table_add_fact(report, "year", f->year);
    dr_table_add_fact(report, "bytes", (double)about.st_size);
}

/* What the import found follows on the lines of the file. */
static void add_import(dr_table *report, const dr_table *of_import)
{
    for (size_t from = 0; of_import && from < dr_table_rows(of_import); from++) {
        size_t row = dr_table_add_row(report);
        dr_table_set_number(report, row, DR_FINDING_YEAR, dr_table_number(of_import, from, DR_FINDING_YEAR));
        for (size_t column = DR_FINDING_YEAR + 1; column < DR_FINDING_COLUMNS; column++)
            dr_table_set_text(report, row, column, dr_table_text(of_import, from, column));
    }
}

static dr_status run(fetch *f, const char *source, dr_table **report)
{
    dr_table *of_import = NULL, *made = NULL;
    DR_TRY(dr_fetch_list_read(&f->list, f->options->mirror));
    DR_TRY(choose(f, source));
    DR_TRY(get(f));
    if (f->options->to)
        DR_TRY(is_world(f->options->to) ? import(f, &of_import) : save(f));
    dr_status status = dr_table_new(&made, dr_finding_columns, DR_FINDING_COLUMNS);
    if (status == DR_OK) {
        dr_table_keep_rows(made);
        dr_table_set_title(made, "%s, edition %s, %d", f->file.of->title, f->file.edition, f->year);
        tell(f, made);
        add_import(made, of_import);
        status = dr_table_finish(report, made, DR_OK);
    }
    dr_table_free(of_import);
    return status;
}

dr_status dr_fetch(dr_table **report, const char *source, const dr_fetch_options *given)
{
    dr_fetch_options options;
    DR_TRY(DR_GIVEN(report, source));
    DR_TRY(DR_TAKE_OPTIONS(&options, given));
    if (options.silence == 0)
        options.silence = 60;
    DR_TRY(DR_WITHIN(__func__, options.silence, 1, 86400));
    fetch f = {.options = &options};
    dr_status status = run(&f, source, report);
    dr_fetch_list_free(&f.list);
    dr_arena_free(&f.arena);
    return status;
}
