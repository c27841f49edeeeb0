-- name: month
-- kind: part
-- uses: people_month

WITH RECURSIVE active AS (
  SELECT month, sum(n) AS n, sum(sum(n)) OVER (ORDER BY month ROWS UNBOUNDED PRECEDING) AS until
  FROM people_month
  WHERE series LIKE 'people %'
  GROUP BY month
), size AS (
  SELECT CAST(sum(n) AS BIGINT) AS n, min(month) AS first_at FROM active
), edge AS (
  SELECT size.n, size.first_at,
    (SELECT a.month FROM active a WHERE a.until > size.n / 1000 + 1 ORDER BY a.month LIMIT 1) AS most_at
  FROM size
), calendar(start_at) AS (
  SELECT CASE WHEN n >= 10 AND most_at - first_at > 315576000 THEN most_at ELSE first_at END FROM edge
  UNION ALL
  SELECT month_start(start_at + 32 * 86400) FROM calendar WHERE month_start(start_at + 32 * 86400) < :as_of
)
SELECT start_at FROM calendar WHERE start_at IS NOT NULL
