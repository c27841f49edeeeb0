// Items of an IETF archive.json as records: a pure function over parsed JSON, so
// that it can be fuzzed. Throws Error for an item that can't be read; a bad entry
// inside a readable item is told to `problem` and left out.
#pragma once

#include <sources/forge/github_objects.hpp>

namespace resident::ietf {

ItemRecord item(json::Element element, bool is_pull, const github::Problem& problem);

}  // namespace resident::ietf
