// Words as a person types them in a shell, for commands that are shown to be copied. Nothing here runs anything.
#pragma once

#include <string>

namespace resident {

// The text as one word of a POSIX shell, quoted where it has to be; on one line.
std::string shell_word(const std::string& text);

}  // namespace resident
