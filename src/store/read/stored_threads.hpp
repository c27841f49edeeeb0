// Threads, posts and mails as a source's earlier runs stored them. What was flushed is seen.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <store/writer.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace resident {

// Numbers of the source's threads that nobody has closed.
std::vector<std::int64_t> open_threads(Writer& writer);
// A thread that is no longer to be seen.
void close_thread(Writer& writer, std::int64_t number, Timestamp at);
// Calls take(key of the thread, key of the post) for all posts of the source.
void each_post(Writer& writer, const std::function<void(const std::string&, const std::string&)>& take);
// Takes away the source's threads that are not among these.
void drop_threads_but(const std::unordered_set<std::string>& current, Writer& writer);

// Calls take(item, key of the mail) for all mails of the source's series of patches.
void each_patch_mail(Writer& writer, const std::function<void(std::int64_t, const std::string&)>& take);
// The items of the source's series of patches.
std::vector<std::int64_t> stored_series(Writer& writer);
// Calls take(payload, fingerprint) for the source's records of that prefix that have a payload; packed as it was kept.
void each_payload(Writer& writer, const std::string& prefix,
                  const std::function<void(std::string_view, const std::string&)>& take);
// The text of a post, a comment or a review of the source; nothing where none has that key.
std::optional<std::string> stored_text(Writer& writer, const std::string& key);

}  // namespace resident
