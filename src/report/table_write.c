#include "report/table_write.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/check.h"

/* Colour only where a person looks at it and has not asked for none (no-color.org). */
static dr_text_device device_of(FILE *file)
{
    struct winsize size;
    int descriptor = fileno(file); /* -1: in memory */
    if (descriptor < 0 || !isatty(descriptor))
        return (dr_text_device){0};
    const char *unwanted = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool plain = (unwanted && *unwanted) || !terminal || strcmp(terminal, "dumb") == 0;
    bool measured = ioctl(descriptor, TIOCGWINSZ, &size) == 0;
    return (dr_text_device){.width = measured ? size.ws_col : 0, .colour = !plain};
}

static dr_status write_as(const dr_table *table, dr_format format, const dr_output *output)
{
    switch (format) {
    case DR_FORMAT_TEXT:
        return dr_write_text(table, output->file, device_of(output->file));
    case DR_FORMAT_CSV:
        dr_write_csv(table, output->file);
        return DR_OK;
    case DR_FORMAT_JSON:
        return dr_write_json(table, output->file);
    case DR_FORMAT_LATEX:
        dr_write_latex(table, output->file);
        return DR_OK;
    case DR_FORMAT_MARKDOWN:
        dr_write_markdown(table, output->file);
        return DR_OK;
    case DR_FORMAT_HTML:
        dr_write_html(table, output->file);
        return DR_OK;
    case DR_FORMAT_WORD:
        return dr_write_word(table, output->file);
    case DR_FORMAT_PARQUET:
        return dr_write_parquet(table, output);
    }
    return dr_fail(DR_USAGE, "there is no format %d", (int)format);
}

dr_status dr_table_write(const dr_table *table, dr_format format, const char *path)
{
    DR_TRY(DR_GIVEN(table));
    dr_output output;
    DR_TRY(DR_ONE_OF(__func__, format, DR_FORMAT_WORD));
    if ((format == DR_FORMAT_PARQUET || format == DR_FORMAT_WORD) && !path && isatty(STDOUT_FILENO))
        return dr_fail(DR_USAGE, "%s not for terminals: name a file, or send it into another program",
                       format == DR_FORMAT_PARQUET ? "Parquet is" : "documents of Word are");
    DR_TRY(dr_output_open(&output, path));
    return dr_output_close(&output, write_as(table, format, &output));
}

dr_status dr_table_write_memory(char **out, size_t *size, const dr_table *table, dr_format format)
{
    DR_TRY(DR_GIVEN(out, size, table));
    DR_TRY(DR_ONE_OF(__func__, format, DR_FORMAT_WORD));
    char *bytes = NULL;
    size_t length = 0;
    dr_output output = {.file = open_memstream(&bytes, &length)};
    if (!output.file)
        return dr_fail_memory();
    dr_status status = write_as(table, format, &output);
    bool whole = !ferror(output.file);
    if ((fclose(output.file) != 0 || !whole) && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK) {
        *out = bytes;
        *size = length;
    } else {
        free(bytes);
    }
    return status;
}

void dr_memory_free(void *memory)
{
    free(memory);
}
