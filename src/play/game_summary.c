#include "play/game_summary.h"

#include <math.h>
#include <stdlib.h>

#include "plan/policy.h"
#include "play/game.h"

dr_status dr_summary_begin(dr_summary *s, const char *about)
{
    s->about = about;
    s->to = open_memstream(&s->text, &s->size);
    return s->to ? DR_OK : dr_fail_memory();
}

/* Sentences begin with a capital, which names in words such as "the EU" may lack. */
static void begin_sentences(char *text)
{
    bool begins = true;
    for (char *at = text; *at; at++) {
        if (begins && *at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
        begins = *at == ' ' ? at > text + 1 && at[-1] == '.' : false;
    }
}

dr_status dr_summary_end(dr_summary *s)
{
    bool good = fclose(s->to) == 0;
    if (good) {
        size_t row = dr_table_add_row(s->table);
        while (s->size > 0 && s->text[s->size - 1] == ' ')
            s->text[--s->size] = '\0';
        begin_sentences(s->text);
        dr_table_set_text(s->table, row, 0, s->about);
        dr_table_set_text(s->table, row, 1, s->text);
    }
    free(s->text);
    s->text = NULL;
    return good ? DR_OK : dr_fail_memory();
}

const char *dr_summary_money(const dr_summary *s, double value, char out[DR_MONEY_SIZE])
{
    return dr_money(out, value, s->game->model->economy->unit);
}

void dr_summary_change(const dr_summary *s, double percent, const bool *regions)
{
    char money[DR_MONEY_SIZE];
    double income = dr_regions_income(s->game->model, regions);
    dr_summary_say(s, "%s %s a year, %.2f%% of its real income", percent < 0 ? "loses" : "gains",
                   dr_summary_money(s, percent / 100 * income, money), fabs(percent));
}

void dr_summary_equilibrium(const dr_summary *s, double residual)
{
    dr_summary_say(s,
                   "Every equation of the model holds to about %.0e. All magnitudes depend on the trade elasticities, "
                   "which are %s.",
                   residual, s->game->model->elasticity);
}
