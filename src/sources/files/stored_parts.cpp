#include <sources/files/stored_parts.hpp>
#include <store/read/stored_threads.hpp>

namespace resident {

namespace {

// A post's key is its own within the channel, which a chat's keys of threads name between their first slash and their
// last: "slack:T1/C1/1709280000.000100".
std::string post_name(const std::string& thread, const std::string& post) {
  const std::size_t first = thread.find('/'), last = thread.rfind('/');
  return (first == last ? std::string() : thread.substr(first + 1, last - first)) + post;
}

}  // namespace

void StoredParts::add(const std::string& whole, const std::string& part) {
  if (whole_of_.emplace(part, whole).second) ++counts_[whole];
}

bool StoredParts::stands(const std::string& whole, const std::vector<std::string>& parts) const {
  std::size_t kept = 0;
  for (const std::string& part : parts) {
    const auto found = whole_of_.find(part);
    if (found == whole_of_.end()) continue;
    if (found->second != whole) return true;
    ++kept;
  }
  const auto stored = counts_.find(whole);
  return stored != counts_.end() && (kept < stored->second || parts.size() == kept);
}

bool StoredParts::stands(const ThreadRecord& thread) const {
  std::vector<std::string> posts;
  for (const PostRecord& post : thread.posts) posts.push_back(post_name(thread.key, post.key));
  return stands(thread.key, posts);
}

StoredParts stored_posts(Writer& writer) {
  StoredParts parts;
  each_post(writer,
            [&](const std::string& thread, const std::string& post) { parts.add(thread, post_name(thread, post)); });
  return parts;
}

}  // namespace resident
