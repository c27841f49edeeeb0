-- name: open_items
-- title: Open issues and pull requests
-- question: How many issues and pull requests are open, and is it getting more?
-- definition: CHAOSS 'Issues Active' and 'Change Requests', variant 'open at the end of the month': opened before the
--     first instant of the next month and not closed then, by the replayed history of closings and reopenings. The
--     running month is counted at the as-of time. What bots opened does not count.
-- source: https://chaoss.community/kb/metric-issues-active/
-- page: flow
-- order: 10
-- claim: {last:open_issues|issue|issues} and {last:open_pulls|pull request|pull requests} are open; at the end of the
--     month before there were {previous:open_issues} and {previous:open_pulls}.
-- claim: {last:open_issues|issue|issues} and {last:open_pulls|pull request|pull requests} are open.
-- none: There are no issues and pull requests.
-- chart: line
-- x: month
-- y: open_issues, open_pulls
-- y_label: open at the end of the month
-- column: month | Month | date | | its first day
-- column: open_issues | Open issues | integer | issues | at the end of the month
-- column: open_pulls | Open pull requests | integer | pull requests | at the end of the month
-- uses: item_month, bot_item

-- A change at the very end of a month belongs to that month, an opening to the next.
-- The kind is the item_id's last bit.
WITH stretch AS (
  SELECT v.item_id % 2 AS is_pull, v.opened_at, v.closed_at,
    CASE
      WHEN v.opened_at <> month_start(v.opened_at) AND v.opened_at < :as_of THEN v.opened_at
      WHEN EXISTS (
        SELECT 1 FROM item_interval e
        WHERE e.project_id = :project AND e.item_id = v.item_id AND e.opened_at < v.opened_at
      ) THEN v.opened_at - 1
      ELSE v.opened_at
    END AS opened
  FROM item_interval v
  WHERE v.project_id = :project AND v.opened_at <= :as_of AND v.item_id NOT IN (SELECT item_id FROM bot_item)
), step AS (
  SELECT month_start(opened) AS month, is_pull, 1 AS change FROM stretch WHERE opened < :as_of
  UNION ALL
  SELECT month_start(CASE WHEN closed_at > opened_at THEN closed_at - 1 ELSE opened END), is_pull, -1
  FROM stretch
  WHERE opened < :as_of AND closed_at <= :as_of
), total AS (
  -- What is before the first month shown counts in it.
  SELECT greatest(s.month, b.start_at) AS month, sum(s.change * (1 - s.is_pull)) AS issues,
    sum(s.change * s.is_pull) AS pulls
  FROM step s
  CROSS JOIN (SELECT min(start_at) AS start_at FROM item_month) b
  GROUP BY greatest(s.month, b.start_at)
)
SELECT m.start_at AS month,
  sum(COALESCE(t.issues, 0)) OVER (ORDER BY m.start_at) AS open_issues,
  sum(COALESCE(t.pulls, 0)) OVER (ORDER BY m.start_at) AS open_pulls
FROM item_month m
LEFT JOIN total t ON t.month = m.start_at
ORDER BY m.start_at
