/* Any bytes as a formula, as variables and as categories: read or refused; a label that was read is read again as the
 * same. */
#include "fuzz.h"

#include <string.h>

#include "estimate/formula.h"

/* A label is written in one way: reading it gives it again. Names in backquotes lose these. */
static void read_again(const dr_formula *f)
{
    for (size_t i = 0; i < f->terms && !strchr(f->text, '`'); i++) {
        char text[8192];
        dr_formula again;
        bool sum = f->term[i].factors == 1 && f->term[i].factor[0]->kind == DR_NODE_BINARY;
        snprintf(text, sizeof text, sum ? "(%s)" : "%s", f->term[i].label);
        dr_status status = dr_formula_parse_terms(&again, text);
        if (status == DR_OK && (again.terms != 1 || strcmp(again.term[0].label, f->term[i].label) != 0))
            abort();
        dr_formula_free(&again);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static dr_status (*const readers[])(dr_formula *, const char *) = {dr_formula_parse, dr_formula_parse_terms,
                                                                       dr_formula_parse_crossings};
    char *text = calloc(size + 1, 1);
    if (!text)
        abort();
    memcpy(text, bytes, size);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        dr_formula f;
        dr_status status = readers[i](&f, text);
        fuzz_expect(status);
        if (status == DR_OK)
            read_again(&f);
        dr_formula_free(&f);
    }
    free(text);
    return 0;
}
