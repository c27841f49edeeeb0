-- 046: summaries are brought up to date by what changed: what stood there before, as far as they count it, of each item
-- that a writer has touched since they were whole (src/store/summaries.hpp).
CREATE TABLE summary_before (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,       -- 0: a commit's
  kind TEXT NOT NULL,             -- item, or new: it was not there; interval, comment, inline, review, commit
  identity_id INTEGER NOT NULL,   -- whose; 0: nobody's, or of an interval
  at INTEGER NOT NULL,
  until INTEGER,                  -- of an interval
  n INTEGER NOT NULL,
  PRIMARY KEY (project_id, item_id, kind, identity_id, at)
) STRICT, WITHOUT ROWID;
ALTER TABLE summary_state ADD COLUMN touched INTEGER NOT NULL DEFAULT 0;  -- items and commits since; 0: whole
CREATE INDEX person_month_by_person ON person_month (project_id, person_id);
