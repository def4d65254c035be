/* Checks that the tests of the solver share, and what cmocka needs before it. */
#ifndef TESTS_SOLVE_CHECK_H
#define TESTS_SOLVE_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "derisk.h"

static inline void ok(dr_status status)
{
    if (status != DR_OK)
        fail_msg("%s", dr_error_text());
}

static inline void near(double a, double b, double within)
{
    if (!(fabs(a - b) <= within))
        fail_msg("%.17g and %.17g differ by %.3g, more than %.3g", a, b, a - b, within);
}

#endif
