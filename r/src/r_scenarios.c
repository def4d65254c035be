#include "r_functions.h"

#include <string.h>

#define SCENARIO ((dr_scenario **)out)

/* ---- Documents: a file, or its text ------------------------------------------------------------------------------ */

typedef struct document_call {
    dr_economy *economy;
    const char *path, *text;
} document_call;

#define DOCUMENT                                                                                                       \
    RD_FIELD(document_call, path, "path", TEXT), RD_FIELD(document_call, text, "text", TEXT),                          \
    {                                                                                                                  \
        0                                                                                                              \
    }

static const rd_field settings_fields[] = {DOCUMENT};
static const rd_field scenario_fields[] = {RD_GIVE(document_call, economy, "economy", ECONOMY), DOCUMENT};

RD_RUN(settings, document_call)
{
    (void)job;
    dr_settings **settings = (dr_settings **)out;
    return c->path ? dr_settings_load(settings, c->path)
                   : dr_settings_parse(settings, c->text, strlen(c->text), "scenario");
}

RD_RUN(scenario, document_call)
{
    (void)job;
    if (c->path)
        return dr_scenario_load(SCENARIO, c->economy, c->path);
    return c->text ? dr_scenario_parse(SCENARIO, c->economy, c->text, strlen(c->text), "scenario")
                   : dr_scenario_new(SCENARIO, c->economy);
}

/* ---- Changes ----------------------------------------------------------------------------------------------------- */

/* One row of a data frame of changes. The order of the fields is that of values without names. */
typedef struct change_call {
    dr_scenario *scenario;
    const char *by, *on, *sectors, *name;
    double amount, abatement;
    bool inside, flag;
    int word;
    dr_rate_quota quota;
} change_call;

#define OF_SCENARIO RD_GIVE(change_call, scenario, "scenario", SCENARIO)
#define SIDE(member, name) RD_FIELD(change_call, member, name, TEXT, .required = true)
#define SECTORS RD_FIELD(change_call, sectors, "sectors", TEXT)
#define AMOUNT(name, TYPE) RD_FIELD(change_call, amount, name, TYPE, .required = true)
#define INSIDE RD_FIELD(change_call, inside, "inside", FLAG)
#define RENT(member) RD_FIELD(change_call, member, "rent", WORD, RD_WORDS("exporter", "importer", "lost"))
#define TOGETHER(member) RD_FIELD(change_call, member, "together", FLAG)

static const rd_field tariff_fields[] = {
    OF_SCENARIO,
    SIDE(by, "by"),
    SIDE(on, "on"),
    SECTORS,
    AMOUNT("rate", RATE),
    RD_FIELD(change_call, word, "kind", WORD, RD_WORDS("set", "add", "at-most", "at-least")),
    INSIDE,
    {0}};
static const rd_field cost_fields[] = {
    OF_SCENARIO, SIDE(by, "between"), SIDE(on, "and"), SECTORS, AMOUNT("times", NUMBER), INSIDE, {0}};
static const rd_field ban_fields[] = {OF_SCENARIO, SIDE(by, "by"), SIDE(on, "on"), SECTORS, INSIDE, {0}};
static const rd_field curb_fields[] = {OF_SCENARIO, SIDE(by, "by"), SIDE(on, "to"), SECTORS, AMOUNT("cut", RATE),
                                       RENT(word),  TOGETHER(flag), INSIDE,         {0}};
static const rd_field quota_fields[] = {OF_SCENARIO,          SIDE(by, "by"), SIDE(on, "on"), SECTORS,
                                        AMOUNT("at", NUMBER), RENT(word),     INSIDE,         {0}};
static const rd_field rate_quota_fields[] = {
    OF_SCENARIO,
    SIDE(by, "by"),
    SIDE(on, "on"),
    SECTORS,
    RD_FIELD(change_call, quota.quota, "quota", NUMBER, .required = true),
    RD_FIELD(change_call, quota.in_quota, "in_quota", RATE, .required = true),
    RD_FIELD(change_call, quota.over_quota, "over_quota", RATE, .required = true),
    RD_FIELD(change_call, quota.relative, "relative", FLAG),
    RENT(quota.rent),
    TOGETHER(quota.together),
    INSIDE,
    {0}};
static const rd_field export_tax_fields[] = {
    OF_SCENARIO, SIDE(by, "by"), SIDE(on, "to"), SECTORS, AMOUNT("rate", RATE), INSIDE, {0}};
static const rd_field tax_fields[] = {OF_SCENARIO, SIDE(by, "in"), SECTORS, AMOUNT("rate", RATE), {0}};
static const rd_field shift_fields[] = {OF_SCENARIO, SIDE(by, "in"), SECTORS, AMOUNT("change", RATE), {0}};
static const rd_field factor_fields[] = {
    OF_SCENARIO, SIDE(by, "in"), RD_FIELD(change_call, name, "factor", TEXT), SECTORS, AMOUNT("change", RATE), {0}};
static const rd_field transfer_fields[] = {OF_SCENARIO,
                                           SIDE(by, "from"),
                                           SIDE(on, "to"),
                                           AMOUNT("amount", NUMBER),
                                           RD_FIELD(change_call, flag, "relative", FLAG),
                                           {0}};
static const rd_field carbon_price_fields[] = {OF_SCENARIO,
                                               SIDE(by, "in"),
                                               SECTORS,
                                               AMOUNT("price", NUMBER),
                                               RD_FIELD(change_call, abatement, "abatement", NUMBER),
                                               {0}};
static const rd_field carbon_border_fields[] = {
    OF_SCENARIO,
    SIDE(by, "by"),
    SIDE(on, "on"),
    SECTORS,
    AMOUNT("price", NUMBER),
    RD_FIELD(change_call, word, "basis", WORD, RD_WORDS("direct", "embodied", "benchmark")),
    RD_FIELD(change_call, flag, "rebate", FLAG),
    INSIDE,
    {0}};
static const rd_field member_fields[] = {OF_SCENARIO,
                                         SIDE(by, "region"),
                                         SIDE(on, "group"),
                                         RD_FIELD(change_call, amount, "times", NUMBER),
                                         RD_FIELD(change_call, sectors, "estimate", TEXT),
                                         RD_FIELD(change_call, name, "variable", TEXT),
                                         {0}};

static const char *sectors_of(const change_call *c)
{
    return c->sectors ? c->sectors : "all";
}

#define CHANGE(name, call)                                                                                             \
    RD_RUN(name, change_call)                                                                                          \
    {                                                                                                                  \
        (void)job;                                                                                                     \
        (void)out;                                                                                                     \
        dr_scenario_inside(c->scenario, c->inside);                                                                    \
        return call;                                                                                                   \
    }

CHANGE(tariff, dr_scenario_tariff(c->scenario, c->by, c->on, sectors_of(c), c->amount, (dr_rate_kind)c->word))
CHANGE(trade_cost, dr_scenario_trade_cost(c->scenario, c->by, c->on, sectors_of(c), c->amount, true))
CHANGE(ban, dr_scenario_ban(c->scenario, c->by, c->on, sectors_of(c)))
CHANGE(curb, dr_scenario_export_curb(c->scenario, c->by, c->on, sectors_of(c), c->amount, (dr_rent)c->word, c->flag))
CHANGE(quota, dr_scenario_quota(c->scenario, c->by, c->on, sectors_of(c), c->amount, (dr_rent)c->word))
CHANGE(export_tax, dr_scenario_export_tax(c->scenario, c->by, c->on, sectors_of(c), c->amount))
CHANGE(production_tax, dr_scenario_production_tax(c->scenario, c->by, sectors_of(c), c->amount))
CHANGE(use_tax, dr_scenario_use_tax(c->scenario, c->by, sectors_of(c), c->amount))
CHANGE(productivity, dr_scenario_productivity(c->scenario, c->by, sectors_of(c), c->amount))
CHANGE(factor, dr_scenario_factor_supply(c->scenario, c->by, c->name, sectors_of(c), c->amount))
CHANGE(demand, dr_scenario_demand(c->scenario, c->by, sectors_of(c), c->amount))
CHANGE(carbon_price, dr_scenario_carbon_price(c->scenario, c->by, sectors_of(c), c->amount, c->abatement))
CHANGE(carbon_border, dr_scenario_carbon_border(c->scenario, c->by, c->on, sectors_of(c), c->amount,
                                                (dr_carbon_basis)c->word, c->flag))
CHANGE(transfer, dr_scenario_transfer(c->scenario, c->by, c->on, c->amount, c->flag))

RD_RUN(rate_quota, change_call)
{
    (void)job;
    (void)out;
    c->quota.size = sizeof c->quota;
    dr_scenario_inside(c->scenario, c->inside);
    return dr_scenario_tariff_rate_quota(c->scenario, c->by, c->on, sectors_of(c), &c->quota);
}

RD_RUN(leave, change_call)
{
    (void)job;
    (void)out;
    return c->sectors ? dr_scenario_leave_estimate(c->scenario, c->by, c->on, c->sectors, c->name)
                      : dr_scenario_leave(c->scenario, c->by, c->on, c->amount);
}

RD_RUN(join, change_call)
{
    (void)job;
    (void)out;
    return c->sectors ? dr_scenario_join_estimate(c->scenario, c->by, c->on, c->sectors, c->name)
                      : dr_scenario_join(c->scenario, c->by, c->on, c->amount);
}

typedef struct title_call {
    dr_scenario *scenario;
    const char *title;
} title_call;

static const rd_field title_fields[] = {RD_GIVE(title_call, scenario, "scenario", SCENARIO),
                                        RD_FIELD(title_call, title, "title", TEXT, .required = true),
                                        {0}};

RD_RUN(title, title_call)
{
    (void)job;
    (void)out;
    return dr_scenario_title(c->scenario, c->title);
}

/* ---- Baselines --------------------------------------------------------------------------------------------------- */

typedef struct baseline_call {
    dr_economy *economy;
    dr_model_options options;
    const char *apply, *path, *text;
} baseline_call;

static const rd_field baseline_fields[] = {
    RD_GIVE(baseline_call, economy, "economy", ECONOMY), RD_MODEL_OPTIONS(baseline_call),
    RD_FIELD(baseline_call, apply, "baseline", TEXT),    RD_FIELD(baseline_call, path, "path", TEXT),
    RD_FIELD(baseline_call, text, "text", TEXT),         {0}};

/* That of the file `baseline`, else that of the document. */
RD_RUN(baseline, baseline_call)
{
    (void)job;
    (void)out;
    c->options.size = sizeof c->options;
    if (c->apply)
        return dr_baseline_apply(c->economy, &c->options, c->apply);
    if (c->path)
        return dr_baseline_load(c->economy, &c->options, c->path);
    return c->text ? dr_baseline_parse(c->economy, &c->options, c->text, strlen(c->text), "scenario") : DR_OK;
}

#define CHANGE_ROW(NAME, fields, run) RD_FUNCTION(NAME, NOTHING, change_call, fields, run)

const rd_function rd_scenarios[] = {RD_FUNCTION("settings", SETTINGS, document_call, settings_fields, settings),
                                    RD_FUNCTION("scenario", SCENARIO, document_call, scenario_fields, scenario),
                                    RD_FUNCTION("title", NOTHING, title_call, title_fields, title),
                                    CHANGE_ROW("tariff", tariff_fields, tariff),
                                    CHANGE_ROW("trade_cost", cost_fields, trade_cost),
                                    CHANGE_ROW("ban", ban_fields, ban),
                                    CHANGE_ROW("export_curb", curb_fields, curb),
                                    CHANGE_ROW("quota", quota_fields, quota),
                                    CHANGE_ROW("tariff_rate_quota", rate_quota_fields, rate_quota),
                                    CHANGE_ROW("export_tax", export_tax_fields, export_tax),
                                    CHANGE_ROW("production_tax", tax_fields, production_tax),
                                    CHANGE_ROW("use_tax", tax_fields, use_tax),
                                    CHANGE_ROW("productivity", shift_fields, productivity),
                                    CHANGE_ROW("factor_supply", factor_fields, factor),
                                    CHANGE_ROW("demand", shift_fields, demand),
                                    CHANGE_ROW("transfer", transfer_fields, transfer),
                                    CHANGE_ROW("carbon_price", carbon_price_fields, carbon_price),
                                    CHANGE_ROW("carbon_border", carbon_border_fields, carbon_border),
                                    CHANGE_ROW("leave", member_fields, leave),
                                    CHANGE_ROW("join", member_fields, join),
                                    RD_FUNCTION("baseline", NOTHING, baseline_call, baseline_fields, baseline),
                                    {0}};
