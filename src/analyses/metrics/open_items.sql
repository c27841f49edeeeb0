-- name: open_items
-- title: Open issues and pull requests
-- question: How many issues and pull requests are open, and is it getting more?
-- definition: CHAOSS 'Issues Active' and 'Change Requests', variant 'open at the end of the month': opened before the
--     first instant of the next month and not closed then, by the replayed history of closings and reopenings. The
--     running month is counted at the as-of time.
-- source: https://chaoss.community/kb/metric-issues-active/
-- page: flow
-- order: 10
-- claim: {last:open_issues|issue|issues} and {last:open_pulls|pull request|pull requests} are open; at the end of the month
--     before it was {previous:open_issues} and {previous:open_pulls}.
-- claim: {last:open_issues|issue|issues} and {last:open_pulls|pull request|pull requests} are open.
-- claim: There are no issues and pull requests.
-- chart: line
-- x: month
-- y: open_issues, open_pulls
-- y_label: open at the end of the month
-- column: month | Month | date | | its first day
-- column: open_issues | Open issues | integer | issues | at the end of the month
-- column: open_pulls | Open pull requests | integer | pull requests | at the end of the month
-- uses: item_month

-- A change at the very end of a month belongs to that month, an opening to the next.
WITH stretch AS (
  SELECT i.kind, v.opened_at, v.closed_at,
    CASE WHEN v.opened_at = i.created_at THEN v.opened_at ELSE v.opened_at - 1 END AS opened
  FROM item_interval v
  JOIN item i ON i.project_id = v.project_id AND i.item_id = v.item_id
  WHERE v.project_id = :project AND i.created_at < :as_of AND v.opened_at <= :as_of
), step AS (
  SELECT month_start(opened) AS month, kind, 1 AS change FROM stretch
  UNION ALL
  SELECT month_start(CASE WHEN closed_at > opened_at THEN closed_at - 1 ELSE opened END), kind, -1
  FROM stretch
  WHERE closed_at <= :as_of
), total AS (
  SELECT month,
    sum(CASE WHEN kind = 'issue' THEN change ELSE 0 END) AS issues,
    sum(CASE WHEN kind = 'pull' THEN change ELSE 0 END) AS pulls
  FROM step
  GROUP BY month
)
SELECT m.start_at AS month,
  sum(COALESCE(t.issues, 0)) OVER (ORDER BY m.start_at) AS open_issues,
  sum(COALESCE(t.pulls, 0)) OVER (ORDER BY m.start_at) AS open_pulls
FROM item_month m
LEFT JOIN total t ON t.month = m.start_at
ORDER BY m.start_at
