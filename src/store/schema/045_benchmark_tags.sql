-- 045: what the tools group a benchmark by: tags, a group, a class, a test case.
ALTER TABLE benchmark_series ADD COLUMN tags TEXT NOT NULL DEFAULT '';  -- a line each
-- The next sync reads the files again.
UPDATE source_record SET fingerprint = '' WHERE EXISTS (
  SELECT 1 FROM source s WHERE s.project_id = source_record.project_id AND s.source_id = source_record.source_id AND
  s.kind = 'benchmarks');
