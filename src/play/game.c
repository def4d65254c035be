/* The public functions of games. docs/play.md. */
#include "play/game.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/names.h"
#include "play/game_kinds.h"
#include "scenario/baseline.h"
#include "scenario/document.h"
#include "scenario/settings.h"

void dr_game_free(dr_game *game)
{
    if (!game)
        return;
    game->kind->release(game);
    free(game->title);
    free(game);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* The keys of all kinds, each once. */
enum { PLAY, TITLE, GROUPS, BASELINE, FIRST_KEY, MOST_KEYS = 64 };

typedef struct document {
    const char *keys[MOST_KEYS];
    yaml_node_t *values[MOST_KEYS];
    size_t count;
} document;

static size_t find_key(const document *d, const char *name)
{
    size_t k = 0;
    while (k < d->count && strcmp(d->keys[k], name) != 0)
        k++;
    return k;
}

static void list_keys(document *d)
{
    static const char *const common[] = {"play", "title", "groups", DR_BASELINE_KEY};
    static const char *const settings[] = {DR_SETTINGS_KEYS};
    for (size_t k = 0; k < FIRST_KEY; k++)
        d->keys[d->count++] = common[k];
    for (const dr_game_kind *const *kind = dr_game_kinds; *kind; kind++)
        for (const dr_game_key *key = (*kind)->keys; key->name; key++)
            if (find_key(d, key->name) == d->count)
                d->keys[d->count++] = key->name;
    for (size_t k = 0; k < DR_SETTINGS; k++)
        d->keys[d->count++] = settings[k];
}

/* "best-response, nash or coercion": the names of all kinds, which also go to `names`; returns how many there are. */
static size_t list_kinds(char *text, size_t size, const char *names[MOST_KEYS])
{
    size_t count = 0, length = 0;
    for (const dr_game_kind *const *kind = dr_game_kinds; *kind; kind++) {
        const char *between = count == 0 ? "" : kind[1] ? ", " : " or ";
        names[count++] = (*kind)->name;
        if (length < size)
            length += (size_t)snprintf(text + length, size - length, "%s%s", between, (*kind)->name);
    }
    return count;
}

static dr_status find_kind(const dr_game_reader *r, const yaml_node_t *node, const dr_game_kind **out)
{
    const char *names[MOST_KEYS];
    char hint[DR_HINT_SIZE], kinds[512];
    DR_TRY(dr_yaml_need_text(&r->yaml, node, "a play such as nash"));
    for (const dr_game_kind *const *kind = dr_game_kinds; *kind; kind++) {
        *out = *kind;
        if (strcmp(dr_yaml_text(node), (*kind)->name) == 0)
            return DR_OK;
    }
    size_t count = list_kinds(kinds, sizeof kinds, names);
    return dr_game_fail(r, node, "unknown play '%.60s'; expected %s%s", dr_yaml_text(node), kinds,
                        dr_hint(hint, dr_yaml_text(node), names, count));
}

/* The values of the kind's keys in their order. Keys of other kinds, and required keys that are missing, are errors. */
static dr_status take_values(const dr_game_reader *r, const document *d, const dr_game_kind *kind, yaml_node_t **values)
{
    bool belongs[MOST_KEYS] = {false};
    for (const dr_game_key *key = kind->keys; key->name; key++) {
        size_t k = find_key(d, key->name);
        belongs[k] = true;
        values[key - kind->keys] = d->values[k];
    }
    for (size_t k = FIRST_KEY; k < d->count - DR_SETTINGS; k++)
        if (d->values[k] && !belongs[k])
            return dr_game_fail(r, d->values[k], "'%s' does not go with 'play: %s'", d->keys[k], kind->name);
    for (const dr_game_key *key = kind->keys; key->name; key++)
        if (key->required && !values[key - kind->keys])
            return dr_game_fail(r, d->values[PLAY], "'play: %s' needs '%s'", kind->name, key->name);
    return DR_OK;
}

/* A new game of the kind that the document names. */
static dr_status read_game(dr_game **out, dr_game_reader *r, const dr_model *model)
{
    document d = {0};
    yaml_node_t *values[MOST_KEYS] = {0};
    const dr_game_kind *kind = NULL;
    list_keys(&d);
    DR_TRY(dr_yaml_root(&r->yaml, "a game", d.keys, d.count, d.values));
    DR_TRY(find_kind(r, d.values[PLAY], &kind));
    DR_TRY(take_values(r, &d, kind, values));
    DR_TRY(dr_baseline_check(&r->yaml, r->economy, d.values[BASELINE]));
    dr_game *game = *out = dr_new(1, kind->size);
    if (!game)
        return dr_fail_memory();
    game->kind = kind;
    game->model = model;
    DR_TRY(dr_document_groups(&r->own, r->economy, &r->yaml, d.values[GROUPS]));
    if (d.values[TITLE])
        DR_TRY(dr_game_read_text(r, d.values[TITLE], "a title", &game->title));
    return kind->read(game, r, values);
}

/* Reads the document that is loaded, if `status` says so, and frees it. */
static dr_status finish_reading(dr_game **out, dr_game_reader *r, const dr_model *model, dr_status status)
{
    dr_game *game = NULL;
    DR_TRY(status);
    status = read_game(&game, r, model);
    dr_own_groups_free(&r->own);
    dr_yaml_free(&r->yaml);
    if (status == DR_OK)
        *out = game;
    else
        dr_game_free(game);
    return status;
}

dr_status dr_game_load(dr_game **out, const dr_model *model, const char *path)
{
    DR_TRY(DR_GIVEN(out, model, path));
    dr_game_reader r = {.economy = model->economy};
    return finish_reading(out, &r, model, dr_yaml_load(&r.yaml, path, "a game"));
}

dr_status dr_game_parse(dr_game **out, const dr_model *model, const char *text, size_t size, const char *name)
{
    DR_TRY(DR_GIVEN(out, model, name));
    dr_game_reader r = {.economy = model->economy};
    return finish_reading(out, &r, model, dr_yaml_parse(&r.yaml, text, size, name, "a game"));
}

/* ---- Solving ----------------------------------------------------------------------------------------------------- */

static dr_status take_options(dr_game_options *out, const char *function, const dr_game_options *options)
{
    const double most_starts = 1000;
    DR_TRY(dr_check_options(function, "options", out, sizeof *out, options));
    options = out;
    DR_TRY(DR_WITHIN(function, options->starts, 0, most_starts));
    return DR_WITHIN(function, options->threads, 0, INT_MAX);
}

dr_status dr_game_solve(dr_game *game, const dr_game_options *options)
{
    DR_TRY(DR_GIVEN(game));
    dr_game_options whole;
    DR_TRY(take_options(&whole, __func__, options));
    game->options = &whole;
    game->most_rows = whole.most;
    char heading[DR_HEADLINE_SIZE];
    dr_status status = game->kind->solve(game);
    if (status == DR_OK && game->kind->policy && game->kind->policy(game)->solution)
        status = dr_solution_set_title(game->kind->policy(game)->solution, dr_game_heading(heading, game));
    game->solved = status == DR_OK;
    game->options = NULL;
    return status;
}

const dr_solution *dr_game_solution(const dr_game *game)
{
    return game && game->solved && game->kind->policy ? game->kind->policy(game)->solution : NULL;
}

dr_status dr_game_write(const dr_game *game, const char *path)
{
    char heading[DR_HEADLINE_SIZE];
    DR_TRY(DR_GIVEN(game));
    if (!game->kind->policy)
        return dr_fail(DR_USAGE, "'play: %s' has no players, and so no policies that could be written",
                       game->kind->name);
    if (!game->solved)
        return dr_fail(DR_USAGE, "the game has not been solved");
    return dr_scenario_write(game->kind->policy(game)->scenario, dr_game_heading(heading, game), &game->model->options,
                             path);
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

dr_status dr_game_outcome(dr_table **out, const dr_game *game)
{
    DR_TRY(DR_GIVEN(out, game));
    return game->kind->outcome(out, game);
}

dr_status dr_game_bands(dr_table **out, const dr_game *game, const char *table, const dr_draw_options *options)
{
    DR_TRY(DR_GIVEN(out, game, table, options));
    dr_draw_options whole;
    bool known = strcmp(table, "outcome") == 0 || strcmp(table, "regions") == 0 || strcmp(table, "draws") == 0;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->threads, 0, INT_MAX));
    if (!known)
        return dr_fail(DR_USAGE, "no bands of the table '%.60s' of a game; expected outcome, regions or draws", table);
    if (!game->kind->bands)
        return dr_fail(DR_USAGE, "'play: %s' has no players, and so no policies that draws could solve anew",
                       game->kind->name);
    if (!game->solved)
        return dr_fail(DR_USAGE, "the game is not solved");
    return game->kind->bands(out, game, table, options);
}

dr_status dr_game_settings(dr_table **out, const dr_game *game)
{
    DR_TRY(DR_GIVEN(out, game));
    if (!game->kind->settings)
        return dr_fail(DR_USAGE, "'play: %s' has no players, and so no table of rates", game->kind->name);
    return game->kind->settings(out, game);
}

dr_status dr_game_summary(dr_table **out, const dr_game *game)
{
    DR_TRY(DR_GIVEN(out, game));
    static const dr_column_spec columns[] = {{"about", DR_SHOW_TEXT}, {"says", DR_SHOW_TEXT}};
    dr_summary summary = {.game = game};
    DR_TRY(dr_game_begin_table(&summary.table, game, columns, 2));
    return dr_table_finish(out, summary.table, game->kind->summarise(&summary));
}

dr_status dr_game_map(dr_table **out, dr_game *game, size_t points, const dr_game_options *options)
{
    const size_t least = 2, most = 1000;
    DR_TRY(DR_GIVEN(out, game));
    dr_game_options whole;
    DR_TRY(take_options(&whole, __func__, options));
    if (!game->kind->map)
        return dr_fail(DR_USAGE, "'play: %s' has no players, and so no best-response functions", game->kind->name);
    if (points < least || points > most)
        return dr_fail(DR_USAGE, "best-response functions have between %zu and %zu points, not %zu", least, most,
                       points);
    game->options = &whole;
    dr_status status = game->kind->map(out, game, points);
    game->options = NULL;
    return status;
}
