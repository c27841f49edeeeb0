-- 047: items whose texts are to be searched for where they began, since they were written: no longer all that are newer
-- than the oldest of them.
CREATE TABLE item_move_due (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  PRIMARY KEY (project_id, item_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE item_move_search DROP COLUMN until;
DELETE FROM item_move_search;  -- what an older program had still to search
