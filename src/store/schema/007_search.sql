-- 007: what full-text search knows of. The words themselves stand in the engine's own
-- tables (search_words of FTS5; search_posting and search_segment on PostgreSQL), made
-- when first needed (src/analyses/search/index_tables.cpp). One document an item (title, text, and all that was
-- said in it), a thread, or a commit.
CREATE TABLE search_document (
  project_id INTEGER NOT NULL,
  document_id INTEGER NOT NULL,   -- unique in the store
  kind TEXT NOT NULL,             -- issue, pull, thread, commit
  parent_key TEXT NOT NULL,       -- item_id, thread_key or sha
  at INTEGER NOT NULL,            -- of its beginning
  signature TEXT NOT NULL,        -- what tells that it has changed
  PRIMARY KEY (project_id, document_id)
) STRICT;
CREATE UNIQUE INDEX search_document_by_parent ON search_document (project_id, kind, parent_key);

CREATE TABLE search_state (
  project_id INTEGER NOT NULL,
  version TEXT NOT NULL,          -- of the sources, when the index was brought up to date
  PRIMARY KEY (project_id)
) STRICT;
