-- 050: what the project's own .gitattributes say of files: not written by hand here. Of all paths that the history knows,
-- by the files of the default branch's newest tree (those that are gone, too: their changes still count).
CREATE TABLE path_mark (
  project_id INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  mark TEXT NOT NULL,             -- generated, vendored, documentation: as GitHub's Linguist names them
  PRIMARY KEY (project_id, path_id, mark)
) STRICT, WITHOUT ROWID;
