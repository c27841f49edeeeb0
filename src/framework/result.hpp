// A Result is what every analysis returns and every view renders: a claim in a
// sentence, typed columns with units, rows, a hint for a picture, and all that a
// reader needs to trust the numbers or to refute them. Views know nothing of
// analyses, and analyses nothing of views: N + M, never N × M.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace resident {

// A cell: nothing, a whole number, a number, or text.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

enum class ColumnType {
  text,
  integer,
  number,
  share,     // 0 to 1, shown as per cent
  duration,  // seconds, shown as "7.5 h"
  date,      // Timestamp, shown as 2024-01-31
  time,      // Timestamp, shown as 2024-01-31 10:00
  item,      // number of an issue or pull request; linked by the column named in `link`
  url,
};

// What a column's words are, where views treat them in a way of their own: the lines of a queue, and what has a page.
enum class ColumnRole {
  none,
  verb,    // what to do, or how it stands: what one scans a queue by
  title,   // of the thing to be done
  reason,  // why it stands there
  person,  // a name, or several after commas
  file,
  module,
  label,  // one, or several after commas
  project,
  test,     // of the suite, as "suite: name"
  item_id,  // the store's, hidden: what a form beside the row is about
};

struct Column {
  std::string name;   // key in JSON and CSV: snake_case
  std::string title;  // for people
  ColumnType type = ColumnType::text;
  std::string unit = {};         // "issues per week"
  std::string description = {};  // what exactly, when the title does not say it
  std::string link = {};         // name of the column that holds this cell's address
  bool hidden = false;           // left out of tables for people; in JSON and CSV
  bool exact = false;            // what would be sent: shown to its last character
  ColumnRole role = ColumnRole::none;
};

// How to draw it. Views that can't draw show the table alone.
struct Chart {
  enum class Kind { none, line, step, bar, area, dot };
  Kind kind = Kind::none;
  std::string x;                    // column
  std::vector<std::string> y;       // columns, one line or colour each
  std::string series = {};          // or: column whose values tell the lines apart (then y has one entry)
  std::string low = {}, high = {};  // columns with the interval around y[0]
  std::string y_label = {};
};

// How rows are read: as a table, or as things to be done one after the other, two lines each (a column's role says what
// stands where); by_verb: those of one verb together.
enum class Layout { table, queue, queue_by_verb };

struct Evidence {
  std::string title;
  std::string sql = {};  // for `resident sql`: gives the rows behind the figure
  std::string url = {};
};

struct Result {
  std::string name;  // snake_case; the analysis and, where it returns several, the part
  std::string title;
  std::string question;  // that it answers
  std::string claim;     // the answer in a sentence, in plain text
  std::string project;
  bool simulated = false;
  Timestamp as_of = 0;
  std::optional<Timestamp> data_until;  // freshness: the newest moment the data speaks of
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  Chart chart;
  std::optional<std::int64_t> sample_size;
  std::string uncertainty;  // how sure, in words or as an interval; empty: exact counts
  std::string coverage;     // what is missing from the data
  std::string definition;   // of the measure and its variant, with its source
  std::string method;       // how it was computed
  std::vector<Evidence> evidence;
  std::vector<std::string> notes;
  Layout layout = Layout::table;

  // Index of a column; throws Error where there is none (a bug in the analysis).
  std::size_t column(std::string_view column_name) const;
  // Says what columns are; throws Error where there is none of a name.
  void set_roles(std::initializer_list<std::pair<std::string_view, ColumnRole>> roles);
};

// Text of a cell as people read it (durations with a unit, dates as dates).
std::string format_cell(const Cell& cell, ColumnType type);
// Text of a cell as programs read it: times as RFC 3339, durations in seconds.
std::string raw_cell(const Cell& cell, ColumnType type);
// E-mail addresses that people wrote into titles, texts and names become "<e-mail>"; a name that is one keeps the part
// before the
// @, so that people are still told apart. The store has them, no view of a Result does; columns that are exact stay as
// they are.
void hide_emails(Result& result);
std::string hide_emails(const std::string& text);
const char* type_name(ColumnType type);
const char* kind_name(Chart::Kind kind);

}  // namespace resident
