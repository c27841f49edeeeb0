-- 001: the normal form. Every source writes it; every analysis reads it.
--
-- Portable between SQLite and PostgreSQL. Types are INTEGER (64-bit), REAL,
-- TEXT and BLOB; the PostgreSQL driver spells them BIGINT, DOUBLE PRECISION,
-- TEXT and BYTEA. Times are integer UTC seconds; truth values are 0 and 1.
-- Every table is keyed by project first, so that it shards by project.
-- "STRICT" at the end of a table is dropped for PostgreSQL.

CREATE TABLE project (
  project_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  url TEXT,                       -- web address of the repository, for links
  simulated INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE source (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- git, github-metadata, ietf-archive, jsonl
  location TEXT NOT NULL,
  cursor TEXT,                    -- opaque to all but the source; committed with its rows
  state TEXT NOT NULL DEFAULT 'new',  -- new, syncing, done, failed
  message TEXT,                   -- why it failed, or what is missing
  synced_at INTEGER,
  data_until INTEGER,             -- newest moment the data speaks of
  PRIMARY KEY (project_id, source_id)
) STRICT;

-- One row a record read from a source: what makes a second sync cheap, and,
-- where the source keeps raw payloads, the compressed original (zstd).
CREATE TABLE source_record (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  record TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  payload BLOB,
  PRIMARY KEY (project_id, source_id, record)
) STRICT;

CREATE TABLE quarantine (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  record TEXT NOT NULL,           -- file, or file:line
  reason TEXT NOT NULL,
  PRIMARY KEY (project_id, source_id, record, reason)
) STRICT;

-- An identity is one thing seen: a forge account, or a name and e-mail in git.
-- E-mail addresses stand apart, in identity_email, and are never exported.
CREATE TABLE identity (
  project_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  identity_key TEXT NOT NULL,     -- github:548488, login:github:name, git:<hash>
  provider TEXT NOT NULL,         -- github, git, …
  account_id INTEGER,
  login TEXT,
  name TEXT,
  account_type TEXT,              -- User, Bot, Organization, Mannequin
  PRIMARY KEY (project_id, identity_id),
  UNIQUE (project_id, identity_key)
) STRICT;

CREATE TABLE identity_email (
  project_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  email TEXT NOT NULL,
  PRIMARY KEY (project_id, identity_id)
) STRICT;

-- The ledger: append-only. Who is who is computed from it, in order of link_id.
CREATE TABLE identity_link (
  project_id INTEGER NOT NULL,
  link_id INTEGER NOT NULL,
  action TEXT NOT NULL,           -- merge, split
  identity_a INTEGER NOT NULL,
  identity_b INTEGER NOT NULL,    -- for split: the same as identity_a
  evidence TEXT NOT NULL,         -- same-email, noreply, mailmap, forge, pull-author, manual
  detail TEXT,
  made_by TEXT NOT NULL,          -- rule or the user's name
  made_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, link_id)
) STRICT;

-- Computed from the ledger (rebuilt whenever it grows); person_id is the
-- smallest identity_id of the person, so it is stable.
CREATE TABLE person_identity (
  project_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  PRIMARY KEY (project_id, identity_id)
) STRICT;

CREATE TABLE person (
  project_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  name TEXT NOT NULL,             -- login where there is one, else the name used most
  login TEXT,
  is_bot INTEGER NOT NULL DEFAULT 0,
  bot_reason TEXT,
  PRIMARY KEY (project_id, person_id)
) STRICT;

-- item_id = 2 × number + (1 for a pull request): the same item always has the
-- same id, and an issue and a pull request may share a number.
CREATE TABLE item (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- issue, pull
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  author_id INTEGER,              -- identity; null: deleted account
  author_association TEXT,
  state TEXT NOT NULL,            -- open, closed
  state_reason TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER,
  closed_at INTEGER,
  merged_at INTEGER,
  merged_by INTEGER,              -- identity
  is_draft INTEGER NOT NULL DEFAULT 0,
  is_locked INTEGER NOT NULL DEFAULT 0,
  milestone TEXT,
  head_sha TEXT,
  base_ref TEXT,
  merge_sha TEXT,
  additions INTEGER,
  deletions INTEGER,
  changed_files INTEGER,
  commit_count INTEGER,
  url TEXT,
  body TEXT,                      -- last: what stands before it is read without its pages
  PRIMARY KEY (project_id, item_id)
) STRICT;
CREATE INDEX item_by_author ON item (project_id, author_id, created_at);
CREATE INDEX item_by_time ON item (project_id, kind, created_at);

-- When an item was open: one row a stretch, from events. The exact answer to
-- "was it open on day X"; closed_at null: open at the end of the data.
CREATE TABLE item_interval (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by INTEGER,              -- identity
  PRIMARY KEY (project_id, item_id, opened_at)
) STRICT;
CREATE INDEX item_interval_open ON item_interval (project_id, closed_at);

-- The timeline, as the forge told it. is_derived = 1 where the source has no
-- timeline and the event was concluded from the item's own fields.
CREATE TABLE event (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  event_key TEXT NOT NULL,        -- the forge's id, or kind and position
  position INTEGER NOT NULL,      -- place in the timeline
  source_id INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- GitHub's names: commented, reviewed, closed, labeled, …
  actor_id INTEGER,               -- identity
  occurred_at INTEGER,            -- null where the forge gives none
  label TEXT,
  subject_id INTEGER,             -- identity: requested reviewer, assignee
  sha TEXT,
  detail TEXT,                    -- renamed: old title → new title; milestone; source of a reference
  is_derived INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, item_id, event_key)
) STRICT;
CREATE INDEX event_by_actor ON event (project_id, actor_id, occurred_at);
CREATE INDEX event_by_kind ON event (project_id, kind, occurred_at);

CREATE TABLE comment (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  comment_key TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- conversation, inline
  author_id INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER,
  body TEXT,
  review_key TEXT,                -- inline: the review it belongs to
  reply_to TEXT,
  path TEXT,
  line INTEGER,
  sha TEXT,
  PRIMARY KEY (project_id, item_id, comment_key)
) STRICT;
CREATE INDEX comment_by_item ON comment (project_id, item_id, created_at, author_id);
CREATE INDEX comment_by_author ON comment (project_id, author_id, created_at);

CREATE TABLE review (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  review_key TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  author_id INTEGER,
  state TEXT NOT NULL,            -- approved, changes_requested, commented, dismissed
  submitted_at INTEGER,
  body TEXT,
  sha TEXT,
  PRIMARY KEY (project_id, item_id, review_key)
) STRICT;
CREATE INDEX review_by_item ON review (project_id, item_id, submitted_at, author_id);
CREATE INDEX review_by_author ON review (project_id, author_id, submitted_at);

-- What is asked for now; the history of it is in event.
CREATE TABLE review_request (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  reviewer_id INTEGER NOT NULL,
  PRIMARY KEY (project_id, item_id, reviewer_id)
) STRICT;

CREATE TABLE assignee (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  assignee_id INTEGER NOT NULL,
  PRIMARY KEY (project_id, item_id, assignee_id)
) STRICT;

CREATE TABLE label (
  project_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  color TEXT,
  description TEXT,
  PRIMARY KEY (project_id, name)
) STRICT;

CREATE TABLE item_label (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (project_id, item_id, name)
) STRICT;

CREATE TABLE milestone (
  project_id INTEGER NOT NULL,
  title TEXT NOT NULL,
  state TEXT,
  due_at INTEGER,
  PRIMARY KEY (project_id, title)
) STRICT;

-- git. commit_id is this store's own number for a commit.
CREATE TABLE git_commit (
  project_id INTEGER NOT NULL,
  commit_id INTEGER NOT NULL,
  sha TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  author_id INTEGER,              -- identity, as written in the commit
  committer_id INTEGER,
  authored_at INTEGER NOT NULL,
  authored_zone INTEGER NOT NULL DEFAULT 0,   -- minutes east of UTC
  committed_at INTEGER NOT NULL,
  committed_zone INTEGER NOT NULL DEFAULT 0,
  parent_count INTEGER NOT NULL,
  on_default INTEGER NOT NULL DEFAULT 0,  -- reachable from the default branch
  in_history INTEGER NOT NULL DEFAULT 0,  -- reachable from any branch or tag (not only from a pull request)
  subject TEXT NOT NULL,
  body TEXT,                      -- e-mail addresses in it are blanked
  PRIMARY KEY (project_id, commit_id),
  UNIQUE (project_id, sha)
) STRICT;
CREATE INDEX git_commit_by_time ON git_commit (project_id, committed_at);
CREATE INDEX git_commit_by_author ON git_commit (project_id, author_id, authored_at);

CREATE TABLE commit_parent (
  project_id INTEGER NOT NULL,
  commit_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  parent_sha TEXT NOT NULL,
  PRIMARY KEY (project_id, commit_id, position)
) STRICT;

-- Co-authored-by, Reviewed-by, Fixes, (cherry picked from commit …), Reverts.
CREATE TABLE trailer (
  project_id INTEGER NOT NULL,
  commit_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  token TEXT NOT NULL,            -- lower case: co-authored-by, reviewed-by, …
  value TEXT NOT NULL,            -- e-mail addresses blanked
  identity_id INTEGER,            -- where the value names a person
  PRIMARY KEY (project_id, commit_id, position)
) STRICT;

CREATE TABLE path (
  project_id INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  path TEXT NOT NULL,
  in_head INTEGER NOT NULL DEFAULT 0,     -- stands in the default branch's newest tree
  PRIMARY KEY (project_id, path_id),
  UNIQUE (project_id, path)
) STRICT;

CREATE TABLE file_change (
  project_id INTEGER NOT NULL,
  commit_id INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  status TEXT NOT NULL,           -- A, M, D, R, C, T as in git
  old_path_id INTEGER,
  additions INTEGER,              -- null: binary, submodule, or a blob that is missing
  deletions INTEGER,
  PRIMARY KEY (project_id, commit_id, path_id)
) STRICT;
CREATE INDEX file_change_by_path ON file_change (project_id, path_id);

CREATE TABLE git_ref (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  name TEXT NOT NULL,             -- full: refs/heads/main, refs/tags/v1.0, HEAD
  sha TEXT NOT NULL,              -- peeled to a commit
  tagged_at INTEGER,              -- tagger's time, else the commit's
  PRIMARY KEY (project_id, source_id, name)
) STRICT;

-- Links between items and commits. relation: head (in the pull request's
-- timeline or refs/pull), merge (the commit that merged it), mentions.
CREATE TABLE item_commit (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  sha TEXT NOT NULL,
  relation TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  PRIMARY KEY (project_id, item_id, sha, relation)
) STRICT;
CREATE INDEX item_commit_by_sha ON item_commit (project_id, sha);

-- Files of a pull request: head against its merge base.
CREATE TABLE item_file (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  additions INTEGER,
  deletions INTEGER,
  PRIMARY KEY (project_id, item_id, path_id)
) STRICT;

CREATE TABLE ci_run (
  project_id INTEGER NOT NULL,
  run_key TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  name TEXT NOT NULL,             -- workflow or check name
  sha TEXT,
  item_id INTEGER,
  branch TEXT,
  status TEXT NOT NULL,           -- queued, in_progress, completed
  conclusion TEXT,                -- success, failure, cancelled, …
  started_at INTEGER,
  finished_at INTEGER,
  PRIMARY KEY (project_id, run_key)
) STRICT;
CREATE INDEX ci_run_by_item ON ci_run (project_id, item_id);
CREATE INDEX ci_run_by_sha ON ci_run (project_id, sha);

CREATE TABLE test_result (
  project_id INTEGER NOT NULL,
  run_key TEXT NOT NULL,
  test TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  outcome TEXT NOT NULL,          -- passed, failed, error, skipped
  seconds REAL,
  PRIMARY KEY (project_id, run_key, test)
) STRICT;

CREATE TABLE benchmark_result (
  project_id INTEGER NOT NULL,
  benchmark TEXT NOT NULL,
  sha TEXT NOT NULL,
  machine TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  measured_at INTEGER NOT NULL,
  value REAL NOT NULL,
  unit TEXT NOT NULL,
  PRIMARY KEY (project_id, benchmark, sha, machine)
) STRICT;

-- What was proposed and sent to a forge, so that nothing is sent twice.
CREATE TABLE action_log (
  project_id INTEGER NOT NULL,
  action_key TEXT NOT NULL,
  item_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  content TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,            -- sent, failed
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, action_key)
) STRICT;
