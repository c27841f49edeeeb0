-- name: closure_ratio
-- title: Closure ratio
-- question: Does the project keep up with what comes in?
-- definition: CHAOSS 'Change Request Closure Ratio', and the same for issues, variant 'closed to opened'
--     (GrimoireLab's Review Efficiency Index): those closed in a month, whenever they were opened, divided by those
--     opened in it. The three-month ratio does so for the month and the two before it. Below 1 the backlog grows.
--     Closed: the final closing of what is closed as of then. The last month is running.
-- source: https://chaoss.community/kb/metric-change-request-closure-ratio/
-- page: flow
-- order: 40
-- claim: In the last three months {last:pulls_closed_3|pull request was|pull requests were} closed for
--     {last:pulls_opened_3} opened (ratio {last:pull_ratio}), and {last:issues_closed_3|issue|issues} for
--     {last:issues_opened_3} (ratio {last:issue_ratio}).
-- claim: In the last three months {last:pulls_closed_3|pull request was|pull requests were} closed for
--     {last:pulls_opened_3} opened, and {last:issues_closed_3|issue|issues} for {last:issues_opened_3}.
-- none: There are no issues and pull requests.
-- chart: line
-- x: month
-- y: issue_ratio, pull_ratio
-- y_label: closed per opened, three months
-- column: month | Month | date | | its first day
-- column: issues_opened | Issues opened | integer | issues per month
-- column: issues_closed | Issues closed | integer | issues per month
-- column: pulls_opened | Pull requests opened | integer | pull requests per month
-- column: pulls_closed | Pull requests closed | integer | pull requests per month | merged or not
-- column: issue_ratio_month | Issues, month | number | | closed to opened in the month; none if none was opened
-- column: pull_ratio_month | Pull requests, month | number | | closed to opened in the month; none if none was opened
-- column: issues_opened_3 | Issues opened, 3 months | integer
-- column: issues_closed_3 | Issues closed, 3 months | integer
-- column: pulls_opened_3 | Pull requests opened, 3 months | integer
-- column: pulls_closed_3 | Pull requests closed, 3 months | integer
-- column: issue_ratio | Issues, 3 months | number | | closed to opened in three months
-- column: pull_ratio | Pull requests, 3 months | number | | closed to opened in three months
-- uses: item_fact, item_month

WITH fact AS (
  SELECT month_start(at) AS month, fact, count(*) AS n FROM item_fact GROUP BY month_start(at), fact
), counted AS (
  SELECT m.start_at AS month,
    sum(CASE WHEN f.fact = 'issue opened' THEN f.n ELSE 0 END) AS issues_opened,
    sum(CASE WHEN f.fact = 'issue closed' THEN f.n ELSE 0 END) AS issues_closed,
    sum(CASE WHEN f.fact = 'pull opened' THEN f.n ELSE 0 END) AS pulls_opened,
    sum(CASE WHEN f.fact = 'pull closed' THEN f.n ELSE 0 END) AS pulls_closed
  FROM item_month m
  LEFT JOIN fact f ON f.month = m.start_at
  GROUP BY m.start_at
), three AS (
  SELECT month, issues_opened, issues_closed, pulls_opened, pulls_closed,
    sum(issues_opened) OVER (ORDER BY month ROWS 2 PRECEDING) AS issues_opened_3,
    sum(issues_closed) OVER (ORDER BY month ROWS 2 PRECEDING) AS issues_closed_3,
    sum(pulls_opened) OVER (ORDER BY month ROWS 2 PRECEDING) AS pulls_opened_3,
    sum(pulls_closed) OVER (ORDER BY month ROWS 2 PRECEDING) AS pulls_closed_3
  FROM counted
)
SELECT month, issues_opened, issues_closed, pulls_opened, pulls_closed,
  CAST(issues_closed AS DOUBLE PRECISION) / NULLIF(issues_opened, 0) AS issue_ratio_month,
  CAST(pulls_closed AS DOUBLE PRECISION) / NULLIF(pulls_opened, 0) AS pull_ratio_month,
  issues_opened_3, issues_closed_3, pulls_opened_3, pulls_closed_3,
  CAST(issues_closed_3 AS DOUBLE PRECISION) / NULLIF(issues_opened_3, 0) AS issue_ratio,
  CAST(pulls_closed_3 AS DOUBLE PRECISION) / NULLIF(pulls_opened_3, 0) AS pull_ratio
FROM three
ORDER BY month
