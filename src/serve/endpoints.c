#define _GNU_SOURCE /* pthread_rwlock_t */
#include "serve/endpoints.h"

const char *const serve_no_keys[] = {NULL};

#define API "/api/v1/"

const serve_endpoint serve_endpoints[] = {
    {"GET", API "world", serve_world_keys, SERVE_READER, serve_answer_world},
    {"POST", API "simulate", serve_simulate_keys, SERVE_SOLVER, serve_answer_simulate},
    {0},
};
