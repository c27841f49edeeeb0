-- name: time_to_merge
-- title: Time to merge
-- question: How long does it take until a pull request is merged?
-- definition: CHAOSS 'Change Requests Duration', variant 'until merged': from opening to merging; open ones are
--     censored at the as-of time. Two variants: those closed without a merge censored at their closing, or left out.
-- source: https://chaoss.community/kb/metric-change-requests-duration/
-- kind: survival
-- page: flow
-- order: 60
-- happened: Merged
-- sample: max:n
-- uncertainty: Censoring at an unmerged closing answers how long it would take if none were given up; leaving those
--     out answers for those that are worth waiting for. The truth lies with neither.
-- claim: Half of the pull requests are merged within {row:closed unmerged censored:median} (95 % interval {row:closed
--     unmerged censored:low} to {row:closed unmerged censored:high}); without those that were closed unmerged, within
--     {row:closed unmerged left out:median}.
-- claim: Without those that were closed unmerged, half of the pull requests are merged within {row:closed unmerged
--     left out:median}.
-- claim: Too few pull requests have been merged to say how long it takes to half of them.
-- column: variant | Variant | text
-- uses: item_then

SELECT 'closed unmerged censored' AS variant, COALESCE(merged_at, closed_at, :as_of) - created_at AS seconds,
  CASE WHEN merged_at IS NULL THEN 0 ELSE 1 END AS happened, number
FROM item_then
WHERE kind = 'pull'
UNION ALL
SELECT 'closed unmerged left out', COALESCE(merged_at, :as_of) - created_at,
  CASE WHEN merged_at IS NULL THEN 0 ELSE 1 END, number
FROM item_then
WHERE kind = 'pull' AND (merged_at IS NOT NULL OR closed_at IS NULL)
