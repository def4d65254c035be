/* Maps: each country has the colour of its share, and what has none says so. */
#include "report/map.h"
#include "svg.h"

static bool has_gnuplot(void)
{
    return access("/usr/bin/gnuplot", X_OK) == 0;
}

static const char *const codes[] = {"CHN", "XEU", "ISL", "`touch made-by-a-name`", "NUL", "MLT"};
static const char *const places[] = {"CHN", "AUT|BEL|LUX", "ISL", "", "NOR", "MLT"};
static const double shares[] = {0.3, 0.04, 0, 0.6, NAN, 0.012};
enum { ROWS = sizeof codes / sizeof *codes };

static dr_table *partners(void)
{
    static const dr_column_spec columns[] = {{"partner", DR_SHOW_TEXT}, {"share", DR_SHOW_SHARE}};
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 2));
    dr_table_set_title(table, "Partners of 'DEU', 2011");
    dr_table_add_fact_text(table, "source", "made up");
    for (size_t i = 0; i < ROWS; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, codes[i]);
        dr_table_set_number(table, row, 1, shares[i]);
    }
    assert_ok(dr_table_done(table));
    return table;
}

static dr_map map_of(const dr_table *table)
{
    return (dr_map){
        .table = table, .what = "share in imports", .column = 1, .places = places, .own = "DEU", .own_label = "DEU"};
}

static size_t count(const char *picture, const char *text)
{
    size_t times = 0;
    for (const char *at = picture; (at = strstr(at, text)); at += strlen(text))
        times++;
    return times;
}

/* gnuplot writes each filled outline as a path or polygon of its own with its colour in it. */
static size_t drawn(const char *picture, int red, int green, int blue)
{
    char fill[64];
    snprintf(fill, sizeof fill, "fill = 'rgb(%3d, %3d, %3d)'", red, green, blue);
    return count(picture, fill);
}

/* The highest outline of that colour: boxes of the legend are below the map. */
static box highest(const char *picture, int red, int green, int blue)
{
    char fill[64];
    box found = {.top = INFINITY};
    snprintf(fill, sizeof fill, "fill = 'rgb(%3d, %3d, %3d)' points = '", red, green, blue);
    for (const char *at = picture; (at = strstr(at, fill)); at++) {
        box one;
        assert_true(read_points(at + strlen(fill), &one) > 2);
        found = one.top < found.top ? one : found;
    }
    assert_true(isfinite(found.top));
    return found;
}

/* Countries are where they are on the globe: Iceland north-west of Germany, Malta south of it, China far to the
 * east. */
static void countries_are_in_their_place(const char *picture)
{
    box iceland = highest(picture, 222, 235, 247), germany = highest(picture, 230, 159, 0),
        malta = highest(picture, 158, 202, 225), china = highest(picture, 8, 69, 148);
    assert_true(iceland.right < germany.left && iceland.bottom < germany.top);
    assert_true(malta.top > germany.bottom && fabs(malta.left - germany.right) < 30);
    assert_true(china.left > germany.right + 100 && china.bottom > germany.bottom);
    assert_true(china.right - china.left > 3 * (germany.right - germany.left));
}

static void countries_have_the_colour_of_their_share(void **state)
{
    (void)state;
    if (!has_gnuplot())
        skip();
    dr_table *table = partners();
    const dr_map map = map_of(table);
    size_t size = 0;
    assert_ok(dr_map_write(&map, "map.svg"));
    assert_false(is_there("made-by-a-name"));
    char *picture = read_bytes("map.svg", &size);
    /* the largest share on the map is 30%: steps down from 50; each colour is in the legend once */
    for (const char *const *text = (const char *const[]){">50<", ">20<", ">10<", ">5<", ">2<", ">1<", ">0%<", NULL};
         *text; text++)
        assert_true(count(picture, *text) == 1);
    assert_int_equal(drawn(picture, 8, 69, 148), 1 + 2);             /* China and Hainan: 20 to 50 */
    assert_int_equal(drawn(picture, 107, 174, 214), 1);              /* in the legend; 2 to 5 */
    const char *end = NULL, *hatching = series_of(picture, 2, &end); /* one region of three countries */
    assert_non_null(hatching);
    const char *lines = strstr(hatching, "stroke='rgb(107, 174, 214)'");
    assert_true(lines && lines < end);
    assert_int_equal(drawn(picture, 158, 202, 225), 1 + 1); /* Malta is a point: 1 to 2 */
    assert_int_equal(drawn(picture, 222, 235, 247), 1 + 1); /* nothing is less than 1, and not unknown */
    assert_int_equal(drawn(picture, 230, 159, 0), 1 + 1);   /* Germany itself */
    assert_true(drawn(picture, 207, 207, 207) > 200);       /* Norway, without a number, and all others */
    assert_true(count(picture, "Hatched, as the data have these as one region: XEU (3 countries)") == 1);
    assert_true(count(picture, "`touch made-by-a-name` 60.00%") == 1); /* what is not on the map is in the legend */
    assert_true(count(picture, "(not on the map)") == 1);
    assert_true(count(picture, "30.00%") == 1);
    assert_true(count(picture, "Source: made up; computed by derisk") == 1);
    assert_true(count(picture, "<text>Partners of 'DEU', 2011</text>") == 1);
    countries_are_in_their_place(picture);
    free(picture);
    dr_table_free(table);
}

/* Long lists are cut, and say so. */
static void many_regions(void **state)
{
    (void)state;
    static const char *const all[ROWS] = {"", "", "", "AUT|BEL", "", ""};
    if (!has_gnuplot())
        skip();
    dr_table *table = partners();
    dr_map map = map_of(table);
    size_t size = 0;
    map.places = all;
    map.own_label = "DEU,FRA,ITA,ESP,NLD";
    assert_ok(dr_map_write(&map, "map.svg"));
    char *picture = read_bytes("map.svg", &size);
    assert_true(count(picture, "CHN 30.00%, XEU 4.00% and 2 more") == 1);
    assert_true(count(picture, "the economies above") == 1);
    assert_true(count(picture, "(2 countries)") == 1);
    free(picture);
    dr_table_free(table);
}

static void refusals(void **state)
{
    (void)state;
    dr_table *table = partners();
    dr_map map = map_of(table);
    assert_failed(dr_map_write(&map, "map.gif"), DR_USAGE, "map.gif: a picture's name ends with .svg, .png or .pdf");
    assert_failed(dr_map_write(&map, "none/map.svg"), DR_BAD_INPUT, "none/map.svg: cannot be written: no such folder");
    dr_table_free(table);
    assert_ok(dr_table_new(&table, (dr_column_spec[]){{"partner", DR_SHOW_TEXT}, {"share", DR_SHOW_SHARE}}, 2));
    map.table = table;
    assert_failed(dr_map_write(&map, "map.svg"), DR_BAD_INPUT,
                  "map.svg: there is nothing to draw: the table has no rows");
    assert_false(is_there("map.svg"));
    dr_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(countries_have_the_colour_of_their_share, empty_folder),
        cmocka_unit_test_setup(many_regions, empty_folder),
        cmocka_unit_test_setup(refusals, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
