/* Trade elasticities: one number, a published set by ISIC Rev. 3 division, a CSV by sector, or the world's own. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "solve/model.h"
#include "world/select.h"

/* Where the user and the world say nothing: about the middle of long-run estimates. */
static const double DEFAULT_ELASTICITY = 5;

enum { DIVISIONS = 100 };

/* The divisions of a section of ISIC Rev. 3, from the classification itself (United Nations 1990, Statistical Papers M/4/Rev.3). */
static const struct section {
    char letter;
    int first, last;
} sections[] = {{'A', 1, 2},   {'B', 5, 5},   {'C', 10, 14}, {'D', 15, 37}, {'E', 40, 41}, {'F', 45, 45},
                {'G', 50, 52}, {'H', 55, 55}, {'I', 60, 64}, {'J', 65, 67}, {'K', 70, 74}, {'L', 75, 75},
                {'M', 80, 80}, {'N', 85, 85}, {'O', 90, 93}, {'P', 95, 97}, {'Q', 99, 99}};

/* Reads one end of a range, a division ("15") or a section ("A"), and moves on. */
static bool read_end(const char **text, int *first, int *last)
{
    if (isdigit((unsigned char)**text)) {
        char *end = NULL;
        *first = *last = (int)strtol(*text, &end, 10);
        *text = end;
        return *first > 0 && *first < DIVISIONS;
    }
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (sections[i].letter == **text) {
            *first = sections[i].first;
            *last = sections[i].last;
            ++*text;
            return true;
        }
    return false;
}

/* Marks the divisions of a code such as 15t16, 24, AtB or C ('t' is 'to'). False where it is not one. */
static bool read_isic(const char *text, bool divisions[DIVISIONS])
{
    int first, last, ignored;
    if (!read_end(&text, &first, &last))
        return false;
    if (*text == 't') {
        text++;
        if (!read_end(&text, &ignored, &last))
            return false;
    }
    for (int d = first; d <= last; d++)
        divisions[d] = true;
    return *text == '\0' && first <= last;
}

static dr_status check_theta(const dr_csv *csv, int column, double theta)
{
    if (theta > 0)
        return DR_OK;
    return dr_csv_fail(csv, column, "a trade elasticity of %g, more than 0 was expected", theta);
}

/* Reads a set into its rows' divisions: of[d] is the elasticity of division d, 0 where the set has none. */
static dr_status read_set(dr_csv *csv, double of[DIVISIONS])
{
    static const char *const names[] = {"isic_rev3", "trade_elasticity"};
    int columns[2];
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, 2, columns));
    for (;;) {
        bool divisions[DIVISIONS] = {false};
        double theta = 0;
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(dr_csv_number(csv, (size_t)columns[1], &theta));
        DR_TRY(check_theta(csv, columns[1], theta));
        if (!read_isic(dr_csv_field(csv, (size_t)columns[0]), divisions))
            return dr_csv_fail(csv, columns[0], "'%.40s' is no code of ISIC Rev. 3, such as 15t16 was expected",
                               dr_csv_field(csv, (size_t)columns[0]));
        for (int d = 0; d < DIVISIONS; d++)
            if (divisions[d])
                of[d] = theta;
    }
}

/* A sector takes the simple average over those of its divisions that the set has. */
static dr_status apply_set(dr_model *m, const char *set, const double of[DIVISIONS])
{
    const dr_economy *e = m->economy;
    for (size_t s = 0; s < m->sectors; s++) {
        bool divisions[DIVISIONS] = {false};
        double sum = 0, count = 0;
        const char *code = e->sector_isic[s];
        if (!*code || !read_isic(code, divisions))
            return dr_fail(
                DR_BAD_INPUT,
                "elasticity set %s: the sector %s has %s%s, so that it cannot be matched; give the world's sectors "
                "an isic_rev3 or give a CSV with the columns sector, trade_elasticity",
                set, e->sector_codes.names[s], *code ? "the unknown ISIC Rev. 3 code " : "no ISIC Rev. 3 code", code);
        for (int d = 0; d < DIVISIONS; d++)
            if (divisions[d] && of[d] > 0) {
                sum += of[d];
                count++;
            }
        if (count == 0)
            return dr_fail(DR_BAD_INPUT, "elasticity set %s: no value for the sector %s (ISIC Rev. 3 %s)", set,
                           e->sector_codes.names[s], code);
        m->theta[s] = sum / count;
    }
    return DR_OK;
}

static dr_status use_set(dr_model *m, const char *set, const dr_embedded *file)
{
    double of[DIVISIONS] = {0};
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open_memory(&csv, file->name, file->bytes, file->size));
    dr_status status = read_set(csv, of);
    dr_csv_close(csv);
    return status == DR_OK ? apply_set(m, set, of) : status;
}

static dr_status file_row(dr_model *m, dr_csv *csv, const int columns[2])
{
    const dr_economy *e = m->economy;
    bool *mask = dr_new(m->sectors, sizeof *mask);
    double theta = 0;
    if (!mask)
        return dr_fail_memory();
    dr_status status = dr_select_sector(e, dr_csv_field(csv, (size_t)columns[0]), mask);
    if (status == DR_BAD_INPUT)
        status = dr_csv_fail(csv, columns[0], "%s", dr_error_text());
    if (status == DR_OK)
        status = dr_csv_number(csv, (size_t)columns[1], &theta);
    if (status == DR_OK)
        status = check_theta(csv, columns[1], theta);
    for (size_t s = 0; s < m->sectors && status == DR_OK; s++) {
        if (mask[s] && m->theta[s] > 0)
            status =
                dr_csv_fail(csv, columns[0], "the sector %s has a trade elasticity already", e->sector_codes.names[s]);
        m->theta[s] = mask[s] ? theta : m->theta[s];
    }
    free(mask);
    return status;
}

static dr_status use_file(dr_model *m, const char *path)
{
    static const char *const names[] = {"sector", "trade_elasticity"};
    int columns[2];
    bool more = true;
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = dr_csv_header(csv, names, 2, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = file_row(m, csv, columns);
    dr_csv_close(csv);
    for (size_t s = 0; s < m->sectors && status == DR_OK; s++)
        if (m->theta[s] == 0)
            status = dr_fail(DR_BAD_INPUT, "%s: no trade elasticity for the sector %s", path,
                             m->economy->sector_codes.names[s]);
    return status;
}

static dr_status use_number(dr_model *m, double theta)
{
    if (!(theta > 0))
        return dr_fail(DR_BAD_INPUT, "a trade elasticity of %g, more than 0 was expected", theta);
    for (size_t s = 0; s < m->sectors; s++)
        m->theta[s] = theta;
    return DR_OK;
}

static dr_status unknown_set(const char *name)
{
    char hint[DR_HINT_SIZE], base[16][64];
    const char *sets[16];
    size_t count = 0;
    for (size_t i = 0; i < dr_embedded_count && count < 16; i++)
        if (sscanf(dr_embedded_files[i].name, "elasticities/%63[^./].csv", base[count]) == 1)
            sets[count] = base[count], count++;
    dr_hint(hint, name, sets, count);
    return dr_fail(DR_BAD_INPUT, "'%s' is no number, elasticity set or file%s", name, hint);
}

static dr_status say(dr_model *m, const char *what)
{
    m->elasticity = dr_arena_text(&m->arena, what);
    return m->elasticity ? DR_OK : dr_fail_memory();
}

static dr_status fill_default(dr_model *m)
{
    if (m->economy->elasticity) {
        memcpy(m->theta, m->economy->elasticity, m->sectors * sizeof(double));
        for (size_t s = 0; s < m->sectors; s++)
            if (!(m->theta[s] > 0))
                return dr_fail(DR_BAD_INPUT, "the world has no trade elasticity above 0 for the sector %s",
                               m->economy->sector_codes.names[s]);
        return say(m, "the world's own");
    }
    DR_TRY(use_number(m, DEFAULT_ELASTICITY));
    DR_TRY(dr_model_note(m, "trade elasticity %g in every sector, as none was given", DEFAULT_ELASTICITY));
    char text[32];
    snprintf(text, sizeof text, "%g", DEFAULT_ELASTICITY);
    return say(m, text);
}

dr_status dr_elasticity_fill(dr_model *m, const char *text)
{
    double number = 0;
    char name[128];
    if (!text)
        return fill_default(m);
    snprintf(name, sizeof name, "elasticities/%s.csv", text);
    const dr_embedded *set = dr_embedded_find(name);
    FILE *file = NULL;
    DR_TRY(say(m, text));
    if (dr_parse_number(text, &number))
        return use_number(m, number);
    if (set)
        return use_set(m, text, set);
    if ((file = fopen(text, "rb"))) {
        fclose(file);
        return use_file(m, text);
    }
    return unknown_set(text);
}
