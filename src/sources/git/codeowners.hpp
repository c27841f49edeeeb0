// Keeps the CODEOWNERS file of a clone's newest tree: that of the forge it came from, by that forge's rules.
#pragma once

#include <base/references.hpp>
#include <git/repository.hpp>
#include <store/writer.hpp>

namespace resident {

void keep_codeowners(git::Repository& repository, const ReferenceRules& rules, Writer& writer);

}  // namespace resident
