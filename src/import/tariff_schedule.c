/* The Harmonized Tariff Schedule of the United States (HTS) as its publisher exports it: rates as texts, such as
 * "4.4%", "1.5¢/kg + 2%" or "Free (AU,BH,CL)". */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "import/tariff_set.h"

enum { NUMBER, GENERAL, SPECIAL, COLUMN_TWO };

typedef struct schedule {
    dr_tariff_set *set;
    dr_csv *csv;
    const int *columns;
    dr_tariff_row row; /* that of the line at hand */
} schedule;

/* The ad valorem part of a duty: 0 of "Free", 2% of "1.5¢/kg + 2%"; NAN where it has none. *specific: it has a part
 * by quantity. */
static double ad_valorem(const char *text, size_t size, bool *specific)
{
    char copy[160];
    snprintf(copy, sizeof copy, "%.*s", (int)size, text);
    char *percent = strchr(copy, '%'), *from = percent;
    double rate = NAN;
    *specific = strstr(copy, "\xc2\xa2") || strchr(copy, '$') || strcasestr(copy, "cent");
    if (strncasecmp(copy + strspn(copy, " "), "free", 4) == 0)
        return 0;
    if (!percent)
        return NAN;
    while (from > copy && (isdigit((unsigned char)from[-1]) || from[-1] == '.'))
        from--;
    *percent = '\0';
    return dr_parse_number(from, &rate) ? rate / 100 : NAN;
}

static dr_status add(const schedule *s, const char *exporter, double rate)
{
    dr_tariff_row row = s->row;
    int actor = DR_NO_ACTOR;
    DR_TRY(dr_tariff_actor(s->set, exporter, &actor));
    if (actor < 0)
        return DR_OK;
    row.exporter = (unsigned short)actor;
    row.duty = actor == DR_ACTOR_OF_ALL ? DR_DUTY_MFN : DR_DUTY_PREFERENCE;
    row.rate = rate;
    return dr_tariff_add(s->set, &row);
}

/* The countries of a programme in the column of special rates: agreements have the two letters of their country, S
 * that with Canada and Mexico, P that with the Dominican Republic and Central America. Other programmes (the
 * Generalized System of Preferences, the African and the Caribbean acts) are for some goods of some countries, at dates
 * that the schedule does not say. */
static dr_status add_programme(const schedule *s, const char *programme, double rate)
{
    static const char *const american[] = {"CAN", "MEX"};
    static const char *const central[] = {"CRI", "DOM", "SLV", "GTM", "HND", "NIC"};
    size_t letters = strspn(programme, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    char code[4];
    snprintf(code, sizeof code, "%.*s", (int)(letters < 3 ? letters : 3), programme);
    const char *const *countries = strcmp(code, "S") == 0 ? american : strcmp(code, "P") == 0 ? central : NULL;
    size_t count = countries == american ? 2 : countries ? 6 : 0;
    for (size_t i = 0; i < count; i++)
        DR_TRY(add(s, countries[i], rate));
    if (count > 0)
        return DR_OK;
    if (letters == 2 && dr_country_find(s->set->places.countries, code))
        return add(s, code, rate);
    dr_unmatched_add(&s->set->programmes, programme);
    return DR_OK;
}

/* "Free (AU,BH,CL) 2.2% (KR)": each rate holds for the programmes in the brackets behind it. */
static dr_status take_special(const schedule *s, const char *text)
{
    for (const char *open; (open = strchr(text, '('));) {
        const char *close = strchr(open, ')');
        bool specific = false;
        double rate = ad_valorem(text, (size_t)(open - text), &specific);
        char list[512], *rest = list, *name;
        if (!close)
            break;
        snprintf(list, sizeof list, "%.*s", (int)(close - open - 1), open + 1);
        while (!isnan(rate) && (name = strsep(&rest, ", ")))
            if (*name)
                DR_TRY(add_programme(s, name, rate));
        text = close + 1;
    }
    return DR_OK;
}

/* Economies without normal trade relations: Cuba and North Korea; Russia and Belarus since Public Law 117-110 of 8
 * April 2022. */
static dr_status take_column_two(const schedule *s, double rate)
{
    static const char *const exporters[] = {"CUB", "PRK", "RUS", "BLR"};
    for (size_t i = 0; i < (s->row.since >= 2022 ? 4 : 2); i++)
        DR_TRY(add(s, exporters[i], rate));
    return DR_OK;
}

static const char *text_of(const schedule *s, int column)
{
    return s->columns[column] < 0 ? "" : dr_csv_field(s->csv, (size_t)s->columns[column]);
}

/* A line without rates is a heading, or a statistical part of the line above. */
static dr_status take_line(schedule *s)
{
    const char *number = text_of(s, NUMBER), *general = text_of(s, GENERAL), *second = text_of(s, COLUMN_TWO);
    uint64_t code = 0;
    bool specific = false, ignored = false;
    if (!*general)
        return DR_OK;
    if (!dr_utf8(number) || !dr_utf8(general) || !dr_utf8(text_of(s, SPECIAL)))
        return dr_csv_fail(s->csv, s->columns[GENERAL], "not UTF-8 text");
    if (!dr_tariff_product(number, &code) || strncmp(number, "98", 2) == 0 || strncmp(number, "99", 2) == 0) {
        dr_unmatched_add(&s->set->codes, number);
        return DR_OK;
    }
    s->row.code = code & (((uint64_t)1 << 40) - 1);
    s->row.line = (unsigned)dr_csv_line(s->csv);
    double rate = ad_valorem(general, strlen(general), &specific);
    if (specific || isnan(rate))
        dr_unmatched_add(&s->set->duties, general);
    if (!isnan(rate))
        DR_TRY(add(s, "all", rate));
    DR_TRY(take_special(s, text_of(s, SPECIAL)));
    rate = ad_valorem(second, strlen(second), &ignored);
    return isnan(rate) ? DR_OK : take_column_two(s, rate);
}

dr_status dr_tariff_schedule_read(dr_tariff_set *set, dr_csv *csv, size_t file, const int columns[4], int year)
{
    schedule s = {.set = set, .csv = csv, .columns = columns, .row = {.file = (uint16_t)file}};
    int importer = DR_NO_ACTOR;
    bool more = false;
    DR_TRY(dr_tariff_actor(set, "USA", &importer));
    s.row.importer = (unsigned short)importer;
    s.row.since = year;
    s.row.until = -1;
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(take_line(&s));
    }
}
