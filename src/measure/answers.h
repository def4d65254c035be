/* The answers of measures in words, from their finished tables: one or two sentences each, which text begins with. They
 * also name the codes of the table, and say which rows matter most. Sides are as given: regions and groups, `b` or `to`
 * NULL: all others. A table without the numbers for a sentence gets none. */
#ifndef DR_MEASURE_ANSWERS_H
#define DR_MEASURE_ANSWERS_H

#include "base/table.h"
#include "world/economy.h"

/* Of dr_balance, of a year by sector or in total, or by year; `account` is the name of an account, or NULL. */
void dr_answer_balance(dr_table *table, const dr_economy *names, const char *a, const char *b, const char *account);

/* Of dr_export_terms. */
void dr_answer_terms(dr_table *table, const dr_economy *names, const char *a, const char *b);

/* Of dr_exposure_direct and dr_exposure_account (`account`, else NULL), dr_exposure_partners, dr_exposure_hidden and
 * dr_exposure_routes. */
void dr_answer_exposure(dr_table *table, const dr_economy *names, const char *of, const char *to, const char *account);
void dr_answer_partners(dr_table *table, const dr_economy *names, const char *of);
void dr_answer_hidden(dr_table *table, const dr_economy *names, const char *of, const char *to);
void dr_answer_routes(dr_table *table, const dr_economy *names, const char *of, const char *to);

/* Of dr_footprint: by region, pair, sector or year. */
void dr_answer_footprint(dr_table *table, const dr_economy *names, const char *of, const char *account);

/* Of dr_position: by sector or by region. */
void dr_answer_position(dr_table *table, const dr_economy *names, const char *of);

/* Of dr_exposure_energy. */
void dr_answer_energy(dr_table *table, const char *of, const char *to);

#endif
