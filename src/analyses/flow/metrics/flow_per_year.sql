-- name: flow_per_year
-- title: Opened, closed and merged per year
-- question: How has the amount of work changed over the years?
-- definition: CHAOSS 'Issues New', 'Issues Closed', 'Change Requests' and 'Change Requests Accepted', per calendar
--     year (UTC). Closed: the final closing of what is closed as of then; merged pull requests count as closed, too.
--     The last year is running until the as-of time.
-- source: https://chaoss.community/kb/metric-issues-new/, https://chaoss.community/kb/metric-issues-closed/,
--     https://chaoss.community/kb/metric-change-requests/,
--     https://chaoss.community/kb/metric-change-requests-accepted/
-- page: flow
-- order: 30
-- claim: Since {first:year}, {sum:issues_opened|issue was|issues were} opened and {sum:issues_closed} closed;
--     {sum:pulls_opened|pull request was|pull requests were} opened and {sum:pulls_merged} merged.
-- none: There are no issues and pull requests.
-- chart: line
-- x: year
-- y: issues_opened, issues_closed, pulls_opened, pulls_closed, pulls_merged
-- y_label: per year
-- column: year | Year | text
-- column: issues_opened | Issues opened | integer | issues per year
-- column: issues_closed | Issues closed | integer | issues per year
-- column: pulls_opened | Pull requests opened | integer | pull requests per year
-- column: pulls_closed | Pull requests closed | integer | pull requests per year | merged or not
-- column: pulls_merged | Pull requests merged | integer | pull requests per year
-- uses: item_fact, item_month

WITH fact AS (
  SELECT year_start(at) AS year, fact, count(*) AS n FROM item_fact GROUP BY year_start(at), fact
), calendar AS (
  SELECT DISTINCT year_start(start_at) AS start_at FROM item_month
)
SELECT substr(iso_date(y.start_at), 1, 4) AS year,
  sum(CASE WHEN f.fact = 'issue opened' THEN f.n ELSE 0 END) AS issues_opened,
  sum(CASE WHEN f.fact = 'issue closed' THEN f.n ELSE 0 END) AS issues_closed,
  sum(CASE WHEN f.fact = 'pull opened' THEN f.n ELSE 0 END) AS pulls_opened,
  sum(CASE WHEN f.fact = 'pull closed' THEN f.n ELSE 0 END) AS pulls_closed,
  sum(CASE WHEN f.fact = 'pull merged' THEN f.n ELSE 0 END) AS pulls_merged
FROM calendar y
LEFT JOIN fact f ON f.year = y.start_at
GROUP BY y.start_at
ORDER BY y.start_at
