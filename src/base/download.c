/* Downloads by libcurl. */
#include "base/download.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/output.h"
#include "base/print.h"

enum { REDIRECTIONS = 5, TRIES = 3, TEXT = 1024 };

/* No file of the field is larger; a server that goes on beyond it is wrong. */
static const double most_bytes = 64e9;

typedef struct transfer {
    const dr_download *of;
    CURL *curl;
    struct curl_slist *headers;
    char *part, *tag; /* paths of what has arrived, and of what the server said of its file */
    int file;         /* part */
    double have;      /* bytes in it */
    double all;       /* bytes of the whole file, as the server says; 0: it does not */
    char validator[TEXT], etag[TEXT], modified[TEXT]; /* of the part, and in this answer */
    double range_from;                                /* of this answer; -1: it is the whole file */
    bool decided;                                     /* the answer was looked at */
    bool resumed;                                     /* the part is of an earlier call, as far as is known */
    dr_status status;                                 /* trouble met in a callback of libcurl */
    double heard;                                     /* the time at which the server last sent something */
    bool silent;                                      /* too long ago */
    char said[CURL_ERROR_SIZE];
} transfer;

bool dr_download_possible(void)
{
    return true;
}

/* ---- Addresses --------------------------------------------------------------------------------------------------- */

/* Whether an address may be asked for: https, or http of this machine if `local`. */
static dr_status check_address(const char *address, bool local, bool *is_local)
{
    CURLU *url = curl_url();
    char *scheme = NULL, *host = NULL, *user = NULL;
    if (!url)
        return dr_fail_memory();
    bool right = curl_url_set(url, CURLUPART_URL, address, 0) == CURLUE_OK &&
                 curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                 curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK;
    bool plain = right && curl_url_get(url, CURLUPART_USER, &user, 0) != CURLUE_OK;
    *is_local = right && strcmp(scheme, "http") == 0 && strcmp(host, "127.0.0.1") == 0;
    bool allowed = plain && (strcmp(scheme, "https") == 0 || (local && *is_local));
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_url_cleanup(url);
    return allowed ? DR_OK : dr_fail(DR_BAD_INPUT, "the address is not allowed; expected https://");
}

/* ---- What is there already --------------------------------------------------------------------------------------- */

/* The validator of the part, if it is one of the same address. */
static void read_tag(transfer *t)
{
    char address[4 * TEXT] = "";
    FILE *file = fopen(t->tag, "re");
    bool read = file && fgets(address, sizeof address, file) && fgets(t->validator, sizeof t->validator, file);
    if (file)
        fclose(file);
    address[strcspn(address, "\n")] = t->validator[strcspn(t->validator, "\n")] = '\0';
    if (!read || strcmp(address, t->of->address) != 0)
        t->validator[0] = '\0';
}

static dr_status write_tag(const transfer *t)
{
    dr_output out;
    DR_TRY(dr_output_open(&out, t->tag));
    return dr_output_close(&out, fprintf(out.file, "%s\n%s\n", t->of->address, t->validator) > 0
                                     ? DR_OK
                                     : dr_fail(DR_MACHINE, "%s: cannot be written", t->tag));
}

static dr_status open_part(transfer *t)
{
    struct stat about;
    t->file = open(t->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (t->file < 0 || fstat(t->file, &about) != 0)
        return dr_fail(DR_MACHINE, "%s: cannot be written: %s", t->part, dr_error_of_file(errno));
    if (flock(t->file, LOCK_EX | LOCK_NB) != 0) {
        close(t->file);
        t->file = -1;
        return dr_fail(DR_MACHINE, "%s: another process is downloading this file; wait until it has ended", t->part);
    }
    t->have = (double)about.st_size;
    t->resumed = about.st_size > 0;
    read_tag(t);
    return DR_OK;
}

/* Begins again with nothing. */
static dr_status start_over(transfer *t)
{
    t->have = 0;
    t->resumed = false;
    t->validator[0] = '\0';
    return ftruncate(t->file, 0) == 0 && lseek(t->file, 0, SEEK_SET) == 0
               ? DR_OK
               : dr_fail(DR_MACHINE, "%s: cannot be written: %s", t->part, dr_error_of_file(errno));
}

/* ---- The answer -------------------------------------------------------------------------------------------------- */

static void take_value(char out[TEXT], const char *line, size_t size, const char *name)
{
    size_t skip = strlen(name);
    if (size <= skip || strncasecmp(line, name, skip) != 0)
        return;
    while (skip < size && (line[skip] == ' ' || line[skip] == '\t'))
        skip++;
    snprintf(out, TEXT, "%.*s", (int)(size - skip), line + skip);
    out[strcspn(out, "\r\n")] = '\0';
}

/* "8192-19999/20000", or "*" followed by "/20000" where nothing of the file is sent. */
static void take_range(transfer *t, const char *range)
{
    char *end = NULL;
    const char *slash = strchr(range, '/');
    unsigned long long from = strtoull(range, &end, 10);
    if (end > range && *end == '-')
        t->range_from = (double)from;
    if (slash)
        t->all = (double)strtoull(slash + 1, NULL, 10);
}

static size_t on_header(char *line, size_t one, size_t count, void *user)
{
    transfer *t = user;
    size_t size = one * count;
    t->heard = dr_seconds();
    char range[TEXT] = "";
    if (size > 5 && strncmp(line, "HTTP/", 5) == 0) { /* a new answer, as after a proxy's */
        t->etag[0] = t->modified[0] = '\0';
        t->range_from = -1;
    }
    take_value(t->etag, line, size, "ETag:");
    take_value(t->modified, line, size, "Last-Modified:");
    take_value(range, line, size, "Content-Range:");
    if (strncmp(range, "bytes ", 6) == 0)
        take_range(t, range + 6);
    return size;
}

/* The disk must take what the server says is to come. */
static dr_status check_room(const transfer *t)
{
    struct statvfs disk;
    double left = t->all - t->have;
    if (t->all > most_bytes)
        return dr_fail(DR_BAD_INPUT, "the server's file has %.1f billion bytes; at most %.0f billion are taken",
                       t->all / 1e9, most_bytes / 1e9);
    if (t->of->bytes > 0 && t->all > 0 && t->all != t->of->bytes)
        return dr_fail(DR_BAD_INPUT, "the server's file has %.0f bytes; expected %.0f", t->all, t->of->bytes);
    if (fstatvfs(t->file, &disk) == 0 && left > (double)disk.f_bavail * (double)disk.f_frsize)
        return dr_fail(DR_MACHINE, "%s: %.1f million bytes are to come, and the disk has room for %.1f million",
                       t->part, left / 1e6, (double)disk.f_bavail * (double)disk.f_frsize / 1e6);
    return DR_OK;
}

/* Before the first byte: is it the rest of the file, or all of it? A weak ETag, W/"...", does not promise the same
 * bytes. */
static dr_status decide(transfer *t)
{
    long code = 0;
    curl_off_t length = -1;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(t->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (code == 206 && t->range_from != t->have)
        return dr_fail(DR_MACHINE, "the server sends another part of the file than the one asked for");
    if (code != 206)
        DR_TRY(start_over(t));
    if (code != 206)
        t->all = length > 0 ? (double)length : 0;
    DR_TRY(check_room(t));
    bool strong = t->etag[0] == '"';
    memcpy(t->validator, strong ? t->etag : t->modified, TEXT);
    return write_tag(t);
}

static dr_status take_bytes(transfer *t, const char *bytes, size_t size)
{
    if (!t->decided)
        DR_TRY(decide(t));
    t->decided = true;
    if (t->have + (double)size > (t->of->bytes > 0 ? t->of->bytes : most_bytes))
        return dr_fail(DR_BAD_INPUT, "the server sends more than the %.0f bytes expected",
                       t->of->bytes > 0 ? t->of->bytes : most_bytes);
    while (size > 0) {
        ssize_t written = pwrite(t->file, bytes, size, (off_t)t->have);
        if (written <= 0)
            return dr_fail(DR_MACHINE, "%s: cannot be written: %s", t->part, dr_error_of_file(errno));
        bytes += written;
        size -= (size_t)written;
        t->have += (double)written;
    }
    return DR_OK;
}

/* The body of an error or redirection is of no interest. */
static size_t on_bytes(char *bytes, size_t one, size_t count, void *user)
{
    transfer *t = user;
    long code = 0;
    t->heard = dr_seconds();
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    if (code == 200 || code == 206)
        t->status = take_bytes(t, bytes, one * count);
    return t->status == DR_OK ? one * count : 0;
}

static int on_progress(void *user, curl_off_t all, curl_off_t now, curl_off_t up_all, curl_off_t up)
{
    transfer *t = user;
    (void)all, (void)now, (void)up_all, (void)up;
    if (t->of->progress && t->all > 0)
        t->of->progress(t->of->path, (size_t)t->have, (size_t)t->all, t->of->user);
    if (t->status == DR_OK)
        t->status = dr_cancel_check();
    if (t->status == DR_OK && dr_seconds() - t->heard > t->of->silence)
        t->silent = true;
    return t->status != DR_OK || t->silent;
}

/* ---- One request ------------------------------------------------------------------------------------------------- */

static void set_options(transfer *t, const char *address)
{
    CURL *curl = t->curl;
    curl_easy_setopt(curl, CURLOPT_URL, address);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L); /* each address is checked first */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(1000 * t->of->silence));
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "derisk/" DR_VERSION);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t->said);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

/* Asks for the rest, if what is there can be trusted to be the beginning of the same file: by what the server said of
 * it, or by a digest, which will tell. */
static dr_status ask_for_rest(transfer *t)
{
    char line[TEXT + 16];
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    if (t->have > 0 && !t->validator[0] && !*t->of->digest)
        DR_TRY(start_over(t));
    if (t->have == 0)
        return DR_OK;
    dr_print_text(line, sizeof line, "Range: bytes=%.0f-", t->have);
    t->headers = curl_slist_append(NULL, line);
    snprintf(line, sizeof line, "If-Range: %s", t->validator);
    if (t->headers && t->validator[0] && !curl_slist_append(t->headers, line))
        return dr_fail_memory();
    return t->headers ? DR_OK : dr_fail_memory();
}

static dr_status fail_code(long code, bool *again)
{
    *again = code >= 500 || code == 408 || code == 429;
    if (code == 404 || code == 410)
        return dr_fail(DR_BAD_INPUT, "the server has no such file (HTTP status %ld)", code);
    if (code == 401 || code == 403)
        return dr_fail(DR_BAD_INPUT, "the server refuses access (HTTP status %ld)", code);
    return dr_fail(*again ? DR_MACHINE : DR_BAD_INPUT, "the server answers with the HTTP status %ld", code);
}

static dr_status fail_curl(const transfer *t, CURLcode result, bool *again)
{
    *again = result != CURLE_PEER_FAILED_VERIFICATION && result != CURLE_COULDNT_RESOLVE_HOST;
    return dr_fail(DR_MACHINE, "%s",
                   t->silent || result == CURLE_OPERATION_TIMEDOUT ? "the server has sent nothing for too long"
                   : *t->said                                      ? t->said
                                                                   : curl_easy_strerror(result));
}

/* One request. *to gets the address of a redirection, which lives as long as the handle until its next use; *again
 * whether it makes sense to try again. */
static dr_status request(transfer *t, const char *address, char **to, bool *again)
{
    long code = 0;
    *to = NULL;
    t->decided = false;
    t->status = DR_OK;
    t->said[0] = '\0';
    t->range_from = -1;
    t->heard = dr_seconds();
    t->silent = false;
    set_options(t, address);
    DR_TRY(ask_for_rest(t));
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
    CURLcode result = curl_easy_perform(t->curl);
    if (t->status != DR_OK)
        return t->status;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, to);
    if (result != CURLE_OK)
        return fail_curl(t, result, again);
    if (*to)
        return DR_OK;
    if (code == 416) { /* what is there is no beginning of it any more, or all of it */
        *again = t->have != t->all || t->all == 0;
        return *again ? (start_over(t), dr_fail(DR_MACHINE, "the server has no more of the file")) : DR_OK;
    }
    if (code == 200 && !t->decided) /* a file without a byte */
        return start_over(t);
    return code == 200 || code == 206 ? DR_OK : fail_code(code, again);
}

/* A request with its redirections, each checked before it is followed. */
static dr_status follow(transfer *t, bool *again)
{
    char *at = strdup(t->of->address), *to = NULL;
    bool local = true, here = false;
    dr_status status = at ? check_address(at, true, &local) : dr_fail_memory();
    for (int i = 0; status == DR_OK; i++) {
        status = request(t, at, &to, again);
        if (status != DR_OK || !to)
            break;
        if (i == REDIRECTIONS) {
            status = dr_fail(DR_BAD_INPUT, "more than %d redirections", REDIRECTIONS);
            break;
        }
        if (check_address(to, local, &here) != DR_OK) {
            status = dr_fail(DR_BAD_INPUT, "the server redirects to %.200s, which is not https", to);
            break;
        }
        char *next = strdup(to);
        free(at);
        at = next;
        status = at ? DR_OK : dr_fail_memory();
    }
    free(at);
    return status;
}

/* ---- All of it --------------------------------------------------------------------------------------------------- */

static void wait_a_second(void)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    for (int i = 0; i < 10 && !dr_cancelled(); i++)
        nanosleep(&pause, NULL);
}

static dr_status run(transfer *t)
{
    bool again = false;
    dr_status status = DR_OK;
    for (int try = 0; try < TRIES; try++) {
        if (try > 0)
            wait_a_second();
        again = false;
        DR_TRY(dr_cancel_check());
        status = follow(t, &again);
        if (status == DR_OK || !again)
            break;
    }
    if (status == DR_MACHINE && t->have > 0 && !t->validator[0] && !*t->of->digest)
        return dr_fail_at(status, t->of->address);
    if (status == DR_MACHINE && t->have > 0)
        return dr_fail(status, "%s: %s; the first %.1f million bytes are kept, and the same command goes on from there",
                       t->of->address, dr_error_text(), t->have / 1e6);
    return status == DR_OK || status == DR_CANCELLED ? status : dr_fail_at(status, t->of->address);
}

/* The file takes its name once it is on the disk and is what it should be; else nothing of it is kept. If its beginning
 * is of an earlier call the server's file may have changed in between, so that all of it is taken anew. */
static dr_status finish(transfer *t)
{
    dr_status status = dr_download_check(t->of, t->part);
    if (status != DR_OK && t->resumed) {
        DR_TRY(start_over(t));
        DR_TRY(run(t));
        status = dr_download_check(t->of, t->part);
    }
    if (status != DR_OK) {
        unlink(t->part);
        unlink(t->tag);
        return dr_fail_at(status, t->of->address);
    }
    if (fsync(t->file) != 0 || rename(t->part, t->of->path) != 0)
        return dr_fail(DR_MACHINE, "%s: cannot be written: %s", t->of->path, dr_error_of_file(errno));
    unlink(t->tag);
    return DR_OK;
}

static void begin_library(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void end(transfer *t)
{
    curl_slist_free_all(t->headers);
    curl_easy_cleanup(t->curl);
    if (t->file >= 0) {
        if (t->have == 0) {
            unlink(t->part);
            unlink(t->tag);
        }
        close(t->file);
    }
    free(t->part);
    free(t->tag);
}

dr_status dr_download_run(const dr_download *download)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    transfer t = {.of = download, .file = -1};
    pthread_once(&once, begin_library);
    t.curl = curl_easy_init();
    dr_status status = t.curl && asprintf(&t.part, "%s.part", download->path) >= 0 &&
                               asprintf(&t.tag, "%s.part.tag", download->path) >= 0
                           ? open_part(&t)
                           : dr_fail_memory();
    if (status == DR_OK)
        status = run(&t);
    if (status == DR_OK)
        status = finish(&t);
    end(&t);
    return status;
}
