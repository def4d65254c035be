/* The register of countries in data/countries.csv: which economy a code or a name means, for every reader of tables and
 * of flows. */
#ifndef DR_WORLD_COUNTRIES_H
#define DR_WORLD_COUNTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/names.h"

typedef enum dr_country_kind {
    DR_COUNTRY,            /* ISO 3166-1, and Kosovo */
    DR_COUNTRY_TERRITORY,  /* a place without an ISO code, such as Ceuta */
    DR_COUNTRY_FORMER,     /* a state that is no more: it is none of its successors */
    DR_COUNTRY_REST,       /* the rest of the world in a table, or of a continent */
    DR_COUNTRY_UNDISCLOSED /* an undisclosed partner in statistics: secret, not specified, bunkers */
} dr_country_kind;

typedef struct dr_country {
    const char *code; /* ISO 3166 alpha-3; of other kinds a code of the register's own */
    const char *name;
    dr_country_kind kind;
    unsigned short number; /* M49; 0: none */
} dr_country;

typedef struct dr_countries {
    const dr_country *list;
    size_t count;
} dr_countries;

/* The register, read when it is first asked for and kept. Errors: DR_MACHINE. */
dr_status dr_countries_read(const dr_countries **out);

/* The entry that a text means, or NULL: a code of two or three letters (ISO, Eurostat, BACI, historic), a number (M49,
 * UN Comtrade, BACI; with or without zeros in front) or a name, whatever the case of letters, their accents, blanks and
 * punctuation. */
const dr_country *dr_country_find(const dr_countries *countries, const char *text);

/* The territory that a code stands for where its borders are not those of its entry ("58": Belgium and Luxembourg), or
 * NULL. */
const char *dr_country_borders(const dr_countries *countries, const char *text);

/* Which of the codes are undisclosed partners: one bool each, the caller's to free. */
dr_status dr_countries_undisclosed(bool **out, const dr_names *codes);

#endif
