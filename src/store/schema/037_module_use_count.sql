-- 037: module_use through time: what each `resident interest --keep` counted, so that the use of a module is a series
-- that `resident impact` can judge.
CREATE TABLE module_use_count (
  project_id INTEGER NOT NULL,
  module TEXT NOT NULL,
  counted_at INTEGER NOT NULL,       -- the day of the corpus
  projects INTEGER NOT NULL,         -- as in module_use
  corpus_projects INTEGER NOT NULL,
  downloads REAL,                    -- of the projects that use it, where --downloads gave them
  PRIMARY KEY (project_id, module, counted_at)
) STRICT;
INSERT INTO module_use_count (project_id, module, counted_at, projects, corpus_projects)
  SELECT project_id, module, counted_at, projects, corpus_projects FROM module_use;
