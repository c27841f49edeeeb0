-- 027: indices that hold all that is asked of them, so that no row is looked up: who was seen last, who opened what,
-- which items are locked.
DROP INDEX event_by_actor;
CREATE INDEX event_by_actor ON event (project_id, actor_id, occurred_at, kind);
DROP INDEX item_by_author;
CREATE INDEX item_by_author ON item (project_id, author_id, created_at, kind);
CREATE INDEX item_locked ON item (project_id, item_id) WHERE is_locked = 1;
