-- name: new_contributors
-- title: New contributors per month
-- question: How many people come to the project?
-- definition: CHAOSS 'New Contributors': people in the month of their first activity ever (as in contributors).
--     Variants: month of the first commit on the default branch (not a merge); of the first merged pull request, at
--     its merging.
-- source: https://chaoss.community/kb/metric-new-contributors/
-- page: people
-- order: 110
-- claim: {whole:new_contributors|person|people} took part for the first time in the last full month;
--     {whole:first_merged_pull} had a first pull request merged.
-- claim: {last:new_contributors|person|people} took part so far.
-- none: Nobody has done anything yet.
-- chart: line
-- x: month
-- y: new_contributors, first_commit, first_merged_pull
-- y_label: people per month
-- column: month | Month | date | | its first day
-- column: new_contributors | New contributors | integer | people per month | first activity of any kind
-- column: first_commit | First commit | integer | people per month | variant: first commit on the default branch;
--     none where no commit is known
-- column: first_merged_pull | First merged pull request | integer | people per month | variant: first pull request
--     merged
-- column: is_whole | Whole | integer | | 1 if the month had ended by the as-of time | hidden
-- uses: active_month, month, human, item_then

WITH debut AS (
  SELECT person_id, 'any' AS kind, min(month) AS month FROM active_month GROUP BY person_id
  UNION ALL
  SELECT person_id, 'commit', min(month) FROM active_month WHERE kind = 'commit' GROUP BY person_id
  UNION ALL
  SELECT h.person_id, 'merged', month_start(min(i.merged_at))
  FROM item_then i
  JOIN human h ON h.identity_id = i.author_id
  WHERE i.merged_at IS NOT NULL
  GROUP BY h.person_id
), total AS (
  SELECT month,
    sum(CASE WHEN kind = 'any' THEN 1 ELSE 0 END) AS new_contributors,
    sum(CASE WHEN kind = 'commit' THEN 1 ELSE 0 END) AS first_commit,
    sum(CASE WHEN kind = 'merged' THEN 1 ELSE 0 END) AS first_merged_pull
  FROM debut
  GROUP BY month
)
SELECT m.start_at AS month, COALESCE(t.new_contributors, 0) AS new_contributors, 
  CASE WHEN EXISTS (SELECT 1 FROM active_month WHERE kind = 'commit')
    THEN COALESCE(t.first_commit, 0) END AS first_commit,
  COALESCE(t.first_merged_pull, 0) AS first_merged_pull,
  CASE WHEN month_start(m.start_at + 32 * 86400) <= :as_of THEN 1 ELSE 0 END AS is_whole
FROM month m
LEFT JOIN total t ON t.month = m.start_at
ORDER BY m.start_at
