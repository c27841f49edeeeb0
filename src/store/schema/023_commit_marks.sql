-- 023: what commit messages say beside git's trailers, so that `trailer` holds those that git reads and no more: lines
-- "Co-authored-by: …" elsewhere than in git's last paragraph, which forges count, too, "(cherry picked from commit …)" and
-- "This reverts commit …". The next sync of a clone reads the messages of commits anew.
CREATE TABLE IF NOT EXISTS commit_mark (
  project_id INTEGER NOT NULL,
  commit_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- co-authored-by, cherry-picked-from, reverts
  value TEXT NOT NULL,            -- a person, with the e-mail address blanked, or a sha
  identity_id INTEGER,            -- where the value names a person
  PRIMARY KEY (project_id, commit_id, position)
) STRICT;
INSERT INTO commit_mark (project_id, commit_id, position, kind, value, identity_id)
  SELECT project_id, commit_id, position, token, value, identity_id FROM trailer
  WHERE token IN ('cherry-picked-from', 'reverts');
DELETE FROM trailer WHERE token IN ('cherry-picked-from', 'reverts');
