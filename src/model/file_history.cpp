#include <algorithm>
#include <limits>
#include <model/file_history.hpp>

namespace resident {

FileHistory::File FileHistory::file_of(std::int64_t path_id, bool is_deletion) {
  const auto [found, is_new] = current_.emplace(path_id, static_cast<File>(newest_path_.size()));
  if (is_new) {
    newest_path_.push_back(path_id);
    gone_.push_back(is_deletion);
    names_.emplace_back(path_id, found->second);
  }
  return found->second;
}

FileHistory::FileHistory(const Context& context, std::optional<Timestamp> since) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", since.value_or(std::numeric_limits<std::int64_t>::min() / 2));
  const auto rows = context.database.query(
      "SELECT c.commit_id, c.author_id, c.committed_at, f.path_id, f.old_path_id, f.status FROM git_commit c "
      "JOIN file_change f ON f.project_id = c.project_id AND f.commit_id = c.commit_id WHERE c.project_id = :project "
      "AND c.on_default = 1 AND c.parent_count < 2 AND c.committed_at >= :since AND c.committed_at <= :as_of "
      "ORDER BY c.committed_at DESC, c.commit_id DESC",
      parameters);
  std::vector<std::pair<std::int64_t, File>> renamed;  // old paths, from the next older commit on
  const auto finish = [&] {
    if (commits_.empty()) return;
    Commit& commit = commits_.back();
    const auto begin = changed_.begin() + static_cast<std::ptrdiff_t>(commit.begin);
    std::sort(begin, changed_.end());
    changed_.erase(std::unique(begin, changed_.end()), changed_.end());
    commit.end = changed_.size();
    for (const auto& [old_path, file] : renamed) {
      current_[old_path] = file;
      names_.emplace_back(old_path, file);
    }
    renamed.clear();
  };
  while (rows->next()) {
    const std::int64_t id = rows->integer(0);
    if (commits_.empty() || commits_.back().commit_id != id) {
      finish();
      commits_.push_back({id, rows->optional_integer(1), rows->integer(2), changed_.size(), changed_.size()});
    }
    const std::string_view status = rows->text(5);
    const File file = file_of(rows->integer(3), status == "D");
    changed_.push_back(file);
    if (status != "R" || rows->is_null(4)) continue;
    renamed.emplace_back(rows->integer(4), file);
    ++renames_;
  }
  finish();
}

}  // namespace resident
