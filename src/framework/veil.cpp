#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/veil.hpp>

namespace resident {

namespace {

// U+E000 and U+E001, of the private use area: no text that people write has them.
constexpr std::string_view kOpen = "\xEE\x80\x80", kClose = "\xEE\x80\x81";
constexpr const char* kRowsArePeople = "its rows are people, one each: they are not shown";
constexpr std::string_view kBetween[] = {", and ", ", ", " and ", "; "};

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The end of the mark that begins there; one that was cut off ends where its digits do.
std::size_t end_of_mark(std::string_view text, std::size_t at) {
  at += kOpen.size();
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return text.substr(at).starts_with(kClose) ? at + kClose.size() : at;
}

// "somebody" for each mark, "3 people" for three in a row.
std::string without_marks(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!text.substr(at).starts_with(kOpen)) {
      if (text.substr(at).starts_with(kClose))
        at += kClose.size();
      else
        out += text[at++];
      continue;
    }
    const bool is_first = out.empty();
    std::size_t count = 1;
    at = end_of_mark(text, at);
    for (bool goes_on = true; goes_on;) {
      goes_on = false;
      for (const std::string_view between : kBetween) {
        const std::size_t next = at + between.size();
        if (!text.substr(at).starts_with(between) || !text.substr(std::min(next, text.size())).starts_with(kOpen))
          continue;
        at = end_of_mark(text, next);
        ++count;
        goes_on = true;
        break;
      }
    }
    out += count > 1 ? fmt::format("{} people", count) : is_first ? "Somebody" : "somebody";
  }
  return out;
}

// Accounts behind an @, and before the branch that a merge names: "Merge pull request #1 from ada/fix".
std::string without_logins(const std::string& text, const KnownNames& known) {
  constexpr std::string_view kFrom = " from ";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool is_mention = text[at] == '@' && (at == 0 || !is_word(text[at - 1]));
    const bool is_branch = !is_mention && std::string_view(text).substr(at).starts_with(kFrom);
    const std::size_t begin = at + (is_mention ? 1 : kFrom.size());
    std::size_t end = begin;
    if (is_mention || is_branch)
      while (end < text.size() && (is_word(text[end]) || text[end] == '-' || text[end] == '.')) ++end;
    if (is_mention)  // of "@ada." the account is "ada"
      while (end > begin && text[end - 1] == '.') --end;
    const bool may_be = end > begin && (is_mention || (end < text.size() && (text[end] == '/' || text[end] == ':')));
    if (may_be && known.logins.contains(to_lower(text.substr(begin, end - begin)))) {
      out += is_mention ? "somebody" : " from somebody";
      at = end;
    } else {
      out += text[at++];
    }
  }
  return out;
}

// Whole names of several words.
std::string without_names(const std::string& text, const KnownNames& known) {
  const std::string lower = to_lower(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at]) || (at > 0 && is_word(text[at - 1]))) {
      out += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    std::size_t length = 0;
    if (const auto found = known.by_first_word.find(lower.substr(at, end - at)); found != known.by_first_word.end())
      for (const std::string& name : found->second)
        if (name.size() > length && lower.compare(at, name.size(), name) == 0 &&
            (at + name.size() == text.size() || !is_word(text[at + name.size()])))
          length = name.size();
    out += length > 0 ? "somebody" : text.substr(at, end - at);
    at = length > 0 ? at + length : end;
  }
  return out;
}

// A cell of nothing but people: marks, or a name that is known.
bool is_people(const std::string& text, const KnownNames& known) {
  std::string rest;
  bool has_mark = false;
  for (std::size_t at = 0; at < text.size();) {
    if (std::string_view(text).substr(at).starts_with(kOpen)) {
      at = end_of_mark(text, at);
      has_mark = true;
    } else {
      rest += text[at++];
    }
  }
  if (!has_mark) {
    const std::string lower = to_lower(text.starts_with('@') ? text.substr(1) : text);
    return lower == "someone" || known.names.contains(lower) || known.logins.contains(lower);
  }
  for (const std::string_view between : {"someone", "and", "more", "others", "…"})
    for (std::size_t at = rest.find(between); at != std::string::npos; at = rest.find(between, at))
      rest.erase(at, between.size());
  return rest.find_first_not_of(" ,;+0123456789") == std::string::npos;
}

bool is_people_column(const Result& result, std::size_t column, const KnownNames& known) {
  if (result.columns[column].type != ColumnType::text) return false;
  bool has_any = false;
  for (const auto& row : result.rows) {
    const auto* text = std::get_if<std::string>(&row.at(column));
    if (!text || text->empty()) continue;
    if (!is_people(*text, known)) return false;
    has_any = true;
  }
  return has_any;
}

void remove_column(Result& result, std::size_t column) {
  result.columns.erase(result.columns.begin() + static_cast<std::ptrdiff_t>(column));
  for (auto& row : result.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
}

}  // namespace

std::string shown_name(PeopleShown shown, std::int64_t person, const std::string& name, const std::string& login,
                       bool is_bot) {
  if (is_bot || shown == PeopleShown::by_name) return name;
  if (shown == PeopleShown::by_login && !login.empty()) return login;
  return fmt::format("{}{}{}", kOpen, person, kClose);
}

KnownNames load_known_names(const Context& context) {
  KnownNames known;
  if (context.people_shown == PeopleShown::by_name) return known;
  const auto add_name = [&](std::string_view text) {
    const std::string name = to_lower(trim(text));
    if (name.empty() || !known.names.insert(name).second) return;
    std::size_t end = 0;
    while (end < name.size() && is_word(name[end])) ++end;
    if (end > 0 && name.find(' ') != std::string::npos) known.by_first_word[name.substr(0, end)].push_back(name);
  };
  const auto rows = context.database.query(
      "SELECT i.name, i.login, p.name FROM identity i JOIN person_identity m ON m.project_id = i.project_id AND "
      "m.identity_id = i.identity_id JOIN person p ON p.project_id = m.project_id AND p.person_id = m.person_id WHERE "
      "i.project_id = :project AND p.is_bot = 0",
      {{"project", context.project_id}});
  std::unordered_set<std::string> logins;
  while (rows->next()) {
    add_name(rows->text(0));
    add_name(rows->text(2));
    if (!rows->text(1).empty()) logins.insert(to_lower(rows->text(1)));
  }
  if (context.people_shown == PeopleShown::nobody)
    known.logins = std::move(logins);
  else
    for (const std::string& login : logins) known.names.erase(login);  // who has no other name is shown by it
  return known;
}

std::string veil_people(std::string_view text, const KnownNames& known) {
  std::string out = without_marks(text);
  if (!known.logins.empty()) out = without_logins(out, known);
  return known.by_first_word.empty() ? out : without_names(out, known);
}

void veil_people(Result& result, const KnownNames& known) {
  std::string first;  // the column that says what a row is
  for (const Column& column : result.columns)
    if (first.empty() && !column.hidden) first = column.name;
  bool has_row_a_person = false;
  for (std::size_t i = result.columns.size(); i-- > 0;) {
    if (!is_people_column(result, i, known)) continue;
    const std::string& name = result.columns[i].name;
    has_row_a_person = has_row_a_person || name == first || name == result.chart.x || name == result.chart.series;
    remove_column(result, i);
  }
  if (has_row_a_person) {
    result.rows.clear();
    result.chart = {};
    if (result.claim.empty()) result.claim = "Its rows are people, one each: they are not shown.";
    result.coverage += std::string(result.coverage.empty() ? "" : "; ") + kRowsArePeople;
  }
  for (auto& row : result.rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (auto* text = std::get_if<std::string>(&row[i]); text && result.columns[i].type != ColumnType::url)
        *text = veil_people(*text, known);
  for (std::string* text : {&result.title, &result.claim, &result.uncertainty, &result.coverage, &result.method})
    *text = veil_people(*text, known);
  for (std::string& note : result.notes) note = veil_people(note, known);
  for (Evidence& one : result.evidence) one.title = veil_people(one.title, known);
}

}  // namespace resident
