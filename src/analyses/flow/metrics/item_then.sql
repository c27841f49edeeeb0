-- name: item_then
-- kind: part
-- definition: Issues and pull requests opened before :as_of, but by bots, with their closing and merging as they stood then:
--     (item_id, kind, number, created_at, began_at, author_id, merged_at, closed_at). closed_at is the item's own final closing
--     where its state has not changed since, else the closing before :as_of if it was closed then. What the forge no
--     longer has is closed from when that was noticed. began_at: when it began in another tracker, where it did (item_move),
--     else created_at; is_first_life: 1 where it goes on as another item of the project.
-- uses: item_changed_later, bot_identity

SELECT i.item_id, i.kind, i.number, i.created_at,
  least(i.created_at, COALESCE(m.opened_at, i.created_at)) AS began_at, i.author_id,
  CASE WHEN i.merged_at <= :as_of THEN i.merged_at END AS merged_at,
  CASE
    WHEN l.item_id IS NULL AND i.state = 'open' AND d.item_id IS NULL THEN NULL
    WHEN l.item_id IS NULL AND i.closed_at IS NOT NULL THEN i.closed_at
    ELSE (
      SELECT CASE WHEN v.closed_at <= :as_of THEN v.closed_at END
      FROM item_interval v
      WHERE v.project_id = :project AND v.item_id = i.item_id AND v.opened_at <= :as_of
      ORDER BY v.opened_at DESC
      LIMIT 1
    )
  END AS closed_at,
  CASE WHEN f.first_item_id IS NULL THEN 0 ELSE 1 END AS is_first_life
FROM item i
LEFT JOIN item_move m ON m.project_id = i.project_id AND m.item_id = i.item_id AND m.is_joined = 1
LEFT JOIN (
  SELECT DISTINCT first_item_id FROM item_move
  WHERE project_id = :project AND first_project_id = :project AND is_joined = 1
) f ON f.first_item_id = i.item_id
LEFT JOIN item_changed_later l ON l.item_id = i.item_id
LEFT JOIN item_tombstone d ON d.project_id = i.project_id AND d.item_id = i.item_id
WHERE i.project_id = :project AND i.created_at < :as_of
  AND (i.author_id IS NULL OR i.author_id NOT IN (SELECT identity_id FROM bot_identity))
