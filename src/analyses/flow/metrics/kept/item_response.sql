-- name: item_response
-- kind: part
-- uses: item_then

SELECT item_id, kind, number, began_at, closed_at, responded_at FROM item_then WHERE is_first_life = 0
