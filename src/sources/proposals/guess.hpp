// Which way a repository keeps its proposals, told by its newest tree: by the names of files for the forms that have a
// name, else by numbered files of which most have a status in their head, or by folders that are called as states are.
// Promises: a pure function of the tree; nothing where fewer than three files speak for it.
#pragma once

#include <git/repository.hpp>
#include <optional>
#include <sources/proposals/format.hpp>

namespace resident {

std::optional<ProposalFormat> find_proposal_format(git::Repository& repository);

// Of files alone, with what reads them: for tests.
struct TreeReader {
  std::vector<std::string> paths;
  std::function<std::string(std::size_t place)> text;
};
std::optional<OwnProposalFormat> guess_own_proposals(const TreeReader& tree);

}  // namespace resident
