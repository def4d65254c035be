#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/portable.h"
#include "base/rows.h"
#include "report/table_write.h"

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

/* An output that cannot be written by name gets the bytes of a file in memory. */
static dr_status copy_through(const dr_duck *duck, FILE *to)
{
    char path[DR_DESCRIPTOR_PATH_SIZE], bytes[1 << 14];
    int memory = dr_memory_file();
    if (memory < 0)
        return dr_fail(DR_MACHINE, "no file in memory for Parquet: %s", strerror(errno));
    dr_status status = copy_to(duck, dr_descriptor_path(path, memory));
    for (ssize_t size; status == DR_OK && (size = read(memory, bytes, sizeof bytes)) > 0;)
        fwrite(bytes, 1, (size_t)size, to);
    close(memory);
    return status;
}

dr_status dr_write_parquet(const dr_table *table, const dr_output *output)
{
    dr_duck duck = {0};
    DR_TRY(dr_duck_open(&duck, NULL, false));
    dr_status status = dr_append_table(&duck, "result", table);
    if (status == DR_OK)
        status = dr_output_at(output, output->part ? copy_to(&duck, output->part) : copy_through(&duck, output->file));
    dr_duck_close(&duck);
    return status;
}
