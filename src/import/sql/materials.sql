-- Shares of countries in the supply of raw materials. The table share_report holds the rows of a file.

-- name: empty
DELETE FROM supply_share;
DELETE FROM supply_score;
DELETE FROM supply_source;
DELETE FROM supply_finding;

-- "4%" is 0.04, "<0.1%" half of 0.001, "0.04" itself; a bare number above 1 has lost its percent sign.
-- name: read_shares
CREATE OR REPLACE TEMP TABLE share_report AS
SELECT
    material,
    stage,
    country,
    trade,
    CASE WHEN below THEN 0.5 ELSE 1 END
        * CASE WHEN percent OR number > 1 THEN number / 100 ELSE number END AS share,
    number > 1 AND NOT percent AS bare
FROM (
    SELECT
        *,
        TRY_CAST(trim(replace(replace(share, '<', ''), '%', '')) AS DOUBLE) AS number,
        contains(share, '%') AS percent,
        contains(share, '<') AS below
    FROM ({rows})
);

-- name: incomplete
SELECT count(*)
FROM share_report
WHERE material IS NULL OR stage IS NULL OR country IS NULL
    OR NOT coalesce(share BETWEEN 0 AND 1, false)
    OR NOT coalesce(trade > 0, false);

-- name: places
SELECT country, count(*) FROM share_report GROUP BY country;

-- name: insert_shares
INSERT INTO supply_share SELECT {scope}, material, stage, country, share, trade FROM share_report;

-- name: shares
SELECT count(*) FROM share_report;

-- name: materials
SELECT count(DISTINCT material) FROM share_report;

-- name: bare
SELECT count(*) FROM share_report WHERE bare;

-- name: insert_scores
INSERT INTO supply_score
SELECT *
FROM (SELECT material, year, TRY_CAST(score AS DOUBLE) AS score FROM ({rows}))
WHERE score IS NOT NULL;

-- name: scores
SELECT count(*) FROM supply_score;

-- name: countries
SELECT DISTINCT country FROM supply_share ORDER BY country;

-- name: rename_country
UPDATE supply_share SET country = {code} WHERE country = {name};
