/* What each path answers. */
#ifndef DR_SERVE_ENDPOINTS_H
#define DR_SERVE_ENDPOINTS_H

#include "serve/call.h"

/* Who answers. */
typedef enum serve_lane {
    SERVE_AT_ONCE, /* whoever has the request: it takes no time */
    SERVE_READER,  /* a thread for what takes little */
    SERVE_SOLVER   /* one of as many as the machine has cores */
} serve_lane;

typedef struct serve_endpoint {
    const char *method, *path; /* one that ends with '/' is followed by a name */
    const char *const *keys;   /* parameters of the query, or keys of the body, NULL at the end */
    serve_lane lane;
    bool kept; /* the answer stays the same until a run is stored, and the last few are kept */
    dr_status (*answer)(serve_call *call);
} serve_endpoint;

/* All of them; the last has no path. */
extern const serve_endpoint serve_endpoints[];

extern const char *const serve_no_keys[],
    *const serve_world_keys[], *const serve_balance_keys[], *const serve_exposure_keys[],
                                                                *const serve_ties_keys[],
                                                                    *const serve_run_keys[],
                                                                        *const serve_simulate_keys[],
                                                                            *const serve_draws_keys[],
                                                                                *const serve_plan_keys[],
                                                                                    *const serve_curve_keys[],
                                                                                        *const serve_play_keys[];

dr_status serve_answer_world(serve_call *call);
dr_status serve_answer_check(serve_call *call);
dr_status serve_answer_status(serve_call *call);
dr_status serve_answer_openapi(serve_call *call);
dr_status serve_answer_balance(serve_call *call);
dr_status serve_answer_exposure(serve_call *call);
dr_status serve_answer_ties(serve_call *call);
dr_status serve_answer_runs(serve_call *call);
dr_status serve_answer_run(serve_call *call);
dr_status serve_answer_simulate(serve_call *call);
dr_status serve_answer_draws(serve_call *call);
dr_status serve_answer_plan(serve_call *call);
dr_status serve_answer_curve(serve_call *call);
dr_status serve_answer_play(serve_call *call);

/* Whether the world holds a run of that name. */
dr_status serve_find_run(serve_call *call, const char *name, bool *found);

#endif
