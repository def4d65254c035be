/* What systems do differently. Calls that POSIX does not have are made here and nowhere else (tools/check-portable.py):
 * those of Linux, and in their place, where there is another system, what comes nearest. */
#ifndef DR_BASE_PORTABLE_H
#define DR_BASE_PORTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* An empty file without a name: in memory, or else in the folder for temporary files. -1 with errno. */
int dr_memory_file(void);

/* The path by which this process, and a library in it, opens a file that it has open: from its beginning, on Linux, and
 * with a place of its own in it. Returns out. */
enum { DR_DESCRIPTOR_PATH_SIZE = 32 };
const char *dr_descriptor_path(char out[DR_DESCRIPTOR_PATH_SIZE], int file);

/* A new file without a name in a folder, which dr_file_name gives one; -1 where there can be none. */
int dr_nameless_file(const char *folder, mode_t mode);

/* Gives it the name `path`; false with errno, EEXIST where the name is taken. */
bool dr_file_name(int file, const char *path);

/* A pipe whose ends child processes do not get; -1 with errno. */
int dr_pipe(int ends[2]);

/* Copies the rest of `from` to `to`; false with errno. */
bool dr_copy_rest(int from, int to);

/* How many processors this process may use, at least 1. */
size_t dr_processors(void);

/* Bytes of memory that the machine could still give, infinite where it does not say; and of addresses that this process
 * uses, NAN where it does not say. */
double dr_memory_available(void);
double dr_process_memory(void);

/* Bytes of memory that this process holds, NAN where the system does not say. */
double dr_resident_memory(void);

#endif
