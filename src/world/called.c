#include "world/called.h"

#include <string.h>
#include <strings.h>

bool dr_same_name(const char *a, const char *b)
{
    return *a && strcasecmp(a, b) == 0;
}

/* Whether a region is this country and nothing else; regions of arrays have no parts, but perhaps its code. */
static bool is_country(const dr_economy *e, size_t region, const dr_countries *countries, const dr_country *country)
{
    const char *parts = e->region_parts[region];
    return *parts ? strcmp(parts, country->code) == 0
                  : dr_country_find(countries, e->region_codes.names[region]) == country;
}

int dr_region_called(const dr_economy *e, const char *name, const dr_countries *countries, const dr_country *country)
{
    for (size_t i = 0; i < e->regions; i++)
        if (dr_same_name(e->region_codes.names[i], name))
            return (int)i;
    for (size_t i = 0; i < e->regions; i++)
        if (dr_same_name(e->region_names[i], name))
            return (int)i;
    for (size_t i = 0; i < e->regions && country; i++)
        if (is_country(e, i, countries, country))
            return (int)i;
    return -1;
}

bool dr_has_countries(const dr_economy *e, const dr_countries *countries)
{
    for (size_t i = 0; i < e->regions; i++)
        if (*e->region_parts[i] || dr_country_find(countries, e->region_codes.names[i]))
            return true;
    return false;
}

bool dr_sector_is(const dr_economy *e, size_t s, const char *name)
{
    return strcmp(name, e->sector_codes.names[s]) == 0 || (*name && strcmp(name, e->sector_slugs[s]) == 0) ||
           (*name && strcmp(name, e->sector_kinds[s]) == 0);
}

bool dr_sector_may_be(const dr_economy *e, size_t s, const char *name)
{
    return dr_same_name(e->sector_codes.names[s], name) || dr_same_name(e->sector_slugs[s], name) ||
           dr_same_name(e->sector_kinds[s], name) || dr_same_name(e->sector_names[s], name);
}

bool dr_sectors_called(const dr_economy *e, const char *name, bool *mask,
                       bool (*is)(const dr_economy *e, size_t s, const char *name))
{
    bool found = false;
    for (size_t s = 0; s < e->sectors; s++)
        if (is(e, s, name)) {
            found = true;
            if (mask)
                mask[s] = true;
        }
    return found;
}
