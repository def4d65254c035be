-- Flows that both sides may report: the table {report} has year, flow, reporter, partner, product and value; {rows} is
-- the condition for those that count. The importer's report goes before the exporter's.

-- The economies that report imports in a year.
-- name: find_importers
CREATE OR REPLACE TEMP TABLE reporting AS
SELECT DISTINCT year, p.id
FROM {report}
JOIN product_place p ON p.code = reporter
WHERE {rows} AND flow = {import};

-- name: insert
INSERT INTO product_flow
SELECT
    r.year,
    CASE flow WHEN {import} THEN q.id ELSE p.id END,
    CASE flow WHEN {import} THEN p.id ELSE q.id END,
    product,
    sum(value),
    {tonnes}
FROM {report} r
JOIN product_place p ON p.code = reporter
JOIN product_place q ON q.code = partner
LEFT JOIN reporting b ON b.year = r.year AND b.id = q.id
WHERE {rows} AND (flow = {import} OR (flow = {export} AND b.id IS NULL))
GROUP BY ALL
ORDER BY ALL;

-- Exports whose importer reports, too.
-- name: mirrored
SELECT count(*)
FROM {report} r
JOIN product_place q ON q.code = partner
JOIN reporting b ON b.year = r.year AND b.id = q.id
WHERE {rows} AND flow = {export};

-- name: count_totals
SELECT count(*) FROM ({totals});

-- The largest gap of the largest total, and the largest of gaps each as a share of its own total.
-- name: gap_of_largest
SELECT max(abs(total - coalesce(parts, 0))) / max(total) FROM ({totals});

-- name: gap_of_own
SELECT coalesce(max(abs(total - coalesce(parts, 0)) / total), 0) FROM ({totals});
