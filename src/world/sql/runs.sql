-- Stored runs. The rows of all runs are in a table for each result, run_regions and the like, with a column `run`.

-- name: is_taken
SELECT 1 FROM run WHERE name = {run};

-- name: set_time
UPDATE run SET stored = date_trunc('second', now()::TIMESTAMP) WHERE stored IS NULL;

-- name: create_result
CREATE TABLE IF NOT EXISTS {table} (run VARCHAR);

-- name: add_column
ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} {type};

-- name: insert_rows
INSERT INTO {table} BY NAME SELECT {run} AS run, * FROM incoming;
DROP TABLE incoming;

-- name: list
SELECT
    r.name,
    r.title,
    (SELECT string_agg(DISTINCT c.result, ', ' ORDER BY c.result) FROM run_column c WHERE c.run = r.name),
    r.stored::VARCHAR
FROM run r
ORDER BY r.stored, r.name;

-- name: names
SELECT name FROM run ORDER BY name;

-- name: results
SELECT DISTINCT result FROM run_column WHERE run = {run} ORDER BY result;

-- name: columns
SELECT name, shown FROM run_column WHERE run = {run} AND result = {result} ORDER BY rowid;

-- name: rows
SELECT {columns} FROM {table} WHERE run = {run} ORDER BY rowid;

-- name: facts
SELECT fact, text, number, (text IS NULL)::INTEGER FROM run_fact WHERE run = {run} ORDER BY rowid;

-- name: heading
SELECT title, unit FROM run WHERE name = {run};

-- name: notes
SELECT note FROM run_note WHERE run = {run} ORDER BY rowid;
