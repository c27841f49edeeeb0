-- Several people at one store: each with notes and snoozes of their own, and what each collected for the plan.
-- user_name: as the dashboard knows them (a local name, or the one a proxy gives); '': nobody in particular.
ALTER TABLE triage_mark RENAME TO triage_mark_before;
CREATE TABLE triage_mark (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- snooze, note
  until INTEGER,                  -- snooze: not shown before
  note TEXT,
  made_by TEXT NOT NULL,          -- terminal, web
  made_at INTEGER NOT NULL,
  user_name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (project_id, user_name, item_id, kind)
) STRICT;
INSERT INTO triage_mark (project_id, item_id, kind, until, note, made_by, made_at)
  SELECT project_id, item_id, kind, until, note, made_by, made_at FROM triage_mark_before;
DROP TABLE triage_mark_before;
ALTER TABLE planned_action ADD COLUMN user_name TEXT NOT NULL DEFAULT '';
