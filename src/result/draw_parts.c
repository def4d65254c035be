/* One part of a run of draws, for runs on several machines. */
#include <stdlib.h>

#include "base/check.h"
#include "result/part_file.h"

enum { MOST_PARTS = 1000000 };

/* The draws of a part: those from N (k - 1) / P on, up to N k / P. */
static void divide(dr_draw_options *part, const dr_draw_options *all, size_t number, size_t parts)
{
    *part = *all;
    part->first = (size_t)((unsigned long long)all->draws * (number - 1) / parts);
    part->draws = (size_t)((unsigned long long)all->draws * number / parts) - part->first;
}

static dr_status check_part(const char *function, const dr_draw_options *options, size_t part, size_t parts)
{
    DR_TRY(DR_WITHIN(function, parts, 1, MOST_PARTS));
    DR_TRY(DR_WITHIN(function, part, 1, (double)parts));
    if (options->first)
        return dr_fail(DR_USAGE, "%s: options->first: %zu; expected 0", function, options->first);
    if (parts > options->draws && options->draws > 0)
        return dr_fail(DR_USAGE, "%s: parts: %zu of %zu draws; expected no more parts than draws", function, parts,
                       options->draws);
    return DR_OK;
}

dr_status dr_draw_part(bool *there, const char *path, const dr_model *model, const dr_scenario *scenario,
                       const dr_draw_options *options, size_t part, size_t parts)
{
    DR_TRY(DR_GIVEN(path, model, options));
    dr_draw_options all, own;
    bool done = false;
    DR_TRY(DR_TAKE_OPTIONS(&all, options));
    DR_TRY(dr_draw_check(__func__, model, scenario, &all));
    DR_TRY(check_part(__func__, &all, part, parts));
    divide(&own, &all, part, parts);
    dr_model_draws draws = {.make = dr_question_regions, .run.each = true, .run.part = true};
    json_t *of = dr_part_run(model, scenario, &all, parts);
    dr_status status = of ? dr_part_look(&done, path, of, part) : dr_fail_memory();
    if (status == DR_OK && !done) {
        status = dr_model_draws_go(&draws, model, scenario, &own);
        if (status == DR_OK)
            status = dr_part_write(path, &draws, of, part);
        dr_model_draws_free(&draws);
    }
    json_decref(of);
    if (status == DR_OK && there)
        *there = done;
    return status;
}
