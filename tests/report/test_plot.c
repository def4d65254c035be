/* Pictures: what gnuplot is told is what the table says, whatever that is. */
#include "support/world_files.h"

#include <unistd.h>

#include "report/plot.h"
#include "svg.h"

static bool has_gnuplot(void)
{
    return access("/usr/bin/gnuplot", X_OK) == 0;
}

/* Texts that mean something to gnuplot or to a shell. */
static const char *const texts[] = {
    "a 'quoted' \"name\"",
    "50% of %s and %d",
    "back\\slash \\n",
    "`touch made-by-a-name`",
    "@macro $data ${x}",
    "a_b^{c} {/:Bold d} ~e &f",
    "'; system 'touch made-by-a-name'; '",
    "a-word-that-is-much-longer-than-the-line-on-which-it-is-to-stand",
    "two\nlines\tand a tab",
};
enum { TEXTS = sizeof texts / sizeof *texts };

static dr_table *strange_table(void)
{
    static const dr_column_spec columns[] = {
        {"name", DR_SHOW_TEXT}, {"value", DR_SHOW_VALUE}, {"share", DR_SHOW_SHARE}};
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 3));
    dr_table_set_title(table, "%s", texts[0]);
    dr_table_set_unit(table, "million `touch made-by-a-name` 'dollars'");
    dr_table_add_fact_text(table, "source", "it's \"a\" `touch made-by-a-name` source");
    for (size_t i = 0; i < TEXTS; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, texts[i]);
        dr_table_set_number(table, row, 1, i == 1 ? NAN : -20000 + 5000 * (double)i);
        dr_table_set_number(table, row, 2, 0.01 * (double)i);
    }
    assert_ok(dr_table_done(table));
    return table;
}

/* The picture as text, as an SVG has it. The caller frees. */
static char *draw(const dr_plot *plot)
{
    size_t size = 0;
    assert_ok(dr_plot_write(plot, "picture.svg"));
    assert_false(is_there("made-by-a-name"));
    return read_bytes("picture.svg", &size);
}

static void has(const char *picture, const char *text)
{
    if (!strstr(picture, text))
        fail_msg("the picture has no '%s'", text);
}

static void names_are_drawn_and_never_run(void **state)
{
    (void)state;
    if (!has_gnuplot())
        skip();
    dr_table *table = strange_table();
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_BARS,
                    .what = "a 'value'",
                    .rows = TEXTS,
                    .series = 1,
                    .columns = {1},
                    .labels = {"`touch made-by-a-name`"}};
    char *picture = draw(&plot);
    has(picture, "50% of %s and %d");
    has(picture, "back\\slash \\n");
    has(picture, "`touch made-by-a-name`");
    has(picture, "@macro $data ${x}");
    has(picture, "a_b^{c} {/:Bold d} ~e &amp;f");
    has(picture, "a-word-that-is-much-longer-than-the-line-on-which-it-is-to-stand");
    has(picture, "two lines and a tab");
    has(picture, "a 'value': `touch made-by-a-name`, billion `touch made-by-a-name` 'dollars'");
    has(picture, "computed by derisk " DR_VERSION);
    free(picture);
    plot.series = 2;
    plot.columns[1] = 2;
    plot.labels[1] = "it's";
    plot.ranked = true;
    free(draw(&plot));
    dr_table_free(table);
}

static void shares_are_percent_and_years_are_lines(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {{"year", DR_SHOW_COUNT}, {"share", DR_SHOW_SHARE}};
    if (!has_gnuplot())
        skip();
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 2));
    for (int i = 0; i < 3; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_number(table, row, 0, 2009 + i);
        dr_table_set_number(table, row, 1, 0.1 * i);
    }
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_LINES,
                    .what = "a share",
                    .rows = 3,
                    .series = 1,
                    .columns = {1},
                    .labels = {""}};
    char *picture = draw(&plot);
    has(picture, "a share, percent");
    has(picture, "2010");
    has(picture, "20</text>"); /* of 20% */
    free(picture);
    dr_table_free(table);
}

/* Thousands of more than ten thousand are millions, and so on; more than two series stand in a list. */
static void units_and_series(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {
        {"name", DR_SHOW_TEXT}, {"a", DR_SHOW_VALUE}, {"b", DR_SHOW_VALUE}, {"c", DR_SHOW_VALUE}};
    if (!has_gnuplot())
        skip();
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 4));
    dr_table_set_unit(table, "thousand euros");
    dr_table_set_text(table, dr_table_add_row(table), 0, "x");
    for (size_t k = 1; k < 4; k++)
        dr_table_set_number(table, 0, k, 1e7 * (double)k);
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_BARS,
                    .what = "values",
                    .rows = 1,
                    .series = 3,
                    .columns = {1, 2, 3},
                    .labels = {"first", "second", "third"}};
    char *picture = draw(&plot);
    has(picture, "values, billion euros");
    has(picture, "third");
    has(picture, "rgb(  0, 158, 115)"); /* of the third */
    free(picture);
    dr_table_free(table);
}

/* A pixel, in units of the axis. */
static void same_place(axis a, double pixels, double value)
{
    assert_true(fabs(value_at(a, pixels) - value) < 0.6 * fabs(a.slope));
}

/* Bars go from zero to the number, beside the name of the row, gains above losses; what is missing has none. */
static void bars_are_as_long_as_the_numbers(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {{"name", DR_SHOW_TEXT}, {"loss", DR_SHOW_SHARE}, {"gain", DR_SHOW_SHARE}};
    static const char *const names[] = {"small", "missing", "large", "below"}, *const order[] = {"large", "small",
                                                                                                 "below"};
    static const double loss[] = {0.03, NAN, 0.37, -0.12}, gain[] = {0.21, NAN, 0.05, 0.08};
    static const size_t ranked[] = {2, 0, 3};
    if (!has_gnuplot())
        skip();
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 3));
    for (size_t i = 0; i < 4; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, names[i]);
        dr_table_set_number(table, row, 1, loss[i]);
        dr_table_set_number(table, row, 2, gain[i]);
    }
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_BARS,
                    .what = "losses",
                    .rows = 4,
                    .ranked = true,
                    .series = 2,
                    .columns = {1, 2},
                    .labels = {"loss", "gain"}};
    char *picture = draw(&plot);
    axis across = read_axis(picture, "middle");
    for (size_t series = 1; series <= 2; series++) {
        const double *numbers = series == 1 ? loss : gain;
        box bars[8];
        size_t count = read_shapes(bars, 8, picture, series, "points = '");
        assert_int_equal(count, 3 + 1); /* and the one in the key, which comes first */
        for (size_t i = 0; i < 3; i++) {
            const box *bar = &bars[1 + i];
            double percent = 100 * numbers[ranked[i]], name = height_of_text(picture, order[i]);
            same_place(across, bar->left, fmin(0, percent));
            same_place(across, bar->right, fmax(0, percent));
            double edge = series == 1 ? bar->bottom : bar->top; /* the name stands where the two bars meet */
            assert_true(fabs(edge - name) < 1);
        }
    }
    free(picture);
    dr_table_free(table);
}

/* A line goes through the numbers of the years, and breaks where one is missing. */
static void lines_go_through_the_numbers(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {{"year", DR_SHOW_COUNT}, {"balance", DR_SHOW_VALUE}};
    static const double numbers[] = {120, 310, -45, NAN, 260, 80};
    enum { YEARS = sizeof numbers / sizeof *numbers };
    if (!has_gnuplot())
        skip();
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 2));
    dr_table_set_title(table, "Balance of EU with CHN");
    for (size_t i = 0; i < YEARS; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_number(table, row, 0, 2001 + (double)i);
        dr_table_set_number(table, row, 1, numbers[i]);
    }
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_LINES,
                    .what = "balance",
                    .rows = YEARS,
                    .series = 1,
                    .columns = {1},
                    .labels = {""}};
    char *picture = draw(&plot);
    has(picture, "<text>Balance of EU with CHN</text>");
    axis years = read_axis(picture, "middle"), values = read_axis(picture, "end");
    box points[YEARS];
    size_t drawn = 0;
    const char *end = NULL, *at = series_of(picture, 1, &end);
    for (; (at = strstr(at, "<use xlink:href=")) && at < end; at++, drawn++)
        assert_true(drawn < YEARS && read_points(strstr(at, "translate(") + strlen("translate("), &points[drawn]) == 1);
    assert_int_equal(drawn, YEARS - 1);
    for (size_t i = 0; i < drawn; i++) {
        size_t row = i < 3 ? i : i + 1;
        same_place(years, points[i].left, 2001 + (double)row);
        same_place(values, points[i].top, numbers[row]);
    }
    const char *line = strstr(series_of(picture, 1, &end), " d='") + strlen(" d='"), *gap = strchr(line + 1, 'M');
    box before, after;
    assert_non_null(gap);
    char *first = strndup(line, (size_t)(gap - line));
    assert_int_equal(read_points(first, &before), 3);
    assert_int_equal(read_points(gap, &after), 2);
    free(first);
    same_place(values, before.top, 310);
    same_place(values, before.bottom, -45);
    same_place(years, after.left, 2005);
    same_place(years, after.right, 2006);
    free(picture);
    dr_table_free(table);
}

/* Reads "M1,2 L3,4", a path of one line; false if it is none. */
static bool read_line(const char *at, double x[2], double y[2])
{
    static const char marks[] = {'M', ',', 'L', ','};
    double *numbers[] = {&x[0], &y[0], &x[1], &y[1]};
    for (size_t i = 0; i < 4; i++) {
        char *end = NULL;
        while (*at == ' ')
            at++;
        if (*at != marks[i])
            return false;
        *numbers[i] = strtod(at + 1, &end);
        if (end == at + 1)
            return false;
        at = end;
    }
    return true;
}

/* Whether a line of the series goes from one place to the other, in numbers of the axes. */
static bool has_line(const char *picture, size_t series, axis across, axis up, const double from[2], const double to[2])
{
    const char *end = NULL, *at = series_of(picture, series, &end);
    double near_x = 0.6 * fabs(across.slope), near_y = 0.6 * fabs(up.slope);
    for (; (at = strchr(at, 'M')) && at < end; at++) {
        double x[2], y[2];
        if (read_line(at, x, y) && fabs(value_at(across, x[0]) - from[0]) < near_x &&
            fabs(value_at(up, y[0]) - from[1]) < near_y && fabs(value_at(across, x[1]) - to[0]) < near_x &&
            fabs(value_at(up, y[1]) - to[1]) < near_y)
            return true;
    }
    return false;
}

/* An interval goes from its low to its high end, over the key. */
static void intervals_reach_from_low_to_high(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {
        {"when", DR_SHOW_COUNT}, {"estimate", DR_SHOW_NUMBER}, {"low", DR_SHOW_NUMBER}, {"high", DR_SHOW_NUMBER}};
    static const double rows[][4] = {{-1, 0.3, 0.1, 0.5}, {0, 0.2, 0.15, 0.25}, {2, -0.4, -0.7, -0.2}};
    if (!has_gnuplot())
        skip();
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 4));
    for (size_t i = 0; i < 3; i++) {
        dr_table_add_row(table);
        for (size_t c = 0; c < 4; c++)
            dr_table_set_number(table, i, c, rows[i][c]);
    }
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_POINTS,
                    .what = "estimate",
                    .rows = 3,
                    .series = 1,
                    .columns = {1},
                    .labels = {""},
                    .low = 2,
                    .high = 3};
    char *picture = draw(&plot);
    axis across = read_axis(picture, "middle"), up = read_axis(picture, "end");
    for (size_t i = 0; i < 3; i++)
        assert_true(
            has_line(picture, 1, across, up, (double[]){rows[i][0], rows[i][2]}, (double[]){rows[i][0], rows[i][3]}));
    free(picture);
    dr_table_free(table);
}

/* Each text of the key column is a curve of its own, and one row alone a point. */
static void curves_are_apart(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {{"curve", DR_SHOW_TEXT}, {"x", DR_SHOW_NUMBER}, {"y", DR_SHOW_NUMBER}};
    static const struct {
        const char *curve;
        double x, y;
    } rows[] = {{"first", 1, 2}, {"first", 3, 4}, {"second", 2, 8}, {"second", 6, 1}, {"point", 5, 5}};
    if (!has_gnuplot())
        skip();
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 3));
    for (size_t i = 0; i < 5; i++) {
        dr_table_set_text(table, dr_table_add_row(table), 0, rows[i].curve);
        dr_table_set_number(table, i, 1, rows[i].x);
        dr_table_set_number(table, i, 2, rows[i].y);
    }
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_CURVES,
                    .what = "curves",
                    .rows = 5,
                    .series = 2,
                    .columns = {1, 2},
                    .labels = {"over", "up"}};
    char *picture = draw(&plot);
    axis across = read_axis(picture, "middle"), up = read_axis(picture, "end");
    for (size_t curve = 0; curve < 2; curve++)
        assert_true(has_line(picture, 1 + curve, across, up, (double[]){rows[2 * curve].x, rows[2 * curve].y},
                             (double[]){rows[2 * curve + 1].x, rows[2 * curve + 1].y}));
    box point[2];
    assert_true(read_shapes(point, 2, picture, 3, "transform='translate(") == 2); /* in the key too */
    same_place(across, point[0].left, 5);
    same_place(up, point[0].top, 5);
    has(picture, "<text>over</text>");
    has(picture, "<text>second</text>");
    free(picture);
    dr_table_free(table);
}

/* One series has its numbers at the ends of the bars, with sums beside them; groups are below single items and grey,
 * totals are left out, a region of several countries says so, and draws have their interval. */
static void numbers_groups_and_intervals(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"welfare", DR_SHOW_PERCENT},
                                             {"low", DR_SHOW_PERCENT},
                                             {"high", DR_SHOW_PERCENT},
                                             {"sum", DR_SHOW_VALUE}};
    static const char *const names[] = {"BIG", "XEU", "WIN", "ALL"}, *const places[] = {"", "AUT|BEL", "WIN", "", ""};
    static const double numbers[][4] = {
        {-0.5, -0.7, -0.4, -2500}, {-0.13, -0.2, 0.1, -40}, {0.25, 0.2, 0.3, 1e6}, {-9, -9, -9, 0}};
    static const dr_row_kind kinds[] = {DR_ROW_GROUP, DR_ROW_ONE, DR_ROW_ONE, DR_ROW_TOTAL};
    if (!has_gnuplot())
        skip();
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 5));
    dr_table_add_fact_text(table, "unit", "million euros, current prices");
    for (size_t i = 0; i < 4; i++) {
        dr_table_set_text(table, dr_table_add_row(table), 0, names[i]);
        dr_table_set_kind(table, i, kinds[i]);
        for (size_t c = 0; c < 4; c++)
            dr_table_set_number(table, i, c + 1, numbers[i][c]);
    }
    dr_plot plot = {.table = table,
                    .what = "real income",
                    .ranked = true,
                    .series = 1,
                    .columns = {1},
                    .labels = {""},
                    .low = 2,
                    .high = 3,
                    .money = 4,
                    .places = places};
    char *picture = draw(&plot);
    has(picture, "real income, percent (and euros)");
    has(picture, ">-0.13% (-40.00 million)<");
    has(picture, ">0.25% (1.000 trillion)<");
    has(picture, ">-0.50% (-2.500 billion)<");
    has(picture, ">XEU (2 countries)<");
    assert_null(strstr(picture, ">ALL<"));
    assert_true(height_of_text(picture, "WIN") < height_of_text(picture, "XEU (2 countries)"));
    assert_true(height_of_text(picture, "BIG") > height_of_text(picture, "XEU (2 countries)") + 40);
    axis across = read_axis(picture, "middle");
    box bar = {0};
    assert_int_equal(read_shapes(&bar, 1, picture, 2, "points = '"), 1); /* the groups are a series of their own */
    same_place(across, bar.left, -0.5);
    has(picture, "rgb(140, 140, 140)");
    free(picture);
    dr_table_free(table);
}

/* A difference of two columns, without trade of a region with itself, beside names of three columns. */
static void differences_of_trade(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {{"exporter", DR_SHOW_TEXT},
                                             {"importer", DR_SHOW_TEXT},
                                             {"sector", DR_SHOW_TEXT},
                                             {"base", DR_SHOW_VALUE},
                                             {"new", DR_SHOW_VALUE}};
    static const char *const pairs[][2] = {{"CHN", "DEU"}, {"CHN", "CHN"}, {"DEU", "CHN"}};
    static const double base[] = {5000, 100, 400}, new[] = {4000, 900, 700};
    if (!has_gnuplot())
        skip();
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 5));
    dr_table_set_unit(table, "million euros");
    for (size_t i = 0; i < 3; i++) {
        dr_table_add_row(table);
        dr_table_set_text(table, i, 0, pairs[i][0]);
        dr_table_set_text(table, i, 1, pairs[i][1]);
        dr_table_set_text(table, i, 2, "metals");
        dr_table_set_number(table, i, 3, base[i]);
        dr_table_set_number(table, i, 4, new[i]);
    }
    dr_plot plot = {.table = table,
                    .what = "trade",
                    .more = {1, 2},
                    .ranked = true,
                    .foreign = true,
                    .series = 1,
                    .columns = {4},
                    .less = 3,
                    .labels = {""}};
    char *picture = draw(&plot);
    has(picture, ">-1,000.0<");
    has(picture, ">300.0<");
    assert_null(strstr(picture, ">CHN to CHN, metals<"));
    assert_true(height_of_text(picture, "DEU to CHN, metals") < height_of_text(picture, "CHN to DEU, metals"));
    free(picture);
    dr_table_free(table);
}

/* A PDF has no date, so that the same picture has the same bytes. */
static void a_pdf_has_no_date(void **state)
{
    (void)state;
    size_t size = 0;
    if (!has_gnuplot())
        skip();
    dr_table *table = strange_table();
    dr_plot plot = {.table = table, .what = "", .rows = TEXTS, .series = 1, .columns = {1}, .labels = {""}};
    assert_ok(dr_plot_write(&plot, "picture.PDF"));
    char *picture = read_bytes("picture.PDF", &size);
    assert_true(size > 1000 && memcmp(picture, "%PDF-", 5) == 0);
    assert_null(memmem(picture, size, "Date", 4));
    free(picture);
    dr_table_free(table);
}

static void refusals(void **state)
{
    (void)state;
    dr_table *table = strange_table();
    dr_plot plot = {
        .table = table, .kind = DR_PLOT_BARS, .what = "", .rows = TEXTS, .series = 1, .columns = {1}, .labels = {""}};
    assert_failed(dr_plot_write(&plot, "picture.gif"), DR_USAGE,
                  "picture.gif: a picture's name ends with .svg, .png or .pdf");
    assert_failed(dr_plot_write(&plot, ".svg"), DR_USAGE, ".svg: a picture's name ends with .svg, .png or .pdf");
    assert_failed(dr_plot_write(&plot, "none/picture.svg"), DR_BAD_INPUT,
                  "none/picture.svg: cannot be written: no such folder");
    dr_table_free(table);
    assert_ok(dr_table_new(&table, (dr_column_spec[]){{"name", DR_SHOW_TEXT}, {"value", DR_SHOW_VALUE}}, 2));
    plot.table = table;
    plot.rows = 0;
    assert_failed(dr_plot_write(&plot, "picture.svg"), DR_BAD_INPUT,
                  "picture.svg: there is nothing to draw: the table has no rows");
    assert_false(is_there("picture.svg"));
    dr_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(names_are_drawn_and_never_run, empty_folder),
        cmocka_unit_test_setup(shares_are_percent_and_years_are_lines, empty_folder),
        cmocka_unit_test_setup(units_and_series, empty_folder),
        cmocka_unit_test_setup(bars_are_as_long_as_the_numbers, empty_folder),
        cmocka_unit_test_setup(lines_go_through_the_numbers, empty_folder),
        cmocka_unit_test_setup(intervals_reach_from_low_to_high, empty_folder),
        cmocka_unit_test_setup(curves_are_apart, empty_folder),
        cmocka_unit_test_setup(numbers_groups_and_intervals, empty_folder),
        cmocka_unit_test_setup(differences_of_trade, empty_folder),
        cmocka_unit_test_setup(a_pdf_has_no_date, empty_folder),
        cmocka_unit_test_setup(refusals, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
