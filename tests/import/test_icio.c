/* Input-output tables into a world: what is read is what is in the file, and a broken file leaves nothing behind. */
#include "support/world_files.h"

#include <math.h>
#include <zlib.h>

#include "base/csv.h"
#include "base/names.h"
#include "import/damaged.h"
#include "import/import.h"
#include "world/economy.h"

static dr_economy *load(const char *path, int year)
{
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    assert_ok(dr_world_open(&world, path));
    assert_ok(dr_economy_load(&economy, world, year));
    dr_world_close(world);
    return economy;
}

/* ---- What is read ---- */

static void the_economy_is_the_table(void **state)
{
    (void)state;
    make_small_world("a.world");
    dr_economy *e = load("a.world", 0);
    assert_int_equal(e->year, 2011);
    assert_int_equal(e->regions, 2);
    assert_int_equal(e->sectors, 2);
    assert_string_equal(e->region_codes.names[1], "BBB");
    assert_string_equal(e->unit, "million US dollars, current prices");
    assert_string_equal(e->source, "small_2011.csv");
    /* flow[n, i, s]: what n buys of s from i, by all its sectors and uses */
    const double flow[] = {37, 84, 10, 7, 13, 16, 70, 143};
    const double input[] = {13, 6, 5, 34, 22, 7, 8, 53};
    const double final[] = {28, 52, 54, 98};
    assert_memory_equal(e->flow, flow, sizeof flow);
    assert_memory_equal(e->input, input, sizeof input);
    assert_memory_equal(e->final, final, sizeof final);
    assert_null(e->value_added);
    assert_null(e->deficit);
    assert_null(e->tariff);
    dr_economy_free(e);
    assert_true(query_number("a.world", "SELECT sum(value) FROM value_added") == 232);
    assert_true(query_number("a.world", "SELECT sum(value) FROM output") == 380);
    assert_true(query_number("a.world", "SELECT count(*) FROM intermediate") == 16);
    assert_true(query_number("a.world", "SELECT count(*) FROM final") == 15); /* the zero is not stored */
}

static void negative_cells_are_kept_and_taken_as_zero(void **state)
{
    (void)state;
    import_text("t_2011.csv",
                "V1,A_x,B_x,A_C,B_C,OUT\n"
                "A_x,10,-2,5,-3,10\n"
                "B_x,1,8,-1,20,28\n"
                "VA,-1,22,0,0,21\n",
                "a.world", NULL);
    assert_true(query_number("a.world", "SELECT sum(value) FROM intermediate") == 17);
    assert_true(query_number("a.world", "SELECT sum(value) FROM final") == 21);
    dr_economy *e = load("a.world", 2011);
    const double flow[] = {15, 1, 0, 28}, final[] = {5, 20};
    assert_memory_equal(e->flow, flow, sizeof flow);
    assert_memory_equal(e->final, final, sizeof final);
    assert_int_equal(e->negative_intermediate, 1);
    assert_int_equal(e->negative_final, 2);
    assert_true(e->negative_intermediate_sum == -2);
    assert_true(e->negative_final_sum == -4);
    dr_economy_free(e);
}

/* China in two parts, one before and one after it; final uses are the country's. */
static void parts_are_added_to_their_country(void **state)
{
    (void)state;
    import_text("t_2011.csv",
                "V1,CN1_x,CHN_x,B_x,CN2_x,CHN_C,B_C,OUT\n"
                "CN1_x,1,0,3,4,5,6,19\n"
                "CHN_x,0,0,0,0,0,0,0\n"
                "B_x,7,0,8,9,10,11,45\n"
                "CN2_x,12,0,13,14,15,16,70\n"
                "VA,60,0,21,43,0,0,0\n",
                "a.world", NULL);
    assert_true(query_number("a.world", "SELECT count(*) FROM region") == 2);
    assert_true(query_number("a.world", "SELECT sum(value) FROM intermediate WHERE origin = 'CHN' AND destination = "
                                        "'CHN'") == 1 + 4 + 12 + 14);
    assert_true(query_number("a.world", "SELECT sum(value) FROM final WHERE origin = 'CHN' AND destination = 'B'") ==
                22);
    assert_true(query_number("a.world", "SELECT value FROM value_added WHERE region = 'CHN'") == 103);
    assert_true(query_number("a.world", "SELECT value FROM output WHERE region = 'CHN'") == 89);
}

/* The edition of 2016: uses in front, and a discrepancy of no region. */
static void uses_in_front_and_a_discrepancy(void **state)
{
    (void)state;
    import_text("t_2003.csv",
                "\"\",\"AUS_x\",\"NZL_x\",\"HFCE_AUS\",\"HFCE_NZL\",\"DISC\"\n"
                "\"AUS_x\",1,2,3,4,-1\n"
                "\"NZL_x\",5,6,7,8,2\n"
                "\"VA+TAXSUB\",3,20,0,0,0\n"
                "\"OUT\",9,28,0,0,0\n",
                "a.world", NULL);
    assert_true(query_number("a.world", "SELECT value FROM output WHERE region = 'NZL'") == 28);
    assert_true(query_number("a.world",
                             "SELECT value FROM final WHERE origin = 'AUS' AND destination = 'NZL' AND use = "
                             "'HFCE'") == 4);
    assert_true(query_number("a.world",
                             "SELECT value FROM final WHERE use = 'DISC' AND origin = 'AUS' AND destination = "
                             "'AUS'") == -1);
}

static void taxes_belong_to_value_added(void **state)
{
    (void)state;
    dr_table *report = NULL;
    const char *file = "t_2011.csv";
    write_text(file, "V1,A_x,B_x,A_C,B_C,OUT\n"
                     "A_x,10,2,5,3,20\n"
                     "B_x,1,8,1,20,30\n"
                     "TLS,2,5,1,,8\n"
                     "VA,7,15,,,22\n"
                     "OUT,20,30,,,\n");
    assert_ok(dr_import_icio(&report, &file, 1, "a.world", NULL));
    assert_string_equal(dr_table_text(report, 2, DR_FINDING_FOUND),
                        "largest gap 0: inputs, TLS and VA add up to 20, the total is 20; 0 of 2 beyond rounding");
    assert_true(query_number("a.world", "SELECT sum(value) FROM value_added") == 29);
    dr_table_free(report);
}

static void sector_codes_may_hold_underscores(void **state)
{
    (void)state;
    import_text("t_2011.csv",
                "V1,A_A01_02,A_J62_63,A_C,OUT\n"
                "A_A01_02,1,2,3,6\n"
                "A_J62_63,4,5,6,15\n"
                "VA,1,8,0,9\n",
                "a.world", NULL);
    dr_economy *e = load("a.world", 0);
    assert_string_equal(e->sector_codes.names[0], "A01_02");
    assert_string_equal(e->sector_codes.names[1], "J62_63");
    dr_economy_free(e);
}

static void numbers_are_read_as_they_are_written(void **state)
{
    (void)state;
    import_text("t_2011.csv",
                "V1,A_x,A_C,OUT\r\n"
                "\"A_x\", 0.1 ,1e3,\"1000.3000000000000001\"\r\n"
                "VA,1000.2,0,1000.2\r\n",
                "a.world", NULL);
    dr_economy *e = load("a.world", 0);
    assert_true(e->input[0] == 0.1);
    assert_true(e->final[0] == 1000);
    dr_economy_free(e);
}

static void gzip_is_read(void **state)
{
    (void)state;
    const char *file = "small_2011.csv.gz";
    gzFile gz = gzopen(file, "wb");
    assert_int_equal(gzputs(gz, small_table), sizeof small_table - 1);
    gzclose(gz);
    assert_ok(dr_import_icio(NULL, &file, 1, "gz.world", NULL));
    make_small_world("plain.world");
    assert_true(
        query_number("gz.world",
                     "SELECT sum(value * (1 + hash(origin, supplier, destination, user) % 97)) FROM intermediate") ==
        query_number("plain.world",
                     "SELECT sum(value * (1 + hash(origin, supplier, destination, user) % 97)) FROM intermediate"));
}

/* ---- Order of rows and columns ---- */

static void export(const char *path, const char *table, const char *to)
{
    dr_world *world = NULL;
    assert_ok(dr_world_open(&world, path));
    assert_ok(dr_world_export(world, table, DR_FORMAT_CSV, to));
    dr_world_close(world);
}

static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    make_small_world("a.world");
    import_text("small_2011.csv",
                "V1,AAA_x,AAA_y,BBB_x,BBB_y,AAA_C,AAA_G,BBB_C,BBB_G,OUT\n"
                "OUT,50,100,80,150,67,13,118,34,612\n"
                "BBB_y,1,4,7,50,2,0,60,26,150\n"
                "AAA_y,4,30,1,3,40,10,10,2,100\n"
                "VA,32,60,50,90,0,0,0,0,232\n"
                "AAA_x,10,5,2,1,20,2,8,2,50\n"
                "BBB_x,3,1,20,6,5,1,40,4,80\n",
                "b.world", NULL);
    static const char *const tables[] = {"intermediate", "final", "output", "value_added", "region", "sector"};
    for (size_t i = 0; i < 6; i++) {
        export("a.world", tables[i], "a.csv");
        export("b.world", tables[i], "b.csv");
        assert_same_files("a.csv", "b.csv");
    }
}

/* The world's order is that of the columns; into a world that is there, its own. */
static void the_order_of_columns_does_not_matter(void **state)
{
    (void)state;
    static const char turned[] = "any name,OUT,BBB_G,BBB_y,AAA_C,AAA_y,BBB_x,AAA_G,AAA_x,BBB_C\n"
                                 "AAA_x,50,2,1,20,5,2,2,10,8\n"
                                 "AAA_y,100,2,3,40,30,1,10,4,10\n"
                                 "BBB_x,80,4,6,5,1,20,1,3,40\n"
                                 "BBB_y,150,26,50,2,4,7,0,1,60\n"
                                 "VA,232,0,90,0,60,50,0,32,0\n"
                                 "OUT,612,34,150,67,100,80,13,50,118\n";
    make_small_world("a.world");
    import_text("turned_2012.csv", turned, "a.world", NULL);
    assert_true(
        query_number("a.world",
                     "SELECT count(*) FROM intermediate a JOIN intermediate b USING (origin, supplier, destination,"
                     " user, value) WHERE a.year = 2011 AND b.year = 2012") == 16);
    assert_true(
        query_number("a.world",
                     "SELECT count(*) FROM final a JOIN final b USING (origin, supplier, destination, use, value)"
                     " WHERE a.year = 2011 AND b.year = 2012") == 15);
    import_text("turned_2011.csv", turned, "b.world", NULL);
    dr_economy *e = load("b.world", 0);
    assert_string_equal(e->region_codes.names[0], "BBB");
    assert_string_equal(e->sector_codes.names[0], "y");
    assert_true(e->flow[0] == 143);
    dr_economy_free(e);
}

/* ---- Any table ---- */

enum { MOST = 4 };

/* A table made of random numbers, with the sums that an economy holds taken plainly. */
typedef struct made {
    size_t r, s, u;
    double cell[MOST * MOST][MOST * MOST + MOST * MOST]; /* [i s][n u, then n f] */
    double flow[MOST * MOST * MOST], input[MOST * MOST * MOST], final[MOST * MOST];
} made;

static size_t random_below(unsigned *seed, size_t limit)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % limit;
}

static void make_numbers(made *m, unsigned seed)
{
    *m = (made){
        .r = 1 + random_below(&seed, MOST), .s = 1 + random_below(&seed, MOST), .u = 1 + random_below(&seed, MOST)};
    size_t industries = m->r * m->s;
    for (size_t row = 0; row < industries; row++)
        for (size_t column = 0; column < industries + m->r * m->u; column++) {
            double value = (double)random_below(&seed, 1000) / 8 - 20, taken = value > 0 ? value : 0;
            size_t i = row / m->s, s = row % m->s, use = column - industries;
            size_t n = column < industries ? column / m->s : use / m->u;
            m->cell[row][column] = value;
            m->flow[(n * m->r + i) * m->s + s] += taken;
            if (column < industries)
                m->input[(n * m->s + s) * m->s + column % m->s] += taken;
            else
                m->final[n * m->s + s] += taken;
        }
}

static void shuffle(size_t *order, size_t count, unsigned *seed)
{
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t k = random_below(seed, i), last = order[i - 1];
        order[i - 1] = order[k];
        order[k] = last;
    }
}

static void print_label(FILE *file, const made *m, size_t column)
{
    size_t use = column - m->r * m->s;
    if (column < m->r * m->s)
        fprintf(file, "R%zu_s%zu", column / m->s, column % m->s);
    else
        fprintf(file, "R%zu_f%zu", use / m->u, use % m->u);
}

/* The last of `rows` is VA, the last of `columns` is OUT. */
static void write_shuffled(const char *path, const made *m, unsigned seed)
{
    size_t rows = m->r * m->s + 1, columns = m->r * (m->s + m->u) + 1;
    size_t row_order[MOST * MOST + 1], column_order[2 * MOST * MOST + 1];
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    shuffle(row_order, rows, &seed);
    shuffle(column_order, columns, &seed);
    fputs("V1", file);
    for (size_t k = 0; k < columns; k++) {
        fputc(',', file);
        if (column_order[k] == columns - 1)
            fputs("OUT", file);
        else
            print_label(file, m, column_order[k]);
    }
    for (size_t j = 0; j < rows; j++) {
        fputc('\n', file);
        if (row_order[j] == rows - 1)
            fputs("VA", file);
        else
            print_label(file, m, row_order[j]);
        for (size_t k = 0; k < columns; k++)
            fprintf(file, ",%.17g",
                    row_order[j] == rows - 1 || column_order[k] == columns - 1
                        ? 1
                        : m->cell[row_order[j]][column_order[k]]);
    }
    assert_int_equal(fclose(file), 0);
}

/* The array [a, b, c], whose indices are in the file's order, against one in the order of the made table. */
static void assert_same_array(const double *read, const double *expected, const size_t *order[3], const size_t size[3])
{
    for (size_t a = 0; a < size[0]; a++)
        for (size_t b = 0; b < size[1]; b++)
            for (size_t c = 0; c < size[2]; c++) {
                size_t at = (order[0][a] * size[1] + order[1][b]) * size[2] + order[2][c];
                assert_true(fabs(read[(a * size[1] + b) * size[2] + c] - expected[at]) <= 1e-12 * expected[at]);
            }
}

static void any_table_is_read_as_it_is(void **state)
{
    (void)state;
    static made m;
    const char *file = "t_2011.csv";
    for (unsigned seed = 1; seed <= 12; seed++) {
        size_t regions[MOST], sectors[MOST], one[] = {0};
        make_numbers(&m, seed);
        write_shuffled(file, &m, seed);
        assert_ok(dr_import_icio(NULL, &file, 1, "a.world", NULL));
        dr_economy *e = load("a.world", 0);
        for (size_t i = 0; i < m.r; i++)
            regions[i] = strtoul(e->region_codes.names[i] + 1, NULL, 10);
        for (size_t i = 0; i < m.s; i++)
            sectors[i] = strtoul(e->sector_codes.names[i] + 1, NULL, 10);
        assert_same_array(e->flow, m.flow, (const size_t *[]){regions, regions, sectors}, (size_t[]){m.r, m.r, m.s});
        assert_same_array(e->input, m.input, (const size_t *[]){regions, sectors, sectors}, (size_t[]){m.r, m.s, m.s});
        assert_same_array(e->final, m.final, (const size_t *[]){regions, sectors, one}, (size_t[]){m.r, m.s, 1});
        dr_economy_free(e);
        assert_int_equal(remove("a.world"), 0);
    }
}

/* ---- Years ---- */

static void years_come_from_names(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int year;
    } cases[] = {
        {"wiod_2011.csv.gz", 2011},         {"2020_SML.csv", 2020},           {"ICIO2021_2018.csv", 2018},
        {"/data/2015/ICIO_2016.CSV", 2016}, {"WIOT2014_Nov16_ROW.csv", 2014}, {"nafta-1993/", 1993},
        {"20111_2012.csv", 2012},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int year = 0;
        assert_ok(dr_import_year(cases[i].path, &year));
        assert_int_equal(year, cases[i].year);
    }
    int year = 0;
    assert_failed(dr_import_year("a/table.csv", &year), DR_BAD_INPUT,
                  "a/table.csv: its name contains no year of four digits; give the year");
    assert_failed(dr_import_year("2016-2020_SML.csv", &year), DR_BAD_INPUT,
                  "2016-2020_SML.csv: its name contains several years; give the year");
}

static void years_of_several_files(void **state)
{
    (void)state;
    static const char *const files[] = {"a_2011.csv", "b_2011.csv"};
    const dr_import_options options = {.size = sizeof(dr_import_options), .year = 2010};
    write_text(files[0], small_table);
    write_text(files[1], small_table);
    assert_failed(dr_import_icio(NULL, files, 2, "a.world", NULL), DR_BAD_INPUT,
                  "b_2011.csv: is of the year 2011, as is a_2011.csv; choose one by its path");
    assert_failed(dr_import_icio(NULL, files, 2, "a.world", &options), DR_BAD_INPUT,
                  "none of the 2 tables is of the year 2010; the first is a_2011.csv");
    assert_failed(dr_import_icio(NULL, files, 0, "a.world", &options), DR_USAGE, "no file to import was given");
    assert_ok(dr_import_icio(NULL, files, 1, "a.world", &options));
    assert_true(query_number("a.world", "SELECT year FROM year") == 2010);
}

/* ---- Into a world that is there ---- */

static void a_year_is_replaced(void **state)
{
    (void)state;
    dr_table *report = NULL;
    const char *file = "small_2011.csv";
    make_small_world("a.world");
    import_text("small_2012.csv", small_table, "a.world", NULL);
    write_text(file, "V1,AAA_x,AAA_y,BBB_x,BBB_y,AAA_C,AAA_G,BBB_C,BBB_G,OUT\n"
                     "AAA_x,0,0,0,0,1,0,0,0,1\n"
                     "AAA_y,0,0,0,0,1,0,0,0,1\n"
                     "BBB_x,0,0,0,0,1,0,0,0,1\n"
                     "BBB_y,0,0,0,0,1,0,0,0,1\n"
                     "VA,1,1,1,1,0,0,0,0,4\n");
    assert_ok(dr_import_icio(&report, &file, 1, "a.world", NULL));
    assert_string_equal(dr_table_text(report, 0, DR_FINDING_DONE),
                        "imported, replacing the world's earlier data of this year");
    dr_table_free(report);
    assert_true(query_number("a.world", "SELECT count(*) FROM intermediate WHERE year = 2011") == 0);
    assert_true(query_number("a.world", "SELECT count(*) FROM final WHERE year = 2011") == 4);
    assert_true(query_number("a.world", "SELECT sum(value) FROM output WHERE year = 2012") == 380);
    assert_true(query_number("a.world", "SELECT count(*) FROM year") == 2);
    assert_true(query_number("a.world", "SELECT count(*) FROM source WHERE year = 2011") == 1);
    assert_true(query_number("a.world", "SELECT count(*) FROM finding WHERE year = 2011") == 8);
}

static void other_regions_do_not_fit(void **state)
{
    (void)state;
    static const struct {
        const char *table, *error;
    } cases[] = {
        {"V1,AAA_x,AAA_y,AAA_C,AAA_G,OUT\nAAA_x,1,1,1,1,4\nAAA_y,1,1,1,1,4\nVA,2,2,0,0,4\n",
         "t_2012.csv: the world's region 'BBB' is missing from the table"},
        {"V1,AAA_x,BBC_x,AAA_C,BBC_C,OUT\nAAA_x,1,1,1,1,4\nBBC_x,1,1,1,1,4\nVA,2,2,0,0,4\n",
         "t_2012.csv: the world has no region 'BBC'; did you mean 'BBB'?"},
        {"V1,AAA_x,BBB_x,AAA_C,BBB_C,OUT\nAAA_x,1,1,1,1,4\nBBB_x,1,1,1,1,4\nVA,2,2,0,0,4\n",
         "t_2012.csv: the world's sector 'y' is missing from the table"},
        {"V1,AAA_x,AAA_y,BBB_x,BBB_y,AAA_C,BBB_C,OUT\nAAA_x,1,1,1,1,1,1,6\nAAA_y,1,1,1,1,1,1,6\nBBB_x,1,1,1,1,1,1,6\n"
         "BBB_y,1,1,1,1,1,1,6\nVA,2,2,2,2,0,0,8\n",
         "t_2012.csv: the world's final use 'G' is missing from the table"},
    };
    make_small_world("a.world");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *file = "t_2012.csv";
        write_text(file, cases[i].table);
        assert_failed(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_BAD_INPUT, cases[i].error);
    }
    assert_true(query_number("a.world", "SELECT count(*) FROM year") == 1);
}

static void all_files_or_none(void **state)
{
    (void)state;
    static const char *const files[] = {"a_2011.csv", "b_2012.csv"};
    make_small_world("old.world");
    write_text(files[0], small_table);
    write_text(files[1], "V1,AAA_x\n");
    for (int old = 0; old < 2; old++) {
        const char *world = old ? "old.world" : "new.world";
        assert_int_equal(dr_import_icio(NULL, files, 2, world, NULL), DR_BAD_INPUT);
    }
    assert_false(is_there("new.world"));
    assert_false(is_there("new.world.part"));
    assert_false(is_there("new.world.part.wal"));
    assert_true(query_number("old.world", "SELECT count(*) FROM year") == 1);
}

/* ---- Findings ---- */

static const char troubled[] = "V1,A_x,A_y,B_x,B_y,A_C,B_C,OUT\n"
                               "A_x,10,2,3,4,5,6,70\n" /* 40 too many */
                               "A_y,1,-1,1,1,1,1,4\n"
                               "B_x,0,0,0,0,0,0,0\n"
                               "B_y,1,1,1,1,-2,1,3\n"
                               "VA,58,2,-5,0,0,0,55\n"
                               "OUT,70,4,0,3,4,8,89\n"; /* B_y: 3 too few inputs and value added */

static void assert_finding(const dr_table *report, const char *subject, const char *place, const char *found,
                           const char *done)
{
    for (size_t row = 0; row < dr_table_rows(report); row++)
        if (strcmp(dr_table_text(report, row, DR_FINDING_SUBJECT), subject) == 0) {
            assert_true(dr_table_number(report, row, DR_FINDING_YEAR) == 2011);
            assert_string_equal(dr_table_text(report, row, DR_FINDING_PLACE), place);
            assert_string_equal(dr_table_text(report, row, DR_FINDING_FOUND), found);
            assert_string_equal(dr_table_text(report, row, DR_FINDING_DONE), done);
            return;
        }
    fail_msg("no finding on %s", subject);
}

static void checks_say_what_they_found(void **state)
{
    (void)state;
    const char *file = "t_2011.csv";
    dr_table *report = NULL;
    write_text(file, troubled);
    assert_ok(dr_import_icio(&report, &file, 1, "a.world", NULL));
    assert_finding(report, "shape", "", "2 regions x 2 sectors, 1 final uses; 18 of 24 cells are not zero", "imported");
    assert_finding(report, "row totals against OUT", "A_x",
                   "largest gap 40: the row's cells add up to 30, the total is 70; 1 of 4 beyond rounding",
                   "kept as they are; the model takes the rows' sums as output");
    assert_finding(report, "column totals against OUT", "B_y",
                   "largest gap 3: inputs and VA add up to 6, the total is 3; 0 of 4 beyond rounding",
                   "nothing: within rounding");
    assert_finding(report, "negative intermediate use", "A_y to A_y", "1 cell, sum -1, the largest -1",
                   "kept as they are; the model sets them to zero");
    assert_finding(report, "negative final use", "B_y to A_C", "1 cell, sum -2, the largest -2",
                   "kept as they are; the model sets them to zero");
    assert_finding(report, "negative value added", "B_x", "1 sector, the largest -5",
                   "kept as it is; the model prepares such sectors");
    assert_finding(report, "empty sectors", "B_x", "1 have no output", "kept; the model leaves them out");
    assert_true(query_number("a.world", "SELECT count(*) FROM finding") == (double)dr_table_rows(report));
    dr_table_free(report);
}

static void strict_imports_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *table, *error;
    } cases[] = {
        {troubled, "t_2011.csv: row totals against OUT: A_x: largest gap 40: the row's cells add up to 30, the total "
                   "is 70; 1 of 4 "
                   "beyond rounding"},
        {"V1,A_x,A_C,OUT\nA_x,1,9,10\nVA,90,0,90\n", "t_2011.csv: column totals against OUT: A_x: largest gap 81: "
                                                     "inputs and VA add up to 91, the total is 10; 1 of 1 beyond "
                                                     "rounding"},
        {"V1,A_x,A_C,OUT\nA_x,-1,11,10\nVA,11,0,11\n",
         "t_2011.csv: negative intermediate use: 1 cell, the largest -1 at A_x to A_x"},
        {"V1,A_x,A_y,A_C,OUT\nA_x,1,0,9,10\nA_y,0,0,0,0\nVA,9,0,0,9\n",
         "t_2011.csv: empty sectors: 1 have no output: A_y"},
    };
    const dr_import_options strict = {.size = sizeof(dr_import_options), .strict = true};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *file = "t_2011.csv";
        write_text(file, cases[i].table);
        assert_failed(dr_import_icio(NULL, &file, 1, "a.world", &strict), DR_BAD_INPUT, cases[i].error);
        assert_false(is_there("a.world"));
        assert_false(is_there("a.world.part"));
        assert_ok(dr_import_icio(NULL, &file, 1, "loose.world", NULL));
        assert_int_equal(remove("loose.world"), 0);
    }
    import_text("small_2011.csv", small_table, "a.world", &strict);
    import_text("i_2011.csv", "V1,A_x,A_C,A_I,OUT\nA_x,1,11,-2,10\nVA,9,0,0,9\n", "i.world", &strict);
}

/* Published tables balance to fewer digits than they print. */
static void sums_may_be_off_by_a_share(void **state)
{
    (void)state;
    const char *file = "t_2011.csv";
    dr_import_options options = {.size = sizeof(dr_import_options), .strict = true};
    write_text(file, "V1,A_x,A_C,OUT\nA_x,100.0000,900.4000,1000.0000\nVA,900.4000,0,900.4000\nOUT,1000,900,1900\n");
    assert_failed(
        dr_import_icio(NULL, &file, 1, "a.world", &options), DR_BAD_INPUT,
        "t_2011.csv: row totals against OUT: A_x: largest gap 0.4: the row's cells add up to 1000.4, the total "
        "is 1000; 1 of 1 beyond rounding");
    options.tolerance = 0.0003;
    assert_int_equal(dr_import_icio(NULL, &file, 1, "a.world", &options), DR_BAD_INPUT);
    options.tolerance = 0.0005;
    assert_ok(dr_import_icio(NULL, &file, 1, "a.world", &options));
    options.tolerance = 2;
    assert_failed(dr_import_icio(NULL, &file, 1, "a.world", &options), DR_USAGE,
                  "dr_import_icio: options->tolerance is 2; expected a number from 0 to 1");
}

/* A sound table in memory, of 2 regions, 2 sectors and 2 final uses. */
typedef struct sound {
    double rows[4][9], output[5], value_added[4];
    double *row[4];
    size_t columns[8];
    dr_layout layout;
    dr_icio_file file;
    dr_icio table;
} sound;

static void sound_new(sound *s)
{
    static const double cells[4][8] = {{10, 5, 2, 1, 20, 2, 8, 2},
                                       {4, 30, 1, 3, 40, 10, 10, 2},
                                       {3, 1, 20, 6, 5, 1, 40, 4},
                                       {1, 4, 7, 50, 2, 0, 60, 26}};
    *s = (sound){.output = {50, 100, 80, 150}, .value_added = {32, 60, 50, 90}};
    for (size_t i = 0; i < 4; i++) {
        memcpy(s->rows[i], cells[i], sizeof cells[i]);
        s->row[i] = s->rows[i];
    }
    for (size_t j = 0; j < 8; j++)
        s->columns[j] = j;
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(dr_names_add(&s->layout.regions, k ? "BBB" : "AAA"), k);
        assert_int_equal(dr_names_add(&s->layout.sectors, k ? "y" : "x"), k);
        assert_int_equal(dr_names_add(&s->layout.uses, k ? "G" : "C"), k);
    }
    s->file = (dr_icio_file){.path = "t.csv", .decimals = 6};
    s->table = (dr_icio){2011, s->row, s->columns, s->output, s->value_added};
}

static void assert_unsound(const sound *s, double *number, const char *subject)
{
    const double before = *number, wrong[] = {before + 1, before - 1, NAN, INFINITY};
    dr_table *report = NULL;
    assert_ok(dr_table_new(&report, dr_finding_columns, DR_FINDING_COLUMNS));
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        *number = wrong[k];
        assert_int_equal(dr_icio_check(report, &s->table, &s->file, &s->layout, true, 0), DR_BAD_INPUT);
        assert_non_null(strstr(dr_error_text(), subject));
        *number = before;
    }
    assert_ok(dr_icio_check(report, &s->table, &s->file, &s->layout, true, 0));
    dr_table_free(report);
}

/* A cell, a total or value added that is off, or no number. */
static void a_number_that_is_off_is_noticed(void **state)
{
    (void)state;
    sound s;
    sound_new(&s);
    for (size_t i = 0; i < 4; i++) {
        assert_unsound(&s, &s.output[i], "row totals against OUT: ");
        assert_unsound(&s, &s.value_added[i], "column totals against OUT: ");
        for (size_t j = 0; j < 8; j++)
            assert_unsound(&s, &s.rows[i][j], "row totals against OUT: ");
    }
    double output[4];
    memcpy(output, s.output, sizeof output);
    s.file.output = output;
    for (size_t j = 0; j < 4; j++)
        assert_unsound(&s, &output[j], "column totals against OUT: ");
    dr_names_free(&s.layout.regions);
    dr_names_free(&s.layout.sectors);
    dr_names_free(&s.layout.uses);
}

/* Half of the last decimal place per cell, one for the total: seven cells of one decimal may be 0.4 off. */
static void rounding_is_that_of_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *table;
        bool fine;
    } cases[] = {
        {"V1,A_x,A_C,OUT\nA_x,1.0,9.0,10.1\nVA,9.1,0,9.1\n", true},
        {"V1,A_x,A_C,OUT\nA_x,1.0,9.0,10.2\nVA,9.2,0,9.2\n", false},
        {"V1,A_x,A_C,OUT\nA_x,1,9,11\nVA,10,0,10\n", true},
        {"V1,A_x,A_C,OUT\nA_x,1.123456789,9,10.12346\nVA,9,0,9\n", true},
        {"V1,A_x,A_C,OUT\nA_x,1.123456789,9,10.1235\nVA,9,0,9\n", false},
    };
    const dr_import_options strict = {.size = sizeof(dr_import_options), .strict = true};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *file = "t_2011.csv";
        write_text(file, cases[i].table);
        assert_int_equal(dr_import_icio(NULL, &file, 1, "a.world", &strict), cases[i].fine ? DR_OK : DR_BAD_INPUT);
    }
}

/* ---- Broken files ---- */

static void broken_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *table, *error;
    } cases[] = {
        {"", "t_2011.csv: empty; expected a table with a header"},
        {"V1,A_x,A_C,OUT\n", "t_2011.csv: no row REGION_SECTOR; expected an inter-country input-output table"},
        {"V1,A_x,A_C\nA_x,1,1\nVA,1,0\n",
         "t_2011.csv:1: the column OUT (total output) is missing; the header has 3 columns"},
        {"V1,A_x,A_x,A_C,OUT\n", "t_2011.csv:1:3: the label 'A_x' appears twice (first as column 2)"},
        {"V1,A_x,,A_C,OUT\n", "t_2011.csv:1:3: the column has no label"},
        {"V1,A_x,A_\xff,OUT\n", "t_2011.csv:1:3: the label is not UTF-8 text"},
        {"V1,A_x,A_C,OUT\nA_x,1,1\nVA,1,0,1\n", "t_2011.csv:2: a row of 3 cells, but the header has 4"},
        {"V1,A_x,A_C,OUT\nA_x,1,one,2\nVA,1,0,1\n",
         "t_2011.csv:2:3: row A_x, column A_C: 'one' is not a finite number"},
        {"V1,A_x,A_C,OUT\nA_x,1,inf,2\nVA,1,0,1\n",
         "t_2011.csv:2:3: row A_x, column A_C: 'inf' is not a finite number"},
        {"V1,A_x,A_C,OUT\nA_x,1,1e999,2\nVA,1,0,1\n",
         "t_2011.csv:2:3: row A_x, column A_C: '1e999' is not a finite number"},
        {"V1,A_x,A_C,OUT\nA_x,1,nan,2\nVA,1,0,1\n",
         "t_2011.csv:2:3: row A_x, column A_C: 'nan' is not a finite number"},
        {"V1,A_x,A_C,OUT\nA_x,1,\"1,5\",2\nVA,1,0,1\n",
         "t_2011.csv:2:3: row A_x, column A_C: '1,5' is not a finite number; write decimals with a point, and "
         "thousands without a separator"},
        {"V1,A_x,A_C,OUT\nA_x,1,,2\nVA,1,0,1\n",
         "t_2011.csv:2:3: row A_x, column A_C: the cell is empty; expected a number"},
        {"V1,A_x,A_C,OUT\nA_x,1,1,2\nA_x,1,1,2\nVA,1,0,1\n", "t_2011.csv:3:1: the row 'A_x' appears twice"},
        {"V1,A_x,A_C,OUT\nA_x,1,1,2\nVA,1,0,1\nVA,1,0,1\n", "t_2011.csv:4:1: the row 'VA' appears twice"},
        {"V1,A_xy,A_C,OUT\nA_xz,1,1,2\nVA,1,0,1\n",
         "t_2011.csv:2:1: the row 'A_xz' has no column of its name; did you mean 'A_xy'?"},
        {"V1,A_x,A_C,OUT\nA_x,1,1,2\n", "t_2011.csv: the row VA (value added) is missing"},
        {"V1,A_x,B_x,A_C,B_C,OUT\nA_x,1,1,1,1,4\nVA,1,1,0,0,2\n",
         "t_2011.csv: the column 'B_x' has no row of its name"},
        {"V1,A_x,A_C,B_C,OUT\nA_x,1,1,1,3\nVA,1,0,0,1\n",
         "t_2011.csv: the column 'B_C' is of a region that has no rows"},
        {"V1,A_x,A_y,B_x,A_C,B_C,OUT\nA_x,1,1,1,1,1,5\nA_y,1,1,1,1,1,5\nB_x,1,1,1,1,1,5\nVA,1,1,1,0,0,3\n",
         "t_2011.csv: the row and column 'B_y' is missing (other regions have it)"},
        {"V1,A_x,B_x,A_C,B_C,A_G,OUT\nA_x,1,1,1,1,1,5\nB_x,1,1,1,1,1,5\nVA,1,1,0,0,0,2\n",
         "t_2011.csv: the column 'B_G' is missing (other regions have it)"},
        {"V1,A_x,OUT\nA_x,1,1\nVA,1,1\n", "t_2011.csv: no columns of final use (such as A_HFCE)"},
        {"V1,x,A_C,OUT\nx,1,1,1\nVA,1,1,1\n", "t_2011.csv: the label 'x' is not of the form REGION_SECTOR"},
        {"V1,A_x,total,OUT\nA_x,1,1,1\nVA,1,1,1\n", "t_2011.csv: the label 'total' is not of the form REGION_SECTOR"},
        {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", NULL},
    };
    make_small_world("old.world");
    for (size_t i = 0; cases[i].error; i++) {
        const char *file = "t_2011.csv";
        write_text(file, cases[i].table);
        assert_failed(dr_import_icio(NULL, &file, 1, "new.world", NULL), DR_BAD_INPUT, cases[i].error);
        assert_false(is_there("new.world"));
        assert_false(is_there("new.world.part"));
        assert_failed(dr_import_icio(NULL, &file, 1, "old.world", NULL), DR_BAD_INPUT, cases[i].error);
    }
    assert_true(query_number("old.world", "SELECT sum(value) FROM output WHERE year = 2011") == 380);
}

static void files_that_are_no_tables_are_refused(void **state)
{
    (void)state;
    static const char picture[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x8\6\0\0\0";
    const char *file = "t_2011.csv";
    assert_failed(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_BAD_INPUT, "t_2011.csv: no such file");
    write_bytes(file, picture, sizeof picture);
    assert_failed(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_BAD_INPUT,
                  "t_2011.csv:1: not a table: binary data; expected CSV text");
    char gz[64];
    snprintf(gz, sizeof gz, "cut_2011.csv.gz");
    gzFile stream = gzopen(gz, "wb");
    for (unsigned i = 0; i < 2000; i++)
        gzprintf(stream, i ? "A_x%u,%u\n" : "V1,OUT\n", i, i * i * 7919 % 104729);
    gzclose(stream);
    assert_int_equal(truncate(gz, 4000), 0);
    file = gz;
    assert_int_equal(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_BAD_INPUT);
    assert_int_equal(remove(gz), 0);
    file = ".";
    const dr_import_options options = {.size = sizeof(dr_import_options), .year = 2011};
    assert_failed(dr_import_icio(NULL, &file, 1, "a.world", &options), DR_BAD_INPUT,
                  ".: none of its 1 files is a table that derisk reads; the first is ./t_2011.csv (a binary file)");
    assert_false(is_there("a.world"));
    assert_false(is_there("a.world.part"));
}

static void truncated_gzip_is_refused(void **state)
{
    (void)state;
    const char *file = "small_2011.csv.gz";
    gzFile gz = gzopen(file, "wb");
    gzputs(gz, small_table);
    gzclose(gz);
    struct stat about;
    assert_int_equal(stat(file, &about), 0);
    for (off_t size = about.st_size - 1; size > 20; size -= 9) {
        assert_int_equal(truncate(file, size), 0);
        assert_int_equal(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_BAD_INPUT);
        assert_non_null(strstr(dr_error_text(), "the gzip data end too early: the file is truncated"));
        assert_false(is_there("a.world"));
    }
}

static void a_table_beyond_memory_is_refused(void **state)
{
    (void)state;
    const char *file = "t_2011.csv";
    FILE *stream = fopen(file, "w");
    fprintf(stream, "V1");
    for (int i = 0; i < 600000; i++)
        fprintf(stream, ",A_%d", i);
    fprintf(stream, ",OUT\n");
    fclose(stream);
    assert_int_equal(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_MACHINE);
    assert_ptr_equal(strstr(dr_error_text(), "t_2011.csv: a table of 600001 columns needs 2880.0 GB of memory, "),
                     dr_error_text());
}

/* ---- What is said of sectors, regions and sources ---- */

static void names_come_from_csv(void **state)
{
    (void)state;
    write_text("sectors.csv", "kind,name,code,slug,isic_rev3\n"
                              "services,\"Trade, \"\"all\"\"\",y,trade,50t52\n"
                              "goods,Agriculture,x,agriculture,AtB\n"
                              "goods,Not here,z,nothing,C\n");
    write_text("regions.csv", "parts,code,name\n|,BBB,\n,AAA,The Republic of A\n");
    write_text("regions.csv", "code,name,parts\nBBB,,DEU|FRA\nAAA,The Republic of A,\n");
    write_text("source.csv", "id,title,publisher,licence,url,retrieved,unit\n"
                             "test,A test,Nobody,CC0,https://example.org,2026-01-01,billion crowns\n");
    const dr_import_options options = {
        .size = sizeof(dr_import_options), .sectors = "sectors.csv", .regions = "regions.csv", .source = "source.csv"};
    import_text("small_2011.csv", small_table, "a.world", &options);
    dr_economy *e = load("a.world", 0);
    assert_string_equal(e->sector_names[1], "Trade, \"all\"");
    assert_string_equal(e->sector_slugs[0], "agriculture");
    assert_string_equal(e->sector_kinds[1], "services");
    assert_string_equal(e->sector_isic[0], "AtB");
    assert_string_equal(e->region_names[0], "The Republic of A");
    assert_string_equal(e->region_names[1], "");
    assert_string_equal(e->source, "A test");
    assert_string_equal(e->unit, "billion crowns");
    int eu = dr_names_find(&e->groups, "EU");
    assert_true(eu >= 0);
    assert_int_equal(e->member[(size_t)eu * 2 + 0], 0);
    assert_int_equal(e->member[(size_t)eu * 2 + 1], 1);
    dr_economy_free(e);
    assert_true(query_number("a.world",
                             "SELECT count(*) FROM source WHERE id = 'test/small_2011.csv' AND length(sha256) = 64"
                             " AND licence = 'CC0' AND year = 2011") == 1);
}

static void wrong_names_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *sectors, *regions, *source, *error;
    } cases[] = {
        {"code,nmae\nx,X\ny,Y\n", 0, 0, "s.csv:1:2: unknown column 'nmae'; did you mean 'name'?"},
        {"name\nX\n", 0, 0, "s.csv:1: the column 'code' is missing"},
        {"code\nx\n", 0, 0, "s.csv: has no row for the sector 'y' of small_2011.csv"},
        {"code\nx\ny\nx\n", 0, 0, "s.csv:4:1: the sector 'x' appears twice"},
        {"code\nx\ny\n\"\"\n", 0, 0, "s.csv:4:1: the sector has no code"},
        {"code,slug\nx,s\ny,s\n", 0, 0, "s.csv: the slug 's' appears twice"},
        {"code,slug\nx,y\ny,s\n", 0, 0, "s.csv: the slug 'y' is also another sector's code or 'all'"},
        {"code,slug\nx,all\ny,s\n", 0, 0, "s.csv: the slug 'all' is also another sector's code or 'all'"},
        {"code,slug,kind\nx,goods,goods\ny,s,goods\n", 0, 0, "s.csv: the slug 'goods' is also a kind"},
        {"code,kind\nx,y\ny,y\n", 0, 0, "s.csv: the kind 'y' is also a sector's code or 'all'"},
        {"code,name\nx,\xff\ny,Y\n", 0, 0, "s.csv:2:2: not UTF-8 text"},
        {0, "code,name\nAAA,A\n", 0, "r.csv: has no row for the region 'BBB' of small_2011.csv"},
        {0, "code,parts\nAAA,DEU|FRX\nBBB,\n", 0,
         "r.csv: the region 'AAA' has the part 'FRX', which is not the ISO 3166 code of a country; did you mean "
         "'FRA'?"},
        {0, 0, "id,title\n", "q.csv:1: no row after the header; expected one that describes the source"},
        {0, 0, "id,title\na,b\nc,d\n", "q.csv:3: a second row; expected one source"},
        {0, 0, "id,title\n,b\n", "q.csv:2:1: the source has no id"},
        {0, 0, "id,titel\na,b\n", "q.csv:1: the column 'title' is missing; did you mean 'titel'?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *file = "small_2011.csv";
        dr_import_options options = {.size = sizeof(dr_import_options),
                                     .sectors = cases[i].sectors ? "s.csv" : NULL,
                                     .regions = cases[i].regions ? "r.csv" : NULL,
                                     .source = cases[i].source ? "q.csv" : NULL};
        write_text(file, small_table);
        write_text("s.csv", cases[i].sectors ? cases[i].sectors : "");
        write_text("r.csv", cases[i].regions ? cases[i].regions : "");
        write_text("q.csv", cases[i].source ? cases[i].source : "");
        assert_failed(dr_import_icio(NULL, &file, 1, "a.world", &options), DR_BAD_INPUT, cases[i].error);
        assert_false(is_there("a.world"));
        assert_false(is_there("a.world.part"));
    }
}

/* ---- Regions ---- */

/* A table of regions with one sector and one use each, in which every cell is 1; `regions` are separated by blanks. */
static void write_regions(const char *path, const char *regions)
{
    char codes[16][32];
    size_t count = 0;
    int size = 0;
    for (const char *at = regions; sscanf(at, "%31s%n", codes[count], &size) == 1; at += size)
        count++;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("V1", file);
    for (size_t i = 0; i < 2 * count; i++)
        fprintf(file, ",%s_%s", codes[i % count], i < count ? "x" : "C");
    fputs(",OUT\n", file);
    for (size_t row = 0; row <= count; row++) {
        fprintf(file, "%s%s", row < count ? codes[row] : "VA", row < count ? "_x" : "");
        for (size_t i = 0; i < 2 * count; i++)
            fprintf(file, ",%zu", row < count ? 1 : i < count ? count : 0);
        fprintf(file, ",%zu\n", row < count ? 2 * count : 0);
    }
    fclose(file);
}

static dr_table *import_regions(const char *regions)
{
    const char *file = "t_2015.csv";
    dr_table *report = NULL;
    write_regions(file, regions);
    (void)remove("r.world"); /* of the test before */
    assert_ok(dr_import_icio(&report, &file, 1, "r.world", NULL));
    return report;
}

/* What the report says of the regions, "" for nothing. */
static const char *said_of_regions(const dr_table *report)
{
    for (size_t row = 0; row < dr_table_rows(report); row++)
        if (strcmp(dr_table_text(report, row, DR_FINDING_SUBJECT), "regions") == 0)
            return dr_table_text(report, row, DR_FINDING_FOUND);
    return "";
}

static double members_of_eu(void)
{
    return query_number("r.world", "SELECT count(*) FROM membership WHERE group_code = 'EU' AND year = 2015");
}

static void regions_are_found_under_any_code(void **state)
{
    (void)state;
    static const struct {
        const char *regions;
        double members;
    } cases[] = {{"DE EL FR CN US UK FIGW1", 4}, {"deu grc fra chn gbr row", 4},  {"DEU ROM TUR RoW", 2},
                 {"276 300 250 156 826", 4},     {"Germany france CHINA WWW", 2}, {"DE GB WA WL WE WF WM", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dr_table *report = import_regions(cases[i].regions);
        assert_string_equal(said_of_regions(report), "");
        assert_true(members_of_eu() == cases[i].members);
        dr_table_free(report);
    }
    assert_true(query_number("r.world", "SELECT count(*) FROM region WHERE code = 'WF' AND parts = 'ROW-AFRICA'") == 1);
}

static void regions_without_a_place_are_told(void **state)
{
    (void)state;
    dr_table *report = import_regions("DEU XYZ QZ SUN 4 1");
    assert_string_equal(said_of_regions(report), "4 of 6 are not countries known to derisk: XYZ, QZ, 4, 1");
    dr_table_free(report);
    assert_true(query_number("r.world", "SELECT count(*) FROM region WHERE parts = 'SUN' AND name = 'Soviet Union'") ==
                1);
}

static void one_country_twice_is_refused(void **state)
{
    (void)state;
    const char *file = "t_2015.csv";
    write_regions(file, "DEU CHN PRC");
    assert_failed(dr_import_icio(NULL, &file, 1, "r.world", NULL), DR_BAD_INPUT,
                  "t_2015.csv: the regions 'CHN' and 'PRC' are both China (CHN); give the economies of each in the "
                  "column 'parts' of a CSV of regions");
    assert_false(is_there("r.world"));
    const dr_import_options options = {.size = sizeof(dr_import_options), .regions = "r.csv"};
    write_text("r.csv", "code,parts\nDEU,\nCHN,CHN\nPRC,HKG|MAC\n");
    assert_ok(dr_import_icio(NULL, &file, 1, "r.world", &options));
}

/* ---- Editions, units ---- */

static void older_names_of_totals_are_read(void **state)
{
    (void)state;
    import_text("t_2011.csv",
                "V1,A_x,B_x,A_C,B_C,TOTAL\n"
                "A_x,10,2,5,3,20\nB_x,1,8,1,20,30\n"
                "A_TAXSUB,1,3,1,,5\nB_TAXSUB,1,2,0,,3\nVALU,7,15,,,22\nOUTPUT,20,30,,,\n",
                "a.world", NULL);
    import_text("t_2011.csv",
                "v1,A_x,B_x,A_C,B_C,out\n"
                "A_x,10,2,5,3,20\nB_x,1,8,1,20,30\n,,,,,\nVA+TAXSUB,9,20,,,29\nout,20,30,,,\n",
                "b.world", NULL);
    static const char *const worlds[] = {"a.world", "b.world"};
    for (size_t i = 0; i < 2; i++) {
        assert_true(query_number(worlds[i], "SELECT sum(value) FROM value_added") == 29);
        assert_true(query_number(worlds[i], "SELECT sum(value) FROM output") == 50);
    }
    const char *file = "t_2011.csv";
    write_text(file, "V1,A_x,A_C,OUT\nA_x,1,2,3\nVA,2,0,2\nVALU,2,0,2\n");
    assert_failed(dr_import_icio(NULL, &file, 1, "c.world", NULL), DR_BAD_INPUT,
                  "t_2011.csv:4:1: the row 'VALU' appears twice");
}

static size_t count_said_of_unit(const char *regions, const char *scale, const char *source)
{
    const char *file = "t_2015.csv";
    const dr_import_options options = {
        .size = sizeof(dr_import_options), .source = source ? "q.csv" : NULL, .force = true};
    char text[512];
    dr_table *report = NULL;
    size_t count = 0;
    if (source)
        write_text("q.csv", source);
    snprintf(text, sizeof text,
             "V1,DEU_x,%1$s_x,DEU_C,%1$s_C,OUT\nDEU_x,1%2$s,1%2$s,1%2$s,1%2$s,4%2$s\n"
             "%1$s_x,1%2$s,1%2$s,1%2$s,1%2$s,4%2$s\nVA,2%2$s,2%2$s,0,0,4%2$s\n",
             regions, scale);
    write_text(file, text);
    (void)remove("u.world"); /* of the test before */
    assert_ok(dr_import_icio(&report, &file, 1, "u.world", &options));
    for (size_t row = 0; row < dr_table_rows(report); row++)
        count += strcmp(dr_table_text(report, row, DR_FINDING_SUBJECT), "unit") == 0;
    dr_table_free(report);
    return count;
}

static void the_unit_is_assumed_or_told(void **state)
{
    (void)state;
    static const char millions[] = "id,title,unit\ns,S,\"million US dollars, current prices\"\n",
                      thousands[] = "id,title,unit\ns,S,thousand US dollars\n",
                      euros[] = "id,title,unit\ns,S,million euros\n";
    assert_int_equal(count_said_of_unit("ROW", "0000000", NULL), 1); /* assumed; 40 million million dollars */
    assert_int_equal(count_said_of_unit("ROW", "0000000", millions), 0);
    assert_int_equal(count_said_of_unit("ROW", "0000000000", NULL), 2); /* a thousand times as much */
    assert_int_equal(count_said_of_unit("ROW", "0000000000", millions), 1);
    assert_int_equal(count_said_of_unit("ROW", "0000000000", thousands), 0);
    assert_int_equal(count_said_of_unit("ROW", "0000", millions), 1); /* a thousandth */
    assert_int_equal(count_said_of_unit("ROW", "0", euros), 1);
    assert_int_equal(count_said_of_unit("FRA", "0", millions), 0); /* not of the world */
    dr_world *world = NULL;
    dr_table *info = NULL;
    count_said_of_unit("ROW", "0000000", NULL);
    assert_ok(dr_world_open(&world, "u.world"));
    assert_ok(dr_world_info(&info, world));
    assert_string_equal(dr_table_text(info, 0, 2), "million US dollars, current prices (assumed)");
    dr_table_free(info);
    dr_world_close(world);
}

/* A table that is larger than the world's is not taken unawares. */
static void a_table_beyond_the_world_is_refused(void **state)
{
    (void)state;
    const char *file = "t_2015.csv";
    dr_import_options options = {.size = sizeof(dr_import_options)};
    static const char tail[] = "; give the unit in a CSV for --source, or take the table as it is with --force";
    char message[600];
    count_said_of_unit("ROW", "0000000000", NULL);
    (void)remove("u.world");
    snprintf(
        message, sizeof message,
        "t_2015.csv: value added of the table is 4e+16 US dollars if its numbers are in million US dollars, current "
        "prices; that of the world in 2015 was 7.48e+13: they seem to be in thousand US dollars, or decimals got "
        "lost%s",
        tail);
    assert_failed(dr_import_icio(NULL, &file, 1, "u.world", &options), DR_BAD_INPUT, message);
    assert_false(is_there("u.world"));
    count_said_of_unit("ROW", "00000000", NULL); /* a digit more than there should be */
    (void)remove("u.world");
    snprintf(
        message, sizeof message,
        "t_2015.csv: value added of the table is 4e+14 US dollars if its numbers are in million US dollars, current "
        "prices; that of the world in 2015 was 7.48e+13: decimals may have got lost%s",
        tail);
    assert_failed(dr_import_icio(NULL, &file, 1, "u.world", &options), DR_BAD_INPUT, message);
    count_said_of_unit("FRA", "0000000", NULL); /* half the world's: two countries may have it */
    (void)remove("u.world");
    assert_ok(dr_import_icio(NULL, &file, 1, "u.world", &options));
    count_said_of_unit("FRA", "00000000", NULL);
    (void)remove("u.world");
    assert_int_equal(dr_import_icio(NULL, &file, 1, "u.world", &options), DR_BAD_INPUT);
}

/* Names given with a later year are those of the whole world, and what they do not say stays. */
static void names_given_later_are_taken(void **state)
{
    (void)state;
    const char *file = "small_2012.csv";
    const dr_import_options first = {.size = sizeof(dr_import_options), .sectors = "s.csv"},
                            later = {.size = sizeof(dr_import_options), .sectors = "t.csv", .regions = "r.csv"};
    write_text("s.csv", "code,name,slug\nx,Ex,ex\ny,Why,why\n");
    write_text("t.csv", "code,name,kind\ny,Ypsilon,goods\nx,Xi,goods\n");
    write_text("r.csv", "code,name,parts\nAAA,First,DEU|FRA\nBBB,Second,CHN\n");
    import_text("small_2011.csv", small_table, "a.world", &first);
    write_text(file, small_table);
    assert_ok(dr_import_icio(NULL, &file, 1, "a.world", &later));
    assert_true(query_number("a.world",
                             "SELECT count(*) FROM sector WHERE name IN ('Xi', 'Ypsilon') AND kind = 'goods' AND"
                             " slug IN ('ex', 'why')") == 2);
    assert_true(query_number("a.world", "SELECT count(*) FROM region WHERE name = 'First' AND parts = 'DEU|FRA'") == 1);
    assert_true(query_number("a.world", "SELECT count(*) FROM membership WHERE group_code = 'EU'") ==
                2); /* in both years */
    write_text("t.csv", "code,name\nx,Xi\n");
    assert_failed(dr_import_icio(NULL, &file, 1, "a.world", &later), DR_BAD_INPUT,
                  "t.csv: has no row for the sector 'y' of a.world");
}

static size_t progress_calls, progress_last;

static void take_progress(const char *what, size_t done, size_t all, void *user)
{
    assert_string_equal(what, "small_2011.csv");
    assert_ptr_equal(user, &progress_calls);
    assert_true(done >= progress_last && done <= all);
    progress_last = done;
    progress_calls++;
}

static void progress_is_told(void **state)
{
    (void)state;
    const dr_import_options options = {
        .size = sizeof(dr_import_options), .progress = take_progress, .user = &progress_calls};
    import_text("small_2011.csv", small_table, "a.world", &options);
    assert_true(progress_calls > 0);
}

/* ---- Real tables ---- */

/* Adds up one of the WIOD's tables by plain reading, beside the reader: [0] of the industries' columns, [1] of the
 * uses'. */
static void plain_totals(const char *path, double totals[2], double *hash)
{
    dr_csv *csv = NULL;
    bool more = true;
    char **labels = calloc(1700, sizeof *labels);
    assert_ok(dr_csv_open(&csv, path));
    assert_ok(dr_csv_header(csv, NULL, 0, NULL));
    size_t columns = dr_csv_fields(csv);
    for (size_t i = 0; i < columns; i++)
        labels[i] = strdup(dr_csv_field(csv, i));
    while (dr_csv_record(csv, &more) == DR_OK && more) {
        if (!strstr(dr_csv_field(csv, 0), "_c"))
            continue;
        for (size_t i = 1; i + 1 < columns; i++) {
            double value = strtod(dr_csv_field(csv, i), NULL);
            totals[strstr(labels[i], "_c") == NULL] += value;
            *hash += value * (double)(strlen(dr_csv_field(csv, 0)) * 31 + strlen(labels[i]));
        }
    }
    for (size_t i = 0; i < columns; i++)
        free(labels[i]);
    free(labels);
    dr_csv_close(csv);
}

static void wiod_is_read_whole(void **state)
{
    (void)state;
    static const int years[] = {1995, 1996, 1997, 1998, 1999, 2000, 2001, 2002,
                                2004, 2005, 2006, 2008, 2009, 2010, 2011};
    enum { YEARS = sizeof years / sizeof *years };
    char *files[YEARS], sectors[8192];
    for (size_t i = 0; i < YEARS; i++) {
        char name[64];
        snprintf(name, sizeof name, "data/wiod/wiod_%d.csv.gz", years[i]);
        files[i] = strdup(shared(name));
    }
    snprintf(sectors, sizeof sectors, "%s", shared("data/wiod/sectors.csv"));
    const dr_import_options options = {.size = sizeof(dr_import_options), .sectors = sectors};
    assert_ok(dr_import_icio(NULL, (const char *const *)files, YEARS, "wiod.world", &options));
    for (size_t i = 0; i < YEARS; i++) {
        double totals[2] = {0}, hash = 0;
        char sql[512];
        plain_totals(files[i], totals, &hash);
        snprintf(sql, sizeof sql, "SELECT sum(value) FROM intermediate WHERE year = %d", years[i]);
        assert_true(query_number("wiod.world", sql) == totals[0]);
        snprintf(sql, sizeof sql, "SELECT sum(value) FROM final WHERE year = %d", years[i]);
        assert_true(query_number("wiod.world", sql) == totals[1]);
        snprintf(
            sql, sizeof sql,
            "SELECT sum(v) FROM (SELECT value * (31 * (4 + length(supplier)) + 4 + length(user)) AS v FROM intermediate"
            " WHERE year = %d UNION ALL SELECT value * (31 * (4 + length(supplier)) + 4 + length(use)) FROM final"
            " WHERE year = %d)",
            years[i], years[i]);
        assert_true(query_number("wiod.world", sql) == hash);
        free(files[i]);
    }
}

static void wiod_2011_is_as_its_notes_say(void **state)
{
    (void)state;
    const char *file = shared("data/wiod/wiod_2011.csv.gz");
    dr_table *report = NULL;
    assert_ok(dr_import_icio(&report, &file, 1, "wiod.world", NULL));
    assert_finding(report, "row totals against OUT", "NLD_c23",
                   "largest gap 108: the row's cells add up to 28914, the total is 29022; 0 of 1435 beyond rounding",
                   "nothing: within rounding");
    dr_table_free(report);
    dr_economy *e = load("wiod.world", 0);
    assert_int_equal(e->regions, 41);
    assert_int_equal(e->sectors, 35);
    assert_int_equal(e->negative_final, 352);
    assert_int_equal(e->negative_intermediate, 0);
    int eu = dr_names_find(&e->groups, "EU"), members = 0;
    for (size_t n = 0; n < e->regions; n++)
        members += e->member[(size_t)eu * e->regions + n];
    assert_int_equal(members, 27);
    assert_int_equal(dr_names_find(&e->region_codes, "ROW"), 40);
    dr_economy_free(e);
}

/* ---- Damaged copies ---- */

static void damaged_files_are_told_by_their_digest(void **state)
{
    (void)state;
    /* MD5 of "abc", of RFC 1321 */
    static const dr_damaged list[] = {{"an edition", 2019, "md5:00000000000000000000000000000000", "another file"},
                                      {"an edition", 2020, "md5:900150983cd24fb0d6963f7d28e17f72", "a damaged copy"}};
    write_text("t.csv", "abc");
    assert_failed(dr_damaged_check("t.csv", "an edition", 2020, list, 2), DR_BAD_INPUT,
                  "t.csv: a damaged copy, or take it as it is with --force");
    assert_ok(dr_damaged_check("t.csv", "an edition", 2019, list, 2));
    assert_ok(dr_damaged_check("t.csv", "another edition", 2020, list, 2));
    write_text("t.csv", "abd");
    assert_ok(dr_damaged_check("t.csv", "an edition", 2020, list, 2));
    for (size_t i = 0; i < dr_damaged_count; i++)
        assert_int_equal(strlen(dr_damaged_files[i].digest), strlen("md5:") + 32);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, empty_folder)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(damaged_files_are_told_by_their_digest, empty_folder),
        TEST(the_economy_is_the_table),
        TEST(negative_cells_are_kept_and_taken_as_zero),
        TEST(taxes_belong_to_value_added),
        TEST(parts_are_added_to_their_country),
        TEST(uses_in_front_and_a_discrepancy),
        TEST(sector_codes_may_hold_underscores),
        TEST(numbers_are_read_as_they_are_written),
        TEST(gzip_is_read),
        TEST(the_order_of_rows_does_not_matter),
        TEST(the_order_of_columns_does_not_matter),
        TEST(any_table_is_read_as_it_is),
        TEST(years_come_from_names),
        TEST(years_of_several_files),
        TEST(a_year_is_replaced),
        TEST(other_regions_do_not_fit),
        TEST(all_files_or_none),
        TEST(checks_say_what_they_found),
        TEST(strict_imports_refuse),
        TEST(sums_may_be_off_by_a_share),
        TEST(a_number_that_is_off_is_noticed),
        TEST(rounding_is_that_of_the_file),
        TEST(broken_files_are_refused),
        TEST(files_that_are_no_tables_are_refused),
        TEST(truncated_gzip_is_refused),
        TEST(a_table_beyond_memory_is_refused),
        TEST(names_come_from_csv),
        TEST(wrong_names_are_refused),
        TEST(regions_are_found_under_any_code),
        TEST(regions_without_a_place_are_told),
        TEST(one_country_twice_is_refused),
        TEST(older_names_of_totals_are_read),
        TEST(the_unit_is_assumed_or_told),
        TEST(a_table_beyond_the_world_is_refused),
        TEST(names_given_later_are_taken),
        TEST(progress_is_told),
        TEST(wiod_is_read_whole),
        TEST(wiod_2011_is_as_its_notes_say),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
