// What is said to who keeps a project's store (commands to type, their options) means nothing to who reads its site.
#pragma once

#include <framework/result.hpp>
#include <string>
#include <string_view>

namespace resident::site {

// A text without what names a command of ours or an option of one: the parenthesis, else the part of the sentence, else
// the sentence. "Known: no corpus was counted: `resident interest PATH`." becomes "Known: no corpus was counted."
std::string without_hints(std::string_view text);
// All that a Result says of itself, and the cells that say why a thing is not known. What others wrote stays as it is.
void leave_out_hints(Result& result);

}  // namespace resident::site
