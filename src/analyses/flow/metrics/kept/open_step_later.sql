-- name: open_step_later
-- kind: part
-- definition: For items to which something happened at :as_of or later: what is counted for the end in the series of
--     steps, taken off, and what is so at :as_of, as open_items has it: (is_pull, at, change).

WITH stretch AS (
  SELECT v.item_id % 2 AS is_pull, v.opened_at, v.closed_at,
    CASE
      WHEN v.opened_at = month_start(v.opened_at) AND NOT EXISTS (
        SELECT 1 FROM item_interval e
        WHERE e.project_id = :project AND e.item_id = v.item_id AND e.opened_at < v.opened_at
      ) THEN v.opened_at
      WHEN v.opened_at = month_start(v.opened_at) THEN v.opened_at - 1
      ELSE v.opened_at
    END AS opened_in_the_end,
    CASE
      WHEN v.opened_at <> month_start(v.opened_at) AND v.opened_at < :as_of THEN v.opened_at
      WHEN EXISTS (
        SELECT 1 FROM item_interval e
        WHERE e.project_id = :project AND e.item_id = v.item_id AND e.opened_at < v.opened_at
      ) THEN v.opened_at - 1
      ELSE v.opened_at
    END AS opened
  FROM item_summary s
  JOIN item_interval v ON v.project_id = s.project_id AND v.item_id = s.item_id
  WHERE s.project_id = :project AND s.settled_at >= :as_of
)
SELECT is_pull, day_start(opened_in_the_end) AS at, -1 AS change FROM stretch
UNION ALL
SELECT is_pull, day_start(CASE WHEN closed_at > opened_at THEN closed_at - 1 ELSE opened_in_the_end END), 1
FROM stretch
WHERE closed_at IS NOT NULL
UNION ALL
SELECT is_pull, day_start(opened), 1 FROM stretch WHERE opened_at <= :as_of AND opened < :as_of
UNION ALL
SELECT is_pull, day_start(CASE WHEN closed_at > opened_at THEN closed_at - 1 ELSE opened END), -1
FROM stretch
WHERE opened_at <= :as_of AND opened < :as_of AND closed_at <= :as_of
