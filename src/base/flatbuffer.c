#include "base/flatbuffer.h"

#include <stdint.h>

/* Whether `size` bytes from `place` on are there. */
static bool has(dr_flat *flat, size_t place, size_t size)
{
    if (place <= flat->size && size <= flat->size - place)
        return true;
    flat->damaged = true;
    return false;
}

long long dr_flat_at(dr_flat *flat, size_t place, size_t width)
{
    unsigned long long number = 0;
    if (!has(flat, place, width))
        return 0;
    for (size_t i = 0; i < width; i++)
        number |= (unsigned long long)flat->bytes[place + i] << (8 * i);
    const unsigned long long sign = 1ull << (8 * width - 1);
    return (long long)((number ^ sign) - sign);
}

/* Where the offset at a place leads, which is forward; 0: out of the bytes. */
static size_t follow(dr_flat *flat, size_t place)
{
    long long offset = dr_flat_at(flat, place, 4) & UINT32_MAX;
    return !flat->damaged && has(flat, place + (size_t)offset, 4) ? place + (size_t)offset : 0;
}

size_t dr_flat_root(dr_flat *flat)
{
    return follow(flat, 0);
}

/* The place of a field: a table begins with the distance back to its list of fields, which holds its own length, that
 * of the table, and for each field the distance from the table, 0 for one that it lacks. 0: it lacks it. */
static size_t find(dr_flat *flat, size_t table, unsigned field, size_t width)
{
    const size_t entry = 4 + 2 * (size_t)field;
    const long long list = (long long)table - dr_flat_at(flat, table, 4);
    if (flat->damaged || list < 0 || !has(flat, (size_t)list, 4)) {
        flat->damaged = true;
        return 0;
    }
    const size_t length = (size_t)dr_flat_at(flat, (size_t)list, 2) & UINT16_MAX;
    if (entry + 2 > length)
        return 0;
    const size_t distance = (size_t)dr_flat_at(flat, (size_t)list + entry, 2) & UINT16_MAX;
    return distance && has(flat, table + distance, width) ? table + distance : 0;
}

long long dr_flat_number(dr_flat *flat, size_t table, unsigned field, size_t width, long long otherwise)
{
    const size_t place = find(flat, table, field, width);
    return place ? dr_flat_at(flat, place, width) : otherwise;
}

size_t dr_flat_table(dr_flat *flat, size_t table, unsigned field)
{
    const size_t place = find(flat, table, field, 4);
    return place ? follow(flat, place) : 0;
}

size_t dr_flat_vector(dr_flat *flat, size_t table, unsigned field, size_t width, size_t *count)
{
    const size_t vector = dr_flat_table(flat, table, field);
    *count = vector ? (size_t)dr_flat_at(flat, vector, 4) & UINT32_MAX : 0;
    if (*count && !has(flat, vector + 4, *count * width))
        *count = 0;
    return vector + 4;
}

const char *dr_flat_text(dr_flat *flat, size_t table, unsigned field, size_t *size)
{
    const size_t text = dr_flat_vector(flat, table, field, 1, size);
    return *size ? (const char *)flat->bytes + text : "";
}

size_t dr_flat_element(dr_flat *flat, size_t vector, size_t i)
{
    return follow(flat, vector + 4 * i);
}
