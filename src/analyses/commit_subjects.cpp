// What subjects of commits say, as pure functions (see commit_links.hpp).
#include <re2/re2.h>

#include <analyses/commit_links.hpp>
#include <base/text.hpp>

namespace resident {

namespace {

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

std::string_view view(re2::StringPiece text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string_view without_prefixes(std::string_view subject) {
  static const RE2 prefix(R"(^\s*(?:\[[^\]]{1,40}\]\s*|([\w./-]{1,40})(?:\([^)]{1,60}\))?!?:\s+))");
  for (int count = 0; count < 4; ++count) {
    re2::StringPiece found[2];
    const re2::StringPiece text = piece(subject);
    if (!prefix.Match(text, 0, text.size(), RE2::ANCHOR_START, found, 2)) break;
    if (to_lower(view(found[1])) == "revert") break;
    subject.remove_prefix(found[0].size());
  }
  return trim(subject);
}

std::string_view without_numbers(std::string_view subject) {
  static const RE2 number(R"([\s.]*\((?:#|[Gg][Hh]-|!)\d{1,10}\)[\s.]*$)");
  for (int count = 0; count < 20; ++count) {
    re2::StringPiece found;
    const re2::StringPiece text = piece(subject);
    if (!number.Match(text, 0, text.size(), RE2::UNANCHORED, &found, 1)) break;
    subject.remove_suffix(found.size());
  }
  while (!subject.empty() && (subject.back() == '.' || subject.back() == ' ')) subject.remove_suffix(1);
  return subject;
}

std::pair<std::string, std::string_view> split_branch_label(std::string_view subject,
                                                            const std::map<std::string, std::uint32_t>& known) {
  static const RE2 label(R"(^\s*\[([\w./ -]{1,40})\]\s*)");
  static const RE2 version(R"(v?\d+(?:\.(?:\d+|x))*)");
  re2::StringPiece found[2];
  const re2::StringPiece text = piece(subject);
  if (!label.Match(text, 0, text.size(), RE2::ANCHOR_START, found, 2)) return {"", subject};
  std::string name(view(found[1]));
  if (!RE2::FullMatch(name, version) && !known.contains(name)) return {"", subject};
  return {std::move(name), subject.substr(found[0].size())};
}

RevertSubject parse_revert(std::string_view subject) {
  static const RE2 verb(R"((?i)^(revert|reapply)(?:s|ed|ing)?\b:?\s*)");
  static const RE2 number(R"((?i)(?:^|[^\w])(?:GH-|#)(\d{1,10})\b)");
  static const RE2 sha(R"(\b([0-9a-f]{7,40})\b)");
  RevertSubject result;
  const std::string_view rest = without_prefixes(subject);
  re2::StringPiece found[2];
  if (!verb.Match(piece(rest), 0, rest.size(), RE2::ANCHOR_START, found, 2)) return result;
  const bool is_reapplied = to_lower(view(found[1])) == "reapply";
  const bool is_conventional = view(found[0]).find(':') != std::string_view::npos;
  std::string_view object = rest.substr(found[0].size());
  const std::size_t open = object.find('"'), close = object.rfind('"');
  if (open == 0 && close != 0) {
    result.title = object.substr(1, close - 1);
  } else if (is_conventional) {
    result.title = object;
  } else if (!is_reapplied) {
    object = without_numbers(object);
    std::int64_t value = 0;
    for (re2::StringPiece text = piece(object); RE2::FindAndConsume(&text, number, &value);)
      result.numbers.push_back(value);
    std::string name;
    for (re2::StringPiece text = piece(object); RE2::FindAndConsume(&text, sha, &name);)
      if (name.find_first_of("0123456789") != std::string::npos) result.shas.push_back(name);
  }
  // "Reapply" takes a revert back; without a title it is too vague to be one.
  if (is_reapplied && !result.title.empty()) result.title = "Revert \"" + result.title + "\"";
  result.is_revert = !is_reapplied || !result.title.empty();
  return result;
}

}  // namespace resident
