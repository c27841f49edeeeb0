#include <sys/stat.h>
#include <unistd.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <fstream>
#include <sources/git/layout.hpp>
#include <sources/git/raw_commit.hpp>
#include <sstream>

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

// The value of 'section.key' in a git configuration; the last one counts.
std::string setting(const std::string& config, std::string_view section, std::string_view key) {
  std::string value;
  bool is_here = false;
  for (std::string_view line : split(config, '\n')) {
    line = trim(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      const std::size_t end = line.find(']');
      is_here = to_lower(trim(line.substr(1, end == std::string_view::npos ? end : end - 1))) == section;
      if (end == std::string_view::npos) continue;
      line = trim(line.substr(end + 1));
    }
    if (!is_here) continue;
    const std::size_t equal = line.find('=');
    if (to_lower(trim(line.substr(0, equal))) != key) continue;
    value = equal == std::string_view::npos ? "true" : to_lower(trim(line.substr(equal + 1)));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  }
  return value;
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
                "Give the path of a clone, e.g. one made by: git clone --bare URL");
  if (access(path.c_str(), R_OK | X_OK) != 0)
    throw Error("no right to read " + one_line(path), "Run as the user who owns the clone, or let this user read it.");
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
                "Give the top folder of a clone, or its .git folder.");
  layout.common_folder = common_of(layout.git_folder);
  const std::string config = read_plain_file(layout.common_folder + "config", kMaxConfig);
  if (const std::string storage = setting(config, "extensions", "refstorage"); !storage.empty() && storage != "files")
    throw Error(one_line(path) + " keeps its references as '" + one_line(clean_text(storage, 40)) +
                    "', which cannot be read yet",
                "Make a clone of it with: git clone --mirror --ref-format=files");
  const std::string format = setting(config, "extensions", "objectformat");
  if (!format.empty() && format != "sha1" && format != "sha256")
    throw Error(one_line(path) + " has object ids of an unknown kind, '" + one_line(clean_text(format, 40)) + "'");
  layout.id_bytes = format == "sha256" ? kSha256Bytes : kSha1Bytes;
  if (layout.work_tree.empty() && layout.git_folder.ends_with("/.git/") && setting(config, "core", "bare") != "true")
    layout.work_tree = layout.git_folder.substr(0, layout.git_folder.size() - 5);
  return layout;
}

}  // namespace resident::git
