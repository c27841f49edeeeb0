-- 022: what people are computed from beside the ledger, so that they can be computed anew at any time.
-- A clone's .mailmap, line by line. E-mail addresses: never exported.
CREATE TABLE mailmap_entry (
  project_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT,                      -- as committed; null: every name at the address
  email TEXT NOT NULL,
  real_name TEXT,                 -- null: left as it was
  real_email TEXT,
  PRIMARY KEY (project_id, source_id, position)
) STRICT;
-- Which settings and rules the people in the store were computed by, and how often what was known before changed:
-- with another number, figures about people are of before.
CREATE TABLE people_state (
  project_id INTEGER NOT NULL,
  settings TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (project_id)
) STRICT;
-- What decided that somebody is a person or a bot.
ALTER TABLE person ADD COLUMN decided TEXT;
-- What a user said of two people who may be one: refused, or to be asked again later. Identities, since people come
-- and go with what is known.
CREATE TABLE pair_answer (
  project_id INTEGER NOT NULL,
  identity_a INTEGER NOT NULL,
  identity_b INTEGER NOT NULL,
  answer TEXT NOT NULL,           -- refused, postponed
  answered_at INTEGER NOT NULL,
  until_at INTEGER,               -- postponed: asked again from then on
  PRIMARY KEY (project_id, identity_a, identity_b)
) STRICT;
-- By which people and settings a backtest was made.
ALTER TABLE accuracy_figure ADD COLUMN basis TEXT;
