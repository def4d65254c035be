/* A file from a server: whole and as it should be, or absent. */
#ifndef DR_BASE_DOWNLOAD_H
#define DR_BASE_DOWNLOAD_H

#include <stddef.h>

#include "base/error.h"

typedef struct dr_download {
    const char *address; /* https://..., or http://127.0.0.1... for servers on this machine */
    const char *path;    /* where the file goes; its folder exists */
    double bytes;        /* its size; 0: not known */
    const char *digest;  /* "sha256:HEX", also md5 and sha1; "": not known */
    double silence;      /* seconds without a byte, after which the server is given up */
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;
} dr_download;

/* Whether this build has network code. */
bool dr_download_possible(void);

/* Downloads. What has arrived is in PATH.part meanwhile, and stays there when the transfer breaks or is interrupted, so
 * that the next call goes on from there (Range), provided that the server's file is still the same one (If-Range with
 * its ETag or date) or that its digest is known; else it starts over. A broken transfer is tried again twice. At most
 * five redirections are followed, to https only. Proxies are taken from the environment (https_proxy, no_proxy). The
 * calling thread's dr_cancel is watched. Errors: DR_BAD_INPUT (an address or redirection that is not allowed; no such
 * file on the server, or no access; a page in place of a file; another size or digest than expected), DR_MACHINE (no
 * connection, a transfer that broke; no space; another process is downloading this file), DR_CANCELLED, DR_USAGE (a
 * build without network code). */
dr_status dr_download_run(const dr_download *download);

/* Fails if the file is not what is expected: another size, another digest, or a page of the web. `path` is where it is.
 * Errors: DR_BAD_INPUT. */
dr_status dr_download_check(const dr_download *expected, const char *path);

#endif
