-- name: item_then
-- kind: part
-- definition: Issues and pull requests opened before :as_of, with their closing and merging as they stood then:
--     (item_id, kind, number, created_at, author_id, merged_at, closed_at). closed_at is the item's own final closing
--     where its state has not changed since, else the closing before :as_of if it was closed then.

SELECT i.item_id, i.kind, i.number, i.created_at, i.author_id,
  CASE WHEN i.merged_at <= :as_of THEN i.merged_at END AS merged_at,
  CASE WHEN v.is_open > 0 THEN NULL WHEN v.changed_later = 0 THEN COALESCE(i.closed_at, v.closed_at) ELSE v.closed_at END AS closed_at
FROM (
  SELECT item_id,
    max(CASE WHEN closed_at <= :as_of THEN closed_at END) AS closed_at,
    sum(CASE WHEN opened_at <= :as_of THEN 1 ELSE 0 END) - sum(CASE WHEN closed_at <= :as_of THEN 1 ELSE 0 END) AS is_open,
    max(CASE WHEN opened_at > :as_of OR closed_at > :as_of THEN 1 ELSE 0 END) AS changed_later
  FROM item_interval
  WHERE project_id = :project
  GROUP BY item_id
) v
JOIN item i ON i.project_id = :project AND i.item_id = v.item_id
WHERE i.created_at < :as_of
