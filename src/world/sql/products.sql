-- Product flows.

-- A flow is above zero and between two economies.
-- name: regions
SELECT r.id, r.code
FROM product_region r
WHERE r.id IN (
    SELECT exporter FROM product_flow WHERE year = {year}
    UNION
    SELECT importer FROM product_flow WHERE year = {year}
)
ORDER BY r.code, r.id;

-- name: products
SELECT product, count(*)
FROM product_flow
WHERE year = {year} AND value > 0 AND exporter <> importer
GROUP BY product
ORDER BY product;

-- name: flows
SELECT exporter, importer, product, value
FROM product_flow
WHERE year = {year} AND value > 0 AND exporter <> importer;

-- Of those flows, in the order of their products; NaN where a quantity is not known.
-- name: quantities
SELECT x.code, m.code, f.product, coalesce(f.quantity, 'nan'::DOUBLE)
FROM product_flow f
JOIN product_region x ON x.id = f.exporter
JOIN product_region m ON m.id = f.importer
WHERE f.year = {year} AND f.value > 0 AND f.exporter <> f.importer
ORDER BY f.product;

-- name: years
SELECT year FROM product_year ORDER BY year;

-- name: year_list
SELECT coalesce(string_agg(year::VARCHAR, ', ' ORDER BY year), '') FROM product_year;

-- One year, or the last one (0).
-- name: year
SELECT
    year,
    classification,
    unit,
    quantity_unit,
    (
        SELECT coalesce(string_agg(DISTINCT title, '; ' ORDER BY title), '')
        FROM product_source s
        WHERE s.year = y.year
    ),
    whole::INTEGER
FROM product_year y
WHERE {year} IN (0, year)
ORDER BY year DESC
LIMIT 1;

-- name: sectors
SELECT DISTINCT sector FROM product_sector ORDER BY 1;

-- name: change_sectors
UPDATE product_sector SET sector = c.new FROM sector_change c WHERE c.old = product_sector.sector;
DROP TABLE sector_change;
