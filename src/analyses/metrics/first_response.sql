-- name: first_response
-- kind: part
-- definition: The first comment, review or inline comment on an item by somebody else than its author: (item_id, at).
--     If the author's account is deleted, anybody is somebody else.
-- uses: item_then, said

SELECT i.item_id, min(s.at) AS at
FROM item_then i
JOIN said s ON s.item_id = i.item_id
LEFT JOIN person_identity a ON a.project_id = :project AND a.identity_id = i.author_id
WHERE a.person_id IS NULL OR a.person_id <> s.person_id
GROUP BY i.item_id
