-- name: active_month
-- kind: part
-- materialized: yes
-- definition: Who did what in which month until :as_of, once each: (person_id, month, kind), kind being commit (not a
--     merge, on the default branch, by its author, at its committer date), issue, pull, comment (conversation or
--     inline) or review. CROSS JOIN keeps SQLite to its order: by person, then by the index of author and time.
-- uses: human

SELECT DISTINCT h.person_id, month_start(c.committed_at) AS month, 'commit' AS kind
FROM git_commit c
JOIN human h ON h.identity_id = c.author_id
WHERE c.project_id = :project AND c.on_default = 1 AND c.parent_count < 2 AND c.committed_at <= :as_of
UNION ALL
SELECT DISTINCT h.person_id, month_start(i.created_at), i.kind
FROM human h
CROSS JOIN item i
WHERE i.project_id = :project AND i.author_id = h.identity_id AND i.created_at < :as_of
UNION ALL
SELECT DISTINCT h.person_id, month_start(c.created_at), 'comment'
FROM human h
CROSS JOIN comment c
WHERE c.project_id = :project AND c.author_id = h.identity_id AND c.created_at <= :as_of
UNION ALL
SELECT DISTINCT h.person_id, month_start(r.submitted_at), 'review'
FROM human h
CROSS JOIN review r
WHERE r.project_id = :project AND r.author_id = h.identity_id AND r.submitted_at <= :as_of
