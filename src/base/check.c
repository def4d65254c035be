#include "base/check.h"

#include <string.h>

/* The name number `at` in a list such as "out, options->formulas". */
static const char *name_in(const char *names, size_t at, size_t *size)
{
    for (; at > 0; at--)
        names = strchr(names, ',') + 1;
    names += strspn(names, " \n");
    *size = strcspn(names, ",");
    return names;
}

dr_status dr_check_given(const char *function, const char *names, const void *const *pointers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!pointers[i]) {
            size_t size;
            const char *name = name_in(names, i, &size);
            return dr_fail(DR_USAGE, "%s: %.*s is NULL", function, (int)size, name);
        }
    return DR_OK;
}

dr_status dr_check_texts(const char *function, const char *name, const char *const *list, size_t count)
{
    if (!list && count > 0)
        return dr_fail(DR_USAGE, "%s: %s is NULL; expected a list of %zu", function, name, count);
    for (size_t i = 0; i < count; i++)
        if (!list[i])
            return dr_fail(DR_USAGE, "%s: %s[%zu] is NULL", function, name, i);
    return DR_OK;
}

dr_status dr_check_one_of(const char *function, const char *name, long long value, long long last)
{
    if (value >= 0 && value <= last)
        return DR_OK;
    return dr_fail(DR_USAGE, "%s: %s is %lld; expected one of its enum's values, 0 to %lld", function, name, value,
                   last);
}

dr_status dr_check_within(const char *function, const char *name, double number, double least, double most)
{
    if (number >= least && number <= most)
        return DR_OK;
    return dr_fail(DR_USAGE, "%s: %s is %g; expected a number from %g to %g", function, name, number, least, most);
}

/* All sizes of options are multiples of their alignment, which is that of their first member. */
dr_status dr_check_options(const char *function, const char *name, void *copy, size_t whole, const void *options)
{
    size_t size = whole;
    memset(copy, 0, whole);
    if (options)
        memcpy(&size, options, sizeof size);
    if (size < 2 * sizeof size || size > whole || size % sizeof size != 0)
        return dr_fail(DR_USAGE, "%s: %s->size is %zu; expected the size of the struct: %zu in this version", function,
                       name, size, whole);
    if (options)
        memcpy(copy, options, size);
    memcpy(copy, &whole, sizeof whole);
    return DR_OK;
}
