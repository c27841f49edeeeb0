// resident review show N: whose turn, the checklist, and who should review.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/review/readiness.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>

namespace resident {

namespace {

constexpr std::size_t kSuggested = 3;

const char* whom(Turn turn) {
  switch (turn) {
    case Turn::author:
      return "it has waited for its author";
    case Turn::reviewer:
      return "it has waited for a reviewer";
    case Turn::committer:
      return "it has waited for a merge";
    case Turn::ci:
      return "it has waited for CI";
    case Turn::nobody:
      break;
  }
  return "it is blocked";
}

}  // namespace

Result reviewers_result(const Context& context, const ReviewEntry& entry, const reviewers::Suggester& suggester) {
  Result result = context.result("reviewers", fmt::format("Reviewers for #{}", entry.item.number),
                                 "Who should review it, and why?");
  result.columns = {
      {"rank", "#", ColumnType::integer},
      {"person", "Person", ColumnType::text},
      {"probability", "Likely", ColumnType::share, "", "to be the one who reviews it, among all"},
      {"load", "Load", ColumnType::integer, "pull requests", "open ones of the last half year they are in"},
      {"asked", "Asked", ColumnType::text, "", "for a review of it already"},
      {"why", "Why", ColumnType::text}};
  const auto list = suggester.suggest(entry.item.id, kSuggested);
  std::vector<std::string> names;
  for (const auto& each : list) {
    names.push_back(each.name);
    result.rows.push_back(
        {static_cast<std::int64_t>(names.size()), each.name, std::round(each.probability * 1000) / 1000,
         static_cast<std::int64_t>(std::lround(each.load)), std::string(each.asked ? "yes" : ""), each.why});
  }
  result.claim = list.empty() ? "Nobody can be suggested: nobody was active in the year before."
                              : fmt::format("Ask {}.", fmt::join(names, ", or "));
  result.sample_size = static_cast<std::int64_t>(suggester.learnt_from());
  const std::string rank = known_figure_text(context, "reviewers", "mrr"),
                    first_three = known_figure_text(context, "reviewers", "top_3");
  result.uncertainty = "on this project's own past: " + rank + (first_three == rank ? "" : "; " + first_three);
  result.definition =
      "Everybody active in the year before but its author, ranked by rates of review, reviews of the same author, "
      "files, folders and words, changes and lines of these files, CODEOWNERS, who is asked, in it or about, with "
      "weights learnt from the project's own reviewed pull requests (conditional logit).";
  result.method = "conditional logit over the signals named; `resident accuracy reviewers` replays it";
  return result;
}

Result readiness_result(const Context& context, const ReviewQueue& queue, const ReviewEntry& entry,
                        const std::vector<ReadinessCheck>& checks) {
  const std::int64_t number = entry.item.number;
  Result result = context.result("readiness", fmt::format("#{} {}", number, one_line(entry.item.title)),
                                 "Is it ready, and what is still to be done?");
  result.columns = {{"question", "Question", ColumnType::text},
                    {"state", "State", ColumnType::text, "", "ok, to do, or unknown: the sources do not tell"},
                    {"answer", "Answer", ColumnType::text},
                    {"source", "From", ColumnType::text}};
  std::vector<std::string> missing;
  std::int64_t unknown = 0;
  for (const auto& each : checks) {
    result.rows.push_back({each.question, std::string(check_state_name(each.state)), each.answer, each.source});
    unknown += each.state == CheckState::unknown;
    if (each.state == CheckState::todo && each.question != "Whose turn") missing.push_back(todo_name(each));
  }
  const std::string author = queue.people.name(entry.item.author);
  result.claim = fmt::format(
      "By {}{}, opened {} ago; {} for {}: {}. {}", author,
      entry.item.is_newcomers() ? " (" + entry.item.newness() + ")" : std::string(),
      waiting_text(entry.item.created_at, context.as_of), whom(entry.turn.turn),
      waiting_text(entry.turn.since, context.as_of), entry.turn.why,
      missing.empty() ? "Nothing else is to do." : fmt::format("To look at: {}.", fmt::join(missing, ", ")));
  result.sample_size = static_cast<std::int64_t>(checks.size());
  if (unknown) result.notes.push_back(fmt::format("The sources do not tell of {}.", plural(unknown, "line")));
  if (!entry.item.url.empty()) result.evidence.push_back({"the pull request", "", entry.item.url});
  result.evidence.push_back(
      {"its timeline", fmt::format("SELECT kind, occurred_at, label, sha FROM event WHERE project_id = {} AND item_id "
                                   "= {} AND occurred_at <= {} ORDER BY position",
                                   context.project_id, entry.item.id, context.as_of)});
  result.definition =
      "What a project wants of a pull request is configuration ([project.NAME.readiness], presets github, cpython, "
      "ack). A check of CI is known flaky if it failed and passed on the same commit in the 90 days before. Alike: "
      "half by files, half by words of the title, what is rare counting more (cosine).";
  result.method = "each line is asked of the thread, the files and CI as of the moment (guide: review)";
  return result;
}

std::int64_t asked_number(const Context& context) {
  return item_argument(context, "review show");
}

std::vector<Result> readiness_and_reviewers(const Context& context, const ReviewQueue& queue, const ReviewEntry& entry,
                                            reviewers::SuggesterBeside& suggester) {
  const auto checks = readiness_checks(context, queue, entry);
  return {readiness_result(context, queue, entry, checks), reviewers_result(context, entry, suggester.get())};
}

namespace {

std::vector<Result> analyse_show(const Context& context) {
  const std::int64_t number = asked_number(context);
  reviewers::SuggesterBeside suggester(context);
  const ReviewQueue queue = review_queue(context, number);
  return readiness_and_reviewers(context, queue, find_open_pull(context, queue, number), suggester);
}

}  // namespace

extern const Analysis readiness_analysis;
const Analysis readiness_analysis{"readiness",
                                  "Readiness of a pull request",
                                  "Is it ready, what is still to be done, and who should review it?",
                                  {{"number", "N", "of the pull request"}},
                                  analyse_show};

}  // namespace resident
