#include "r_functions.h"

#define TABLE ((dr_table **)out)

/* ---- Worlds ------------------------------------------------------------------------------------------------------ */

typedef struct path_call {
    const char *path;
} path_call;

static const rd_field path_fields[] = {RD_FIELD(path_call, path, "path", TEXT, .required = true), {0}};

RD_RUN(world_open, path_call)
{
    (void)job;
    return dr_world_open((dr_world **)out, c->path);
}

typedef struct world_call {
    dr_world *world;
    int year;
} world_call;

static const rd_field world_fields[] = {
    RD_GIVE(world_call, world, "world", WORLD), RD_FIELD(world_call, year, "year", COUNT), {0}};

RD_RUN(info, world_call)
{
    (void)job;
    return dr_world_info(TABLE, c->world);
}

RD_RUN(check, world_call)
{
    (void)job;
    return dr_check(TABLE, c->world);
}

RD_RUN(economy, world_call)
{
    (void)job;
    return dr_economy_load((dr_economy **)out, c->world, c->year);
}

typedef struct import_call {
    const char *const *files;
    size_t count;
    const char *to;
    dr_import_options options;
} import_call;

static const rd_field import_fields[] = {
    RD_FIELD(import_call, files, "files", TEXTS, .required = true),
    RD_FIELD(import_call, to, "to", TEXT, .required = true),
    RD_FIELD(import_call, options.year, "year", COUNT),
    RD_FIELD(import_call, options.sectors, "sectors", TEXT),
    RD_FIELD(import_call, options.regions, "regions", TEXT),
    RD_FIELD(import_call, options.source, "source", TEXT),
    RD_FIELD(import_call, options.strict, "strict", FLAG),
    RD_FIELD(import_call, options.classification, "classification", TEXT),
    RD_FIELD(import_call, options.concordance, "concordance", TEXT),
    RD_FIELD(import_call, options.layout, "layout", TEXT),
    RD_FIELD(import_call, options.force, "force", FLAG),
    RD_FIELD(import_call, options.tolerance, "tolerance", NUMBER),
    RD_FIELD(import_call, options.weights, "weights", WORD, RD_WORDS("usual", "trade", "simple", "reference")),
    {0}};

RD_RUN(import_files, import_call)
{
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    return dr_import(TABLE, c->files, c->count, c->to, &c->options);
}

/* ---- Worlds made of worlds, downloads, stored runs --------------------------------------------------------------- */

typedef struct other_call {
    dr_world *world, *flows;
    const char *to, *regions, *sectors, *table;
    dr_format format;
    dr_update_options options;
} other_call;

#define WORLD RD_GIVE(other_call, world, "world", WORLD)
#define TO RD_FIELD(other_call, to, "to", TEXT, .required = true)

static const rd_field export_fields[] = {
    WORLD,
    RD_FIELD(other_call, table, "table", TEXT, .required = true),
    TO,
    RD_FIELD(other_call, format, "format", WORD, RD_WORDS("text", "csv", "json", "parquet", "latex")),
    {0}};

RD_RUN(export_table, other_call)
{
    (void)job;
    (void)out;
    return dr_world_export(c->world, c->table, c->format, c->to);
}

static const rd_field aggregate_fields[] = {
    WORLD, TO, RD_FIELD(other_call, regions, "regions", TEXT), RD_FIELD(other_call, sectors, "sectors", TEXT), {0}};

RD_RUN(aggregate, other_call)
{
    (void)job;
    return dr_world_aggregate(TABLE, c->world, c->regions, c->sectors, c->to);
}

static const rd_field update_fields[] = {WORLD,
                                         RD_GIVE(other_call, flows, "flows", WORLD),
                                         TO,
                                         RD_FIELD(other_call, options.from, "from", COUNT),
                                         RD_FIELD(other_call, options.year, "year", COUNT),
                                         {0}};

RD_RUN(update, other_call)
{
    (void)job;
    c->options.size = sizeof c->options;
    return dr_world_update(TABLE, c->world, c->flows, c->to, &c->options);
}

typedef struct fetch_call {
    const char *source;
    dr_fetch_options options;
} fetch_call;

static const rd_field fetch_fields[] = {
    RD_FIELD(fetch_call, source, "source", TEXT),           RD_FIELD(fetch_call, options.to, "to", TEXT),
    RD_FIELD(fetch_call, options.edition, "edition", TEXT), RD_FIELD(fetch_call, options.year, "year", COUNT),
    RD_FIELD(fetch_call, options.file, "file", TEXT),       RD_FIELD(fetch_call, options.cache, "cache", TEXT),
    RD_FIELD(fetch_call, options.mirror, "mirror", TEXT),   {0}};

RD_RUN(sources, fetch_call)
{
    (void)job;
    c->options.size = sizeof c->options;
    return dr_fetch_sources(TABLE, &c->options);
}

RD_RUN(fetch, fetch_call)
{
    c->options.size = sizeof c->options;
    c->options.progress = rd_job_progress;
    c->options.user = job;
    return dr_fetch(TABLE, c->source, &c->options);
}

typedef struct stored_call {
    dr_world *world;
    const char *name, *table;
} stored_call;

static const rd_field stored_fields[] = {RD_GIVE(stored_call, world, "world", WORLD),
                                         RD_FIELD(stored_call, name, "name", TEXT),
                                         RD_FIELD(stored_call, table, "table", TEXT),
                                         {0}};

RD_RUN(stored, stored_call)
{
    (void)job;
    return c->name ? dr_world_run(TABLE, c->world, c->name, c->table) : dr_world_runs(TABLE, c->world);
}

typedef struct concordance_call {
    const char *from, *to;
} concordance_call;

static const rd_field concordance_fields[] = {RD_FIELD(concordance_call, from, "from", TEXT, .required = true),
                                              RD_FIELD(concordance_call, to, "to", TEXT, .required = true),
                                              {0}};

RD_RUN(concordance, concordance_call)
{
    (void)job;
    return dr_concordance(TABLE, c->from, c->to);
}

const rd_function rd_worlds[] = {RD_FUNCTION("open", WORLD, path_call, path_fields, world_open),
                                 RD_FUNCTION("info", TABLE, world_call, world_fields, info),
                                 RD_FUNCTION("check", TABLE, world_call, world_fields, check),
                                 RD_FUNCTION("economy", ECONOMY, world_call, world_fields, economy),
                                 RD_FUNCTION("import", TABLE, import_call, import_fields, import_files),
                                 RD_FUNCTION("export", NOTHING, other_call, export_fields, export_table),
                                 RD_FUNCTION("aggregate", TABLE, other_call, aggregate_fields, aggregate),
                                 RD_FUNCTION("update", TABLE, other_call, update_fields, update),
                                 RD_FUNCTION("sources", TABLE, fetch_call, fetch_fields, sources),
                                 RD_FUNCTION("fetch", TABLE, fetch_call, fetch_fields, fetch),
                                 RD_FUNCTION("stored", TABLE, stored_call, stored_fields, stored),
                                 RD_FUNCTION("concordance", TABLE, concordance_call, concordance_fields, concordance),
                                 {0}};
