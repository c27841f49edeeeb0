// The suites that a line of a tree stands in, by how far it is indented.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident::ci {

inline std::size_t indent_of(std::string_view line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at == std::string_view::npos ? line.size() : at;
}

class TextTree {
 public:
  // A suite at this depth: what was open there or deeper has ended.
  void open(std::size_t indent, std::string_view name) {
    while (!open_.empty() && open_.back().first >= indent) open_.pop_back();
    if (open_.size() < kDeepest) open_.emplace_back(indent, std::string(name));
  }
  // Those around a line at this depth, joined by " > ".
  std::string path(std::size_t indent) const {
    std::string path;
    for (const auto& [depth, name] : open_)
      if (depth < indent) path.append(path.empty() ? "" : " > ").append(name);
    return path;
  }
  bool has(std::size_t indent, std::string_view name) const {
    for (const auto& [depth, each] : open_)
      if (depth == indent && each == name) return true;
    return false;
  }
  void clear() { open_.clear(); }

 private:
  static constexpr std::size_t kDeepest = 64;
  std::vector<std::pair<std::size_t, std::string>> open_;
};

}  // namespace resident::ci
