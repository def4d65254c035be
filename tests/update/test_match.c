/* Which regions and sectors of flows are which of a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "derisk.h"
#include "update/match.h"

/* An economy of nothing but names. */
static dr_economy *named(const char *const *regions, size_t r, const char *const *parts, const char *const *sectors,
                         size_t s, const char *const *isic)
{
    dr_economy *e = NULL;
    double zeros[64] = {0};
    const dr_economy_data data = {.regions = r,
                                  .sectors = s,
                                  .region_codes = regions,
                                  .sector_codes = sectors,
                                  .flow = zeros,
                                  .input = zeros,
                                  .final = zeros};
    assert_int_equal(dr_economy_new(&e, &data), DR_OK);
    for (size_t i = 0; i < r; i++)
        e->region_parts[i] = parts[i];
    for (size_t k = 0; k < s; k++)
        e->sector_isic[k] = isic[k];
    return e;
}

/* Switzerland is in the rest of the table; the flows' chemicals are two, their services one. */
static void parts_and_rests_are_found(void **state)
{
    (void)state;
    const char *const ours[] = {"DEU", "XEU", "ROW"}, *const our_parts[] = {"DEU", "AUT|BEL", ""};
    const char *const theirs[] = {"CHE", "BEL", "AUT", "DEU", "ROW"};
    const char *const their_parts[] = {"CHE", "BEL", "AUT", "DEU", ""};
    const char *const sectors[] = {"che", "con", "osv"}, *const isic[] = {"24", "F", "65t95"};
    const char *const parts[] = {"pha", "chm", "ser"}, *const their_isic[] = {"24", "24", "45t95"};
    dr_economy *table = named(ours, 3, our_parts, sectors, 3, isic);
    dr_economy *flows = named(theirs, 5, their_parts, parts, 3, their_isic);
    dr_match m = {0};
    char text[200];
    assert_int_equal(dr_match_read(&m, table, flows), DR_OK);
    const size_t regions[] = {2, 1, 1, 0, 2};
    assert_int_equal(m.regions.count, 3);
    assert_memory_equal(m.regions.flows, regions, sizeof regions);
    assert_int_equal(m.sectors.count, 2);
    assert_true(m.sectors.table[0] == 0 && m.sectors.table[1] == 1 && m.sectors.table[2] == 1);
    assert_true(m.sectors.flows[0] == 0 && m.sectors.flows[1] == 0 && m.sectors.flows[2] == 1);
    dr_match_text(text, sizeof text, &m.regions, &table->region_codes, &flows->region_codes);
    assert_string_equal(text, "BEL, AUT for XEU; CHE, ROW for ROW");
    dr_match_text(text, sizeof text, &m.sectors, &table->sector_codes, &flows->sector_codes);
    assert_string_equal(text, "pha, chm for che; ser for con, osv");
    dr_match_text(text, 24, &m.regions, &table->region_codes, &flows->region_codes);
    assert_string_equal(text, "BEL, AUT for XEU; ...");
    dr_match_free(&m);
    dr_economy_free(table);
    dr_economy_free(flows);
}

static void codes_alone_match_where_they_are_the_same(void **state)
{
    (void)state;
    const char *const regions[] = {"hill", "dale"}, *const none[] = {"", "", ""}, *const sectors[] = {"a", "b"};
    const char *const turned[] = {"b", "a"}, *const others[] = {"b", "c"}, *const elsewhere[] = {"hill", "moor"};
    dr_economy *table = named(regions, 2, none, sectors, 2, none), *same = named(regions, 2, none, turned, 2, none);
    dr_economy *other = named(regions, 2, none, others, 2, none), *away = named(elsewhere, 2, none, sectors, 2, none);
    dr_match m = {0};
    assert_int_equal(dr_match_read(&m, table, same), DR_OK);
    assert_true(m.sectors.count == 2 && m.sectors.flows[0] == 1 && m.sectors.flows[1] == 0);
    dr_match_free(&m);
    assert_int_equal(dr_match_read(&m, table, other), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "the sector a has no counterpart in "));
    dr_match_free(&m);
    assert_int_equal(dr_match_read(&m, table, away), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "the region dale is in no region of "));
    dr_match_free(&m);
    dr_economy_free(table);
    dr_economy_free(same);
    dr_economy_free(other);
    dr_economy_free(away);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_and_rests_are_found),
        cmocka_unit_test(codes_alone_match_where_they_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
