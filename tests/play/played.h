/* Helpers of the tests of games: write a file, solve the game, read its tables. */
#ifndef TESTS_PLAY_PLAYED_H
#define TESTS_PLAY_PLAYED_H

#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/synthetic.h"

static const char game_path[] = "test-play.yaml";

static inline void write_game(const char *text)
{
    FILE *file = fopen(game_path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* One sector, no inputs, a small region that buys `part` of its goods abroad from a region `size` times its own. */
static inline dr_economy *small_open(double size, double part)
{
    const char *const regions[] = {"A0", "A1"}, *const sectors[] = {"s0"};
    const double flow[] = {1 - part, part, part, size - part}, final[] = {1, size}, input[] = {0, 0};
    dr_economy *economy = NULL;
    dr_economy_data data = {.regions = 2,
                            .sectors = 1,
                            .region_codes = regions,
                            .sector_codes = sectors,
                            .flow = flow,
                            .input = input,
                            .final = final};
    ok(dr_economy_new(&economy, &data));
    return economy;
}

static inline dr_model *model_of(const dr_economy *economy, const char *elasticity)
{
    dr_model *model = NULL;
    ok(dr_model_new(&model, economy, &DR_OPTIONS(dr_model_options, .elasticity = elasticity, .tolerance = 1e-13)));
    return model;
}

static inline dr_game *played(const dr_model *model, const char *text)
{
    dr_game *game = NULL;
    write_game(text);
    ok(dr_game_load(&game, model, game_path));
    unlink(game_path);
    ok(dr_game_solve(game, NULL));
    return game;
}

/* A game that is refused, with the error text. */
static inline void refused(const dr_model *model, const char *text, const char *line)
{
    dr_game *game = NULL;
    write_game(text);
    assert_int_equal(dr_game_load(&game, model, game_path), DR_BAD_INPUT);
    unlink(game_path);
    assert_string_equal(dr_error_text(), line);
    assert_null(game);
}

/* A cell of a game's table. */
static inline double cell(dr_status (*make)(dr_table **, const dr_game *), const dr_game *game, size_t row,
                          const char *column)
{
    dr_table *table = NULL;
    ok(make(&table, game));
    double number = dr_table_number(table, row, (size_t)dr_table_find(table, column));
    dr_table_free(table);
    return number;
}

static inline double rate(const dr_game *game, size_t row)
{
    return cell(dr_game_settings, game, row, "rate") / 100;
}

#endif
