#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cctype>
#include <functional>
#include <sources/decode/decode.hpp>
#include <sources/proposals/head_forms.hpp>
#include <sources/proposals/tables.hpp>

namespace resident {

namespace {

constexpr std::size_t kHeadBytes = 100'000, kXmlBytes = 30'000, kHeadLines = 150, kMostHeadFields = 400,
                      kMostFieldText = 4000;
constexpr std::size_t kLongestLoneValue = 100, kMostNameWords = 4;

std::vector<std::string_view> head_lines(std::string_view text, std::size_t most) {
  auto lines = split(text.substr(0, kHeadBytes), '\n');
  if (lines.size() > most) lines.resize(most);
  for (auto& line : lines)
    if (line.ends_with('\r')) line.remove_suffix(1);
  return lines;
}

void add_head_field(HeaderFields& fields, std::string_view name, std::string_view value) {
  auto plain = trim(name);
  while (plain.ends_with(':')) plain = trim(plain.substr(0, plain.size() - 1));
  if (!is_field_name(plain) || fields.size() >= kMostHeadFields) return;
  const std::string text = one_line(clean_text(trim(value), kMostFieldText));
  fields.push_back({to_lower(plain), text, {}});
  if (!text.empty()) fields.back().items.push_back(text);
}

bool is_line_of(std::string_view line, std::string_view marks) {
  line = trim(line);
  return line.size() >= 3 && marks.find(line[0]) != std::string_view::npos &&
         line.find_first_not_of(line[0]) == std::string_view::npos;
}

constexpr std::string_view kTitleRules = "=-~^\"'`*+#";

// "## Title", "== Title ==", or a line over a rule; empty where it is no heading.
std::string heading_at(const std::vector<std::string_view>& lines, std::size_t at) {
  const auto line = trim(lines[at]);
  if (line.empty()) return {};
  if (line[0] == '#') {
    auto words = trim(line.substr(std::min(line.find_first_not_of('#'), line.size())));
    while (words.ends_with('#')) words = trim(words.substr(0, words.size() - 1));
    return plain_markdown(words);
  }
  if (line.size() > 4 && line.starts_with("==") && line.ends_with("==")) {
    const std::size_t from = line.find_first_not_of('='), to = line.find_last_not_of('=');
    return from == std::string_view::npos ? std::string{} : plain_markdown(trim(line.substr(from, to - from + 1)));
  }
  const bool has_rule = at + 1 < lines.size() && is_line_of(lines[at + 1], kTitleRules);
  if (!has_rule || is_line_of(line, kTitleRules) || std::isspace(static_cast<unsigned char>(lines[at][0]))) return {};
  return trim(lines[at + 1]).size() + 2 >= line.size() ? clean_text(line, 300) : std::string{};
}

std::string text_of_element(std::string_view inside) {
  return inside.find('&') == std::string_view::npos ? std::string(inside) : mail::html_to_text(inside);
}

}  // namespace

HeaderFields xml_fields(std::string_view text) {
  static const Pattern attribute(R"(([A-Za-z][A-Za-z0-9_:-]*)\s*=\s*["']([^"'<>]*)["'])");
  HeaderFields fields;
  std::string_view open;
  std::size_t inside = 0;
  bool is_first = true;
  text = text.substr(0, kXmlBytes);
  const auto skip = [&](std::size_t at, std::string_view end) {
    const std::size_t found = text.find(end, at);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  for (std::size_t at = text.find('<'); at < text.size() && fields.size() < kMostHeadFields; at = text.find('<', at)) {
    const auto rest = text.substr(at);
    if (rest.starts_with("<!--")) {
      at = skip(at, "-->");
    } else if (rest.starts_with("<?")) {
      at = skip(at, "?>");
    } else if (rest.starts_with("<![CDATA[")) {
      at = skip(at, "]]>");
    } else if (rest.starts_with("<!")) {
      const std::size_t bracket = rest.find_first_of("[>");
      if (bracket != std::string_view::npos && rest[bracket] == '[') at = skip(at + bracket, "]");
      at = skip(at, ">");
    } else {
      const std::size_t end = text.find('>', at);
      if (end == std::string_view::npos) break;
      const bool closes = rest.starts_with("</");
      const auto tag = text.substr(at + 1 + closes, end - at - 1 - closes);
      const auto name = trim(tag.substr(0, tag.find_first_of(" \t\r\n/")));
      if (closes) {
        if (name == open && !open.empty())
          add_head_field(fields, name, text_of_element(text.substr(inside, at - inside)));
        open = {};
      } else {
        auto words = tag.substr(std::min(name.size(), tag.size()));
        if (is_first)
          for (std::string key, value; attribute.find_next(words, &key, &value);) add_head_field(fields, key, value);
        is_first = false;
        open = tag.ends_with('/') ? std::string_view{} : name;
        inside = end + 1;
      }
      at = end + 1;
    }
  }
  return fields;
}

HeaderFields directive_fields(std::string_view text) {
  HeaderFields fields;
  for (const auto line : head_lines(text, kHeadLines)) {
    const auto bare = trim(line);
    const std::size_t colons = line.starts_with(".. ") ? line.find("::") : std::string_view::npos;
    if (colons != std::string_view::npos)
      add_head_field(fields, line.substr(3, colons - 3), line.substr(colons + 2));
    else if (!bare.empty() && bare.size() < line.size() && !fields.empty() && !fields.back().value.empty() &&
             fields.back().value.size() < kMostFieldText)
      fields.back().value += " " + one_line(clean_text(bare, kMostFieldText));
  }
  return fields;
}

namespace {

// What the second column of a table of fields may be called, where a row of names stands over one row of values.
bool names_a_field(std::string_view text) {
  static const Pattern known(
      R"(^(?:status|date|author|owner|decider|reviewer|champion|type|version|created|updated|title|id|number|name)\w*(?:\(s\))?$)",
      Pattern::Letters::any_case);
  return known.found_in(trim(text));
}

std::vector<std::string> bar_cells(std::string_view line) {
  auto bare = trim(line);
  bare.remove_prefix(1);
  if (bare.ends_with('|')) bare.remove_suffix(1);
  std::vector<std::string> cells;
  for (const auto cell : split(bare, '|')) cells.push_back(plain_markdown(cell));
  return cells;
}

bool is_bar_rule(std::string_view line) {
  line = trim(line);
  return line.size() >= 3 && (line[0] == '|' || line[0] == '+') &&
         line.find_first_not_of("|+-=: ") == std::string_view::npos;
}

// Lines of a table between bars, without its rules.
void take_bar_table(HeaderFields& fields, const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return;
  const bool is_over_one_row =
      rows.size() == 2 && rows[0].size() == rows[1].size() &&
      (rows[0].size() > 2 || (rows[0].size() == 2 && names_a_field(rows[0][1]) && !names_a_field(rows[1][0])));
  if (is_over_one_row) {
    for (std::size_t i = 0; i < rows[0].size(); ++i) add_head_field(fields, rows[0][i], rows[1][i]);
    return;
  }
  for (const auto& row : rows)
    if (row.size() == 2) add_head_field(fields, row[0], row[1]);
}

void take_bar_tables(HeaderFields& fields, const std::vector<std::string_view>& lines) {
  std::vector<std::vector<std::string>> rows;
  for (const auto line : lines) {
    const auto bare = trim(line);
    if (is_bar_rule(bare)) continue;
    if (bare.size() > 2 && bare[0] == '|') {
      auto cells = bar_cells(line);
      // A cell of a grid that goes on in the next line.
      if (cells.size() == 2 && cells[0].empty() && !rows.empty() && rows.back().size() == 2)
        rows.back()[1] += (rows.back()[1].empty() ? "" : " ") + cells[1];
      else
        rows.push_back(std::move(cells));
      continue;
    }
    take_bar_table(fields, rows);
    rows.clear();
  }
  take_bar_table(fields, rows);
}

// "* - Name" and "  - value" of a list-table; lines in two columns between rules of "=".
void take_rst_tables(HeaderFields& fields, const std::vector<std::string_view>& lines) {
  static const Pattern rule(R"(^(=+ +)=+ *$)");
  std::size_t column = 0;
  std::string name;
  for (const auto line : lines) {
    const auto bare = trim(line);
    if (bare.starts_with("* - ")) {
      name = plain_markdown(bare.substr(4));
      continue;
    }
    if (!name.empty() && bare.starts_with("- ")) add_head_field(fields, name, plain_markdown(bare.substr(2)));
    if (!bare.empty()) name.clear();
    std::string first;
    if (rule.found_in(line, &first))
      column = first.size();
    else if (bare.empty())
      column = 0;
    else if (column > 0 && line.size() > column && line[column - 1] == ' ')
      add_head_field(fields, line.substr(0, column), plain_markdown(line.substr(column)));
  }
}

void take_html_table(HeaderFields& fields, std::string_view text) {
  static const Pattern row(
      R"((?s)<(?:td|th|dt)\b[^>]*>([^|]{1,200}?)</(?:td|th|dt)>\s*<(?:td|dd)\b[^>]*>(.{0,900}?)</(?:td|dd)>)",
      Pattern::Letters::any_case);
  for (std::string name, value; row.find_next(text, &name, &value);)
    add_head_field(fields, plain_markdown(name), mail::html_to_text(value));
}

}  // namespace

HeaderFields head_table(std::string_view text) {
  HeaderFields fields;
  const auto lines = head_lines(text, kHeadLines);
  take_bar_tables(fields, lines);
  take_rst_tables(fields, lines);
  if (!lines.empty())
    take_html_table(fields,
                    text.substr(0, static_cast<std::size_t>(lines.back().data() + lines.back().size() - text.data())));
  return fields;
}

HeaderFields scattered_fields(std::string_view text, std::string_view name) {
  HeaderFields fields;
  const auto lines = head_lines(text, kHeadLines);
  bool is_found = name.empty(), is_emphasised = false, in_fence = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto bare = trim(lines[i]);
    if (bare.starts_with("```") || bare.starts_with("~~~")) in_fence = !in_fence;
    if (in_fence || bare.empty()) continue;
    if (!heading_at(lines, i).empty()) {
      if (!fields.empty()) break;
      if (bare[0] != '#' && bare[0] != '=') ++i;
      continue;
    }
    while (bare.starts_with('>')) bare = trim(bare.substr(1));
    if (bare.size() > 2 && (bare[0] == '*' || bare[0] == '-' || bare[0] == '+') && bare[1] == ' ')
      bare = trim(bare.substr(2));
    HeaderField field = field_of_line(bare);
    const auto words = std::count(field.name.begin(), field.name.end(), ' ') + 1;
    if (field.name.empty() || words > static_cast<std::ptrdiff_t>(kMostNameWords)) continue;
    const bool is_it = field.name == name && !field.value.empty();
    if (is_it && field.value.size() > kLongestLoneValue) continue;
    if (is_it && !is_found) is_emphasised = bare[0] == '*' || bare[0] == '_';
    is_found = is_found || is_it;
    if (!field.value.empty()) field.items.push_back(field.value);
    if (fields.size() < kMostHeadFields) fields.push_back(std::move(field));
  }
  return is_found && (fields.size() >= 2 || is_emphasised) ? fields : HeaderFields{};
}

namespace {

// The lines of a section up to an empty one, or of a list up to its end; without comments.
std::vector<std::string> section_lines(const std::vector<std::string_view>& lines, std::size_t from) {
  std::vector<std::string> said;
  bool in_comment = false;
  for (std::size_t i = from; i < lines.size() && said.size() < 50; ++i) {
    auto bare = trim(lines[i]);
    if (in_comment || bare.starts_with("<!--")) {
      in_comment = bare.find("-->") == std::string_view::npos;
      continue;
    }
    if (bare.empty() && said.empty()) continue;
    const bool goes_on = !bare.empty() && heading_at(lines, i).empty() && !is_line_of(bare, "-=");
    if (!goes_on) {
      // A loose list has empty lines between its points.
      if (bare.empty() && i + 1 < lines.size() && said.back().starts_with("- ") &&
          std::string_view("*-+").find(trim(lines[i + 1]).substr(0, 1)) != std::string_view::npos &&
          !trim(lines[i + 1]).empty())
        continue;
      break;
    }
    while (bare.starts_with('>')) bare = trim(bare.substr(1));
    const bool is_point = bare.size() > 2 && (bare[0] == '*' || bare[0] == '-' || bare[0] == '+') && bare[1] == ' ';
    auto rest = is_point ? trim(bare.substr(2)) : bare;
    std::string box;  // no link
    if (rest.starts_with("[ ]") || rest.starts_with("[x]") || rest.starts_with("[X]")) {
      box = std::string(rest.substr(0, 3)) + " ";
      rest = trim(rest.substr(3));
    }
    const std::string words = plain_markdown(rest);
    if (!words.empty()) said.push_back((is_point ? "- " : "") + box + words);
  }
  return said;
}

// Of points with a box the ticked one; of lines that begin with a day the newest; else the first.
std::string newest_line(const std::vector<std::string>& said) {
  static const Pattern box(R"(^(?:- )?\[([ xX]?)\]\s*(.*)$)");
  static const Pattern day(R"(^(?:- )?\(?(\d{4}-\d{2}-\d{2})\)?[\s:,;.|–—-]*(\S.*)$)");
  std::string best, newest;
  bool has_boxes = false, has_days = false;
  for (const std::string& line : said) {
    std::string mark, words;
    if (box.found_in(line, &mark, &words)) {
      has_boxes = true;
      if ((mark == "x" || mark == "X") && best.empty()) best = words;
    } else if (day.found_in(line, &mark, &words) && !has_boxes) {
      if (!has_days || mark >= newest) best = words, newest = mark;
      has_days = true;
    }
  }
  if (has_boxes || has_days) return best;
  if (said.empty()) return {};
  return said.front().starts_with("- ") ? said.front().substr(2) : said.front();
}

}  // namespace

HeaderFields section_field(std::string_view text, std::string_view name) {
  HeaderFields fields;
  if (name.empty()) return fields;
  const auto lines = head_lines(text, kHeadBytes);
  bool in_fence = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto bare = trim(lines[i]);
    if (bare.starts_with("```") || bare.starts_with("~~~")) in_fence = !in_fence;
    if (in_fence || bare.size() < name.size()) continue;
    std::string heading = to_lower(heading_at(lines, i));
    while (!heading.empty() && (heading.back() == ':' || heading.back() == ' ')) heading.pop_back();
    // "## 1. Status"
    if (const std::size_t letter = heading.find_first_not_of("0123456789. "); letter != std::string::npos)
      heading = heading.substr(letter);
    if (heading != name) continue;
    const bool is_underlined = bare[0] != '#' && bare[0] != '=';
    const std::string line = newest_line(section_lines(lines, i + 1 + is_underlined));
    // "## Status" over "- Status: Proposed".
    const HeaderField field = field_of_line(line);
    add_head_field(fields, name, field.name == name ? field.value : line);
    return fields;
  }
  return fields;
}

std::vector<HeaderFields> document_heads(std::string_view path, std::string_view text, std::string_view name,
                                         Heads wanted) {
  const auto head = text.substr(0, kHeadBytes);
  const auto body = behind_front_matter(head);
  const bool is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
  const bool is_xml = path.ends_with(".xml") || trim(text.substr(0, 100)).starts_with("<?xml");
  using Reader = std::function<HeaderFields()>;
  std::vector<Reader> readers{[&] { return front_matter(head); }};
  if (is_yaml) {
    readers.push_back([&] { return yaml_fields(text); });
  } else if (is_xml) {
    readers.push_back([&] { return xml_fields(head); });
  } else {
    for (const Reader& reader : std::initializer_list<Reader>{
             [&] { return mail_headers(head); }, [&] { return field_list(head); },
             [&] { return listed_fields(head, name); }, [&] { return directive_fields(head); },
             [&] { return head_table(body); }, [&] { return scattered_fields(body, name); },
             [&] { return section_field(body, name); }})
      readers.push_back(reader);
  }
  std::vector<HeaderFields> heads;
  for (const Reader& reader : readers) {
    HeaderFields fields = reader();
    if (fields.empty()) continue;
    const bool is_it = !status_word(field_value(fields, name)).empty();
    heads.push_back(std::move(fields));
    if (is_it && wanted == Heads::to_the_first) break;
  }
  return heads;
}

std::string document_heading(std::string_view text) {
  const auto lines = head_lines(behind_front_matter(text), kHeadLines);
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (std::string heading = heading_at(lines, i); !heading.empty()) return heading;
  return {};
}

std::string status_word(std::string_view value) {
  static const Pattern day(R"([\s,;:(–—-]*(?:\b(?:on|since|as of|at)\b\s*)?\(?\b\d{4}[-/.]\d{2}[-/.]\d{2}\b.*$)");
  std::string word = plain_markdown(value);
  if (word.find('|') != std::string::npos) return {};
  if (const std::size_t bracket = word.find(" ("); bracket != std::string::npos && bracket > 0 && word.ends_with(')'))
    word.resize(bracket);
  std::string without_day = word;
  if (day.replace_first(without_day, "") && !trim(without_day).empty()) word = without_day;
  // "Superseded by 4. Stores" is no sentence that ends.
  if (const std::size_t end = word.find(". ");
      end != std::string::npos && end > 2 && !std::isdigit(static_cast<unsigned char>(word[end - 1])))
    word.resize(end);
  while (word.size() > 1 && (word.back() == '.' || word.back() == ',' || word.back() == ' ')) word.pop_back();
  return word;
}

}  // namespace resident
