-- BACI: one row for each exporter, importer and product of a year.

-- A spreadsheet drops the zero in front of a code; quantities may be padded with blanks, and NA or empty.
-- name: insert
INSERT INTO product_flow
SELECT
    year,
    exporter,
    importer,
    CASE WHEN length(product) = 5 THEN '0' || product ELSE product END,
    value,
    TRY_CAST(trim(quantity) AS DOUBLE)
FROM ({rows});

-- name: incomplete
SELECT count(*)
FROM product_flow_new
WHERE NOT coalesce(isfinite(value), false)
    OR year IS NULL OR exporter IS NULL OR importer IS NULL
    OR product IS NULL OR length(product) > 12;

-- name: years
SELECT year FROM product_flow;

-- name: places
SELECT id::VARCHAR, count(*)
FROM (
    SELECT exporter AS id FROM product_flow WHERE year IN ({years})
    UNION ALL
    SELECT importer FROM product_flow WHERE year IN ({years})
)
GROUP BY id;
