-- name: time_to_close
-- title: Time to close
-- question: How long does it take until an issue, or a pull request, is closed?
-- definition: CHAOSS 'Time to Close' ('Issue Resolution Duration', 'Change Requests Duration'): from opening (in
--     the tracker where it began, if it moved) to the final closing, merges included; open ones are censored at the as-of time. Variant 'closed only': the median of
--     those that are closed. Spam counts; `resident flow` leaves it out.
-- source: https://chaoss.community/kb/metric-time-to-close/
-- kind: survival
-- page: flow
-- order: 70
-- happened: Closed
-- claim: Half of the issues are closed within {row:issues:median} (95 % interval {row:issues:low} to
--     {row:issues:high}), half of the pull requests within {row:pull requests:median}.
-- claim: Half of the issues are closed within {row:issues:median}.
-- claim: Half of the pull requests are closed within {row:pull requests:median}; of the {row:issues:n|issue|issues},
--     fewer than half have been closed.
-- claim: Half of the pull requests are closed within {row:pull requests:median}.
-- claim: Too few items have been closed to say how long it takes to half of them.
-- column: kind | Kind | text
-- uses: item_then

SELECT CASE kind WHEN 'issue' THEN 'issues' ELSE 'pull requests' END AS kind,
  COALESCE(closed_at, :as_of) - began_at AS seconds,
  CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END AS happened, number
FROM item_then
WHERE is_first_life = 0
