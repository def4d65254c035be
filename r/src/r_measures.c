#include "r_functions.h"

#define TABLE ((dr_table **)out)

/* ---- Balances, ties, accounts, positions ------------------------------------------------------------------------- */

typedef struct balance_call {
    dr_world *world;
    const char *a, *b;
    dr_balance_options options;
} balance_call;

static const rd_field balance_fields[] = {
    RD_GIVE(balance_call, world, "world", WORLD),
    RD_FIELD(balance_call, a, "of", TEXT, .required = true),
    RD_FIELD(balance_call, b, "with", TEXT),
    RD_FIELD(balance_call, options.by, "by", WORD, RD_WORDS("total", "sector", "year")),
    RD_FIELD(balance_call, options.value_added, "value_added", FLAG),
    RD_FIELD(balance_call, options.account, "account", TEXT),
    RD_FIELD(balance_call, options.year, "year", COUNT),
    {0}};

RD_RUN(balance, balance_call)
{
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    return dr_balance(TABLE, c->world, c->a, c->b, &c->options);
}

typedef struct ties_call {
    dr_world *world;
    dr_ties_options options;
} ties_call;

static const rd_field ties_fields[] = {RD_GIVE(ties_call, world, "world", WORLD),
                                       RD_FIELD(ties_call, options.sectors, "sectors", TEXT),
                                       RD_FIELD(ties_call, options.value_added, "value_added", FLAG),
                                       RD_FIELD(ties_call, options.year, "year", COUNT),
                                       {0}};

RD_RUN(ties, ties_call)
{
    (void)job;
    c->options.size = sizeof c->options;
    return dr_ties(TABLE, c->world, &c->options);
}

typedef struct footprint_call {
    dr_world *world;
    const char *of;
    dr_footprint_options options;
} footprint_call;

static const rd_field footprint_fields[] = {
    RD_GIVE(footprint_call, world, "world", WORLD),
    RD_FIELD(footprint_call, of, "of", TEXT),
    RD_FIELD(footprint_call, options.account, "account", TEXT),
    RD_FIELD(footprint_call, options.by, "by", WORD, RD_WORDS("region", "pair", "sector", "year")),
    RD_FIELD(footprint_call, options.year, "year", COUNT),
    {0}};

RD_RUN(footprint, footprint_call)
{
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    return dr_footprint(TABLE, c->world, c->of, &c->options);
}

typedef struct position_call {
    dr_world *world;
    const char *of;
    int by, year;
} position_call;

static const rd_field position_fields[] = {RD_GIVE(position_call, world, "world", WORLD),
                                           RD_FIELD(position_call, of, "of", TEXT),
                                           RD_FIELD(position_call, by, "by", WORD, RD_WORDS("sector", "region")),
                                           RD_FIELD(position_call, year, "year", COUNT),
                                           {0}};

RD_RUN(position, position_call)
{
    (void)job;
    return dr_position(TABLE, c->world, c->of, c->year, c->by == 1);
}

typedef struct terms_call {
    dr_world *world;
    const char *a, *b;
    int year;
    dr_terms terms;
} terms_call;

static const rd_field terms_fields[] = {RD_GIVE(terms_call, world, "world", WORLD),
                                        RD_FIELD(terms_call, a, "of", TEXT, .required = true),
                                        RD_FIELD(terms_call, b, "with", TEXT),
                                        RD_FIELD(terms_call, terms, "terms", WORD, RD_WORDS("borin-mancini", "kww")),
                                        RD_FIELD(terms_call, year, "year", COUNT),
                                        {0}};

RD_RUN(terms, terms_call)
{
    (void)job;
    return dr_export_terms(TABLE, c->world, c->a, c->b, c->year, c->terms);
}

/* ---- Exposure ---------------------------------------------------------------------------------------------------- */

typedef enum exposure_table { DIRECT, PARTNERS, HIDDEN, ROUTES, SUMMARY } exposure_table;

typedef struct exposure_call {
    dr_world *world;
    dr_economy *economy;
    const char *of, *to, *account;
    exposure_table table;
    size_t routes;
    int year;
} exposure_call;

static const rd_field exposure_fields[] = {
    RD_GIVE(exposure_call, world, "world", WORLD),
    RD_GIVE(exposure_call, economy, "economy", ECONOMY),
    RD_FIELD(exposure_call, of, "of", TEXT, .required = true),
    RD_FIELD(exposure_call, to, "to", TEXT),
    RD_FIELD(exposure_call, table, "table", WORD, RD_WORDS("direct", "partners", "hidden", "routes", "summary")),
    RD_FIELD(exposure_call, routes, "routes", SIZE),
    RD_FIELD(exposure_call, account, "account", TEXT),
    RD_FIELD(exposure_call, year, "year", COUNT),
    {0}};

RD_RUN(exposure, exposure_call)
{
    (void)job;
    if (c->account)
        return dr_exposure_account(TABLE, c->world, c->year, c->of, c->to, c->account);
    if (c->table == HIDDEN)
        return dr_exposure_hidden(TABLE, c->world, c->year, c->of, c->to);
    if (c->table == SUMMARY)
        return dr_exposure_summary(TABLE, c->world, c->year, c->of, c->to);
    if (c->table == ROUTES)
        return dr_exposure_routes(TABLE, c->world, c->year, c->of, c->to, c->routes);
    dr_status status = c->table == PARTNERS ? dr_exposure_partners(TABLE, c->economy, c->of)
                                            : dr_exposure_direct(TABLE, c->economy, c->of, c->to);
    return status == DR_OK ? dr_note_exposure(*TABLE, c->world, c->economy, c->of, c->to) : status;
}

typedef struct cuts_call {
    dr_model *model;
    dr_world *world;
    dr_economy *economy;
    const char *of;
    dr_cut_options options;
    dr_draw_options draws; /* none: no bands */
} cuts_call;

static const rd_field cuts_fields[] = {RD_GIVE(cuts_call, model, "model", MODEL),
                                       RD_GIVE(cuts_call, world, "world", WORLD),
                                       RD_GIVE(cuts_call, economy, "economy", ECONOMY),
                                       RD_FIELD(cuts_call, of, "of", TEXT, .required = true),
                                       RD_FIELD(cuts_call, options.to, "to", TEXT),
                                       RD_FIELD(cuts_call, options.sectors, "sectors", TEXT),
                                       RD_FIELD(cuts_call, options.threads, "threads", COUNT),
                                       RD_DRAWS(cuts_call, draws),
                                       {0}};

RD_RUN(cuts, cuts_call)
{
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    rd_draws_complete(&c->draws, c->options.threads, job);
    dr_status status = c->draws.draws > 0 ? dr_exposure_cut_bands(TABLE, c->model, c->of, &c->options, &c->draws)
                                          : dr_exposure_cuts(TABLE, c->model, c->of, &c->options);
    return status == DR_OK ? dr_note_exposure(*TABLE, c->world, c->economy, c->of, c->options.to) : status;
}

typedef struct products_call {
    dr_world *world;
    const char *of, *product;
    dr_screen_options options;
} products_call;

static const rd_field products_fields[] = {
    RD_GIVE(products_call, world, "world", WORLD),
    RD_FIELD(products_call, of, "of", TEXT, .required = true),
    RD_FIELD(products_call, product, "product", TEXT),
    RD_FIELD(products_call, options.rule, "rule", WORD, RD_WORDS("commission", "geodep")),
    RD_FIELD(products_call, options.thresholds, "thresholds", NUMBERS),
    RD_FIELD(products_call, options.window, "window", COUNT),
    RD_FIELD(products_call, options.at_least, "at_least", COUNT),
    RD_FIELD(products_call, options.net_re_exports, "re_exports", FLAG),
    RD_FIELD(products_call, options.all, "imported", FLAG),
    RD_FIELD(products_call, options.year, "year", COUNT),
    {0}};

RD_RUN(products, products_call)
{
    (void)job;
    c->options.size = sizeof c->options;
    return c->product ? dr_exposure_product_rows(TABLE, c->world, c->of, c->product, c->options.year)
                      : dr_exposure_products(TABLE, c->world, c->of, &c->options);
}

static const rd_field energy_fields[] = {RD_GIVE(exposure_call, world, "world", WORLD),
                                         RD_FIELD(exposure_call, of, "of", TEXT, .required = true),
                                         RD_FIELD(exposure_call, to, "to", TEXT, .required = true),
                                         RD_FIELD(exposure_call, year, "year", COUNT),
                                         {0}};

RD_RUN(energy, exposure_call)
{
    (void)job;
    return dr_exposure_energy(TABLE, c->world, c->of, c->to, c->year);
}

typedef struct materials_call {
    dr_world *world;
} materials_call;

static const rd_field materials_fields[] = {RD_GIVE(materials_call, world, "world", WORLD), {0}};

RD_RUN(materials, materials_call)
{
    (void)job;
    return dr_exposure_materials(TABLE, c->world);
}

/* ---- Supply stops ------------------------------------------------------------------------------- */

typedef struct propagate_call {
    dr_world *world;
    const char *shock;
    dr_propagate_options options;
} propagate_call;

static const rd_field propagate_fields[] = {
    RD_GIVE(propagate_call, world, "world", WORLD),
    RD_FIELD(propagate_call, shock, "shock", TEXT, .required = true),
    RD_FIELD(propagate_call, options.table, "table", WORD, RD_WORDS("regions", "path", "sectors", "summary")),
    RD_FIELD(propagate_call, options.steps, "steps", COUNT),
    RD_FIELD(propagate_call, options.weekly, "weekly", FLAG),
    RD_FIELD(propagate_call, options.year, "year", COUNT),
    RD_FIELD(propagate_call, options.draws, "draws", SIZE),
    RD_FIELD(propagate_call, options.seed, "seed", SEED),
    RD_FIELD(propagate_call, options.error, "error", RATE),
    {0}};

RD_RUN(propagate, propagate_call)
{
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    return dr_propagate(TABLE, c->world, c->shock, &c->options);
}

const rd_function rd_measures[] = {RD_FUNCTION("balance", TABLE, balance_call, balance_fields, balance),
                                   RD_FUNCTION("ties", TABLE, ties_call, ties_fields, ties),
                                   RD_FUNCTION("footprint", TABLE, footprint_call, footprint_fields, footprint),
                                   RD_FUNCTION("position", TABLE, position_call, position_fields, position),
                                   RD_FUNCTION("terms", TABLE, terms_call, terms_fields, terms),
                                   RD_FUNCTION("exposure", TABLE, exposure_call, exposure_fields, exposure),
                                   RD_FUNCTION("cuts", TABLE, cuts_call, cuts_fields, cuts),
                                   RD_FUNCTION("products", TABLE, products_call, products_fields, products),
                                   RD_FUNCTION("energy", TABLE, exposure_call, energy_fields, energy),
                                   RD_FUNCTION("materials", TABLE, materials_call, materials_fields, materials),
                                   RD_FUNCTION("propagate", TABLE, propagate_call, propagate_fields, propagate),
                                   {0}};
