// References as git keeps them since 2.45 where asked to, and by default from 3.0 on: a stack of binary tables in
// reftable/, the newest last, each a sorted list with common prefixes left out (git's Documentation/technical/
// reftable, versions 1 and 2). Read whole and by hand, since libgit2 knows nothing of them. Every byte string gives an
// answer in time and memory bounded by its size. Logs of references are passed over, as those in files are.
#pragma once

#include <functional>
#include <git/problems.hpp>
#include <map>
#include <string>
#include <string_view>

namespace resident::git {

// What a table says of one reference: "" (it is deleted), an id in hexadecimal, or "ref: refs/heads/main".
using EachReference = std::function<void(const std::string& name, const std::string& value)>;

// Gives all references of a table's bytes; the fault where they are not what the format says, "" for none. What
// stands before a fault is given.
std::string read_reftable(std::string_view bytes, std::size_t id_bytes, const EachReference& each);

// The references of a stack (a folder with tables.list in it), later tables before earlier ones. What cannot be read
// is left out, and told.
std::map<std::string, std::string> read_reftables(const std::string& folder, std::size_t id_bytes, Problems& problems);

}  // namespace resident::git
