-- 013: what was learnt, and what it said, so that neither has to be found out again. Both can be
-- thrown away at any time: they are made anew.
CREATE TABLE learnt (
  project_id INTEGER NOT NULL,
  name TEXT NOT NULL,             -- labels, duplicates, reviewers
  part INTEGER NOT NULL,          -- the content in pieces, from 0
  basis TEXT NOT NULL,            -- what it was learnt from, and in which form it is; with another it is worth nothing
  learnt_at INTEGER NOT NULL,     -- the moment it saw nothing after
  content BLOB NOT NULL,
  PRIMARY KEY (project_id, name, part)
) STRICT;
CREATE TABLE kept_answer (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  name TEXT NOT NULL,             -- labels, duplicates
  basis TEXT NOT NULL,            -- what was learnt, and the item's own text
  content BLOB NOT NULL,
  PRIMARY KEY (project_id, item_id, name)
) STRICT;
-- Who has merged something, and what was merged of late, without reading every pull request.
CREATE INDEX item_merged ON item (project_id, merged_at, author_id) WHERE merged_at IS NOT NULL;
-- Who did such things, without looking up each event.
DROP INDEX event_by_kind;
CREATE INDEX event_by_kind ON event (project_id, kind, occurred_at, actor_id);
