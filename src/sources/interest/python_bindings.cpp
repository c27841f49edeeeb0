#include <algorithm>
#include <sources/interest/bytes.hpp>
#include <sources/interest/characters.hpp>
#include <sources/interest/python_bindings.hpp>
#include <sources/interest/python_code.hpp>

namespace resident::interest {

namespace {

constexpr std::size_t kMostDotted = 1024;
constexpr std::size_t kMostBindings = 256;  // each is looked for in the whole file

// Behind blanks, line breaks and comments: a dot that follows them belongs to the name before.
const char* skip_all(const char* at, const char* end) {
  while (at < end) {
    if (*at == '#') {
      at = find_any(at, end, '\n', '\r');
    } else if (*at == ' ' || *at == '\t' || *at == '\f' || *at == '\n' || *at == '\r' || *at == '\\') {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

void PythonBindings::add(std::string_view module, std::string_view alias) {
  if (modules_.size() >= kMostBindings || dotted_.size() >= kMostDotted) return;
  if (alias.empty()) {
    dotted_.insert(module);
    module = alias = module.substr(0, module.find('.'));
  }
  modules_.emplace(alias, module);
}

std::vector<PythonBindings::Place> PythonBindings::places(std::string_view text) const {
  std::vector<Place> found;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  for (const auto& [name, module] : modules_) {
    for (const char* at = begin; (at = find_word(at, end, name, 0, name.size() - 1)) != end;) {
      const char* place = at;
      at += name.size();
      if (at == end || is_word_byte(*at) || (place > begin && is_word_byte(place[-1]))) continue;
      const char* before = place;
      while (before > begin && (before[-1] == ' ' || before[-1] == '\t')) --before;
      if (before > begin && before[-1] == '.') continue;
      const char* dot = skip_all(at, end);
      if (dot < end && *dot == '.') found.push_back({place, name});
    }
  }
  std::sort(found.begin(), found.end(), [](const Place& a, const Place& b) { return a.at < b.at; });
  return found;
}

void PythonBindings::read(const Place& place, std::string_view text, Mentions& mentions) const {
  const char* const end = text.data() + text.size();
  std::string module(modules_.at(place.name));
  const bool is_alias = module != place.name;
  for (const char* at = place.at + place.name.size();;) {
    at = skip_all(at, end);
    if (at == end || *at != '.') return;
    at = skip_all(at + 1, end);
    const char* start = at;
    while (at < end && is_word_byte(*at)) ++at;
    const std::string_view part(start, static_cast<std::size_t>(at - start));
    if (part.empty() || is_digit(part.front())) return;
    const std::string longer = module + "." + std::string(part);
    const bool is_module = !is_alias && std::any_of(dotted_.begin(), dotted_.end(), [&](std::string_view each) {
      return each == longer || (each.starts_with(longer) && each[longer.size()] == '.');
    });
    if (!is_module) {
      const auto offset = static_cast<std::size_t>(place.at - text.data());
      return mentions.add({mentions.keep(std::move(module)), part, offset, false});
    }
    module = longer;
  }
}

void PythonBindings::find_attributes(std::string_view text, Mentions& mentions) const {
  if (modules_.empty()) return;
  PythonCode code(text.data(), text.data() + text.size());
  auto statement = statements_.begin();
  for (const Place& place : places(text)) {
    while (statement != statements_.end() && statement->second <= place.at) ++statement;
    if (statement != statements_.end() && place.at >= statement->first) continue;
    if (code.reaches(place.at)) read(place, text, mentions);
  }
}

}  // namespace resident::interest
