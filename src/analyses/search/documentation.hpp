// Where the documentation speaks of what somebody asks: the files with most of the
// question's words, rare ones counting more. Nothing where the project has no
// documentation in its search index.
#pragma once

#include <framework/analysis.hpp>
#include <optional>
#include <string_view>

namespace resident {

std::optional<Result> documentation_like(const Context& context, std::string_view question);

}  // namespace resident
