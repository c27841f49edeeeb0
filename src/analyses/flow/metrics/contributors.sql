-- name: contributors
-- title: Contributors per month
-- question: How many people take part, and in what way?
-- definition: CHAOSS 'Contributors', variant 'active in the month': people who wrote a commit on the default branch
--     (not a merge; by its author and committer date), opened an issue or a pull request, commented or reviewed.
--     Several accounts and addresses of a person count once; bots and deleted accounts do not count. The last month
--     is running.
-- source: https://chaoss.community/kb/metric-contributors/
-- page: people
-- order: 100
-- claim: {whole:contributors|person|people} took part in the last full month, {whole:committers} of them with commits
--     and {whole:reviewers} with reviews.
-- claim: {whole:contributors|person|people} took part in the last full month, {whole:reviewers} of them with reviews.
-- claim: {last:contributors|person|people} took part so far.
-- none: Nobody has done anything yet.
-- chart: line
-- x: month
-- y: contributors, committers, commenters, reviewers
-- y_label: people per month
-- column: month | Month | date | | its first day
-- column: contributors | Contributors | integer | people per month | in any of the ways
-- column: committers | Committed | integer | people per month | as author of a commit on the default branch; none
--     where no commit is known
-- column: issue_openers | Opened issues | integer | people per month
-- column: pull_openers | Opened pull requests | integer | people per month
-- column: commenters | Commented | integer | people per month
-- column: reviewers | Reviewed | integer | people per month
-- column: is_whole | Whole | integer | | 1 if the month had ended by the as-of time | hidden
-- uses: active_month, month

SELECT m.start_at AS month,
  count(DISTINCT a.person_id) AS contributors,
  CASE WHEN EXISTS (SELECT 1 FROM active_month WHERE kind = 'commit')
    THEN sum(CASE WHEN a.kind = 'commit' THEN 1 ELSE 0 END) END AS committers,
  sum(CASE WHEN a.kind = 'issue' THEN 1 ELSE 0 END) AS issue_openers,
  sum(CASE WHEN a.kind = 'pull' THEN 1 ELSE 0 END) AS pull_openers,
  sum(CASE WHEN a.kind = 'comment' THEN 1 ELSE 0 END) AS commenters,
  sum(CASE WHEN a.kind = 'review' THEN 1 ELSE 0 END) AS reviewers,
  CASE WHEN month_start(m.start_at + 32 * 86400) <= :as_of THEN 1 ELSE 0 END AS is_whole
FROM month m
LEFT JOIN active_month a ON a.month = m.start_at
GROUP BY m.start_at
ORDER BY m.start_at
