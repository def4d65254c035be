/* Any bytes as an Arrow file or stream: read to the end as CSV, or refused with a message. */
#include "fuzz.h"

#include "base/arrow_file.h"

static dr_status read_all(dr_arrow *arrow)
{
    size_t rows = 1, size = 0, bytes = 0;
    while (rows > 0) {
        DR_TRY(dr_arrow_next(arrow, &rows));
        for (size_t column = 0; column < dr_arrow_columns(arrow); column++)
            for (size_t row = 0; row < rows; row++) {
                if (!dr_arrow_is_text(arrow, column)) {
                    (void)dr_arrow_number(arrow, column, row);
                    continue;
                }
                const char *text = dr_arrow_text(arrow, column, row, &size);
                for (size_t i = 0; i < size; i++)
                    bytes += text[i] != 0; /* reads each, for the sanitizer */
            }
    }
    return bytes == (size_t)-1 ? DR_BAD_INPUT : DR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    dr_arrow *arrow = NULL;
    dr_status status = dr_arrow_open(&arrow, fuzz_path(bytes, size));
    fuzz_expect(status);
    if (status == DR_OK) {
        fuzz_expect(read_all(arrow));
        dr_arrow_close(arrow);
    }
    return 0;
}
