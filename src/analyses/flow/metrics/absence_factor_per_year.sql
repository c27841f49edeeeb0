-- name: absence_factor_per_year
-- title: Contributor absence factor per year
-- question: Has the work come to rest on more people, or on fewer?
-- definition: CHAOSS 'Contributor Absence Factor' by calendar year (UTC), as in absence_factor; the last year is
--     running.
-- source: https://chaoss.community/kb/metric-contributor-absence-factor/
-- page: people
-- order: 121
-- claim: In {last:year} half of the commits come from {last:commit_people_for_half|person|people}, half of the
--     reviews and comments from {last:said_people_for_half}; in {first:year} they came from
--     {first:commit_people_for_half} and {first:said_people_for_half}.
-- claim: In {last:year} half of the commits come from {last:commit_people_for_half|person|people}, half of the
--     reviews and comments from {last:said_people_for_half}; in {first:year} half of the commits came from
--     {first:commit_people_for_half}.
-- claim: In {last:year} half of the commits come from {last:commit_people_for_half|person|people}, half of the
--     reviews and comments from {last:said_people_for_half}; in {first:year} half of the reviews and comments came
--     from {first:said_people_for_half}.
-- claim: In {last:year} half of the commits come from {last:commit_people_for_half|person|people}; in {first:year}
--     they came from {first:commit_people_for_half}.
-- claim: In {last:year} half of the reviews and comments come from {last:said_people_for_half|person|people}; in
--     {first:year} they came from {first:said_people_for_half}.
-- claim: In {last:year} half of the commits come from {last:commit_people_for_half|person|people}.
-- claim: In {last:year} half of the reviews and comments come from {last:said_people_for_half|person|people}.
-- none: Nobody has contributed yet.
-- chart: line
-- x: year
-- y: commit_people_for_half, said_people_for_half
-- y_label: people who make half
-- column: year | Year | text
-- column: commit_people_for_half | Half of the commits | integer | people
-- column: committers | Committers | integer | people
-- column: commits | Commits | integer
-- column: said_people_for_half | Half of the reviews and comments | integer | people
-- column: speakers | Reviewers and commenters | integer | people
-- column: said | Reviews and comments | integer
-- uses: human

-- CROSS JOIN keeps SQLite to its order: by person, then by the index of author and time.
WITH done AS (
  SELECT year_start(c.committed_at) AS year, 1 AS is_commit, h.person_id, count(*) AS n
  FROM git_commit c
  JOIN human h ON h.identity_id = c.author_id
  WHERE c.project_id = :project AND c.on_default = 1 AND c.parent_count < 2 AND c.committed_at <= :as_of
  GROUP BY year_start(c.committed_at), h.person_id
  UNION ALL
  SELECT year_start(c.created_at), 0, h.person_id, count(*)
  FROM human h
  CROSS JOIN comment c
  WHERE c.project_id = :project AND c.author_id = h.identity_id AND c.created_at <= :as_of
  GROUP BY year_start(c.created_at), h.person_id
  UNION ALL
  SELECT year_start(r.submitted_at), 0, h.person_id, count(*)
  FROM human h
  CROSS JOIN review r
  WHERE r.project_id = :project AND r.author_id = h.identity_id AND r.submitted_at <= :as_of
  GROUP BY year_start(r.submitted_at), h.person_id
), own AS (
  SELECT year, is_commit, person_id, sum(n) AS n FROM done GROUP BY year, is_commit, person_id
), ranked AS (
  SELECT year, is_commit, n, sum(n) OVER (PARTITION BY year, is_commit) AS total,
    sum(n) OVER (PARTITION BY year, is_commit ORDER BY n DESC, person_id ROWS UNBOUNDED PRECEDING) - n AS earlier
  FROM own
)
SELECT substr(iso_date(year), 1, 4) AS year,
  sum(CASE WHEN is_commit = 0 THEN NULL WHEN 2 * earlier < total THEN 1 ELSE 0 END) AS commit_people_for_half,
  sum(CASE WHEN is_commit = 1 THEN 1 ELSE 0 END) AS committers,
  sum(CASE WHEN is_commit = 1 THEN n ELSE 0 END) AS commits,
  sum(CASE WHEN is_commit = 1 THEN NULL WHEN 2 * earlier < total THEN 1 ELSE 0 END) AS said_people_for_half,
  sum(CASE WHEN is_commit = 0 THEN 1 ELSE 0 END) AS speakers,
  sum(CASE WHEN is_commit = 0 THEN n ELSE 0 END) AS said
FROM ranked
GROUP BY ranked.year
ORDER BY ranked.year
