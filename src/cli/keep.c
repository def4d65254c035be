#include "cli/keep.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "base/memory.h"
#include "cli/model_rows.h"
#include "scenario/model_options.h"
#include "serve/cache.h"

enum { MOST_IDLE = 4, MOST_USES = 200 }; /* DuckDB keeps about 10 kB of each query until its file is closed */

typedef struct kept_world {
    dr_world *world;
    char *name; /* as name_file makes it */
    size_t uses;
    bool busy;
    struct kept_world *next; /* used less recently */
} kept_world;

struct cli_keep {
    pthread_mutex_t lock; /* of the list of worlds */
    kept_world *first;
    serve_cache *cache;
};

dr_status cli_keep_new(cli_keep **out)
{
    cli_keep *keep = dr_new(1, sizeof *keep);
    if (!keep)
        return dr_fail_memory();
    if (serve_cache_new(&keep->cache) != DR_OK) {
        free(keep);
        return DR_MACHINE;
    }
    pthread_mutex_init(&keep->lock, NULL);
    *out = keep;
    return DR_OK;
}

/* ---- Worlds ------------------------------------------------------------------------------------------------------ */

static void free_world(kept_world *kept)
{
    dr_world_close(kept->world);
    free(kept->name);
    free(kept);
}

/* Whether a name is of the file of another, but not of the same content. */
static bool is_stale(const char *name, const char *now)
{
    size_t path = strcspn(now, "\n") + 1;
    return strncmp(name, now, path) == 0 && strcmp(name, now) != 0;
}

/* Closes the idle worlds behind the first `most`; or, of the file `now` (NULL: of none), those that were opened before
 * it was replaced: DuckDB would give their content to whoever opens it again. */
static void close_idle(cli_keep *keep, size_t most, const char *now)
{
    kept_world *taken = NULL, **at = &keep->first;
    size_t idle = 0;
    pthread_mutex_lock(&keep->lock);
    while (*at) {
        kept_world *kept = *at;
        if (kept->busy || (now ? !is_stale(kept->name, now) : idle++ < most)) {
            at = &kept->next;
            continue;
        }
        *at = kept->next;
        kept->next = taken;
        taken = kept;
    }
    pthread_mutex_unlock(&keep->lock);
    while (taken) {
        kept_world *next = taken->next;
        free_world(taken);
        taken = next;
    }
}

void cli_keep_forget(cli_keep *keep)
{
    close_idle(keep, 0, NULL);
}

void cli_keep_free(cli_keep *keep)
{
    if (!keep)
        return;
    close_idle(keep, 0, NULL);
    serve_cache_free(keep->cache);
    pthread_mutex_destroy(&keep->lock);
    free(keep);
}

/* A name of the content of a file: whoever writes a world replaces the file. NULL: no such file, or no memory. */
static char *name_file(const char *path)
{
    struct stat s;
    char *full = realpath(path, NULL), *name = NULL;
    int made = -1;
    if (full && stat(full, &s) == 0)
        made = asprintf(&name, "%s\n%ju %ju %ju %ju.%ld", full, (uintmax_t)s.st_dev, (uintmax_t)s.st_ino,
                        (uintmax_t)s.st_size, (uintmax_t)s.st_mtim.tv_sec, (long)s.st_mtim.tv_nsec);
    free(full);
    return made < 0 ? NULL : name;
}

/* An idle world of that name, which is busy from then on; NULL: there is none. */
static dr_world *find_idle(cli_keep *keep, const char *name)
{
    pthread_mutex_lock(&keep->lock);
    kept_world *kept = keep->first;
    while (kept && (kept->busy || kept->uses >= MOST_USES || strcmp(kept->name, name) != 0))
        kept = kept->next;
    if (kept) {
        kept->busy = true;
        kept->uses++;
    }
    pthread_mutex_unlock(&keep->lock);
    return kept ? kept->world : NULL;
}

/* Adds a world that was opened for this thread; takes over the name. */
static dr_status add_world(cli_keep *keep, dr_world *world, char *name)
{
    kept_world *kept = dr_new(1, sizeof *kept);
    if (!kept)
        return dr_fail_memory();
    *kept = (kept_world){.world = world, .name = name, .uses = 1, .busy = true};
    pthread_mutex_lock(&keep->lock);
    kept->next = keep->first;
    keep->first = kept;
    pthread_mutex_unlock(&keep->lock);
    return DR_OK;
}

dr_status cli_world_open(dr_world **out, const cli_line *line, const char *path)
{
    char *name = line->keep ? name_file(path) : NULL;
    dr_world *world = NULL;
    if (!name)
        return dr_world_open(out, path);
    if ((world = find_idle(line->keep, name))) {
        free(name);
        *out = world;
        return DR_OK;
    }
    close_idle(line->keep, 0, name);
    dr_status status = dr_world_open(&world, path);
    if (status == DR_OK)
        status = add_world(line->keep, world, name);
    if (status == DR_OK) {
        *out = world;
        return DR_OK;
    }
    dr_world_close(world);
    free(name);
    return status;
}

/* Whether the world is a kept one, which is idle from then on. */
static bool give_back(cli_keep *keep, const dr_world *world)
{
    pthread_mutex_lock(&keep->lock);
    kept_world *kept = keep->first;
    while (kept && kept->world != world)
        kept = kept->next;
    if (kept)
        kept->busy = false;
    pthread_mutex_unlock(&keep->lock);
    return kept;
}

void cli_world_close(const cli_line *line, dr_world *world)
{
    if (!world)
        return;
    if (line->keep && give_back(line->keep, world))
        close_idle(line->keep, MOST_IDLE, NULL);
    else
        dr_world_close(world);
}

void cli_forget_worlds(const cli_line *line)
{
    if (line->keep)
        cli_keep_forget(line->keep);
}

/* ---- Economies --------------------------------------------------------------------------------------------------- */

typedef struct economy_request {
    const cli_line *line;
    int year;
} economy_request;

static dr_status make_economy(void **out, void *user)
{
    const economy_request *request = user;
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    DR_TRY(cli_world_open(&world, request->line, cli_argument(request->line, 0)));
    dr_status status = dr_economy_load(&economy, world, request->year);
    cli_world_close(request->line, world);
    *out = economy;
    return status;
}

static void free_economy(void *economy)
{
    dr_economy_free(economy);
}

static const serve_kind economies = {4, make_economy, free_economy};

/* Whether a file has the word that a baseline would begin with. */
static bool may_have_baseline(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    bool found = file && getdelim(&text, &size, '\0', file) > 0 && strstr(text, "baseline");
    if (file)
        fclose(file);
    free(text);
    return found;
}

/* An economy of this command alone, with its baseline. */
static dr_status load_own(cli_problem *out, const cli_line *line, const dr_settings *document, const char *path)
{
    economy_request request = {line, out->year};
    void *economy = NULL;
    dr_model_options options = cli_model_options(line, document);
    DR_TRY(make_economy(&economy, &request));
    out->economy = out->own_economy = economy;
    if (cli_given(line, "baseline"))
        return dr_baseline_apply(economy, &options, cli_text(line, "baseline"));
    return path ? dr_baseline_load(economy, &options, path) : DR_OK;
}

static dr_status take_kept(serve_entry **out, const cli_line *line, const char *name, int year)
{
    economy_request request = {line, year};
    return serve_cache_take(out, line->keep->cache, &economies, name, &request);
}

static dr_status take_economy(cli_problem *out, const cli_line *line)
{
    char *file = name_file(cli_argument(line, 0));
    int made = file ? asprintf(&out->name, "%s\n%d", file, out->year) : -1;
    free(file);
    if (made < 0) {
        out->name = NULL;
        return load_own(out, line, NULL, NULL);
    }
    DR_TRY(take_kept(&out->economy_entry, line, out->name, out->year));
    out->economy = serve_entry_thing(out->economy_entry);
    return DR_OK;
}

dr_status cli_problem_economy(cli_problem *out, const cli_line *line, const dr_settings *document, const char *path)
{
    out->cache = line->keep ? line->keep->cache : NULL;
    out->year = cli_given(line, "year") || !document ? cli_year(line) : dr_settings_year(document);
    if (!line->keep || cli_given(line, "baseline") || (path && may_have_baseline(path)))
        return load_own(out, line, document, path);
    return take_economy(out, line);
}

/* ---- Models ------------------------------------------------------------------------------------------------------ */

/* A model, and the cache entry of the economy that must outlive it. */
typedef struct kept_model {
    dr_model *model;
    serve_cache *cache;
    serve_entry *economy;
} kept_model;

typedef struct model_request {
    const cli_line *line;
    const cli_problem *problem;
    const dr_model_options *options;
} model_request;

static void free_model(void *thing)
{
    kept_model *kept = thing;
    dr_model_free(kept->model);
    serve_cache_give(kept->cache, kept->economy);
    free(kept);
}

static dr_status make_model(void **out, void *user)
{
    const model_request *request = user;
    const cli_problem *problem = request->problem;
    kept_model *kept = dr_new(1, sizeof *kept);
    if (!kept)
        return dr_fail_memory();
    kept->cache = request->line->keep->cache;
    dr_status status = take_kept(&kept->economy, request->line, problem->name, problem->year);
    if (status == DR_OK)
        status = dr_model_new(&kept->model, problem->economy, request->options);
    if (status == DR_OK)
        *out = kept;
    else
        free_model(kept);
    return status;
}

static const serve_kind models = {8, make_model, free_model};

/* A file of elasticities may change while its name stays. */
static bool may_keep(const cli_problem *problem, const dr_model_options *options)
{
    double number = 0;
    const char *const numbers[] = {options->product_elasticity, options->product_substitution,
                                   options->import_elasticity};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (numbers[k] && !dr_parse_number(numbers[k], &number))
            return false;
    return problem->name && (!options->scale || dr_scale_check(options->scale) == DR_OK) &&
           (!options->elasticity || dr_elasticity_check(problem->economy, options->elasticity) == DR_OK);
}

dr_status cli_problem_model(cli_problem *problem, const cli_line *line, const dr_model_options *options)
{
    model_request request = {line, problem, options};
    char *text = may_keep(problem, options) ? dr_options_name(options) : NULL, *name = NULL;
    int made = text ? asprintf(&name, "%s\n%s", problem->name, text) : -1;
    free(text);
    if (made < 0) {
        DR_TRY(dr_model_new(&problem->own_model, problem->economy, options));
        problem->model = problem->own_model;
        return DR_OK;
    }
    dr_status status = serve_cache_take(&problem->model_entry, line->keep->cache, &models, name, &request);
    free(name);
    if (status == DR_OK)
        problem->model = ((const kept_model *)serve_entry_thing(problem->model_entry))->model;
    return status;
}

void cli_problem_end(cli_problem *problem)
{
    if (problem->model_entry)
        serve_cache_give(problem->cache, problem->model_entry);
    if (problem->economy_entry)
        serve_cache_give(problem->cache, problem->economy_entry);
    dr_model_free(problem->own_model);
    dr_economy_free(problem->own_economy);
    free(problem->name);
    *problem = (cli_problem){0};
}
