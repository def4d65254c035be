/* Any bytes as a file of product flows in the layout DR_COMEXT: read and screened, or refused. */
#include "fuzz_products.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    return fuzz_flows(DR_COMEXT, &dr_format_comext, "flows.dat", bytes, size);
}
