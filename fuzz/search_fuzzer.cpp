// Whatever is typed into the search box is either a query or a usage error, and what FTS5
// is given for it is a valid expression. Plain words find the text that they are.
#include <analyses/search/query.hpp>
#include <analyses/search/words.hpp>
#include <base/text.hpp>
#include <cstdlib>
#include <store/database.hpp>
#include <text/tokens.hpp>

#include "fuzz.hpp"

namespace {

using resident::Database;
using resident::SearchQuery;

Database& table() {
  static const auto database = [] {
    auto made = resident::open_sqlite(":memory:", resident::Access::write);
    made->execute_script(
        "CREATE VIRTUAL TABLE search_words USING fts5(title, body, replies, tokenize = \"ascii tokenchars '_.+#'\");"
        "INSERT INTO search_words VALUES ('one two', 'two foo_bar', 'three 2.9')");
    return made;
  }();
  return *database;
}

std::int64_t matches(const std::string& expression) {
  try {
    return table()
        .integer("SELECT count(*) FROM search_words WHERE search_words MATCH :query", {{"query", expression}})
        .value_or(0);
  } catch (const resident::Error&) {
    std::abort();  // not an expression
  }
}

bool is_plain(const SearchQuery& query, std::string_view text) {
  if (text.find('"') != std::string_view::npos || text.size() > 1000) return false;
  if (query.terms.empty() || query.terms.size() >= resident::kMostTerms) return false;
  for (const auto& term : query.terms)
    if (term.is_excluded || term.is_prefix) return false;
  return query.is.empty() && query.labels.empty() && query.authors.empty() && query.channels.empty() &&
         query.in.empty() && !query.before && !query.after;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [](std::string_view text) {
    const SearchQuery query = resident::parse_search(text);
    if (query.terms.size() > resident::kMostTerms) std::abort();
    for (const bool any : {false, true}) {
      const std::string expression = resident::fts5_expression(query, any);
      if (expression.empty()) continue;
      matches(expression);
      matches("title : (" + expression + ")");
    }
    if (!is_plain(query, text)) return;
    const std::string words = resident::words_text(resident::clean_text(text));
    table().execute("INSERT INTO search_words (rowid, title) VALUES (2, :words)", {{"words", words}});
    const bool is_found = matches(resident::fts5_expression(query, false)) > 0;
    table().execute("DELETE FROM search_words WHERE rowid = 2");
    if (!is_found) std::abort();
  });
}
