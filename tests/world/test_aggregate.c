/* Sums of worlds: every total is kept, and the same table comes out whichever way it is added up. */
#include "support/world_files.h"

#include <math.h>

#include "base/names.h"
#include "world/economy.h"
#include "world/walk.h"

static dr_status aggregate(const char *from, const char *region_map, const char *sector_map, const char *to)
{
    dr_world *world = NULL;
    dr_table *report = NULL;
    assert_ok(dr_world_open(&world, from));
    dr_status status = dr_world_aggregate(&report, world, region_map, sector_map, to);
    dr_world_close(world);
    for (size_t row = 0; status == DR_OK && row < dr_table_rows(report); row++)
        assert_string_equal(dr_table_text(report, row, 1), "total kept");
    dr_table_free(report);
    return status;
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

/* ---- Input-output tables ---- */

static void regions_are_added_up(void **state)
{
    (void)state;
    make_small_world("a.world");
    import_text("small_2012.csv", small_table, "a.world", NULL);
    write_text("regions.csv", "region,to,name\nAAA,ALL,Everything\nBBB,ALL,\n");
    assert_ok(aggregate("a.world", "regions.csv", NULL, "b.world"));
    dr_economy *e = load("b.world");
    assert_int_equal(e->regions, 1);
    assert_int_equal(e->sectors, 2);
    assert_string_equal(e->region_names[0], "Everything");
    const double flow[] = {130, 250}, input[] = {35, 13, 13, 87}, final[] = {82, 150};
    assert_memory_equal(e->flow, flow, sizeof flow);
    assert_memory_equal(e->input, input, sizeof input);
    assert_memory_equal(e->final, final, sizeof final);
    dr_economy_free(e);
    assert_true(query_number("b.world", "SELECT count(*) FROM year") == 2);
    assert_true(query_number("b.world", "SELECT sum(value) FROM value_added") == 464);
    assert_true(query_number("b.world", "SELECT sum(value) FROM output WHERE sector = 'x'") == 260);
    assert_true(query_number("b.world",
                             "SELECT count(*) FROM source WHERE id = 'small_2012.csv' AND length(sha256) = 64") == 1);
}

static void sectors_are_added_up(void **state)
{
    (void)state;
    write_text("sectors.csv", "code,name,slug,kind\nx,Things,things,goods\ny,Deeds,deeds,goods\n");
    const dr_import_options options = {.size = sizeof(dr_import_options), .sectors = "sectors.csv"};
    import_text("small_2011.csv", small_table, "a.world", &options);
    write_text("map.csv", "sector,to,slug\ny,z,all-of-it\nx,z,all-of-it\n");
    assert_ok(aggregate("a.world", NULL, "map.csv", "b.world"));
    dr_economy *e = load("b.world");
    assert_int_equal(e->regions, 2);
    assert_string_equal(e->sector_codes.names[0], "z");
    assert_string_equal(e->sector_names[0], ""); /* two names are none */
    assert_string_equal(e->sector_slugs[0], "all-of-it");
    assert_string_equal(e->sector_kinds[0], "goods"); /* which both are */
    const double flow[] = {121, 17, 29, 213}, input[] = {58, 90}, final[] = {80, 152};
    assert_memory_equal(e->flow, flow, sizeof flow);
    assert_memory_equal(e->input, input, sizeof input);
    assert_memory_equal(e->final, final, sizeof final);
    dr_economy_free(e);
}

static void without_maps_everything_stays(void **state)
{
    (void)state;
    static const char *const tables[] = {"intermediate", "final",  "output", "value_added",
                                         "region",       "sector", "source"};
    make_small_world("a.world");
    assert_ok(aggregate("a.world", NULL, NULL, "b.world"));
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        dr_world *a = NULL, *b = NULL;
        assert_ok(dr_world_open(&a, "a.world"));
        assert_ok(dr_world_open(&b, "b.world"));
        assert_ok(dr_world_export(a, tables[i], DR_FORMAT_CSV, "a.csv"));
        assert_ok(dr_world_export(b, tables[i], DR_FORMAT_CSV, "b.csv"));
        dr_world_close(a);
        dr_world_close(b);
        assert_same_files("a.csv", "b.csv");
    }
}

/* First regions, then sectors, or both at once: the same numbers. */
static void the_way_does_not_matter(void **state)
{
    (void)state;
    make_small_world("a.world");
    write_text("regions.csv", "region,to\nAAA,W\nBBB,W\n");
    write_text("sectors.csv", "sector,to\nx,s\ny,s\n");
    assert_ok(aggregate("a.world", "regions.csv", NULL, "r.world"));
    assert_ok(aggregate("r.world", NULL, "sectors.csv", "rs.world"));
    assert_ok(aggregate("a.world", "regions.csv", "sectors.csv", "both.world"));
    dr_economy *rs = load("rs.world"), *both = load("both.world");
    assert_true(rs->flow[0] == 380 && both->flow[0] == 380);
    assert_true(rs->input[0] == 148 && both->input[0] == 148);
    assert_true(rs->final[0] == 232 && both->final[0] == 232);
    dr_economy_free(rs);
    dr_economy_free(both);
}

static void a_region_is_a_member_while_all_its_parts_are(void **state)
{
    (void)state;
    import_text("t_2004.csv",
                "V1,DEU_x,FRA_x,USA_x,ROW_x,DEU_C,FRA_C,USA_C,ROW_C,OUT\n"
                "DEU_x,1,1,1,1,1,1,1,1,8\nFRA_x,1,1,1,1,1,1,1,1,8\nUSA_x,1,1,1,1,1,1,1,1,8\nROW_x,1,1,1,1,1,1,1,1,8\n"
                "VA,4,4,4,4,0,0,0,0,16\n",
                "a.world", NULL);
    write_text("regions.csv", "region,to\nDEU,CORE\nFRA,CORE\nUSA,REST\nROW,REST\n");
    assert_ok(aggregate("a.world", "regions.csv", NULL, "b.world"));
    dr_economy *e = load("b.world");
    int eu = dr_names_find(&e->groups, "EU");
    assert_true(eu >= 0);
    assert_int_equal(e->member[(size_t)eu * 2], 1);
    assert_int_equal(e->member[(size_t)eu * 2 + 1], 0);
    int g7 = dr_names_find(&e->groups, "G7");
    assert_int_equal(e->member[(size_t)g7 * 2], 1);
    assert_int_equal(e->member[(size_t)g7 * 2 + 1], 0); /* the rest of the world is none */
    dr_economy_free(e);
    assert_true(query_number("b.world", "SELECT count(*) FROM region WHERE code = 'CORE' AND parts = 'DEU|FRA'") == 1);
}

/* A good sum, of which one number is a little off in turn. */
static void a_sum_that_is_off_is_noticed(void **state)
{
    (void)state;
    enum { CELLS = 16 };
    const double wrong[] = {1 + 1e-6, 1 - 1e-6, NAN};
    double cells[CELLS] = {0}, total;
    dr_world *world = NULL;
    make_small_world("a.world");
    assert_ok(dr_world_open(&world, "a.world"));
    dr_sum sum = {.target = cells, .stride = {8, 4, 2, 1}};
    dr_walk walk = {.table = "intermediate", .add = dr_walk_sum, .user = &sum};
    assert_ok(dr_walk_run(&walk, world, 2011));
    assert_true(dr_sum_kept(&sum, CELLS, &total));
    assert_true(total == 148);
    for (size_t i = 0; i < CELLS; i++)
        for (size_t k = 0; k < 3; k++) {
            double before = cells[i];
            cells[i] *= wrong[k];
            assert_false(dr_sum_kept(&sum, CELLS, &total));
            cells[i] = before;
        }
    assert_false(dr_sum_kept(&sum, CELLS - 1, &total));
    assert_true(dr_sum_kept(&sum, CELLS, &total));
    dr_world_close(world);
}

/* ---- Lists of cells, and the same cells one by one ---- */

static void lists_have_the_totals_of_their_cells(void **state)
{
    (void)state;
    enum { CELLS = 1000 };
    double numbers[CELLS];
    unsigned codes[CELLS];
    for (unsigned i = 0; i < CELLS; i++) {
        numbers[i] = i % 3 ? sin(i) * exp2(i % 41) : 0;
        codes[i] = 2 * i + i % 2;
    }
    for (int sparse = 0; sparse < 2; sparse++) {
        dr_total one = {0}, list = {0};
        for (size_t i = 0; i < CELLS; i++)
            if (numbers[i] != 0)
                dr_total_add(&one, 7 + (sparse ? codes[i] : i), numbers[i]);
        dr_total_add_list(&list, 7, sparse ? codes : NULL, numbers, CELLS / 2);
        assert_true(list.mixed != one.mixed);
        dr_total_add_list(&list, 7 + (sparse ? 0 : CELLS / 2), sparse ? codes + CELLS / 2 : NULL, numbers + CELLS / 2,
                          CELLS / 2);
        assert_int_equal(list.cells, one.cells);
        assert_true(list.sum == one.sum && list.sum_low == one.sum_low && list.size == one.size);
        assert_true(list.mixed == one.mixed && list.mixed_low == one.mixed_low);
    }
}

enum { REGIONS = 3, SECTORS = 5, ROWS = REGIONS * SECTORS, COLUMNS = ROWS + REGIONS };

static void print_label(FILE *to, size_t column)
{
    if (column < ROWS)
        fprintf(to, "%cAA_s%zu", (char)('A' + column / SECTORS), column % SECTORS);
    else
        fprintf(to, "%cAA_HFCE", (char)('A' + column - ROWS));
}

/* A's rows are full, of B's and C's one cell in four; one cell is negative. */
static double sparse_cell(size_t row, size_t column)
{
    if (row == 2 && column == 9)
        return -0.25;
    return row < SECTORS || (row + column) % 4 == 0 ? (double)(1 + (7 * row + 3 * column) % 11) / 8 : 0;
}

static void write_sparse_table(const char *path)
{
    char text[8192];
    double output[ROWS] = {0}, inputs[COLUMNS] = {0};
    FILE *to = fmemopen(text, sizeof text, "w");
    fputs("V1", to);
    for (size_t column = 0; column < COLUMNS; column++) {
        fputc(',', to);
        print_label(to, column);
    }
    fputs(",OUT\n", to);
    for (size_t row = 0; row < ROWS; row++) {
        print_label(to, row);
        for (size_t column = 0; column < COLUMNS; column++) {
            output[row] += sparse_cell(row, column);
            inputs[column] += sparse_cell(row, column);
            fprintf(to, ",%.3f", sparse_cell(row, column));
        }
        fprintf(to, ",%.3f\n", output[row]);
    }
    fputs("VA", to);
    for (size_t column = 0; column < COLUMNS; column++)
        fprintf(to, ",%.3f", column < ROWS ? output[column] - inputs[column] : 0);
    fputs(",0\n", to);
    fclose(to);
    import_text("sparse_2011.csv", text, path, NULL);
}

static void lists_are_added_as_their_cells_are(void **state)
{
    (void)state;
    enum { CELLS = ROWS * ROWS };
    static const dr_added added[] = {DR_ADD_VALUE, DR_ADD_ONE};
    double cells[CELLS], lists[CELLS];
    dr_world *world = NULL;
    write_sparse_table("a.world");
    assert_true(query_number("a.world", "SELECT count(*) FROM intermediate_row WHERE users IS NULL") > 0);
    assert_true(query_number("a.world", "SELECT count(*) FROM intermediate_row WHERE users IS NOT NULL") > 0);
    assert_ok(dr_world_open(&world, "a.world"));
    for (size_t k = 0; k < 2; k++) {
        dr_sum one = {.target = cells, .added = added[k], .stride = {SECTORS * ROWS, ROWS, SECTORS, 1}}, list = one;
        dr_walk walk = {.table = "intermediate", .add = dr_walk_sum, .user = &one};
        memset(cells, 0, sizeof cells);
        memset(lists, 0, sizeof lists);
        assert_ok(dr_walk_run(&walk, world, 2011));
        list.target = lists;
        walk.user = &list;
        walk.add_list = dr_walk_sum_list;
        assert_ok(dr_walk_run(&walk, world, 2011));
        assert_memory_equal(cells, lists, sizeof cells);
        assert_true(one.count > 75 && one.count == list.count && one.total == list.total && one.size == list.size);
    }
    dr_world_close(world);
}

/* ---- The long format ---- */

static void write_long(void)
{
    mkdir("long-1993", 0777);
    write_text("long-1993/flows.csv", "exporter,importer,sector,value,tariff\n"
                                      "A,A,x,60,0\nA,B,x,10,0.1\nA,C,x,30,0.2\nB,A,x,20,0.05\nB,B,x,30,0\nC,C,x,5,0\n"
                                      "A,A,y,50,0\nA,C,y,0,0.3\nB,B,y,40,0\nC,C,y,7,0\n");
    write_text("long-1993/inputs.csv", "region,input,sector,value\nA,x,x,10\nA,y,x,5\nB,x,y,8\nC,y,y,2\n");
    write_text("long-1993/final.csv", "region,sector,value\nA,x,56\nA,y,25\nB,x,30\nC,x,4\n");
    write_text("long-1993/value_added.csv", "region,sector,value\nA,x,55\nB,y,40\nC,x,40\nC,y,28\n");
    write_text("long-1993/deficit.csv", "region,deficit\nA,-20\nB,-10\nC,30\n");
    write_text("long-1993/trade_elasticity.csv", "sector,trade_elasticity\nx,8\ny,4\n");
    assert_ok(dr_import_long(NULL, "long-1993", "long.world", NULL));
}

static void tariff_revenue_is_kept(void **state)
{
    (void)state;
    write_long();
    write_text("regions.csv", "region,to\nA,A\nB,BC\nC,BC\n");
    assert_ok(aggregate("long.world", "regions.csv", NULL, "b.world"));
    dr_economy *e = load("b.world");
    const double flow[] = {60, 50, 20, 0, 40, 0, 35, 47}, deficit[] = {-20, 20};
    assert_memory_equal(e->flow, flow, sizeof flow);
    assert_memory_equal(e->deficit, deficit, sizeof deficit);
    assert_true(fabs(e->tariff[4] - (10 * 0.1 + 30 * 0.2) / 40) < 1e-15);
    assert_true(fabs(e->tariff[2] - 0.05) < 1e-15);
    assert_true(fabs(e->tariff[5] - 0.3) < 1e-15); /* nothing flows: the plain mean of what is there */
    assert_true(e->value_added[0] == 55 && e->value_added[2] == 40 && e->value_added[3] == 68);
    assert_true(e->elasticity[0] == 8 && e->elasticity[1] == 4);
    dr_economy_free(e);
}

static void elasticities_are_averaged_by_spending(void **state)
{
    (void)state;
    write_long();
    write_text("sectors.csv", "sector,to\nx,z\ny,z\n");
    assert_ok(aggregate("long.world", NULL, "sectors.csv", "b.world"));
    dr_economy *e = load("b.world");
    double on_x = 60 + 11 + 36 + 21 + 30 + 5, on_y = 50 + 40 + 7;
    assert_true(fabs(e->elasticity[0] - (8 * on_x + 4 * on_y) / (on_x + on_y)) < 1e-12);
    dr_economy_free(e);
}

/* ---- Products, energy, materials ---- */

static void import_products(const char *concordance)
{
    const dr_import_options options = {.size = sizeof(dr_import_options), .concordance = concordance};
    const char *flows = "baci_hs17_2020.csv", *energy = "energy.csv", *shares[] = {"world.csv", "eu.csv", "scores.csv"};
    write_text(flows,
               "t,i,j,k,v,q\n2019,276,156,010121,1.5,0.25\n2020,842,251,270900,2.5,\n2020,999,276,999999,3,NA\n");
    write_text(energy, "geo,partner,siec,unit,TIME_PERIOD,OBS_VALUE\nDE,RU,G3000,TJ_GCV,2020,2000\n");
    write_text("world.csv", "Material,Stage,Country,Share,t\nGallium,P,China,94%,1.1\n");
    write_text("eu.csv", "Material,Stage,Country,Share,t\nGallium,P,China,71%,1.1\nGallium,P,Germany,27%,0.8\n");
    write_text("scores.csv", "Material,Year,SR\nGallium,2023,3.9\n");
    assert_ok(dr_import_products(NULL, DR_BACI, &flows, 1, "a.world", &options));
    assert_ok(dr_import_energy(NULL, &energy, 1, "a.world", NULL));
    assert_ok(dr_import_materials(NULL, shares, 3, "a.world", NULL));
}

/* What a table is in one world it is in the other, row by row. */
static void assert_same_table(const char *name)
{
    dr_world *a = NULL, *b = NULL;
    assert_ok(dr_world_open(&a, "a.world"));
    assert_ok(dr_world_open(&b, "b.world"));
    assert_ok(dr_world_export(a, name, DR_FORMAT_CSV, "a.csv"));
    assert_ok(dr_world_export(b, name, DR_FORMAT_CSV, "b.csv"));
    dr_world_close(a);
    dr_world_close(b);
    assert_same_files("a.csv", "b.csv");
}

static void products_energy_and_materials_are_copied(void **state)
{
    (void)state;
    static const char *const tables[] = {"product_trade",  "product_flow",    "product_region", "product_year",
                                         "product_source", "product_finding", "energy_flow",    "energy_source",
                                         "energy_finding", "supply_share",    "supply_score",   "supply_source",
                                         "supply_finding"};
    dr_world *world = NULL;
    dr_table *report = NULL;
    make_small_world("a.world");
    write_text("wrong.csv", "product,isic_rev3\n01,01\n"); /* divisions that no sector of the world has */
    import_products("wrong.csv");
    assert_true(query_number("a.world", "SELECT count(*) FROM product_sector WHERE sector = ''") == 1);
    write_text("map.csv", "product,sector\n01,x\n27,y\n");
    import_products("map.csv");
    write_text("regions.csv", "region,to\nAAA,W\nBBB,W\n");
    write_text("sectors.csv", "sector,to\nx,y\ny,x\n"); /* the codes change places */
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_world_aggregate(&report, world, "regions.csv", "sectors.csv", "b.world"));
    dr_world_close(world);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        assert_same_table(tables[i]);
    assert_true(query_number("b.world", "SELECT count(*) FROM product_sector WHERE (product = '01' AND sector = 'y') OR"
                                        " (product = '27' AND sector = 'x')") == 2);
    size_t copied = 0;
    for (size_t row = 0; row < dr_table_rows(report); row++)
        if (strcmp(dr_table_text(report, row, 1), "copied") == 0) {
            copied++;
            if (strcmp(dr_table_text(report, row, 2), "product_flow") == 0)
                assert_string_equal(dr_table_text(report, row, 3), "3 rows");
        }
    assert_int_equal(copied, 13);
    dr_table_free(report);
}

/* ---- Refusals ---- */

static void wrong_maps_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *regions, *sectors, *error;
    } cases[] = {
        {"region,to\nAAA,W\n", 0, "r.csv: has no row for the region 'BBB'"},
        {"region,to\nAAA,W\nBBB,W\nBBC,W\n", 0, "r.csv:4:1: the world has no region 'BBC'; did you mean 'BBB'?"},
        {"region,to\nAAA,W\nBBB,W\nAAA,V\n", 0, "r.csv:4:1: the region 'AAA' appears twice"},
        {"region,to\nAAA,W\nBBB,\n", 0, "r.csv:3:2: expected a code of 1 to 120 bytes of UTF-8"},
        {"region,to,nmae\nAAA,W,\nBBB,W,\n", 0, "r.csv:1:3: unknown column 'nmae'; did you mean 'name'?"},
        {"region,to,name\nAAA,W,One\nBBB,W,Two\n", 0, "r.csv:3:3: 'Two', but an earlier row has 'One' for 'W'"},
        {"code,to\nAAA,W\nBBB,W\n", 0, "r.csv:1: the column 'region' is missing"},
        {0, "sector,to\nx,z\n", "s.csv: has no row for the sector 'y'"},
        {0, "sector,to,slug\nx,x,s\ny,y,s\n", "s.csv: the slug 's' appears twice"},
        {0, "sector,to,kind\nx,x,y\ny,y,y\n", "s.csv: the kind 'y' is also a sector's code or 'all'"},
    };
    make_small_world("a.world");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_text("r.csv", cases[i].regions ? cases[i].regions : "");
        write_text("s.csv", cases[i].sectors ? cases[i].sectors : "");
        assert_failed(
            aggregate("a.world", cases[i].regions ? "r.csv" : NULL, cases[i].sectors ? "s.csv" : NULL, "b.world"),
            DR_BAD_INPUT, cases[i].error);
        assert_false(is_there("b.world"));
        assert_false(is_there(".b.world.derisk"));
    }
    assert_failed(aggregate("a.world", NULL, NULL, "a.world"), DR_BAD_INPUT,
                  "a.world: already exists; expected the name of a new world");
    assert_failed(aggregate("a.world", "no.csv", NULL, "b.world"), DR_BAD_INPUT, "no.csv: no such file");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, empty_folder)
    const struct CMUnitTest tests[] = {
        TEST(regions_are_added_up),
        TEST(sectors_are_added_up),
        TEST(without_maps_everything_stays),
        TEST(the_way_does_not_matter),
        TEST(a_region_is_a_member_while_all_its_parts_are),
        TEST(a_sum_that_is_off_is_noticed),
        TEST(lists_have_the_totals_of_their_cells),
        TEST(lists_are_added_as_their_cells_are),
        TEST(tariff_revenue_is_kept),
        TEST(elasticities_are_averaged_by_spending),
        TEST(products_energy_and_materials_are_copied),
        TEST(wrong_maps_are_refused),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
