/* What a file that was downloaded must be; without network code, as files that were downloaded by hand are checked
 * too. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/download.h"
#include "base/file.h"
#include "base/print.h"

/* Servers that want a login, or that take a program for a robot, answer with a page, and call it a success. */
static bool is_page(const char *path)
{
    static const char *const signs[] = {"<!doctype html", "<html"};
    char begin[512] = "";
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t got = file >= 0 ? read(file, begin, sizeof begin - 1) : -1;
    if (file >= 0)
        close(file);
    const char *at = begin;
    if (got > 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0) /* byte order mark */
        at += 3;
    while (isspace((unsigned char)*at))
        at++;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strncasecmp(at, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

/* A zip ends with the list of its files, and the end of that list with a comment of at most 65,535 bytes. */
static bool is_cut_zip(const char *path, off_t size)
{
    enum { LEAST = 22, MOST = LEAST + 65535 };
    char end[MOST];
    off_t from = size > MOST ? size - MOST : 0;
    int file = dr_file_has(path, 0, "PK\x03\x04", 4) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return false;
    ssize_t got = pread(file, end, sizeof end, from);
    close(file);
    return got >= 0 && !memmem(end, (size_t)got, "PK\x05\x06", 4);
}

dr_status dr_download_check(const dr_download *expected, const char *path)
{
    struct stat about;
    char found[DR_DIGEST_SIZE], is[DR_DIGEST_WORDS_SIZE], should[DR_DIGEST_WORDS_SIZE];
    bool same = true;
    if (stat(path, &about) != 0)
        return dr_fail(DR_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    if (!S_ISREG(about.st_mode))
        return dr_fail(DR_BAD_INPUT, "%s: a folder or device; expected a file", path);
    if (about.st_size == 0)
        return dr_fail(DR_BAD_INPUT, "%s: empty", path);
    if (is_page(path))
        return dr_fail(DR_BAD_INPUT, "%s: a page of the web, not the file", path);
    if (expected->bytes > 0 && (double)about.st_size != expected->bytes)
        return dr_fail(DR_BAD_INPUT, "%s: has %lld bytes; expected %.0f", path, (long long)about.st_size,
                       expected->bytes);
    if (is_cut_zip(path, about.st_size))
        return dr_fail(DR_BAD_INPUT, "%s: a zip archive that is cut off", path);
    if (!*expected->digest)
        return DR_OK;
    DR_TRY(dr_digest_compare(&same, found, expected->digest, path));
    return same ? DR_OK
                : dr_fail(DR_BAD_INPUT, "%s: has the %s; expected %s: damaged on the way, or replaced by its publisher",
                          path, dr_digest_words(is, found), dr_digest_words(should, expected->digest));
}
