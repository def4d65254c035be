#include "base/file.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

bool dr_file_has(const char *path, size_t at, const char *bytes, size_t size)
{
    char found[16];
    struct stat about;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return false;
    bool has = size <= sizeof found && fstat(file, &about) == 0 && S_ISREG(about.st_mode) &&
               pread(file, found, size, (off_t)at) == (ssize_t)size && memcmp(found, bytes, size) == 0;
    close(file);
    return has;
}

bool dr_path_ends(const char *path, const char *ending)
{
    size_t length = strlen(path), size = strlen(ending);
    return length > size && strcasecmp(path + length - size, ending) == 0;
}
