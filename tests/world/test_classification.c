/* The classifications of sectors: codes in every spelling, the table that a set of codes is of, and words that stand
 * for several sectors. */
#include "support/world_files.h"

#include "world/classification.h"
#include "world/isic.h"
#include "world/sector_words.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_in_every_spelling), cmocka_unit_test(a_table_is_known_by_its_codes),
        cmocka_unit_test(no_code_is_hidden),        cmocka_unit_test(an_unknown_classification_is_refused),
        cmocka_unit_test(lists_of_isic_codes),      cmocka_unit_test(a_word_selects_all_sectors_under_it),
    };
    if (dr_classifications_read(&all) != DR_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
