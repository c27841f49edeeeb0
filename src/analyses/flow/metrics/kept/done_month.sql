-- name: done_month
-- kind: part
-- materialized: yes
-- definition: Commits (is_commit 1), reviews and comments (0) by month and person of the last 365 days before :as_of:
--     (month, person_id, is_commit, n, n_lately), n being those of the month until :as_of, n_lately those of the 365
--     days. Only months that an edge goes through are counted anew.

WITH edge AS (
  SELECT month, person_id, kind, n,
    greatest(first_at - 1, :as_of - 365 * 86400) AS after, least(last_at, :as_of) AS until, first_at, last_at
  FROM person_month
  WHERE project_id = :project AND month >= month_start(:as_of - 365 * 86400) AND month <= month_start(:as_of)
    AND kind IN ('commit', 'comment', 'review') AND first_at <= :as_of
), counted AS (
  SELECT month, person_id, kind, n, after, until, first_at, last_at,
    CASE
      WHEN last_at <= :as_of AND first_at > :as_of - 365 * 86400 THEN n
      WHEN last_at <= :as_of - 365 * 86400 THEN 0
      WHEN kind = 'commit' THEN (
        SELECT count(*)
        FROM person_identity i
        JOIN git_commit c ON c.project_id = i.project_id AND c.author_id = i.identity_id
        WHERE i.project_id = :project AND i.person_id = edge.person_id AND c.on_default = 1 AND c.parent_count < 2
          AND c.committed_at > edge.after AND c.committed_at <= edge.until
      )
      WHEN kind = 'comment' THEN (
        SELECT count(*)
        FROM person_identity i
        JOIN comment c ON c.project_id = i.project_id AND c.author_id = i.identity_id
        WHERE i.project_id = :project AND i.person_id = edge.person_id AND c.created_at > edge.after
          AND c.created_at <= edge.until
      )
      ELSE (
        SELECT count(*)
        FROM person_identity i
        JOIN review c ON c.project_id = i.project_id AND c.author_id = i.identity_id
        WHERE i.project_id = :project AND i.person_id = edge.person_id AND c.submitted_at > edge.after
          AND c.submitted_at <= edge.until
      )
    END AS n_lately
  FROM edge
)
SELECT month, person_id, CASE kind WHEN 'commit' THEN 1 ELSE 0 END AS is_commit,
  CASE WHEN last_at <= :as_of THEN n ELSE n_lately END AS n, n_lately
FROM counted
