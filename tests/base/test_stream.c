/* Bytes of files plain, compressed and in archives; what is broken is said in one line. */
#include "support/world_files.h"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "base/memory.h"
#include "base/names.h"
#include "base/stream.h"

/* Writes an archive of `count` files with the same bytes. */
static void write_archive(const char *path, int format, int filter, const char *password, const char *const *names,
                          size_t count, const void *bytes, size_t size)
{
    struct archive *a = archive_write_new();
    assert_int_equal(archive_write_set_format(a, format), ARCHIVE_OK);
    assert_int_equal(archive_write_add_filter(a, filter), ARCHIVE_OK);
    if (password) {
        assert_int_equal(archive_write_set_options(a, "zip:encryption=traditional"), ARCHIVE_OK);
        assert_int_equal(archive_write_set_passphrase(a, password), ARCHIVE_OK);
    }
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, names[i]);
        archive_entry_set_size(entry, (la_int64_t)size);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
        assert_int_equal(archive_write_data(a, bytes, size), size);
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
}

static const char *const two[] = {"b/2012.csv", "2011.csv"};
static const char text[] = "V1,A_x\nA_x,1\n";

static void write_zip(const char *path, const char *const *names, size_t count)
{
    write_archive(path, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL, names, count, text, strlen(text));
}

/* All bytes of a path in pieces of `piece`, with a zero; NULL on failure. */
static char *read_all(const char *path, size_t piece)
{
    static char all[1 << 16];
    dr_stream *stream = NULL;
    size_t size = 0, got = 1;
    if (dr_stream_open(&stream, path) != DR_OK)
        return NULL;
    dr_status status = DR_OK;
    while (got > 0 && status == DR_OK && size + piece < sizeof all) {
        status = dr_stream_read(stream, all + size, piece, &got);
        size += got;
    }
    assert_true(status != DR_OK || dr_stream_done(stream) == 1);
    dr_stream_close(stream);
    all[size] = '\0';
    return status == DR_OK ? all : NULL;
}

static void assert_reads(const char *path, const char *wanted)
{
    char *all = read_all(path, 5);
    if (!all)
        fail_msg("%s: %s", path, dr_error_text());
    assert_string_equal(all, wanted);
}

static void plain_and_compressed_files(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int filter;
    } files[] = {{"t.csv.gz", ARCHIVE_FILTER_GZIP},
                 {"t.csv.bz2", ARCHIVE_FILTER_BZIP2},
                 {"t.csv.xz", ARCHIVE_FILTER_XZ},
                 {"t.csv.zst", ARCHIVE_FILTER_ZSTD}};
    const char *const name[] = {"t.csv"};
    write_text("t.csv", text);
    assert_reads("t.csv", text);
    write_text("empty.csv", "");
    assert_reads("empty.csv", "");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        write_archive(files[i].path, ARCHIVE_FORMAT_RAW, files[i].filter, NULL, name, 1, text, strlen(text));
        assert_reads(files[i].path, text);
        assert_false(dr_is_archive(files[i].path));
    }
}

static void members_of_archives(void **state)
{
    (void)state;
    write_zip("t.zip", two, 2);
    assert_reads("t.zip/2011.csv", text);
    assert_reads("./t.zip/b/2012.csv", text);
    write_archive("t.7z", ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE, NULL, two, 2, text, strlen(text));
    assert_reads("t.7z/b/2012.csv", text);
    write_archive("t.tar.xz", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_XZ, NULL, two, 2, text, strlen(text));
    assert_true(dr_is_archive("t.tar.xz"));
    const char *const one[] = {"2011.csv"};
    write_zip("one.zip", one, 1);
    assert_reads("one.zip", text); /* an archive of one file is read as that file */
}

static void archives_in_archives(void **state)
{
    (void)state;
    size_t size = 0;
    const char *const inner[] = {"2011-2015.zip"}, *const packed[] = {"t.csv.gz"};
    write_zip("t.zip", two, 2);
    char *bytes = read_bytes("t.zip", &size);
    write_archive("all.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL, inner, 1, bytes, size);
    free(bytes);
    assert_reads("all.zip/2011-2015.zip/b/2012.csv", text);
    gzFile gz = gzopen("t.csv.gz", "wb");
    gzputs(gz, text);
    gzclose(gz);
    bytes = read_bytes("t.csv.gz", &size);
    write_archive("gz.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL, packed, 1, bytes, size);
    free(bytes);
    assert_reads("gz.zip/t.csv.gz", text);
    dr_names files = {0};
    assert_ok(dr_files_list(&files, "all.zip"));
    assert_int_equal(files.count, 2);
    assert_string_equal(files.names[0], "all.zip/2011-2015.zip/2011.csv"); /* in the order of names */
    assert_string_equal(files.names[1], "all.zip/2011-2015.zip/b/2012.csv");
    dr_names_free(&files);
    assert_ok(dr_files_list(&files, "all.zip/2011-2015.zip/b/")); /* a folder in them */
    assert_int_equal(files.count, 1);
    assert_string_equal(files.names[0], "all.zip/2011-2015.zip/b/2012.csv");
    dr_names_free(&files);
    assert_failed(dr_files_list(&files, "t.zip/c"), DR_BAD_INPUT, "t.zip/c: the archive has no file 'c'");
}

static void folders_are_listed(void **state)
{
    (void)state;
    dr_names files = {0};
    mkdir("f", 0755);
    mkdir("f/sub", 0755);
    write_text("f/z.csv", text);
    write_text("f/sub/a.csv", text);
    write_text("f/.DS_Store", "litter");
    assert_ok(dr_files_list(&files, "f/"));
    assert_int_equal(files.count, 2);
    assert_string_equal(files.names[0], "f/sub/a.csv");
    assert_string_equal(files.names[1], "f/z.csv");
    dr_names_free(&files);
    assert_failed(dr_files_list(&files, "nowhere"), DR_BAD_INPUT, "nowhere: no such file");
}

static void the_file_on_disk_of_a_path(void **state)
{
    (void)state;
    const char *inside = NULL;
    write_zip("t.zip", two, 2);
    char *disk = dr_stream_disk("t.zip/b/2012.csv", &inside);
    assert_string_equal(disk, "t.zip");
    assert_string_equal(inside, "b/2012.csv");
    free(disk);
    assert_null(dr_stream_disk("nowhere/2012.csv", &inside));
}

static dr_status open_only(const char *path)
{
    dr_stream *stream = NULL;
    dr_status status = dr_stream_open(&stream, path);
    if (status == DR_OK)
        dr_stream_close(stream);
    return status;
}

static void paths_that_lead_nowhere(void **state)
{
    (void)state;
    write_zip("t.zip", two, 2);
    write_text("t.csv", text);
    assert_failed(open_only("nowhere.csv"), DR_BAD_INPUT, "nowhere.csv: no such file");
    assert_failed(open_only("t.zip/2013.csv"), DR_BAD_INPUT,
                  "t.zip/2013.csv: the archive has no file '2013.csv'; did you mean '2011.csv'?");
    assert_failed(open_only("t.zip"), DR_BAD_INPUT,
                  "t.zip: an archive of 2 files; expected one file; name one, such as t.zip/2011.csv");
    assert_failed(
        open_only("t.csv/2011.csv"), DR_BAD_INPUT,
        "t.csv/2011.csv: no such file: a part of the path is a file, which is neither a folder nor an archive");
    mkdir("folder", 0755);
    assert_failed(open_only("folder"), DR_BAD_INPUT, "folder: is a folder; expected a file");
}

/* A copy of a file without its last bytes. */
static void cut_file(const char *from, const char *to, size_t cut)
{
    size_t size = 0;
    char *bytes = read_bytes(from, &size);
    write_bytes(to, bytes, size - cut);
    free(bytes);
}

static void broken_archives(void **state)
{
    (void)state;
    static char noise[20000];
    const char *const name[] = {"t.csv"};
    unsigned seed = 1;
    for (size_t i = 0; i < sizeof noise; i++) /* which no compression makes smaller */
        noise[i] = (char)('0' + (seed = seed * 1103515245 + 12345) / 65536 % 64);
    write_archive("t.csv.xz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_XZ, NULL, name, 1, noise, sizeof noise);
    cut_file("t.csv.xz", "cut.csv.xz", 4000);
    assert_null(read_all("cut.csv.xz", 512));
    assert_non_null(strstr(dr_error_text(), "the compressed data end too early: the file is truncated"));
    write_archive("locked.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, "secret", name, 1, text, strlen(text));
    assert_failed(open_only("locked.zip/t.csv"), DR_BAD_INPUT,
                  "locked.zip/t.csv: the archive asks for a password: unpack it first, and import its files");
}

/* 400 million zeros, packed twice into a few thousand bytes. */
static void data_that_expand_beyond_reason(void **state)
{
    (void)state;
    static char block[1 << 20];
    const char *const name[] = {"zeros.gz"};
    dr_stream *stream = NULL;
    gzFile gz = gzopen("zeros.gz", "wb9");
    for (int i = 0; i < 400; i++)
        assert_int_equal(gzwrite(gz, block, sizeof block), sizeof block);
    gzclose(gz);
    size_t size = 0, got = 1;
    char *bytes = read_bytes("zeros.gz", &size);
    write_archive("bomb.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL, name, 1, bytes, size);
    free(bytes);
    assert_ok(dr_stream_open(&stream, "bomb.zip/zeros.gz"));
    dr_status status = DR_OK;
    while (got > 0 && status == DR_OK)
        status = dr_stream_read(stream, block, sizeof block, &got);
    dr_stream_close(stream);
    assert_failed(status, DR_BAD_INPUT, "the data expand more than 1000-fold, which no table does: not read on");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(plain_and_compressed_files, empty_folder),
        cmocka_unit_test_setup(members_of_archives, empty_folder),
        cmocka_unit_test_setup(archives_in_archives, empty_folder),
        cmocka_unit_test_setup(folders_are_listed, empty_folder),
        cmocka_unit_test_setup(the_file_on_disk_of_a_path, empty_folder),
        cmocka_unit_test_setup(paths_that_lead_nowhere, empty_folder),
        cmocka_unit_test_setup(broken_archives, empty_folder),
        cmocka_unit_test_setup(data_that_expand_beyond_reason, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
