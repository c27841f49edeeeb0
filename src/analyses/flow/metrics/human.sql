-- name: human
-- kind: part
-- materialized: yes
-- definition: Identities of people: (identity_id, person_id, name). Bots and deleted accounts are not among them.

SELECT pi.identity_id, p.person_id, p.name
FROM person_identity pi
JOIN person p ON p.project_id = pi.project_id AND p.person_id = pi.person_id
WHERE pi.project_id = :project AND p.is_bot = 0
