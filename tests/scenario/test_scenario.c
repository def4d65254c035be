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
    ok(dr_scenario_tariff(made, "EU", "CHN", "agriculture", 0.25, DR_RATE_SET));
    ok(dr_scenario_tariff(made, "CHN", "DEU, ITA", "all", 0.1, DR_RATE_ADD));
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
    ok(dr_scenario_tariff(s, "EU", "CHN", "goods", 0.25, DR_RATE_SET));
    ok(dr_scenario_tariff(s, "USA", "CHN", "goods", 0.1, DR_RATE_ADD));
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
        {"changes: tariff\n", ":1:10: expected a list of changes, each line beginning with '- '"},
        {"changes:\n  - tarif: {by: EU, on: CHN, rate: 25%}\n", ":2:5: unknown key 'tarif'; did you mean 'tariff'?"},
        {"changes:\n  - {}\n", ":2:5: a change is one instrument, such as 'tariff' or 'ban'; begin the next "
                               "with '- '"},
        {"changes:\n  - tariff: {by: EU, on: CNH, rate: 25%}\n",
         ":2:26: 'CNH' is neither a region of this world nor a group with a member in it in 2011; did you mean 'CHN'?"},
        {"changes:\n  - tariff: {by: EU, on: CHN, sectors: [agri, agricultur], rate: 25%}\n",
         ":2:47: 'agricultur' is not a sector of this world, by code, slug or kind; did you mean 'agriculture' "
         "(agri)?"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rates: 25%}\n", ":2:31: unknown key 'rates'; did you mean 'rate'?"},
        {"changes:\n  - tariff: {by: EU, on: CHN}\n",
         ":2:13: 'tariff' takes one of 'rate', 'add', 'at-most', 'at-least' and "
         "'file'"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: 25}\n", ":2:37: the rate 25 would be 2500%; did you mean 25%?"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: 25 percent}\n",
         ":2:37: '25 percent' is not a rate; expected a number such as 25% or 0.25"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: -100%}\n",
         ":2:13: a tariff of -100.00%; expected more than -100%"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: .nan}\n",
         ":2:37: '.nan' is not a rate; expected a number such as 25% or 0.25"},
        {"changes:\n  - tariff: {on: CHN, rate: 25%}\n", ":2:13: the key 'by' is missing in 'tariff'"},
        {"changes:\n  - tariff: {by: [], on: CHN, rate: 25%}\n", ":2:18: expected a name or a list of names"},
        {"changes:\n  - trade-cost: {between: EU, and: CHN, times: -2}\n",
         ":2:17: trade cost times -2; expected a finite factor above 0"},
        {"changes:\n  - trade-cost: {between: EU, and: CHN, times: 2 km}\n",
         ":2:48: '2 km' is not a number; expected a factor such as 2"},
        {"changes:\n  - trade-cost: {between: EU, on: CHN, times: 2}\n",
         ":2:17: 'trade-cost' takes either 'by' and 'on' or 'between' and 'and', not both"},
        {"changes:\n  - tariff: {by: DEU, on: DEU, rate: 25%}\n",
         ":2:13: change 1 (tariff) changes no flow: domestic flows are never changed"},
        {"changes:\n  - tariff: {by: EU, on: CHN, rate: 25%}\n  - tariff: {by: DEU, on: all, sectors: agri, rate: "
         "5%}\n",
         ":3:13: change 2 (tariff) conflicts with change 1 (tariff, line 2): both change the flow of agriculture from "
         "CHN to "
         "DEU; "
         "'replace: true' overrides the earlier one"},
        {"changes:\n  - ban: {by: DEU, on: USA, sectors: serv}\n  - trade-cost: {by: DEU, on: USA, times: 2}\n",
         ":3:17: change 2 (trade-cost) conflicts with change 1 (ban, line 2): both change the flow of serv from USA to "
         "DEU; "
         "'replace: true' overrides the earlier one"},
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
    ok(dr_scenario_tariff(s, "DEU", "USA", "agri", 1.45, DR_RATE_SET));
    assert_int_equal(s->note_count, 0);
    ok(dr_scenario_tariff(s, "DEU", "CHN", "agri", -0.6, DR_RATE_SET));
    assert_int_equal(s->note_count, 1);
    assert_string_equal(s->notes[0],
                        "negative tariffs, which are import subsidies: 1, the lowest -60% on agri from CHN to DEU");
    ok(dr_scenario_tariff(s, "DEU", "CHN", "serv", -0.7, DR_RATE_SET));
    assert_int_equal(s->note_count, 1);
    assert_string_equal(s->notes[0],
                        "negative tariffs, which are import subsidies: 2, the lowest -70% on serv from CHN to DEU");
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
        {"importer,sector,tariff_pct\nDEU,agri,25\n", NULL}, /* on all exporters */
        {"exporter,importer,sector\n", ":1: expected a column 'tariff' or a column 'tariff_pct'"},
        {"exporter,sector,tariff\n", ":1: a column 'importer' is missing"},
        {"exporter,importer,sectr,tariff\n",
         ":1:3: the column 'sectr' is not known; expected importer, exporter, product or sector, tariff or tariff_pct, "
         "and optionally year, or from and to; did you mean 'sector'?"},
        {"exporter,importer,sector,tariff,from\nCHN,DEU,agri,0.25,2018-07-06\n",
         ":1:5: the column 'from': the tariffs of a scenario have no dates; keep the rows of one day, or take the file "
         "into a world with 'derisk import tariffs'"},
        {"importer,exporter,hs6,adv\nDEU,CHN,010121,0.1\n",
         ":1: a file of MAcMap-HS6; a scenario takes the columns importer, exporter, product or sector, and tariff: "
         "'derisk import tariffs' reads this file into a world"},
        {"exporter,importer,sector,tariff\nCHN,DEU,agri\n", ":2: a row of 3 cells, but the header has 4"},
        {"exporter,importer,sector,tariff\nEU,USA,agri,0.1\nCHN,EU,goods,0.25\n", NULL},
        {"exporter,importer,sector,tariff\nEU,EU,agri,0.1\n",
         ":2: a tariff on trade between members of a group, which is one actor: name the members"},
        {"exporter,importer,sector,tariff\nCHN,EU,goods,0.1\nCHN,ITA,agri,0.2\n",
         ":3: the flow of agri from CHN to ITA is given twice"},
        {"exporter,importer,sector,tariff\nCHN,USB,agri,0.1\n",
         ":2:2: 'USB' is neither a region of this world nor a group with a member in it in 2011; did you mean 'USA'?"},
        {"exporter,importer,sector,tariff\nCHN,DEU,agri,\n",
         ":2:4: the cell is empty; expected a rate such as 25% or 0.25"},
        {"exporter,importer,sector,tariff\nCHN,DEU,agri,inf\n",
         ":2:4: 'inf' is not a rate; expected a number such as 25% or 0.25"},
        {"exporter,importer,sector,tariff\nCHN,DEU,agri,-1\n",
         ":2:4: a tariff of -100%; expected more than -100% and at most 100000%"},
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

/* ---- Groups, exceptions, later lines that override, and included files ---- */

static void own_groups_are_actors(void **state)
{
    (void)state;
    char path[32], *note = NULL;
    dr_scenario *s = NULL;
    dr_economy *e = economy_new();
    ok(load(&s, e,
            "groups: {friends: [DEU, USA], all of them: [friends, ITA], food: [agriculture]}\nchanges:\n"
            "- tariff: {by: friends, on: all, sectors: food, rate: 10%}\n",
            path));
    assert_true(s->change[flow(0, 2, 0)] && s->change[flow(3, 1, 0)]);
    assert_true(!s->change[flow(0, 3, 0)] && !s->change[flow(3, 0, 0)] && !s->change[flow(0, 2, 1)]);
    ok(dr_scenario_insiders(&note, s, false));
    assert_non_null(strstr(note, "trade between members of friends is left alone"));
    free(note);
    dr_scenario_free(s);
    dr_economy_free(e);
}

static void exceptions_are_left_alone(void **state)
{
    static const char *const texts[] = {
        "changes:\n- tariff: {by: USA, on: all, except: [DEU, serv], rate: 10%}\n",
        "changes:\n- tariff: {by: USA, on: all except DEU, sectors: all except services, rate: 10%}\n",
        "groups: {others: [CHN, ITA]}\nchanges:\n- tariff: {by: USA, on: others, sectors: agri, rate: 10%}\n"};
    (void)state;
    dr_economy *e = economy_new();
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        char path[32];
        dr_scenario *s = NULL;
        ok(load(&s, e, texts[t], path));
        for (size_t f = 0; f < 4 * 4 * 2; f++)
            assert_int_equal(s->change[f] != 0, f == flow(3, 1, 0) || f == flow(3, 2, 0));
        dr_scenario_free(s);
    }
    dr_economy_free(e);
}

static void a_later_line_overrides(void **state)
{
    (void)state;
    char path[32];
    dr_scenario *s = NULL;
    dr_economy *e = economy_new();
    ok(load(&s, e,
            "changes:\n- tariff: {by: USA, on: all, rate: 10%}\n- ban: {by: USA, on: CHN, sectors: agri, replace: "
            "true}\n- tariff: {by: USA, on: CHN, sectors: agri, rate: 5%, replace: true}\n- export-curb: {by: CHN, to: "
            "[DEU, USA], sectors: serv, cut: 50%}\n- export-tax: {by: CHN, to: USA, sectors: serv, rate: 20%, replace: "
            "true}\n",
            path));
    assert_true(s->rate[flow(3, 0, 1)] == 0.1 && s->rate[flow(3, 2, 0)] == 0.05);
    assert_int_equal(s->change[flow(3, 2, 0)], DR_CHANGE_TARIFF);
    assert_int_equal(s->change[flow(3, 2, 1)], DR_CHANGE_TARIFF | DR_CHANGE_EXPORT_TAX);
    assert_int_equal(s->limit_count, 2); /* the curb of sales to DEU, and the tax */
    assert_true(s->limits[0].count == 1 && s->limits[0].flows[0] == flow(0, 2, 1) && s->limits[0].wedge == 0);
    assert_true(s->limits[1].count == 1 && s->limits[1].flows[0] == flow(3, 2, 1) && s->limits[1].wedge == 1.2);
    dr_scenario_free(s);
    dr_economy_free(e);
}

/* Taxes of an exporter multiply; at home that on production joins that on use. */
static void taxes_multiply(void **state)
{
    (void)state;
    char path[32];
    dr_scenario *s = NULL;
    dr_economy *e = economy_new();
    ok(load(&s, e,
            "changes:\n- export-tax: {by: CHN, to: USA, rate: 20%}\n- production-subsidy: {in: CHN, rate: 10%}\n"
            "- use-tax: {in: CHN, rate: 30%}\n- tariff: {by: CHN, on: USA, rate: 50%}\n",
            path));
    double home = dr_scenario_rate(s, 0, flow(2, 2, 0)), imports = dr_scenario_rate(s, 0.05, flow(2, 3, 0));
    assert_true(fabs(home - (1.3 * 0.9 - 1)) < 1e-15 && fabs(imports - (1.5 * 1.3 - 1)) < 1e-15);
    assert_true(dr_scenario_rate(s, 0.05, flow(3, 2, 0)) == 0.05);
    assert_int_equal(s->limit_count, 2);
    for (size_t c = 0; c < 2; c++)
        for (size_t j = 0; j < s->limits[c].count; j++) {
            bool to_usa = s->limits[c].flows[j] / 2 / 4 == 3;
            assert_true(fabs(s->limits[c].wedge - (to_usa ? 1.2 * 0.9 : 0.9)) < 1e-15);
            assert_true(s->limits[c].rent == DR_RENT_EXPORTER);
        }
    assert_int_equal(s->limits[0].count + s->limits[1].count, 3 * 2);
    dr_scenario_free(s);
    dr_economy_free(e);
}

static void rates_have_floors_and_ceilings(void **state)
{
    (void)state;
    char path[32];
    dr_scenario *s = NULL;
    dr_economy *e = economy_new();
    for (size_t f = 0; f < 4 * 4 * 2; f++)
        e->tariff[f] = 0.04 * (double)(f / 2 % 4);
    ok(load(&s, e, "changes:\n- tariff: {by: DEU, on: all, at-most: 10%}\n- tariff: {by: USA, on: all, at-least: 5%}\n",
            path));
    assert_true(s->rate[flow(0, 2, 0)] == 0.08 && s->rate[flow(0, 3, 0)] == 0.1);
    assert_true(s->rate[flow(3, 1, 0)] == 0.05 && s->rate[flow(3, 2, 0)] == 0.08);
    dr_scenario_free(s);
    dr_economy_free(e);
}

static void limits_are_parts_or_values(void **state)
{
    (void)state;
    char path[32];
    dr_scenario *s = NULL;
    dr_economy *e = economy_new();
    ok(load(&s, e,
            "changes:\n- export-curb: {by: CHN, to: DEU, at: 60%}\n- export-curb: {by: CHN, to: ITA, at: 7}\n"
            "- quota: {by: USA, on: CHN, cut: 25%}\n",
            path));
    assert_int_equal(s->limit_count, 4); /* the first is one for each flow */
    assert_true(s->limits[0].relative && s->limits[0].level == 0.6 && s->limits[0].count == 1);
    assert_true(!s->limits[2].relative && s->limits[2].level == 7 && s->limits[2].count == 2);
    assert_true(s->limits[3].relative && s->limits[3].level == 0.75 && s->limits[3].count == 2);
    dr_scenario_free(s);
    dr_economy_free(e);
}

static void files_are_included(void **state)
{
    (void)state;
    char inner[32], outer[32], text[160], expected[160];
    static const char body[] = "title: Inner\ngroups: {friends: [DEU, USA]}\nchanges:\n- ban: {by: friends, on: CHN}\n";
    dr_scenario *s = NULL;
    dr_economy *e = economy_new();
    write_text(inner, body, strlen(body));
    snprintf(text, sizeof text, "include: %s\nchanges:\n- tariff: {by: friends, on: ITA, rate: 10%%}\n", inner);
    ok(load(&s, e, text, outer));
    assert_null(s->title);
    assert_int_equal(s->change[flow(3, 2, 0)], DR_CHANGE_BAN);
    assert_int_equal(s->change[flow(3, 1, 0)], DR_CHANGE_TARIFF);
    dr_scenario_free(s);
    unlink(inner);
    strcpy(inner, "/tmp/derisk-own.yaml");
    FILE *file = fopen(inner, "w");
    assert_non_null(file);
    fputs("include: [derisk-own.yaml]\nchanges: []\n", file);
    fclose(file);
    assert_int_equal(dr_scenario_load(&s, e, inner), DR_BAD_INPUT);
    snprintf(expected, sizeof expected, "%s:1:11: 'derisk-own.yaml' names itself, directly or by way of other files",
             inner);
    assert_string_equal(dr_error_text(), expected);
    unlink(inner);
    dr_economy_free(e);
}

static void mistakes_in_groups_are_told(void **state)
{
    static const struct {
        const char *text, *error; /* after the path */
    } cases[] = {
        {"groups: [DEU]\nchanges: []\n", ":1:9: expected groups, each with its name: 'friends: [EU, USA]'"},
        {"groups: {EU: [DEU]}\nchanges: []\n",
         ":1:14: 'EU' has a meaning in this world already: name the group otherwise"},
        {"groups: {agriculture: [DEU]}\nchanges: []\n",
         ":1:23: 'agriculture' has a meaning in this world already: name the group otherwise"},
        {"groups: {one: DEU, one: USA}\nchanges: []\n", ":1:25: the group 'one' is defined twice"},
        {"groups: {friends: [DEU, USB]}\nchanges: []\n",
         ":1:19: 'USB' is neither a region of this world nor a group with a member in it in 2011; did you mean 'USA'?"},
        {"groups: {friends: [DEU, USA]}\nchanges:\n- ban: {by: freinds, on: CHN}\n",
         ":3:13: 'freinds' is neither a region of this world nor a group with a member in it in 2011; did you mean "
         "'friends'?"},
        {"groups: {food: agri}\nchanges:\n- ban: {by: food, on: CHN}\n",
         ":3:13: 'food' is a group of sectors, where regions are named"},
        {"changes:\n- ban: {by: DEU, on: all except all}\n", ":2:22: 'all except all' leaves no region"},
        {"changes:\n- ban: {by: DEU, on: CHN, except: CHN}\n",
         ":2:8: change 1 (ban) changes no flow: 'except' leaves none"},
        {"changes:\n- ban: {by: DEU, on: all, except: nothing}\n",
         ":2:35: 'nothing' is neither a region nor a sector of this world"},
        {"changes:\n- export-subsidy: {by: DEU, to: all, rate: 100%}\n",
         ":2:44: a subsidy of 100% of the price; expected 0% or more and less than 100%"},
        {"changes:\n- quota: {by: DEU, on: all, at: 120%}\n",
         ":2:33: a limit at 120% of the base; expected one between 0% and 100%"},
        {"changes:\n- quota: {by: DEU, on: all}\n",
         ":2:10: 'quota' takes one of 'cut' (40%) and 'at' (60% of the base, or a value)"},
        {"changes:\n- export-curb: {by: CHN, to: DEU, cut: 5%}\n- export-tax: {by: CHN, to: DEU, rate: 5%}\n",
         ":3:15: change 2 (export-tax) conflicts with change 1 (export-curb, line 2): both change the flow of "
         "agriculture "
         "from CHN to "
         "DEU; 'replace: true' overrides the earlier one"},
    };
    (void)state;
    dr_economy *e = economy_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[32], expected[512];
        dr_scenario *s = NULL;
        assert_int_equal(load(&s, e, cases[i].text, path), DR_BAD_INPUT);
        snprintf(expected, sizeof expected, "%s%s", path, cases[i].error);
        assert_string_equal(dr_error_text(), expected);
        assert_null(s);
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
        {"sector,times\n", ":1: no row after the header; expected one for each sector whose trade cost changes"},
        {"sector,time\nagri,2\n", ":1: the column 'times' is missing; did you mean 'time'?"},
        {"sector,times,partners\nagri,2,DEU\n", ":1:3: unknown column 'partners'; did you mean 'partner'?"},
        {"sector,times\nagrii,2\n",
         ":2:1: 'agrii' is not a sector of this world, by code, slug or kind; did you mean 'agri' (agriculture)?"},
        {"sector,times\ngoods,2\n", ":2:1: 'goods' is not a single sector; expected a code"},
        {"sector,times\nagri,0\n", ":2:2: trade cost times 0; expected a finite factor above 0"},
        {"sector,times\nagri,-1\n", ":2:2: trade cost times -1; expected a finite factor above 0"},
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
         ":2:12: trade cost times 0; expected a finite factor above 0"},
        {"leave: {region: ITA, group: EU, trade-cost: much}",
         ":2:49: 'much' is not a number; expected a factor such as 1.05, or {file: ...}"},
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
        cmocka_unit_test(own_groups_are_actors),
        cmocka_unit_test(exceptions_are_left_alone),
        cmocka_unit_test(a_later_line_overrides),
        cmocka_unit_test(taxes_multiply),
        cmocka_unit_test(rates_have_floors_and_ceilings),
        cmocka_unit_test(limits_are_parts_or_values),
        cmocka_unit_test(files_are_included),
        cmocka_unit_test(mistakes_in_groups_are_told),
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
