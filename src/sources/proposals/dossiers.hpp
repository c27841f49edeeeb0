// What the newest files of a history say, read once for all proposals: their details, and the schedules of releases
// that stand among them. Promises: as of the history's end, so nothing later is known; details in the order of the
// history's proposals.
#pragma once

#include <sources/proposals/details.hpp>
#include <sources/proposals/history.hpp>
#include <sources/proposals/schedule.hpp>
#include <string>
#include <vector>

namespace resident {

struct Dossiers {
  std::vector<ProposalDetails> details;    // of each proposal
  std::vector<ScheduledRelease> releases;  // by series, date
  std::vector<std::string> faults;         // sentences
};

Dossiers read_dossiers(git::Repository& repository, const ProposalHistory& history);

}  // namespace resident
