-- name: open_items
-- kind: kept
-- uses: item_month, open_step_later

WITH step AS (
  SELECT at, CASE series WHEN 'pull step' THEN 1 ELSE 0 END AS is_pull, n AS change
  FROM summary_count
  WHERE project_id = :project AND series IN ('issue step', 'pull step')
  UNION ALL
  SELECT at, is_pull, change FROM open_step_later
), total AS (
  -- What is before the first month shown counts in it.
  SELECT greatest(month_start(s.at), b.start_at) AS month, sum(s.change * (1 - s.is_pull)) AS issues,
    sum(s.change * s.is_pull) AS pulls
  FROM step s
  CROSS JOIN (SELECT min(start_at) AS start_at FROM item_month) b
  GROUP BY greatest(month_start(s.at), b.start_at)
)
SELECT m.start_at AS month,
  sum(COALESCE(t.issues, 0)) OVER (ORDER BY m.start_at) AS open_issues,
  sum(COALESCE(t.pulls, 0)) OVER (ORDER BY m.start_at) AS open_pulls
FROM item_month m
LEFT JOIN total t ON t.month = m.start_at
ORDER BY m.start_at
