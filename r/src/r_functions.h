/* The functions of the library that R calls, each by its name. Arrays end with one without a name. */
#ifndef DERISK_R_FUNCTIONS_H
#define DERISK_R_FUNCTIONS_H

#include "r_field.h"

extern const rd_function rd_worlds[];    /* worlds, their making, downloads, stored runs */
extern const rd_function rd_measures[];  /* measures of one year's table, supply stops */
extern const rd_function rd_scenarios[]; /* documents, changes of policy, baselines */
extern const rd_function rd_models[];    /* models, solutions, draws */
extern const rd_function rd_policies[];  /* plans and games */
extern const rd_function rd_estimates[]; /* gravity */

/* Initializers of fields: the argument NAME of R is the member `member` of the call. */
#define RD_FIELD(call, member, NAME, TYPE, ...)                                                                        \
    {                                                                                                                  \
        .name = NAME, .type = RD_##TYPE, .at = offsetof(call, member), ##__VA_ARGS__                                   \
    }
#define RD_GIVE(call, member, NAME, KIND) RD_FIELD(call, member, NAME, OBJECT, .kind = RD_##KIND, .required = true)
#define RD_FUNCTION(NAME, RESULT, call, FIELDS, RUN, ...)                                                              \
    {                                                                                                                  \
        .name = NAME, .result = RD_##RESULT, .size = sizeof(call), .fields = FIELDS, .run = RUN, ##__VA_ARGS__         \
    }
#define RD_WORDS(...)                                                                                                  \
    .words = (const char *const[])                                                                                     \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

/* The options of a model: those of a document, then those that are given. */
#define RD_MODEL_OPTIONS(call)                                                                                         \
    RD_FIELD(call, options, "settings", MODEL_SETTINGS, .kind = RD_SETTINGS),                                          \
        RD_FIELD(call, options.horizon, "horizon", TEXT), RD_FIELD(call, options.model, "model", TEXT),                \
        RD_FIELD(call, options.elasticity, "elasticity", TEXT),                                                        \
        RD_FIELD(call, options.closure, "closure", WORD, RD_WORDS("fixed", "income-share", "zero")),                   \
        RD_FIELD(call, options.rigid_wages, "rigid_wages", TEXT),                                                      \
        RD_FIELD(call, options.thin_markets, "thin_markets", TEXT),                                                    \
        RD_FIELD(call, options.products, "products", TEXT),                                                            \
        RD_FIELD(call, options.product_elasticity, "product_elasticity", TEXT),                                        \
        RD_FIELD(call, options.product_substitution, "product_substitution", TEXT),                                    \
        RD_FIELD(call, options.import_elasticity, "import_elasticity", TEXT),                                          \
        RD_FIELD(call, options.numeraire, "numeraire", TEXT), RD_FIELD(call, options.tolerance, "tolerance", NUMBER),  \
        RD_FIELD(call, options.max_sweeps, "max_sweeps", COUNT), RD_FIELD(call, options.scale, "scale", TEXT),         \
        RD_FIELD(call, options.entry, "entry", TEXT), RD_FIELD(call, options.labour_supply, "labour_supply", TEXT),    \
        RD_FIELD(call, options.revenue, "revenue", TEXT), RD_FIELD(call, options.overhead, "overhead", TEXT),          \
        RD_FIELD(call, options.pass_through, "pass_through", TEXT),                                                    \
        RD_FIELD(call, options.choke_price, "choke_price", TEXT)

/* Those of draws, without threads and progress, which rd_draws_complete fills in. */
#define RD_DRAWS(call, member)                                                                                         \
    RD_FIELD(call, member.draws, "draws", SIZE), RD_FIELD(call, member.first, "first", SIZE),                          \
        RD_FIELD(call, member.seed, "seed", SEED), RD_FIELD(call, member.elasticity_error, "elasticity_error", RATE),  \
        RD_FIELD(call, member.share_error, "share_error", RATE)
void rd_draws_complete(dr_draw_options *draws, int threads, rd_job *job);

/* A function's run: `c` is its call. */
#define RD_RUN(name, call)                                                                                             \
    static dr_status run_##name(rd_job *job, void **out, call *c);                                                     \
    static dr_status name(rd_job *job, void **out, void *c)                                                            \
    {                                                                                                                  \
        return run_##name(job, out, c);                                                                                \
    }                                                                                                                  \
    static dr_status run_##name(rd_job *job, void **out, call *c)

#endif
