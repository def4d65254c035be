#include "r_functions.h"

#define TABLE ((dr_table **)out)

/* ---- Estimates --------------------------------------------------------------------------------------------------- */

typedef struct gravity_call {
    dr_frame *frame; /* NULL: files of the user's */
    const char *const *files;
    size_t count;
    dr_gravity_options options;
} gravity_call;

#define OPTION(member, name, TYPE, ...) RD_FIELD(gravity_call, options.member, name, TYPE, ##__VA_ARGS__)

static const rd_field gravity_fields[] = {
    RD_FIELD(gravity_call, frame, "frame", OBJECT, .kind = RD_FRAME),
    RD_FIELD(gravity_call, files, "files", TEXTS, .required = true),
    OPTION(formulas, "formulas", TEXTS, .required = true),
    OPTION(functions, "functions", TEXTS),
    OPTION(cluster, "cluster", TEXT),
    OPTION(weights, "weights", TEXT),
    OPTION(where, "where", TEXT),
    OPTION(by, "by", TEXT),
    OPTION(split, "split", TEXT),
    OPTION(stars, "stars", TEXT),
    OPTION(statistics, "statistics", TEXT),
    OPTION(notes, "notes", TEXTS),
    OPTION(joint, "joint", FLAG),
    OPTION(iv, "iv", WORD, RD_WORDS("control", "additive", "multiplicative")),
    OPTION(two_step, "two_step", FLAG),
    OPTION(cohorts, "etwfe", TEXT),
    OPTION(controls, "controls", WORD, RD_WORDS("not-yet", "never")),
    OPTION(covariates, "covariates", TEXT),
    OPTION(exporter, "exporter", TEXT),
    OPTION(importer, "importer", TEXT),
    OPTION(year, "year", TEXT),
    OPTION(world, "world", TEXT),
    OPTION(costs, "costs", TEXT),
    OPTION(domestic, "domestic", WORD, RD_WORDS("own", "one", "drop")),
    OPTION(errors, "errors", WORD, RD_WORDS("stata", "r", "none", "cr2", "cr3", "conley")),
    OPTION(least_squares, "least_squares", FLAG),
    OPTION(tests, "tests", TEXTS),
    OPTION(bootstrap, "bootstrap", WORD, RD_WORDS("none", "wild", "score", "pairs", "randomise")),
    OPTION(multiplier, "multiplier", WORD, RD_WORDS("rademacher", "webb", "mammen", "normal", "gamma")),
    OPTION(replications, "replications", COUNT),
    OPTION(seed, "seed", SEED),
    OPTION(equal_tails, "equal_tails", FLAG),
    OPTION(coordinates, "coordinates", TEXT),
    OPTION(cutoff, "cutoff", NUMBER),
    OPTION(bias_correct, "bias_correct", FLAG),
    OPTION(keep_rows, "keep_rows", FLAG),
    OPTION(threads, "threads", COUNT),
    {0}};

RD_RUN(gravity, gravity_call)
{
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    return dr_gravity_new((dr_gravity **)out, c->files, c->count, &c->options);
}

/* ---- Tables of them ---------------------------------------------------------------------------------------------- */

typedef struct estimate_call {
    dr_gravity *gravity;
    int table;
    bool with_tariff;
    dr_equilibrium_options equilibrium;
} estimate_call;

static const rd_field estimate_fields[] = {
    RD_GIVE(estimate_call, gravity, "gravity", GRAVITY),
    RD_FIELD(estimate_call, table, "table", WORD,
             RD_WORDS("coefficients", "fits", "side_by_side", "effects", "predictions", "event_study", "covariance",
                      "tests", "cohorts", "joint")),
    {0}};

RD_RUN(estimate, estimate_call)
{
    static dr_status (*const make[])(dr_table **, const dr_gravity *) = {
        dr_gravity_coefficients, dr_gravity_fits,        dr_gravity_side_by_side, dr_gravity_effects,
        dr_gravity_predictions,  dr_gravity_event_study, dr_gravity_covariance,   dr_gravity_tests,
        dr_gravity_cohorts,      dr_gravity_joint};
    (void)job;
    return make[c->table](TABLE, c->gravity);
}

static const rd_field elasticity_fields[] = {RD_GIVE(estimate_call, gravity, "gravity", GRAVITY),
                                             RD_FIELD(estimate_call, with_tariff, "with_tariff", FLAG),
                                             {0}};

RD_RUN(elasticities, estimate_call)
{
    (void)job;
    return dr_gravity_elasticities(TABLE, c->gravity, c->with_tariff);
}

#define EQUILIBRIUM(member, name, TYPE, ...) RD_FIELD(estimate_call, equilibrium.member, name, TYPE, ##__VA_ARGS__)

static const rd_field equilibrium_fields[] = {RD_GIVE(estimate_call, gravity, "gravity", GRAVITY),
                                              EQUILIBRIUM(without, "without", TEXT, .required = true),
                                              EQUILIBRIUM(among, "among", TEXT),
                                              EQUILIBRIUM(year, "year", COUNT),
                                              EQUILIBRIUM(sigma, "sigma", NUMBER),
                                              EQUILIBRIUM(reference, "reference", TEXT),
                                              {0}};

RD_RUN(equilibrium, estimate_call)
{
    (void)job;
    c->equilibrium.size = sizeof c->equilibrium;
    return dr_gravity_equilibrium(TABLE, c->gravity, &c->equilibrium);
}

typedef struct triple_call {
    dr_frame *frame;
    const char *const *files;
    size_t count;
    dr_triple_options options;
} triple_call;

#define TRIPLE(member, TYPE) RD_FIELD(triple_call, options.member, #member, TYPE)

static const rd_field triple_fields[] = {RD_FIELD(triple_call, frame, "frame", OBJECT, .kind = RD_FRAME),
                                         RD_FIELD(triple_call, files, "files", TEXTS, .required = true),
                                         TRIPLE(tariff, TEXT),
                                         TRIPLE(by, TEXT),
                                         TRIPLE(where, TEXT),
                                         TRIPLE(exporter, TEXT),
                                         TRIPLE(importer, TEXT),
                                         TRIPLE(year, TEXT),
                                         TRIPLE(with_tariff, FLAG),
                                         {0}};

RD_RUN(triple, triple_call)
{
    (void)job;
    c->options.size = sizeof c->options;
    return dr_triple_ratio(TABLE, c->files, c->count, &c->options);
}

/* ---- Stored estimates -------------------------------------------------------------------------------------------- */

typedef struct store_call {
    dr_gravity *gravity;
    dr_table *table;
    const char *path, *name;
} store_call;

#define PLACE                                                                                                          \
    RD_FIELD(store_call, path, "path", TEXT, .required = true),                                                        \
        RD_FIELD(store_call, name, "name", TEXT, .required = true),                                                    \
    {                                                                                                                  \
        0                                                                                                              \
    }

static const rd_field store_fields[] = {RD_GIVE(store_call, gravity, "gravity", GRAVITY), PLACE};
static const rd_field store_table_fields[] = {RD_GIVE(store_call, table, "table", TABLE), PLACE};

RD_RUN(store, store_call)
{
    (void)job;
    (void)out;
    return dr_gravity_store(c->gravity, c->path, c->name);
}

RD_RUN(store_table, store_call)
{
    (void)job;
    (void)out;
    return dr_elasticities_store(c->table, c->path, c->name);
}

const rd_function rd_estimates[] = {
    RD_FUNCTION("gravity", GRAVITY, gravity_call, gravity_fields, gravity),
    RD_FUNCTION("estimate", TABLE, estimate_call, estimate_fields, estimate),
    RD_FUNCTION("elasticities", TABLE, estimate_call, elasticity_fields, elasticities),
    RD_FUNCTION("equilibrium", TABLE, estimate_call, equilibrium_fields, equilibrium),
    RD_FUNCTION("store_estimate", NOTHING, store_call, store_fields, store),
    RD_FUNCTION("store_elasticities", NOTHING, store_call, store_table_fields, store_table),
    RD_FUNCTION("triple_ratio", TABLE, triple_call, triple_fields, triple),
    {0}};
