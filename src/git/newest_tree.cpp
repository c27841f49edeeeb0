// The files that stand in the newest tree: their size and shape, their text, and
// which commit of the main line changed each last.
#include <git/complexity.hpp>
#include <git/repository_parts.hpp>

namespace resident::git {

std::vector<Repository::HeadFile> Repository::head_files() {
  std::vector<HeadFile> files;
  const auto tip = parts_->load_default();
  if (const ObjectId* tree = tip == CommitGraph::kNone ? nullptr : parts_->graph.tree(tip)) {
    parts_->changes.list(*tree, "the default branch", [&files](const std::string& path, const Entry& entry) {
      files.push_back({path_text(path),
                       to_hexadecimal(entry.id),
                       (entry.mode & kModeKind) == kModeSubmodule,
                       (entry.mode & kModeKind) == kModeLink,
                       {},
                       {},
                       {},
                       {},
                       {}});
    });
  }
  return files;
}

void Repository::read_head_file(HeadFile& file) {
  const auto id = parse_id(file.blob);
  if (file.is_submodule || !id) return;
  auto& lines = parts_->changes.lines();
  lines.clear_if_full();
  const auto content = parts_->changes.content({kModeRegular, *id}, file.path, "the newest tree");
  if (!content) return;
  file.bytes = static_cast<std::int64_t>(content->bytes());
  if (content->is_binary()) return;
  const Complexity shape = complexity_of(lines.text(*content));
  file.lines = shape.lines;
  file.code_lines = shape.code_lines;
  file.indentation_total = shape.indentation_total;
  file.indentation_max = shape.indentation_max;
}

Repository::FileText Repository::read_text(const HeadFile& file, std::size_t most) {
  FileText result;
  const auto id = parse_id(file.blob);
  auto& objects = parts_->changes.objects();
  const auto size = id ? objects.size(*id) : std::nullopt;
  if (!size) {
    result.state = TextState::absent;
    return result;
  }
  result.bytes = static_cast<std::int64_t>(*size);
  if (*size > kMostTextBytes) {
    result.state = TextState::too_large;
    return result;
  }
  const auto content = objects.read(*id, ObjectType::blob);
  if (!content) {
    result.state = TextState::absent;
  } else if (is_binary(content->bytes())) {
    result.state = TextState::binary;
  } else {
    result.text = content->bytes().substr(0, most);
    if (content->bytes().size() > most) result.state = TextState::cut;
  }
  return result;
}

std::unordered_map<std::string, Repository::LastChange> Repository::last_changes(
    const std::unordered_set<std::string>& paths, std::unordered_set<std::string> undated, const std::string& from) {
  std::unordered_map<std::string, LastChange> dated;
  parts_->read_ahead();
  const auto tip = parts_->load_default();
  if (tip == CommitGraph::kNone) return dated;
  const auto& graph = parts_->graph;
  bool is_new = true;
  for (auto at = std::optional(tip); at; at = graph.first_parent(*at)) {
    const std::string sha = to_hexadecimal(graph.id(*at));
    is_new = is_new && sha != from;
    if (!is_new && undated.empty()) break;
    const LastChange change{sha, graph.committed_at(*at)};
    const auto parent = graph.first_parent(*at);
    const ObjectId* before = parent ? graph.tree(*parent) : nullptr;
    const ObjectId* after = graph.tree(*at);
    bool is_whole = after && (before || !parent);
    if (is_whole) {
      for (const TreeChange& each : parts_->changes.names(before, after, sha)) {
        const std::string path = path_text(each.path);
        if (undated.erase(path) || (is_new && paths.contains(path))) dated.emplace(path, change);
      }
      is_whole = parts_->changes.was_whole();
    }
    if (is_whole) continue;
    // What changed here cannot be told; what is known for sure is that all stood so from here on.
    for (const auto& path : undated) dated.emplace(path, change);
    undated.clear();
  }
  return dated;
}

}  // namespace resident::git
