#include <algorithm>
#include <base/text.hpp>
#include <sources/git/maintainers.hpp>

namespace resident {

namespace {

constexpr std::string_view kFile = "MAINTAINERS";
constexpr std::size_t kMostBytes = 8'000'000, kMostLines = 200'000;

bool has_folder(const std::vector<git::Repository::HeadFile>& files, const std::string& folder) {
  const auto found = std::lower_bound(files.begin(), files.end(), folder,
                                      [](const auto& file, const std::string& name) { return file.path < name; });
  return found != files.end() && found->path.starts_with(folder);
}

}  // namespace

std::vector<MaintainerLineRecord> maintainer_lines(std::string_view text) {
  std::vector<MaintainerLineRecord> lines;
  std::string section;
  while (!text.empty() && lines.size() < kMostLines) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view trimmed = trim(line);
    if (trimmed.empty() || trimmed.starts_with('#')) continue;
    if (line.size() < 2 || line[0] < 'A' || line[0] > 'Z' || line[1] != ':') {
      // The last line before the fields is the section's name.
      section = one_line(clean_text(trimmed, 300));
      continue;
    }
    MaintainerLineRecord record{section, std::string(line.substr(0, 1)), std::string(trim(line.substr(2)))};
    if (record.kind == "M" || record.kind == "R") {
      const auto [name, email] = git::parse_person(record.value);
      record.person.provider = "git";
      record.person.name = name;
      record.person.email = email;
      record.value = name;
    }
    lines.push_back(std::move(record));
  }
  return lines;
}

void keep_maintainers(git::Repository& repository, Writer& writer) {
  std::vector<git::Repository::HeadFile> files = repository.head_files();
  const auto file = std::find_if(files.begin(), files.end(), [](const auto& each) { return each.path == kFile; });
  const bool is_there = file != files.end() && !file->is_link && !file->is_submodule;
  const std::string print = is_there ? file->blob : "none";
  if (writer.seen(std::string(kFile), print) || (!is_there && !writer.knows(std::string(kFile)))) return;
  std::vector<MaintainerLineRecord> lines;
  if (is_there)
    if (const auto text = repository.read_text(*file, kMostBytes); text.text) lines = maintainer_lines(*text.text);
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  // "if pattern is a directory and it lacks a trailing slash, add one"
  for (MaintainerLineRecord& line : lines)
    if ((line.kind == "F" || line.kind == "X") && !line.value.empty() && !line.value.ends_with('/') &&
        has_folder(files, line.value + "/"))
      line.value += '/';
  PatchBook(writer).maintainers(lines);
  writer.mark(std::string(kFile), print);
}

}  // namespace resident
