-- name: item_fact
-- kind: part
-- definition: Openings, final closings and merges as of :as_of: (fact, at, number).
-- uses: item_then

SELECT kind || ' opened' AS fact, created_at AS at, number FROM item_then
UNION ALL
SELECT kind || ' closed', closed_at, number FROM item_then WHERE closed_at IS NOT NULL
UNION ALL
SELECT kind || ' merged', merged_at, number FROM item_then WHERE merged_at IS NOT NULL
