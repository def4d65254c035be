#include "world/sector_words.h"

#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "world/isic.h"

static dr_status find_word(bool divisions[DR_ISIC_DIVISIONS], bool *there, dr_csv *csv, const char *word)
{
    static const char *const names[] = {"word", "isic_rev3"};
    int columns[2];
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, 2, columns));
    while (!*there) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        *there = strcasecmp(word, dr_csv_field(csv, (size_t)columns[0])) == 0 &&
                 dr_isic_read(dr_csv_field(csv, (size_t)columns[1]), divisions);
    }
    return DR_OK;
}

/* Looks the word up in a file with the columns word and isic_rev3. */
static dr_status read_word(bool divisions[DR_ISIC_DIVISIONS], bool *there, const char *file, const char *word)
{
    const dr_embedded *embedded = dr_embedded_find(file);
    dr_csv *csv = NULL;
    *there = false;
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/%s", file);
    DR_TRY(dr_csv_open_memory(&csv, file, embedded->bytes, embedded->size));
    dr_status status = find_word(divisions, there, csv, word);
    dr_csv_close(csv);
    return status;
}

static bool has_one(const char *isic, const bool divisions[DR_ISIC_DIVISIONS])
{
    bool has[DR_ISIC_DIVISIONS] = {false};
    if (!*isic || !dr_isic_read(isic, has))
        return false;
    for (size_t d = 0; d < DR_ISIC_DIVISIONS; d++)
        if (has[d] && divisions[d])
            return true;
    return false;
}

dr_status dr_sector_of_word(size_t *found, const dr_economy *e, const char *word)
{
    bool divisions[DR_ISIC_DIVISIONS] = {false}, there = false;
    *found = e->sectors;
    DR_TRY(read_word(divisions, &there, "products/sector-words.csv", word));
    for (size_t s = 0; there && s < e->sectors && *found == e->sectors; s++)
        if (has_one(e->sector_isic[s], divisions))
            *found = s;
    return DR_OK;
}

dr_status dr_sectors_under_word(bool *mask, bool *found, const dr_economy *e, const char *word)
{
    bool divisions[DR_ISIC_DIVISIONS] = {false}, there = false;
    *found = false;
    DR_TRY(read_word(divisions, &there, "classifications/words.csv", word));
    for (size_t s = 0; there && s < e->sectors; s++)
        if (dr_isic_within(e->sector_isic[s], divisions))
            mask[s] = *found = true;
    return DR_OK;
}
