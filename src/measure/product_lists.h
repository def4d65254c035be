/* Lists of products in the Harmonized System of 2022, and the products of another edition that are on them: goods that
 * matter most in war, critical and strategic raw materials, environmental goods, staple crops, vaccines and their
 * supplies (data/README.md). */
#ifndef DR_MEASURE_PRODUCT_LISTS_H
#define DR_MEASURE_PRODUCT_LISTS_H

#include "measure/prefixes.h"
#include "world/harmonized.h"

typedef enum dr_list {
    DR_LIST_CHPL,
    DR_LIST_CRITICAL,
    DR_LIST_STRATEGIC,
    DR_LIST_GREEN,
    DR_LIST_FOOD,
    DR_LIST_VACCINES,
    DR_LISTS
} dr_list;

/* A zeroed struct has none. */
typedef struct dr_product_lists {
    dr_prefixes list[DR_LISTS];
    int edition;            /* of the products; -1: no edition of the HS is known */
    dr_hs_changes *changes; /* from it to that of the lists; NULL: they are in the same, or in none */
} dr_product_lists;

/* Reads the lists for products of a year that are classified so. Errors: DR_MACHINE. */
dr_status dr_product_lists_read(dr_product_lists *lists, const char *classification, int year);

enum { DR_LISTS_SIZE = 160 };

/* The labels of a product on the critical lists: "CHPL 1; CRM germanium", "" where it is on none of the two. One of
 * which only a part of the goods is on a list, as the later codes of the others are not, has "(part)" behind its label,
 * and *part says so. Errors: DR_MACHINE. */
dr_status dr_product_lists_find(const dr_product_lists *lists, const char *product, char labels[DR_LISTS_SIZE],
                                bool *part);

/* The label of a product on one list, "strategic cobalt", "" where it is not on it. Errors: DR_MACHINE. */
dr_status dr_product_lists_label(const dr_product_lists *lists, dr_list list, const char *product,
                                 char label[DR_LISTS_SIZE]);
void dr_product_lists_free(dr_product_lists *lists);

#endif
