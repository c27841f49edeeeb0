-- name: year_counts
-- kind: summary
-- definition: By year, commits and said (reviews and comments): how many, by how many people, and how few of them made
--     half.
-- into: summary_count (project_id, series, at, n)
-- order: 50

WITH own AS (
  SELECT year_start(month) AS year, CASE kind WHEN 'commit' THEN 'commits' ELSE 'said' END AS work, person_id,
    sum(n) AS n
  FROM person_month
  WHERE project_id = :project AND kind IN ('commit', 'comment', 'review')
  GROUP BY year_start(month), CASE kind WHEN 'commit' THEN 'commits' ELSE 'said' END, person_id
), ranked AS (
  SELECT year, work, n, sum(n) OVER (PARTITION BY year, work) AS total,
    sum(n) OVER (PARTITION BY year, work ORDER BY n DESC, person_id ROWS UNBOUNDED PRECEDING) - n AS earlier
  FROM own
), year AS (
  SELECT work, year, max(total) AS n, count(*) AS people, sum(CASE WHEN 2 * earlier < total THEN 1 ELSE 0 END) AS half
  FROM ranked
  GROUP BY work, year
)
SELECT CAST(:project AS INTEGER), work, year, n FROM year
UNION ALL
SELECT CAST(:project AS INTEGER), work || ' people', year, people FROM year
UNION ALL
SELECT CAST(:project AS INTEGER), work || ' half', year, half FROM year
