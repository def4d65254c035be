/* Bytes as changes by SQL to a sound world, as a stranger makes them: what is opened then is refused with a word of its
 * own, or its numbers are those of the sound world. An input takes a few tenths of a second: it opens the database
 * twice, and a world is checked by more than a hundred queries, each of which costs DuckDB a millisecond or more; they
 * are what is tested, and cannot be left out. */
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
    const dr_import_options options = {.size = sizeof(dr_import_options), .classification = "HS17"};
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
static const dr_table_rule *take_table(input *in)
{
    size_t count = 0;
    while (dr_tables[count].name)
        count++;
    return &dr_tables[take(in) % count];
}

/* Changes by SQL: %1$s is a table, %2$s one of its columns, %3$s a value, %4$s a type, %5$u from 1 to 3, %6$s one of
 * the views. What DuckDB does not take of them changes nothing. */
static const char *const changes[] = {
    "DROP TABLE %1$s",
    "ALTER TABLE %1$s RENAME %2$s TO other",
    "ALTER TABLE %1$s ALTER %2$s TYPE %4$s",
    "ALTER TABLE %1$s ALTER %2$s TYPE %4$s USING TRY_CAST(%2$s AS %4$s)",
    "UPDATE %1$s SET %2$s = %3$s WHERE rowid %% %5$u = 0",
    "UPDATE %1$s SET %2$s = %3$s WHERE rowid = %5$u",
    "UPDATE %1$s SET %2$s = %2$s + 1e-6 WHERE rowid = %5$u",
    "INSERT INTO %1$s SELECT * FROM %1$s LIMIT %5$u",
    "DELETE FROM %1$s WHERE rowid %% %5$u = 0",
    "ALTER TABLE %1$s RENAME TO mine; CREATE VIEW %1$s AS SELECT * FROM mine",
    "UPDATE schema SET kind = %3$s",
    "UPDATE schema SET version = %3$s",
    "CREATE TABLE mine AS SELECT * FROM %1$s ORDER BY %2$s; DROP TABLE %1$s; ALTER TABLE mine RENAME TO %1$s",
    "ALTER TABLE %1$s ADD COLUMN other %4$s",
    "ALTER TABLE %1$s DROP %2$s",
    "ALTER TABLE %1$s ALTER %2$s SET DEFAULT %3$s",
    "CREATE INDEX other ON %1$s (%2$s)",
    "CREATE TABLE %1$s (%2$s %4$s)",
    "DROP VIEW %6$s; CREATE VIEW %6$s AS SELECT %3$s AS region",
    "DROP VIEW %6$s; CREATE TABLE %6$s AS SELECT %3$s AS region",
    "CREATE SEQUENCE other",
    "CREATE SCHEMA other",
    "CREATE TYPE other AS ENUM ('a')",
    "DROP TABLE year_sum; UPDATE schema SET version = 1",
    "CREATE MACRO enum_range(x) AS %3$s",
    "CREATE MACRO sum(x) AS %3$s",
    "CREATE MACRO \"+\"(a, b) AS %3$s",
    "CREATE MACRO unnest(x) AS %3$s",
    "CREATE MACRO string_split(a, b) AS %3$s",
    "CREATE MACRO duckdb_tables() AS TABLE SELECT %3$s AS table_name",
};

static void print_change(char sql[1024], input *in)
{
    const char *form = PICK(in, changes);
    const dr_table_rule *table = take_table(in);
    const char *column = table->columns[take(in) % dr_table_rule_columns(table)].name;
    unsigned count = take(in) % 3 + 1;
    const char *value = PICK(in, values), *type = PICK(in, types);
    snprintf(sql, 1024, form, table->name, column, value, type, count, dr_views[count - 1].name);
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

static void measure(dr_world *world)
{
    dr_table *table = NULL;
    drop(dr_balance(&table, world, "DEU", "CHN", NULL), table);
    drop(dr_ties(&table, world, &DR_OPTIONS(dr_ties_options, .value_added = true)), table);
    drop(dr_exposure_products(&table, world, "DEU", NULL), table);
    drop(dr_exposure_energy(&table, world, "EU", "RUS", 0), table);
    drop(dr_exposure_materials(&table, world), table);
}

static void look(dr_world *world)
{
    dr_table *table = NULL;
    drop(dr_world_info(&table, world), table);
    drop(dr_world_check(&table, world), table);
    drop(dr_world_runs(&table, world), table);
    drop(dr_world_run(&table, world, "r", "regions"), table);
}

/* One of the ways to use a world, or none: they take longer than its check. */
static void use(dr_world *world, const struct base *base, unsigned way)
{
    dr_economy *e = NULL;
    if (good(dr_economy_load(&e, world, 0))) {
        compare(world, e, base->economy);
        dr_economy_free(e);
    }
    if (way == 0)
        measure(world);
    if (way == 1)
        look(world);
    if (way == 2)
        good(dr_world_aggregate(NULL, world, NULL, NULL, "sum.world"));
    unlink("sum.world");
}

/* Before the first input, whose time would hold it. */
int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count, (void)arguments;
    make_bases();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    input in = {bytes, size < 64 ? size : 64};
    dr_world *world = NULL;
    const char *file = "icio_2011.csv";
    const struct base *base = &bases[take(&in) % BASES];
    unsigned way = take(&in) % 16;
    fuzz_write("any.world", base->bytes, base->size);
    change("any.world", &in);
    if (good(dr_world_open(&world, "any.world")))
        use(world, base, way);
    dr_world_close(world);
    if (way == 3)
        good(dr_import_icio(NULL, &file, 1, "any.world", NULL));
    unlink("any.world");
    unlink("any.world.wal");
    return 0;
}
