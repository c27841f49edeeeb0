-- name: absence_factor_per_year
-- title: Contributor absence factor per year
-- question: Has the work come to rest on more people, or on fewer?
-- definition: CHAOSS 'Contributor Absence Factor' by calendar year (UTC), as in absence_factor; the last year is running.
-- source: https://chaoss.community/kb/metric-contributor-absence-factor/
-- page: people
-- order: 121
-- claim: In {last:year} half of the commits come from {last:commit_people_for_half|person|people}, half of the reviews and
--     comments from {last:said_people_for_half}; in {first:year} it was {first:commit_people_for_half} and
--     {first:said_people_for_half}.
-- claim: In {last:year} half of the reviews and comments come from {last:said_people_for_half|person|people}; in
--     {first:year} it was {first:said_people_for_half}.
-- claim: Nobody has contributed yet.
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
-- uses: activity

WITH own AS (
  SELECT year_start(at) AS year, CASE WHEN kind = 'commit' THEN 1 ELSE 0 END AS is_commit, person_id, count(*) AS n
  FROM activity
  WHERE kind IN ('commit', 'comment', 'review')
  GROUP BY year_start(at), CASE WHEN kind = 'commit' THEN 1 ELSE 0 END, person_id
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
