#include "r_functions.h"

#include <string.h>

#define TABLE ((dr_table **)out)
#define SCENARIO ((dr_scenario **)out)

/* ---- Documents: a file, or its text ------------------------------------------------------------------------------ */

typedef struct document_call {
    dr_economy *economy;
    dr_model *model;
    dr_model_options options;
    const char *path, *text;
} document_call;

#define DOCUMENT                                                                                                       \
    RD_FIELD(document_call, path, "path", TEXT), RD_FIELD(document_call, text, "text", TEXT),                          \
    {                                                                                                                  \
        0                                                                                                              \
    }

static const rd_field settings_fields[] = {DOCUMENT};
static const rd_field scenario_fields[] = {RD_GIVE(document_call, economy, "economy", ECONOMY), DOCUMENT};
static const rd_field game_fields[] = {RD_GIVE(document_call, model, "model", MODEL), DOCUMENT};

RD_RUN(settings, document_call)
{
    (void)job;
    dr_settings **settings = (dr_settings **)out;
    return c->path ? dr_settings_load(settings, c->path)
                   : dr_settings_parse(settings, c->text, strlen(c->text), "scenario");
}

RD_RUN(scenario, document_call)
{
    (void)job;
    if (c->path)
        return dr_scenario_load(SCENARIO, c->economy, c->path);
    return c->text ? dr_scenario_parse(SCENARIO, c->economy, c->text, strlen(c->text), "scenario")
                   : dr_scenario_new(SCENARIO, c->economy);
}

RD_RUN(game, document_call)
{
    (void)job;
    dr_game **game = (dr_game **)out;
    return c->path ? dr_game_load(game, c->model, c->path)
                   : dr_game_parse(game, c->model, c->text, strlen(c->text), "game");
}

/* ---- Changes ----------------------------------------------------------------------------------------------------- */

/* One row of a data frame of changes. The order of the fields is that of values without names. */
typedef struct change_call {
    dr_scenario *scenario;
    const char *by, *on, *sectors, *name;
    double amount;
    bool inside, flag;
    int word;
    dr_rate_quota quota;
} change_call;

#define OF_SCENARIO RD_GIVE(change_call, scenario, "scenario", SCENARIO)
#define SIDE(member, name) RD_FIELD(change_call, member, name, TEXT, .required = true)
#define SECTORS RD_FIELD(change_call, sectors, "sectors", TEXT)
#define AMOUNT(name, TYPE) RD_FIELD(change_call, amount, name, TYPE, .required = true)
#define INSIDE RD_FIELD(change_call, inside, "inside", FLAG)
#define RENT(member) RD_FIELD(change_call, member, "rent", WORD, RD_WORDS("exporter", "importer", "lost"))
#define TOGETHER(member) RD_FIELD(change_call, member, "together", FLAG)

static const rd_field tariff_fields[] = {
    OF_SCENARIO,
    SIDE(by, "by"),
    SIDE(on, "on"),
    SECTORS,
    AMOUNT("rate", RATE),
    RD_FIELD(change_call, word, "kind", WORD, RD_WORDS("set", "add", "at-most", "at-least")),
    INSIDE,
    {0}};
static const rd_field cost_fields[] = {
    OF_SCENARIO, SIDE(by, "between"), SIDE(on, "and"), SECTORS, AMOUNT("times", NUMBER), INSIDE, {0}};
static const rd_field ban_fields[] = {OF_SCENARIO, SIDE(by, "by"), SIDE(on, "on"), SECTORS, INSIDE, {0}};
static const rd_field curb_fields[] = {OF_SCENARIO, SIDE(by, "by"), SIDE(on, "to"), SECTORS, AMOUNT("cut", RATE),
                                       RENT(word),  TOGETHER(flag), INSIDE,         {0}};
static const rd_field quota_fields[] = {OF_SCENARIO,          SIDE(by, "by"), SIDE(on, "on"), SECTORS,
                                        AMOUNT("at", NUMBER), RENT(word),     INSIDE,         {0}};
static const rd_field rate_quota_fields[] = {
    OF_SCENARIO,
    SIDE(by, "by"),
    SIDE(on, "on"),
    SECTORS,
    RD_FIELD(change_call, quota.quota, "quota", NUMBER, .required = true),
    RD_FIELD(change_call, quota.in_quota, "in_quota", RATE, .required = true),
    RD_FIELD(change_call, quota.over_quota, "over_quota", RATE, .required = true),
    RD_FIELD(change_call, quota.relative, "relative", FLAG),
    RENT(quota.rent),
    TOGETHER(quota.together),
    INSIDE,
    {0}};
static const rd_field export_tax_fields[] = {
    OF_SCENARIO, SIDE(by, "by"), SIDE(on, "to"), SECTORS, AMOUNT("rate", RATE), INSIDE, {0}};
static const rd_field tax_fields[] = {OF_SCENARIO, SIDE(by, "in"), SECTORS, AMOUNT("rate", RATE), {0}};
static const rd_field shift_fields[] = {OF_SCENARIO, SIDE(by, "in"), SECTORS, AMOUNT("change", RATE), {0}};
static const rd_field factor_fields[] = {
    OF_SCENARIO, SIDE(by, "in"), RD_FIELD(change_call, name, "factor", TEXT), SECTORS, AMOUNT("change", RATE), {0}};
static const rd_field transfer_fields[] = {OF_SCENARIO,
                                           SIDE(by, "from"),
                                           SIDE(on, "to"),
                                           AMOUNT("amount", NUMBER),
                                           RD_FIELD(change_call, flag, "relative", FLAG),
                                           {0}};
static const rd_field member_fields[] = {OF_SCENARIO,
                                         SIDE(by, "region"),
                                         SIDE(on, "group"),
                                         RD_FIELD(change_call, amount, "times", NUMBER),
                                         RD_FIELD(change_call, sectors, "estimate", TEXT),
                                         RD_FIELD(change_call, name, "variable", TEXT),
                                         {0}};

static const char *sectors_of(const change_call *c)
{
    return c->sectors ? c->sectors : "all";
}

#define CHANGE(name, call)                                                                                             \
    RD_RUN(name, change_call)                                                                                          \
    {                                                                                                                  \
        (void)job;                                                                                                     \
        (void)out;                                                                                                     \
        dr_scenario_inside(c->scenario, c->inside);                                                                    \
        return call;                                                                                                   \
    }

CHANGE(tariff, dr_scenario_tariff(c->scenario, c->by, c->on, sectors_of(c), c->amount, (dr_rate_kind)c->word))
CHANGE(trade_cost, dr_scenario_trade_cost(c->scenario, c->by, c->on, sectors_of(c), c->amount, true))
CHANGE(ban, dr_scenario_ban(c->scenario, c->by, c->on, sectors_of(c)))
CHANGE(curb, dr_scenario_export_curb(c->scenario, c->by, c->on, sectors_of(c), c->amount, (dr_rent)c->word, c->flag))
CHANGE(quota, dr_scenario_quota(c->scenario, c->by, c->on, sectors_of(c), c->amount, (dr_rent)c->word))
CHANGE(export_tax, dr_scenario_export_tax(c->scenario, c->by, c->on, sectors_of(c), c->amount))
CHANGE(production_tax, dr_scenario_production_tax(c->scenario, c->by, sectors_of(c), c->amount))
CHANGE(use_tax, dr_scenario_use_tax(c->scenario, c->by, sectors_of(c), c->amount))
CHANGE(productivity, dr_scenario_productivity(c->scenario, c->by, sectors_of(c), c->amount))
CHANGE(factor, dr_scenario_factor_supply(c->scenario, c->by, c->name, sectors_of(c), c->amount))
CHANGE(demand, dr_scenario_demand(c->scenario, c->by, sectors_of(c), c->amount))
CHANGE(transfer, dr_scenario_transfer(c->scenario, c->by, c->on, c->amount, c->flag))

RD_RUN(rate_quota, change_call)
{
    (void)job;
    (void)out;
    c->quota.size = sizeof c->quota;
    dr_scenario_inside(c->scenario, c->inside);
    return dr_scenario_tariff_rate_quota(c->scenario, c->by, c->on, sectors_of(c), &c->quota);
}

RD_RUN(leave, change_call)
{
    (void)job;
    (void)out;
    return c->sectors ? dr_scenario_leave_estimate(c->scenario, c->by, c->on, c->sectors, c->name)
                      : dr_scenario_leave(c->scenario, c->by, c->on, c->amount);
}

RD_RUN(join, change_call)
{
    (void)job;
    (void)out;
    return c->sectors ? dr_scenario_join_estimate(c->scenario, c->by, c->on, c->sectors, c->name)
                      : dr_scenario_join(c->scenario, c->by, c->on, c->amount);
}

typedef struct title_call {
    dr_scenario *scenario;
    const char *title;
} title_call;

static const rd_field title_fields[] = {RD_GIVE(title_call, scenario, "scenario", SCENARIO),
                                        RD_FIELD(title_call, title, "title", TEXT, .required = true),
                                        {0}};

RD_RUN(title, title_call)
{
    (void)job;
    (void)out;
    return dr_scenario_title(c->scenario, c->title);
}

/* ---- Models and solutions ---------------------------------------------------------------------------------------- */

/* The options of a model: those of a document, then those that are given. */
#define MODEL_OPTIONS(call)                                                                                            \
    RD_FIELD(call, options, "settings", MODEL_SETTINGS, .kind = RD_SETTINGS),                                          \
        RD_FIELD(call, options.horizon, "horizon", TEXT), RD_FIELD(call, options.model, "model", TEXT),                \
        RD_FIELD(call, options.elasticity, "elasticity", TEXT),                                                        \
        RD_FIELD(call, options.closure, "closure", WORD, RD_WORDS("fixed", "income-share", "zero")),                   \
        RD_FIELD(call, options.rigid_wages, "rigid_wages", TEXT),                                                      \
        RD_FIELD(call, options.thin_markets, "thin_markets", TEXT),                                                    \
        RD_FIELD(call, options.numeraire, "numeraire", TEXT), RD_FIELD(call, options.tolerance, "tolerance", NUMBER),  \
        RD_FIELD(call, options.max_sweeps, "max_sweeps", COUNT)

static const rd_field model_fields[] = {
    RD_GIVE(document_call, economy, "economy", ECONOMY), MODEL_OPTIONS(document_call), {0}};

RD_RUN(model, document_call)
{
    (void)job;
    c->options.size = sizeof c->options;
    return dr_model_new((dr_model **)out, c->economy, &c->options);
}

typedef struct baseline_call {
    dr_economy *economy;
    dr_model_options options;
    const char *apply, *path, *text;
} baseline_call;

static const rd_field baseline_fields[] = {
    RD_GIVE(baseline_call, economy, "economy", ECONOMY), MODEL_OPTIONS(baseline_call),
    RD_FIELD(baseline_call, apply, "baseline", TEXT),    RD_FIELD(baseline_call, path, "path", TEXT),
    RD_FIELD(baseline_call, text, "text", TEXT),         {0}};

/* That of the file `baseline`, else that of the document. */
RD_RUN(baseline, baseline_call)
{
    (void)job;
    (void)out;
    c->options.size = sizeof c->options;
    if (c->apply)
        return dr_baseline_apply(c->economy, &c->options, c->apply);
    if (c->path)
        return dr_baseline_load(c->economy, &c->options, c->path);
    return c->text ? dr_baseline_parse(c->economy, &c->options, c->text, strlen(c->text), "scenario") : DR_OK;
}

typedef struct solve_call {
    dr_model *model;
    dr_scenario *scenario;
} solve_call;

static const rd_field solve_fields[] = {
    RD_GIVE(solve_call, model, "model", MODEL), RD_GIVE(solve_call, scenario, "scenario", SCENARIO), {0}};

RD_RUN(solve, solve_call)
{
    (void)job;
    return dr_model_solve((dr_solution **)out, c->model, c->scenario);
}

typedef enum solution_table {
    REGIONS,
    MONEY,
    SECTOR_TABLE,
    PROTECTION,
    FLOWS,
    TIES,
    CURBS,
    FACTORS,
    DECOMPOSITION,
    OVERVIEW,
    SUMMARY,
    SENSITIVITY,
    WHY,
    TIE
} solution_table;

typedef struct solution_call {
    dr_solution *solution;
    dr_scenario *scenario; /* of which the result is the answer; NULL: of none, but of a plan or game */
    dr_world *world;
    solution_table table;
    const char *of, *with;
    size_t most;
} solution_call;

static const rd_field solution_fields[] = {
    RD_GIVE(solution_call, solution, "solution", SOLUTION),
    RD_FIELD(solution_call, scenario, "scenario", OBJECT, .kind = RD_SCENARIO),
    RD_FIELD(solution_call, world, "world", OBJECT, .kind = RD_WORLD),
    RD_FIELD(solution_call, table, "table", WORD,
             RD_WORDS("regions", "money", "sectors", "protection", "flows", "ties", "curbs", "factors", "decomposition",
                      "overview", "summary", "sensitivity", "why", "tie")),
    RD_FIELD(solution_call, of, "of", TEXT),
    RD_FIELD(solution_call, with, "with", TEXT),
    RD_FIELD(solution_call, most, "most", SIZE),
    {0}};

static dr_status make_solution_table(dr_table **out, const solution_call *c)
{
    static dr_status (*const plain[])(dr_table **, const dr_solution *) = {
        dr_solution_regions, dr_solution_money, dr_solution_sectors, dr_solution_protection,
        dr_solution_flows,   dr_solution_ties,  dr_solution_curbs,   dr_solution_factors};
    static dr_status (*const follow[])(dr_table **, const dr_solution *, const dr_scenario *) = {
        dr_solution_decomposition, dr_solution_overview, dr_solution_summary};
    if (c->table < DECOMPOSITION)
        return plain[c->table](out, c->solution);
    if (c->table < SENSITIVITY)
        return follow[c->table - DECOMPOSITION](out, c->solution, c->scenario);
    if (c->table == SENSITIVITY)
        return dr_solution_sensitivity(out, c->solution, c->scenario, c->of, c->most);
    return c->table == WHY ? dr_solution_why(out, c->solution, c->scenario, c->of, c->most)
                           : dr_solution_tie(out, c->solution, c->of, c->with);
}

RD_RUN(solution, solution_call)
{
    (void)job;
    dr_status status = make_solution_table(TABLE, c);
    return status == DR_OK && c->scenario ? dr_note_scenario(*TABLE, c->world, c->scenario) : status;
}

typedef struct draws_call {
    dr_model *model;
    dr_scenario *scenario;
    dr_world *world;
    bool all;
    dr_draw_options options;
} draws_call;

static const rd_field draws_fields[] = {RD_GIVE(draws_call, model, "model", MODEL),
                                        RD_GIVE(draws_call, scenario, "scenario", SCENARIO),
                                        RD_GIVE(draws_call, world, "world", WORLD),
                                        RD_FIELD(draws_call, all, "all", FLAG),
                                        RD_FIELD(draws_call, options.draws, "draws", SIZE),
                                        RD_FIELD(draws_call, options.first, "first", SIZE),
                                        RD_FIELD(draws_call, options.seed, "seed", SEED),
                                        RD_FIELD(draws_call, options.elasticity_error, "elasticity_error", RATE),
                                        RD_FIELD(draws_call, options.share_error, "share_error", RATE),
                                        RD_FIELD(draws_call, options.threads, "threads", COUNT),
                                        {0}};

RD_RUN(draws, draws_call)
{
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    dr_status status = (c->all ? dr_draw_all : dr_draw_bands)(TABLE, c->model, c->scenario, &c->options);
    return status == DR_OK ? dr_note_scenario(*TABLE, c->world, c->scenario) : status;
}

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
        OPTION(inside, "inside", FLAG), OPTION(starts, "starts", SIZE), OPTION(threads, "threads", COUNT)

static const rd_field plan_fields[] = {PLAN_FIELDS,
                                       OPTION(cap, "cap", RATE),
                                       OPTION(caps, "caps", TEXT),
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

static const rd_field plan_table_fields[] = {RD_GIVE(plan_call, plan, "plan", PLAN),
                                             RD_FIELD(plan_call, table, "table", WORD, RD_WORDS("sectors", "costs")),
                                             RD_FIELD(plan_call, path, "path", TEXT),
                                             {0}};

RD_RUN(plan_table, plan_call)
{
    (void)job;
    return c->table == 1 ? dr_plan_costs(TABLE, c->plan) : dr_plan_sectors(TABLE, c->plan);
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
    dr_game *game;
    const char *path;
    int table;
    size_t points;
    dr_game_options options;
} game_call;

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

#define CHANGE_ROW(NAME, fields, run) RD_FUNCTION(NAME, NOTHING, change_call, fields, run)

const rd_function rd_models[] = {
    RD_FUNCTION("settings", SETTINGS, document_call, settings_fields, settings),
    RD_FUNCTION("scenario", SCENARIO, document_call, scenario_fields, scenario),
    RD_FUNCTION("title", NOTHING, title_call, title_fields, title),
    CHANGE_ROW("tariff", tariff_fields, tariff),
    CHANGE_ROW("trade_cost", cost_fields, trade_cost),
    CHANGE_ROW("ban", ban_fields, ban),
    CHANGE_ROW("export_curb", curb_fields, curb),
    CHANGE_ROW("quota", quota_fields, quota),
    CHANGE_ROW("tariff_rate_quota", rate_quota_fields, rate_quota),
    CHANGE_ROW("export_tax", export_tax_fields, export_tax),
    CHANGE_ROW("production_tax", tax_fields, production_tax),
    CHANGE_ROW("use_tax", tax_fields, use_tax),
    CHANGE_ROW("productivity", shift_fields, productivity),
    CHANGE_ROW("factor_supply", factor_fields, factor),
    CHANGE_ROW("demand", shift_fields, demand),
    CHANGE_ROW("transfer", transfer_fields, transfer),
    CHANGE_ROW("leave", member_fields, leave),
    CHANGE_ROW("join", member_fields, join),
    RD_FUNCTION("model", MODEL, document_call, model_fields, model),
    RD_FUNCTION("baseline", NOTHING, baseline_call, baseline_fields, baseline),
    RD_FUNCTION("solve", SOLUTION, solve_call, solve_fields, solve),
    RD_FUNCTION("solution", TABLE, solution_call, solution_fields, solution),
    RD_FUNCTION("draws", TABLE, draws_call, draws_fields, draws),
    RD_FUNCTION("plan", PLAN, plan_call, plan_fields, plan),
    RD_FUNCTION("curve", TABLE, plan_call, curve_fields, curve),
    RD_FUNCTION("plan_table", TABLE, plan_call, plan_table_fields, plan_table),
    RD_FUNCTION("plan_solution", SOLUTION, plan_call, plan_table_fields, plan_solution, .borrowed = true),
    RD_FUNCTION("plan_write", NOTHING, plan_call, plan_table_fields, plan_write),
    RD_FUNCTION("game", GAME, document_call, game_fields, game),
    RD_FUNCTION("play", NOTHING, game_call, play_fields, play),
    RD_FUNCTION("game_table", TABLE, game_call, play_fields, game_table),
    RD_FUNCTION("game_solution", SOLUTION, game_call, play_fields, game_solution, .borrowed = true),
    RD_FUNCTION("game_write", NOTHING, game_call, play_fields, game_write),
    {0}};
