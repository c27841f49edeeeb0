-- 030: how many projects of a corpus use each module, as `resident interest --project NAME --keep` counted last.
CREATE TABLE module_use (
  project_id INTEGER NOT NULL,
  module TEXT NOT NULL,
  projects INTEGER NOT NULL,      -- that use the name of it that most use: so many at least use the module
  files INTEGER NOT NULL,         -- of those, with that name
  corpus_projects INTEGER NOT NULL,  -- in all
  counted_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, module)
) STRICT;
