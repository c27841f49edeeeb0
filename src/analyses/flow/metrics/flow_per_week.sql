-- name: flow_per_week
-- title: Opened, closed and merged per week
-- question: How much comes in each week, and how much is finished?
-- definition: CHAOSS 'Issues New', 'Issues Closed', 'Change Requests' and 'Change Requests Accepted', per week from
--     Monday (UTC), last 104 weeks. Closed: the final closing of what is closed as of then; merged pull requests
--     count as closed, too. The last week is running.
-- source: https://chaoss.community/kb/metric-issues-new/, https://chaoss.community/kb/metric-issues-closed/,
--     https://chaoss.community/kb/metric-change-requests/,
--     https://chaoss.community/kb/metric-change-requests-accepted/
-- page: flow
-- order: 20
-- claim: In the last full week {whole:issues_opened|issue was|issues were} opened and {whole:issues_closed} closed;
--     {whole:pulls_opened|pull request was|pull requests were} opened and {whole:pulls_merged} merged.
-- none: Nothing to count per week yet.
-- chart: line
-- x: week
-- y: issues_opened, issues_closed, pulls_opened, pulls_closed, pulls_merged
-- y_label: per week
-- column: week | Week | date | | its Monday
-- column: issues_opened | Issues opened | integer | issues per week
-- column: issues_closed | Issues closed | integer | issues per week
-- column: pulls_opened | Pull requests opened | integer | pull requests per week
-- column: pulls_closed | Pull requests closed | integer | pull requests per week | merged or not
-- column: pulls_merged | Pull requests merged | integer | pull requests per week
-- column: is_whole | Whole | integer | | 1 if the week had ended by the as-of time | hidden
-- uses: item_fact, week

WITH fact AS (
  SELECT week_start(at) AS week, fact, count(*) AS n
  FROM item_fact
  WHERE at >= week_start(:as_of - 1) - 103 * 604800
  GROUP BY week_start(at), fact
)
SELECT w.start_at AS week,
  sum(CASE WHEN f.fact = 'issue opened' THEN f.n ELSE 0 END) AS issues_opened,
  sum(CASE WHEN f.fact = 'issue closed' THEN f.n ELSE 0 END) AS issues_closed,
  sum(CASE WHEN f.fact = 'pull opened' THEN f.n ELSE 0 END) AS pulls_opened,
  sum(CASE WHEN f.fact = 'pull closed' THEN f.n ELSE 0 END) AS pulls_closed,
  sum(CASE WHEN f.fact = 'pull merged' THEN f.n ELSE 0 END) AS pulls_merged,
  CASE WHEN w.start_at + 604800 <= :as_of THEN 1 ELSE 0 END AS is_whole
FROM week w
LEFT JOIN fact f ON f.week = w.start_at
GROUP BY w.start_at
ORDER BY w.start_at
