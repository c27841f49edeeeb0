#include <algorithm>
#include <base/text.hpp>
#include <sources/git/ignored_revisions.hpp>
#include <vector>

namespace resident {

std::unordered_set<std::string> revisions_of(std::string_view text) {
  std::unordered_set<std::string> ids;
  for (const std::string_view line : split(text, '\n')) {
    const std::string id = to_lower(trim(line.substr(0, line.find('#'))));
    const bool is_id = (id.size() == 40 || id.size() == 64) && id.find_first_not_of("0123456789abcdef") == id.npos;
    if (is_id) ids.insert(id);
  }
  return ids;
}

IgnoredRevisions ignored_revisions(git::Repository& repository, Writer& writer) {
  constexpr const char* kFile = ".git-blame-ignore-revs";
  constexpr std::size_t kMostBytes = 1 << 20;
  IgnoredRevisions result;
  const std::vector<git::Repository::HeadFile> files = repository.head_files();
  const auto file = std::find_if(files.begin(), files.end(), [](const auto& each) { return each.path == kFile; });
  if (file != files.end() && !file->is_link && !file->is_submodule)
    if (const auto text = repository.read_text(*file, kMostBytes); text.text) result.ids = revisions_of(*text.text);
  std::vector<std::string> sorted(result.ids.begin(), result.ids.end());
  std::sort(sorted.begin(), sorted.end());
  std::string all;
  for (const std::string& id : sorted) all += id + "\n";
  const std::string print = fingerprint(all);
  if (writer.seen(kFile, print) || (sorted.empty() && !writer.knows(kFile))) return result;
  result.is_other = true;
  writer.mark(kFile, print);
  return result;
}

}  // namespace resident
