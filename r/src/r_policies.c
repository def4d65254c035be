#include "r_functions.h"

#include <string.h>

#define TABLE ((dr_table **)out)

/* ---- Plans ------------------------------------------------------------------------------------------------------- */

typedef struct plan_call {
    dr_model *model;
    const char *of, *from, *path;
    dr_plan *plan;
    size_t points;
    int table;
    dr_plan_options options;
} plan_call;

#define OPTION(member, name, TYPE, ...) RD_FIELD(plan_call, options.member, name, TYPE, ##__VA_ARGS__)

/* Those that plans and frontiers share. */
#define PLAN_FIELDS                                                                                                    \
    RD_GIVE(plan_call, model, "model", MODEL), RD_FIELD(plan_call, of, "of", TEXT, .required = true),                  \
        RD_FIELD(plan_call, from, "from", TEXT, .required = true),                                                     \
        OPTION(objective, "objective", WORD, RD_WORDS("efficient", "own")), OPTION(sectors, "sectors", TEXT),          \
        OPTION(share, "share", WORD, RD_WORDS("imports", "use", "look-through")), OPTION(levers, "levers", TEXT),      \
        OPTION(most_tariff, "most_tariff", RATE), OPTION(most_support, "most_support", RATE),                          \
        OPTION(risk, "risk", RATE), OPTION(stock, "stock", NUMBER), OPTION(stock_cost, "stock_cost", RATE),            \
        OPTION(inside, "inside", FLAG), OPTION(changes, "changes", OBJECT, .kind = RD_SCENARIO),                       \
        OPTION(starts, "starts", SIZE), OPTION(threads, "threads", COUNT)

static const rd_field plan_fields[] = {PLAN_FIELDS,
                                       OPTION(cap, "cap", RATE),
                                       OPTION(caps, "caps", TEXT),
                                       OPTION(products, "products", TEXT),
                                       OPTION(max_concentration, "max_concentration", RATE),
                                       OPTION(budget, "budget", RATE),
                                       OPTION(max_loss, "max_loss", RATE),
                                       {0}};
static const rd_field curve_fields[] = {PLAN_FIELDS, RD_FIELD(plan_call, points, "points", SIZE), {0}};

static void complete(plan_call *c, rd_job *job)
{
    c->options.budget *= 100; /* the library takes these two in percent */
    c->options.max_loss *= 100;
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
}

RD_RUN(plan, plan_call)
{
    complete(c, job);
    return dr_plan_new((dr_plan **)out, c->model, c->of, c->from, &c->options);
}

RD_RUN(curve, plan_call)
{
    complete(c, job);
    return dr_plan_curve(TABLE, c->model, c->of, c->from, &c->options, c->points);
}

static const rd_field plan_table_fields[] = {
    RD_GIVE(plan_call, plan, "plan", PLAN),
    RD_FIELD(plan_call, table, "table", WORD, RD_WORDS("sectors", "costs", "summary", "products", "suppliers")),
    RD_FIELD(plan_call, path, "path", TEXT),
    {0}};

RD_RUN(plan_table, plan_call)
{
    (void)job;
    static dr_status (*const make[])(dr_table **, const dr_plan *) = {dr_plan_sectors, dr_plan_costs, dr_plan_summary,
                                                                      dr_plan_products, dr_plan_suppliers};
    return make[c->table](TABLE, c->plan);
}

/* Borrowed from the plan, which outlives it. */
RD_RUN(plan_solution, plan_call)
{
    (void)job;
    *out = (void *)dr_plan_solution(c->plan);
    return DR_OK;
}

RD_RUN(plan_write, plan_call)
{
    (void)job;
    (void)out;
    return dr_plan_write(c->plan, c->path);
}

/* ---- Games ------------------------------------------------------------------------------------------------------- */

typedef struct game_call {
    dr_model *model;
    dr_game *game;
    const char *path, *text;
    int table;
    size_t points;
    dr_game_options options;
} game_call;

static const rd_field game_fields[] = {RD_GIVE(game_call, model, "model", MODEL),
                                       RD_FIELD(game_call, path, "path", TEXT),
                                       RD_FIELD(game_call, text, "text", TEXT),
                                       {0}};

RD_RUN(game, game_call)
{
    (void)job;
    dr_game **game = (dr_game **)out;
    return c->path ? dr_game_load(game, c->model, c->path)
                   : dr_game_parse(game, c->model, c->text, strlen(c->text), "game");
}

static const rd_field play_fields[] = {
    RD_GIVE(game_call, game, "game", GAME),
    RD_FIELD(game_call, table, "table", WORD, RD_WORDS("outcome", "settings", "summary", "map")),
    RD_FIELD(game_call, path, "path", TEXT),
    RD_FIELD(game_call, points, "points", SIZE),
    RD_FIELD(game_call, options.starts, "starts", SIZE),
    RD_FIELD(game_call, options.most, "most", SIZE),
    RD_FIELD(game_call, options.threads, "threads", COUNT),
    {0}};

RD_RUN(play, game_call)
{
    (void)out;
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    return dr_game_solve(c->game, &c->options);
}

RD_RUN(game_table, game_call)
{
    static dr_status (*const make[])(dr_table **, const dr_game *) = {dr_game_outcome, dr_game_settings,
                                                                      dr_game_summary};
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    return c->table == 3 ? dr_game_map(TABLE, c->game, c->points, &c->options) : make[c->table](TABLE, c->game);
}

RD_RUN(game_solution, game_call)
{
    (void)job;
    *out = (void *)dr_game_solution(c->game);
    return DR_OK;
}

RD_RUN(game_write, game_call)
{
    (void)job;
    (void)out;
    return dr_game_write(c->game, c->path);
}

/* ---- Bands of both ----------------------------------------------------------------------------------------------- */

typedef struct bands_call {
    dr_plan *plan;
    dr_game *game;
    const char *table;
    int threads;
    dr_draw_options options;
} bands_call;

#define BANDS                                                                                                          \
    RD_FIELD(bands_call, table, "table", TEXT, .required = true), RD_FIELD(bands_call, threads, "threads", COUNT),     \
        RD_DRAWS(bands_call, options),                                                                                 \
    {                                                                                                                  \
        0                                                                                                              \
    }

static const rd_field plan_bands_fields[] = {RD_GIVE(bands_call, plan, "plan", PLAN), BANDS};
static const rd_field game_bands_fields[] = {RD_GIVE(bands_call, game, "game", GAME), BANDS};

RD_RUN(plan_bands, bands_call)
{
    rd_draws_complete(&c->options, c->threads, job);
    return dr_plan_bands(TABLE, c->plan, c->table, &c->options);
}

RD_RUN(game_bands, bands_call)
{
    rd_draws_complete(&c->options, c->threads, job);
    return dr_game_bands(TABLE, c->game, c->table, &c->options);
}

const rd_function rd_policies[] = {
    RD_FUNCTION("plan", PLAN, plan_call, plan_fields, plan),
    RD_FUNCTION("curve", TABLE, plan_call, curve_fields, curve),
    RD_FUNCTION("plan_table", TABLE, plan_call, plan_table_fields, plan_table),
    RD_FUNCTION("plan_solution", SOLUTION, plan_call, plan_table_fields, plan_solution, .borrowed = true),
    RD_FUNCTION("plan_write", NOTHING, plan_call, plan_table_fields, plan_write),
    RD_FUNCTION("game", GAME, game_call, game_fields, game),
    RD_FUNCTION("play", NOTHING, game_call, play_fields, play),
    RD_FUNCTION("game_table", TABLE, game_call, play_fields, game_table),
    RD_FUNCTION("game_solution", SOLUTION, game_call, play_fields, game_solution, .borrowed = true),
    RD_FUNCTION("game_write", NOTHING, game_call, play_fields, game_write),
    RD_FUNCTION("plan_bands", TABLE, bands_call, plan_bands_fields, plan_bands),
    RD_FUNCTION("game_bands", TABLE, bands_call, game_bands_fields, game_bands),
    {0}};
