-- 040: pull requests with two lives, too: what came from another forge's merge requests or a review system's changes.
ALTER TABLE item_move ADD COLUMN first_is_pull INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item_move_decision ADD COLUMN first_is_pull INTEGER NOT NULL DEFAULT 0;
