// resident quarantine: flaky tests that until a date do not gate, as a file of the repository.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <actions/plan_book.hpp>
#include <algorithm>
#include <analyses/ci/quarantine_result.hpp>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <cli/quarantine/entries.hpp>
#include <cli/quarantine/tool_list.hpp>
#include <fstream>

namespace resident {

namespace {

constexpr Timestamp kHistory = 400 * kDay;

struct Wishes {
  std::string action = "show", file = kQuarantineFile, tool, builder;
  std::int64_t days = 30;
  bool write = false, collect = false;
  Arguments arguments;
};

void write_file(const std::string& file, const std::string& text) {
  // Beside it first: a file that is half written is never read.
  const std::string beside = file + ".new";
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) throw Error(fmt::format("{} cannot be written", one_line(beside)), "check the folder");
  }
  std::error_code problem;
  std::filesystem::rename(beside, file, problem);
  if (problem) throw Error(fmt::format("{} cannot be written: {}", one_line(file), problem.message()));
}

// What is said at the issue of a test that comes in, leaves or is overdue.
struct Remark {
  std::string issue, text, reason;
};

std::vector<Remark> remarks(const std::vector<QuarantineEntry>& entries, const std::vector<QuarantinedTest>& reviewed,
                            const std::vector<QuarantineProposal>& proposed, const std::string& file) {
  std::vector<Remark> all;
  for (const auto& each : proposed)
    all.push_back(
        {each.entry.issue,
         fmt::format(
             "`{}` is flaky on {}: it {}. It is to be in quarantine from {} until {} ({}){}: it still runs, and does "
             "not hold up changes until then.",
             one_line(each.entry.name()), one_line(fmt::format("{}", fmt::join(each.entry.configurations, ", "))),
             each.entry.reason, format_date(each.entry.since), format_date(each.entry.review_by), one_line(file),
             each.entry.owner.empty() ? "" : fmt::format("; who knows it best: {}", one_line(each.entry.owner))),
         "a flaky test goes into quarantine"});
  for (const auto& one : reviewed) {
    const QuarantineEntry& entry = entries[one.entry];
    const std::string where = fmt::format("`{}` on {}", one_line(entry.name()), one_line(one.configuration_name));
    if (one.state == QuarantineState::overdue)
      all.push_back({entry.issue,
                     fmt::format("{} was to be reviewed by {} ({}): it gates again. It needs to be mended, or a new "
                                 "day.",
                                 where, format_date(entry.review_by), one_line(file)),
                     "a quarantine is overdue"});
    if (one.should_leave())
      all.push_back({entry.issue,
                     fmt::format("{} should leave the quarantine ({}): {}.", where, one_line(file),
                                 one.state == QuarantineState::better
                                     ? fmt::format("{} of {} first tries failed, at most {:.1f} %", one.failed,
                                                   one.first_tries, 100 * one.upper)
                                     : one_line(one.words)),
                     "a test leaves the quarantine"});
  }
  std::erase_if(all, [](const Remark& each) { return each.issue.empty(); });
  return all;
}

// Comments for the issues into the plan: nothing is sent.
std::int64_t collect(const Context& context, const std::vector<Remark>& remarks, Timestamp now) {
  static const Pattern issue("#([0-9]{1,9})");
  PlanBook book(context.database, context.project_id);
  std::int64_t collected = 0;
  for (const auto& each : remarks) {
    std::int64_t number = 0;
    if (!issue.matches(each.issue, &number)) continue;
    const auto item = context.database.integer(
        "SELECT item_id FROM item WHERE project_id = :project AND kind = 'issue' AND number = :number",
        {{"project", context.project_id}, {"number", number}});
    if (item && book.add(make_action(context, *item, "comment", each.text, each.reason), "terminal", now)) ++collected;
  }
  return collected;
}

int propose(Invocation& invocation, const Wishes& wishes) {
  const auto database = invocation.open(wishes.collect ? Access::write : Access::read);
  Context context = invocation.context(*database);
  context.arguments = wishes.arguments;
  const auto entries = entries_of(wishes.file);
  const TestRuns runs(context, context.as_of - kHistory);
  const auto reviewed = review_quarantine(runs, entries);
  const auto proposed = propose_quarantine(runs, entries, wishes.days);
  invocation.print({quarantine_proposals_result(context, entries, reviewed, proposed, wishes.file)});
  const auto changes =
      static_cast<std::int64_t>(proposed.size()) +
      std::count_if(reviewed.begin(), reviewed.end(), [](const auto& one) { return one.should_leave(); });
  if (wishes.write && changes > 0) {
    write_file(wishes.file, quarantine_text(quarantine_after(entries, reviewed, proposed)));
    invocation.err << fmt::format("Wrote {}: read the difference, then commit it.\n", one_line(wishes.file));
  }
  if (wishes.collect) {
    const std::int64_t collected =
        collect(context, remarks(entries, reviewed, proposed, wishes.file), invocation.clock.now());
    invocation.err << fmt::format("{} collected: `resident plan --collected` shows the plan.\n",
                                  plural(collected, "comment"));
  }
  return 0;
}

int show(Invocation& invocation, const Wishes& wishes) {
  const auto database = invocation.open(Access::read);
  Context context = invocation.context(*database);
  context.arguments = wishes.arguments;
  const auto entries = entries_of(wishes.file);
  const TestRuns runs(context, context.as_of - kHistory);
  invocation.print({quarantine_result(context, entries, review_quarantine(runs, entries), wishes.file)});
  return 0;
}

int list(Invocation& invocation, const Wishes& wishes) {
  if (wishes.tool.empty())
    throw Error(ErrorKind::usage, "quarantine list needs --for",
                fmt::format("one of {}", fmt::join(listing_tools(), ", ")));
  const auto database = invocation.open(Access::read);
  Context context = invocation.context(*database);
  context.arguments = wishes.arguments;
  const auto entries = entries_of(wishes.file);
  const TestRuns runs(context, context.as_of - kHistory);
  std::vector<NamedTest> tests;
  for (const auto& one : review_quarantine(runs, entries)) {
    const QuarantineEntry& entry = entries[one.entry];
    if (!one.holds() && (one.is_over || one.state != QuarantineState::unknown)) continue;
    if (!wishes.builder.empty() && one.configuration_name != wishes.builder) continue;
    const NamedTest test{entry.suite, entry.test};
    if (std::find(tests.begin(), tests.end(), test) == tests.end()) tests.push_back(test);
  }
  if (!wishes.builder.empty()) {
    std::vector<std::string> known;
    for (const auto& [id, name] : runs.configurations()) known.push_back(one_line(name));
    if (std::find(known.begin(), known.end(), wishes.builder) == known.end())
      invocation.err << fmt::format("no run on {} is known, so nothing is excused there; known are {}\n",
                                    one_line(wishes.builder), fmt::join(known, ", "));
  }
  const ToolList list = tool_list(context, wishes.tool, tests);
  invocation.out << list.text;
  for (const auto& each : list.left_out) invocation.err << "left out: " << one_line(each) << "\n";
  return 0;
}

std::function<int()> declare_quarantine(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto wishes = std::make_shared<Wishes>();
  takes_one_of(app.add_option("action", wishes->action,
                              "show (how it stands, and what it hides), propose (what should come and go), or list")
                   ->type_name("ACTION"),
               {"show", "propose", "list"});
  app.add_option("--file", wishes->file, "The file")->type_name("FILE")->capture_default_str();
  app.add_option("--branch", wishes->arguments["branch"], "The main branch; without it, the one with the most runs")
      ->type_name("NAME");
  takes_whole_number(app.add_option("--days", wishes->days, "propose: days until a test is to be reviewed")
                         ->type_name("N")
                         ->capture_default_str(),
                     1, 365);
  app.add_flag("--write", wishes->write, "propose: write the file, to be read and committed");
  app.add_flag("--collect", wishes->collect,
               "propose: put a comment for the issue of each test that comes, leaves or is overdue into the plan");
  takes_one_of(app.add_option("--for", wishes->tool, "list: pytest, ctest, go or regrtest")->type_name("TOOL"),
               listing_tools());
  app.add_option("--builder", wishes->builder, "list: only what is quarantined on this configuration")
      ->type_name("NAME");
  return [&invocation, wishes] {
    const bool proposes = wishes->action == "propose", lists = wishes->action == "list";
    if ((wishes->write || wishes->collect) && !proposes)
      throw Error(ErrorKind::usage, "--write and --collect belong to `resident quarantine propose`", "");
    if ((!wishes->tool.empty() || !wishes->builder.empty()) && !lists)
      throw Error(ErrorKind::usage, "--for and --builder belong to `resident quarantine list`", "");
    return proposes ? propose(invocation, *wishes) : lists ? list(invocation, *wishes) : show(invocation, *wishes);
  };
}

}  // namespace

extern const Command quarantine_command;
const Command quarantine_command{
    "quarantine", "Flaky tests that until a date do not hold up a change, as a file of the repository",
    "The tests still run, and what they hide is shown; past its date a test gates again; what fails for good is never "
    "excused. `resident gate results --quarantine FILE` keeps to it.\nExample: resident quarantine propose --write; "
    "resident quarantine list --for pytest --builder linux",
    declare_quarantine};

}  // namespace resident
