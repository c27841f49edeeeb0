#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <model/module_names.hpp>
#include <set>

namespace resident {

namespace {

constexpr std::size_t kReadText = 20000;  // bytes of a text that are looked at

}  // namespace

void ModuleNames::learn(ModuleMap& map) {
  of_file_.clear();
  by_name_.clear();
  for (const std::int64_t path : map.in_head()) {
    const std::string& module = map.module_of(path);
    if (module.empty()) continue;
    const std::string& name = map.path(path);
    const auto [named, is_new_name] = by_name_.emplace(to_lower(module.substr(module.rfind('/') + 1)), module);
    if (!is_new_name && named->second != module) named->second.clear();
    const auto [place, is_new] = of_file_.emplace(name.substr(name.rfind('/') + 1), module);
    if (!is_new && place->second != module) place->second.clear();
  }
}

std::string ModuleNames::module_called(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::string() : found->second;
}

std::optional<ModuleNames::Place> ModuleNames::find(const std::string& title, const std::string& body) const {
  if (of_file_.empty()) return std::nullopt;
  static const Pattern word(R"(([A-Za-z0-9_][A-Za-z0-9_./+-]*\.[A-Za-z0-9]{1,5})\b)");
  std::map<std::string, std::pair<int, std::string>> votes;
  const auto vote = [&](const std::string& module, int weight, const std::string& why) {
    auto& [count, reason] = votes[module];
    count += weight;
    if (reason.empty()) reason = why;
  };
  const std::string text = title + "\n" + body.substr(0, kReadText);
  std::string_view rest(text);
  std::string name;
  std::set<std::string> seen;
  while (word.find_next(rest, &name)) {
    if (!seen.insert(name).second) continue;
    const std::string base = name.substr(name.rfind('/') + 1);
    const auto found = of_file_.find(base);
    if (found != of_file_.end() && !found->second.empty())
      vote(found->second, 2, fmt::format("its text names {}", one_line(base)));
  }
  static const Pattern title_word(R"(([A-Za-z_][A-Za-z0-9_]{2,}))");
  std::string_view words(title);
  while (title_word.find_next(words, &name)) {
    const auto found = by_name_.find(to_lower(name));
    if (found != by_name_.end() && !found->second.empty())
      vote(found->second, 3, fmt::format("its title names {}", one_line(name)));
  }
  if (votes.empty()) return std::nullopt;
  const auto best = std::max_element(votes.begin(), votes.end(),
                                     [](const auto& a, const auto& b) { return a.second.first < b.second.first; });
  return Place{best->first, best->second.second};
}

}  // namespace resident
