/* A build without network code (-Dfetch=disabled). */
#include "base/download.h"

bool dr_download_possible(void)
{
    return false;
}

dr_status dr_download_run(const dr_download *download)
{
    return dr_fail(DR_USAGE, "this derisk was built without network code: download %s by other means, to %s",
                   download->address, download->path);
}
