/* A table by the Arrow C data interface (https://arrow.apache.org/docs/format/CDataInterface.html). Each struct, child
 * structs included, has a part in a block of its own, so that whoever takes it may move it and release it last; an
 * array holds the table, whose numbers it shares. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/print.h"
#include "base/table.h"

/* ---- Schemas ----------------------------------------------------------------------------------------------------- */

/* What a schema points to. */
typedef struct schema_part {
    char *name, *metadata;
    struct ArrowSchema **children, *storage;
} schema_part;

static void release_schema(struct ArrowSchema *schema)
{
    schema_part *part = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (part->storage[i].release)
            part->storage[i].release(&part->storage[i]);
    free(part->name);
    free(part->metadata);
    free((void *)part->children);
    free(part->storage);
    free(part);
    schema->release = NULL;
}

/* Metadata as the interface has them: the number of pairs, then for each the sizes and bytes of key and value. */
typedef struct metadata {
    FILE *file;
    char *bytes;
    size_t size;
    int32_t pairs;
} metadata;

static void put_text(metadata *m, const char *text)
{
    int32_t size = dr_utf8(text) && strlen(text) < INT32_MAX ? (int32_t)strlen(text) : 0;
    fwrite(&size, sizeof size, 1, m->file);
    fwrite(text, 1, (size_t)size, m->file);
}

static void put_pair(metadata *m, const char *key, const char *value)
{
    if (!*value)
        return;
    put_text(m, key);
    put_text(m, value);
    m->pairs++;
}

static dr_status open_metadata(metadata *m)
{
    *m = (metadata){0};
    m->file = open_memstream(&m->bytes, &m->size);
    if (!m->file)
        return dr_fail_memory();
    fwrite(&m->pairs, sizeof m->pairs, 1, m->file); /* its place */
    return DR_OK;
}

static dr_status close_metadata(char **out, metadata *m)
{
    bool good = !ferror(m->file);
    if (fclose(m->file) != 0 || !good) {
        free(m->bytes);
        return dr_fail_memory();
    }
    memcpy(m->bytes, &m->pairs, sizeof m->pairs);
    *out = m->bytes;
    return DR_OK;
}

/* The lines of an answer or of notes, as one text. */
static void put_lines(metadata *m, const char *key, const char *const *lines, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *joined = count ? open_memstream(&text, &size) : NULL;
    for (size_t i = 0; joined && i < count; i++) {
        fputs(i ? "\n" : "", joined);
        fputs(lines[i], joined);
    }
    if (joined && fclose(joined) == 0)
        put_pair(m, key, text);
    free(text);
}

static dr_status table_metadata(char **out, const dr_table *table)
{
    char digits[DR_NUMBER_SIZE];
    metadata m;
    DR_TRY(open_metadata(&m));
    put_pair(&m, "title", table->title);
    put_pair(&m, "unit", table->unit);
    put_lines(&m, "answer", table->sentences, table->sentence_count);
    put_lines(&m, "notes", table->notes, table->note_count);
    for (size_t i = 0; i < table->fact_count; i++) {
        const dr_fact *fact = &table->facts[i];
        put_pair(&m, fact->name, fact->text ? fact->text : dr_number_exact(digits, fact->number));
    }
    return close_metadata(out, &m);
}

static dr_status column_metadata(char **out, dr_table *table, size_t column)
{
    metadata m;
    DR_TRY(open_metadata(&m));
    put_pair(&m, "unit", dr_table_column_unit(table, column));
    put_pair(&m, "description", dr_table_column_description(table, column));
    return close_metadata(out, &m);
}

/* A schema with its part, which it owns from now on. */
static dr_status begin_schema(struct ArrowSchema *schema, const char *format, const char *name)
{
    schema_part *part = dr_new(1, sizeof *part);
    if (!part || !(part->name = strdup(name))) {
        free(part);
        return dr_fail_memory();
    }
    *schema = (struct ArrowSchema){
        .format = format, .name = part->name, .flags = 0, .release = release_schema, .private_data = part};
    return DR_OK;
}

/* utf8 holds up to 2 GiB; longer texts are of the type with wide offsets. */
static bool is_long(const dr_column *column, size_t rows)
{
    size_t bytes = 0;
    for (size_t i = 0; i < rows; i++)
        bytes += strlen(column->texts[i]);
    return bytes > INT32_MAX;
}

static dr_status make_column_schema(struct ArrowSchema *schema, dr_table *table, size_t column)
{
    const dr_column *of = &table->columns[column];
    bool text = of->show == DR_SHOW_TEXT;
    const char *format = of->show == DR_SHOW_COUNT ? "l" : !text ? "g" : is_long(of, table->rows) ? "U" : "u";
    DR_TRY(begin_schema(schema, format, of->name));
    schema->flags = text ? 0 : ARROW_FLAG_NULLABLE;
    schema_part *part = schema->private_data;
    DR_TRY(column_metadata(&part->metadata, table, column));
    schema->metadata = part->metadata;
    return DR_OK;
}

static dr_status make_schema(struct ArrowSchema *schema, dr_table *table)
{
    size_t count = table->column_count;
    DR_TRY(begin_schema(schema, "+s", ""));
    schema_part *part = schema->private_data;
    DR_TRY(table_metadata(&part->metadata, table));
    schema->metadata = part->metadata;
    part->storage = dr_new(count + 1, sizeof *part->storage);
    part->children = dr_new(count + 1, sizeof *part->children); /* NOLINT(bugprone-sizeof-expression): pointers */
    if (!part->storage || !part->children)
        return dr_fail_memory();
    schema->children = part->children;
    for (size_t i = 0; i < count; i++) {
        part->children[i] = &part->storage[i];
        schema->n_children++;
        DR_TRY(make_column_schema(&part->storage[i], table, i));
    }
    return DR_OK;
}

/* ---- Arrays ------------------------------------------------------------------------------------------------------ */

/* What an array points to. */
typedef struct array_part {
    dr_table *table;
    const void *buffers[3];
    void *own[3]; /* buffers that are not the table's */
    struct ArrowArray **children, *storage;
} array_part;

static void release_array(struct ArrowArray *array)
{
    array_part *part = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        if (part->storage[i].release)
            part->storage[i].release(&part->storage[i]);
    for (size_t i = 0; i < sizeof part->own / sizeof *part->own; i++)
        free(part->own[i]);
    free((void *)part->children);
    free(part->storage);
    dr_table_free(part->table);
    free(part);
    array->release = NULL;
}

static dr_status begin_array(struct ArrowArray *array, dr_table *table, int64_t buffers)
{
    array_part *part = dr_new(1, sizeof *part);
    if (!part)
        return dr_fail_memory();
    dr_table_hold(table);
    part->table = table;
    *array = (struct ArrowArray){.length = (int64_t)table->rows,
                                 .n_buffers = buffers,
                                 .buffers = part->buffers,
                                 .release = release_array,
                                 .private_data = part};
    return DR_OK;
}

static void *own_buffer(array_part *part, size_t place, size_t count, size_t size)
{
    part->buffers[place] = part->own[place] = dr_new(count + 1, size);
    return part->own[place];
}

/* A bit for each row that has a number; none where all have one. */
static dr_status mark_there(struct ArrowArray *array, const double *numbers)
{
    for (int64_t i = 0; i < array->length; i++)
        array->null_count += isnan(numbers[i]);
    if (array->null_count == 0)
        return DR_OK;
    unsigned char *bits = own_buffer(array->private_data, 0, (size_t)array->length / 8, 1);
    if (!bits)
        return dr_fail_memory();
    for (int64_t i = 0; i < array->length; i++)
        if (!isnan(numbers[i]))
            bits[i / 8] |= (unsigned char)(1 << i % 8);
    return DR_OK;
}

static dr_status make_numbers(struct ArrowArray *array, dr_table *table, const dr_column *column)
{
    DR_TRY(begin_array(array, table, 2));
    DR_TRY(mark_there(array, column->numbers));
    array_part *part = array->private_data;
    part->buffers[1] = column->numbers;
    if (column->show != DR_SHOW_COUNT)
        return DR_OK;
    int64_t *counts = own_buffer(part, 1, table->rows, sizeof *counts);
    if (!counts)
        return dr_fail_memory();
    for (size_t i = 0; i < table->rows; i++)
        counts[i] = isnan(column->numbers[i]) ? 0 : llround(column->numbers[i]);
    return DR_OK;
}

/* Bytes that are no UTF-8, which names of files may have, become question marks, as in Parquet. */
static void copy_text(char *to, const char *text, size_t size)
{
    bool good = dr_utf8(text);
    for (size_t i = 0; i < size; i++)
        to[i] = (char)(good || (unsigned char)text[i] < 0x80 ? text[i] : '?');
}

static dr_status make_texts(struct ArrowArray *array, dr_table *table, const dr_column *column)
{
    bool wide = is_long(column, table->rows);
    size_t bytes = 0;
    DR_TRY(begin_array(array, table, 3));
    array_part *part = array->private_data;
    for (size_t i = 0; i < table->rows; i++)
        bytes += strlen(column->texts[i]);
    int64_t *far = wide ? own_buffer(part, 1, table->rows, sizeof *far) : NULL;
    int32_t *near = wide ? NULL : own_buffer(part, 1, table->rows, sizeof *near);
    char *text = own_buffer(part, 2, bytes, 1);
    if (!text || (!far && !near))
        return dr_fail_memory();
    bytes = 0;
    for (size_t i = 0; i < table->rows; i++) {
        size_t size = strlen(column->texts[i]);
        copy_text(text + bytes, column->texts[i], size);
        bytes += size;
        if (far)
            far[i + 1] = (int64_t)bytes;
        else
            near[i + 1] = (int32_t)bytes;
    }
    return DR_OK;
}

static dr_status make_array(struct ArrowArray *array, dr_table *table)
{
    size_t count = table->column_count;
    DR_TRY(begin_array(array, table, 1));
    array_part *part = array->private_data;
    part->storage = dr_new(count + 1, sizeof *part->storage);
    part->children = dr_new(count + 1, sizeof *part->children); /* NOLINT(bugprone-sizeof-expression): pointers */
    if (!part->storage || !part->children)
        return dr_fail_memory();
    array->children = part->children;
    for (size_t i = 0; i < count; i++) {
        const dr_column *column = &table->columns[i];
        part->children[i] = &part->storage[i];
        array->n_children++;
        DR_TRY((column->show == DR_SHOW_TEXT ? make_texts : make_numbers)(&part->storage[i], table, column));
    }
    return DR_OK;
}

dr_status dr_table_arrow(struct ArrowSchema *schema, struct ArrowArray *array, dr_table *table)
{
    DR_TRY(DR_GIVEN(schema, array, table));
    struct ArrowSchema columns = {0};
    struct ArrowArray rows = {0};
    dr_status status = make_schema(&columns, table);
    if (status == DR_OK)
        status = make_array(&rows, table);
    if (status == DR_OK) {
        *schema = columns;
        *array = rows;
        return DR_OK;
    }
    if (columns.release)
        columns.release(&columns);
    if (rows.release)
        rows.release(&rows);
    return status;
}
