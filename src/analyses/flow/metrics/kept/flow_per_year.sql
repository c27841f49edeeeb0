-- name: flow_per_year
-- kind: kept
-- uses: item_fact_day, item_month

WITH fact AS (
  SELECT year_start(at) AS year, fact, sum(n) AS n FROM item_fact_day GROUP BY year_start(at), fact
), calendar AS (
  SELECT DISTINCT year_start(start_at) AS start_at FROM item_month
)
SELECT substr(iso_date(y.start_at), 1, 4) AS year,
  sum(CASE WHEN f.fact = 'issue opened' THEN f.n ELSE 0 END) AS issues_opened,
  sum(CASE WHEN f.fact = 'issue closed' THEN f.n ELSE 0 END) AS issues_closed,
  sum(CASE WHEN f.fact = 'pull opened' THEN f.n ELSE 0 END) AS pulls_opened,
  sum(CASE WHEN f.fact = 'pull closed' THEN f.n ELSE 0 END) AS pulls_closed,
  sum(CASE WHEN f.fact = 'pull merged' THEN f.n ELSE 0 END) AS pulls_merged
FROM calendar y
LEFT JOIN fact f ON f.year = y.start_at
GROUP BY y.start_at
ORDER BY y.start_at
