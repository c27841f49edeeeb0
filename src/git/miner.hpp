// The work of a walk over a history, on all cores. Commits come in slices of some
// ten thousand. First each commit is read and its tree is compared with its
// parent's; then all pairs of file versions of the slice are compared, not in the
// order of the history but file by file, newest first, so that each version is
// made from the one before by a single delta that is at hand. Threads take whole
// files and share nothing but what stands on disk. While one slice is handed over,
// in the order of the history, the next is being worked on.
#pragma once

#include <functional>
#include <git/file_changes.hpp>
#include <git/graph.hpp>
#include <git/message.hpp>
#include <unordered_map>
#include <vector>

namespace resident::git {

struct MineJob {
  CommitGraph::Index commit = 0;
  bool describe = true;  // author, message, trailers
  bool changes = true;   // files against the only parent; none for merges
  bool lines = false;    // with hunks, against the first parent, merges too
  // Where set, the files against this commit instead, without renames.
  CommitGraph::Index against = CommitGraph::kNone;
};

struct Mined {
  MineJob job;
  Signature author, committer;
  Message message;
  std::vector<std::string> parents;
  std::vector<TreeChange> changes;
  // For a merge with lines: who made most of the commits in it that touch a file.
  std::unordered_map<std::string, Signature> credits;
  bool is_merge = false;
  bool is_edge = false;  // its parents are absent: changes are against nothing
  bool is_whole = true;  // no tree on the way was unreadable
};

struct MinerOptions {
  unsigned threads = 0;  // 0: one a core
  std::size_t memory = std::size_t{512} << 20;
  bool renames = true, counts = true;
  bool newest_first = false;     // the order of the jobs
  bool shallow_as_root = false;  // as git does: all that stands there counts as added
  // Which commits a merge on the first-parent line brought, oldest first.
  std::function<std::vector<CommitGraph::Index>(CommitGraph::Index merge)> brought = {};
  // Told now and then how far the work is, in commits.
  std::function<void(std::size_t done)> progress = {};
};

// Runs all jobs; the sink gets them in their order, in the calling thread. An
// exception from the sink ends the work and passes through.
void mine(const std::vector<MineJob>& jobs, const CommitGraph& graph, ObjectFolders& folders, Problems& problems,
          const MessageParser& parser, const MinerOptions& options, const std::function<void(Mined&&)>& sink);

}  // namespace resident::git
