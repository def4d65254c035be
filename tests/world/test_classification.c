/* The classifications of sectors: codes in every spelling, the table that a set of codes is of, and words that stand
 * for several sectors. */
#include "support/world_files.h"

#include "world/classification.h"
#include "world/isic.h"
#include "world/sector_words.h"
#include "world/world.h"

static const dr_classifications *all;

static const dr_classification *named(const char *id)
{
    const dr_classification *found = NULL;
    assert_int_equal(dr_classification_named(&found, all, id), DR_OK);
    return found;
}

/* The slug of a code of the classification; "" where it has none such. */
static const char *slug(const char *id, const char *text)
{
    const dr_known_code *code = dr_classification_code(named(id), text);
    return code ? all->sectors[code->sector].slug : "";
}

/* The id of the classification of codes, '|' between; "" if they are of none. */
static const char *of(const char *codes)
{
    dr_names names = {0};
    while (*codes) {
        char text[128];
        size_t size = strcspn(codes, "|");
        snprintf(text, sizeof text, "%.*s", (int)size, codes);
        assert_true(dr_names_add(&names, text) >= 0);
        codes += size + (codes[size] == '|');
    }
    const dr_classification *found = dr_classification_of(all, &names);
    dr_names_free(&names);
    return found ? found->id : "";
}

static void a_code_in_every_spelling(void **state)
{
    (void)state;
    static const char *const spellings[] = {"C10-C12", "C10T12",     "10T12",     "C10_12",
                                            "C10_C12", "CPA_C10T12", "CPA_C10-12"};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        assert_string_equal(slug("isic4", spellings[i]), "food");
    assert_string_equal(slug("isic4", "R_S"), "recreation-personal-services");
    assert_string_equal(slug("isic4", "DE"), "utilities");
    assert_string_equal(slug("isic4", "C24A"), "iron-steel");
    assert_string_equal(slug("isic4", "15t16"), ""); /* a small t is of ISIC Rev. 3 */
    assert_string_equal(slug("isic3", "15t16"), "food");
    assert_string_equal(slug("isic3", "AtB"), "agriculture");
    assert_string_equal(slug("wiod2013", "c15"), "transport-equipment");
    assert_string_equal(slug("wiod2013", "C15"), ""); /* which is leather */
    assert_string_equal(slug("icio2016", "C30T33XCEQ"), "electronics");
    assert_string_equal(slug("icio2016", "C31ELQ"), "electrical-equipment");
    assert_string_equal(slug("icio2016", "C73T74OBZ"), "research-business-services");
    assert_string_equal(slug("icio2016", "C20T21"), "");
    assert_string_equal(slug("exiobase-pxp", "Retail  trade services, except of motor vehicles and motorcycles; "
                                             "repair services of personal and household goods (52)"),
                        "retail-trade");
    assert_string_equal(slug("exiobase-ixi", "i01.a"), "paddy-rice");
    assert_string_equal(slug("eora26", "Hotels and Restraurants"), "hotels-restaurants");
    assert_string_equal(slug("gloria", "Growing cereals n.e.c."), "cereals-without-wheat-maize-rice");
    assert_string_equal(slug("gtap", ""), "");
}

static void a_table_is_known_by_its_codes(void **state)
{
    (void)state;
    assert_string_equal(of("C01T05AGR|C10T14MIN|C15T16FOD|C17T19TEX"), "icio2016");
    assert_string_equal(of("01T03|05T06|20T21"), "icio2018");
    assert_string_equal(of("01T02|03|05T06|20"), "icio2021");
    assert_string_equal(of("A01|B05|C302T309|C24A"), "icio2025");
    assert_string_equal(of("c1|c2|c35"), "wiod2013");
    assert_string_equal(of("A|C10-C12|DE|RST"), "isic4");
    assert_string_equal(of("AtB|C|15t16"), "isic3");
    assert_string_equal(of("Agriculture|Fishing|Food & Beverages"), "eora26");
    assert_string_equal(of("pdr|wht|mvh"), "gtap");
    assert_string_equal(of("A01|A02|goods"), ""); /* one code that is none of them */
    assert_string_equal(of("15|16|20"), "");      /* numbers that several have */
    assert_string_equal(of("A|B|C"), "");         /* sections of either revision */
    assert_string_equal(of(""), "");
}

static void an_unknown_classification_is_refused(void **state)
{
    (void)state;
    const dr_classification *found = NULL;
    assert_int_equal(dr_classification_named(&found, all, "wiod-2013"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "'wiod-2013' is not a classification that derisk has; did you mean 'wiod2013'?");
    assert_null(found);
}

/* Every code finds itself, by the text in the file. */
static void no_code_is_hidden(void **state)
{
    (void)state;
    for (size_t c = 0; c < all->count; c++)
        for (size_t i = 0; i < all->list[c].count; i++)
            if (!strchr(all->list[c].codes[i].code, '*'))
                assert_ptr_equal(dr_classification_code(&all->list[c], all->list[c].codes[i].code),
                                 &all->list[c].codes[i]);
}

static void lists_of_isic_codes(void **state)
{
    (void)state;
    bool divisions[DR_ISIC_DIVISIONS] = {false};
    assert_true(dr_isic_read("30|32t33", divisions));
    assert_true(divisions[30] && !divisions[31] && divisions[32] && divisions[33]);
    static const char *const wrong[] = {"", "|", "30|", "|30", "30||31", "30t", "33t32", "30,31", "30|x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(dr_isic_read(wrong[i], divisions));
    bool few[DR_ISIC_DIVISIONS] = {[34] = true, [35] = true};
    assert_true(dr_isic_within("34", few));
    assert_true(dr_isic_within("34t35", few));
    assert_false(dr_isic_within("33t35", few));
    assert_false(dr_isic_within("", few));
}

static void a_word_selects_all_sectors_under_it(void **state)
{
    (void)state;
    char name[] = "", *isic[] = {"34", "35", "36", "33t35", "", "34"};
    const char *sector_isic[6];
    bool mask[6] = {false}, found = false;
    for (size_t i = 0; i < 6; i++)
        sector_isic[i] = isic[i][0] ? isic[i] : name;
    dr_economy e = {.sectors = 6, .sector_isic = sector_isic};
    assert_int_equal(dr_sectors_under_word(mask, &found, &e, "Transport-Equipment"), DR_OK);
    assert_true(found);
    static const bool right[] = {true, true, false, false, false, true};
    assert_memory_equal(mask, right, sizeof right);
    assert_int_equal(dr_sectors_under_word(mask, &found, &e, "chemicals"), DR_OK); /* of which it has none */
    assert_false(found);
    assert_int_equal(dr_sectors_under_word(mask, &found, &e, "nonsense"), DR_OK);
    assert_false(found);
    assert_memory_equal(mask, right, sizeof right);
}

/* A layout whose sectors are these codes, '|' between, as a table has them. */
static void make_layout(dr_layout *layout, const char *codes)
{
    *layout = (dr_layout){0};
    while (*codes) {
        char text[64];
        size_t size = strcspn(codes, "|");
        snprintf(text, sizeof text, "%.*s", (int)size, codes);
        assert_true(dr_names_add(&layout->sectors, text) >= 0);
        codes += size + (codes[size] == '|');
    }
    assert_ok(dr_layout_texts(layout));
    const dr_classification *found = dr_classification_of(all, &layout->sectors);
    assert_non_null(found);
    for (size_t i = 0; i < layout->sectors.count; i++)
        layout->sector_isic[i] =
            all->sectors[dr_classification_code(found, layout->sectors.names[i])->sector].isic_rev3;
}

static const char *division(const dr_layout *layout, const char *isic_rev3, const char *isic_rev4)
{
    const char *code = NULL;
    assert_ok(dr_layout_division(&code, layout, isic_rev3, isic_rev4));
    return code;
}

static void products_find_their_sector(void **state)
{
    (void)state;
    dr_layout layout = {0};
    assert_string_equal(division(&layout, "24", "21"), "24"); /* it waits for sectors */
    make_layout(&layout, "B05_06|B07_08|B09|C20|C21|C26|J58T60");
    assert_string_equal(division(&layout, "24", "21"), "C21");
    assert_string_equal(division(&layout, "24", "20"), "C20");
    assert_string_equal(division(&layout, "24", ""), ""); /* either */
    assert_string_equal(division(&layout, "11", "06"), "B05_06");
    assert_string_equal(division(&layout, "32", ""), "C26");
    assert_string_equal(division(&layout, "01", "01"), "");
    layout.sector_isic[3] = "24t25"; /* the user's own codes: by Rev. 3 */
    layout.sector_isic[4] = "15";
    assert_string_equal(division(&layout, "24", "21"), "C20");
    dr_layout_free(&layout);
    make_layout(&layout, "C24A|C24B|C25");
    assert_string_equal(division(&layout, "27", "24"), "");
    assert_string_equal(division(&layout, "28", "25"), "C25");
    dr_layout_free(&layout);
    make_layout(&layout, "c9|c12");
    assert_string_equal(division(&layout, "24", "21"), "c9");
    dr_layout_free(&layout);
}

/* The relations of a code, each "relation to", ", " between. */
static void relations(char out[400], const char *from, const char *to, const char *code)
{
    dr_table *table = NULL;
    size_t size = 0;
    assert_ok(dr_concordance(&table, from, to));
    out[0] = '\0';
    for (size_t row = 0; row < dr_table_rows(table); row++)
        if (strcmp(table->columns[0].texts[row], code) == 0)
            size += (size_t)snprintf(out + size, 400 - size, "%s%s %s", size ? ", " : "", table->columns[2].texts[row],
                                     table->columns[3].texts[row]);
    dr_table_free(table);
}

static void concordances_say_how_sectors_relate(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *code, *found;
    } cases[] = {
        {"wiod2016", "wiod2013", "C29", "part of c15"},
        {"wiod2016", "wiod2013", "C20", "part of c9"},
        {"wiod2016", "wiod2013", "C28", "part of c13"},
        {"wiod2016", "wiod2013", "C33", "part of c13"},
        {"wiod2013", "wiod2016", "c15", "contains C29, contains C30"},
        {"icio2025", "icio2023", "C301", "part of C30"},
        {"icio2023", "icio2025", "C30", "contains C301, contains C302T309"},
        {"icio2023", "figaro", "C10T12", "same C10T12"},
        {"adb", "wiod2013", "c14", "same c14"},
        {"exiobase-ixi", "gtap", "Cultivation of wheat", "same wht"},
        {"exiobase-pxp", "exiobase-ixi", "Anthracite", "part of Mining of coal and lignite; extraction of peat (10)"},
        {"hs", "icio2023", "30", "part of C21"},
        {"hs", "wiod2013", "30", "part of c9"},
        {"figaro", "gloria", "U", "none "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char found[400];
        relations(found, cases[i].from, cases[i].to, cases[i].code);
        assert_string_equal(found, cases[i].found);
    }
    dr_table *table = NULL;
    assert_failed(dr_concordance(&table, "nace", "icio2023"), DR_BAD_INPUT,
                  "'nace' is not a classification that derisk has; it has isic4, isic3, icio2016, icio2018, icio2021, "
                  "icio2023, icio2025, wiod2013, wiod2016, figaro, exiobase-ixi, exiobase-pxp, eora26, adb, gloria, "
                  "gtap");
    assert_null(table);
}

/* Turned round, the same becomes the same, a part contains, and what overlaps does so either way. */
static void concordances_may_be_turned_round(void **state)
{
    (void)state;
    static const char *const ids[][2] = {{"wiod2016", "wiod2013"}, {"icio2023", "figaro"}, {"gloria", "gtap"}};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        dr_table *table = NULL, *turned = NULL;
        size_t pairs = 0, back = 0;
        assert_ok(dr_concordance(&table, ids[i][0], ids[i][1]));
        assert_ok(dr_concordance(&turned, ids[i][1], ids[i][0]));
        for (size_t row = 0; row < dr_table_rows(table); row++) {
            const char *from = table->columns[0].texts[row], *to = table->columns[3].texts[row];
            const char *is = table->columns[2].texts[row], *other = NULL;
            if (!*to)
                continue;
            pairs++;
            for (size_t k = 0; k < dr_table_rows(turned); k++)
                if (strcmp(turned->columns[0].texts[k], to) == 0 && strcmp(turned->columns[3].texts[k], from) == 0)
                    other = turned->columns[2].texts[k];
            assert_non_null(other);
            if (strcmp(is, "same") == 0)
                assert_string_equal(other, "same");
            if (strcmp(is, "contains") == 0)
                assert_string_equal(other, "part of");
        }
        for (size_t k = 0; k < dr_table_rows(turned); k++)
            back += *turned->columns[3].texts[k] != '\0';
        assert_int_equal(pairs, back);
        dr_table_free(table);
        dr_table_free(turned);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_in_every_spelling),
        cmocka_unit_test(a_table_is_known_by_its_codes),
        cmocka_unit_test(no_code_is_hidden),
        cmocka_unit_test(an_unknown_classification_is_refused),
        cmocka_unit_test(lists_of_isic_codes),
        cmocka_unit_test(a_word_selects_all_sectors_under_it),
        cmocka_unit_test(products_find_their_sector),
        cmocka_unit_test(concordances_say_how_sectors_relate),
        cmocka_unit_test(concordances_may_be_turned_round),
    };
    if (dr_classifications_read(&all) != DR_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
