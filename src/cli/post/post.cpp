#include <fmt/format.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/shell.hpp>
#include <base/text.hpp>
#include <cctype>
#include <cli/post/post.hpp>
#include <views/chart_svg.hpp>

namespace resident::post {

namespace {

constexpr std::string_view kMark = "<!-- resident:post ";
// Of the project, drawn to the period's end, over the year before it.
constexpr const char* kDrawn[] = {"open_items", "flow_per_week", "time_to_first_response_by_quarter"};
constexpr Timestamp kDrawnSpan = 365 * kDay;

std::string slug(std::string_view text) {
  std::string result;
  for (const char c : to_lower(text)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_plain)
      result += c;
    else if (!result.empty() && result.back() != '-')
      result += '-';
  }
  while (result.ends_with('-')) result.pop_back();
  return result.substr(0, 60);
}

// A command stands in a comment, which its own end must not be in: such a name is left to whoever types it.
std::string comment(const std::string& command) {
  std::string text = one_line(hide_emails(command));
  for (std::size_t at = text.find("-->"); at != std::string::npos; at = text.find("-->")) text.replace(at, 3, "--");
  for (std::size_t at = text.find("--!>"); at != std::string::npos; at = text.find("--!>")) text.replace(at, 4, "--");
  // Liquid and shortcodes are looked for in comments, too.
  std::replace(text.begin(), text.end(), '{', '(');
  return fmt::format("<!-- {} -->\n", text);
}

std::string project_option(const Context& context) {
  return "--project " + shell_word(context.project);
}

// As short as it says the same.
std::string moment_text(Timestamp moment) {
  return moment % kDay == 0 ? format_date(moment) : format_time(moment);
}

std::string report_command(const Context& context, const WeeklyReport& report) {
  std::string command = "resident report";
  if (report.person != "everybody") command += " --person " + shell_word(report.person);
  command += " " + report.period.option;
  // What began at a day ends as of another.
  if (report.period.word == "period") command += " --as-of " + moment_text(report.end);
  return command + " " + project_option(context);
}

// In YAML's double quotes, which are JSON's.
std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : one_line(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

// Titles are put into pages as they are by most themes: only what no page takes for more than text.
std::string plain_title(std::string_view text) {
  std::string result = one_line(text);
  std::replace_if(
      result.begin(), result.end(),
      [](char c) { return std::string_view("<>{}[]`|&").find(c) != std::string_view::npos; }, ' ');
  return result;
}

std::string front_matter_of(FrontMatter kind, const std::string& title, const Context& context,
                            const WeeklyReport& report) {
  const std::string date = format_date(report.told_until);  // what lies ahead is shown by no blog
  switch (kind) {
    case FrontMatter::jekyll:
      return fmt::format("---\nlayout: post\ntitle: {}\ndate: {} 00:00:00 +0000\ntags: [report]\n---\n\n",
                         in_quotes(title), date);
    case FrontMatter::hugo:
      return fmt::format("---\ntitle: {}\ndate: {}T00:00:00Z\nslug: {}\ntags: [\"report\"]\n---\n\n", in_quotes(title),
                         date, in_quotes(slug(context.project + " " + report.person + " " + report.period.slug)));
    case FrontMatter::pelican:
      return fmt::format("Title: {}\nDate: {}\nTags: report\nSlug: {}\n\n", title, date,
                         slug(context.project + " " + report.person + " " + report.period.slug));
    case FrontMatter::none:
      break;
  }
  return fmt::format("# {}\n\n", post_text(title));
}

MarkedRegion summary_region(const Context& context, const WeeklyReport& report) {
  const std::string command = comment(report_command(context, report));
  std::string body = "\n";
  if (context.simulated) body += "*Simulated data: these figures come from a simulation, not from a project.*\n\n";
  body += fmt::format("{}\n\n{}\n{}\n{}\n\n{}\n", report_sentence(report), command, report_table(report),
                      averages_sentence(report), command);
  return {"summary", body};
}

void add_sections(const Context& context, const WeeklyReport& report, std::vector<MarkedRegion>& regions) {
  for (const ReportSection& section : report.sections) {
    if (section.lines.empty()) continue;
    std::string body = fmt::format("\n## {} ({})\n\n", section.title, section.lines.size());
    for (const ReportLine& line : section.lines) body += report_line(line, post_text);
    body += "\n" + comment(report_command(context, report)) + "\n";
    regions.push_back({slug(section.title), body});
  }
}

// How much of each kind every week had.
Result by_week(const Context& context, const WeeklyReport& report) {
  Result result =
      context.result("report_weeks", fmt::format("{}, week by week", report.person), "How much was done in each week?");
  result.columns = {{"week", "Week", ColumnType::date}};
  result.chart = {Chart::Kind::line, "week", {}, "", "", "", "items"};
  for (const ReportSection& section : report.sections) {
    if (std::all_of(section.by_week.begin(), section.by_week.end(), [](std::int64_t count) { return count == 0; }))
      continue;
    result.columns.push_back({slug(section.title), section.title, ColumnType::integer});
    result.chart.y.push_back(result.columns.back().name);
  }
  for (std::int64_t week = 0; week < report.weeks; ++week) {
    std::vector<Cell> row{report.first_week + week * kWeek};
    for (const ReportSection& section : report.sections)
      if (std::find(result.chart.y.begin(), result.chart.y.end(), slug(section.title)) != result.chart.y.end())
        row.emplace_back(section.by_week.at(static_cast<std::size_t>(week)));
    result.rows.push_back(std::move(row));
  }
  result.claim = averages_sentence(report);
  return result;
}

// The last year of what is drawn over time.
void keep_last_year(Result& result, Timestamp end) {
  if (result.chart.kind == Chart::Kind::none || result.rows.empty()) return;
  const std::size_t x = result.column(result.chart.x);
  const ColumnType type = result.columns[x].type;
  if (type != ColumnType::date && type != ColumnType::time) return;
  std::erase_if(result.rows, [&](const std::vector<Cell>& row) {
    const auto* at = std::get_if<std::int64_t>(&row[x]);
    return at && *at < end - kDrawnSpan;
  });
}

void add_figure(Post& post, const Result& drawn, const std::string& claim, const std::string& command,
                const std::string& file, const std::string& figures_url) {
  std::string svg = chart_svg(drawn);
  if (svg.empty()) return;
  const std::string body = fmt::format("\n![{}]({}{})\n\n{}\n\n{}\n", post_text(drawn.title), figures_url, file,
                                       post_text(claim), comment(command));
  post.regions.push_back({"figure-" + drawn.name, body});
  post.figures.push_back({file, std::move(svg)});
}

void add_figures(Post& post, const Context& at_end, const WeeklyReport& report, const std::string& figures_url) {
  const std::string begin = slug(at_end.project + " " + report.person + " " + report.period.slug) + "-";
  if (report.weeks > 1) {
    Result weeks = by_week(at_end, report);
    hide_emails(weeks);
    if (!weeks.chart.y.empty())
      add_figure(post, weeks, weeks.claim, report_command(at_end, report), begin + "weeks.svg", figures_url);
  }
  Context context = at_end;
  for (const char* metric : kDrawn) {
    context.arguments = {{"metric", metric}};
    std::vector<Result> results;
    try {
      results = find_analysis("measures").run(context);
    } catch (const Error&) {
      continue;  // nothing is known of it
    }
    if (results.empty()) continue;
    Result& drawn = results.front();
    const std::string claim = drawn.claim;
    keep_last_year(drawn, report.end);
    hide_emails(drawn);
    add_figure(post, drawn, claim,
               fmt::format("resident measures --metric {} --as-of {} {}", metric, moment_text(at_end.as_of),
                           project_option(at_end)),
               begin + slug(metric) + ".svg", figures_url);
  }
}

}  // namespace

const std::vector<std::string>& front_matter_names() {
  static const std::vector<std::string> names{"none", "jekyll", "hugo", "pelican"};
  return names;
}

FrontMatter parse_front_matter(const std::string& text) {
  if (text.empty()) return FrontMatter::none;
  const auto& names = front_matter_names();
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<FrontMatter>(found - names.begin());
  const std::string nearest = near_miss(text, names);
  throw Error(ErrorKind::usage, fmt::format("there is no front matter called {}", one_line(clean_text(text, 60))),
              nearest.empty() ? "it is one of none, jekyll, hugo, pelican" : fmt::format("did you mean {}?", nearest));
}

std::string post_text(std::string_view given) {
  // As numbers (&#91;): what a backslash does differs between renderers, and Python-Markdown and kramdown know other
  // signs than CommonMark; Liquid and shortcodes know no backslash at all.
  static constexpr std::string_view kSpecial = "\\`*_{}[]<>&|~$";
  const std::string text = one_line(hide_emails(std::string(given)));
  const auto is_letter = [&](std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
  };
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_inside_word = c == '_' && at > 0 && is_letter(at - 1) && is_letter(at + 1);
    if (kSpecial.find(c) != std::string_view::npos && !is_inside_word)
      result += fmt::format("&#{};", static_cast<int>(c));
    else if (c == '@')
      result += "@\xE2\x80\x8B";  // a zero-width space: a post must not notify people
    else
      result += c;
  }
  return result;
}

std::string key_of(const std::string& project, const std::string& person) {
  return fingerprint(project + '\n' + person).substr(0, 16);
}

std::optional<KeptPost> read_mark(std::string_view text) {
  const std::size_t at = text.find(kMark);
  if (at == std::string_view::npos) return std::nullopt;
  std::vector<std::string_view> words;
  for (const auto word : split(text.substr(at + kMark.size(), text.find("-->", at) - at - kMark.size()), ' '))
    if (!trim(word).empty()) words.push_back(trim(word));
  if (words.size() != 5 || words[1] != "from" || words[3] != "to") return std::nullopt;
  const auto begin = parse_time(words[2]), end = parse_time(words[4]);
  if (!begin || !end) return std::nullopt;
  return KeptPost{std::string(words[0]), *begin, *end};
}

std::string file_name(const Context& context, const WeeklyReport& report) {
  return fmt::format(
      "{}-{}.md", format_date(report.end),
      slug(context.project + " " + (report.person == "everybody" ? "" : report.person) + " " + report.period.slug));
}

std::string changes_text(const brief::Comparison& changed, Timestamp since, std::string (*escape)(std::string_view),
                         bool in_code) {
  std::string text, chapter;
  std::size_t same = 0;
  for (const brief::Sentence& each : changed.sentences) {
    if (each.before == each.claim) {
      ++same;
      continue;
    }
    if (each.chapter != chapter) text += fmt::format("{}### {}\n\n", text.empty() ? "\n" : "", each.chapter);
    chapter = each.chapter;
    text += fmt::format("{}\n\n", escape(hide_emails(each.claim)));
    text += each.before.empty() ? std::string("*Nothing was known of it before.*\n\n")
                                : fmt::format("*Before: {}*\n\n", escape(hide_emails(each.before)));
    text += in_code ? fmt::format("`{}`\n\n", one_line(each.command)) : comment(each.command) + "\n";
  }
  return fmt::format("## What changed since {}\n{}{} as {} then; {} no figures.\n", format_date(since),
                     text.empty() ? "\n" : text,
                     plural(static_cast<long long>(same), "other sentence is", "other sentences are"),
                     same == 1 ? "it was" : "they were",
                     plural(static_cast<long long>(changed.unknown.size()), "question has", "questions have"));
}

Post make_post(const Context& at_end, const WeeklyReport& report, const brief::Comparison* changed,
               const PostOptions& options) {
  Post post;
  const bool is_of_all = report.person == "everybody";
  post.title = plain_title(
      hide_emails(fmt::format("{}{}: {}", at_end.project, is_of_all ? "" : ", " + report.person, report.period.name)));
  post.front_matter = front_matter_of(options.front_matter, post.title, at_end, report);
  post.mark = fmt::format("{}{} from {} to {} -->\n", kMark, key_of(at_end.project, report.person),
                          format_time(report.begin), format_time(report.end));
  post.regions.push_back(summary_region(at_end, report));
  if (changed)
    post.regions.push_back({"changed", "\n" + changes_text(*changed, report.begin, post_text, false) + "\n" +
                                           comment(report_command(at_end, report)) + "\n"});
  add_sections(at_end, report, post.regions);
  if (options.figures_url) add_figures(post, at_end, report, *options.figures_url);
  return post;
}

std::string as_text(const Post& post) {
  std::string text = post.front_matter + post.mark;
  for (const MarkedRegion& region : post.regions) text += "\n" + marked_text(region);
  return text;
}

}  // namespace resident::post
