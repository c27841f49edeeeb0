#include <git/repository_parts.hpp>

namespace resident::git {

std::vector<std::string> Repository::newest_messages(std::size_t most) {
  std::vector<std::string> messages;
  std::optional<ObjectId> id = parts_->find_default();
  while (id && messages.size() < most) {
    const auto object = parts_->changes.objects().read(*id, ObjectType::commit);
    if (!object) break;
    RawCommit commit = parse_commit(object->bytes());
    id = commit.header.parents.empty() ? std::nullopt : std::optional(commit.header.parents.front());
    messages.push_back(std::move(commit.message));
  }
  return messages;
}

}  // namespace resident::git
