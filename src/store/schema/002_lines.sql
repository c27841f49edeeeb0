-- 002: what a file's change is made of, and who wrote the lines that stand.

-- Kept in the order of its key, without numbers of rows: half the pages to write.
CREATE TABLE file_change_2 (
  project_id INTEGER NOT NULL,
  commit_id INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  status TEXT NOT NULL,           -- A, M, D, R, T as in git
  old_path_id INTEGER,
  additions INTEGER,              -- null: binary, or a blob that is missing or huge
  deletions INTEGER,
  old_mode INTEGER,               -- as git has it, e.g. 33188 = 0100644; null: no such side, or not known
  mode INTEGER,                   -- 57344 = 0160000: a submodule
  similarity INTEGER,             -- of a rename: percent, as git says it
  is_binary INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, commit_id, path_id)
) STRICT, WITHOUT ROWID;
INSERT INTO file_change_2 (project_id, commit_id, path_id, status, old_path_id, additions, deletions)
  SELECT project_id, commit_id, path_id, status, old_path_id, additions, deletions FROM file_change;
DROP TABLE file_change;
ALTER TABLE file_change_2 RENAME TO file_change;
CREATE INDEX file_change_by_path ON file_change (project_id, path_id);

-- The newest tree of the default branch, a row a file.
CREATE TABLE head_file (
  project_id INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  blob TEXT,                      -- id of the content
  bytes INTEGER,                  -- null: a submodule, or a blob that cannot be read
  lines INTEGER,                  -- null: binary or unreadable; else as `git blame` counts them
  code_lines INTEGER,             -- lines that are not blank
  indentation_total INTEGER,      -- sum over code lines of levels of indentation (complexity by shape)
  indentation_max INTEGER,
  PRIMARY KEY (project_id, path_id)
) STRICT;

-- Whose lines stand in the newest tree, along first parents and following
-- renames: as `git blame --first-parent` attributes them, added up.
CREATE TABLE line_owner (
  project_id INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  commit_id INTEGER NOT NULL,     -- on the first-parent line of the default branch; 0: cannot be known
  author_id INTEGER,              -- identity: the commit's author; for a merge, the author of most lines of this file in it
  born_at INTEGER NOT NULL,       -- committer time, made not to run backwards along the line
  lines INTEGER NOT NULL,
  PRIMARY KEY (project_id, path_id, commit_id)
) STRICT, WITHOUT ROWID;

-- Lines that stood once and were removed or rewritten, added up by month.
-- A month is 12 × year + month - 1 (UTC); path as of the removal.
CREATE TABLE line_death (
  project_id INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  author_id INTEGER NOT NULL,     -- identity of who wrote them; 0: cannot be known
  born_month INTEGER NOT NULL,
  died_month INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  PRIMARY KEY (project_id, path_id, author_id, born_month, died_month)
) STRICT, WITHOUT ROWID;

-- Where the walk along first parents stands: the runs of lines of every file, so
-- that the next sync goes on from there.
CREATE TABLE line_state (
  project_id INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  runs BLOB NOT NULL,             -- pairs of varints: commit_id, lines; in the order of the file
  PRIMARY KEY (project_id, path_id)
) STRICT;
