#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cstdlib>
#include <filesystem>
#include <git/clone.hpp>
#include <git/git_config.hpp>
#include <git/layout.hpp>

namespace resident::git {

namespace {

constexpr std::size_t kMostConfig = 4'000'000, kMostRemotes = 100, kLongestAddress = 2000;

using Pairs = std::vector<std::pair<std::string, std::string>>;

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

bool looks_like_clone(const std::filesystem::path& folder) {
  return is_there(folder / ".git") ||
         (is_there(folder / "HEAD") && is_there(folder / "objects") && is_there(folder / "refs"));
}

// "remote.ORIGIN.url" → "ORIGIN".
std::string middle_of(const std::string& key, std::string_view begin, std::string_view end) {
  if (key.size() <= begin.size() + end.size() || !key.starts_with(begin) || !key.ends_with(end)) return {};
  return key.substr(begin.size(), key.size() - begin.size() - end.size());
}

void add_instead_of(const std::vector<ConfigSetting>& all, Pairs& instead_of) {
  for (const ConfigSetting& each : all)
    if (const std::string base = middle_of(each.key, "url.", ".insteadof"); !base.empty() && !each.value.empty())
      instead_of.emplace_back(each.value, base);
}

// git's own configuration of this user (git-config, "FILES").
std::vector<std::string> users_files() {
  if (const char* named = std::getenv("GIT_CONFIG_GLOBAL")) return {named};
  std::vector<std::string> files;
  const char* home = std::getenv("HOME");
  const char* config_home = std::getenv("XDG_CONFIG_HOME");
  if (config_home && *config_home)
    files.push_back(std::string(config_home) + "/git/config");
  else if (home && *home)
    files.push_back(std::string(home) + "/.config/git/config");
  if (home && *home) files.push_back(std::string(home) + "/.gitconfig");
  return files;
}

}  // namespace

std::string without_secrets(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const std::size_t begin = scheme + 3, slash = std::min(url.find_first_of("/?#", begin), url.size());
  const std::size_t at = url.substr(0, slash).rfind('@');
  if (at == std::string::npos || at < begin) return url;
  const std::string user = url.substr(begin, at - begin);
  const bool is_login = url.starts_with("ssh") || url.starts_with("git+ssh");
  if (is_login && user.find(':') == std::string::npos) return url;
  const std::string kept = is_login ? user.substr(0, user.find(':')) + "@" : std::string();
  return url.substr(0, begin) + kept + url.substr(at + 1);
}

std::string rewritten_url(const std::string& url, const Pairs& instead_of) {
  const std::pair<std::string, std::string>* best = nullptr;
  for (const auto& each : instead_of)
    if (url.starts_with(each.first) && (!best || each.first.size() > best->first.size())) best = &each;
  return best ? best->second + url.substr(best->first.size()) : url;
}

CloneFacts find_clone(const std::string& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    throw Error(ErrorKind::usage, "there is no folder " + one_line(folder), "give the path of a clone");
  const auto start = std::filesystem::canonical(folder, ignored);
  auto place = start;
  while (!looks_like_clone(place)) {
    if (!place.has_relative_path())
      throw Error(ErrorKind::usage, one_line(start.string()) + " is in no clone",
                  "run it in a clone, or make one with git clone URL");
    place = place.parent_path();
  }
  const Layout layout = find_layout(place.string());
  CloneFacts facts;
  facts.is_bare = layout.work_tree.empty();
  facts.is_worktree = layout.git_folder != layout.common_folder;
  facts.is_shallow = is_there(layout.common_folder + "shallow");
  facts.top = std::filesystem::canonical(facts.is_bare ? layout.git_folder : layout.work_tree, ignored).string();
  const auto own = read_settings(read_plain_file(layout.common_folder + "config", kMostConfig));
  Pairs instead_of;
  for (const std::string& file : users_files())
    add_instead_of(read_settings(read_plain_file(file, kMostConfig)), instead_of);
  add_instead_of(own, instead_of);
  for (const ConfigSetting& each : own) {
    if (!middle_of(each.key, "remote.", ".promisor").empty() || each.key == "extensions.partialclone")
      facts.is_partial = true;
    const std::string name = middle_of(each.key, "remote.", ".url");
    if (name.empty() || each.value.empty() || facts.remotes.size() >= kMostRemotes) continue;
    // Of several addresses of a remote, git fetches from the first.
    const bool is_known = std::any_of(facts.remotes.begin(), facts.remotes.end(),
                                      [&](const Remote& remote) { return remote.name == name; });
    if (is_known) continue;
    const std::string url = without_secrets(rewritten_url(each.value, instead_of));
    facts.remotes.push_back({one_line(clean_text(name, 100)), one_line(clean_text(url, kLongestAddress))});
  }
  return facts;
}

}  // namespace resident::git
