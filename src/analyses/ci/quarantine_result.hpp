// The quarantine as Results, for `resident quarantine`: how it stands, and what should come and go.
#pragma once

#include <model/tests/quarantine.hpp>
#include <vector>

namespace resident {

// file: how it is called.
Result quarantine_result(const Context& context, const std::vector<QuarantineEntry>& entries,
                         const std::vector<QuarantinedTest>& reviewed, const std::string& file);
Result quarantine_proposals_result(const Context& context, const std::vector<QuarantineEntry>& entries,
                                   const std::vector<QuarantinedTest>& reviewed,
                                   const std::vector<QuarantineProposal>& proposed, const std::string& file);
// For the report card: by month, what came in, what was to be reviewed, and what of that is still there.
Result quarantine_card_result(const Context& context, const std::vector<QuarantineEntry>& entries,
                              const std::string& file);

}  // namespace resident
