#include <algorithm>
#include <cstddef>
#include <model/codeowners.hpp>

namespace resident {

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

}  // namespace resident
