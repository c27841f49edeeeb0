// resident bench confirm --commit COMMIT -- COMMAND: whether a commit moved the number that a command prints.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/benchmarks/benchmarks.hpp>
#include <cli/bisect/bisect.hpp>
#include <cli/bisect/range.hpp>
#include <filesystem>
#include <model/benchmarks/confirmations.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;
using Kind = Conclusion::Kind;

SpeedConfirmation confirmation_of(const BisectOutcome& outcome, Timestamp now) {
  const Conclusion& conclusion = outcome.conclusion;
  SpeedConfirmation confirmation;
  confirmation.verdict = conclusion.kind == Kind::found  ? "confirmed"
                         : conclusion.kind == Kind::none ? "refuted"
                                                         : "open";
  confirmation.at = now;
  const Json& ratio = conclusion.json.at("ratio");
  confirmation.ratio = ratio.at("value").get<double>();
  confirmation.low = ratio.at("low").get<double>();
  confirmation.high = ratio.at("high").get<double>();
  confirmation.probability = conclusion.kind == Kind::none ? conclusion.none_probability : conclusion.probability;
  confirmation.runs = outcome.runs;
  return confirmation;
}

void keep(const Invocation& invocation, const std::string& sha, const SpeedConfirmation& confirmation) {
  const auto database = invocation.open(Access::write);
  const Context context = invocation.context(*database);
  Transaction transaction(*database);
  database->insert(
      {"speed_confirmation",
       {"project_id", "sha", "confirmed_at", "series", "verdict", "ratio", "low", "high", "probability", "runs"},
       {"project_id", "sha", "series", "confirmed_at"},
       OnConflict::replace},
      {{context.project_id, sha, confirmation.at, confirmation.series, confirmation.verdict, confirmation.ratio,
        confirmation.low, confirmation.high, confirmation.probability, confirmation.runs}});
  transaction.commit();
}

}  // namespace

bool has_store(const Invocation& invocation) {
  return invocation.db.find("://") != std::string::npos || std::filesystem::exists(invocation.db);
}

int bench_confirm(const Invocation& invocation, const BenchOptions& options) {
  if (options.commit.empty() || options.places.empty())
    throw Error(ErrorKind::usage, "bench confirm takes a commit and a command",
                "resident bench confirm --commit 1a2b3c4 -- ./bench.sh");
  // Before anything runs: which project it is kept for.
  const bool is_kept = has_store(invocation);
  if (is_kept) {
    const auto database = invocation.open(Access::read);
    invocation.context(*database);
  }
  BisectWishes wishes;
  wishes.clone = options.clone;
  wishes.bad = commit_of(wishes.clone, options.commit, "--commit");
  wishes.good = wishes.bad + "^";
  wishes.command = options.places;
  wishes.folder = (bisect_folder(options.clone).parent_path() / "resident-confirm" / wishes.bad.substr(0, 12)).string();
  wishes.most_runs = options.most_runs;
  wishes.timeout = options.timeout;
  wishes.least = options.least;
  wishes.restart = options.restart;
  wishes.bench = true;
  const BisectOutcome outcome =
      bisect(wishes, [&](const std::string& line) { invocation.err << line << "\n"
                                                                   << std::flush; });
  SpeedConfirmation confirmation = confirmation_of(outcome, invocation.clock.now());
  // Of a command its program alone: its arguments may hold what is nobody else's business.
  confirmation.series = one_line(
      options.series.empty() ? std::filesystem::path(wishes.command.front()).filename().string() : options.series);
  const std::string sha = outcome.range.commits.back().sha;
  if (is_kept) keep(invocation, sha, confirmation);
  if (invocation.wants_json()) {
    invocation.out << Json{{"commit", sha},
                           {"series", confirmation.series},
                           {"verdict", confirmation.verdict},
                           {"ratio", confirmation.ratio},
                           {"low", confirmation.low},
                           {"high", confirmation.high},
                           {"probability", confirmation.probability},
                           {"runs", confirmation.runs},
                           {"kept", is_kept}}
                          .dump(-1, ' ', false, Json::error_handler_t::replace)
                   << "\n";
  } else {
    Result result;
    result.name = "bench_confirm";
    result.title = "Confirmed or not";
    result.question = "Did this commit move the number?";
    result.claim = fmt::format("{:.12}: {}.", sha, confirmation.words());
    result.columns = {{"side", "Side"}, {"commit", "Commit"}, {"runs", "Runs", ColumnType::integer}, {"last", "Last"}};
    for (std::size_t i = 0; i < outcome.tested.size(); ++i) {
      std::string last;
      for (std::size_t k = outcome.tested[i].shown.size() - std::min<std::size_t>(8, outcome.tested[i].shown.size());
           k < outcome.tested[i].shown.size(); ++k)
        last += (last.empty() ? "" : " ") + outcome.tested[i].shown[k];
      result.rows.push_back({std::string(i == 0 ? "before" : "with it"), outcome.range.commits[i].sha.substr(0, 12),
                             outcome.tested[i].runs, last});
    }
    result.sample_size = outcome.runs;
    result.method =
        "both are run in turn, wherever the next run is expected to tell more, until one answer is sure enough (guide: "
        "benchmarks)";
    result.notes.push_back(is_kept ? "Kept in the store: `resident speed` says so."
                                   : "Kept nowhere: there is no store here.");
    invocation.print({result});
  }
  return confirmation.verdict == "open" ? Error(ErrorKind::incomplete, "").exit_code() : 0;
}

}  // namespace resident
