/* How a result was computed: the end of every brief. Equations as in docs/model.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "cli/brief_parts.h"

/* ---- Method ------------------------------------------------------------------------------------------------------ */

/* A part of the model that was used where the table has the fact `name` and, unless it is NULL, the fact is `value`; or
 * where it has the column `column`. Without any of them it is always used. */
static const struct part {
    const char *name, *value, *column, *says, *equations;
} parts[] = {
    {NULL, NULL, NULL,
     "A general-equilibrium model of trade with many regions and sectors, inputs from every sector, and tariffs whose "
     "revenue is spent (Caliendo & Parro 2015). Shares are those of the table; hats are left out: each letter is the "
     "ratio of the new value to that of the base, and a prime marks new values.",
     "price      P[n,s]^-theta = sum_i pi[n,i,s] (kappa[n,i,s] c[i,s])^-theta\n"
     "share      pi'[n,i,s] = pi[n,i,s] (kappa[n,i,s] c[i,s] / P[n,s])^-theta\n"
     "sales      Y'[i,s] = sum_n pi'[n,i,s] E'[n,s] / (1 + tau'[n,i,s])\n"
     "income     I'[n] = w[n] L[n] + sum_{i,s} tau'[n,i,s] X'[n,i,s] + D'[n]\n"
     "real income   W[n] = I'[n] / I[n] / P[n] - 1\n"
     "n importer, i exporter, s sector; pi shares in spending E, kappa cost of delivery (1 + tau') / (1 + tau) d,\n"
     "tau tariff, d trade cost, c unit cost, Y output, w wage, L value added, X flow, D deficit, P price"},
    {"settings.model", "caliendo-parro", NULL,
     "Inputs, value added and final demand are combined with constant shares of cost (Cobb-Douglas).",
     "unit cost  c[i,s] = w[i]^g[i,s] prod_k P[i,k]^a[i,k,s]     g value added, a inputs, as shares of cost"},
    {"settings.model", "baqaee-farhi", NULL,
     "Inputs, value added and goods are complements (Baqaee & Farhi 2024): the elasticities of substitution are eta = "
     "0.5 between value added and inputs, rho = 0.2 between inputs and phi = 0.9 between goods of final use.",
     "unit cost  c[i,s]^(1-eta) = g[i,s] w[i,s]^(1-eta) + (1 - g[i,s]) m[i,s]^(1-eta)\n"
     "inputs     m[i,s]^(1-rho) = sum_k a[i,k,s] / (1 - g[i,s]) P[i,k]^(1-rho)\n"
     "final use  P[n]^(1-phi) = sum_k alpha[n,k] P[n,k]^(1-phi)"},
    {"settings.model", "armington", NULL,
     "Each region makes one good from labour alone (Armington 1969; Anderson & van Wincoop 2003).",
     "unit cost  c[i] = w[i]"},
    {"settings.horizon", "short", NULL,
     "Short run: labour stays in its sector, and trade responds as in the first year (Boehm, Levchenko & "
     "Pandalai-Nayar 2023).",
     "labour     w[n,s] L[n,s] = V'[n,s]"},
    {"settings.horizon", "medium", NULL,
     "Medium run: labour moves in part between sectors (Galle, Rodriguez-Clare & Yi 2023), and trade responds as in "
     "the "
     "long run of Boehm, Levchenko & Pandalai-Nayar (2023).",
     "labour     w[n,s] L[n,s] (w[n,s] / w[n])^psi = V'[n,s],  psi = 0.5"},
    {"settings.horizon", "long", NULL, "Long run: labour moves freely between the sectors of a region.",
     "labour     w[n] L[n] = sum_s V'[n,s]"},
    {"settings.rigid_wages", NULL, NULL,
     "Nominal wages do not fall below a floor in some regions; there labour may be unemployed.",
     "wages      w >= floor,  h <= 1,  (w - floor) (1 - h) = 0     h employed part"},
    {"certificate.complementarity", NULL, NULL,
     "A limit on a volume is kept by a wedge mu on the cost of delivery, whose rent goes to the exporter, the importer "
     "or nobody; it binds, or the wedge is 1.",
     "limits     q <= limit,  mu >= 1,  (limit - q) (mu - 1) = 0"},
    {"certificate.kkt", NULL, NULL,
     "Policies are found by an interior-point method on exact derivatives of the equilibrium; their first-order "
     "conditions are recomputed at the result.",
     NULL},
    {"plan.objective", "efficient", NULL,
     "The plan minimises the real income that all regions lose together, less what follows from the tariffs of the "
     "base; where no cap binds, nothing is done.",
     "cost       R = sum_f tau[f] (m'[f] - X[f]) - sum_n EV[n]     m' volumes at base prices, EV equivalent variation"},
    {"plan.objective", "own", NULL, "The plan minimises the loss of real income of those who make it.", NULL},
    {NULL, NULL, "welfare_p5",
     "Bands: the model is solved again with trade elasticities (and, where asked for, shares) drawn from their "
     "standard "
     "errors; p5, median and p95 are quantiles of the draws.",
     "draw       theta' = theta exp(sigma z - sigma^2 / 2),  sigma^2 = ln(1 + (error / theta)^2),  z standard normal"},
};

static bool has_fact(const dr_table *table, const char *name, const char *value)
{
    for (size_t i = 0; i < table->fact_count; i++)
        if (strcmp(table->facts[i].name, name) == 0)
            return !value || (table->facts[i].text && strcmp(table->facts[i].text, value) == 0);
    return false;
}

dr_status cli_brief_method(dr_brief *brief, const dr_table *table)
{
    dr_brief_heading(brief, "Method");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct part *p = &parts[i];
        if ((p->name && !has_fact(table, p->name, p->value)) || (p->column && dr_table_find(table, p->column) < 0))
            continue;
        dr_brief_text(brief, "%s", p->says);
        if (p->equations)
            dr_brief_lines(brief, p->equations);
    }
    if (table->note_count)
        dr_brief_heading(brief, "Notes");
    for (size_t i = 0; i < table->note_count; i++)
        dr_brief_item(brief, NULL, table->notes[i]);
    return DR_OK;
}

/* ---- Sources ----------------------------------------------------------------------------------------------------- */

/* The sources of the table of the year, as 'derisk info' lists them. */
dr_status cli_brief_sources(dr_brief *brief, const dr_table *table, dr_world *world)
{
    char year[32], text[2048];
    dr_table *info = NULL;
    DR_TRY(dr_world_info(&info, world));
    dr_print_text(year, sizeof year, "year %.0f;", dr_table_fact(table, "year"));
    dr_brief_heading(brief, "Sources and licences");
    for (size_t i = 0; i < info->rows; i++) {
        if (strcmp(dr_table_text(info, i, 0), "source") != 0)
            continue;
        const char *about = dr_table_text(info, i, 3);
        if (!strstr(about, year))
            continue; /* of another year, or of a group */
        snprintf(text, sizeof text, "%.900s (%.900s)", dr_table_text(info, i, 2), about);
        dr_brief_item(brief, NULL, text);
    }
    dr_brief_item(brief, NULL, "members of groups: as 'derisk info' lists their sources");
    dr_brief_item(brief, NULL, "computed by derisk " DR_VERSION);
    dr_table_free(info);
    return DR_OK;
}

/* ---- Settings ---------------------------------------------------------------------------------------------------- */

/* Facts that begin so, and whether they depend on the machine. */
static bool is_setting(const char *name)
{
    static const char *const begins[] = {"settings.", "certificate."};
    if (strstr(name, "seconds"))
        return false;
    for (size_t i = 0; i < 2; i++)
        if (strncmp(name, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

/* "worst residual" of "certificate.worst_residual". */
static void write_term(char *out, size_t size, const char *name)
{
    snprintf(out, size, "%s", strchr(name, '.') + 1);
    for (char *at = out; *at; at++)
        *at = *at == '_' ? ' ' : *at;
}

void cli_brief_settings(dr_brief *brief, const dr_table *table)
{
    char term[128], digits[DR_NUMBER_SIZE];
    dr_brief_heading(brief, "Settings and certificate");
    dr_brief_text(brief,
                  "The certificate recomputes every equation in levels from the table and the result, by code that "
                  "shares nothing with the solver; residuals are relative to the size of each equation.");
    for (size_t i = 0; i < table->fact_count; i++) {
        const dr_fact *fact = &table->facts[i];
        if (!is_setting(fact->name))
            continue;
        write_term(term, sizeof term, fact->name);
        dr_print_text(digits, sizeof digits, "%.4g", fact->number);
        dr_brief_item(brief, term, fact->text ? fact->text : digits);
    }
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

/* Whether a shell takes the text as it is. */
static bool is_plain(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,%=+@";
    return *text && text[strspn(text, letters)] == '\0';
}

/* A word of a command line, in quotes where a shell needs them. */
static void put_word(FILE *file, const char *text)
{
    if (is_plain(text)) {
        fputs(text, file);
        return;
    }
    fputc('\'', file);
    for (; *text; text++)
        *text == '\'' ? (void)fputs("'\\''", file) : (void)fputc(*text, file);
    fputc('\'', file);
}

dr_status cli_brief_command(dr_brief *brief, const cli_line *line, const char *file)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (!memory)
        return dr_fail_memory();
    fprintf(memory, "derisk %s", line->command->name);
    for (size_t i = 0; i < line->argument_count; i++) {
        fputc(' ', memory);
        put_word(memory, line->arguments[i]);
    }
    for (size_t i = 0; i < line->values.count; i++) {
        const option_value *value = &line->values.given[i];
        if (option_is_argument(value->row))
            continue;
        fprintf(memory, " --%s", value->row->name);
        if (value->row->kind != OPTION_FLAG) {
            fputc(' ', memory);
            put_word(memory, value->text);
        }
    }
    bool whole = fclose(memory) == 0;
    if (whole) {
        dr_brief_heading(brief, "How to make this brief again");
        dr_brief_lines(brief, text);
        if (file) {
            dr_brief_text(brief, "%s:", cli_argument(line, 1));
            dr_brief_lines(brief, file);
        }
    }
    free(text);
    return whole ? DR_OK : dr_fail_memory();
}
