// resident brief: what a council reads of a quarter.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/brief/brief.hpp>
#include <cli/command.hpp>

namespace resident {

namespace {

int print_brief(const Invocation& invocation, const std::string& wanted) {
  const bool is_table = invocation.wants_json() || invocation.format == "csv" || invocation.format == "table";
  if (!is_table && !invocation.format.empty() && invocation.format != "md" && invocation.format != "html")
    throw Error(ErrorKind::usage, fmt::format("there is no format called {}", one_line(invocation.format)),
                "the formats are md, html, table, csv and json");
  const auto database = invocation.open(Access::read);
  const Context context = invocation.context(*database);
  const brief::Quarter quarter = wanted.empty() ? brief::last_ended(context.as_of) : brief::parse_quarter(wanted);
  if (quarter.end() > context.as_of)
    throw Error(
        ErrorKind::usage,
        fmt::format("{} has not ended: what is known reaches to {}", quarter.name(), format_date(context.as_of)),
        fmt::format("the last that has is {}", brief::last_ended(context.as_of).name()));
  const auto as_of = [&](Timestamp moment) {
    return open_context(*database, invocation.load_config(), context.project, moment, invocation.clock.now());
  };
  const Context at_end = as_of(quarter.end());
  const brief::Brief made = brief::make_brief(at_end, as_of(quarter.begin()), quarter);
  if (is_table) {
    invocation.print({brief::as_result(made, at_end)});
  } else if (invocation.format == "html") {
    DocumentOptions document;
    document.title = fmt::format("{}, {}", made.project, quarter.name());
    invocation.out << render_document({brief::as_page(made)}, document);
  } else {
    invocation.out << hide_emails(brief::as_markdown(made));
  }
  return 0;
}

std::function<int()> declare_brief(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto quarter = std::make_shared<std::string>();
  app.add_option("--quarter", *quarter, "Which, as 2026Q3; the last that has ended")->type_name("QUARTER");
  return [&invocation, quarter] { return print_brief(invocation, *quarter); };
}

}  // namespace

extern const Command brief_command;
const Command brief_command{
    "brief", "What a council reads of a quarter: each sentence with what it rests on, and what it was before",
    "Markdown without --format; with html also the pictures, in one file. Every sentence names the command that gives "
    "it "
    "again.\nExample: resident brief --quarter 2026Q3 --format html > brief.html",
    declare_brief};

}  // namespace resident
