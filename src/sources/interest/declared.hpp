// Which packages a Go or Java file imports. Both languages have all their imports before all else, so that no more than
// a file's head is read. After the Go specification (source file organization, import declarations) and the Java
// Language Specification (7.5; 3.3 for \u escapes within names is not followed).
#pragma once

#include <sources/interest/mentions.hpp>
#include <string_view>

namespace resident::interest {

void scan_go(std::string_view text, Mentions& mentions);
void scan_java(std::string_view text, Mentions& mentions);

}  // namespace resident::interest
