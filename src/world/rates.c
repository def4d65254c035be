#include "world/rates.h"

#include "base/print.h"

void dr_odd_rates_add(dr_odd_rates *odd, size_t cell, double rate)
{
    if (rate < 0 && (odd->subsidies++ == 0 || rate < odd->least)) {
        odd->least = rate;
        odd->lowest = cell;
    }
    if (rate > 1 && (odd->high++ == 0 || rate > odd->most)) {
        odd->most = rate;
        odd->highest = cell;
    }
}

const char *dr_odd_rates_text(char out[DR_ODD_RATES_SIZE], const dr_odd_rates *odd, bool high, const dr_names *regions,
                              const dr_names *sectors)
{
    size_t cell = high ? odd->highest : odd->lowest, pair = cell / sectors->count;
    dr_print_text(out, DR_ODD_RATES_SIZE, "%zu, the %s %.6g%% on %.60s from %.60s to %.60s",
                  high ? odd->high : odd->subsidies, high ? "highest" : "lowest", 100 * (high ? odd->most : odd->least),
                  sectors->names[cell % sectors->count], regions->names[pair % regions->count],
                  regions->names[pair / regions->count]);
    return out;
}
