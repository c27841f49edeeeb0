-- 005: what forges told by webhook. A delivery is kept before it is answered, and done
-- with once the items it speaks of were read anew.
CREATE TABLE webhook_delivery (
  project_id INTEGER NOT NULL,
  delivery_id TEXT NOT NULL,      -- the forge's; the same again is a replay
  event TEXT NOT NULL,
  action TEXT,
  number INTEGER,                 -- the issue or pull request it speaks of; where it speaks of several, each has a row, id/number
  received_at INTEGER NOT NULL,
  state TEXT NOT NULL,            -- queued, reading, applied, ignored
  reason TEXT,                    -- why it is ignored
  PRIMARY KEY (project_id, delivery_id)
) STRICT;
CREATE INDEX webhook_delivery_by_state ON webhook_delivery (project_id, state, number);
