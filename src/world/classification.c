#include "world/classification.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/memory.h"

enum { LONGEST = 160 };

/* The public part is the first member, so that it is the register. */
typedef struct registered {
    dr_classifications open;
    dr_names ids, slugs;
    dr_classification *list;
    dr_names *keys; /* [classification]: the folded code of each of its codes, in their order */
    dr_known_sector *sectors;
    dr_known_code *codes; /* of all classifications, one after the other */
    size_t capacity, key_capacity, sector_capacity, code_capacity, code_count;
    dr_arena arena;
} registered;

/* ---- Codes as they are compared ---------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return isdigit((unsigned char)c) != 0;
}

/* Whether the text goes on with a number, perhaps after the letter of a section. */
static bool goes_on(const char *text)
{
    return is_digit(text[0]) || (isupper((unsigned char)text[0]) && is_digit(text[1]));
}

/* Letters and digits in small letters. The letter of a section in front of a number goes ("C10": "10"), and what joins
 * two numbers is T ("C10-C12", "C10_12": "10T12"), which a small t is not: "15t16" is of another classification. */
static void fold(char to[LONGEST + 1], const char *text)
{
    size_t length = 0;
    const char *at = strncmp(text, "CPA_", 4) == 0 ? text + 4 : text, *first = at;
    for (; *at && length < LONGEST; at++) {
        char before = at > first ? at[-1] : ' ';
        if (isupper((unsigned char)*at) && is_digit(at[1]) && !isalnum((unsigned char)before))
            continue;
        if ((*at == '-' || *at == '_' || *at == 'T') && is_digit(before) && goes_on(at + 1))
            to[length++] = 'T';
        else if (isalnum((unsigned char)*at) || *at == '*' || (unsigned char)*at >= 0x80)
            to[length++] = (char)tolower((unsigned char)*at);
    }
    to[length] = '\0';
}

/* ---- The files --------------------------------------------------------------------------------------------------- */

typedef dr_status take_row(registered *r, const dr_csv *csv, const int *columns);

static const char *text_of(registered *r, const dr_csv *csv, int column)
{
    return dr_arena_text(&r->arena, dr_csv_field(csv, (size_t)column));
}

static dr_status take_sector(registered *r, const dr_csv *csv, const int *columns)
{
    size_t i = r->open.sector_count;
    if (!dr_grow((void **)&r->sectors, &r->sector_capacity, i + 1, sizeof *r->sectors))
        return dr_fail_memory();
    r->sectors[i] =
        (dr_known_sector){text_of(r, csv, columns[0]), text_of(r, csv, columns[1]), text_of(r, csv, columns[2]),
                          text_of(r, csv, columns[3]), text_of(r, csv, columns[4])};
    const dr_known_sector *s = &r->sectors[i];
    if (!s->slug || !s->name || !s->kind || !s->isic_rev3 || !s->isic_rev4 || dr_names_add(&r->slugs, s->slug) < 0)
        return dr_fail_memory();
    r->open.sector_count++;
    return DR_OK;
}

static dr_status take_classification(registered *r, const dr_csv *csv, const int *columns)
{
    size_t i = r->open.count;
    if (!dr_grow((void **)&r->list, &r->capacity, i + 1, sizeof *r->list) ||
        !dr_grow((void **)&r->keys, &r->key_capacity, i + 1, sizeof *r->keys))
        return dr_fail_memory();
    r->list[i] = (dr_classification){.id = text_of(r, csv, columns[0]), .title = text_of(r, csv, columns[1])};
    r->keys[i] = (dr_names){0};
    if (!r->list[i].id || !r->list[i].title || dr_names_add(&r->ids, r->list[i].id) < 0)
        return dr_fail_memory();
    r->open.count++;
    return DR_OK;
}

static dr_status take_code(registered *r, const dr_csv *csv, const int *columns)
{
    char key[LONGEST + 1];
    int id = dr_names_find(&r->ids, dr_csv_field(csv, (size_t)columns[0])),
        slug = dr_names_find(&r->slugs, dr_csv_field(csv, (size_t)columns[2]));
    if (id < 0 || slug < 0)
        return dr_csv_fail(csv, columns[id < 0 ? 0 : 2], "not in the file beside");
    if ((size_t)id + 1 < r->open.count && r->list[id + 1].count > 0)
        return dr_csv_fail(csv, columns[0], "out of the order of classifications.csv");
    if (!dr_grow((void **)&r->codes, &r->code_capacity, r->code_count + 1, sizeof *r->codes))
        return dr_fail_memory();
    const char *name = *dr_csv_field(csv, (size_t)columns[3]) ? text_of(r, csv, columns[3]) : r->sectors[slug].name;
    dr_known_code *code = &r->codes[r->code_count++];
    *code = (dr_known_code){text_of(r, csv, columns[1]), name, (size_t)slug};
    if (!code->code || !code->name)
        return dr_fail_memory();
    fold(key, code->code);
    r->list[id].count++;
    int added = dr_names_add(&r->keys[id], key);
    if (added >= 0 && (size_t)added + 1 != r->list[id].count)
        return dr_csv_fail(csv, columns[1], "the code appears twice");
    return added < 0 ? dr_fail_memory() : DR_OK;
}

static dr_status read_file(registered *r, const char *file, const char *const *names, size_t count, take_row *take)
{
    int columns[8];
    bool more = true;
    dr_csv *csv = NULL;
    const dr_embedded *embedded = dr_embedded_find(file);
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/%s", file);
    DR_TRY(dr_csv_open_memory(&csv, file, embedded->bytes, embedded->size));
    dr_status status = dr_csv_header(csv, names, count, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = take(r, csv, columns);
    dr_csv_close(csv);
    return status;
}

/* The codes of each classification lie together; a sector may have several. */
static dr_status count_sectors(registered *r)
{
    const dr_known_code *first = r->codes;
    for (size_t i = 0; i < r->open.count; i++) {
        bool *met = dr_new(r->open.sector_count, sizeof *met);
        if (!met)
            return dr_fail_memory();
        r->list[i].codes = first;
        r->list[i].isic_rev4 = true;
        for (size_t k = 0; k < r->list[i].count; k++) {
            r->list[i].sectors += !met[first[k].sector];
            met[first[k].sector] = true;
            r->list[i].isic_rev4 = r->list[i].isic_rev4 && *r->sectors[first[k].sector].isic_rev4;
        }
        first += r->list[i].count;
        free(met);
    }
    r->open.list = r->list;
    r->open.sectors = r->sectors;
    return DR_OK;
}

static dr_status read_files(registered *r)
{
    static const char *const of_sectors[] = {"slug", "name", "kind", "isic_rev3", "isic_rev4"};
    static const char *const of_classifications[] = {"classification", "title", "source"};
    static const char *const of_codes[] = {"classification", "code", "slug", "name"};
    DR_TRY(read_file(r, "classifications/sectors.csv", of_sectors, 5, take_sector));
    DR_TRY(read_file(r, "classifications/classifications.csv", of_classifications, 3, take_classification));
    DR_TRY(read_file(r, "classifications/codes.csv", of_codes, 4, take_code));
    return count_sectors(r);
}

/* ---- The register ------------------------------------------------------------------------------------------------ */

static void free_register(registered *r)
{
    for (size_t i = 0; i < r->open.count; i++)
        dr_names_free(&r->keys[i]);
    dr_names_free(&r->ids);
    dr_names_free(&r->slugs);
    dr_arena_free(&r->arena);
    free(r->list);
    free(r->keys);
    free(r->sectors);
    free(r->codes);
    free(r);
}

static registered *kept;
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

static dr_status read_register(void)
{
    registered *r = dr_new(1, sizeof *r);
    if (!r)
        return dr_fail_memory();
    dr_status status = read_files(r);
    if (status == DR_OK)
        kept = r;
    else
        free_register(r);
    return status;
}

dr_status dr_classifications_read(const dr_classifications **out)
{
    pthread_mutex_lock(&reading);
    dr_status status = kept ? DR_OK : read_register();
    *out = kept ? &kept->open : NULL;
    pthread_mutex_unlock(&reading);
    return status;
}

__attribute__((destructor)) static void drop_register(void)
{
    if (kept)
        free_register(kept);
}

/* ---- Look-up ----------------------------------------------------------------------------------------------------- */

/* A known code that ends with a star stands for all that begin as it does and go on with three letters or more. */
static bool begins(const char *key, const char *known)
{
    size_t length = strlen(known);
    return length > 0 && known[length - 1] == '*' && strncmp(key, known, length - 1) == 0 &&
           strlen(key) >= length + 2 && !strpbrk(key + length - 1, "0123456789");
}

const dr_known_code *dr_classification_code(const dr_classification *classification, const char *text)
{
    char key[LONGEST + 1];
    const dr_names *keys = &kept->keys[classification - kept->list];
    fold(key, text);
    int index = *key ? dr_names_find(keys, key) : -1;
    for (size_t i = 0; i < keys->count && index < 0; i++)
        if (begins(key, keys->names[i]))
            index = (int)i;
    return index < 0 ? NULL : &classification->codes[index];
}

/* Whether a code says more than a number or a letter, which any list may have. */
static bool is_telling(const char *code)
{
    bool letter = false;
    for (const char *at = code; *at; at++)
        letter = letter || isalpha((unsigned char)*at);
    return letter && strlen(code) > 1;
}

const dr_classification *dr_classification_of(const dr_classifications *all, const dr_names *codes)
{
    const dr_classification *found = NULL;
    bool telling = false;
    for (size_t i = 0; i < codes->count; i++)
        telling = telling || is_telling(codes->names[i]);
    for (size_t c = 0; telling && c < all->count; c++) {
        size_t known = 0;
        while (known < codes->count && dr_classification_code(&all->list[c], codes->names[known]))
            known++;
        if (known == codes->count && (!found || all->list[c].sectors < found->sectors))
            found = &all->list[c];
    }
    return found;
}

dr_status dr_classification_named(const dr_classification **out, const dr_classifications *all, const char *id)
{
    char ids[DR_NAMES_SIZE], hint[DR_HINT_SIZE];
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->list[i].id, id) == 0) {
            *out = &all->list[i];
            return DR_OK;
        }
    dr_hint(hint, id, (const char *const *)kept->ids.names, kept->ids.count);
    return dr_fail(DR_BAD_INPUT, "'%.60s' is not a classification that derisk has%s", id,
                   *hint ? hint : dr_names_list(ids, "; it has ", &kept->ids));
}
