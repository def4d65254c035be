/* A brief as PDF, printed by a browser that is installed. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/spawn.h"
#include "report/brief_form.h"
#include "report/pdf.h"

enum { SECONDS = 60, FOLDER_SIZE = PATH_MAX - 32 };

static const char *const browsers[] = {"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"};

/* ---- The folder in which the browser works ----------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0;
}

static dr_status make_folder(char folder[FOLDER_SIZE])
{
    const char *where = getenv("TMPDIR");
    if (snprintf(folder, FOLDER_SIZE, "%s/derisk-brief-XXXXXX", where && *where == '/' ? where : "/tmp") >=
            FOLDER_SIZE ||
        !mkdtemp(folder))
        return dr_fail(DR_MACHINE, "temporary folders cannot be made: %s", strerror(errno));
    return DR_OK;
}

static dr_status write_page(const char *folder, const char *html, size_t size)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/page.html", folder);
    FILE *file = fopen(path, "w");
    bool good = file && fwrite(html, 1, size, file) == size;
    if (file && fclose(file) != 0)
        good = false;
    return good ? DR_OK : dr_fail(DR_MACHINE, "temporary files cannot be written: %s", strerror(errno));
}

/* ---- The browser ------------------------------------------------------------------------------------------------- */

/* Starts the first browser that is there. */
static dr_status start_browser(pid_t *child, const char *folder)
{
    char profile[PATH_MAX], to[PATH_MAX], page[PATH_MAX], none[] = "/dev/null", name[32];
    char headless[] = "--headless=new", plain[] = "--no-pdf-header-footer", gpu[] = "--disable-gpu",
         background[] = "--disable-background-networking", sandbox[] = "--no-sandbox";
    snprintf(profile, sizeof profile, "--user-data-dir=%s/profile", folder);
    snprintf(to, sizeof to, "--print-to-pdf=%s/page.pdf", folder);
    snprintf(page, sizeof page, "file://%s/page.html", folder);
    /* as the superuser, Chromium starts only without its sandbox; the page has no scripts */
    char *const arguments[] = {
        name, headless, plain, gpu, background, profile, to, page, geteuid() == 0 ? sandbox : NULL, NULL};
    posix_spawn_file_actions_t actions;
    int why = posix_spawn_file_actions_init(&actions);
    for (int stream = STDIN_FILENO; why == 0 && stream <= STDERR_FILENO; stream++)
        why = posix_spawn_file_actions_addopen(&actions, stream, none, O_RDWR, 0);
    if (why != 0)
        return dr_fail(DR_MACHINE, "a browser cannot be started: %s", strerror(why));
    for (size_t i = 0; i < sizeof browsers / sizeof *browsers; i++) {
        snprintf(name, sizeof name, "%s", browsers[i]);
        why = dr_spawn(child, &actions, arguments);
        if (why != ENOENT)
            break;
    }
    posix_spawn_file_actions_destroy(&actions);
    if (why == ENOENT)
        return dr_fail(DR_MACHINE, "no browser that prints PDF is installed (Chromium or Chrome); write .html instead");
    return why == 0 ? DR_OK : dr_fail(DR_MACHINE, "%s cannot be started: %s", name, strerror(why));
}

/* Waits until the browser ends, at most SECONDS. */
static dr_status wait_for(pid_t child)
{
    int ended = 0;
    double started = dr_seconds();
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    for (pid_t got = 0; got != child;) {
        got = waitpid(child, &ended, WNOHANG);
        if (got < 0 && errno != EINTR)
            return dr_fail(DR_MACHINE, "the browser: %s", strerror(errno));
        if (got == 0 && (dr_cancelled() || dr_seconds() - started > SECONDS)) {
            kill(child, SIGKILL);
            waitpid(child, &ended, 0);
            DR_TRY(dr_cancel_check());
            return dr_fail(DR_MACHINE, "the browser did not print the brief within %d seconds", SECONDS);
        }
        if (got != child)
            nanosleep(&pause, NULL);
    }
    return WIFEXITED(ended) && WEXITSTATUS(ended) == 0 ? DR_OK
                                                       : dr_fail(DR_MACHINE, "the browser did not print the brief");
}

/* Copies what was printed, without its date. */
static dr_status copy_printed(const char *folder, FILE *to)
{
    char path[PATH_MAX], *bytes = NULL;
    snprintf(path, sizeof path, "%s/page.pdf", folder);
    FILE *file = fopen(path, "r");
    if (!file)
        return dr_fail(DR_MACHINE, "the browser did not print the brief");
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    rewind(file);
    dr_status status = DR_OK;
    if (size <= 0)
        status = dr_fail(DR_MACHINE, "the browser did not print the brief");
    else if (!(bytes = malloc((size_t)size)))
        status = dr_fail_memory();
    else if (fread(bytes, 1, (size_t)size, file) != (size_t)size)
        status = dr_fail(DR_MACHINE, "temporary files cannot be read: %s", strerror(errno));
    else {
        dr_pdf_undate(bytes, (size_t)size);
        fwrite(bytes, 1, (size_t)size, to);
    }
    free(bytes);
    fclose(file);
    return status;
}

dr_status dr_brief_print(const char *html, size_t size, FILE *to)
{
    char folder[FOLDER_SIZE];
    pid_t child = 0;
    DR_TRY(make_folder(folder));
    dr_status status = write_page(folder, html, size);
    if (status == DR_OK)
        status = start_browser(&child, folder);
    if (status == DR_OK)
        status = wait_for(child);
    if (status == DR_OK)
        status = copy_printed(folder, to);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return status;
}
