-- name: item_month
-- kind: part

WITH RECURSIVE day AS (
  SELECT at, n, sum(n) OVER (ORDER BY at ROWS UNBOUNDED PRECEDING) AS until
  FROM (
    SELECT at, n FROM summary_count WHERE project_id = :project AND series = 'item' AND at < day_start(:as_of)
    UNION ALL
    SELECT at, n
    FROM (
      SELECT day_start(:as_of) AS at, count(*) AS n
      FROM item
      WHERE project_id = :project AND kind IN ('issue', 'pull') AND created_at >= day_start(:as_of)
        AND created_at < :as_of
    ) AS last_day
    WHERE n > 0
  ) AS each
), size AS (
  SELECT CAST(sum(n) AS BIGINT) AS n, min(at) AS first_day FROM day
), most AS (
  SELECT d.at, size.n / 1000 + 1 - (d.until - d.n) AS place
  FROM day d
  CROSS JOIN size
  WHERE d.until > size.n / 1000 + 1
  ORDER BY d.at
  LIMIT 1
), edge AS (
  SELECT size.n,
    (
      SELECT min(created_at) FROM item
      WHERE project_id = :project AND kind IN ('issue', 'pull') AND created_at >= size.first_day
        AND created_at < size.first_day + 86400
    ) AS first_at,
    (
      SELECT created_at FROM item
      WHERE project_id = :project AND kind IN ('issue', 'pull') AND created_at >= (SELECT at FROM most)
        AND created_at < (SELECT at FROM most) + 86400 AND created_at < :as_of
      ORDER BY created_at
      LIMIT 1 OFFSET (SELECT CAST(COALESCE(max(place), 0) AS INTEGER) FROM most)
    ) AS most_at
  FROM size
), calendar(start_at) AS (
  SELECT month_start(CASE WHEN n >= 10 AND most_at - first_at > 315576000 THEN most_at ELSE first_at END) FROM edge
  UNION ALL
  SELECT month_start(start_at + 32 * 86400) FROM calendar WHERE month_start(start_at + 32 * 86400) < :as_of
)
SELECT start_at FROM calendar WHERE start_at IS NOT NULL
