// resident ci: what is red now; ci explain BUILD|#PULL|TEST: whose it is.
#include <analyses/ci/quarantine_result.hpp>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <cli/quarantine/entries.hpp>

namespace resident {

namespace {

// With the quarantine beside it, where there is one: it is a file of the repository, which an analysis never reads.
int print_card(const Invocation& invocation, const Arguments& arguments, const std::string& file) {
  const auto entries =
      file.empty() ? entries_of(kQuarantineFile) : read_quarantine(read_whole_file(file), one_line(file));
  const auto database = invocation.open(Access::read);
  const Analysis& card = find_analysis("ci_card");
  Context context = invocation.context_for(*database, card);
  context.arguments = arguments;
  std::vector<Result> results = card.run(context);
  if (!entries.empty())
    results.push_back(quarantine_card_result(context, entries, file.empty() ? kQuarantineFile : file));
  invocation.print(std::move(results));
  return 0;
}

std::function<int()> declare_ci(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto action = std::make_shared<std::string>("now"), what = std::make_shared<std::string>();
  auto arguments = std::make_shared<Arguments>();
  takes_one_of(app.add_option("action", *action,
                              "now (what is red), tests (which are not well), costs (what it takes), card (how right "
                              "verdicts were), or explain WHAT")
                   ->type_name("ACTION"),
               {"now", "tests", "costs", "card", "explain"});
  app.add_option("what", *what, "explain: a build (its key or commit), a pull request (#N) or a test")
      ->type_name("WHAT");
  declare_parameters(app, find_analysis("ci"), arguments);
  auto kind = std::make_shared<std::string>();
  app.add_option("--kind", *kind, "tests: any, failing, flaky, mended, skipped, not-run or slower")->type_name("KIND");
  auto days = std::make_shared<std::string>();
  app.add_option("--days", *days, "costs: looked back (90)")->type_name("N");
  auto quarantine = std::make_shared<std::string>();
  app.add_option("--quarantine", *quarantine, "card: the quarantine file, for what is overdue (quarantine.toml)")
      ->type_name("FILE");
  return [&invocation, action, what, arguments, kind, days, quarantine] {
    if (*action != "card" && !quarantine->empty())
      throw Error(ErrorKind::usage, "--quarantine belongs to `resident ci card`", "");
    if (*action != "costs" && !days->empty())
      throw Error(ErrorKind::usage, "--days belongs to `resident ci costs`", "");
    if (*action != "tests" && !kind->empty())
      throw Error(ErrorKind::usage, "--kind belongs to `resident ci tests`", "");
    if (*action == "tests") {
      Arguments given = *arguments;
      if (!kind->empty()) given["kind"] = *kind;
      return print_analysis(invocation, find_analysis("ci_tests"), given);
    }
    if (*action == "costs") {
      Arguments given = *arguments;
      if (!days->empty()) given["days"] = *days;
      return print_analysis(invocation, find_analysis("ci_costs"), given);
    }
    if (*action == "card") return print_card(invocation, *arguments, *quarantine);
    if (*action == "now") {
      if (!what->empty()) throw Error(ErrorKind::usage, "ci alone takes no build", "`resident ci explain WHAT` does");
      return print_analysis(invocation, find_analysis("ci"), *arguments);
    }
    Arguments given = *arguments;
    given["what"] = *what;
    return print_analysis(invocation, find_analysis("ci_explain"), given);
  };
}

}  // namespace

extern const Command ci_command;
const Command ci_command{
    "ci", "What is red on the main branch, since when and by what; whose a failure is",
    "Reads results of tests that came with `resident add results`, or with a source.\nExample: resident ci --tier-1 "
    "'x86.64 linux'; resident ci explain '#12'; resident ci explain tests/test_io.py::test_seek",
    declare_ci};

}  // namespace resident
