-- 026: benchmark results with every single value. What is measured (a series) stands apart from when and on what (a
-- run), so that a change of machine, compiler or harness is seen between two runs. What 001 had of them moves here.
CREATE TABLE benchmark_series (
  project_id INTEGER NOT NULL,
  series_id INTEGER NOT NULL,
  name TEXT NOT NULL,             -- benchmark, parameters and measure, as its file tells them apart
  unit TEXT NOT NULL,             -- s, B, B/s, 1/s, count, … or the tool's own word; '' where nobody says
  machine TEXT NOT NULL,          -- '' where it is not known
  configuration TEXT NOT NULL,    -- environment of the harness (asv), '' for none
  benchmark TEXT NOT NULL,        -- without parameters
  better TEXT,                    -- lower, higher; null: has to be asked
  tool TEXT NOT NULL,
  PRIMARY KEY (project_id, series_id),
  UNIQUE (project_id, name, unit, machine, configuration)
) STRICT;

CREATE TABLE benchmark_run (
  project_id INTEGER NOT NULL,
  run_key TEXT NOT NULL,          -- file and commit
  source_id INTEGER NOT NULL,
  sha TEXT,
  measured_at INTEGER NOT NULL,
  machine TEXT NOT NULL,
  environment TEXT NOT NULL,      -- key=value lines: cpu, kernel, compiler, runtime, …
  tool TEXT NOT NULL,
  version TEXT NOT NULL,
  is_dirty INTEGER NOT NULL DEFAULT 0,  -- measured with changes that no commit has
  PRIMARY KEY (project_id, run_key)
) STRICT;
CREATE INDEX benchmark_run_by_time ON benchmark_run (project_id, measured_at);

CREATE TABLE benchmark_value (
  project_id INTEGER NOT NULL,
  series_id INTEGER NOT NULL,
  run_key TEXT NOT NULL,
  value REAL NOT NULL,            -- the tool's own figure, or the mean of the samples
  samples TEXT,                   -- every single value, separated by blanks; null where the file has none
  spread REAL,                    -- standard deviation of one value, where the file tells it
  PRIMARY KEY (project_id, series_id, run_key)
) STRICT;
CREATE INDEX benchmark_value_by_run ON benchmark_value (project_id, run_key);

INSERT INTO benchmark_series (project_id, series_id, name, unit, machine, configuration, benchmark, better, tool)
  SELECT project_id, row_number() OVER (PARTITION BY project_id ORDER BY benchmark, unit, machine), benchmark, unit,
         machine, '', benchmark, NULL, ''
  FROM (SELECT DISTINCT project_id, benchmark, unit, machine FROM benchmark_result) AS old;
INSERT INTO benchmark_run (project_id, run_key, source_id, sha, measured_at, machine, environment, tool, version)
  SELECT project_id, sha || ' ' || machine, min(source_id), sha, min(measured_at), machine, '', '', ''
  FROM benchmark_result GROUP BY project_id, sha, machine;
INSERT INTO benchmark_value (project_id, series_id, run_key, value)
  SELECT r.project_id, s.series_id, r.sha || ' ' || r.machine, r.value
  FROM benchmark_result r JOIN benchmark_series s ON s.project_id = r.project_id AND s.name = r.benchmark AND
       s.unit = r.unit AND s.machine = r.machine AND s.configuration = '';
DROP TABLE benchmark_result;
