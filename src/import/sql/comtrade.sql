-- UN Comtrade. The table comtrade_report holds the rows of a file.

-- Kept are the rows that are totals over modes of transport, customs procedures and second partners; imports and
-- exports only, which include re-imports and re-exports; and not what the European Union (97) and ASEAN (975) report
-- beside their members. The number 492, Monaco's, is used for what is not specified in the European Union. R writes NA
-- for what is missing. Flows are codes (M, X, RM, RX; until 2023 1, 2, 4, 3) or words.
-- name: read
CREATE OR REPLACE TEMP TABLE comtrade_report AS
WITH totals AS (
    SELECT unnest(['97', '097', 'EUR', 'EU2', 'European Union', '975', 'ASEAN']) AS code
),
row AS (
    SELECT
        * REPLACE (
            nullif(mode, 'NA') AS mode,
            nullif(customs, 'NA') AS customs,
            nullif(partner2, 'NA') AS partner2,
            nullif(nullif(trim(weight), 'NA'), '') AS weight,
            CASE upper(coalesce(flow, 'M'))
                WHEN '1' THEN 'M'
                WHEN 'IMPORT' THEN 'M'
                WHEN 'IMPORTS' THEN 'M'
                WHEN '2' THEN 'X'
                WHEN 'EXPORT' THEN 'X'
                WHEN 'EXPORTS' THEN 'X'
                ELSE upper(coalesce(flow, 'M'))
            END AS flow
        )
    FROM ({rows})
)
SELECT
    TRY_CAST(left(year, 4) AS INTEGER) AS year,
    flow,
    reporter,
    CASE partner WHEN '492' THEN 'EU-NES' ELSE partner END AS partner,
    product,
    value,
    TRY_CAST(weight AS DOUBLE) AS weight,
    classification,
    weight IS NOT NULL AND NOT coalesce(isfinite(TRY_CAST(weight AS DOUBLE)), false) AS odd_weight,
    CASE
        WHEN frequency IS NULL THEN length(coalesce(period, year)) > 4
        ELSE upper(frequency) <> 'A'
    END AS part,
    coalesce(mode, '0') = '0'
        AND coalesce(customs, 'C00') = 'C00'
        AND coalesce(partner2, '0') IN ('0', '000')
        AND flow IN ('M', 'X')
        AND reporter NOT IN (SELECT code FROM totals)
        AND partner NOT IN (SELECT code FROM totals) AS kept,
    partner IN ('W00', 'World', 'WLD', '0', '000', 'all') AS world
FROM row;

-- name: incomplete
SELECT count(*)
FROM comtrade_report
WHERE NOT coalesce(isfinite(value), false)
    OR year IS NULL OR reporter IS NULL OR partner IS NULL OR odd_weight
    OR product IS NULL OR length(product) > 12;

-- name: classifications
SELECT DISTINCT year, coalesce(classification, '') FROM comtrade_report ORDER BY ALL;

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
