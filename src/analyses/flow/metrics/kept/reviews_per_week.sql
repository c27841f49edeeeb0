-- name: reviews_per_week
-- kind: kept
-- uses: week

-- A week that :as_of goes through is counted anew, for those who reviewed in it before and after.
WITH given AS (
  SELECT week, person_id, reviews, review_comments
  FROM reviewer_week
  WHERE project_id = :project AND week >= week_start(:as_of - 1) - 103 * 604800 AND week <= week_start(:as_of)
    AND last_at <= :as_of
  UNION ALL
  SELECT w.week, w.person_id,
    (
      SELECT count(*)
      FROM person_identity h
      JOIN review r ON r.project_id = h.project_id AND r.author_id = h.identity_id
      JOIN item i ON i.project_id = r.project_id AND i.item_id = r.item_id
      LEFT JOIN person_identity a ON a.project_id = i.project_id AND a.identity_id = i.author_id
      WHERE h.project_id = :project AND h.person_id = w.person_id AND r.submitted_at >= w.first_at
        AND r.submitted_at <= :as_of AND (a.person_id IS NULL OR a.person_id <> w.person_id)
    ),
    (
      SELECT count(*)
      FROM person_identity h
      JOIN comment c ON c.project_id = h.project_id AND c.author_id = h.identity_id
      JOIN item i ON i.project_id = c.project_id AND i.item_id = c.item_id
      LEFT JOIN person_identity a ON a.project_id = i.project_id AND a.identity_id = i.author_id
      WHERE h.project_id = :project AND h.person_id = w.person_id AND c.created_at >= w.first_at
        AND c.created_at <= :as_of AND c.kind = 'inline' AND (a.person_id IS NULL OR a.person_id <> w.person_id)
    )
  FROM reviewer_week w
  WHERE w.project_id = :project AND w.week >= week_start(:as_of - 1) - 103 * 604800 AND w.week <= week_start(:as_of)
    AND w.first_at <= :as_of AND w.last_at > :as_of
), total AS (
  SELECT week, sum(reviews) AS reviews, sum(review_comments) AS review_comments,
    sum(CASE WHEN reviews + review_comments > 0 THEN 1 ELSE 0 END) AS reviewers,
    max(reviews + review_comments) AS most
  FROM given
  GROUP BY week
)
SELECT w.start_at AS week,
  COALESCE(t.reviews, 0) AS reviews,
  COALESCE(t.review_comments, 0) AS review_comments,
  COALESCE(t.reviewers, 0) AS reviewers,
  CAST(t.most AS DOUBLE PRECISION) / NULLIF(t.reviews + t.review_comments, 0) AS top_share,
  CASE WHEN w.start_at + 604800 <= :as_of THEN 1 ELSE 0 END AS is_whole
FROM week w
LEFT JOIN total t ON t.week = w.start_at
ORDER BY w.start_at
