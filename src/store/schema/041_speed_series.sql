-- 041: reruns of two series of a commit may end in the same second.
CREATE TABLE speed_confirmation_by_series (
  project_id INTEGER NOT NULL,
  sha TEXT NOT NULL,
  series TEXT NOT NULL,           -- what was run: the series' name where it was given, else the program
  confirmed_at INTEGER NOT NULL,
  verdict TEXT NOT NULL,          -- confirmed, refuted, open
  ratio REAL NOT NULL,            -- after / before
  low REAL NOT NULL,              -- its 95 % interval
  high REAL NOT NULL,
  probability REAL NOT NULL,      -- of the verdict
  runs INTEGER NOT NULL,
  PRIMARY KEY (project_id, sha, series, confirmed_at)
) STRICT;
INSERT INTO speed_confirmation_by_series SELECT project_id, sha, series, confirmed_at, verdict, ratio, low, high, probability, runs FROM speed_confirmation;
DROP TABLE speed_confirmation;
ALTER TABLE speed_confirmation_by_series RENAME TO speed_confirmation;
