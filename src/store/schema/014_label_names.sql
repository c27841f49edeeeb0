-- 014: what bears a label, whatever the case of its letters, as the search asks for it; and,
-- for the planner, how many do.
CREATE INDEX item_label_by_name ON item_label (project_id, lower(name));
