// The filters of a query (is:, label:, author:, channel:, before:, after:) and the moment it is asked for, as SQL
// conditions on search_document d with their parameters.
#pragma once

#include <analyses/search/query.hpp>
#include <framework/analysis.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace resident {

class SearchFilters {
 public:
  // Reads small sets of documents once, so that the queries do not.
  SearchFilters(const Context& context, const SearchQuery& query);

  // On search_document d, and item i and thread t where joins() has them.
  const std::string& where() const { return where_; }
  const Parameters& parameters() const { return parameters_; }
  std::string joins() const;
  // Conditions "AND … IN (…)" on the number of a document, called `id` in the query.
  std::string documents(std::string_view id) const;
  // The same of the large sets alone; the small ones are in sets(), each in order.
  std::string large_sets(std::string_view id) const;
  std::vector<const std::vector<std::int64_t>*> sets() const;

 private:
  struct Set {
    std::string sql;
    std::optional<std::vector<std::int64_t>> numbers;  // where they are few
  };
  static std::string state_condition(const std::string& is);
  // Queries of the documents that carry those marks; all of them together.
  std::vector<std::string> sets_of(const Context& context, const SearchMarks& marks);
  void add_moment(const Context& context);
  std::string documents_by(const std::vector<std::string>& authors);
  std::string is_one_of(const std::vector<std::string>& values, std::string_view column);
  void add_set(std::string sql);
  void resolve(Database& database);

  std::string where_;
  std::vector<Set> sets_;
  Parameters parameters_;
  std::vector<std::unique_ptr<std::string>> names_;  // parameters refer to them
};

}  // namespace resident
