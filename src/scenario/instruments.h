/* The readers of the instruments of a document: each takes the values of its keys, and applies the change. */
#ifndef DR_SCENARIO_INSTRUMENTS_H
#define DR_SCENARIO_INSTRUMENTS_H

#include "scenario/change_entry.h"

/* At the border. Errors of all: DR_BAD_INPUT with the place in the document, DR_MACHINE. */
dr_status dr_read_tariff(dr_entry *e);
dr_status dr_read_trade_cost(dr_entry *e);
dr_status dr_read_ban(dr_entry *e);
dr_status dr_read_autarky(dr_entry *e);
dr_status dr_read_curb(dr_entry *e);
dr_status dr_read_quota(dr_entry *e);
dr_status dr_read_rate_quota(dr_entry *e);

/* A part of the flows of a ban or tariff that goes on through third countries (leakage.c): reads the keys, and 0 where
 * they are not given; then, of a tariff that is applied, notes it; or applies a ban that leaks. */
dr_status dr_read_leakage(dr_entry *e, double *share, double *error);
dr_status dr_note_leakage(dr_entry *e, double share);
dr_status dr_apply_leaking_ban(dr_entry *e, double share, double error);

/* Taxes, and what regions can produce, have, want or give. */
dr_status dr_read_export_tax(dr_entry *e);
dr_status dr_read_production_tax(dr_entry *e);
dr_status dr_read_use_tax(dr_entry *e);
dr_status dr_read_shift(dr_entry *e);
dr_status dr_read_direction(dr_entry *e);
dr_status dr_read_transfer(dr_entry *e);

/* Prices of carbon. */
dr_status dr_read_carbon_price(dr_entry *e);
dr_status dr_read_carbon_border(dr_entry *e);

/* Memberships. */
dr_status dr_read_leave(dr_entry *e);
dr_status dr_read_join(dr_entry *e);

#endif
