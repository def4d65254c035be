/* Any bytes as an inter-country table in the ICIO layout: read with every cell finite, or refused. */
#include "fuzz.h"

#include <math.h>

#include "import/icio_file.h"

static void check_cells(const dr_icio_file *file)
{
    for (size_t row = 0; row < file->labels.count; row++)
        for (size_t column = 0; column < file->columns.count; column++)
            if (!isfinite(file->rows[row][column]))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    dr_icio_file file = {0};
    dr_layout layout = {0};
    int found = 0;
    dr_table_wish wish = {.path = fuzz_path(bytes, size)};
    dr_status status = dr_icio_file_read(&file, &wish, &found);
    if (status == DR_OK) {
        check_cells(&file);
        status = dr_icio_file_layout(&file, &layout);
        dr_layout_free(&layout);
    }
    fuzz_expect(status);
    dr_icio_file_free(&file);
    return 0;
}
