#include "import/damaged.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/stream.h"

/* The digests of this and of the genuine files are in the documentation of the reader of ICIO tables in puremacro. */
const dr_damaged dr_damaged_files[] = {
    {"OECD ICIO, edition 2023, small", 2020, "md5:d1b887aaafa54ab3f28fde78fcd21cdf",
     "a copy of the OECD's table of 2020 (edition 2023, small) in which decimal points are lost; take 2020_SML.csv "
     "from "
     "the OECD's archive"},
};
const size_t dr_damaged_count = sizeof dr_damaged_files / sizeof *dr_damaged_files;

dr_status dr_damaged_check(const char *path, const char *edition, int year, const dr_damaged *list, size_t count)
{
    char found[DR_DIGEST_SIZE];
    for (size_t i = 0; i < count; i++) {
        const char *inside = NULL;
        bool same = false;
        if (list[i].year != year || strcmp(list[i].edition, edition) != 0)
            continue;
        char *disk = dr_stream_disk(path, &inside);
        dr_status status = !disk    ? dr_fail_memory()
                           : inside ? DR_OK
                                    : dr_digest_compare(&same, found, list[i].digest, disk);
        free(disk);
        DR_TRY(status);
        if (same)
            return dr_fail(DR_BAD_INPUT, "%s: %s, or take it as it is with --force", path, list[i].what);
    }
    return DR_OK;
}
