-- 051: what says something to machines alone ("/retest", "@dependabot rebase", "bors r+"): an answer to nobody. What older
-- programs wrote is looked at once, when the store is brought to this version (src/store/machine_words.hpp).
ALTER TABLE comment ADD COLUMN is_command INTEGER NOT NULL DEFAULT 0;
ALTER TABLE review ADD COLUMN is_command INTEGER NOT NULL DEFAULT 0;  -- 1: its words, where it neither approves nor asks for changes

-- First answers are found in the index alone.
DROP INDEX comment_by_item;
CREATE INDEX comment_by_item ON comment (project_id, item_id, created_at, author_id, is_command);
DROP INDEX review_by_item;
CREATE INDEX review_by_item ON review (project_id, item_id, submitted_at, author_id, is_command);
