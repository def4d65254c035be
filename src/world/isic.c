#include "world/isic.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>

/* The divisions of a section of ISIC Rev. 3, from the classification itself (United Nations 1990, Statistical Papers
 * M/4/Rev.3). */
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
        return *first > 0 && *first < DR_ISIC_DIVISIONS;
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

static bool read_range(const char **text, bool divisions[DR_ISIC_DIVISIONS])
{
    int first, last, ignored;
    if (!read_end(text, &first, &last))
        return false;
    if (**text == 't') {
        ++*text;
        if (!read_end(text, &ignored, &last))
            return false;
    }
    for (int d = first; d <= last; d++)
        divisions[d] = true;
    return first <= last;
}

bool dr_isic_read(const char *text, bool divisions[DR_ISIC_DIVISIONS])
{
    while (read_range(&text, divisions))
        if (*text++ != '|')
            return text[-1] == '\0';
    return false;
}

bool dr_isic_within(const char *text, const bool divisions[DR_ISIC_DIVISIONS])
{
    bool own[DR_ISIC_DIVISIONS] = {false};
    if (!*text || !dr_isic_read(text, own))
        return false;
    for (size_t d = 0; d < DR_ISIC_DIVISIONS; d++)
        if (own[d] && !divisions[d])
            return false;
    return true;
}
