-- name: item_summary
-- kind: summary
-- into: item_summary (project_id, item_id, author_id, created_at, began_at, closed_at, merged_at, responded_at,
--     is_first_life, settled_at)
-- order: 10
-- uses: item_then, item_response

SELECT CAST(:project AS INTEGER), i.item_id, i.author_id, i.created_at, i.began_at, i.closed_at, i.merged_at,
  r.responded_at, i.is_first_life,
  greatest(i.created_at, i.closed_at, i.merged_at, (
    SELECT max(greatest(v.opened_at, v.closed_at)) FROM item_interval v
    WHERE v.project_id = :project AND v.item_id = i.item_id
  ))
FROM item_then i
LEFT JOIN item_response r ON r.item_id = i.item_id
