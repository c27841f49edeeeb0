-- 039: copies of stores, and workers that bring projects up to date.

-- What `resident store copy` has brought into this store, table by table and project by project, so that a copy that
-- was cut off goes on, and one that is made again brings only what is new.
CREATE TABLE store_copy (
  project_id INTEGER NOT NULL,    -- 0: rows of no project
  table_name TEXT NOT NULL,
  n INTEGER NOT NULL,             -- rows
  digest TEXT NOT NULL,           -- of all of them, in any order
  PRIMARY KEY (project_id, table_name)
) STRICT;

-- Which worker (`resident sync --worker`) is at a project, and until when that holds without a sign of life.
CREATE TABLE sync_lease (
  project_id INTEGER NOT NULL,
  holder TEXT,                    -- machine and process; null: nobody
  turn INTEGER NOT NULL,          -- how often it was taken: who holds an earlier turn has lost it
  until INTEGER NOT NULL,         -- by the clock of the store, not the worker's
  done_at INTEGER NOT NULL,       -- when all its sources were last gone through, whether they failed or not; 0: never
  PRIMARY KEY (project_id)
) STRICT;
