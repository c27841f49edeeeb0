-- name: bot_item
-- kind: part
-- materialized: yes
-- definition: Issues and pull requests that bots opened: (item_id).

SELECT i.item_id
FROM person p
JOIN person_identity pi ON pi.project_id = p.project_id AND pi.person_id = p.person_id
JOIN item i ON i.project_id = pi.project_id AND i.author_id = pi.identity_id
WHERE p.project_id = :project AND p.is_bot = 1
