// Proposals that are kept as their project says: which files they are, by a regular expression whose groups are their
// number, and where the status stands: in a head of any form, in the path, or in a column of a table.
#pragma once

#include <sources/proposals/format.hpp>

namespace resident {

// is_table: a row is a proposal; else a file is. Throws Error{usage} without paths.
ProposalFormat own_proposal_format(const OwnProposalFormat& own, bool is_table);

}  // namespace resident
