// The members of an archive, of archives within it, and of the newest tree of a git object store, one after the other
// in memory. Only members that are wanted are read; sizes, depth and the sum of what is unpacked are bounded, as an
// archive may be made to fill a machine. What is damaged is said, after what stands before the damage was given.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace resident::interest {

struct MemberVisitor {
  std::function<bool(std::string_view name)> wanted;
  std::function<void(std::string_view name, std::string_view content)> visit;
  std::function<void(std::string_view name, const std::string& reason)> problem;
};

void for_each_member(const std::string& archive_file, const MemberVisitor& visitor);
void for_each_tree_file(const std::string& repository, const MemberVisitor& visitor);

}  // namespace resident::interest
