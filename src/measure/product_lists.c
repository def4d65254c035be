#include "measure/product_lists.h"

#include <stdio.h>
#include <string.h>

static const char edition_of_lists[] = "HS22";

dr_status dr_product_lists_read(dr_product_lists *lists, const char *classification, int year)
{
    int to = dr_hs_edition(edition_of_lists);
    DR_TRY(dr_prefixes_embedded(&lists->chpl, "products/chpl.csv"));
    DR_TRY(dr_prefixes_embedded(&lists->crm, "products/crm.csv"));
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

dr_status dr_product_lists_find(const dr_product_lists *lists, const char *product, char labels[DR_LISTS_SIZE],
                                bool *part)
{
    dr_names codes = {0};
    dr_status status = DR_OK;
    labels[0] = '\0';
    *part = false;
    if (lists->changes)
        status = dr_hs_successors(lists->changes, product, &codes);
    else if (dr_names_add(&codes, product) < 0)
        status = dr_fail_memory();
    if (status == DR_OK) {
        add_label(&lists->chpl, &codes, labels, part);
        add_label(&lists->crm, &codes, labels, part);
    }
    dr_names_free(&codes);
    return status;
}

void dr_product_lists_free(dr_product_lists *lists)
{
    dr_prefixes_free(&lists->chpl);
    dr_prefixes_free(&lists->crm);
    dr_hs_changes_free(lists->changes);
    *lists = (dr_product_lists){0};
}
