/* Options: what a command of the command line, or an endpoint of the server, may be given. A row says all that is to
 * be known of one: its type, range, list and default, the options that it needs and those that it excludes. From the
 * rows follow parsing, checks and messages; in cli/ also help, completion and the man page. */
#ifndef DR_OPTIONS_OPTION_H
#define DR_OPTIONS_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"

typedef enum option_kind {
    OPTION_FLAG,   /* given or not; it takes no value */
    OPTION_TEXT,   /* any text; `words` are suggestions for completion */
    OPTION_WORD,   /* one of `words` */
    OPTION_WORDS,  /* one or several of `words`, separated by commas */
    OPTION_RATE,   /* 25% or 0.25 */
    OPTION_NUMBER, /* any number */
    OPTION_COUNT,  /* a whole number */
    OPTION_FILE,   /* the name of a file; `words` are the endings that it may have, any without them */
    OPTION_REGION, /* codes of regions and groups, separated by commas */
    OPTION_SECTOR, /* codes, slugs or kinds of sectors, separated by commas */
    OPTION_JSON    /* an object or array in the body of a request, which its endpoint reads by itself */
} option_kind;

/* An option --name, a parameter or key of that name, or an argument of the command line, whose name is in capitals.
 * Arrays of rows end with one without a name. */
typedef struct option_row {
    const char *name;
    const char *value; /* the name of its value, in capitals; NULL for flags, arguments and rows of the server alone */
    const char *help;  /* a phrase without the list of words, the default and what it needs, which help adds */
    option_kind kind;
    double least, most;   /* of rates, numbers and counts; most = 0: no upper limit */
    bool above;           /* the least value itself is excluded */
    const char *unit;     /* which may follow a rate: "/year" */
    const char *example;  /* of a value, for messages */
    const char *fallback; /* the default, as help shows it; a value of the option's type, or words that describe it */
    const char *const *words; /* NULL at the end */
    const option_kind *parts; /* of a text such as BY:ON:SECTORS:RATE, what stands between the colons */
    size_t part_count;
    const char *needs; /* at least one of these conditions, separated by spaces, must hold */
    const char *
        excludes; /* none of these may hold. A condition is a name ("draws"), or a name with words ("by=year|sector") */
    bool required;
    bool many; /* may be given several times */
} option_row;

/* Rows under a heading of the help. Arrays of groups end with one without rows. */
typedef struct option_group {
    const char *title; /* NULL: the rows stand under the heading before */
    const option_row *rows;
    const char *needs; /* conditions for all its rows, as in a row */
    bool repeats;      /* all its rows may be given several times, as the heading says */
} option_group;

/* The row at a position, counted through all groups; NULL: there are no more. */
const option_row *option_at(const option_group *groups, size_t position);

/* The row of that name, or NULL. */
const option_row *option_find(const option_group *groups, const char *name);

bool option_is_argument(const option_row *row);

typedef struct option_value {
    const option_row *row;
    const char *text;
    double number; /* of rates (as a fraction), numbers and counts */
    size_t word;   /* the index of a word in its list */
} option_value;

/* The values given on a command line or in a request. A zeroed struct is empty; texts that are not in `arena` must
 * outlive it. */
typedef struct option_values {
    const option_group *groups; /* the rows, for defaults */
    option_value *given;
    size_t count, capacity;
    bool dashes; /* messages write --name, as on the command line; else 'name' */
    dr_arena arena;
} option_values;

/* Reads a value and adds it. Errors: DR_USAGE with what was given, what is expected, and the nearest right word. */
dr_status option_add(option_values *values, const option_row *row, const char *text);
void option_values_free(option_values *values);

/* Checks what the rows of `groups` require, need and exclude. Errors: DR_USAGE. */
dr_status option_check(const option_values *values);

/* Fails unless at least one of the conditions holds. `conditions` as in a row, NULL: none. Errors: DR_USAGE. */
dr_status option_check_any(const option_values *values, const char *conditions);

/* Whether an option is given; its text, or NULL; its number, else that of its default, else 0; the index of its
 * word, else that of its default, else 0. */
bool option_given(const option_values *values, const char *name);
const char *option_text(const option_values *values, const char *name);
double option_number(const option_values *values, const char *name);
size_t option_word(const option_values *values, const char *name);

/* What a value of the option looks like, for messages: "a whole number from 1 to 1000". Returns `out`. */
enum { OPTION_EXPECTED_SIZE = 512 };
const char *option_expected(char out[OPTION_EXPECTED_SIZE], const option_row *row);

/* Words as "a, b or c", each with `before` in front of it. Returns `out`. */
const char *option_join(char out[OPTION_EXPECTED_SIZE], const char *const *words, const char *before);

/* Conditions as "--a, --b or --c"; `last` is the word before the last one. Returns `out`. */
const char *option_conditions(char out[OPTION_EXPECTED_SIZE], const char *conditions, const char *last, bool dashes);

/* What stands after the last dot of a file's name; "" where there is nothing. */
const char *option_ending(const char *path);

#endif
