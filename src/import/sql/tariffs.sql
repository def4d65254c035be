-- Tariffs.

-- Which sector each product is in, as the import of product flows has said.
-- name: sectors
SELECT product, sector FROM product_sector;

-- The year of product flows that is nearest to a table's, the earlier one of two, and how its products are classified.
-- name: nearest_flows
SELECT year, classification FROM product_year ORDER BY abs(year - {year}), year LIMIT 1;
