/* Names of regions and sectors in sentences. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "world/countries.h"
#include "world/describe.h"

/* Whether a name takes the article: "the United States", "the rest of the world", "the Cayman Islands". */
static bool takes_article(const char *name)
{
    static const char *const begins[] = {"United ",   "Rest of ",  "Netherlands", "Philippines", "Bahamas",
                                         "Gambia",    "Maldives",  "Comoros",     "Seychelles",  "Czech Republic",
                                         "Dominican", "Russian ",  "Slovak Rep",  "Central Af",  "Congo",
                                         "Isle of ",  "Euro area", "US ",         "Ivory Coast"};
    static const char *const ends[] = {" Islands", " Republic", " Federation", " Emirates"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncasecmp(name, begins[i], strlen(begins[i])) == 0)
            return true;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (length > strlen(ends[i]) && strcasecmp(name + length - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
}

/* The name of a region in a table or, without one, of a country of the register; NULL: it has none. */
static const char *region_name(const dr_economy *e, const char *code)
{
    const dr_countries *countries = NULL;
    if (e) {
        int region = dr_names_find(&e->region_codes, code);
        return region >= 0 && *e->region_names[region] ? e->region_names[region] : NULL;
    }
    const dr_country *country = dr_countries_read(&countries) == DR_OK ? dr_country_find(countries, code) : NULL;
    return country ? country->name : NULL;
}

/* Whether a code is that of a group; without a table, what is written in capitals and is no country. */
static bool is_group(const dr_economy *e, const char *code)
{
    char bare[128];
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(code, "@"), code);
    return e ? dr_names_find(&e->roster.groups, bare) >= 0
             : bare[strspn(bare, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] == '\0';
}

/* One region or group; a name that is neither stays as it is. */
static size_t speak_one(char *out, size_t size, const dr_economy *e, const char *code)
{
    const char *name = region_name(e, code);
    if (strcmp(code, "all") == 0)
        return (size_t)snprintf(out, size, "all regions");
    if (!name)
        return (size_t)snprintf(out, size, "%s%s", is_group(e, code) ? "the " : "", code);
    bool rest = strncmp(name, "Rest of ", 8) == 0;
    return (size_t)snprintf(out, size, "%s%s%s", takes_article(name) ? "the " : "", rest ? "r" : "",
                            rest ? name + 1 : name);
}

const char *dr_spoken(char out[DR_SPOKEN_SIZE], const dr_economy *names, const char *regions)
{
    size_t size = 0;
    char code[128];
    if (!regions || !*regions)
        snprintf(out, DR_SPOKEN_SIZE, "all other regions");
    for (const char *at = regions; at && *at && size + 1 < DR_SPOKEN_SIZE;) {
        size_t length = strcspn(at, ",");
        bool first = at == regions, last = !at[length];
        snprintf(code, sizeof code, "%.*s", (int)length, at);
        size += (size_t)snprintf(out + size, DR_SPOKEN_SIZE - size, "%s", first ? "" : last ? " and " : ", ");
        if (size + 1 < DR_SPOKEN_SIZE)
            size += speak_one(out + size, DR_SPOKEN_SIZE - size, names, code + strspn(code, " "));
        at += length + !last;
    }
    return out;
}

const char *dr_spoken_sector(char out[DR_SPOKEN_SIZE], const dr_economy *names, const char *sector)
{
    const char *name = sector;
    for (size_t s = 0; s < names->sectors; s++)
        if ((strcmp(names->sector_codes.names[s], sector) == 0 || strcmp(names->sector_slugs[s], sector) == 0) &&
            *names->sector_names[s])
            name = names->sector_names[s];
    snprintf(out, DR_SPOKEN_SIZE, "%.200s", name);
    if (isupper((unsigned char)out[0]) && islower((unsigned char)out[1])) /* but not "ICT services" */
        out[0] = (char)tolower((unsigned char)out[0]);
    return out;
}
