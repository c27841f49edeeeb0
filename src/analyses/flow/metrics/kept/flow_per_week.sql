-- name: flow_per_week
-- kind: kept
-- uses: item_fact_day, week

WITH fact AS (
  SELECT week_start(at) AS week, fact, sum(n) AS n
  FROM item_fact_day
  WHERE at >= week_start(:as_of - 1) - 103 * 604800
  GROUP BY week_start(at), fact
)
SELECT w.start_at AS week,
  sum(CASE WHEN f.fact = 'issue opened' THEN f.n ELSE 0 END) AS issues_opened,
  sum(CASE WHEN f.fact = 'issue closed' THEN f.n ELSE 0 END) AS issues_closed,
  sum(CASE WHEN f.fact = 'pull opened' THEN f.n ELSE 0 END) AS pulls_opened,
  sum(CASE WHEN f.fact = 'pull closed' THEN f.n ELSE 0 END) AS pulls_closed,
  sum(CASE WHEN f.fact = 'pull merged' THEN f.n ELSE 0 END) AS pulls_merged,
  CASE WHEN w.start_at + 604800 <= :as_of THEN 1 ELSE 0 END AS is_whole
FROM week w
LEFT JOIN fact f ON f.week = w.start_at
GROUP BY w.start_at
ORDER BY w.start_at
