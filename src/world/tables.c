#include "world/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "world/world_sql.h"

#define SOURCE_COLUMNS                                                                                                 \
    {                                                                                                                  \
        {"id", "VARCHAR", 0}, {"title", "VARCHAR", 0}, {"publisher", "VARCHAR", 0}, {"licence", "VARCHAR", 0},         \
            {"retrieved", "VARCHAR", 0}, {"url", "VARCHAR", 0}, {"file", "VARCHAR", DR_CELL_NULL},                     \
            {"sha256", "VARCHAR", DR_CELL_NULL},                                                                       \
        {                                                                                                              \
            "year", "INTEGER", DR_CELL_NULL                                                                            \
        }                                                                                                              \
    }

#define FINDING_COLUMNS                                                                                                \
    {                                                                                                                  \
        {"year", "INTEGER", DR_CELL_NULL}, {"subject", "VARCHAR", 0}, {"place", "VARCHAR", 0},                         \
            {"found", "VARCHAR", 0},                                                                                   \
        {                                                                                                              \
            "done", "VARCHAR", 0                                                                                       \
        }                                                                                                              \
    }

#define YEAR                                                                                                           \
    {                                                                                                                  \
        "year", "INTEGER", DR_CELL_KEY | DR_CELL_YEAR                                                                  \
    }
#define REGION(name)                                                                                                   \
    {                                                                                                                  \
        name, "region_code", DR_CELL_KEY                                                                               \
    }
#define SECTOR(name)                                                                                                   \
    {                                                                                                                  \
        name, "sector_code", DR_CELL_KEY                                                                               \
    }
#define TEXT(name)                                                                                                     \
    {                                                                                                                  \
        name, "VARCHAR", 0                                                                                             \
    }
#define KEY(name)                                                                                                      \
    {                                                                                                                  \
        name, "VARCHAR", DR_CELL_KEY                                                                                   \
    }
#define NUMBER(name)                                                                                                   \
    {                                                                                                                  \
        name, "DOUBLE", 0                                                                                              \
    }
#define VALUE NUMBER("value")
#define LIST(name, type)                                                                                               \
    {                                                                                                                  \
        name, type, DR_CELL_NULL                                                                                       \
    }
#define AMOUNTS                                                                                                        \
    {                                                                                                                  \
        "amounts", "DOUBLE[]", 0                                                                                       \
    }

const dr_table_rule dr_tables[] = {
    {"schema", DR_OF_ALL, false, {{"version", "INTEGER", 0}, TEXT("kind")}},
    {"year", DR_OF_ALL, false, {YEAR, TEXT("unit")}},
    {"source", DR_OF_ALL, false, SOURCE_COLUMNS},
    {"region_group", DR_OF_ALL, false, {KEY("code"), TEXT("name"), TEXT("source_id")}},
    {"group_member",
     DR_OF_ALL,
     false,
     {KEY("group_code"),
      KEY("iso3"),
      {"since", "DATE", DR_CELL_KEY},
      {"until", "DATE", DR_CELL_NULL},
      TEXT("source_id"),
      TEXT("note")}},
    {"finding", DR_OF_ALL, false, FINDING_COLUMNS},
    {"run", DR_OF_ALL, false, {KEY("name"), TEXT("title"), TEXT("unit"), {"stored", "TIMESTAMP", 0}}},
    {"run_fact",
     DR_OF_ALL,
     true,
     {TEXT("run"), TEXT("fact"), {"text", "VARCHAR", DR_CELL_NULL}, {"number", "DOUBLE", DR_CELL_NULL}}},
    {"run_note", DR_OF_ALL, true, {TEXT("run"), TEXT("note")}},
    {"run_column", DR_OF_ALL, true, {KEY("run"), KEY("result"), KEY("name"), {"shown", "INTEGER", 0}}},

    {"region", DR_OF_REGIONS, false, {REGION("code"), TEXT("name"), TEXT("parts")}},
    {"sector", DR_OF_REGIONS, false, {SECTOR("code"), TEXT("name"), TEXT("slug"), TEXT("kind"), TEXT("isic_rev3")}},
    {"value_added", DR_OF_REGIONS, true, {YEAR, REGION("region"), SECTOR("sector"), VALUE}},

    {"final_use", DR_OF_ICIO, false, {{"code", "use_code", DR_CELL_KEY}}},
    {"output", DR_OF_ICIO, true, {YEAR, REGION("region"), SECTOR("sector"), VALUE}},
    {"intermediate_row",
     DR_OF_ROWS,
     true,
     {YEAR, REGION("origin"), SECTOR("supplier"), REGION("destination"), LIST("users", "sector_code[]"), AMOUNTS}},
    {"final_row",
     DR_OF_ROWS,
     true,
     {YEAR, REGION("origin"), SECTOR("supplier"), REGION("destination"), LIST("uses", "use_code[]"), AMOUNTS}},
    {"intermediate",
     DR_OF_CELLS,
     true,
     {YEAR, REGION("origin"), SECTOR("supplier"), REGION("destination"), SECTOR("user"), VALUE}},
    {"final",
     DR_OF_CELLS,
     true,
     {YEAR, REGION("origin"), SECTOR("supplier"), REGION("destination"), {"use", "use_code", DR_CELL_KEY}, VALUE}},

    {"flow",
     DR_OF_LONG,
     true,
     {YEAR, REGION("exporter"), REGION("importer"), SECTOR("sector"), VALUE, NUMBER("tariff")}},
    {"input", DR_OF_LONG, true, {YEAR, REGION("region"), SECTOR("input"), SECTOR("sector"), VALUE}},
    {"final_demand", DR_OF_LONG, true, {YEAR, REGION("region"), SECTOR("sector"), VALUE}},
    {"deficit", DR_OF_LONG, true, {YEAR, REGION("region"), VALUE}},
    {"trade_elasticity", DR_OF_LONG, true, {YEAR, SECTOR("sector"), VALUE}},
    {"factor_income", DR_OF_FACTORS, true, {YEAR, KEY("factor"), REGION("region"), SECTOR("sector"), VALUE}},

    {"account", DR_OF_ACCOUNTS, false, {KEY("name"), YEAR, TEXT("unit"), TEXT("source")}},
    {"account_value", DR_OF_ACCOUNTS, true, {YEAR, KEY("account"), REGION("region"), SECTOR("sector"), VALUE}},
    {"account_final", DR_OF_ACCOUNTS, true, {YEAR, KEY("account"), REGION("region"), VALUE}},
    {"account_source", DR_OF_ACCOUNTS, false, SOURCE_COLUMNS},
    {"account_finding", DR_OF_ACCOUNTS, false, FINDING_COLUMNS},

    {"tariff", DR_OF_TARIFFS, true, {YEAR, REGION("importer"), REGION("exporter"), SECTOR("sector"), NUMBER("rate")}},
    {"tariff_source", DR_OF_TARIFFS, false, SOURCE_COLUMNS},
    {"tariff_finding", DR_OF_TARIFFS, false, FINDING_COLUMNS},

    {"year_sum",
     DR_OF_SUMS,
     true,
     {{"year", "INTEGER", DR_CELL_KEY}, /* 0: of a table as a whole */
      KEY("numbers"),
      KEY("origin"),
      KEY("destination"),
      {"cells", "BIGINT", 0},
      NUMBER("total"),
      NUMBER("mixed")}},

    {"estimate",
     DR_OF_ESTIMATES,
     false,
     {KEY("name"),
      KEY("variable"),
      NUMBER("coefficient"),
      {"standard_error", "DOUBLE", DR_CELL_NULL},
      {"observations", "BIGINT", DR_CELL_NULL},
      TEXT("formula"),
      TEXT("flows"),
      {"stored", "TIMESTAMP", 0}}},
    {"estimate_fit",
     DR_OF_ESTIMATE_FITS,
     false,
     {KEY("name"),
      KEY("level"), /* of the column by which it is; "": of all rows */
      TEXT("estimator"),
      TEXT("errors"),
      {"observations", "BIGINT", 0},
      TEXT("clusters"),
      {"freedom", "DOUBLE", DR_CELL_NULL}, /* none: the distribution is normal */
      {"pseudo_r2", "DOUBLE", DR_CELL_NULL},
      {"log_likelihood", "DOUBLE", DR_CELL_NULL}}},
    {"estimate_covariance",
     DR_OF_ESTIMATE_FITS,
     false,
     {KEY("name"), KEY("variable"), KEY("other"), NUMBER("covariance")}},
    {"elasticity",
     DR_OF_ELASTICITIES,
     false,
     {KEY("name"),
      KEY("sector"),
      NUMBER("trade_elasticity"),
      {"standard_error", "DOUBLE", DR_CELL_NULL},
      {"observations", "BIGINT", DR_CELL_NULL},
      TEXT("method"),
      TEXT("flows"),
      {"stored", "TIMESTAMP", 0}}},

    /* Economies and years are numbers in the large table, which is then half as large and read in a third of the
     * time. */
    {"product_flow",
     DR_OF_PRODUCTS,
     true,
     {{"year", "INTEGER", DR_CELL_YEAR},
      {"exporter", "USMALLINT", 0},
      {"importer", "USMALLINT", 0},
      TEXT("product"),
      VALUE,
      {"quantity", "DOUBLE", DR_CELL_NULL}}},
    {"product_region", DR_OF_PRODUCTS, false, {{"id", "USMALLINT", DR_CELL_KEY}, TEXT("code")}},
    {"product_year",
     DR_OF_PRODUCTS,
     false,
     {YEAR, TEXT("classification"), TEXT("unit"), TEXT("quantity_unit"), {"whole", "BOOLEAN", 0}}},
    {"product_sector", DR_OF_PRODUCTS, true, {TEXT("product"), TEXT("sector")}},
    {"product_source", DR_OF_PRODUCTS, false, SOURCE_COLUMNS},
    {"product_finding", DR_OF_PRODUCTS, false, FINDING_COLUMNS},
    {"product_name", DR_OF_PRODUCT_NAMES, false, {KEY("classification"), KEY("product"), TEXT("name")}},

    {"energy_flow",
     DR_OF_ENERGY,
     true,
     {YEAR, KEY("importer"), KEY("partner"), KEY("fuel"), KEY("unit"), VALUE, {"months", "INTEGER", 0}}},
    {"energy_source", DR_OF_ENERGY, false, SOURCE_COLUMNS},
    {"energy_finding", DR_OF_ENERGY, false, FINDING_COLUMNS},

    {"supply_share",
     DR_OF_MATERIALS,
     true,
     {TEXT("scope"), TEXT("material"), TEXT("stage"), TEXT("country"), NUMBER("share"), NUMBER("trade")}},
    {"supply_score",
     DR_OF_MATERIALS,
     true,
     {TEXT("material"), {"year", "INTEGER", DR_CELL_YEAR}, NUMBER("supply_risk")}},
    {"supply_source", DR_OF_MATERIALS, false, SOURCE_COLUMNS},
    {"supply_finding", DR_OF_MATERIALS, false, FINDING_COLUMNS},
    {0},
};

const dr_view_rule dr_views[] = {
    {"region_part", DR_OF_REGIONS, &dr_world_sql.views.region_part},
    {"membership", DR_OF_REGIONS, &dr_world_sql.views.membership},
    {"intermediate", DR_OF_ROWS, &dr_world_sql.views.intermediate},
    {"final", DR_OF_ROWS, &dr_world_sql.views.final},
    {"product_trade", DR_OF_PRODUCTS, &dr_world_sql.views.product_trade},
    {0},
};

const dr_table_rule *dr_table_rule_find(const char *name)
{
    for (const dr_table_rule *rule = dr_tables; rule->name; rule++)
        if (strcmp(rule->name, name) == 0)
            return rule;
    return NULL;
}

size_t dr_table_rule_columns(const dr_table_rule *rule)
{
    size_t count = 0;
    while (rule->columns[count].name)
        count++;
    return count;
}

static dr_status create(const dr_duck *duck, const dr_table_rule *rule)
{
    char *columns = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&columns, &size);
    if (!to)
        return dr_fail_memory();
    for (const dr_column_rule *column = rule->columns; column->name; column++)
        fprintf(to, "%s%s %s", column > rule->columns ? ", " : "", column->name, column->type);
    dr_status status = fclose(to) == 0 ? DR_OK : dr_fail_memory();
    if (status == DR_OK)
        status = dr_sql_run(duck, dr_world_sql.schema.create_table,
                            DR_VALUES(dr_sql_name("table", rule->name), dr_sql_part("columns", columns)));
    free(columns);
    return status;
}

dr_status dr_tables_create(const dr_duck *duck, dr_family family)
{
    for (const dr_table_rule *rule = dr_tables; rule->name; rule++)
        if (rule->family == family)
            DR_TRY(create(duck, rule));
    return DR_OK;
}

dr_status dr_views_create(const dr_duck *duck, dr_family family, bool temporary)
{
    for (const dr_view_rule *view = dr_views; view->name; view++)
        if (view->family == family)
            DR_TRY(dr_sql_run(duck, temporary ? dr_world_sql.views.create_temporary : dr_world_sql.views.create,
                              DR_VALUES(dr_sql_name("view", view->name), dr_sql_part("query", *view->query))));
    return DR_OK;
}
