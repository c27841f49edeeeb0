#include <algorithm>
#include <model/file_touches.hpp>
#include <unordered_map>

namespace resident {

namespace {

struct Row {
  Timestamp at;
  std::int64_t commit_id, path_id, old_path_id, author, additions;
  char status;
};

std::vector<Row> load_rows(const Context& context) {
  std::vector<Row> list;
  const auto rows = context.database.query(
      "SELECT c.committed_at, c.commit_id, f.path_id, f.old_path_id, c.author_id, f.additions, f.status FROM "
      "git_commit c JOIN file_change f ON f.project_id = c.project_id AND f.commit_id = c.commit_id WHERE c.project_id "
      "= :project AND c.on_default = 1 AND c.committed_at <= :as_of",
      context.parameters());
  while (rows->next()) {
    const auto status = rows->text(6);
    list.push_back({rows->integer(0), rows->integer(1), rows->integer(2), rows->integer(3), rows->integer(4),
                    rows->integer(5), status.empty() ? 'M' : status[0]});
  }
  // In one commit renames come first, so that a file may take the name of one that moved away.
  std::sort(list.begin(), list.end(), [](const Row& a, const Row& b) {
    return std::tuple(a.at, a.commit_id, a.status != 'R', a.path_id) <
           std::tuple(b.at, b.commit_id, b.status != 'R', b.path_id);
  });
  return list;
}

// Which file stands under a name, and which did last.
class Names {
 public:
  std::size_t file_of(std::int64_t path) {
    const auto found = now_.find(path);
    if (found != now_.end()) return found->second;
    const auto before = once_.find(path);
    if (before != once_.end()) return before->second;
    return now_[path] = count_++;
  }
  void add(std::int64_t path) {
    if (now_.contains(path)) return;  // on another branch, too
    const auto before = once_.find(path);
    // A file that comes back under its name is the same; one that moved away is another.
    const bool is_same = before != once_.end() && moved_to(before->second, path);
    now_[path] = is_same ? before->second : count_++;
  }
  void remove(std::int64_t path) {
    const auto found = now_.find(path);
    if (found == now_.end()) return;
    once_[path] = found->second;
    now_.erase(found);
  }
  // All renames of a commit at once: names may be swapped.
  void move(const std::vector<std::pair<std::int64_t, std::int64_t>>& renames) {
    std::vector<std::size_t> files;
    for (const auto& [from, to] : renames) files.push_back(file_of(from));
    for (std::size_t i = 0; i < renames.size(); ++i) {
      now_.erase(renames[i].first);
      once_[renames[i].first] = files[i];
    }
    for (std::size_t i = 0; i < renames.size(); ++i) {
      moved_[files[i]] = renames[i].second;
      now_[renames[i].second] = files[i];
    }
  }
  const std::unordered_map<std::int64_t, std::size_t>& now() const { return now_; }

 private:
  bool moved_to(std::size_t file, std::int64_t path) const {
    const auto found = moved_.find(file);
    return found == moved_.end() || found->second == path;
  }
  std::unordered_map<std::int64_t, std::size_t> now_, once_;
  std::unordered_map<std::size_t, std::int64_t> moved_;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<FileTouch> load_file_touches(const Context& context, const People& people, const ModuleMap& map) {
  const auto rows = load_rows(context);
  Names names;
  std::vector<std::size_t> file_of_row;
  file_of_row.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (i == 0 || row.commit_id != rows[i - 1].commit_id) {
      std::vector<std::pair<std::int64_t, std::int64_t>> renames;
      for (std::size_t j = i; j < rows.size() && rows[j].commit_id == row.commit_id && rows[j].status == 'R'; ++j)
        renames.emplace_back(rows[j].old_path_id, rows[j].path_id);
      if (!renames.empty()) names.move(renames);
    }
    if (row.status == 'A' || row.status == 'C') names.add(row.path_id);
    file_of_row.push_back(names.file_of(row.path_id));
    if (row.status == 'D') names.remove(row.path_id);
  }
  // The newest tree is known for certain; of an earlier moment, what the replay leaves.
  std::unordered_map<std::size_t, std::int64_t> path_of_file;
  if (!branch_went_on(context)) {
    std::vector<std::int64_t> lost;  // a crossing branch took the name away, but it stands
    for (const std::int64_t path : map.in_head()) {
      const auto found = names.now().find(path);
      if (found == names.now().end()) {
        lost.push_back(path);
      } else {
        path_of_file[found->second] = path;
      }
    }
    std::sort(lost.begin(), lost.end());
    for (const std::int64_t path : lost) path_of_file.emplace(names.file_of(path), path);
  } else {
    for (const auto& [path, file] : names.now()) {
      const auto [found, is_new] = path_of_file.emplace(file, path);
      if (!is_new) found->second = std::min(found->second, path);
    }
  }
  std::vector<FileTouch> changes;
  changes.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto found = path_of_file.find(file_of_row[i]);
    if (found == path_of_file.end() || rows[i].status == 'D') continue;
    changes.push_back({found->second, people.person(rows[i].author == 0 ? std::nullopt : std::optional(rows[i].author)),
                       rows[i].at, rows[i].additions});
  }
  return changes;
}

std::vector<std::int64_t> standing_files(const Context& context, const People& people, const ModuleMap& map) {
  if (!branch_went_on(context)) return map.in_head();
  std::vector<std::int64_t> paths;
  for (const FileTouch& touch : load_file_touches(context, people, map)) paths.push_back(touch.path_id);
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

}  // namespace resident
