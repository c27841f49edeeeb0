-- name: activity
-- kind: part
-- definition: What people did until :as_of: (person_id, at, kind), kind being commit, issue, pull, comment or review.
--     commit: not a merge, on the default branch, by its author, at its committer date. comment: conversation or inline.
-- uses: human

SELECT h.person_id, c.committed_at AS at, 'commit' AS kind
FROM git_commit c
JOIN human h ON h.identity_id = c.author_id
WHERE c.project_id = :project AND c.on_default = 1 AND c.parent_count < 2 AND c.committed_at <= :as_of
UNION ALL
SELECT h.person_id, i.created_at, i.kind
FROM item i
JOIN human h ON h.identity_id = i.author_id
WHERE i.project_id = :project AND i.created_at < :as_of
UNION ALL
SELECT h.person_id, c.created_at, 'comment'
FROM comment c
JOIN human h ON h.identity_id = c.author_id
WHERE c.project_id = :project AND c.created_at <= :as_of
UNION ALL
SELECT h.person_id, r.submitted_at, 'review'
FROM review r
JOIN human h ON h.identity_id = r.author_id
WHERE r.project_id = :project AND r.submitted_at <= :as_of
