-- 042: projects whose rows may say something else of who is who than the people worked out from them. Set by the
-- transaction that writes such rows, taken away by the one that works people out: a sync may be killed in between.
CREATE TABLE people_due (
  project_id INTEGER NOT NULL,
  PRIMARY KEY (project_id)
) STRICT;
