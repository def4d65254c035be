#include "measure/product_lists.h"

#include <stdio.h>
#include <string.h>

static const char edition_of_lists[] = "HS22";
static const char *const files[DR_LISTS] = {
    [DR_LIST_CHPL] = "products/chpl.csv",           [DR_LIST_CRITICAL] = "products/crm.csv",
    [DR_LIST_STRATEGIC] = "products/strategic.csv", [DR_LIST_GREEN] = "products/green.csv",
    [DR_LIST_FOOD] = "products/food.csv",           [DR_LIST_VACCINES] = "products/vaccines.csv"};

dr_status dr_product_lists_read(dr_product_lists *lists, const char *classification, int year)
{
    int to = dr_hs_edition(edition_of_lists);
    for (size_t k = 0; k < DR_LISTS; k++)
        DR_TRY(dr_prefixes_embedded(&lists->list[k], files[k]));
    lists->edition = dr_hs_edition_of(classification, year);
    return lists->edition < 0 || lists->edition == to ? DR_OK : dr_hs_changes_read(&lists->changes, lists->edition, to);
}

/* Adds the label that the codes have in a list. */
static void add_label(const dr_prefixes *list, const dr_names *codes, char labels[DR_LISTS_SIZE], bool *part)
{
    const char *label = "";
    bool some_off = false;
    for (size_t i = 0; i < codes->count; i++) {
        const char *one = dr_prefixes_find(list, codes->names[i]);
        some_off = some_off || !*one;
        if (!*label)
            label = one;
    }
    if (!*label)
        return;
    size_t size = strlen(labels);
    *part = *part || some_off;
    snprintf(labels + size, DR_LISTS_SIZE - size, "%s%.60s%s", size ? "; " : "", label, some_off ? " (part)" : "");
}

/* The codes of a product in the edition of the lists. */
static dr_status codes_of(dr_names *codes, const dr_product_lists *lists, const char *product)
{
    if (lists->changes)
        return dr_hs_successors(lists->changes, product, codes);
    return dr_names_add(codes, product) < 0 ? dr_fail_memory() : DR_OK;
}

dr_status dr_product_lists_find(const dr_product_lists *lists, const char *product, char labels[DR_LISTS_SIZE],
                                bool *part)
{
    dr_names codes = {0};
    labels[0] = '\0';
    *part = false;
    dr_status status = codes_of(&codes, lists, product);
    if (status == DR_OK) {
        add_label(&lists->list[DR_LIST_CHPL], &codes, labels, part);
        add_label(&lists->list[DR_LIST_CRITICAL], &codes, labels, part);
    }
    dr_names_free(&codes);
    return status;
}

dr_status dr_product_lists_label(const dr_product_lists *lists, dr_list list, const char *product,
                                 char label[DR_LISTS_SIZE])
{
    dr_names codes = {0};
    bool part = false;
    label[0] = '\0';
    dr_status status = codes_of(&codes, lists, product);
    if (status == DR_OK)
        add_label(&lists->list[list], &codes, label, &part);
    dr_names_free(&codes);
    return status;
}

void dr_product_lists_free(dr_product_lists *lists)
{
    for (size_t k = 0; k < DR_LISTS; k++)
        dr_prefixes_free(&lists->list[k]);
    dr_hs_changes_free(lists->changes);
    *lists = (dr_product_lists){0};
}
