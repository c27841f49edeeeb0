-- 024: results of tests, for years of a large suite: not a row a result. Names are numbered once; what a test came to
-- in many runs of one configuration stands together, packed in the order of the runs (src/store/result_tile.hpp).
-- What test_result held is moved here when the store is brought up to date, and test_result is gone.
CREATE TABLE ci_test (
  project_id INTEGER NOT NULL,
  test_id INTEGER NOT NULL,        -- 1, 2, … in the order in which they were met
  suite TEXT NOT NULL,             -- module, class, feature; '' where there is none
  name TEXT NOT NULL,
  PRIMARY KEY (project_id, test_id)
) STRICT;
CREATE INDEX ci_test_by_name ON ci_test (project_id, name);

CREATE TABLE ci_configuration (
  project_id INTEGER NOT NULL,
  configuration_id INTEGER NOT NULL,
  name TEXT NOT NULL,              -- the builder, job or check that ran them
  PRIMARY KEY (project_id, configuration_id)
) STRICT;

-- One run of the tests on one configuration, and what failed in it.
CREATE TABLE test_run (
  project_id INTEGER NOT NULL,
  run_number INTEGER NOT NULL,     -- in the order of coming in; never given twice
  run_key TEXT NOT NULL,           -- ci_run's where there is one
  source_id INTEGER NOT NULL,
  configuration_id INTEGER NOT NULL,
  at INTEGER NOT NULL,             -- since when its results are known
  sha TEXT,
  branch TEXT,
  item_id INTEGER,                 -- of the pull request whose change was tested
  tests INTEGER NOT NULL,          -- results
  failed INTEGER NOT NULL,         -- of which the last try failed
  incomplete TEXT,                 -- why these are not all: such a run is never green
  print TEXT NOT NULL,             -- of all results: the same again changes nothing
  PRIMARY KEY (project_id, run_number)
) STRICT;
CREATE UNIQUE INDEX test_run_by_key ON test_run (project_id, run_key);
CREATE INDEX test_run_by_item ON test_run (project_id, item_id);
CREATE INDEX test_run_by_sha ON test_run (project_id, sha);

-- Tests of a run with any try that was not as wished: failed, died, passed though expected to fail.
CREATE TABLE test_failure (
  project_id INTEGER NOT NULL,
  run_number INTEGER NOT NULL,
  test_id INTEGER NOT NULL,
  attempts TEXT NOT NULL,          -- outcomes in order, as "fail pass"
  message_id INTEGER,              -- test_message
  PRIMARY KEY (project_id, run_number, test_id)
) STRICT;

-- The results of 256 tests (by number) in some runs of one configuration.
CREATE TABLE result_tile (
  project_id INTEGER NOT NULL,
  configuration_id INTEGER NOT NULL,
  test_group INTEGER NOT NULL,     -- test_id / 256
  first_run INTEGER NOT NULL,
  last_run INTEGER NOT NULL,
  results INTEGER NOT NULL,
  tile BLOB NOT NULL,
  PRIMARY KEY (project_id, configuration_id, test_group, first_run)
) STRICT;

CREATE TABLE test_message (
  project_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  masked TEXT NOT NULL,            -- numbers, addresses, paths and times taken out: failures with one cause share it
  example TEXT,                    -- one as it was; null once it was forgotten
  last_at INTEGER NOT NULL,        -- of the newest run that had it when it came in
  PRIMARY KEY (project_id, message_id)
) STRICT;
