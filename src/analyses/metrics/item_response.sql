-- name: item_response
-- kind: part
-- materialized: yes
-- definition: item_then with the first response: (item_id, kind, number, created_at, closed_at, responded_at), being
--     the first comment, review or inline comment by somebody else than the author, no bot and no deleted account. If
--     the author's account is deleted, anybody is somebody else.
-- uses: human, item_then

SELECT i.item_id, i.kind, i.number, i.created_at, i.closed_at,
  least(
    (
      SELECT c.created_at
      FROM comment c
      JOIN human h ON h.identity_id = c.author_id
      WHERE c.project_id = :project AND c.item_id = i.item_id AND c.created_at <= :as_of
        AND h.person_id <> COALESCE(a.person_id, 0)
      ORDER BY c.created_at
      LIMIT 1
    ),
    (
      SELECT r.submitted_at
      FROM review r
      JOIN human h ON h.identity_id = r.author_id
      WHERE r.project_id = :project AND r.item_id = i.item_id AND r.submitted_at <= :as_of
        AND h.person_id <> COALESCE(a.person_id, 0)
      ORDER BY r.submitted_at
      LIMIT 1
    )
  ) AS responded_at
FROM item_then i
LEFT JOIN person_identity a ON a.project_id = :project AND a.identity_id = i.author_id
