-- 043: since when it could be known that an item had begun elsewhere, so that no past day hears of it before.
ALTER TABLE item_move ADD COLUMN evidence_at INTEGER;  -- when the words were written: with the item, or by a bot later
ALTER TABLE item_move ADD COLUMN joined_at INTEGER;    -- since when they join; null: they do not
DELETE FROM item_move_search;                          -- all is searched again
