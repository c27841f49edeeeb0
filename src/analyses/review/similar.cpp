#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <analyses/queues/review.hpp>
#include <analyses/review/similar.hpp>
#include <base/text.hpp>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

namespace resident {

namespace {

// Likeness: half by files, half by words, each the cosine of what is shared, where
// what is rare counts more; the same issue alone is enough.
constexpr double kLeastLikeness = 0.45, kLeastTitle = 0.5;
constexpr std::size_t kLeastWord = 3;

std::set<std::string> words_of(std::string_view title) {
  std::set<std::string> words;
  std::string word;
  for (std::size_t i = 0; i <= title.size(); ++i) {
    const char c = i < title.size() ? title[i] : ' ';
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else {
      if (word.size() >= kLeastWord) words.insert(word);
      word.clear();
    }
  }
  return words;
}

struct Other {
  std::int64_t id = 0, number = 0;
  bool is_open = false;
  std::string title;
  std::set<std::string> files, words;
};

template <class Weight>
double cosine(const std::set<std::string>& a, const std::set<std::string>& b, const Weight& weight) {
  double shared = 0, first = 0, second = 0;
  for (const auto& each : a) {
    const double w = weight(each);
    first += w * w;
    if (b.contains(each)) shared += w * w;
  }
  for (const auto& each : b) second += weight(each) * weight(each);
  return first > 0 && second > 0 ? shared / std::sqrt(first * second) : 0;
}

std::map<std::int64_t, std::set<std::int64_t>> issues_by_pull(const Context& context) {
  // The forge notes on the issue which pull request named it.
  std::map<std::int64_t, std::set<std::int64_t>> result;
  for (const auto rows = context.database.query("SELECT e.detail, i.number FROM event e JOIN item i ON i.project_id = "
                                                "e.project_id AND i.item_id = e.item_id "
                                                "WHERE e.project_id = :project AND e.kind = 'cross-referenced' AND "
                                                "e.occurred_at <= :as_of AND i.kind = 'issue'",
                                                context.parameters());
       rows->next();)
    if (const std::string source = rows->string(0); source.starts_with('#'))
      result[std::strtoll(source.c_str() + 1, nullptr, 10)].insert(rows->integer(1));
  return result;
}

std::set<std::int64_t> numbers_in(std::string_view text) {
  static const RE2 pattern(R"((?i)\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?|gh-|bpo-)[:\s]*#?(\d{1,9})\b)");
  std::set<std::int64_t> numbers;
  re2::StringPiece rest(text.data(), text.size());
  for (std::int64_t number = 0; RE2::FindAndConsume(&rest, pattern, &number);) numbers.insert(number);
  return numbers;
}

}  // namespace

std::vector<std::int64_t> linked_issues(const Context& context, const OpenItem& item) {
  auto known = issues_by_pull(context);
  std::set<std::int64_t> numbers = known[item.number];
  for (const auto number : numbers_in(item.title + "\n" + own_words(item.body)))
    if (context.database.integer("SELECT 1 FROM item WHERE project_id = :project AND kind = 'issue' AND number = "
                                 ":number AND created_at <= :as_of",
                                 {{"project", context.project_id}, {"number", number}, {"as_of", context.as_of}}))
      numbers.insert(number);
  return {numbers.begin(), numbers.end()};
}

std::vector<SimilarPull> similar_pulls(const Context& context, const OpenItem& item,
                                       const std::vector<std::string>& paths, std::size_t most) {
  std::map<std::int64_t, Other> others;
  for (const auto rows = context.database.query(
           "SELECT i.item_id, i.number, i.title, i.merged_at, (SELECT count(*) FROM item_interval v WHERE v.project_id "
           "= "
           "i.project_id AND v.item_id = i.item_id AND v.opened_at <= :as_of AND (v.closed_at IS NULL OR v.closed_at > "
           ":as_of)) FROM item i WHERE i.project_id = :project AND i.kind = 'pull' AND i.created_at <= :as_of",
           context.parameters());
       rows->next();) {
    const bool is_open = rows->integer(4) > 0;
    const auto merged = rows->optional_integer(3);
    if (rows->integer(0) == item.id || (!is_open && merged && *merged <= context.as_of)) continue;
    others[rows->integer(0)] = {rows->integer(0),       rows->integer(1), is_open, rows->string(2), {},
                                words_of(rows->text(2))};
  }
  std::map<std::string, double> files_in, words_in;
  double count = 1;
  for (const auto& [id, other] : others) {
    ++count;
    for (const auto& word : other.words) ++words_in[word];
  }
  for (const auto rows = context.database.query("SELECT f.item_id, p.path FROM item_file f JOIN path p ON p.project_id "
                                                "= f.project_id AND p.path_id = f.path_id "
                                                "WHERE f.project_id = :project",
                                                context.parameters());
       rows->next();)
    if (const auto found = others.find(rows->integer(0)); found != others.end())
      if (found->second.files.insert(rows->string(1)).second) ++files_in[rows->string(1)];
  const auto rarity = [count](const std::map<std::string, double>& in) {
    return [&in, count](const std::string& key) {
      const auto found = in.find(key);
      return std::log(1 + count / (1 + (found == in.end() ? 0 : found->second)));
    };
  };
  auto known = issues_by_pull(context);
  const std::set<std::int64_t> mine = known[item.number];
  const std::set<std::string> files(paths.begin(), paths.end()), words = words_of(item.title);
  std::vector<SimilarPull> result;
  for (const auto& [id, other] : others) {
    const double by_files = cosine(files, other.files, rarity(files_in));
    const double by_words = cosine(words, other.words, rarity(words_in));
    SimilarPull each{other.number, other.is_open, (by_files + by_words) / 2, {}};
    std::int64_t issue = 0;
    for (const auto number : known[other.number])
      if (mine.contains(number)) issue = number;
    // Files and title together, or an issue and something of either.
    const bool is_alike = each.likeness >= kLeastLikeness && by_words > 0.2;
    if (!is_alike && by_words < kLeastTitle && !(issue && by_files + by_words > 0.3)) continue;
    if (by_files == 0 && !other.files.empty() && !files.empty() && !issue) continue;
    if (issue) each.likeness = std::min(1.0, each.likeness + 0.3), each.why = fmt::format("also for #{}", issue);
    if (by_files >= 0.3)
      each.why += fmt::format("{}{:.0f} % the same files", each.why.empty() ? "" : ", ", 100 * by_files);
    if (by_words >= 0.3) each.why += fmt::format("{}a title alike", each.why.empty() ? "" : ", ");
    if (each.why.empty()) each.why = "much alike";
    result.push_back(std::move(each));
  }
  std::stable_sort(result.begin(), result.end(), [](const SimilarPull& a, const SimilarPull& b) {
    return a.likeness != b.likeness ? a.likeness > b.likeness : a.number > b.number;
  });
  if (result.size() > most) result.resize(most);
  return result;
}

}  // namespace resident
