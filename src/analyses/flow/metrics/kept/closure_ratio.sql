-- name: closure_ratio
-- kind: kept
-- uses: item_fact_day, item_month

WITH fact AS (
  SELECT month_start(at) AS month, fact, sum(n) AS n FROM item_fact_day GROUP BY month_start(at), fact
), counted AS (
  SELECT m.start_at AS month,
    sum(CASE WHEN f.fact = 'issue opened' THEN f.n ELSE 0 END) AS issues_opened,
    sum(CASE WHEN f.fact = 'issue closed' THEN f.n ELSE 0 END) AS issues_closed,
    sum(CASE WHEN f.fact = 'pull opened' THEN f.n ELSE 0 END) AS pulls_opened,
    sum(CASE WHEN f.fact = 'pull closed' THEN f.n ELSE 0 END) AS pulls_closed
  FROM item_month m
  LEFT JOIN fact f ON f.month = m.start_at
  GROUP BY m.start_at
), three AS (
  SELECT month, issues_opened, issues_closed, pulls_opened, pulls_closed,
    sum(issues_opened) OVER (ORDER BY month ROWS 2 PRECEDING) AS issues_opened_3,
    sum(issues_closed) OVER (ORDER BY month ROWS 2 PRECEDING) AS issues_closed_3,
    sum(pulls_opened) OVER (ORDER BY month ROWS 2 PRECEDING) AS pulls_opened_3,
    sum(pulls_closed) OVER (ORDER BY month ROWS 2 PRECEDING) AS pulls_closed_3
  FROM counted
)
SELECT month, issues_opened, issues_closed, pulls_opened, pulls_closed,
  CAST(issues_closed AS DOUBLE PRECISION) / NULLIF(issues_opened, 0) AS issue_ratio_month,
  CAST(pulls_closed AS DOUBLE PRECISION) / NULLIF(pulls_opened, 0) AS pull_ratio_month,
  issues_opened_3, issues_closed_3, pulls_opened_3, pulls_closed_3,
  CAST(issues_closed_3 AS DOUBLE PRECISION) / NULLIF(issues_opened_3, 0) AS issue_ratio,
  CAST(pulls_closed_3 AS DOUBLE PRECISION) / NULLIF(pulls_opened_3, 0) AS pull_ratio
FROM three
ORDER BY month
