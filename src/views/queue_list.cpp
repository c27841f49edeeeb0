// A queue as a list: what to do and with what on the first line, why on the second, then what one knows it by.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <views/cells.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

// Columns by their places in the list.
struct Places {
  std::optional<std::size_t> rank, verb, item, title, reason, wait;
  std::vector<std::size_t> others;
};

Places places_of(const Result& result, bool by_verb) {
  Places places;
  const std::vector<std::size_t> chosen = chosen_columns(result, {}, Hidden::leave_out);
  places.verb = column_of_role(result, chosen, ColumnRole::verb);
  places.title = column_of_role(result, chosen, ColumnRole::title);
  places.reason = column_of_role(result, chosen, ColumnRole::reason);
  for (const std::size_t i : chosen) {
    const ColumnType type = result.columns[i].type;
    if (i == places.verb || i == places.title || i == places.reason) continue;
    if (!places.rank && type == ColumnType::integer && i == chosen.front())
      places.rank = i;
    else if (!places.item && type == ColumnType::item)
      places.item = i;
    else if (!places.wait && type == ColumnType::duration)
      places.wait = i;
    else
      places.others.push_back(i);
  }
  if (by_verb) places.verb.reset();  // it stands over them
  return places;
}

// Where it leads to: our own page of it, else the forge.
std::string heading_of(const Result& result, const std::vector<Cell>& row, const Places& places,
                       const DocumentOptions& options) {
  const auto text = [&](const std::optional<std::size_t>& i) {
    if (!i || std::holds_alternative<std::monostate>(row.at(*i))) return std::string();
    return shown_text(result, row, *i);
  };
  const std::string title = text(places.title), number = text(places.item);
  std::string page, url;
  if (places.item) {
    page = page_of(result, row, *places.item, options);
    url = cell_address(result, row, *places.item);
  }
  for (std::size_t i = 0; i < result.columns.size() && url.empty(); ++i)
    if (result.columns[i].type == ColumnType::url) url = cell_address(result, row, i);
  const std::string name = !title.empty() ? title : number.empty() ? "(no title)" : number;
  const std::string after =
      title.empty() || number.empty() ? "" : fmt::format(" <span class=\"item\">{}</span>", number);
  return fmt::format("{}{}{}",
                     page.empty() ? link_to(url, name) : fmt::format("<a href=\"{}\">{}</a>", escape_html(page), name),
                     after, page.empty() ? "" : forge_link(url, number));
}

// Puts it off for a week, where forms are taken and the row says which item it is.
std::string later_form(const Result& result, const std::vector<Cell>& row, const DocumentOptions& options) {
  if (options.form_token.empty()) return {};
  for (std::size_t i = 0; i < result.columns.size(); ++i) {
    const auto* id = std::get_if<std::int64_t>(&row.at(i));
    if (result.columns[i].role != ColumnRole::item_id || !id) continue;
    ActionCard card;
    card.item_id = *id;
    ActionForm form;
    form.kind = "snooze";
    form.content = "7";
    form.button = "Next week";
    return render_form(form, card, options);
  }
  return {};
}

std::string entry(const Result& result, const std::vector<Cell>& row, const Places& places,
                  const DocumentOptions& options, int heading_level) {
  const auto has = [&](const std::optional<std::size_t>& i) {
    return i && !std::holds_alternative<std::monostate>(row.at(*i));
  };
  std::string out = "<li class=\"card\">\n";
  if (has(places.rank)) out += fmt::format("<span class=\"rank\">{}</span>\n", shown_text(result, row, *places.rank));
  if (has(places.verb)) out += fmt::format("<p class=\"what\">{}</p>\n", shown_text(result, row, *places.verb));
  out += fmt::format("<h{0}>{1}</h{0}>\n", heading_level, heading_of(result, row, places, options));
  if (has(places.reason))
    out += fmt::format("<p class=\"why\">{}</p>\n", cell_html(result, row, *places.reason, options));
  std::string more;
  for (const std::size_t i : places.others) {
    if (std::holds_alternative<std::monostate>(row.at(i))) continue;
    const std::string text = cell_html(result, row, i, options);
    const std::string name = html_text(to_lower(title_of(result.columns[i])));
    const bool says_itself = result.columns[i].role == ColumnRole::label || result.columns[i].name == "state" ||
                             result.columns[i].name == "where";
    if (!text.empty())
      more += fmt::format("<li><span class=\"{}\">{}</span> {}</li>", says_itself ? "unseen" : "key", name, text);
  }
  if (!more.empty()) out += fmt::format("<ul class=\"more\">{}</ul>\n", more);
  if (has(places.wait))
    out +=
        fmt::format("<p class=\"waiting\"><span>{}</span> {}</p>\n",
                    html_text(to_lower(title_of(result.columns[*places.wait]))), shown_text(result, row, *places.wait));
  return out + later_form(result, row, options) + "</li>\n";
}

std::string list_of(const Result& result, const std::vector<std::size_t>& rows, const Places& places,
                    const DocumentOptions& options, int heading_level) {
  std::string out = "<ol class=\"cards\">\n";
  for (const std::size_t at : rows) out += entry(result, result.rows[at], places, options, heading_level);
  return out + "</ol>\n";
}

}  // namespace

std::string render_queue(const Result& result, const std::vector<std::size_t>& rows, const DocumentOptions& options,
                         int heading_level) {
  if (rows.empty()) return "<p class=\"nothing\">Nothing on the list.</p>\n";
  const auto all = chosen_columns(result, {}, Hidden::leave_out);
  const auto verb = column_of_role(result, all, ColumnRole::verb);
  const bool by_verb = result.layout == Layout::queue_by_verb && verb;
  const Places places = places_of(result, by_verb);
  if (!by_verb) return list_of(result, rows, places, options, heading_level);
  // Verbs in the order in which they come first.
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  for (const std::size_t at : rows) {
    const std::string word = format_cell(result.rows[at].at(*verb), ColumnType::text);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& each) { return each.first == word; });
    if (group == groups.end()) group = groups.insert(groups.end(), {word, {}});
    group->second.push_back(at);
  }
  std::map<std::string, std::int64_t> counts;  // of all, shown here or not
  const auto in_all = std::find_if(result.columns.begin(), result.columns.end(),
                                   [](const Column& column) { return column.name == "in_all"; });
  for (const auto& row : result.rows) {
    std::int64_t& count = counts[format_cell(row.at(*verb), ColumnType::text)];
    const auto* like_it =
        in_all == result.columns.end()
            ? nullptr
            : std::get_if<std::int64_t>(&row.at(static_cast<std::size_t>(in_all - result.columns.begin())));
    count = like_it ? *like_it : count + 1;
  }
  std::string out, tabs;
  for (const auto& [word, members] : groups) {
    const std::int64_t total = counts[word];
    std::string anchor = fmt::format("{}-{}", html_text(result.name), html_text(word));
    std::replace(anchor.begin(), anchor.end(), ' ', '-');
    tabs += fmt::format("<li><a href=\"#{}\">{} <span class=\"count\">{}</span></a></li>", anchor, html_text(word),
                        with_thousands(total));
    out += fmt::format("<h{0} class=\"verb\" id=\"{1}\">{2} <span class=\"count\">{3}</span></h{0}>\n", heading_level,
                       anchor, html_text(word),
                       static_cast<std::int64_t>(members.size()) == total
                           ? with_thousands(total)
                           : fmt::format("{} of {}", members.size(), with_thousands(total)));
    out += list_of(result, members, places, options, heading_level + 1);
  }
  return fmt::format("<nav class=\"verbs\" aria-label=\"By what is to be done\"><ul>{}</ul></nav>\n{}", tabs, out);
}

}  // namespace resident
