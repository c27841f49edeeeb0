-- name: reviews_per_week
-- title: Reviews per week
-- question: How much is reviewed, and by how many people?
-- definition: CHAOSS 'Change Request Reviews', per week from Monday (UTC), last 104 weeks: reviews submitted and
--     review comments (inline) written by people who are not the pull request's author; bots and deleted accounts do
--     not count. The last week is running. Approval by an ordinary comment is not a review here.
-- source: https://chaoss.community/kb/metric-change-request-reviews/
-- page: people
-- order: 130
-- sample: sum:reviews
-- claim: {whole:reviewers|person|people} gave {whole:reviews|review|reviews} and {whole:review_comments|review
--     comment|review comments} in the last full week; one of them gave {whole:top_share} of all that.
-- claim: {sum:reviews|review was|reviews were} given in the last two years, none in the last full week.
-- none: No review is known.
-- chart: line
-- x: week
-- y: reviews, review_comments
-- y_label: per week
-- column: week | Week | date | | its Monday
-- column: reviews | Reviews | integer | reviews per week
-- column: review_comments | Review comments | integer | comments per week | inline
-- column: reviewers | Reviewers | integer | people per week
-- column: top_share | Share of the first | share | | of the week's reviews and review comments, by the person with
--     the most
-- column: is_whole | Whole | integer | | 1 if the week had ended by the as-of time | hidden
-- uses: human, week

-- CROSS JOIN keeps SQLite to its order: by person, then by the index of author and time.
WITH given AS (
  SELECT h.person_id, r.item_id, r.submitted_at AS at, 1 AS is_review
  FROM human h
  CROSS JOIN review r
  WHERE r.project_id = :project AND r.author_id = h.identity_id AND r.submitted_at <= :as_of
    AND r.submitted_at >= week_start(:as_of - 1) - 103 * 604800
  UNION ALL
  SELECT h.person_id, c.item_id, c.created_at, 0
  FROM human h
  CROSS JOIN comment c
  WHERE c.project_id = :project AND c.author_id = h.identity_id AND c.created_at <= :as_of
    AND c.created_at >= week_start(:as_of - 1) - 103 * 604800 AND c.kind = 'inline'
), by_person AS (
  SELECT week_start(g.at) AS week, g.person_id, sum(g.is_review) AS reviews, sum(1 - g.is_review) AS review_comments
  FROM given g
  JOIN item i ON i.project_id = :project AND i.item_id = g.item_id
  LEFT JOIN person_identity a ON a.project_id = :project AND a.identity_id = i.author_id
  WHERE a.person_id IS NULL OR a.person_id <> g.person_id
  GROUP BY week_start(g.at), g.person_id
)
SELECT w.start_at AS week,
  COALESCE(sum(p.reviews), 0) AS reviews,
  COALESCE(sum(p.review_comments), 0) AS review_comments,
  count(p.person_id) AS reviewers,
  CAST(max(p.reviews + p.review_comments) AS DOUBLE PRECISION) / sum(p.reviews + p.review_comments) AS top_share,
  CASE WHEN w.start_at + 604800 <= :as_of THEN 1 ELSE 0 END AS is_whole
FROM week w
LEFT JOIN by_person p ON p.week = w.start_at
GROUP BY w.start_at
ORDER BY w.start_at
