-- What a triager noted of an item while walking through the queue. Local: never sent.
CREATE TABLE triage_mark (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- snooze, note
  until INTEGER,                  -- snooze: not shown before
  note TEXT,
  made_by TEXT NOT NULL,          -- terminal, web
  made_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, item_id, kind)
) STRICT;
