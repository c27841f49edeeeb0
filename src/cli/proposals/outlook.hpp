// Answers of `resident proposals` that need more than the history: where each is discussed and carried out, when
// releases are due, and what open and accepted proposals wait for. Promises as in answers.hpp; a link is shown with the
// field, section or commit that it was taken from.
#pragma once

#include <cli/proposals/answers.hpp>
#include <cli/proposals/known_threads.hpp>
#include <sources/proposals/dossiers.hpp>
#include <sources/proposals/mentions.hpp>

namespace resident {

struct ProposalLinks {
  const Dossiers& dossiers;
  const std::vector<ProposalMention>& mentions;
  const KnownThreads& threads;
};

Result proposal_links(const ProposalHistory& history, const ProposalQuestion& question, const ProposalLinks& links,
                      const Proposal* proposal);
Result proposal_releases(const ProposalHistory& history, const ProposalQuestion& question, const Dossiers& dossiers);
// Open and accepted proposals: how they move, what they wait for, by when.
Result proposals_waiting(const ProposalHistory& history, const ProposalFormat& format, const ProposalQuestion& question,
                         const ProposalLinks& links, const Proposal* proposal);

}  // namespace resident
