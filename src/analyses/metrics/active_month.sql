-- name: active_month
-- kind: part
-- definition: Who did what in which month, once each: (person_id, month, kind), from activity.
-- uses: activity

SELECT DISTINCT person_id, month_start(at) AS month, kind FROM activity
