#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <filesystem>
#include <sources/interest/own_modules.hpp>

namespace resident::interest {

namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

// C and C++ share their headers.
std::string key_of(const Language& language, std::string_view name) {
  return (language.name == "python" ? "python " : "c ") + std::string(name);
}

}  // namespace

OwnModules::OwnModules(const std::vector<std::string>& paths) {
  std::unordered_set<std::string> packages;
  for (const std::string& path : paths)
    if (path.ends_with("/__init__.py") || path.ends_with("/__init__.pyi")) packages.insert(folder_of(path));
  std::vector<std::string> sorted = paths;
  std::sort(sorted.begin(), sorted.end());
  for (const std::string& path : sorted) {
    const Language* language = language_of(path);
    if (!language) continue;
    if (language->name == "c" || language->name == "c++") {
      if (path.ends_with(".h") || path.ends_with(".hpp") || path.ends_with(".hh") || path.ends_with(".hxx"))
        add_header(*language, path);
      continue;
    }
    if (language->name != "python") continue;
    std::string folder = folder_of(path);
    std::string stem = path.substr(folder.empty() ? 0 : folder.size() + 1);
    stem.resize(stem.rfind('.'));
    std::string name = stem == "__init__" ? "" : stem;
    for (; packages.contains(folder); folder = folder_of(folder)) {
      const std::string part = folder.substr(folder.rfind('/') + 1);
      name = name.empty() ? part : part + "." + name;
    }
    if (!name.empty()) add(*language, std::move(name), path);
  }
}

void OwnModules::add(const Language& language, std::string name, const std::string& path) {
  // A module and its stub are one; so are two scripts of the same name, of which nobody knows which is meant.
  if (by_name_.emplace(key_of(language, name), modules_.size()).second)
    modules_.push_back({&language, std::move(name), path});
}

void OwnModules::add_header(const Language& language, const std::string& path) {
  modules_.push_back({&language, path, path});
  for (std::size_t from = 0;;) {
    const std::string key = key_of(language, path.substr(from));
    if (!by_name_.emplace(key, modules_.size() - 1).second) ambiguous_.insert(key);
    from = path.find('/', from);
    if (from == std::string::npos) return;
    ++from;
  }
}

std::string_view OwnModules::meant(const Language& language, const Mention& mention) const {
  const auto find = [&](std::string_view name) -> std::string_view {
    const std::string key = key_of(language, name);
    const auto found = by_name_.find(key);
    return found == by_name_.end() || ambiguous_.contains(key) ? std::string_view() : modules_[found->second].name;
  };
  if (!mention.name.empty()) {
    const auto part = find(std::string(mention.module) + std::string(language.separator) + std::string(mention.name));
    if (!part.empty()) return part;
  }
  return find(mention.module);
}

std::vector<std::string> paths_below(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code code;
  fs::recursive_directory_iterator walk(folder, code), end;
  if (code) throw Error(fmt::format("cannot read the folder {}: {}", folder, code.message()), "check the path");
  std::vector<std::string> paths;
  while (walk != end) {
    const auto status = walk->symlink_status(code);
    if (fs::is_directory(status) && walk->path().filename() == ".git") walk.disable_recursion_pending();
    if (fs::is_regular_file(status)) paths.push_back(walk->path().lexically_relative(folder).generic_string());
    walk.increment(code);
    if (code) break;
  }
  return paths;
}

}  // namespace resident::interest
