-- name: people_month
-- kind: part
-- materialized: yes
-- definition: The series of people_counts until :as_of: (series, month, n).
-- uses: active_now

SELECT series, at AS month, n
FROM summary_count
WHERE project_id = :project AND at < month_start(:as_of)
  AND series IN ('people', 'people commit', 'people issue', 'people pull', 'people comment', 'people review', 'new',
    'new commit', 'new merged')
UNION ALL
SELECT 'people', month_start(:as_of), count(DISTINCT person_id) FROM active_now WHERE kind <> 'merged'
UNION ALL
SELECT 'people ' || kind, month_start(:as_of), count(*) FROM active_now WHERE kind <> 'merged' GROUP BY kind
UNION ALL
SELECT 'new', month_start(:as_of), count(DISTINCT person_id) FROM active_now WHERE is_first = 1
UNION ALL
SELECT 'new ' || kind, month_start(:as_of), count(*)
FROM active_now
WHERE kind IN ('commit', 'merged') AND is_first_of_kind = 1
GROUP BY kind
