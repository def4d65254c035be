/* Any bytes as a CSV file, plain or gzip: read to the end or refused with a message, each number finite. */
#include "fuzz.h"

#include <math.h>

#include "base/csv.h"

static dr_status read_all(dr_csv *csv)
{
    static const char *const names[] = {"code", "?value"};
    int columns[2];
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, 2, columns));
    for (;;) {
        double value = 0;
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        if (columns[1] >= 0)
            DR_TRY(dr_csv_number(csv, (size_t)columns[1], &value));
        if (!isfinite(value))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    dr_csv *csv = NULL;
    if (dr_csv_open_memory(&csv, "fuzz.csv", bytes, size) != DR_OK)
        abort();
    fuzz_expect(read_all(csv));
    dr_csv_close(csv);
    return 0;
}
