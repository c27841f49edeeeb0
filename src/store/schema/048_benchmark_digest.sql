-- 048: what a run of benchmarks said, in short, so that what is kept of its values beside their rows is known to be the
-- same. '': from before this; nothing is kept of such a run.
ALTER TABLE benchmark_run ADD COLUMN digest TEXT NOT NULL DEFAULT '';
-- The next sync reads the files again.
UPDATE source_record SET fingerprint = '' WHERE EXISTS (
  SELECT 1 FROM source s WHERE s.project_id = source_record.project_id AND s.source_id = source_record.source_id AND
  s.kind = 'benchmarks');
