-- 009: whether a pull request's head merges into a base, once computed; both are commits, so it never changes.
CREATE TABLE merge_check (
  project_id INTEGER NOT NULL,
  head_sha TEXT NOT NULL,
  base_sha TEXT NOT NULL,
  state TEXT NOT NULL,            -- clean, conflict, unknown
  detail TEXT,                    -- the files in conflict, one a line; for unknown, why
  checked_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, head_sha, base_sha)
) STRICT;
