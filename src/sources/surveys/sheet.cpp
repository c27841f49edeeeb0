#include <algorithm>
#include <base/data_table.hpp>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <set>
#include <sources/surveys/sheet.hpp>

namespace resident::surveys {

namespace {

using Line = std::vector<std::string>;

constexpr std::size_t kLongest = 4000;  // bytes of an answer

struct Shape {
  char separator = ',';
  std::size_t width = 1;
};

// Of the first line, outside of quotes: which of , ; tab stands most often.
Shape shape_of(std::string_view text) {
  std::size_t counts[3] = {};
  constexpr std::string_view separators = ",;\t";
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '\n') break;
    if (const auto found = separators.find(c); found != std::string_view::npos) ++counts[found];
  }
  const auto most = std::max_element(counts, counts + 3);
  return {separators[static_cast<std::size_t>(most - counts)], *most + 1};
}

// All lines, headings among them: headings may be the same twice, so that columns are counted instead.
std::vector<Line> lines_of(const std::string& text, const std::string& what, std::int64_t& set_aside) {
  std::string_view all = text;
  if (all.starts_with("\xEF\xBB\xBF")) all.remove_prefix(3);
  const Shape shape = shape_of(all);
  std::string numbered;
  for (std::size_t i = 0; i < shape.width; ++i)
    numbered += (i == 0 ? "" : std::string(1, shape.separator)) + std::to_string(i);
  const DataTable table(numbered + "\n" + std::string(all), what);
  set_aside = table.set_aside();
  std::vector<Line> lines;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    Line& line = lines.emplace_back();
    for (std::size_t column = 0; column < table.names().size(); ++column)
      line.push_back(clean_text(trim(table.cell(row, column)), kLongest));
  }
  return lines;
}

bool is_import_ids(const Line& line) {
  return std::count_if(line.begin(), line.end(),
                       [](const std::string& cell) {
                         return cell.starts_with("{\"ImportId\"") || cell.starts_with("{\"\"ImportId\"\"");
                       }) *
             2 >
         static_cast<std::ptrdiff_t>(line.size());
}

bool has(const Line& line, std::initializer_list<std::string_view> names) {
  return std::any_of(line.begin(), line.end(), [&](const std::string& cell) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return cell == name; });
  });
}

bool looks_like_time(const std::string& cell) {
  static const Pattern time(R"(^\d{1,4}[/.\-年]\s?\d{1,2}[/.\-月]\s?\d{1,4}.{0,3}\d{1,2}[:.時]\d{2})");
  return time.found_in(cell);
}

Form form_of(const std::vector<Line>& lines) {
  const Line& first = lines.front();
  if (lines.size() > 2 && is_import_ids(lines[2])) return Form::qualtrics;
  if (lines.size() > 1 && has(first, {"ResponseId", "ResponseID"}) && has(lines[1], {"Response ID", "ResponseID"}))
    return Form::qualtrics;
  if (first.front().starts_with("id. ") || has(first, {"submitdate", "startlanguage", "lastpage"}) ||
      (first.front() == "Response ID" && has(first, {"Date submitted", "Last page"})))
    return Form::lime_survey;
  std::size_t times = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) times += looks_like_time(lines[i].front());
  if (first.front() == "Timestamp" || (lines.size() > 2 && times * 10 >= (lines.size() - 1) * 9))
    return Form::google_forms;
  return Form::plain;
}

// Columns that the tool adds by itself.
bool is_own(Form form, const std::string& code, std::size_t index) {
  static const std::set<std::string> lime{
      "id",           "submitdate",       "lastpage",     "startlanguage",  "seed",      "startdate",      "datestamp",
      "refurl",       "interviewtime",    "Response ID",  "Date submitted", "Last page", "Start language", "Seed",
      "Date started", "Date last action", "Referrer URL", "Total time"};
  static const std::set<std::string> qualtrics{
      "StartDate",    "EndDate",    "Status",     "Progress",    "Duration (in seconds)", "Finished",
      "RecordedDate", "ResponseId", "ResponseID", "ResponseSet", "DistributionChannel",   "UserLanguage"};
  static const Pattern timing(R"(^(groupTime|Group time|Question time).*|.+Time$)"),
      order(
          R"(.*_DO(_\w+)?$|^Q_.*|.*_(First Click|Last Click|Page Submit|Click Count|Browser|Version|Operating System|Resolution)$)");
  if (form == Form::lime_survey) return lime.contains(code) || timing.found_in(code);
  if (form == Form::qualtrics) return qualtrics.contains(code) || order.found_in(code);
  return form == Form::google_forms && (index == 0 || code == "Score" || code == "Timestamp");
}

// "Q1[SQ001]. Text", "Q1. Text", "Q1[SQ001]", "Q1_SQ001" keeps its name; "Question [Row]" of a grid.
void split_heading(Form form, SheetColumn& column, const std::string& heading) {
  static const Pattern coded(R"(^([A-Za-z][A-Za-z0-9]*)((?:\[[^\]]*\])*)\.\s+((?s).*)$)"),
      bracketed(R"(^((?s).*?)\s*\[([^\[\]]*)\]$)");
  column.code = column.text = heading;
  std::string code, part, text;
  if (form == Form::lime_survey && coded.found_in(heading, &code, &part, &text)) {
    column.code = code;
    column.text = text;
    column.part = part.size() > 2 ? part.substr(1, part.size() - 2) : "";
  } else if (form != Form::qualtrics && bracketed.found_in(heading, &code, &part) && !code.empty()) {
    column.code = code;
    column.part = part;
  }
}

bool are_times(const std::vector<std::string>& answers) {
  std::int64_t given = 0, times = 0;
  for (const std::string& answer : answers) {
    given += !answer.empty();
    times += looks_like_time(answer);
  }
  return times > 0 && times * 10 >= given * 9;
}

bool tells_who(const std::vector<std::string>& answers) {
  std::int64_t given = 0, addresses = 0;
  static const Pattern address(R"([^\s@]+@[^\s@]+\.[A-Za-z]{2,})");
  for (const std::string& answer : answers) {
    given += !answer.empty();
    addresses += address.found_in(answer);
  }
  return addresses * 2 >= given && addresses > 0;
}

// Which responses count.
std::vector<std::size_t> kept_rows(Sheet& sheet, const std::vector<Line>& lines, std::size_t headings) {
  const Line& names = lines.front();
  const auto column = [&](std::initializer_list<std::string_view> wanted) {
    for (std::size_t i = 0; i < names.size(); ++i)
      for (const std::string_view name : wanted)
        if (names[i] == name || names[i].starts_with(std::string(name) + ". ")) return i;
    return names.size();
  };
  const std::size_t status = column({"Status"}), finished = column({"Finished"}),
                    submitted = column({"submitdate", "Date submitted"});
  std::vector<std::size_t> kept;
  for (std::size_t row = headings; row < lines.size(); ++row) {
    const Line& line = lines[row];
    if (sheet.form == Form::qualtrics && status < names.size() && line[status] != "0" && line[status] != "IP Address" &&
        line[status] != "Imported") {
      ++sheet.previews;
    } else if ((sheet.form == Form::qualtrics && finished < names.size() &&
                (line[finished] == "0" || to_lower(line[finished]) == "false")) ||
               (sheet.form == Form::lime_survey && submitted < names.size() &&
                (line[submitted].empty() || line[submitted] == "NULL"))) {
      ++sheet.unfinished;
    } else {
      kept.push_back(row);
    }
  }
  return kept;
}

}  // namespace

std::string_view name_of(Form form) {
  constexpr std::string_view names[] = {"LimeSurvey", "Google Forms", "Qualtrics", "plain CSV"};
  return names[static_cast<std::size_t>(form)];
}

bool asks_who(std::string_view heading) {
  static const Pattern who(
      R"((?i)(\b(your|full|first|last|family|nick|user|preferred|real)\s?-?_?name\b|^name\b|surname|\bnom\b|\bnombre\b)"
      R"(|your e-?mail|phone|telefon|ip\s?addr|^ipaddr|\btoken|recipient|latitude|longitude|\blogin\b)"
      R"(|external\s?(data\s?)?reference|^attribute_\d|\bhandle\b|username|who are you|postal|street)"
      R"(|(github|gitlab|discord|matrix|mastodon|twitter|telegram|slack)\s(user|account|handle|id|profile|name))"
      R"(|\b(prolific|worker|mturk|participant|student|respondent|your)[\s_]?id\b|short_id))");
  static const Pattern mail(R"((?i)(e-?mail|correo|courriel))");
  // Longer questions speak of mail; whether they are answered with addresses is looked at.
  constexpr std::size_t kShort = 40;
  return who.found_in(heading) || (heading.size() <= kShort && mail.found_in(heading));
}

Sheet read_sheet(const std::string& text, const std::string& what) {
  Sheet sheet;
  const std::vector<Line> lines = lines_of(text, what, sheet.set_aside);
  if (lines.empty())
    throw Error(ErrorKind::failed, one_line(what) + " has no headings", "the first line names the questions");
  sheet.form = form_of(lines);
  const std::size_t headings = sheet.form != Form::qualtrics ? 1 : lines.size() > 2 && is_import_ids(lines[2]) ? 3 : 2;
  const std::vector<std::size_t> rows = kept_rows(sheet, lines, headings);
  sheet.responses = rows.size();
  for (std::size_t i = 0; i < lines.front().size(); ++i) {
    SheetColumn column;
    split_heading(sheet.form, column, lines.front()[i]);
    if (sheet.form == Form::qualtrics) column.text = lines[1][i];
    for (const std::size_t row : rows) column.answers.push_back(lines[row][i]);
    if (is_own(sheet.form, column.code, i) || are_times(column.answers)) {
      ++sheet.own_columns;
      continue;
    }
    if (asks_who(lines.front()[i]) || asks_who(column.text) || tells_who(column.answers)) {
      ++sheet.private_columns;
      continue;
    }
    sheet.columns.push_back(std::move(column));
  }
  return sheet;
}

}  // namespace resident::surveys
