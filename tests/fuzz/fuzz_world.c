/* Bytes as changes by SQL to a sound world, as a stranger makes them: what is opened then is refused with a word of its own, or its
 * numbers are those of the sound world. */
#define _GNU_SOURCE /* memfd_create, in fuzz.h; mkdtemp */
#include "fuzz_products.h"

#include <duckdb.h>
#include <math.h>

#include "world/economy.h"
#include "world/estimates.h"
#include "world/runs.h"
#include "world/tables.h"

enum { BASES = 2 };

static struct base {
    char *bytes;
    size_t size;
    dr_economy *economy;
} bases[BASES];

/* ---- Sound worlds ---- */

static const char icio[] = "V1,DEU_x,DEU_y,CHN_x,CHN_y,DEU_C,DEU_G,CHN_C,CHN_G,OUT\n"
                           "DEU_x,10,5,2,1,20,2,8,2,50\nDEU_y,4,30,1,3,40,10,10,2,100\n"
                           "CHN_x,3,1,20,6,5,1,40,4,80\nCHN_y,1,4,7,50,2,0,60,26,150\n"
                           "VA,32,60,50,90,0,0,0,0,232\nOUT,50,100,80,150,67,13,118,34,612\n";

static const char *const in_long[][2] = {
    {"long-2011/flows.csv",
     "exporter,importer,sector,value,tariff\nDEU,DEU,x,60,0\nDEU,CHN,x,10,0.1\nCHN,DEU,x,20,0.05\n"
     "CHN,CHN,x,30,0\nDEU,DEU,y,50,0\nDEU,CHN,y,25,0.2\nCHN,CHN,y,40,0\n"},
    {"long-2011/inputs.csv",
     "region,input,sector,value\nDEU,x,x,10\nDEU,y,x,5\nDEU,x,y,15\nDEU,y,y,20\nCHN,x,x,8\nCHN,y,x,2\n"
     "CHN,x,y,3\nCHN,y,y,9\n"},
    {"long-2011/final.csv", "region,sector,value\nDEU,x,56\nDEU,y,25\nCHN,x,30\nCHN,y,59\n"},
    {"long-2011/value_added.csv", "region,sector,value\nDEU,x,55\nDEU,y,40\nCHN,x,40\nCHN,y,28\n"},
    {"long-2011/trade_elasticity.csv", "sector,trade_elasticity\nx,8\ny,4\n"},
};

static void need(dr_status status)
{
    if (status == DR_OK)
        return;
    fprintf(stderr, "%s\n", dr_error_text());
    abort();
}

static const char *fuzz_text(const char *name, const char *text)
{
    fuzz_write(name, text, strlen(text));
    return name;
}

/* Product flows, energy, materials, an estimate and a run beside the tables. */
static void add_rest(const char *world)
{
    static const dr_column_spec run[] = {{"region", DR_SHOW_TEXT}, {"welfare", DR_SHOW_PERCENT}},
                                estimate[] = {{"sector", DR_SHOW_TEXT},           {"trade_elasticity", DR_SHOW_NUMBER},
                                              {"standard_error", DR_SHOW_NUMBER}, {"observations", DR_SHOW_COUNT},
                                              {"method", DR_SHOW_TEXT},           {"flows", DR_SHOW_TEXT}};
    const char *baci =
        fuzz_text("baci_2020.csv", "t,i,j,k,v,q\n2020,276,156,010121,1.5,0.25\n2020,842,251,270900,2.5,\n");
    const char *energy =
        fuzz_text("energy.csv", "geo,partner,siec,unit,TIME_PERIOD,OBS_VALUE\nDE,RU,G3000,TJ_GCV,2020,20\n");
    const char *materials = fuzz_text("materials.csv", "Material,Stage,Country,Share,t\nGallium,P,China,94%,1.1\n");
    const char *const both[] = {materials, materials}, *const kinds[] = {"regions"};
    const dr_import_options options = {.classification = "HS17"};
    dr_table *table = NULL;
    need(dr_import_products(NULL, DR_BACI, &baci, 1, world, &options));
    need(dr_import_energy(NULL, &energy, 1, world, NULL));
    need(dr_import_materials(NULL, both, 2, world, NULL));
    need(dr_table_new(&table, estimate, 6));
    dr_table_set_number(table, dr_table_add_row(table), 1, 4);
    need(dr_stored_write(DR_STORED_ELASTICITIES, world, "mine", table));
    dr_table_free(table);
    need(dr_table_new(&table, run, 2));
    dr_table_set_number(table, dr_table_add_row(table), 1, 0.5);
    need(dr_runs_store(world, "r", (const dr_table *const *)&table, kinds, 1));
    dr_table_free(table);
}

static void keep(struct base *base, const char *path)
{
    dr_world *world = NULL;
    FILE *file = fopen(path, "rb");
    need(dr_world_open(&world, path));
    need(dr_economy_load(&base->economy, world, 0));
    dr_world_close(world);
    if (!file || fseek(file, 0, SEEK_END) != 0)
        abort();
    base->size = (size_t)ftell(file);
    base->bytes = malloc(base->size);
    rewind(file);
    if (!base->bytes || fread(base->bytes, 1, base->size, file) != base->size || fclose(file) != 0)
        abort();
    unlink(path);
}

static void make_bases(void)
{
    const char *file = "icio_2011.csv";
    if (bases[0].bytes)
        return;
    fuzz_enter();
    fuzz_text(file, icio);
    need(dr_import_icio(NULL, &file, 1, "icio.world", NULL));
    add_rest("icio.world");
    keep(&bases[0], "icio.world");
    if (system("mkdir -p long-2011") != 0)
        abort();
    for (size_t i = 0; i < sizeof in_long / sizeof *in_long; i++)
        fuzz_text(in_long[i][0], in_long[i][1]);
    need(dr_import_long(NULL, "long-2011", "long.world", NULL));
    keep(&bases[1], "long.world");
}

/* ---- Changes ---- */

typedef struct input {
    const uint8_t *bytes;
    size_t size;
} input;

static unsigned take(input *in)
{
    if (in->size == 0)
        return 0;
    in->size--;
    return *in->bytes++;
}

#define PICK(in, list) list[take(in) % (sizeof list / sizeof *list)]

static const char *const values[] = {"NULL",
                                     "-5",
                                     "100000000",
                                     "2147483647",
                                     "'nan'::DOUBLE",
                                     "'inf'::DOUBLE",
                                     "1e308",
                                     "-1e308",
                                     "''",
                                     "'DEU'",
                                     "'CHN'",
                                     "chr(0)",
                                     "'a' || chr(0) || 'b'",
                                     "chr(155)",
                                     "repeat('x', 100000)",
                                     "'0001-01-01'",
                                     "'infinity'",
                                     "true",
                                     "1.5",
                                     "'x'",
                                     "'icio'",
                                     "'long'",
                                     "'products'",
                                     "2",
                                     "1"};
static const char *const types[] = {"VARCHAR",
                                    "INTEGER",
                                    "BIGINT",
                                    "FLOAT",
                                    "DOUBLE",
                                    "HUGEINT",
                                    "BLOB",
                                    "DATE",
                                    "TIMESTAMP",
                                    "BOOLEAN",
                                    "USMALLINT",
                                    "UBIGINT",
                                    "DECIMAL(9, 2)",
                                    "INTEGER[]",
                                    "STRUCT(a INTEGER)",
                                    "region_code",
                                    "sector_code",
                                    "ENUM ('CHN', 'DEU')",
                                    "ENUM ('y', 'x')",
                                    "ENUM ('DEU')"};
static const char *const functions[] = {"enum_range(x)",      "sum(x)",          "\"+\"(a, b)",        "unnest(x)",
                                        "string_split(a, b)", "count_star()",    "make_date(a, b, c)", "coalesce(a, b)",
                                        "starts_with(a, b)",  "duckdb_tables()", "format(a, b)"};

static const dr_table_rule *take_table(input *in)
{
    size_t count = 0;
    while (dr_tables[count].name)
        count++;
    return &dr_tables[take(in) % count];
}

/* One change, into `sql`. What DuckDB does not take of them changes nothing. */
static void print_change(char sql[1024], input *in)
{
    unsigned kind = take(in) % 22;
    const dr_table_rule *table = take_table(in);
    const char *name = table->name, *column = table->columns[take(in) % dr_table_rule_columns(table)].name;
    unsigned every = take(in) % 3 + 1;
    switch (kind) {
    case 0:
        snprintf(sql, 1024, "DROP TABLE %s", name);
        return;
    case 1:
        snprintf(sql, 1024, "ALTER TABLE %s RENAME %s TO other", name, column);
        return;
    case 2:
        snprintf(sql, 1024, "ALTER TABLE %s ALTER %s TYPE %s", name, column, PICK(in, types));
        return;
    case 3:
        snprintf(sql, 1024, "ALTER TABLE %s ALTER %s TYPE %s USING TRY_CAST(%s AS %s)", name, column, types[every],
                 column, types[every]);
        return;
    case 4:
    case 5:
        snprintf(sql, 1024, "UPDATE %s SET %s = %s WHERE rowid %% %u = 0", name, column, PICK(in, values), every);
        return;
    case 6:
        snprintf(sql, 1024, "INSERT INTO %s SELECT * FROM %s LIMIT %u", name, name, every);
        return;
    case 7:
        snprintf(sql, 1024, "DELETE FROM %s WHERE rowid %% %u = 0", name, every);
        return;
    case 8:
        snprintf(sql, 1024, "ALTER TABLE %s RENAME TO mine; CREATE VIEW %s AS SELECT * FROM mine", name, name);
        return;
    case 9:
        snprintf(sql, 1024, "CREATE MACRO %s AS %s", PICK(in, functions), PICK(in, values));
        return;
    case 10:
        snprintf(sql, 1024, "UPDATE schema SET kind = %s", PICK(in, values));
        return;
    case 11:
        snprintf(sql, 1024, "UPDATE schema SET version = %s", PICK(in, values));
        return;
    case 12:
        snprintf(sql, 1024,
                 "CREATE TABLE mine AS SELECT * FROM %s ORDER BY %s; DROP TABLE %s; ALTER TABLE mine RENAME TO %s",
                 name, column, name, name);
        return;
    case 13:
        snprintf(sql, 1024, "ALTER TABLE %s ADD COLUMN other %s", name, PICK(in, types));
        return;
    case 14:
        snprintf(sql, 1024, "ALTER TABLE %s DROP %s", name, column);
        return;
    case 15:
        snprintf(sql, 1024, "ALTER TABLE %s ALTER %s SET DEFAULT %s", name, column, PICK(in, values));
        return;
    case 16:
        snprintf(sql, 1024, "CREATE INDEX other ON %s (%s)", name, column);
        return;
    case 17:
        snprintf(sql, 1024, "CREATE TABLE %s (%s %s)", name, column, PICK(in, types));
        return;
    case 18:
        snprintf(sql, 1024, "DROP VIEW %s; CREATE VIEW %s AS SELECT %s AS region", dr_views[every - 1].name,
                 dr_views[every - 1].name, PICK(in, values));
        return;
    case 19:
        snprintf(sql, 1024, "DROP VIEW %s; CREATE TABLE %s AS SELECT %s AS region", dr_views[every - 1].name,
                 dr_views[every - 1].name, PICK(in, values));
        return;
    case 20:
        snprintf(sql, 1024, "UPDATE %s SET %s = %s + 1e-6 WHERE rowid %% %u = 0", name, column, column, every);
        return;
    default:
        snprintf(sql, 1024, "ALTER TABLE %s ALTER %s DROP DEFAULT; CREATE %s other%s", name, column,
                 every == 1   ? "SEQUENCE"
                 : every == 2 ? "SCHEMA"
                              : "TYPE",
                 every == 3 ? " AS ENUM ('a')" : "");
    }
}

static void change(const char *path, input *in)
{
    char sql[1024];
    duckdb_database database;
    duckdb_connection connection;
    duckdb_result result;
    if (duckdb_open(path, &database) != DuckDBSuccess || duckdb_connect(database, &connection) != DuckDBSuccess)
        abort();
    while (in->size > 0) {
        print_change(sql, in);
        duckdb_query(connection, sql, &result);
        duckdb_destroy_result(&result);
    }
    duckdb_disconnect(&connection);
    duckdb_close(&database);
}

/* ---- What becomes of it ---- */

/* Refused as bad input, in words that are derisk's own; or there is no solution. */
static bool good(dr_status status)
{
    static const char *const foreign[] = {"Binder", "Catalog", "Candidate", "does not exist",
                                          "cast ",  "LINE 1",  "INT128",    "No function"};
    if (status == DR_OK)
        return true;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (strstr(dr_error_text(), foreign[i]))
            status = DR_MACHINE;
    if ((status != DR_BAD_INPUT && status != DR_NO_SOLUTION) || dr_error_text()[0] == '\0') {
        fprintf(stderr, "status %d: %s\n", (int)status, dr_error_text());
        abort();
    }
    return false;
}

static void drop(dr_status status, dr_table *table)
{
    if (good(status))
        dr_table_free(table);
}

static bool same(const double *a, const double *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs(a[i] - b[i]) <= 1e-12 * fabs(b[i]))) /* the order of rows is nobody's promise */
            return false;
    return true;
}

/* The arrays of a year that was not refused, where the world has sums. */
static void compare(const dr_world *world, const dr_economy *e, const dr_economy *sound)
{
    size_t r = e->regions, s = e->sectors;
    if (!world->sums)
        return;
    if (r != sound->regions || s != sound->sectors || !same(e->flow, sound->flow, r * r * s) ||
        !same(e->input, sound->input, r * s * s) || !same(e->final, sound->final, r * s)) {
        fprintf(stderr, "other numbers than those of the sound world\n");
        abort();
    }
}

static void use(dr_world *world, const struct base *base)
{
    dr_table *table = NULL;
    dr_economy *e = NULL;
    if (good(dr_economy_load(&e, world, 0))) {
        compare(world, e, base->economy);
        dr_economy_free(e);
    }
    drop(dr_world_info(&table, world), table);
    drop(dr_balance(&table, world, "DEU", "CHN", NULL), table);
    drop(dr_ties(&table, world, &(dr_ties_options){.value_added = true}), table);
    drop(dr_exposure_products(&table, world, "DEU", NULL), table);
    drop(dr_exposure_energy(&table, world, "EU", "RUS", 0), table);
    drop(dr_exposure_materials(&table, world), table);
    drop(dr_world_runs(&table, world), table);
    drop(dr_world_run(&table, world, "r", "regions"), table);
    good(dr_world_aggregate(NULL, world, NULL, NULL, "sum.world"));
    unlink("sum.world");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    input in = {bytes, size < 64 ? size : 64};
    dr_world *world = NULL;
    const char *file = "icio_2011.csv";
    make_bases();
    const struct base *base = &bases[take(&in) % BASES];
    fuzz_write("any.world", base->bytes, base->size);
    change("any.world", &in);
    if (good(dr_world_open(&world, "any.world")))
        use(world, base);
    dr_world_close(world);
    good(dr_import_icio(NULL, &file, 1, "any.world", NULL));
    unlink("any.world");
    unlink("any.world.wal");
    return 0;
}
