#include <base/text.hpp>
#include <optional>
#include <sources/git/mailmap.hpp>
#include <sources/git/raw_commit.hpp>

namespace resident::git {

namespace {

struct NameAndEmail {
  std::string name, email;
};

// Takes 'Name <email>' off the line; the name may be absent.
std::optional<NameAndEmail> take_pair(std::string_view& line) {
  const std::size_t open = line.find('<');
  if (open == std::string_view::npos) return std::nullopt;
  const std::size_t close = line.find('>', open);
  if (close == std::string_view::npos) return std::nullopt;
  NameAndEmail pair{clean_text(trim(line.substr(0, open)), kMaxName),
                    clean_text(trim(line.substr(open + 1, close - open - 1)), kMaxName)};
  line.remove_prefix(close + 1);
  return pair;
}

}  // namespace

std::vector<MailmapEntry> parse_mailmap(std::string_view text) {
  std::vector<MailmapEntry> entries;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (line.empty() || line.front() == '#') continue;
    const auto first = take_pair(line);
    if (!first) continue;
    const auto second = take_pair(line);
    if (second) {
      entries.push_back({second->name, second->email, first->name, first->email});
    } else if (!first->name.empty()) {
      entries.push_back({{}, first->email, first->name, {}});
    }
  }
  return entries;
}

}  // namespace resident::git
