-- name: said
-- kind: part
-- definition: Comments (conversation, inline) and reviews by people until :as_of: (item_id, person_id, at, kind).
-- uses: human

SELECT c.item_id, h.person_id, c.created_at AS at, c.kind
FROM comment c
JOIN human h ON h.identity_id = c.author_id
WHERE c.project_id = :project AND c.created_at <= :as_of
UNION ALL
SELECT r.item_id, h.person_id, r.submitted_at, 'review'
FROM review r
JOIN human h ON h.identity_id = r.author_id
WHERE r.project_id = :project AND r.submitted_at <= :as_of
