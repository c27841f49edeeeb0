#include <algorithm>
#include <base/pattern.hpp>
#include <functional>
#include <model/commit_links.hpp>

namespace resident {

CommitIndex::CommitIndex(const Context& context) : context_(context) {
  lines_ = {"", ""};
  load_commits();
  load_numbers();
  name_lines();
  const std::hash<std::string_view> hash;
  for (std::uint32_t place = 0; place < visible_; ++place) {
    const std::string_view subject = commits_[place].subject, title = title_of(subject);
    by_subject_.emplace_back(hash(subject), place);
    by_title_.emplace_back(hash(title), place);
    by_words_.emplace_back(hash(without_prefixes(title)), place);
  }
  for (TextIndex* index : {&by_subject_, &by_title_, &by_words_}) std::sort(index->begin(), index->end());
}

std::string_view CommitIndex::title_of(std::string_view subject) const {
  return without_numbers(split_branch_label(subject, line_numbers_).second);
}

CommitIndex::Places CommitIndex::matches(const TextIndex& index, std::string_view text) {
  Places places;
  const std::size_t hash = std::hash<std::string_view>()(text);
  for (auto found = std::lower_bound(index.begin(), index.end(), std::pair(hash, std::uint32_t{0}));
       found != index.end() && found->first == hash; ++found)
    places.push_back(found->second);
  return places;
}

void CommitIndex::load_commits() {
  const auto rows = context_.database.query(
      "SELECT commit_id, sha, subject, author_id, committer_id, committed_at, on_default, parent_count FROM git_commit "
      "WHERE project_id = :project AND (in_history = 1 OR on_default = 1) ORDER BY committed_at, commit_id",
      {{"project", context_.project_id}});
  while (rows->next()) {
    const bool on_default = rows->integer(6) == 1;
    commits_.push_back({rows->integer(0), rows->string(1), rows->string(2), rows->optional_integer(3),
                        rows->optional_integer(4), rows->integer(5), on_default, rows->integer(7) > 1,
                        on_default ? kDefault : kUnknown});
    if (commits_.back().at <= context_.as_of) visible_ = commits_.size();
    by_sha_.push_back(static_cast<std::uint32_t>(by_sha_.size()));
  }
  std::sort(by_sha_.begin(), by_sha_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return commits_[a].sha < commits_[b].sha; });
}

void CommitIndex::load_numbers() {
  const auto rows = context_.database.query(
      "SELECT sha, item_id, relation FROM item_commit WHERE project_id = :project AND relation IN ('merge', "
      "'backport', 'original') ORDER BY item_id",
      {{"project", context_.project_id}});
  while (rows->next()) {
    const auto place = place_of(rows->text(0));
    if (!place || *place >= visible_ || rows->integer(1) % 2 == 0) continue;
    const std::int64_t number = rows->integer(1) / 2;
    if (rows->text(2) == "original") {
      originals_[commits_[*place].commit_id].push_back(number);
    } else {
      by_number_[number].push_back(*place);
    }
  }
  for (auto& [number, places] : by_number_) std::sort(places.begin(), places.end());
}

std::uint32_t CommitIndex::line_called(const std::string& name) {
  const auto [found, is_new] = line_numbers_.emplace(name, static_cast<std::uint32_t>(lines_.size()));
  if (is_new) lines_.push_back(name);
  return found->second;
}

void CommitIndex::name_lines() {
  std::unordered_map<std::uint32_t, Places> parents;
  for (const auto rows = context_.database.query(
           "SELECT c.sha, p.parent_sha FROM git_commit c JOIN commit_parent p ON p.project_id = c.project_id AND "
           "p.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = 0 AND c.in_history = 1",
           {{"project", context_.project_id}});
       rows->next();) {
    const auto place = place_of(rows->text(0)), parent = place_of(rows->text(1));
    if (place && parent && !commits_[*parent].on_default) parents[*place].push_back(*parent);
  }
  struct Tip {
    bool is_branch;
    Timestamp at;
    std::string name;
    std::uint32_t place;
  };
  std::vector<Tip> tips;
  static const Pattern version(R"((?:^|[^\d.])(\d+\.\d+))"), branch(R"(refs/(?:heads|remotes/[^/]+)/(.+))");
  for (const auto rows =
           context_.database.query("SELECT name, sha FROM git_ref WHERE project_id = :project ORDER BY name, source_id",
                                   {{"project", context_.project_id}});
       rows->next();) {
    const std::string reference = rows->string(0);
    const auto place = place_of(rows->text(1));
    if (!place || commits_[*place].on_default) continue;
    std::string name;
    const bool is_tag = reference.starts_with("refs/tags/");
    if (is_tag ? version.found_in(reference.substr(10), &name) : branch.matches(reference, &name))
      tips.push_back({!is_tag, commits_[*place].at, name, *place});
  }
  std::stable_sort(tips.begin(), tips.end(),
                   [](const Tip& a, const Tip& b) { return a.is_branch != b.is_branch ? !a.is_branch : a.at < b.at; });
  for (const Tip& tip : tips) {
    const std::uint32_t line = line_called(tip.name);
    for (Places open{tip.place}; !open.empty();) {
      const std::uint32_t place = open.back();
      open.pop_back();
      if (commits_[place].line != kUnknown) continue;
      commits_[place].line = line;
      if (const auto found = parents.find(place); found != parents.end())
        open.insert(open.end(), found->second.begin(), found->second.end());
    }
  }
  for (const auto rows = context_.database.query(
           "SELECT l.sha, i.base_ref FROM item_commit l JOIN item i ON i.project_id = l.project_id AND i.item_id = "
           "l.item_id WHERE l.project_id = :project AND l.relation IN ('merge', 'backport') AND i.base_ref IS NOT NULL "
           "ORDER BY i.item_id",
           {{"project", context_.project_id}});
       rows->next();)
    if (const auto place = place_of(rows->text(0)); place && !commits_[*place].on_default)
      commits_[*place].line = line_called(rows->string(1));
  for (auto& commit : commits_)
    if (!commit.on_default)
      if (const std::string name = split_branch_label(commit.subject, line_numbers_).first; !name.empty())
        commit.line = line_called(name);
}

std::optional<std::uint32_t> CommitIndex::place_of(std::string_view sha) const {
  const auto found = std::lower_bound(by_sha_.begin(), by_sha_.end(), sha,
                                      [&](std::uint32_t place, std::string_view s) { return commits_[place].sha < s; });
  return found != by_sha_.end() && commits_[*found].sha == sha ? std::optional(*found) : std::nullopt;
}

const HistoryCommit* CommitIndex::by_sha(std::string_view prefix) const {
  if (prefix.size() < 7) return nullptr;
  auto found = std::lower_bound(by_sha_.begin(), by_sha_.end(), prefix,
                                [&](std::uint32_t place, std::string_view sha) { return commits_[place].sha < sha; });
  const HistoryCommit* only = nullptr;
  for (; found != by_sha_.end() && commits_[*found].sha.starts_with(prefix); ++found) {
    if (*found >= visible_) continue;
    if (only) return nullptr;
    only = &commits_[*found];
  }
  return only;
}

const HistoryCommit* CommitIndex::newest(const Places& places, const HistoryCommit& than, Where where) const {
  const auto limit = static_cast<std::uint32_t>(&than - commits_.data());
  const HistoryCommit* best = nullptr;
  for (auto place = std::lower_bound(places.begin(), places.end(), limit); place != places.begin();) {
    const HistoryCommit& commit = commits_[*--place];
    if (where == Where::line && commit.line == than.line) return &commit;
    if (!best && commit.on_default) best = &commit;
    if (where == Where::on_default && best) break;
  }
  return best;
}

const HistoryCommit* CommitIndex::by_subject(std::string_view subject, const HistoryCommit& than, Where where) const {
  if (subject.empty()) return nullptr;
  const HistoryCommit* commit = newest(matches(by_subject_, subject), than, where);
  if (commit && commit->subject == subject) return commit;
  const std::string_view title = title_of(subject);
  if (title.empty()) return nullptr;
  commit = newest(matches(by_title_, title), than, where);
  if (commit && title_of(commit->subject) == title) return commit;
  const std::string_view words = without_prefixes(title);
  if (words.empty()) return nullptr;
  const Places places = matches(by_words_, words);
  commit = newest(places, than, where);
  // "Fix a typo" is said often: then it says nothing.
  const bool is_it = commit && without_prefixes(title_of(commit->subject)) == words;
  return is_it && !newest(places, *commit, where) ? commit : nullptr;
}

const HistoryCommit* CommitIndex::by_number(std::int64_t number, const HistoryCommit& than, Where where) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : newest(found->second, than, where);
}

std::vector<std::int64_t> CommitIndex::original_numbers(const HistoryCommit& commit) const {
  const auto found = originals_.find(commit.commit_id);
  return found == originals_.end() ? std::vector<std::int64_t>{} : found->second;
}

std::unordered_map<std::int64_t, std::vector<std::string>> CommitIndex::marks(std::string_view kind) const {
  std::unordered_map<std::int64_t, std::vector<std::string>> values;
  const auto rows = context_.database.query(
      "SELECT commit_id, value FROM commit_mark WHERE project_id = :project AND kind = :kind ORDER BY commit_id, "
      "position",
      {{"project", context_.project_id}, {"kind", std::string(kind)}});
  while (rows->next()) values[rows->integer(0)].push_back(rows->string(1));
  return values;
}

}  // namespace resident
