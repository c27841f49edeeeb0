-- 016: what is set aside, bounded: of each reason some records are listed and the rest are counted in one row.
ALTER TABLE quarantine ADD COLUMN records INTEGER NOT NULL DEFAULT 1;  -- how many the row stands for
ALTER TABLE quarantine ADD COLUMN kind TEXT;  -- git: gap, object or tree, looked at again at every reading; null: as it was read once
