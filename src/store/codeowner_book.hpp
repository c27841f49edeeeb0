// The CODEOWNERS file of a source, line by line (table codeowner). Part of a Writer's transaction.
#pragma once

#include <base/codeowners_file.hpp>
#include <store/writer.hpp>
#include <vector>

namespace resident {

// In place of what stood there of this source. Addresses are blanked.
void keep_codeowner_rules(Writer& writer, const std::vector<CodeownersRule>& rules, CodeownersForm form);

}  // namespace resident
