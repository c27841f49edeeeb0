-- name: open_step
-- kind: part
-- definition: How the number of open items changes in the end, as open_items counts it: (is_pull, at, change), at being
--     the day.

WITH stretch AS (
  SELECT v.item_id % 2 AS is_pull, v.opened_at, v.closed_at,
    CASE
      WHEN v.opened_at <> month_start(v.opened_at) THEN v.opened_at
      WHEN EXISTS (
        SELECT 1 FROM item_interval e
        WHERE e.project_id = :project AND e.item_id = v.item_id AND e.opened_at < v.opened_at
      ) THEN v.opened_at - 1
      ELSE v.opened_at
    END AS opened
  FROM item_summary s
  JOIN item_interval v ON v.project_id = s.project_id AND v.item_id = s.item_id
  WHERE s.project_id = :project
)
SELECT is_pull, day_start(opened) AS at, 1 AS change FROM stretch
UNION ALL
SELECT is_pull, day_start(CASE WHEN closed_at > opened_at THEN closed_at - 1 ELSE opened END), -1
FROM stretch
WHERE closed_at IS NOT NULL
