// The answers of `resident proposals`, each a Result: what stands where, what became of one, what was decided when.
// Promises: every figure is counted from the history of the clone alone, dated by when it came to the default branch,
// and names the commit it was read from; docs/guide/proposals.md states each column.
#pragma once

#include <framework/result.hpp>
#include <nlohmann/json.hpp>
#include <sources/proposals/history.hpp>
#include <string>
#include <vector>

namespace resident {

struct ProposalQuestion {
  std::string project;  // shown
  std::string place;    // of the clone, for evidence
  Timestamp as_of = 0;
};

// A Result with all that every answer shares.
Result begin_proposal_result(const ProposalHistory& history, const ProposalQuestion& question, std::string name,
                             std::string title, std::string asked);

// All proposals with their status, since when, and how much was done to them lately. status: only those with that
// word ("" for all).
Result proposal_list(const ProposalHistory& history, const ProposalFormat& format, const ProposalQuestion& question,
                     const std::string& status);
// Changes of status of one proposal, or of all where it is null.
Result proposal_changes(const ProposalHistory& history, const ProposalQuestion& question, const Proposal* proposal);
// The same as programs take it: [{proposal, date, commit, landed_date, from, to, kind}].
nlohmann::ordered_json proposal_changes_json(const ProposalHistory& history, const Proposal* proposal);
// How many were proposed, accepted, carried out and ended in each year, quarter or month.
Result proposals_by_period(const ProposalHistory& history, const ProposalFormat& format,
                           const ProposalQuestion& question, const std::string& period);

}  // namespace resident
