-- name: item_later
-- kind: part
-- materialized: yes
-- definition: Of item_then, those to which something happened at :as_of or later, with responded_at.

SELECT i.item_id, i.kind, i.number, i.created_at, s.began_at, i.author_id,
  CASE WHEN i.merged_at <= :as_of THEN i.merged_at END AS merged_at,
  CASE
    WHEN EXISTS (
      SELECT 1 FROM item_interval c
      WHERE c.project_id = :project AND c.item_id = i.item_id AND (c.opened_at > :as_of OR c.closed_at > :as_of)
    ) THEN (
      SELECT CASE WHEN v.closed_at <= :as_of THEN v.closed_at END
      FROM item_interval v
      WHERE v.project_id = :project AND v.item_id = i.item_id AND v.opened_at <= :as_of
      ORDER BY v.opened_at DESC
      LIMIT 1
    )
    ELSE s.closed_at
  END AS closed_at,
  s.is_first_life, CASE WHEN s.responded_at <= :as_of THEN s.responded_at END AS responded_at
FROM item_summary s
JOIN item i ON i.project_id = s.project_id AND i.item_id = s.item_id
WHERE s.project_id = :project AND s.settled_at >= :as_of AND i.created_at < :as_of
