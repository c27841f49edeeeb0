-- name: item_month
-- kind: part
-- definition: First instants of the months from the first item's to that of :as_of (start_at); a month that begins at
--     :as_of is not among them.

WITH RECURSIVE calendar(start_at) AS (
  SELECT month_start(min(created_at)) FROM item WHERE project_id = :project AND created_at < :as_of
  UNION ALL
  SELECT month_start(start_at + 32 * 86400) FROM calendar WHERE month_start(start_at + 32 * 86400) < :as_of
)
SELECT start_at FROM calendar WHERE start_at IS NOT NULL
