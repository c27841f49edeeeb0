-- name: month
-- kind: part
-- definition: First instants of the months from the first activity to that of :as_of (start_at); a month that begins
--     at :as_of is not among them.
-- uses: active_month

WITH RECURSIVE calendar(start_at) AS (
  SELECT min(month) FROM active_month
  UNION ALL
  SELECT month_start(start_at + 32 * 86400) FROM calendar WHERE month_start(start_at + 32 * 86400) < :as_of
)
SELECT start_at FROM calendar WHERE start_at IS NOT NULL
