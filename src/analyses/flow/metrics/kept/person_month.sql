-- name: person_month
-- kind: summary
-- into: person_month (project_id, month, person_id, kind, n, first_at, last_at, is_first, is_first_of_kind)
-- order: 30
-- uses: human

-- CROSS JOIN keeps SQLite to its order: by person, then by the index of author and time.
WITH done AS (
  SELECT h.person_id, c.committed_at AS at, 'commit' AS kind
  FROM git_commit c
  JOIN human h ON h.identity_id = c.author_id
  WHERE c.project_id = :project AND c.on_default = 1 AND c.parent_count < 2
  UNION ALL
  SELECT h.person_id, i.created_at, i.kind
  FROM human h
  CROSS JOIN item i
  WHERE i.project_id = :project AND i.author_id = h.identity_id
  UNION ALL
  SELECT h.person_id, c.created_at, 'comment'
  FROM human h
  CROSS JOIN comment c
  WHERE c.project_id = :project AND c.author_id = h.identity_id
  UNION ALL
  SELECT h.person_id, r.submitted_at, 'review'
  FROM human h
  CROSS JOIN review r
  WHERE r.project_id = :project AND r.author_id = h.identity_id AND r.submitted_at IS NOT NULL
), counted AS (
  SELECT person_id, month_start(at) AS month, kind, count(*) AS n, min(at) AS first_at, max(at) AS last_at
  FROM done
  GROUP BY person_id, month_start(at), kind
)
SELECT CAST(:project AS INTEGER), month, person_id, kind, n, first_at, last_at,
  CASE WHEN month = min(month) OVER (PARTITION BY person_id) THEN 1 ELSE 0 END,
  CASE WHEN month = min(month) OVER (PARTITION BY person_id, kind) THEN 1 ELSE 0 END
FROM counted
UNION ALL
SELECT CAST(:project AS INTEGER), month_start(min(s.merged_at)), h.person_id, 'merged', 1, min(s.merged_at),
  min(s.merged_at), 0, 1
FROM item_summary s
JOIN human h ON h.identity_id = s.author_id
WHERE s.project_id = :project AND s.merged_at IS NOT NULL
GROUP BY h.person_id
