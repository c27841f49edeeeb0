-- name: active_now
-- kind: part
-- materialized: yes
-- definition: Of person_month, what was so in the month of :as_of until then.

SELECT person_id, kind, is_first, is_first_of_kind
FROM person_month
WHERE project_id = :project AND month = month_start(:as_of)
  AND first_at < CASE WHEN kind IN ('issue', 'pull') THEN :as_of ELSE :as_of + 1 END
