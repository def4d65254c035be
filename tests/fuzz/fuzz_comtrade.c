/* Any bytes as a file of product flows in the layout DR_COMTRADE: read and screened, or refused. */
#include "fuzz_products.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    return fuzz_flows(DR_COMTRADE, &dr_format_comtrade, "flows.csv", bytes, size);
}
