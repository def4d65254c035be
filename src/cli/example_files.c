#include "cli/example_files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/output.h"

enum { PATH_SIZE = 4096 };

static bool is_example(const dr_embedded *file)
{
    static const char *const examples[] = {"games/",         "scenarios/", "shocks/",
                                           "sample/sample_", "trade/",     "flows/flows"};
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (strncmp(file->name, examples[i], strlen(examples[i])) == 0)
            return true;
    return false;
}

static dr_status write_example(const dr_embedded *file, const char *folder)
{
    char path[PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s%s", folder, strchr(file->name, '/'));
    if (length < 0 || (size_t)length >= sizeof path)
        return dr_fail(DR_BAD_INPUT, "%s: the name of the folder is too long", folder);
    if (access(path, F_OK) == 0)
        return DR_OK;
    dr_output output;
    DR_TRY(dr_output_open(&output, path));
    fwrite(file->bytes, 1, file->size, output.file); /* closing reports any failed write */
    return dr_output_close(&output, DR_OK);
}

dr_status cli_write_example_files(const char *folder)
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return dr_fail(DR_BAD_INPUT, "%s: the folder cannot be made: %s", folder, strerror(errno));
    for (size_t i = 0; i < dr_embedded_count; i++)
        if (is_example(&dr_embedded_files[i]))
            DR_TRY(write_example(&dr_embedded_files[i], folder));
    return DR_OK;
}
