#include "dynamics/file_rows.h"

dr_status dr_file_rows(dr_csv *csv, const char *const *names, size_t count, int *at, dr_status (*take)(void *of),
                       void *of)
{
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, count, at));
    DR_TRY(dr_csv_known(csv, names, count));
    for (;;) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(take(of));
    }
}
