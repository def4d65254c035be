/* The register of countries: one answer for every spelling that a source may use, and none for what is somebody
 * else. */
#include "support/world_files.h"

#include "world/countries.h"

static const dr_countries *countries;

/* Every spelling of the list, '|' between, means the entry of that code, "" for none. */
static void means(const char *spellings, const char *code)
{
    while (*spellings) {
        char text[128];
        size_t size = strcspn(spellings, "|");
        snprintf(text, sizeof text, "%.*s", (int)size, spellings);
        const dr_country *country = dr_country_find(countries, text);
        if (strcmp(country ? country->code : "", code) != 0)
            fail_msg("'%s' is '%s'; expected '%s'", text, country ? country->code : "", code);
        spellings += size + (spellings[size] == '|');
    }
}

static void one_country_under_all_its_codes(void **state)
{
    (void)state;
    means("DEU|DE|deu|de|276|280|GER|Germany|germany|GERMANY|Federal Republic of Germany", "DEU");
    means("Germany (until 1990 former territory of the FRG)", "DEU");
    means("CHN|CN|cn|156|PRC|China|People's Republic of China|People\xe2\x80\x99s Republic of China|CN_X_HK", "CHN");
    means("GRC|GR|EL|el|300|Greece|Hellas", "GRC");
    means("GBR|GB|UK|uk|U.K.|826|Great Britain|XI|XU", "GBR");
    means("FRA|FR|250|251|FX|France", "FRA");
    means("USA|US|840|841|842|United States|United States of America|the United States|U.S.A.|united_states", "USA");
    means("CHE|CH|756|757|Switzerland", "CHE");
    means("NOR|578|579", "NOR");
    means("ITA|380|381", "ITA");
    means("IND|356|699", "IND");
    means("TWN|TW|158|490|S19|Chinese Taipei|Other Asia, nes", "TWN");
    means("BEL|56|056|58|058|BLX|Belgium-Luxembourg", "BEL");
    means("ROU|ROM|642|Romania", "ROU");
    means("COD|ZAR|ZR|Zaire|DRC|Congo, Dem. Rep.|Congo (Democratic Republic of the)", "COD");
    means("COG|Congo|Republic of the Congo|Congo, Rep.", "COG");
    means("TLS|TMP|East Timor|626", "TLS");
    means("XKX|XK|KSV|XKV|412|_KS|Kosovo|Kosovo*|Kosovo (under United Nations Security Council Resolution 1244/99)",
          "XKX");
    means("SRB|XS|688|Serbia", "SRB");
    means("SDN|729|736|SUD|Sudan", "SDN");
    means("SSD|SDS|728|South Sudan", "SSD"); /* Eora, GLORIA */
    means("NAM|NA|516|Namibia", "NAM");
    means("KOR|KR|410|South Korea|Korea, Republic of|Rep. of Korea|Korea", "KOR");
    means("PRK|KP|408|North Korea|Dem. People's Rep. of Korea", "PRK");
    means("TUR|T\xc3\xbcrkiye|Turkiye|Turkey", "TUR");
    means("CIV|C\xc3\xb4te d'Ivoire|Cote dIvoire|Ivory Coast", "CIV");
    means("VNM|Viet Nam|Vietnam|VIE", "VNM");
    means("AFG|4|004|AF", "AFG");
}

static void states_that_are_no_more_are_nobody_else(void **state)
{
    (void)state;
    means("SUN|SU|USR|810|USSR|U.S.S.R.|Soviet Union", "SUN");
    means("YUG|YU|890|Yugoslavia", "YUG");
    means("SCG|891|Serbia and Montenegro", "SCG");
    means("CSK|200|Czechoslovakia", "CSK");
    means("DDR|DD|278|German Democratic Republic", "DDR");
    means("ANT|AN|530|Netherlands Antilles", "ANT");
    const dr_country *country = dr_country_find(countries, "SUN");
    assert_int_equal(country->kind, DR_COUNTRY_FORMER);
}

static void rests_and_partners_that_are_not_told(void **state)
{
    (void)state;
    means("WA|WWA|XAS|Rest of Asia-Pacific", "ROW-ASIA"); /* EXIOBASE in two letters and three, GLORIA */
    means("WL|WWL|XAM|Rest of Americas", "ROW-AMERICAS");
    means("WE|WWE|Rest of Europe", "ROW-EUROPE");
    means("WWF|XAF|Rest of Africa", "ROW-AFRICA");
    means("WM|WWM", "ROW-MIDDLE-EAST");
    means("ROW|RoW|row|WWW|ROTW|FIGW1|WRL_REST|RestWorld|Rest of World|Rest of the World|rest-of-world", "ROW");
    means("WA", "ROW-ASIA");
    means("WL", "ROW-AMERICAS");
    means("QZ", "QZ");
    means("qp", "QP");
    means("899|_X|_X |Areas, nes", "_X");
    means("837|X1|Bunkers", "X1");
    static const char *const untold[] = {"QP",  "QQ",  "QR",  "QS",  "QU",  "QV",  "QW",  "QX",  "QY",        "QZ",
                                         "_X",  "837", "838", "839", "129", "221", "290", "471", "472",       "473",
                                         "527", "568", "577", "636", "637", "697", "879", "R20", "Free Zones"};
    for (size_t i = 0; i < sizeof untold / sizeof *untold; i++)
        assert_int_equal(dr_country_find(countries, untold[i])->kind, DR_COUNTRY_UNDISCLOSED);
}

static void what_is_no_country(void **state)
{
    (void)state;
    means("|AAA|XQ|QT|N/A|n/a|1.2|-4|0|000|1|999|World|W00|EU|EU27_2020|EXT_EU|Congo (elsewhere)|(|()|?", "");
    means("China (Taiwan)|Korea (Democratic People)|CS", "");
}

static void other_borders_are_told(void **state)
{
    (void)state;
    assert_string_equal(dr_country_borders(countries, "58"), "Belgium and Luxembourg, until 1998");
    assert_string_equal(dr_country_borders(countries, "736"), "Sudan and South Sudan, until 2011");
    assert_null(dr_country_borders(countries, "56"));
    assert_null(dr_country_borders(countries, "nobody"));
    assert_int_equal(dr_country_find(countries, "58")->number, 56);
}

/* Every entry is found by its own code and name, so that none hides another. */
static void nobody_is_hidden(void **state)
{
    (void)state;
    size_t iso = 0;
    for (size_t i = 0; i < countries->count; i++) {
        const dr_country *country = &countries->list[i];
        iso += country->kind == DR_COUNTRY;
        assert_ptr_equal(dr_country_find(countries, country->code), country);
        assert_ptr_equal(dr_country_find(countries, country->name), country);
        if (country->number) {
            char text[16];
            snprintf(text, sizeof text, "%03d", country->number);
            assert_ptr_equal(dr_country_find(countries, text), country);
        }
    }
    assert_int_equal(iso, 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_country_under_all_its_codes),
        cmocka_unit_test(states_that_are_no_more_are_nobody_else),
        cmocka_unit_test(rests_and_partners_that_are_not_told),
        cmocka_unit_test(what_is_no_country),
        cmocka_unit_test(other_borders_are_told),
        cmocka_unit_test(nobody_is_hidden),
    };
    if (dr_countries_read(&countries) != DR_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
