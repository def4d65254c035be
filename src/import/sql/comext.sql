-- Eurostat's Comext. The table comext_report holds the rows of a file, added up over months, statistical procedures and
-- the like. It is no temporary table, so that DuckDB keeps it in the file rather than in memory.

-- Codes of economies have two letters; rows of others are totals of them. A spreadsheet drops the zero in front of a
-- code. A code may be followed by a label, "DE:Germany". Of the rows of SDMX-CSV, one for each indicator, those without
-- a value say nothing. Flow 3 is re-exports, which exports include.
-- name: read
CREATE OR REPLACE TABLE comext_report AS
WITH labelled AS (
    SELECT
        * REPLACE (
            split_part(reporter, ':', 1) AS reporter,
            split_part(partner, ':', 1) AS partner,
            split_part(product, ':', 1) AS product,
            split_part(coalesce(flow, '1'), ':', 1) AS flow,
            upper(split_part(indicator, ':', 1)) AS indicator
        )
    FROM ({rows})
    WHERE indicator IS NULL OR value IS NOT NULL
),
row AS (
    SELECT
        * EXCLUDE (value),
        CASE WHEN indicator IS NULL OR indicator IN ('VALUE_IN_EUROS', 'VALUE_EUR') THEN value END AS value,
        CASE
            WHEN indicator = 'QUANTITY_IN_100KG' THEN value / 10
            WHEN indicator IN ('QUANTITY_KG', 'QUANTITY_IN_KG') THEN value / 1000
            ELSE coalesce(tonnes, kilos / 1000)
        END AS weight
    FROM labelled
)
SELECT
    TRY_CAST(left(period, 4) AS INTEGER) AS year,
    flow,
    reporter,
    partner,
    CASE
        WHEN length(product) % 2 = 1 AND regexp_full_match(product, '[0-9]+') THEN '0' || product
        ELSE product
    END AS product,
    sum(value) AS value,
    sum(weight) AS weight,
    count(*) AS rows,
    length(reporter) = 2 AND length(partner) = 2
        AND reporter NOT IN ('EU', 'EA') AND partner NOT IN ('EU', 'EA')
        AND flow <> '3' AS kept,
    bool_or(length(period) > 4 AND right(period, 2) <> '52') AS monthly,
    bool_or(length(period) = 4 OR right(period, 2) = '52') AS yearly,
    count(*) FILTER (
        (value IS NULL AND indicator IS NULL) OR NOT isfinite(value)
        OR reporter IS NULL OR partner IS NULL
        OR product IS NULL OR length(product) > 12
        OR period IS NULL
    ) AS wrong
FROM row
GROUP BY ALL
HAVING wrong > 0 OR count(value) > 0;

-- name: wrong
SELECT sum(wrong) + count(*) FILTER (year IS NULL OR flow NOT IN ('1', '2', '3')) FROM comext_report;

-- name: periods
SELECT year, true FROM comext_report WHERE monthly
UNION ALL
SELECT year, false FROM comext_report WHERE yearly;

-- name: years
SELECT year FROM comext_report;

-- XI and XU are the parts of GB: beside it they tell the same flows again, alone they stand for it. In some tables GB is
-- without XI, though: where there is a row of the world, it says which.
-- name: find_parts
CREATE OR REPLACE TEMP TABLE part_of_gb AS
WITH told AS (
    SELECT
        year,
        flow,
        reporter,
        product,
        sum(value) FILTER (partner = 'WORLD') AS world,
        sum(value) FILTER (kept) AS whole,
        sum(value) FILTER (kept AND upper(partner) IN ('XI', 'XU')) AS parts
    FROM comext_report
    GROUP BY ALL
    HAVING count(*) FILTER (upper(partner) IN ('GB', 'UK')) > 0
)
SELECT p.year, p.flow, p.reporter, p.partner, p.product, p.rows
FROM comext_report p
SEMI JOIN (SELECT * FROM told WHERE world IS NULL OR abs(whole - parts - world) <= abs(whole - world)) w
    ON w.year = p.year AND w.flow = p.flow AND w.reporter = p.reporter AND w.product = p.product
WHERE upper(p.partner) IN ('XI', 'XU');

-- name: count_parts
SELECT coalesce(sum(rows), 0) FROM part_of_gb;

-- name: drop_parts
DELETE FROM comext_report r
USING part_of_gb p
WHERE r.year = p.year AND r.flow = p.flow
    AND r.reporter = p.reporter AND r.partner = p.partner AND r.product = p.product;

-- name: places
SELECT code, sum(rows)::BIGINT
FROM (
    SELECT reporter AS code, rows FROM comext_report WHERE kept
    UNION ALL
    SELECT partner, rows FROM comext_report WHERE kept
)
GROUP BY code;

-- name: left_out
SELECT coalesce(sum(rows), 0) FROM comext_report WHERE NOT kept AND flow <> '3';

-- name: re_exports
SELECT coalesce(sum(rows), 0) FROM comext_report WHERE flow = '3';

-- The numbers of the 27 members of the European Union, for the totals below.
-- name: create_members
CREATE OR REPLACE TEMP TABLE eu_place (id USMALLINT, iso3 VARCHAR);

-- name: members
SELECT iso3 FROM group_member WHERE group_code = 'EU' AND until IS NULL;

-- name: insert_member
INSERT INTO eu_place VALUES ({id}, {iso3});

-- The members' sum beside the file's own rows for the European Union.
-- name: totals
SELECT total, parts
FROM (
    SELECT
        sum(r.value) FILTER (reporter = 'EU27_2020') AS total,
        sum(r.value) FILTER (g.iso3 IS NOT NULL) AS parts
    FROM comext_report r
    LEFT JOIN product_place p ON p.code = r.reporter AND r.kept
    LEFT JOIN eu_place g ON g.id = p.id
    WHERE length(partner) = 2
    GROUP BY year, flow, partner, product
    HAVING count(*) FILTER (reporter = 'EU27_2020') > 0
)
WHERE total > 0;

-- name: drop
DROP TABLE comext_report;
