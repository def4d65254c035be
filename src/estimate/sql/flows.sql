-- Flows as queries for a panel: exporter, importer, year, trade and what stands beside them.

-- name: columns_of_parquet
DESCRIBE SELECT * FROM read_parquet({file});

-- name: columns_of_csv
DESCRIBE SELECT * FROM read_csv(
    {file}, header = true, skip = {skipped}, delim = {separator}, quote = '"', escape = '"',
    nullstr = ['', 'NA', '.', '..', 'null', 'NULL'],
    compression = {compression}, encoding = {encoding}
);

-- name: count_rows
SELECT count(*) FROM ({rows});

-- name: of_products
SELECT x.code AS exporter, m.code AS importer, f.year::BIGINT AS year, f.trade
FROM (
        SELECT exporter, importer, year, sum(value) AS trade
        FROM product_flow
        WHERE value > 0
        GROUP BY ALL
    ) f
    JOIN product_region x ON x.id = f.exporter
    JOIN product_region m ON m.id = f.importer;

-- Negative cells (changes of inventories) count as zero, as in the model.
-- name: cells_icio
SELECT
    year,
    origin AS exporter,
    destination AS importer,
    supplier AS sector,
    greatest(value, 0) AS value,
    NULL::DOUBLE AS tariff
FROM intermediate
UNION ALL
SELECT year, origin, destination, supplier, greatest(value, 0), NULL FROM final;

-- name: cells_long
SELECT year, exporter, importer, sector, value, tariff FROM flow;

-- Every pair of regions has a flow, zero or not.
-- name: of_table
SELECT
    x.code::VARCHAR AS exporter,
    m.code::VARCHAR AS importer,
    y.year::BIGINT AS year,
    coalesce(t.trade, 0) AS trade,
    NULL::VARCHAR AS sector,
    t.tariff
FROM region x
    CROSS JOIN region m
    CROSS JOIN year y
    LEFT JOIN (
        SELECT year, exporter, importer, sum(value) AS trade, max(tariff) AS tariff
        FROM ({cells})
        GROUP BY ALL
    ) t ON t.year = y.year AND t.exporter = x.code AND t.importer = m.code
ORDER BY x.code, m.code, y.year;

-- name: of_table_by_sector
SELECT
    x.code::VARCHAR AS exporter,
    m.code::VARCHAR AS importer,
    y.year::BIGINT AS year,
    coalesce(t.trade, 0) AS trade,
    s.code::VARCHAR AS sector,
    t.tariff
FROM region x
    CROSS JOIN region m
    CROSS JOIN year y
    CROSS JOIN sector s
    LEFT JOIN (
        SELECT year, exporter, importer, sector, sum(value) AS trade, max(tariff) AS tariff
        FROM ({cells})
        GROUP BY ALL
    ) t ON t.year = y.year AND t.exporter = x.code AND t.importer = m.code AND t.sector = s.code
ORDER BY x.code, m.code, y.year, s.code;
