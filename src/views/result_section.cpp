// One Result in HTML: heading, claim, picture, rows, and how it was computed.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <views/cells.hpp>
#include <views/page.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

constexpr std::size_t kRowsAtFirst = 25;  // of a longer table; the others open on demand
constexpr std::size_t kBriefCell = 24, kSentence = 48;
constexpr std::size_t kManyColumns = 9;    // from so many on they stand closer
constexpr std::size_t kMostSheets = 12;    // rows that a narrow screen shows each as a list of its cells
constexpr std::size_t kDrawnPoints = 600;  // of each curve that a page of the dashboard draws
constexpr std::string_view kThreadName = "thread";

// --- The picture ---

bool has_chart(const Result& result) {
  return result.chart.kind != Chart::Kind::none && !result.rows.empty();
}

// A page of a site, whose Results stand in a file with all of their rows and queries.
bool has_results_beside(const DocumentOptions& options) {
  return options.site && !options.site->json.empty();
}

// Of each curve no more than so many points, evenly chosen, its ends among them.
void thin(Result& result, std::size_t most) {
  if (most < 2 || (result.chart.kind != Chart::Kind::line && result.chart.kind != Chart::Kind::step)) return;
  const auto series = std::find_if(result.columns.begin(), result.columns.end(), [&](const Column& column) {
    return !result.chart.series.empty() && column.name == result.chart.series;
  });
  std::map<std::string, std::vector<std::size_t>> curves;
  for (std::size_t i = 0; i < result.rows.size(); ++i)
    curves[series == result.columns.end()
               ? std::string()
               : raw_cell(result.rows[i].at(static_cast<std::size_t>(series - result.columns.begin())), series->type)]
        .push_back(i);
  std::vector<bool> stays(result.rows.size(), false);
  for (const auto& [name, points] : curves)
    for (std::size_t k = 0, count = std::min(most, points.size()); k < count; ++k)
      stays[count < 2 ? points[k] : points[k * (points.size() - 1) / (count - 1)]] = true;
  std::size_t at = 0;
  std::erase_if(result.rows, [&](const auto&) { return !stays[at++]; });
}

// As exactly as anybody sees it in a picture.
nlohmann::ordered_json drawn_number(double value) {
  return nlohmann::ordered_json::parse(fmt::format("{:.6g}", value));
}

// JSON inside a script element: no '<' can end it.
std::string chart_data(const Result& result, std::size_t most_points) {
  RenderOptions options;
  const auto keep = [&](const std::string& name) {
    const bool known = std::any_of(result.columns.begin(), result.columns.end(),
                                   [&](const Column& column) { return column.name == name; });
    if (known && !name.empty()) options.fields.push_back(name);
  };
  keep(result.chart.x);
  for (const std::string& y : result.chart.y) keep(y);
  keep(result.chart.series);
  keep(result.chart.low);
  keep(result.chart.high);
  if (result.chart.kind == Chart::Kind::dot) {  // what a dot stands for
    for (const Column& column : result.columns)
      if (column.type == ColumnType::item) keep(column.name);
    const auto name = std::find_if(result.columns.begin(), result.columns.end(), [&](const Column& column) {
      return column.type == ColumnType::text && column.name != result.chart.series && !column.hidden;
    });
    if (name != result.columns.end()) keep(name->name);
    keep("title");
  }
  Result drawn = result;
  drawn.evidence.clear();
  drawn.question = drawn.definition = drawn.method = drawn.coverage = drawn.uncertainty = "";
  drawn.notes.clear();
  thin(drawn, most_points);
  // Rows without the names of their columns, which stand once.
  auto data = nlohmann::ordered_json::parse(render_json({drawn}, options));
  if (drawn.rows.size() < result.rows.size()) data["of"] = result.rows.size();
  for (auto& row : data["rows"]) {
    auto values = nlohmann::ordered_json::array();
    for (auto& value : row)
      values.push_back(value.is_number_float() ? drawn_number(value.get<double>()) : std::move(value));
    row = std::move(values);
  }
  std::string json;
  for (const char c : data.dump()) {
    if (c == '<' || c == '>' || c == '&') {
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else if (c != '\n') {
      json += c;
    }
  }
  return json;
}

std::string figure(const Result& result, const DocumentOptions& options) {
  const std::size_t most = options.site ? options.site->most_points : options.served ? kDrawnPoints : 0;
  return fmt::format(
      "<figure class=\"chart\" data-chart=\"{}\" hidden><script type=\"application/json\">{}</script></figure>\n",
      kind_name(result.chart.kind), chart_data(result, most));
}

// --- The rows ---

// What a script sorts by, where that is not the text.
std::string sort_value(const Cell& cell, ColumnType type) {
  if (!is_numeric(type) || std::holds_alternative<std::string>(cell)) return {};
  return fmt::format(" data-value=\"{}\"", escape_html(raw_cell(cell, type)));
}

// Cells that stay on one line: figures, times and short words. Sentences get more room than names.
std::string cell_class(const std::string& text, ColumnType type) {
  if (is_numeric(type)) return " class=\"number\"";
  const std::size_t width = display_width(text);
  const bool brief = type == ColumnType::date || type == ColumnType::time || width <= kBriefCell;
  return brief ? " class=\"brief\"" : width > kSentence ? " class=\"sentence\"" : "";
}

// How a checklist's line stands, for its colour and sign; the word stands there too.
std::string state_mark(const Result& result, const std::vector<Cell>& row, std::size_t column) {
  const auto* text = std::get_if<std::string>(&row.at(column));
  if (!text || result.columns[column].name != "state") return {};
  if (*text == "ok") return " data-state=\"ok\"";
  if (*text == "to do") return " data-state=\"todo\"";
  return *text == "unknown" ? " data-state=\"unknown\"" : "";
}

std::string table_head(const Result& result, const std::vector<std::size_t>& chosen) {
  std::string out = "<thead><tr>";
  for (const std::size_t i : chosen) {
    const Column& column = result.columns[i];
    // Of a bound, how sure it is: the beginning of its description.
    const std::string& more = column.description;
    const bool is_bound = column.unit.empty() && more.size() >= 4 && more.substr(2, 2) == " %" && more[0] >= '5' &&
                          more[0] <= '9' && (more.size() == 4 || more[4] == ';' || more[4] == ',');
    const std::string said = is_bound ? more.substr(0, 4) : column.unit;
    const std::string unit = said.empty() || to_lower(title_of(column)).find(to_lower(said)) != std::string::npos
                                 ? std::string()
                                 : fmt::format(" <span class=\"unit\">{}</span>", keep_units(html_text(said)));
    out += fmt::format("<th scope=\"col\"{}>{}{}</th>", is_numeric(column.type) ? " class=\"number\"" : "",
                       html_text(title_of(column)), unit);
  }
  return out + "</tr></thead>\n";
}

std::string table_rows(const Result& result, const std::vector<std::size_t>& chosen,
                       const std::vector<std::size_t>& rows, const DocumentOptions& options) {
  std::string out = "<tbody>\n";
  for (const std::size_t at : rows) {
    const auto& row = result.rows[at];
    out += "<tr>";
    for (const std::size_t i : chosen) {
      const ColumnType type = result.columns[i].type;
      const bool first = i == chosen.front();
      out += fmt::format("<{}{}{}{}>{}</{}>", first ? "th scope=\"row\"" : "td",
                         cell_class(shown_cell(row.at(i), result.columns[i]), type), sort_value(row.at(i), type),
                         state_mark(result, row, i), cell_html(result, row, i, options), first ? "th" : "td");
    }
    out += "</tr>\n";
  }
  return out + "</tbody>";
}

// extent: which rows, in words.
std::string table(const Result& result, const std::vector<std::size_t>& chosen, const std::vector<std::size_t>& rows,
                  const std::string& extent, const DocumentOptions& options) {
  const std::string title = html_text(result.title);
  const bool has_sentences = std::any_of(chosen.begin(), chosen.end(), [&](std::size_t column) {
    return std::any_of(rows.begin(), rows.end(), [&](std::size_t row) {
      const auto* text = std::get_if<std::string>(&result.rows[row].at(column));
      return text && display_width(*text) > kSentence;
    });
  });
  const bool is_dense = chosen.size() >= kManyColumns;
  const std::string kind = is_dense && has_sentences && rows.size() <= kMostSheets ? " class=\"dense sheets\""
                           : is_dense                                              ? " class=\"dense\""
                                                                                   : "";
  return fmt::format(
      "<div class=\"scroll\" role=\"group\" aria-label=\"Table: {}, {}\" tabindex=\"0\"><table{}>\n"
      "<caption><span class=\"unseen\">{}: </span>{}</caption>\n{}{}</table></div>\n",
      title, extent, kind, title, extent, table_head(result, chosen), table_rows(result, chosen, rows, options));
}

// Which rows a document shows of a table, and that in words.
struct ShownRows {
  std::vector<std::size_t> rows;
  std::string extent;
};

// Of more than `most`: of a series over time the newest, of another curve every so many-th, of a list the first.
ShownRows shown_rows(const Result& result, std::size_t most) {
  const std::size_t count = result.rows.size();
  const auto from_to = [&](std::size_t begin, std::size_t end) {
    ShownRows shown;
    for (std::size_t at = begin; at < end; ++at) shown.rows.push_back(at);
    shown.extent = end - begin == count ? plural(static_cast<long long>(count), "row")
                                        : fmt::format("Rows {} to {} of {}", with_thousands(begin + 1),
                                                      with_thousands(end), with_thousands(count));
    return shown;
  };
  if (count <= most) return from_to(0, count);
  if (!has_chart(result) || most < 2) return from_to(0, most);
  const auto x = std::find_if(result.columns.begin(), result.columns.end(),
                              [&](const Column& column) { return column.name == result.chart.x; });
  if (x == result.columns.end()) return from_to(0, most);
  const auto at = static_cast<std::size_t>(x - result.columns.begin());
  if (x->type == ColumnType::date || x->type == ColumnType::time) {
    const auto* first = std::get_if<std::int64_t>(&result.rows.front().at(at));
    const auto* last = std::get_if<std::int64_t>(&result.rows.back().at(at));
    return first && last && *first < *last ? from_to(count - most, count) : from_to(0, most);
  }
  ShownRows shown;
  for (std::size_t i = 0; i < most; ++i) shown.rows.push_back(i * (count - 1) / (most - 1));
  shown.extent = fmt::format("{} rows of {}, evenly chosen", most, with_thousands(count));
  return shown;
}

// What stands below a table that does not hold all rows.
std::string where_others_are(const Result& result, const ShownRows& shown, const DocumentOptions& options) {
  if (shown.rows.size() == result.rows.size()) return {};
  if (options.served)
    return fmt::format(
        "<p class=\"more-rows\"><a href=\"{}\">The table, {} rows<span class=\"unseen\"> of {}</span></a></p>\n",
        escape_html(table_address(result.name, options)), with_thousands(result.rows.size()), html_text(result.title));
  if (has_results_beside(options))
    return fmt::format(
        "<p class=\"more-rows\"><a href=\"{}\">The table, {} rows, as JSON<span class=\"unseen\">: {}</span></a></p>\n",
        escape_html(json_address(result.name, options)), with_thousands(result.rows.size()), html_text(result.title));
  return fmt::format("<p class=\"more-rows\">The other {} rows are not in this file.</p>\n",
                     with_thousands(result.rows.size() - shown.rows.size()));
}

// A column in which nothing stands takes room and says nothing.
bool says_nothing(const Result& result, std::size_t column) {
  return std::all_of(result.rows.begin(), result.rows.end(), [&](const auto& row) {
    const auto* text = std::get_if<std::string>(&row.at(column));
    return std::holds_alternative<std::monostate>(row.at(column)) || (text && text->empty());
  });
}

std::string rows_of(const Result& result, const DocumentOptions& options) {
  std::vector<std::size_t> chosen = chosen_columns(result, {}, Hidden::leave_out);
  if (chosen.empty()) return {};
  const std::size_t count = result.rows.size();
  if (count > 0 && chosen.size() > 1)
    std::erase_if(chosen, [&, first = chosen.front()](std::size_t column) {
      return column != first && says_nothing(result, column);
    });
  if (count == 0) return result.claim.empty() ? "<p class=\"nothing\">No rows.</p>\n" : "";  // the claim says it
  // Under a picture, which has them all, a quarter of them do.
  const ShownRows shown = shown_rows(result, has_chart(result) ? (options.most_rows + 3) / 4 : options.most_rows);
  const std::string others = where_others_are(result, shown, options);
  if (has_chart(result)) {
    // The picture comes first; the script closes the table under it when it is long.
    return fmt::format("<details class=\"under-chart\" open><summary>Table</summary>\n{}{}</details>\n",
                       table(result, chosen, shown.rows, shown.extent, options), others);
  }
  // Who came to a page of its own wants to see them.
  const bool is_of_its_own = options.served && options.most_rows > DocumentOptions().most_rows;
  if (shown.rows.size() <= kRowsAtFirst || is_of_its_own)
    return table(result, chosen, shown.rows, shown.extent, options) + others;
  const std::vector<std::size_t> begin(shown.rows.begin(), shown.rows.begin() + kRowsAtFirst),
      rest(shown.rows.begin() + kRowsAtFirst, shown.rows.end());
  const auto extent = [&](const std::vector<std::size_t>& rows) {
    return fmt::format("Rows {} to {} of {}", rows.front() + 1, rows.back() + 1, with_thousands(count));
  };
  return fmt::format(
      "<div class=\"long-table\" data-rows=\"{}\">\n{}<details class=\"rest\"><summary>Show {} "
      "rows</summary>\n{}</details></div>\n{}",
      count, table(result, chosen, begin, extent(begin), options),
      shown.rows.size() == count ? fmt::format("all {}", with_thousands(count)) : with_thousands(shown.rows.size()),
      table(result, chosen, rest, extent(rest), options), others);
}

// Below the rows that are cut off no thing to do is lost: of each verb the first few are shown.
void add_first_of_each_verb(const Result& result, ShownRows& shown) {
  constexpr std::size_t kOfEach = 3;
  const auto verb = column_of_role(result, chosen_columns(result, {}, Hidden::leave_out), ColumnRole::verb);
  if (!verb || shown.rows.empty() || shown.rows.size() == result.rows.size()) return;
  std::map<std::string, std::size_t> counts;
  const auto word = [&](std::size_t row) { return format_cell(result.rows[row].at(*verb), ColumnType::text); };
  for (const std::size_t row : shown.rows) ++counts[word(row)];
  for (std::size_t row = shown.rows.back() + 1; row < result.rows.size(); ++row)
    if (std::size_t& count = counts[word(row)]; count < kOfEach) ++count, shown.rows.push_back(row);
}

std::string queue_of(const Result& result, const DocumentOptions& options, int heading_level) {
  ShownRows shown = shown_rows(result, options.most_rows);
  if (result.layout == Layout::queue_by_verb) add_first_of_each_verb(result, shown);
  return render_queue(result, shown.rows, options, heading_level) + where_others_are(result, shown, options);
}

// The rows for programs and for other documents.
std::string download_line(const Result& result, const DocumentOptions& options) {
  if (result.rows.empty() || !(options.served || has_results_beside(options))) return {};
  const std::string json = json_address(result.name, options);
  if (!options.served)
    return fmt::format(
        "<p class=\"download\">All rows as <a href=\"{}\">JSON<span class=\"unseen\"> of {}</span></a></p>\n",
        escape_html(json), html_text(result.title));
  std::string links;
  for (const auto& [format, name] : {std::pair{"json", "JSON"}, std::pair{"csv", "CSV"}, std::pair{"md", "Markdown"}}) {
    const std::string address =
        std::string_view(format) == "json"
            ? json
            : fmt::format("{}{}format={}", json, json.find('?') == std::string::npos ? '?' : '&', format);
    links += fmt::format("{}<a href=\"{}\">{}<span class=\"unseen\"> of {}</span></a>", links.empty() ? "" : " ",
                         escape_html(address), name, html_text(result.title));
  }
  return fmt::format("<p class=\"download\">All rows as {}</p>\n", links);
}

// --- How it was computed ---

void add_term(std::string& out, std::string_view term, const std::string& html) {
  if (!html.empty()) out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", term, html);
}

std::string evidence(const Result& result, const DocumentOptions& options) {
  std::string out;
  for (const Evidence& one : result.evidence) {
    out += "<div class=\"evidence\">" + link_to(safe_url(one.url), html_text(one.title));
    if (!one.sql.empty() && has_results_beside(options))
      out += ": its query stands in the JSON";
    else if (!one.sql.empty())
      out += fmt::format("<pre><code>{}</code></pre>", written_text(one.sql));
    out += "</div>";
  }
  return out;
}

std::string computation(const Result& result, const DocumentOptions& options) {
  std::string terms, columns, notes;
  for (const Column& column : result.columns)
    if (!column.description.empty())
      columns +=
          fmt::format("<li><b>{}</b>: {}</li>", html_text(title_of(column)), keep_units(html_text(column.description)));
  for (const std::string& note : result.notes)
    notes += fmt::format("<li>{}</li>", with_code(keep_units(html_text(note))));
  add_term(terms, "Definition", with_code(keep_units(html_text(result.definition))));
  add_term(terms, "Method", with_code(keep_units(html_text(result.method))));
  add_term(terms, "Sample size", result.sample_size ? with_thousands(*result.sample_size) : std::string());
  add_term(terms, "Uncertainty", with_code(keep_units(html_text(result.uncertainty))));
  add_term(terms, "Coverage", with_code(keep_units(html_text(result.coverage))));
  add_term(
      terms, "Freshness",
      result.data_until ? "data until " + format_cell(*result.data_until, ColumnType::time) + " UTC" : std::string());
  add_term(terms, "As of", result.as_of ? format_cell(result.as_of, ColumnType::time) + " UTC" : std::string());
  add_term(terms, "Columns", columns.empty() ? columns : "<ul>" + columns + "</ul>");
  add_term(terms, "Evidence", evidence(result, options));
  add_term(terms, "Notes", notes.empty() ? notes : "<ul>" + notes + "</ul>");
  if (terms.empty()) return {};
  return fmt::format(
      "<details class=\"how\"><summary>How this was computed<span class=\"unseen\">: "
      "{}</span></summary>\n<dl>\n{}</dl></details>\n",
      html_text(result.title), terms);
}

}  // namespace

std::string html_text(std::string_view text) {
  return escape_html(one_line(text));
}

std::string render_result(const Result& result, const DocumentOptions& options, int heading_level) {
  std::string out = fmt::format("<section class=\"result\" data-result=\"{}\">\n", html_text(result.name));
  out += fmt::format("<h{0}{3}>{1}{2}</h{0}>\n", heading_level,
                     html_text(result.title.empty() ? result.name : result.title),
                     result.simulated ? " <span class=\"tag\">simulated</span>" : "",
                     result.title == options.page_title ? " class=\"unseen\"" : "");
  if (!result.claim.empty())
    out +=
        fmt::format("<p class=\"claim\">{}</p>\n", with_code(link_items(keep_units(html_text(result.claim)), options)));
  Result basis;
  basis.sample_size = result.sample_size;
  basis.data_until = result.data_until;
  if (const std::string line = basis_line(basis); !line.empty())
    out += fmt::format("<p class=\"basis\">{}</p>\n", escape_html(line));
  if (has_chart(result)) out += figure(result, options);
  out += result.name == kThreadName       ? render_thread(result)
         : result.layout == Layout::table ? rows_of(result, options)
                                          : queue_of(result, options, heading_level + 1);
  out += download_line(result, options);
  out += computation(result, options);
  return out + "</section>\n";
}

}  // namespace resident
