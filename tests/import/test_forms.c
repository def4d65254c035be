/* A table in Parquet, or as a data frame of R, is the table that it is as CSV. */
#include <rdata/rdata.h>
#include <unistd.h>
#include <zlib.h>

#include "base/csv.h"
#include "support/world_files.h"

static const char flat_table[] = "icioiRow,icioiCol,refArea,rowIi,counterpartArea,colIi,obsValue\n"
                                 "DE_A01,DE_A01,DE,A01,DE,A01,1.25\n"
                                 "DE_A01,FR_P51G,DE,A01,FR,P51G,2\n"
                                 "FR_A01,DE_A01,FR,A01,DE,A01,0.5\n"
                                 "FR_A01,FR_P51G,FR,A01,FR,P51G,4.125\n"
                                 "FR_A01,DE_P51G,FR,A01,DE,P51G,1\n"
                                 "W2_D1,DE_A01,W2,D1,DE,A01,1.5\n"
                                 "W2_D1,FR_A01,W2,D1,FR,A01,5.625\n";

static const char frame_table[] = "IndustryCode,IndustryDescription,Country,RNr,Year,AUS1,AUS57,AUT1,AUT57,TOT\n"
                                  "A01,\"Crops, animals\",AUS,1,2011,1.5,2,0.25,1,4.75\n"
                                  "A01,\"Crops, animals\",AUT,1,2011,0.5,0,2,3.125,5.625\n"
                                  "VA,Value added,TOT,70,2011,2.75,0,3.375,0,6.125\n"
                                  "GO,Output,TOT,73,2011,4.75,0,5.625,0,10.375\n";

static void write_parquet(const char *csv, const char *path)
{
    dr_duck duck = {0};
    assert_ok(dr_duck_open(&duck, NULL, false));
    assert_ok(dr_duck_run(&duck, "COPY (FROM read_csv('%s')) TO '%s' (FORMAT parquet)", csv, path));
    dr_duck_close(&duck);
}

static void assert_same_worlds(const char *a, const char *b)
{
    static const char *const tables[] = {"region", "sector", "final_use", "intermediate", "final", "value_added"};
    char sql[200];
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(sql, sizeof sql, "SELECT sum(hash(t) %% 1000003) + 1e7 * count(*) FROM \"%s\" AS t", tables[i]);
        double of_a = query_number(a, sql), of_b = query_number(b, sql);
        if (!(of_a >= 1e7 && of_a == of_b))
            fail_msg("%s: %.17g in %s, %.17g in %s", tables[i], of_a, a, of_b, b);
    }
}

static void import_any(const char *file, const char *world)
{
    assert_ok(dr_import(NULL, &file, 1, world, NULL));
}

static void parquet_is_as_csv(void **state)
{
    (void)state;
    static const char *const tables[] = {small_table, flat_table, frame_table};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        write_text("t_2011.csv", tables[i]);
        write_parquet("t_2011.csv", "t_2011.parquet");
        unlink("a.world");
        unlink("b.world");
        import_any("t_2011.csv", "a.world");
        import_any("t_2011.parquet", "b.world");
        assert_same_worlds("a.world", "b.world");
    }
}

static void cells_of_parquet_have_a_place_too(void **state)
{
    (void)state;
    static const char text[] = "V1,AAA_x,AAA_C,AAA_G,OUT\nAAA_x,1,,0,3\nVA,2,0,0,2\n";
    const char *file = "t_2011.parquet";
    write_text("t_2011.csv", text);
    write_parquet("t_2011.csv", file);
    assert_failed(dr_import(NULL, &file, 1, "c.world", NULL), DR_BAD_INPUT,
                  "t_2011.parquet:2:3: row AAA_x, column AAA_C: the cell is empty; expected a number");
    assert_false(is_there("c.world"));
}

/* ---- R ---- */

static ssize_t write_gz(const void *bytes, size_t size, void *user)
{
    return gzwrite(user, bytes, (unsigned)size);
}

enum { MOST = 16 };

/* The columns and cells of the small table, whose first column are labels. */
typedef struct cells {
    size_t columns, rows;
    char text[MOST][MOST][24]; /* [row][column]; the header first */
} cells;

static void read_cells(cells *c, const char *text)
{
    dr_csv *csv = NULL;
    bool more = true;
    *c = (cells){0};
    assert_ok(dr_csv_open_memory(&csv, "t", text, strlen(text)));
    for (assert_ok(dr_csv_next(csv, &more)); more; c->rows++) {
        c->columns = dr_csv_fields(csv);
        for (size_t i = 0; i < c->columns; i++)
            snprintf(c->text[c->rows][i], sizeof c->text[0][0], "%s", dr_csv_field(csv, i));
        assert_ok(dr_csv_next(csv, &more));
    }
    dr_csv_close(csv);
}

static void write_r(const char *path, const cells *c)
{
    gzFile file = gzopen(path, "wb");
    rdata_writer_t *writer = rdata_writer_init(write_gz, RDATA_WORKSPACE);
    for (size_t i = 0; i < c->columns; i++)
        rdata_add_column(writer, c->text[0][i], i == 0 ? RDATA_TYPE_STRING : RDATA_TYPE_REAL);
    rdata_begin_file(writer, file);
    rdata_begin_table(writer, "icio");
    for (size_t i = 0; i < c->columns; i++) {
        rdata_column_t *column = rdata_get_column(writer, (int32_t)i);
        rdata_begin_column(writer, column, (int32_t)c->rows - 1);
        for (size_t row = 1; row < c->rows; row++)
            if (i == 0)
                rdata_append_string_value(writer, c->text[row][i]);
            else
                rdata_append_real_value(writer, strtod(c->text[row][i], NULL));
        rdata_end_column(writer, column);
    }
    rdata_end_table(writer, (int32_t)c->rows - 1, "");
    rdata_end_file(writer);
    rdata_writer_free(writer);
    assert_int_equal(gzclose(file), Z_OK);
}

static void r_frames_are_as_csv(void **state)
{
    (void)state;
    static cells c;
    read_cells(&c, small_table);
    write_r("t_2011.RData", &c);
    write_text("t_2011.csv", small_table);
    import_any("t_2011.csv", "a.world");
    import_any("t_2011.RData", "b.world");
    assert_same_worlds("a.world", "b.world");
}

/* ---- Folders in Parquet ---- */

static void write_parquet_of(const char *path, const char *text)
{
    write_text("part.csv", text);
    write_parquet("part.csv", path);
    unlink("part.csv");
}

static const char *const long_files[][2] = {
    {"flows", "exporter,importer,sector,value\nA,A,x,60\nA,B,x,10\nB,A,x,20\nB,B,x,30\n"},
    {"inputs", "region,input,sector,value\nA,x,x,10\nB,x,x,8\n"},
    {"final", "region,sector,value\nA,x,70\nB,x,32\n"},
    {"value_added", "region,sector,value\nA,x,60\nB,x,42\n"},
};

static void the_long_format_in_parquet(void **state)
{
    (void)state;
    char path[64];
    mkdir("csv-1993", 0777);
    mkdir("parquet-1993", 0777);
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "csv-1993/%s.csv", long_files[i][0]);
        write_text(path, long_files[i][1]);
        snprintf(path, sizeof path, "parquet-1993/%s.parquet", long_files[i][0]);
        write_parquet_of(path, long_files[i][1]);
    }
    import_any("csv-1993", "a.world");
    import_any("parquet-1993", "b.world");
    static const char sql[] = "SELECT sum(hash(t) % 1000003) + 1e7 * count(*) FROM flow AS t";
    assert_true(query_number("a.world", sql) == query_number("b.world", sql));
    write_text("parquet-1993/final.csv", long_files[2][1]);
    const char *folder = "parquet-1993";
    assert_failed(dr_import(NULL, &folder, 1, "c.world", NULL), DR_BAD_INPUT,
                  "parquet-1993/final.csv: exists beside final.parquet; expected one of them");
}

/* As pandas writes a table whose rows and columns have three labels: those of rows are columns at the end. */
static void matrices_of_mario(void **state)
{
    (void)state;
    mkdir("csv_2011", 0777);
    mkdir("parquet_2011", 0777);
    write_text("csv_2011/Z.csv", "Region,,,A,B\nLevel,,,Sector,Sector\nItem,,,Food,Food\nRegion,Level,Item,,\n"
                                 "A,Sector,Food,1.5,2\nB,Sector,Food,3,4.25\n");
    write_text("csv_2011/Y.csv", "Region,,,A,B\nLevel,,,Consumption category,Consumption category\n"
                                 "Item,,,Use,Use\nRegion,Level,Item,,\nA,Sector,Food,5,6\nB,Sector,Food,7,8\n");
    write_text("csv_2011/V.csv", "Region,A,B\nLevel,Sector,Sector\nItem,Food,Food\nItem,,\nWages,10,16\nJobs,1,1\n");
    write_text("csv_2011/units.csv", ",,unit\nSector,Food,M EUR\nFactor of production,Wages,M EUR\n");
    write_parquet_of("parquet_2011/Z.parquet",
                     "\"('A', 'Sector', 'Food')\",\"('B', 'Sector', 'Food')\",Region,Level,Item\n"
                     "1.5,2,A,Sector,Food\n3,4.25,B,Sector,Food\n");
    write_parquet_of("parquet_2011/Y.parquet",
                     "\"('A', 'Consumption category', 'Use')\",\"('B', 'Consumption category', 'Use')\",Region,Level,"
                     "Item\n5,6,A,Sector,Food\n7,8,B,Sector,Food\n");
    write_parquet_of("parquet_2011/V.parquet",
                     "\"('A', 'Sector', 'Food')\",\"('B', 'Sector', 'Food')\",Item\n10,16,Wages\n1,1,Jobs\n");
    write_parquet_of("parquet_2011/units.parquet",
                     "unit,__index_level_0__,__index_level_1__\nM EUR,Sector,Food\nM EUR,Factor of production,Wages\n");
    import_any("csv_2011", "a.world");
    import_any("parquet_2011", "b.world");
    assert_same_worlds("a.world", "b.world");
    assert_true(query_number("b.world", "SELECT sum(value) FROM value_added") == 26);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_long_format_in_parquet, empty_folder),
        cmocka_unit_test_setup(matrices_of_mario, empty_folder),
        cmocka_unit_test_setup(parquet_is_as_csv, empty_folder),
        cmocka_unit_test_setup(cells_of_parquet_have_a_place_too, empty_folder),
        cmocka_unit_test_setup(r_frames_are_as_csv, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
