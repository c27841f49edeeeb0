#include <algorithm>
#include <analyses/lines.hpp>
#include <analyses/reviewers/history.hpp>
#include <base/text.hpp>
#include <cctype>
#include <set>

namespace resident::reviewers {

namespace {

constexpr std::size_t kShortestWord = 3;
// What the forge does with a new pull request, it does within that time.
constexpr Timestamp kOpening = kMinute;

// Lower-case words of letters and digits.
template <class Each>
void each_word(std::string_view text, const Each& each) {
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (std::isalnum(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80)) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      continue;
    }
    if (word.size() >= kShortestWord) each(word);
    word.clear();
  }
}

}  // namespace

class HistoryLoader {
 public:
  HistoryLoader(const Context& context, ReviewHistory& history) : context_(context), history_(history) {}

  void load() {
    load_pulls();
    load_files();
    load_acts();
    load_links();
    load_commits();
    load_lines();
    load_owners();
    std::stable_sort(history_.acts.begin(), history_.acts.end(),
                     [](const Act& a, const Act& b) { return a.at < b.at; });
    history_.issue_count = static_cast<Index>(issues_.size());
    history_.key_count = static_cast<Index>(keys_.size());
    history_.word_count = static_cast<Index>(words_.size());
  }

 private:
  std::unique_ptr<Rows> query(std::string_view sql) { return context_.database.query(sql, context_.parameters()); }

  Index person(const std::optional<std::int64_t>& identity) {
    const std::int64_t id = history_.people.person(identity);
    return id == 0 ? kNone : person_of(id);
  }

  Index person_of(std::int64_t id) {
    const auto [found, is_new] = persons_.emplace(id, static_cast<Index>(history_.person_ids.size()));
    if (is_new) {
      history_.person_ids.push_back(id);
      history_.is_bot.push_back(history_.people.bots.contains(id));
      history_.names_.push_back(history_.people.name(id));
    }
    return found->second;
  }

  Index issue_of(std::int64_t item) { return issues_.emplace(item, static_cast<Index>(issues_.size())).first->second; }

  static Index number_of(std::unordered_map<std::string, Index>& table, const std::string& text) {
    return table.emplace(text, static_cast<Index>(table.size())).first->second;
  }

  void add(Timestamp at, ActKind kind, Index who, Index pull = kNone, Index file = kNone, double amount = 0) {
    if (who == kNone || history_.is_bot[who]) return;
    history_.acts.push_back({at, kind, who, pull, file, static_cast<float>(amount)});
  }

  void load_pulls() {
    // The title as it was at first: what it was renamed from.
    std::unordered_map<std::int64_t, std::string> first_titles;
    for (const auto rows = query(
             "SELECT item_id, detail FROM event WHERE project_id = :project AND kind = 'renamed' AND detail IS NOT "
             "NULL ORDER BY item_id, position");
         rows->next();) {
      const std::string detail = rows->string(1);
      if (const std::size_t arrow = detail.find(" → "); arrow != std::string::npos)
        first_titles.emplace(rows->integer(0), detail.substr(0, arrow));
    }
    std::unordered_map<std::int64_t, std::optional<Timestamp>> closed;
    for (const auto rows = query("SELECT item_id, closed_at FROM item_interval WHERE project_id = :project AND "
                                 "opened_at <= :as_of ORDER BY item_id, opened_at");
         rows->next();) {
      const auto at = rows->optional_integer(1);
      closed[rows->integer(0)] = at && *at <= context_.as_of ? at : std::nullopt;
    }
    for (const auto rows = query("SELECT item_id, number, author_id, created_at, title FROM item WHERE project_id = "
                                 ":project AND kind = 'pull' AND created_at <= :as_of ORDER BY created_at, item_id");
         rows->next();) {
      Pull pull;
      pull.id = rows->integer(0);
      pull.number = rows->integer(1);
      pull.author = person(rows->optional_integer(2));
      pull.author_is_bot = pull.author != kNone && history_.is_bot[pull.author];
      pull.opened_at = rows->integer(3);
      if (const auto found = closed.find(pull.id); found != closed.end()) pull.closed_at = found->second;
      const auto renamed = first_titles.find(pull.id);
      each_word(renamed == first_titles.end() ? rows->string(4) : renamed->second, [&](const std::string& word) {
        const Index number = number_of(words_, word);
        if (std::find(pull.words.begin(), pull.words.end(), number) == pull.words.end()) pull.words.push_back(number);
      });
      const auto index = static_cast<Index>(history_.pulls.size());
      history_.pull_index[pull.id] = index;
      add(pull.opened_at, ActKind::opened, pull.author, index);
      history_.pulls.push_back(std::move(pull));
    }
  }

  // The keys of a file: itself, its folders from the inside out, and its bare name
  // ("test_x.py", "_x.c" and "x.rst" share "x"), and its ending.
  Index file_of(std::int64_t path_id, const std::string& path) {
    const auto [found, is_new] = files_.emplace(path_id, static_cast<Index>(history_.file_keys.size()));
    if (!is_new) return found->second;
    std::vector<Index> keys{number_of(keys_, path)};
    for (std::size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
         slash = path.rfind('/', slash - 1))
      keys.push_back(number_of(keys_, path.substr(0, slash + 1)));
    keys.push_back(number_of(keys_, "~" + bare_name(path)));
    const std::size_t dot = path.rfind('.');
    keys.push_back(number_of(keys_, dot == std::string::npos ? "." : "*" + path.substr(dot)));
    history_.file_keys.push_back(std::move(keys));
    return found->second;
  }

  static std::string bare_name(const std::string& path) {
    std::string name = path.substr(path.rfind('/') + 1);
    name = to_lower(name.substr(0, name.find('.', 1)));
    for (const std::string_view affix : {"test_", "tests_", "bench_", "_"})
      if (name.starts_with(affix) && name.size() > affix.size()) name.erase(0, affix.size());
    for (const std::string_view affix : {"_test", "_tests", "_impl", "_bench", "module", ".test", ".spec"})
      if (name.ends_with(affix) && name.size() > affix.size()) name.erase(name.size() - affix.size());
    return name;
  }

  void load_files() {
    for (const auto rows = query("SELECT f.item_id, f.path_id, p.path FROM item_file f JOIN path p ON p.project_id = "
                                 "f.project_id AND p.path_id = f.path_id WHERE f.project_id = :project ORDER BY "
                                 "f.item_id, f.path_id");
         rows->next();) {
      const auto found = history_.pull_index.find(rows->integer(0));
      if (found == history_.pull_index.end()) continue;
      const std::string path = rows->string(2);
      Pull& pull = history_.pulls[found->second];
      if (!pull.paths.empty() && pull.paths.back() == path) continue;  // told by two sources
      pull.files.push_back(history_.file_keys[file_of(rows->integer(1), path)]);
      pull.paths.push_back(path);
    }
  }

  void load_acts() {
    const auto act = [&](Rows& row, ActKind on_pull) {
      const std::int64_t item = row.integer(0);
      const auto found = history_.pull_index.find(item);
      const bool is_pull = found != history_.pull_index.end();
      add(row.integer(2), is_pull ? on_pull : ActKind::issue, person(row.optional_integer(1)),
          is_pull ? found->second : kNone, is_pull ? kNone : issue_of(item));
    };
    for (const auto rows = query("SELECT item_id, author_id, submitted_at FROM review WHERE project_id = :project AND "
                                 "submitted_at <= :as_of ORDER BY submitted_at, item_id, review_key");
         rows->next();)
      act(*rows, ActKind::review);
    for (const auto rows = query("SELECT item_id, author_id, created_at, kind FROM comment WHERE project_id = :project "
                                 "AND created_at <= :as_of ORDER BY created_at, item_id, comment_key");
         rows->next();)
      act(*rows, rows->text(3) == "inline" ? ActKind::inline_comment : ActKind::comment);
    for (const auto rows = query("SELECT item_id, author_id, created_at FROM item WHERE project_id = :project AND kind "
                                 "= 'issue' AND created_at <= :as_of ORDER BY created_at, item_id");
         rows->next();)
      act(*rows, ActKind::issue);
    for (const auto rows = query("SELECT item_id, actor_id, occurred_at, kind, subject_id FROM event WHERE project_id "
                                 "= :project AND occurred_at <= :as_of AND kind IN ('merged', 'closed', 'reopened', "
                                 "'labeled', 'milestoned', 'assigned', 'review_requested') "
                                 "ORDER BY occurred_at, item_id, position");
         rows->next();) {
      const auto found = history_.pull_index.find(rows->integer(0));
      const Index pull = found == history_.pull_index.end() ? kNone : found->second;
      const bool is_merge = rows->text(3) == "merged";
      add(rows->integer(2), is_merge ? ActKind::merged : ActKind::other, person(rows->optional_integer(1)), pull);
      if (rows->text(3) == "review_requested")
        add(rows->integer(2), ActKind::requested, person(rows->optional_integer(4)), pull);
    }
  }

  // The forge notes a reference where it points to, at the moment it was written: so
  // the text as it was opened speaks, not what it was edited to.
  void load_links() {
    std::unordered_map<std::int64_t, Index> by_number;
    for (Index i = 0; i < history_.pulls.size(); ++i) by_number[history_.pulls[i].number] = i;
    for (const auto rows =
             query("SELECT item_id, detail, occurred_at FROM event WHERE project_id = :project AND kind = "
                   "'cross-referenced' AND occurred_at <= :as_of ORDER BY item_id, position");
         rows->next();) {
      const std::string source = rows->string(1);
      if (!source.starts_with('#')) continue;
      const auto found = by_number.find(std::strtoll(source.c_str() + 1, nullptr, 10));
      if (found == by_number.end()) continue;
      Pull& pull = history_.pulls[found->second];
      if (rows->integer(2) < pull.opened_at || rows->integer(2) > pull.opened_at + kOpening) continue;
      const auto target = history_.pull_index.find(rows->integer(0));
      const bool is_pull = target != history_.pull_index.end();
      pull.links.push_back({is_pull, is_pull ? target->second : issue_of(rows->integer(0))});
    }
  }

  void load_commits() {
    for (const auto rows = query(
             "SELECT c.author_id, c.committed_at, f.path_id, p.path, f.additions FROM git_commit c JOIN file_change f "
             "ON f.project_id = c.project_id AND f.commit_id = c.commit_id JOIN path p ON p.project_id = f.project_id "
             "AND p.path_id = f.path_id WHERE c.project_id = :project AND c.on_default = 1 AND c.committed_at <= "
             ":as_of ORDER BY c.committed_at, c.commit_id, f.path_id");
         rows->next();)
      add(rows->integer(1), ActKind::commit, person(rows->optional_integer(0)), kNone,
          file_of(rows->integer(2), rows->string(3)), static_cast<double>(rows->integer(4)));
  }

  // Who wrote the lines that stood at the beginning of any month: of those that went
  // later the store knows no more than the months.
  void load_lines() {
    if (!why_no_lines(context_).empty()) return;
    std::unordered_map<std::int64_t, std::string> paths;
    for (const auto rows = query("SELECT path_id, path FROM path WHERE project_id = :project"); rows->next();)
      paths[rows->integer(0)] = rows->string(1);
    const auto line = [&](Timestamp at, Index who, std::int64_t path_id, double count) {
      if (at <= context_.as_of) add(at, ActKind::lines, who, kNone, file_of(path_id, paths[path_id]), count);
    };
    for (const auto rows = query("SELECT path_id, author_id, born_at, lines FROM line_owner WHERE project_id = "
                                 ":project AND born_at <= :as_of ORDER BY path_id, commit_id");
         rows->next();)
      line(start_of_month_number(month_number(rows->integer(2)) + 1), person(rows->optional_integer(1)),
           rows->integer(0), static_cast<double>(rows->integer(3)));
    for (const auto rows = query("SELECT path_id, author_id, born_month, died_month, lines FROM line_death WHERE "
                                 "project_id = :project ORDER BY path_id, author_id, born_month, died_month");
         rows->next();) {
      const Index who = person(rows->optional_integer(1));
      const auto count = static_cast<double>(rows->integer(4));
      line(start_of_month_number(static_cast<int>(rows->integer(2)) + 1), who, rows->integer(0), count);
      line(start_of_month_number(static_cast<int>(rows->integer(3)) + 1), who, rows->integer(0), -count);
    }
  }

  void load_owners() {
    for (const auto rows = query("SELECT pattern, owners FROM codeowner WHERE project_id = :project ORDER BY "
                                 "source_id, line");
         rows->next();) {
      std::vector<Index> owners;
      for (const auto owner : split(rows->string(1), ' ')) {
        if (!owner.starts_with('@')) continue;
        const auto found = history_.people.by_login.find(to_lower(owner.substr(1)));
        if (found != history_.people.by_login.end()) owners.push_back(person_of(found->second));
      }
      history_.owner_rules.emplace_back(rows->string(0), std::move(owners));
    }
  }

  const Context& context_;
  ReviewHistory& history_;
  std::unordered_map<std::int64_t, Index> persons_, files_, issues_;
  std::unordered_map<std::string, Index> keys_, words_;
};

ReviewHistory::ReviewHistory(const Context& context) : people(load_people(context)) {
  HistoryLoader(context, *this).load();
}

const std::string& ReviewHistory::name(Index person) const {
  static const std::string someone = "someone";
  return person < names_.size() ? names_[person] : someone;
}

std::vector<Index> ReviewHistory::owners_of(const std::string& path) const {
  for (auto rule = owner_rules.rbegin(); rule != owner_rules.rend(); ++rule)
    if (owner_pattern_matches(rule->first, path)) return rule->second;
  return {};
}

namespace {

// `*` and `?` stop at a slash, `**` does not.
bool glob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.starts_with("**/")) {
    for (std::size_t i = 0; i <= text.size(); ++i)
      if ((i == 0 || text[i - 1] == '/') && glob(pattern.substr(3), text.substr(i))) return true;
    return false;
  }
  if (pattern.starts_with("**"))
    return pattern.size() == 2 || glob(pattern.substr(2), text) || (!text.empty() && glob(pattern, text.substr(1)));
  if (pattern.front() == '*')
    return glob(pattern.substr(1), text) || (!text.empty() && text.front() != '/' && glob(pattern, text.substr(1)));
  if (text.empty() || (pattern.front() != text.front() && (pattern.front() != '?' || text.front() == '/')))
    return false;
  return glob(pattern.substr(1), text.substr(1));
}

constexpr std::size_t kLongestPattern = 500;
constexpr std::ptrdiff_t kMostStars = 8;  // more would cost time without end

}  // namespace

bool owner_pattern_matches(std::string_view pattern, std::string_view path) {
  if (pattern.empty() || pattern.size() > kLongestPattern ||
      std::count(pattern.begin(), pattern.end(), '*') > kMostStars)
    return false;
  const bool is_folder = pattern.ends_with('/');
  if (is_folder) pattern.remove_suffix(1);
  const bool is_anchored = pattern.find('/') != std::string_view::npos;
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  // "docs/*" covers the files of docs, not those of its subfolders.
  const bool whole_only = pattern.ends_with("/*");
  // Else a match of the path itself, or of a folder that it is in.
  for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
    const std::string_view part = path.substr(0, end);
    const bool is_whole = end == std::string_view::npos;
    if (is_whole ? !is_folder : !whole_only) {
      if (glob(pattern, part)) return true;
      if (!is_anchored && glob(pattern, part.substr(part.rfind('/') + 1))) return true;
    }
    if (is_whole) return false;
  }
}

}  // namespace resident::reviewers
