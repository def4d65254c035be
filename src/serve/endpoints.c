#include "serve/endpoints.h"

const char *const serve_no_keys[] = {NULL};

#define API "/api/v1/"

const serve_endpoint serve_endpoints[] = {
    {"GET", API "world", serve_world_keys, SERVE_READER, true, serve_answer_world},
    {"GET", API "check", serve_no_keys, SERVE_SOLVER, false, serve_answer_check},
    {"GET", API "status", serve_no_keys, SERVE_AT_ONCE, false, serve_answer_status},
    {"GET", API "openapi.json", serve_no_keys, SERVE_READER, true, serve_answer_openapi},
    {"GET", API "balance", serve_balance_keys, SERVE_SOLVER, true, serve_answer_balance},
    {"GET", API "exposure", serve_exposure_keys, SERVE_SOLVER, true, serve_answer_exposure},
    {"GET", API "ties", serve_ties_keys, SERVE_SOLVER, true, serve_answer_ties},
    {"GET", API "runs", serve_no_keys, SERVE_READER, true, serve_answer_runs},
    {"GET", API "runs/", serve_run_keys, SERVE_READER, true, serve_answer_run},
    {"POST", API "simulate", serve_simulate_keys, SERVE_SOLVER, false, serve_answer_simulate},
    {"POST", API "draws", serve_draws_keys, SERVE_SOLVER, false, serve_answer_draws},
    {"POST", API "plan", serve_plan_keys, SERVE_SOLVER, false, serve_answer_plan},
    {"POST", API "curve", serve_curve_keys, SERVE_SOLVER, false, serve_answer_curve},
    {"POST", API "play", serve_play_keys, SERVE_SOLVER, false, serve_answer_play},
    {0},
};
