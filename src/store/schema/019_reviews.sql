-- 019: what a review was until it was taken back, whose decision the forge counts, and teams that are asked.

-- review.state is what the review said when it was sent: approved, changes_requested, commented; "dismissed" where
-- nobody tells what a dismissed one had been.
ALTER TABLE review ADD COLUMN dismissed_at INTEGER;  -- when it was dismissed or taken back; null: it was not
ALTER TABLE review ADD COLUMN is_official INTEGER;   -- 1: the forge counts it (who sent it may write); 0: not; null: not told

-- Teams that are asked for a review now; the history of it is in event (subject_id null, detail: the team).
CREATE TABLE team_request (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  team TEXT NOT NULL,
  PRIMARY KEY (project_id, item_id, team)
) STRICT;

-- Archives are at hand: the next sync reads their items again, with what older versions left out.
UPDATE source SET cursor = NULL WHERE kind IN ('github-metadata', 'ietf-archive', 'jsonl');
UPDATE source_record SET fingerprint = '' WHERE EXISTS (SELECT 1 FROM source s WHERE s.project_id = source_record.project_id AND s.source_id = source_record.source_id AND s.kind IN ('github-metadata', 'ietf-archive', 'jsonl'));
