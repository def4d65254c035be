/* The endpoints: path, parameters and answer of each. */
#ifndef DR_SERVE_ENDPOINTS_H
#define DR_SERVE_ENDPOINTS_H

#include "serve/call.h"

/* The thread that answers. */
typedef enum serve_lane {
    SERVE_AT_ONCE, /* the thread of the sockets: the answer takes no time */
    SERVE_READER,  /* the thread for short answers */
    SERVE_SOLVER,  /* one of as many at a time as the machine has cores */
    SERVE_LONG     /* the same, but after those of SERVE_SOLVER */
} serve_lane;

typedef struct serve_endpoint {
    const char *method, *path;   /* a path that ends with '/' is followed by a name */
    const option_group *options; /* parameters of the query of a GET, or keys of the body of a POST */
    serve_lane lane;
    bool cached; /* the answer stays the same until a run is stored, and the last few answers are cached */
    dr_status (*answer)(serve_call *call);
    const char *needs_one; /* conditions (option_row), one of which must hold; NULL: none */
} serve_endpoint;

/* All of them; the last has no path. */
extern const serve_endpoint serve_endpoints[];

extern const option_group serve_no_options[], serve_year_options[], serve_balance_options[], serve_exposure_options[],
    serve_ties_options[], serve_footprint_options[], serve_position_options[], serve_run_options[],
    serve_simulate_options[], serve_draws_options[], serve_plan_options[], serve_curve_options[], serve_play_options[];

dr_status serve_answer_world(serve_call *call);
dr_status serve_answer_check(serve_call *call);
dr_status serve_answer_status(serve_call *call);
dr_status serve_answer_openapi(serve_call *call);
dr_status serve_answer_schema(serve_call *call);
dr_status serve_answer_balance(serve_call *call);
dr_status serve_answer_exposure(serve_call *call);
dr_status serve_answer_ties(serve_call *call);
dr_status serve_answer_footprint(serve_call *call);
dr_status serve_answer_position(serve_call *call);
dr_status serve_answer_runs(serve_call *call);
dr_status serve_answer_run(serve_call *call);
dr_status serve_answer_simulate(serve_call *call);
dr_status serve_answer_years(serve_call *call); /* of the endpoint simulate, where it asks for years */
dr_status serve_answer_draws(serve_call *call);

/* The draws that a request asks for; none: 0. Errors: DR_USAGE (more than the server takes). */
dr_status serve_draws_of(dr_draw_options *out, serve_call *call);
dr_status serve_answer_plan(serve_call *call);
dr_status serve_answer_curve(serve_call *call);
dr_status serve_answer_play(serve_call *call);

/* Whether the world holds a run of that name. */
dr_status serve_find_run(serve_call *call, const char *name, bool *found);

#endif
