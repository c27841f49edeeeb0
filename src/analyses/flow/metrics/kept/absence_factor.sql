-- name: absence_factor
-- kind: kept
-- uses: done_month

WITH own AS (
  SELECT CASE is_commit WHEN 1 THEN 'commits' ELSE 'reviews and comments' END AS work, person_id, sum(n_lately) AS n
  FROM done_month
  WHERE n_lately > 0
  GROUP BY is_commit, person_id
), ranked AS (
  SELECT work, n, sum(n) OVER (PARTITION BY work) AS total,
    sum(n) OVER (PARTITION BY work ORDER BY n DESC, person_id ROWS UNBOUNDED PRECEDING) - n AS earlier
  FROM own
)
SELECT work, sum(CASE WHEN 2 * earlier < total THEN 1 ELSE 0 END) AS people_for_half, count(*) AS people,
  max(total) AS contributions, CAST(max(n) AS DOUBLE PRECISION) / max(total) AS top_share
FROM ranked
GROUP BY work
ORDER BY work
