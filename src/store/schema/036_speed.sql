-- 036: what reruns said of a commit that a benchmark became faster or slower at (`resident bench confirm`).
CREATE TABLE speed_confirmation (
  project_id INTEGER NOT NULL,
  sha TEXT NOT NULL,
  confirmed_at INTEGER NOT NULL,
  series TEXT NOT NULL,           -- what was run: the series' name where it was given, else the command
  verdict TEXT NOT NULL,          -- confirmed, refuted, open
  ratio REAL NOT NULL,            -- after / before
  low REAL NOT NULL,              -- its 95 % interval
  high REAL NOT NULL,
  probability REAL NOT NULL,      -- of the verdict
  runs INTEGER NOT NULL,
  PRIMARY KEY (project_id, sha, confirmed_at)
) STRICT;
