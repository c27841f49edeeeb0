#include <git2.h>
#include <sys/stat.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <fstream>
#include <map>
#include <sources/git/graph.hpp>
#include <sources/git/references.hpp>
#include <sources/git/repository.hpp>
#include <sstream>

namespace resident::git {

namespace {

constexpr std::size_t kMaxMailmapBytes = 16'000'000;

struct CloseRepository {
  void operator()(git_repository* repository) const { git_repository_free(repository); }
};
using RepositoryHandle = std::unique_ptr<git_repository, CloseRepository>;

RepositoryHandle open(const std::string& path) {
  start_libgit2();
  git_repository* repository = nullptr;
  if (git_repository_open_ext(&repository, path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) == 0)
    return RepositoryHandle(repository);
  const std::string reason = libgit2_message();
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    throw Error("cannot read " + one_line(path) + ": no such folder, or no right to see it",
                "Give the path of a clone, e.g. one made by: git clone --bare URL");
  if (reason.find("objectformat") != std::string::npos)
    throw Error(one_line(path) + " has SHA-256 object ids, which cannot be read yet",
                "Only repositories with SHA-1 ids can be imported.");
  if (reason.find("ermission denied") != std::string::npos)
    throw Error("no right to read " + one_line(path) + ": " + one_line(clean_text(reason)),
                "Run as the user who owns the clone, or let this user read it.");
  throw Error(one_line(path) + " is not a git repository: " + one_line(clean_text(reason)),
              "Give the top folder of a clone, or its .git folder.");
}

std::string read_file(const std::string& path, std::size_t max_bytes) {
  struct stat status {};
  // Not through a link: it may lead anywhere.
  if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<std::size_t>(status.st_size) > max_bytes)
    return {};
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return std::move(content).str();
}

std::unordered_set<ObjectId, HashOfId> read_shallow(git_repository* repository) {
  std::unordered_set<ObjectId, HashOfId> shallow;
  const std::string content =
      read_file(std::string(git_repository_commondir(repository)) + "shallow", std::size_t{1} << 28);
  for (const std::string_view line : split(content, '\n'))
    if (const auto id = parse_id(trim(line))) shallow.insert(*id);
  return shallow;
}

}  // namespace

struct Repository::Parts {
  RepositoryHandle handle;
  RepositoryOptions options;
  Problems problems;
  ObjectStore objects;
  References references;
  CommitGraph graph;
  FileChanges changes;
  MessageParser parser;
  std::optional<std::optional<ObjectId>> default_branch;
  std::optional<std::vector<CommitGraph::Index>> brought_by;
  std::unordered_set<ObjectId, HashOfId> reported;  // commits whose faults are in problems

  Parts(const std::string& path, RepositoryOptions&& given)
      : handle(open(path)),
        options(std::move(given)),
        objects(handle.get()),
        references(handle.get(), objects, problems),
        graph(objects, problems, read_shallow(handle.get())),
        changes(objects, problems),
        parser(options.patterns) {}

  const std::optional<ObjectId>& find_default() {
    if (!default_branch) default_branch = references.default_branch(options.default_branch);
    return *default_branch;
  }

  CommitGraph::Index load_default() {
    const auto& id = find_default();
    return id ? graph.load(*id) : CommitGraph::kNone;
  }

  void mark_all(const WalkOptions& walk);
  Commit describe(CommitGraph::Index index, const WalkOptions& walk);

  struct PullBase {
    CommitGraph::Index head = CommitGraph::kNone, base = CommitGraph::kNone;
  };
  PullBase pull_base(const std::string& head_sha);
};

Repository::Repository(const std::string& path, RepositoryOptions options)
    : parts_(std::make_unique<Parts>(path, std::move(options))) {}

Repository::~Repository() = default;

std::vector<Reference> Repository::references() {
  std::vector<Reference> result;
  for (const Target& target : parts_->references.all())
    if (!pull_number(target.name)) result.push_back({path_text(target.name), to_hexadecimal(target.id), target.at});
  return result;
}

std::string Repository::default_branch_sha() {
  const auto& id = parts_->find_default();
  return id ? to_hexadecimal(*id) : std::string{};
}

std::vector<PullHead> Repository::pull_heads() {
  // Two remotes may name the same number: the first by name is taken.
  std::map<std::int64_t, std::string> heads;
  for (const Target& target : parts_->references.all())
    if (const auto number = pull_number(target.name)) heads.emplace(*number, to_hexadecimal(target.id));
  std::vector<PullHead> result;
  for (const auto& [number, sha] : heads) result.push_back({number, sha});
  return result;
}

std::vector<MailmapEntry> Repository::mailmap() {
  if (const char* folder = git_repository_workdir(parts_->handle.get()))
    return parse_mailmap(read_file(std::string(folder) + ".mailmap", kMaxMailmapBytes));
  const auto tip = parts_->load_default();
  const ObjectId* tree = tip == CommitGraph::kNone ? nullptr : parts_->graph.tree(tip);
  if (!tree) return {};
  const auto entry = parts_->changes.find(*tree, ".mailmap");
  if (!entry || !entry->is_regular() || parts_->objects.size(entry->id).value_or(0) > kMaxMailmapBytes) return {};
  const auto content = parts_->objects.read(entry->id, ObjectType::blob);
  if (content) return parse_mailmap(content->bytes());
  parts_->problems.add("unreadable files", ".mailmap",
                       parts_->objects.last_fault() + ": names it would join stay apart");
  return {};
}

void Repository::Parts::mark_all(const WalkOptions& walk) {
  using Graph = CommitGraph;
  const auto flood = [this](const ObjectId& id, Graph::Flag flag) {
    if (const auto index = graph.load(id); index != Graph::kNone) graph.flood(index, flag);
  };
  if (const auto& id = find_default()) flood(*id, Graph::kOnDefault);
  for (const Target& target : references.all()) {
    if (!pull_number(target.name)) flood(target.id, Graph::kInHistory);
    if (walk.only.empty()) flood(target.id, Graph::kWanted);
  }
  // A default branch given by sha may be on no branch.
  if (const auto& id = find_default()) {
    flood(*id, Graph::kInHistory);
    if (walk.only.empty()) flood(*id, Graph::kWanted);
  }
  for (const std::string& name : walk.only) {
    const auto id = references.resolve(name);
    if (!id) throw Error(ErrorKind::usage, "there is no reference " + name + " in this clone");
    flood(*id, Graph::kWanted);
  }
}

Commit Repository::Parts::describe(CommitGraph::Index index, const WalkOptions& walk) {
  Commit commit;
  const ObjectId& id = graph.id(index);
  commit.sha = to_hexadecimal(id);
  commit.on_default = graph.has(index, CommitGraph::kOnDefault);
  commit.in_history = graph.has(index, CommitGraph::kInHistory);
  const auto object = objects.read(id, ObjectType::commit);
  if (!object)
    throw Error("commit " + commit.sha + " was readable a moment ago and is now " + objects.last_fault(),
                "Is the clone being changed? Run it again.");
  RawCommit raw = parse_commit(object->bytes());
  if (reported.size() < 1'000'000 && (raw.faults.empty() || reported.insert(id).second))
    for (const std::string& fault : raw.faults) problems.add(fault, commit.sha, fault);
  for (const ObjectId& parent : raw.header.parents) commit.parents.push_back(to_hexadecimal(parent));
  commit.author = std::move(raw.author);
  commit.committer = std::move(raw.committer);
  Message message = parser.parse(raw.message);
  commit.subject = std::move(message.subject);
  commit.body = std::move(message.body);
  commit.trailers = std::move(message.trailers);
  commit.pull_numbers = std::move(message.pull_numbers);
  commit.fixes = std::move(message.fixes);
  commit.mentions = std::move(message.mentions);
  if (!walk.changes || graph.parent_count(index) > 1 || graph.has(index, CommitGraph::kCut) || !graph.tree(index))
    return commit;
  const auto parents = graph.parents(index);
  const ObjectId* before = parents.empty() ? nullptr : graph.tree(parents[0]);
  if (!parents.empty() && !before) return commit;
  commit.changes = changes.compare(before, graph.tree(index), commit.sha, walk.renames);
  return commit;
}

void Repository::walk(const std::unordered_set<std::string>& known, const std::function<void(Commit&&)>& sink,
                      const WalkOptions& options) {
  parts_->graph.clear(CommitGraph::kWanted);
  parts_->mark_all(options);
  const std::vector<CommitGraph::Index> order = parts_->graph.order(CommitGraph::kWanted);
  const auto is_known = [&](CommitGraph::Index index) {
    return !known.empty() && known.contains(to_hexadecimal(parts_->graph.id(index)));
  };
  if (options.started)
    options.started(static_cast<std::size_t>(
        std::count_if(order.begin(), order.end(), [&](auto index) { return !is_known(index); })));
  for (const CommitGraph::Index index : order) {
    if (!is_known(index)) {
      sink(parts_->describe(index, options));
    } else if (options.known_commit) {
      options.known_commit(to_hexadecimal(parts_->graph.id(index)), parts_->graph.has(index, CommitGraph::kOnDefault),
                           parts_->graph.has(index, CommitGraph::kInHistory));
    }
  }
}

Repository::Parts::PullBase Repository::Parts::pull_base(const std::string& head_sha) {
  PullBase result;
  const auto id = parse_id(head_sha);
  result.head = id ? graph.load(*id) : CommitGraph::kNone;
  if (result.head == CommitGraph::kNone) {
    problems.add("missing pull request heads", head_sha,
                 "the clone lacks this commit: its files and commits are unknown");
    return result;
  }
  const auto tip = load_default();
  if (tip == CommitGraph::kNone) return result;
  if (!brought_by) brought_by = graph.brought_by(tip);
  const auto bringer = result.head < brought_by->size() ? (*brought_by)[result.head] : CommitGraph::kNone;
  if (bringer == CommitGraph::kNone) {
    result.base = tip;
  } else if (bringer == result.head) {
    result.base = result.head;
  } else if (const auto parents = graph.parents(bringer); !parents.empty()) {
    result.base = parents[0];
  }
  return result;
}

std::vector<FileChange> Repository::pull_files(const std::string& head_sha) {
  const auto [head, base] = parts_->pull_base(head_sha);
  if (head == CommitGraph::kNone || base == CommitGraph::kNone || head == base) return {};
  const auto bases = parts_->graph.fork(head, base).bases;
  if (bases.empty()) {
    parts_->problems.add("pull requests without common history", head_sha,
                         "no merge base with the default branch is in the clone: its files are not counted");
    return {};
  }
  const ObjectId *before = parts_->graph.tree(bases[0]), *after = parts_->graph.tree(head);
  if (!before || !after) return {};
  return parts_->changes.compare(before, after, head_sha, false);
}

std::vector<std::string> Repository::pull_commits(const std::string& head_sha) {
  const auto [head, base] = parts_->pull_base(head_sha);
  std::vector<std::string> result;
  if (head == CommitGraph::kNone || base == CommitGraph::kNone || head == base) return result;
  for (const auto index : parts_->graph.fork(head, base).own) result.push_back(to_hexadecimal(parts_->graph.id(index)));
  return result;
}

std::vector<std::string> Repository::head_paths() {
  const auto tip = parts_->load_default();
  const ObjectId* tree = tip == CommitGraph::kNone ? nullptr : parts_->graph.tree(tip);
  return tree ? parts_->changes.list(*tree, "the default branch") : std::vector<std::string>{};
}

std::vector<Problem> Repository::problems() const {
  return parts_->problems.list();
}

}  // namespace resident::git
