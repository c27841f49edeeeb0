-- name: contributors
-- kind: kept
-- uses: people_month, month

SELECT m.start_at AS month,
  sum(CASE WHEN a.series = 'people' THEN a.n ELSE 0 END) AS contributors,
  CASE WHEN EXISTS (SELECT 1 FROM people_month WHERE series = 'people commit')
    THEN sum(CASE WHEN a.series = 'people commit' THEN a.n ELSE 0 END) END AS committers,
  sum(CASE WHEN a.series = 'people issue' THEN a.n ELSE 0 END) AS issue_openers,
  sum(CASE WHEN a.series = 'people pull' THEN a.n ELSE 0 END) AS pull_openers,
  sum(CASE WHEN a.series = 'people comment' THEN a.n ELSE 0 END) AS commenters,
  sum(CASE WHEN a.series = 'people review' THEN a.n ELSE 0 END) AS reviewers,
  CASE WHEN month_start(m.start_at + 32 * 86400) <= :as_of THEN 1 ELSE 0 END AS is_whole
FROM month m
LEFT JOIN people_month a ON a.month = m.start_at
GROUP BY m.start_at
ORDER BY m.start_at
