// The threads of the store that proposals may name: topics of forums and discussions of forges with an address.
// Promises: nothing later than the context's moment; addresses are compared by what names the thread in them, whatever
// words, posts or queries stand beside it.
#pragma once

#include <framework/analysis.hpp>
#include <map>
#include <string>
#include <string_view>

namespace resident {

struct KnownThread {
  std::string title;
  std::int64_t posts = 0;
  Timestamp last_post = 0;
};
using KnownThreads = std::map<std::string, KnownThread>;  // by address_key()

// What two spellings of the address of one thread have in common: host and number of a Discourse topic, else the
// address without query, anchor and last slash.
std::string address_key(std::string_view address);
KnownThreads read_known_threads(Context& context);

}  // namespace resident
