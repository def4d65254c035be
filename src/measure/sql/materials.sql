-- Supply risk of raw materials. The tables share and score hold the rows of supply_share and of the last year of
-- supply_score; governance (a: country, b: mean of the Worldwide Governance Indicators) and material (a: material,
-- b: its name in the scores) hold lists of data/.

-- name: make_list
CREATE TABLE {table} (a VARCHAR, b VARCHAR);

-- name: shares
SELECT * FROM supply_share;

-- name: scores
SELECT material, supply_risk FROM supply_score WHERE year = (SELECT max(year) FROM supply_score);

-- Governance counts from 0 (best) to 10 (worst): 2 (2.5 - mean of the indicators). Of a material's stages the one with
-- the larger risk is shown.
-- name: risk
WITH
    w AS (SELECT a AS country, 2 * (2.5 - b::DOUBLE) AS wgi FROM governance),
    h AS (
        SELECT
            lower(material) AS key,
            min(material) AS material,
            stage,
            sum(share * share * wgi * trade) FILTER (scope = 'world') AS world,
            sum(share * share * wgi * trade) FILTER (scope = 'EU') AS eu
        FROM share LEFT JOIN w USING (country)
        GROUP BY key, stage
    ),
    r AS (
        SELECT
            *,
            coalesce((world + eu) / 2, world, eu) AS risk,
            row_number() OVER (
                PARTITION BY key ORDER BY coalesce((world + eu) / 2, world, eu) DESC
            ) AS place
        FROM h
    ),
    first AS (
        SELECT
            lower(material) AS key,
            stage,
            scope,
            max_by(country, share) AS source,
            max(share) AS source_share
        FROM share
        GROUP BY ALL
    ),
    s AS (
        SELECT lower(coalesce(m.a, c.material)) AS key, c.score
        FROM score c LEFT JOIN material m ON m.b = c.material
    )
SELECT
    r.material,
    CASE r.stage WHEN 'E' THEN 'extraction' WHEN 'P' THEN 'processing' ELSE r.stage END,
    r.world,
    r.eu,
    r.risk,
    s.score,
    s.score / nullif(r.risk, 0),
    coalesce(e.source, g.source),
    coalesce(e.source_share, g.source_share)
FROM r
    LEFT JOIN s USING (key)
    LEFT JOIN first e ON e.key = r.key AND e.stage = r.stage AND e.scope = 'EU'
    LEFT JOIN first g ON g.key = r.key AND g.stage = r.stage AND g.scope = 'world'
WHERE place = 1
ORDER BY r.risk DESC, r.material;

-- name: sources
SELECT string_agg(DISTINCT title, '; ' ORDER BY title) FROM supply_source;

-- name: without_governance
SELECT DISTINCT country FROM share WHERE country NOT IN (SELECT a FROM governance) ORDER BY 1;

-- Published scores that several of the materials share.
-- name: scores_of_groups
SELECT c.material
FROM score c
    JOIN material m ON m.b = c.material
    JOIN (SELECT DISTINCT lower(material) AS key FROM share) s ON s.key = lower(m.a)
WHERE c.score IS NOT NULL
GROUP BY c.material
HAVING count(*) > 1
ORDER BY 1;
