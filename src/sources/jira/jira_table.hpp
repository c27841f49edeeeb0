// Jira's export of a list of issues as CSV, as the issues that its interface gives. Columns of one name come as often
// as an issue with most of them needs ("Comment;Comment"); moments are written as the site likes them, without a zone.
#pragma once

#include <base/time.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::jira {

// How the moments of one file are written; found from all of them.
class TableMoments {
 public:
  // Throws Error where they could be read in two ways, or in none.
  explicit TableMoments(const std::vector<std::string>& cells);
  // UTC, as no zone is told; nothing for an empty cell. Throws Error for what is written otherwise.
  std::optional<Timestamp> read(std::string_view cell) const;

 private:
  bool is_day_first_ = true;
};

struct TableIssue {
  std::string key;
  std::string json;     // as of /rest/api/2/issue/KEY
  std::string problem;  // why its row cannot be read; then there is no JSON
};
// csv: the whole file. Throws Error where it is no such table.
std::vector<TableIssue> table_issues(std::string_view csv);

}  // namespace resident::jira
