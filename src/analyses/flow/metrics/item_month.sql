-- name: item_month
-- kind: part
-- definition: First instants of the months from where the items begin to that of :as_of (start_at); a month that begins
--     at :as_of is not among them. They begin with the first item; or, of ten and more, where 99.9 % of them do (at
--     least one is left out), if that is more than ten years later: one item with a wrong date makes no series of
--     centuries.

WITH RECURSIVE dated AS (
  SELECT created_at FROM item WHERE project_id = :project AND created_at < :as_of
), edge AS (
  SELECT min(created_at) AS first_at, count(*) AS n,
    (SELECT created_at FROM dated ORDER BY created_at LIMIT 1 OFFSET (SELECT count(*) / 1000 + 1 FROM dated)) AS most_at
  FROM dated
), calendar(start_at) AS (
  SELECT month_start(CASE WHEN n >= 10 AND most_at - first_at > 315576000 THEN most_at ELSE first_at END) FROM edge
  UNION ALL
  SELECT month_start(start_at + 32 * 86400) FROM calendar WHERE month_start(start_at + 32 * 86400) < :as_of
)
SELECT start_at FROM calendar WHERE start_at IS NOT NULL
