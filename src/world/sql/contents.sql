-- What a file holds, by DuckDB's own lists; the functions that list it are DuckDB's, whatever macros the file has.

-- name: tables
SELECT table_name FROM system.main.duckdb_tables() WHERE NOT internal AND NOT temporary;

-- name: has_table
SELECT 1 FROM system.main.duckdb_tables() WHERE table_name = {table};

-- name: tables_by_name
SELECT table_name FROM system.main.duckdb_tables() WHERE NOT internal ORDER BY table_name;

-- The tables, and derisk's views.
-- name: tables_and_views
SELECT table_name FROM system.main.duckdb_tables() WHERE NOT internal
UNION ALL
SELECT view_name FROM system.main.duckdb_views() WHERE temporary AND NOT internal
ORDER BY table_name;

-- name: schemas
SELECT schema_name FROM system.main.duckdb_schemas() WHERE NOT internal AND schema_name <> 'main';

-- name: sequences
SELECT sequence_name FROM system.main.duckdb_sequences() WHERE NOT temporary;

-- name: indexes
SELECT index_name FROM system.main.duckdb_indexes();

-- name: constraints
SELECT constraint_name
FROM system.main.duckdb_constraints()
WHERE constraint_type <> 'NOT NULL' AND schema_name = 'main';

-- name: types
SELECT type_name FROM system.main.duckdb_types() WHERE NOT internal;

-- name: views
SELECT view_name FROM system.main.duckdb_views() WHERE NOT internal AND NOT temporary;

-- name: macros
SELECT function_name FROM system.main.duckdb_functions() WHERE NOT internal;

-- name: columns
SELECT table_name, column_name, data_type, column_default
FROM system.main.duckdb_columns()
WHERE NOT internal AND database_name <> 'temp';

-- name: columns_of_type
SELECT column_name
FROM system.main.duckdb_columns()
WHERE NOT internal AND table_name = {table} AND (data_type = 'VARCHAR') = {texts};

-- name: has_enum
SELECT 1
FROM system.main.duckdb_types()
WHERE type_name = {type} AND NOT internal AND logical_type = 'ENUM';

-- name: codes
SELECT unnest(enum_range(NULL::{type}))::VARCHAR;

-- name: schema
SELECT version, kind FROM schema;

-- name: rows
SELECT * FROM {table};

-- name: texts
SELECT code, {columns} FROM {table};

-- name: null_column
(SELECT {text} FROM {table} WHERE {column} IS NULL LIMIT 1);

-- A year of rows that the world does not hold.
-- name: stray_year
SELECT DISTINCT year::VARCHAR FROM {table} WHERE year NOT IN (SELECT year FROM {years}) ORDER BY 1 LIMIT 1;

-- name: settings
SELECT name || ' ' || value
FROM system.main.duckdb_settings()
WHERE name IN ('enable_external_access', 'lock_configuration', 'autoload_known_extensions')
ORDER BY name;
