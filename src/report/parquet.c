#define _GNU_SOURCE /* memfd_create */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/rows.h"
#include "report/write.h"

/* Whole numbers are whole in the file; everything else keeps all digits. */
static const char *type_of(const dr_column *column)
{
    return column->show == DR_SHOW_TEXT ? "VARCHAR" : column->show == DR_SHOW_COUNT ? "BIGINT" : "DOUBLE";
}

static dr_status create_table(const dr_duck *duck, const dr_table *table)
{
    for (size_t j = 0; j < table->column_count; j++) {
        const dr_column *column = &table->columns[j];
        DR_TRY(dr_duck_run(duck, j ? "ALTER TABLE result ADD COLUMN \"%s\" %s" : "CREATE TABLE result (\"%s\" %s)",
                           column->name, type_of(column)));
    }
    return DR_OK;
}

static void append_cell(dr_append *append, const dr_column *from, size_t row, size_t column)
{
    if (from->show == DR_SHOW_TEXT)
        dr_append_text(append, column, from->texts[row]);
    else if (from->show == DR_SHOW_COUNT && !isnan(from->numbers[row]))
        dr_append_index(append, column, (size_t)llround(from->numbers[row]));
    else
        dr_append_number(append, column, from->numbers[row]);
}

static dr_status append_rows(const dr_duck *duck, const dr_table *table)
{
    dr_append append;
    DR_TRY(dr_append_open(&append, duck, "result"));
    dr_status status = DR_OK;
    for (size_t i = 0; i < table->rows && status == DR_OK; i++) {
        for (size_t j = 0; j < table->column_count; j++)
            append_cell(&append, &table->columns[j], i, j);
        status = dr_append_row(&append);
    }
    return dr_append_end(&append, status);
}

static dr_status copy_to(const dr_duck *duck, const char *path)
{
    char *quoted = dr_duck_quote(path);
    if (!quoted)
        return dr_fail_memory();
    dr_status status =
        dr_duck_run(duck, "COPY result TO %s (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)", quoted);
    free(quoted);
    return status;
}

/* What cannot be written by name gets the bytes of a file in memory. */
static dr_status copy_through(const dr_duck *duck, FILE *to)
{
    char path[64], bytes[1 << 14];
    int memory = memfd_create("parquet", MFD_CLOEXEC);
    if (memory < 0)
        return dr_fail(DR_MACHINE, "no file in memory for Parquet: %s", strerror(errno));
    snprintf(path, sizeof path, "/proc/self/fd/%d", memory);
    dr_status status = copy_to(duck, path);
    for (ssize_t size; status == DR_OK && (size = read(memory, bytes, sizeof bytes)) > 0;)
        fwrite(bytes, 1, (size_t)size, to);
    close(memory);
    return status;
}

dr_status dr_write_parquet(const dr_table *table, const dr_output *output)
{
    dr_duck duck = {0};
    DR_TRY(dr_duck_open(&duck, NULL, false));
    dr_status status = create_table(&duck, table);
    if (status == DR_OK)
        status = append_rows(&duck, table);
    if (status == DR_OK)
        status = output->part ? copy_to(&duck, output->part) : copy_through(&duck, output->file);
    dr_duck_close(&duck);
    return status;
}
