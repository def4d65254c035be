#include "base/portable.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool dr_copy_rest(int from, int to)
{
    char block[1 << 16];
    ssize_t size;
    while ((size = read(from, block, sizeof block)) > 0 || (size < 0 && errno == EINTR))
        for (ssize_t done = 0, wrote; done < size; done += wrote) {
            wrote = write(to, block + done, (size_t)(size - done));
            if (wrote < 0 && errno != EINTR)
                return false;
            wrote = wrote < 0 ? 0 : wrote;
        }
    return size == 0;
}

#ifdef __linux__

#include <sched.h>
#include <sys/mman.h>

int dr_memory_file(void)
{
    return memfd_create("derisk", MFD_CLOEXEC);
}

const char *dr_descriptor_path(char out[DR_DESCRIPTOR_PATH_SIZE], int file)
{
    snprintf(out, DR_DESCRIPTOR_PATH_SIZE, "/proc/self/fd/%d", file);
    return out;
}

/* Linking by its path is what gives it a name, so that there has to be one. */
int dr_nameless_file(const char *folder, mode_t mode)
{
    char path[DR_DESCRIPTOR_PATH_SIZE];
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    if (file < 0 || access(dr_descriptor_path(path, file), W_OK) == 0)
        return file;
    close(file);
    return -1;
}

bool dr_file_name(int file, const char *path)
{
    char from[DR_DESCRIPTOR_PATH_SIZE];
    return linkat(AT_FDCWD, dr_descriptor_path(from, file), AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

int dr_pipe(int ends[2])
{
    return pipe2(ends, O_CLOEXEC);
}

size_t dr_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count > 0 ? (size_t)count : 1;
}

/* The number behind a word in a file of the system, or the first one where the word is empty; NAN if there is none. */
static double number_in(const char *path, const char *word)
{
    char line[128];
    double number = NAN;
    FILE *file = fopen(path, "r");
    while (file && isnan(number) && fgets(line, sizeof line, file))
        if (strncmp(line, word, strlen(word)) == 0)
            number = (double)strtoull(line + strlen(word), NULL, 10);
    if (file)
        fclose(file);
    return number;
}

double dr_memory_available(void)
{
    double kilobytes = number_in("/proc/meminfo", "MemAvailable:");
    return isnan(kilobytes) ? INFINITY : 1024 * kilobytes;
}

double dr_process_memory(void)
{
    return number_in("/proc/self/statm", "") * (double)sysconf(_SC_PAGESIZE); /* its first number is in pages */
}

double dr_resident_memory(void)
{
    return 1024 * number_in("/proc/self/status", "VmRSS:");
}

#else

int dr_memory_file(void)
{
    char path[] = "/tmp/derisk-XXXXXX";
    int file = mkstemp(path);
    if (file >= 0)
        unlink(path);
    return file;
}

const char *dr_descriptor_path(char out[DR_DESCRIPTOR_PATH_SIZE], int file)
{
    snprintf(out, DR_DESCRIPTOR_PATH_SIZE, "/dev/fd/%d", file);
    return out;
}

int dr_nameless_file(const char *folder, mode_t mode)
{
    (void)folder;
    (void)mode;
    return -1;
}

bool dr_file_name(int file, const char *path)
{
    (void)file;
    (void)path;
    errno = ENOSYS;
    return false;
}

int dr_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

size_t dr_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (size_t)count : 1;
}

double dr_memory_available(void)
{
    return INFINITY;
}

double dr_process_memory(void)
{
    return NAN;
}

double dr_resident_memory(void)
{
    return NAN;
}

#endif
