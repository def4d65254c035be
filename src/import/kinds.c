#include "import/kinds.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/column.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/rdata.h"
#include "import/account_rows.h"
#include "import/emerging.h"
#include "import/eora_files.h"
#include "import/exiobase_files.h"
#include "import/flat_file.h"
#include "import/gloria_files.h"
#include "import/mario_files.h"
#include "import/product_files.h"
#include "import/sdmx_file.h"
#include "import/wiot_frame.h"
#include "import/wiot_list.h"
#include "import/wiot_sheet.h"
#include "import/xlsx.h"

/* ---- Signs ---- */

bool dr_sight_has(const dr_sight *sight, const char *names)
{
    for (size_t i = 0; i < sight->column_count; i++)
        if (dr_column_is(names, sight->columns[i]))
            return true;
    return false;
}

/* A label of a region and a sector or use: something on both sides of an underscore. */
static bool is_label(const char *field)
{
    const char *underscore = strchr(field, '_');
    return underscore && underscore > field && underscore[1];
}

/* The header of a matrix has little but such labels and those of totals, and no column of years, as panels have whose
 * columns are named alike (iso3_o, gdp_o). */
static bool is_matrix(const dr_sight *sight)
{
    size_t labels = 0;
    if (dr_sight_has(sight, "year"))
        return false;
    for (size_t i = 1; i < sight->column_count; i++)
        labels += is_label(sight->columns[i]) || dr_icio_is_total(sight->columns[i]);
    return sight->column_count >= 3 && 4 * labels >= 3 * (sight->column_count - 1);
}

static bool is_sheet(const dr_sight *sight)
{
    return dr_path_ends(sight->path, ".xlsx") && strncmp(sight->bytes, "PK", 2) == 0 && dr_wiot_sheet_is(sight->path);
}

static bool is_book(const dr_sight *sight)
{
    return dr_path_ends(sight->path, ".xlsx") && strncmp(sight->bytes, "PK", 2) == 0 && dr_mario_book_is(sight->path);
}

/* Plain CSV, statistics of Eurostat and the OECD, or WIOD's socio-economic accounts: as a sheet, with a column for each
 * year, or for each variable. */
static bool is_account(const dr_sight *sight)
{
    static const char *const layouts[][6] = {{"region", "sector", "account", "unit", "value"},
                                             {"country", "variable", "code", "description"},
                                             {"country", "code", "year", "emp|empe|hemp|hempe"}};
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        bool all = sight->column_count > 0;
        for (size_t k = 0; layouts[i][k]; k++)
            all = all && dr_sight_has(sight, layouts[i][k]);
        if (all)
            return true;
    }
    if (dr_sdmx_is(sight->columns, sight->column_count))
        return true;
    dr_names sheets = {0};
    bool is = dr_path_ends(sight->path, ".xlsx") && strncmp(sight->bytes, "PK", 2) == 0 &&
              dr_xlsx_sheets(&sheets, sight->path) == DR_OK && dr_names_find(&sheets, DR_SEA_SHEET) >= 0;
    dr_names_free(&sheets);
    return is;
}

static bool is_list(const dr_sight *sight)
{
    bool is = false;
    return sight->column_count == 0 && dr_r_data_is((const unsigned char *)sight->bytes, DR_SIGHT_BYTES) &&
           dr_wiot_list_is(&is, sight->path) == DR_OK && is;
}

static bool is_emerging(const dr_sight *sight)
{
    return strncmp(sight->bytes, "MATLAB 7.3", 10) == 0 && dr_emerging_is(sight->path);
}

/* ---- What is not an inter-country table ---- */

static dr_status import_baci(dr_table **report, const char *const *files, size_t count, const char *to,
                             const dr_import_options *options)
{
    return dr_import_products(report, DR_BACI, files, count, to, options);
}

static dr_status import_comtrade(dr_table **report, const char *const *files, size_t count, const char *to,
                                 const dr_import_options *options)
{
    return dr_import_products(report, DR_COMTRADE, files, count, to, options);
}

static dr_status import_comext(dr_table **report, const char *const *files, size_t count, const char *to,
                               const dr_import_options *options)
{
    return dr_import_products(report, DR_COMEXT, files, count, to, options);
}

static dr_status import_folder(dr_table **report, const char *const *files, size_t count, const char *to,
                               const dr_import_options *options)
{
    struct stat about;
    if (count > 1)
        return dr_fail(DR_USAGE, "%s: the long format is one folder for each command", files[1]);
    if (stat(files[0], &about) == 0 && !S_ISDIR(about.st_mode))
        return dr_fail(DR_BAD_INPUT, "%s: a table of the long format: give the folder that holds it", files[0]);
    return dr_import_long(report, files[0], to, options);
}

/* ---- Kinds ---- */

#define A_TABLE "an inter-country input-output table"
enum {
    OF_TABLES = DR_TAKES_YEAR | DR_TAKES_NAMES,
    OF_FLOWS = DR_TAKES_YEAR | DR_TAKES_CLASSIFICATION | DR_TAKES_CONCORDANCE,
    OF_TARIFFS = OF_FLOWS | DR_TAKES_WEIGHTS
};

const dr_kind dr_kinds[] = {
    {.word = "baci",
     .name = "product flows of BACI",
     .takes = OF_FLOWS,
     .columns = {{"t", "i", "j", "k|hs6", "v"}},
     .is_usual = true,
     .import = import_baci},
    {.word = "icio", /* FIGARO as a flat file, and from the API */
     .name = A_TABLE,
     .takes = OF_TABLES,
     .columns = {{"refarea", "rowii", "counterpartarea", "colii", "obsvalue"},
                 {"c_orig", "ind_ava|prd_ava", "c_dest", "ind_use|prd_use", "obs_value"}},
     .says_year = true,
     .read = dr_flat_file_read},
    {.word = "icio", /* WIOD as it is in R */
     .name = A_TABLE,
     .takes = OF_TABLES,
     .columns = {{"industrycode", "country", "rnr", "year"}},
     .says_year = true,
     .read = dr_wiot_frame_read},
    {.word = "comext",
     .name = "product flows of Eurostat's Comext",
     .takes = OF_FLOWS,
     .columns = {{"declarant|declarant_iso|reporter", "partner|partner_iso", "product_nc|product", "flow",
                  "period|time_period"}},
     .import = import_comext},
    {.word = "energy",
     .name = "imports of energy",
     .columns = {{"siec|fuel", "partner", "geo|country|reporter", "time_period|period|month|year"}},
     .import = dr_import_energy},
    {.word = "comtrade",
     .name = "product flows of UN Comtrade",
     .takes = OF_FLOWS,
     .columns = {{"reporteriso|reporter|reportercode", "partneriso|partner|partnercode",
                  "cmdcode|commodity_code|product_code|product", "primaryvalue|trade_value_us|trade_value|value"}},
     .import = import_comtrade},
    {.word = "materials",
     .name = "supply shares of raw materials",
     .columns = {{"material", "stage", "country", "share"}},
     .import = dr_import_materials,
     .on_disk = true},
    {.word = "account",
     .name = "accounts by region and sector",
     .takes = DR_TAKES_YEAR | DR_TAKES_CONCORDANCE,
     .is = is_account,
     .import = dr_import_accounts},
    {.word = "baci", /* the files beside them */
     .name = "names of products and economies",
     .takes = OF_FLOWS,
     .columns = {{"country_code", "country_name|country_name_full|country_name_abbreviation"}, {"code", "description"}},
     .import = import_baci},
    {.word = "tariffs",
     .name = "tariffs of WITS",
     .takes = OF_TARIFFS,
     .columns = {{"reporter|reporterison", "product|productcode", "simpleaverage", "tariffyear|year"}},
     .import = dr_import_tariffs,
     .other_years = true},
    {.word = "tariffs",
     .name = "tariffs of MAcMap-HS6",
     .takes = OF_TARIFFS,
     .columns = {{"importer", "exporter", "adv"}},
     .import = dr_import_tariffs,
     .other_years = true},
    {.word = "tariffs",
     .name = "tariffs of the Global Tariff Database",
     .takes = OF_TARIFFS,
     .columns = {{"iso1", "iso2", "year", "sector", "tariff"}},
     .import = dr_import_tariffs,
     .other_years = true},
    {.word = "tariffs",
     .name = "the Harmonized Tariff Schedule of the United States",
     .takes = OF_TARIFFS,
     .columns = {{"htsnumber|htsno", "generalrateofduty|general"}},
     .import = dr_import_tariffs,
     .other_years = true},
    {.word = "tariffs",
     .name = "tariffs",
     .takes = OF_TARIFFS,
     .columns = {{"importer", "tariff|tariffpct|tariffpercent"}},
     .is_usual = true,
     .import = dr_import_tariffs,
     .other_years = true},
    {.word = "long",
     .name = "a table of the long format",
     .takes = OF_TABLES,
     .columns = {{"importer", "exporter", "sector", "value"}},
     .key = "flows.csv|flows.csv.gz|flows.parquet",
     .is_folder = true,
     .import = import_folder,
     .on_disk = true},
    {.word = "icio", /* what MARIO exports: matrices, or one file of cells */
     .name = A_TABLE,
     .takes = OF_TABLES,
     .key = "Y.csv|Y.txt|Y.parquet|data.csv|data.txt|data.parquet",
     .beside = "units.csv|units.txt|units.parquet",
     .is_folder = true,
     .read = dr_mario_read},
    {.word = "icio", /* EXIOBASE 3, and what pymrio saves */
     .name = A_TABLE,
     .takes = OF_TABLES,
     .key = "Y.txt|Y.csv|Y.parquet",
     .beside = "Z.txt|A.txt|Z.csv|A.csv|Z.parquet|A.parquet",
     .is_folder = true,
     .read = dr_exiobase_read},
    {.word = "icio", /* EXIOBASE 1 and 2 */
     .name = A_TABLE,
     .takes = OF_TABLES,
     .key = "mrIot*.txt",
     .beside = "mrFinalDemand*.txt",
     .read = dr_exiobase_old_read},
    {.word = "icio",
     .name = A_TABLE,
     .takes = OF_TABLES,
     .key = "Eora26_*_T.txt",
     .beside = "Eora26_*_FD.txt",
     .also = "labels_*.txt",
     .read = dr_eora_read},
    {.word = "icio",
     .name = A_TABLE,
     .takes = OF_TABLES,
     .key = "*_T-Results_*_Markup001(full).csv",
     .beside = "*_Y-Results_*_Markup001(full).csv",
     .also = "GLORIA_ReadMe_*.xlsx|*_TQ-Results_*|*_YQ-Results_*",
     .read = dr_gloria_read},
    {.word = "icio", .name = A_TABLE, .takes = OF_TABLES, .is = is_matrix, .is_usual = true, .read = dr_icio_file_read},
    {.word = "icio", /* WIOD, the Asian Development Bank */
     .name = A_TABLE,
     .takes = OF_TABLES,
     .is = is_sheet,
     .says_year = true,
     .read = dr_wiot_sheet_read},
    {.word = "icio", /* what MARIO exports as a workbook */
     .name = A_TABLE,
     .takes = OF_TABLES,
     .is = is_book,
     .read = dr_mario_book_read},
    {.word = "icio", /* WIOD as vectors and matrices of R */
     .name = A_TABLE,
     .takes = OF_TABLES,
     .is = is_list,
     .says_year = true,
     .read = dr_wiot_list_read},
    {.word = "icio",
     .name = A_TABLE,
     .takes = OF_TABLES,
     .is = is_emerging,
     .says_year = true,
     .read = dr_emerging_read},
};
const size_t dr_kind_count = sizeof dr_kinds / sizeof *dr_kinds;

bool dr_kind_of(const dr_kind *kind, const char *word)
{
    return !word || strcmp(kind->word, word) == 0;
}

const dr_kind *dr_kind_only(const char *word)
{
    const dr_kind *only = NULL;
    for (size_t i = 0; i < dr_kind_count; i++) {
        if (strcmp(dr_kinds[i].word, word) != 0)
            continue;
        if (only)
            return NULL;
        only = &dr_kinds[i];
    }
    return only;
}

const dr_kind *dr_kind_usual(const char *word)
{
    for (size_t i = 0; i < dr_kind_count; i++)
        if (dr_kinds[i].is_usual && strcmp(dr_kinds[i].word, word) == 0)
            return &dr_kinds[i];
    return NULL;
}

const char *dr_import_layout(size_t number)
{
    for (size_t i = 0; i < dr_kind_count; i++) {
        size_t first = 0;
        while (strcmp(dr_kinds[first].word, dr_kinds[i].word) != 0)
            first++;
        if (first == i && number-- == 0)
            return dr_kinds[i].word;
    }
    return NULL;
}

/* ---- Lists of tables ---- */

dr_status dr_finds_add(dr_finds *tables, const char *path, const dr_kind *kind)
{
    if (!dr_grow((void **)&tables->kinds, &tables->capacity, tables->paths.count + 1, sizeof(void *)))
        return dr_fail_memory();
    int place = dr_names_add(&tables->paths, path);
    if (place < 0)
        return dr_fail_memory();
    tables->kinds[place] = kind;
    return DR_OK;
}

void dr_finds_free(dr_finds *tables)
{
    free(tables->kinds);
    dr_names_free(&tables->paths);
    *tables = (dr_finds){0};
}
