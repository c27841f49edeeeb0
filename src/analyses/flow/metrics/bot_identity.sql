-- name: bot_identity
-- kind: part
-- materialized: yes
-- definition: Identities of bots: (identity_id). A handful, so asking of each item whether its author is one costs less
--     than a list of all that bots opened (bot_item).

SELECT pi.identity_id
FROM person p
JOIN person_identity pi ON pi.project_id = p.project_id AND pi.person_id = p.person_id
WHERE p.project_id = :project AND p.is_bot = 1
