/* EMERGING in files of MATLAB 7.3: both versions, in an archive, and broken in each part. */
#include <archive.h>
#include <archive_entry.h>
#include <hdf5.h>
#include <math.h>

#include "support/world_files.h"

/* Two economies, two sectors, one use. In HDF5 a row is a buyer: what AAA's x buys of each seller comes first. */
enum { SELLERS = 4 };
static const double inputs[SELLERS][SELLERS] = {{10, 4, 3, 1}, {5, 30, 1, 4}, {2, 1, 20, 7}, {1, 3, 6, 50}};
static const double uses[2][SELLERS] = {{22, 50, 6, 2}, {10, 12, 44, 86}};
static const double value_added[SELLERS] = {32, 60, 50, 90}, output[SELLERS] = {50, 100, 80, 150};

/* What a broken file has otherwise. */
typedef struct change {
    const char *without; /* an array that is missing */
    const char *cut;     /* one that has a row less */
    const char *text;    /* instead of the second sector */
    double cell;         /* instead of the first input; 0: as it is */
    bool numbers;        /* the list of countries is an array of numbers */
} change;

static void write_array(hid_t group, const char *name, const change *c, hsize_t rows, hsize_t columns,
                        const double *numbers)
{
    if (c->without && strcmp(c->without, name) == 0)
        return;
    hsize_t size[] = {rows - (c->cut && strcmp(c->cut, name) == 0), columns};
    hid_t space = H5Screate_simple(2, size, NULL);
    hid_t array = H5Dcreate2(group, name, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Dwrite(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) >= 0);
    H5Dclose(array);
    H5Sclose(space);
}

static void write_list(hid_t file, hid_t group, const char *name, const char *const *texts, hsize_t count)
{
    hobj_ref_t references[4];
    for (hsize_t i = 0; i < count; i++) {
        unsigned short letters[80];
        char place[80];
        hsize_t size[] = {strlen(texts[i]), 1};
        for (size_t k = 0; k < size[0]; k++)
            letters[k] = (unsigned char)texts[i][k];
        snprintf(place, sizeof place, "/#refs#/%s%d", name, (int)i);
        hid_t space = H5Screate_simple(2, size, NULL);
        hid_t text = H5Dcreate2(file, place, H5T_NATIVE_USHORT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        assert_true(H5Dwrite(text, H5T_NATIVE_USHORT, H5S_ALL, H5S_ALL, H5P_DEFAULT, letters) >= 0);
        assert_true(H5Rcreate(&references[i], file, place, H5R_OBJECT, -1) >= 0);
        H5Dclose(text);
        H5Sclose(space);
    }
    hsize_t size[] = {1, count};
    hid_t space = H5Screate_simple(2, size, NULL);
    hid_t list = H5Dcreate2(group, name, H5T_STD_REF_OBJ, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Dwrite(list, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, references) >= 0);
    H5Dclose(list);
    H5Sclose(space);
}

static void write_header(const char *path)
{
    static const char name[] = "MATLAB 7.3 MAT-file", version[] = {0, 2, 'I', 'M'};
    char header[128] = {0};
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    memset(header, ' ', 124);
    memcpy(header, name, sizeof name - 1);
    memcpy(header + 124, version, sizeof version);
    assert_int_equal(fwrite(header, 1, sizeof header, file), sizeof header);
    fclose(file);
}

static void write_table(const char *path, const char *group_name, const change *c)
{
    const char *const countries[] = {"AAA", "BBB"}, *const sectors[] = {"01 x", c->text ? c->text : "02 y"};
    const char *const final[] = {"household"};
    double first[SELLERS][SELLERS];
    memcpy(first, inputs, sizeof first);
    if (c->cell != 0)
        first[0][0] = c->cell;
    hid_t options = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(options, 512);
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, options, H5P_DEFAULT);
    assert_true(file >= 0);
    hid_t refs = H5Gcreate2(file, "#refs#", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hid_t group = group_name ? H5Gcreate2(file, group_name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)
                             : H5Gopen2(file, "/", H5P_DEFAULT);
    write_array(group, "z", c, SELLERS, SELLERS, first[0]);
    write_array(group, "f", c, 2, SELLERS, uses[0]);
    write_array(group, "va", c, SELLERS, 1, value_added);
    write_array(group, "X", c, 1, SELLERS, output);
    if (c->numbers)
        write_array(group, "country_list", c, 1, SELLERS, output);
    else
        write_list(file, group, "country_list", countries, 2);
    write_list(file, group, "sector_list", sectors, 2);
    write_list(file, group, "final_list", final, 1);
    H5Gclose(group);
    H5Gclose(refs);
    H5Fclose(file);
    H5Pclose(options);
    write_header(path);
}

static void assert_table(const char *file, int year)
{
    char sql[200];
    (void)remove("t.world");
    assert_ok(dr_import(NULL, &file, 1, "t.world", NULL));
    assert_true(query_number("t.world", "SELECT year FROM year") == year);
    static const char cell[] = "SELECT value FROM intermediate WHERE origin = '%s' AND supplier = '%s' AND "
                               "destination = '%s' AND \"user\" = '%s'";
    snprintf(sql, sizeof sql, cell, "AAA", "y", "AAA", "x");
    assert_true(query_number("t.world", sql) == 4);
    snprintf(sql, sizeof sql, cell, "AAA", "x", "BBB", "y");
    assert_true(query_number("t.world", sql) == 1);
    assert_true(query_number("t.world", "SELECT value FROM \"final\" WHERE origin = 'BBB' AND destination = 'AAA' AND "
                                        "supplier = 'x'") == 6);
    assert_true(query_number("t.world", "SELECT sum(value) FROM value_added WHERE region = 'AAA'") == 92);
}

static void both_versions_are_read(void **state)
{
    (void)state;
    write_table("global_mrio_2015.mat", NULL, &(change){0});
    assert_table("global_mrio_2015.mat", 2015);
    write_table("table.mat", "EMERGING_V2_2019", &(change){0}); /* the year is inside */
    assert_table("table.mat", 2019);
    write_table("t_2018.mat", "EMERGING_V2_2019", &(change){0});
    const char *file = "t_2018.mat";
    assert_failed(dr_import(NULL, &file, 1, "t.world", NULL), DR_BAD_INPUT,
                  "t_2018.mat: a table of 2018 by its name, and of 2019 inside");
}

static void it_is_read_in_an_archive(void **state)
{
    (void)state;
    static char bytes[1 << 20];
    write_table("t.mat", "EMERGING_V2_2019", &(change){0});
    FILE *file = fopen("t.mat", "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct archive *a = archive_write_new();
    archive_write_set_format_zip(a);
    assert_int_equal(archive_write_open_filename(a, "t.zip"), ARCHIVE_OK);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, "t.mat");
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(a, bytes, size), size);
    archive_entry_free(entry);
    archive_write_free(a);
    assert_table("t.zip", 2019);
}

static void broken_files_are_refused(void **state)
{
    (void)state;
    static const char other[] =
        "t_2019.mat: not a table that derisk reads; it looks like a MATLAB file without a table "
        "of EMERGING; write its arrays as CSV";
    const struct {
        change change;
        const char *message;
    } cases[] = {
        {{.without = "va"}, other},
        {{.cut = "z"}, "t_2019.mat: 'z' is of 4 x 3; expected 4 x 4: 2 economies, 2 sectors"},
        {{.cut = "f"}, "t_2019.mat: 'f' is of 4 x 1; expected 4 x 2: 2 economies, 2 sectors"},
        {{.cut = "va"}, "t_2019.mat: 'va' is of 1 x 3; expected 4 x 1: 2 economies, 2 sectors"},
        {{.text = "01 x"}, "t_2019.mat: 'sector_list' has '01 x' twice"},
        {{.text = "household"}, "t_2019.mat: 'final_list' has a name that sectors have too"},
        {{.cell = NAN}, "t_2019.mat: 'z', row 1, column 1: not a finite number"},
        {{.numbers = true}, "t_2019.mat: 'country_list' is not a list of texts"},
    };
    const char *file = "t_2019.mat";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_table(file, NULL, &cases[i].change);
        assert_failed(dr_import(NULL, &file, 1, "t.world", NULL), DR_BAD_INPUT, cases[i].message);
        assert_false(is_there("t.world"));
    }
}

static void truncated_files_are_refused(void **state)
{
    (void)state;
    const char *file = "t_2019.mat";
    struct stat about;
    write_table(file, NULL, &(change){0});
    assert_int_equal(stat(file, &about), 0);
    for (off_t size = about.st_size - 1; size > 0; size -= 997) {
        assert_int_equal(truncate(file, size), 0);
        assert_int_equal(dr_import(NULL, &file, 1, "t.world", NULL), DR_BAD_INPUT);
    }
    assert_false(is_there("t.world"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(both_versions_are_read, empty_folder),
        cmocka_unit_test_setup(it_is_read_in_an_archive, empty_folder),
        cmocka_unit_test_setup(broken_files_are_refused, empty_folder),
        cmocka_unit_test_setup(truncated_files_are_refused, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
