-- name: time_to_first_response_by_quarter
-- title: Time to first response by quarter
-- question: Are first answers getting faster or slower?
-- definition: CHAOSS 'Time to First Response', variant 'comment or review', by the quarter (UTC) in which the item
--     was opened; as in time_to_first_response, so without commands to machines.
-- source: https://chaoss.community/kb/metric-time-to-first-response/
-- kind: survival_by_period
-- page: flow
-- order: 51
-- happened: Answered
-- claim: Of the {last:kind} opened since {last:quarter}, {last:n} in all, {last:happened|has|have} been answered so
--     far; the median is {last:median} (95 % interval {last:low} to {last:high}).
-- claim: Of the {last:kind} opened since {last:quarter}, {last:n} in all, {last:happened|has|have} been answered so
--     far; the median is {last:median}.
-- claim: Of the {last:kind} opened since {last:quarter}, {last:n} in all, {last:happened|has|have} been answered so
--     far.
-- none: There are no issues and pull requests.
-- column: quarter | Quarter | date | | its first day
-- column: kind | Kind | text
-- uses: item_response

WITH dated AS (
  SELECT i.kind, i.number, i.began_at, i.closed_at, i.responded_at, year_start(i.began_at) AS year
  FROM item_response i
)
SELECT
  CASE
    WHEN i.began_at >= month_start(i.year + 280 * 86400) THEN month_start(i.year + 280 * 86400)
    WHEN i.began_at >= month_start(i.year + 188 * 86400) THEN month_start(i.year + 188 * 86400)
    WHEN i.began_at >= month_start(i.year + 95 * 86400) THEN month_start(i.year + 95 * 86400)
    ELSE i.year
  END AS quarter,
  CASE i.kind WHEN 'issue' THEN 'issues' ELSE 'pull requests' END AS kind,
  COALESCE(i.responded_at, i.closed_at, :as_of) - i.began_at AS seconds,
  CASE WHEN i.responded_at IS NULL THEN 0 ELSE 1 END AS happened, i.number
FROM dated i
