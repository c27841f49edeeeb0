-- name: reviewer_week
-- kind: summary
-- into: reviewer_week (project_id, week, person_id, reviews, review_comments, first_at, last_at)
-- order: 60
-- uses: human

WITH given AS (
  SELECT h.person_id, r.item_id, r.submitted_at AS at, 1 AS is_review
  FROM review r
  JOIN human h ON h.identity_id = r.author_id
  WHERE r.project_id = :project AND r.submitted_at IS NOT NULL
  UNION ALL
  SELECT h.person_id, c.item_id, c.created_at, 0
  FROM human h
  CROSS JOIN comment c
  WHERE c.project_id = :project AND c.author_id = h.identity_id AND c.kind = 'inline'
)
SELECT CAST(:project AS INTEGER), week_start(g.at), g.person_id, sum(g.is_review), sum(1 - g.is_review), min(g.at),
  max(g.at)
FROM given g
JOIN item i ON i.project_id = :project AND i.item_id = g.item_id
LEFT JOIN person_identity a ON a.project_id = :project AND a.identity_id = i.author_id
WHERE a.person_id IS NULL OR a.person_id <> g.person_id
GROUP BY week_start(g.at), g.person_id
