/* The parts that all tables of games share. */
#include <stdlib.h>

#include "play/game.h"
#include "result/result.h"
#include "world/describe.h"

void dr_game_progress(const dr_game *g, const char *what, size_t done)
{
    if (g->options->progress)
        g->options->progress(what, done, 0, g->options->user);
}

const char *dr_game_heading(char out[DR_HEADLINE_SIZE], const dr_game *g)
{
    dr_headline sides = {0};
    if (g->title && *g->title)
        return g->title;
    g->kind->add_sides(&sides, g);
    dr_headline_write(out, &sides);
    if (*out >= 'a' && *out <= 'z') /* "the EU" begins the title */
        *out = (char)(*out - 'a' + 'A');
    return out;
}

/* Notes on the groups that are named, and on the trade between their members that is left alone or included. */
static dr_status note_groups(dr_table *table, const dr_game *g)
{
    const dr_economy *e = g->model->economy;
    dr_named named = {0};
    dr_insiders insiders = {0};
    dr_status status = g->kind->add_groups(g, &named, &insiders);
    for (int included = 0; included < 2 && status == DR_OK; included++) {
        char *note = NULL;
        status = dr_insiders_note(&note, &insiders, e, e->flow, included);
        if (note)
            dr_table_add_note(table, "%s", note);
        free(note);
    }
    if (status == DR_OK)
        dr_named_tell(table, e, &named);
    dr_named_free(&named);
    dr_insiders_free(&insiders);
    return status;
}

dr_status dr_game_begin_table(dr_table **out, const dr_game *g, const dr_column_spec *columns, size_t count)
{
    const dr_economy *e = g->model->economy;
    char heading[DR_HEADLINE_SIZE];
    if (!g->solved)
        return dr_fail(DR_USAGE, "the game is not solved");
    DR_TRY(dr_table_new(out, columns, count));
    dr_table_set_title(*out, "%s: %s", dr_game_heading(heading, g), g->kind->title);
    dr_table_set_unit(*out, e->unit);
    dr_describe(*out, e->world, e->year, e->unit, e->source);
    dr_table_add_fact_text(*out, "play", g->kind->title);
    g->kind->add_facts(*out, g);
    dr_model_describe(*out, g->model);
    dr_describe_names(*out, e);
    dr_status status = note_groups(*out, g);
    if (status != DR_OK)
        dr_table_free(*out);
    return status;
}
