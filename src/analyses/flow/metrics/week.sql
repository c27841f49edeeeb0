-- name: week
-- kind: part
-- definition: First instants of the last 104 weeks (Mondays, UTC), the running one included (start_at).

WITH RECURSIVE calendar(start_at) AS (
  SELECT week_start(:as_of - 1) - 103 * 604800
  UNION ALL
  SELECT start_at + 604800 FROM calendar WHERE start_at + 604800 < :as_of
)
SELECT start_at FROM calendar
