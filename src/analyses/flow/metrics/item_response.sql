-- name: item_response
-- kind: part
-- materialized: yes
-- definition: item_then with the first response: (item_id, kind, number, began_at, closed_at, responded_at), being the
--     first comment, review or inline comment by somebody else than the author, no bot and no deleted account, that
--     says something to people (is_command = 0). If the author's account is deleted, anybody is somebody else. Of what
--     began in another tracker, the first response there counts, where the store has it; that first life itself is
--     left out.
-- uses: item_then

WITH bot AS (
  SELECT person_id FROM person WHERE project_id = :project AND is_bot = 1
)
SELECT i.item_id, i.kind, i.number, i.began_at, i.closed_at,
  least(
    (
      SELECT c.created_at
      FROM comment c
      JOIN person_identity p ON p.project_id = c.project_id AND p.identity_id = c.author_id
      WHERE c.project_id = :project AND c.item_id = i.item_id AND c.created_at <= :as_of AND c.is_command = 0
        AND p.person_id <> COALESCE(a.person_id, 0) AND p.person_id NOT IN (SELECT person_id FROM bot)
      ORDER BY c.created_at
      LIMIT 1
    ),
    (
      SELECT r.submitted_at
      FROM review r
      JOIN person_identity p ON p.project_id = r.project_id AND p.identity_id = r.author_id
      WHERE r.project_id = :project AND r.item_id = i.item_id AND r.submitted_at <= :as_of AND r.is_command = 0
        AND p.person_id <> COALESCE(a.person_id, 0) AND p.person_id NOT IN (SELECT person_id FROM bot)
      ORDER BY r.submitted_at
      LIMIT 1
    ),
    (
      SELECT m.responded_at
      FROM item_move m
      WHERE m.project_id = :project AND m.item_id = i.item_id AND m.is_joined = 1 AND m.responded_at <= :as_of
        AND (m.joined_at IS NULL OR m.joined_at <= :as_of)
    )
  ) AS responded_at
FROM item_then i
LEFT JOIN person_identity a ON a.project_id = :project AND a.identity_id = i.author_id
WHERE i.is_first_life = 0
