-- The tables of a new world, and what they hold from the beginning.

-- name: create_table
CREATE TABLE IF NOT EXISTS {table} ({columns});

-- name: create_type
CREATE TYPE {type} AS ENUM ({codes});

-- name: insert_version
INSERT INTO schema VALUES ({version}, 'products');

-- name: set_version
UPDATE schema SET version = {version};

-- name: set_kind
UPDATE schema SET kind = {kind};

-- name: insert_uses
INSERT INTO final_use SELECT unnest(enum_range(NULL::use_code));

-- name: drop_names
DELETE FROM region;
DELETE FROM sector;

-- The tables of input-output tables before lists of cells.
-- name: drop_cells
DROP TABLE intermediate;
DROP TABLE final;

-- name: create_dated
CREATE TEMP TABLE dated (
    group_code VARCHAR, iso3 VARCHAR, since VARCHAR, until VARCHAR, source_id VARCHAR, note VARCHAR
);

-- A date may be a year or a month: a membership begins with its first day and ends with its last.
-- name: insert_members
INSERT INTO group_member
SELECT
    group_code,
    iso3,
    (since || left('-01-01', 10 - length(since)))::DATE,
    CASE length(until)
        WHEN 0 THEN NULL
        WHEN 4 THEN make_date(until::INTEGER, 12, 31)
        WHEN 7 THEN last_day((until || '-01')::DATE)
        ELSE until::DATE
    END,
    source_id,
    note
FROM dated;
DROP TABLE dated;

-- name: create_known
CREATE TEMP TABLE known (
    id VARCHAR, title VARCHAR, publisher VARCHAR, licence VARCHAR, retrieved VARCHAR, url VARCHAR
);

-- Of the sources that derisk knows those of the groups.
-- name: insert_sources
INSERT INTO source (id, title, publisher, licence, retrieved, url)
SELECT *
FROM known
WHERE id IN (SELECT source_id FROM region_group UNION SELECT source_id FROM group_member);
DROP TABLE known;
