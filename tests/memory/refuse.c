/* Memory that is refused: linked into a copy of the program by the linker's --wrap, so that every allocation that
 * derisk itself asks for comes through here, and none of the libraries'. The environment says which:
 *   DERISK_REFUSE=K     the K-th allocation (from 1) gets none
 *   DERISK_REFUSE=K+    neither do all after it
 *   DERISK_COUNT=FILE   how many there were is written to FILE at the end */
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* NOLINTBEGIN(bugprone-reserved-identifier): the names are those of the linker */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
int __real_vasprintf(char **out, const char *format, va_list arguments);
FILE *__real_open_memstream(char **out, size_t *size);
_Noreturn void __real__exit(int status);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);
int __wrap_vasprintf(char **out, const char *format, va_list arguments);
int __wrap_asprintf(char **out, const char *format, ...);
FILE *__wrap_open_memstream(char **out, size_t *size);
_Noreturn void __wrap__exit(int status);
/* NOLINTEND(bugprone-reserved-identifier) */

static atomic_ulong asked;
static unsigned long first; /* that is refused; 0: none */
static bool later;          /* and all after it */

__attribute__((constructor)) static void read_environment(void)
{
    const char *text = getenv("DERISK_REFUSE");
    char *rest = NULL;
    first = text ? strtoul(text, &rest, 10) : 0;
    later = text && *rest == '+';
}

__attribute__((destructor)) static void write_count(void)
{
    const char *path = getenv("DERISK_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%lu\n", atomic_load(&asked));
        fclose(file);
    }
}

/* The program leaves without winding up, but under the address sanitizer. */
void __wrap__exit(int status)
{
    write_count();
    __real__exit(status);
}

static bool refused(void)
{
    unsigned long now = atomic_fetch_add(&asked, 1) + 1;
    bool no = first && (now == first || (later && now > first));
    if (no)
        errno = ENOMEM;
    return no;
}

void *__wrap_malloc(size_t size)
{
    return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return refused() ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return refused() ? NULL : __real_aligned_alloc(alignment, size);
}

char *__wrap_strdup(const char *text)
{
    return refused() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
    return refused() ? NULL : __real_strndup(text, size);
}

/* After a failure what *out is says nothing, as in the C library. */
int __wrap_vasprintf(char **out, const char *format, va_list arguments)
{
    return refused() ? -1 : __real_vasprintf(out, format, arguments);
}

int __wrap_asprintf(char **out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = __wrap_vasprintf(out, format, arguments);
    va_end(arguments);
    return size;
}

FILE *__wrap_open_memstream(char **out, size_t *size)
{
    return refused() ? NULL : __real_open_memstream(out, size);
}
