-- name: new_contributors
-- kind: kept
-- uses: people_month, month

WITH total AS (
  SELECT month,
    sum(CASE WHEN series = 'new' THEN n ELSE 0 END) AS new_contributors,
    sum(CASE WHEN series = 'new commit' THEN n ELSE 0 END) AS first_commit,
    sum(CASE WHEN series = 'new merged' THEN n ELSE 0 END) AS first_merged_pull
  FROM people_month
  GROUP BY month
)
SELECT m.start_at AS month, COALESCE(t.new_contributors, 0) AS new_contributors,
  CASE WHEN EXISTS (SELECT 1 FROM people_month WHERE series = 'people commit')
    THEN COALESCE(t.first_commit, 0) END AS first_commit,
  COALESCE(t.first_merged_pull, 0) AS first_merged_pull,
  CASE WHEN month_start(m.start_at + 32 * 86400) <= :as_of THEN 1 ELSE 0 END AS is_whole
FROM month m
LEFT JOIN total t ON t.month = m.start_at
ORDER BY m.start_at
