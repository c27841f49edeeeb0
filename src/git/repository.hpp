// Any local clone as a stream of commits: bare, mirror, worktree, shallow or
// partial, SHA-1 or SHA-256. Knows nothing of the store. It only reads, runs nothing
// of the repository's, works on all cores in bounded memory, gives the same order
// on every machine, and counts lines as git log --numstat -M does. What
// cannot be read never stops it: it is left out, and problems() says what it was
// and which figures it touches. All text is valid, bounded UTF-8; e-mail
// addresses are passed on as committed, and blanking them is for the caller.
#pragma once

#include <base/mailmap.hpp>
#include <cstdint>
#include <functional>
#include <git/file_changes.hpp>
#include <git/message.hpp>
#include <git/problems.hpp>
#include <git/raw_commit.hpp>
#include <git/tree_diff.hpp>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace resident::git {

struct Commit {
  std::string sha;
  std::vector<std::string> parents;  // as the commit says, readable or not
  Signature author, committer;
  std::string subject, body;
  std::vector<Trailer> trailers, marks;
  std::vector<std::int64_t> pull_numbers;  // the last is this commit's own, earlier ones are originals of a backport
  std::size_t own_pulls = 1;               // so many of the last are its own
  std::vector<std::int64_t> fixes, mentions;
  std::vector<FileChange> changes;  // none for merges
  bool on_default = false;          // reachable from the default branch
  bool in_history = false;          // from any branch or tag, not only from a pull request
  bool is_whole = true;             // false: a tree could not be read, and changes below it are absent
  bool is_edge = false;             // a parent is left out or cannot be read: its files are not compared
};

// One commit of the first-parent line of the default branch, with the lines that
// it changed, for who wrote what (line_history.hpp).
struct LineStep {
  std::string sha;
  Timestamp at = 0;  // committer's time
  Signature author;
  std::vector<TreeChange> changes;  // against the first parent, with hunks
  // A merge: who made most of the commits in it that touch a file.
  std::unordered_map<std::string, Signature> credits;
  bool is_edge = false;  // the history before it is absent: changes say all that stands there
};

// A commit's files as git log --raw --numstat would tell them.
struct CommitChanges {
  std::string sha;
  std::vector<TreeChange> changes;
};

// One commit of the default branch's history, as tree_steps() tells it.
struct TreeStep {
  std::string sha;
  std::vector<std::size_t> parents;  // their places in the order, from 0; those that can be read
  Signature author;
  Timestamp committed_at = 0;
  std::string subject, body;
  std::vector<std::int64_t> pull_numbers;
  // The first commit of the first-parent line that holds it: when it came to the default branch.
  std::string landed_sha;
  Timestamp landed_at = 0;
  std::vector<TreeChange> changes;  // lines not compared
  bool is_whole = true;             // no tree on the way was unreadable
  bool is_edge = false;             // its parents are absent: it seems to add all that stands there
};

struct FileVersion {
  std::string path;  // versions of one file stand together, oldest first
  ObjectId id{};
};

struct Reference {
  std::string name;  // full, or HEAD
  std::string sha;   // of a commit; tags are peeled
  Timestamp at = 0;  // tagger's time, else the commit's
};

struct RepositoryOptions {
  // Reference or sha; empty: what the remote's HEAD names, else HEAD, main, master.
  std::string default_branch;
  MessagePatterns patterns;
  unsigned threads = 0;                         // 0: one a core
  std::size_t memory = std::size_t{512} << 20;  // for caches, roughly; bytes
};

struct WalkOptions {
  // References or shas to start from instead of all branches, tags and pull requests.
  std::vector<std::string> only;
  bool pulls = true;    // false: not what only pull requests' heads reach
  bool changes = true;  // false: commits without their files, quickly
  bool renames = true;
  // Where set, called for each commit of the default branch's first-parent line that
  // comes after lines_from (empty: for all), in order, after the sink had the commit.
  std::function<void(LineStep&&)> line_step;
  std::string lines_from;
  // Called for commits that are known already, since where they are reachable
  // from changes as branches move.
  std::function<void(const std::string& sha, bool on_default, bool in_history)> known_commit;
  // Known commits whose files were not all there before: compared once more, and given here instead of to the sink.
  // Merges, and those whose parents are still absent, are passed by.
  std::unordered_set<std::string> again;
  std::function<void(const std::string& sha, std::vector<FileChange>&& changes, bool is_whole)> changed_again;
  // Called once, before the first commit: how many the walk will give to the sink.
  std::function<void(std::size_t total)> started;
  // How many are done, whether the sink has had them yet or not; from any thread.
  std::function<void(std::size_t done)> progress;
};

struct PullHead {
  std::int64_t number;
  std::string sha;
};

class Repository {
 public:
  // Throws Error with a hint where path is no repository, cannot be opened, or has a format that is not known.
  explicit Repository(const std::string& path, RepositoryOptions options = {});
  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  // HEAD, branches, remote branches and tags that lead to commits; by name.
  std::vector<Reference> references();
  // Empty where there is no commit yet.
  std::string default_branch_sha();
  // Of the commits along the first parents of the default branch, newest first; fewer where they end or cannot be read.
  std::vector<std::string> newest_messages(std::size_t most);
  // From the work tree, or from the default branch of a bare clone.
  std::vector<MailmapEntry> mailmap();
  // Heads of pull and merge requests as GitHub, GitLab, Bitbucket and common
  // fetch rules name them; by number.
  std::vector<PullHead> pull_heads();

  // Every commit not in known, once, parents first, else by committer's time and
  // id. An exception from the sink ends the walk and passes through.
  void walk(const std::unordered_set<std::string>& known, const std::function<void(Commit&&)>& sink,
            const WalkOptions& options = {});

  // What `git log --raw --numstat -M` says of what these references (none: all
  // branches and tags) reach, in git's order. counts: false leaves lines out.
  void log(const std::vector<std::string>& names, bool counts, const std::function<void(CommitChanges&&)>& sink,
           const std::function<void(std::size_t total)>& started,
           const std::function<void(std::size_t done)>& progress);
  // Every commit that the default branch reaches, merges too, parents first, else by committer's time and id, with
  // what differs from its first parent: enough to say how any file stood in any of them.
  void tree_steps(bool renames, const std::function<void(TreeStep&&)>& sink,
                  const std::function<void(std::size_t total)>& started = {},
                  const std::function<void(std::size_t done)>& progress = {});
  // The bytes of versions of files, on all cores: file by file, newest first, so that each is made from the one
  // before. The sink is called from several threads, once for each that can be read and is not larger than `most`.
  void read_versions(const std::vector<FileVersion>& versions, std::size_t most,
                     const std::function<void(std::size_t version, std::string_view bytes)>& sink);
  // Whether the commit stands on the default branch's first-parent line.
  bool is_on_first_parent_line(const std::string& sha);

  struct PullChanges {
    std::string head;
    std::vector<FileChange> files;
    std::vector<std::string> commits;  // oldest first
    bool is_whole = true;              // false: something of it is absent from the clone, and may come
  };
  // Pull requests' files and commits, head against its merge base with the first
  // parent of the merge that brought it to the default branch; if none did, with the
  // default branch. Without renames: D and A. Nothing where the head is the mainline
  // itself (fast-forward) or shares no history with it. In the order given.
  void pulls(const std::vector<std::string>& heads, const std::function<void(PullChanges&&)>& sink,
             const std::function<void(std::size_t done)>& progress = {});
  // One alone.
  std::vector<FileChange> pull_files(const std::string& head_sha);
  std::vector<std::string> pull_commits(const std::string& head_sha);

  struct HeadFile {
    std::string path;  // as in FileChange
    std::string blob;
    bool is_submodule = false, is_link = false;
    // Filled by read_head_file.
    std::optional<std::int64_t> bytes, lines, code_lines, indentation_total, indentation_max;
  };
  // Files in the newest tree of the default branch.
  std::vector<HeadFile> head_files();
  // Size, lines and shape of one of them; what cannot be read stays empty.
  void read_head_file(HeadFile& file);

  enum class TextState { whole, cut, binary, too_large, absent };
  struct FileText {
    std::optional<std::string> text;  // bytes as they stand; none where the state is one of the last three
    std::optional<std::int64_t> bytes;
    TextState state = TextState::whole;
  };
  static constexpr std::uint64_t kMostTextBytes = 16'000'000;  // what is larger is not read at all
  // The first `most` bytes of a file's text. What is absent from a partial clone is no problem here.
  FileText read_text(const HeadFile& file, std::size_t most);

  struct LastChange {
    std::string sha;
    Timestamp at = 0;  // committer's time
  };
  // The commit of the default branch's first-parent line that changed a file last, so
  // that what stands now stood already then: of all `undated`, and of those of `paths` that
  // changed after the commit `from`. Where the history ends or a tree cannot be read, the
  // commit since which the file is known to stand as it does.
  std::unordered_map<std::string, LastChange> last_changes(const std::unordered_set<std::string>& paths,
                                                           std::unordered_set<std::string> undated,
                                                           const std::string& from);

  // What decides where the history ends though its commits go on (shallow clones, grafts), as one word.
  std::string history_print() const;
  // Which objects there are, as one word: the same while none comes or goes. Of names and numbers of files alone.
  std::string objects_print() const;
  // Whether parents of the commit are absent, or it is itself.
  bool lacks_parents(const std::string& sha);
  // Whether the object is there, and can be read.
  bool has_object(const std::string& id);
  // So far; call it last.
  std::vector<Problem> problems() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace resident::git
