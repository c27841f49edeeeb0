-- 033: items that began in another tracker: bugs.python.org before GitHub, Trac before GitLab.

-- What is known of an item's first life, and by what; worked out from texts and decisions, so it may be made anew.
CREATE TABLE item_move (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,       -- the life that goes on
  tracker TEXT NOT NULL,          -- where it began: bugs.python.org
  first_number INTEGER NOT NULL,  -- under which number
  first_url TEXT,
  first_project_id INTEGER,       -- the project of this store that has it, if one does
  first_item_id INTEGER,
  opened_at INTEGER,              -- when it began there; null: not known
  responded_at INTEGER,           -- when somebody else answered there first; null: nobody did, or not known
  form TEXT NOT NULL,             -- what the line that says so has in common with others; "" for rules and decisions
  found_by TEXT NOT NULL,         -- rule, line, title, decision
  evidence TEXT NOT NULL,         -- the words themselves
  is_joined INTEGER NOT NULL,     -- 0: too weak to count, for somebody to decide
  why TEXT NOT NULL,              -- what decided that, in words
  PRIMARY KEY (project_id, item_id)
) STRICT;
CREATE INDEX item_move_first ON item_move (first_project_id, first_item_id);

-- What users decided of it, in order; the last one of an item counts.
CREATE TABLE item_move_decision (
  project_id INTEGER NOT NULL,
  decision_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  tracker TEXT NOT NULL,
  first_number INTEGER NOT NULL,
  is_joined INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, decision_id)
) STRICT;

-- How far items were searched for it: by which rules, and up to which change.
CREATE TABLE item_move_search (
  project_id INTEGER NOT NULL,
  basis TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (project_id)
) STRICT;
