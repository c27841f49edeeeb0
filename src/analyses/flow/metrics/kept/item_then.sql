-- name: item_then
-- kind: part
-- definition: Most rows are settled: + 0 keeps SQLite from going to each by the index of that moment.
-- uses: item_later

SELECT item_id, CASE item_id % 2 WHEN 1 THEN 'pull' ELSE 'issue' END AS kind, item_id / 2 AS number, created_at,
  began_at, author_id, merged_at, closed_at, is_first_life,
  CASE WHEN responded_at <= :as_of THEN responded_at END AS responded_at
FROM item_summary
WHERE project_id = :project AND settled_at + 0 < :as_of
UNION ALL
SELECT item_id, kind, number, created_at, began_at, author_id, merged_at, closed_at, is_first_life, responded_at
FROM item_later
