// Is a pull request ready, and what is still to be done? One line a question, each
// with its answer (ok, to do, unknown), the reason, and where it comes from. What
// a project wants is configuration (ReadinessRules); what the sources do not tell is
// unknown, never ok.
#pragma once

#include <learn/reviewers/suggest.hpp>
#include <model/queues/review.hpp>
#include <string>
#include <vector>

namespace resident {

class SimilarPulls;  // similar.hpp

enum class CheckState { ok, todo, unknown };
const char* check_state_name(CheckState state);

struct ReadinessCheck {
  std::string question;
  CheckState state = CheckState::unknown;
  std::string answer;  // with the reason
  std::string source;  // where it comes from
};

// What is to be looked at where it is to do: "size", "conflicts".
std::string todo_name(const ReadinessCheck& check);

// What a merge of it now would be: both commits as of the moment; "" where they are not known.
struct MergeQuestion {
  std::string head, base;
};
MergeQuestion merge_question(const Context& context, const OpenItem& item);
// Answered before (schema 009), by whoever has the clone.
bool merge_is_known(const Context& context, const MergeQuestion& question);

// The entry of an open pull request; throws Error{usage}, saying when it was closed, for any other number.
ReviewEntry find_open_pull(const Context& context, const ReviewQueue& queue, std::int64_t number);

// similar: of the project, where several are asked about; null: read for this one.
std::vector<ReadinessCheck> readiness_checks(const Context& context, const ReviewQueue& queue, const ReviewEntry& entry,
                                             SimilarPulls* similar = nullptr);

// The checklist as a table, with whose turn it is and what is to be looked at as the claim.
Result readiness_result(const Context& context, const ReviewQueue& queue, const ReviewEntry& entry,
                        const std::vector<ReadinessCheck>& checks);
// Who should review it, with reasons and the figure of their backtest.
Result reviewers_result(const Context& context, const ReviewEntry& entry, const reviewers::Suggester& suggester);
// Both, with a suggester of their own.
std::vector<Result> readiness_and_reviewers(const Context& context, const ReviewQueue& queue, const ReviewEntry& entry,
                                            reviewers::SuggesterBeside& suggester);
// The argument `number`; throws Error{usage} without it.
std::int64_t asked_number(const Context& context);

}  // namespace resident
