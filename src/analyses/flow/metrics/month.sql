-- name: month
-- kind: part
-- definition: First instants of the months from where the activity begins to that of :as_of (start_at); a month that
--     begins at :as_of is not among them. It begins with the first; or, of ten and more, where 99.9 % of it does (at
--     least one is left out), if that is more than ten years later: one record with a wrong date makes no series of
--     centuries.
-- uses: active_month

WITH RECURSIVE edge AS (
  SELECT min(month) AS first_at, count(*) AS n,
    (SELECT month FROM active_month ORDER BY month LIMIT 1 OFFSET (SELECT count(*) / 1000 + 1 FROM active_month))
      AS most_at
  FROM active_month
), calendar(start_at) AS (
  SELECT CASE WHEN n >= 10 AND most_at - first_at > 315576000 THEN most_at ELSE first_at END FROM edge
  UNION ALL
  SELECT month_start(start_at + 32 * 86400) FROM calendar WHERE month_start(start_at + 32 * 86400) < :as_of
)
SELECT start_at FROM calendar WHERE start_at IS NOT NULL
