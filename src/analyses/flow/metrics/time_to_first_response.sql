-- name: time_to_first_response
-- title: Time to first response
-- question: How long does somebody wait for a first answer?
-- definition: CHAOSS 'Time to First Response', variant 'comment or review': from opening (in the tracker
--     where it began, if it moved) to the first comment, review
--     or inline comment by a person other than the author, no bot and no deleted account, after the closing too (an
--     inline comment counts from when its review was sent). Left
--     out are comments, and reviews that decide nothing, that are only commands to machines ("/retest", "@dependabot
--     rebase", "bors r+"): they answer nobody. So waits are longer than where these count, and what was merged on a
--     command alone counts as never answered. What has had no response is censored at its closing, or at the as-of
--     time if it is open. Variant 'answered only': the
--     median of those that had one. Spam counts; `resident flow` leaves it out.
-- source: https://chaoss.community/kb/metric-time-to-first-response/
-- kind: survival
-- page: flow
-- order: 50
-- happened: Answered
-- claim: Half of the issues are answered within {row:issues:median} (95 % interval {row:issues:low} to
--     {row:issues:high}), half of the pull requests within {row:pull requests:median} ({row:pull requests:low} to
--     {row:pull requests:high}).
-- claim: Half of the pull requests are answered within {row:pull requests:median}.
-- claim: Half of the issues are answered within {row:issues:median}.
-- claim: Too few items have been answered to say how long it takes to half of them.
-- column: kind | Kind | text
-- uses: item_response

SELECT CASE i.kind WHEN 'issue' THEN 'issues' ELSE 'pull requests' END AS kind,
  COALESCE(i.responded_at, i.closed_at, :as_of) - i.began_at AS seconds,
  CASE WHEN i.responded_at IS NULL THEN 0 ELSE 1 END AS happened, i.number
FROM item_response i
