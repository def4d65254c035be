/* Any bytes as the flows of a year in the long format, beside fixed other tables: read with every number finite, or
 * refused. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "import/long_file.h"

static char folder[] = "/tmp/derisk-fuzz-XXXXXX";

static void write_file(const char *name, const void *bytes, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
}

static void remove_folder(void)
{
    static const char *const names[] = {"flows.csv", "inputs.csv", "final.csv", "value_added.csv"};
    char path[128];
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void make_folder(void)
{
    const char inputs[] = "region,input,sector,value\nA,x,x,1\n", others[] = "region,sector,value\nA,x,1\n";
    if (!mkdtemp(folder) || atexit(remove_folder) != 0)
        abort();
    write_file("inputs.csv", inputs, strlen(inputs));
    write_file("final.csv", others, strlen(others));
    write_file("value_added.csv", others, strlen(others));
}

static void check_flows(const dr_long_files *files)
{
    size_t count = files->layout.regions.count * files->layout.regions.count * files->layout.sectors.count;
    for (size_t i = 0; i < count; i++)
        if (!isfinite(files->flow[i]) || (files->tariff && !(files->tariff[i] > -1)))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static bool made;
    dr_long_files files = {0};
    if (!made)
        make_folder();
    made = true;
    write_file("flows.csv", bytes, size);
    dr_status status = dr_long_files_open(&files, folder);
    if (status == DR_OK)
        status = dr_long_files_read(&files, &files.layout, files.year_count > 0 ? files.years[0] : 2011);
    if (status == DR_OK)
        check_flows(&files);
    fuzz_expect(status);
    dr_long_files_free(&files);
    return 0;
}
