/* MATLAB stores columns one after the other, so that HDF5 has its arrays transposed: z[buyer][seller], f[use][seller].
 * Lists of texts are references to arrays of UTF-16 letters. */
#include "import/emerging.h"

#include <ctype.h>
#include <hdf5.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/stream.h"
#include "import/import.h"

enum { LONGEST_TEXT = 80, MOST_TEXTS = 100000, SLAB = 1 << 22 };

static const char *const members[] = {"z", "f", "va", "X", "country_list", "sector_list", "final_list"};
enum { MEMBERS = sizeof members / sizeof *members };

/* HDF5 as Debian builds it keeps lists of what is open that threads must not change at once. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/* A file being read. */
typedef struct reading {
    dr_icio_file *file;
    const dr_table_wish *wish;
    int memory; /* the file, where it lies in an archive; -1: it does not */
    hid_t hdf, group;
    char group_name[200];
    dr_names countries, sectors, uses;
    size_t industries, columns; /* of a row, output last */
} reading;

/* ---- The file ---- */

static bool has_members(hid_t place)
{
    for (size_t i = 0; i < MEMBERS; i++)
        if (H5Lexists(place, members[i], H5P_DEFAULT) <= 0)
            return false;
    return true;
}

/* Opens the group with the arrays: the root, or one in it. */
static bool find_group(reading *r)
{
    H5G_info_t about;
    if (H5Gget_info(r->hdf, &about) < 0)
        return false;
    r->group = H5Gopen2(r->hdf, "/", H5P_DEFAULT);
    for (hsize_t i = 0; r->group >= 0 && !has_members(r->group); i++) {
        H5Gclose(r->group);
        r->group = -1;
        if (i == about.nlinks)
            return false;
        ssize_t size = H5Lget_name_by_idx(r->hdf, "/", H5_INDEX_NAME, H5_ITER_INC, i, r->group_name,
                                          sizeof r->group_name, H5P_DEFAULT);
        hid_t object = size > 0 ? H5Oopen(r->hdf, r->group_name, H5P_DEFAULT) : -1;
        if (object >= 0 && H5Iget_type(object) != H5I_GROUP) {
            H5Oclose(object);
            object = -1;
        }
        r->group = object >= 0 ? object : H5Gopen2(r->hdf, "/", H5P_DEFAULT);
    }
    return r->group >= 0;
}

static void close_file(reading *r)
{
    if (r->group >= 0)
        H5Oclose(r->group);
    if (r->hdf >= 0)
        H5Fclose(r->hdf);
    if (r->memory >= 0)
        close(r->memory);
    dr_names_free(&r->countries);
    dr_names_free(&r->sectors);
    dr_names_free(&r->uses);
}

/* HDF5 opens files on disk, or an image of one in memory: what is in an archive is copied there. */
static hid_t open_memory(int memory)
{
    struct stat about;
    hid_t file = -1, access = H5Pcreate(H5P_FILE_ACCESS);
    void *bytes = fstat(memory, &about) == 0 && about.st_size > 0
                      ? mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, memory, 0)
                      : MAP_FAILED;
    if (bytes != MAP_FAILED) {
        if (H5Pset_fapl_core(access, 1 << 20, false) >= 0 &&
            H5Pset_file_image(access, bytes, (size_t)about.st_size) >= 0)
            file = H5Fopen("archived", H5F_ACC_RDONLY, access);
        munmap(bytes, (size_t)about.st_size);
    }
    H5Pclose(access);
    return file;
}

static dr_status open_file(reading *r)
{
    char name[DR_DESCRIPTOR_PATH_SIZE];
    const char *path = r->wish->path, *inside = NULL;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* it would print its errors */
    char *disk = dr_stream_disk(path, &inside);
    bool on_disk = disk && !inside && H5Fis_hdf5(disk) > 0;
    free(disk);
    if (!on_disk)
        DR_TRY(dr_stream_to_memory(&r->memory, name, path));
    r->hdf = on_disk ? H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT) : open_memory(r->memory);
    if (r->hdf < 0)
        return dr_fail(DR_BAD_INPUT, "%s: a damaged or truncated file of MATLAB 7.3", path);
    if (!find_group(r))
        return dr_fail(DR_BAD_INPUT,
                       "%s: no table of EMERGING: expected the arrays z, f, va and X, and the lists "
                       "country_list, sector_list and final_list",
                       path);
    return DR_OK;
}

bool dr_emerging_is(const char *path)
{
    dr_table_wish wish = {.path = path};
    reading r = {.wish = &wish, .memory = -1, .hdf = -1, .group = -1};
    pthread_mutex_lock(&one_at_a_time);
    bool is = open_file(&r) == DR_OK;
    close_file(&r);
    pthread_mutex_unlock(&one_at_a_time);
    return is;
}

/* ---- Lists ---- */

static dr_status fail_array(const reading *r, const char *name, const char *what)
{
    return dr_fail(DR_BAD_INPUT, "%s: '%s' %s", r->wish->path, name, what);
}

/* The letters as UTF-8; false: not a text of a label. */
static bool read_text(hid_t object, char *text)
{
    unsigned short letters[LONGEST_TEXT];
    hid_t space = H5Dget_space(object);
    hssize_t count = H5Sget_simple_extent_npoints(space);
    bool ok = count > 0 && count <= LONGEST_TEXT &&
              H5Dread(object, H5T_NATIVE_USHORT, H5S_ALL, H5S_ALL, H5P_DEFAULT, letters) >= 0;
    H5Sclose(space);
    for (hssize_t i = 0; ok && i < count; i++) {
        unsigned letter = letters[i];
        ok = letter >= 32 && (letter < 0xd800 || letter > 0xdfff);
        if (letter >= 0x800)
            *text++ = (char)(0xe0 | letter >> 12);
        if (letter >= 0x80)
            *text++ = (char)(letter >= 0x800 ? 0x80 | (letter >> 6 & 0x3f) : 0xc0 | letter >> 6);
        *text++ = (char)(letter >= 0x80 ? 0x80 | (letter & 0x3f) : letter);
    }
    *text = '\0';
    return ok;
}

static dr_status add_texts(reading *r, const char *name, dr_names *texts, hid_t list, const hobj_ref_t *references,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[3 * LONGEST_TEXT + 1];
        hid_t object = H5Rdereference2(list, H5P_DEFAULT, H5R_OBJECT, &references[i]);
        bool ok = object >= 0 && H5Iget_type(object) == H5I_DATASET && read_text(object, text);
        if (object >= 0)
            H5Oclose(object);
        if (!ok)
            return fail_array(r, name, "is not a list of texts");
        if (dr_names_find(texts, text) >= 0)
            return dr_fail(DR_BAD_INPUT, "%s: '%s' has '%s' twice", r->wish->path, name, text);
        if (dr_names_add(texts, text) < 0)
            return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status read_list(reading *r, const char *name, dr_names *texts)
{
    hid_t list = H5Dopen2(r->group, name, H5P_DEFAULT), space = list >= 0 ? H5Dget_space(list) : -1;
    hid_t type = list >= 0 ? H5Dget_type(list) : -1;
    hssize_t count = space >= 0 ? H5Sget_simple_extent_npoints(space) : 0;
    hobj_ref_t *references = NULL;
    dr_status status = DR_OK;
    if (count <= 0 || count > MOST_TEXTS || H5Tget_class(type) != H5T_REFERENCE ||
        H5Tget_size(type) != sizeof *references)
        status = fail_array(r, name, "is not a list of texts");
    else if (!(references = dr_new((size_t)count, sizeof *references)))
        status = dr_fail_memory();
    else if (H5Dread(list, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, references) < 0)
        status = fail_array(r, name, "cannot be read: the file is damaged");
    else
        status = add_texts(r, name, texts, list, references, (size_t)count);
    free(references);
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    if (list >= 0)
        H5Dclose(list);
    return status;
}

/* What stands behind the running number of an entry, "01 Paddy rice"; NULL: it has none. */
static const char *behind_number(const char *text, size_t number)
{
    char *end = NULL;
    return isdigit((unsigned char)*text) && strtoul(text, &end, 10) == number && *end == ' ' && end[1] ? end + 1 : NULL;
}

/* Codes of sectors are their entries without running numbers, where all have one and still differ without it. */
static dr_status drop_numbers(dr_names *texts)
{
    dr_names bare = {0};
    for (size_t i = 0; i < texts->count; i++) {
        const char *code = behind_number(texts->names[i], i + 1);
        int place = code ? dr_names_add(&bare, code) : 0;
        if (place < 0 || !code || bare.count <= i) {
            dr_names_free(&bare);
            return place < 0 ? dr_fail_memory() : DR_OK;
        }
    }
    dr_names_free(texts);
    *texts = bare;
    return DR_OK;
}

/* ---- Arrays ---- */

/* Takes the numbers of rows [first, first + count) of an array, `width` in each. */
typedef void take_rows(reading *r, size_t first, size_t count, size_t width, const double *numbers);

static dr_status read_slab(reading *r, const char *name, hid_t array, hid_t space, hsize_t first, hsize_t count,
                           hsize_t width, double *numbers)
{
    hsize_t start[] = {first, 0}, size[] = {count, width};
    hid_t memory = H5Screate_simple(2, size, NULL);
    bool ok = memory >= 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0 &&
              H5Dread(array, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, numbers) >= 0;
    if (memory >= 0)
        H5Sclose(memory);
    if (!ok)
        return fail_array(r, name, "cannot be read: the file is damaged or no array of numbers");
    for (hsize_t i = 0; i < count * width; i++)
        if (!isfinite(numbers[i]))
            return dr_fail(DR_BAD_INPUT, "%s: '%s', row %llu, column %llu: not a finite number", r->wish->path, name,
                           (unsigned long long)(i % width + 1), (unsigned long long)(first + i / width + 1));
    return DR_OK;
}

static dr_status read_slabs(reading *r, const char *name, hid_t array, hid_t space, size_t rows, size_t width,
                            take_rows *take)
{
    size_t most = SLAB / width + 1;
    double *numbers = dr_new_doubles((most < rows ? most : rows) * width);
    dr_status status = numbers ? DR_OK : dr_fail_memory();
    for (size_t first = 0; first < rows && status == DR_OK; first += most) {
        size_t count = rows - first < most ? rows - first : most;
        status = read_slab(r, name, array, space, first, count, width, numbers);
        if (status == DR_OK)
            take(r, first, count, width, numbers);
    }
    free(numbers);
    return status;
}

/* Reads an array of `rows` x industries as HDF5 has it; rows 0: of any number, or of industries x 1. */
static dr_status read_array(reading *r, const char *name, size_t rows, take_rows *take)
{
    hsize_t size[2] = {0};
    hid_t array = H5Dopen2(r->group, name, H5P_DEFAULT), space = array >= 0 ? H5Dget_space(array) : -1;
    bool flat =
        space >= 0 && H5Sget_simple_extent_ndims(space) == 2 && H5Sget_simple_extent_dims(space, size, NULL) == 2;
    bool wide = size[1] == r->industries && size[0] > 0 && size[0] <= r->columns && (rows == 0 || size[0] == rows);
    bool tall = rows == 0 && size[0] == r->industries && size[1] == 1;
    dr_status status = DR_OK;
    if (flat && (wide || tall))
        status = read_slabs(r, name, array, space, size[0], size[1], take);
    else
        status = dr_fail(DR_BAD_INPUT, "%s: '%s' is of %llu x %llu; expected %zu x %zu: %zu economies, %zu sectors",
                         r->wish->path, name, (unsigned long long)size[1], (unsigned long long)size[0], r->industries,
                         rows ? rows : 1, r->countries.count, r->sectors.count);
    if (space >= 0)
        H5Sclose(space);
    if (array >= 0)
        H5Dclose(array);
    return status;
}

/* ---- The table ---- */

static void take_columns(reading *r, size_t column, size_t count, size_t width, const double *numbers)
{
    for (size_t i = 0; i < count; i++)
        for (size_t row = 0; row < width; row++)
            r->file->rows[row][column + i] = numbers[i * width + row];
}

static void take_inputs(reading *r, size_t first, size_t count, size_t width, const double *numbers)
{
    take_columns(r, first, count, width, numbers);
    if (r->wish->progress)
        r->wish->progress((double)(first + count) / (double)r->columns, r->wish->user);
}

static void take_uses(reading *r, size_t first, size_t count, size_t width, const double *numbers)
{
    take_columns(r, r->industries + first, count, width, numbers);
}

/* Value added may have several rows. */
static void take_value_added(reading *r, size_t first, size_t count, size_t width, const double *numbers)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < width; k++)
            r->file->value_added[width == r->industries ? k : first + i] += numbers[i * width + k];
}

static void take_output(reading *r, size_t first, size_t count, size_t width, const double *numbers)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < width; k++)
            r->file->rows[width == r->industries ? k : first + i][r->file->output_column] = numbers[i * width + k];
}

static dr_status add_columns(reading *r, const dr_names *codes)
{
    for (size_t i = 0; i < r->countries.count * codes->count; i++) {
        const char *region = r->countries.names[i / codes->count], *code = codes->names[i % codes->count];
        const char *label = dr_arena_format(&r->file->arena, "%s_%s", region, code);
        size_t before = r->file->columns.count;
        if (strchr(region, '_') || !label || dr_names_add(&r->file->columns, label) < 0)
            return label ? fail_array(r, members[4], "has a code with an underscore") : dr_fail_memory();
        if (r->file->columns.count == before)
            return fail_array(r, members[6], "has a name that sectors have too");
    }
    return DR_OK;
}

static dr_status make_table(reading *r)
{
    dr_icio_file *file = r->file;
    DR_TRY(read_list(r, members[4], &r->countries));
    DR_TRY(read_list(r, members[5], &r->sectors));
    DR_TRY(drop_numbers(&r->sectors));
    DR_TRY(read_list(r, members[6], &r->uses));
    r->industries = r->countries.count * r->sectors.count;
    r->columns = r->industries + r->countries.count * r->uses.count + 1;
    DR_TRY(dr_icio_file_check_memory(r->wish->path, r->columns));
    DR_TRY(add_columns(r, &r->sectors));
    DR_TRY(add_columns(r, &r->uses));
    int output = dr_names_add(&file->columns, "OUT");
    file->value_added = dr_new_doubles(r->columns);
    if (output < 0 || !file->value_added)
        return dr_fail_memory();
    file->output_column = (size_t)output;
    for (size_t i = 0; i < r->industries; i++) {
        double *cells = NULL;
        DR_TRY(dr_icio_file_add_row(file, file->columns.names[i], r->columns, &cells));
    }
    return DR_OK;
}

static dr_status read_table(reading *r)
{
    DR_TRY(open_file(r));
    DR_TRY(make_table(r));
    DR_TRY(read_array(r, "z", r->industries, take_inputs));
    DR_TRY(read_array(r, "f", r->countries.count * r->uses.count, take_uses));
    DR_TRY(read_array(r, "va", 0, take_value_added));
    DR_TRY(read_array(r, "X", 0, take_output));
    r->file->decimals = 6;
    r->file->edition = (dr_icio_edition){"EMERGING", dr_million_dollars};
    return DR_OK;
}

dr_status dr_emerging_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    reading r = {.file = file, .wish = wish, .memory = -1, .hdf = -1, .group = -1};
    file->path = wish->path;
    *found = 0;
    pthread_mutex_lock(&one_at_a_time);
    dr_status status = read_table(&r);
    if (status == DR_OK && dr_import_year(r.group_name, found) != DR_OK)
        *found = 0;
    close_file(&r);
    pthread_mutex_unlock(&one_at_a_time);
    return status;
}
