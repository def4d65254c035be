#include "serve/endpoints.h"

#include "options/measure_rows.h"

const option_group serve_no_options[] = {{0}};
const option_group serve_year_options[] = {{.rows = option_year_rows}, {0}};

#define API "/api/v1/"

const serve_endpoint serve_endpoints[] = {
    {"GET", API "world", serve_year_options, SERVE_READER, true, serve_answer_world, NULL},
    {"GET", API "check", serve_no_options, SERVE_LONG, false, serve_answer_check, NULL},
    {"GET", API "status", serve_no_options, SERVE_AT_ONCE, false, serve_answer_status, NULL},
    {"GET", API "openapi.json", serve_no_options, SERVE_READER, true, serve_answer_openapi, NULL},
    {"GET", API "schema", serve_no_options, SERVE_READER, true, serve_answer_schema, NULL},
    {"GET", API "balance", serve_balance_options, SERVE_SOLVER, true, serve_answer_balance, NULL},
    {"GET", API "exposure", serve_exposure_options, SERVE_SOLVER, true, serve_answer_exposure, NULL},
    {"GET", API "ties", serve_ties_options, SERVE_SOLVER, true, serve_answer_ties, NULL},
    {"GET", API "footprint", serve_footprint_options, SERVE_SOLVER, true, serve_answer_footprint, NULL},
    {"GET", API "position", serve_position_options, SERVE_SOLVER, true, serve_answer_position, NULL},
    {"GET", API "runs", serve_no_options, SERVE_READER, true, serve_answer_runs, NULL},
    {"GET", API "runs/", serve_run_options, SERVE_READER, true, serve_answer_run, NULL},
    {"POST", API "simulate", serve_simulate_options, SERVE_SOLVER, false, serve_answer_simulate, NULL},
    {"POST", API "draws", serve_draws_options, SERVE_LONG, false, serve_answer_draws, "draws"},
    {"POST", API "plan", serve_plan_options, SERVE_LONG, false, serve_answer_plan,
     "cap caps max-concentration budget max-loss risk"},
    {"POST", API "curve", serve_curve_options, SERVE_LONG, false, serve_answer_curve, NULL},
    {"POST", API "play", serve_play_options, SERVE_LONG, false, serve_answer_play, NULL},
    {0},
};
