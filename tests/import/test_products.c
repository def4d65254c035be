/* Product flows into a world: what is read is what the file says, and a broken file leaves nothing behind. */
#include "support/world_files.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <math.h>
#include <zlib.h>

#include "import/import.h"

static dr_table *import(dr_product_layout layout, const char *file, const char *text, const char *world)
{
    dr_table *report = NULL;
    write_text(file, text);
    assert_ok(dr_import_products(&report, layout, &file, 1, world, NULL));
    return report;
}

/* Whether the report has a finding of that subject with this text in it. */
static bool found(const dr_table *report, const char *subject, const char *text)
{
    for (size_t row = 0; row < dr_table_rows(report); row++)
        if (strcmp(dr_table_text(report, row, DR_FINDING_SUBJECT), subject) == 0 &&
            strstr(dr_table_text(report, row, DR_FINDING_FOUND), text))
            return true;
    return false;
}

static double number_of(const dr_table *table, size_t row, const char *column)
{
    for (size_t i = 0; i < dr_table_columns(table); i++)
        if (strcmp(dr_table_column(table, i), column) == 0)
            return dr_table_number(table, row, i);
    fail_msg("no column '%s'", column);
    return NAN;
}

static bool has_note(const dr_table *table, const char *text)
{
    for (size_t i = 0; i < table->note_count; i++)
        if (strstr(table->notes[i], text))
            return true;
    return false;
}

static bool says(const dr_table *table, const char *text)
{
    for (size_t i = 0; i < dr_table_sentences(table); i++)
        if (strstr(dr_table_sentence(table, i), text))
            return true;
    return false;
}

static void refused(dr_product_layout layout, const char *file, const char *text, const char *expected)
{
    write_text(file, text);
    assert_failed(dr_import_products(NULL, layout, &file, 1, "x.world", NULL), DR_BAD_INPUT, expected);
    assert_false(is_there("x.world"));
    assert_false(is_there("x.world.part"));
}

/* ---- BACI ---- */

static const char baci[] = "t,i,j,k,v,q\n"
                           "2020,276,156,010121,1.5,0.25\n"
                           "2020,842,251,270900,2.5,\n"
                           "2020,849,276,10130,3,           NA\n";

static void baci_by_name(void **unused)
{
    (void)unused;
    dr_table *report = import(DR_BACI, "BACI_HS17_Y2020_V202301.csv", baci, "a.world");
    assert_true(found(report, "flows", "3 flows of 3 products, in all 7 thousand US dollars"));
    assert_true(found(report, "quantities", "flows without a quantity: 2 of 3"));
    assert_true(found(report, "economies",
                      "codes of an economy with other borders (3), with their rows: 251 (France and Monaco) 1"));
    dr_table_free(report);
    assert_true(
        query_number(
            "a.world",
            "SELECT value FROM product_trade WHERE exporter = 'DEU' AND importer = 'CHN' AND product = '010121'") ==
        1.5);
    assert_true(
        query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'USA' AND importer = 'FRA'") == 2.5);
    assert_true(query_number("a.world",
                             "SELECT count(*) FROM product_trade WHERE exporter = 'UMI' AND product = '010130'") == 1);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_trade WHERE quantity IS NULL") == 2);
    assert_true(
        query_number("a.world",
                     "SELECT count(*) FROM product_year WHERE year = 2020 AND classification = 'HS17' AND whole") == 1);
    assert_true(
        query_number("a.world", "SELECT count(*) FROM product_source WHERE year = 2020 AND length(sha256) = 64") == 1);
}

static void columns_in_any_order_gzip_and_bom(void **unused)
{
    (void)unused;
    const char *file = "baci_hs92_2001.csv";
    gzFile packed = gzopen(file, "wb");
    gzputs(packed, "\xef\xbb\xbfk,extra,v,i,j,t\r\n\"090111\",\"a,b\",7,76,276,2001\r\n");
    gzclose(packed);
    assert_ok(dr_import_products(NULL, DR_BACI, &file, 1, "a.world", NULL));
    assert_true(
        query_number(
            "a.world",
            "SELECT value FROM product_trade WHERE exporter = 'BRA' AND importer = 'DEU' AND product = '090111'") == 7);
}

static void parquet(void **unused)
{
    (void)unused;
    dr_duck duck = {0};
    const char *file = "baci_hs17_2020.parquet";
    write_text("HS17_2020.csv", baci);
    assert_ok(dr_duck_open(&duck, NULL, false));
    assert_ok(dr_duck_run(
        &duck, "COPY (SELECT * FROM read_csv('HS17_2020.csv', all_varchar = true)) TO '%s' (FORMAT parquet)", file));
    dr_duck_close(&duck);
    assert_ok(dr_import_products(NULL, DR_BACI, &file, 1, "a.world", NULL));
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade") == 7);
}

static void wildcards_are_letters(void **unused)
{
    (void)unused;
    dr_table_free(import(DR_BACI, "HS17_*2020.csv", baci, "a.world"));
    write_text("HS17_x2020.csv", "t,i,j,k,v,q\n2020,4,8,010121,100,\n");
    dr_table_free(import(DR_BACI, "HS17_*2020.csv", baci, "b.world"));
    assert_true(query_number("b.world", "SELECT sum(value) FROM product_flow") == 7);
}

static void years_are_replaced_and_others_stay(void **unused)
{
    (void)unused;
    dr_table_free(import(DR_BACI, "HS17_2020.csv", baci, "a.world"));
    dr_table_free(import(DR_BACI, "HS17_2019.csv", "t,i,j,k,v,q\n2019,4,8,010121,100,1\n", "a.world"));
    dr_table *report = import(DR_BACI, "HS17_2020.csv", "t,i,j,k,v,q\n2020,4,8,010121,50,1\n", "a.world");
    assert_string_equal(dr_table_text(report, 0, DR_FINDING_DONE),
                        "imported, replacing the world's earlier data of this year");
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_flow") == 150);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_year") == 2);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_source") == 2);
}

static void doubtful_flows_are_found(void **unused)
{
    (void)unused;
    const char *text = "t,i,j,k,v,q\n2020,4,8,010121,5,1\n2020,4,8,010121,6,1\n2020,4,4,010121,7,1\n2020,4,8,0102,0,"
                       "1\n2020,8,4,0102,3,1\n";
    dr_table *report = import(DR_BACI, "HS17_2020.csv", text, "a.world");
    assert_true(found(report, "flows", "repeated flows, with the same year, economies and product: 1"));
    assert_true(found(report, "flows", "flows from an economy to itself: 1"));
    assert_true(found(report, "values", "flows of zero or less: 1"));
    assert_true(found(report, "products", "codes of several lengths"));
    dr_table_free(report);
    const char *file = "HS17_2020.csv";
    const dr_import_options strict = {.size = sizeof(dr_import_options), .strict = true};
    assert_failed(dr_import_products(NULL, DR_BACI, &file, 1, "b.world", &strict), DR_BAD_INPUT,
                  "HS17_2020.csv: flows of zero or less: 1");
    assert_false(is_there("b.world"));
}

static void a_year_has_one_classification(void **unused)
{
    (void)unused;
    const char *files[] = {"HS17_2020.csv", "HS92_2019.csv", "HS92_2020.csv"};
    dr_table_free(import(DR_BACI, files[0], baci, "a.world"));
    dr_table_free(import(DR_BACI, files[1], "t,i,j,k,v,q\n2019,4,8,010121,100,1\n", "a.world"));
    assert_true(query_number("a.world",
                             "SELECT count(*) FROM product_year WHERE classification = 'HS' || CASE year WHEN 2019 "
                             "THEN '92' ELSE '17' END") == 2);
    write_text(files[2], "t,i,j,k,v,q\n2020,4,8,010121,100,1\n");
    const char *const same_year[] = {files[0], files[2]};
    assert_failed(dr_import_products(NULL, DR_BACI, same_year, 2, "b.world", NULL), DR_BAD_INPUT,
                  "HS92_2020.csv: products of 2020 are classified by HS92, where others of that year are by HS17; "
                  "expected one classification for each year");
    const char *comext = "c.csv";
    write_text(comext, "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR\nDE,CN,28053010,1,202152,600\n");
    assert_failed(dr_import_products(NULL, DR_COMEXT, &comext, 1, "a.world", NULL), DR_BAD_INPUT,
                  "c.csv: its products are classified by CN, but the world's flows by HS17; a world has one "
                  "classification, or editions of the HS");
    assert_true(query_number("a.world", "SELECT count(*) FROM product_flow") == 4);
    write_text("flows.csv", baci);
    files[0] = "flows.csv";
    assert_failed(dr_import_products(NULL, DR_BACI, files, 1, "b.world", NULL), DR_BAD_INPUT,
                  "flows.csv: the classification of its products is unknown; give it, such as HS17");
    const dr_import_options options = {.size = sizeof(dr_import_options), .classification = "HS17"};
    assert_ok(dr_import_products(NULL, DR_BACI, files, 1, "b.world", &options));
}

static void broken_files(void **unused)
{
    (void)unused;
    refused(DR_BACI, "HS17.csv", "t,i,j,k,value,q\n2020,4,8,010121,1,1\n", "HS17.csv:1: the column 'v' is missing");
    refused(DR_BACI, "HS17.csv", "t,i,j,k,v,q,v\n2020,4,8,010121,1,1,2\n",
            "HS17.csv:1:7: the column 'v' appears twice");
    refused(DR_BACI, "HS17.csv", "t,i,j,k,v,q\n2020,4,8,010121,1,1\n2020,4,8,010129,many,1\n",
            "HS17.csv:3:5: 'many' is not a number");
    refused(DR_BACI, "HS17.csv", "t,i,j,k,v,q\n2020,4,8,010121,,1\n",
            "HS17.csv:2:5: the cell is empty; expected the value");
    refused(DR_BACI, "HS17.csv", "t,i,j,k,v,q\n2020,4,8,010121,nan,1\n", "HS17.csv:2:5: 'nan' is not a number");
    refused(DR_BACI, "HS17.csv", "t,i,j,k,v,q\n2020,4,CHN,010121,1,1\n", "HS17.csv:2:3: 'CHN' is not a number");
    refused(DR_BACI, "HS17.csv", "t,i,j,k,v,q\n2020,4,8,010121,1\n",
            "HS17.csv:2: a row of 5 cells, but the header has 6");
    refused(DR_BACI, "HS17.csv", "t,i,j,k,v,q\n20200,4,8,010121,1,1\n",
            "HS17.csv: flows of the year 20200; expected one from 1900 to 2099");
    refused(DR_BACI, "HS17.csv", "t,i,j,k,v,q\n2020,4,8,010121,No space left on device,1\n",
            "HS17.csv:2:5: 'No space left on device' is not a number"); /* what a full disk would be called */
    refused(DR_BACI, "HS17.csv", "t,i,j,k,v,q\n", "HS17.csv: no flows after the header");
    refused(DR_BACI, "HS17.csv", "", "HS17.csv: empty; expected a table with a header");
    const char *none = "none_HS17.csv";
    assert_failed(dr_import_products(NULL, DR_BACI, &none, 1, "x.world", NULL), DR_BAD_INPUT,
                  "none_HS17.csv: no such file");
    assert_failed(dr_import_products(NULL, DR_BACI, &none, 0, "x.world", NULL), DR_USAGE,
                  "no file to import was given");
}

/* ---- Archives, and the names beside flows ---- */

/* An archive of the files: 7z by its name, else tar compressed by xz. */
static void pack(const char *path, const char *const *names, const char *const *texts, size_t count)
{
    struct archive *a = archive_write_new();
    if (strstr(path, ".7z")) {
        assert_int_equal(archive_write_set_format_7zip(a), ARCHIVE_OK);
    } else {
        assert_int_equal(archive_write_add_filter_xz(a), ARCHIVE_OK);
        assert_int_equal(archive_write_set_format_ustar(a), ARCHIVE_OK);
    }
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, names[i]);
        archive_entry_set_size(entry, (la_int64_t)strlen(texts[i]));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
        assert_true(archive_write_data(a, texts[i], strlen(texts[i])) == (la_ssize_t)strlen(texts[i]));
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_free(a), ARCHIVE_OK);
}

static size_t files_here(void)
{
    size_t count = 0;
    DIR *folder = opendir(".");
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        count++;
    closedir(folder);
    return count - 2; /* . and .. */
}

static const char *const names_of_members[] = {"BACI_HS17_Y2019_V1.csv", "BACI_HS17_Y2020_V1.csv",
                                               "country_codes_V1.csv", "product_codes_HS17_V1.csv", "Readme.txt"};

static void an_archive_as_it_is_shipped(void **unused)
{
    (void)unused;
    const char *file = "BACI_HS17_V1.tar.xz";
    const char *const texts[] = {"t,i,j,k,v,q\n2019,276,156,10121,1,1\n", "T,I,J,HS6,V,Q\n2020,999,156,010121,2,1\n",
                                 "country_code,country_name,country_iso2,country_iso3\n999,Atlantis,AT,ATL\n",
                                 "code,description\n10121,\"Horses, for breeding\"\n", "a text, of no table\n"};
    dr_table *report = NULL;
    pack(file, names_of_members, texts, 5);
    assert_ok(dr_import_products(&report, DR_BACI, &file, 1, "a.world", NULL));
    assert_true(found(report, "economies", "unknown codes (1), with their rows: 999 (Atlantis) 1"));
    assert_true(has_note(report, "files beside the flows that were left out: 1; the first is "
                                 "BACI_HS17_V1.tar.xz/Readme.txt"));
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade") == 3);
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'ATL'") == 2);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_name WHERE product = '010121' AND "
                                        "classification = 'HS17' AND name = 'Horses, for breeding'") == 1);
    assert_true(query_number("a.world", "SELECT count(DISTINCT sha256) FROM product_source") == 1);
    assert_true(files_here() == 2); /* nothing unpacked stays */
    const dr_import_options year = {.size = sizeof(dr_import_options), .year = 2019};
    assert_ok(dr_import_products(NULL, DR_BACI, &file, 1, "b.world", &year));
    assert_true(query_number("b.world", "SELECT sum(value) FROM product_trade") == 1);
    const dr_import_options other = {.size = sizeof(dr_import_options), .year = 2018};
    assert_failed(dr_import_products(NULL, DR_BACI, &file, 1, "c.world", &other), DR_BAD_INPUT,
                  "BACI_HS17_V1.tar.xz: no file in it is of the year 2018");
}

/* Eurostat's bulk files are one in a 7z; any file may be compressed. */
static void a_month_of_comext(void **unused)
{
    (void)unused;
    static const char text[] =
        "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,FLOW,STAT_PROCEDURE,PERIOD,VALUE_EUR,QUANTITY_KG\n"
        "DE,CN,E,85076000,1,1,202401,100,2000\nDE,CN,E,85076000,1,2,202401,10,\n";
    const char *file = "full_v2_202401.7z";
    pack(file, (const char *const[]){"full_v2_202401.dat"}, (const char *const[]){text}, 1);
    assert_ok(dr_import(NULL, &file, 1, "a.world", NULL));
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade") == 110);
    const char *member = "full_v2_202401.7z/full_v2_202401.dat";
    assert_ok(dr_import_products(NULL, DR_COMEXT, &member, 1, "b.world", NULL));
    assert_true(query_number("b.world", "SELECT sum(value) FROM product_trade") == 110);
    assert_true(files_here() == 3);
}

static void archives_that_are_broken(void **unused)
{
    (void)unused;
    const char *file = "BACI_HS17_V1.tar.xz";
    const char *const texts[] = {"t,i,j,k,v,q\n2019,276,156,010121,1,1\n", "t,i,j,k,v,q\n2020,4,8,010121,many,1\n"};
    pack(file, names_of_members, texts, 2);
    assert_failed(dr_import_products(NULL, DR_BACI, &file, 1, "a.world", NULL), DR_BAD_INPUT,
                  "BACI_HS17_V1.tar.xz/BACI_HS17_Y2020_V1.csv:2:5: 'many' is not a number");
    assert_true(files_here() == 1);
    pack(file, names_of_members + 2, (const char *const[]){"country_code,country_name\n4,A\n"}, 1);
    assert_failed(dr_import_products(NULL, DR_BACI, &file, 1, "a.world", NULL), DR_BAD_INPUT,
                  "BACI_HS17_V1.tar.xz: holds names, and no product flows; give those as well");
    pack(file, names_of_members + 4, (const char *const[]){"a text, of no table\n"}, 1);
    assert_failed(dr_import_products(NULL, DR_BACI, &file, 1, "a.world", NULL), DR_BAD_INPUT,
                  "BACI_HS17_V1.tar.xz: none of its 1 files has the columns of BACI");
    assert_true(files_here() == 1);
}

/* ---- UN Comtrade ---- */

#define API_HEADER                                                                                                     \
    "refYear,reporterCode,reporterISO,flowCode,partnerISO,partner2Code,classificationCode,cmdCode,cmdDesc,"            \
    "customsCode,motCode,netWgt,primaryValue\n"

static void comtrade_api(void **unused)
{
    (void)unused;
    dr_table *report = import(DR_COMTRADE, "c.csv",
                              API_HEADER "2022,392,JPN,M,W00,0,H6,854231,\"Circuits\xe9\",C00,0,,100\n"
                                         "2022,392,JPN,M,KOR,0,H6,854231,Circuits,C00,0,2000,60\n"
                                         "2022,392,JPN,M,S19,0,H6,854231,Circuits,C00,0,1000,39\n"
                                         "2022,392,JPN,M,KOR,0,H6,854231,Circuits,C00,1000,,50\n"
                                         "2022,392,JPN,M,KOR,0,H6,854231,Circuits,C05,0,,10\n"
                                         "2022,410,KOR,X,JPN,0,H6,854231,Circuits,C00,0,,55\n"
                                         "2022,410,KOR,X,CHN,0,H6,854231,Circuits,C00,0,,70\n"
                                         "2022,410,KOR,RX,CHN,0,H6,854231,Circuits,C00,0,,7\n"
                                         "2022,392,JPN,M,W00,0,H6,TOTAL,All,C00,0,,1000\n",
                              "a.world");
    assert_true(found(report, "totals", "partners against the world of 1 reporters and products: largest gap 1.00%"));
    assert_true(found(report, "rows", "exports that their importers report as well: 1"));
    assert_true(found(report, "rows", "neither import nor export: 3"));
    assert_true(found(report, "rows", "totals over products (TOTAL, chapters and headings of longer codes): 1"));
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade") == 60 + 39 + 70);
    assert_true(
        query_number("a.world", "SELECT quantity FROM product_trade WHERE exporter = 'KOR' AND importer = 'JPN'") == 2);
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'TWN'") == 39);
    assert_true(
        query_number("a.world", "SELECT count(*) FROM product_year WHERE classification = 'HS22' AND NOT whole") == 1);
}

/* The names of comtradr in R, of which a few columns and a row number are kept. */
static void comtrade_in_r(void **unused)
{
    (void)unused;
    dr_table_free(import(DR_COMTRADE, "c.csv",
                         "\"\",reporter_iso,partner_iso,cmd_code,primary_value,ref_year,net_wgt,classification_code\n"
                         "1,DEU,NAM,280530,5,2022,NA,H6\n2,DEU,W00,280530,5,2022,1000,H6\n",
                         "a.world"));
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'NAM'") == 5);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_trade WHERE quantity IS NULL") == 1);
    refused(DR_COMTRADE, "c.csv",
            "reporter_iso,partner_iso,cmd_code,primary_value,ref_year,net_wgt,classification_code\n"
            "DEU,NAM,280530,5,2022,heavy,H6\n",
            "c.csv: 1 rows have no year, economy, product or value, or a weight that is not a number");
}

/* Until 2023 columns had blanks and brackets, and flows numbers; bulk files have numbers only. */
static void comtrade_of_old_and_in_bulk(void **unused)
{
    (void)unused;
    dr_table_free(import(DR_COMTRADE, "c.csv",
                         "Classification,Year,Trade Flow Code,Reporter Code,Reporter,Partner Code,Partner ISO,"
                         "Commodity Code,Netweight (kg),Trade Value (US$)\r\n"
                         "H4,2016,1,276,Germany,490,,810411,2000,7\r\nH4,2016,2,276,Germany,842,USA,810411,,3\r\n"
                         "H4,2016,3,276,Germany,842,USA,810411,,1\r\n",
                         "a.world"));
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'TWN'") == 7);
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade WHERE importer = 'USA'") == 3);
    dr_table_free(import(DR_COMTRADE, "d.csv",
                         "datasetCode,typeCode,freqCode,refYear,period,reporterCode,flowCode,partnerCode,partner2Code,"
                         "classificationCode,cmdCode,customsCode,motCode,netWgt,primaryValue\n"
                         "1,C,A,2021,2021,251,M,156,0,H5,280530,C00,0,10,9\n1,C,A,2021,2021,251,M,156,0,H5,280530,C00,"
                         "1000,10,9\n",
                         "a.world"));
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE importer = 'FRA'") == 9);
}

/* Trade in all is a product where there are no others. */
static void comtrade_in_all(void **unused)
{
    (void)unused;
    dr_table_free(import(DR_COMTRADE, "c.csv", API_HEADER "2021,156,CHN,X,USA,0,H5,TOTAL,All,C00,0,,9\n", "a.world"));
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE product = 'TOTAL'") == 9);
}

/* A year with totals only has no flows, and does not take the place of one that has. */
static void comtrade_totals_only(void **unused)
{
    (void)unused;
    const char *file = "c.csv";
    refused(DR_COMTRADE, file, API_HEADER "2021,392,JPN,M,W00,0,H6,854231,Circuits,C00,0,,100\n",
            "c.csv: only totals and parts of other rows");
    dr_table *report = import(DR_COMTRADE, file,
                              API_HEADER "2021,392,JPN,M,W00,0,H6,854231,Circuits,C00,0,,100\n"
                                         "2022,392,JPN,M,KOR,0,H6,854231,Circuits,C00,0,,60\n",
                              "a.world");
    assert_true(found(report, "flows", "only totals and parts of other rows: the year is not imported"));
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_year") == 1);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_source WHERE year = 2021") == 0);
    write_text(file, API_HEADER "2022,392,JPN,M,W00,0,H6,854231,Circuits,C00,0,,100\n"
                                "2023,392,JPN,M,KOR,0,H6,854231,Circuits,C00,0,,60\n");
    assert_failed(dr_import_products(NULL, DR_COMTRADE, &file, 1, "a.world", NULL), DR_BAD_INPUT,
                  "c.csv: only totals and parts of other rows for 2022, of which the world already has flows");
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_flow") == 60);
}

static void comtrade_vintages(void **unused)
{
    (void)unused;
    refused(DR_COMTRADE, "c.csv",
            API_HEADER "2022,392,JPN,M,KOR,0,H6,854231,C,C00,0,,1\n2022,392,JPN,M,KOR,0,H5,854232,C,C00,0,,1\n",
            "c.csv: products of 2022 are classified by HS22, where others of that year are by HS17; expected one "
            "classification for each year");
    dr_table_free(import(DR_COMTRADE, "c.csv",
                         API_HEADER
                         "2022,392,JPN,M,KOR,0,H6,854231,C,C00,0,,1\n2021,392,JPN,M,KOR,0,H5,854232,C,C00,0,,1\n",
                         "a.world"));
    assert_true(query_number("a.world", "SELECT count(DISTINCT classification) FROM product_year") == 2);
}

static void comtrade_of_japan(void **unused)
{
    (void)unused;
    static const char *const names[] = {"jp_critical_inputs", "jp_energy", "jp_technology"};
    char paths[3][8192];
    const char *files[3];
    const dr_import_options options = {.size = sizeof(dr_import_options), .classification = "HS17"};
    for (size_t i = 0; i < 3; i++) {
        char name[128];
        snprintf(name, sizeof name, "data/japan_comtrade_critical_energy_tech/%s.csv", names[i]);
        snprintf(paths[i], sizeof paths[i], "%s", shared(name));
        files[i] = paths[i];
    }
    assert_ok(dr_import_products(NULL, DR_COMTRADE, files, 3, "a.world", &options));
    assert_true(
        fabs(query_number(
                 "a.world",
                 "SELECT value FROM product_trade WHERE exporter = 'AUS' AND product = '2701' AND year = 2022") -
             39939186406.522) < 1);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_flow") == 454 + 340 + 379);
    assert_true(query_number("a.world", "SELECT count(DISTINCT importer) FROM product_trade") == 1);
}

/* ---- Comext ---- */

static void comext_bulk(void **unused)
{
    (void)unused;
    dr_table *report = import(
        DR_COMEXT, "full_v2_202401.dat",
        "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,FLOW,STAT_PROCEDURE,PERIOD,VALUE_EUR,QUANTITY_KG\n"
        "DE,CN,E,85076000,1,1,202401,100,2000\nDE,CN,E,85076000,1,2,202401,10,\nDE,CN,E,85076000,1,1,202402,1,\n"
        "DE,EL,I,85076000,2,1,202401,20,\nGR,DE,I,85076000,1,1,202401,21,\nDE,US,E,39XXXXXX,2,1,202401,30,\n"
        "EL,XY,E,85076000,1,1,202401,4,\nDE,NA,E,85076000,1,1,202401,5,\nEU27_2020,CN,E,85076000,1,1,202401,111,\n",
        "a.world");
    assert_true(found(report, "economies", "unknown codes (1), with their rows: XY 1"));
    assert_true(found(report, "rows", "rows of groups of economies: 1"));
    assert_true(found(report, "rows", "exports that their importers report as well: 1"));
    assert_true(found(report, "totals", "members against the EU27_2020 of 1 partners and products: largest gap 0.00%"));
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'CHN'") == 111);
    assert_true(query_number("a.world", "SELECT quantity FROM product_trade WHERE exporter = 'CHN'") == 2);
    assert_true(
        query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'DEU' AND importer = 'GRC'") == 21);
    assert_true(query_number("a.world",
                             "SELECT value FROM product_trade WHERE exporter = 'DEU' AND product = '39XXXXXX'") == 30);
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'NAM'") == 5);
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'XY' AND importer = 'GRC'") ==
                4);
}

#define SDMX "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE\n"

/* A row for each indicator; GB with its part XI beside it, as the row of the world says, in one product and without it
 * in the other. */
static void comext_sdmx(void **unused)
{
    (void)unused;
    dr_table *report = import(
        DR_COMEXT, "c.csv",
        SDMX "f,u,A,DE:Germany,CN:China,85076000:Cells,1:IMPORT,VALUE_IN_EUROS:Value,2024,100\n"
             "f,u,A,DE:Germany,CN:China,85076000:Cells,1:IMPORT,QUANTITY_IN_100KG:Weight,2024,20\n"
             "f,u,A,DE,CN,85076000,1,SUPPLEMENTARY_QUANTITY,2024,7\nf,u,A,DE,US,85076000,1,VALUE_IN_EUROS,2024,\n"
             "f,u,A,DE,US,85076000,3,VALUE_IN_EUROS,2024,1\n"
             "f,u,A,DE,GB,85076000,1,VALUE_IN_EUROS,2024,10\nf,u,A,DE,XI,85076000,1,VALUE_IN_EUROS,2024,4\n"
             "f,u,A,DE,WORLD,85076000,1,VALUE_IN_EUROS,2024,110\n"
             "f,u,A,DE,GB,28053010,1,VALUE_IN_EUROS,2024,10\nf,u,A,DE,XI,28053010,1,VALUE_IN_EUROS,2024,4\n"
             "f,u,A,DE,WORLD,28053010,1,VALUE_IN_EUROS,2024,14\n",
        "a.world");
    assert_true(found(report, "rows", "re-exports, which exports include: 1"));
    assert_true(found(report, "rows", "rows of groups of economies: 2"));
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE exporter = 'CHN'") == 100);
    assert_true(query_number("a.world", "SELECT quantity FROM product_trade WHERE exporter = 'CHN'") == 2);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_trade WHERE exporter = 'USA'") == 0);
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade WHERE product = '85076000'") == 110);
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade WHERE product = '28053010'") == 14);
    refused(DR_COMEXT, "c.csv",
            SDMX "f,u,A,DE,CN,85076000,1,VALUE_IN_EUROS,2024,100\nf,u,M,DE,CN,85076000,1,VALUE_IN_EUROS,2024-01,9\n",
            "c.csv: has both months and whole years (month 52, or freqCode A) of 2024, which would be counted twice; "
            "expected one of them");
}

static void comext_mixed_periods(void **unused)
{
    (void)unused;
    refused(DR_COMEXT, "c.csv",
            "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR\nDE,CN,1,1,202401,5\nDE,CN,1,1,202452,9\n",
            "c.csv: has both months and whole years (month 52, or freqCode A) of 2024, which would be counted twice; "
            "expected one of them");
    refused(DR_COMEXT, "c.csv",
            "reporter,partner,product,period,value_eur\nDE,CN,85076000,2024,5\nDE,US,85076000,202401,9\n",
            "c.csv: has both months and whole years (month 52, or freqCode A) of 2024, which would be counted twice; "
            "expected one of them");
    dr_table_free(import(DR_COMEXT, "c.csv",
                         "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR\nDE,CN,1,1,202301,5\nDE,CN,1,1,202302,4\n"
                         "DE,CN,1,1,202452,7\n", /* another year may be whole */
                         "a.world"));
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade") == 16);
    refused(DR_COMEXT, "c.csv", "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR\nDE,CN,1,1,202401,x\n",
            "c.csv:2:6: 'x' is not a number");
}

#define MONTHS                                                                                                         \
    "has both months and whole years (month 52, or freqCode A) of 2022, which would be counted twice; expected one "   \
    "of "                                                                                                              \
    "them"

static void comtrade_months(void **unused)
{
    (void)unused;
    refused(DR_COMTRADE, "c.csv",
            "freqCode,period,refYear,reporterISO,partnerISO,cmdCode,primaryValue,classificationCode\n"
            "A,2022,2022,DEU,CHN,280530,1200,H6\nM,202201,2022,DEU,CHN,280530,100,H6\n",
            "c.csv: " MONTHS);
    refused(DR_COMTRADE, "c.csv",
            "period,reporter,partner,product,value,classificationCode\n2022,DEU,CHN,280530,1200,H6\n"
            "202201,DEU,USA,280530,100,H6\n",
            "c.csv: " MONTHS);
    const char *const files[] = {"year.csv", "months.csv"};
    write_text(files[0], "freqCode,refYear,reporterISO,partnerISO,cmdCode,primaryValue,classificationCode\n"
                         "A,2022,DEU,CHN,280530,1200,H6\n");
    write_text(files[1], "freqCode,refYear,reporterISO,partnerISO,cmdCode,primaryValue,classificationCode\n"
                         "M,2022,DEU,CHN,280530,100,H6\n");
    assert_failed(dr_import_products(NULL, DR_COMTRADE, files, 2, "x.world", NULL), DR_BAD_INPUT,
                  "months.csv: " MONTHS);
    assert_ok(dr_import_products(NULL, DR_COMTRADE, files + 1, 1, "a.world", NULL)); /* months alone add up */
}

/* Chapters, headings and the total say again what the longer codes say. */
static void totals_over_products(void **unused)
{
    (void)unused;
    static const char totals[] = "totals over products (TOTAL, chapters and headings of longer codes): 4";
    dr_table *report = import(
        DR_COMEXT, "c.csv",
        "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR\nDE,CN,28053010,1,202352,600\nDE,CN,1012100,1,202352,400\n"
        "DE,CN,28,1,202352,600\nDE,CN,2805,1,202352,600\nDE,CN,TOTAL,1,202352,1000\nDE,CN,85,1,202352,9\n"
        "DE,CN,39XXXXXX,1,202352,1\n",
        "a.world");
    assert_true(found(report, "rows", totals));
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade") == 1001);
    assert_true(query_number("a.world", "SELECT value FROM product_trade WHERE product = '01012100'") == 400);
    report = import(DR_COMTRADE, "h.csv",
                    "refYear,reporterISO,partnerISO,cmdCode,primaryValue,classificationCode\n2022,DEU,CHN,280530,7,H6\n"
                    "2022,DEU,CHN,28,7,H6\n2022,DEU,CHN,2805,7,H6\n2022,DEU,USA,28,7,H6\n2022,DEU,CHN,total,7,H6\n"
                    "2022,DEU,CHN,2701,5,H6\n", /* of which there is nothing longer */
                    "b.world");
    assert_true(found(report, "rows", totals));
    dr_table_free(report);
    assert_true(query_number("b.world", "SELECT sum(value) FROM product_trade") == 12);
}

static void parts_of_the_united_kingdom(void **unused)
{
    (void)unused;
    dr_table *report = import(
        DR_COMEXT, "c.csv",
        "REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR\nDE,GB,28053010,1,202352,1000\nDE,XI,28053010,1,202352,50\n"
        "DE,XU,28053010,1,202352,950\nDE,XI,85076000,1,202352,3\nDE,XU,85076000,1,202352,4\n"
        "FR,XU,28053010,1,202352,20\n",
        "a.world");
    assert_true(found(report, "rows", "rows of XI and XU, parts of GB, which has rows of its own: 2"));
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade WHERE importer = 'DEU'") == 1007);
    assert_true(query_number("a.world", "SELECT sum(value) FROM product_trade WHERE importer = 'FRA'") == 20);
    assert_true(query_number("a.world", "SELECT count(DISTINCT exporter) FROM product_trade") == 1);
}

/* Partners that are not told are in totals, and no supplier. */
static void partners_that_are_not_told(void **unused)
{
    (void)unused;
    dr_world *world = NULL;
    dr_table *screen = NULL, *rows = NULL;
    dr_table *report = import(DR_COMTRADE, "c.csv",
                              "refYear,reporterCode,partnerCode,cmdCode,primaryValue,classificationCode\n"
                              "2022,276,899,280530,8000,H6\n2022,276,837,280530,1000,H6\n2022,276,156,280530,600,H6\n"
                              "2022,276,842,280530,400,H6\n2022,276,568,854231,5,H6\n",
                              "a.world");
    assert_true(
        found(report, "economies", "undisclosed partners (3), with their rows: 568 (Other Europe, not elsewhere"));
    dr_table_free(report);
    assert_ok(dr_world_open(&world, "a.world"));
    const dr_screen_options options = {.size = sizeof(dr_screen_options), .all = true};
    assert_ok(dr_exposure_products(&screen, world, "DEU", &options));
    assert_ok(dr_exposure_product_rows(&rows, world, "DEU", "280530", 0));
    dr_world_close(world);
    assert_int_equal(dr_table_rows(screen), 2);
    assert_true(number_of(screen, 0, "imports") == 10000);
    assert_true(fabs(number_of(screen, 0, "cdi1") - 0.52) < 1e-15);
    assert_true(fabs(number_of(screen, 0, "source_share") - 0.6) < 1e-15);
    assert_true(fabs(number_of(screen, 0, "unspecified") - 0.9) < 1e-15);
    assert_true(number_of(screen, 1, "imports") == 5 && isnan(number_of(screen, 1, "cdi1")));
    assert_true(has_note(screen, "imports worth 9005 US dollars of 10,005 US dollars (90.00%) come from partners"));
    double squares = 0;
    for (size_t row = 0; row < dr_table_rows(rows); row++)
        if (!isnan(number_of(rows, row, "square")))
            squares += number_of(rows, row, "square");
    assert_true(fabs(squares - 0.52) < 1e-15);
    dr_table_free(screen);
    dr_table_free(rows);
}

/* What is imported in other years only is not listed in the year asked. */
static void products_that_are_not_imported(void **unused)
{
    (void)unused;
    dr_world *world = NULL;
    dr_table *screen = NULL;
    const char *const files[] = {"HS17_2018.csv", "HS17_2019.csv", "HS17_2020.csv"};
    write_text(files[0], "t,i,j,k,v,q\n2018,156,276,280530,9,1\n");
    write_text(files[1], "t,i,j,k,v,q\n2019,156,276,280530,9,1\n");
    write_text(files[2], "t,i,j,k,v,q\n2020,156,276,854231,9,1\n2020,156,842,280530,9,1\n");
    assert_ok(dr_import_products(NULL, DR_BACI, files, 3, "a.world", NULL));
    assert_ok(dr_world_open(&world, "a.world"));
    const dr_screen_options options = {.size = sizeof(dr_screen_options), .year = 2020};
    assert_ok(dr_exposure_products(&screen, world, "DEU", &options));
    dr_world_close(world);
    assert_int_equal(dr_table_rows(screen), 0);
    assert_true(says(screen, "depended on others for 0 of the 1 products that it imported."));
    assert_true(has_note(screen, "these flows are the exports of 1 economies, where more than 200 trade"));
    dr_table_free(screen);
}

static void the_year_of_the_name(void **unused)
{
    (void)unused;
    const char *const files[] = {"BACI_HS17_Y2020_V202301.csv", "BACI_HS17_Y2021_V202301.csv"};
    write_text(files[0], "t,i,j,k,v,q\n2021,156,276,280530,9,1\n,,,,,\n");
    write_text(files[1], "t,i,j,k,v,q\n2021,156,276,854231,9,1\n");
    dr_table *report = NULL;
    assert_ok(dr_import_products(&report, DR_BACI, files, 2, "a.world", NULL));
    assert_true(found(report, "years", "no row is of 2020, the year in the file name BACI_HS17_Y2020_V202301.csv"));
    assert_false(found(report, "years", "no row is of 2021"));
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_flow") == 2);
}

/* ---- Worlds ---- */

static void product_flows_stand_beside_tables(void **unused)
{
    (void)unused;
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    dr_table *info = NULL;
    dr_table_free(import(DR_BACI, "HS17_2020.csv", baci, "a.world")); /* flows first */
    assert_ok(dr_world_open(&world, "a.world"));
    assert_int_equal(dr_world_regions(world), 0);
    assert_failed(dr_economy_load(&economy, world, 0), DR_BAD_INPUT, "a.world: has no year yet");
    assert_ok(dr_world_info(&info, world));
    assert_true(dr_table_rows(info) >= 3);
    dr_table_free(info);
    dr_world_close(world);
    make_small_world("a.world"); /* then tables */
    make_small_world("b.world");
    dr_table_free(import(DR_BACI, "HS17_2020.csv", baci, "b.world"));
    for (const char *const *path = (const char *const[]){"a.world", "b.world", NULL}; *path; path++) {
        assert_true(query_number(*path, "SELECT sum(value) FROM product_flow") == 7);
        assert_true(query_number(*path, "SELECT sum(value) FROM value_added") == 232);
        assert_ok(dr_world_open(&world, *path));
        assert_ok(dr_economy_load(&economy, world, 0));
        assert_int_equal(dr_world_regions(world), 2);
        dr_economy_free(economy);
        dr_world_close(world);
    }
    make_small_world("b.world"); /* again: the year of the tables is replaced, that of the flows is not */
    assert_true(query_number("b.world", "SELECT count(*) FROM product_source") == 1);
}

/* Sectors of products wait as divisions of ISIC for the world's own sectors. */
static void sectors_come_after_flows(void **unused)
{
    (void)unused;
    write_text("sectors.csv", "code,name,isic_rev3\nx,Farms and mines,01t14\ny,All else,15t99\n");
    dr_table_free(import(DR_BACI, "HS17_2020.csv", baci, "a.world"));
    assert_true(
        query_number("a.world", "SELECT count(*) FROM product_sector WHERE product = '2709' AND sector = '11'") == 1);
    import_text("small_2011.csv", small_table, "a.world", &DR_OPTIONS(dr_import_options, .sectors = "sectors.csv"));
    assert_true(
        query_number("a.world", "SELECT count(*) FROM product_sector WHERE product = '2709' AND sector = 'x'") == 1);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_sector WHERE sector NOT IN ('x', 'y')") == 0);
}

static void concordances(void **unused)
{
    (void)unused;
    const dr_import_options options = {.size = sizeof(dr_import_options), .concordance = "map.csv"};
    const char *file = "HS17_2020.csv";
    make_small_world("a.world");
    dr_table_free(import(DR_BACI, file, baci, "b.world"));
    assert_true(
        query_number("b.world", "SELECT count(*) FROM product_sector WHERE product = '2709' AND sector = '11'") == 1);
    write_text("map.csv", "product,sector\n01,x\n27,y\n");
    assert_ok(dr_import_products(NULL, DR_BACI, &file, 1, "a.world", &options));
    assert_true(query_number("a.world", "SELECT count(*) FROM product_sector") == 2);
    write_text("map.csv", "product,sector\n01,z\n");
    assert_failed(dr_import_products(NULL, DR_BACI, &file, 1, "a.world", &options), DR_BAD_INPUT,
                  "map.csv:2:2: the world has no sector 'z'; did you mean 'x'?");
    write_text("map.csv", "product,industry\n01,z\n");
    assert_failed(dr_import_products(NULL, DR_BACI, &file, 1, "a.world", &options), DR_BAD_INPUT,
                  "map.csv:1: a column 'sector' or 'isic_rev3' is missing");
    assert_true(query_number("a.world", "SELECT count(*) FROM product_sector") == 2);
}

static void the_sample_of_baci(void **unused)
{
    (void)unused;
    dr_table *report = NULL;
    char path[8192];
    snprintf(path, sizeof path, "%s",
             shared("data/baci_hs17_2020_exports_zaf_afg/baci_hs17_y2020_v202301_i4_i710.csv.gz"));
    const char *file = path;
    assert_ok(dr_import_products(&report, DR_BACI, &file, 1, "a.world", NULL));
    assert_true(found(report, "flows", "72097 flows"));
    assert_true(found(report, "quantities", "flows without a quantity: 2175 of 72097"));
    dr_table_free(report);
    assert_true(query_number("a.world",
                             "SELECT count(DISTINCT exporter) FROM product_trade WHERE exporter IN ('AFG', 'ZAF')") ==
                2);
    assert_true(fabs(query_number("a.world", "SELECT sum(value) / 1e6 FROM product_trade WHERE exporter = 'ZAF'") -
                     51.1) < 0.05);
    assert_true(query_number("a.world", "SELECT count(*) FROM product_flow WHERE length(product) <> 6") == 0);
}

/* ---- Energy and materials ---- */

static void energy(void **unused)
{
    (void)unused;
    dr_world *world = NULL;
    dr_table *table = NULL;
    const char *file = "gas.csv";
    write_text(
        file,
        "geo,partner,siec,unit,TIME_PERIOD,OBS_VALUE\n"
        "DE,RU,G3000,TJ,2019-01,10\nDE,RU,G3000,TJ,2019-02,20\nDE,NO,G3000,TJ,2019-01,30\nDE,TOTAL,G3000,TJ,2019-01,"
        "80\n"
        "EL,RU,G3000,TJ,2019-01,5\nEL,US,G3000,TJ,2019-01,15\nGB,RU,G3000,TJ,2019-01,\nGB,NO,G3000,TJ,2019-01,50\n");
    assert_ok(dr_import_energy(NULL, &file, 1, "e.world", NULL));
    assert_ok(dr_world_open(&world, "e.world"));
    assert_ok(dr_exposure_energy(&table, world, "EU", "RUS", 2019));
    static const char *const importers[] = {"DEU", "GBR", "GRC", "EU"};
    static const double imports[] = {80, 50, 20, 150}, from[] = {30, 0, 5, 35}, months[] = {2, 1, 1, 1};
    assert_int_equal(dr_table_rows(table), 4);
    for (size_t row = 0; row < 4; row++) {
        assert_string_equal(dr_table_text(table, row, 3), importers[row]);
        assert_true(dr_table_number(table, row, 4) == imports[row]);
        assert_true(dr_table_number(table, row, 5) == from[row]);
        assert_true(fabs(dr_table_number(table, row, 6) - from[row] / imports[row]) < 1e-15);
        assert_true(dr_table_number(table, row, 7) == months[row]);
    }
    assert_int_equal(table->note_count, 3); /* one on the sum, and one on the members of EU that have no flows */
    dr_table_free(table);
    assert_ok(dr_exposure_energy(&table, world, "DEU", "RUS", 2019));
    assert_int_equal(dr_table_rows(table), 1);
    assert_int_equal(table->note_count, 1);
    dr_table_free(table);
    assert_failed(dr_exposure_energy(&table, world, "EU", "RUSS", 2019), DR_BAD_INPUT,
                  "e.world: 'RUSS' is neither a group nor an exporter of energy; did you mean 'RUS'?");
    assert_failed(dr_exposure_energy(&table, world, "EU", "RUS", 2018), DR_BAD_INPUT,
                  "e.world: holds no flows of energy to EU in 2018; it holds those of 2019");
    dr_world_close(world);
}

/* The share of Russia in the gas of the 27 members, of which the data's own row for the union is the check. */
static void russian_gas(void **unused)
{
    (void)unused;
    dr_world *world = NULL;
    dr_table *members = NULL, *whole = NULL;
    char path[8192];
    snprintf(path, sizeof path, "%s", shared("data/eu_energy_imports/eurostat_nrg_ti_gas_russia_total_annual.csv"));
    const char *file = path;
    assert_ok(dr_import_energy(NULL, &file, 1, "e.world", NULL));
    assert_ok(dr_world_open(&world, "e.world"));
    assert_ok(dr_exposure_energy(&members, world, "EU", "RUS", 2020));
    assert_ok(dr_exposure_energy(&whole, world, "European Union - 27 countries (from 2020)", "RUS", 2020));
    dr_world_close(world);
    size_t last = dr_table_rows(members) - 1;
    assert_string_equal(dr_table_text(members, last, 0), "Natural gas");
    assert_string_equal(dr_table_text(members, last, 3), "EU");
    assert_int_equal(last + 1, 2 * 28);
    assert_int_equal(dr_table_rows(whole), 2);
    for (size_t column = 4; column <= 5; column++)
        assert_true(fabs(dr_table_number(members, last, column) / dr_table_number(whole, 1, column) - 1) < 1e-6);
    assert_true(fabs(dr_table_number(whole, 1, 6) - 0.387) < 0.0005);
    dr_table_free(members);
    dr_table_free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(baci_by_name, empty_folder),
        cmocka_unit_test_setup(columns_in_any_order_gzip_and_bom, empty_folder),
        cmocka_unit_test_setup(parquet, empty_folder),
        cmocka_unit_test_setup(wildcards_are_letters, empty_folder),
        cmocka_unit_test_setup(years_are_replaced_and_others_stay, empty_folder),
        cmocka_unit_test_setup(doubtful_flows_are_found, empty_folder),
        cmocka_unit_test_setup(a_year_has_one_classification, empty_folder),
        cmocka_unit_test_setup(broken_files, empty_folder),
        cmocka_unit_test_setup(an_archive_as_it_is_shipped, empty_folder),
        cmocka_unit_test_setup(a_month_of_comext, empty_folder),
        cmocka_unit_test_setup(archives_that_are_broken, empty_folder),
        cmocka_unit_test_setup(comtrade_api, empty_folder),
        cmocka_unit_test_setup(comtrade_in_r, empty_folder),
        cmocka_unit_test_setup(comtrade_of_old_and_in_bulk, empty_folder),
        cmocka_unit_test_setup(comtrade_in_all, empty_folder),
        cmocka_unit_test_setup(comtrade_totals_only, empty_folder),
        cmocka_unit_test_setup(comtrade_vintages, empty_folder),
        cmocka_unit_test_setup(comtrade_of_japan, empty_folder),
        cmocka_unit_test_setup(comext_bulk, empty_folder),
        cmocka_unit_test_setup(comext_sdmx, empty_folder),
        cmocka_unit_test_setup(comext_mixed_periods, empty_folder),
        cmocka_unit_test_setup(comtrade_months, empty_folder),
        cmocka_unit_test_setup(totals_over_products, empty_folder),
        cmocka_unit_test_setup(parts_of_the_united_kingdom, empty_folder),
        cmocka_unit_test_setup(partners_that_are_not_told, empty_folder),
        cmocka_unit_test_setup(products_that_are_not_imported, empty_folder),
        cmocka_unit_test_setup(the_year_of_the_name, empty_folder),
        cmocka_unit_test_setup(product_flows_stand_beside_tables, empty_folder),
        cmocka_unit_test_setup(concordances, empty_folder),
        cmocka_unit_test_setup(sectors_come_after_flows, empty_folder),
        cmocka_unit_test_setup(the_sample_of_baci, empty_folder),
        cmocka_unit_test_setup(energy, empty_folder),
        cmocka_unit_test_setup(russian_gas, empty_folder),
    };
    return cmocka_run_group_tests_name("products", tests, enter_folder, leave_folder);
}
