#include <base/mailmap.hpp>
#include <base/text.hpp>
#include <optional>

namespace resident {

namespace {

constexpr std::size_t kMaxName = 1000;

struct NameAndEmail {
  std::string name, email;
  bool has_name = false;
};

// git's isspace(): blanks and line ends alone.
std::string_view without_blanks(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Takes 'Name <email>' off the line; the name may be absent.
std::optional<NameAndEmail> take_pair(std::string_view& line, bool may_be_empty) {
  const std::size_t open = line.find('<');
  if (open == std::string_view::npos) return std::nullopt;
  const std::size_t close = line.find('>', open + 1);
  if (close == std::string_view::npos || (close == open + 1 && !may_be_empty)) return std::nullopt;
  const std::string_view name = without_blanks(line.substr(0, open));
  NameAndEmail pair{clean_text(name, kMaxName), clean_text(line.substr(open + 1, close - open - 1), kMaxName),
                    !name.empty()};
  line.remove_prefix(close + 1);
  return pair;
}

}  // namespace

std::vector<MailmapEntry> parse_mailmap(std::string_view text) {
  std::vector<MailmapEntry> entries;
  for (std::string_view line : split(text, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto first = take_pair(line, false);
    if (!first) continue;
    if (const auto second = take_pair(line, true)) {
      entries.push_back({second->name, second->email, first->name, first->email});
    } else {
      entries.push_back({{}, first->email, first->name, {}});
    }
  }
  return entries;
}

void Mailmap::add(const MailmapEntry& entry) {
  Address& address = addresses_[to_lower(entry.email)];
  if (!entry.name.empty()) {
    address.names[to_lower(entry.name)] = {entry.real_name, entry.real_email};
    return;
  }
  if (!entry.real_name.empty()) address.any.name = entry.real_name;
  if (!entry.real_email.empty()) address.any.email = entry.real_email;
}

Mailmap::Found Mailmap::find(const std::string& name, const std::string& email) const {
  Found result{false, false, name, email};
  const auto address = addresses_.find(to_lower(email));
  if (address == addresses_.end()) return result;
  const Real* real = &address->second.any;
  if (const auto named = address->second.names.find(to_lower(name)); named != address->second.names.end()) {
    real = &named->second;
    result.by_name = true;
  }
  result.is_mapped = !real->name.empty() || !real->email.empty();
  if (!real->name.empty()) result.name = real->name;
  if (!real->email.empty()) result.email = real->email;
  return result;
}

}  // namespace resident
