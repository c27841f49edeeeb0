#include <sources/ci/automake_files.hpp>

namespace resident::ci {

std::string told_by_trs(std::string_view path, const std::set<std::string>& all) {
  constexpr std::string_view kLog = ".log", kResults = ".trs", kSuite = "test-suite.log";
  if (!path.ends_with(kLog)) return {};
  const std::string own = std::string(path.substr(0, path.size() - kLog.size())) + std::string(kResults);
  if (all.contains(own)) return own;
  const std::size_t slash = path.rfind('/');
  const std::string folder(path.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
  if (path.substr(folder.size()) != kSuite) return {};
  for (auto each = all.lower_bound(folder); each != all.end() && each->starts_with(folder); ++each)
    if (each->ends_with(kResults) && each->find('/', folder.size()) == std::string::npos) return *each;
  return {};
}

}  // namespace resident::ci
