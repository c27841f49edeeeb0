-- name: item_counts
-- kind: summary
-- definition: By day: item, all that were opened; of those that are no bots' issue opened, issue closed, pull opened,
--     pull closed, pull merged (the final closing), and issue step, pull step: how many more are open, as open_items
--     counts them.
-- into: summary_count (project_id, series, at, n)
-- order: 20
-- uses: open_step

WITH fact AS (
  SELECT 'item' AS series, day_start(created_at) AS at FROM item WHERE project_id = :project
  UNION ALL
  SELECT CASE item_id % 2 WHEN 1 THEN 'pull opened' ELSE 'issue opened' END, day_start(created_at)
  FROM item_summary
  WHERE project_id = :project
  UNION ALL
  SELECT CASE item_id % 2 WHEN 1 THEN 'pull closed' ELSE 'issue closed' END, day_start(closed_at)
  FROM item_summary
  WHERE project_id = :project AND closed_at IS NOT NULL
  UNION ALL
  SELECT CASE item_id % 2 WHEN 1 THEN 'pull merged' ELSE 'issue merged' END, day_start(merged_at)
  FROM item_summary
  WHERE project_id = :project AND merged_at IS NOT NULL
)
SELECT CAST(:project AS INTEGER), series, at, count(*) FROM fact GROUP BY series, at
UNION ALL
SELECT CAST(:project AS INTEGER), CASE is_pull WHEN 1 THEN 'pull step' ELSE 'issue step' END, at, sum(change)
FROM open_step
GROUP BY is_pull, at
HAVING sum(change) <> 0
