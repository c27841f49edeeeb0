-- 012: the text of files of documentation in the newest tree of a clone's default branch
-- (which ones: search.doc_paths), for the search. E-mail addresses in it are blanked.
CREATE TABLE doc_file (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,     -- the clone
  path_id INTEGER NOT NULL,
  blob TEXT NOT NULL,             -- its content, as git names it
  bytes INTEGER,                  -- of the whole file; null: absent from the clone
  state TEXT NOT NULL,            -- whole, cut (longer than what is kept), binary, too_large, absent
  sha TEXT NOT NULL,              -- commit of the first-parent line that changed it last
  changed_at INTEGER NOT NULL,    -- that commit's time: since then the text stands as it does
  body TEXT,                      -- null: binary, too large or absent
  PRIMARY KEY (project_id, source_id, path_id)
) STRICT;
