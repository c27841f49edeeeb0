#include <fmt/format.h>

#include <algorithm>
#include <analyses/review/similar.hpp>
#include <base/text.hpp>
#include <cctype>
#include <cmath>
#include <map>
#include <model/queues/review.hpp>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace resident {

namespace {

// Likeness: half by files, half by words, each the cosine of what is shared, where
// what is rare counts more; the same issue alone is enough.
constexpr double kLeastLikeness = 0.45, kLeastTitle = 0.5;
constexpr std::size_t kLeastWord = 3;

// Words or paths by their numbers: each once, in order.
using Keys = std::vector<std::int64_t>;

// Numbers words.
class Words {
 public:
  Keys of(std::string_view title) {
    Keys words;
    std::string word;
    for (std::size_t i = 0; i <= title.size(); ++i) {
      const char c = i < title.size() ? title[i] : ' ';
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
        word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      } else {
        if (word.size() >= kLeastWord)
          words.push_back(numbers_.emplace(word, static_cast<std::int64_t>(numbers_.size())).first->second);
        word.clear();
      }
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
  }

 private:
  std::unordered_map<std::string, std::int64_t> numbers_;
};

struct Other {
  std::int64_t id = 0, number = 0;
  bool is_open = false;
  Keys files, words;
};

// In how many pull requests each is; what is rare weighs more.
class Rarity {
 public:
  void add(const Keys& keys) {
    for (const auto key : keys) ++in_[key];
  }
  double in(std::int64_t key) const {
    const auto found = in_.find(key);
    return found == in_.end() ? 0 : found->second;
  }

 private:
  std::unordered_map<std::int64_t, double> in_;
};

// The same among all but one, which has these keys; null: it is not among them.
class RarityAmongOthers {
 public:
  RarityAmongOthers(const Rarity& all, const Keys* without, double count)
      : all_(all), without_(without), count_(count) {}
  double squared(std::int64_t key) const {
    const bool is_own = without_ && std::binary_search(without_->begin(), without_->end(), key);
    return std::pow(std::log(1 + count_ / (1 + all_.in(key) - (is_own ? 1 : 0))), 2);
  }

 private:
  const Rarity& all_;
  const Keys* without_;
  double count_;
};

double cosine(const Keys& a, const Keys& b, const RarityAmongOthers& rarity) {
  double shared = 0, first = 0, second = 0;
  for (const auto key : a)
    if (std::binary_search(b.begin(), b.end(), key)) shared += rarity.squared(key);
  if (shared == 0) return 0;
  for (const auto key : a) first += rarity.squared(key);
  for (const auto key : b) second += rarity.squared(key);
  return shared / std::sqrt(first * second);
}

// number: of the one pull request that is asked about; 0 for all.
std::map<std::int64_t, std::set<std::int64_t>> issues_by_pull(const Context& context, std::int64_t number) {
  // The forge notes on the issue which pull request named it.
  const ReferenceRules rules = context.reference_rules();
  std::map<std::int64_t, std::set<std::int64_t>> result;
  Parameters parameters = context.parameters();
  const auto names = number ? own_names(number, true, rules) : std::vector<std::string>{"", ""};
  parameters.emplace_back("source", names.front());
  parameters.emplace_back("whole", names.back());
  for (const auto rows = context.database.query(
           "SELECT e.detail, i.number FROM event e JOIN item i ON i.project_id = e.project_id AND i.item_id = "
           "e.item_id WHERE e.project_id = :project AND e.kind = 'cross-referenced' AND e.occurred_at <= :as_of AND "
           "i.kind = 'issue' AND (:source = '' OR e.detail = :source OR lower(e.detail) = :whole)",
           parameters);
       rows->next();)
    if (const Reference source = single_reference(rows->text(0), rules);
        source.number && source.is_own() && source.kind != ReferenceKind::issue)
      result[source.number].insert(rows->integer(1));
  return result;
}

// "gh-12: …": projects that name issues so name the one that the change is for.
bool is_prefixed(std::string_view text, const Reference& reference) {
  const char first = text[reference.begin];
  return first != '#' && first != '!' &&
         text.substr(reference.begin, reference.end - reference.begin).find("://") == std::string_view::npos &&
         text.substr(reference.begin, reference.end - reference.begin).find('#') == std::string_view::npos;
}

}  // namespace

std::vector<std::int64_t> linked_issues(const Context& context, const OpenItem& item) {
  std::set<std::int64_t> numbers = issues_by_pull(context, item.number)[item.number];
  std::vector<std::int64_t> said;
  for (const std::string* part : {&item.title, &item.body})
    for (const auto& each : find_references(*part, Markup::markdown, context.reference_rules()))
      if (each.is_own() && each.kind != ReferenceKind::pull && (each.closes || is_prefixed(*part, each)))
        said.push_back(each.number);
  for (const auto number : said)
    if (context.database.integer("SELECT 1 FROM item WHERE project_id = :project AND kind = 'issue' AND number = "
                                 ":number AND created_at <= :as_of",
                                 {{"project", context.project_id}, {"number", number}, {"as_of", context.as_of}}))
      numbers.insert(number);
  return {numbers.begin(), numbers.end()};
}

struct SimilarPulls::Pool {
  explicit Pool(const Context& of) : context(of), issues(issues_by_pull(of, 0)) {
    std::unordered_set<std::int64_t> open;
    for (const auto rows = context.database.query("SELECT item_id FROM item_interval WHERE project_id = :project AND "
                                                  "opened_at <= :as_of AND (closed_at IS NULL OR closed_at > :as_of)",
                                                  context.parameters());
         rows->next();)
      open.insert(rows->integer(0));
    for (const auto rows =
             context.database.query("SELECT item_id, number, title, merged_at FROM item WHERE project_id = "
                                    ":project AND kind = 'pull' AND created_at <= :as_of ORDER BY item_id",
                                    context.parameters());
         rows->next();) {
      const bool is_open = open.contains(rows->integer(0));
      const auto merged = rows->optional_integer(3);
      if (!is_open && merged && *merged <= context.as_of) continue;
      pulls.push_back({rows->integer(0), rows->integer(1), is_open, {}, words.of(rows->text(2))});
    }
    auto at = pulls.begin();
    for (const auto rows = context.database.query(
             "SELECT item_id, path_id FROM item_file WHERE project_id = :project ORDER BY item_id, path_id",
             {{"project", context.project_id}});
         rows->next();) {
      while (at != pulls.end() && at->id < rows->integer(0)) ++at;
      if (at == pulls.end()) break;
      if (at->id == rows->integer(0) && (at->files.empty() || at->files.back() != rows->integer(1)))
        at->files.push_back(rows->integer(1));
    }
    for (const auto& pull : pulls) {
      file_rarity.add(pull.files);
      word_rarity.add(pull.words);
    }
  }

  const Context& context;
  std::vector<Other> pulls;  // open, or closed without a merge; in order of their items
  Words words;
  Rarity file_rarity, word_rarity;
  std::map<std::int64_t, std::set<std::int64_t>> issues;
};

SimilarPulls::SimilarPulls(const Context& context) : pool_(std::make_unique<Pool>(context)) {}
SimilarPulls::~SimilarPulls() = default;

std::vector<SimilarPull> SimilarPulls::of(const OpenItem& item, const std::vector<std::string>& paths,
                                          std::size_t most) {
  const Context& context = pool_->context;
  const auto issues_of = [&](std::int64_t number) -> const std::set<std::int64_t>& {
    static const std::set<std::int64_t> none;
    const auto found = pool_->issues.find(number);
    return found == pool_->issues.end() ? none : found->second;
  };
  const std::set<std::int64_t>& mine = issues_of(item.number);
  const auto self = std::lower_bound(pool_->pulls.begin(), pool_->pulls.end(), item.id,
                                     [](const Other& each, std::int64_t id) { return each.id < id; });
  const bool is_among = self != pool_->pulls.end() && self->id == item.id;
  const double count = 1 + static_cast<double>(pool_->pulls.size() - (is_among ? 1 : 0));
  const RarityAmongOthers file_rarity(pool_->file_rarity, is_among ? &self->files : nullptr, count),
      word_rarity(pool_->word_rarity, is_among ? &self->words : nullptr, count);
  const Keys words = pool_->words.of(item.title);
  Keys files;
  for (const auto& path : paths)
    if (const auto id =
            context.database.integer("SELECT path_id FROM path WHERE project_id = :project AND path = :path",
                                     {{"project", context.project_id}, {"path", path}}))
      files.push_back(*id);
  std::sort(files.begin(), files.end());
  std::vector<SimilarPull> result;
  for (const auto& other : pool_->pulls) {
    if (other.id == item.id) continue;
    const double by_files = cosine(files, other.files, file_rarity);
    const double by_words = cosine(words, other.words, word_rarity);
    SimilarPull each{other.number, other.is_open, (by_files + by_words) / 2, {}};
    std::int64_t issue = 0;
    for (const auto number : issues_of(other.number))
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
