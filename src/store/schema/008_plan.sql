-- 008: the plan that is being collected. action_log (001) has what was sent; its
-- state is sending before a write goes out, then sent or failed.
CREATE TABLE planned_action (
  project_id INTEGER NOT NULL,
  action_key TEXT NOT NULL,
  item_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  content TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,          -- terminal, web, mcp, plan
  made_at INTEGER NOT NULL,
  state TEXT NOT NULL,            -- planned, sent, failed, dropped
  message TEXT,
  PRIMARY KEY (project_id, action_key)
) STRICT;
