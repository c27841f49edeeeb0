-- 010: how right the suggestions were in the last backtest, for the screens that show them.
CREATE TABLE accuracy_figure (
  project_id INTEGER NOT NULL,
  task TEXT NOT NULL,
  metric TEXT NOT NULL,
  value REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  baseline REAL,
  cases INTEGER NOT NULL,
  as_of INTEGER NOT NULL,         -- the moment the backtest saw nothing after
  PRIMARY KEY (project_id, task, metric)
) STRICT;
