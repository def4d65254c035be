/* The layouts of files of tariffs, by the names of their columns. */
#ifndef DR_IMPORT_TARIFF_FORMATS_H
#define DR_IMPORT_TARIFF_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    DR_TARIFF_IMPORTER,
    DR_TARIFF_EXPORTER, /* without it a rate is on all exporters */
    DR_TARIFF_PRODUCT,
    DR_TARIFF_SECTOR_NAME,
    DR_TARIFF_RATE,    /* 25% or 0.25 */
    DR_TARIFF_PERCENT, /* 25 */
    DR_TARIFF_SHARE,   /* 0.25 */
    DR_TARIFF_YEAR,
    DR_TARIFF_FROM,
    DR_TARIFF_TO,
    DR_TARIFF_DUTY,    /* AHS, PRF, MFN or BND */
    DR_TARIFF_EDITION, /* the nomenclature of products */
    DR_TARIFF_GENERAL, /* rates of the Harmonized Tariff Schedule of the United States, as texts */
    DR_TARIFF_SPECIAL,
    DR_TARIFF_COLUMN_TWO,
    DR_TARIFF_ROLES
};

typedef struct dr_tariff_format {
    const char *name;
    const char
        *columns[DR_TARIFF_ROLES]; /* names between bars as in dr_role, '?' in front: may be missing; NULL: none */
    bool isic;                     /* sectors are numbers of ISIC Rev. 3 */
    bool plain;                    /* made by hand: what is not known is an error, and a negative rate a subsidy */
} dr_tariff_format;

/* In the order of recognition. */
extern const dr_tariff_format dr_tariff_formats[];
extern const size_t dr_tariff_format_count;

#endif
