/* Scenarios: what each change does to each flow, through the functions and from YAML; and what each mistake is told. */
#include <string.h>
#include <unistd.h>

#include "scenario/scenario.h"
#include "support/check.h"
#include "support/synthetic.h"
#include "world/economy.h"

/* Regions DEU, ITA, CHN, USA with EU = DEU, ITA; sectors agri (goods, slug agriculture) and serv (services). */
static void join_eu(dr_economy *e, size_t region)
{
    ok(dr_roster_add(&e->roster, "EU", "European Union", e->region_codes.names[region], 19580101, 99991231));
}

static dr_economy *economy_new(void)
{
    static const char *const regions[] = {"DEU", "ITA", "CHN", "USA"}, *const sectors[] = {"agri", "serv"};
    synthetic y = synthetic_new(4, 2, 1, true, true);
    for (size_t i = 0; i < 4; i++)
        y.region_names[i] = regions[i];
    for (size_t i = 0; i < 2; i++)
        y.sector_names[i] = sectors[i];
    dr_economy *e = synthetic_economy(&y);
    synthetic_free(&y);
    e->sector_slugs[0] = "agriculture";
    e->sector_kinds[0] = "goods";
    e->sector_kinds[1] = "services";
    e->year = 2011;
    for (size_t i = 0; i < 4; i++)
        e->region_parts[i] = regions[i];
    join_eu(e, 0);
    join_eu(e, 1);
    ok(dr_economy_groups(e));
    return e;
}

static size_t flow(size_t n, size_t i, size_t s)
{
    return (n * 4 + i) * 2 + s;
}

static void write_text(char path[32], const char *text, size_t size)
{
    strcpy(path, "/tmp/derisk-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, size), (ssize_t)size);
    close(file);
}

static dr_status load(dr_scenario **out, const dr_economy *e, const char *text, char path[32])
{
    write_text(path, text, strlen(text));
    dr_status status = dr_scenario_load(out, e, path);
    unlink(path);
    return status;
}

static void yaml_and_functions_agree(void **state)
{
    (void)state;
    char path[32];
    dr_scenario *read = NULL, *made = NULL;
    dr_economy *e = economy_new();
    ok(load(&read, e,
            "title: One of each\nchanges:\n  - tariff: {by: EU, on: CHN, sectors: [agriculture], rate: 25%}\n  - "
            "tariff: {by: CHN, on: [DEU, ITA], add: 0.1}\n  - trade-cost: {between: EU, and: USA, sectors: services, "
            "times: 2}\n  - trade-cost: {by: CHN, on: USA, sectors: agri, times: 0.9}\n  - ban: {between: [USA], and: "
            "CHN, sectors: serv}\n",
            path));
    ok(dr_scenario_new(&made, e));
    ok(dr_scenario_tariff(made, "EU", "CHN", "agriculture", 0.25, false));
    ok(dr_scenario_tariff(made, "CHN", "DEU, ITA", "all", 0.1, true));
    ok(dr_scenario_trade_cost(made, "EU", "USA", "services", 2, true));
    ok(dr_scenario_trade_cost(made, "CHN", "USA", "agri", 0.9, false));
    ok(dr_scenario_ban(made, "USA", "CHN", "serv"));
    ok(dr_scenario_ban(made, "CHN", "USA", "serv"));
    assert_string_equal(read->title, "One of each");
    for (size_t f = 0; f < 4 * 4 * 2; f++) {
        assert_int_equal(read->change[f], made->change[f]);
        assert_true(dr_scenario_rate(read, e->tariff[f], f) == dr_scenario_rate(made, e->tariff[f], f));
        assert_true(dr_scenario_kappa(read, e->tariff[f], f, 5) == dr_scenario_kappa(made, e->tariff[f], f, 5));
    }
    dr_scenario_free(read);
    dr_scenario_free(made);
    dr_economy_free(e);
}

/* Without a title a scenario is headed by what it changes, as the command line would have it. */
static void heading_of(const dr_economy *e, const char *changes, const char *heading)
{
    char path[32], text[4096], found[DR_HEADLINE_SIZE];
    dr_scenario *s = NULL;
    snprintf(text, sizeof text, "changes:\n%s", changes);
    ok(load(&s, e, text, path));
    assert_string_equal(dr_scenario_heading(found, s), heading);
    dr_scenario_free(s);
}

static void a_scenario_without_a_title_is_headed_by_its_changes(void **state)
{
    (void)state;
    char found[DR_HEADLINE_SIZE], many[4096] = "", path[32];
    dr_economy *e = economy_new();
    dr_scenario *s = NULL;
    heading_of(e, "  - ban: {by: EU, on: CHN}\n", "ban EU:CHN:all");
    heading_of(e,
               "  - tariff: {by: EU, on: CHN, sectors: [agriculture], rate: 25%}\n  - tariff: {by: CHN, on: [DEU, "
               "ITA], add: 0.1}\n",
               "tariff EU:CHN:agriculture:25%, tariff CHN:DEU,ITA:all:+10%");
    heading_of(e,
               "  - trade-cost: {between: EU, and: USA, sectors: services, times: 2}\n  - trade-cost: {by: CHN, on: "
               "USA, sectors: agri, times: 0.9}\n  - ban: {between: [USA], and: CHN, sectors: serv}\n",
               "trade-cost EU:USA:services:2, trade-cost CHN:USA:agri:0.9 one way, ban USA:CHN:serv both ways");
    heading_of(e,
               "  - export-curb: {by: CHN, to: EU, sectors: goods, cut: 50%}\n  - quota: {by: USA, on: CHN, at: 1.5}\n",
               "export-curb CHN:EU:goods:50%, quota USA:CHN:all:1.5");
    heading_of(e, "  - leave: {region: ITA, group: EU, trade-cost: 1.1}\n", "leave ITA:EU:1.1");
    heading_of(e, "  - ban: {by: [DEU, ITA, CHN, USA, DEU, ITA], on: all, sectors: agri}\n",
               "ban DEU,ITA,CHN,USA and 2 more:all:agri");
    for (int k = 0; k < 4; k++)
        for (int sector = 0; sector < 2; sector++)
            snprintf(many + strlen(many), sizeof many - strlen(many),
                     "  - tariff: {by: %s, on: %s, sectors: %s, rate: %d.123456%%}\n", k % 2 ? "USA" : "DEU",
                     k < 2 ? "CHN" : "ITA", sector ? "services" : "agriculture", k + 1);
    heading_of(e, many,
               "tariff DEU:CHN:agriculture:1.123456%, tariff DEU:CHN:services:1.123456%, tariff "
               "USA:CHN:agriculture:2.123456%, tariff USA:CHN:services:2.123456%, and 4 more");
    heading_of(e, "  []\n", "");
    ok(load(&s, e, "title: A word\nchanges:\n  - ban: {by: EU, on: CHN}\n", path));
    assert_string_equal(dr_scenario_heading(found, s), "A word");
    dr_scenario_free(s);
    dr_economy_free(e);
}

static void each_change_does_what_it_says(void **state)
{
    (void)state;
    dr_economy *e = economy_new();
    dr_scenario *s = NULL;
    ok(dr_scenario_new(&s, e));
    ok(dr_scenario_tariff(s, "EU", "CHN", "goods", 0.25, false));
    ok(dr_scenario_tariff(s, "USA", "CHN", "goods", 0.1, true));
    dr_scenario_inside(s, true);
    ok(dr_scenario_trade_cost(s, "EU", "EU", "all", 1.5, true));
    dr_scenario_inside(s, false);
    ok(dr_scenario_trade_cost(s, "DEU", "CHN", "goods", 2, false));
    ok(dr_scenario_ban(s, "CHN", "USA", "serv"));
    size_t set = flow(0, 2, 0), added = flow(3, 2, 0), inside = flow(0, 1, 1), home = flow(0, 0, 0),
           banned = flow(2, 3, 1);
    assert_true(dr_scenario_rate(s, e->tariff[set], set) == 0.25);
    assert_true(fabs(dr_scenario_kappa(s, e->tariff[set], set, 5) - 2 * 1.25 / (1 + e->tariff[set])) < 1e-15);
    assert_true(dr_scenario_rate(s, e->tariff[added], added) == e->tariff[added] + 0.1);
    assert_true(dr_scenario_kappa(s, e->tariff[inside], inside, 5) == 1.5);
    assert_int_equal(s->change[home], 0);
    assert_true(isinf(dr_scenario_kappa(s, 0, banned, 5)));
    assert_true(dr_scenario_kappa(NULL, 0.3, set, 5) == 1 && dr_scenario_rate(NULL, 0.3, set) == 0.3);
    dr_scenario_free(s);
    dr_economy_free(e);
}

/* The flows of the agricultural sector that a scenario changes: "DEU<USA ..." importer first. */
static void changed(char out[512], const dr_scenario *s)
{
    const dr_economy *e = s->economy;
    out[0] = '\0';
    for (size_t n = 0; n < 4; n++)
        for (size_t i = 0; i < 4; i++)
            if (s->change[flow(n, i, 0)])
                sprintf(out + strlen(out), " %s<%s", e->region_codes.names[n], e->region_codes.names[i]);
}

/* EU is DEU, ITA; G2 is DEU, USA. A group on either side is one actor; a list is of separate ones. */
static void members_of_a_group_are_left_alone(void **state)
{
    static const struct {
        const char *change, *flows;
    } cases[] = {
        {"tariff: {by: EU, on: all, rate: 10%}", " DEU<CHN DEU<USA ITA<CHN ITA<USA"},
        {"tariff: {by: EU, on: all, rate: 10%, inside: false}", " DEU<CHN DEU<USA ITA<CHN ITA<USA"},
        {"tariff: {by: EU, on: all, rate: 10%, inside: true}", " DEU<ITA DEU<CHN DEU<USA ITA<DEU ITA<CHN ITA<USA"},
        {"tariff: {by: [DEU, ITA], on: all, rate: 10%}", " DEU<ITA DEU<CHN DEU<USA ITA<DEU ITA<CHN ITA<USA"},
        {"tariff: {by: all, on: EU, rate: 10%}", " CHN<DEU CHN<ITA USA<DEU USA<ITA"},
        {"tariff: {by: [EU, G2], on: all, rate: 10%}", " DEU<CHN ITA<CHN ITA<USA USA<ITA USA<CHN"},
        {"tariff: {by: [EU, CHN], on: [EU, CHN], rate: 10%}", " DEU<CHN ITA<CHN CHN<DEU CHN<ITA"},
        {"tariff: {by: DEU, on: [EU, CHN], rate: 10%}", " DEU<CHN"},
        {"ban: {between: EU, and: all}", " DEU<CHN DEU<USA ITA<CHN ITA<USA CHN<DEU CHN<ITA USA<DEU USA<ITA"},
        {"trade-cost: {by: EU, on: all, times: 2}", " DEU<CHN DEU<USA ITA<CHN ITA<USA"},
        {"quota: {by: EU, on: all, at: 1}", " DEU<CHN DEU<USA ITA<CHN ITA<USA"},
        {"export-curb: {by: EU, to: all, cut: 50%}", " CHN<DEU CHN<ITA USA<DEU USA<ITA"},
        {"export-curb: {by: EU, to: all, cut: 50%, together: true}", " CHN<DEU CHN<ITA USA<DEU USA<ITA"},
        {"leave: {region: ITA, group: EU, trade-cost: 2}", " DEU<ITA ITA<DEU"},
        {"tariff: {by: eu@1957, on: all, rate: 10%}", " DEU<ITA DEU<CHN DEU<USA"}, /* DEU alone was in it then */
    };
    (void)state;
    dr_economy *e = economy_new();
    ok(dr_roster_add(&e->roster, "G2", "Group of two", "DEU", 19750101, 99991231));
    ok(dr_roster_add(&e->roster, "G2", "Group of two", "USA", 19750101, 99991231));
    ok(dr_roster_add(&e->roster, "EU", "European Union", "DEU", 19570101, 19571231));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[32], text[256], flows[512];
        dr_scenario *s = NULL;
        snprintf(text, sizeof text, "changes:\n- %s\n", cases[i].change);
        ok(load(&s, e, text, path));
        changed(flows, s);
        assert_string_equal(flows, cases[i].flows);
        dr_scenario_free(s);
    }
    dr_economy_free(e);
}

/* What is left alone, and what is included, is said once, with how many flows and what they are worth. */
static void what_is_left_alone_is_said(void **state)
{
    static const char text[] = "changes:\n- tariff: {by: EU, on: all, rate: 10%}\n- trade-cost: {by: EU, on: all, "
                               "times: 2}\n- quota: {by: EU, on: EU, sectors: serv, at: 1, inside: true}\n";
    (void)state;
    char path[32], expected[256], *note = NULL;
    dr_scenario *s = NULL;
    dr_economy *e = economy_new();
    e->unit = "million US dollars, current prices";
    for (size_t f = 0; f < 4 * 4 * 2; f++)
        e->flow[f] = f == flow(0, 1, 0) || f == flow(1, 0, 1) ? 600 : 0;
    ok(load(&s, e, text, path));
    ok(dr_scenario_insiders(&note, s, false));
    assert_string_equal(note, "trade between members of EU is left alone: 2 flows, worth 1.200 billion US dollars "
                              "('inside: true' includes them)");
    free(note);
    ok(dr_scenario_insiders(&note, s, true));
    assert_string_equal(note, "trade between members of EU is included: 1 flow, worth 600.0 million US dollars");
    free(note);
    dr_scenario_free(s);
    assert_int_equal(load(&s, e, "changes:\n- tariff: {by: EU, on: EU, rate: 5%}\n", path), DR_BAD_INPUT);
    snprintf(expected, sizeof expected,
             "%s:2:11: change 1 (tariff) changes no flow: all flows are between members of EU; 'inside: true' (or "
             "':inside') includes them",
             path);
    assert_string_equal(dr_error_text(), expected);
    dr_economy_free(e);
}

static void a_mistake_is_told_where_it_is(void **state)
{
    static const struct {
        const char *text, *error; /* after the path */
    } cases[] = {
        {"", ": empty; expected a scenario with the key 'changes'"},
        {"[1, 2", ":2:1: not YAML: did not find expected ',' or ']'"},
        {"just text\n", ":1:1: expected a mapping of keys to values, such as 'changes: ...'"},
        {"title: x\n", ":1:1: the key 'changes' is missing in 'a scenario'"},
        {"change: []\n", ":1:1: unknown key 'change'; did you mean 'changes'?"},
        {"changes: []\nchanges: []\n", ":2:1: the key 'changes' is given twice"},
        {"changes: tariff\n", ":1:10: a list of changes was expected, each line beginning with '- '"},
        {"changes:\n  - tarif: {by: EU, on: CHN, rate: 25%}\n", ":2:5: unknown key 'tarif'; did you mean 'tariff'?"},
        {"changes:\n  - {}\n", ":2:5: a change is one of 'tariff', 'trade-cost', 'ban', 'export-curb', 'quota', "
                               "'leave' and 'join'; begin the next with '- '"},
        {"changes:\n  - tariff: {by: EU, on: CNH, rate: 25%}\n",
         ":2:26: 'CNH' is neither a region of this world nor a group with a member in it in 2011; did you mean 'CHN'?"},
        {"changes:\n  - tariff: {by: EU, on: CHN, sectors: [agri, agricultur], rate: 25%}\n",
         ":2:47: 'agricultur' is not a sector of this world, by code, slug or kind; did you mean 'agriculture' "
         "(agri)?"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rates: 25%}\n", ":2:31: unknown key 'rates'; did you mean 'rate'?"},
        {"changes:\n  - tariff: {by: EU, on: CHN}\n", ":2:13: 'tariff' takes one of 'rate', 'add' and 'file'"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: 25}\n", ":2:37: the rate 25 would be 2500%; did you mean 25%?"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: 25 percent}\n",
         ":2:37: '25 percent' is not a rate, a number such as 25% or 0.25 was expected"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: -100%}\n",
         ":2:13: a tariff of -100.00%, more than -100% was expected"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: .nan}\n",
         ":2:37: '.nan' is not a rate, a number such as 25% or 0.25 was expected"},
        {"changes:\n  - tariff: {on: CHN, rate: 25%}\n", ":2:13: the key 'by' is missing in 'tariff'"},
        {"changes:\n  - tariff: {by: [], on: CHN, rate: 25%}\n", ":2:18: expected a name or a list of names"},
        {"changes:\n  - trade-cost: {between: EU, and: CHN, times: -2}\n",
         ":2:17: trade cost times -2, a finite factor above 0 was expected"},
        {"changes:\n  - trade-cost: {between: EU, and: CHN, times: 2 km}\n",
         ":2:48: '2 km' is not a number, a factor such as 2 was expected"},
        {"changes:\n  - trade-cost: {between: EU, on: CHN, times: 2}\n",
         ":2:17: 'trade-cost' takes either 'by' and 'on' or 'between' and 'and', not both"},
        {"changes:\n  - tariff: {by: DEU, on: DEU, rate: 25%}\n",
         ":2:13: change 1 (tariff) changes no flow: domestic flows are never changed"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: 25%}\n  - tariff: {by: DEU, on: all, sectors: agri, rate: "
         "5%}\n",
         ":3:13: change 2 (tariff) conflicts with change 1 (tariff): both change the flow of agri from CHN to DEU"},
        {"changes:\n  - ban: {by: DEU, on: USA, sectors: serv}\n  - trade-cost: {by: DEU, on: USA, times: 2}\n",
         ":3:17: change 2 (trade-cost) conflicts with change 1 (ban): both change the flow of serv from USA to DEU"},
        {"changes:\n  - tariff: {file: nowhere.csv}\n", "nowhere.csv: no such file"},
    };
    (void)state;
    dr_economy *e = economy_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[32], expected[512];
        dr_scenario *s = NULL;
        assert_int_equal(load(&s, e, cases[i].text, path), DR_BAD_INPUT);
        assert_null(s);
        if (cases[i].error[0] == ':')
            snprintf(expected, sizeof expected, "%s%s", path, cases[i].error);
        else
            snprintf(expected, sizeof expected, "/tmp/%s", cases[i].error);
        assert_string_equal(dr_error_text(), expected);
    }
    dr_economy_free(e);
}

static void other_files_are_no_scenarios(void **state)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", zeros[4096] = {0};
    char path[32], expected[128];
    (void)state;
    dr_scenario *s = NULL;
    dr_economy *e = economy_new();
    write_text(path, png, sizeof png);
    assert_int_equal(dr_scenario_load(&s, e, path), DR_BAD_INPUT);
    snprintf(expected, sizeof expected, "%s: not a scenario: binary data; expected YAML text", path);
    assert_string_equal(dr_error_text(), expected);
    unlink(path);
    write_text(path, zeros, sizeof zeros);
    assert_int_equal(dr_scenario_load(&s, e, path), DR_BAD_INPUT);
    assert_int_equal(truncate(path, 100 << 20), 0);
    assert_int_equal(dr_scenario_load(&s, e, path), DR_BAD_INPUT);
    snprintf(expected, sizeof expected, "%s: not a scenario: too large; expected a YAML file of at most 1 MB", path);
    assert_string_equal(dr_error_text(), expected);
    unlink(path);
    assert_int_equal(dr_scenario_load(&s, e, "/tmp"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "/tmp: not a scenario: a folder; expected a YAML file of at most 1 MB");
    assert_int_equal(dr_scenario_load(&s, e, "/nowhere/at.yaml"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "/nowhere/at.yaml: no such file");
    assert_null(s);
    dr_economy_free(e);
}

/* Rates of a file that are seldom meant are said. */
static void odd_rates_of_a_file_are_noted(void **state)
{
    static const char csv[] =
        "exporter,importer,sector,tariff\nCHN,DEU,agri,-60%\nUSA,ITA,serv,2500%\nUSA,DEU,serv,30%\n";
    char table[32], path[32], text[128], expected[256];
    dr_economy *e = economy_new();
    dr_scenario *s = NULL;
    (void)state;
    write_text(table, csv, strlen(csv));
    snprintf(text, sizeof text, "changes:\n  - tariff: {file: %s}\n", table);
    ok(load(&s, e, text, path));
    unlink(table);
    assert_int_equal(s->note_count, 2);
    snprintf(expected, sizeof expected,
             "%s: negative tariffs, which are import subsidies: 1, the lowest -60%% on agri from CHN to DEU",
             strrchr(table, '/') + 1);
    assert_string_equal(s->notes[0], expected);
    snprintf(expected, sizeof expected, "%s: tariffs above 100%%: 1, the highest 2500%% on serv from USA to ITA",
             strrchr(table, '/') + 1);
    assert_string_equal(s->notes[1], expected);
    dr_scenario_free(s);
    dr_economy_free(e);
}

/* A tariff below zero is a subsidy, however it came about. */
static void subsidies_of_imports_are_noted(void **state)
{
    (void)state;
    dr_economy *e = economy_new();
    dr_scenario *s = NULL;
    ok(dr_scenario_new(&s, e));
    ok(dr_scenario_tariff(s, "DEU", "USA", "agri", 1.45, false));
    assert_int_equal(s->note_count, 0);
    ok(dr_scenario_tariff(s, "DEU", "CHN", "agri", -0.6, false));
    assert_int_equal(s->note_count, 1);
    assert_string_equal(
        s->notes[0],
        "change 2: negative tariffs, which are import subsidies: 1, the lowest -60% on agri from CHN to DEU");
    dr_scenario_free(s);
    dr_economy_free(e);
}

static void tariff_files_are_checked(void **state)
{
    static const struct {
        const char *text, *error; /* after the path; NULL: good */
    } cases[] = {
        {"exporter,importer,sector,tariff\nCHN,DEU,agri,0.25\nUSA,ITA,serv,150%\n", NULL},
        {"sector,tariff,importer,exporter\nagri,0.25,DEU,CHN\n", NULL},
        {"exporter,importer,sector\n", ":1: the column 'tariff' is missing"},
        {"exporter,importer,sector,tariff\nCHN,DEU,agri\n", ":2: a row of 3 cells, but the header has 4"},
        {"exporter,importer,sector,tariff\nEU,USA,agri,0.1\n",
         ":2:1: 'EU' is not a single region, a code was expected"},
        {"exporter,importer,sector,tariff\nCHN,USB,agri,0.1\n",
         ":2:2: 'USB' is neither a region of this world nor a group with a member in it in 2011; did you mean 'USA'?"},
        {"exporter,importer,sector,tariff\nCHN,DEU,agri,\n",
         ":2:4: '' is not a rate, a number such as 25% or 0.25 was expected"},
        {"exporter,importer,sector,tariff\nCHN,DEU,agri,inf\n",
         ":2:4: 'inf' is not a rate, a number such as 25% or 0.25 was expected"},
        {"exporter,importer,sector,tariff\nCHN,DEU,agri,-1\n",
         ":2:4: a tariff of -100.00%, more than -100% was expected"},
        {"exporter,importer,sector,tariff\nDEU,DEU,agri,0.1\n",
         ":2: a tariff on domestic purchases of DEU: domestic flows are never changed"},
        {"exporter,importer,sector,tariff\nCHN,DEU,agri,0.1\nCHN,DEU,agri,0.2\n",
         ":3: the flow of agri from CHN to DEU is given twice"},
    };
    (void)state;
    dr_economy *e = economy_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char table[32], path[32], text[128], expected[512];
        dr_scenario *s = NULL;
        write_text(table, cases[i].text, strlen(cases[i].text));
        snprintf(text, sizeof text, "changes:\n  - tariff: {file: %s}\n", table);
        dr_status status = load(&s, e, text, path);
        unlink(table);
        if (!cases[i].error) {
            ok(status);
            assert_true(s->rate[flow(0, 2, 0)] == 0.25);
        } else {
            snprintf(expected, sizeof expected, "%s%s", table, cases[i].error);
            assert_string_equal(dr_error_text(), expected);
            assert_int_equal(status, DR_BAD_INPUT);
        }
        dr_scenario_free(s);
    }
    dr_economy_free(e);
}

/* Italy leaves the EU, with the factors of a CSV. */
static dr_status leave_by(dr_scenario **out, const dr_economy *e, const char *rows, char table[32])
{
    char path[32], text[160];
    write_text(table, rows, strlen(rows));
    snprintf(text, sizeof text, "changes:\n  - leave: {region: ITA, group: EU, trade-cost: {file: %s}}\n", table);
    dr_status status = load(out, e, text, path);
    unlink(table);
    return status;
}

static void wedges_of_membership_come_from_a_file(void **state)
{
    (void)state;
    char table[32];
    dr_scenario *s = NULL;
    dr_economy *e = economy_new();
    join_eu(e, 2); /* CHN too, so that there are two partners */
    ok(leave_by(&s, e, "sector,times\nagri,1.2\n", table));
    for (size_t f = 0; f < 4 * 4 * 2; f++) {
        bool meant = f == flow(1, 0, 0) || f == flow(0, 1, 0) || f == flow(1, 2, 0) || f == flow(2, 1, 0);
        assert_true(dr_scenario_kappa(s, e->tariff[f], f, 5) == (meant ? 1.2 : 1));
    }
    assert_int_equal(s->note_count, 1);
    assert_non_null(strstr(s->notes[0], " has no row for 1 of 2 sectors (serv): their trade costs do not change"));
    dr_scenario_free(s);
    ok(leave_by(&s, e, "partner,sector,times\nDEU,agri,1.2\nCHN,agri,1.5\nDEU,serv,3\n", table));
    assert_true(s->times[flow(1, 0, 0)] == 1.2 && s->times[flow(0, 1, 0)] == 1.2);
    assert_true(s->times[flow(1, 2, 0)] == 1.5 && s->times[flow(0, 1, 1)] == 3);
    assert_int_equal(s->change[flow(1, 2, 1)], 0);
    assert_int_equal(s->note_count, 0);
    dr_scenario_free(s);
    ok(dr_scenario_new(&s, e));
    static const char rows[] = "sector,times\nagri,1.25\nserv,1\n";
    write_text(table, rows, sizeof rows - 1);
    ok(dr_scenario_join_file(s, "USA", "EU", table));
    unlink(table);
    assert_true(s->times[flow(3, 0, 0)] == 0.8 && s->times[flow(2, 3, 0)] == 0.8 && s->times[flow(3, 1, 1)] == 1);
    dr_scenario_free(s);
    dr_economy_free(e);
}

static void files_of_wedges_are_checked(void **state)
{
    static const struct {
        const char *text, *error; /* after the path */
    } cases[] = {
        {"", ": empty; expected a table with a header"},
        {"sector,times\n", ":1: no row after the header, one for each sector whose trade cost changes was expected"},
        {"sector,time\nagri,2\n", ":1: the column 'times' is missing; did you mean 'time'?"},
        {"sector,times,partners\nagri,2,DEU\n", ":1:3: unknown column 'partners'; did you mean 'partner'?"},
        {"sector,times\nagrii,2\n",
         ":2:1: 'agrii' is not a sector of this world, by code, slug or kind; did you mean 'agri' (agriculture)?"},
        {"sector,times\ngoods,2\n", ":2:1: 'goods' is not a single sector, a code was expected"},
        {"sector,times\nagri,0\n", ":2:2: trade cost times 0, a finite factor above 0 was expected"},
        {"sector,times\nagri,-1\n", ":2:2: trade cost times -1, a finite factor above 0 was expected"},
        {"sector,times\nagri,2%\n", ":2:2: '2%' is not a finite number"},
        {"sector,times\nagri,2\nagri,3\n", ":3: trade of ITA with DEU in agri is given twice"},
        {"sector,partner,times\nagri,DUE,2\n",
         ":2:2: 'DUE' is neither a region of this world nor a group with a member in it in 2011; did you mean 'DEU'?"},
        {"sector,partner,times\nagri,USA,2\n", ":2:2: USA is not another member of EU in 2011"},
        {"sector,partner,times\nagri,ITA,2\n", ":2:2: ITA is not another member of EU in 2011"},
        {"sector,partner,times\nagri,DEU\n", ":2: a row of 2 cells, but the header has 3"},
    };
    (void)state;
    dr_economy *e = economy_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char table[32], expected[512];
        dr_scenario *s = NULL;
        assert_int_equal(leave_by(&s, e, cases[i].text, table), DR_BAD_INPUT);
        assert_null(s);
        snprintf(expected, sizeof expected, "%s%s", table, cases[i].error);
        assert_string_equal(dr_error_text(), expected);
    }
    dr_economy_free(e);
}

static void membership_is_checked(void **state)
{
    static const struct {
        const char *text, *error; /* after the path */
    } cases[] = {
        {"leave: {region: ITAL, group: EU, trade-cost: 1.1}", ":2:12: 'ITAL' is neither a region of this world nor a "
                                                              "group with a member in it in 2011; did you mean 'ITA'?"},
        {"leave: {region: ITA, group: EUU, trade-cost: 1.1}",
         ":2:12: 'EUU' is not a group with a member in this world; did you mean 'EU'?"},
        {"leave: {region: USA, group: EU, trade-cost: 1.1}",
         ":2:12: USA is not a member of EU in 2011, so that it cannot leave it"},
        {"join: {region: ITA, group: EU, trade-cost: 1.1}",
         ":2:11: ITA is a member of EU in 2011, so that it cannot join it"},
        {"leave: {region: ITA, group: EU, trade-cost: 0}",
         ":2:12: trade cost times 0, a finite factor above 0 was expected"},
        {"leave: {region: ITA, group: EU, trade-cost: much}",
         ":2:49: 'much' is not a number, a factor such as 1.05, or {file: ...} was expected"},
        {"leave: {region: ITA, group: EU, trade-cost: {fil: a.csv}}", ":2:50: unknown key 'fil'; did you mean 'file'?"},
        {"leave: {region: ITA, group: EU, trade-cost: {}}", ":2:49: the key 'file' is missing in 'trade-cost'"},
        {"leave: {region: ITA, trade-cost: 1.1}", ":2:12: the key 'group' is missing in 'leave'"},
        {"leave: {region: ITA, group: EU, trade-cost: {file: nowhere.csv}}", "nowhere.csv: no such file"},
    };
    (void)state;
    dr_economy *e = economy_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[32], text[256], expected[512];
        dr_scenario *s = NULL;
        snprintf(text, sizeof text, "changes:\n  - %s\n", cases[i].text);
        assert_int_equal(load(&s, e, text, path), DR_BAD_INPUT);
        snprintf(expected, sizeof expected, "%s%s", cases[i].error[0] == ':' ? path : "/tmp/", cases[i].error);
        assert_string_equal(dr_error_text(), expected);
    }
    dr_economy_free(e);
}

static void rates_are_read_as_people_write_them(void **state)
{
    double rate = 0;
    (void)state;
    ok(dr_parse_rate("25%", &rate));
    assert_true(rate == 0.25);
    ok(dr_parse_rate("150 %", &rate));
    assert_true(rate == 1.5);
    ok(dr_parse_rate("-0.05", &rate));
    assert_true(rate == -0.05);
    static const char *const bad[] = {"", "%", "25%%", "1e999", "nan", "0x10", "25", "a", "12,5%"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(dr_parse_rate(bad[i], &rate), DR_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml_and_functions_agree),
        cmocka_unit_test(a_scenario_without_a_title_is_headed_by_its_changes),
        cmocka_unit_test(each_change_does_what_it_says),
        cmocka_unit_test(members_of_a_group_are_left_alone),
        cmocka_unit_test(what_is_left_alone_is_said),
        cmocka_unit_test(a_mistake_is_told_where_it_is),
        cmocka_unit_test(other_files_are_no_scenarios),
        cmocka_unit_test(wedges_of_membership_come_from_a_file),
        cmocka_unit_test(files_of_wedges_are_checked),
        cmocka_unit_test(membership_is_checked),
        cmocka_unit_test(odd_rates_of_a_file_are_noted),
        cmocka_unit_test(subsidies_of_imports_are_noted),
        cmocka_unit_test(tariff_files_are_checked),
        cmocka_unit_test(rates_are_read_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
