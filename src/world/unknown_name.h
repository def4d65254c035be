/* What to say of a text that is no name in a world: the nearest name, or the region that includes a country. */
#ifndef DR_WORLD_UNKNOWN_NAME_H
#define DR_WORLD_UNKNOWN_NAME_H

#include "base/error.h"
#include "world/countries.h"
#include "world/economy.h"

/* Fails for a country that is no region of its own: says where it is, and never names another one in its place. */
dr_status dr_fail_country(const dr_economy *e, const char *name, const dr_countries *countries,
                          const dr_country *country);

/* Fail with the nearest name for a text that is neither a region nor a group, or no sector. */
dr_status dr_fail_region(const dr_economy *e, const char *name);
dr_status dr_fail_sector(const dr_economy *e, const char *name);

#endif
