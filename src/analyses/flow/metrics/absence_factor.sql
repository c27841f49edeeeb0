-- name: absence_factor
-- title: Contributor absence factor
-- question: On how few people does the work rest?
-- definition: CHAOSS 'Contributor Absence Factor' (formerly bus factor): the smallest number of people who together
--     make half of all contributions of the last 365 days. Commits: on the default branch, without merges, by author.
--     Variant: reviews and comments. Bots and deleted accounts do not count.
-- source: https://chaoss.community/kb/metric-contributor-absence-factor/
-- page: people
-- order: 120
-- sample: sum:contributions
-- claim: {row:commits:people_for_half|person makes|people make} half of the {row:commits:contributions} commits of
--     the last 365 days; {row:reviews and comments:people_for_half} of the {row:reviews and comments:contributions}
--     reviews and comments.
-- claim: {row:commits:people_for_half|person makes|people make} half of the {row:commits:contributions} commits of
--     the last 365 days.
-- claim: {row:reviews and comments:people_for_half|person makes|people make} half of the {row:reviews and
--     comments:contributions} reviews and comments of the last 365 days.
-- none: Nobody has contributed in the last 365 days.
-- column: work | Work | text
-- column: people_for_half | People who make half | integer | people | the absence factor
-- column: people | People | integer | people | who made any
-- column: contributions | Contributions | integer | | in the last 365 days
-- column: top_share | Share of the first | share | | of the one person with the most
-- uses: human

-- CROSS JOIN keeps SQLite to its order: by person, then by the index of author and time.
WITH done AS (
  SELECT h.person_id, 'commits' AS work
  FROM git_commit c
  JOIN human h ON h.identity_id = c.author_id
  WHERE c.project_id = :project AND c.on_default = 1 AND c.parent_count < 2
    AND c.committed_at <= :as_of AND c.committed_at > :as_of - 365 * 86400
  UNION ALL
  SELECT h.person_id, 'reviews and comments'
  FROM human h
  CROSS JOIN comment c
  WHERE c.project_id = :project AND c.author_id = h.identity_id
    AND c.created_at <= :as_of AND c.created_at > :as_of - 365 * 86400
  UNION ALL
  SELECT h.person_id, 'reviews and comments'
  FROM human h
  CROSS JOIN review r
  WHERE r.project_id = :project AND r.author_id = h.identity_id
    AND r.submitted_at <= :as_of AND r.submitted_at > :as_of - 365 * 86400
), own AS (
  SELECT work, person_id, count(*) AS n FROM done GROUP BY work, person_id
), ranked AS (
  SELECT work, n, sum(n) OVER (PARTITION BY work) AS total,
    sum(n) OVER (PARTITION BY work ORDER BY n DESC, person_id ROWS UNBOUNDED PRECEDING) - n AS earlier
  FROM own
)
SELECT work, sum(CASE WHEN 2 * earlier < total THEN 1 ELSE 0 END) AS people_for_half, count(*) AS people,
  max(total) AS contributions, CAST(max(n) AS DOUBLE PRECISION) / max(total) AS top_share
FROM ranked
GROUP BY work
ORDER BY work
