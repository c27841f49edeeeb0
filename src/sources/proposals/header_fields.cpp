#include <algorithm>
#include <base/text.hpp>
#include <cctype>
#include <sources/proposals/header_fields.hpp>
#include <sources/proposals/tables.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostFields = 200, kMostValue = 4000, kMostItems = 200, kMostName = 60;
constexpr std::size_t kLinesBeforeFieldList = 100;

// Takes the next line off, without its end.
bool next_line(std::string_view& rest, std::string_view& line) {
  if (rest.empty()) return false;
  const std::size_t end = rest.find('\n');
  line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

bool is_indented(std::string_view line) {
  return !line.empty() && (line.front() == ' ' || line.front() == '\t');
}

bool is_name(std::string_view name) {
  if (name.ends_with("(s)")) name.remove_suffix(3);  // "Author(s)"
  return !name.empty() && name.size() <= kMostName && std::isalpha(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == ' ';
         });
}

std::string clean_value(std::string_view value) {
  return one_line(clean_text(trim(value), kMostValue));
}

void append(HeaderField& field, std::string_view more) {
  const std::string piece = clean_value(more);
  if (piece.empty() || field.value.size() > kMostValue) return;
  field.value += (field.value.empty() ? "" : " ") + piece;
}

void finish(HeaderFields& fields) {
  for (HeaderField& field : fields)
    if (field.items.empty() && !field.value.empty()) field.items.push_back(field.value);
}

// A scalar as YAML writes it in one line: its quotes and the comment behind it are taken off.
std::string yaml_scalar(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'')) {
    if (const std::size_t end = text.find(text.front(), 1); end != std::string_view::npos)
      return clean_value(text.substr(1, end - 1));
  }
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t')) {
      text = text.substr(0, i);
      break;
    }
  return clean_value(text);
}

void add_item(HeaderField& field, std::string_view text) {
  const std::string item = yaml_scalar(text);
  if (item.empty() || field.items.size() >= kMostItems) return;
  field.items.push_back(item);
  if (field.value.size() < kMostValue) field.value += (field.value.empty() ? "" : ", ") + item;
}

void set_yaml_value(HeaderField& field, std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) {
    const std::size_t end = text.rfind(']');
    for (const auto part : split(text.substr(1, end == std::string_view::npos ? end : end - 1), ','))
      add_item(field, part);
  } else if (text != "|" && text != ">" && text != "|-" && text != ">-") {
    field.value = yaml_scalar(text);
  }
}

}  // namespace

const HeaderField* find_field(const HeaderFields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::string field_value(const HeaderFields& fields, std::string_view name) {
  const HeaderField* field = find_field(fields, name);
  return field ? field->value : std::string{};
}

HeaderFields mail_headers(std::string_view text) {
  HeaderFields fields;
  std::string_view rest = without_mark(text), line;
  while (next_line(rest, line) && fields.size() < kMostFields) {
    if (trim(line).empty()) {
      if (fields.empty()) continue;
      break;
    }
    const std::size_t colon = line.find(':');
    const auto name = trim(line.substr(0, colon));
    if (is_indented(line)) {
      if (!fields.empty()) append(fields.back(), line);
    } else if (colon != std::string_view::npos && is_name(name)) {
      fields.push_back({to_lower(name), clean_value(line.substr(colon + 1)), {}});
    }
  }
  finish(fields);
  return fields;
}

HeaderFields header_paragraph(std::string_view text) {
  std::string_view rest = without_mark(text), line;
  const char* begin = nullptr;
  bool is_header = true;
  for (std::size_t number = 0; number < kLinesBeforeFieldList; ++number) {
    const bool is_end = !next_line(rest, line);
    if (is_end || trim(line).empty()) {
      if (begin && is_header) {
        const char* end = is_end ? text.data() + text.size() : line.data();
        HeaderFields fields = mail_headers({begin, static_cast<std::size_t>(end - begin)});
        if (fields.size() >= 2) return fields;
      }
      if (is_end) break;
      begin = nullptr;
      is_header = true;
      continue;
    }
    const std::size_t colon = line.find(':');
    is_header = is_header && ((begin && is_indented(line)) ||
                              (colon != std::string_view::npos && is_name(trim(line.substr(0, colon)))));
    if (!begin) begin = line.data();
  }
  return {};
}

HeaderFields field_list(std::string_view text) {
  HeaderFields fields;
  std::string_view rest = without_mark(text), line;
  for (std::size_t number = 0; next_line(rest, line) && fields.size() < kMostFields; ++number) {
    if (fields.empty() && number >= kLinesBeforeFieldList) break;
    const std::size_t colon = line.starts_with(':') ? line.find(':', 1) : std::string_view::npos;
    const auto name = colon == std::string_view::npos ? std::string_view{} : trim(line.substr(1, colon - 1));
    if (is_name(name))
      fields.push_back({to_lower(name), clean_value(line.substr(colon + 1)), {}});
    else if (fields.empty())
      continue;
    else if (is_indented(line) && !trim(line).empty())
      append(fields.back(), line);
    else
      break;
  }
  finish(fields);
  return fields;
}

namespace {

// A line of a list of fields: how far in it begins, and what stands behind its bullet, if it has one.
struct ListedLine {
  std::size_t indent = 0;
  bool has_bullet = false;
  std::string_view text;
};

ListedLine listed_line(std::string_view line) {
  ListedLine result;
  result.indent = std::min(line.find_first_not_of(" \t"), line.size());
  result.text = trim(line);
  result.has_bullet = result.text.size() > 2 &&
                      (result.text[0] == '*' || result.text[0] == '-' || result.text[0] == '+') &&
                      result.text[1] == ' ';
  if (result.has_bullet) result.text = trim(result.text.substr(2));
  return result;
}

}  // namespace

bool is_field_name(std::string_view name) {
  return is_name(name);
}

HeaderField field_of_line(std::string_view text) {
  const std::string plain = plain_markdown(text);
  const std::size_t colon = plain.find(':');
  const auto name = trim(std::string_view(plain).substr(0, colon));
  if (colon == std::string::npos || !is_name(name)) return {};
  return {to_lower(name), clean_value(std::string_view(plain).substr(colon + 1)), {}};
}

HeaderFields listed_fields(std::string_view text, std::string_view name) {
  HeaderFields fields;
  std::string_view rest = without_mark(text), line;
  bool is_list = true;  // what stands since the last empty line, as far as it was read
  ListedLine first;
  for (std::size_t number = 0; number < kLinesBeforeFieldList; ++number) {
    const bool is_end = !next_line(rest, line);
    const auto bare = is_end ? std::string_view() : trim(line);
    if (bare.empty() || bare.starts_with("<pre") || bare.starts_with("</pre") || bare.starts_with("```")) {
      if (is_list && fields.size() >= 2 && (name.empty() || find_field(fields, name))) {
        finish(fields);
        return fields;
      }
      fields.clear();
      is_list = true;
      if (is_end) return {};
      continue;
    }
    const ListedLine each = listed_line(line);
    if (fields.empty()) first = each;
    const bool goes_on = !fields.empty() && each.indent > first.indent;
    if (goes_on) {
      append(fields.back(), plain_markdown(each.text));
      continue;
    }
    HeaderField field = field_of_line(each.text);
    is_list = is_list && each.has_bullet == first.has_bullet && !field.name.empty();
    fields.push_back(std::move(field));
  }
  return {};
}

HeaderFields yaml_fields(std::string_view text) {
  HeaderFields fields;
  std::string_view rest = without_mark(text), line;
  bool takes_items = false;
  while (next_line(rest, line) && fields.size() < kMostFields) {
    const auto bare = trim(line);
    if (bare.empty() || bare.front() == '#') continue;
    if (bare.starts_with("- ") || bare == "-") {
      if (takes_items) add_item(fields.back(), bare.substr(1));
      continue;
    }
    if (is_indented(line)) {
      // Addresses below a key, each by a key of its own.
      const std::size_t end = bare.find(": http");
      if (takes_items && end != std::string_view::npos) add_item(fields.back(), bare.substr(end + 1));
      continue;
    }
    const std::size_t colon = line.find(':');
    const auto name = trim(line.substr(0, colon));
    if (colon == std::string_view::npos || !is_name(name)) continue;
    if (colon + 1 < line.size() && line[colon + 1] != ' ' && line[colon + 1] != '\t') continue;
    HeaderField field{to_lower(name), {}, {}};
    set_yaml_value(field, line.substr(colon + 1));
    takes_items = field.value.empty();
    fields.push_back(std::move(field));
  }
  finish(fields);
  return fields;
}

namespace {

// Where the front matter's text begins and ends, and where the rest begins; nothing where there is none.
struct Fence {
  std::size_t begin = 0, end = 0, rest = 0;
  bool is_toml = false;
};

Fence find_fence(std::string_view text) {
  Fence fence;
  std::string_view rest = text, line, mark;
  while (next_line(rest, line)) {
    const auto bare = trim(line);
    if (mark.empty()) {
      if (bare.empty()) continue;
      if (bare != "---" && bare != "+++") return {};
      mark = bare;
      fence.is_toml = bare == "+++";
      fence.begin = text.size() - rest.size();
    } else if (bare == mark || bare == "...") {
      fence.end = static_cast<std::size_t>(line.data() - text.data());
      fence.rest = text.size() - rest.size();
      return fence;
    }
  }
  return {};
}

// "name = value" lines; tables below are passed by.
HeaderFields toml_fields(std::string_view text) {
  HeaderFields fields;
  std::string_view rest = text, line;
  while (next_line(rest, line) && fields.size() < kMostFields) {
    if (trim(line).starts_with('[')) break;
    const std::size_t equals = line.find('=');
    const auto name = trim(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name)) continue;
    HeaderField field{to_lower(name), {}, {}};
    set_yaml_value(field, line.substr(equals + 1));
    fields.push_back(std::move(field));
  }
  finish(fields);
  return fields;
}

}  // namespace

HeaderFields front_matter(std::string_view text) {
  text = without_mark(text);
  const Fence fence = find_fence(text);
  if (!fence.rest) return {};
  const auto inside = text.substr(fence.begin, fence.end - fence.begin);
  return fence.is_toml ? toml_fields(inside) : yaml_fields(inside);
}

std::string_view behind_front_matter(std::string_view text) {
  text = without_mark(text);
  return text.substr(find_fence(text).rest);
}

}  // namespace resident
