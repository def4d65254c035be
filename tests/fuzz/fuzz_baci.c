/* Any bytes as a file of product flows in the layout DR_BACI: read and screened, or refused. */
#include "fuzz_products.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    return fuzz_flows(DR_BACI, &dr_format_baci, "flows.csv", bytes, size);
}
