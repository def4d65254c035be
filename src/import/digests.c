#include "import/digests.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/stream.h"

static void *take(void *user)
{
    dr_digests *d = user;
    for (size_t i = 0; i < d->disks.count; i++)
        if (dr_file_digest(d->hash[i], d->disks.names[i]) != DR_OK)
            d->hash[i][0] = '\0';
    return NULL;
}

static dr_status find_disks(dr_digests *d, const char *const *files)
{
    for (size_t i = 0; i < d->count; i++) {
        const char *inside = NULL;
        char *disk = dr_stream_disk(files[i], &inside);
        int index = dr_names_add(&d->disks, disk ? disk : files[i]);
        free(disk);
        if (index < 0)
            return dr_fail_memory();
        d->disk[i] = (size_t)index;
    }
    return DR_OK;
}

dr_status dr_digests_start(dr_digests *digests, const char *const *files, size_t count)
{
    *digests = (dr_digests){.count = count, .disk = dr_new(count, sizeof *digests->disk)};
    if (!digests->disk)
        return dr_fail_memory();
    DR_TRY(find_disks(digests, files));
    if (!(digests->hash = dr_new(digests->disks.count, sizeof *digests->hash)))
        return dr_fail_memory();
    int error = pthread_create(&digests->thread, NULL, take, digests);
    digests->running = error == 0;
    return error == 0 ? DR_OK : dr_fail(DR_MACHINE, "cannot start a thread: %s", strerror(error));
}

static void wait(dr_digests *d)
{
    if (d->running)
        pthread_join(d->thread, NULL);
    d->running = false;
}

const char *dr_digests_of(dr_digests *digests, size_t file)
{
    wait(digests);
    const char *hash = digests->hash[digests->disk[file]];
    return *hash ? hash : NULL;
}

void dr_digests_free(dr_digests *digests)
{
    wait(digests);
    dr_names_free(&digests->disks);
    free(digests->disk);
    free(digests->hash);
    *digests = (dr_digests){0};
}
