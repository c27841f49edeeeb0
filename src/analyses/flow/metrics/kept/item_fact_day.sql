-- name: item_fact_day
-- kind: part
-- definition: How many facts of item_fact there are by day: (fact, at, n). Of what happened at :as_of or later, what is
--     counted for the end is taken off, and what is so at :as_of added.
-- uses: item_later

SELECT series AS fact, at, n
FROM summary_count
WHERE project_id = :project
  AND series IN ('issue opened', 'issue closed', 'issue merged', 'pull opened', 'pull closed', 'pull merged')
UNION ALL
SELECT CASE item_id % 2 WHEN 1 THEN 'pull opened' ELSE 'issue opened' END, day_start(created_at), -1
FROM item_summary
WHERE project_id = :project AND settled_at >= :as_of
UNION ALL
SELECT CASE item_id % 2 WHEN 1 THEN 'pull closed' ELSE 'issue closed' END, day_start(closed_at), -1
FROM item_summary
WHERE project_id = :project AND settled_at >= :as_of AND closed_at IS NOT NULL
UNION ALL
SELECT CASE item_id % 2 WHEN 1 THEN 'pull merged' ELSE 'issue merged' END, day_start(merged_at), -1
FROM item_summary
WHERE project_id = :project AND settled_at >= :as_of AND merged_at IS NOT NULL
UNION ALL
SELECT kind || ' opened', day_start(created_at), 1 FROM item_later
UNION ALL
SELECT kind || ' closed', day_start(closed_at), 1 FROM item_later WHERE closed_at IS NOT NULL
UNION ALL
SELECT kind || ' merged', day_start(merged_at), 1 FROM item_later WHERE merged_at IS NOT NULL
