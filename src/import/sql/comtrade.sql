-- UN Comtrade. The table comtrade_report holds the rows of a file.

-- Kept are the rows that are totals over modes of transport, customs procedures and second partners; imports and
-- exports only, which include re-imports and re-exports; and not what the European Union (97) and ASEAN (975) report
-- beside their members. The number 492, Monaco's, is used for what is not specified in the European Union.
-- name: read
CREATE OR REPLACE TEMP TABLE comtrade_report AS
WITH totals AS (
    SELECT unnest(['97', '097', 'EUR', 'EU2', 'European Union', '975', 'ASEAN']) AS code
)
SELECT
    TRY_CAST(left(year, 4) AS INTEGER) AS year,
    coalesce(flow, 'M') AS flow,
    reporter,
    CASE partner WHEN '492' THEN 'EU-NES' ELSE partner END AS partner,
    product,
    value,
    weight,
    classification,
    CASE
        WHEN frequency IS NULL THEN length(coalesce(period, year)) > 4
        ELSE upper(frequency) <> 'A'
    END AS part,
    coalesce(mode, '0') = '0'
        AND coalesce(customs, 'C00') = 'C00'
        AND coalesce(partner2, '0') IN ('0', '000')
        AND coalesce(flow, 'M') IN ('M', 'X')
        AND reporter NOT IN (SELECT code FROM totals)
        AND partner NOT IN (SELECT code FROM totals) AS kept,
    partner IN ('W00', 'World', 'WLD', '0', '000', 'all') AS world
FROM ({rows});

-- name: incomplete
SELECT count(*)
FROM comtrade_report
WHERE NOT coalesce(isfinite(value), false)
    OR year IS NULL OR reporter IS NULL OR partner IS NULL
    OR product IS NULL OR length(product) > 12;

-- name: classifications
SELECT DISTINCT classification FROM comtrade_report WHERE classification IS NOT NULL ORDER BY 1;

-- name: years
SELECT year FROM comtrade_report;

-- name: periods
SELECT year, part FROM comtrade_report WHERE kept;

-- name: places
SELECT code, count(*)
FROM (
    SELECT reporter AS code FROM comtrade_report WHERE kept
    UNION ALL
    SELECT partner FROM comtrade_report WHERE kept AND NOT world
)
GROUP BY code;

-- name: left_out
SELECT count(*) FROM comtrade_report WHERE NOT kept;

-- The partners' sum beside the file's own row for the world.
-- name: totals
SELECT sum(value) FILTER (world) AS total, sum(value) FILTER (NOT world) AS parts
FROM comtrade_report
WHERE kept
GROUP BY year, flow, reporter, product
HAVING count(*) FILTER (world) > 0;
