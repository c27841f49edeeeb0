#include <fmt/format.h>

#include <algorithm>
#include <analyses/pages.hpp>
#include <base/text.hpp>
#include <views/cells.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestCell = 400;                      // columns of text
constexpr std::string_view kThreadLists[] = {"inbox", "ask"};  // their rows have the keys of threads

const std::string* text_in(const Result& result, const std::vector<Cell>& row, std::string_view name) {
  for (std::size_t i = 0; i < result.columns.size(); ++i)
    if (result.columns[i].name == name) return std::get_if<std::string>(&row.at(i));
  return nullptr;
}

// The page of what words of that role name; "" where there is none.
std::string_view slug_of(ColumnRole role) {
  const std::string_view slug = role == ColumnRole::person   ? "person"
                                : role == ColumnRole::label  ? "label"
                                : role == ColumnRole::module ? "module"
                                : role == ColumnRole::file   ? "file"
                                : role == ColumnRole::test   ? "test"
                                                             : "";
  return !slug.empty() && find_shown_page(slug) ? slug : std::string_view();
}

bool is_named(ColumnRole role, std::string_view name) {
  if (name.empty()) return false;
  return role != ColumnRole::person || (name != "someone" && !name.starts_with("team "));
}

std::string page_link(const std::string& address, const std::string& inner) {
  return address.empty() ? inner : fmt::format("<a href=\"{}\">{}</a>", escape_html(address), inner);
}

// Where a word is longer than a narrow column, it breaks behind the parts of a path or a name and not within them.
std::string breakable(std::string_view escaped) {
  constexpr std::size_t kLongWord = 20;
  std::string out;
  for (std::size_t at = 0; at < escaped.size();) {
    const std::size_t end = std::min(escaped.find(' ', at), escaped.size());
    const std::string_view word = escaped.substr(at, end - at);
    for (std::size_t i = 0; i < word.size(); ++i) {
      out += word[i];
      const bool is_joint =
          word[i] == '/' || word[i] == '_' || (word[i] == ':' && !word.substr(i + 1).starts_with(':'));
      if (word.size() > kLongWord && is_joint && i > 1 && i + 3 < word.size()) out += "<wbr>";
    }
    if (end < escaped.size()) out += ' ';
    at = end + 1;
  }
  return out;
}

// Names, each a link to its page. Several stand after commas, but for files, modules and tests.
std::string linked_names(const std::string& text, ColumnRole role, const DocumentOptions& options) {
  const std::string_view slug = slug_of(role);
  const auto link = [&](const std::string& name) {
    if (!is_named(role, name)) return html_text(name);
    std::string address = fmt::format("/{}{}", slug, document_query(options));
    address += fmt::format("{}of={}", address.find('?') == std::string::npos ? '?' : '&', escape_url(name));
    return fmt::format("<a{} href=\"{}\">{}</a>", role == ColumnRole::label ? " class=\"label\"" : "",
                       escape_html(address), breakable(html_text(name)));
  };
  if (role == ColumnRole::file || role == ColumnRole::module || role == ColumnRole::test) return link(text);
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(", ", at), text.size());
    out += (at == 0 ? "" : role == ColumnRole::label ? " " : ", ") + link(text.substr(at, end - at));
    at = end + 2;
  }
  return out;
}

}  // namespace

std::string keep_units(std::string_view escaped) {
  static constexpr std::string_view kUnits[] = {"%", "s", "ms", "min", "h", "d", "mo", "y", "kB", "MB", "MiB"};
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_word = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  std::string out;
  for (std::size_t at = 0; at < escaped.size(); ++at) {
    if (escaped[at] != ' ' || at == 0 || !is_digit(escaped[at - 1])) {
      out += escaped[at];
      continue;
    }
    std::size_t end = at + 1;
    if (end < escaped.size() && escaped[end] == '%')
      ++end;
    else
      while (end < escaped.size() && is_word(escaped[end])) ++end;
    const std::string_view word = escaped.substr(at + 1, end - at - 1);
    out += std::find(std::begin(kUnits), std::end(kUnits), word) != std::end(kUnits) ? "\u00a0" : " ";
  }
  return out;
}

std::string with_commands(const std::string& escaped) {
  return escaped.find("`resident ") == std::string::npos ? escaped : with_code(escaped);
}

std::string title_of(const Column& column) {
  return column.title.empty() ? column.name : column.title;
}

std::string link_to(const std::string& url, const std::string& inner) {
  if (url.empty()) return inner;
  return fmt::format(R"(<a href="{}" rel="noopener noreferrer">{}</a>)", escape_html(url), inner);
}

std::string shown_text(const Result& result, const std::vector<Cell>& row, std::size_t column) {
  const std::string text = one_line(shown_cell(row.at(column), result.columns[column]));
  return breakable(keep_units(escape_html(fit_width(text, kLongestCell))));
}

std::string page_of(const Result& result, const std::vector<Cell>& row, std::size_t column,
                    const DocumentOptions& options) {
  if (!options.served || result.columns[column].type != ColumnType::item) return {};
  if (std::find(std::begin(kThreadLists), std::end(kThreadLists), result.name) != std::end(kThreadLists))
    if (const auto* key = text_in(result, row, "key"); key && !key->empty()) return key_address(*key, options);
  const auto* number = std::get_if<std::int64_t>(&row.at(column));
  return number ? key_address(item_key(*number, cell_address(result, row, column)), options) : std::string();
}

// A number links to the item's page and, beside it, to the forge; #12 in a text that we wrote to that item's page.
std::string cell_html(const Result& result, const std::vector<Cell>& row, std::size_t column,
                      const DocumentOptions& options) {
  static constexpr std::string_view kOurWords[] = {"answer", "why", "content", "claim"};
  const Column& shown = result.columns[column];
  const std::string page = page_of(result, row, column, options);
  const std::string text = shown_text(result, row, column);
  if (!page.empty() && !text.empty())
    return fmt::format("<a href=\"{}\">{}</a>{}", escape_html(page), text,
                       forge_link(cell_address(result, row, column), text));
  const std::string address = cell_address(result, row, column);
  if (const auto* project = std::get_if<std::string>(&row.at(column)); project && shown.role == ColumnRole::project)
    return page_link(project_address(*project, options), text);
  if (const auto* name = std::get_if<std::string>(&row.at(column)); name && !name->empty() && address.empty() &&
                                                                    options.served && !slug_of(shown.role).empty() &&
                                                                    display_width(*name) <= kLongestCell)
    return linked_names(one_line(*name), shown.role, options);
  if (address.empty() && (shown.role == ColumnRole::reason ||
                          std::find(std::begin(kOurWords), std::end(kOurWords), shown.name) != std::end(kOurWords)))
    return link_items(with_commands(text), options);
  return text.empty() ? text : link_to(address, text);
}

}  // namespace resident
