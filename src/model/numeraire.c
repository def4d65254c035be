#include "model/numeraire.h"

#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "world/select.h"

static bool is(const dr_model *m, const char *word)
{
    return m->options.numeraire && strcmp(m->options.numeraire, word) == 0;
}

static dr_status fill_basket(dr_model *m, bool *of)
{
    double income = 0;
    DR_TRY(dr_select_list(dr_select_region, m->economy, NULL, m->options.numeraire, of, NULL));
    m->basket = dr_arena_take(&m->arena, m->regions * sizeof *m->basket);
    if (!m->basket)
        return dr_fail_memory();
    for (size_t n = 0; n < m->regions; n++)
        income += of[n] ? m->base.income[n] : 0;
    for (size_t n = 0; n < m->regions; n++)
        m->basket[n] = of[n] ? m->base.income[n] / income : 0;
    return DR_OK;
}

dr_status dr_numeraire_fill(dr_model *m)
{
    m->own_wages = is(m, "wage");
    if (!m->options.numeraire || m->own_wages || is(m, "world"))
        return DR_OK;
    bool *of = dr_new(m->regions, sizeof *of);
    dr_status status = of ? fill_basket(m, of) : dr_fail_memory();
    free(of);
    return status == DR_OK ? DR_OK : dr_fail_at(status, "numeraire");
}

const char *dr_numeraire_words(char out[DR_NUMERAIRE_SIZE], const dr_model *m)
{
    if (m->basket)
        dr_print_text(out, DR_NUMERAIRE_SIZE, "the consumer price of %.100s", m->options.numeraire);
    else
        dr_print_text(out, DR_NUMERAIRE_SIZE, "%s", m->own_wages ? "the wage of each region" : "world income");
    return out;
}
