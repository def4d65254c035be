/* The files that publishers put beside product flows: names of products and of economies, as in CEPII's archive. */
#ifndef DR_IMPORT_PRODUCT_NAMES_H
#define DR_IMPORT_PRODUCT_NAMES_H

#include "base/csv.h"
#include "base/memory.h"
#include "base/names.h"

typedef enum dr_names_kind {
    DR_NAMES_OF_NONE,
    DR_NAMES_OF_ECONOMIES, /* country_code, country_name, country_iso3 */
    DR_NAMES_OF_PRODUCTS   /* code, description */
} dr_names_kind;

/* By the columns of a file's header. */
dr_names_kind dr_product_names_is(const dr_names *columns);

/* Names in such files. A zeroed struct has none. */
typedef struct dr_product_names {
    dr_names economies; /* numbers */
    const char **codes; /* [economy]: "" if the file has none */
    const char **names; /* [economy] */
    size_t code_capacity, name_capacity;
    dr_names products;         /* codes, with the classification and a blank in front: "HS17 010121" */
    const char **descriptions; /* [product] */
    size_t description_capacity;
    dr_arena texts;
} dr_product_names;

/* Adds the names in a file. Products are classified as the file's name says, else by `classification`. Errors:
 * DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_product_names_read(dr_product_names *beside, const char *path, const char *classification);
void dr_product_names_free(dr_product_names *beside);

/* "HS17" in the name of a file, BACI_HS17_Y2020_V202501.csv, or in that of the archive that holds it; "" if there is
 * none. */
void dr_vintage_of(char out[8], const char *path);

#endif
