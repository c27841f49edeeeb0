// resident report: what a person or everybody did in a week, a month, a quarter or since a day; also as a post.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/shell.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <cli/post/post.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <views/page.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostPosts = 10'000;
constexpr std::uintmax_t kLargestPost = 8'000'000;

struct ReportWishes {
  Arguments arguments;
  std::string post, figures, figures_url, front_matter;
  bool force = false;
};

std::string read_post(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) return {};
  if (size > kLargestPost)
    throw Error(ErrorKind::usage, fmt::format("{} is no post: it has more than 8 MB", one_line(path)),
                "check the path");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_whole(const std::string& path, const std::string& text) {
  std::error_code failed;
  if (const auto folder = std::filesystem::path(path).parent_path(); !folder.empty())
    std::filesystem::create_directories(folder, failed);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw Error(fmt::format("cannot write {}", one_line(path)), "check that you may write in that folder");
}

bool is_folder(const std::string& place) {
  std::error_code ignored;
  return place.ends_with('/') || std::filesystem::is_directory(place, ignored);
}

// Where posts are kept: for --since last, and where --post names no place of its own.
std::string folder_of_posts(const ReportWishes& wishes, const ProjectConfig& config) {
  if (wishes.post.empty()) return config.report.folder;
  if (is_folder(wishes.post)) return wishes.post;
  const auto folder = std::filesystem::path(wishes.post).parent_path().string();
  return folder.empty() ? "." : folder;
}

// The end of the newest post of the same project and person, not counting the one that is written.
Timestamp end_of_last(const ReportWishes& wishes, const Context& context, const std::string& person) {
  const std::string folder = folder_of_posts(wishes, context.config);
  if (folder.empty())
    throw Error(ErrorKind::usage, "--since last: it is not known where posts are kept",
                fmt::format("name the folder with --post FOLDER, or as report.folder of [project.{}]",
                            one_line(context.project)));
  std::optional<Timestamp> last;
  std::size_t looked_at = 0;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (!entry.is_regular_file(failed) || entry.path().extension() != ".md" || ++looked_at > kMostPosts) continue;
    std::error_code ignored;
    const bool is_this_one = !wishes.post.empty() && std::filesystem::equivalent(entry.path(), wishes.post, ignored);
    const auto kept = is_this_one ? std::nullopt : post::read_mark(read_post(entry.path().string()));
    if (kept && kept->key == post::key_of(context.project, person) && kept->end <= context.as_of)
      last = std::max(last.value_or(kept->end), kept->end);
  }
  if (!last)
    throw Error(ErrorKind::usage,
                fmt::format("--since last: {} keeps no post of {}, {}", one_line(folder), one_line(context.project),
                            one_line(person)),
                "begin with one: resident report --month 2026-07 --post FOLDER; or give a date");
  return *last;
}

// Everything that is reported, ready to be shown in any form.
struct Reported {
  Context context;  // as of the period's end
  WeeklyReport report;
  std::optional<brief::Comparison> changed;
};

Reported make_report(const Invocation& invocation, Database& database, const ReportWishes& wishes) {
  Context context = invocation.context(database);
  context.arguments = wishes.arguments;
  const auto as_of = [&](Timestamp moment) {
    return open_context(database, invocation.load_config(), context.project, moment, invocation.clock.now());
  };
  if (context.argument("since") == "last") {
    Context of_person = context;
    of_person.arguments["since"].clear();
    context.arguments["since"] = format_time(end_of_last(wishes, context, asked_report(of_person).person));
  }
  WeeklyReport report = asked_report(context);
  Reported made{as_of(std::min(report.end, context.as_of)), std::move(report), std::nullopt};
  made.context.arguments = context.arguments;
  if (!context.argument("since").empty())
    made.changed = brief::compare(
        made.context, as_of(made.report.begin),
        fmt::format("--as-of {} --project {}", format_time(made.report.end), shell_word(context.project)));
  return made;
}

std::string list_or_nothing(const char* what, const std::vector<std::string>& names) {
  return names.empty() ? std::string() : fmt::format("; {}: {}", what, fmt::join(names, ", "));
}

// What became of the parts of a post that was there.
void tell_refreshed(const Invocation& invocation, const std::string& file, const RefreshedText& done, bool force) {
  std::string text = fmt::format("{}: {} written anew, {} as before", one_line(file),
                                 plural(static_cast<long long>(done.changed.size()), "part"), done.same.size());
  text += list_or_nothing("edited by hand and kept (--force writes over them)", done.edited);
  text += list_or_nothing(force ? "added at the end" : "not in the file (--force adds them)", done.missing);
  text += list_or_nothing("of nothing any more, and kept", done.others);
  invocation.err << one_line(text) << "\n";
}

int write_post(const Invocation& invocation, const ReportWishes& wishes, const Reported& made) {
  const ProjectConfig& config = made.context.config;
  const std::string name = post::file_name(made.context, made.report);
  std::error_code ignored;
  if (!is_folder(wishes.post) && std::filesystem::path(wishes.post).extension().empty() &&
      !std::filesystem::exists(wishes.post, ignored))
    throw Error(ErrorKind::usage,
                fmt::format("--post: {} is neither a folder nor the name of a post", one_line(wishes.post)),
                fmt::format("{}/ makes the folder; {}.md is a post", one_line(wishes.post), one_line(wishes.post)));
  const std::string file = is_folder(wishes.post) ? (std::filesystem::path(wishes.post) / name).string() : wishes.post;
  post::PostOptions options;
  options.front_matter =
      post::parse_front_matter(wishes.front_matter.empty() ? config.report.front_matter : wishes.front_matter);
  if (!wishes.figures.empty()) {
    std::string url = wishes.figures_url.empty() ? config.report.figures_url : wishes.figures_url;
    if (url.empty())
      url = std::filesystem::absolute(wishes.figures)
                .lexically_normal()
                .lexically_relative(std::filesystem::absolute(file).lexically_normal().parent_path())
                .generic_string();
    if (!url.ends_with('/')) url += '/';
    options.figures_url = url == "./" ? "" : url;
  }
  const post::Post made_post =
      post::make_post(made.context, made.report, made.changed ? &*made.changed : nullptr, options);

  if (std::filesystem::exists(file, ignored)) {
    const std::string before = read_post(file);
    const auto kept = post::read_mark(before);
    if (!wishes.force && kept && post::read_mark(made_post.mark)->key != kept->key)
      throw Error(ErrorKind::usage, fmt::format("{} is a post of another project or person", one_line(file)),
                  "name another file; --force writes into it all the same");
    RefreshedText done;
    try {
      done = refresh_regions(before, made_post.regions, wishes.force);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("{}, {}", one_line(file), error.what()), error.hint());
    }
    if (done.text != before) write_whole(file, done.text);
    tell_refreshed(invocation, file, done, wishes.force);
  } else {
    write_whole(file, post::as_text(made_post));
    invocation.err << one_line(fmt::format("{} is written; write between its parts, they can be made anew", file))
                   << "\n";
  }
  for (const post::Figure& figure : made_post.figures) {
    const std::string path = (std::filesystem::path(wishes.figures) / figure.file).string();
    if (read_post(path) != figure.svg) write_whole(path, figure.svg);
  }
  if (!wishes.figures.empty())
    invocation.err << fmt::format("{} in {}\n", plural(static_cast<long long>(made_post.figures.size()), "figure"),
                                  one_line(wishes.figures));
  return 0;
}

// What changed, as a table for programs.
Result changes_result(const Reported& made) {
  Result result = made.context.result("report_changes", "What changed", "What is otherwise than at the begin?");
  result.columns = {{"chapter", "Chapter"},
                    {"claim", "What is so"},
                    {"before", "Before"},
                    {"command", "Given again by", ColumnType::text, "", "", "", false, true}};
  for (const auto& each : made.changed->sentences)
    if (each.before != each.claim) result.rows.push_back({each.chapter, each.claim, each.before, each.command});
  result.claim = fmt::format("{} than on {}.",
                             result.rows.size() == 1 ? "1 sentence is otherwise"
                                                     : fmt::format("{} sentences are otherwise", result.rows.size()),
                             format_date(made.report.begin));
  result.definition = "Sentences of the quarterly brief as of the two days.";
  return result;
}

int print_report(const Invocation& invocation, const ReportWishes& wishes) {
  if (!invocation.wants_json() && !invocation.format.empty() && invocation.format != "md" &&
      invocation.format != "html" && invocation.format != "csv" && invocation.format != "table")
    throw Error(ErrorKind::usage, fmt::format("there is no format called {}", invocation.format),
                "the formats are md, html, table, csv and json");
  const bool is_for_post = !wishes.figures.empty() || !wishes.figures_url.empty() || !wishes.front_matter.empty();
  if (wishes.post.empty() && (is_for_post || wishes.force))
    throw Error(ErrorKind::usage, "--figures, --figures-url, --front-matter and --force are for a post",
                "resident report --month 2026-07 --post FILE --figures FOLDER");
  const auto database = invocation.open(Access::read);
  const Reported made = make_report(invocation, *database, wishes);
  if (!wishes.post.empty()) return write_post(invocation, wishes, made);
  if (invocation.wants_json() || invocation.format == "csv" || invocation.format == "table") {
    std::vector<Result> results = report_results(made.context, made.report);
    if (made.changed) results.push_back(changes_result(made));
    invocation.print(std::move(results));
    return 0;
  }
  std::string markdown = report_markdown(made.context, made.report);
  if (made.changed) markdown += "\n" + post::changes_text(*made.changed, made.report.begin, escape_markdown, true);
  markdown = hide_emails(markdown);
  if (invocation.format != "html") {
    invocation.out << markdown;
    return 0;
  }
  Page page{"report", fmt::format("{}: {}", made.report.person, made.report.period.name)};
  page.markdown = markdown;
  DocumentOptions document;
  document.title = page.title;
  invocation.out << render_document({page}, document);
  return 0;
}

std::function<int()> declare_report(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  const auto wishes = std::make_shared<ReportWishes>();
  for (const auto& parameter : find_analysis("report").parameters) {
    const std::string name(parameter.name);
    const std::string description =
        std::string(parameter.description) +
        (name == "since" ? ", with what changed since; last: where the newest post ends" : "");
    app.add_option_function(
           "--" + name, [wishes, name](const std::string& value) { wishes->arguments[name] = value; }, description)
        ->type_name(name == "since" ? "DATE|last" : std::string(parameter.argument));
  }
  app.add_option("--post", wishes->post,
                 "Write it as a post for a blog; of one that is there only the marked parts are written anew")
      ->type_name("FILE|FOLDER");
  app.add_option("--figures", wishes->figures, "Where a post's pictures (SVG) go; without it, it has none")
      ->type_name("FOLDER");
  app.add_option("--figures-url", wishes->figures_url,
                 "What stands before their names in the post, as /assets/ or {static}/figures/; without it, the way to "
                 "the folder")
      ->type_name("URL");
  takes_one_of(app.add_option("--front-matter", wishes->front_matter, "What the blog's program wants above a new post")
                   ->type_name("PROGRAM"),
               post::front_matter_names());
  app.add_flag("--force", wishes->force, "A post's parts also where somebody edited them by hand");
  return [&invocation, wishes] { return print_report(invocation, *wishes); };
}

}  // namespace

extern const Command report_command;
const Command report_command{
    "report", "What was triaged, reviewed, merged, authored, answered in a week, a month, a quarter; also as a post",
    "Markdown without --format; byte for byte the same for a past week whenever it is made.\n"
    "Example: resident report --person ada --week 2024-01-03 --format html > week.html\n"
    "A post: resident report --month 2024-01 --post posts/ --figures posts/figures --front-matter hugo",
    declare_report};

}  // namespace resident
