-- 031: what is asked of all projects at once, without looking up rows: since when which items are open, and how the runs
-- of CI on branches ended.
DROP INDEX item_interval_open;
CREATE INDEX item_interval_open ON item_interval (project_id, closed_at, opened_at, item_id);
CREATE INDEX ci_run_of_branch ON ci_run (project_id, finished_at, name, conclusion) WHERE item_id IS NULL;
