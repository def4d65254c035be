/* Any bytes as a matrix with labels of two levels, and as one of bare numbers: every label and cell that is handed over
 * is sound, or the file is refused. */
#include "fuzz.h"

#include <math.h>

#include "import/matrix_file.h"

static dr_status take_columns(void *user, const dr_matrix *matrix)
{
    size_t *columns = user;
    *columns = matrix->columns;
    for (size_t i = 0; i < matrix->column_levels * matrix->columns; i++)
        if (!matrix->names[i][0])
            abort();
    return DR_OK;
}

static dr_status take_row(void *user, const dr_matrix *matrix, const char *const *labels, const double *cells)
{
    size_t *columns = user;
    if (matrix->column_levels && matrix->columns != *columns)
        abort();
    for (size_t i = 0; i < matrix->row_levels; i++)
        if (!labels[i][0])
            abort();
    for (size_t i = 0; i < matrix->columns; i++)
        if (!isfinite(cells[i]))
            abort();
    return DR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    size_t columns = 0;
    const dr_matrix_taker taker = {take_columns, take_row, &columns};
    fuzz_expect(dr_matrix_read(fuzz_path(bytes, size), 2, 2, &taker));
    fuzz_expect(dr_matrix_read(fuzz_path(bytes, size), 0, 0, &taker));
    return 0;
}
