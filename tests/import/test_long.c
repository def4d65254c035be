/* The long format: a folder of plain tables into a world. */
#include "support/world_files.h"

#include <math.h>

#include "base/csv.h"
#include "base/names.h"
#include "import/import.h"
#include "world/economy.h"

static const char *const names[] = {"flows", "inputs", "final", "value_added", "deficit", "trade_elasticity"};
enum { FILES = 6 };

/* Two regions, two sectors; costs, uses and deficits agree with the flows. */
static const char *const small[FILES] = {
    "exporter,importer,sector,value,tariff\n"
    "North,North,corn,60,0\n"
    "North,South,corn,10,0.1\n"
    "South,North,corn,20,0.05\n"
    "South,South,corn,30,0\n"
    "North,North,cars,50,0\n"
    "North,South,cars,25,0.2\n"
    "South,South,cars,40,0\n",
    "region,input,sector,value\n"
    "North,corn,corn,10\nNorth,cars,corn,5\nNorth,corn,cars,15\nNorth,cars,cars,20\n"
    "South,corn,corn,8\nSouth,cars,corn,2\nSouth,corn,cars,3\nSouth,cars,cars,9\n",
    "region,sector,value\nNorth,corn,56\nNorth,cars,25\nSouth,corn,30\nSouth,cars,59\n",
    "region,sector,value\nNorth,corn,55\nNorth,cars,40\nSouth,corn,40\nSouth,cars,28\n",
    "region,deficit\nNorth,-15\nSouth,15\n",
    "sector,trade_elasticity\ncorn,8\ncars,4\n",
};

static void write_folder(const char *folder, const char *const texts[FILES])
{
    char path[256];
    mkdir(folder, 0777);
    for (size_t i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/%s.csv", folder, names[i]);
        if (texts[i])
            write_text(path, texts[i]);
        else
            unlink(path);
    }
}

static dr_economy *load(const char *path)
{
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    assert_ok(dr_world_open(&world, path));
    assert_ok(dr_economy_load(&economy, world, 0));
    dr_world_close(world);
    return economy;
}

static void the_economy_is_the_folder(void **state)
{
    (void)state;
    write_folder("small-1993", small);
    const dr_import_options strict = {.size = sizeof(dr_import_options), .strict = true};
    assert_ok(dr_import_long(NULL, "small-1993/", "a.world", &strict));
    dr_economy *e = load("a.world");
    assert_int_equal(e->year, 1993);
    assert_string_equal(e->region_codes.names[0], "North");
    assert_string_equal(e->sector_codes.names[1], "cars");
    const double flow[] = {60, 50, 20, 0, 10, 25, 30, 40}, tariff[] = {0, 0, 0.05, 0, 0.1, 0.2, 0, 0};
    const double input[] = {10, 15, 5, 20, 8, 3, 2, 9}, final[] = {56, 25, 30, 59}, value_added[] = {55, 40, 40, 28};
    const double deficit[] = {-15, 15}, elasticity[] = {8, 4};
    assert_memory_equal(e->flow, flow, sizeof flow);
    assert_memory_equal(e->tariff, tariff, sizeof tariff);
    assert_memory_equal(e->input, input, sizeof input);
    assert_memory_equal(e->final, final, sizeof final);
    assert_memory_equal(e->value_added, value_added, sizeof value_added);
    assert_memory_equal(e->deficit, deficit, sizeof deficit);
    assert_memory_equal(e->elasticity, elasticity, sizeof elasticity);
    assert_string_equal(e->source,
                        "deficit.csv; final.csv; flows.csv; inputs.csv; trade_elasticity.csv; value_added.csv");
    dr_economy_free(e);
}

static void what_is_optional_may_be_left_out(void **state)
{
    (void)state;
    const char *texts[FILES] = {"sector,exporter,importer,value,note\nx,A,A,10,this\nx,A,B,1,is\nx,B,B,5,ignored\n",
                                "region,input,sector,value\nA,x,x,4\nB,x,x,1\n", "region,sector,value\nA,x,6\nB,x,5\n",
                                "region,sector,value\nA,x,7\nB,x,4\n"};
    write_folder("folder", texts);
    const dr_import_options options = {.size = sizeof(dr_import_options), .year = 2001};
    assert_ok(dr_import_long(NULL, "folder", "a.world", &options));
    dr_economy *e = load("a.world");
    assert_null(e->deficit);
    assert_null(e->elasticity);
    assert_int_equal(e->year, 2001);
    assert_true(e->flow[2] == 1); /* B buys from A */
    dr_economy_free(e);
}

/* Flows without inputs and final use: what needs a table says so; the flows are there. */
static void trade_flows_may_stand_alone(void **state)
{
    (void)state;
    const char *texts[FILES] = {small[0], NULL, NULL, small[3]};
    const dr_import_options strict = {.size = sizeof(dr_import_options), .strict = true};
    write_folder("flows-1993", texts);
    assert_ok(dr_import_long(NULL, "flows-1993", "f.world", &strict));
    dr_world *world = NULL;
    dr_table *table = NULL;
    dr_model *model = NULL;
    dr_economy *e = load("f.world");
    assert_true(e->flows_only);
    assert_true(e->flow[4] == 10 && e->value_added[0] == 55 && e->final[0] == 0 && e->input[0] == 0);
    const char *line = "f.world: 1993 has trade flows only, without inputs and final use; expected an input-output "
                       "table (derisk update brings an older one to these flows)";
    assert_failed(dr_model_new(&model, e, NULL), DR_BAD_INPUT, line);
    assert_ok(dr_world_open(&world, "f.world"));
    assert_failed(dr_position(&table, world, NULL, 0, false), DR_BAD_INPUT, line);
    assert_ok(dr_balance(&table, world, "North", "South", NULL));
    assert_true(dr_table_number(table, 0, (size_t)dr_table_find(table, "balance")) == 15);
    dr_table_free(table);
    dr_world_close(world);
    dr_economy_free(e);
    texts[2] = small[2];
    write_folder("flows-1993", texts);
    assert_failed(dr_import_long(NULL, "flows-1993", "g.world", NULL), DR_BAD_INPUT,
                  "flows-1993: the folder has no file inputs.csv, inputs.csv.gz or inputs.parquet");
}

/* A column for each year, in any order, instead of one of values. */
static void years_may_be_columns(void **state)
{
    (void)state;
    const char *texts[FILES] = {"exporter,importer,2012,sector,2011\nA,A,10,x,1\nA,B,2,x,0\nB,B,30,x,3\n"};
    const dr_import_options one = {.size = sizeof(dr_import_options), .year = 2012},
                            none = {.size = sizeof(dr_import_options), .year = 2013};
    write_folder("years", texts);
    dr_world *world = NULL;
    dr_economy *e = NULL;
    assert_ok(dr_import_long(NULL, "years", "y.world", NULL));
    assert_ok(dr_world_open(&world, "y.world"));
    assert_int_equal(dr_world_years(world), 2);
    for (int year = 2011; year <= 2012; year++) {
        assert_ok(dr_economy_load(&e, world, year));
        const double flow[2][4] = {{1, 0, 0, 3}, {10, 0, 2, 30}};
        assert_memory_equal(e->flow, flow[year - 2011], sizeof flow[0]);
        dr_economy_free(e);
    }
    dr_world_close(world);
    assert_ok(dr_import_long(NULL, "years", "z.world", &one));
    assert_ok(dr_world_open(&world, "z.world"));
    assert_int_equal(dr_world_years(world), 1);
    dr_world_close(world);
    assert_failed(dr_import_long(NULL, "years", "z.world", &none), DR_BAD_INPUT,
                  "years/flows.csv: has no column 2013; its years are from 2011 to 2012");
    texts[0] = "exporter,importer,sector,2011,2011\nA,A,x,1,1\n";
    write_folder("years", texts);
    assert_int_equal(dr_import_long(NULL, "years", "w.world", NULL), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "years/flows.csv:1: the column '2011' appears twice"));
    assert_false(is_there("w.world"));
}

/* Value added by factor: in the economy, after aggregation, and gone with the next import of the year. */
static void factors_are_kept(void **state)
{
    (void)state;
    const char *texts[FILES];
    memcpy(texts, small, sizeof texts);
    texts[3] = "region,sector,factor,value\nNorth,corn,labour,40\nNorth,corn,land,15\nNorth,cars,labour,40\n"
               "South,corn,land,30\nSouth,corn,labour,10\nSouth,cars,labour,28\n";
    write_folder("small-1993", texts);
    const dr_import_options strict = {.size = sizeof(dr_import_options), .strict = true};
    assert_ok(dr_import_long(NULL, "small-1993", "a.world", &strict));
    dr_economy *e = load("a.world");
    const double factor[] = {40, 40, 10, 28, 15, 0, 30, 0}, value_added[] = {55, 40, 40, 28};
    assert_int_equal(e->factors.count, 2);
    assert_string_equal(e->factors.names[1], "land");
    assert_memory_equal(e->factor, factor, sizeof factor);
    assert_memory_equal(e->value_added, value_added, sizeof value_added);
    dr_economy_free(e);
    dr_world *world = NULL;
    assert_ok(dr_world_open(&world, "a.world"));
    write_text("sectors.csv", "sector,to\ncorn,all\ncars,all\n");
    assert_ok(dr_world_aggregate(NULL, world, NULL, "sectors.csv", "b.world"));
    dr_world_close(world);
    e = load("b.world");
    const double sums[] = {80, 38, 15, 30};
    assert_memory_equal(e->factor, sums, sizeof sums);
    dr_economy_free(e);
    write_folder("small-1993", small);
    assert_ok(dr_import_long(NULL, "small-1993", "a.world", &strict));
    e = load("a.world");
    assert_int_equal(e->factors.count, 0);
    assert_null(e->factor);
    assert_memory_equal(e->value_added, value_added, sizeof value_added);
    dr_economy_free(e);
}

/* A world made before there were factors is read, and gets their table with its next year. */
static void old_worlds_get_factors(void **state)
{
    (void)state;
    const char *texts[FILES];
    memcpy(texts, small, sizeof texts);
    texts[3] = "region,sector,factor,value\nNorth,corn,labour,55\nNorth,cars,labour,40\nSouth,corn,labour,10\n"
               "South,corn,land,30\nSouth,cars,labour,28\n";
    write_folder("small-1993", small);
    write_folder("small-1994", texts);
    assert_ok(dr_import_long(NULL, "small-1993", "a.world", NULL));
    dr_duck duck;
    assert_ok(dr_duck_open(&duck, "a.world", false));
    assert_ok(dr_duck_run(&duck, "DROP TABLE factor_income"));
    dr_duck_close(&duck);
    dr_economy *e = load("a.world");
    assert_int_equal(e->factors.count, 0);
    dr_economy_free(e);
    assert_ok(dr_import_long(NULL, "small-1994", "a.world", NULL));
    e = load("a.world");
    assert_int_equal(e->factors.count, 2);
    dr_economy_free(e);
}

/* In a world that is there, whatever the order of a folder's rows. */
static void another_year_keeps_the_order(void **state)
{
    (void)state;
    const char *turned[FILES];
    memcpy(turned, small, sizeof turned);
    turned[0] = "exporter,importer,sector,value,tariff\n"
                "South,South,cars,40,0\n"
                "South,South,corn,30,0\n"
                "South,North,corn,20,0.05\n"
                "North,South,cars,25,0.2\n"
                "North,North,cars,50,0\n"
                "North,South,corn,10,0.1\n"
                "North,North,corn,60,0\n";
    write_folder("a-1993", small);
    write_folder("a-1994", turned);
    assert_ok(dr_import_long(NULL, "a-1993", "a.world", NULL));
    assert_ok(dr_import_long(NULL, "a-1994", "a.world", NULL));
    assert_true(query_number("a.world",
                             "SELECT count(*) FROM flow a JOIN flow b USING (exporter, importer, sector, value, tariff)"
                             " WHERE a.year = 1993 AND b.year = 1994") == 7);
    dr_table *report = NULL;
    assert_ok(dr_import_long(&report, "a-1994", "a.world", NULL));
    assert_string_equal(dr_table_text(report, 0, DR_FINDING_DONE),
                        "imported, replacing the world's earlier data of this year");
    assert_true(query_number("a.world", "SELECT count(*) FROM flow") == 14);
    dr_table_free(report);
    assert_ok(dr_import_long(&report, "a-1994", "b.world", NULL));
    dr_table_free(report);
    dr_economy *e = load("b.world");
    assert_string_equal(e->region_codes.names[0], "South");
    dr_economy_free(e);
}

static void formats_do_not_mix(void **state)
{
    (void)state;
    const char *file = "small_2011.csv";
    write_folder("small-1993", small);
    make_small_world("icio.world");
    assert_failed(
        dr_import_long(NULL, "small-1993", "icio.world", NULL), DR_BAD_INPUT,
        "small-1993: the world contains input-output tables, which cannot be combined with tables in the long format");
    assert_ok(dr_import_long(NULL, "small-1993", "long.world", NULL));
    assert_failed(dr_import_icio(NULL, &file, 1, "long.world", NULL), DR_BAD_INPUT,
                  "small_2011.csv: the world contains tables in the long format, which cannot be combined with "
                  "input-output tables");
}

static void checks_say_what_they_found(void **state)
{
    (void)state;
    static const struct {
        int file;
        const char *text, *found, *strict;
    } cases[] = {
        {3, "region,sector,value\nNorth,corn,54\nNorth,cars,40\nSouth,corn,40\nSouth,cars,28\n",
         "largest gap 1: inputs and value added are 69, sales 70; 1 of 4 differ by more than a millionth",
         "t-1993: costs against sales: North corn: largest gap 1: inputs and value added are 69, sales 70; 1 of 4 "
         "differ by more than "
         "a millionth"},
        {2, "region,sector,value\nNorth,corn,56\nNorth,cars,25\nSouth,corn,30\nSouth,cars,50\n",
         "largest gap 9: inputs and final use are 61, purchases with tariff 70; 1 of 4 differ by more than a millionth",
         "t-1993: uses against purchases: South cars: largest gap 9: inputs and final use are 61, purchases with "
         "tariff 70; 1 of 4 "
         "differ by more than a millionth"},
        {4, "region,deficit\nNorth,-15\nSouth,16\n",
         "largest gap 1: deficits are 16, imports less exports 15; 1 of 2 differ by more than a millionth",
         "t-1993: deficits against flows: South: largest gap 1: deficits are 16, imports less exports 15; 1 of 2 "
         "differ by more than a "
         "millionth"},
        {1, "region,input,sector,value\nNorth,corn,corn,-1\n", "1, sum -1, the largest -1",
         "t-1993: negative inputs: 1, the largest -1"},
        {2, "region,sector,value\nNorth,corn,-7\n", "1, sum -7, the largest -7",
         "t-1993: negative final use: 1, the largest -7"},
        {3, "region,sector,value\nNorth,corn,-7\n", "1, sum -7, the largest -7",
         "t-1993: negative value added: 1, the largest -7"},
    };
    const dr_import_options strict = {.size = sizeof(dr_import_options), .strict = true};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *texts[FILES];
        dr_table *report = NULL;
        bool there = false;
        memcpy(texts, small, sizeof texts);
        texts[cases[i].file] = cases[i].text;
        write_folder("t-1993", texts);
        assert_ok(dr_import_long(&report, "t-1993", "a.world", NULL));
        for (size_t row = 0; row < dr_table_rows(report); row++)
            there = there || strcmp(dr_table_text(report, row, DR_FINDING_FOUND), cases[i].found) == 0;
        if (!there)
            fail_msg("not found: %s", cases[i].found);
        dr_table_free(report);
        assert_failed(dr_import_long(NULL, "t-1993", "b.world", &strict), DR_BAD_INPUT, cases[i].strict);
        assert_false(is_there("b.world"));
    }
}

/* Each number is finite, and sums of them are not: that is no agreement. */
static void sums_beyond_all_numbers_are_found(void **state)
{
    (void)state;
    const dr_import_options strict = {.size = sizeof(dr_import_options), .strict = true};
    const char *texts[FILES];
    memcpy(texts, small, sizeof texts);
    texts[0] = "exporter,importer,sector,value,tariff\nNorth,North,corn,1e308,0\nNorth,South,corn,1e308,0\n"
               "South,North,corn,20,0.05\nSouth,South,corn,30,0\nNorth,North,cars,50,0\nNorth,South,cars,25,0.2\n"
               "South,South,cars,40,0\n";
    texts[1] = "region,input,sector,value\nNorth,corn,corn,1e308\nNorth,cars,corn,1e308\n";
    write_folder("t-1993", texts);
    assert_int_equal(dr_import_long(NULL, "t-1993", "b.world", &strict), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "t-1993: costs against sales: North corn: largest gap inf: "));
    assert_false(is_there("b.world"));
}

/* Rates below zero, and percentages in place of fractions, are kept and said. */
static void odd_tariffs_are_found(void **state)
{
    (void)state;
    static const char *const wanted[] = {"1, the lowest -60% on corn from North to South",
                                         "2, the highest 2500% on cars from North to South"};
    const char *texts[FILES];
    dr_table *report = NULL;
    size_t found = 0;
    memcpy(texts, small, sizeof texts);
    texts[0] = "exporter,importer,sector,value,tariff\nNorth,North,corn,60,0\nNorth,South,corn,10,-0.6\n"
               "South,North,corn,20,5\nSouth,South,corn,30,0\nNorth,North,cars,50,0\nNorth,South,cars,25,25\n"
               "South,North,cars,0,99\nSouth,South,cars,40,0\n"; /* a tariff on no trade is none of them */
    write_folder("t-1993", texts);
    assert_ok(dr_import_long(&report, "t-1993", "odd.world", NULL));
    for (size_t row = 0; row < dr_table_rows(report); row++)
        for (size_t k = 0; k < 2; k++)
            found += strcmp(dr_table_text(report, row, DR_FINDING_FOUND), wanted[k]) == 0;
    assert_int_equal(found, 2);
    dr_table_free(report);
}

static void broken_folders_are_refused(void **state)
{
    (void)state;
    static const struct {
        int file;
        const char *text, *error;
    } cases[] = {
        {0, NULL, "t-1993: the folder has no file flows.csv, flows.csv.gz or flows.parquet"},
        {3, NULL, "t-1993: the folder has no file value_added.csv, value_added.csv.gz or value_added.parquet"},
        {0, "exporter,importer,sector,value\n", "t-1993/flows.csv:1: no rows after the header"},
        {0, "exporter,importer,sector,values\nA,A,x,1\n",
         "t-1993/flows.csv:1: the column 'value' is missing; did you mean 'values'?"},
        {0, "exporter,importer,sector,value\nNorth,North,corn,1\nNorth,Nort,corn,1\n",
         "t-1993/flows.csv:3:2: the importer 'Nort' is not among the exporters of the flows; did you mean 'North'?"},
        {0, "exporter,importer,sector,value\nNorth,North,corn,1\nNorth,North,corn,2\n",
         "t-1993/flows.csv:3: a second row for the same names"},
        {0, "exporter,importer,sector,value\nNorth,North,,1\n",
         "t-1993/flows.csv:2:3: expected a name of 1 to 120 bytes of UTF-8"},
        {0, "exporter,importer,sector,value,tariff\nNorth,North,corn,1,-1\n",
         "t-1993/flows.csv:2:5: -1; expected a number above -1"},
        {0, "exporter,importer,sector,value,tariff\nNorth,North,corn,1,5%\n",
         "t-1993/flows.csv:2:5: '5%' is not a finite number"},
        {0, "exporter,importer,sector,value\nNorth,North,corn,\n",
         "t-1993/flows.csv:2:4: the cell is empty; expected a number"},
        {0, "exporter,importer,sector,value\nNorth,North,corn\n",
         "t-1993/flows.csv:2: a row of 3 cells, but the header has 4"},
        {1, "region,input,sector,value\nNorth,korn,corn,10\n",
         "t-1993/inputs.csv:2:2: the input 'korn' is not among the sectors of the flows; did you mean 'corn'?"},
        {3, "region,sector,factor,value\nNorth,corn,,10\n",
         "t-1993/value_added.csv:2:3: expected a name of 1 to 120 bytes of UTF-8"},
        {3, "region,sector,factor,value\nNorth,corn,labour,10\nNorth,corn,labour,5\n",
         "t-1993/value_added.csv:3: a second row for the same names"},
        {3, "region,sector,factor,value\nNort,corn,labour,10\n",
         "t-1993/value_added.csv:2:1: the region 'Nort' is not among the exporters of the flows; did you mean "
         "'North'?"},
        {4, "region,deficit\nNorth,5\n", "t-1993/deficit.csv: has no row for the region 'South'"},
        {4, "region,deficit\nNorth,5\nSouth,-5\nNorth,5\n", "t-1993/deficit.csv:4: a second row for the same region"},
        {5, "sector,trade_elasticity\ncorn,8\n", "t-1993/trade_elasticity.csv: has no row for the sector 'cars'"},
        {5, "sector,trade_elasticity\ncorn,8\ncars,0\n",
         "t-1993/trade_elasticity.csv:3:2: 0; expected a number above 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *texts[FILES];
        memcpy(texts, small, sizeof texts);
        texts[cases[i].file] = cases[i].text;
        write_folder("t-1993", texts);
        assert_failed(dr_import_long(NULL, "t-1993", "a.world", NULL), DR_BAD_INPUT, cases[i].error);
        assert_false(is_there("a.world"));
        assert_false(is_there("a.world.part"));
    }
    assert_failed(dr_import_long(NULL, "no-1993", "a.world", NULL), DR_BAD_INPUT,
                  "no-1993: no such folder; expected one with flows.csv and other tables");
    write_folder("t-1993", small);
    write_text("t-1993/final.csv.gz", "");
    assert_failed(dr_import_long(NULL, "t-1993", "a.world", NULL), DR_BAD_INPUT,
                  "t-1993/final.csv: exists beside final.csv.gz; expected one of them");
    assert_failed(dr_import_long(NULL, "t-x", "a.world", NULL), DR_BAD_INPUT,
                  "t-x: no such folder; expected one with flows.csv and other tables");
}

/* Adds up the numbers of a file by plain reading; with `other`, each times the number in that column. */
static double plain_sum(const char *path, const char *column, const char *other)
{
    dr_csv *csv = NULL;
    bool more = true;
    int columns[2];
    double sum = 0, value = 0, factor = 1;
    const char *const wanted[] = {column, other ? other : column};
    assert_ok(dr_csv_open(&csv, path));
    assert_ok(dr_csv_header(csv, wanted, 2, columns));
    while (dr_csv_record(csv, &more) == DR_OK && more) {
        assert_ok(dr_csv_number(csv, (size_t)columns[0], &value));
        if (other)
            assert_ok(dr_csv_number(csv, (size_t)columns[1], &factor));
        sum += value * factor;
    }
    dr_csv_close(csv);
    return sum;
}

static void nafta_is_read_whole(void **state)
{
    (void)state;
    char folder[8192];
    snprintf(folder, sizeof folder, "%s", shared("data/nafta-1993"));
    assert_ok(dr_import_long(NULL, folder, "nafta.world", NULL));
    dr_economy *e = load("nafta.world");
    assert_int_equal(e->regions, 31);
    assert_int_equal(e->sectors, 40);
    assert_int_equal(e->year, 1993);
    double flow = 0, revenue = 0, input = 0;
    for (size_t i = 0; i < 31 * 31 * 40; i++) {
        flow += e->flow[i];
        revenue += e->flow[i] * e->tariff[i];
    }
    for (size_t i = 0; i < 31 * 40 * 40; i++)
        input += e->input[i];
    assert_true(fabs(flow / plain_sum(shared("data/nafta-1993/flows.csv.gz"), "value", NULL) - 1) < 1e-13);
    assert_true(fabs(revenue / plain_sum(shared("data/nafta-1993/flows.csv.gz"), "value", "tariff") - 1) < 1e-13);
    double inputs = plain_sum(shared("data/nafta-1993/inputs.csv.gz"), "value", NULL);
    assert_true(fabs((input + e->negative_intermediate_sum) / inputs - 1) < 1e-13);
    assert_int_equal(e->negative_intermediate, 1);
    assert_true(e->elasticity[0] == 9.11);
    assert_true(e->deficit[0] == 3513903930);
    assert_true(dr_names_find(&e->groups, "EU") >= 0);
    dr_economy_free(e);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, empty_folder)
    const struct CMUnitTest tests[] = {
        TEST(the_economy_is_the_folder),    TEST(factors_are_kept),
        TEST(old_worlds_get_factors),       TEST(what_is_optional_may_be_left_out),
        TEST(another_year_keeps_the_order), TEST(formats_do_not_mix),
        TEST(checks_say_what_they_found),   TEST(sums_beyond_all_numbers_are_found),
        TEST(odd_tariffs_are_found),        TEST(broken_folders_are_refused),
        TEST(nafta_is_read_whole),          TEST(trade_flows_may_stand_alone),
        TEST(years_may_be_columns),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
