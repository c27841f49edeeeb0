-- name: item_changed_later
-- kind: part
-- materialized: yes
-- definition: Items that were closed or reopened after :as_of: (item_id).

SELECT DISTINCT item_id
FROM item_interval
WHERE project_id = :project AND (opened_at > :as_of OR closed_at > :as_of)
