/* Any bytes as the list of a mirror: read and searched, or refused. Nothing is asked of any server. */
#include "fuzz.h"
#include "import/fetch_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    dr_fetch_list list = {0};
    dr_fetch_file file;
    int year = 0, by_name = 0;
    dr_status status = dr_fetch_list_read(&list, fuzz_path(bytes, size));
    fuzz_expect(status);
    if (status == DR_OK) {
        fuzz_expect(dr_fetch_choose(&file, &list, "icio", NULL, &year));
        fuzz_expect(dr_fetch_choose_name(&file, &list, "icio", "t (1).zip", &by_name));
    }
    dr_fetch_list_free(&list);
    return 0;
}
