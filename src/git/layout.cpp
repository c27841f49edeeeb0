#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <fstream>
#include <git/git_config.hpp>
#include <git/layout.hpp>
#include <git/raw_commit.hpp>
#include <sstream>
#include <vector>

namespace resident::git {

namespace {

constexpr std::size_t kMaxConfig = 4'000'000, kMaxLink = 10'000;

bool is_folder(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_file(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && (S_ISREG(status.st_mode) || S_ISLNK(status.st_mode));
}

std::string with_slash(std::string path) {
  if (!path.ends_with('/')) path += '/';
  return path;
}

std::string first_line(const std::string& text) {
  return std::string(trim(std::string_view(text).substr(0, text.find('\n'))));
}

std::string common_of(const std::string& git_folder) {
  const std::string link = first_line(read_plain_file(git_folder + "commondir", kMaxLink));
  if (link.empty()) return git_folder;
  return with_slash(link.starts_with('/') ? link : git_folder + link);
}

bool is_git_folder(const std::string& folder) {
  if (!is_file(folder + "HEAD")) return false;
  const std::string common = common_of(folder);
  return is_folder(common + "objects") && is_folder(common + "refs");
}

// The last one counts.
std::string setting(const std::vector<ConfigSetting>& all, std::string_view key) {
  std::string value;
  for (const ConfigSetting& each : all)
    if (each.key == key) value = to_lower(each.value);
  return value;
}

// What a repository must be understood to have before it may be read: as git's setup.c (2.47 and, for the last two
// names, 2.48 and 2.53) has it. Version 0 ignores what it does not know, but none that came with version 1; version 1
// knows all or refuses.
void check_format(const std::vector<ConfigSetting>& all, const std::string& path) {
  static constexpr std::array<std::string_view, 4> kFromTheBeginning{"noop", "preciousobjects", "partialclone",
                                                                     "worktreeconfig"};
  static constexpr std::array<std::string_view, 6> kSinceVersion1{
      "noop-v1", "objectformat", "compatobjectformat", "refstorage", "relativeworktrees", "submodulepathconfig"};
  const auto is_one_of = [](const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const std::string version = setting(all, "core.repositoryformatversion");
  if (version.empty()) return;
  const auto refuse = [&](const std::string& why) {
    throw Error(one_line(path) + " cannot be read: " + one_line(clean_text(why, 200)),
                "git refuses such a repository, too; make a clone of it with a git that knows it: git clone --mirror");
  };
  if (version != "0" && version != "1") refuse("its format is of version " + version + ", and 1 is the newest known");
  for (const ConfigSetting& each : all) {
    if (!each.key.starts_with("extensions.")) continue;
    const std::string_view name = std::string_view(each.key).substr(11);
    if (is_one_of(kFromTheBeginning, name)) continue;
    const bool is_known = is_one_of(kSinceVersion1, name);
    if (version == "1" && !is_known) refuse("it uses an extension that is not known: " + std::string(name));
    if (version == "0" && is_known) refuse("its format is of version 0, which has no extension " + std::string(name));
  }
}

}  // namespace

std::string read_plain_file(const std::string& path, std::size_t max_bytes) {
  struct stat status {};
  // Not through a link: it may lead anywhere.
  if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<std::size_t>(status.st_size) > max_bytes)
    return {};
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return std::move(content).str();
}

Layout find_layout(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    throw Error("cannot read " + one_line(path) + ": no such folder, or no right to see it",
                "give the path of a clone, such as one made by: git clone --bare URL");
  if (access(path.c_str(), R_OK | X_OK) != 0)
    throw Error("no right to read " + one_line(path), "run as the user who owns the clone, or let this user read it");
  Layout layout;
  const std::string folder = with_slash(path);
  if (is_git_folder(folder + ".git/")) {
    layout.git_folder = folder + ".git/";
    layout.work_tree = folder;
  } else if (const std::string link = first_line(read_plain_file(folder + ".git", kMaxLink));
             link.starts_with("gitdir:")) {
    const std::string target(trim(std::string_view(link).substr(7)));
    layout.git_folder = with_slash(target.starts_with('/') ? target : folder + target);
    layout.work_tree = folder;
  } else {
    layout.git_folder = folder;
  }
  if (!is_git_folder(layout.git_folder))
    throw Error(one_line(path) + " is not a git repository" +
                    (layout.work_tree.empty() ? "" : ": " + one_line(layout.git_folder) + " is none"),
                "give the top folder of a clone, or its .git folder");
  layout.common_folder = common_of(layout.git_folder);
  const std::vector<ConfigSetting> config = read_settings(read_plain_file(layout.common_folder + "config", kMaxConfig));
  check_format(config, path);
  // Without a version git looks at no extension.
  const bool has_version = !setting(config, "core.repositoryformatversion").empty();
  const std::string storage = has_version ? setting(config, "extensions.refstorage") : "";
  const std::string format = has_version ? setting(config, "extensions.objectformat") : "";
  if (!storage.empty() && storage != "files" && storage != "reftable")
    throw Error(
        one_line(path) + " keeps its references as '" + one_line(clean_text(storage, 40)) + "', which cannot be read",
        "make a clone of it with: git clone --mirror --ref-format=files");
  layout.has_reftables = storage == "reftable";
  if (!format.empty() && format != "sha1" && format != "sha256")
    throw Error(one_line(path) + " has object ids of an unknown kind, '" + one_line(clean_text(format, 40)) + "'");
  layout.id_bytes = format == "sha256" ? kSha256Bytes : kSha1Bytes;
  if (layout.work_tree.empty() && layout.git_folder.ends_with("/.git/") && setting(config, "core.bare") != "true")
    layout.work_tree = layout.git_folder.substr(0, layout.git_folder.size() - 5);
  return layout;
}

}  // namespace resident::git
