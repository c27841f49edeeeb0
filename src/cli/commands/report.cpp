// resident report: the weekly report of a person or of everybody.
#include <fmt/format.h>

#include <analyses/list.hpp>
#include <analyses/report/report.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <views/page.hpp>

namespace resident {

namespace {

std::function<int()> declare(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  struct Options {
    std::string person, week, since;
  };
  auto options = std::make_shared<Options>();
  for (const auto& parameter : find_analysis("report").parameters) {
    std::string& target = parameter.name == "person" ? options->person
                          : parameter.name == "week" ? options->week
                                                     : options->since;
    app.add_option("--" + std::string(parameter.name), target, std::string(parameter.description))
        ->type_name(std::string(parameter.argument));
  }
  return [&invocation, options]() -> int {
    if (invocation.wants_json() || invocation.format == "csv" || invocation.format == "table")
      return print_analysis(invocation, find_analysis("report"),
                            {{"person", options->person}, {"week", options->week}, {"since", options->since}});
    if (!invocation.format.empty() && invocation.format != "md" && invocation.format != "html")
      throw Error(ErrorKind::usage, fmt::format("there is no format called {}", invocation.format),
                  "the formats are md, html, table, csv and json");
    const auto database = invocation.open(Access::read);
    const Context context = invocation.context(*database);
    const auto time = [](const std::string& text, const char* option) -> std::optional<Timestamp> {
      if (text.empty()) return std::nullopt;
      const auto result = parse_time(text);
      if (!result)
        throw Error(ErrorKind::usage, fmt::format("--{}: {} is not a date", option, one_line(text)),
                    "write it like 2024-01-31, or 2024-01-31T10:00:00Z");
      return result;
    };
    const WeeklyReport report = weekly_report(context, options->person.empty() ? context.config.me : options->person,
                                              time(options->week, "week"), time(options->since, "since"));
    const std::string markdown = hide_emails(report_markdown(context, report));
    if (invocation.format != "html") {
      invocation.out << markdown;
      return 0;
    }
    Page page{"report", fmt::format("{}: week of {}", report.person, format_date(report.begin))};
    page.markdown = markdown;
    DocumentOptions document;
    document.title = page.title;
    invocation.out << render_document({page}, document);
    return 0;
  };
}

}  // namespace

extern const Command report_command;
const Command report_command{"report", "The weekly report: triaged, reviewed, merged, authored, answered",
                             "Markdown without --format; byte for byte the same for a past week whenever it is made.\n"
                             "Example: resident report --person ada --week 2024-01-03 --format html > week.html",
                             declare};

}  // namespace resident
