// What subjects of commits say, as pure functions (see commit_links.hpp).

#include <base/pattern.hpp>
#include <base/references.hpp>
#include <base/text.hpp>
#include <model/commit_links.hpp>

namespace resident {

std::string_view without_prefixes(std::string_view subject) {
  static const Pattern prefix(R"(^\s*(?:\[[^\]]{1,40}\]\s*|([\w./-]{1,40})(?:\([^)]{1,60}\))?!?:\s+))");
  for (int count = 0; count < 4; ++count) {
    std::string_view found[2];
    if (!prefix.search(subject, 0, Pattern::Anchor::start, found)) break;
    if (to_lower(found[1]) == "revert") break;
    subject.remove_prefix(found[0].size());
  }
  return trim(subject);
}

std::string_view without_numbers(std::string_view subject) {
  static const Pattern number(R"([\s.]*\((?:#|[Gg][Hh]-|!)\d{1,10}\)[\s.]*$)");
  for (int count = 0; count < 20; ++count) {
    std::string_view found[1];
    if (!number.search(subject, 0, Pattern::Anchor::none, found)) break;
    subject.remove_suffix(found[0].size());
  }
  while (!subject.empty() && (subject.back() == '.' || subject.back() == ' ')) subject.remove_suffix(1);
  return subject;
}

std::pair<std::string, std::string_view> split_branch_label(std::string_view subject,
                                                            const std::map<std::string, std::uint32_t>& known) {
  static const Pattern label(R"(^\s*\[([\w./ -]{1,40})\]\s*)");
  static const Pattern version(R"(v?\d+(?:\.(?:\d+|x))*)");
  std::string_view found[2];
  if (!label.search(subject, 0, Pattern::Anchor::start, found)) return {"", subject};
  std::string name(found[1]);
  if (!version.matches(name) && !known.contains(name)) return {"", subject};
  return {std::move(name), subject.substr(found[0].size())};
}

RevertSubject parse_revert(std::string_view subject) {
  static const Pattern verb(R"((?i)^(revert|reapply)(?:s|ed|ing)?\b:?\s*)");
  static const Pattern sha(R"(\b([0-9a-f]{7,40})\b)");
  RevertSubject result;
  const std::string_view rest = without_prefixes(subject);
  std::string_view found[2];
  if (!verb.search(rest, 0, Pattern::Anchor::start, found)) return result;
  const bool is_reapplied = to_lower(found[1]) == "reapply";
  const bool is_conventional = found[0].find(':') != std::string_view::npos;
  std::string_view object = rest.substr(found[0].size());
  const std::size_t open = object.find('"'), close = object.rfind('"');
  if (open == 0 && close != 0) {
    result.title = object.substr(1, close - 1);
  } else if (is_conventional) {
    result.title = object;
  } else if (!is_reapplied) {
    object = without_numbers(object);
    for (const auto& each : find_references(object, Markup::message, ReferenceRules{}))
      if (each.is_own()) result.numbers.push_back(each.number);
    std::string name;
    for (std::string_view text = object; sha.find_next(text, &name);)
      if (name.find_first_of("0123456789") != std::string::npos) result.shas.push_back(name);
  }
  // "Reapply" takes a revert back; without a title it is too vague to be one.
  if (is_reapplied && !result.title.empty()) result.title = "Revert \"" + result.title + "\"";
  result.is_revert = !is_reapplied || !result.title.empty();
  return result;
}

}  // namespace resident
