-- 029: patches by mail. A series is an item (kind pull); here stands which mail is which part of which version, what
-- answers give and say, and which commit a patch became. Message-IDs are kept as keys: they often hold an address.
CREATE TABLE patch_series (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  list TEXT NOT NULL,
  state TEXT NOT NULL,            -- open, applied, partly applied, said applied, withdrawn, rejected, superseded, lapsed
  version INTEGER NOT NULL,       -- the last one's number
  versions INTEGER NOT NULL,      -- in the archive
  parts INTEGER NOT NULL,         -- of the last version
  present INTEGER NOT NULL,       -- of these, in the archive
  applied INTEGER NOT NULL,       -- of these, found in the repository
  said INTEGER NOT NULL,          -- of these, said to be applied and not taken back
  how_joined TEXT,                -- how the last version was found to be one of this series
  backport_of TEXT,               -- the commit that it carries to another branch
  tree TEXT,                      -- for which tree or branch, as its subject says
  last_at INTEGER NOT NULL,       -- its newest mail
  PRIMARY KEY (project_id, item_id)
) STRICT;

CREATE TABLE patch_mail (
  project_id INTEGER NOT NULL,
  mail_key TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  role TEXT NOT NULL,             -- cover, patch, pull request, answer
  sent_at INTEGER NOT NULL,
  sender_id INTEGER,              -- identity
  author_id INTEGER,              -- of a patch: identity
  version INTEGER,                -- position of the version among the item's, from 1
  version_number INTEGER,         -- as it says
  part INTEGER,
  parts INTEGER,
  is_current INTEGER NOT NULL DEFAULT 0,  -- stands in the last version
  is_partial INTEGER NOT NULL DEFAULT 0,  -- the version is some parts alone, the others stay
  title TEXT,
  target TEXT,                    -- of an answer: the mail_key of what it speaks of
  patch_id TEXT,                  -- as git patch-id --stable
  base_commit TEXT,
  upstream_commit TEXT,
  is_whole INTEGER,               -- of a patch: its diff can be read
  says TEXT,                      -- of an answer: applied, will apply, taken back, …
  says_parts TEXT,                -- of which parts, separated by blanks; null: of its target
  commit_sha TEXT,                -- what it became
  found_by TEXT,                  -- link, patch-id, author and date, title
  applied_at INTEGER,
  PRIMARY KEY (project_id, mail_key)
) STRICT;
CREATE INDEX patch_mail_by_item ON patch_mail (project_id, item_id, sent_at);

-- Review tags of answers; those that do not count say why.
CREATE TABLE patch_tag (
  project_id INTEGER NOT NULL,
  mail_key TEXT NOT NULL,
  position INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  token TEXT NOT NULL,            -- reviewed-by, acked-by, tested-by, nacked-by
  identity_id INTEGER,            -- who is named
  counts INTEGER NOT NULL,
  note TEXT,                      -- given for somebody else; by the author; from another address than the one named
  PRIMARY KEY (project_id, mail_key, position)
) STRICT;

-- Lines of a MAINTAINERS file of the newest tree, in their order; e-mail addresses stand with the identities.
CREATE TABLE maintainer_line (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  section TEXT NOT NULL,
  kind TEXT NOT NULL,             -- M, R, L, S, F, X, N, K, …
  value TEXT NOT NULL,
  identity_id INTEGER,            -- M, R: the person
  PRIMARY KEY (project_id, source_id, position)
) STRICT;
