/* Checks of a program's arguments, as derisk.h promises under "What is checked". Each gives DR_USAGE and a line that
 * names the function and the argument. `function` is __func__ in a public function, which hands it down to its
 * helpers. */
#ifndef DR_BASE_CHECK_H
#define DR_BASE_CHECK_H

#include "base/error.h"

/* None of these pointers is NULL: DR_TRY(DR_GIVEN(out, model, of)); */
#define DR_GIVEN(...) DR_GIVEN_TO(__func__, __VA_ARGS__)
#define DR_GIVEN_TO(function, ...)                                                                                     \
    dr_check_given(function, #__VA_ARGS__, (const void *const[]){__VA_ARGS__},                                         \
                   sizeof((const void *const[]){__VA_ARGS__}) / sizeof(const void *))
dr_status dr_check_given(const char *function, const char *names, const void *const *pointers, size_t count);

/* A list of `count` texts, of which none is NULL; the list itself may be where there are none. */
#define DR_TEXTS(function, list, count) dr_check_texts(function, #list, list, count)
dr_status dr_check_texts(const char *function, const char *name, const char *const *list, size_t count);

/* One of an enum's values, which go from 0 to `last`. */
#define DR_ONE_OF(function, value, last) dr_check_one_of(function, #value, (long long)(value), last)
dr_status dr_check_one_of(const char *function, const char *name, long long value, long long last);

/* A copy of the options that a program hands in (NULL: none), whose struct may have fewer members than the library's:
 * the others are 0. */
#define DR_TAKE_OPTIONS(copy, options) dr_check_options(__func__, #options, copy, sizeof *(copy), options)
dr_status dr_check_options(const char *function, const char *name, void *copy, size_t whole, const void *options);

/* A number within bounds, which NAN is not. */
#define DR_WITHIN(function, number, least, most) dr_check_within(function, #number, (double)(number), least, most)
dr_status dr_check_within(const char *function, const char *name, double number, double least, double most);

#endif
