-- The views of a world. derisk makes its own for each connection, and those in the file are for others who ask it.

-- name: create
CREATE VIEW IF NOT EXISTS {view} AS {query};

-- name: create_temporary
CREATE TEMP VIEW IF NOT EXISTS {view} AS {query};

-- name: region_part
SELECT code AS region, unnest(string_split(parts, '|')) AS iso3 FROM region WHERE parts <> '';

-- A member in a year is one on its 1 July; a region of several countries is a member while all of them are.
-- name: membership
WITH size AS (SELECT region, count(DISTINCT iso3) AS parts FROM region_part GROUP BY region)
SELECT m.group_code, p.region, y.year
FROM region_part p
JOIN group_member m ON m.iso3 = p.iso3
JOIN year y
    ON m.since <= make_date(y.year, 7, 1) AND (m.until IS NULL OR m.until >= make_date(y.year, 7, 1))
JOIN size s ON s.region = p.region
GROUP BY m.group_code, p.region, y.year, s.parts
HAVING count(DISTINCT p.iso3) = s.parts;

-- name: product_trade
SELECT f.year, x.code AS exporter, m.code AS importer, f.product, f.value, f.quantity
FROM product_flow f
JOIN product_region x ON x.id = f.exporter
JOIN product_region m ON m.id = f.importer;

-- The cells that are not zero, each in a row of its own. Lists without codes have a number for every code.
-- name: intermediate
SELECT *
FROM (
        SELECT
            year,
            origin,
            supplier,
            destination,
            unnest(coalesce(users, enum_range(NULL::sector_code)::sector_code[])) AS user,
            unnest(amounts) AS value
        FROM intermediate_row
    )
WHERE value <> 0;

-- name: final
SELECT *
FROM (
        SELECT
            year,
            origin,
            supplier,
            destination,
            unnest(coalesce(uses, enum_range(NULL::use_code)::use_code[])) AS use,
            unnest(amounts) AS value
        FROM final_row
    )
WHERE value <> 0;
