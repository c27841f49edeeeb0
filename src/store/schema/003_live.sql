-- 003: a forge that is read live; threads of channels; what a release shipped.

-- One row a stream of a source (issues, pulls, inline comments, workflow runs, …):
-- its own cursor, committed with its rows.
CREATE TABLE source_stream (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  stream TEXT NOT NULL,
  cursor TEXT,                    -- opaque to all but the source
  state TEXT NOT NULL DEFAULT 'new',  -- new, filling (history still missing), current
  forge_count INTEGER,            -- what the forge said there is, at the last audit
  store_count INTEGER,            -- what stood in the store then
  audited_at INTEGER,
  PRIMARY KEY (project_id, source_id, stream)
) STRICT;

-- What the forge answered with an ETag or Last-Modified, so that unchanged things cost nothing.
CREATE TABLE http_validator (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  url TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  PRIMARY KEY (project_id, source_id, url)
) STRICT;

-- Items that are no longer at the forge under their number. Their rows stay.
CREATE TABLE item_tombstone (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  reason TEXT NOT NULL,           -- deleted, transferred, converted
  target TEXT,                    -- where it went, if the forge says so
  noticed_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, item_id)
) STRICT;

-- "release" is a word of SQL's savepoints; hence the name.
CREATE TABLE forge_release (
  project_id INTEGER NOT NULL,
  release_key TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  tag TEXT NOT NULL,
  name TEXT,
  body TEXT,
  author_id INTEGER,
  is_draft INTEGER NOT NULL DEFAULT 0,
  is_prerelease INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER,
  published_at INTEGER,
  url TEXT,
  PRIMARY KEY (project_id, release_key)
) STRICT;

-- A conversation that is no issue or pull request: a discussion of the forge, a
-- topic of a forum, a thread of a mailing list. Its first post is its question.
CREATE TABLE thread (
  project_id INTEGER NOT NULL,
  thread_key TEXT NOT NULL,       -- unique in the project: discourse:HOST/123, discussion:45, mail:<hash>
  source_id INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- discussion, topic, mail
  channel TEXT NOT NULL,          -- category, forum or list
  number INTEGER,
  title TEXT NOT NULL,
  author_id INTEGER,              -- identity
  created_at INTEGER NOT NULL,
  updated_at INTEGER,
  closed_at INTEGER,
  answered_at INTEGER,            -- when an answer was accepted
  answer_key TEXT,                -- the post that was
  is_question INTEGER,            -- 1, 0, or null: the channel does not say
  tags TEXT,                      -- comma-separated
  url TEXT,
  PRIMARY KEY (project_id, thread_key)
) STRICT;
CREATE INDEX thread_by_time ON thread (project_id, created_at);

CREATE TABLE post (
  project_id INTEGER NOT NULL,
  thread_key TEXT NOT NULL,
  post_key TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  position INTEGER NOT NULL,      -- 0: what began the thread
  author_id INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER,
  body TEXT,                      -- e-mail addresses blanked
  reply_to TEXT,                  -- post_key
  PRIMARY KEY (project_id, thread_key, post_key)
) STRICT;
CREATE INDEX post_by_author ON post (project_id, author_id, created_at);

-- Lines of CODEOWNERS in their order (the last match wins); owner: @login, @org/team or e-mail (blanked).
CREATE TABLE codeowner (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  pattern TEXT NOT NULL,
  owners TEXT NOT NULL,           -- space-separated; may be empty: nobody owns it
  PRIMARY KEY (project_id, source_id, line)
) STRICT;

ALTER TABLE ci_run ADD COLUMN kind TEXT;        -- workflow_run, job, check_run, status; null: a source that does not tell them apart
ALTER TABLE ci_run ADD COLUMN parent_key TEXT;  -- job: its workflow run
ALTER TABLE ci_run ADD COLUMN attempt INTEGER;
ALTER TABLE ci_run ADD COLUMN trigger_event TEXT;  -- push, pull_request, schedule, …
ALTER TABLE ci_run ADD COLUMN url TEXT;
ALTER TABLE item ADD COLUMN reaction_count INTEGER;  -- of the opening text
ALTER TABLE item ADD COLUMN maintainer_can_modify INTEGER;
