// The changes to each file of the default branch as of a moment, each told of the file
// as it is called then: renames are followed by replaying the history in order of
// commit time. Where branches cross (one renames, the other still changes the old
// name), the change goes to the renamed file. Copies begin anew.
#pragma once

#include <model/modules.hpp>
#include <vector>

namespace resident {

struct FileTouch {
  std::int64_t path_id = 0;  // as the file is called as of the moment
  std::int64_t person = 0;   // 0: unknown
  Timestamp at = 0;          // committed
  std::int64_t additions = 0;
};

// Changes to files that stand as of the moment, in order of time; bots' too.
std::vector<FileTouch> load_file_touches(const Context& context, const People& people, const ModuleMap& map);

// Files that stood as of the moment: the newest tree's, or what the replay leaves where the branch went on since.
std::vector<std::int64_t> standing_files(const Context& context, const People& people, const ModuleMap& map);

}  // namespace resident
