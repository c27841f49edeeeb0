-- 038: figures that are kept: counted once from the tables of 001 and read by measures until something changes there
-- (docs/adr/0023). Which queries fill them: src/analyses/flow/metrics/kept/. All can be emptied at any time.

-- Issues and pull requests, but bots', as they stand at the end of what is known.
CREATE TABLE item_summary (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  author_id INTEGER,              -- identity
  created_at INTEGER NOT NULL,
  began_at INTEGER NOT NULL,      -- in the tracker where it began
  closed_at INTEGER,              -- the final closing
  merged_at INTEGER,
  responded_at INTEGER,           -- first comment or review by somebody else
  is_first_life INTEGER NOT NULL, -- 1: it goes on as another item of the project
  settled_at INTEGER NOT NULL,    -- after this moment it was neither opened, closed, reopened nor merged
  PRIMARY KEY (project_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_summary_settled ON item_summary (project_id, settled_at);

-- What a person, no bot, did in a month (UTC), by kind: commit, issue, pull, comment, review; merged: their first merged
-- pull request.
CREATE TABLE person_month (
  project_id INTEGER NOT NULL,
  month INTEGER NOT NULL,         -- its first moment
  person_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  n INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  is_first INTEGER NOT NULL,      -- 1: the person did nothing in any month before, of whatever kind
  is_first_of_kind INTEGER NOT NULL,
  PRIMARY KEY (project_id, month, person_id, kind)
) STRICT, WITHOUT ROWID;

-- What a person reviewed of others' in a week (from Monday, UTC).
CREATE TABLE reviewer_week (
  project_id INTEGER NOT NULL,
  week INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  reviews INTEGER NOT NULL,
  review_comments INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, week, person_id)
) STRICT, WITHOUT ROWID;

-- How many there were in a day, a month or a year, by series.
CREATE TABLE summary_count (
  project_id INTEGER NOT NULL,
  series TEXT NOT NULL,           -- issue opened, pull closed, people, …
  at INTEGER NOT NULL,            -- the first moment of the period
  n INTEGER NOT NULL,
  PRIMARY KEY (project_id, series, at)
) STRICT, WITHOUT ROWID;

-- The projects whose summaries are whole. Whoever changes what they are counted from takes the row away in the same
-- transaction (src/store/summaries.hpp).
CREATE TABLE summary_state (
  project_id INTEGER NOT NULL,
  basis TEXT NOT NULL,            -- the queries that filled them, by a short hash
  PRIMARY KEY (project_id)
) STRICT;

-- What somebody said, by kind and item, without looking up each comment.
DROP INDEX comment_by_author;
CREATE INDEX comment_by_author ON comment (project_id, author_id, created_at, kind, item_id);
CREATE INDEX person_identity_by_person ON person_identity (project_id, person_id);
