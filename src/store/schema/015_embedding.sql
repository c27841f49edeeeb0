-- 015: what an embedding model says of items' texts, so that each text is read by it once. Only where a model is
-- configured; can be emptied at any time, it is made anew.
CREATE TABLE embedding (
  project_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  model TEXT NOT NULL,            -- hash of the model's and the vocabulary's contents, and what else decides
  text TEXT NOT NULL,             -- hash of the text: an edited one is another
  vector BLOB NOT NULL,           -- of unit length: whole numbers of 16 bits, little-endian, 32767 is 1
  PRIMARY KEY (project_id, item_id, model, text)
) STRICT;
