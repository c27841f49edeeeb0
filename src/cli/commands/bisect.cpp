// resident bisect --good A --bad B -- COMMAND: which commit made a command fail that also fails now and then without
// it.
#include <fmt/format.h>

#include <algorithm>
#include <base/csv_table.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/bisect/bisect.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <nlohmann/json.hpp>
#include <sources/files/files.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;
using Kind = Conclusion::Kind;

constexpr const char* kNumberMethod =
    "The probability of every answer is kept; level, spread and change are learnt on the way (logarithms, normal, "
    "their "
    "parameters integrated out). The next run is where it is expected to tell most of which side a commit is on.";
constexpr const char* kMethod =
    "The probability of every answer is kept, with failure rates that are learnt on the way (priors on a grid); the "
    "next "
    "run is where its outcome is expected to tell most (B. Jedynak, P. Frazier, R. Sznitman 2012). A rise of the odds "
    "of "
    "failing to less than three times is not looked for.";

// A position of the range: a commit, or a build.
struct Place {
  std::string name, subject, author;
  bool is_merge = false;
};

struct Answer {
  std::vector<Place> places;
  std::vector<Tested> tested;
  std::vector<double> probabilities;
  Conclusion conclusion;
  std::int64_t runs = 0;
  std::optional<std::size_t> next;  // for builds: which to ask for
  const char* thing = "commit";
  bool numbers = false;  // what runs printed, not whether they failed
};

std::string short_name(const Answer& answer, std::size_t position) {
  const Place& place = answer.places[position];
  std::string text = place.author.empty() ? place.name : place.name.substr(0, 12);
  if (!place.subject.empty()) text += fmt::format(" “{}” by {}", one_line(place.subject), one_line(place.author));
  return one_line(text);
}

// A probability is never shown as certain.
std::string sure(double probability) {
  return probability > 0.999 ? "over 99.9 % sure" : fmt::format("{:.1f} % sure", 100 * probability);
}

std::string claim_of(const Answer& answer) {
  const Conclusion& conclusion = answer.conclusion;
  const auto count = static_cast<long long>(answer.places.size()) - 1;
  const std::string after_runs = "after " + plural(answer.runs, "run");
  if (conclusion.kind == Kind::none)
    return fmt::format("None of these {}: {} {}. On either side, {}.", plural(count, answer.thing),
                       sure(conclusion.probability), after_runs, conclusion.before);
  std::string who = conclusion.first == conclusion.last
                        ? short_name(answer, conclusion.first)
                        : fmt::format("one of the {} from {} to {}", conclusion.last - conclusion.first + 1,
                                      short_name(answer, conclusion.first), short_name(answer, conclusion.last));
  if (conclusion.kind == Kind::searching)
    return fmt::format("Not known {}: likeliest is {} ({:.0f} %); none of these: {:.0f} %.", after_runs, who,
                       100 * conclusion.probability, 100 * conclusion.none_probability);
  return fmt::format("It is {}: {} {}. Before, {}; from there on, {}.", who, sure(conclusion.probability), after_runs,
                     conclusion.before, conclusion.after);
}

Result result_of(const Answer& answer) {
  Result result;
  result.name = "bisect";
  result.title = "Culprit";
  result.question = "Which change made it fail?";
  result.claim = claim_of(answer);
  result.columns = {{"position", "Place", ColumnType::integer},
                    {"name", answer.places.front().author.empty() ? "Build" : "Commit"},
                    {"subject", "Subject"},
                    {"runs", "Runs", ColumnType::integer},
                    {"failed", "Failed", ColumnType::integer},
                    {"probability", "Culprit", ColumnType::share},
                    {"last", "Last runs"}};
  constexpr double kShown = 0.01;
  constexpr std::size_t kLastRuns = 8;
  for (std::size_t i = 0; i < answer.places.size(); ++i) {
    const Tested& tested = answer.tested[i];
    const double probability = i == 0 ? 0 : answer.probabilities[i];
    if (tested.runs == 0 && probability < kShown) continue;
    std::string last = tested.untestable ? "cannot be tested" : "";
    for (std::size_t k = tested.shown.size() - std::min(kLastRuns, tested.shown.size()); k < tested.shown.size(); ++k)
      last += (last.empty() ? "" : " ") + tested.shown[k];
    result.rows.push_back({static_cast<std::int64_t>(i), answer.places[i].name, one_line(answer.places[i].subject),
                           tested.runs, tested.failed, i == 0 ? Cell() : Cell(probability), last});
  }
  result.sample_size = answer.runs;
  result.method = answer.numbers ? kNumberMethod : kMethod;
  result.uncertainty =
      fmt::format("That none of these is to blame: {:.1f} %. Runs are taken as independent of each other.",
                  100 * answer.conclusion.none_probability);
  const Conclusion& conclusion = answer.conclusion;
  if (conclusion.kind == Kind::found && conclusion.first != conclusion.last)
    result.notes.push_back("They cannot be told apart, as those between cannot be tested.");
  if (conclusion.kind == Kind::found && answer.places[conclusion.first].is_merge)
    result.notes.push_back(
        fmt::format("It is a merge: `--good {0:.12}^1 --bad {0:.12}^2` may look into what it brought, "
                    "where the two share their base.",
                    answer.places[conclusion.first].name));
  if (answer.next) result.notes.push_back(fmt::format("Ask next for {}.", one_line(answer.places[*answer.next].name)));
  return result;
}

Json json_of(const Answer& answer) {
  const Conclusion& conclusion = answer.conclusion;
  Json json{{"answer", conclusion.kind == Kind::found  ? "found"
                       : conclusion.kind == Kind::none ? "none"
                                                       : "searching"}};
  json["culprits"] = Json::array();
  if (conclusion.kind != Kind::none)
    for (std::size_t i = conclusion.first; i <= conclusion.last; ++i)
      json["culprits"].push_back({{"commit", answer.places[i].name},
                                  {"position", i},
                                  {"subject", answer.places[i].subject},
                                  {"author", answer.places[i].author}});
  json["probability"] = conclusion.probability;
  json["none_probability"] = conclusion.none_probability;
  json["runs"] = answer.runs;
  json["commits"] = answer.places.size() - 1;
  json.update(conclusion.json);
  json["next"] = answer.next ? Json(answer.places[*answer.next].name) : Json(nullptr);
  json["tested"] = Json::array();
  for (std::size_t i = 0; i < answer.places.size(); ++i)
    if (const Tested& tested = answer.tested[i]; tested.runs > 0)
      json["tested"].push_back({{"commit", answer.places[i].name},
                                {"position", i},
                                {"runs", tested.runs},
                                {"failed", tested.failed},
                                {"untestable", tested.untestable},
                                {"probability", i == 0 ? 0 : answer.probabilities[i]}});
  return json;
}

int print_answer(const Invocation& invocation, const Answer& answer) {
  if (invocation.json == "all")
    invocation.out << json_of(answer).dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
  else
    invocation.print({result_of(answer)});
  return answer.conclusion.kind == Kind::searching ? Error(ErrorKind::incomplete, "").exit_code() : 0;
}

// A range of builds and what is known of each: the question which to ask for next.
Answer answer_of_builds(const std::string& file, double enough) {
  const CsvTable table(read_whole_file(file == "-" ? "/dev/stdin" : file), file == "-" ? "what is piped in" : file);
  const std::size_t build = table.need_column("build"), passed = table.need_column("passed"),
                    failed = table.need_column("failed");
  const auto untestable = table.column("untestable");
  if (table.size() < 2)
    throw Error("there have to be two builds at least", "the first row is the good end, the last the bad end");
  Answer answer;
  answer.thing = "build";
  constexpr double kEnough = 0.975;
  constexpr std::int64_t kMostRuns = 100000;
  const auto question = question_of_failures(table.size() - 1, enough > 0 ? enough : kEnough);
  for (std::size_t row = 0; row < table.size(); ++row) {
    answer.places.push_back({clean_text(table.text(row, build)), "", "", false});
    const std::int64_t good = table.integer(row, passed).value_or(0), bad = table.integer(row, failed).value_or(0);
    if (good < 0 || bad < 0 || good + bad > kMostRuns)
      throw Error(fmt::format("build {}: not counts of runs", one_line(table.text(row, build))));
    for (std::int64_t i = 0; i < good + bad; ++i) question->learn(row, {"", i < bad ? 1 : 0, false, 0, 0});
    Tested tested{good + bad, bad, untestable && table.integer(row, *untestable).value_or(0) != 0, {}};
    if (tested.untestable) question->cannot_test(row);
    answer.runs += tested.runs;
    answer.tested.push_back(std::move(tested));
  }
  answer.conclusion = question->conclusion();
  answer.probabilities = question->probabilities();
  if (answer.conclusion.kind == Kind::searching) answer.next = question->next({});
  return answer;
}

Answer answer_of_runs(const Invocation& invocation, const BisectWishes& wishes) {
  const auto outcome = bisect(wishes, [&](const std::string& line) { invocation.err << line << "\n" << std::flush; });
  Answer answer;
  for (const RangeCommit& commit : outcome.range.commits)
    answer.places.push_back({commit.sha, commit.subject, commit.author, commit.is_merge});
  answer.tested = outcome.tested;
  answer.probabilities = outcome.probabilities;
  answer.conclusion = outcome.conclusion;
  answer.runs = outcome.runs;
  answer.numbers = wishes.bench;
  if (!outcome.ended_early.empty()) invocation.err << "ended: " << outcome.ended_early << "\n";
  invocation.err << fmt::format("the output of each run is in {}/logs\n", one_line(outcome.folder));
  return answer;
}

void declare_options(OptionSet& app, BisectWishes& wishes) {
  app.add_option("--good", wishes.good, "A commit at which it was good")->type_name("COMMIT");
  app.add_option("--bad", wishes.bad, "A later commit at which it is bad")->type_name("COMMIT");
  app.add_option("--repo", wishes.clone, "The clone; without it the one around here")->type_name("CLONE");
  takes_whole_number(app.add_option("--jobs", wishes.jobs, "Runs at once, each in a worktree of its own; 1 without it")
                         ->type_name("N"),
                     1, 64);
  takes_whole_number(app.add_option("--most-runs", wishes.most_runs, "Stop after so many runs in all; 1,000 without it")
                         ->type_name("N"),
                     1, 1'000'000);
  takes_number(app.add_option("--timeout", wishes.timeout, "A run that takes longer is killed, and has failed")
                   ->type_name("SECONDS"),
               0.01, 1e7);
  takes_number(
      app.add_option("--sure", wishes.enough, "Probability at which the search ends; 0.975 without it")->type_name("P"),
      0.5, 0.99999);
  app.add_flag("--bench", wishes.bench,
               "The command prints a number (the last one counts): which commit moved it, up or down");
  takes_number(app.add_option("--least", wishes.least,
                              "With --bench: smallest change that is looked for, as a share; 0.02 without it")
                   ->type_name("SHARE"),
               0.0005, 1);
  app.add_flag("--clean", wishes.clean, "Remove files that git does not know before each run");
  app.add_flag("--restart", wishes.restart, "Forget what an earlier search in this clone found out");
  app.add_option("--work", wishes.folder,
                 "Where worktrees, journal and output go; in the clone's own data (.git) without it")
      ->type_name("DIR");
  app.add_option("command", wishes.command, "Behind --: run in a checkout of each commit, without a shell")
      ->type_name("COMMAND");
}

std::function<int()> declare_bisect(OptionSet& app, Invocation& invocation) {
  auto wishes = std::make_shared<BisectWishes>();
  auto builds = std::make_shared<std::string>();
  declare_options(app, *wishes);
  app.add_option("--builds", *builds,
                 "Run nothing: a CSV file (build, passed, failed, untestable) with what is known of each build of a "
                 "range, from the good end to the bad; says which to ask for next")
      ->type_name("FILE");
  invocation.add_format_options(app);
  return [&invocation, wishes, builds] {
    if (!builds->empty()) {
      if (!wishes->command.empty())
        throw Error(ErrorKind::usage, "with --builds no command is run", "leave out what stands behind --");
      return print_answer(invocation, answer_of_builds(*builds, wishes->enough));
    }
    if (wishes->good.empty() || wishes->bad.empty())
      throw Error(ErrorKind::usage, "bisect needs --good and --bad",
                  "as in resident bisect --good v1.0 --bad main -- make check");
    if (wishes->command.empty())
      throw Error(ErrorKind::usage, "bisect needs a command",
                  "behind --, as in resident bisect --good v1.0 --bad main -- make check");
    return print_answer(invocation, answer_of_runs(invocation, *wishes));
  };
}

}  // namespace

extern const Command bisect_command;
const Command bisect_command{
    "bisect", "Which commit made a command fail that also fails now and then without it",
    "Noisy on both sides: runs are repeated where they tell most, until one commit, or none of them, is sure. Exit "
    "codes "
    "of the command as for `git bisect run`: 0 good, 125 cannot be tested, 1 to 127 bad, others end the search. Each "
    "run "
    "is kept: after a kill the same command goes on. Exit code 5: not sure after --most-runs.\nExample: resident "
    "bisect "
    "--good v1.0 --bad main --jobs 4 -- sh -c 'make -s && ./flaky_test'; resident bisect --builds builds.csv",
    declare_bisect};

}  // namespace resident
