/* A world-wide tariff war on the World Input-Output Database of 2011 beside Ossa (2014), Trade Wars and Trade Talks
 * with Data, American Economic Review 104(12): optimal tariffs average 62%, those of a trade war 63%, governments lose
 * 2.9% (abstract). Five players with one tariff each; trade elasticities that are the same in all sectors. Only the
 * size is comparable (docs/play.md says what differs): tens of percent, the more the lower the elasticity, and
 * everybody together loses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "derisk.h"

enum { PLAYERS = 5 };
static const char *const players[PLAYERS] = {"EU", "USA", "CHN", "JPN", NULL}; /* the last: all others */

static char folder[] = "/tmp/derisk-war-XXXXXX";

static void ok(dr_status status)
{
    if (status != DR_OK)
        fail_msg("%s", dr_error_text());
}

/* The codes of the regions that are in none of the others. */
static void others(const dr_world *world, char *out, size_t size)
{
    static const char eu[] =
        "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE "
        "ROM USA CHN JPN";
    *out = '\0';
    for (size_t n = 0; n < dr_world_regions(world); n++) {
        const char *code = dr_world_region_code(world, n);
        if (!strstr(eu, code))
            snprintf(out + strlen(out), size - strlen(out), "%s%s", *out ? "," : "", code);
    }
}

static dr_game *game_of(const dr_model *model, const char *rest, int responds)
{
    char path[128];
    dr_game *game = NULL;
    snprintf(path, sizeof path, "%s/war.yaml", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    if (responds < 0)
        fprintf(file, "play: nash\nplayers:\n");
    else
        fprintf(file, "play: best-response\nresponds: '%s'\nplayers:\n", players[responds] ? players[responds] : rest);
    for (int p = 0; p < PLAYERS; p++)
        fprintf(file, "- player: '%s'\n  tariff: {on: all, uniform: true}\n", players[p] ? players[p] : rest);
    fclose(file);
    ok(dr_game_load(&game, model, path));
    unlink(path);
    ok(dr_game_solve(game, &DR_OPTIONS(dr_game_options, .starts = 1)));
    return game;
}

static double cell(dr_table *table, size_t row, const char *column)
{
    return dr_table_number(table, row, (size_t)dr_table_find(table, column));
}

static double rate_of(const dr_game *game, size_t player)
{
    dr_table *table = NULL;
    ok(dr_game_settings(&table, game));
    double rate = cell(table, player, "rate");
    dr_table_free(table);
    return rate;
}

/* Plays it with one elasticity; returns the mean Nash tariff. */
static double war(const dr_economy *economy, const char *rest, const char *elasticity)
{
    dr_model *model = NULL;
    dr_table *table = NULL;
    double mean = 0, world = 0;
    ok(dr_model_new(&model, economy, &DR_OPTIONS(dr_model_options, .elasticity = elasticity)));
    dr_game *nash = game_of(model, rest, -1);
    ok(dr_game_outcome(&table, nash));
    for (int p = 0; p < PLAYERS; p++) {
        dr_game *alone = game_of(model, rest, p);
        double optimum = rate_of(alone, (size_t)p), rate = rate_of(nash, (size_t)p);
        print_message("elasticity %s, %-6s: best tariff alone %6.2f%%, in the war %6.2f%%, real income %6.2f%%\n",
                      elasticity, players[p] ? players[p] : "others", optimum, rate, cell(table, (size_t)p, "welfare"));
        assert_true(optimum > 10 && optimum < 100 && rate > 10 && rate < 100);
        mean += rate / PLAYERS;
        world += cell(table, (size_t)p, "welfare_value");
        dr_game_free(alone);
    }
    assert_true(world < 0);
    assert_true(cell(table, 0, "regret") < 1e-6);
    dr_table_free(table);
    dr_game_free(nash);
    dr_model_free(model);
    return mean;
}

static void test_a_tariff_war(void **state)
{
    (void)state;
    const char *shared = getenv("DERISK_SHARED");
    char data[1024], sectors[1024], path[1024], rest[512];
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    snprintf(data, sizeof data, "%s/data/wiod/wiod_2011.csv.gz", shared ? shared : "../shared");
    snprintf(sectors, sizeof sectors, "%s/data/wiod/sectors.csv", shared ? shared : "../shared");
    snprintf(path, sizeof path, "%s/wiod.world", folder);
    if (access(data, R_OK) != 0) {
        print_message("no %s\n", data);
        skip();
    }
    const char *file = data;
    ok(dr_import_icio(NULL, &file, 1, path, &DR_OPTIONS(dr_import_options, .sectors = sectors)));
    ok(dr_world_open(&world, path));
    ok(dr_economy_load(&economy, world, 2011));
    others(world, rest, sizeof rest);
    dr_world_close(world);
    unlink(path);
    double low = war(economy, rest, "2"), high = war(economy, rest, "5");
    assert_true(low > high);
    dr_economy_free(economy);
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_tariff_war)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
