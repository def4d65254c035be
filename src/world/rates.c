#include "world/rates.h"

#include <math.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
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

dr_status dr_parse_rate(const char *text, double *out)
{
    DR_TRY(DR_GIVEN(text, out));
    char number[64];
    size_t size = strlen(text);
    bool percent = size > 0 && text[size - 1] == '%';
    size -= percent;
    while (percent && size > 0 && text[size - 1] == ' ')
        size--;
    double rate = 0;
    if (size < sizeof number) {
        memcpy(number, text, size);
        number[size] = '\0';
    }
    if (size >= sizeof number || !dr_parse_number(number, &rate))
        return dr_fail(DR_BAD_INPUT, "'%.40s' is not a rate; expected a number such as 25%% or 0.25", text);
    if (!percent && fabs(rate) > 1)
        return dr_fail(DR_BAD_INPUT, "the rate %s would be %g%%; did you mean %s%%?", number, 100 * rate, number);
    *out = percent ? rate / 100 : rate;
    return DR_OK;
}
