/* Games on the World Input-Output Database's last year: the EU and China with a tariff in each of 16 sectors on both
 * sides, to where neither moves, from one start, with each side's regret; and which of 16 sectors China could withhold,
 * on two threads and on one. Beside them, as many single solves. */
#include "wiod.h"

#include <fcntl.h>

static const char nash[] =
    "play: nash\nplayers:\n- player: EU\n  tariff: {on: CHN}\n- player: CHN\n  tariff: {on: EU}\n";
static const char coercion[] = "play: coercion\nof: EU\nby: CHN\n";

static const double nash_seconds = 20, coercion_seconds = 60;

static dr_game *game_of(const dr_model *model, const char *text)
{
    char path[1024];
    dr_game *game = NULL;
    const char *folder = bench_folder();
    snprintf(path, sizeof path, "%s/game.yaml", folder);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) == EOF || fclose(file) == EOF)
        exit(1);
    bench_need(dr_game_load(&game, model, path));
    unlink(path);
    rmdir(folder);
    return game;
}

static double play(const dr_model *model, const char *text, const char *what, double target, int threads)
{
    dr_table *table = NULL;
    dr_game *game = game_of(model, text);
    dr_game_options options = {.size = sizeof(dr_game_options), .starts = 1, .threads = threads};
    double start = bench_now();
    bench_need(dr_game_solve(game, &options));
    double seconds = bench_now() - start;
    bench_need(dr_game_outcome(&table, game));
    double solves = dr_table_fact(table, "certificate.solves"), kkt = dr_table_fact(table, "certificate.kkt");
    bench_print(what, seconds, dr_table_fact(table, "certificate.worst_residual"), bench_hash_table(table));
    if (kkt >= 0)
        printf("  first-order conditions hold to %.1e\n", kkt);
    bench_target("  seconds", seconds, target, "s");
    dr_table_free(table);
    dr_game_free(game);
    return solves;
}

int main(void)
{
    dr_economy *economy = wiod_economy();
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    bench_need(dr_model_new(&model, economy, NULL));
    bench_need(dr_scenario_new(&scenario, economy));
    bench_need(dr_scenario_tariff(scenario, "EU", "CHN", "all", 0.1, DR_RATE_ADD));
    double single = bench_solve(model, scenario, 5).whole, start = bench_now();
    double solves = play(model, nash, "Nash, EU and China, tariffs by sector", nash_seconds, 0),
           seconds = bench_now() - start;
    bench_compare("  as many single solves, without derivatives", solves * single, seconds);
    start = bench_now();
    solves = play(model, coercion, "coercion, two threads", coercion_seconds, 2);
    seconds = bench_now() - start;
    bench_compare("  as many single solves, one after the other", solves * single, seconds);
    play(model, coercion, "coercion, one thread", 2 * coercion_seconds, 1);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    return 0;
}
