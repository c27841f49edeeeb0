#include <git/attributes.hpp>
#include <sources/git/marks.hpp>
#include <store/path_marks.hpp>

namespace resident {

namespace {

constexpr std::string_view kFile = ".gitattributes";
constexpr std::size_t kMostBytes = 8'000'000;
constexpr const char* kMarks[] = {"generated", "vendored", "documentation"};

git::Attributes read_attributes(git::Repository& repository) {
  std::vector<std::string> names;
  for (const char* mark : kMarks) names.push_back(std::string("linguist-") + mark);
  git::Attributes attributes(std::move(names));
  for (const auto& file : repository.head_files()) {
    const bool is_at_top = file.path == kFile;
    if ((!is_at_top && !file.path.ends_with("/" + std::string(kFile))) || file.is_link || file.is_submodule) continue;
    const std::string folder = is_at_top ? "" : file.path.substr(0, file.path.size() - kFile.size() - 1);
    if (const auto text = repository.read_text(file, kMostBytes); text.text) attributes.add(folder, *text.text);
  }
  return attributes;
}

}  // namespace

void keep_marks(git::Repository& repository, Writer& writer) {
  const git::Attributes attributes = read_attributes(repository);
  keep_path_marks(writer, [&](const std::string& path) {
    std::vector<std::string> marks;
    if (attributes.says_nothing()) return marks;
    const auto said = attributes.of(path);
    // Linguist takes every value but "false" for a yes (lazy_blob.rb, boolean_attribute).
    for (std::size_t i = 0; i < std::size(kMarks); ++i)
      if (said[i] && *said[i] != "false") marks.emplace_back(kMarks[i]);
    return marks;
  });
}

}  // namespace resident
