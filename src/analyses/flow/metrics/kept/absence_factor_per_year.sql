-- name: absence_factor_per_year
-- kind: kept
-- uses: done_month

WITH own AS (
  SELECT is_commit, person_id, sum(n) AS n
  FROM done_month
  WHERE month >= year_start(:as_of) AND n > 0
  GROUP BY is_commit, person_id
), ranked AS (
  SELECT is_commit, n, sum(n) OVER (PARTITION BY is_commit) AS total,
    sum(n) OVER (PARTITION BY is_commit ORDER BY n DESC, person_id ROWS UNBOUNDED PRECEDING) - n AS earlier
  FROM own
), running AS (
  SELECT CASE is_commit WHEN 1 THEN 'commits' ELSE 'said' END AS work, max(total) AS n, count(*) AS people,
    sum(CASE WHEN 2 * earlier < total THEN 1 ELSE 0 END) AS half
  FROM ranked
  GROUP BY is_commit
), kept AS (
  SELECT series, at AS year, n
  FROM summary_count
  WHERE project_id = :project AND at < year_start(:as_of)
    AND series IN ('commits', 'commits people', 'commits half', 'said', 'said people', 'said half')
  UNION ALL
  SELECT work, year_start(:as_of), n FROM running
  UNION ALL
  SELECT work || ' people', year_start(:as_of), people FROM running
  UNION ALL
  SELECT work || ' half', year_start(:as_of), half FROM running
)
SELECT substr(iso_date(kept.year), 1, 4) AS year,
  sum(CASE WHEN series = 'commits half' THEN n END) AS commit_people_for_half,
  sum(CASE WHEN series = 'commits people' THEN n ELSE 0 END) AS committers,
  sum(CASE WHEN series = 'commits' THEN n ELSE 0 END) AS commits,
  sum(CASE WHEN series = 'said half' THEN n END) AS said_people_for_half,
  sum(CASE WHEN series = 'said people' THEN n ELSE 0 END) AS speakers,
  sum(CASE WHEN series = 'said' THEN n ELSE 0 END) AS said
FROM kept
GROUP BY kept.year
ORDER BY kept.year
