-- name: people_counts
-- kind: summary
-- definition: By month, of people who are no bots: people (who did anything), those of each kind, and for how many it
--     was the first month of all (new), of commits (new commit), of merged pull requests (new merged).
-- into: summary_count (project_id, series, at, n)
-- order: 40

SELECT CAST(:project AS INTEGER), 'people', month, count(DISTINCT person_id)
FROM person_month
WHERE project_id = :project AND kind <> 'merged'
GROUP BY month
UNION ALL
SELECT CAST(:project AS INTEGER), 'people ' || kind, month, count(*)
FROM person_month
WHERE project_id = :project AND kind <> 'merged'
GROUP BY kind, month
UNION ALL
SELECT CAST(:project AS INTEGER), 'new', month, count(DISTINCT person_id)
FROM person_month
WHERE project_id = :project AND is_first = 1
GROUP BY month
UNION ALL
SELECT CAST(:project AS INTEGER), 'new ' || kind, month, count(*)
FROM person_month
WHERE project_id = :project AND kind IN ('commit', 'merged') AND is_first_of_kind = 1
GROUP BY kind, month
