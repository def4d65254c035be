-- Physical flows of energy by fuel, importer and partner. A side is a column of energy_flow: importer or partner.

-- name: known_names
SELECT code FROM region_group UNION SELECT {side} FROM energy_flow ORDER BY 1;

-- The name as it stands, or the code of the country that it is.
-- name: find_name
SELECT DISTINCT {side} FROM energy_flow WHERE {side} IN ({names});

-- Importers of a year that are named, or members of a group that is. An importer's own total counts, where the source
-- has one. Year 0 stands for all years.
-- name: exposure
WITH
    f AS (SELECT * FROM energy_flow WHERE {year} IN (0, year)),
    inside AS (
        SELECT DISTINCT f.year, f.importer
        FROM f
            LEFT JOIN group_member m
                ON m.iso3 = f.importer AND m.group_code IN ({importers})
                AND m.since <= make_date(f.year, 7, 1)
                AND (m.until IS NULL OR m.until >= make_date(f.year, 7, 1))
        WHERE f.importer IN ({importers}) OR m.iso3 IS NOT NULL
    ),
    supplier AS (
        SELECT DISTINCT f.year, f.partner
        FROM f
            LEFT JOIN group_member m
                ON m.iso3 = f.partner AND m.group_code IN ({partners})
                AND m.since <= make_date(f.year, 7, 1)
                AND (m.until IS NULL OR m.until >= make_date(f.year, 7, 1))
        WHERE f.partner IN ({partners}) OR m.iso3 IS NOT NULL
    ),
    one AS (
        SELECT
            f.fuel,
            f.unit,
            f.year,
            f.importer,
            coalesce(
                sum(f.value) FILTER (f.partner = 'TOTAL'),
                sum(f.value) FILTER (f.partner <> 'TOTAL')
            ) AS imports,
            coalesce(sum(f.value) FILTER (s.partner IS NOT NULL), 0) AS imports_from,
            max(f.months) AS months
        FROM f
            JOIN inside i ON i.year = f.year AND i.importer = f.importer
            LEFT JOIN supplier s ON s.year = f.year AND s.partner = f.partner
        GROUP BY ALL
    ),
    both_of AS (
        SELECT *, 0 AS last FROM one
        UNION ALL
        SELECT fuel, unit, year, {label}, sum(imports), sum(imports_from), min(months), 1
        FROM one
        GROUP BY fuel, unit, year
        HAVING count(*) > 1
    )
SELECT fuel, unit, year, importer, imports, imports_from, imports_from / nullif(imports, 0), months
FROM both_of
ORDER BY fuel, unit, year, last, importer;

-- name: years
SELECT string_agg(DISTINCT year::VARCHAR, ', ' ORDER BY year::VARCHAR) FROM energy_flow;

-- name: codes
SELECT DISTINCT {side} FROM energy_flow ORDER BY 1;

-- name: sources
SELECT string_agg(DISTINCT title, '; ' ORDER BY title) FROM energy_source;
