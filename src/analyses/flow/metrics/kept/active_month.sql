-- name: active_month
-- kind: part
-- materialized: yes
-- uses: active_now

SELECT person_id, month, kind
FROM person_month
WHERE project_id = :project AND month < month_start(:as_of) AND kind <> 'merged'
UNION ALL
SELECT person_id, month_start(:as_of), kind FROM active_now WHERE kind <> 'merged'
